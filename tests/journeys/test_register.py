"""From /daftar to the seat: only what is not known is asked, and at the last tap it is decided once more."""

from collections.abc import AsyncIterator

import pytest

from bot.trainings.ticket import ticket
from db.models import Consent, Draft, SeatState
from domain.knowledge.shelf import Library
from messages import LANGUAGES, text_of
from messages.limits import BUTTON_LABEL
from tests.support.filling import NUMBER, Filling, at_once, filling
from tests.support.training import KNOWN, PIRT, Town, at_summary, town_at

__all__ = ["at_once"]
pytestmark = pytest.mark.usefixtures("at_once")

ASKED = [question.plain() for question in PIRT]
NIK = "3524101900000012"
"""Nobody's."""


@pytest.fixture
async def town(database_url: str, library: Library) -> AsyncIterator[Town]:
    async with town_at(database_url, library) as here:
        yield here


@pytest.fixture
async def sari(town: Town) -> Filling:
    """The bot knows what a training needs of her."""
    return await town.someone()


class TestKnownPerson:
    async def test_needs_three_taps(self, town: Town, sari: Filling) -> None:
        """The command, the training, Ya: confirmed, with the ticket as a picture and in words, and nothing typed."""
        number = await town.training(2, latitude=-7.1, longitude=112.4)

        summary = await at_summary(sari)
        assert "Nama: Sri Wahyuni" in summary
        assert "Kecamatan: Babat" in summary
        assert "0812-3450-0999" in summary
        assert "Senin, 7 Desember 2026" in summary
        assert "Masih ada 2 kursi" in summary
        assert sari.buttons == ["✅ Ya, daftar", "✏️ Ubah", "✖️ Batal"]
        await sari.taps("button.yes_register")

        seat = await town.seat(sari, number)
        assert seat
        assert (seat.state, seat.number) == (SeatState.CONFIRMED, 1)
        shown = sari.person.messages()[-1]
        for words in ("Nomor 1", f"Kode {seat.code}", "Senin, 7 Desember 2026, 08.00–12.00 WIB", "MPP Lamongan"):
            assert words in shown["caption"]
        assert sari.buttons == ["📅 Kalender", "📍 Peta", "📅 Jadwal saya"]
        sent = town.bot.telegram.files.by_id[shown["photo"][-1]["file_id"]]
        assert sent.content == ticket(town.bot.app.application.bot.username, seat.code or "")
        assert sent.filename == f"tiket-{seat.code}.png"

    async def test_by_the_card(self, town: Town, sari: Filling) -> None:
        """From /pelatihan it is one tap more, in one message until the ticket comes."""
        await town.training()
        await sari.writes("/pelatihan")
        count = len(sari.person.messages())

        await sari.taps("1. Kemasan")
        await sari.taps("button.register")
        await sari.taps("button.yes_register")

        assert len(sari.person.messages()) == count + 1
        assert "Anda terdaftar" in sari.person.messages()[-2]["text"]

    async def test_in_a_full_training_is_told_the_position_first(self, town: Town, sari: Filling) -> None:
        """The summary says which number in line they would be, and the button that it is the line."""
        number = await town.training(1)
        await town.fill(number, 3)

        assert "nomor 3 di daftar tunggu" in await at_summary(sari)
        (said,) = await sari.taps("button.yes_join_line")

        assert "nomor 3 di daftar tunggu Kemasan" in said
        assert (await town.states(number))[-1] is SeatState.WAITING
        assert sari.buttons == ["📅 Jadwal saya", "🚪 Keluar dari daftar tunggu"]

    async def test_may_type_instead(self, town: Town, sari: Filling) -> None:
        """Ya is understood as it is typed; whatever else is not taken for it."""
        number = await town.training()
        await at_summary(sari)

        for typed in ("mungkin", "panjang " * 500, "🙂", NIK):
            (said,) = await sari.writes(typed)
            assert "Ketuk Ya" in said
            assert sari.buttons[0] == "✅ Ya, daftar"
        await sari.does(lambda: sari.person.sends("photo"))
        assert "jawaban tertulis" in sari.person.texts()[-1]
        await sari.writes("Iya.")

        assert await town.states(number) == [SeatState.CONFIRMED]

    async def test_may_leave_it(self, town: Town, sari: Filling) -> None:
        """Batal leads back to the card, a second tap too; /batal drops it and says how to begin again."""
        number = await town.training()
        await at_summary(sari)
        at = sari.person.messages()[-1]["message_id"]

        assert "Belajar mengemas" in (await sari.taps("button.cancel"))[0]
        await sari.does(lambda: sari.person.tap_data(at, f"form:cancel.register-{number}.sure"))
        assert "✅ Daftar" in sari.buttons
        await sari.taps("button.register")
        (said,) = await sari.writes("/batal")

        assert "/daftar" in said
        assert await town.states(number) == []
        assert await town.bot.rows(Draft.__table__.select()) == []

    async def test_taps_twice(self, town: Town, sari: Filling) -> None:
        """The second tap on Ya gets a word, and no second seat."""
        number = await town.training()
        await at_summary(sari)
        at = sari.person.messages()[-1]["message_id"]

        def twice() -> None:
            for _ in range(2):
                sari.person.tap_data(at, f"pick:register-{number}.sure.yes")

        await sari.does(twice)

        assert await town.states(number) == [SeatState.CONFIRMED]
        assert [alert["text"] for alert in sari.person.alerts()] == [text_of("tap.registered", "id")]
        assert len([message for message in sari.person.messages() if "photo" in message]) == 1


