"""The record of every deed that changes something: who, what, before and after, when, from where. Append-only."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlmodel import col, or_, select

from db.models import AuditEntry
from db.session import Session


@dataclass(frozen=True)
class Actor:
    """Who did something, and from where; persons by our id only."""

    kind: Literal["officer", "person", "system", "terminal"]
    person_id: int | None = None
    place: str = ""
    """private, group:<chat id>, terminal, clock or settings."""


SYSTEM = Actor("system", place="clock")
TERMINAL = Actor("terminal", place="terminal")
SETTINGS = Actor("system", place="settings")
"""ADMIN_IDS and STAFF_CHAT_ID, read at each start."""


async def record(
    session: Session,
    now: datetime,
    actor: Actor,
    deed: str,
    subject: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down one deed, in the transaction that does it.

    *deed* as "officer.appointed", *subject* as "person:12". *before* and *after* hold what changed; of personal
    fields their names only, as {"changed": ["phone"]}.
    """
    entry = AuditEntry(
        at=now,
        actor=actor.kind,
        actor_id=actor.person_id,
        deed=deed,
        subject=subject,
        before=dict(before) if before else None,
        after=dict(after) if after else None,
        place=actor.place,
    )
    session.add(entry)
    await session.flush()


@dataclass(frozen=True)
class Wanted:
    """Which entries: all of them, but for what is given."""

    deed: str | None = None
    """A deed ("officer.appointed"), or what deeds begin with ("officer")."""
    person_id: int | None = None
    """Whoever did it, or to whom it was done."""
    since: datetime | None = None


async def entries(session: Session, wanted: Wanted, most: int | None = None) -> AsyncIterator[AuditEntry]:
    """The *wanted* entries, the newest first, at most *most*."""
    statement = select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(most)
    if wanted.deed:
        begins = col(AuditEntry.deed).startswith(f"{wanted.deed}.", autoescape=True)
        statement = statement.where(or_(col(AuditEntry.deed) == wanted.deed, begins))
    if wanted.person_id is not None:
        theirs = col(AuditEntry.subject) == f"person:{wanted.person_id}"
        statement = statement.where(or_(col(AuditEntry.actor_id) == wanted.person_id, theirs))
    if wanted.since:
        statement = statement.where(col(AuditEntry.at) >= wanted.since)
    # The audit only grows: an export must not hold all of it at once.
    found = await session.stream_scalars(statement, execution_options={"yield_per": 500})
    async for entry in found:
        yield entry
