"""What came of an office's opportunities in some months: by product, market, month and opportunity.

Each thing counts in the month in which it happened: published, told, answered, chosen, orders told of.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import col

from db.models import (
    Interest,
    InterestAnswer,
    Notice,
    NoticeState,
    Opportunity,
    OpportunityKind,
    Standing,
)
from db.session import Session
from domain.district import District
from domain.opportunities.outcomes import BANDS
from domain.opportunities.periods import Period
from domain.opportunities.states import SHOWN

EARNING = BANDS[1:-1]
"""Those that mean an order."""

FEW = 3
"""Of fewer people no number of orders is told: nobody's income is to be guessed."""


@dataclass
class Counts:
    """Figures of some opportunities in some months. One person counts once for each opportunity."""

    published: int = 0
    reached: int = 0
    interested: int = 0
    chosen: int = 0
    ordered: int = 0
    """People who told of an order."""

    def add(self, other: "Counts") -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))


@dataclass(frozen=True)
class One:
    """An opportunity in which something happened."""

    id: int
    office: str
    title: str
    kind: OpportunityKind
    products: Sequence[str] | None
    market: str


@dataclass(frozen=True)
class Figures:
    """Of a period. What is listed is in the order in which it is shown."""

    total: Counts
    bands: Mapping[str, int]
    by_opportunity: Sequence[tuple[One, Counts]] = ()
    """The newest first."""
    by_office: Sequence[tuple[str, Counts]] = ()
    by_product: Sequence[tuple[str | None, Counts]] = ()
    """By sector, None for those that are for all. One that is for several counts with each."""
    by_market: Sequence[tuple[str, Counts]] = ()
    by_month: Sequence[tuple[date, Counts]] = ()
    """By each month's first day; months before the period's own stand first, to compare with."""


@dataclass
class _Gathered:
    """By opportunity and month."""

    counts: dict[int, dict[int, Counts]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(Counts)))
    bands: dict[str, int] = field(default_factory=dict)


async def of(session: Session, offices: Sequence[str], period: Period, district: District) -> Figures:
    """What came of the opportunities of *offices* in *period*."""
    compared = period.with_earlier()
    earlier = compared.months - period.months
    found = await _gathered(session, offices, compared, earlier, district)
    ones = await _opportunities(session, list(found.counts))
    by_month = [Counts() for _ in range(compared.months)]
    each: list[tuple[One, Counts]] = []
    for one in ones:
        own = Counts()
        for month, counts in found.counts[one.id].items():
            by_month[month].add(counts)
            if month >= earlier:
                own.add(counts)
        if own:
            each.append((one, own))
    total = Counts()
    for _, counts in each:
        total.add(counts)
    return Figures(
        total,
        {band: found.bands.get(band, 0) for band in BANDS},
        each,
        _folded(each, lambda one: [one.office], [office.key for office in district.offices]),
        _folded(each, lambda one: one.products or [None], [*district.sectors, None]),
        _folded(each, lambda one: [one.market], []),
        list(zip(compared.each(), by_month, strict=True)),
    )


def _folded(
    each: Iterable[tuple[One, Counts]], keys_of: Callable[[One], Iterable[Any]], order: Sequence[Any]
) -> list[tuple[Any, Counts]]:
    """The counts by key, most interest first; where two have as much, in that order."""
    folded: dict[Any, Counts] = defaultdict(Counts)
    for one, counts in each:
        for key in keys_of(one):
            folded[key].add(counts)
    place = {key: number for number, key in enumerate(order)}
    in_order = sorted(folded, key=lambda key: (place.get(key, len(place)), str(key)))
    return sorted(((key, folded[key]) for key in in_order), key=lambda pair: (-pair[1].interested, -pair[1].published))


# Reading.


async def _gathered(
    session: Session, offices: Sequence[str], period: Period, earlier: int, district: District
) -> _Gathered:
    found = _Gathered()
    theirs = col(Opportunity.office).in_(offices) & col(Opportunity.state).in_(SHOWN)
    interest = (Interest, col(Interest.opportunity_id) == col(Opportunity.id))
    is_interested = col(Interest.answer) == InterestAnswer.INTERESTED
    is_chosen = is_interested & (col(Interest.standing) == Standing.CHOSEN)
    for name, at, joined, which in (
        ("published", col(Opportunity.published_at), (), theirs),
        ("interested", col(Interest.answered_at), (interest,), theirs & is_interested),
        ("chosen", col(Interest.standing_at), (interest,), theirs & is_chosen),
    ):
        for id, month, number in await _counted(session, at, joined, which, period, district):
            setattr(found.counts[id][month], name, number)
    for id, month, number in await _reached(session, theirs, period, district):
        found.counts[id][month].reached = number
    at = col(Interest.orders_at)
    which = theirs & is_interested & col(Interest.orders).is_not(None)
    for id, month, band, number in await _counted(
        session, at, (interest,), which, period, district, col(Interest.orders)
    ):
        if month >= earlier:
            found.bands[band] = found.bands.get(band, 0) + number
        if band in EARNING:
            found.counts[id][month].ordered += number
    return found


async def _reached(
    session: Session, theirs: ColumnElement[bool], period: Period, district: District
) -> list[tuple[int, int, int]]:
    """As `_counted`; a month at a time, which the index holds together: of these there are millions."""
    begins, found = period.bounds(district.timezone), []
    ours = col(Notice.opportunity_id).in_(select(col(Opportunity.id)).where(theirs))
    told = select(col(Notice.opportunity_id), func.count()).where(ours, col(Notice.state) == NoticeState.TOLD)
    for month, (first, end) in enumerate(pairwise(begins)):
        of_it = told.where(col(Notice.told_at) >= first, col(Notice.told_at) < end).group_by(col(Notice.opportunity_id))
        found += [(id, month, number) for id, number in (await (await session.connection()).execute(of_it)).all()]
    return found


async def _counted(
    session: Session,
    at: Any,
    joined: Sequence[tuple[Any, ColumnElement[bool]]],
    which: ColumnElement[bool],
    period: Period,
    district: District,
    *more: Any,
) -> Sequence[Any]:
    """Rows of an opportunity's id, the number of the month from 0, whatever *more*, and how many."""
    begins = period.bounds(district.timezone)
    # By comparing, since each database has its own words for the month of a moment in a zone.
    month = case(*((at < end, number) for number, end in enumerate(begins[1:]))).label("month")
    happened = select(col(Opportunity.id), month, *more).select_from(Opportunity)
    for table, how in joined:
        happened = happened.join(table, how)
    # Within, since PostgreSQL takes a case with other parameters for another one, and would not group by it.
    each = happened.where(which, at >= begins[0], at < begins[-1]).subquery()
    counted = select(*each.columns, func.count()).group_by(*each.columns)
    return (await (await session.connection()).execute(counted)).all()


async def _opportunities(session: Session, ids: Sequence[int]) -> list[One]:
    """The newest first."""
    columns: tuple[Any, ...] = tuple(getattr(Opportunity, one.name) for one in fields(One))
    found: list[One] = []
    for start in range(0, len(ids), _AT_ONCE):
        some = select(*columns).where(col(Opportunity.id).in_(ids[start : start + _AT_ONCE]))
        found += [One(*row) for row in (await (await session.connection()).execute(some)).all()]
    return sorted(found, key=lambda one: -one.id)


_AT_ONCE = 500
"""Ids in one statement."""
