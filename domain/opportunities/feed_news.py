"""What officers hear of their feeds: what a first look found, drafts that wait, one that broke, one that is mended."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from db.models import Feed, Opportunity, Person
from db.session import Session
from domain import post, staff
from domain.district import District
from domain.opportunities.feed_looks import MOST
from messages import Button, Buttons, Date, Moment, Number, Sentence, say

SHEET = "opp_sheet"
"""The verb that opens an officer's sheet of an opportunity."""

LIST = Button(say("button.feeds"), "feeds", 0)
ADD = Button(say("button.feed_add"), "feed_new", 0)

MOST_BUTTONS = 8
"""The rest stands under /peluang."""


async def tell_taken(
    session: Session,
    feed: Feed,
    title: str,
    drafts: Sequence[Opportunity],
    lines: tuple[Sentence | str, ...],
    *,
    added: str | None,
) -> None:
    """The office hears of new drafts, and whoever added the feed that it was read; newest first, a line each.

    *added*: the catalogue's key that says so to them, on its first look.
    """
    adder = await _adder(session, feed) if added else None
    ways = _ways(feed, drafts)
    if adder is not None and added:
        sentence = say(added, title=title, lines=lines) if drafts else say("feed.added_empty", title=title)
        await post.owe(session, adder, sentence, ways)
    if drafts:
        await _tell(session, feed, say("feed.news", number=str(len(drafts)), title=title, lines=lines), ways, but=adder)


async def tell_not_added(session: Session, feed: Feed, trouble: str) -> None:
    """To whoever added it."""
    if adder := await _adder(session, feed):
        await post.owe(session, adder, say("feed.not_added", url=feed.url, why=say(trouble)), [[ADD], [LIST]])


async def tell_trouble(
    session: Session, feed: Feed, title: str, trouble: str, district: District, now: datetime
) -> None:
    """Once, until it works again."""
    last = Moment(feed.looked_at or now, district.timezone, now)
    look = Button(say("button.feed_open"), "feed", feed.id)
    await _tell(session, feed, say("feed.broken", title=title, last=last, why=say(trouble)), [[look], [LIST]])


async def tell_mended(session: Session, feed: Feed, title: str) -> None:
    """It can be read again, after it was told that it cannot."""
    await _tell(session, feed, say("feed.mended", title=title), [[LIST]])


async def _adder(session: Session, feed: Feed) -> Person | None:
    """Whoever added it, as long as they may see it."""
    person = await session.get(Person, feed.made_by) if feed.made_by is not None else None
    officer = await staff.officer_of(session, person) if person else None
    return person if officer and staff.serves(officer, feed.office) else None


async def _tell(session: Session, feed: Feed, sentence: Sentence, buttons: Buttons, but: Person | None = None) -> None:
    for officer in await staff.officers_of(session, feed.office):
        if but is None or officer.id != but.id:
            await post.owe(session, officer, sentence, buttons)


def line(number: int, draft: Opportunity, passed: datetime | None, district: District) -> Sentence:
    """A draft in the news; *passed*: the deadline that its item names, which is over."""
    if passed is None:
        return say("feed.line", number=str(number), title=draft.title)
    day = Date(f"{passed.astimezone(ZoneInfo(district.timezone)):%Y-%m-%d}")
    return say("feed.line_passed", number=str(number), title=draft.title, date=day)


def more(site: str, waiting: int, left_out: int) -> tuple[Sentence | str, ...]:
    """What the lines leave out: *waiting* come at the next looks, *left_out* stand at *site* only."""
    lines = [say("feed.more_waiting", number=Number(waiting), most=Number(MOST))] if waiting else []
    if left_out:
        lines.append(say("feed.more_left_out", number=Number(left_out), url=site))
    return ("", *lines) if lines else ()


def _ways(feed: Feed, drafts: Sequence[Opportunity]) -> Buttons:
    """Their sheets; and several go together."""
    each = [[Button(f"{at}. {one.title}", SHEET, one.id)] for at, one in enumerate(drafts[:MOST_BUTTONS], 1)]
    ids = [one.id for one in drafts]
    span = f"{feed.id}.{min(ids)}.{max(ids)}" if len(ids) > 1 else ""
    return [*each, *([[Button(say("button.feed_drop"), "feed_drop", span)]] if span else []), [LIST]]
