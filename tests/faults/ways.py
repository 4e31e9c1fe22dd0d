"""The real bot by each way that updates come: it asks Telegram for them, or Telegram posts them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from domain.knowledge.shelf import Library
from tests.bot.test_webhook import SECRET, serving
from tests.conftest import LAMONGAN
from tests.support.running import RunningBot, running_bot

WAYS = ("polling", "webhook")


@asynccontextmanager
async def receiving(way: str, database_url: str, library: Library) -> AsyncIterator[RunningBot]:
    """The bot running; what is pushed into its Telegram's queue comes to it by *way*, whatever it asked for."""
    if way == "polling":
        async with running_bot(database_url, LAMONGAN, library=library) as bot:
            yield bot
        return
    async with serving(database_url, library) as (bot, address):
        await bot.app.application.bot.set_webhook(address, secret_token=SECRET)
        yield bot
