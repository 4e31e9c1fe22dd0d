"""Inline mode: "@demo_bot pertanyaan" in any chat offers cards, and nothing of what is typed is kept."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from bot import deliverer
from db import inbox
from db.inbox import Accepted
from db.models import Delivery, Lane, Person, Question, ReceivedUpdate
from messages import LANGUAGES, text_of
from tests.support.running import PATIENCE, RunningBot

QUESTION = "cara bikin nib gimana"
TITLE = "Membuat NIB lewat OSS"


async def offered(bot: RunningBot, text: str) -> dict:
    """The answer to what Sari types."""
    sari = bot.person()
    sari.inline(text)
    await bot.telegram.wait_until(sari.inline_answer, timeout=PATIENCE)
    return sari.inline_answer()


def titles(answer: dict) -> list[str]:
    return [result["title"] for result in answer["results"]]


class TestOffer:
    async def test_the_answer_first(self, bot: RunningBot) -> None:
        """What answers stands first, the other guesses after it; each once, each with how it begins."""
        answer = await offered(bot, QUESTION)

        assert titles(answer)[0] == TITLE
        assert 1 < len(titles(answer)) == len(set(titles(answer)))
        assert all(0 < len(result["description"]) <= 120 for result in answer["results"])
        assert (answer["is_personal"], answer["cache_time"] <= 60) == (True, True)

    async def test_guesses_when_unsure(self, bot: RunningBot) -> None:
        """Where the bot would guess in its own chat, it offers the same guesses here."""
        verdict = (await bot.shelf()).answerer.verdict("nomor telepon dinas koperasi berapa")

        answer = await offered(bot, "nomor telepon dinas koperasi berapa")

        assert [result["id"] for result in answer["results"]] == list(verdict.suggestions)

    @pytest.mark.parametrize("text", ["", "halo kak", "batal"])
    async def test_something_of_each_topic(self, bot: RunningBot, text: str) -> None:
        """Before anything is asked a few entries show what there is, each of another topic."""
        answer = await offered(bot, text)

        shelf = await bot.shelf()
        topics = [shelf.entries[result["id"]].topic for result in answer["results"]]
        assert 3 <= len(topics) == len(set(topics)) <= 8

    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_leads_on_when_lost(self, bot: RunningBot, language: str) -> None:
        """What no entry answers is said so, on a button that opens the private chat."""
        bot.person(language_code=language)

        answer = await offered(bot, "resep rendang padang yang empuk bagaimana")

        assert answer["results"] == []
        assert answer["button"] == {"text": text_of("inline.lost", language), "start_parameter": "tanya"}
        assert "Sari" in await bot.says(bot.person(), "/start tanya")

    @pytest.mark.parametrize("text", [(QUESTION + " ") * 10 + "lewat oss yang resmi dan gratis", "x" * 256, "Как" * 80])
    async def test_takes_the_longest(self, bot: RunningBot, text: str) -> None:
        """256 characters, sense or not: an answer with a way on, never an error."""
        answer = await offered(bot, text[:256])

        assert answer["button"]["start_parameter"] == "tanya"
        assert not text.startswith(QUESTION) or TITLE in titles(answer)


class TestCard:
    async def test_is_the_one_of_the_private_chat(self, bot: RunningBot) -> None:
        """A chosen result is the card as the bot itself would show it, with links that work for anybody."""
        sari, budi = bot.person(), bot.person(102, "Budi")
        group = bot.telegram.group(-500, "Warga", members=[sari, budi])
        card = await bot.says(budi, QUESTION)
        await offered(bot, QUESTION)

        sent = sari.choose(TITLE, chat=group.id)
        await bot.settled()

        assert sent["text"] == card
        buttons = [button for row in sent["reply_markup"]["inline_keyboard"] for button in row]
        assert [button["url"].partition("=")[0] for button in buttons] == ["https://t.me/demo_bot?start"] * len(buttons)
        assert group.texts() == []

    async def test_is_no_question(self, bot: RunningBot) -> None:
        """Sent into the chat with the bot, the card is not answered as if it asked something."""
        sari = bot.person()
        await offered(bot, QUESTION)
        sari.choose(TITLE)
        await bot.settled()

        assert sari.texts() == []

    async def test_a_forged_tap_under_it(self, bot: RunningBot) -> None:
        """A tap made up under a card that was sent inline is refused politely, and nobody gets a message."""
        sari = bot.person()
        group = bot.telegram.group(-500, "Warga", members=[sari])
        await offered(bot, QUESTION)
        sent = sari.choose(TITLE, chat=group.id)
        sari.tap_data(sent["message_id"], "topics:0", chat=group.id)
        await bot.settled()

        assert "sudah tidak berlaku" in sari.alerts()[-1]["text"]
        assert (sari.texts(), group.texts()) == ([], [])


class TestNewest:
    async def test_alone_is_answered(self, bot: RunningBot) -> None:
        """Of what a person types only the newest counts: overtaken queries are settled without an answer."""
        typed = [QUESTION[:end] for end in range(3, len(QUESTION) + 1, 3)] + [QUESTION]
        async with bot.database.transaction() as session:
            await inbox.accept(session, [query(number, 101, text) for number, text in enumerate(typed)])
            await inbox.accept(session, [query(100, 102, "syarat KUR")])
        await bot.settled()

        answered = await bot.rows(select(Delivery.chat_id).where(col(Delivery.method) == "answer_inline_query"))
        assert sorted(answered) == [101, 102]
        assert await bot.inbox_counts() == {"finished": len(typed) + 1}

    async def test_other_updates_are_not_overtaken(self, bot: RunningBot) -> None:
        """What a person writes is answered however much they type afterwards."""
        sari = bot.person()
        sari.write("/bantuan")
        for text in ("k", "ku", "kur"):
            sari.inline(text)
        await bot.settled()

        assert len(sari.texts()) == 1
        assert sari.inline_answer() is not None


def query(number: int, person: int, text: str) -> Accepted:
    user = {"id": person, "is_bot": False, "first_name": "Sari", "language_code": "id"}
    asked = {"id": str(number), "from": user, "query": text, "offset": "", "chat_type": "sender"}
    return Accepted(10_000 + number, person, "inline_query", {"update_id": 10_000 + number, "inline_query": asked})


class TestKeeping:
    async def test_keeps_nothing_that_was_typed(self, bot: RunningBot) -> None:
        """Answered or overtaken, the words leave the inbox; no question is kept, and nobody is met."""
        sari = bot.person()
        for text in ("halal", "halal gratis", "halal gratis caranya"):
            sari.inline(text)
        await bot.settled()

        assert set(await bot.rows(select(ReceivedUpdate.payload))) == {None}
        assert await bot.rows(select(Question)) == []
        assert await bot.rows(select(Person)) == []
        assert set(await bot.rows(select(Delivery.person_id))) == {None}
        assert [arguments for arguments in await bot.rows(select(Delivery.arguments)) if arguments] == []

    async def test_who_blocked_stays_unreachable(self, bot: RunningBot) -> None:
        """Typing inline is not writing to the bot."""
        sari = bot.person()
        await bot.says(sari, "/batal")
        sari.blocks_bot()
        await offered(bot, QUESTION)

        assert await bot.rows(select(Person.is_reachable)) == [False]

    async def test_in_the_language_they_chose(self, bot: RunningBot) -> None:
        """Who chose a language reads the cards' frame in it."""
        sari = bot.person()
        await bot.says(sari, "/bahasa")
        sari.tap("English")
        await bot.settled()

        answer = await offered(bot, QUESTION)

        assert "Last checked" in answer["results"][0]["input_message_content"]["message_text"]


