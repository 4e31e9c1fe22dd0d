"""Questions that an officer answers, and which message of the bot shows which message of somebody's."""

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
    waits_since: datetime | None = None
    """Since when something the person wrote waits for an officer; None once an officer wrote after it."""
    reminded_at: datetime | None = None
    """When the officers were told that it waits."""
    escalated_at: datetime | None = None
    """When the admins were."""
    claimed_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    """The officer who answered first."""
    answered_at: datetime | None = None
    officer_wrote_at: datetime | None = None
    """When an officer last wrote to the person."""
    silent_until: datetime | None = None
    """While TALKING: when the silence ends by itself, unless an officer writes before."""
    closed_at: datetime | None = None
    closed_by: str | None = None
    """officer, person, quiet (nobody wrote any more), withdrawn, merged or erased."""
    chat_id: int | None = Field(default=None, sa_type=BIG)
    """The group it was posted in; None while it waits to be posted, and where its office has no group."""
    topic_id: int | None = Field(default=None, sa_type=BIG)
    """Its own topic there, if the group has topics."""
    topic_row: int | None = Field(default=None, sa_type=BIG)
    """The row of the outbox that makes the topic."""
    is_topic_closed: bool = False


class Relay(SQLModel, table=True):
    """One message that is passed on: from the person to the officers, or an answer of theirs."""

    __table_args__ = (Index("ix_relay_written", "chat_id", "message_id"),)

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    inquiry_id: int = Field(foreign_key="inquiry.id", sa_type=BIG, index=True)
    question_id: int | None = Field(default=None, foreign_key="question.id", sa_type=BIG)
    """The question to the bot that it was first."""
    is_answer: bool
    """From an officer to the person; otherwise from the person to the officers."""
    author_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    """The officer who wrote it."""
    kind: str = "text"
    """text, photo, document, voice, video or location."""
    text: str | None = None
    """As HTML, made by us, of a location "latitude,longitude"; emptied after 90 days."""
    file_id: str | None = None
    """Telegram's name of the file; emptied after 24 h."""
    chat_id: int = Field(sa_type=BIG)
    message_id: int | None = Field(default=None, sa_type=BIG)
    """Where it was written."""
    written_at: datetime
    edits: int = 0
    """How often it was changed."""
    arrived_at: datetime | None = None
    failed_at: datetime | None = None
    """Of an answer: when the officers were told that it did not arrive."""
    withdrawn_at: datetime | None = None


class RelayCopy(SQLModel, table=True):
    """A message of the bot's that shows a relay in a chat."""

    __tablename__ = "relay_copy"
    __table_args__ = (Index("ix_relay_copy_shown", "chat_id", "message_id"),)

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    relay_id: int = Field(foreign_key="relay.id", sa_type=BIG, index=True)
    is_head: bool = False
    """The message that shows the whole inquiry and carries its buttons; of the first relay."""
    part: int = 0
    """A long text goes as several messages, counted from 0."""
    is_last: bool = True
    is_caption: bool = False
    """Its text stands under a file."""
    is_past: bool = False
    """Of a place where the inquiry was before: it still stands there, and shows nothing new."""
    chat_id: int = Field(sa_type=BIG)
    message_id: int | None = Field(default=None, sa_type=BIG)
    """None until Telegram told it."""
    row_id: int | None = Field(default=None, sa_type=BIG)
    """The row of the outbox that sends it."""
    sent_at: datetime | None = None


class GroupSummary(SQLModel, table=True):
    """The one message that tells how many wait, in a group where too many wait to show each."""

    __tablename__ = "group_summary"

    chat_id: int = Field(primary_key=True, sa_type=BIG, sa_column_kwargs={"autoincrement": False})
    message_id: int | None = Field(default=None, sa_type=BIG)
    row_id: int | None = Field(default=None, sa_type=BIG)


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
