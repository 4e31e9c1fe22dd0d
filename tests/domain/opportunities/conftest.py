"""A database with some people in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db.models import HouseRule, Person
from db.session import Database, open_database
from domain.broadcasts.quiet import QUIET_HOURS
from tests.conftest import sqlite_url
from tests.domain.opportunities.crowd import NOW, PEOPLE


@pytest.fixture
def people_number() -> int:
    """How many there are."""
    return PEOPLE


@pytest.fixture
async def database(
    sqlite_made: Path, request: pytest.FixtureRequest, tmp_path: Path, people_number: int
) -> AsyncIterator[Database]:
    """Some people, and no quiet hours."""
    async with open_database(sqlite_url(request, tmp_path)) as database:
        async with database.transaction() as session:
            session.add(HouseRule(name=QUIET_HOURS.name, value=["12.00", "12.00"], changed_at=NOW))
            for number in range(people_number):
                session.add(Person(telegram_id=101 + number, name="Contoh", met_at=NOW, last_wrote_at=NOW))
        yield database
