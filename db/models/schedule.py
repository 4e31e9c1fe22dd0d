"""What officers may change without a restart, and what the clock has done."""

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from db.models.columns import BIG, STRUCTURE


class HouseRule(SQLModel, table=True):
    """A value that officers set in the chat; without a row the district's default holds."""

    __tablename__ = "house_rule"

    name: str = Field(primary_key=True)
    value: Any = Field(sa_type=STRUCTURE)
    changed_at: datetime
    changed_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)


class Occurrence(SQLModel, table=True):
    """Something the clock was to do at a time, unique by both: whoever inserts the row does it, and nobody again."""

    what: str = Field(primary_key=True)
    """Names the deed and whom it concerns: "digest:12"."""
    at: datetime = Field(primary_key=True)
    done_at: datetime
