"""Officers' trainings: made in the chat, changed, announced, called off."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import col, select

from db.models import AuditEntry, Officer, Person, Role, SeatState, TrainingState
from domain.knowledge.shelf import Library
from domain.trainings import questions
from messages import text_of
from tests.support.desk import EARLIER
from tests.support.offices import Offices, staffed
from tests.support.pdf import pages_of
from tests.support.training_office import (
    MANAGE,
    days_of,
    does,
    hours,
    managed,
    newest,
    put_training,
    seat_of,
    seated,
    training_of,
)

MAKE, ANNOUNCE = "➕ Buat pelatihan", "📣 Umumkan"
LATER, BACK, SAVE = "Lewati dulu", "⬅️ Kembali", "✅ Simpan"
TELL, LEAVE = "✅ Ya, ubah dan kabari", "Tidak jadi"


WRONG = {
    "Kemasan": {"🌸🌸": "kata-kata", "A" * 4000: "paling banyak 80 huruf"},
    "30": {"banyak": "angkanya", "0": "angkanya", "5000": "antara 1 dan 1.000"},
    "30-11-2026 08.00-15.00": {
        "besok pagi": "“besok pagi” belum terbaca",
        "31-02-2027 08.00-12.00": "belum terbaca",
        "01-11-2026 08.00-12.00": "sudah lewat",
        "30-11-2026 15.00-08.00": "sesudah jam mulai",
        "30-11-2026 08.00-12.00\n30-11-2026 11.00-13.00": "bertabrakan",
    },
}
"""By the right answer: wrong ones before it, and what helps."""


@pytest.fixture
async def offices(database_url: str, library: Library) -> AsyncIterator[Offices]:
    """Officers without groups; nothing they ask of Telegram is refused."""
    async with staffed(database_url, library, groups=False) as running:
        yield running
        assert [call for call in running.telegram.calls if call.status >= 400] == []


async def audited(offices: Offices) -> list[str]:
    return await offices.bot.rows(select(AuditEntry.deed).order_by(col(AuditEntry.id)))


async def made(offices: Offices) -> int:
    """A draft of Rini's, with the question for its days open."""
    await does(offices, offices.rini, ">/pelatihan", MAKE, ">Kemasan <Keripik>", ">30")
    return (await newest(offices)).id


class TestMake:
    async def test_asks_one_thing_after_another(self, offices: Offices) -> None:
        """Title and seats make a draft; days, place, pin and what it is about follow, and then it can be announced."""
        rini = offices.rini
        await does(offices, rini, ">/pelatihan", MAKE, ">Kemasan <Keripik>")
        asked = await does(offices, rini, ">30")
        assert (await newest(offices)).state is TrainingState.DRAFT
        assert "30-11-2026 08.00-15.00" in asked
        await does(offices, rini, ">30-11-2026 08.00-15.00\n01-12-2026 08.00-12.00", ">BLK", ">Jl. Contoh 1")
        rini.shares_location(-7.12, 112.41)
        await offices.settled()
        shown = await does(offices, rini, ">Belajar <b>kemasan</b>.", ">Bu Rini")
        training = await newest(offices)
        announced = await does(offices, rini, ANNOUNCE)

        assert "Kemasan <Keripik>" in shown
        assert "Senin, 30 November 2026, 08.00–15.00 WIB" in shown
        assert "Belajar <b>kemasan</b>." in shown
        assert (training.place, training.address, training.contact) == ("BLK", "Jl. Contoh 1", "Bu Rini")
        assert (round(training.latitude or 0, 2), training.seats, training.office) == (-7.12, 30, "diskopum")
        assert "Sudah diumumkan" in announced
        assert (await newest(offices)).state is TrainingState.OPEN
        assert "training.made" in await audited(offices)

    async def test_may_be_by_internet_and_filled_in_later(self, offices: Offices) -> None:
        """A link in place of a place; what is left out waits as a button, and the draft stays whatever is written."""
        rini, training_id = offices.rini, await made(offices)
        await does(offices, rini, LATER, "💻 Lewat internet", ">https://rapat.example.id/a", LATER, LATER)
        await does(offices, rini, ">/batal", ">/start")
        lacking = await managed(offices, training_id, ANNOUNCE)

        assert "belum bisa diumumkan" in lacking
        assert "hari dan jam" in lacking
        assert "tempat" not in lacking
        await managed(offices, training_id, "Hari dan jam", ">01-12-2026 08.00-12.00")
        await does(offices, rini, "Keterangan", ">Belajar.", ANNOUNCE)
        assert (await training_of(offices, training_id)).state is TrainingState.OPEN

    async def test_asks_the_office_of_who_serves_several(self, offices: Offices) -> None:
        """An admin chooses the office; an officer is not asked."""
        await does(offices, offices.wati, ">/pelatihan", MAKE, "Disperindag", ">Ekspor", ">20")

        assert (await newest(offices)).office == "disperindag"

    async def test_helps_over_what_cannot_be(self, offices: Offices) -> None:
        """Each wrong answer has its own sentence, and the question stays open until a right one comes."""
        rini = offices.rini
        await does(offices, rini, ">/pelatihan", MAKE)
        for right, wrong in WRONG.items():
            for typed, said in wrong.items():
                assert said in await does(offices, rini, f">{typed}")
            await does(offices, rini, f">{right}")

        training = await newest(offices)
        assert (training.title, training.seats) == ("Kemasan", 30)
        assert len(await days_of(offices, training.id)) == 1

    async def test_a_photo_is_no_title_and_words_are_no_pin(self, offices: Offices) -> None:
        """Another kind of message is answered with what was asked for, and nothing is lost."""
        rini = offices.rini
        await does(offices, rini, ">/pelatihan", MAKE)
        rini.sends("photo")
        await offices.settled()
        assert rini.texts()[-1] == text_of("step.text_only", "id")
        training_id = await made(offices)
        assert await managed(offices, training_id, "Gambar", ">ini gambarnya") == text_of("step.media_only", "id")
        rini.shares_location()
        await offices.settled()
        assert "bukan foto" in rini.texts()[-1]
        rini.sends("photo")
        await offices.settled()
        assert (await training_of(offices, training_id)).picture


