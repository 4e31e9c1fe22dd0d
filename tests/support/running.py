"""The real bot on a pretend Telegram, and the real database under it."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.app import App, open_app
from bot.demo import DemoSettings
from bot.settings import Settings
from db import inbox, outbox
from db.session import Database, sqlite_file, to_async_url
from domain.knowledge.shelf import Library, Shelf
from simulator import Person, PretendTelegram, serve
from tests.support.settling import POLL, is_settled

TOKEN = "1000:test"
PATIENCE = 30.0
"""Seconds until a test gives up waiting."""


@dataclass
class RunningBot:
    """A bot that runs, and what surrounds it."""

    telegram: PretendTelegram
    app: App
    settings: Settings

    @property
    def database(self) -> Database:
        return self.app.database

    def person(self, number: int = 101, name: str = "Sari", **details: Any) -> Person:
        return self.telegram.person(number, first_name=name, **details)

    async def says(self, person: Person, text: str) -> str:
        """Write *text* and wait for what the bot says next."""
        return await self.reply_after(person, lambda: person.write(text))

    async def reply_after(self, person: Person, deed: Callable[[], Any]) -> str:
        """Do *deed* and return the text of the message that follows."""
        seen = len(person.texts())
        deed()
        await self.telegram.wait_until(lambda: len(person.texts()) > seen, timeout=PATIENCE)
        return person.texts()[seen]

    async def settled(self, patience: float = PATIENCE) -> None:
        """Until nothing is under way: Telegram has nothing more for us, and neither have inbox and outbox."""
        until = time.monotonic() + patience
        while not await is_settled(self.telegram, self.database):
            if time.monotonic() > until:
                raise TimeoutError(f"inbox {await self.inbox_counts()}, outbox {await self.outbox_counts()}")
            await asyncio.sleep(POLL)

    async def inbox_counts(self) -> dict[str, int]:
        async with self.database.reading() as session:
            return await inbox.counts(session)

    async def outbox_counts(self) -> dict[str, int]:
        async with self.database.reading() as session:
            return await outbox.counts(session)

    async def rows(self, statement: Any) -> list[Any]:
        """Whatever *statement* selects."""
        async with self.database.reading() as session:
            return list((await session.exec(statement)).all())

    async def shelf(self) -> Shelf:
        async with self.database.reading() as session:
            return await self.app.house.library.shelf(session)


def settings_for(address: str, database_url: str, **changes: Any) -> Settings:
    """Settings for tests: nothing of the environment, a rate that does not slow tests down."""
    given: dict[str, Any] = {"SEND_RATE": 1000, "ALLOW_PAID_BROADCAST": True, "HTTP_PORT": 0}
    file = sqlite_file(to_async_url(database_url))
    given["ERASED_LIST"] = file.with_name("erased.txt") if file else Path(tempfile.gettempdir(), "umkm-erased.txt")
    given |= changes
    return DemoSettings(
        BOT_TOKEN=SecretStr(TOKEN), TELEGRAM_API_URL=address, DATABASE_URL=SecretStr(database_url), **given
    )


@asynccontextmanager
async def running_bot(
    database_url: str,
    district: Path,
    telegram: PretendTelegram | None = None,
    now: Callable[[], datetime] | None = None,
    library: Library | None = None,
    **changes: Any,
) -> AsyncIterator[RunningBot]:
    """The bot running on *database_url* while the block runs."""
    telegram = telegram or PretendTelegram(token=TOKEN)
    telegram.flood_limits = False
    async with serve(telegram) as address:
        settings = settings_for(address, database_url, DISTRICT_DIR=district, **changes)
        async with open_app(settings, now=now, library=library) as app:
            app.start()
            try:
                yield RunningBot(telegram, app, settings)
            finally:
                await app.stop()
