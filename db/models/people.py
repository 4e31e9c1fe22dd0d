"""The people who write to us, and where each conversation stands."""

from datetime import datetime
from typing import Any

from sqlalchemy import false
from sqlmodel import Field, SQLModel

from db.models.columns import BIG, BIG_KEY, STRUCTURE


class Person(SQLModel, table=True):
    """Someone who wrote to the bot in private; the chat's id is their Telegram id."""

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    telegram_id: int = Field(sa_type=BIG, unique=True)
    name: str
    language: str = "id"
    language_chosen_at: datetime | None = None
    """When they chose it; None while it follows their Telegram's."""
    is_reachable: bool = True
    met_at: datetime
    last_wrote_at: datetime
    # By the database too, since replicas of the version before write people without it while they are replaced.
    is_invented: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Made by `python -m bot seed`, to try things on: nobody."""
    source: str | None = None
    """The payload of the link that first brought them ("src_babat")."""
    erased_at: datetime | None = None
    """They asked to be forgotten: the row stands for a number in the counts, and for nobody."""


class Conversation(SQLModel, table=True):
    """Where one person's conversation stands; rows, so that a restart or another replica goes on with it."""

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=BIG)
    entry_id: str | None = None
    """The entry last shown: what "syarate opo wae" is about."""
    entry_at: datetime | None = None
    topic: str | None = None
    state: dict[str, Any] | None = Field(default=None, sa_type=STRUCTURE)


class Question(SQLModel, table=True):
    """What somebody asked and what we made of it: the ground of every improvement."""

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    person_id: int = Field(foreign_key="person.id", sa_type=BIG, index=True)
    text: str | None
    """Emptied after 90 days."""
    message_id: int | None = Field(default=None, sa_type=BIG)
    """In the person's chat: an edited message that says the same is no new question."""
    outcome: str
    entry_id: str | None = None
    suggestions: list[str] | None = Field(default=None, sa_type=STRUCTURE)
    missing: str | None = None
    confidence: float = 0.0
    chosen_id: str | None = None
    """The guess the person tapped."""
    was_helpful: bool | None = None
    asked_at: datetime = Field(index=True)