class TestChange:
    async def test_asks_once_before_people_are_told(self, offices: Offices) -> None:
        """A new place of a published training is shown as old and new with how many hear it, and told after a yes."""
        training_id = await put_training(offices)
        sari, budi, waits = await seated(offices, training_id, "Sari", "Budi", "Cici")
        asked = await managed(offices, training_id, "✏️ Ubah isi", "Tempat", ">MPP <Lamongan>")
        assert "3 orang akan dikabari" in asked
        assert asked.index("BLK") < asked.index("MPP <Lamongan>")
        assert (await training_of(offices, training_id)).place == "BLK"
        assert sari.texts() == []

        said = await does(offices, offices.rini, TELL)

        assert "3 orang dikabari" in said
        assert (await training_of(offices, training_id)).place == "MPP <Lamongan>"
        for somebody in (sari, budi, waits):
            assert "Menjadi:\n📍 MPP <Lamongan>" in somebody.texts()[-1]

    async def test_may_be_left(self, offices: Offices) -> None:
        """Whoever does not want it changes nothing, and the button of before does nothing any more."""
        training_id = await put_training(offices)
        (sari,) = await seated(offices, training_id, "Sari")
        await managed(offices, training_id, "✏️ Ubah isi", "Hari dan jam", ">02-12-2026 08.00-12.00", LEAVE)
        offices.rini.tap_data(offices.rini.messages()[-1]["message_id"], f"tell:{training_id}")
        await offices.settled()

        assert [day.starts_at for day in await days_of(offices, training_id)] == [hours().starts_at]
        assert offices.rini.alerts()[-1]["text"] == text_of("tap.stale", "id")
        assert sari.texts() == []

    async def test_of_days_is_told_as_old_and_new(self, offices: Offices) -> None:
        """Other days go to everybody, with the days as they were."""
        training_id = await put_training(offices)
        (sari,) = await seated(offices, training_id, "Sari")
        await managed(offices, training_id, "✏️ Ubah isi", "Hari dan jam", ">02-12-2026 08.00-12.00", TELL)

        told = sari.texts()[-1]
        assert told.index("Selasa, 1 Desember") < told.index("Rabu, 2 Desember")

    async def test_that_is_refused_leads_out(self, offices: Offices) -> None:
        """What cannot be read asks for another try, with a way out under it."""
        training_id = await put_training(offices)
        await managed(offices, training_id, "✏️ Ubah isi", "Kursi", ">banyak")

        assert offices.rini.labels()[-1] == LEAVE
        assert "Kemasan" in await does(offices, offices.rini, LEAVE)

    async def test_of_one_that_nobody_is_in_says_no_zero(self, offices: Offices) -> None:
        """Nobody waits, nobody is told, and no sentence says "0 orang"."""
        training_id = await put_training(offices)
        shown = await managed(offices, training_id)
        asked = await does(offices, offices.rini, "✖️ Batalkan")
        sure = await does(offices, offices.rini, ">banjir")
        done = await does(offices, offices.rini, "✖️ Ya, batalkan dan kabari")

        assert "0 menunggu" not in shown
        assert "0 orang" not in asked + sure + done

    async def test_attendance_is_of_this_training(self, offices: Offices) -> None:
        """Daftar hadir under one opens its day, or its days, not everybody's."""
        await put_training(offices, "Halal")
        one = await put_training(offices)
        two = await put_training(offices, "Ekspor", days=(hours(), hours("2026-12-02")))
        shown = await managed(offices, one, "✅ Daftar hadir")
        both = await managed(offices, two, "✅ Daftar hadir")

        assert "Kemasan, hari ke-1 dari 1" in shown
        assert "Ekspor" in both
        assert "Halal" not in both

    async def test_of_days_says_what_no_longer_fits(self, offices: Offices) -> None:
        """The end of registration after the new start is emptied, and named."""
        training_id = await put_training(offices, closes_at=hours("2026-11-30").starts_at)
        said = await managed(offices, training_id, "✏️ Ubah isi", "Hari dan jam", ">28-11-2026 08.00-12.00")

        assert "dikosongkan" in said
        assert "Daftar sampai" in said.split("dikosongkan")[1].split("\n\n")[0]
        assert (await training_of(offices, training_id)).closes_at is None

    async def test_that_concerns_nobody_is_kept_at_once(self, offices: Offices) -> None:
        """Neither asked nor told, though people are in it."""
        training_id = await put_training(offices)
        (sari,) = await seated(offices, training_id, "Sari")
        for field, typed in {
            "Keterangan": "Lain",
            "Kontak": "Bu Rini",
            "Judul": "Label",
            "Batas daftar tunggu": "5",
        }.items():
            await managed(offices, training_id, "✏️ Ubah isi", field, f">{typed}")
        training = await training_of(offices, training_id)

        assert (training.description, training.contact, training.title) == ("Lain", "Bu Rini", "Label")
        assert training.waiting_cap == 5
        assert sari.texts() == []

    async def test_of_times_is_kept_and_emptied(self, offices: Offices) -> None:
        """When registration closes is typed as a moment of here, taken out by a button, and never after the start."""
        training_id = await put_training(offices)
        await managed(offices, training_id, "✏️ Ubah isi", "Daftar sampai", ">30-11-2026 16.00")
        closes_at = (await training_of(offices, training_id)).closes_at
        refused = await managed(offices, training_id, "✏️ Ubah isi", "Daftar sampai", ">05-12-2026 16.00")
        await managed(offices, training_id, "✏️ Ubah isi", "Daftar sampai", "Kosongkan")

        assert closes_at == hours("2026-11-30", 16, 17).starts_at
        assert "paling lambat saat hari pertama mulai" in refused
        assert (await training_of(offices, training_id)).closes_at is None

    async def test_of_whom_it_is_for(self, offices: Offices) -> None:
        """Kecamatan and kinds of business are ticked off, leafed through and kept at once; yes and no with a tap."""
        training_id = await put_training(offices)
        await managed(offices, training_id, "✏️ Ubah isi", "Kecamatan", "Babat", "Berikutnya »", "Turi", SAVE)
        await managed(offices, training_id, "✏️ Ubah isi", "Jenis usaha", "Tenun ikat dan batik", SAVE)
        await managed(offices, training_id, "✏️ Ubah isi", "Khusus pemula")
        training = await training_of(offices, training_id)
        await managed(offices, training_id, "✏️ Ubah isi", "Kecamatan", "Semua boleh")

        assert (training.kecamatan, training.sectors, training.is_for_new) == (["Babat", "Turi"], ["tenun"], True)
        assert (await training_of(offices, training_id)).kecamatan is None

    async def test_of_questions(self, offices: Offices) -> None:
        """Words, kind, choices, whether it must be answered, and after which answer it is asked at all."""
        training_id = await put_training(offices, is_draft=True)
        await managed(offices, training_id, "Pertanyaan")
        add = "➕ Tambah pertanyaan"
        await does(offices, offices.rini, add, ">Sudah punya PIRT?", "Ya atau tidak", "Wajib dijawab")
        await does(offices, offices.rini, add, ">Jenisnya apa?", "Pilihan")
        refused = await does(offices, offices.rini, ">Keripik")
        shown = await does(offices, offices.rini, ">Keripik\nKerupuk", "Boleh dilewati", "Kalau “ya”: Sudah punya PIR…")
        first, second = questions.questions_of((await training_of(offices, training_id)).questions)
        await does(offices, offices.rini, "🗑 Hapus nomor 1")
        kept = len((await training_of(offices, training_id)).questions)
        await does(offices, offices.rini, "🗑 Hapus nomor 2", "🗑 Hapus nomor 1")

        assert "2 sampai 10 pilihan" in refused
        assert "hanya kalau “Sudah punya PIRT?” dijawab ya" in shown
        assert (first.kind, first.is_required, first.only_if) == ("yesno", True, None)
        assert (second.choices, second.is_required, second.only_if) == (
            ("Keripik", "Kerupuk"),
            False,
            (first.key, "ya"),
        )
        assert "bergantung" in offices.rini.alerts()[-1]["text"]
        assert kept == 2
        assert (await training_of(offices, training_id)).questions == []


