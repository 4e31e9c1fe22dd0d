"""Questions that an officer answers, and which message of the group is which message of the person's chat."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, Index, SQLModel

from db.models.columns import BIG, BIG_KEY, one_of


class InquiryState(StrEnum):
    WAITING = "waiting"
    """No officer has answered yet; the bot goes on answering what else the person asks."""
    TALKING = "talking"
    """An officer has answered: what the person writes goes to the officers, and the bot is silent."""
    CLOSED = "closed"


class Inquiry(SQLModel, table=True):
    """One question to an office; its id is the #number that both sides see."""

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    person_id: int = Field(foreign_key="person.id", sa_type=BIG, index=True)
    office: str = Field(index=True)
    question_id: int | None = Field(default=None, foreign_key="question.id", sa_type=BIG)
    """What they had asked the bot, if it began there."""
    state: InquiryState = Field(default=InquiryState.WAITING, sa_type=one_of(InquiryState), index=True)
    opened_at: datetime
    promised_at: datetime
    """By when an officer answers, as the person was told."""
    reminded_at: datetime | None = None
    """When the officers were told that it waits."""
    escalated_at: datetime | None = None
    """When the admins were."""
    claimed_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    """The officer who answered first."""
    answered_at: datetime | None = None
    silent_until: datetime | None = None
    """While TALKING: when the silence ends by itself, unless an officer writes before."""
    closed_at: datetime | None = None
    closed_by: str | None = None
    """officer, person, quiet (nobody wrote any more), withdrawn or erased."""
    chat_id: int | None = Field(default=None, sa_type=BIG)
    """The group it was posted in; None while it waits to be posted."""
    topic_id: int | None = Field(default=None, sa_type=BIG)
    """Its own topic there, if the group has topics."""
    head_id: int | None = Field(default=None, sa_type=BIG)
    """The message there that shows the question and carries the buttons."""


class Relay(SQLModel, table=True):
    """One message that was passed on, in one direction, and where it stands on either side."""

    __table_args__ = (
        Index("ix_relay_staff", "staff_chat_id", "staff_message_id"),
        Index("ix_relay_person", "inquiry_id", "person_message_id"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    inquiry_id: int = Field(foreign_key="inquiry.id", sa_type=BIG, index=True)
    is_answer: bool
    """From an officer to the person; otherwise from the person to the officers."""
    author_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    """The officer who wrote it."""
    kind: str = "text"
    """text, photo, document, voice, video or location."""
    text: str | None = None
    """As HTML, made by us; emptied after 90 days."""
    file_id: str | None = None
    """Telegram's name of the file; emptied after 24 h."""
    person_message_id: int | None = Field(default=None, sa_type=BIG)
    staff_chat_id: int | None = Field(default=None, sa_type=BIG)
    staff_message_id: int | None = Field(default=None, sa_type=BIG)
    written_at: datetime
    withdrawn_at: datetime | None = None


class SavedReply(SQLModel, table=True):
    """An answer an office gives often."""

    __tablename__ = "saved_reply"

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    office: str = Field(index=True)
    title: str
    """At most 28 characters: it stands on a button."""
    text: str
    """Plain text."""
    made_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    made_at: datetime
