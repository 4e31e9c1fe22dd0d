"""What the clock tells the interested: three days before the deadline, that it is over, and later: any orders?

Each once, outside their own quiet hours (else the house's), at most AT_ONCE in a transaction. A reminder is due from
its time until that evening; one that is late goes out while it is still useful, else it is noted as missed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import String, cast, exists, literal
from sqlmodel import col, or_, select

from db.models import Interest, Occurrence, Opportunity, OpportunityState, Person, Standing
from db.session import Session
from db.upsert import insert_new
from domain import audit, post
from domain.district import District
from domain.opportunities import asleep, interested, outcomes, own, telling
from domain.opportunities.asleep import Nights
from domain.opportunities.interested import MISSED, OVER, Interested, occurrence_of, reminded_at
from domain.post import Note
from domain.trainings import waking
from messages import Moment, Sentence, say

AT_ONCE = 200
"""Told in one transaction, so that a large opportunity does not hold up people's turns."""

MISSED_FOR = timedelta(days=7)
"""So long after a deadline it is still written down that somebody was not reminded of it."""

ASKED_AFTER = timedelta(days=14)
"""They were passed on, or chosen, they are asked what came of it."""

ASKED_FOR = timedelta(days=90)
"""So long after that they still are: later nobody remembers."""

S = OpportunityState


# Before the deadline.


async def remind(session: Session, district: District, now: datetime) -> int:
    """Owe the reminders that are due and were not owed yet; how many."""
    near = select(Opportunity).where(col(Opportunity.state).in_([S.OPEN, S.CLOSED]))
    near = near.where(col(Opportunity.deadline) > now - MISSED_FOR)
    soon = near.where(col(Opportunity.deadline) < now + timedelta(days=interested.BEFORE + 1))
    owed = 0
    for opportunity in (await session.exec(soon.order_by(col(Opportunity.id)))).all():
        at = reminded_at(opportunity, district)
        if at is not None and at <= now and owed < AT_ONCE:
            owed += await _remind_of(session, opportunity, at, district, now, AT_ONCE - owed)
    return owed


async def _remind_of(
    session: Session, opportunity: Opportunity, at: datetime, district: District, now: datetime, most: int
) -> int:
    useful_until = _evening(at, district)
    if now >= useful_until:
        await _note_missed(session, opportunity, at, useful_until, now)
        return 0
    if not telling.is_open(opportunity, now):
        return 0
    owed = 0
    waiting = await _not_reminded(session, opportunity, at)
    nights = await asleep.nights(session, [one.person.id for one in waiting], district, now)
    for one in [one for one in waiting if one.person.id not in nights.over][:most]:
        row = {"what": occurrence_of(opportunity.id, one.interest.id), "at": at, "done_at": now}
        if await insert_new(session, Occurrence.__table__, [row], unique=["what", "at"]):  # type: ignore[attr-defined]  # SQLModel adds it
            ends, more = (useful_until, opportunity.deadline), {"at": at.isoformat()}
            note = own.note(one.interest, own.REMINDER, nights, *ends, more=more)
            await _remind_one(session, opportunity, one, note, district, now)
            owed += 1
    return owed


def _evening(at: datetime, district: District) -> datetime:
    zone = ZoneInfo(district.timezone)
    return datetime.combine(at.astimezone(zone).date(), waking.SLEEPS, zone).astimezone(at.tzinfo)


async def _not_reminded(session: Session, opportunity: Opportunity, at: datetime) -> list[Interested]:
    """Who is interested and was not reminded yet.

    Who answered after the reminder's time is not among them: they have just read it all. Nor is who was not chosen.
    """
    # By the whole name, which the index has; a LIKE would read all that the clock ever did.
    name = literal(occurrence_of(opportunity.id, "")).concat(cast(col(Interest.id), String))
    done = exists().where(col(Occurrence.what) == name, col(Occurrence.at) == at).correlate(Interest)
    theirs = _reachable().where(Interest.opportunity_id == opportunity.id, col(Interest.answered_at) < at, ~done)
    theirs = theirs.where(Interest.standing != Standing.NOT_CHOSEN).order_by(col(Interest.id))
    return [Interested(*row) for row in (await session.exec(theirs)).all()]


async def _remind_one(
    session: Session, opportunity: Opportunity, one: Interested, note: Note, district: District, now: datetime
) -> None:
    deadline = Moment(opportunity.deadline or now, district.timezone, now)
    next_ = say("interest.remind_ready")
    if lacks := interested.lacking(opportunity, one.profile):
        next_ = say("interest.remind_lacks", lacks=tuple(say("interest.asked", need=name) for name in lacks))
    parts: list[Sentence | str] = [telling.standing_of(opportunity, one.interest, now), "", next_]
    is_unasked = one.interest.may_share is None
    if is_unasked:
        parts += ["", say("interest.remind_unasked")]
    sentence = say("interest.remind", title=opportunity.title, deadline=deadline, lines=tuple(parts))
    may = [[telling.may(opportunity)]] if is_unasked else []
    buttons = [*may, *interested.ways(opportunity), *telling.explained(opportunity, one.profile, district)]
    await post.owe(session, one.person, sentence, buttons, note)


