"""A broadcast's way from its hour to its end: started or missed, its audience written down, and finished."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sql
from sqlalchemy import literal
from sqlalchemy.orm import aliased
from sqlmodel import col, func, or_, select

from db import bulk
from db.models import (
    UNDER_WAY,
    Broadcast,
    BroadcastKind,
    BroadcastState,
    Officer,
    Outlet,
    Recipient,
    RecipientState,
    Role,
)
from db.models.columns import BIG, STRUCTURE
from db.session import Session, note_new
from domain import audit, staff
from domain.audit import SYSTEM
from domain.broadcasts import audience, drafts, quiet, schedule, states, telling
from domain.broadcasts.children import CALLED_OFF
from domain.district import District

SLICE = 1_000
"""Rows written in one transaction, so that nobody's answer waits for a whole district."""

REPLACED = "replaced"
"""Why a correction was called off: a newer one, or a recall, says what it would have said."""

STEPS = "broadcasts"
"""Rung when there is something to start, to write down or to end."""


async def advance(session: Session, district: District, now: datetime) -> bool:
    """Do the next thing that is to be done for any broadcast; whether there was one."""
    # The order matters to nobody: each does one broadcast's one thing, and the loop comes again.
    for step in (
        _start_due,
        schedule.follow_next,
        schedule.move_on,
        _prepare_next,
        _clear_next,
        _finish_next,
        _tell_next,
    ):
        if await step(session, district, now):
            return True
    return False


async def _start_due(session: Session, district: District, now: datetime) -> bool:
    due = or_(col(Broadcast.starts_at).is_(None), col(Broadcast.starts_at) <= now)
    waiting = select(Broadcast).where(col(Broadcast.state) == BroadcastState.SCHEDULED, due)
    waiting = waiting.order_by(col(Broadcast.starts_at), col(Broadcast.id)).limit(1)
    broadcast = (await session.exec(waiting.with_for_update(skip_locked=True))).first()
    if broadcast is None:
        return False
    # Of several occurrences that are due only the newest is sent.
    is_missed = is_too_late(broadcast, now) or bool(await schedule.passed(session, broadcast, district, now))
    dead = None if is_missed else await drafts.dead_training(session, drafts.said_by(broadcast), now)
    if dead is not None:
        states.move(broadcast, BroadcastState.DRAFT, now)
        broadcast.approved_by = None
        await audit.record(session, now, SYSTEM, "broadcast.reopened", f"broadcast:{broadcast.id}")
        await telling.waits_for_button(session, broadcast, dead, district, now)
        await session.flush()
        return True
    if is_missed:
        states.move(broadcast, BroadcastState.MISSED, now)
        await audit.record(session, now, SYSTEM, "broadcast.missed", f"broadcast:{broadcast.id}")
    elif not await may_still(session, broadcast):
        states.move(broadcast, BroadcastState.CANCELLED, now)
        broadcast.why = "author left"
        await audit.record(session, now, SYSTEM, "broadcast.cancelled", f"broadcast:{broadcast.id}")
        await telling.author_left(session, broadcast, district, now)
        await schedule.end_with_author(session, broadcast, now)
    else:
        states.move(broadcast, BroadcastState.PREPARING, now)
        broadcast.started_at, broadcast.cursor = now, 0
    goes_on = await schedule.follow(session, broadcast, district, now, is_missed=is_missed)
    if is_missed and not goes_on:
        await telling.missed(session, broadcast, district, now)
    note_new(session, STEPS)
    await session.flush()
    return True


def is_too_late(broadcast: Broadcast, now: datetime) -> bool:
    """Whether its time has passed by more than its limit."""
    return broadcast.starts_at is not None and schedule.is_late(broadcast.starts_at, broadcast.late_limit, now)


async def may_still(session: Session, broadcast: Broadcast) -> bool:
    """Whether who stands for it still may: its author or who approved it; the terminal always."""
    if broadcast.author_id is None:
        return True
    for person_id in (broadcast.author_id, broadcast.approved_by):
        officer = await session.get(Officer, person_id) if person_id else None
        if officer and officer.role is not Role.READER and staff.serves(officer, broadcast.office):
            return True
    return False


