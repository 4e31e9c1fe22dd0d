"""The server under the tests starts wherever the project is checked out."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from tests.support import postgres
from tests.support.emptied import Databases

SPOILING = (
    "INSERT INTO group_chat (telegram_id, title, state, changed_at) VALUES (-5, 'Desa', 'MEMBER', now())",
    "DELETE FROM knowledge_entry WHERE id = 'P01'",
    "UPDATE knowledge_entry SET title = 'Other' WHERE id = 'P02'",
    "SELECT nextval('person_id_seq')",
)

SHAPES = (
    "ALTER TABLE person ADD COLUMN height integer",
    "ALTER TABLE question RENAME TO lost",
    "CREATE TABLE strange (number integer)",
    "DROP TRIGGER audit_is_append_only ON audit",
)


@asynccontextmanager
async def connected(address: str) -> "AsyncIterator[asyncpg.Connection[asyncpg.Record]]":
    connection = await asyncpg.connect(address.replace("+asyncpg", ""))
    try:
        yield connection
    finally:
        await connection.close()


async def _version(server: str) -> str:
    async with connected(postgres.address_of(server, "postgres")) as connection:
        return str(await connection.fetchval("SELECT version()"))


async def _carry_out(address: str, statement: str) -> None:
    async with connected(address) as connection:
        await connection.execute(statement)


class TestRunningPostgres:
    def test_from_the_wheel_where_the_system_has_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a server on the system the wheel's binaries serve, as root and as an ordinary user."""
        # A machine without PostgreSQL cannot be had here, so its folder and PATH are hidden.
        monkeypatch.setattr(postgres, "SYSTEM", Path("/nowhere"))
        monkeypatch.setattr(shutil, "which", lambda _: None)
        monkeypatch.delenv("TEST_POSTGRES_URL", raising=False)

        with postgres.running_postgres() as server:
            assert asyncio.run(_version(server)).startswith("PostgreSQL")


class TestDatabases:
    def test_comes_back_as_it_was(self, postgres_databases: Databases) -> None:
        """What one test adds, takes away, changes or counts up, or whom it leaves connected, no later one meets."""

        async def first_content(address: str) -> tuple[int, int, int]:
            async with connected(address) as connection:
                entries = await connection.fetchval("SELECT count(*) FROM knowledge_entry WHERE title <> 'Other'")
                others = await connection.fetchval("SELECT count(*) FROM group_chat")
                number = await connection.fetchval("SELECT nextval('person_id_seq')")
                return int(entries), int(others), int(number)

        async def spoil(address: str) -> "asyncpg.Connection[asyncpg.Record]":
            connection = await asyncpg.connect(address.replace("+asyncpg", ""))
            for statement in SPOILING:
                await connection.execute(statement)
            await connection.execute("BEGIN; LOCK TABLE person")
            return connection

        with asyncio.Runner() as runner:
            with postgres_databases.one() as address:
                at_first = runner.run(first_content(address))
                left = runner.run(spoil(address))
            with postgres_databases.one() as again:
                assert again == address
                assert asyncio.run(first_content(again)) == at_first == (62, 0, 1)
            left.terminate()

    @pytest.mark.parametrize("change", SHAPES)
    def test_of_another_shape_is_dropped(self, postgres_databases: Databases, change: str) -> None:
        """A database whose tables were changed is nobody's any more."""
        with postgres_databases.one() as address:
            asyncio.run(_carry_out(address, change))
        with postgres_databases.one() as again:
            assert again != address
