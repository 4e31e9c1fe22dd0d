"""What waits for an officer: open questions to their office, who is interested, and for admins what went wrong."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from db import inbox
from db.models import Inquiry, Officer, Person, Relay, Role
from db.session import Session
from domain import alarms, inquiries
from domain.opportunities import interested

_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Waiting:
    """*inquiries*: those in which the person waits for an officer first, the oldest of them first."""

    inquiries: Sequence[Inquiry]
    parked: int = 0
    """Updates that could not be handled."""
    alarms: Sequence[str] = ()
    """Names of those under way; "parked" is told by its number."""
    interested: int = 0
    """People whose interest nobody has dealt with yet."""
    opportunities: int = 0
    """In so many of them."""

    @property
    def unanswered(self) -> list[Inquiry]:
        """Those in which the person waits for an officer, not the other way round."""
        return [inquiry for inquiry in self.inquiries if inquiry.waits_since]

    def __bool__(self) -> bool:
        return bool(self.inquiries or self.parked or self.alarms or self.interested)


@dataclass(frozen=True)
class Asked:
    """An inquiry, who asked, and how it begins: plain text, "" where it is a file."""

    inquiry: Inquiry
    person: Person
    words: str


async def waiting_for(session: Session, person: Person, officer: Officer, now: datetime) -> Waiting:
    """All that waits for *person*, who is *officer*."""
    open_ones = await inquiries.waiting_for(session, person)
    new = await interested.waiting(session, None if officer.role is Role.ADMIN else [officer.office], now)
    people = sum(number for _, number in new)
    if officer.role is not Role.ADMIN:
        return Waiting(open_ones, interested=people, opportunities=len(new))
    parked = (await inbox.counts(session)).get("parked", 0)
    under_way = [name for name in await alarms.open_alarms(session) if name != "parked"]
    return Waiting(open_ones, parked, under_way, people, len(new))


async def described(session: Session, some: Sequence[Inquiry]) -> list[Asked]:
    """Who asked what, in the same order."""
    ids = [inquiry.id for inquiry in some]
    first = select(func.min(Relay.id)).where(col(Relay.inquiry_id).in_(ids)).group_by(col(Relay.inquiry_id))
    relays = (await session.exec(select(Relay).where(col(Relay.id).in_(first)))).all()
    texts = {relay.inquiry_id: relay.text or "" for relay in relays if relay.kind == "text"}
    asking = select(Person).where(col(Person.id).in_([inquiry.person_id for inquiry in some]))
    people = {person.id: person for person in (await session.exec(asking)).all()}
    return [Asked(one, people[one.person_id], _plain(texts.get(one.id, ""))) for one in some]


def _plain(text: str) -> str:
    """One line without formatting."""
    return " ".join(html.unescape(_TAG.sub("", text)).split())
