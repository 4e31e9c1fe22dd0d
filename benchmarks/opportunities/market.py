"""Invented people with profiles and wishes, and open opportunities, in a database of ours."""

import asyncio
import os
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import col, insert, select

from benchmarks.processes import ROOT
from db.migrations.upgrade import migrate
from db.models import (
    HouseRule,
    MutedTopic,
    Opportunity,
    OpportunityKind,
    OpportunityState,
    Person,
    Profile,
    Wishes,
)
from db.session import Session, open_database
from domain.broadcasts.quiet import QUIET_HOURS
from domain.district import District, read_district
from domain.invented import invent_people
from domain.opportunities import kinds
from domain.opportunities.needs import CAPACITIES, PAPERS
from domain.opportunities.rhythm import RHYTHMS
from domain.opportunities.seekers import TOPIC

FIRST = 1_000_000
"""Telegram id of the first of them."""

SLICE = 2_000


def district() -> District:
    return read_district(ROOT / "districts" / "lamongan")


def fill(url: str, people: int, opportunities: int) -> None:
    """Migrate *url* and let so many live there, with so many opportunities open."""
    os.chdir(ROOT)
    asyncio.run(_fill(url, people, opportunities))


async def _fill(url: str, people: int, opportunities: int) -> None:
    await migrate(url)
    now, place, chance = datetime.now(UTC), district(), random.Random(8)  # noqa: S311 -- no secret
    async with open_database(url) as database:
        for start in range(0, people, SLICE):
            async with database.transaction() as session:
                number = min(SLICE, people - start)
                await invent_people(session, number, FIRST + start, now)
                some = select(Person.id).where(col(Person.telegram_id) >= FIRST + start).order_by(col(Person.id))
                await _describe(session, (await session.exec(some)).all(), place, chance, now)
        async with database.transaction() as session:
            for _ in range(opportunities):
                session.add(_opportunity(place, chance, now))
            # At whatever hour this is measured.
            session.add(HouseRule(name=QUIET_HOURS.name, value=["12.00", "12.00"], changed_at=now))


async def _describe(
    session: Session, ids: Sequence[int], place: District, chance: random.Random, now: datetime
) -> None:
    """Nine of ten have a profile, four of ten have wishes, one of twenty wants to hear nothing."""
    profiles = [_profile(id, place, chance, now) for id in ids if chance.random() < 0.9]
    wishes = [_wishes(id, place, chance, now) for id in ids if chance.random() < 0.4]
    muted = [{"person_id": id, "topic": TOPIC, "muted_at": now} for id in ids if chance.random() < 0.05]
    connection = await session.connection()
    for model, rows in ((Profile, profiles), (Wishes, wishes), (MutedTopic, muted)):
        if rows:
            await connection.execute(insert(model), rows)


def _profile(id: int, place: District, chance: random.Random, now: datetime) -> dict[str, Any]:
    papers = {paper: chance.choice(["yes", "no", None]) for paper in PAPERS}
    return {
        "person_id": id,
        "sector": chance.choice([*place.sectors, None]),
        "kecamatan": chance.choice([*sorted(place.kecamatan), None]),
        "capacity": chance.choice([*CAPACITIES, None]),
        "changed_at": now,
        **papers,
    }


def _wishes(id: int, place: District, chance: random.Random, now: datetime) -> dict[str, Any]:
    return {
        "person_id": id,
        "products": _some(list(place.sectors), 3, chance),
        "markets": _some(list(kinds.markets_of(place)), 5, chance),
        "kinds": _some([kind.value for kind in OpportunityKind], 4, chance),
        "kecamatan": _some(sorted(place.kecamatan), 3, chance),
        "rhythm": chance.choice(RHYTHMS),
        "is_changed": False,
        "changed_at": now,
    }


def _some(values: list[str], most: int, chance: random.Random) -> list[str] | None:
    return None if chance.random() < 0.5 else chance.sample(values, chance.randint(1, most))


def _opportunity(place: District, chance: random.Random, now: datetime) -> Opportunity:
    """Three of ten are for every product, seven of ten for every kecamatan, a third strict."""
    return Opportunity(
        office="disperindag",
        kind=chance.choice(list(OpportunityKind)),
        title="Toko oleh-oleh cari pemasok",
        sought="Camilan kering dalam kemasan.",
        products=None if chance.random() < 0.3 else chance.sample(list(place.sectors), chance.randint(1, 3)),
        market=chance.choice(["home", *kinds.markets_of(place)]),
        needs=chance.sample(PAPERS, chance.randint(0, 2)),
        capacity=chance.choice([None, None, 100, 600, 3_000]),
        is_strict=chance.random() < 0.33,
        kecamatan=None if chance.random() < 0.7 else chance.sample(sorted(place.kecamatan), chance.randint(1, 5)),
        deadline=now + timedelta(days=chance.randint(2, 60)),
        source="Toko Contoh, Surabaya",
        state=OpportunityState.OPEN,
        published_at=now,
        made_at=now,
        changed_at=now,
    )