class TestStranger:
    async def test_agrees_and_is_asked_what_is_needed(self, town: Town) -> None:
        """The agreement first, then name, kecamatan and phone, then the training's own questions, and the summary."""
        number = await town.training(questions=ASKED)
        sari = filling(town.bot)

        await sari.writes("/daftar")
        assert "Boleh saya simpan" in (await sari.taps("1. Kemasan"))[-1]
        assert "Siapa nama Anda?" in (await sari.taps("button.agree"))[-1]
        assert "Langkah 1 dari 7" in sari.person.texts()[-1]
        await sari.writes("Sri Wahyuni")
        await sari.taps("Babat")
        await sari.does(lambda: sari.person.shares_contact(NUMBER))
        assert "Sudah punya PIRT?" in sari.person.texts()[-1]
        await sari.taps("Ya")
        assert "Berapa nomornya?" in sari.person.texts()[-1]
        await sari.writes("P-IRT 206")
        await sari.taps("Kerupuk")
        assert "Tulis angkanya saja" in sari.person.texts()[-1]
        assert "hanya angka bulat" in (await sari.writes("2019,5"))[-1]
        await sari.writes("2.019")
        summary = sari.person.texts()[-1]
        for line in (
            "Sudah punya PIRT? Ya",
            "Berapa nomornya? P-IRT 206",
            "Apa yang dijual? Kerupuk",
            "tahun berapa? 2019",
        ):
            assert line in summary
        assert not [text for text in sari.person.texts() if "?:" in text or "? tercatat" in text]
        await sari.taps("button.yes_register")

        seat = await town.seat(sari, number)
        assert seat
        assert seat.answers == {"pirt": "ya", "nomor": "P-IRT 206", "jenis": "Kerupuk", "tahun": 2019}
        assert await sari.profile() == KNOWN

    async def test_who_declines_is_asked_nothing(self, town: Town) -> None:
        """Without the agreement nothing is asked and nothing kept."""
        number = await town.training()
        sari = filling(town.bot)
        await sari.writes("/daftar")
        await sari.taps("1. Kemasan")

        await sari.taps("button.decline")

        assert await town.bot.rows(Consent.__table__.select()) == []
        assert await town.states(number) == []

    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_in_each_language(self, town: Town, language: str) -> None:
        """The whole way, with every label short enough."""
        number = await town.training(1, questions=ASKED[:1])
        sari = await town.someone(language=language, name="Sri", kecamatan="Babat")
        await sari.writes("/daftar")
        await sari.taps("1. Kemasan")
        await sari.writes("0812 3450 0999")
        await sari.taps("training.no")
        await sari.taps("button.yes_register")

        assert await town.states(number) == [SeatState.CONFIRMED]
        assert text_of("training.ticket_at_door", language) in sari.person.messages()[-1]["caption"]
        assert all(len(label) <= BUTTON_LABEL for label in sari.person.labels())


