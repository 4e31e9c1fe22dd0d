"""A turn that fails, hangs or kills its process is tried again, then parked, and holds up nobody else."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlmodel import col, select
from telegram import Update
from telegram.ext import MessageHandler, filters

from bot import dispatcher
from db import inbox
from db.models import Question, ReceivedUpdate, UpdateState
from handlers.turn import Context
from messages import say
from tests.faults.scene import Scene
from tests.faults.workers import Workers
from tests.support.running import RunningBot

APOLOGY = say("trouble.parked").in_language("id")
Deed = Callable[[], Awaitable[object]]


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed update is tried again at once, since for how long it rests is another test's."""
    monkeypatch.setattr(inbox, "RETRY_AFTER", (timedelta(), timedelta()))


def put(bot: RunningBot, words: str, deed: Deed) -> list[str]:
    """Let *deed* follow the answer to whoever writes *words*; returns what was done, as it is done."""
    tries: list[str] = []

    async def follow(update: Update, _: Context) -> None:
        tries.append(words)
        await deed()

    bot.app.application.add_handler(MessageHandler(filters.Text([words]), follow), group=1)
    return tries


async def fail() -> None:
    raise ValueError("out of sugar")


async def miss_a_file() -> None:
    raise FileNotFoundError("no such picture")


async def hang() -> None:
    await asyncio.Event().wait()


class TestFailure:
    @pytest.mark.usefixtures("soon")
    async def test_is_parked_after_three_tries(self, bot: RunningBot) -> None:
        """A turn that fails is undone and tried three times; then the person hears it honestly, once."""
        sari = bot.person()
        tries = put(bot, "gula", fail)
        sari.write("gula")
        sari.write("/batal")
        await bot.telegram.wait_until(lambda: len(sari.texts()) == 2, timeout=10)
        await bot.settled()

        assert len(tries) == 3
        assert sari.texts()[0] == APOLOGY
        assert await bot.rows(select(Question)) == []
        failed, next_one = await bot.rows(select(ReceivedUpdate).order_by(col(ReceivedUpdate.id)))
        assert (failed.state, failed.attempts) == (UpdateState.PARKED, 3)
        assert failed.error == "ValueError: out of sugar"
        assert next_one.state == UpdateState.FINISHED

    @pytest.mark.usefixtures("soon")
    @pytest.mark.parametrize("deed", [miss_a_file, hang])
    async def test_is_no_trouble_of_the_databases(
        self, sqlite_bot: RunningBot, monkeypatch: pytest.MonkeyPatch, deed: Deed
    ) -> None:
        """What looks like an operating system's error, or never ends, is a failure like any other."""
        if deed is hang:
            monkeypatch.setattr(dispatcher, "TURN_SECONDS", 0.3)  # nobody wants to wait for a turn that hangs
        tries = put(sqlite_bot, "/gula", deed)

        assert await sqlite_bot.says(sqlite_bot.person(), "/gula") == APOLOGY
        assert len(tries) == 3

    async def test_holds_its_chat_only(self, sqlite_bot: RunningBot, monkeypatch: pytest.MonkeyPatch) -> None:
        """While a failed update rests its chat waits with it, and nobody else."""
        monkeypatch.setattr(inbox, "RETRY_AFTER", (timedelta(hours=1),))
        sari, budi = sqlite_bot.person(1), sqlite_bot.person(2, "Budi")
        tries = put(sqlite_bot, "gula", fail)
        sari.write("gula")
        sari.write("/batal")

        await sqlite_bot.says(budi, "/batal")

        assert sari.texts() == []
        assert len(tries) == 1


class TestDeath:
    async def test_is_parked_and_takes_no_other_down(self, scene: Scene, workers: Workers) -> None:
        """An update that kills the process at each try is parked; those claimed beside it are answered, none parked."""
        deadly, others = scene.telegram.person(1), [scene.telegram.person(number) for number in range(2, 12)]
        deadly.write("mati")
        for other in others:
            other.write("/batal")
        deadly.write("/batal")
        for _ in range(3):
            bot = await workers.start(scene.database_url, scene.address)
            assert await bot.ended() == -signal.SIGKILL
            await scene.let_claims_run_out()
        bot = await workers.start(scene.database_url, scene.address)
        await scene.settled()

        parked, *rest = await scene.updates()
        assert (parked.state, parked.error) == (UpdateState.PARKED, "RuntimeError: the process ended during each try")
        assert {update.state for update in rest} == {UpdateState.FINISHED}
        assert deadly.texts()[0] == APOLOGY
        assert len(deadly.texts()) == 2
        assert all(other.texts() for other in others)
        await bot.stop()
