"""Trainings, who has a seat in them or waits for one, and who was there."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.models.columns import BIG, BIG_KEY, STRUCTURE, one_of


class TrainingState(StrEnum):
    """Where a training stands. "Full" is none: it follows from the seats."""

    DRAFT = "draft"
    """Being written; only officers see it."""
    OPEN = "open"
    """Published. Registration is possible between opens_at and closes_at."""
    CLOSED = "closed"
    """Registration has ended."""
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class Training(SQLModel, table=True):
    """A class that people attend."""

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    office: str = Field(index=True)
    title: str
    description: str = ""
    picture: str | None = None
    """Telegram's file_id."""
    place: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    online_link: str | None = None
    """Shown to the confirmed only, an hour before."""
    seats: int
    opens_at: datetime | None = None
    """When registration opens; None: with publication."""
    closes_at: datetime | None = None
    """When registration closes; None: at the start of the first day."""
    cancel_until: datetime | None = None
    """Until when a participant may give the seat back by themselves; None: until the start."""
    kecamatan: list[str] | None = Field(default=None, sa_type=STRUCTURE)
    """Only from these; None: from all."""
    sectors: list[str] | None = Field(default=None, sa_type=STRUCTURE)
    is_for_new: bool = False
    """Only for who has not finished a training yet."""
    questions: list[dict[str, Any]] = Field(default_factory=list, sa_type=STRUCTURE)
    """Beyond the profile, as `domain.trainings.questions` reads them."""
    has_waiting_list: bool = True
    waiting_cap: int | None = None
    contact: str = ""
    state: TrainingState = Field(default=TrainingState.DRAFT, sa_type=one_of(TrainingState), index=True)
    starts_at: datetime | None = Field(default=None, index=True)
    """Of its first day; kept beside the days since every question about time asks for it."""
    ends_at: datetime | None = None
    made_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    made_at: datetime
    changed_at: datetime
    next_number: int = 1
    """The next participant's number."""
    why_off: str | None = None
    """Why it was called off, as an officer wrote it."""
    is_invented: bool = False


class TrainingDay(SQLModel, table=True):
    """One day of a training."""

    __tablename__ = "training_day"

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    training_id: int = Field(foreign_key="training.id", sa_type=BIG, index=True)
    starts_at: datetime
    ends_at: datetime


class SeatState(StrEnum):
    """What a person has in a training."""

    CONFIRMED = "confirmed"
    HELD = "held"
    """Offered from the waiting list, kept for them until the offer expires."""
    WAITING = "waiting"
    GONE = "gone"
    """Given up, expired, declined or taken away; may register anew."""


class Seat(SQLModel, table=True):
    """One person's seat in one training, or their place in its line; one row for both, whatever happens."""

    __table_args__ = (
        UniqueConstraint("training_id", "person_id"),
        UniqueConstraint("training_id", "number"),
        Index("ix_seat_line", "training_id", "state", "line"),
        Index("ix_seat_offers", "state", "offer_until"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    training_id: int = Field(foreign_key="training.id", sa_type=BIG)
    person_id: int = Field(foreign_key="person.id", sa_type=BIG, index=True)
    state: SeatState = Field(sa_type=one_of(SeatState))
    line: int | None = Field(default=None, sa_type=BIG)
    """Orders the waiting list: rises with each who joins it, and is kept while an offer is open."""
    offer: int = 0
    """Counts offers, so that a button of an old one does nothing."""
    offer_until: datetime | None = None
    number: int | None = None
    """On the printed list; given with the first confirmation and never changed."""
    code: str | None = Field(default=None, unique=True)
    """Of the ticket; typed or scanned at the door."""
    answers: dict[str, Any] | None = Field(default=None, sa_type=STRUCTURE)
    why: str | None = None
    """Why it is GONE: cancelled, declined, expired, removed, training_cancelled; or who moved it."""
    is_coming: bool | None = None
    """What they said on the eve."""
    asking: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Rises with each registration and each change of day or place, so that a button of before answers nothing."""
    is_walk_in: bool = False
    registered_at: datetime
    changed_at: datetime


class Attendance(SQLModel, table=True):
    """Someone was there on a day."""

    day_id: int = Field(primary_key=True, foreign_key="training_day.id", sa_type=BIG)
    seat_id: int = Field(primary_key=True, foreign_key="seat.id", sa_type=BIG)
    at: datetime
    marked_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)


class WalkIn(SQLModel, table=True):
    """Someone was there on a day who had not registered and has no Telegram: a name from the paper list, no person."""

    __tablename__ = "walk_in"

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    day_id: int = Field(foreign_key="training_day.id", sa_type=BIG, index=True)
    name: str
    """As an officer wrote it; emptied after a while, the row counts on."""
    at: datetime
    marked_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
