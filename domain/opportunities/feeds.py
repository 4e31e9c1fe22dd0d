"""Feeds, whose new items become drafts: added, looked at when they are due, stopped. None of it sends anything out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from db.models import Feed, FeedItem, Opportunity, OpportunityState, Person
from db.one_at_a_time import one_at_a_time
from db.session import Session, note_new
from domain import audit, staff
from domain.audit import SYSTEM
from domain.district import District
from domain.errors import NotForYou, Refusal, Unfit
from domain.opportunities import composing, feed_looks, feed_news
from domain.opportunities.feed_items import Reading
from domain.opportunities.feed_looks import New
from messages import Number, say
from messages.limits import cut

QUEUE = "feeds"
"""Rung when one is to be looked at now."""

EVERY = timedelta(hours=1)
SPREAD = 300
"""Seconds over which those that were added together come to lie apart."""

LONGEST_REST = timedelta(days=1)
"""Of one that cannot be read."""

PUT_OFF = timedelta(minutes=5)
"""Of all of them, while our own network is away."""

CLAIM_LASTS = timedelta(minutes=2)
"""Longer than a look takes; one that was killed in it is looked at again then."""

TOLD_AFTER = 2
"""Failures in a row, about an hour: a site that is off for a moment concerns nobody."""

MOST_FEEDS = 30
"""Of one office."""

LONGEST_URL, LONGEST_TITLE = 1_000, 120
"""Characters."""

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
_PORT = {"http": re.compile(r":(80)?$"), "https": re.compile(r":(443)?$")}
"""What goes without saying."""


class FeedThere(Refusal):
    """Its office has it already."""

    def __init__(self, feed: Feed) -> None:
        super().__init__(say("feed.there", title=title_of(feed)), [[feed_news.LIST]])


class TooManyFeeds(Refusal):
    """Nobody could look at what they bring."""

    def __init__(self) -> None:
        super().__init__(say("feed.too_many", most=Number(MOST_FEEDS)), [[feed_news.LIST]])


@dataclass(frozen=True)
class Claimed:
    """A feed that is to be looked at now, as it stood when it was claimed."""

    id: int
    url: str
    title: str
    etag: str | None
    modified: str | None


@dataclass(frozen=True)
class Head:
    """What a feed tells of itself."""

    title: str
    link: str | None
    """Of its page for people: http or https."""
    etag: str | None = None
    modified: str | None = None
    """What the site gave to tell whether it changes."""


# The officers' deeds.


async def of_offices(session: Session, offices: Sequence[str]) -> list[Feed]:
    """Those that are not stopped, by title."""
    theirs = select(Feed).where(col(Feed.office).in_(offices), col(Feed.stopped_at).is_(None))
    return list((await session.exec(theirs.order_by(func.lower(col(Feed.title)), col(Feed.id)))).all())


async def access(
    session: Session, person: Person, feed_id: int, *, reads: bool = False, is_of_drafts: bool = False
) -> Feed:
    """The feed, locked, for an officer of its office. *reads*: nothing is changed, so a reader may too.

    Raises NotForYou for anybody else, and for one there is not, or not any more unless it is its drafts that are meant.
    """
    feed = await session.get(Feed, feed_id)
    if feed is None:
        raise NotForYou
    await staff.access(session, person, office=feed.office, reads=reads)
    feed = feed if reads else await _locked(session, feed_id)
    if feed is None or (feed.stopped_at is not None and not is_of_drafts):
        raise NotForYou
    return feed


async def add(session: Session, person: Person, office: str, typed: str, now: datetime) -> Feed:
    """Take up what an officer typed; it is looked at at once, and they hear what came of it.

    One that was stopped goes on where it was. Raises NotForYou, Unfit, FeedThere, TooManyFeeds.
    """
    await staff.access(session, person, office=office)
    url = address_of(typed)
    await one_at_a_time(session, f"feeds:{office}")
    theirs = (await session.exec(select(Feed).where(Feed.office == office))).all()
    live = [one for one in theirs if one.stopped_at is None]
    if there := next((one for one in live if one.url == url), None):
        raise FeedThere(there)
    if len(live) >= MOST_FEEDS:
        raise TooManyFeeds
    feed = next((one for one in theirs if one.url == url), None) or Feed(
        office=office, url=url, made_at=now, next_at=now
    )
    feed.made_by, feed.made_at, feed.next_at = person.id, now, now
    feed.looked_at = feed.stopped_at = feed.trouble = feed.told_trouble_at = feed.etag = feed.modified = None
    feed.failures = 0
    session.add(feed)
    await session.flush()
    await _record(session, composing.actor(person), "feed.added", feed, now)
    note_new(session, QUEUE)
    return feed


def address_of(typed: str) -> str:
    """What was typed, as an address, always written alike; https is meant where the scheme was left out. Raises Unfit.

    Where it leads is looked at when it is opened; here only what no row is to hold is refused.
    """
    typed = typed.strip()
    address = typed if _SCHEME.match(typed) else f"https://{typed}"
    try:
        parts = urlsplit(address)
        # However it is typed, one site is one source.
        parts = parts._replace(
            netloc=_PORT[parts.scheme].sub("", parts.netloc.lower()), path=parts.path or "/", fragment=""
        )
    except (ValueError, KeyError):
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or "." not in parts.netloc or re.search(r"\s", address):
        raise Unfit(say("feed.no_address"))
    if len(address) > LONGEST_URL:
        raise Unfit(say("feed.no_address"))
    if "@" in parts.netloc:
        raise Unfit(say("feed.has_password"))
    return parts.geturl()


async def stop(session: Session, feed: Feed, person: Person, now: datetime) -> None:
    """Look at a locked feed no more; its drafts stay."""
    feed.stopped_at = now
    await _record(session, composing.actor(person), "feed.stopped", feed, now)


async def untouched(session: Session, feed: Feed, first: int, last: int) -> list[Opportunity]:
    """Drafts made of *feed*, with numbers from *first* to *last*, that nobody has changed since."""
    theirs = select(Opportunity).join(FeedItem, col(FeedItem.opportunity_id) == col(Opportunity.id))
    theirs = theirs.where(FeedItem.feed_id == feed.id, col(Opportunity.id).between(first, last))
    theirs = theirs.where(Opportunity.state == OpportunityState.DRAFT, Opportunity.changed_at == Opportunity.made_at)
    locked = theirs.order_by(col(Opportunity.id)).with_for_update(of=Opportunity, key_share=True)
    return list((await session.exec(locked)).all())


def title_of(feed: Feed) -> str:
    """What it calls itself, or its address as long as nobody has read it."""
    return feed.title or cut(feed.url, LONGEST_TITLE)


# The looks.


async def is_due(session: Session, now: datetime) -> bool:
    """Whether one is to be looked at: a look that locks nothing."""
    return (await session.exec(_due(now))).first() is not None


async def claim(session: Session, now: datetime) -> Claimed | None:
    """The feed that waits longest; for a while nobody else takes it. Nothing is kept locked while it is read."""
    id = (await session.exec(_due(now))).first()
    feed = None if id is None else await _locked(session, id)
    if feed is None or feed.stopped_at is not None or feed.next_at > now:
        return None
    feed.next_at = now + CLAIM_LASTS
    await session.flush()
    return Claimed(feed.id, feed.url, title_of(feed), feed.etag, feed.modified)


def name_of(title: str, claimed: Claimed) -> str:
    """What it is called from now on, where it calls itself *title*."""
    return cut(title.strip(), LONGEST_TITLE) or claimed.title


async def take(
    session: Session,
    feed_id: int,
    head: Head,
    new: New,
    readings: Sequence[Reading],
    district: District,
    now: datetime,
) -> list[Opportunity]:
    """Make drafts of *readings*, one for each item that *new* names for it, and tell the office; returns them."""
    feed = await _locked(session, feed_id)
    if feed is None or feed.stopped_at is not None:
        return []
    is_first = feed.looked_at is None
    is_again = is_first and await feed_looks.is_known(session, feed_id)
    feed.title = cut(head.title.strip(), LONGEST_TITLE) or feed.title
    # What waits is there next time, whether anything changed by then or not.
    feed.etag, feed.modified = (None, None) if new.waiting else (head.etag, head.modified)
    left_out = await feed_looks.note(session, feed_id, new.left_out, now)
    mine = await feed_looks.note(session, feed_id, [one.item for one in readings], now)
    readings = [one for one in readings if one.item in mine]
    # The oldest first, so that the newest has the highest number, as everywhere.
    drafts = [await _draft(session, feed, one, district, now) for one in reversed(readings)][::-1]
    await _worked(session, feed, now)
    told = enumerate(zip(drafts, readings, strict=True), 1)
    lines = tuple(feed_news.line(at, draft, reading.passed, district) for at, (draft, reading) in told)
    more = feed_news.more(_site(feed, head), new.waiting, len(left_out))
    added = ("feed.added_again" if is_again else "feed.added") if is_first else None
    await feed_news.tell_taken(session, feed, title_of(feed), drafts, (*lines, *more), added=added)
    return drafts


def _site(feed: Feed, head: Head) -> str:
    """Where people read what *feed* tells: the feed itself is none of their pages."""
    return head.link if head.link and head.link != feed.url else urljoin(feed.url, "/")


async def _draft(session: Session, feed: Feed, reading: Reading, district: District, now: datetime) -> Opportunity:
    values = reading.values
    draft = await composing.make(session, feed.office, values, SYSTEM, district, now, read=tuple(values))
    seen = await session.get_one(FeedItem, (feed.id, feed_looks.hashed(reading.item.keys[0])))
    seen.opportunity_id = draft.id
    await session.flush()
    return draft


async def note_unchanged(session: Session, feed_id: int, now: datetime) -> None:
    """The site says that nothing changed since the last look."""
    feed = await _locked(session, feed_id)
    if feed is not None and feed.stopped_at is None:
        await _worked(session, feed, now)


async def _worked(session: Session, feed: Feed, now: datetime) -> None:
    if feed.told_trouble_at is not None:
        await feed_news.tell_mended(session, feed, title_of(feed))
    feed.looked_at, feed.failures, feed.trouble, feed.told_trouble_at = now, 0, None, None
    feed.next_at = now + EVERY + timedelta(seconds=feed.id * 37 % SPREAD)
    await session.flush()


async def put_off(session: Session, feed_id: int, now: datetime) -> None:
    """Nothing is known of the site, since our own network is away: it is looked at again soon."""
    feed = await _locked(session, feed_id)
    if feed is not None and feed.stopped_at is None:
        feed.next_at = now + PUT_OFF
        await session.flush()


async def note_trouble(session: Session, feed_id: int, trouble: str, district: District, now: datetime) -> None:
    """It could not be read; *trouble*: the catalogue's key that says why. Its office hears of it once.

    One that was never read is not taken up at all, and whoever added it hears why.
    """
    feed = await _locked(session, feed_id)
    if feed is None or feed.stopped_at is not None:
        return
    feed.trouble, feed.failures = trouble, feed.failures + 1
    if feed.looked_at is None:
        feed.stopped_at = now
        await _record(session, SYSTEM, "feed.stopped", feed, now)
        await feed_news.tell_not_added(session, feed, trouble)
        return
    feed.next_at = now + min(EVERY * 2 ** min(feed.failures - 1, 10), LONGEST_REST)
    if feed.failures >= TOLD_AFTER and feed.told_trouble_at is None:
        feed.told_trouble_at = now
        await feed_news.tell_trouble(session, feed, title_of(feed), trouble, district, now)
    await session.flush()


def _due(now: datetime) -> SelectOfScalar[int]:
    waiting = select(Feed.id).where(col(Feed.stopped_at).is_(None), Feed.next_at <= now)
    return waiting.order_by(col(Feed.next_at), col(Feed.id)).limit(1)


async def _locked(session: Session, feed_id: int) -> Feed | None:
    return await session.get(Feed, feed_id, with_for_update=True, populate_existing=True)


async def _record(session: Session, actor: audit.Actor, deed: str, feed: Feed, now: datetime) -> None:
    await audit.record(session, now, actor, deed, f"feed:{feed.id}", None, {"url": feed.url})
