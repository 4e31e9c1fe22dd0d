"""Broadcasts that come again: the next occurrence always stands there as a broadcast of its own, made beforehand.

It is made when the schedule is kept, and in the transaction in which the one before it is started, missed or dropped.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, exists, func, select

from db.models import Broadcast, BroadcastSchedule, BroadcastState, Person
from db.session import Session
from db.upsert import insert_new
from domain import audit, staff
from domain.audit import SYSTEM, Actor
from domain.broadcasts import codes, states, telling
from domain.broadcasts.refusals import NeverFires, WrongState
from domain.broadcasts.rhythm import Rhythm, dates, next_dates, rhythm_of
from domain.district import District
from domain.errors import NotForYou
from messages import say

PENDING = (BroadcastState.DRAFT, BroadcastState.PROPOSED, BroadcastState.SCHEDULED)
"""Where an occurrence stands that is still to come; as long as there is one, no other is made."""

UNCONFIRMED = (BroadcastState.DRAFT, BroadcastState.PROPOSED)

CONFIRMED = (
    BroadcastState.PREPARING,
    BroadcastState.RUNNING,
    BroadcastState.PAUSED,
    BroadcastState.FINISHED,
    BroadcastState.MISSED,
)
"""Where one surely stands that an officer had confirmed as it is."""

MOST_MISSED = 400
"""So many rows at most for what passed in a long stop: the newest; a daily one's year and more."""

LATE_LIMIT = 120
"""Minutes; what is offered first."""

COPIED = {
    *("office", "author_id", "topic", "audience", "is_silent", "is_pinned", "keeps_quiet_hours"),
    *("approved_by", "late_limit", "schedule_id"),
}
"""What an occurrence has of the one before it, beside the content."""


# Doors.


async def access(session: Session, person: Person, schedule_id: int, *, reads: bool = False) -> BroadcastSchedule:
    """The schedule, for an officer of its office. *reads*: nothing is changed. Raises NotForYou, also where none is."""
    schedule = await session.get(BroadcastSchedule, schedule_id, populate_existing=True)
    if schedule is None:
        raise NotForYou
    await staff.access(session, person, office=schedule.office, reads=reads)
    return schedule


async def access_draft(session: Session, person: Person, broadcast_id: int) -> Broadcast:
    """A draft that is to come again, locked. Raises NotForYou, and WrongState for what is a draft no more."""
    broadcast = await session.get(Broadcast, broadcast_id)
    if broadcast is None:
        raise NotForYou
    await staff.access(session, person, office=broadcast.office)
    return _as_draft(await states.lock(session, broadcast_id))


def _as_draft(broadcast: Broadcast | None) -> Broadcast:
    if broadcast is None:
        raise NotForYou
    if broadcast.state is not BroadcastState.DRAFT:
        raise WrongState(say("broadcast.deed_change"), broadcast.state)
    return broadcast


async def access_occurrence(session: Session, person: Person, broadcast_id: int) -> tuple[BroadcastSchedule, Broadcast]:
    """One of a schedule's, locked, for an officer of its office, and the schedule. Raises NotForYou."""
    found = await session.get(Broadcast, broadcast_id)
    if found is None or found.schedule_id is None:
        raise NotForYou
    schedule = await access(session, person, found.schedule_id)
    broadcast = await states.lock(session, broadcast_id)
    if broadcast is None:
        raise NotForYou
    return schedule, broadcast


async def of_offices(session: Session, offices: Collection[str]) -> list[BroadcastSchedule]:
    """Those of these offices (keys) that go on, the oldest first."""
    theirs = select(BroadcastSchedule).where(col(BroadcastSchedule.office).in_(offices))
    going_on = theirs.where(col(BroadcastSchedule.stopped_at).is_(None))
    return list((await session.exec(going_on.order_by(col(BroadcastSchedule.id)))).all())


async def pending(session: Session, schedule_id: int) -> Broadcast | None:
    """The occurrence that is still to come."""
    theirs = select(Broadcast).where(col(Broadcast.schedule_id) == schedule_id, col(Broadcast.state).in_(PENDING))
    return (await session.exec(theirs.order_by(col(Broadcast.id).desc()).limit(1))).first()


