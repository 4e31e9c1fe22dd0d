"""Somebody changed: their profile, their wishes, the topics they hear of. What waits for them is decided anew soon."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists
from sqlmodel import col, update

from db.models import Person, Wishes
from db.session import Session, note_new
from db.upsert import insert_new

STEPS = "opportunities"
"""Rung when there is something to match, to send or to end."""

OWN_TOLD = "opportunity.own_told"
"""The verb (`own.told`) that hears what became of a message about somebody's own matter."""

EDITED = "opportunity.edited"
"""The verb (`amending.edited`) that hears what became of the edit of a message."""


def is_changed(person_id: Any) -> ColumnElement[bool]:
    """Whether it is not decided anew yet."""
    return exists().where(col(Wishes.person_id) == person_id, col(Wishes.is_changed))


async def mark(session: Session, person: Person, now: datetime) -> None:
    """Let what waits for *person* be decided anew; by the loop, so that their reply waits for nothing."""
    await session.flush()
    row = {"person_id": person.id, "rhythm": "at_once", "is_changed": True, "changed_at": now}
    if not await insert_new(session, Wishes.__table__, [row], unique=["person_id"]):  # type: ignore[attr-defined]  # SQLModel adds it
        theirs = update(Wishes).where(col(Wishes.person_id) == person.id)
        await (await session.connection()).execute(theirs.values(is_changed=True))
    note_new(session, STEPS)
