"""What people tell us of themselves, what they agreed to, and what the office knew of them before."""

from datetime import date, datetime

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
    changed_at: datetime


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
