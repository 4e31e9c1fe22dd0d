"""What officers do with a broadcast under way and afterwards: pause, resume, stop, try again, send what was missed."""

from datetime import datetime

from db import bulk
from db.models import Broadcast, BroadcastKind, BroadcastState, Person, RecipientState
from db.session import Session, note_new
from domain import audit, staff
from domain.audit import Actor
from domain.broadcasts import children, running, sending, states, telling
from domain.broadcasts.children import BY_OFFICER, CALLED_OFF
from domain.broadcasts.refusals import NothingLeft, WasOvertaken, WasRecalled, WrongState
from domain.broadcasts.running import STEPS
from domain.district import District
from domain.errors import NotForYou
from messages import say

STOPPABLE = (BroadcastState.PREPARING, BroadcastState.RUNNING, BroadcastState.PAUSED, BroadcastState.MISSED)


async def access(session: Session, person: Person, broadcast_id: int, *, reads: bool = False) -> Broadcast:
    """The broadcast, locked, for an officer of its office. *reads*: nothing is changed, so a reader may too.

    Raises NotForYou for anybody else, and for a broadcast there is not.
    """
    broadcast = await session.get(Broadcast, broadcast_id)
    if broadcast is None:
        raise NotForYou
    await staff.access(session, person, office=broadcast.office, reads=reads)
    locked = broadcast if reads else await states.lock(session, broadcast_id)
    if locked is None:
        raise NotForYou
    return locked


async def pause(session: Session, broadcast: Broadcast, by: Actor, district: District, now: datetime) -> None:
    """Nobody else is told until it is resumed. *broadcast*: by `access`. Raises WrongState."""
    states.move(broadcast, BroadcastState.PAUSED, now)
    broadcast.why = BY_OFFICER
    await _record(session, broadcast, by, "broadcast.paused", now)
    await telling.steered(session, broadcast, by, "paused")
    await telling.show_progress(session, broadcast, district, now)


async def resume(session: Session, broadcast: Broadcast, by: Actor, district: District, now: datetime) -> None:
    """It goes on with those who wait; what went wrong by now pauses it no more. Raises WrongState."""
    if broadcast.state is not BroadcastState.PAUSED:
        raise WrongState(say("broadcast.deed_resume"), broadcast.state)
    await _go_on(session, broadcast, now)
    await _record(session, broadcast, by, "broadcast.resumed", now)
    await telling.show_progress(session, broadcast, district, now)


async def _go_on(session: Session, broadcast: Broadcast, now: datetime) -> None:
    states.move(broadcast, BroadcastState.RUNNING, now)
    broadcast.why, broadcast.finished_at = None, None
    broadcast.tolerated = await sending.wrong(session, broadcast.id)
    note_new(session, bulk.QUEUE)
    note_new(session, STEPS)


async def stop(session: Session, broadcast: Broadcast, by: Actor, district: District, now: datetime) -> None:
    """For good: who waits does not get it; a missed one is dropped. Raises WrongState."""
    if broadcast.state not in STOPPABLE:
        raise WrongState(say("broadcast.deed_cancel"), broadcast.state)
    states.move(broadcast, BroadcastState.CANCELLED, now)
    broadcast.why = BY_OFFICER
    note_new(session, STEPS)
    await _record(session, broadcast, by, "broadcast.cancelled", now)
    await telling.steered(session, broadcast, by, "stopped")
    await telling.show_progress(session, broadcast, district, now)


async def access_child(session: Session, person: Person, broadcast_id: int) -> Broadcast:
    """The same for a correction or a recall, whose parent is locked first, as whatever else changes it does."""
    there = await session.get(Broadcast, broadcast_id)
    if there is not None and there.parent_id is not None:
        await states.lock(session, there.parent_id)
    return await access(session, person, broadcast_id)


async def go_on(session: Session, child: Broadcast, by: Actor, district: District, now: datetime) -> int:
    """Let a correction or a recall (by `access_child`) go on that was stopped; return how many are in line again.

    Raises WrongState for one that was not stopped or has not come to rest, WasRecalled and WasOvertaken.
    """
    is_change = child.kind is not BroadcastKind.NOTICE
    if not is_change or child.state is not BroadcastState.CANCELLED or child.finished_at is None:
        raise WrongState(say("broadcast.deed_resume"), child.state)
    if not await children.may_go_on(session, child):
        raise WasRecalled if child.kind is BroadcastKind.RECALL else WasOvertaken
    number = await bulk.wait_again(session, child.id, [RecipientState.SKIPPED], now, CALLED_OFF)
    # Who was not even written down yet when it was stopped is so now.
    states.move(child, BroadcastState.PREPARING, now)
    child.why, child.finished_at, child.cursor = None, None, 0
    child.tolerated = await sending.wrong(session, child.id)
    note_new(session, STEPS)
    await _record(session, child, by, "broadcast.resumed", now, number)
    return number


async def try_again(
    session: Session, broadcast: Broadcast, which: RecipientState, by: Actor, district: District, now: datetime
) -> int:
    """Put those who failed, or are uncertain (*which*), in line once more; return how many.

    Raises WrongState unless it is finished, WasRecalled, WasOvertaken and NothingLeft.
    """
    if broadcast.state is not BroadcastState.FINISHED:
        raise WrongState(say("broadcast.deed_send"), broadcast.state)
    if await children.is_outdated(session, broadcast):
        raise WasRecalled if await children.is_recalled(session, broadcast) else WasOvertaken
    number = await bulk.wait_again(session, broadcast.id, [which], now)
    if not number:
        raise NothingLeft
    await _go_on(session, broadcast, now)
    deed = "broadcast.retried" if which is RecipientState.FAILED else "broadcast.resent"
    await _record(session, broadcast, by, deed, now, number)
    await telling.show_progress(session, broadcast, district, now)
    return number


async def send_late(session: Session, broadcast: Broadcast, person: Person, by: Actor, now: datetime) -> None:
    """Send one that was missed after all, however late it is; *person* answers for it. Raises WrongState."""
    if broadcast.state is not BroadcastState.MISSED:
        raise WrongState(say("broadcast.deed_send"), broadcast.state)
    states.move(broadcast, BroadcastState.SCHEDULED, now)
    broadcast.late_limit = None
    if not await running.may_still(session, broadcast):
        broadcast.author_id = person.id
    note_new(session, STEPS)
    await _record(session, broadcast, by, "broadcast.sent", now)


async def _record(
    session: Session, broadcast: Broadcast, by: Actor, deed: str, now: datetime, number: int | None = None
) -> None:
    after = None if number is None else {"recipients": number}
    await audit.record(session, now, by, deed, f"broadcast:{broadcast.id}", None, after)
