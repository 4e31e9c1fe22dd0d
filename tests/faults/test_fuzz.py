"""Whatever update hypothesis makes up is answered or parked as malformed, and the next person is answered.

FUZZ_BATCHES=200 (of twelve updates, for each way and database) looks further than the usual few, at others each time.
"""

import itertools
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlmodel import col, select

from bot.dispatcher import Malformed
from bot.receiver import read_update
from db.models import ReceivedUpdate, UpdateState
from domain.knowledge.shelf import Library
from tests.faults.odd_updates import PEOPLE, Batch, batches
from tests.faults.test_malformed import changed, is_well, message
from tests.faults.test_turns import soon
from tests.faults.ways import WAYS, receiving
from tests.support.running import PATIENCE, RunningBot

# The library warns of its own reading of this one service message; the product lets it.
pytestmark = pytest.mark.filterwarnings("ignore:.*message_auto_delete_time:telegram.warnings.PTBDeprecationWarning")
__all__ = ["soon"]

BATCHES = int(os.environ.get("FUZZ_BATCHES", "0"))
FUZZ = settings(
    max_examples=BATCHES or 12,
    derandomize=not BATCHES,
    database=None,
    deadline=None,
    # A batch that fails is shown as the rows it left; to shrink it would take minutes.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PROBES = itertools.count(424_242)
"""Who writes after a batch; nobody of the batches."""


@dataclass
class Watched:
    """A bot and what it logs."""

    bot: RunningBot
    said: list[Any]
    log: pytest.LogCaptureFixture

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """As hypothesis shows it."""
        printer.text("a bot and its log")

    async def left_over(self) -> list[Any]:
        """The updates that are neither finished nor parked for their form."""
        unfinished = col(ReceivedUpdate.state) != UpdateState.FINISHED
        rows = await self.bot.rows(select(ReceivedUpdate).where(unfinished))
        return [
            (row.state, row.error, repr(row.payload)[:2000])
            for row in rows
            if row.kind != "malformed" and not (row.error or "").startswith("Malformed: ")
        ]

    def errors(self) -> list[Any]:
        """What was logged with a traceback, but for the updates parked for their form."""
        told = [line for line in self.said if line.get("exc_info")]
        return [line for line in told if not isinstance(line["exc_info"], Malformed)] + [
            record.getMessage() for record in self.log.records if record.exc_info
        ]


@pytest.fixture(params=WAYS)
async def watched(
    request: pytest.FixtureRequest,
    database_url: str,
    library: Library,
    said: list[Any],
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[Watched]:
    """The real bot, by each way on each database; one for all batches."""
    async with receiving(request.param, database_url, library) as bot:
        for number in PEOPLE:
            bot.person(number)
        yield Watched(bot, said, caplog)


@pytest.mark.usefixtures("soon")
class TestFuzz:
    @FUZZ
    @given(batch=batches(12))
    async def test_nothing_is_left_over(self, watched: Watched, batch: Batch) -> None:
        """Every update is finished or parked as malformed, no log tells of another error, and life goes on."""
        bot, probe = watched.bot, watched.bot.person(next(PROBES))
        for update in batch:
            bot.telegram.push(update)

        assert await bot.says(probe, "/batal")
        await bot.settled()

        assert await watched.left_over() == []
        assert watched.errors() == []
        await is_well(bot, watched.said)


class TestFound:
    """What it found once, by name."""

    async def test_the_greatest_number_deafens_nobody(self, sqlite_bot: RunningBot) -> None:
        """By the one after it it would be acknowledged, which Telegram refuses as no number, poll after poll."""
        telegram, sari = sqlite_bot.telegram, sqlite_bot.person(5)
        telegram.push({"update_id": 2**63 - 1, "message": message(6, text="/batal")})
        telegram.push({"update_id": 1000, "message": message(5, text="/batal")})
        await telegram.wait_until(lambda: len(sari.texts()) == 1, timeout=PATIENCE)

        telegram.push({"update_id": 1001, "message": message(5, text="/batal")})
        await telegram.wait_until(lambda: len(sari.texts()) == 2, timeout=PATIENCE)

    @pytest.mark.parametrize("number", [-5, -1])
    def test_numbers_below_nought_are_none(self, number: int) -> None:
        """To Telegram an offset below nought says to throw away all that waits but the last few."""
        assert read_update({"update_id": number, "message": message(5, text="/batal")}).fault == "no update_id"

    async def test_people_without_a_name_are_answered(self, sqlite_bot: RunningBot) -> None:
        """Telegram tells an empty first name of some accounts, deleted ones for example."""
        asked = message(5, text="/start")
        sqlite_bot.person(5)
        sqlite_bot.telegram.push({"message": changed(asked, ("from", "first_name"), "")})
        await sqlite_bot.settled()

        assert "Bapak/Ibu" in sqlite_bot.person(5).texts()[0]

    async def test_a_command_without_words_in_a_group(self, sqlite_bot: RunningBot) -> None:
        """Blanks that are said to be a command are none of ours."""
        group = {"id": -7, "type": "group", "title": "Warga"}
        blank = [{"type": "bot_command", "offset": 0, "length": 1}]
        sqlite_bot.telegram.push({"message": message(5, chat=group, text="  ", entities=blank)})
        await sqlite_bot.settled()

        assert await sqlite_bot.inbox_counts() == {"finished": 1}

    @pytest.mark.parametrize(
        ("way", "junk", "fault"),
        [
            (("message", "from", "first_name"), {"x": 1}, "message.from.first_name is no str"),
            (("message", "text"), ["x"], "message.text is no str"),
            (("message", "message_id"), 2**70, "message.message_id is no int"),
            (("message", "reply_to_message", "chat"), 7, "message.reply_to_message.chat is no object"),
            (("message", "entities"), {}, "message.entities is no list"),
        ],
    )
    async def test_wrong_types_are_malformed_at_once(
        self, sqlite_bot: RunningBot, way: tuple[str, ...], junk: Any, fault: str
    ) -> None:
        """What python-telegram-bot lets through is parked by name, and not tried again."""
        plain = {"message": message(5, text="apa", entities=[], reply_to_message=message(6, text="nib"))}
        sqlite_bot.telegram.push(changed(plain, way, junk))
        await sqlite_bot.settled()

        rows = await sqlite_bot.rows(select(ReceivedUpdate.error, ReceivedUpdate.attempts))
        assert rows == [(f"Malformed: {fault}", 1)]

    async def test_very_many_digits_keep_nobody_waiting(self, sqlite_bot: RunningBot) -> None:
        """To strike identity numbers takes one go over the text; copied for each digit it took a minute."""
        sqlite_bot.telegram.push({"message": message(5, text="1 " * 300_000)})

        assert await sqlite_bot.says(sqlite_bot.person(6), "/batal")
