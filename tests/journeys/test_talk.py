"""While officers talk with a person: what goes both ways, what does not, and corrections."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from db.models import Inquiry
from simulator import Person as Somebody
from tests.faults.waiting import until
from tests.support.offices import DISKOPUM, ON_SQLITE, QUESTION, Offices

BACK = "Selesai, kembali ke bot"
REACTED = [{"type": "emoji", "emoji": "👍"}]


@pytest.fixture
async def office(office: Offices) -> AsyncIterator[Offices]:
    """Two offices, of whose calls none is refused."""
    yield office
    assert [call for call in office.telegram.calls if call.status >= 400] == []


def reactions(somebody: Somebody, message: dict[str, Any]) -> Any:
    """What the bot put under a message."""
    return somebody.chat.reactions.get(message["message_id"])


@ON_SQLITE
class TestTalk:
    @pytest.mark.parametrize("kind", ["photo", "document", "voice", "video"])
    async def test_files_go_both_ways(self, office: Offices, kind: str) -> None:
        """Made anew from the file's name, with the words under it; never forwarded."""
        number = await office.asks()
        await office.answers(number)

        wrote = office.sari.sends(kind, caption="ini")
        await office.settled()
        shown = office.group.messages()[-1]
        assert shown["caption"] == "#1 · Sari:\nini\n🗑 Dihapus otomatis setelah 24 jam."
        assert kind in shown
        assert reactions(office.sari, wrote) == REACTED

        office.rini.sends(kind, caption="contohnya", chat=DISKOPUM, reply_to=shown["message_id"])
        await office.settled()
        answer = office.sari.messages()[-1]
        assert kind in answer
        assert answer["caption"] == "Petugas Diskopum:\ncontohnya"

    async def test_places_go_both_ways(self, office: Offices) -> None:
        """A place has no words, so they stand before it; a reply to it is an answer."""
        number = await office.asks()
        await office.answers(number)

        office.sari.shares_location(-7.12, 112.41)
        await office.settled()
        assert "mengirim lokasi" in office.group.texts()[-2]
        pin = office.group.messages()[-1]
        assert pin["location"] == {"latitude": -7.12, "longitude": 112.41}

        office.rini.sends("location", chat=DISKOPUM, reply_to=pin["message_id"])
        await office.settled()
        assert "location" in office.sari.messages()[-1]
        assert office.sari.labels()[-1] == BACK

    @pytest.mark.parametrize(
        ("kind", "details"),
        [
            ("contact", {"phone_number": "+6281100000009", "user_id": 5}),
            ("sticker", {}),
            ("poll", {}),
            ("animation", {}),
        ],
    )
    async def test_other_kinds_do_not(self, office: Offices, kind: str, details: dict[str, Any]) -> None:
        """Somebody's contact, a sticker, a poll: a sentence that says what can be passed on."""
        number = await office.asks()
        await office.answers(number)
        before = len(office.group.messages())

        said = await office.bot.reply_after(office.sari, lambda: office.sari.sends(kind, **details))

        assert "belum bisa diteruskan" in said
        assert len(office.group.messages()) == before
        office.rini.sends(kind, chat=DISKOPUM, reply_to=office.head(number)["message_id"], **details)
        await office.settled()
        assert "tidak bisa diteruskan ke warga" in office.group.texts()[-1]

    async def test_photos_outside_a_talk_are_not_taken(self, office: Offices) -> None:
        """While the question waits the bot answers as ever."""
        await office.asks()

        said = await office.bot.reply_after(office.sari, lambda: office.sari.sends("photo"))

        assert "belum bisa saya baca" in said
        assert office.group.messages()[-1]["text"] == office.head(1)["text"]

    async def test_the_bot_answers_while_it_waits(self, office: Offices) -> None:
        """What else the person asks meanwhile is the bot's."""
        await office.asks()

        assert "merek" in (await office.bot.says(office.sari, "cara daftar merek gimana")).lower()
        assert len(office.group.texts()) == 1

    async def test_commands_and_buttons_work_all_the_time(self, office: Offices) -> None:
        """Also while officers talk with them."""
        number = await office.asks()
        await office.answers(number)

        assert "Yang bisa Anda lakukan" in await office.bot.says(office.sari, "/bantuan")
        assert "#1" in await office.bot.says(office.sari, "/petugas")
        office.sari.tap("📚 Lihat topik")
        await office.settled()
        assert "Topik yang bisa saya jawab" in office.sari.texts()[-1]
        assert len(office.group.texts()) == 1

    async def test_a_step_begun_in_it_takes_its_answer(self, office: Offices) -> None:
        """Who taps for a new question meanwhile types that; what officers write after it is answered to them."""
        number = await office.asks()
        await office.answers(number)
        await office.bot.says(office.sari, "/petugas")
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("✍️ Tanya hal baru"))
        office.clock.show("2026-11-24 09:01")
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("Disperindag"))
        assert "akan dikirim ke petugas Disperindag" in await office.bot.says(office.sari, "Ada pameran?")

        await office.bot.reply_after(office.sari, lambda: office.sari.tap("✏️ Tulis lain"))
        office.clock.show("2026-11-24 09:02")
        await office.answers(number, "Ada lagi, Bu?")
        office.sari.write("Tidak ada")
        await office.settled()

        assert office.group.texts()[-1] == "#1 · Sari:\nTidak ada"

    async def test_a_reply_adds_while_it_waits(self, office: Offices) -> None:
        """A reply to what the bot said of #1 belongs to it."""
        await office.asks()
        confirmation = office.sari.messages()[-1]["message_id"]

        said = await office.bot.reply_after(office.sari, lambda: office.sari.write("Usaha saya warung", confirmation))

        assert "ditambahkan ke pertanyaan #1" in said
        assert office.group.texts()[-1] == "#1 · Sari:\nUsaha saya warung"

    async def test_goes_to_whom_they_reply(self, office: Offices) -> None:
        """Of two talks the one that is replied to is meant, else the one in which officers wrote last."""
        await office.asks()
        await office.answers(1)
        first = office.sari.messages()[-1]["message_id"]
        await office.bot.says(office.sari, "/petugas")
        office.clock.show("2026-11-24 09:05")
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("✍️ Tanya hal baru"))
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("Disperindag"))
        await office.bot.says(office.sari, "Ada pameran?")
        office.sari.tap("📨 Kirim")
        await office.settled()
        office.clock.show("2026-11-24 09:06")
        head = office.head(2, office.other_group)["message_id"]
        office.budi.write("Ada", head, chat=office.other_group.id)
        await office.settled()

        office.sari.write("Kapan?")
        office.sari.write("Terima kasih", first)
        await office.settled()

        assert office.other_group.texts()[-1] == "#2 · Sari:\nKapan?"
        assert office.group.texts()[-1] == "#1 · Sari:\nTerima kasih"

    async def test_twenty_unread_are_enough(self, office: Offices) -> None:
        """Nobody fills the group: after twenty messages the officers come first."""
        number = await office.asks()
        await office.answers(number)
        for _ in range(21):
            office.sari.write("lagi")
        await office.settled()

        assert "sudah banyak yang menunggu" in office.sari.texts()[-1]
        assert office.group.texts().count("#1 · Sari:\nlagi") == 20

    async def test_a_photo_before_the_weekend(self, office: Offices) -> None:
        """Where a file is deleted before the office opens, the person is told so."""
        number = await office.asks()
        await office.answers(number)
        async with office.bot.database.transaction() as session:
            (await session.get_one(Inquiry, number)).silent_until = None
        office.clock.show("2026-11-27 14:00")

        said = await office.bot.reply_after(office.sari, lambda: office.sari.sends("photo"))

        assert "kantor baru buka Senin pukul 08.00" in said


