"""After a change: what waits of an opportunity, and what people were told of it, is brought in line, some at a time.

Messages are decided again when they are owed, so nothing wrong is sent meanwhile.
"""

from datetime import datetime
from typing import Any

from sqlmodel import col, select, update

from db.models import Notice, NoticeState, Opportunity, OpportunityMail, OpportunityState
from db.session import Session, note_new
from domain.district import District
from domain.opportunities import notices
from domain.opportunities.marks import STEPS
from domain.opportunities.notices import ASIDE, CLOSED, WITHDRAWN


async def sweep_next(session: Session, _: District, now: datetime) -> bool:
    """Deal with the next SLICE of people; False where nothing changed."""
    # What is over goes first.
    is_open = col(Opportunity.state) == OpportunityState.OPEN
    changed = select(Opportunity).where(col(Opportunity.sweep).is_not(None)).order_by(is_open, col(Opportunity.id))
    one = (await session.exec(changed.limit(1).with_for_update(key_share=True))).first()
    if one is None:
        return False
    # Notices and messages never in one transaction: others lock them the other way round.
    if not await _sweep_waiting(session, one, now):
        last = await _mark_stale(session, one) if one.is_outdated else None
        one.sweep, one.is_outdated = last, last is not None
    note_new(session, STEPS)
    await session.flush()
    return True


async def _sweep_waiting(session: Session, one: Opportunity, now: datetime) -> bool:
    """Skip what waits of one that is over; what waits of an urgent one waits for no digest any more."""
    waits = (
        select(Notice.id)
        .where(Notice.opportunity_id == one.id, Notice.state == NoticeState.WAITING)
        .limit(notices.SLICE)
    )
    if one.state is not OpportunityState.OPEN:
        reason = WITHDRAWN if one.state is OpportunityState.WITHDRAWN else CLOSED
        values: dict[str, Any] = {"state": NoticeState.SKIPPED, "reason": reason}
    elif one.is_urgent:
        waits, values = waits.where(col(Notice.due_at) > now, col(Notice.due_at) < ASIDE), {"due_at": now}
    else:
        return False
    some = update(Notice).where(col(Notice.id).in_(waits), col(Notice.state) == NoticeState.WAITING)
    return bool((await (await session.connection()).execute(some.values(**values))).rowcount)


async def _mark_stale(session: Session, one: Opportunity) -> int | None:
    """What the next SLICE of people were told is to be edited; up to whom that was, None: to the last."""
    theirs = select(Notice.person_id).where(Notice.opportunity_id == one.id, col(Notice.person_id) > (one.sweep or 0))
    ids = (await session.exec(theirs.order_by(col(Notice.person_id)).limit(notices.SLICE))).all()
    if ids:
        of_it = select(Notice.mail_id).where(Notice.opportunity_id == one.id, col(Notice.mail_id).is_not(None))
        of_it = of_it.where(col(Notice.person_id) >= ids[0], col(Notice.person_id) <= ids[-1])
        # Without its number nobody can edit a message.
        stale = update(OpportunityMail).where(col(OpportunityMail.id).in_(of_it))
        stale = stale.where(col(OpportunityMail.message_id).is_not(None))
        await (await session.connection()).execute(stale.values(is_stale=True))
    return ids[-1] if len(ids) == notices.SLICE else None