class TestQuestions:
    @pytest.fixture
    async def asked(self, town: Town, sari: Filling) -> int:
        """The first question is before her."""
        number = await town.training(questions=ASKED)
        await at_summary(sari)
        return number

    async def test_that_do_not_apply_are_not_asked(self, town: Town, sari: Filling, asked: int) -> None:
        """Who has no number is not asked for it; one that may be skipped is, and its answer stays empty."""
        await sari.taps("Tidak")
        assert "Apa yang dijual?" in sari.person.texts()[-1]
        await sari.taps("Keripik")
        await sari.taps("button.skip")
        await sari.taps("button.yes_register")

        seat = await town.seat(sari, asked)
        assert seat
        assert seat.answers == {"pirt": "tidak", "jenis": "Keripik"}

    async def test_refuse_what_does_not_fit(self, sari: Filling, asked: int) -> None:
        """A picture, all that a client sends at once, only emoji, a NIK, a word for a number: each its sentence."""
        await sari.taps("Ya")

        assert "Terlalu panjang" in (await sari.writes("a" * 4096))[0]
        assert "kata-kata" in (await sari.writes("🙂🙂"))[0]
        assert "NIK" in (await sari.writes(NIK))[0]
        await sari.does(lambda: sari.person.sends("photo"))
        assert "jawaban tertulis" in sari.person.texts()[-1]
        await sari.writes("P-IRT 206")
        assert "tidak ada di daftar" in (await sari.writes("Tas"))[0]
        await sari.writes("keripik")
        assert "angkanya saja" in (await sari.writes("dua ribu"))[0]
        await sari.writes("2019")
        assert "Berapa nomornya? P-IRT 206" in sari.person.texts()[-1]

    async def test_can_be_gone_back_to(self, sari: Filling, asked: int) -> None:
        """Kembali asks the one before again, with what was answered."""
        await sari.taps("Tidak")

        (said,) = await sari.taps("button.back")

        assert "Sudah punya PIRT?" in said
        assert "Sekarang tertulis: Tidak" in said

    async def test_needed_ones_cannot_be_skipped(self, sari: Filling, asked: int) -> None:
        """No button for it, and whoever types it is told."""
        assert "⏭ Lewati" not in sari.buttons
        (said,) = await sari.writes("lewati")

        assert "perlu diisi" in said

    async def test_with_tags(self, town: Town, sari: Filling) -> None:
        """Names and answers that look like HTML are shown as they were written."""
        await town.training(title="Kelas <b>", questions=[{**ASKED[1], "only_if": None, "text": "Merek <i>?"}])
        await sari.writes("/daftar")
        await sari.taps("1. Kelas <b>")
        await sari.writes("<script>alert(1)</script>")

        assert "Merek <i>? <script>alert(1)</script>" in sari.person.texts()[-1]

    async def test_changed_meanwhile_are_asked_anew(self, town: Town, sari: Filling, asked: int) -> None:
        """An officer adds a question while she fills it in: at the last tap it is asked, and the rest is kept."""
        await sari.taps("Tidak")
        await sari.taps("Keripik")
        await sari.taps("button.skip")
        more = {"key": "alamat", "text": "Alamat usaha?", "kind": "text", "choices": [], "is_required": True}
        await town.change(asked, questions=[*ASKED, more])

        assert "Alamat usaha?" in (await sari.taps("button.yes_register"))[-1]
        await sari.writes("Jalan Veteran 1")
        await sari.taps("button.yes_register")

        seat = await town.seat(sari, asked)
        assert seat
        assert seat.answers == {"pirt": "tidak", "jenis": "Keripik", "alamat": "Jalan Veteran 1"}


class TestChange:
    async def test_one_answer(self, town: Town, sari: Filling) -> None:
        """Ubah lists what was answered; the one that is changed is asked alone, and then the summary again."""
        number = await town.training(questions=ASKED[2:3])
        await at_summary(sari)
        await sari.taps("Keripik")
        await sari.taps("button.change")
        assert sari.buttons == ["Nama", "Kecamatan", "Nomor HP", "Apa yang dijual?", "⬅️ Kembali"]

        assert "Sekarang tertulis: Keripik" in (await sari.taps("Apa yang dijual?"))[0]
        assert "Apa yang dijual? Lainnya" in (await sari.taps("Lainnya"))[0]
        await sari.taps("button.change")
        await sari.taps("Nama")
        await sari.writes("Sri Rejeki")
        assert await sari.profile() == KNOWN  # not before she agrees to the whole
        await sari.taps("button.yes_register")

        seat = await town.seat(sari, number)
        assert seat
        assert seat.answers == {"jenis": "Lainnya"}
        assert (await sari.profile())["name"] == "Sri Rejeki"

    async def test_one_on_which_another_hangs(self, town: Town, sari: Filling) -> None:
        """What applies only now is asked too; what applies no more is not kept."""
        number = await town.training(questions=ASKED[:2])
        await at_summary(sari)
        await sari.taps("Tidak")
        await sari.taps("button.change")
        await sari.taps("Sudah punya PIRT?")
        assert "Berapa nomornya?" in (await sari.taps("Ya"))[0]
        await sari.writes("P-IRT 206")
        await sari.taps("button.change")
        await sari.taps("Sudah punya PIRT?")
        await sari.taps("Tidak")
        assert "P-IRT 206" not in sari.person.texts()[-1]
        await sari.taps("button.yes_register")

        seat = await town.seat(sari, number)
        assert seat
        assert seat.answers == {"pirt": "tidak"}

    async def test_nothing_after_all(self, town: Town, sari: Filling) -> None:
        """Kembali from the list, and Lewati at what is asked, leave all as it was."""
        number = await town.training()
        await at_summary(sari)
        await sari.taps("button.change")
        assert "Sudah benar semua?" in (await sari.taps("button.back"))[0]
        await sari.taps("button.change")
        await sari.taps("Kecamatan")
        await sari.taps("button.skip")
        await sari.taps("button.yes_register")

        assert await sari.profile() == KNOWN
        assert await town.states(number) == [SeatState.CONFIRMED]
