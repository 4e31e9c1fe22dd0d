"""Berulang: a draft is made to come again, seen with its dates before it is kept, skipped, stopped."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import col, select

from db.models import AuditEntry, Broadcast, BroadcastSchedule, BroadcastState, HouseRule, Role
from domain.broadcasts.audience import Audience
from domain.knowledge.shelf import Library
from simulator import Person as Somebody
from simulator.people import labels_of
from tests.support.broadcasting import met, until
from tests.support.offices import ON_SQLITE, Offices, staffed
from tests.support.repeating import draft, occurrences, stands
from tests.support.training_office import does

S = BroadcastState
REPEAT, KEEP, SKIP, STOP = "🔁 Berulang", "✅ Simpan jadwal", "⏭ Lewati yang berikutnya", "⏹ Hentikan jadwal"
SURELY_SKIP, SURELY_STOP, BACK = "⏭ Ya, lewati yang ini", "⏹ Ya, hentikan", "⬅️ Kembali"


@pytest.fixture
async def offices(database_url: str, library: Library) -> AsyncIterator[Offices]:
    """Officers, five people, and Tuesday morning; nothing the bot asks of Telegram is refused."""
    async with staffed(database_url, library, groups=False) as running:
        await met(running.bot, 5)
        await does(running, running.rini, ">/start")
        yield running
        assert [call for call in running.telegram.calls if call.status >= 400] == []


async def taps(offices: Offices, who: Somebody, data: str, *deeds: str) -> str:
    """Tap any data on the newest message of the bot, and go on from there; what stands there then."""
    last = next(message for message in reversed(who.messages()) if message["from"]["id"] != who.id)
    who.tap_data(last["message_id"], data)
    await offices.settled()
    return await does(offices, who, *deeds)


async def begun(offices: Offices, who: Somebody | None = None, html: str = "Ada pameran UMKM.") -> int:
    """A draft of Rini's, asked how often; its id."""
    number = await draft(offices.bot, offices.rini, html)
    await taps(offices, who or offices.rini, f"broadcast_repeat:{number}")
    return number


async def the_schedule(offices: Offices) -> BroadcastSchedule:
    return (await offices.bot.rows(select(BroadcastSchedule).order_by(col(BroadcastSchedule.id).desc())))[0]


