"""What officers hear in the morning: drafts of feeds that wait, and what ended by its deadline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, func, or_, select

from db.models import FeedItem, Opportunity, OpportunityState
from db.session import Session

LONGEST_WAIT = timedelta(days=14)
"""Drafts that nobody wanted for so long are named no more."""


@dataclass(frozen=True)
class Morning:
    """Of some offices."""

    drafts: int = 0
    """Made of feeds, and as they came."""
    ended: Sequence[str] = ()
    """Titles of those whose deadline passed, the first one first."""

    def __bool__(self) -> bool:
        return bool(self.drafts or self.ended)


async def morning(session: Session, offices: Sequence[str] | None, since: datetime, now: datetime) -> Morning:
    """What there is to tell of these offices (None: of all) after they heard of it at *since*."""
    drafts = select(func.count()).select_from(Opportunity).where(Opportunity.state == OpportunityState.DRAFT)
    of_feed = select(FeedItem.opportunity_id).where(FeedItem.opportunity_id == col(Opportunity.id))
    drafts = drafts.where(of_feed.exists(), col(Opportunity.changed_at) == col(Opportunity.made_at))
    drafts = drafts.where(col(Opportunity.made_at) > now - LONGEST_WAIT)
    drafts = drafts.where(or_(col(Opportunity.deadline).is_(None), col(Opportunity.deadline) > now))
    ended = select(Opportunity.title).where(Opportunity.state == OpportunityState.CLOSED)
    ended = ended.where(col(Opportunity.why_closed).is_(None), col(Opportunity.closed_at) > since)
    if offices is not None:
        drafts = drafts.where(col(Opportunity.office).in_(offices))
        ended = ended.where(col(Opportunity.office).in_(offices))
    titles = (await session.exec(ended.order_by(col(Opportunity.closed_at), col(Opportunity.id)))).all()
    return Morning(int((await session.exec(drafts)).one()), titles)