class TestDelivery:
    async def test_goes_before_replies(self, bot: RunningBot) -> None:
        """An answer to somebody who types waits for nobody."""
        await offered(bot, QUESTION)
        await bot.settled()

        assert await bot.rows(select(Delivery.lane, Delivery.state)) == [(Lane.TAP, "sent")]

    async def test_comes_soon_or_never(self, bot: RunningBot) -> None:
        """After ten seconds an answer is dropped, and does not come as a message either."""
        old = datetime.now(UTC) - deliverer.TAP_IS_STALE_AFTER - timedelta(seconds=1)
        arguments = {"inline_query_id": "1", "results": []}
        async with bot.database.transaction() as session:
            session.add(
                Delivery(chat_id=101, lane=Lane.TAP, method="answer_inline_query", arguments=arguments, created_at=old)
            )
        await bot.settled()

        assert await bot.outbox_counts() == {"skipped": 1}
        assert bot.person().texts() == []

    async def test_too_late_for_telegram_is_settled_quietly(self, bot: RunningBot) -> None:
        """A query that Telegram has forgotten is no trouble of ours, and no message follows."""
        async with bot.database.transaction() as session:
            await inbox.accept(session, [query(1, 101, QUESTION)])
        await bot.settled()

        assert await bot.outbox_counts() == {"skipped": 1}
        assert bot.person().texts() == []
