"""What those who are interested hear of their own matter: how far they have come, and that it is not as it was.

At once; in their quiet hours once these are over, all of it together as it is by then, unless the deadline is nearer.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col

from db.models import Interest, Occurrence, Opportunity, OpportunityState, Person, Standing
from db.session import Session
from db.upsert import insert_new
from domain import post
from domain.district import District
from domain.opportunities import asleep, interested, needs, own, telling
from domain.opportunities.asleep import Nights
from domain.opportunities.interested import OVER, Interested, occurrence_of, reminded_at
from messages import Buttons, Moment, Sentence, say

STANDING = "standing"
"""What of it was where they stood; the other keys of `Interest.news` are fields of the opportunity."""

AT_ONCE = 200
"""Told by the clock in one transaction."""

IN_ONE = 1_000
"""Rows in one statement."""

S = Standing

RANKS: Mapping[Standing, int] = {S.NEW: 0, S.PASSED_ON: 1, S.CHOSEN: 2, S.NOT_CHOSEN: 2}
"""How far each is; back is a correction, and goes while the opportunity is open."""


def is_back(before: Standing, to: Standing) -> bool:
    """Whether that corrects what they read."""
    return RANKS[to] < RANKS[before]


async def tell_moved(
    session: Session,
    opportunity: Opportunity,
    one: Interested,
    before: Standing,
    nights: Nights,
    district: District,
    now: datetime,
    *,
    is_bulk: bool = False,
) -> datetime | None:
    """They, locked, stand elsewhere than *before*; when they hear it. None: they cannot be reached.

    *is_bulk*: so are many, and everybody's replies go before.
    """
    if not one.hears:
        return None
    return await _tell(session, opportunity, one, {STANDING: before.value}, nights, district, now, is_bulk=is_bulk)


async def tell_changed(
    session: Session, opportunity: Opportunity, before: Mapping[str, Any], district: District, now: datetime
) -> None:
    """Tell all of them in one message what was, by field in *before*, and what is now."""
    was = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in before.items()}
    if not any(_changes(opportunity, was, district, now)):
        return
    if "deadline" in before:
        # Before anybody's interest is locked, as the deliverer locks them.
        await own.call_back(session, opportunity, now, own.REMINDER)
    theirs = interested.select_all().where(Interest.opportunity_id == opportunity.id).order_by(col(Interest.id))
    theirs = theirs.with_for_update(of=Interest).execution_options(populate_existing=True)
    hearing = [one for one in (Interested(*row) for row in (await session.exec(theirs)).all()) if one.hears]
    nights = await asleep.nights(session, [one.person.id for one in hearing], district, now)
    for one in hearing:
        await _tell(session, opportunity, one, was, nights, district, now, is_bulk=True)
    if "deadline" in before:
        await _remind_no_more(session, opportunity, hearing, district, now)


async def tell_waiting(session: Session, district: District, now: datetime) -> int:
    """Tell those whose quiet hours are over by now; how many. Who cannot be reached hears it once they are back."""
    due = interested.select_all().join(Opportunity, col(Opportunity.id) == col(Interest.opportunity_id))
    due = due.add_columns(Opportunity).where(col(Interest.news_at) <= now, col(Person.is_reachable))
    due = due.order_by(col(Interest.id)).limit(AT_ONCE)
    rows = (await session.exec(due.with_for_update(of=Interest))).all()
    nights = await asleep.nights(session, [person.id for _, person, _, _ in rows], district, now)
    for row, person, profile, opportunity in rows:
        if opportunity.closed_at is not None and opportunity.closed_at < now - own.TOLD_FOR:
            forget(row)
        else:
            await _tell(session, opportunity, Interested(row, person, profile), {}, nights, district, now, is_bulk=True)
    await session.flush()
    return len(rows)


def forget(row: Interest) -> None:
    """Nothing waits to be told of it any more."""
    row.news = row.news_at = None


async def _tell(
    session: Session,
    opportunity: Opportunity,
    one: Interested,
    was: Mapping[str, Any],
    nights: Nights,
    district: District,
    now: datetime,
    *,
    is_bulk: bool,
) -> datetime:
    """What was so when they last heard is remembered until they hear what is so now: after the night, if they sleep."""
    row = one.interest
    row.news = {**was, **(row.news or {})}
    deadline, over = opportunity.deadline, nights.over.get(one.person.id)
    row.news_at = now if over is None or (deadline is not None and now < deadline <= over) else over
    at = row.news_at
    if at <= now:
        end = deadline if deadline is not None and now < deadline else None
        for sentence, buttons, told in list(_words(opportunity, row, district, now)):
            more = {"was": told, own.FIRST: (row.news or {}).get(own.FIRST, {})}
            note = own.note(row, own.NEWS, nights, end, is_bulk=is_bulk, more=more)
            await post.owe(session, one.person, sentence, buttons, note)
        forget(row)
    return at


def _words(
    opportunity: Opportunity, row: Interest, district: District, now: datetime
) -> Iterator[tuple[Sentence, Buttons, Mapping[str, Any]]]:
    """Each with what of the news it tells."""
    was = {name: value for name, value in (row.news or {}).items() if name != own.FIRST}
    if opportunity.state is OpportunityState.WITHDRAWN:
        return  # that is what they hear
    before = Standing(was.pop(STANDING)) if STANDING in was else None
    if before is not None and (before is not row.standing or row.reason):
        office = _office(opportunity, district)
        moved = _moved(opportunity, before, row.standing, office)
        yield _with_reason(moved, row.reason, office), _under(opportunity, row.standing), {STANDING: before.value}
    if telling.is_open(opportunity, now) and (lines := tuple(_changes(opportunity, was, district, now))):
        yield say("interest.changed", title=opportunity.title, lines=lines), interested.ways(opportunity), was


# How far they have come.


def _moved(opportunity: Opportunity, before: Standing, to: Standing, office: str) -> Sentence:
    blanks = {"title": opportunity.title, "office": office}
    if is_back(before, to):
        again = "interest.considered_again" if before is S.NOT_CHOSEN else "interest.new_again"
        return say("interest.passed_on_again" if to is S.PASSED_ON else again, **blanks)
    if (before, to) == (S.CHOSEN, S.NOT_CHOSEN):
        return say("interest.not_chosen_after_all", **blanks)
    return say(f"interest.{to.value}", **blanks)


def _with_reason(news: Sentence, why: str | None, office: str) -> Sentence:
    return say("interest.with_reason", news=news, office=office, reason=why) if why else news


def _office(opportunity: Opportunity, district: District) -> str:
    office = district.office(opportunity.office)
    return office.short_name if office else opportunity.office


def _under(opportunity: Opportunity, to: Standing) -> Buttons:
    return [[telling.ALL]] if to is S.NOT_CHOSEN else interested.ways(opportunity)


# What is not as it was.


def _changes(
    opportunity: Opportunity, before: Mapping[str, Any], district: District, now: datetime
) -> Iterator[Sentence]:
    nothing, unsaid = say("interest.nothing"), say("interest.unsaid")
    was_until = datetime.fromisoformat(before["deadline"]) if before.get("deadline") else None
    if "deadline" in before and was_until != opportunity.deadline:
        times = (was_until, opportunity.deadline)
        old, new = (Moment(at, district.timezone, now) if at else nothing for at in times)
        yield say("interest.changed_deadline", old=old, new=new)
    if "place" in before and before["place"] != opportunity.place:
        yield say("interest.changed_place", old=before["place"] or unsaid, new=opportunity.place or unsaid)
    was = _asked(before.get("needs", opportunity.needs), before.get("capacity", opportunity.capacity))
    asked = _asked(opportunity.needs, opportunity.capacity)
    if was != asked:
        yield say("interest.changed_needs", old=was or nothing, new=asked or nothing)
    if asked and before.get("is_strict", opportunity.is_strict) != opportunity.is_strict:
        strict, may_follow = say("opportunity.strict"), say("opportunity.may_follow")
        old, new = (strict, may_follow) if before["is_strict"] else (may_follow, strict)
        yield say("interest.changed_strict", old=old, new=new)


def _asked(papers: Sequence[str], capacity: int | None) -> tuple[Sentence, ...]:
    named = [needs.name_of(paper) for paper in needs.PAPERS if paper in papers]
    named += [needs.name_of("capacity", capacity)] if capacity else []
    return tuple(say("interest.asked", need=name) for name in named)


async def _remind_no_more(
    session: Session, opportunity: Opportunity, told: Sequence[Interested], district: District, now: datetime
) -> None:
    """Of a deadline that was moved so near that its reminder is due or past: they have just read of it."""
    at = reminded_at(opportunity, district)
    if at is None or at > now:
        return
    whose: list[str | int] = [OVER, *(one.interest.id for one in told)]
    rows = [{"what": occurrence_of(opportunity.id, one), "at": at, "done_at": now} for one in whose]
    for start in range(0, len(rows), IN_ONE):
        await insert_new(session, Occurrence.__table__, rows[start : start + IN_ONE], unique=["what", "at"])  # type: ignore[attr-defined]  # SQLModel adds it
