"""Officers answer a person: how the answer comes, how it ends, and what is kept of it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlmodel import col, select

from db.models import Delivery, InquiryState, Question, Relay
from domain.knowledge.shelf import Library
from simulator import Person as Somebody
from tests.support.offices import DISKOPUM, QUESTION, Offices, staffed

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


class TestAnswer:
    async def test_comes_as_from_the_office(self, office: Offices) -> None:
        """A reply to the head goes to the person without the officer's name; both sides see that it arrived."""
        number = await office.asks()

        written = await office.answers(number, "Bisa, Bu.")

        assert office.sari.texts()[-1].startswith("Petugas Diskopum:\nBisa, Bu.\n\n💬 Balas saja di sini")
        assert "Rini" not in office.sari.texts()[-1]
        assert office.sari.labels()[-1] == BACK
        assert office.group.chat.reactions[written["message_id"]] == REACTED
        assert "✅ Dijawab Rini" in office.head(number)["text"]
        assert (await office.inquiry(number)).state is InquiryState.TALKING

    async def test_only_replies_go(self, office: Offices) -> None:
        """What officers tell each other stays among them, also as a reply to one another."""
        number = await office.asks()
        said = office.rini.write("Siapa yang tahu?", chat=DISKOPUM)
        office.tono.write("Saya", said["message_id"], chat=DISKOPUM)
        await office.settled()

        assert len(office.sari.texts()) == 2
        assert (await office.inquiry(number)).state is InquiryState.WAITING

    async def test_what_the_person_writes_then_goes_to_them(self, office: Offices) -> None:
        """While they talk the bot is silent; each message gets a sign when it has arrived."""
        number = await office.asks()
        await office.answers(number)
        said = len(office.sari.texts())

        wrote = office.sari.write("cara daftar merek gimana")
        await office.settled()

        assert len(office.sari.texts()) == said
        assert office.group.texts()[-1] == "#1 · Sari:\ncara daftar merek gimana"
        assert reactions(office.sari, wrote) == REACTED

    async def test_to_what_was_passed_on(self, office: Offices) -> None:
        """A reply to the person's next message is an answer like any other."""
        number = await office.asks()
        await office.answers(number)
        office.sari.write("Lalu?")
        await office.settled()

        office.tono.write("Lalu datang.", office.group.messages()[-1]["message_id"], chat=DISKOPUM)
        await office.settled()

        assert office.sari.texts()[-1] == "Petugas Diskopum:\nLalu datang."
        assert "✅ Dijawab Rini" in office.head(number)["text"]

    async def test_by_two_at_the_same_instant(self, office: Offices) -> None:
        """Both go, the first one claims it."""
        number = await office.asks()
        head = office.head(number)["message_id"]
        office.tono.write("Bisa.", head, chat=DISKOPUM)
        office.rini.write("Bisa, Bu.", head, chat=DISKOPUM)
        await office.settled()

        assert [text.split("\n")[1] for text in office.sari.texts()[-2:]] == ["Bisa.", "Bisa, Bu."]
        assert "✅ Dijawab Tono" in office.head(number)["text"]

    async def test_with_its_formatting(self, office: Offices) -> None:
        """Bold stays bold, and what looks like markup is text."""
        number = await office.asks()
        text = "Bawa <b>KTP</b> & KK"
        written = office.rini.write(text, office.head(number)["message_id"], chat=DISKOPUM)
        await office.settled()
        bold = {"type": "bold", "offset": 0, "length": 4}
        edited = {**written, "entities": [bold], "edit_date": 1}
        office.telegram.push({"edited_message": edited})
        await office.settled()

        shown = office.sari.messages()[-1]
        assert text in shown["text"]
        place = shown["text"].index("Bawa")
        assert {"type": "bold", "offset": place, "length": 4} in shown["entities"]

    async def test_to_a_name_that_is_markup(self, office: Offices) -> None:
        """A name is a name."""
        evil = office.telegram.person(666, first_name="<b>#9 · Evil</b>")

        number = await office.asks(who=evil)

        assert office.head(number)["text"].startswith("#1 · <b>#9 · Evil</b> · Diskopum")
        await office.answers(number)
        assert "Bisa, Bu." in evil.texts()[-1]

    async def test_ten_thousand_characters(self, office: Offices) -> None:
        """A long question comes whole, in messages that each name it, and any of them can be answered."""
        first = office.sari.write("/petugas")
        await office.settled()
        office.sari.tap("✍️ Tanya hal baru")
        await office.settled()
        office.sari.tap("Diskopum")
        await office.settled()
        longest = {**first, "message_id": 900, "text": "panjang " * 1250, "entities": []}
        office.sari.chat.put(longest)
        office.telegram.push({"message": longest})
        await office.settled()
        office.sari.tap("📨 Kirim")
        await office.settled()

        parts = office.group.texts()[1:]
        assert len(parts) == 3
        assert all(text.startswith("#1 · Sari:\n") for text in parts)
        assert sum(text.count("panjang") for text in parts) == 1250
        office.rini.write("Terima kasih.", office.group.messages()[-1]["message_id"], chat=DISKOPUM)
        await office.settled()
        assert "Terima kasih." in office.sari.texts()[-1]

    async def test_a_long_answer(self, office: Offices) -> None:
        """It comes in several messages, the buttons under the last."""
        number = await office.asks()

        await office.answers(number, "kata " * 800)

        assert sum(text.count("kata") for text in office.sari.texts()[-2:]) == 800
        assert office.sari.labels().count(BACK) == 1

    async def test_after_a_restart(self, database_url: str, library: Library) -> None:
        """What was begun before goes on after it: the preview, and the talk."""
        async with staffed(database_url, library) as before:
            await before.bot.says(before.sari, QUESTION)
            await before.bot.reply_after(before.sari, lambda: before.sari.tap("🙋 Tanya petugas"))
        async with staffed(database_url, library, telegram=before.telegram) as middle:
            middle.sari.tap("📨 Kirim")
            await middle.settled()
            await middle.answers(1)
        async with staffed(database_url, library, telegram=before.telegram) as after:
            after.sari.write("Terima kasih")
            await after.settled()

            assert after.group.texts()[-1] == "#1 · Sari:\nTerima kasih"


