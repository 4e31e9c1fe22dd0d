"""An opportunity's way: published at its time, matched with people, told to them, and over with its deadline."""

from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select, update
from sqlmodel import col
from sqlmodel import select as model_select

from db.models import Notice, NoticeState, Occurrence, Opportunity, OpportunityState
from db.session import Session, note_new
from db.upsert import insert_new
from domain.audit import SYSTEM
from domain.district import District
from domain.opportunities import amending, composing, mailing, marks, notices, rhythm, states, sweeping, wishes
from domain.opportunities.marks import STEPS
from domain.opportunities.refusals import BadOpportunity, NotComplete
from domain.opportunities.rhythm import DAILY, DAY

S = OpportunityState

WALK_BEFORE = timedelta(hours=1)
"""The digests."""


async def is_due(session: Session, now: datetime) -> bool:
    """Whether `advance` may find something to do: a look that locks nothing."""
    publish = exists().where(col(Opportunity.state) == S.SCHEDULED, col(Opportunity.publish_at) <= now)
    end = exists().where(col(Opportunity.state) == S.OPEN, col(Opportunity.deadline) <= now)
    walk = exists().where(col(Opportunity.state) == S.OPEN, col(Opportunity.cursor).is_not(None))
    sweep = exists().where(col(Opportunity.sweep).is_not(None))
    mail = exists().where(col(Notice.state) == NoticeState.WAITING, col(Notice.due_at) <= now)
    mail = mail.where(~marks.is_changed(col(Notice.person_id)))
    edit = exists().where(amending.can_edit())
    look = wishes.can_look()
    hear = exists().where(mailing.is_lost())
    found = await (await session.connection()).execute(select(or_(publish, end, walk, sweep, mail, edit, look, hear)))
    return bool(found.scalar_one())


async def advance(session: Session, district: District, now: datetime) -> bool:
    """Do the next thing that is to be done for any opportunity; whether there was one."""
    # What ends goes first, so that nothing of it is sent any more; of one room for both, what is new before edits.
    steps = (
        _close_next,
        _publish_next,
        mailing.hear_next,
        sweeping.sweep_next,
        wishes.look_next,
        notices.walk_next,
        mailing.mail_next,
        amending.edit_next,
    )
    for step in steps:
        if await step(session, district, now):
            return True
    return False


async def walk_daily(session: Session, district: District, now: datetime) -> None:
    """Before each digest hold all that is open against everybody once more: who is new hears of it, and nobody is
    left out.
    """
    due = (await rhythm.timing(session, district)).due(DAILY, now) - WALK_BEFORE
    due -= timedelta() if due <= now else DAY
    row = {"what": "opportunity.walk", "at": due, "done_at": now}
    if await insert_new(session, Occurrence.__table__, [row], unique=["what", "at"]):  # type: ignore[attr-defined]  # SQLModel adds it
        every = update(Opportunity).where(col(Opportunity.state) == S.OPEN, col(Opportunity.cursor).is_(None))
        await (await session.connection()).execute(every.values(cursor=0))
        note_new(session, STEPS)


async def _close_next(session: Session, _: District, now: datetime) -> bool:
    over = model_select(Opportunity.id).where(Opportunity.state == S.OPEN, col(Opportunity.deadline) <= now)
    id = (await session.exec(over.order_by(col(Opportunity.id)).limit(1))).first()
    one = None if id is None else await states.lock(session, id)
    if one is None or one.state is not S.OPEN or one.deadline is None or one.deadline > now:
        return False
    await composing.close(session, one, None, SYSTEM, now)
    return True


async def _publish_next(session: Session, _: District, now: datetime) -> bool:
    due = model_select(Opportunity.id).where(Opportunity.state == S.SCHEDULED, col(Opportunity.publish_at) <= now)
    id = (await session.exec(due.order_by(col(Opportunity.publish_at), col(Opportunity.id)).limit(1))).first()
    one = None if id is None else await states.lock(session, id)
    if one is None or one.state is not S.SCHEDULED:
        return False
    try:
        await composing.publish(session, one, SYSTEM, now)
    except (BadOpportunity, NotComplete):
        # The bot was away until its deadline had passed.
        await composing.miss(session, one, now)
    return True
