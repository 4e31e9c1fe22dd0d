"""The record of every deed that changes something: who, what, before and after, when, from where. Append-only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from db.models import AuditEntry
from db.session import Session


@dataclass(frozen=True)
class Actor:
    """Who did something, and from where; persons by our id only."""

    kind: Literal["officer", "person", "system", "terminal"]
    person_id: int | None = None
    place: str = ""
    """private, group:<chat id>, terminal or clock."""


SYSTEM = Actor("system", place="clock")
TERMINAL = Actor("terminal", place="terminal")


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
