"""What admins must hear of, looked at each minute; and HEARTBEAT_URL, called while all is well."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol

import aiohttp
import structlog

from bot.health import Check
from bot.leader import Leader
from bot.receiver import Receiver
from bot.settings import Settings
from db.session import Database, Session, sqlite_file
from domain.alarms import Alarms, open_alarms

log = structlog.get_logger()

DISK_LOW, DISK_ENOUGH = 0.10, 0.12
"""Parts of the disk that are free: the alarm begins below the one and ends above the other, so that it rings once."""

CLOCK_MAY_BE_OFF, CLOCK_IS_RIGHT = 30.0, 15.0
"""Seconds: more than the one, and promises of times become untrue."""

OUTSIDE_SECONDS = 10.0
"""How long an answer from outside may take."""


class Usage(Protocol):
    """A disk's bytes."""

    @property
    def total(self) -> int: ...
    @property
    def free(self) -> int: ...


@dataclass
class Watch:
    """Looks, and raises and ends alarms; only in the process that leads, since others may see another disk."""

    settings: Settings
    database: Database
    receiver: Receiver
    leader: Leader
    alarms: Alarms
    checks: Mapping[str, Check] = field(default_factory=dict)
    """What /readyz asks: while one of them fails, all is not well."""
    disk_usage: Callable[[Path], Usage] = shutil.disk_usage
    _silences: list[tuple[datetime, datetime]] = field(default_factory=list)

    def note_return(self, seconds: float) -> None:
        """Telegram is back after *seconds* of silence; the next look tells it."""
        now = self.alarms.now()
        self._silences.append((now - timedelta(seconds=seconds), now))

    async def look(self) -> None:
        """Look at everything once. Raises what the database raises, and the next look makes up for it."""
        if not self.leader.leads:
            return
        free, off = await self._free_part(), await seconds_off(self.settings.TELEGRAM_API_URL, self.alarms.now)
        told = len(self._silences)
        async with self.database.transaction(bulk=True) as session:
            if not await self.leader.holds(session):
                return
            await self._look_at_disk(session, free)
            await self._look_at_clock(session, off)
            await self._look_at_telegram(session)
            await self.alarms.count_parked(session)
            wrong = await open_alarms(session)
        del self._silences[:told]
        if not wrong and self.settings.heartbeat_url and await self._all_is_well():
            await beat(self.settings.heartbeat_url)

    async def _free_part(self) -> float | None:
        """Of the disk that holds the database; None when it is elsewhere or cannot be asked."""
        file = sqlite_file(self.database.url)
        if file is None:
            return None
        try:
            usage = await asyncio.to_thread(self.disk_usage, file.parent)
        except OSError as error:
            log.warning("disk not looked at", error=type(error).__name__)
            return None
        return usage.free / usage.total if usage.total else None

    async def _look_at_disk(self, session: Session, free: float | None) -> None:
        if free is None:
            return
        percent = str(int(free * 100))
        if free < DISK_LOW:
            await self.alarms.raise_alarm(session, "disk", percent)
        elif free > DISK_ENOUGH:
            await self.alarms.end_alarm(session, "disk", percent)

    async def _look_at_clock(self, session: Session, off: float | None) -> None:
        if off is None:
            return
        if abs(off) > CLOCK_MAY_BE_OFF:
            await self.alarms.raise_alarm(session, "clock", str(round(abs(off))))
        elif abs(off) < CLOCK_IS_RIGHT:
            await self.alarms.end_alarm(session, "clock")

    async def _look_at_telegram(self, session: Session) -> None:
        for began_at, ended_at in self._silences:
            await self.alarms.raise_alarm(session, "telegram", began_at=began_at)
            await self.alarms.end_alarm(session, "telegram", ended_at=ended_at)
        if self.receiver.hears:
            # One that an earlier process had begun, or that began and ended where nobody polls (webhook).
            await self.alarms.end_alarm(session, "telegram")
        else:
            began_at = self.alarms.now() - timedelta(seconds=self.receiver.seconds_since_good)
            await self.alarms.raise_alarm(session, "telegram", began_at=began_at)

    async def _all_is_well(self) -> bool:
        return not any([await check() for check in self.checks.values()])


async def seconds_off(address: str, now: Callable[[], datetime]) -> float | None:
    """How far *now* is ahead of the clock of whoever answers at *address*; None when they tell no time."""
    timeout = aiohttp.ClientTimeout(total=OUTSIDE_SECONDS)
    try:
        # Telegram's address leads on to a page about bots, which is none of our business.
        async with (
            aiohttp.ClientSession(timeout=timeout) as client,
            client.get(address, allow_redirects=False) as answer,
        ):
            return (now() - parsedate_to_datetime(answer.headers["Date"])).total_seconds()
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError, TypeError):
        return None


async def beat(url: str) -> None:
    """Call *url*; when that fails, say so and nothing else, since whoever misses the call raises the alarm."""
    timeout = aiohttp.ClientTimeout(total=OUTSIDE_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as client, client.get(url) as answer:
            answer.raise_for_status()
    except aiohttp.ClientResponseError as error:
        log.warning("heartbeat failed", error=f"HTTP {error.status}")
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        # Not its words: they would name the address, which is as good as a password.
        log.warning("heartbeat failed", error=type(error).__name__)
