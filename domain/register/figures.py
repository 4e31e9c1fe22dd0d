"""How many of the register were invited and came, by kecamatan; and how many people each poster brought."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from db.models import Person, RegisteredBusiness
from db.session import Session
from domain.district import District

SOURCE = "src_"
"""What stands before the name of a place in the payload of its poster's link."""


@dataclass(frozen=True)
class OfKecamatan:
    """How far a kecamatan has come."""

    registered: int
    invited: int
    """Who were sent a letter, once or more."""
    came: int


@dataclass(frozen=True)
class Figures:
    """How people came in; only those that are not nothing."""

    by_kecamatan: Mapping[str, OfKecamatan]
    """In the order of the alphabet."""
    by_poster: Mapping[str, int]
    """By the payload of the poster's link ("src_babat"), the most first; who was erased counts on, as a number."""

    @property
    def total(self) -> OfKecamatan:
        every = list(self.by_kecamatan.values())
        return OfKecamatan(
            sum(one.registered for one in every), sum(one.invited for one in every), sum(one.came for one in every)
        )


async def figures(session: Session) -> Figures:
    """Counted now."""
    kecamatan = func.coalesce(RegisteredBusiness.kecamatan, "")
    counted = select(
        kecamatan,
        func.count(),
        func.count(col(RegisteredBusiness.invited_at)),
        func.count(col(RegisteredBusiness.came_at)),
    ).group_by(kecamatan)
    rows = (await session.exec(counted.order_by(kecamatan))).all()
    number = func.count()
    posters = select(Person.source, number).where(col(Person.source).is_not(None)).group_by(Person.source)
    found = (await session.exec(posters.order_by(number.desc(), col(Person.source)))).all()
    by_kecamatan = {name: OfKecamatan(*numbers) for name, *numbers in rows}
    return Figures(by_kecamatan, {source: people for source, people in found if source})


def source_of(kecamatan: str) -> str:
    """The payload of a poster's link: "src_babat"."""
    return SOURCE + re.sub(r"[^a-z0-9]+", "-", kecamatan.casefold()).strip("-")


def note_source(person: Person, payload: str, district: District, now: datetime) -> bool:
    """Whether *payload* is of one of our posters; somebody met at *now*, by it, is noted as brought by it.

    Whatever else somebody writes into a link is kept nowhere.
    """
    source = payload.casefold()
    if source not in {source_of(kecamatan) for kecamatan in district.kecamatan}:
        return False
    if person.source is None and person.met_at == now:
        person.source = source
    return True
