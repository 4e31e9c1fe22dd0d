"""At the door: by scan, code and number, each once; who comes without a seat; who gets the seat of who did not come."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from db.models import AuditEntry, Seat, SeatState, WalkIn
from domain import keeping
from domain.audit import TERMINAL
from domain.knowledge.shelf import Library
from domain.trainings import editing
from messages import text_of
from simulator import Person as Somebody
from tests.support.at_door import DAY, ON_THE_DAY, STANDBY, WALK_INS, a_reader, code_of, marked, two_days
from tests.support.offices import ON_SQLITE, Offices, staffed
from tests.support.pdf import pages_of
from tests.support.training_office import does, hours, opens, put_training, seat_of, seated, states


@pytest.fixture
async def offices(database_url: str, library: Library) -> AsyncIterator[Offices]:
    """Officers without groups; nothing they ask of Telegram is refused."""
    async with staffed(database_url, library, groups=False) as running:
        yield running
        assert [call for call in running.telegram.calls if call.status >= 400] == []


class TestScan:
    async def test_marks_and_says_who(self, offices: Offices) -> None:
        """An officer's scan says name, number and training; a second one when they were marked, and changes nothing."""
        training_id, (sari, _) = await two_days(offices, "Sari <b>", "Budi")
        code = await code_of(offices, training_id, sari)
        (first,) = await opens(offices, offices.rini, f"hadir_{code}")
        offices.clock.show("2026-12-01 08:10")
        (again,) = await opens(offices, offices.tono, f"hadir_{code}")

        assert first.startswith("✅ Sari <b> hadir. Nomor 1, Kemasan, hari ke-1.\n1 dari 2 hadir")
        assert "sudah ditandai hadir hari ini pukul 07.30" in again
        assert await marked(offices) == [(1, 1)]

    async def test_counts_by_day(self, offices: Offices) -> None:
        """The same ticket counts anew on the second day."""
        training_id, (sari,) = await two_days(offices, "Sari")
        code = await code_of(offices, training_id, sari)
        await opens(offices, offices.rini, f"hadir_{code}")
        offices.clock.show("2026-12-02 08:00")
        (second,) = await opens(offices, offices.rini, f"hadir_{code}")

        assert "hari ke-2" in second
        assert await marked(offices) == [(1, 1), (2, 1)]

    async def test_on_a_wrong_day_says_so(self, offices: Offices) -> None:
        """The right ticket a week early marks nobody."""
        training_id = await put_training(offices)
        (sari,) = await seated(offices, training_id, "Sari")
        (said,) = await opens(offices, offices.rini, f"hadir_{await code_of(offices, training_id, sari)}")

        assert "tidak berlangsung hari ini" in said
        assert await marked(offices) == []

    async def test_early_on_the_right_day_says_from_when(self, offices: Offices) -> None:
        """At half past four, of a training at eight: not "not today", but when the doors open."""
        training_id, (sari,) = await two_days(offices, "Sari")
        code = await code_of(offices, training_id, sari)
        offices.clock.show("2026-12-01 04:30")
        (early,) = await opens(offices, offices.rini, f"hadir_{code}")
        offices.clock.show("2026-12-01 19:00")
        (late,) = await opens(offices, offices.rini, f"hadir_{code}")

        assert "mulai hari ini pukul 05.00" in early
        assert "hari ini sudah selesai" in late
        assert await marked(offices) == []

    async def test_of_a_training_that_is_off_says_why(self, offices: Offices) -> None:
        """Not that its owner has no seat."""
        training_id, (sari,) = await two_days(offices, "Sari")
        code = await code_of(offices, training_id, sari)
        async with offices.bot.database.transaction() as session:
            await editing.cancel(session, training_id, "pemateri sakit", TERMINAL, offices.now())
        (said,) = await opens(offices, offices.rini, f"hadir_{code}")

        assert "dibatalkan" in said
        assert "pemateri sakit" in said

    @pytest.mark.parametrize(("at", "day"), [("07:30", 1), ("10:50", 1), ("12:40", 2), ("15:30", 2)])
    async def test_of_two_on_one_date_marks_the_nearest(self, offices: Offices, at: str, day: int) -> None:
        """The session that goes on or is nearest, by scan and by number; the page that is open wins for both."""
        training_id = await put_training(offices, days=(hours(DAY, 8, 11), hours(DAY, 13, 16)))
        sari, _ = await seated(offices, training_id, "Sari", "Budi")
        offices.clock.show(f"{DAY} {at}")
        await opens(offices, offices.rini, f"hadir_{await code_of(offices, training_id, sari)}")
        await does(offices, offices.rini, ">hadir 2")

        assert await marked(offices) == [(day, 1), (day, 2)]

    async def test_of_two_on_one_date_marks_the_page_that_is_open(self, offices: Offices) -> None:
        """At half past one an officer opens the morning: scan, code and number are of the morning."""
        training_id = await put_training(offices, number=3, days=(hours(DAY, 8, 11), hours(DAY, 13, 16)))
        sari, budi, _ = await seated(offices, training_id, "Sari", "Budi", "Cici")
        offices.clock.show(f"{DAY} 13:30")
        await does(offices, offices.rini, ">/hadir", "📅 Hari lain", "1. Kemasan")
        await opens(offices, offices.rini, f"hadir_{await code_of(offices, training_id, sari)}")
        await does(offices, offices.rini, f">{await code_of(offices, training_id, budi)}", ">3")

        assert await marked(offices) == [(1, 1), (1, 2), (1, 3)]

    async def test_of_who_gave_the_seat_up_says_so(self, offices: Offices) -> None:
        """Their ticket is known, and their seat is gone."""
        training_id, (sari,) = await two_days(offices, "Sari")
        code = await code_of(offices, training_id, sari)
        async with offices.bot.database.transaction() as session:
            (await session.exec(select(Seat))).one().state = SeatState.GONE
        (said,) = await opens(offices, offices.rini, f"hadir_{code}")

        assert "tidak punya kursi" in said

    async def test_by_anybody_else_shows_nothing_of_its_owner(self, offices: Offices) -> None:
        """A stranger, the owner and another office get the same card, whether there is such a ticket or not."""
        training_id, (sari, budi) = await two_days(offices, "Sari", "Budi")
        code = await code_of(offices, training_id, sari)
        shown = [
            *await opens(offices, budi, f"hadir_{code}"),
            *await opens(offices, sari, f"hadir_{code}"),
            *await opens(offices, offices.budi, f"hadir_{code}"),
            *await opens(offices, budi, "hadir_AAAAAA"),
            *await opens(offices, budi, "hadir_<b>"),
        ]

        assert set(shown) == {text_of("door.ticket", "id")}
        assert await marked(offices) == []

    async def test_by_who_reads_shows_and_marks_nothing(self, offices: Offices) -> None:
        """A reader sees whose ticket it is."""
        training_id, (sari,) = await two_days(offices, "Sari")
        reader = await a_reader(offices)
        (said,) = await opens(offices, reader, f"hadir_{await code_of(offices, training_id, sari)}")

        assert "Tiket Sari untuk Kemasan" in said
        assert await marked(offices) == []