class TestEnd:
    async def test_by_the_person(self, office: Offices) -> None:
        """Selesai, kembali ke bot: the officers are told, and the bot answers again."""
        number = await office.asks()
        await office.answers(number)

        said = await office.bot.reply_after(office.sari, lambda: office.sari.tap(BACK))
        await office.settled()

        assert "bot yang menjawab lagi" in said
        assert "Penanya mengakhiri percakapan" in office.group.texts()[-1]
        assert "Selesai, diakhiri warga" in office.head(number)["text"]
        assert "merek" in (await office.bot.says(office.sari, "cara daftar merek gimana")).lower()

    @pytest.mark.parametrize("by", ["button", "command"])
    async def test_by_an_officer(self, office: Offices, by: str) -> None:
        """Selesai or /selesai: the person is told, and the bot answers again."""
        number = await office.asks()
        await office.answers(number)
        if by == "button":
            office.rini.tap("✅ Selesai", chat=DISKOPUM)
        else:
            office.rini.write("/selesai", office.head(number)["message_id"], chat=DISKOPUM)
        await office.settled()

        assert "sudah menutup pertanyaan #1" in office.sari.texts()[-1]
        assert "ditutup petugas" in office.head(number)["text"]
        assert "💬 Balasan siap" not in office.group.labels()
        assert "merek" in (await office.bot.says(office.sari, "cara daftar merek gimana")).lower()

    async def test_of_its_topic(self, forum: Offices) -> None:
        """Within its topic /selesai needs no reply, and the topic is closed."""
        number = await forum.asks()
        thread = forum.group.topic("#1 · Sari")
        await forum.answers(number)

        forum.rini.write("/selesai", chat=DISKOPUM, thread=thread)
        await forum.settled()

        assert (await forum.inquiry(number)).closed_by == "officer"
        assert forum.group.topics[thread].is_closed

    async def test_too_early(self, office: Offices) -> None:
        """An answer to a closed question is not sent silently into nothing: it can be opened again."""
        number = await office.asks()
        office.rini.tap("✅ Selesai", chat=DISKOPUM)
        await office.settled()
        said = len(office.sari.texts())

        await office.answers(number)
        assert "Belum terkirim: pertanyaan #1 sudah selesai" in office.group.texts()[-1]
        office.rini.tap("🔓 Buka lagi", chat=DISKOPUM)
        await office.settled()
        await office.answers(number, "Maaf, terlewat.")

        assert len(office.sari.texts()) == said + 1
        assert "Maaf, terlewat." in office.sari.texts()[-1]

    async def test_by_silence(self, office: Offices) -> None:
        """Four office hours after the officer's last word it is over; both sides are told, once."""
        number = await office.asks()
        await office.answers(number)
        office.clock.show("2026-11-24 12:59")
        await office.bot.app.tick()
        assert (await office.inquiry(number)).state is InquiryState.TALKING

        office.clock.show("2026-11-24 13:01")
        for _ in range(2):
            await office.bot.app.tick()
        await office.settled()

        assert (await office.inquiry(number)).closed_by == "quiet"
        assert office.group.texts()[-1].startswith("#1 · Percakapan dengan penanya ditutup")
        assert "kami tutup karena sudah lama sepi" in office.sari.texts()[-1]
        assert len(office.group.texts()) == 2

    async def test_by_silence_while_the_person_waits(self, office: Offices) -> None:
        """Where the person wrote last the question waits on, with a new promise, and the bot speaks again."""
        number = await office.asks()
        await office.answers(number)
        office.sari.write("Lalu bagaimana?")
        await office.settled()
        office.clock.show("2026-11-24 13:01")
        await office.bot.app.tick()
        await office.settled()

        assert (await office.inquiry(number)).state is InquiryState.WAITING
        assert "Pesan Anda tetap menunggu" in office.sari.texts()[-1]
        assert "besok pukul 10.01" in office.sari.texts()[-1]
        assert "pertanyaan ini masih terbuka" in office.group.texts()[-1]

    async def test_before_the_clock_looked(self, office: Offices) -> None:
        """Who writes after the silence is answered by the bot, though no tick has come yet."""
        number = await office.asks()
        await office.answers(number)
        office.clock.show("2026-11-24 14:30")

        office.sari.write("cara daftar merek gimana")
        await office.settled()

        assert "merek" in office.sari.texts()[-1].lower()
        assert (await office.inquiry(number)).closed_by == "quiet"


class TestKept:
    async def test_only_as_rows(self, office: Offices) -> None:
        """Nobody's words go out by copying or forwarding, and rows that show them name whose they are."""
        number = await office.asks()
        await office.answers(number)
        office.sari.sends("photo", caption="ini")
        await office.settled()

        assert not {call.method for call in office.telegram.calls} & {"copyMessage", "forwardMessage"}
        shown = select(Delivery).where(col(Delivery.chat_id) == DISKOPUM, col(Delivery.method).like("send_%"))
        rows = await office.bot.rows(shown)
        asker = (await office.inquiries())[0].person_id
        assert [row.about_id for row in rows] == [asker] * len(rows)
        assert [row.arguments for row in rows if row.method == "send_photo"] == [{}]
        assert len(await office.bot.rows(select(Relay))) == 3
        assert [question.text for question in await office.bot.rows(select(Question))] == [QUESTION]
