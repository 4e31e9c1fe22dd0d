"""A person asks an officer: what is sent and to whom, the promise, and their own questions."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import select

from db.models import Conversation
from domain.knowledge.shelf import Library
from tests.support.offices import DISKOPUM, ON_SQLITE, QUESTION, Offices, staffed
from tests.support.running import RunningBot

SENT = "Pertanyaan #1 sudah sampai di petugas Diskopum"
LOST = "resep rendang padang yang empuk bagaimana"
BACK = "Selesai, kembali ke bot"


@pytest.fixture
async def office(office: Offices) -> AsyncIterator[Offices]:
    """Two offices, of whose calls none is refused."""
    yield office
    assert [call for call in office.telegram.calls if call.status >= 400] == []


@ON_SQLITE
class TestAsk:
    async def test_shows_what_will_be_sent(self, office: Offices) -> None:
        """Nothing goes before the person saw what, to whom, and that officers see their name."""
        await office.bot.says(office.sari, QUESTION)

        said = await office.bot.reply_after(office.sari, lambda: office.sari.tap("🙋 Tanya petugas"))

        assert "akan dikirim ke petugas Diskopum" in said
        assert QUESTION in said
        assert "nama Telegram Anda (Sari)" in said
        assert office.sari.labels()[-3:] == ["📨 Kirim", "✏️ Tulis lain", "Batal"]
        assert await office.inquiries() == []

    async def test_comes_to_the_office_of_the_entry(self, office: Offices) -> None:
        """The head shows who asks what, the bot's guess and the promise; the person is told by when."""
        number = await office.asks()

        head = office.head(number)["text"]
        assert head.startswith("#1 · Sari · Diskopum\n\ncara bikin nib gimana")
        assert "Tebakan bot: Membuat NIB lewat OSS" in head
        assert "Dijanjikan paling lambat Selasa, 24 November pukul 13.00" in head
        assert office.group.labels() == ["💬 Balasan siap", "↪️ Teruskan", "✅ Selesai"]
        assert SENT in office.sari.texts()[-1]
        assert "paling lambat hari ini pukul 13.00" in office.sari.texts()[-1]
        assert office.other_group.texts() == []

    async def test_asks_for_the_office_when_lost(self, office: Offices) -> None:
        """Where no entry is near, the person chooses the office; the officers see what was asked before."""
        await office.bot.says(office.sari, QUESTION)
        office.sari.tap("👎 Belum")
        await office.settled()

        number = await office.asks(LOST)

        head = office.head(number)["text"]
        assert LOST in head
        assert "• cara bikin nib gimana → Membuat NIB lewat OSS (tidak membantu)" in head

    async def test_in_ones_own_words(self, office: Offices) -> None:
        """/petugas, a new question, an office: what is typed then is shown, and sent by a tap."""
        await office.bot.says(office.sari, "/petugas")
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("✍️ Tanya hal baru"))
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("Disperindag"))

        assert "Mesin saya rusak" in await office.bot.says(office.sari, "Mesin saya rusak")
        office.sari.tap("📨 Kirim")
        await office.settled()

        assert office.head(1, office.other_group)["text"].startswith("#1 · Sari · Disperindag\n\nMesin saya rusak")

    async def test_a_wish_for_a_person(self, office: Offices) -> None:
        """Who writes that they want a person is asked which office, and what."""
        said = await office.bot.says(office.sari, "mau bicara dengan orang")

        assert "dinas mana" in said

    async def test_other_words_after_all(self, office: Offices) -> None:
        """Tulis lain asks anew, and only the new words go."""
        await office.bot.says(office.sari, QUESTION)
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("🙋 Tanya petugas"))
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("✏️ Tulis lain"))
        await office.bot.says(office.sari, "NIB saya hilang")
        office.sari.tap("📨 Kirim")
        await office.settled()

        assert "NIB saya hilang" in office.head(1)["text"]

    async def test_nothing_after_all(self, office: Offices) -> None:
        """Batal sends nothing and says so."""
        await office.bot.says(office.sari, QUESTION)
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("🙋 Tanya petugas"))
        office.sari.tap("Batal")
        await office.settled()

        assert "tidak jadi dikirim" in office.sari.texts()[-1]
        assert await office.inquiries() == []

    async def test_tapped_twice(self, office: Offices) -> None:
        """Two taps on Kirim send one question."""
        await office.bot.says(office.sari, QUESTION)
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("🙋 Tanya petugas"))
        data = "send:1.diskopum"
        message = office.sari.messages()[-1]["message_id"]
        for _ in range(2):
            office.sari.tap_data(message, data)
        await office.settled()

        assert len(await office.inquiries()) == 1
        assert "sudah dikirim sebagai #1" in office.sari.alerts()[-1]["text"]

    async def test_another_one_to_the_same_office(self, office: Offices) -> None:
        """It is added to the one that is open there."""
        await office.asks()
        await office.bot.says(office.sari, "syarat sertifikat halal apa saja")
        said = await office.bot.reply_after(office.sari, lambda: office.sari.tap("🙋 Tanya petugas"))
        office.sari.tap("📨 Kirim")
        await office.settled()

        assert "ditambahkan ke pertanyaan #1" in said
        assert len(await office.inquiries()) == 1
        assert office.group.texts()[-1] == "#1 · Sari:\nsyarat sertifikat halal apa saja"

    @pytest.mark.parametrize("data", ["send:1.nowhere", "send:999.diskopum", "inquire_at:1.nowhere", "rewrite:nowhere",
                                      "add:1", "withdraw:1", "leave:1", "inquire:999."])  # fmt: skip
    async def test_forged_taps(self, office: Offices, data: str) -> None:
        """What is not theirs, or not there, is refused politely."""
        budi = office.telegram.person(102, first_name="Tari")
        await office.asks()
        await office.bot.says(budi, "/start")
        budi.tap_data(budi.messages()[-1]["message_id"], data)
        await office.settled()

        assert [alert["show_alert"] for alert in budi.alerts()] == [True]
        assert len(await office.inquiries()) == 1

    async def test_with_nobody_there(self, bot: RunningBot) -> None:
        """Where nobody serves, the honest answer is where to go."""
        sari = bot.person()
        await bot.says(sari, QUESTION)

        said = await bot.reply_after(sari, lambda: sari.tap("🙋 Tanya petugas"))

        assert "belum ada petugas" in said
        assert "Mal Pelayanan Publik" in said