async def _note_missed(
    session: Session, opportunity: Opportunity, at: datetime, useful_until: datetime, now: datetime
) -> None:
    """Look back, once, and write down where somebody was to be reminded and could not be in time."""
    noted = select(Occurrence.what).where(Occurrence.what == occurrence_of(opportunity.id, OVER), Occurrence.at == at)
    if (await session.exec(noted)).first():
        return
    row = {"what": occurrence_of(opportunity.id, OVER), "at": at, "done_at": now}
    if not await insert_new(session, Occurrence.__table__, [row], unique=["what", "at"]):  # type: ignore[attr-defined]  # SQLModel adds it
        return
    was_open = opportunity.state is S.OPEN or (opportunity.closed_at or now) >= useful_until
    if not was_open or not await _not_reminded(session, opportunity, at):
        return
    # Looked back at once more because of what was not sent, it stays written down once.
    missed = [{**row, "what": occurrence_of(opportunity.id, MISSED)}]
    if await insert_new(session, Occurrence.__table__, missed, unique=["what", "at"]):  # type: ignore[attr-defined]  # SQLModel adds it
        await audit.record(session, now, audit.SYSTEM, "opportunity.reminder_missed", f"opportunity:{opportunity.id}")


def _reachable() -> Any:
    return interested.select_all().where(col(Person.is_reachable))


async def _awake(session: Session, due: Any, district: District, now: datetime) -> tuple[Sequence[Any], Nights]:
    """The first rows of *due* of people in no quiet hours, locked, and when these begin."""
    theirs = due.with_only_columns(col(Interest.id), col(Interest.person_id)).order_by(col(Interest.id))
    found = (await session.exec(theirs)).all()
    nights = await asleep.nights(session, sorted({person_id for _, person_id in found}), district, now)
    ids = [id for id, person_id in found if person_id not in nights.over][:AT_ONCE]
    awake = due.where(col(Interest.id).in_(ids)).order_by(col(Interest.id))
    rows = (await session.exec(awake.with_for_update(of=Interest))).all() if ids else []
    return rows, nights


# When it is over.


async def tell_ends(session: Session, district: District, now: datetime) -> int:
    """Tell those who are interested that it is over, and how they stand; not in quiet hours. How many."""
    untold = or_(col(Interest.told_end_at).is_(None), col(Interest.told_end_at) < col(Opportunity.closed_at))
    over = _reachable().join(Opportunity, col(Opportunity.id) == col(Interest.opportunity_id)).add_columns(Opportunity)
    over = over.where(col(Opportunity.state).in_([S.CLOSED, S.WITHDRAWN]), untold)
    rows, nights = await _awake(session, over.where(col(Opportunity.closed_at) > now - own.TOLD_FOR), district, now)
    for row, person, _, opportunity in rows:
        row.told_end_at = now
        await post.owe(session, person, _over(opportunity, row), [[telling.ALL]], own.note(row, own.END, nights))
    await session.flush()
    return len(rows)


def _over(opportunity: Opportunity, row: Interest) -> Sentence:
    over = telling.over(opportunity)
    is_void = opportunity.state is S.WITHDRAWN
    standing = telling.void(row) if is_void else say(f"interest.over_{row.standing.value}")
    return say("interest.over", over=over, standing=standing)


# What came of it.


async def ask_orders(session: Session, district: District, now: datetime) -> int:
    """Ask those who were passed on or chosen some time ago whether they got orders, once each; not in quiet hours. How
    many.
    """
    due = _reachable().join(Opportunity, col(Opportunity.id) == col(Interest.opportunity_id)).add_columns(Opportunity)
    due = due.where(col(Interest.standing).in_([Standing.PASSED_ON, Standing.CHOSEN]))
    due = due.where(col(Interest.asked_at).is_(None), col(Interest.orders).is_(None))
    due = due.where(col(Interest.standing_at) <= now - ASKED_AFTER, col(Interest.standing_at) > now - ASKED_FOR)
    rows, nights = await _awake(session, due.where(Opportunity.state != S.WITHDRAWN), district, now)
    for row, person, _, opportunity in rows:
        row.asked_at = now
        sentence = say("interest.ask_orders", title=opportunity.title)
        await post.owe(session, person, sentence, outcomes.ask_orders(row), own.note(row, own.ORDERS, nights))
    await session.flush()
    return len(rows)
