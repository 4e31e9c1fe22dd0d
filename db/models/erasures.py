"""Who asked to be forgotten; the list that outlives a restore lies in a file."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from db.models.columns import BIG, STRUCTURE


class Erasure(SQLModel, table=True):
    """A person whose data were taken out, by our id only."""

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=BIG)
    erased_at: datetime
    listed_at: datetime | None = None
    """When nothing of them was left anywhere and it stood in the list outside the database."""
    farewell: dict[str, Any] | None = Field(default=None, sa_type=STRUCTURE)
    """Until then: where, in which language and in the place of which message they are told that it is done."""


class DatabaseName(SQLModel, table=True):
    """One row: the name by which the list outside knows which database its ids belong to."""

    __tablename__ = "database_name"

    id: int = Field(default=1, primary_key=True)
    name: str
