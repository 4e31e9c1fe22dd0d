"""Where an opportunity may go from where it stands."""

from collections.abc import Mapping
from datetime import datetime

from db.models import Opportunity, OpportunityState
from db.session import Session
from domain.opportunities.refusals import WrongState

S = OpportunityState

MOVES: Mapping[OpportunityState, frozenset[OpportunityState]] = {
    S.DRAFT: frozenset({S.SCHEDULED, S.OPEN, S.DROPPED}),
    S.SCHEDULED: frozenset({S.DRAFT, S.OPEN, S.DROPPED}),
    S.OPEN: frozenset({S.CLOSED, S.WITHDRAWN}),
    S.CLOSED: frozenset({S.WITHDRAWN}),
    S.WITHDRAWN: frozenset(),
    S.DROPPED: frozenset(),
}

COMPOSED = (S.DRAFT, S.SCHEDULED)
SHOWN = (S.OPEN, S.CLOSED, S.WITHDRAWN)
"""Those that people may know of."""


def move(opportunity: Opportunity, to: OpportunityState, now: datetime) -> None:
    """Let it stand there from now on. Raises WrongState for a move that there is not."""
    if to not in MOVES[opportunity.state]:
        raise WrongState(opportunity.state)
    opportunity.state, opportunity.changed_at = to, now


async def lock(session: Session, opportunity_id: int) -> Opportunity | None:
    """The opportunity, locked until this transaction ends.

    As everywhere its key stays: whoever writes down a notice or an answer, which name it, does not wait, holding rows
    for which we may wait.
    """
    keeps_key = {"key_share": True}
    return await session.get(Opportunity, opportunity_id, with_for_update=keeps_key, populate_existing=True)