# Writing down who it goes to.


async def _prepare_next(session: Session, district: District, now: datetime) -> bool:
    preparing = select(Broadcast).where(col(Broadcast.state) == BroadcastState.PREPARING)
    preparing = preparing.order_by(col(Broadcast.started_at), col(Broadcast.id))
    for broadcast in (await session.exec(preparing.with_for_update(skip_locked=True))).all():
        if broadcast.kind is BroadcastKind.NOTICE:
            await _write_people_down(session, broadcast, district, now)
            return True
        if not await _is_in_the_air(session, broadcast):
            await _write_targets_down(session, broadcast, district, now)
            return True
    return False


async def _is_in_the_air(session: Session, broadcast: Broadcast) -> bool:
    """Whether something is just being sent that *broadcast* is to change once it has arrived."""
    family = col(Broadcast.id) == broadcast.parent_id
    others = (col(Broadcast.parent_id) == broadcast.parent_id) & (col(Broadcast.id) != broadcast.id)
    calls = select(Recipient.id).join(Broadcast, col(Broadcast.id) == col(Recipient.broadcast_id))
    calls = calls.where(col(Recipient.state) == RecipientState.SENDING)
    of_parent = calls.where(family)
    if broadcast.kind is BroadcastKind.CORRECTION:
        # It goes on meanwhile, and what it sends by now is of the new version.
        older = or_(col(Recipient.version).is_(None), col(Recipient.version) < broadcast.version)
        of_parent = of_parent.where(older)
    # An older correction that arrives later would put its own words back.
    for some in (of_parent, calls.where(others)):
        if (await session.exec(some.limit(1))).first() is not None:
            return True
    return False


async def _write_people_down(session: Session, broadcast: Broadcast, district: District, now: datetime) -> None:
    until = await quiet.until(session, district, now) if broadcast.keeps_quiet_hours else None
    written = await bulk.write_down(
        session, broadcast.id, audience.of(broadcast, broadcast.cursor, SLICE), until or now
    )
    broadcast.total += written
    if written == SLICE:
        last = select(func.max(Recipient.person_id)).where(col(Recipient.broadcast_id) == broadcast.id)
        broadcast.cursor = (await session.exec(last)).one() or 0
    else:
        chat_ids = audience.audience_of(broadcast.audience).outlets
        # One that was lost meanwhile too: it is skipped with its reason, and so told of.
        broadcast.total += await _write_outlets_down(session, broadcast, chat_ids, until or now)
        await _set_out(session, broadcast, district, now)


async def _write_outlets_down(session: Session, broadcast: Broadcast, chat_ids: Sequence[int], at: datetime) -> int:
    if not chat_ids:
        return 0
    columns: tuple[Any, ...] = (
        literal(None, BIG).label("person_id"),
        col(Outlet.chat_id).label("chat_id"),
        literal(None, STRUCTURE).label("target_ids"),
        literal(None, Broadcast.__table__.c.made_at.type).label("target_at"),  # type: ignore[attr-defined]  # SQLModel adds it
    )
    rows = sql.select(*columns).where(col(Outlet.chat_id).in_(chat_ids))
    return await bulk.write_down(session, broadcast.id, rows, at)