async def newest(session: Session, schedule_id: int) -> Broadcast | None:
    """The occurrence made last, whatever became of it."""
    theirs = select(Broadcast).where(col(Broadcast.schedule_id) == schedule_id)
    return (await session.exec(theirs.order_by(col(Broadcast.id).desc()).limit(1))).first()


def dates_of(
    schedule: BroadcastSchedule, following: Broadcast | None, district: District, now: datetime
) -> list[datetime]:
    """When it comes next, beginning with the occurrence that stands there; none once it is over."""
    if schedule.stopped_at is not None:
        return []
    first = [following.starts_at] if following and following.starts_at else []
    after = max([now, *first])
    rest = next_dates(rhythm_of(schedule.rhythm), after, _zone(district), 5 - len(first), schedule.ends_on)
    return [*first, *rest]


# What officers do.


async def keep(
    session: Session,
    broadcast_id: int,
    rhythm: Rhythm,
    ends_on: date | None,
    late_limit: int | None,
    by: Actor,
    district: District,
    now: datetime,
    *,
    needs_approval: bool = False,
) -> BroadcastSchedule:
    """Turn a draft into the first occurrence of a schedule: proposed where it *needs_approval*, else scheduled.

    *late_limit*: minutes. Raises NeverFires, and WrongState for what is a draft no more. What it says and to whom is
    checked by whoever confirms it.
    """
    broadcast = _as_draft(await states.lock(session, broadcast_id))
    first = next_dates(rhythm, now, _zone(district), 1, ends_on)
    if not first:
        raise NeverFires
    schedule = BroadcastSchedule(
        office=broadcast.office,
        made_by=by.person_id,
        rhythm=rhythm.as_json(),
        ends_on=ends_on,
        late_limit=late_limit,
        made_at=now,
    )
    session.add(schedule)
    await session.flush()
    states.move(broadcast, BroadcastState.PROPOSED if needs_approval else BroadcastState.SCHEDULED, now)
    broadcast.schedule_id, broadcast.starts_at, broadcast.late_limit = schedule.id, first[0], late_limit
    broadcast.code = broadcast.code or codes.new()
    after = {"broadcast": broadcast.id, **rhythm.as_json(), "ends_on": ends_on and ends_on.isoformat()}
    await audit.record(session, now, by, "schedule.kept", _subject(schedule.id), None, after)
    return schedule


async def stop(session: Session, schedule_id: int, by: Actor, now: datetime) -> bool:
    """End it: what is still to come is cancelled, what is under way goes on. False when it was over already."""
    following = await _lock_pending(session, schedule_id)
    schedule = await _lock(session, schedule_id)
    if schedule is None or schedule.stopped_at is not None:
        return False
    if following is not None:
        states.move(following, BroadcastState.CANCELLED, now)
    await _end(session, schedule, by, now)
    return True


async def skip(session: Session, broadcast_id: int, by: Actor, district: District, now: datetime) -> None:
    """Drop this occurrence only: the one after it stands as this one stood. Raises WrongState once it is under way."""
    broadcast = await states.lock(session, broadcast_id)
    if broadcast is None or broadcast.schedule_id is None:
        raise NotForYou
    if broadcast.state not in PENDING:
        raise WrongState(say("broadcast.deed_miss"), broadcast.state)
    stood = broadcast.state
    states.move(broadcast, BroadcastState.CANCELLED, now)
    await audit.record(session, now, by, "broadcast.skipped", f"broadcast:{broadcast.id}")
    await follow(session, broadcast, district, now, state=stood)


# What time does.


async def passed(session: Session, broadcast: Broadcast, district: District, now: datetime) -> Sequence[datetime]:
    """Dates after *broadcast*'s that are over too and of which nothing stands there yet."""
    schedule = await _lock(session, broadcast.schedule_id) if broadcast.schedule_id else None
    if schedule is None or schedule.stopped_at is not None:
        return ()
    # One that was missed and is sent by hand has others after it.
    is_newest = broadcast.starts_at == await _last_date(session, schedule, broadcast, now)
    return await _passed(session, schedule, broadcast, district, now) if is_newest else ()


