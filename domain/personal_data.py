"""What is kept about one person, table by table: for their own eyes, and so that no table is forgotten."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_
from sqlmodel import SQLModel, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from db import models as kept
from db.models import (
    Consent,
    Draft,
    Inquiry,
    InquiryState,
    Interest,
    InterestAnswer,
    Opportunity,
    OpportunityState,
    Person,
    Profile,
    Question,
    RegisteredBusiness,
    Relay,
    Seat,
    SeatState,
    Standing,
    Training,
    TrainingState,
    Wishes,
)
from db.session import Session

DOCUMENT = "personal_data"
"""The kind of file that holds all of it (`bot.documents`), by our id of the person."""

Of = Callable[[Person], ColumnElement[bool]]


class Part(NamedTuple):
    """What of one table belongs to a person, and how it is called in their file."""

    name: str
    table: type[SQLModel]
    by: tuple[str, ...]
    """The columns that say whose a row is, by our id."""
    columns: tuple[str, ...]
    """What the file shows of a row."""
    of: Of | None = None
    """Where the columns alone do not say it."""


def _in_their_inquiries(person: Person) -> ColumnElement[bool]:
    theirs = select(Inquiry.id).where(Inquiry.person_id == person.id)
    return col(Relay.inquiry_id).in_(theirs)


def _at_the_door(person: Person) -> ColumnElement[bool]:
    return col(kept.Attendance.seat_id).in_(select(Seat.id).where(Seat.person_id == person.id))


def _from_their_chat(person: Person) -> ColumnElement[bool]:
    return col(kept.ReceivedUpdate.queue_key) == person.telegram_id


def _in_the_audit(person: Person) -> ColumnElement[bool]:
    return or_(col(kept.AuditEntry.actor_id) == person.id, col(kept.AuditEntry.subject) == f"person:{person.id}")


DETAILS = ("name", "business", "sector", "kecamatan", "products", "phone")
READINESS = ("nib", "halal", "pirt", "capacity")

PARTS = (
    Part(
        "account",
        Person,
        ("id",),
        ("name", "telegram_id", "language", "met_at", "last_wrote_at", "is_reachable", "source"),
    ),
    Part("profile", Profile, ("person_id",), (*DETAILS, *READINESS, "changed_at")),
    Part("forms_begun", Draft, ("person_id",), ("form", "answers", "changed_at")),
    Part("consents", Consent, ("person_id",), ("version", "language", "given_at", "withdrawn_at")),
    Part("conversation", kept.Conversation, ("person_id",), ("entry_id", "entry_at", "topic", "state")),
    Part(
        "questions",
        Question,
        ("person_id",),
        ("asked_at", "text", "outcome", "entry_id", "chosen_id", "was_helpful"),
    ),
    Part(
        "questions_to_officers",
        Inquiry,
        ("person_id",),
        ("id", "office", "state", "opened_at", "promised_at", "answered_at", "closed_at"),
    ),
    Part(
        "messages_with_officers",
        Relay,
        (),
        ("inquiry_id", "is_answer", "kind", "text", "file_id", "written_at"),
        _in_their_inquiries,
    ),
    Part(
        "register_of_the_office",
        RegisteredBusiness,
        ("person_id",),
        ("register_number", *DETAILS, "imported_at", "invited_at", "came_at"),
    ),
    Part("invitations_opened", kept.OpenedInvitation, ("person_id",), ("opened_at",)),
    Part(
        "trainings",
        Seat,
        ("person_id",),
        ("training_id", "state", "number", "code", "answers", "why", "is_coming", "is_walk_in", "registered_at"),
    ),
    Part("days_attended", kept.Attendance, (), ("day_id", "at"), _at_the_door),
    Part("broadcasts_received", kept.Recipient, ("person_id",), ("broadcast_id", "state", "settled_at")),
    Part(
        "wishes",
        kept.Wishes,
        ("person_id",),
        ("products", "markets", "kinds", "kecamatan", "rhythm", "quiet", "changed_at"),
    ),
    Part("opportunities_told", kept.Notice, ("person_id",), ("opportunity_id", "state", "reason", "told_at")),
    Part("messages_about_opportunities", kept.OpportunityMail, ("person_id",), ("made_at", "state")),
    Part(
        "answers_to_opportunities",
        kept.Interest,
        ("person_id",),
        ("opportunity_id", "answer", "why", "may_share", "standing", "reason", "orders", "answered_at"),
    ),
    Part("topics_not_followed", kept.MutedTopic, ("person_id",), ("topic", "muted_at")),
    Part("messages_reported", kept.HoaxReport, ("person_id",), ("text", "broadcast_id", "reported_at")),
    Part("messages_received", kept.ReceivedUpdate, (), ("received_at", "kind", "payload"), _from_their_chat),
    Part("messages_sent", kept.Delivery, ("person_id",), ("created_at", "method", "arguments", "settled_at")),
    Part("messages_about_you", kept.Delivery, ("about_id",), ("created_at", "method", "arguments", "settled_at")),
    Part("record_of_deeds", kept.AuditEntry, ("actor_id",), ("at", "deed", "subject"), _in_the_audit),
    # What officers did as officers.
    Part("officer", kept.Officer, ("person_id",), ("role", "office", "appointed_at")),
    Part("officers_appointed", kept.Officer, ("appointed_by",), ("role", "office", "appointed_at")),
    Part("links_made", kept.AppointmentLink, ("made_by",), ("role", "office", "made_at", "until")),
    Part("links_used", kept.AppointmentLink, ("used_by",), ("role", "office", "used_at")),
    Part("groups_bound", kept.StaffGroup, ("bound_by",), ("office", "bound_at")),
    Part("rules_changed", kept.HouseRule, ("changed_by",), ("name", "value", "changed_at")),
    Part("questions_taken", Inquiry, ("claimed_by",), ("id", "office", "answered_at")),
    Part("answers_given", Relay, ("author_id",), ("inquiry_id", "text", "written_at")),
    Part("trainings_made", Training, ("made_by",), ("id", "office", "title", "made_at")),
    Part("people_marked_at_the_door", kept.Attendance, ("marked_by",), ("day_id", "at")),
    Part("saved_replies", kept.SavedReply, ("made_by",), ("office", "title", "text", "made_at")),
    Part("broadcasts_made", kept.Broadcast, ("author_id",), ("id", "office", "content", "made_at")),
    Part("opportunities_made", kept.Opportunity, ("author_id",), ("id", "office", "title", "made_at")),
    Part("feeds_added", kept.Feed, ("made_by",), ("url", "office", "made_at")),
    Part("broadcasts_approved", kept.Broadcast, ("approved_by",), ("id", "office", "made_at")),
    Part("schedules_made", kept.BroadcastSchedule, ("made_by",), ("id", "office", "rhythm", "made_at")),
    Part("channels_bound", kept.Outlet, ("bound_by",), ("chat_id", "office", "title", "bound_at")),
    Part("walk_ins_noted", kept.WalkIn, ("marked_by",), ("day_id", "at")),
)
"""In the order of the file. Each column that names a person stands in one of them."""

NOBODYS: Mapping[type[SQLModel], str] = {
    kept.Alarm: "of the bot itself",
    kept.AnsweringPart: "knowledge",
    kept.DatabaseName: "of the database itself",
    kept.DataVersion: "knowledge",
    kept.Erasure: "only of who is erased, a number",
    kept.FeedItem: "of feeds",
    kept.GroupChat: "of groups",
    kept.GroupSummary: "a number of a message in a group",
    kept.KnowledgeEntry: "knowledge",
    kept.LanePause: "of the bot itself",
    kept.Leadership: "of the bot itself",
    kept.Occurrence: "names what it concerns by our id",
    kept.TrainingDay: "of trainings",
    kept.RelayCopy: "where officers read what stands in messages_with_officers",
}
"""Tables that hold nothing of a person's, and why."""


