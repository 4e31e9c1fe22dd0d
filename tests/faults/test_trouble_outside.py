"""Telegram or the database is away, silent, or refuses us: nothing is lost, it is said, and it goes on by itself."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from typing import Any

import aiohttp
import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlmodel import select
from telegram.ext import MessageHandler, filters

from bot import health, loops, receiver
from bot.app import App, open_app
from bot.settings import BadSetting
from db import session
from db.models import Question, ReceivedUpdate, UpdateState
from db.session import sqlite_file
from domain.knowledge.shelf import Library
from handlers.turn import Context
from simulator import PretendTelegram, serve
from tests.conftest import LAMONGAN
from tests.faults.waiting import until
from tests.support.running import TOKEN, RunningBot, running_bot, settings_for


@pytest.fixture(autouse=True)
def short_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop in trouble rests for seconds, of which nothing is to be learned."""
    monkeypatch.setattr(loops, "LONGEST_REST", 0.05)


def lines(said: list[Any], event: str) -> list[Any]:
    return [line for line in said if line["event"] == event]


def troubled_loops(said: list[Any]) -> list[str]:
    return [line["loop"] for line in lines(said, "loop in trouble")]


class TestStart:
    async def test_a_token_that_telegram_refuses(self, sqlite_alone: str, library: Library) -> None:
        """With a token that Telegram refuses the bot does not start, and names the setting."""
        async with serve(PretendTelegram(token="1000:another")) as address:
            with pytest.raises(BadSetting, match="BOT_TOKEN"):
                async with open_app(settings_for(address, sqlite_alone, DISTRICT_DIR=LAMONGAN), library=library):
                    pass

    @pytest.mark.parametrize("is_gateway", [False, True])
    async def test_waits_while_telegram_is_away(
        self, sqlite_alone: str, library: Library, said: list[Any], is_gateway: bool
    ) -> None:
        """While Telegram is away at the start the bot waits for it, says so, and then starts."""
        telegram = PretendTelegram(token=TOKEN)
        telegram.outage = not is_gateway
        if is_gateway:
            telegram.fail("getMe", kind="502", times=1000)
        async with serve(telegram) as address:
            opening = asyncio.create_task(reach(address, sqlite_alone, library))
            await until(lambda: lines(said, "Telegram is away; waiting"))
            telegram.outage = False
            telegram.failures.ordered.clear()

            assert await opening == "demo_bot"


async def reach(address: str, database_url: str, library: Library) -> str:
    """The bot's name, once the app is open."""
    async with open_app(settings_for(address, database_url, DISTRICT_DIR=LAMONGAN), library=library) as app:
        return app.application.bot.username