class TestSeats:
    async def test_cannot_go_below_who_has_one(self, offices: Offices) -> None:
        """The refusal names how many must move first."""
        training_id = await put_training(offices, number=3)
        await seated(offices, training_id, "Sari", "Budi", "Cici")

        assert "2 orang harus dipindah" in await managed(offices, training_id, "🪑 Ubah kursi", ">1")
        assert (await training_of(offices, training_id)).seats == 3

    async def test_more_are_offered_after_a_yes(self, offices: Offices) -> None:
        """Whoever waits is counted before, and offered the seat after."""
        training_id = await put_training(offices, number=1)
        _sari, budi, cici = await seated(offices, training_id, "Sari", "Budi", "Cici")
        asked = await managed(offices, training_id, "🪑 Ubah kursi", ">2")
        before = budi.texts()
        await does(offices, offices.rini, TELL)

        assert "1 orang di daftar tunggu langsung ditawari" in asked
        assert before == []
        assert "Ada kursi untuk Anda" in budi.texts()[-1]
        assert cici.texts() == []


class TestMoves:
    async def test_registration_is_closed_and_opened(self, offices: Offices) -> None:
        """With a tap each; opened again it is open, though its last day for registering has passed."""
        closes_at = hours("2026-11-25", 8, 9).starts_at
        training_id = await put_training(offices, closes_at=closes_at)
        await managed(offices, training_id, "🔒 Tutup pendaftaran")
        closed = (await training_of(offices, training_id)).state
        offices.clock.show("2026-11-26 09:00")
        await does(offices, offices.rini, "🟢 Buka lagi")
        training = await training_of(offices, training_id)

        assert closed is TrainingState.CLOSED
        assert (training.state, training.closes_at) == (TrainingState.OPEN, None)

    async def test_calling_off_asks_why_and_tells_it(self, offices: Offices) -> None:
        """Why is asked, shown with how many will read it, and goes to everybody in it."""
        training_id = await put_training(offices)
        sari, _budi, cici = await seated(offices, training_id, "Sari", "Budi", "Cici")
        refused = await managed(offices, training_id, "✖️ Batalkan", ">🤒")
        asked = await does(offices, offices.rini, ">pemateri <sakit>")
        before = sari.texts()
        await does(offices, offices.rini, "✖️ Ya, batalkan dan kabari")

        assert "Tulis alasannya" in refused
        assert "3 orang akan dikabari" in asked
        assert before == []
        assert "pemateri <sakit>" in sari.texts()[-1]
        assert "pemateri <sakit>" in cici.texts()[-1]
        assert (await training_of(offices, training_id)).state is TrainingState.CANCELLED

    async def test_a_draft_is_dropped_without_why(self, offices: Offices) -> None:
        """Nobody has seen it, so nobody is told."""
        training_id = await put_training(offices, is_draft=True)
        await managed(offices, training_id, "🗑 Buang draf", "🗑 Ya, buang")

        assert (await training_of(offices, training_id)).state is TrainingState.CANCELLED

    async def test_a_copy_is_a_draft_without_days(self, offices: Offices) -> None:
        """It says the same, and needs days before it is announced."""
        training_id = await put_training(offices, contact="Bu Rini")
        await managed(offices, training_id, "📑 Salin")
        copy = await newest(offices)

        assert copy.id != training_id
        assert (copy.title, copy.contact, copy.state) == ("Kemasan", "Bu Rini", TrainingState.DRAFT)
        assert await days_of(offices, copy.id) == []

    async def test_only_drafts_can_be_announced(self, offices: Offices) -> None:
        """A forged tap on one that is over is refused by name."""
        training_id = await put_training(offices)
        await managed(offices, training_id)
        await does(offices, offices.rini, "✖️ Batalkan", ">banjir", "✖️ Ya, batalkan dan kabari")
        offices.rini.tap_data(offices.rini.messages()[-1]["message_id"], f"publish:{training_id}")
        await offices.settled()

        assert "dibatalkan, jadi tidak bisa" in offices.rini.texts()[-1]


