"""Broadcasts: what officers tell many at once, who it goes to and what became of each, and who wants to hear less."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.models.columns import BIG, BIG_KEY, STRUCTURE, one_of


class BroadcastState(StrEnum):
    """Where a broadcast stands."""

    DRAFT = "draft"
    """Being composed; only its office sees it."""
    PROPOSED = "proposed"
    """Waits for a second officer, since it goes to many."""
    SCHEDULED = "scheduled"
    """Starts by itself when its time has come."""
    PREPARING = "preparing"
    """Its audience is being written down."""
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    """Stopped for good; those who have it have it."""
    FINISHED = "finished"
    MISSED = "missed"
    """Its time had passed by more than its limit when somebody could have started it."""


class BroadcastKind(StrEnum):
    """What its rows do."""

    NOTICE = "notice"
    """Sends the content."""
    CORRECTION = "correction"
    """Changes what another broadcast sent."""
    RECALL = "recall"
    """Takes back what another broadcast sent."""


class Broadcast(SQLModel, table=True):
    """One thing that many are told once."""

    __table_args__ = (UniqueConstraint("schedule_id", "starts_at"),)

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    kind: BroadcastKind = Field(default=BroadcastKind.NOTICE, sa_type=one_of(BroadcastKind))
    parent_id: int | None = Field(default=None, foreign_key="broadcast.id", sa_type=BIG, index=True)
    """The one that this corrects or recalls."""
    office: str = Field(index=True)
    author_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    """None: from the terminal."""
    topic: str
    """What it is about, for who follows some topics only (`domain.broadcasts.topics`)."""
    content: dict[str, Any] = Field(default_factory=dict, sa_type=STRUCTURE)
    """As `domain.broadcasts.content` reads it."""
    version: int = 1
    """Rises with each correction: a row names the one it was sent with."""
    replaced: list[dict[str, Any]] = Field(default_factory=list, sa_type=STRUCTURE)
    """Contents of the versions before, the oldest first."""
    audience: dict[str, Any] = Field(default_factory=dict, sa_type=STRUCTURE)
    """As `domain.broadcasts.audience` reads it."""
    is_silent: bool = False
    is_pinned: bool = False
    keeps_quiet_hours: bool = True
    state: BroadcastState = Field(default=BroadcastState.DRAFT, sa_type=one_of(BroadcastState), index=True)
    code: str | None = Field(default=None, unique=True)
    """Stands under every message, so that anybody can ask whether it is ours; given when it is confirmed."""
    made_at: datetime
    changed_at: datetime
    approved_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    """The second officer."""
    starts_at: datetime | None = None
    """When it is to begin; None: at once."""
    late_limit: int | None = None
    """Minutes after starts_at beyond which it is missed; None: it is sent however late."""
    schedule_id: int | None = Field(default=None, foreign_key="broadcast_schedule.id", sa_type=BIG)
    cursor: int = Field(default=0, sa_type=BIG)
    """Up to which id the audience is written down."""
    total: int = 0
    """Rows, once the audience is written down."""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    why: str | None = None
    """Why it stands still: "officer", "failures"; or why it was refused, in the words of who did."""
    tolerated: int = 0
    """Failures there were when somebody let it go on."""
    progress_message_id: int | None = Field(default=None, sa_type=BIG)
    """In the author's chat, kept current."""
    progress_at: datetime | None = None


class RecipientState(StrEnum):
    """What became of one person's message."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    """Taken by the process that sends, and not called yet: waits again after a crash."""
    SENDING = "sending"
    """Committed just before the call: after a crash nobody knows."""
    SENT = "sent"
    UNCERTAIN = "uncertain"
    BLOCKED = "blocked"
    FAILED = "failed"
    SKIPPED = "skipped"


UNDER_WAY = (RecipientState.WAITING, RecipientState.CLAIMED, RecipientState.SENDING)


class Recipient(SQLModel, table=True):
    """One person, channel or group in one broadcast; no copy of the text."""

    __table_args__ = (
        UniqueConstraint("broadcast_id", "person_id"),
        UniqueConstraint("broadcast_id", "chat_id"),
        Index("ix_recipient_line", "broadcast_id", "state", "not_before", "id"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    broadcast_id: int = Field(foreign_key="broadcast.id", sa_type=BIG)
    person_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG, index=True)
    chat_id: int | None = Field(default=None, sa_type=BIG)
    """Of a channel or group; a person's is theirs."""
    state: RecipientState = Field(default=RecipientState.WAITING, sa_type=one_of(RecipientState))
    not_before: datetime
    """Orders the line too, so it is never empty: what goes on with a second message is put first."""
    step: int = 0
    """How many of its calls are made."""
    version: int | None = None
    """Of the content, once a call was made."""
    target_ids: list[int] | None = Field(default=None, sa_type=STRUCTURE)
    """Messages that a correction or a recall is about."""
    target_at: datetime | None = None
    """When they were sent."""
    message_ids: list[int] | None = Field(default=None, sa_type=STRUCTURE)
    attempts: int = 0
    claim_token: str | None = None
    reason: str | None = None
    settled_at: datetime | None = None


class BroadcastSchedule(SQLModel, table=True):
    """A broadcast that comes again; each occurrence is a Broadcast of its own, the next one made beforehand."""

    __tablename__ = "broadcast_schedule"

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    office: str = Field(index=True)
    made_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    rhythm: dict[str, Any] = Field(sa_type=STRUCTURE)
    """As `domain.broadcasts.schedule` reads it: how often, on which days, at what time."""
    ends_on: date | None = None
    late_limit: int | None = None
    """Minutes; of each occurrence."""
    made_at: datetime
    stopped_at: datetime | None = None


class Outlet(SQLModel, table=True):
    """A channel or group in which an office makes announcements, beside those to people."""

    chat_id: int = Field(primary_key=True, sa_type=BIG)
    office: str = Field(index=True)
    """Empty: an officer was asked whether it is to be one, or has let it go."""
    title: str
    is_channel: bool
    bound_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    """Who bound it, was asked last or let it go: they may bind it."""
    bound_at: datetime
    lost_at: datetime | None = None
    """The bot may not write there any more."""


class MutedTopic(SQLModel, table=True):
    """What somebody does not want to be told of."""

    __tablename__ = "muted_topic"

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=BIG)
    topic: str = Field(primary_key=True)
    """One of `domain.broadcasts.topics`, or "*" for all there are."""
    muted_at: datetime


class HoaxReport(SQLModel, table=True):
    """A message that somebody asked about and reported to the officers."""

    __tablename__ = "hoax_report"

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    person_id: int = Field(foreign_key="person.id", sa_type=BIG, index=True)
    broadcast_id: int | None = Field(default=None, foreign_key="broadcast.id", sa_type=BIG)
    """The one of ours that it is made of."""
    rebuttal_id: int | None = Field(default=None, foreign_key="broadcast.id", sa_type=BIG)
    """The one with which an officer answers it."""
    fingerprint: str = Field(index=True)
    """Of the words, so that officers hear of the same message once."""
    text: str | None
    """Emptied after 90 days."""
    reported_at: datetime = Field(index=True)