@ON_SQLITE
class TestEdit:
    async def test_of_what_was_passed_on(self, office: Offices) -> None:
        """The person corrects their message: the officers see it corrected, in the same place."""
        number = await office.asks()
        await office.answers(number)
        wrote, pictured = office.sari.write("Hari Senen"), office.sari.sends("photo", caption="lama")
        await office.settled()
        count = len(office.group.messages())

        office.sari.edit(wrote["message_id"], "Hari Senin")
        office.sari.edit(pictured["message_id"], "baru")
        await office.settled()

        assert office.group.texts()[-2:] == [
            "#1 · Sari:\nHari Senin",
            "#1 · Sari:\nbaru\n🗑 Dihapus otomatis setelah 24 jam.",
        ]
        assert len(office.group.messages()) == count

    async def test_of_the_question_itself(self, office: Offices) -> None:
        """The head follows, and while it waits the bot answers the corrected question, too."""
        wrote = office.sari.write(QUESTION)
        await office.settled()
        number = await office.sends()

        said = await office.bot.reply_after(
            office.sari, lambda: office.sari.edit(wrote["message_id"], "cara daftar merek gimana")
        )
        await office.settled()

        assert "merek" in said.lower()
        assert office.head(number)["text"].startswith("#1 · Sari · Diskopum\n\ncara daftar merek gimana")

    async def test_of_an_answer(self, office: Offices) -> None:
        """The officer corrects their answer: the person sees it corrected, under a file too."""
        number = await office.asks()
        written = await office.answers(number, "Jam 9")
        pictured = office.rini.sends("photo", caption="satu", chat=DISKOPUM, reply_to=office.head(number)["message_id"])
        await office.settled()

        office.rini.edit(written["message_id"], "Jam 10", chat=DISKOPUM)
        office.rini.edit(pictured["message_id"], "dua", chat=DISKOPUM)
        await office.settled()

        texts = office.sari.texts()[-2:]
        assert texts[0].startswith("Petugas Diskopum:\nJam 10\n\n💬 Balas saja")
        assert texts[1] == "Petugas Diskopum:\ndua"
        assert office.sari.labels().count(BACK) == 2

    async def test_while_it_is_being_sent(self, office: Offices) -> None:
        """What is corrected on its way is corrected when it is there."""
        number = await office.asks()
        office.telegram.latency = 0.3
        written = office.rini.write("Jam 9", office.head(number)["message_id"], chat=DISKOPUM)

        async def is_on_its_way() -> bool:
            return (await office.bot.outbox_counts()).get("sending", 0) > 0

        await until(is_on_its_way)
        office.rini.edit(written["message_id"], "Jam 10", chat=DISKOPUM)
        await office.settled()

        assert office.sari.texts()[-1].startswith("Petugas Diskopum:\nJam 10")

    async def test_that_makes_it_longer(self, office: Offices) -> None:
        """An answer that fits no more into its message is sent anew."""
        number = await office.asks()
        written = await office.answers(number, "Pendek")

        office.rini.edit(written["message_id"], "kata " * 800, chat=DISKOPUM)
        await office.settled()

        assert "Pendek" not in "".join(office.sari.texts())
        assert sum(text.count("kata") for text in office.sari.texts()[-2:]) == 800