async def _write_targets_down(session: Session, broadcast: Broadcast, district: District, now: datetime) -> None:
    """Who has a message of the parent's: to recall it all, to correct what is of an older version."""
    has_it = select(Recipient.id).where(
        col(Recipient.broadcast_id) == broadcast.parent_id,
        col(Recipient.message_ids).is_not(None),
        col(Recipient.id) > broadcast.cursor,
    )
    if broadcast.kind is BroadcastKind.CORRECTION:
        # Who has a part without the words, as yet or for good, has no version.
        known = col(Recipient.state) != RecipientState.UNCERTAIN
        has_it = has_it.where(col(Recipient.version) < broadcast.version, known)
    # One that was stopped and goes on has most of them already.
    mine = aliased(Recipient)
    of_mine = sql.select(col(mine.id)).where(col(mine.broadcast_id) == broadcast.id)
    has_it = has_it.where(
        ~of_mine.where(col(mine.person_id) == col(Recipient.person_id)).exists(),
        ~of_mine.where(col(mine.chat_id) == col(Recipient.chat_id)).exists(),
    )
    ids = (await session.exec(has_it.order_by(col(Recipient.id)).limit(SLICE))).all()
    columns: tuple[Any, ...] = (
        col(Recipient.person_id),
        col(Recipient.chat_id),
        col(Recipient.message_ids).label("target_ids"),
        col(Recipient.settled_at).label("target_at"),
    )
    broadcast.total += await bulk.write_down(
        session, broadcast.id, sql.select(*columns).where(col(Recipient.id).in_(ids)), now
    )
    if len(ids) == SLICE:
        broadcast.cursor = ids[-1] or 0
    else:
        await _set_out(session, broadcast, district, now)


async def _set_out(session: Session, broadcast: Broadcast, district: District, now: datetime) -> None:
    states.move(broadcast, BroadcastState.RUNNING, now)
    await telling.set_out(session, broadcast, district, now)
    note_new(session, bulk.QUEUE)
    note_new(session, STEPS)


# Ends.


async def _clear_next(session: Session, district: District, now: datetime) -> bool:
    """Those who still waited when it was called off do not get it."""
    off = select(Broadcast.id).where(
        col(Broadcast.state) == BroadcastState.CANCELLED, col(Broadcast.finished_at).is_(None)
    )
    for broadcast_id in (await session.exec(off.order_by(col(Broadcast.id)))).all():
        if await bulk.skip_some(session, broadcast_id, CALLED_OFF, now, SLICE):
            return True
        if not await _has_under_way(session, broadcast_id, UNDER_WAY):
            broadcast = await states.lock(session, broadcast_id)
            if broadcast is not None:
                broadcast.finished_at = now
                if broadcast.started_at is not None and broadcast.why != REPLACED:
                    await telling.finished(session, broadcast, district, now)
                elif broadcast.started_at is not None:
                    await telling.show_progress(session, broadcast, district, now)
            return True
    return False


async def _finish_next(session: Session, district: District, now: datetime) -> bool:
    running = select(Broadcast.id).where(col(Broadcast.state) == BroadcastState.RUNNING)
    for broadcast_id in (await session.exec(running.order_by(col(Broadcast.id)))).all():
        if await _has_under_way(session, broadcast_id, UNDER_WAY):
            continue
        broadcast = await states.lock(session, broadcast_id)
        if broadcast is None or broadcast.state is not BroadcastState.RUNNING:
            continue
        if await _has_under_way(session, broadcast_id, UNDER_WAY):
            continue  # somebody put some of them in line again while we waited for the lock
        states.move(broadcast, BroadcastState.FINISHED, now)
        broadcast.finished_at = now
        await telling.finished(session, broadcast, district, now)
        return True
    return False


async def _tell_next(session: Session, district: District, now: datetime) -> bool:
    """The messages in which authors follow theirs are kept current."""
    since = now - telling.EVERY
    told = select(Broadcast).where(col(Broadcast.state) == BroadcastState.RUNNING)
    told = told.where(col(Broadcast.progress_message_id).is_not(None), col(Broadcast.progress_at) <= since)
    broadcast = (await session.exec(told.order_by(col(Broadcast.progress_at)).limit(1))).first()
    if broadcast is None:
        return False
    await telling.show_progress(session, broadcast, district, now)
    broadcast.progress_at = now
    return True


async def _has_under_way(session: Session, broadcast_id: int | None, which: tuple[RecipientState, ...]) -> bool:
    stands = select(Recipient.id).where(col(Recipient.broadcast_id) == broadcast_id, col(Recipient.state).in_(which))
    return (await session.exec(stands.limit(1))).first() is not None