class TestDays:
    async def test_open_ones_stand_first(self, offices: Offices) -> None:
        """Then those to come, then those past; of another office none."""
        await two_days(offices, "Sari")
        await put_training(offices, "Halal", days=(hours(DAY, 9, 12),))
        await put_training(offices, "Lusa", days=(hours("2026-12-03"),))
        await put_training(offices, "Ekspor", office="disperindag")
        shown = await does(offices, offices.rini, ">/hadir")

        titles = [line for line in shown.splitlines() if line.startswith(("🟢 ", "▫️"))]
        assert titles == ["🟢 1. Kemasan", "🟢 2. Halal", "▫️ 3. Kemasan", "▫️ 4. Lusa"]

    async def test_files_hold_who_is_there(self, offices: Offices) -> None:
        """The numbered list (PDF) and the participants (XLSX), as they stand when they are sent; gone after a day."""
        training_id, (sari, _) = await two_days(offices, "Sari 🌸", "=1+1", number=2)
        await does(offices, offices.rini, ">/hadir", ">hadir 1")
        await does(offices, offices.rini, "✅ Lihat hitungan", "📄 Daftar bernomor (PDF)")
        (listed,) = pages_of(await file_of(offices, offices.rini))
        await does(offices, offices.rini, "📊 Peserta (XLSX)")
        sheet = load_workbook(io.BytesIO(await file_of(offices, offices.rini))).active
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]

        assert "1 Sari" in listed.text
        assert await code_of(offices, training_id, sari) in listed.text
        assert rows[0][:2] == ["No", "Nama"]
        assert [row[:2] for row in rows[1:]] == [[1, "Sari 🌸"], [2, "=1+1"]]
        assert rows[1][7:9] == ["hadir", None] or rows[1][7:9] == ["hadir", ""]
        async with offices.bot.database.transaction() as session:
            await keeping.forget_old(session, offices.now() + timedelta(days=400))
        await offices.settled()
        assert [call.method for call in offices.telegram.calls].count("deleteMessages") == 2

    async def test_by_internet_have_no_door(self, offices: Offices) -> None:
        """Nothing to scan, no code for the wall and no standby: who joins is marked by number."""
        training_id = await put_training(offices, place="", online_link="https://meet.example.id/kelas")
        await seated(offices, training_id, "Sari")
        before = await does(offices, offices.rini, ">/hadir", "1. Kemasan")
        offices.clock.show(ON_THE_DAY)
        shown = await does(offices, offices.rini, ">/hadir")

        assert "Pintu" not in before + shown
        assert "Pindai" not in shown
        assert "hadir 3 7 12" in shown
        assert not {WALK_INS, STANDBY} & set(offices.rini.labels())

    async def test_help_names_it_to_officers_only(self, offices: Offices) -> None:
        """/bantuan tells everybody of what there is for them."""
        _, (sari,) = await two_days(offices, "Sari")

        assert "/hadir" in await does(offices, offices.rini, ">/bantuan")
        assert "/hadir" not in await does(offices, sari, ">/bantuan")

    async def test_who_reads_sees_the_count(self, offices: Offices) -> None:
        """And no button that changes anything; what they type is a question."""
        await two_days(offices, "Sari")
        reader = await a_reader(offices)
        shown = await does(offices, reader, ">/hadir")

        assert "0 dari 1 hadir" in shown
        assert not {WALK_INS, STANDBY} & set(reader.labels())
        await does(offices, reader, ">hadir 1")
        assert await marked(offices) == []