class TestKeep:
    async def test_shows_the_next_dates_before(self, offices: Offices) -> None:
        """Days, hour, the five dates, holidays marked; then it is kept and the first occurrence waits."""
        number = await begun(offices)
        seen = await does(offices, offices.rini, "Setiap minggu", "Kamis", "Jumat", "➡️ Lanjut", "08.00")

        assert "Berulang setiap Kamis, Jumat pukul 08.00 WIB" in seen
        dates = [line for line in seen.splitlines() if line.startswith("• ")]
        assert dates == [
            "• Kamis, 26 November 2026, 08.00",
            "• Jumat, 27 November 2026, 08.00",
            "• Kamis, 3 Desember 2026, 08.00",
            "• Jumat, 4 Desember 2026, 08.00",
            "• Kamis, 10 Desember 2026, 08.00",
        ]
        kept = await does(offices, offices.rini, KEEP)
        made = await the_schedule(offices)
        assert kept.startswith("✅ Jadwal disimpan.")
        assert made.rhythm == {"often": "weekly", "at": "08.00", "weekdays": [3, 4], "day": None}
        assert await stands(offices.bot, made.id) == [("26-11 08.00", S.SCHEDULED)]
        (first,) = await occurrences(offices.bot, made.id)
        assert (first.id, first.late_limit) == (number, 120)
        assert first.code
        deeds = await offices.bot.rows(select(AuditEntry.deed))
        assert {"schedule.kept", "broadcast.scheduled"} <= set(deeds)

    async def test_marks_holidays(self, offices: Offices) -> None:
        """A date on a holiday says which: the office is closed, the broadcast comes all the same."""
        await begun(offices)
        seen = await does(offices, offices.rini, "Setiap bulan", "25", ">jam 8 pagi")

        assert "• Jumat, 25 Desember 2026, 08.00 🎌 libur: " in seen

    async def test_says_what_happens_to_a_31st(self, offices: Offices) -> None:
        """Months without it are left out, and the last day of the month is offered."""
        await begun(offices)
        asked = await does(offices, offices.rini, "Setiap bulan")
        seen = await does(offices, offices.rini, "31", "09.00")

        assert "Akhir bulan" in asked
        assert "• Minggu, 31 Januari 2027, 09.00" in seen
        assert "28 Februari" not in seen
        assert "Bulan yang tidak punya tanggal 31 dilewati" in seen
        last = await does(offices, offices.rini, "🗓 Ubah hari", "Setiap bulan", "Akhir bulan")
        assert "• Minggu, 28 Februari 2027, 09.00" in last

    async def test_may_end_and_may_be_late(self, offices: Offices) -> None:
        """An end by button or typed, and how late it may be; all of it stands there before it is kept."""
        await begun(offices)
        seen = await does(offices, offices.rini, "Setiap hari", "08.00", "🏁 Tanggal akhir", ">27-11-2026")
        assert "Sampai 27 November 2026" in seen
        assert "Setelah itu jadwalnya selesai." in seen
        seen = await does(offices, offices.rini, "⌛ Batas terlambat", "Tetap kirim walau terlambat")
        assert "Tetap dikirim walau terlambat" in seen
        await does(
            offices, offices.rini, "🏁 Tanggal akhir", "Akhir tahun ini", "🗓 Ubah hari", "Setiap minggu", "Senin"
        )
        seen = await does(offices, offices.rini, "➡️ Lanjut", "🕗 Ubah jam", "09.00", KEEP)
        made = await the_schedule(offices)

        assert "Sampai 31 Desember 2026" in seen
        assert "Tetap dikirim walau terlambat" in seen
        assert (f"{made.ends_on}", made.late_limit) == ("2026-12-31", None)

    async def test_tells_of_quiet_hours(self, offices: Offices) -> None:
        """An hour at night is kept, with when it begins to go out."""
        await begun(offices)
        seen = await does(offices, offices.rini, "Setiap hari", ">10 malam")

        assert "• Selasa, 24 November 2026, 22.00" in seen
        assert "mulai terkirim pukul 06.00" in seen

    async def test_is_refused_without_a_date(self, offices: Offices) -> None:
        """What never fires cannot be kept: there is no button for it, and a forged one is refused."""
        number = await begun(offices)
        rini = offices.rini
        seen = await does(offices, rini, "Setiap bulan", "31", "08.00", "🏁 Tanggal akhir", ">30-12-2026")
        assert "tidak ada satu tanggal pun" in seen
        assert KEEP not in labels_of(rini.messages()[-1:])
        await taps(offices, rini, f"broadcast_repeat_keep:{number}")

        assert "tidak pernah jatuh di tanggal mana pun" in rini.alerts()[-1]["text"]
        assert await offices.bot.rows(select(BroadcastSchedule)) == []

    @ON_SQLITE
    @pytest.mark.parametrize("typed", ["25.00", "pagi-pagi", "🌸🌸", "x" * 4000, "<b>8</b>"])
    async def test_helps_with_what_is_no_hour(self, offices: Offices, typed: str) -> None:
        """What cannot be read is said so with an example; the right one is taken after it."""
        await begun(offices)
        await does(offices, offices.rini, "Setiap hari")
        said = await does(offices, offices.rini, f">{typed}")
        assert "Jam itu belum bisa saya baca" in said
        assert "/batal" in said
        assert "pukul 16.30 WIB" in await does(offices, offices.rini, ">16.30")

    @ON_SQLITE
    async def test_wants_a_day(self, offices: Offices) -> None:
        """Weekly without a day goes no further; a day is taken off by a second tap."""
        await begun(offices)
        await does(offices, offices.rini, "Setiap minggu", "Senin", "✓ Senin", "➡️ Lanjut")

        assert offices.rini.alerts()[-1]["text"] == "Pilih dulu paling sedikit satu hari."

    @ON_SQLITE
    async def test_answers_old_buttons(self, offices: Offices) -> None:
        """A choice that is not kept any more begins anew and says so; one that waits already is told."""
        number = await begun(offices)
        await does(offices, offices.rini, "Setiap hari", ">/batal")
        again = await taps(offices, offices.rini, f"broadcast_repeat_hour:{number}.0800")
        assert "sudah tidak tersimpan" in again
        await does(offices, offices.rini, "Setiap hari", "08.00", KEEP)
        await taps(offices, offices.rini, f"broadcast_repeat:{number}")

        assert "sekarang terjadwal" in offices.rini.alerts()[-1]["text"]

    async def test_ends_with_the_draft(self, offices: Offices) -> None:
        """What is typed after a colleague dropped it is told why; what follows is a question again."""
        number = await begun(offices)
        await does(offices, offices.rini, "Setiap hari")
        await does(offices, offices.tono, ">/start")
        await taps(offices, offices.tono, f"broadcast_dropped:{number}")
        told = await does(offices, offices.rini, ">08.00")
        answered = await does(offices, offices.rini, ">cara bikin nib gimana")

        assert "sekarang dihentikan" in told
        assert "OSS" in answered

    async def test_twice_keeps_one(self, offices: Offices) -> None:
        """A double tap on Simpan makes one schedule."""
        number = await begun(offices)
        await does(offices, offices.rini, "Setiap hari", "08.00")
        last = offices.rini.messages()[-1]["message_id"]
        for _ in range(2):
            offices.rini.tap_data(last, f"broadcast_repeat_keep:{number}")
        await offices.settled()

        assert len(await offices.bot.rows(select(BroadcastSchedule))) == 1

    async def test_is_refused_as_any_broadcast_is(self, offices: Offices) -> None:
        """Nobody there: nothing is kept, and the choices stay."""
        number = await begun(offices)
        async with offices.bot.database.transaction() as session:
            row = await session.get_one(Broadcast, number)
            row.audience = Audience(kecamatan=("Babat",)).as_json()
        await does(offices, offices.rini, "Setiap hari", "08.00", KEEP)

        assert "Tidak ada penerima" in offices.rini.alerts()[-1]["text"]
        assert await offices.bot.rows(select(BroadcastSchedule)) == []

    async def test_above_the_number_waits_for_a_second_officer(self, offices: Offices) -> None:
        """Kept, but nothing goes out before Tono agrees; then every occurrence does."""
        async with offices.bot.database.transaction() as session:
            session.add(HouseRule(name="approval_number", value=2, changed_at=offices.now()))
        number = await begun(offices)
        asked = await does(offices, offices.rini, "Setiap hari", "08.00")
        kept = await does(offices, offices.rini, KEEP)
        made = await the_schedule(offices)

        assert "🧮 Yang pertama: 9 orang, selesai sekitar besok pukul 08.00" in asked
        assert "✋ Penerimanya lebih dari 2, jadi perlu disetujui" in asked
        assert "Menunggu persetujuan petugas kedua" in kept
        assert await stands(offices.bot, made.id) == [("25-11 08.00", S.PROPOSED)]
        await does(offices, offices.tono, "✅ Setujui")
        offices.clock.show("2026-11-25 08:00")

        async def sent() -> bool:
            return await stands(offices.bot, made.id) == [("25-11 08.00", S.FINISHED), ("26-11 08.00", S.SCHEDULED)]

        await until(sent)
        first, second = await occurrences(offices.bot, made.id)
        assert first.id == number
        assert second.approved_by == first.approved_by is not None