async def follow(
    session: Session,
    broadcast: Broadcast,
    district: District,
    now: datetime,
    *,
    state: BroadcastState = BroadcastState.SCHEDULED,
    is_missed: bool = False,
) -> bool:
    """Make the occurrence after *broadcast*, which was started, missed or dropped, unless one stands there.

    What passed meanwhile is written down as missed, but for the newest if it is not too late, and told in one message,
    with *broadcast* where it *is_missed*. After the last date the schedule is over. False when there was nothing to do.
    """
    await session.flush()
    schedule = await _lock(session, broadcast.schedule_id) if broadcast.schedule_id else None
    if schedule is None or schedule.stopped_at is not None or await pending(session, schedule.id):
        return False
    over = list(await _passed(session, schedule, broadcast, district, now))
    after = over[-1] if over else await _last_date(session, schedule, broadcast, now)
    upcoming = next_dates(rhythm_of(schedule.rhythm), after, _zone(district), 1, schedule.ends_on)
    if over and not is_late(over[-1], broadcast.late_limit, now):
        upcoming = [over.pop()]
    await _insert(session, [_copy(broadcast, at, BroadcastState.MISSED, now) for at in over[-MOST_MISSED:]])
    await _insert(session, [_copy(broadcast, at, state, now) for at in upcoming])
    if not upcoming:
        await _end(session, schedule, SYSTEM, now)
    missed = [broadcast.starts_at, *over] if is_missed and broadcast.starts_at else over
    if over:
        after_ = {"number": len(over), "from": over[0].isoformat(), "to": over[-1].isoformat()}
        await audit.record(session, now, SYSTEM, "schedule.missed", _subject(schedule.id), None, after_)
    following = upcoming[0] if upcoming else None
    if missed:
        last = await newest_missed(session, schedule.id) or broadcast
        await telling.missed_dates(session, last, missed, following, district, now)
    elif following is None:
        await telling.schedule_over(session, broadcast)
    return True


async def follow_next(session: Session, district: District, now: datetime) -> bool:
    """Make the next occurrence of a schedule whose last one was dropped in another way; whether there was such a one.

    Of one that was dropped nobody knows whether it had been confirmed as it was, so the next is made as the last sure
    one was; without any the schedule is over.
    """
    comes = exists().where(col(Broadcast.schedule_id) == col(BroadcastSchedule.id), col(Broadcast.state).in_(PENDING))
    bare = select(BroadcastSchedule).where(col(BroadcastSchedule.stopped_at).is_(None), ~comes)
    bare = bare.order_by(col(BroadcastSchedule.id)).limit(1).with_for_update(skip_locked=True)
    schedule = (await session.exec(bare)).first()
    if schedule is None or await pending(session, schedule.id) is not None:
        return False
    sure = select(Broadcast).where(col(Broadcast.schedule_id) == schedule.id, col(Broadcast.state).in_(CONFIRMED))
    last = (await session.exec(sure.order_by(col(Broadcast.id).desc()).limit(1))).first()
    if last is None:
        await end(session, schedule, SYSTEM, now)
        if (dropped := await newest(session, schedule.id)) is not None:
            await telling.schedule_dropped(session, dropped)
    else:
        await follow(session, last, district, now)
    return True


async def move_on(session: Session, district: District, now: datetime) -> bool:
    """Let one that nobody confirmed or approved in time wait for the next date; whether there was such a one.

    It is not missed: what nobody confirmed is never to be sent as it is.
    """
    for broadcast_id in (await session.exec(_unconfirmed(now))).all():
        broadcast = await states.lock(session, broadcast_id)
        schedule = await _lock(session, broadcast.schedule_id) if broadcast and broadcast.schedule_id else None
        if broadcast is None or schedule is None or broadcast.state not in UNCONFIRMED or broadcast.starts_at is None:
            continue
        over = list(await _passed(session, schedule, broadcast, district, now))
        newest_ = over[-1] if over else broadcast.starts_at
        rest = next_dates(rhythm_of(schedule.rhythm), newest_, _zone(district), 1, schedule.ends_on)
        following = rest[0] if is_late(newest_, broadcast.late_limit, now) and rest else newest_
        if is_late(newest_, broadcast.late_limit, now) and not rest:
            states.move(broadcast, BroadcastState.CANCELLED, now)
            await _end(session, schedule, SYSTEM, now)
            await telling.moved_on(session, broadcast, None, district, now)
            return True
        if following != broadcast.starts_at:
            await telling.moved_on(session, broadcast, following, district, now)
            broadcast.starts_at, broadcast.changed_at = following, now
            return True
    return False


