"""Opportunities, who is to hear of them and what each said, what people wish to hear of, and feeds that bring more."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from db.models.columns import BIG, BIG_KEY, STRUCTURE, one_of


class OpportunityKind(StrEnum):
    """What somebody may win by it."""

    BUYER = "buyer"
    FAIR = "fair"
    TENDER = "tender"
    """Of an authority, or on its catalogue."""
    EXPORT = "export"
    CONTEST = "contest"


class OpportunityState(StrEnum):
    """Where an opportunity stands."""

    DRAFT = "draft"
    """Being composed; only its office sees it."""
    SCHEDULED = "scheduled"
    """Is published by itself when its time has come."""
    OPEN = "open"
    CLOSED = "closed"
    """Its deadline has passed, or an officer closed it."""
    WITHDRAWN = "withdrawn"
    """Taken back: whoever was told of it reads that it holds no more."""
    DROPPED = "dropped"
    """Never published."""


class Opportunity(SQLModel, table=True):
    """A buyer, fair, tender, export lead or contest."""

    __table_args__ = (Index("ix_opportunity_deadline", "state", "deadline"),)

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    office: str = Field(index=True)
    author_id: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    """None: from a file or a feed."""
    kind: OpportunityKind = Field(sa_type=one_of(OpportunityKind))
    title: str
    sought: str = ""
    """What is sought, in the officer's words."""
    products: list[str] | None = Field(default=None, sa_type=STRUCTURE)
    """Keys of the district's sectors; None: for every product."""
    market: str = "home"
    """`domain.opportunities.kinds.HOME`, or the code of one of the district's countries."""
    needs: list[str] = Field(default_factory=list, sa_type=STRUCTURE)
    """Papers that are asked for: keys of `domain.opportunities.needs.PAPERS`."""
    capacity: int | None = None
    """Pieces or kilograms a month that are asked for."""
    is_strict: bool = False
    """Only who has what is asked for can take it; otherwise it may follow."""
    kecamatan: list[str] | None = Field(default=None, sa_type=STRUCTURE)
    """Only for these; None: for all."""
    place: str = ""
    deadline: datetime | None = None
    """Needed for publishing; after it nothing is sent any more."""
    source: str = ""
    link: str | None = None
    file: dict[str, str] | None = Field(default=None, sa_type=STRUCTURE)
    """A picture or document at Telegram: {"kind": "photo", "file_id": …}."""
    is_urgent: bool = False
    """Goes out at once and beside the weekly cap; not in quiet hours."""
    state: OpportunityState = Field(default=OpportunityState.DRAFT, sa_type=one_of(OpportunityState), index=True)
    publish_at: datetime | None = None
    published_at: datetime | None = None
    closed_at: datetime | None = None
    why_closed: str | None = None
    """Why an officer closed or withdrew it, in their words; None: its deadline had passed."""
    cursor: int | None = Field(default=None, sa_type=BIG)
    """While it is matched with people: up to which id; None: it was with all."""
    sweep: int | None = Field(default=None, sa_type=BIG)
    """While what waits for people, and what they were told, is brought in line with a change: up to which person's id;
    None: all is."""
    is_outdated: bool = False
    """The sweep also marks the messages that name it, so that they are edited."""
    version: int = 1
    """Rises with each change that people see."""
    read: list[str] = Field(default_factory=list, sa_type=STRUCTURE)
    """Fields that were read out of a post and nobody has looked at yet."""
    made_at: datetime
    changed_at: datetime
    is_invented: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class NoticeState(StrEnum):
    """What became of one person's notice of one opportunity."""

    WAITING = "waiting"
    OWED = "owed"
    """Stands in a message that is under way."""
    TOLD = "told"
    SKIPPED = "skipped"


