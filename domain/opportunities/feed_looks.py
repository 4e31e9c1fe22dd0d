"""What of a feed is new: which items become drafts now, which of them wait for the next look, and what is left out."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from db.models import Feed, FeedItem
from db.session import Session
from db.upsert import insert_new
from domain.opportunities.feed_items import Item

FIRST = 5
"""Drafts made of a feed's newest items when it is taken up: what stood there before is old."""

MOST = 20
"""Drafts made at one look: nobody reads more at once. The rest comes at the next ones."""

MOST_WAITING = 60
"""More than so many new ones is a site that renamed all its items: they do not flood an office hour after hour."""


@dataclass(frozen=True)
class New:
    """Newest first, each."""

    drafted: Sequence[Item] = ()
    left_out: Sequence[Item] = ()
    """Seen from now on, without a draft."""
    waiting: int = 0
    """So many become drafts at the next looks."""


async def new_in(session: Session, feed_id: int, items: Sequence[Item]) -> New:
    """What nobody has seen yet of *items* (newest first). A look that locks nothing: `note` decides again."""
    new = await _unseen(session, feed_id, items)
    if not await is_known(session, feed_id):
        return New(new[:FIRST], new[FIRST:])
    if len(new) > MOST_WAITING:
        return New(new[:MOST], new[MOST:])
    # The oldest first: they are the next to leave the site.
    return New(new[-MOST:], waiting=max(0, len(new) - MOST))


async def note(session: Session, feed_id: int, items: Sequence[Item], now: datetime) -> list[Item]:
    """Note that they were seen, in a locked feed; returns those that nobody had seen before."""
    new = await _unseen(session, feed_id, items)
    rows = [{"feed_id": feed_id, "key": hashed(key), "seen_at": now} for item in new for key in item.keys]
    if rows:
        await insert_new(session, FeedItem.__table__, rows, unique=["feed_id", "key"])  # type: ignore[attr-defined]  # SQLModel adds it
    return new


async def _unseen(session: Session, feed_id: int, items: Sequence[Item]) -> list[Item]:
    keys = [hashed(key) for item in items for key in item.keys]
    theirs = select(FeedItem.key).where(FeedItem.feed_id == feed_id, col(FeedItem.key).in_(keys))
    seen = set((await session.exec(theirs)).all())
    return [item for item in items if not seen & set(map(hashed, item.keys))]


async def is_known(session: Session, feed_id: int) -> bool:
    """Whether it was read before, if only before it was stopped."""
    feed = await session.get(Feed, feed_id)
    if feed is not None and feed.looked_at is not None:
        return True
    return (await session.exec(select(FeedItem.key).where(FeedItem.feed_id == feed_id).limit(1))).first() is not None


def hashed(key: str) -> str:
    """As a row holds it."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
