"""How long things are kept."""

from datetime import datetime, timedelta

from db import inbox, outbox
from db.session import Session
from domain import questions

PAYLOADS_ARE_KEPT = timedelta(hours=48)
UPDATES_ARE_KEPT = timedelta(days=7)
SENT_IS_KEPT = timedelta(days=90)


async def forget_old(session: Session, now: datetime) -> None:
    """Empty and delete what is older than we promised to keep."""
    await inbox.forget(session, now - PAYLOADS_ARE_KEPT, now - UPDATES_ARE_KEPT)
    await outbox.forget(session, now - SENT_IS_KEPT)
    await questions.forget(session, now)
