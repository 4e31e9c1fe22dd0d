"""What corrects or recalls a broadcast: broadcasts of their own, named by their parent."""

from collections.abc import Collection

from sqlmodel import col, select

from db.models import Broadcast, BroadcastKind, BroadcastState
from db.session import Session

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


async def is_outdated(session: Session, broadcast: Broadcast) -> bool:
    """Whether what *broadcast* would still do was overtaken: by a recall, or as a correction by a newer one."""
    if broadcast.kind is BroadcastKind.NOTICE:
        return await is_recalled(session, broadcast)
    if broadcast.kind is BroadcastKind.RECALL:
        return False
    parent = await session.get(Broadcast, broadcast.parent_id)
    return parent is None or parent.version != broadcast.version or await is_recalled(session, parent)
