"""What opportunities keep of somebody, taken out when they are erased; figures stay."""

from datetime import datetime, timedelta

from sqlmodel import col, delete, select, update

from db import forgetting
from db.models import Feed, Interest, MailState, Notice, NoticeState, Opportunity, OpportunityMail, Person, Wishes
from db.session import Session

NOTICES_ARE_KEPT = timedelta(days=365)
"""Who was told of what, after it was over."""

AN_HOUR = 10_000
"""Rows of each table deleted at a time."""


async def forget_person(session: Session, person: Person) -> None:
    """Their wishes go; what they answered stays a number, at which nothing of theirs can be read or reached."""
    connection = await session.connection()
    messages = update(OpportunityMail).where(col(OpportunityMail.person_id) == person.id)
    # In the order in which everybody locks them.
    await connection.execute(messages.values(is_stale=False))
    await connection.execute(delete(Wishes).where(col(Wishes.person_id) == person.id))
    waits = (col(Notice.person_id) == person.id) & (col(Notice.state) != NoticeState.TOLD)
    await connection.execute(delete(Notice).where(waits))
    # A message that was being owed, for which the notices may have waited: nobody knew of it before.
    owed = select(OpportunityMail.delivery_id).where(OpportunityMail.person_id == person.id)
    owed = owed.where(OpportunityMail.state == MailState.OWED)
    if rows := (await session.exec(owed.where(col(OpportunityMail.delivery_id).is_not(None)))).all():
        await forgetting.empty_rows(session, [row for row in rows if row is not None])
    await connection.execute(messages.values(message_id=None, delivery_id=None, is_stale=False))
    nothing = {"may_share": None, "reason": None, "left_as": None, "news": None, "news_at": None}
    await connection.execute(update(Interest).where(col(Interest.person_id) == person.id).values(**nothing))
    await connection.execute(update(Feed).where(col(Feed.made_by) == person.id).values(made_by=None))


async def forget_permissions(session: Session, person: Person) -> None:
    """Nothing of *person* may go on to anybody: they took their consent back."""
    theirs = update(Interest).where(col(Interest.person_id) == person.id)
    await (await session.connection()).execute(theirs.values(may_share=None))


async def forget(session: Session, now: datetime) -> None:
    """Delete what is older than we promised to keep, some of it each hour."""
    connection = await session.connection()
    before = now - NOTICES_ARE_KEPT
    # While it is open the notice is what keeps somebody from being told twice.
    over = select(Opportunity.id).where(col(Opportunity.closed_at) < before)
    notices = select(Notice.id).where(col(Notice.opportunity_id).in_(over)).limit(AN_HOUR)
    await connection.execute(delete(Notice).where(col(Notice.id).in_(notices)))
    named = select(Notice.mail_id).where(col(Notice.mail_id) == OpportunityMail.id).correlate(OpportunityMail)
    old = select(OpportunityMail.id).where(col(OpportunityMail.made_at) < before, ~named.exists()).limit(AN_HOUR)
    await connection.execute(delete(OpportunityMail).where(col(OpportunityMail.id).in_(old)))