class TestWho:
    async def test_another_office_sees_nothing_of_it(self, offices: Offices) -> None:
        """Neither its drafts in the list, nor the card by a forged tap."""
        training_id = await put_training(offices, is_draft=True)
        await does(offices, offices.budi, ">/pelatihan", MANAGE)
        labels = offices.budi.labels()
        offices.budi.tap_data(offices.budi.messages()[-1]["message_id"], f"managed:{training_id}")
        await offices.settled()

        assert not [label for label in labels if "Kemasan" in label]
        assert offices.budi.alerts()[-1]["text"] == text_of("tap.stale", "id")

    async def test_who_reads_sees_and_changes_nothing(self, offices: Offices) -> None:
        """A reader has the participants, and no button that changes anything."""
        training_id = await put_training(offices)
        (sari,) = await seated(offices, training_id, "Sari")
        reader = offices.telegram.person(210, first_name="Lina")
        await does(offices, reader, ">/start")
        async with offices.bot.database.transaction() as session:
            person = (await session.exec(select(Person).where(Person.telegram_id == 210))).one()
            session.add(Officer(person_id=person.id, role=Role.READER, office="diskopum", appointed_at=EARLIER))
        shown = await managed(offices, training_id, "👥 Peserta", "1. Sari", who=reader)
        under = [label for label in reader.labels() if label in {"⛔ Keluarkan", MAKE, "✏️ Ubah isi", "📑 Salin"}]
        seat = await seat_of(offices, training_id, sari)
        reader.tap_data(reader.messages()[-1]["message_id"], f"take_out:{seat.id}")
        await offices.settled()

        assert "Sari" in shown
        assert under == []
        assert reader.alerts()[-1]["text"] == text_of("tap.stale", "id")
        assert (await seat_of(offices, training_id, sari)).state is SeatState.CONFIRMED

    async def test_whoever_is_dismissed_is_asked_nothing_more(self, offices: Offices) -> None:
        """What they type after that is a question like anybody's."""
        training_id = await put_training(offices)
        await managed(offices, training_id, "✏️ Ubah isi", "Judul")
        async with offices.bot.database.transaction() as session:
            person = (await session.exec(select(Person).where(Person.telegram_id == 201))).one()
            await session.delete(await session.get_one(Officer, person.id))
        await does(offices, offices.rini, ">cara bikin nib gimana")

        assert (await training_of(offices, training_id)).title == "Kemasan"


