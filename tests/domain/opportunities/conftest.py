"""A database with some people in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db.models import Person
from db.session import Database, open_database
from tests.conftest import sqlite_url
from tests.domain.opportunities.crowd import NOW, PEOPLE
from tests.support.opportunities import without_quiet_hours


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
            await without_quiet_hours(session, NOW)
            for number in range(people_number):
                session.add(Person(telegram_id=101 + number, name="Contoh", met_at=NOW, last_wrote_at=NOW))
        yield database