@ON_SQLITE
class TestPromise:
    @pytest.mark.parametrize(
        ("at", "promised"),
        [
            ("2026-11-24 09:00", "Dijawab paling lambat hari ini pukul 13.00."),
            ("2026-11-24 13:00", "Dijawab paling lambat besok pukul 10.00."),
            ("2026-11-24 21:00", "dijawab mulai besok pukul 08.00, paling lambat besok pukul 12.00."),
            ("2026-11-27 14:00", "dijawab mulai Senin pukul 08.00, paling lambat Senin pukul 12.00."),
            ("2026-12-23 14:30", "Dijawab paling lambat Senin pukul 11.30."),
            ("2026-12-24 10:00", "dijawab mulai Senin pukul 08.00, paling lambat Senin pukul 12.00."),
        ],
        ids=["morning", "over night", "night", "weekend", "before holidays", "holiday"],
    )
    async def test_is_honest(self, database_url: str, library: Library, at: str, promised: str) -> None:
        """It counts in office hours: not at night, not at weekends, not on holidays."""
        async with staffed(database_url, library, at=at) as office:
            await office.asks()

            assert promised in office.sari.texts()[-1]


@ON_SQLITE
class TestMine:
    async def test_shows_what_who_and_when(self, office: Offices) -> None:
        """/petugas tells the question, the office and the promise, with what can be done."""
        await office.asks()

        said = await office.bot.says(office.sari, "/petugas")

        assert "#1 · Diskopum\ncara bikin nib gimana\nDijawab paling lambat hari ini pukul 13.00." in said
        assert office.sari.labels()[-4:] == ["➕ Tambah #1", "↩️ Tarik #1", "✍️ Tanya hal baru", "📚 Lihat topik"]

    async def test_is_empty_at_first(self, office: Offices) -> None:
        """Who never asked is shown how."""
        assert "Belum ada pertanyaan Anda" in await office.bot.says(office.sari, "/petugas")

    async def test_adds(self, office: Offices) -> None:
        """Tambah takes what is sent next, a file too, and says so."""
        await office.asks()
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("➕ Tambah"))

        assert "belum bisa diteruskan" in await office.bot.reply_after(
            office.sari, lambda: office.sari.sends("sticker")
        )
        said = await office.bot.reply_after(office.sari, lambda: office.sari.sends("photo", caption="KBLI"))
        await office.settled()

        assert "ditambahkan ke pertanyaan #1" in said
        assert office.group.messages()[-1]["caption"].startswith("#1 · Sari:\nKBLI")
        assert (await office.bot.rows(select(Conversation)))[0].state is None

    async def test_adds_to_nothing_that_is_over(self, office: Offices) -> None:
        """Where it was closed meanwhile, the person is told, and nothing is lost silently."""
        await office.asks()
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("➕ Tambah"))
        office.rini.tap("✅ Selesai", chat=DISKOPUM)
        await office.settled()

        assert "ternyata sudah selesai" in await office.bot.says(office.sari, "Usaha saya warung")

    async def test_withdraws(self, office: Offices) -> None:
        """Tarik: the head says that no answer is needed, and an answer is not sent any more."""
        number = await office.asks()

        said = await office.bot.reply_after(office.sari, lambda: office.sari.tap("↩️ Tarik"))
        await office.settled()
        before = len(office.sari.texts())
        await office.answers(number)

        assert "#1 sudah ditarik" in said
        assert "Ditarik oleh penanyanya" in office.head(number)["text"]
        assert "tidak berlaku" in office.group.texts()[-1]
        assert len(office.sari.texts()) == before

    async def test_after_a_talk_the_bot_is_back(self, office: Offices) -> None:
        """No loop: what is written after the end is no new question to officers."""
        number = await office.asks()
        await office.answers(number)
        office.sari.tap(BACK)
        await office.settled()
        seen = len(office.group.messages())

        await office.bot.says(office.sari, QUESTION)
        await office.settled()

        assert len(office.group.messages()) == seen
        assert "Sudah selesai." in await office.bot.says(office.sari, "/petugas")
