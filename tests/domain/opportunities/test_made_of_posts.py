"""The draft made of a post that an officer brings: as of the day it was written."""

from datetime import UTC, datetime

import pytest

from db.models import Person
from db.session import Database
from domain.opportunities import posts
from tests.domain.opportunities.crowd import NOW
from tests.support.opportunities import DISTRICT


@pytest.mark.parametrize(
    ("text", "written", "deadline", "passed"),
    [
        ("Gelombang 1 paling lambat 5 Feb. Gelombang 2 paling lambat 10 Des.", (2026, 2, 1), "2026-12-10", None),
        ("Batas akhir 10 Februari", (2026, 2, 1), None, "2026-02-10"),
        ("Batas akhir 10 Februari", (2026, 11, 20), "2027-02-10", None),
        ("Batas akhir 10 Februari", None, "2027-02-10", None),
    ],
)
async def test_days_are_those_of_its_own_day(
    database: Database,
    text: str,
    written: tuple[int, int, int] | None,
    deadline: str | None,
    passed: str | None,
) -> None:
    """One that nobody dated is of today; a deadline that has passed is asked about."""
    post = posts.Post(f"Bazar UMKM. {text}", written=datetime(*written, tzinfo=UTC) if written else None)
    async with database.transaction() as session:
        person = await session.get_one(Person, 1)
        made = await posts.draft_of(session, person, "disperindag", post, DISTRICT, NOW)

    days = [at and f"{at:%Y-%m-%d}" for at in (made.opportunity.deadline, made.passed)]
    assert days == [deadline, passed]
