"""People who may take opportunities, as matching looks at them: profile, wishes, and topics they do not hear of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select
from sqlmodel import col

from db.models import MutedTopic, Officer, Person, Profile, Wishes
from db.session import Session
from domain import people
from domain.broadcasts.topics import EVERYTHING
from domain.opportunities.matching import Seeker
from domain.opportunities.needs import PAPERS
from domain.opportunities.rhythm import AT_ONCE

TOPIC = "pasar"
"""Of `domain.broadcasts.topics`: who does not hear of it hears of no opportunity."""


@dataclass(frozen=True, slots=True)
class Hearer:
    """One of them, and how they wish to be told."""

    seeker: Seeker
    rhythm: str
    quiet: list[str] | None


def _everybody() -> Select[Any]:
    columns: tuple[Any, ...] = (
        col(Person.id),
        col(Profile.sector),
        col(Profile.kecamatan).label("home"),
        *(getattr(Profile, paper) for paper in PAPERS),
        col(Profile.capacity),
        col(Wishes.products),
        col(Wishes.markets),
        col(Wishes.kinds),
        col(Wishes.kecamatan),
        col(Wishes.rhythm),
        col(Wishes.quiet),
    )
    return (
        select(*columns)
        .select_from(Person)
        .outerjoin(Profile, col(Profile.person_id) == col(Person.id))
        .outerjoin(Wishes, col(Wishes.person_id) == col(Person.id))
    )


def hearers() -> Select[Any]:
    """Everybody but officers, the erased, and who wants to hear nothing of it."""
    muted = exists().where(col(MutedTopic.person_id) == col(Person.id), col(MutedTopic.topic).in_([TOPIC, EVERYTHING]))
    serves = exists().where(col(Officer.person_id) == col(Person.id))
    wrote = col(Person.last_wrote_at) > people.NEVER
    return _everybody().where(col(Person.erased_at).is_(None), wrote, ~serves, ~muted)


async def after(session: Session, person_id: int, most: int, *which: ColumnElement[bool]) -> list[Hearer]:
    """The next *most* of them, of *which*, by id; those who cannot be reached at the moment too."""
    some = hearers().where(col(Person.id) > person_id, *which).order_by(col(Person.id)).limit(most)
    return [_hearer(row) for row in (await (await session.connection()).execute(some)).all()]


async def named(session: Session, person_ids: Sequence[int]) -> dict[int, Hearer]:
    """By id, those of *person_ids* who want to hear of opportunities."""
    some = hearers().where(col(Person.id).in_(person_ids))
    return {row.id: _hearer(row) for row in (await (await session.connection()).execute(some)).all()}


async def seeker_of(session: Session, person: Person) -> Seeker:
    """Somebody as matching looks at them, whatever they want to be told of: they came by themselves."""
    theirs = _everybody().where(col(Person.id) == person.id)
    return _hearer((await (await session.connection()).execute(theirs)).one()).seeker


def _hearer(row: Any) -> Hearer:
    products = row.products if row.products is not None else ((row.sector,) if row.sector else None)
    kecamatan = (*((row.home,) if row.home else ()), *(row.kecamatan or ()))
    papers = {"nib": row.nib, "halal": row.halal, "pirt": row.pirt}
    seeker = Seeker(row.id, products, kecamatan, row.markets, row.kinds, papers, row.capacity)
    return Hearer(seeker, row.rhythm or AT_ONCE, row.quiet)