def _unconfirmed(now: datetime) -> Any:
    theirs = select(Broadcast.id).where(col(Broadcast.state).in_(UNCONFIRMED), col(Broadcast.starts_at) <= now)
    return theirs.where(col(Broadcast.schedule_id).is_not(None)).order_by(col(Broadcast.id))


async def end_with_author(session: Session, broadcast: Broadcast, now: datetime) -> None:
    """Nobody stands for it any more: the occurrences after *broadcast* would be cancelled each in its turn."""
    schedule = await _lock(session, broadcast.schedule_id) if broadcast.schedule_id else None
    if schedule is not None and schedule.stopped_at is None:
        await _end(session, schedule, SYSTEM, now)


def is_late(at: datetime, late_limit: int | None, now: datetime) -> bool:
    """Whether *at* is over by more than so many minutes; never without a limit."""
    return late_limit is not None and now - at > timedelta(minutes=late_limit)


async def _passed(
    session: Session, schedule: BroadcastSchedule, broadcast: Broadcast, district: District, now: datetime
) -> Sequence[datetime]:
    after = await _last_date(session, schedule, broadcast, now)
    every = dates(rhythm_of(schedule.rhythm), after, _zone(district), schedule.ends_on)
    return list(takewhile(lambda at: at <= now, every))


async def _last_date(session: Session, schedule: BroadcastSchedule, broadcast: Broadcast, now: datetime) -> datetime:
    """The newest date of which something stands there: a clock that was set back makes none a second time."""
    theirs = select(func.max(Broadcast.starts_at)).where(col(Broadcast.schedule_id) == schedule.id)
    known = (await session.exec(theirs)).one()
    if broadcast.starts_at is None:
        return max(now, known or now)  # sent by hand, in place of what was to come before
    return known or broadcast.starts_at


def _copy(broadcast: Broadcast, at: datetime, state: BroadcastState, now: datetime) -> Broadcast:
    # A correction was for that one occurrence.
    content = broadcast.replaced[0] if broadcast.replaced else broadcast.content
    kept = broadcast.model_dump(include=COPIED)
    fresh: dict[str, Any] = {"state": state, "code": codes.new(), "made_at": now, "changed_at": now, "starts_at": at}
    return Broadcast(**kept, **fresh, content=content)


async def _insert(session: Session, occurrences: Sequence[Broadcast]) -> None:
    rows: list[dict[str, Any]] = [occurrence.model_dump(exclude={"id"}) for occurrence in occurrences]
    if rows:
        table = Broadcast.__table__  # type: ignore[attr-defined]  # SQLModel adds it
        await insert_new(session, table, rows, unique=["schedule_id", "starts_at"])


async def newest_missed(session: Session, schedule_id: int) -> Broadcast | None:
    """The last of its occurrences that was missed."""
    theirs = select(Broadcast).where(
        col(Broadcast.schedule_id) == schedule_id, col(Broadcast.state) == BroadcastState.MISSED
    )
    return (await session.exec(theirs.order_by(col(Broadcast.starts_at).desc()).limit(1))).first()


async def _end(session: Session, schedule: BroadcastSchedule, by: Actor, now: datetime) -> None:
    schedule.stopped_at = now
    await audit.record(session, now, by, "schedule.stopped", _subject(schedule.id))


async def _lock(session: Session, schedule_id: int) -> BroadcastSchedule | None:
    """The schedule, locked until this transaction ends; after the broadcast, in this order always."""
    return await session.get(BroadcastSchedule, schedule_id, with_for_update=True, populate_existing=True)


async def _lock_pending(session: Session, schedule_id: int) -> Broadcast | None:
    """The occurrence that is still to come once it is locked: while that was waited for, one may have set out."""
    while (found := await pending(session, schedule_id)) is not None:
        broadcast = await states.lock(session, found.id)
        if broadcast is not None and broadcast.state in PENDING:
            return broadcast
    return None


def _zone(district: District) -> ZoneInfo:
    return ZoneInfo(district.timezone)


def _subject(schedule_id: int) -> str:
    return f"schedule:{schedule_id}"
