"""How many an opportunity is for: the database counts all whose profile says it, only own wishes are read."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col

from db.models import Opportunity, Profile, Wishes
from db.session import Session
from domain.opportunities import notices, seekers
from domain.opportunities.matching import Table
from domain.opportunities.needs import CAPACITIES, NO, PAPERS, reaches

_LISTS = (Wishes.products, Wishes.markets, Wishes.kinds, Wishes.kecamatan)
_HAS_LISTS = or_(*(col(one).is_not(None) for one in _LISTS))


async def count(session: Session, opportunity: Opportunity) -> int:
    """How many *opportunity* is for, as everybody is now: just those whom `matching` finds."""
    return await _by_profile(session, opportunity) + await _by_wishes(session, opportunity)


async def _by_profile(session: Session, one: Opportunity) -> int:
    """Of those who wish for nothing of their own, as `Table.fits` does it, which would take seconds for a district."""
    fits: list[ColumnElement[bool]] = [and_(*(col(wish).is_(None) for wish in _LISTS))]
    if one.products is not None:
        fits.append(col(Profile.sector).in_(one.products))
    if one.kecamatan is not None:
        fits.append(col(Profile.kecamatan).in_(one.kecamatan))
    if one.is_strict:
        papers: list[Any] = [getattr(Profile, paper) for paper in PAPERS if paper in one.needs]
        fits += [or_(col(said).is_(None), col(said) != NO) for said in papers]
        too_little = [said for said in CAPACITIES if one.capacity is not None and not reaches(said, one.capacity)]
        fits.append(or_(col(Profile.capacity).is_(None), col(Profile.capacity).not_in(too_little)))
    those = seekers.hearers().where(*fits).with_only_columns(func.count(), maintain_column_froms=True)
    return int((await (await session.connection()).execute(those)).scalar_one())


async def _by_wishes(session: Session, one: Opportunity) -> int:
    table, found, last = Table([one]), 0, 0
    while people := await seekers.after(session, last, notices.SLICE, _HAS_LISTS):
        found += sum(bool(table.fits(hearer.seeker)) for hearer in people)
        last = people[-1].seeker.person_id
    return found
