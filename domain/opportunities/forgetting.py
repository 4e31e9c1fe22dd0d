"""What opportunities keep of somebody, taken out when they are erased; figures stay."""

from datetime import datetime, timedelta

from sqlmodel import col, delete, select, update

from db.models import Feed, Interest, Notice, NoticeState, OpportunityMail, Person, Wishes
from db.session import Session

NOTICES_ARE_KEPT = timedelta(days=365)
"""Who was told of what, after the message was made."""


async def forget_person(session: Session, person: Person) -> None:
    """Their wishes go; what they answered stays a number, at which nothing of theirs can be read or reached."""
    connection = await session.connection()
    await connection.execute(delete(Wishes).where(col(Wishes.person_id) == person.id))
    waits = (col(Notice.person_id) == person.id) & (col(Notice.state) != NoticeState.TOLD)
    await connection.execute(delete(Notice).where(waits))
    unreached = {"message_id": None, "delivery_id": None, "is_stale": False}
    theirs = col(OpportunityMail.person_id) == person.id
    await connection.execute(update(OpportunityMail).where(theirs).values(**unreached))
    nothing = {"may_share": None, "reason": None}
    await connection.execute(update(Interest).where(col(Interest.person_id) == person.id).values(**nothing))
    await connection.execute(update(Feed).where(col(Feed.made_by) == person.id).values(made_by=None))


async def forget(session: Session, now: datetime) -> None:
    """Delete what is older than we promised to keep."""
    connection = await session.connection()
    old = col(OpportunityMail.made_at) < now - NOTICES_ARE_KEPT
    mails = select(OpportunityMail.id).where(old)
    await connection.execute(delete(Notice).where(col(Notice.mail_id).in_(mails)))
    await connection.execute(delete(OpportunityMail).where(old))
