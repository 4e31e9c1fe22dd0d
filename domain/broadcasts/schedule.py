"""Broadcasts that come again: the next occurrence always stands there as a broadcast of its own, made beforehand.

It is made when the schedule is kept, and in the transaction in which the one before it is started, missed or dropped.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, exists, func, select

from db.models import Broadcast, BroadcastSchedule, BroadcastState
from db.session import Session
from db.upsert import insert_new
from domain import audit
from domain.audit import SYSTEM, Actor
from domain.broadcasts import codes, states, telling
from domain.broadcasts.rhythm import dates, next_dates, rhythm_of
from domain.district import District

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
    *("approved_by", "schedule_id"),
}
"""What an occurrence has of the one before it, beside the content; its time and late limit are the schedule's."""


async def pending(session: Session, schedule_id: int) -> Broadcast | None:
    """The occurrence that is still to come."""
    theirs = select(Broadcast).where(col(Broadcast.schedule_id) == schedule_id, col(Broadcast.state).in_(PENDING))
    return (await session.exec(theirs.order_by(col(Broadcast.id).desc()).limit(1))).first()


async def newest(session: Session, schedule_id: int) -> Broadcast | None:
    """The occurrence made last, whatever became of it."""
    theirs = select(Broadcast).where(col(Broadcast.schedule_id) == schedule_id)
    return (await session.exec(theirs.order_by(col(Broadcast.id).desc()).limit(1))).first()


async def last_sure(session: Session, schedule_id: int) -> Broadcast | None:
    """The newest occurrence that was surely confirmed as it is."""
    sure = select(Broadcast).where(col(Broadcast.schedule_id) == schedule_id, col(Broadcast.state).in_(CONFIRMED))
    return (await session.exec(sure.order_by(col(Broadcast.id).desc()).limit(1))).first()


# What time does.


async def passed(session: Session, broadcast: Broadcast, district: District, now: datetime) -> Sequence[datetime]:
    """Dates after *broadcast*'s that are over too and of which nothing stands there yet."""
    schedule = await lock(session, broadcast.schedule_id) if broadcast.schedule_id else None
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
    schedule = await lock(session, broadcast.schedule_id) if broadcast.schedule_id else None
    if schedule is None or schedule.stopped_at is not None or await pending(session, schedule.id):
        return False
    over = list(await _passed(session, schedule, broadcast, district, now))
    after = over[-1] if over else await _last_date(session, schedule, broadcast, now)
    upcoming = next_dates(rhythm_of(schedule.rhythm), after, zone_of(district), 1, schedule.ends_on)
    if over and not is_late(over[-1], schedule.late_limit, now):
        upcoming = [over.pop()]
    await _insert(session, [_copy(broadcast, schedule, at, BroadcastState.MISSED, now) for at in over[-MOST_MISSED:]])
    await _insert(session, [_copy(broadcast, schedule, at, state, now) for at in upcoming])
    if not upcoming:
        await end(session, schedule, SYSTEM, now)
    missed = [broadcast.starts_at, *over] if is_missed and broadcast.starts_at else over
    if over:
        after_ = {"number": len(over), "from": over[0].isoformat(), "to": over[-1].isoformat()}
        await audit.record(session, now, SYSTEM, "schedule.missed", subject(schedule.id), None, after_)
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
    if (last := await last_sure(session, schedule.id)) is None:
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
        schedule = await lock(session, broadcast.schedule_id) if broadcast and broadcast.schedule_id else None
        if broadcast is None or schedule is None or broadcast.state not in UNCONFIRMED or broadcast.starts_at is None:
            continue
        over = list(await _passed(session, schedule, broadcast, district, now))
        newest_ = over[-1] if over else broadcast.starts_at
        rest = next_dates(rhythm_of(schedule.rhythm), newest_, zone_of(district), 1, schedule.ends_on)
        is_over = is_late(newest_, schedule.late_limit if over else broadcast.late_limit, now)
        following = rest[0] if is_over and rest else newest_
        if is_over and not rest:
            states.move(broadcast, BroadcastState.CANCELLED, now)
            await end(session, schedule, SYSTEM, now)
            await telling.moved_on(session, broadcast, None, district, now)
            return True
        if following != broadcast.starts_at:
            await telling.moved_on(session, broadcast, following, district, now)
            broadcast.starts_at, broadcast.late_limit, broadcast.changed_at = following, schedule.late_limit, now
            return True
    return False


def _unconfirmed(now: datetime) -> Any:
    theirs = select(Broadcast.id).where(col(Broadcast.state).in_(UNCONFIRMED), col(Broadcast.starts_at) <= now)
    return theirs.where(col(Broadcast.schedule_id).is_not(None)).order_by(col(Broadcast.id))


async def end_with_author(session: Session, broadcast: Broadcast, now: datetime) -> None:
    """Nobody stands for it any more: the occurrences after *broadcast* would be cancelled each in its turn."""
    schedule = await lock(session, broadcast.schedule_id) if broadcast.schedule_id else None
    if schedule is not None and schedule.stopped_at is None:
        await end(session, schedule, SYSTEM, now)


def is_late(at: datetime, late_limit: int | None, now: datetime) -> bool:
    """Whether *at* is over by more than so many minutes; never without a limit."""
    return late_limit is not None and now - at > timedelta(minutes=late_limit)


async def _passed(
    session: Session, schedule: BroadcastSchedule, broadcast: Broadcast, district: District, now: datetime
) -> Sequence[datetime]:
    after = await _last_date(session, schedule, broadcast, now)
    every = dates(rhythm_of(schedule.rhythm), after, zone_of(district), schedule.ends_on)
    return list(takewhile(lambda at: at <= now, every))


async def _last_date(session: Session, schedule: BroadcastSchedule, broadcast: Broadcast, now: datetime) -> datetime:
    """The newest date of which something stands there: a clock that was set back makes none a second time."""
    theirs = select(func.max(Broadcast.starts_at)).where(col(Broadcast.schedule_id) == schedule.id)
    known = (await session.exec(theirs)).one()
    if broadcast.starts_at is None:
        return max(now, known or now)  # sent by hand, in place of what was to come before
    return known or broadcast.starts_at


def _copy(
    broadcast: Broadcast, schedule: BroadcastSchedule, at: datetime, state: BroadcastState, now: datetime
) -> Broadcast:
    # A correction was for that one occurrence.
    content = broadcast.replaced[0] if broadcast.replaced else broadcast.content
    kept = broadcast.model_dump(include=COPIED)
    fresh: dict[str, Any] = {"state": state, "code": codes.new(), "made_at": now, "changed_at": now, "starts_at": at}
    return Broadcast(**kept, **fresh, content=content, late_limit=schedule.late_limit)


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


async def end(session: Session, schedule: BroadcastSchedule, by: Actor, now: datetime) -> None:
    schedule.stopped_at = now
    await audit.record(session, now, by, "schedule.stopped", subject(schedule.id))


async def lock(session: Session, schedule_id: int) -> BroadcastSchedule | None:
    """The schedule, locked until this transaction ends; after the broadcast, in this order always."""
    return await session.get(BroadcastSchedule, schedule_id, with_for_update=True, populate_existing=True)


def zone_of(district: District) -> ZoneInfo:
    return ZoneInfo(district.timezone)


def subject(schedule_id: int) -> str:
    return f"schedule:{schedule_id}"
