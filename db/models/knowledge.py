"""The knowledge base as officers keep it; files are only its first content."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from db.models.columns import STRUCTURE


class KnowledgeEntry(SQLModel, table=True):
    """One curated answer."""

    __tablename__ = "knowledge_entry"

    id: str = Field(primary_key=True)
    slug: str = Field(unique=True)
    title: str
    topic: str = Field(index=True)
    office: str
    phrasings: list[str] = Field(sa_type=STRUCTURE)
    not_answered: list[str] = Field(sa_type=STRUCTURE)
    holds: list[str] = Field(sa_type=STRUCTURE)
    related: list[str] = Field(sa_type=STRUCTURE)
    source: str
    as_of: str
    review_by: str
    verify: str
    body: str
    origin: str
    """Whose files it came from: the district's own, or a person's import."""
    imported_digest: str | None = None
    """Of the file last imported: tells an unchanged file from a new one."""
    changed_by_officer_at: datetime | None = None
    """From then on import leaves this entry alone."""


class AnsweringPart(SQLModel, table=True):
    """Lexicon, places, thresholds and the like, as one JSON value each: what all replicas answer by."""

    __tablename__ = "answering_part"

    name: str = Field(primary_key=True)
    value: Any = Field(sa_type=STRUCTURE)
    imported_digest: str | None = None
    changed_by_officer_at: datetime | None = None


class DataVersion(SQLModel, table=True):
    """A number that rises with every change: a replica that sees a new one reads again."""

    __tablename__ = "data_version"

    name: str = Field(primary_key=True)
    number: int = 0