async def everything(session: Session, person: Person, zone: str) -> dict[str, Any]:
    """All that is kept about *person* as plain JSON, times in *zone*; parts that are empty are left out."""
    found = {part.name: await _rows(session, part, person, ZoneInfo(zone)) for part in PARTS}
    return {name: rows for name, rows in found.items() if rows}


async def _rows(session: Session, part: Part, person: Person, zone: ZoneInfo) -> list[dict[str, Any]]:
    table: Any = part.table
    theirs = part.of(person) if part.of else or_(*(col(getattr(table, name)) == person.id for name in part.by))
    in_order = select(table).where(theirs).order_by(*table.__table__.primary_key.columns)
    rows = (await session.exec(in_order)).all()
    return [{name: _plain(getattr(row, name), zone) for name in part.columns} for row in rows]


def _plain(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


class Pursued(NamedTuple):
    """An opportunity that somebody is interested in."""

    title: str
    is_open: bool
    may_share: bool
    is_passed_on: bool
    """Who seeks has their details, or was to get them."""


@dataclass(frozen=True)
class Summary:
    """What /data tells in words."""

    consented_at: datetime | None
    has_drafts: bool
    is_in_register: bool
    """The office's register holds them, and they came by its invitation."""
    questions: int
    newest_text_at: datetime | None
    """Of the questions whose words are still kept."""
    inquiries: int
    open_inquiries: list[Inquiry]
    trainings: int
    """In which they have, or had, a seat or a place in line."""
    seats_ahead: list[str]
    """The titles of those that are not over."""
    has_wishes: bool
    """They chose which opportunities they hear of, how often or when."""
    interests: list[Pursued]
    """The newest answer first."""
    declined: int
    """Opportunities that do not suit them, or that they took back."""
    orders: int
    """Answers to what came of it."""


async def summary(session: Session, person: Person) -> Summary:
    """What is kept about *person*, beside profile and role."""
    standing = col(Consent.withdrawn_at).is_(None)
    given = select(func.max(Consent.given_at)).where(Consent.person_id == person.id, standing)
    texts = select(func.max(Question.asked_at)).where(Question.person_id == person.id, col(Question.text).is_not(None))
    still_open = select(Inquiry).where(Inquiry.person_id == person.id, Inquiry.state != InquiryState.CLOSED)
    return Summary(
        consented_at=(await session.exec(given)).one(),
        has_drafts=bool(await _count(session, Draft, person)),
        is_in_register=bool(await _count(session, RegisteredBusiness, person)),
        questions=await _count(session, Question, person),
        newest_text_at=(await session.exec(texts)).one(),
        inquiries=await _count(session, Inquiry, person),
        open_inquiries=list((await session.exec(still_open.order_by(col(Inquiry.id)))).all()),
        trainings=await _count(session, Seat, person),
        seats_ahead=list((await session.exec(_seats_ahead(person))).all()),
        has_wishes=bool(await _count(session, Wishes, person)),
        interests=await _interests(session, person),
        declined=await _count(session, Interest, person, col(Interest.answer) != InterestAnswer.INTERESTED),
        orders=await _count(session, Interest, person, col(Interest.orders).is_not(None)),
    )


async def _interests(session: Session, person: Person) -> list[Pursued]:
    theirs = select(Interest, Opportunity).join(Opportunity, col(Opportunity.id) == col(Interest.opportunity_id))
    theirs = theirs.where(Interest.person_id == person.id, Interest.answer == InterestAnswer.INTERESTED)
    rows = await session.exec(theirs.order_by(col(Interest.answered_at).desc(), col(Interest.id)))
    handed_on = {Standing.PASSED_ON, Standing.CHOSEN}
    return [
        Pursued(
            one.title, one.state is OpportunityState.OPEN, interest.may_share is True, interest.standing in handed_on
        )
        for interest, one in rows.all()
    ]


def _seats_ahead(person: Person) -> SelectOfScalar[str]:
    over = [TrainingState.DONE, TrainingState.CANCELLED]
    theirs = select(Training.title).join(Seat, col(Seat.training_id) == col(Training.id))
    theirs = theirs.where(Seat.person_id == person.id, col(Seat.state) != SeatState.GONE)
    return theirs.where(col(Training.state).not_in(over)).order_by(col(Training.starts_at), col(Training.id))


async def _count(session: Session, table: Any, person: Person, *of: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(table).where(table.person_id == person.id, *of)
    return int((await session.exec(counted)).one())
