"""What broadcasts keep of somebody, taken out when they are erased, and of everybody after a while."""

from datetime import datetime, timedelta

from sqlmodel import col, delete, update

from db.models import HoaxReport, MutedTopic, Person, Recipient
from db.session import Session

RECEIPTS_ARE_KEPT = timedelta(days=365)
"""Who got what, after it was sent; the broadcast itself and what it said stay, for /cek."""

REPORTS_ARE_KEPT = timedelta(days=90)
"""The words of a message somebody reported."""

_NOTHING: dict[str, None] = {"message_ids": None, "target_ids": None, "reason": None, "claim_token": None}


async def forget_person(session: Session, person: Person) -> None:
    """What they were sent stays a number, at which no message of theirs can be reached any more."""
    connection = await session.connection()
    theirs = col(Recipient.person_id) == person.id
    await connection.execute(update(Recipient).where(theirs).values(**_NOTHING))
    await connection.execute(update(HoaxReport).where(col(HoaxReport.person_id) == person.id).values(text=None))
    await connection.execute(delete(MutedTopic).where(col(MutedTopic.person_id) == person.id))


async def forget(session: Session, now: datetime) -> None:
    """Delete and empty what is older than we promised to keep."""
    connection = await session.connection()
    settled = col(Recipient.settled_at) < now - RECEIPTS_ARE_KEPT
    await connection.execute(delete(Recipient).where(settled))
    reported = col(HoaxReport.reported_at) < now - REPORTS_ARE_KEPT
    await connection.execute(update(HoaxReport).where(reported, col(HoaxReport.text).is_not(None)).values(text=None))