class TestSilence:
    @pytest.fixture
    def short_silence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Half a minute of silence, in half a second."""
        monkeypatch.setattr(receiver, "POLL_SECONDS", 1)
        monkeypatch.setattr(receiver, "GRACE_SECONDS", 0.2)
        monkeypatch.setattr(receiver, "SILENT_AFTER", 0.5)

    @pytest.mark.usefixtures("short_silence")
    @pytest.mark.parametrize("kind", ["timeout", "502", "reset_before", "outage"])
    async def test_is_seen_said_and_healed(
        self, sqlite_alone: str, library: Library, said: list[Any], kind: str
    ) -> None:
        """A receiver without a good answer is not ready, says so once, and hears again as soon as Telegram speaks."""
        async with running_bot(sqlite_alone, LAMONGAN, library=library) as bot, readiness(bot.app) as ready:
            assert await ready()
            order_silence(bot, kind)
            await until(lambda: lines(said, "telegram is silent"))
            assert not await ready()
            bot.person().write("/bantuan")
            await asyncio.sleep(0.3)  # a few more polls fail, and nothing more is said

            bot.telegram.outage = False
            bot.telegram.failures.ordered.clear()
            await bot.telegram.wait_until(lambda: bot.person().texts(), timeout=10)

            assert await ready()
            assert len(lines(said, "telegram is silent")) == 1
            assert len(lines(said, "telegram is back")) == 1

    @pytest.mark.parametrize(
        ("kind", "event"),
        [
            ("409", "another process polls with the same BOT_TOKEN: stop it"),
            ("401", "Telegram refuses BOT_TOKEN"),
        ],
    )
    async def test_a_refusal_is_said_once(self, sqlite_bot: RunningBot, said: list[Any], kind: str, event: str) -> None:
        """Why Telegram gives us nothing is said once, not at each poll, and then it goes on."""
        sqlite_bot.telegram.fail("getUpdates", kind=kind, times=3)
        sqlite_bot.person().write("/bantuan")
        await sqlite_bot.telegram.wait_until(lambda: not sqlite_bot.telegram.failures.ordered, timeout=10)

        await sqlite_bot.telegram.wait_until(lambda: len(sqlite_bot.person().texts()) == 1, timeout=10)
        assert len(lines(said, event)) == 1


@asynccontextmanager
async def readiness(app: App) -> AsyncIterator[Any]:
    """Asks /readyz whether the process is ready."""
    async with health.serving(health.pages(app.checks()), "127.0.0.1", 0) as address, aiohttp.ClientSession() as client:

        async def ready() -> bool:
            async with client.get(f"{address}/readyz") as answer:
                said = await answer.json()
                assert answer.status == (200 if said["ready"] else 503)
                return bool(said["ready"])

        yield ready


def order_silence(bot: RunningBot, kind: str) -> None:
    if kind == "outage":
        bot.telegram.outage = True
        return
    bot.telegram.fail("getUpdates", kind=kind, times=1000)
    bot.person(999).write("/batal")  # ends the poll that is under way


class TestDatabaseAway:
    async def test_goes_on_as_if_nothing_had_been(
        self, database_url: str, library: Library, said: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """While the database is away nothing is acknowledged, counted or lost; each loop says so once."""
        monkeypatch.setattr(session, "BUSY_TIMEOUT", 50)  # SQLite would wait for five seconds
        async with running_bot(database_url, LAMONGAN, library=library) as bot:
            await bot.says(bot.person(99), "/batal")
            people = [bot.person(number) for number in range(1, 6)]
            async with away(database_url):
                for person in people:
                    person.write("cara bikin nib gimana")
                await until(
                    lambda: [line for line in lines(said, "loop in trouble") if line["loop"] == "receiver"],
                    lambda: said,
                )
                assert bot.telegram.pending_updates() == 5
            await bot.settled()

            assert [len(person.texts()) for person in people] == [1] * 5
            assert await bot.rows(select(ReceivedUpdate.attempts)) == [1] * 6
            assert len(await bot.rows(select(Question.id))) == 5
        assert len(troubled_loops(said)) == len(set(troubled_loops(said)))

    async def test_lost_in_the_middle_of_a_turn(self, postgres_alone: str, library: Library) -> None:
        """A turn that loses its database is undone and comes again, and no attempt is counted."""
        losses = [text("SELECT pg_terminate_backend(pg_backend_pid())")] * 2

        async def lose(_: object, context: Context) -> None:
            if losses:
                await (await context.turn.session.connection()).execute(losses.pop())

        async with running_bot(postgres_alone, LAMONGAN, library=library) as bot:
            bot.app.application.add_handler(MessageHandler(filters.TEXT, lose), group=1)
            await bot.says(bot.person(), "cara bikin nib gimana")
            await bot.settled()

            assert losses == []
            (update,) = await bot.rows(select(ReceivedUpdate))
            assert (update.state, update.attempts) == (UpdateState.FINISHED, 1)
            assert len(await bot.rows(select(Question))) == 1
        assert len(bot.person().texts()) == 1


async def _seize(other: sqlite3.Connection) -> None:
    """Take the file's write lock between two transactions of the bot's, which goes on meanwhile."""
    while not other.in_transaction:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            await asyncio.sleep(0.01)


@asynccontextmanager
async def away(database_url: str) -> AsyncIterator[None]:
    """The database takes nobody while the block runs."""
    if file := sqlite_file(make_url(database_url)):
        with closing(sqlite3.connect(file, timeout=0)) as other:
            await _seize(other)
            yield
        return
    name = make_url(database_url).database
    admin = await asyncpg.connect(database_url.replace("+asyncpg", "").replace(f"/{name}?", "/postgres?"))
    try:
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        yield
    finally:
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await admin.close()
