"""The shape every loop has: do one thing, say whether there was one, rest until woken."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from time import monotonic

import structlog

log = structlog.get_logger()

LOOK_EVERY = 0.5
"""Seconds between looks when nothing wakes a loop: the command line and other replicas write too."""

LONGEST_REST = 5.0
"""Seconds between tries while something outside is away."""


class Bell:
    """Wakes the loops that wait for it."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Until rung, but at most *seconds*."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            pass
        finally:
            self._event.clear()


class Loop:
    """Repeats *step* until stopped; a failing step is told of once, then tried again after a growing rest."""

    def __init__(
        self,
        name: str,
        step: Callable[[], Awaitable[bool]],
        rest: Callable[[], float] | None = None,
        takes: float = 0.0,
    ) -> None:
        self.name = name
        self.takes = takes
        """Seconds that a step may wait for somebody else."""
        self.bell = Bell()
        self.beat_at = monotonic()
        """When the loop last came round: an old one means it hangs."""
        self._step, self._rest = step, rest or (lambda: LOOK_EVERY)
        self._stopped = asyncio.Event()
        self._failures = 0

    def stop(self) -> None:
        self._stopped.set()
        self.bell.ring()

    async def run(self) -> None:
        while not self._stopped.is_set():
            self.beat_at = monotonic()
            try:
                did_something = await self._step()
            except Exception as error:  # noqa: BLE001 -- the one place: a loop must outlive whatever a step meets
                await self._recover(error)
                continue
            if self._failures:
                log.info("loop goes on", loop=self.name, after_failures=self._failures)
                self._failures = 0
            if not did_something and not self._stopped.is_set():
                await self.bell.wait(self._rest())

    async def _recover(self, error: Exception) -> None:
        self._failures += 1
        if self._failures == 1:
            log.warning("loop in trouble", loop=self.name, error=f"{type(error).__name__}: {error}"[:500])
        # Not the bell, which others ring: only a stop may cut this rest short.
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), min(LONGEST_REST, 0.2 * 2 ** min(self._failures, 10)))


async def end(tasks: Collection[asyncio.Task[None]], seconds: float) -> None:
    """Wait for *tasks*, at most *seconds*, and cut off those that go on."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
