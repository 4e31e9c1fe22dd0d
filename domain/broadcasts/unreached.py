"""Whom a broadcast did not reach, so that an officer can call them: with personal data, for who serves its office."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, literal, select
from sqlmodel import and_, col, or_

from db.models import AuditEntry, Broadcast, BroadcastKind, Person, Profile, Recipient, RecipientState
from db.session import Session
from domain.broadcasts.audience import audience_of, out_of_reach
from domain.errors import Refusal
from messages import say

DOCUMENT = "unreached"
"""How a row of the outbox names the list, by the broadcast's id."""

LISTED = "broadcast.unreached_listed"
"""The deed of who asked for it."""

A_MOMENT = timedelta(minutes=1)

UNREACHABLE = "unreachable"


class Nobody(Refusal):
    """All were reached by now."""

    def __init__(self) -> None:
        super().__init__(say("broadcast.all_reached"))


@dataclass(frozen=True)
class Unreached:
    """One person, with what they told of themselves."""

    name: str
    business: str
    kecamatan: str
    phone: str
    state: str
    """A RecipientState."""
    reason: str
    """As it is kept."""


def _missed(broadcast: Broadcast) -> ColumnElement[bool]:
    """Rows of those who would have got it; not of those who do not want it, or are meant no more."""
    became = col(Recipient.state).in_([RecipientState.BLOCKED, RecipientState.FAILED, RecipientState.UNCERTAIN])
    gone = and_(col(Recipient.state) == RecipientState.SKIPPED, col(Recipient.reason) == UNREACHABLE)
    return and_(col(Recipient.broadcast_id) == broadcast.id, or_(became, gone), col(Person.erased_at).is_(None))


def _never_tried(broadcast: Broadcast) -> ColumnElement[bool]:
    """People who were out of reach before it began, so that they have no row."""
    row = exists().where(col(Recipient.broadcast_id) == broadcast.id, col(Recipient.person_id) == col(Person.id))
    return and_(out_of_reach(audience_of(broadcast.audience), broadcast.topic), ~row)


def _has_never_tried(broadcast: Broadcast) -> bool:
    return broadcast.kind is BroadcastKind.NOTICE


async def number(session: Session, broadcast: Broadcast) -> int:
    """How many there are."""
    theirs = col(Person.id) == col(Recipient.person_id)
    tried: Any = select(func.count()).select_from(Person).join(Recipient, theirs).where(_missed(broadcast))
    missed = int((await (await session.connection()).execute(tried)).scalar_one())
    return missed + await number_never_tried(session, broadcast)


async def number_never_tried(session: Session, broadcast: Broadcast) -> int:
    """How many were out of reach before it began."""
    if not _has_never_tried(broadcast):
        return 0
    others: Any = select(func.count()).select_from(Person).where(_never_tried(broadcast))
    return int((await (await session.connection()).execute(others)).scalar_one())


async def is_on_its_way(session: Session, person: Person, broadcast: Broadcast, now: datetime) -> bool:
    """Whether *person* asked for the list a moment ago: a second tap is for the same file."""
    theirs: Any = select(col(AuditEntry.id)).where(
        col(AuditEntry.deed) == LISTED,
        col(AuditEntry.subject) == f"broadcast:{broadcast.id}",
        col(AuditEntry.actor_id) == person.id,
        col(AuditEntry.at) > now - A_MOMENT,
    )
    return (await (await session.connection()).execute(theirs.limit(1))).first() is not None


async def unreached(session: Session, broadcast: Broadcast) -> list[Unreached]:
    """All of them, by kecamatan and name."""
    connection, theirs = await session.connection(), col(Profile.person_id) == col(Person.id)
    told: tuple[Any, ...] = (
        func.coalesce(col(Profile.name), col(Person.name), ""),
        func.coalesce(col(Profile.business), ""),
        func.coalesce(col(Profile.kecamatan), ""),
        func.coalesce(col(Profile.phone), ""),
    )
    tried = select(*told, col(Recipient.state), func.coalesce(col(Recipient.reason), "")).select_from(Person)
    tried = tried.join(Recipient, col(Recipient.person_id) == col(Person.id)).outerjoin(Profile, theirs)
    found = [Unreached(*row) for row in map(tuple, (await connection.execute(tried.where(_missed(broadcast)))).all())]
    if _has_never_tried(broadcast):
        why = (literal(RecipientState.SKIPPED.value), literal(UNREACHABLE))
        others = select(*told, *why).select_from(Person).outerjoin(Profile, theirs).where(_never_tried(broadcast))
        found += [Unreached(*row) for row in map(tuple, (await connection.execute(others)).all())]
    return sorted(found, key=lambda one: (one.kecamatan, one.name, one.phone))