async def file_of(offices: Offices, somebody: Somebody) -> bytes:
    """The newest file that the bot sent."""
    sent = next(message for message in reversed(somebody.messages()) if "document" in message)
    return offices.telegram.files.by_id[sent["document"]["file_id"]].content


class TestWalkIn:
    async def test_asks_and_is_let_in(self, offices: Offices) -> None:
        """The code on the wall asks the officer at the door, who lets them in: seat, ticket and mark."""
        training_id, _ = await two_days(offices, "Sari")
        await does(offices, offices.rini, ">hadir 1")
        joko = offices.telegram.person(400, first_name="Joko <b>")
        (told,) = await opens(offices, joko, f"langsung_{training_id}")
        await opens(offices, joko, f"langsung_{training_id}")
        asked = [text for text in offices.rini.texts() if "Joko <b> ada di pintu" in text]
        said = await does(offices, offices.rini, "🚪 Persilakan masuk")

        assert "Petugas di pintu" in told
        assert len(asked) == 1
        assert offices.tono.texts() == []  # he marked nobody, so he is not at the door
        assert "Joko <b> masuk dengan nomor 2" in said
        seat = await seat_of(offices, training_id, joko)
        assert (seat.state, seat.is_walk_in) == (SeatState.CONFIRMED, True)
        assert (await marked(offices))[-1] == (1, 2)
        assert seat.code in joko.texts()[-1]

    async def test_let_in_by_two_officers_is_in_once(self, offices: Offices) -> None:
        """The second tap says that they have a seat, in words for officers."""
        training_id, _ = await two_days(offices, "Sari")
        joko = offices.telegram.person(400, first_name="Joko")
        await opens(offices, joko, f"langsung_{training_id}")
        await does(offices, offices.rini, "🚪 Persilakan masuk")
        await does(offices, offices.tono, "🚪 Persilakan masuk")

        assert "Joko sudah punya kursi" in offices.tono.texts()[-1]
        assert (await states(offices, training_id))["Joko"] is SeatState.CONFIRMED

    async def test_with_a_seat_needs_none(self, offices: Offices) -> None:
        """Who is registered is told so, and no officer is asked."""
        training_id, (sari,) = await two_days(offices, "Sari")

        assert "sudah terdaftar" in (await opens(offices, sari, f"langsung_{training_id}"))[-1]
        assert offices.rini.texts() == []

    async def test_needs_an_open_door_and_a_chair(self, offices: Offices) -> None:
        """At home and in a full room it leads nowhere, each with its own sentence."""
        training_id, _ = await two_days(offices, "Sari", number=1)
        joko = offices.telegram.person(400, first_name="Joko")
        await opens(offices, joko, f"langsung_{training_id}")
        await does(offices, offices.rini, "🚪 Persilakan masuk")
        offices.clock.show("2026-12-05 08:00")
        closed = (await opens(offices, joko, f"langsung_{training_id}"))[-1]

        assert "Semua kursi terisi" in offices.rini.texts()[-1]
        assert "belum dibuka atau sudah ditutup" in closed
        assert await states(offices, training_id) == {"Sari": SeatState.CONFIRMED}

    @ON_SQLITE
    @pytest.mark.parametrize("payload", ["langsung_999", "langsung_x", "langsung_", "langsung_1 1", "langsung_٣"])
    async def test_by_a_broken_link_says_so(self, offices: Offices, payload: str) -> None:
        """A link that was cut, mistyped or made up says that it is none, what to do, and leads on."""
        joko = offices.telegram.person(400, first_name="Joko")

        assert (await opens(offices, joko, payload))[-1] == text_of("door.unknown_link", "id")
        assert joko.labels()[-2:] == ["🎓 Semua pelatihan", "🙋 Tanya petugas"]

    async def test_without_telegram_is_a_name_on_that_day(self, offices: Offices) -> None:
        """Names are counted, take up a chair, stand on the lists, and are emptied after 90 days."""
        await two_days(offices, "Sari", number=3)
        await does(offices, offices.rini, ">/hadir", WALK_INS, "✍️ Tulis nama (tanpa HP)")
        bad = await does(offices, offices.rini, ">123")
        full = await does(offices, offices.rini, ">Bu A\nBu B\nBu C")
        said = await does(offices, offices.rini, ">Bu A <b>\nPak B")
        numbers = await does(offices, offices.rini, ">hadir 1")

        assert "Tulis nama orang" in bad
        assert "Tinggal 2 kursi" in full
        assert "0 dari 1 hadir, ditambah 2 peserta langsung" in said
        assert "1 dari 1 hadir, ditambah 2" in numbers
        async with offices.bot.database.transaction() as session:
            await keeping.forget_old(session, offices.now() + timedelta(days=91))
        assert await offices.bot.rows(select(WalkIn.name)) == ["", ""]
        noted = await offices.bot.rows(select(AuditEntry.after).where(AuditEntry.deed == "attendance.walk_ins"))
        assert noted == [{"day": 1, "number": 2}]


