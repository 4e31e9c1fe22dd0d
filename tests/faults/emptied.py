"""A PostgreSQL database that is emptied of everything but its first content."""

from dataclasses import dataclass

import asyncpg

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


@dataclass
class Emptied:
    address: str
    tables: list[str]
    """Those that hold nothing at first."""

    async def empty(self) -> None:
        connection = await _connect(self.address)
        try:
            await connection.execute(f"TRUNCATE {', '.join(self.tables)} RESTART IDENTITY CASCADE")
        finally:
            await connection.close()


async def remember_content(address: str) -> Emptied:
    """The database at *address*, with whatever it holds now as its content."""
    connection = await _connect(address)
    try:
        names = [row["tablename"] for row in await connection.fetch(TABLES)]
        # S608: the names are the catalogue's own.
        empty = [name for name in names if not await connection.fetchval(f'SELECT count(*) FROM "{name}"')]  # noqa: S608 -- as said
        return Emptied(address, [f'"{name}"' for name in empty])
    finally:
        await connection.close()


async def _connect(address: str) -> "asyncpg.Connection[asyncpg.Record]":
    return await asyncpg.connect(address.replace("+asyncpg", ""))
