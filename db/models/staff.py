"""The officers, what each may do, the links that make one, their groups, and the record of every deed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from db.models.columns import BIG, BIG_KEY, STRUCTURE, one_of


class Role(StrEnum):
    """What an officer may do."""

    ADMIN = "admin"
    """Everything, in every office; appoints and dismisses."""
    OFFICER = "officer"
    """Everything of their own office."""
    READER = "reader"
    """Sees what their office sees, and changes nothing."""


class Officer(SQLModel, table=True):
    """A person who serves. Dismissed ones have no row; what they did stands in the audit."""

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=BIG)
    role: Role = Field(sa_type=one_of(Role))
    office: str = ""
    """Key of the district's office; empty for admins, who serve all."""
    is_first: bool = False
    """One of ADMIN_IDS: an admin as long as the setting names them."""
    appointed_at: datetime
    appointed_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)


class AppointmentLink(SQLModel, table=True):
    """A link that makes whoever opens it first an officer, once and within a day."""

    __tablename__ = "appointment_link"

    token_hash: str = Field(primary_key=True)
    """The token itself is kept nowhere."""
    role: Role = Field(sa_type=one_of(Role))
    office: str = ""
    made_at: datetime
    made_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    """None for the first one, which the terminal printed."""
    until: datetime
    used_at: datetime | None = None
    used_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)


class StaffGroup(SQLModel, table=True):
    """The group in which an office works; several offices may share one."""

    __tablename__ = "staff_group"

    office: str = Field(primary_key=True)
    chat_id: int = Field(sa_type=BIG, index=True)
    bound_at: datetime
    bound_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    """None where STAFF_CHAT_ID named it."""


class AuditEntry(SQLModel, table=True):
    """One deed that changed something. Never changed and never deleted: the database itself refuses both."""

    __tablename__ = "audit"

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    at: datetime = Field(index=True)
    actor: str
    """officer, person, system or terminal."""
    actor_id: int | None = Field(default=None, sa_type=BIG, index=True)
    """Our id of the person; no foreign key, since the record outlives them."""
    deed: str
    """What was done: "officer.appointed"."""
    subject: str = ""
    """To what: "person:12", "inquiry:7"."""
    before: dict[str, Any] | None = Field(default=None, sa_type=STRUCTURE)
    after: dict[str, Any] | None = Field(default=None, sa_type=STRUCTURE)
    """Personal fields by name only: {"changed": ["phone"]}."""
    place: str = ""
    """From where: private, group:<chat id>, terminal, clock or settings."""