async def kept_daily(offices: Offices) -> BroadcastSchedule:
    await begun(offices)
    await does(offices, offices.rini, "Setiap hari", "08.00", KEEP)
    return await the_schedule(offices)


class TestList:
    async def test_shows_each_with_its_next_date(self, offices: Offices) -> None:
        """Reached from /siaran; one opens with its dates, and leads back."""
        assert "Belum ada siaran berulang" in await taps(offices, offices.rini, "broadcast_schedules:0")
        made = await kept_daily(offices)
        listed = await taps(offices, offices.rini, "broadcast_schedules:0")
        opened = await does(offices, offices.rini, "🔁 Ada pameran UMKM")

        assert "• Ada pameran UMKM, setiap hari pukul 08.00 WIB. Berikutnya besok pukul 08.00." in listed
        assert "• Rabu, 25 November 2026, 08.00" in opened
        assert made.stopped_at is None

    async def test_belongs_to_its_office(self, offices: Offices) -> None:
        """The other office sees none; a reader looks and does nothing."""
        made = await kept_daily(offices)
        (first,) = await occurrences(offices.bot, made.id)
        await does(offices, offices.budi, ">/start")
        assert "Belum ada siaran berulang" in await taps(offices, offices.budi, "broadcast_schedules:0")
        await taps(offices, offices.budi, f"broadcast_schedule_stopped:{made.id}")
        await offices.make(offices.tono, Role.READER)
        await does(offices, offices.tono, ">/start")
        seen = await taps(offices, offices.tono, f"broadcast_schedule:{made.id}")
        assert "• Rabu, 25 November 2026, 08.00" in seen
        assert STOP not in offices.tono.labels()
        await taps(offices, offices.tono, f"broadcast_schedule_skipped:{first.id}")

        assert await stands(offices.bot, made.id) == [("25-11 08.00", S.SCHEDULED)]


