"""What a frozen process left open on PostgreSQL is ended by another one."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import asyncpg
import pytest

from db import frozen
from db import session as sessions
from db.frozen import end_frozen
from db.session import READING, WRITING, open_database
from domain.knowledge import tables
from tests.support.emptied import Databases

INSERT = "INSERT INTO data_version (name, number) VALUES ('contested', 1)"


@pytest.fixture
def url(postgres_databases: Databases) -> Iterator[str]:
    with postgres_databases.one() as address:
        yield address


@pytest.fixture
async def two(url: str) -> AsyncIterator[tuple[asyncpg.Connection, asyncpg.Connection]]:
    """A session that is about to freeze, and one that wants what it holds."""
    address = url.replace("+asyncpg", "")
    settings = {"application_name": WRITING, "idle_in_transaction_session_timeout": "100"}
    freezing, other = await asyncpg.connect(address, server_settings=settings), await asyncpg.connect(address)
    yield freezing, other
    freezing.terminate()
    other.terminate()


async def freeze(session: asyncpg.Connection) -> None:
    """Do no more between preparing a statement and executing it, with a transaction open that holds a lock."""
    await session.execute("BEGIN")
    await session.execute(INSERT)
    await session.prepare("SELECT 1")


class TestEndFrozen:
    async def test_postgresql_alone_leaves_the_lock(self, two: tuple[asyncpg.Connection, asyncpg.Connection]) -> None:
        """What the rule is for: to PostgreSQL such a session is active, and its locks stay."""
        freezing, other = two
        await freeze(freezing)

        with pytest.raises(TimeoutError):
            await asyncio.wait_for(other.execute(INSERT), 1.0)

    async def test_frees_the_lock(
        self, url: str, two: tuple[asyncpg.Connection, asyncpg.Connection], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Another process ends it, and whoever waited goes on."""
        monkeypatch.setattr(frozen, "LONGEST_TRANSACTION", timedelta(seconds=0.2))  # 25 s would be a long test
        freezing, other = two
        await freeze(freezing)
        waiting = asyncio.create_task(other.execute(INSERT))
        await asyncio.sleep(0.3)
        async with open_database(url) as database, database.reading() as session:
            ended = await end_frozen(session)

        assert ended == 1
        await asyncio.wait_for(waiting, 5.0)

    @pytest.mark.parametrize("name", [READING, "psql"])
    async def test_leaves_others_alone(
        self, url: str, two: tuple[asyncpg.Connection, asyncpg.Connection], name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A long reading, as a backup's, and whatever is not ours stay."""
        monkeypatch.setattr(frozen, "LONGEST_TRANSACTION", timedelta())  # as above
        _, other = two
        await other.execute(f"SET application_name = '{name}'")
        await other.execute("BEGIN")
        await other.execute("SELECT 1")
        async with open_database(url) as database, database.reading() as session:
            assert await end_frozen(session) == 0


class TestReading:
    async def test_may_pause_for_long(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Who only reads may think in between: a start on a slow machine would end in the middle."""
        monkeypatch.setattr(sessions, "IDLE_IN_TRANSACTION_TIMEOUT", 50)  # 10 s would be a long test
        async with open_database(url) as database, database.reading() as session:
            before = await tables.version(session)
            await asyncio.sleep(0.3)
            assert await tables.version(session) == before
