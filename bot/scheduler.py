"""Clock -> domain: APScheduler ticks; what is due stands in rows."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger()

Tick = Callable[[], Awaitable[None]]


@contextmanager
def ticking(hourly: Tick, timezone: str, *minutely: Tick) -> Iterator[None]:
    """Call *hourly* and *minutely* at once and then every hour and minute while the block runs."""
    scheduler = AsyncIOScheduler(timezone=timezone)
    # Without a grace time APScheduler drops a tick that is a second late.
    how = {"next_run_time": datetime.now(UTC), "misfire_grace_time": None, "coalesce": True}
    for tick, seconds in ((hourly, 3600), *((tick, 60) for tick in minutely)):
        scheduler.add_job(_guarded(tick), "interval", seconds=seconds, **how)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)


def _guarded(tick: Tick) -> Tick:
    async def run() -> None:
        try:
            await tick()
        except asyncio.CancelledError:
            # The scheduler was shut down; it would log that as an error of the tick.
            log.info("tick cut off", tick=tick.__name__)
        except Exception as error:  # noqa: BLE001 -- the clock's one place: the next tick tries again
            log.warning("tick failed", tick=tick.__name__, error=f"{type(error).__name__}: {error}")

    return run