class TestSkip:
    async def test_drops_the_next_only(self, offices: Offices) -> None:
        """Asked with its date; the one after it takes its place, and a second tap drops no other."""
        made = await kept_daily(offices)
        asked = await does(offices, offices.rini, SKIP)
        assert "besok pukul 08.00" in asked
        message, (first,) = offices.rini.messages()[-1]["message_id"], await occurrences(offices.bot, made.id)
        said = await does(offices, offices.rini, SURELY_SKIP)
        assert "dilewati" in said
        assert "• Kamis, 26 November 2026, 08.00" in said
        offices.rini.tap_data(message, f"broadcast_schedule_skipped:{first.id}")
        await offices.settled()

        assert "sudah tidak menunggu lagi" in offices.rini.texts()[-1]
        assert await stands(offices.bot, made.id) == [("25-11 08.00", S.CANCELLED), ("26-11 08.00", S.SCHEDULED)]


class TestDate:
    async def test_says_what_holds_for_later_ones(self, offices: Offices) -> None:
        """Its sheet, and what falls away when it is dropped."""
        (date,) = await occurrences(offices.bot, (await kept_daily(offices)).id)
        sheet = await taps(offices, offices.rini, f"broadcast:{date.id}")
        asked = await does(offices, offices.rini, "🗑 Buang")
        dropped = await does(offices, offices.rini, "🗑 Ya, buang")

        assert "juga berlaku untuk tanggal sesudahnya" in sheet
        assert "Hanya tanggal ini yang tidak jadi" in asked
        assert "Tanggal sesudahnya tetap berangkat" in dropped


class TestStop:
    async def test_ends_it(self, offices: Offices) -> None:
        """Asked once more; what waits is cancelled, nothing comes any more, and it leaves the list."""
        made = await kept_daily(offices)
        asked = await does(offices, offices.rini, STOP)
        said = await does(offices, offices.rini, SURELY_STOP)
        offices.clock.show("2026-11-26 09:00")
        listed = await taps(offices, offices.rini, "broadcast_schedules:0")

        assert "tidak akan berangkat" in asked
        assert "Jadwal ini sudah berhenti" in said
        assert "Belum ada siaran berulang" in listed
        assert await stands(offices.bot, made.id) == [("25-11 08.00", S.CANCELLED)]
        assert "schedule.stopped" in await offices.bot.rows(select(AuditEntry.deed))

    async def test_may_be_thought_over(self, offices: Offices) -> None:
        """Tidak jadi leaves it as it was."""
        made = await kept_daily(offices)
        await does(offices, offices.rini, STOP, "Tidak jadi")

        assert await stands(offices.bot, made.id) == [("25-11 08.00", S.SCHEDULED)]


class TestByHand:
    async def test_sent_at_once_takes_the_place_of_the_next(self, offices: Offices) -> None:
        """The pending one sent now, its hour taken away: then comes the next date, and none is missed."""
        made = await kept_daily(offices)
        (first,) = await occurrences(offices.bot, made.id)
        async with offices.bot.database.transaction() as session:
            row = await session.get_one(Broadcast, first.id)
            row.starts_at, row.state = None, S.DRAFT
        offices.clock.show("2026-11-27 09:00")
        await taps(offices, offices.rini, f"broadcast:{first.id}")
        async with offices.bot.database.transaction() as session:
            (await session.get_one(Broadcast, first.id)).state = S.SCHEDULED

        async def sent() -> bool:
            found = await stands(offices.bot, made.id)
            return sorted(found) == [("28-11 08.00", S.SCHEDULED), ("now", S.FINISHED)]

        await until(sent)


class TestUnconfirmed:
    async def test_waits_for_the_next_date(self, offices: Offices) -> None:
        """One that nobody approved in time is sent to nobody and missed by nobody: it waits on, and officers hear."""
        async with offices.bot.database.transaction() as session:
            session.add(HouseRule(name="approval_number", value=2, changed_at=offices.now()))
        made = await kept_daily(offices)
        offices.clock.show("2026-11-27 12:00")

        async def moved() -> bool:
            return await stands(offices.bot, made.id) == [("28-11 08.00", S.PROPOSED)]

        await until(moved)
        await offices.settled()

        assert "Sekarang menunggu tanggal berikutnya: besok pukul 08.00" in offices.rini.texts()[-1]
