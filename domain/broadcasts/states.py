"""Where a broadcast may go from where it stands."""

from collections.abc import Mapping
from datetime import datetime

from db.models import Broadcast, BroadcastState
from db.session import Session
from domain.broadcasts.refusals import WrongState
from messages import Sentence, say

S = BroadcastState

MOVES: Mapping[BroadcastState, frozenset[BroadcastState]] = {
    S.DRAFT: frozenset({S.PROPOSED, S.SCHEDULED, S.CANCELLED}),
    S.PROPOSED: frozenset({S.SCHEDULED, S.DRAFT, S.CANCELLED}),
    S.SCHEDULED: frozenset({S.PREPARING, S.DRAFT, S.CANCELLED, S.MISSED}),
    S.PREPARING: frozenset({S.RUNNING, S.CANCELLED, S.FINISHED}),
    S.RUNNING: frozenset({S.PAUSED, S.CANCELLED, S.FINISHED}),
    S.PAUSED: frozenset({S.RUNNING, S.CANCELLED}),
    S.CANCELLED: frozenset({S.PREPARING}),
    S.FINISHED: frozenset({S.RUNNING}),
    S.MISSED: frozenset({S.SCHEDULED, S.CANCELLED}),
}
"""A finished one runs again for those whose message failed, a correction or a recall that was stopped for those it was
kept from (`steering.go_on` alone lets it). One whose audience is just being written down does not
stand still: going on from there it would know half of it only."""

DEEDS: Mapping[BroadcastState, str] = {
    S.DRAFT: "change",
    S.PROPOSED: "send",
    S.SCHEDULED: "send",
    S.PREPARING: "send",
    S.RUNNING: "resume",
    S.PAUSED: "pause",
    S.CANCELLED: "cancel",
    S.FINISHED: "finish",
    S.MISSED: "miss",
}


def move(broadcast: Broadcast, to: BroadcastState, now: datetime) -> None:
    """Let it stand there from now on. Raises WrongState for a move that there is not."""
    if to not in MOVES[broadcast.state]:
        raise WrongState(_deed(to), broadcast.state)
    broadcast.state, broadcast.changed_at = to, now


def _deed(to: BroadcastState) -> Sentence:
    return say(f"broadcast.deed_{DEEDS[to]}")


async def lock(session: Session, broadcast_id: int) -> Broadcast | None:
    """The broadcast, locked until this transaction ends: nothing of it goes out meanwhile."""
    return await session.get(Broadcast, broadcast_id, with_for_update=True, populate_existing=True)
