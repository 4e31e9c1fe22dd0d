"""The clock: each tick by itself."""

import asyncio

from bot import clockwork
from bot.scheduler import ticking
from tests.support.running import PATIENCE, RunningBot


class TestTicking:
    async def test_one_that_fails_keeps_none_of_the_others(self) -> None:
        """A deed that fails each minute is told of, and the others are done all the same."""
        done = asyncio.Event()

        async def fail() -> None:
            raise ValueError("out of sugar")

        async def pass_by() -> None:
            pass

        async def do() -> None:
            done.set()

        with ticking(pass_by, "Asia/Jakarta", fail, do):
            async with asyncio.timeout(PATIENCE):
                await done.wait()

    async def test_has_each_deed_of_the_domain(self, bot: RunningBot) -> None:
        """Every deed of the clock is a tick of its own, and is called by its name in the log."""
        assert [tick.__name__ for tick in bot.app.ticks()] == [deed.__name__ for deed in clockwork.DEEDS]