class Notice(SQLModel, table=True):
    """Somebody is to hear of an opportunity, or has."""

    __table_args__ = (
        UniqueConstraint("opportunity_id", "person_id"),
        Index("ix_notice_due", "state", "due_at", "person_id"),
        Index("ix_notice_person", "person_id", "state"),
        Index("ix_notice_told", "opportunity_id", "state", "told_at"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    opportunity_id: int = Field(foreign_key="opportunity.id", sa_type=BIG)
    person_id: int = Field(foreign_key="person.id", sa_type=BIG)
    state: NoticeState = Field(default=NoticeState.WAITING, sa_type=one_of(NoticeState))
    due_at: datetime
    """When it may go; moved on by quiet hours and by the weekly cap, and out of the way of who cannot be reached."""
    told_at: datetime | None = None
    """When the message came that names it; None of a further one that it only counts."""
    mail_id: int | None = Field(default=None, foreign_key="opportunity_mail.id", sa_type=BIG, index=True)
    reason: str | None = None
    """Why it was skipped: closed, withdrawn, stopped, unfit, seen (they read it by themselves) or failed. Or "further":
    told of without its name.
    """


class MailState(StrEnum):
    """What became of one message."""

    OWED = "owed"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    """Nobody knows whether it came: it counts as told."""
    FAILED = "failed"
    """It did not come: refused, called back, or too late; what stood in it may have come in another."""


class OpportunityMail(SQLModel, table=True):
    """One message that tells one person of one opportunity or of several."""

    __tablename__ = "opportunity_mail"
    __table_args__ = (Index("ix_opportunity_mail_person", "person_id", "made_at"),)

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    person_id: int = Field(foreign_key="person.id", sa_type=BIG)
    made_at: datetime = Field(index=True)
    counts: bool = True
    """Towards the weekly cap; urgent ones do not."""
    state: MailState = Field(default=MailState.OWED, sa_type=one_of(MailState), index=True)
    delivery_id: int | None = Field(default=None, sa_type=BIG)
    """Its row of the outbox."""
    message_id: int | None = Field(default=None, sa_type=BIG)
    has_file: bool = False
    """Its words stand under a picture or document."""
    is_stale: bool = Field(default=False, index=True)
    """What it says is not how things stand any more: it is to be edited."""


class Wishes(SQLModel, table=True):
    """What somebody wishes to hear of; None everywhere for who never said."""

    person_id: int = Field(primary_key=True, foreign_key="person.id", sa_type=BIG)
    products: list[str] | None = Field(default=None, sa_type=STRUCTURE)
    """None: as the profile's sector says."""
    markets: list[str] | None = Field(default=None, sa_type=STRUCTURE)
    kinds: list[str] | None = Field(default=None, sa_type=STRUCTURE)
    kecamatan: list[str] | None = Field(default=None, sa_type=STRUCTURE)
    """Whose events they follow beside those of their own."""
    rhythm: str = "at_once"
    """A key of `domain.opportunities.rhythm.RHYTHMS`."""
    quiet: list[str] | None = Field(default=None, sa_type=STRUCTURE)
    """Their own quiet hours, from and to; None: those of the house."""
    is_changed: bool = Field(default=False, index=True)
    """They, or their profile or topics, changed: what waits for them is to be decided anew."""
    changed_at: datetime


class InterestAnswer(StrEnum):
    INTERESTED = "interested"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    """They were interested, and are not any more."""


class Standing(StrEnum):
    """How far somebody who is interested has come."""

    NEW = "new"
    PASSED_ON = "passed_on"
    """Handed on to who seeks."""
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"


class Interest(SQLModel, table=True):
    """What somebody said to an opportunity, and what came of it."""

    __table_args__ = (
        UniqueConstraint("opportunity_id", "person_id"),
        Index("ix_interest_answer", "opportunity_id", "answer"),
        Index("ix_interest_asked", "standing", "asked_at", "standing_at"),
    )

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    opportunity_id: int = Field(foreign_key="opportunity.id", sa_type=BIG)
    person_id: int = Field(foreign_key="person.id", sa_type=BIG, index=True)
    answer: InterestAnswer = Field(sa_type=one_of(InterestAnswer))
    why: str | None = None
    """Why it does not suit them: a key of `domain.opportunities.interest.WHYS`."""
    may_share: bool | None = None
    """Whether their name, number and products may go to who seeks; None: not said yet."""
    standing: Standing = Field(default=Standing.NEW, sa_type=one_of(Standing))
    reason: str | None = None
    """Of the standing, in an officer's words."""
    left_as: Standing | None = Field(default=None, sa_type=one_of(Standing))
    """How far they had come when they last took it back; None: not so far that anybody counted on them."""
    answered_at: datetime
    standing_at: datetime | None = None
    told_end_at: datetime | None = None
    """When they heard that it is over."""
    asked_at: datetime | None = None
    """When they were asked what came of it."""
    orders: str | None = None
    """What came of it: a key of `domain.opportunities.outcomes.BANDS`."""
    orders_at: datetime | None = None
    news: dict[str, Any] | None = Field(default=None, sa_type=STRUCTURE)
    """As it was when they last heard: their standing, and fields of the opportunity; with `own.FIRST`, which row of the
    outbox told of each in vain. None: they have heard all.
    """
    news_at: datetime | None = Field(default=None, index=True)
    """When they hear what is so now."""


class Feed(SQLModel, table=True):
    """An address whose new items become drafts."""

    id: int = Field(default=None, primary_key=True, sa_type=BIG_KEY)
    office: str = Field(index=True)
    url: str
    title: str = ""
    made_by: int | None = Field(default=None, foreign_key="person.id", sa_type=BIG)
    made_at: datetime
    next_at: datetime = Field(index=True)
    looked_at: datetime | None = None
    etag: str | None = None
    modified: str | None = None
    """As the server said it (Last-Modified)."""
    failures: int = 0
    """In a row."""
    trouble: str | None = None
    """What the last look met: a key of the catalogue."""
    told_trouble_at: datetime | None = None
    """When the office heard that it is broken; emptied when it works again."""
    stopped_at: datetime | None = None


class FeedItem(SQLModel, table=True):
    """By what an item of a feed that was seen is known again, so that it becomes a draft once."""

    __tablename__ = "feed_item"

    feed_id: int = Field(primary_key=True, foreign_key="feed.id", sa_type=BIG)
    key: str = Field(primary_key=True)
    """Of the item, hashed."""
    seen_at: datetime
    opportunity_id: int | None = Field(default=None, foreign_key="opportunity.id", sa_type=BIG)
    """The draft made of it, in one of its rows; None: it was there before the feed was taken up, or was one of too many
    at once.
    """
