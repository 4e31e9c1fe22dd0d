"""Broadcasts that come again, as officers keep them: made of a draft, looked at, the next one skipped, stopped."""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel import col, select

from db.models import Broadcast, BroadcastSchedule, BroadcastState, Person
from db.session import Session
from domain import audit, staff
from domain.audit import Actor
from domain.broadcasts import confirming, drafts, schedule, states
from domain.broadcasts.forecast import Means
from domain.broadcasts.refusals import NeverFires, WrongState
from domain.broadcasts.rhythm import Rhythm, next_dates, rhythm_of
from domain.district import District
from domain.errors import NotForYou
from messages import say

LATE_LIMIT = drafts.LATE_LIMIT

SHOWN = 5
"""Dates."""


# Doors.


async def access(session: Session, person: Person, schedule_id: int, *, reads: bool = False) -> BroadcastSchedule:
    """The schedule, for an officer of its office. *reads*: nothing is changed. Raises NotForYou, also where none is."""
    found = await session.get(BroadcastSchedule, schedule_id, populate_existing=True)
    if found is None:
        raise NotForYou
    await staff.access(session, person, office=found.office, reads=reads)
    return found


async def access_occurrence(session: Session, person: Person, broadcast_id: int) -> tuple[BroadcastSchedule, Broadcast]:
    """One of a schedule's, locked, for an officer of its office, and the schedule. Raises NotForYou."""
    found = await session.get(Broadcast, broadcast_id)
    if found is None or found.schedule_id is None:
        raise NotForYou
    whole = await access(session, person, found.schedule_id)
    broadcast = await states.lock(session, broadcast_id)
    if broadcast is None:
        raise NotForYou
    return whole, broadcast


async def of_offices(session: Session, offices: Collection[str]) -> list[BroadcastSchedule]:
    """Those of these offices (keys) that go on, the oldest first."""
    theirs = select(BroadcastSchedule).where(col(BroadcastSchedule.office).in_(offices))
    going_on = theirs.where(col(BroadcastSchedule.stopped_at).is_(None))
    return list((await session.exec(going_on.order_by(col(BroadcastSchedule.id)))).all())


def dates_of(
    whole: BroadcastSchedule, following: Broadcast | None, district: District, now: datetime
) -> list[datetime]:
    """When it comes next, beginning with the occurrence that stands there; none once it is over."""
    if whole.stopped_at is not None:
        return []
    first = [following.starts_at] if following and following.starts_at else []
    after, zone = max([now, *first]), schedule.zone_of(district)
    return [*first, *next_dates(rhythm_of(whole.rhythm), after, zone, SHOWN - len(first), whole.ends_on)]


# What officers do.


async def keep(
    session: Session,
    means: Means,
    broadcast: Broadcast,
    person: Person,
    rhythm: Rhythm,
    ends_on: date | None,
    late_limit: int | None,
    now: datetime,
) -> BroadcastSchedule:
    """Turn a draft, locked, into the first occurrence of a schedule, confirmed as any other: it waits for its date, or
    for a second officer.

    *late_limit*: minutes. Raises NeverFires, and whatever `confirming.confirm` raises.
    """
    by = drafts.actor(person)
    made = await attach(session, broadcast, rhythm, ends_on, late_limit, by, means.district, now)
    await confirming.confirm(session, means, broadcast, person, now)
    return made


async def attach(
    session: Session,
    broadcast: Broadcast,
    rhythm: Rhythm,
    ends_on: date | None,
    late_limit: int | None,
    by: Actor,
    district: District,
    now: datetime,
) -> BroadcastSchedule:
    """Give a draft, locked, its schedule and first date; one it had is over. Raises NeverFires."""
    first = next_dates(rhythm, now, schedule.zone_of(district), 1, ends_on)
    if not first:
        raise NeverFires
    before = await schedule.lock(session, broadcast.schedule_id) if broadcast.schedule_id else None
    if before is not None and before.stopped_at is None:
        await schedule.end(session, before, by, now)
    made = BroadcastSchedule(
        office=broadcast.office,
        made_by=by.person_id,
        rhythm=rhythm.as_json(),
        ends_on=ends_on,
        late_limit=late_limit,
        made_at=now,
    )
    session.add(made)
    await session.flush()
    broadcast.schedule_id, broadcast.starts_at, broadcast.late_limit = made.id, first[0], late_limit
    after = {"broadcast": broadcast.id, **rhythm.as_json(), "ends_on": ends_on and ends_on.isoformat()}
    await audit.record(session, now, by, "schedule.kept", schedule.subject(made.id), None, after)
    return made


async def falls_with(session: Session, broadcast: Broadcast) -> bool:
    """Whether its schedule is over once this date is dropped: it is not confirmed, and none before it was."""
    if broadcast.state is BroadcastState.SCHEDULED or broadcast.schedule_id is None:
        return False
    return await schedule.last_sure(session, broadcast.schedule_id) is None


async def stop(session: Session, schedule_id: int, by: Actor, now: datetime) -> bool:
    """End it: what is still to come is cancelled, what is under way goes on. False when it was over already."""
    following = await _lock_pending(session, schedule_id)
    whole = await schedule.lock(session, schedule_id)
    if whole is None or whole.stopped_at is not None:
        return False
    if following is not None:
        states.move(following, BroadcastState.CANCELLED, now)
        following.finished_at = now
    await schedule.end(session, whole, by, now)
    return True


async def skip(session: Session, broadcast_id: int, by: Actor, district: District, now: datetime) -> None:
    """Drop this occurrence only: the one after it stands as this one stood. Raises WrongState once it is under way."""
    broadcast = await states.lock(session, broadcast_id)
    if broadcast is None or broadcast.schedule_id is None:
        raise NotForYou
    if broadcast.state not in schedule.PENDING:
        raise WrongState(say("broadcast.deed_miss"), broadcast.state)
    stood = broadcast.state
    states.move(broadcast, BroadcastState.CANCELLED, now)
    broadcast.finished_at = now
    await audit.record(session, now, by, "broadcast.skipped", f"broadcast:{broadcast.id}")
    await schedule.follow(session, broadcast, district, now, state=stood)


async def _lock_pending(session: Session, schedule_id: int) -> Broadcast | None:
    """The occurrence that is still to come once it is locked: while that was waited for, one may have set out."""
    while (found := await schedule.pending(session, schedule_id)) is not None:
        broadcast = await states.lock(session, found.id)
        if broadcast is not None and broadcast.state in schedule.PENDING:
            return broadcast
    return None
