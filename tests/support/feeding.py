"""Officers and their feeds in tests: added as in the chat, and looked at by the clock."""

from datetime import timedelta

from sqlmodel import col, select

from bot.feeds.fetching import Limits
from db.models import Feed, Opportunity
from simulator import Person as Somebody
from tests.support.news_site import NewsSite
from tests.support.offices import Offices
from tests.support.opportunities import until

MANAGE, LIST, ADD = "🗂 Kelola peluang", "📰 Sumber berita", "➕ Tambah sumber"

AN_HOUR = timedelta(hours=1, minutes=5)
"""The longest a feed that works is left alone."""


def let_through(offices: Offices, site: NewsSite, seconds: float = 5.0) -> None:
    """From now on the bot opens the pretend site, for so long at most, and nothing else of this machine."""
    offices.bot.app.feeds.limits = Limits(seconds=seconds, allowed=site.allowed)


async def opens_list(offices: Offices, who: Somebody) -> str:
    """What the list says, in a message of theirs."""
    await offices.bot.says(who, "/peluang")
    for label in (MANAGE, LIST):
        who.tap(label)
        await offices.settled()
    return who.texts()[-1]


async def adds(offices: Offices, who: Somebody, url: str) -> str:
    """An officer of one office adds it; what they hear once it was tried."""
    await opens_list(offices, who)
    who.tap(ADD)
    await offices.settled()
    seen = len(who.texts())
    who.write(url)
    await until(lambda: _has(who, seen + 2))
    await offices.settled()
    return who.texts()[seen + 1]


async def _has(who: Somebody, number: int) -> bool:
    return len(who.texts()) >= number


async def go_on(offices: Offices, by: timedelta = AN_HOUR) -> None:
    """Let time pass, until every feed that is due by then was looked at."""
    offices.clock.at += by
    await looked(offices)


async def looked(offices: Offices) -> None:
    """Until none is due, and none is being looked at."""

    async def is_done() -> bool:
        for loop in offices.bot.app.loops:
            if loop.name == "feeds":
                loop.bell.ring()
        live = [feed for feed in await feeds_of(offices) if feed.stopped_at is None]
        claimed = [feed for feed in live if feed.next_at - offices.now() < timedelta(minutes=3)]
        return not claimed

    await until(is_done)
    await offices.settled()


async def feeds_of(offices: Offices) -> list[Feed]:
    return await offices.bot.rows(select(Feed).order_by(col(Feed.id)))


async def drafts(offices: Offices) -> list[Opportunity]:
    return await offices.bot.rows(select(Opportunity).order_by(col(Opportunity.id)))