class TestStandby:
    async def test_gets_the_seat_of_who_did_not_come(self, offices: Offices) -> None:
        """Asked once; who waits is in and marked, with a ticket; whose seat it was reads why; nobody is offered it."""
        training_id, (sari, budi, cici, dewi) = await two_days(offices, "Sari", "Budi", "Cici", "Dewi", number=2)
        offices.clock.show("2026-12-01 08:30")
        await does(offices, offices.rini, ">hadir 1", "✅ Lihat hitungan", STANDBY)
        asked = await does(offices, offices.rini, "2. Dewi", "2. Budi")
        said = await does(offices, offices.rini, "🪑 Ya, alihkan kursinya")

        assert "Kursi Budi, yang belum datang, diberikan kepada Dewi?" in asked
        assert "Dewi masuk dengan nomor 3" in said
        assert "belum datang saat pelatihan dimulai" in budi.texts()[-1]
        assert await states(offices, training_id) == {
            "Sari": SeatState.CONFIRMED,
            "Budi": SeatState.GONE,
            "Cici": SeatState.WAITING,
            "Dewi": SeatState.CONFIRMED,
        }
        assert await marked(offices) == [(1, 1), (1, 3)]
        assert (sari.texts(), cici.texts()) == ([], [])
        assert dewi.texts()

    async def test_takes_no_seat_before_it_has_begun(self, offices: Offices) -> None:
        """Who is not there yet may still come: their chair is nobody else's before the hour."""
        training_id, _ = await two_days(offices, "Sari", "Budi", number=1)
        said = await does(offices, offices.rini, ">/hadir", STANDBY, "1. Budi", "1. Sari", "🪑 Ya, alihkan kursinya")

        assert "belum dimulai" in said + str(offices.rini.alerts())
        assert (await states(offices, training_id))["Sari"] is SeatState.CONFIRMED

    async def test_takes_a_free_chair_first(self, offices: Offices) -> None:
        """Where a chair is nobody's, nobody loses theirs."""
        training_id, _ = await two_days(offices, "Sari", "Budi", number=1)
        async with offices.bot.database.transaction() as session:
            (await session.exec(select(Seat).where(Seat.number == 1))).one().state = SeatState.GONE
        await does(offices, offices.rini, ">/hadir", STANDBY, "1. Budi", "🪑 Beri kursi kosong")

        assert (await states(offices, training_id))["Budi"] is SeatState.CONFIRMED

    async def test_nobody_who_is_there_loses_the_seat(self, offices: Offices) -> None:
        """Who came meanwhile keeps it, whatever button is still open; when all are there, nothing is to be had."""
        training_id, (sari, budi) = await two_days(offices, "Sari", "Budi", number=1)
        offices.clock.show("2026-12-01 08:30")
        await does(offices, offices.rini, ">/hadir", STANDBY, "1. Budi", "1. Sari")
        await opens(offices, offices.tono, f"hadir_{await code_of(offices, training_id, sari)}")
        await does(offices, offices.rini, "🪑 Ya, alihkan kursinya")
        none = await does(offices, offices.rini, "⬅️ Kembali", STANDBY, "1. Budi")

        assert offices.rini.alerts()[-1]["text"] == text_of("tap.stale", "id")
        assert "Semua yang terdaftar sudah datang" in none
        assert (await states(offices, training_id))["Sari"] is SeatState.CONFIRMED
        assert budi.texts() == []
