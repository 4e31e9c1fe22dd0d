"""What corrects or recalls a broadcast: broadcasts of their own, named by their parent."""

from collections.abc import Collection

from sqlmodel import col, func, select

from db.models import Broadcast, BroadcastKind, BroadcastState, Recipient, RecipientState
from db.session import Session

BY_OFFICER = "officer"
"""Why one stands still, or was stopped: somebody decided so."""

CALLED_OFF = "cancelled"
"""Why somebody was skipped: it was stopped before their turn."""

GOING = (BroadcastState.SCHEDULED, BroadcastState.PREPARING, BroadcastState.RUNNING, BroadcastState.PAUSED)
"""Of a child that is not over."""


async def of(
    session: Session,
    broadcast: Broadcast,
    kind: BroadcastKind,
    states: Collection[BroadcastState] = tuple(BroadcastState),
) -> list[Broadcast]:
    """Those of *broadcast*, the oldest first."""
    theirs = select(Broadcast).where(Broadcast.parent_id == broadcast.id, col(Broadcast.kind) == kind)
    return list((await session.exec(theirs.where(col(Broadcast.state).in_(states)).order_by(col(Broadcast.id)))).all())


async def is_recalled(session: Session, broadcast: Broadcast) -> bool:
    """Whether it was ever taken back, be it from some only: then nothing of it goes out any more."""
    return bool(await of(session, broadcast, BroadcastKind.RECALL))


async def may_be_recalled(session: Session, broadcast: Broadcast) -> bool:
    """Not while a recall goes on or is done; one that was stopped half way may be followed by another."""
    over = (BroadcastState.FINISHED, *GOING)
    return not await of(session, broadcast, BroadcastKind.RECALL, over)


async def halted(session: Session, broadcast: Broadcast) -> Broadcast | None:
    """The recall, or else the correction, of *broadcast* that somebody stopped, and that nothing overtook."""
    recalls = await of(session, broadcast, BroadcastKind.RECALL)
    newest = [*await of(session, broadcast, BroadcastKind.CORRECTION), *recalls][-1:]
    for one in newest:
        is_newest = one.kind is BroadcastKind.RECALL or one.version == broadcast.version
        if one.state is BroadcastState.CANCELLED and one.why == BY_OFFICER and one.started_at and is_newest:
            return one
    return None


async def may_go_on(session: Session, child: Broadcast) -> bool:
    """Whether a correction or a recall was stopped, came to rest, and would still change something."""
    parent = await session.get(Broadcast, child.parent_id) if child.parent_id else None
    if parent is None or child.finished_at is None:
        return False
    found = await halted(session, parent)
    return found is not None and found.id == child.id


async def held_back(session: Session, child: Broadcast) -> int:
    """From how many a correction or a recall was kept by being stopped."""
    kept = select(func.count()).where(Recipient.broadcast_id == child.id, Recipient.state == RecipientState.SKIPPED)
    return int((await session.exec(kept.where(col(Recipient.reason) == CALLED_OFF))).one())


async def is_outdated(session: Session, broadcast: Broadcast) -> bool:
    """Whether what *broadcast* would still do was overtaken: by a recall, or as a correction by a newer one."""
    if broadcast.kind is BroadcastKind.NOTICE:
        return await is_recalled(session, broadcast)
    if broadcast.kind is BroadcastKind.RECALL:
        return False
    parent = await session.get(Broadcast, broadcast.parent_id)
    return parent is None or parent.version != broadcast.version or await is_recalled(session, parent)
