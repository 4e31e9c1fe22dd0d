"""Typed steps: what is written next belongs to the step, survives a restart, and never gets in a question's way."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from db.models import Conversation, Question
from domain.errors import Refusal
from domain.knowledge.shelf import Library
from handlers import steps
from handlers.steps import MEDIA_STEPS, STEPS
from handlers.turn import Turn
from messages import say
from tests.conftest import LAMONGAN
from tests.support.running import RunningBot, running_bot

QUESTION = "cara bikin nib gimana"
TAKEN: list[str] = []


async def take_word(turn: Turn, state: dict[str, Any]) -> None:
    """A step as a part writes it: one word, no more; "dua" wants a second one."""
    word = turn.message.text or "foto"
    if " " in word:
        raise Refusal(say("answer.too_long"))
    TAKEN.append(f"{state['thing']}: {word}")
    if word == "dua":
        await steps.begin(turn, "test.word", thing="kedua")
    else:
        await steps.end(turn)
    await turn.reply(say("feedback.thanks"))


@pytest.fixture(autouse=True)
def a_step() -> Iterator[None]:
    TAKEN.clear()
    STEPS["test.word"] = take_word
    yield
    for table in (STEPS, MEDIA_STEPS):
        table.pop("test.word", None)


@pytest.fixture
async def stepping(bot: RunningBot) -> RunningBot:
    """Sari is in the step."""
    await bot.says(bot.person(), "/batal")
    await put_in(bot, {"step": "test.word", "at": datetime.now(UTC).isoformat(), "after": 0, "thing": "kata"})
    return bot


async def put_in(bot: RunningBot, state: dict[str, Any] | None) -> None:
    async with bot.database.transaction() as session:
        conversation = (await session.exec(select(Conversation))).one()
        conversation.state = state


async def state_in(bot: RunningBot) -> dict[str, Any] | None:
    await bot.settled()
    return (await bot.rows(select(Conversation)))[0].state


class TestStep:
    async def test_takes_what_is_written_next(self, stepping: RunningBot) -> None:
        """The text goes to the step with its details, and is kept as no question; the next text is one again."""
        sari = stepping.person()

        await stepping.says(sari, "tenun")

        assert TAKEN == ["kata: tenun"]
        assert await state_in(stepping) is None
        assert await stepping.rows(select(Question)) == []
        assert "OSS" in await stepping.says(sari, QUESTION)

    async def test_leads_to_the_next(self, stepping: RunningBot) -> None:
        """A step may begin another one."""
        await stepping.says(stepping.person(), "dua")
        await stepping.says(stepping.person(), "tiga")

        assert TAKEN == ["kata: dua", "kedua: tiga"]

    async def test_waits_for_another_try(self, stepping: RunningBot) -> None:
        """What is refused leaves the step as it was; also a correction of the same message is taken."""
        sari = stepping.person()
        refused = sari.write("dua kata")
        await stepping.settled()

        await stepping.reply_after(sari, lambda: sari.edit(refused["message_id"], "satu"))

        assert TAKEN == ["kata: satu"]

    async def test_is_not_ended_by_commands(self, stepping: RunningBot) -> None:
        """Other commands and buttons leave it open, also a question by /tanya, with its text or without."""
        sari = stepping.person()
        for text in ("/bantuan", f"/tanya {QUESTION}", "/tanya", "/tanya", QUESTION):
            await stepping.says(sari, text)
        assert len(await stepping.rows(select(Question))) == 2

        await stepping.says(sari, "tenun")

        assert TAKEN == ["kata: tenun"]

    async def test_is_dropped_by_batal(self, stepping: RunningBot) -> None:
        """/batal says so, and the next text is a question."""
        sari = stepping.person()

        assert "dibatalkan" in await stepping.says(sari, "/batal")
        assert "OSS" in await stepping.says(sari, QUESTION)
        assert TAKEN == []

    async def test_asks_for_words(self, stepping: RunningBot) -> None:
        """A picture where words are awaited is told so, with or without a caption; the step stays."""
        sari = stepping.person()

        assert "berupa tulisan" in await stepping.reply_after(sari, lambda: sari.sends("photo"))
        assert "berupa tulisan" in await stepping.reply_after(sari, lambda: sari.sends("photo", caption="tenun"))
        assert await state_in(stepping)

    async def test_may_take_pictures(self, stepping: RunningBot) -> None:
        """One that is registered for other messages takes those."""
        MEDIA_STEPS["test.word"] = STEPS.pop("test.word")
        sari = stepping.person()

        assert "bukan tulisan" in await stepping.says(sari, "tenun")
        await stepping.reply_after(sari, lambda: sari.sends("photo"))

        assert TAKEN == ["kata: foto"]

    async def test_leaves_an_older_question_alone(self, stepping: RunningBot) -> None:
        """Whoever corrects what they wrote before the step corrects that."""
        await put_in(stepping, None)
        sari = stepping.person()
        question = sari.write("halo")
        await stepping.settled()
        after = question["message_id"] + 1
        await put_in(
            stepping, {"step": "test.word", "at": datetime.now(UTC).isoformat(), "after": after, "thing": "kata"}
        )

        assert "OSS" in await stepping.reply_after(sari, lambda: sari.edit(question["message_id"], QUESTION))
        assert TAKEN == []

    @pytest.mark.parametrize(
        "state",
        [
            {"step": "test.word", "at": (datetime.now(UTC) - timedelta(days=8)).isoformat(), "thing": "kata"},
            {"step": "test.word", "thing": "kata"},
            {"step": "test.gone", "at": datetime.now(UTC).isoformat()},
            {"asks": True},
        ],
        ids=["old", "without a time", "unknown", "of an older version"],
    )
    async def test_is_dropped_when_stale(self, stepping: RunningBot, state: dict[str, Any]) -> None:
        """One older than a week, or that nobody knows, is forgotten, and the text is the question it looks like."""
        await put_in(stepping, state)

        assert "OSS" in await stepping.says(stepping.person(), QUESTION)
        assert TAKEN == []
        assert await state_in(stepping) is None

    async def test_survives_a_restart(self, database_url: str, library: Library) -> None:
        """Another process goes on with it."""
        async with running_bot(database_url, LAMONGAN, library=library) as first:
            await first.says(first.person(), "/batal")
            await put_in(first, {"step": "test.word", "at": first.app.house.now().isoformat(), "thing": "kata"})

        async with running_bot(database_url, LAMONGAN, library=library) as second:
            await second.says(second.person(), "tenun")

        assert TAKEN == ["kata: tenun"]
