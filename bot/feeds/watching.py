"""The feeds looked at, one at a time, each when it is due; nothing of the database is held while a site answers."""

from dataclasses import dataclass

import structlog

from bot.feeds.fetching import LIMITS, Limits, Marks, fetch
from bot.feeds.parsing import SECONDS, Feed, parse
from bot.feeds.troubles import NotRead, Unreadable
from db.session import Database, Session
from db.trouble import is_outside
from domain.opportunities import feeds
from domain.opportunities.feeds import Claimed
from handlers.turn import House

log = structlog.get_logger()

LOOK_EVERY = 10.0
"""Seconds between looks for one that is due; one that was added just now rings."""

TAKES = LIMITS.seconds + SECONDS
"""Seconds, at most, for one that answers slowly and is hard to read."""


@dataclass
class Feeds:
    """The loop; only in the process that leads."""

    database: Database
    house: House
    limits: Limits = LIMITS

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
        except NotRead as trouble:
            # Not the address: somebody may have typed more into it than they meant to.
            log.info("feed not read", feed=claimed.id, trouble=trouble.key)
            async with self.database.transaction(bulk=True) as session:
                await feeds.note_trouble(session, claimed.id, trouble.key, self.house.district, self.house.now())
        except Exception as error:  # a fault of ours, met again at each look: counted, not made for ever
            if is_outside(error):
                raise
            log.error("a feed could not be taken", feed=claimed.id, exc_info=error)
            async with self.database.transaction(bulk=True) as session:
                await feeds.note_trouble(session, claimed.id, Unreadable.key, self.house.district, self.house.now())
        return True

    async def _look(self, claimed: Claimed) -> None:
        """Raises NotRead."""
        fetched = await fetch(claimed.url, Marks(claimed.etag, claimed.modified), self.limits)
        found = await parse(fetched) if fetched else None
        async with self.database.transaction(bulk=True) as session:
            if fetched is None or found is None:
                await feeds.note_unchanged(session, claimed.id, self.house.now())
            else:
                await self._take(session, claimed.id, found, fetched.marks)

    async def _take(self, session: Session, feed_id: int, found: Feed, marks: Marks) -> None:
        now, kept = self.house.now(), (marks.etag, marks.modified)
        drafts = await feeds.take(session, feed_id, found.title, found.items, kept, self.house.district, now)
        if drafts:
            log.info("feed brought drafts", feed=feed_id, drafts=len(drafts))
