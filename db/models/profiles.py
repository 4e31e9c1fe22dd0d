"""What people tell us of themselves and agreed to, forms they have begun, and what the office knew of them before."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Field, SQLModel

from db.models.columns import BIG, BIG_KEY, STRUCTURE


class Consent(SQLModel, table=True):
    """One agreement to keep personal details, by the version of the words that were shown."""

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    person_id: int = Field(foreign_key="person.id", sa_type=BIG, index=True)
    version: int
    language: str
    """In which they read it."""
    given_at: datetime
    withdrawn_at: datetime | None = None


class Profile(SQLModel, table=True):
    """A person's own details; every one optional until a deed needs it."""

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=BIG)
    name: str | None = None
    business: str | None = None
    sector: str | None = None
    """Key of the district's sector."""
    kecamatan: str | None = Field(default=None, index=True)
    products: list[str] | None = Field(default=None, sa_type=STRUCTURE)
    phone: str | None = Field(default=None, index=True)
    """As +62…"""
    nib: str | None = None
    """`yes` or `no`, as they said; so the other papers."""
    halal: str | None = None
    pirt: str | None = None
    capacity: str | None = None
    """What they can make in a month: a key of `domain.opportunities.needs.CAPACITIES`."""
    changed_at: datetime


class Draft(SQLModel, table=True):
    """A form somebody has begun, until its last question is answered; kept apart from the conversation's state, so
    that whatever comes between leaves it as it is."""

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=BIG)
    form: str = Field(primary_key=True)
    """Its kind, and after a hyphen what it is about ("profile", "training-7")."""
    asks: list[str] = Field(sa_type=STRUCTURE)
    """The fields to be asked, in order."""
    at: str
    """The field whose answer is awaited."""
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=STRUCTURE)
    """Clean values, by field."""
    typed: dict[str, int] = Field(default_factory=dict, sa_type=STRUCTURE)
    """By field the person's message that answered it: who corrects it corrects the answer."""
    tapped: str | None = None
    """The field that the last tap settled: a second tap on the same button changes nothing."""
    has_keyboard: bool = False
    """A keyboard of ours stands in the place of the phone's own, and must be taken away."""
    changed_at: datetime = Field(index=True)


class RegisteredBusiness(SQLModel, table=True):
    """A row of the office's register. Nothing of it is shown, and nobody is written to, before its owner comes by
    their invitation and agrees."""

    __tablename__ = "registered_business"

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    register_number: str | None = Field(default=None, unique=True)
    """The office's own number, by which a later import knows the row again."""
    name: str
    business: str | None = None
    sector: str | None = None
    kecamatan: str | None = Field(default=None, index=True)
    products: list[str] | None = Field(default=None, sa_type=STRUCTURE)
    phone: str | None = None
    imported_at: datetime
    invited_at: datetime | None = None
    """When a letter with a link was last made."""
    token_hash: str | None = Field(default=None, unique=True)
    """Of the newest letter's link; the token itself is kept nowhere."""
    until: date | None = None
    """The last day of the link."""
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG, unique=True)
    """Who came."""
    came_at: datetime | None = None


class OpenedInvitation(SQLModel, table=True):
    """Somebody holds the link of a letter: buttons can be forged, so only to them is the business shown. Gone with
    their answer, and after 14 days without one."""

    __tablename__ = "opened_invitation"

    business_id: int = Field(primary_key=True, foreign_key="registered_business.id", sa_type=BIG)
    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=BIG, index=True)
    token_hash: str
    """Of the link they opened: a newer letter voids it here too."""
    opened_at: datetime = Field(index=True)
