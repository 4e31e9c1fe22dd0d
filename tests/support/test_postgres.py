"""The server under the tests starts wherever the project is checked out."""

import asyncio
import shutil
from pathlib import Path

import asyncpg
import pytest

from tests.support import postgres


async def _version(server: str) -> str:
    connection = await asyncpg.connect(postgres.address_of(server, "postgres").replace("+asyncpg", ""))
    try:
        return str(await connection.fetchval("SELECT version()"))
    finally:
        await connection.close()


class TestRunningPostgres:
    def test_from_the_wheel_where_the_system_has_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without a server on the system the wheel's binaries serve, as root and as an ordinary user."""
        # A machine without PostgreSQL cannot be had here, so its folder and PATH are hidden.
        monkeypatch.setattr(postgres, "SYSTEM", Path("/nowhere"))
        monkeypatch.setattr(shutil, "which", lambda _: None)
        monkeypatch.delenv("TEST_POSTGRES_URL", raising=False)

        with postgres.running_postgres() as server:
            assert asyncio.run(_version(server)).startswith("PostgreSQL")