class TestPapers:
    async def test_for_the_wall(self, offices: Offices) -> None:
        """The poster (PDF) and the code lead to the card, and the words for WhatsApp hold its link."""
        training_id = await put_training(offices, "Kemasan <Keripik>")
        await managed(offices, training_id, "🖼 Poster (PDF)")
        sent = next(message for message in reversed(offices.rini.messages()) if "document" in message)
        (page,) = pages_of(offices.telegram.files.by_id[sent["document"]["file_id"]].content)
        await does(offices, offices.rini, "🔳 Kode QR")
        picture = offices.rini.messages()[-1]["photo"]
        words = await managed(offices, training_id, text_of("button.text_for_wa", "id"))

        assert "Kemasan < Keripik >" in page.text  # as the pieces of a line are told apart
        assert f"t.me/demo_bot?start=pelatihan_{training_id}" in page.text
        assert page.squares
        assert picture
        assert f"?start=pelatihan_{training_id}" in words

    async def test_a_draft_has_none(self, offices: Offices) -> None:
        """Nothing of it hangs on a wall before it is announced, whoever forges the tap."""
        training_id = await put_training(offices, is_draft=True)
        await managed(offices, training_id)
        offices.rini.tap_data(offices.rini.messages()[-1]["message_id"], f"paper:{training_id}.poster")
        await offices.settled()

        assert offices.rini.alerts()[-1]["text"] == text_of("tap.stale", "id")
