"""The feeds looked at, one at a time, each when it is due; nothing of the database is held while a site answers."""

import asyncio
from dataclasses import dataclass, field

import aiohttp
import structlog

from bot.feeds.fetching import LIMITS, Limits, Marks, fetch
from bot.feeds.parsing import SECONDS, Feed, parse
from bot.feeds.troubles import NotRead, Unreadable
from db.session import Database
from db.trouble import is_outside
from domain.opportunities import feed_looks, feeds
from domain.opportunities.feed_items import draft_of
from domain.opportunities.feeds import Claimed, Head
from handlers.turn import House

log = structlog.get_logger()

LOOK_EVERY = 10.0
"""Seconds between looks for one that is due; one that was added just now rings."""

OUTSIDE_SECONDS = 5.0
"""How long it may take to tell whether our own network is there."""

TAKES = LIMITS.seconds + SECONDS + OUTSIDE_SECONDS
"""Seconds, at most, for one that answers slowly and is hard to read."""


@dataclass
class Feeds:
    """The loop; only in the process that leads."""

    database: Database
    house: House
    outside: str
    """An address that answers as long as our own network is there: Telegram's.

    A Telegram server of one's own, on this machine or near it, answers always: then each failure is the feed's.
    """
    limits: Limits = LIMITS
    _is_away: bool = field(default=False, init=False)

    async def look_next(self) -> bool:
        """Look at the feed that waits longest; whether there was one."""
        async with self.database.reading() as session:
            if not await feeds.is_due(session, self.house.now()):
                return False
        async with self.database.transaction(bulk=True) as session:
            claimed = await feeds.claim(session, self.house.now())
        if claimed is None:
            return False
        try:
            await self._look(claimed)
            self._tell_way(is_away=False)
        except NotRead as trouble:
            await self._note(claimed, trouble)
        except Exception as error:  # a fault of ours, met again at each look: counted, not made for ever
            if is_outside(error):
                raise
            log.error("a feed could not be taken", feed=claimed.id, exc_info=error)
            async with self.database.transaction(bulk=True) as session:
                await feeds.note_trouble(session, claimed.id, Unreadable.key, self.house.district, self.house.now())
        return True

    async def _note(self, claimed: Claimed, trouble: NotRead) -> None:
        """Whatever it was, it may be our own network's fault: then it is no feed's."""
        is_away = not await _answers(self.outside)
        self._tell_way(is_away=is_away)
        async with self.database.transaction(bulk=True) as session:
            if is_away:
                await feeds.put_off(session, claimed.id, self.house.now())
                return
            # Not the address: somebody may have typed more into it than they meant to.
            log.info("feed not read", feed=claimed.id, trouble=trouble.key)
            await feeds.note_trouble(session, claimed.id, trouble.key, self.house.district, self.house.now())

    def _tell_way(self, *, is_away: bool) -> None:
        """Log once that our own network went away, and that it is back."""
        if is_away and not self._is_away:
            log.warning("our network is away; feeds wait")
        elif self._is_away and not is_away:
            log.info("our network is back; feeds are read again")
        self._is_away = is_away

    async def _look(self, claimed: Claimed) -> None:
        """Raises NotRead."""
        fetched = await fetch(claimed.url, Marks(claimed.etag, claimed.modified), self.limits)
        if fetched is None:
            async with self.database.transaction(bulk=True) as session:
                await feeds.note_unchanged(session, claimed.id, self.house.now())
            return
        await self._take(claimed, await parse(fetched), fetched.marks)

    async def _take(self, claimed: Claimed, found: Feed, marks: Marks) -> None:
        now, district, name = self.house.now(), self.house.district, feeds.name_of(found.title, claimed)
        async with self.database.reading() as session:
            new = await feed_looks.new_in(session, claimed.id, found.items)
        # In another thread and before the transaction: meanwhile turns are answered.
        readings = [await asyncio.to_thread(draft_of, item, name, district, now) for item in new.drafted]
        async with self.database.transaction(bulk=True) as session:
            head = Head(found.title, found.link, marks.etag, marks.modified)
            drafts = await feeds.take(session, claimed.id, head, new, readings, district, now)
        if drafts:
            log.info("feed brought drafts", feed=claimed.id, drafts=len(drafts))


async def _answers(address: str) -> bool:
    """Whether anything stands there, whatever it says."""
    timeout = aiohttp.ClientTimeout(total=OUTSIDE_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as client, client.get(address, allow_redirects=False):
            return True
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return False
