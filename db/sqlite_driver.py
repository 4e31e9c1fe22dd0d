"""SQLite behind asyncio, one hop to its thread for each statement.

aiosqlite makes four of it (open a cursor, execute, fetch, close), and for our small statements the hops cost more
than the work: a transaction of ten statements takes half the CPU this way.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any

import aiosqlite
from sqlalchemy.engine import URL

CHUNK = 64
"""Rows; aiosqlite wants to know, and only asks when a result is streamed."""


def connector(url: URL) -> Callable[[], Awaitable[aiosqlite.Connection]]:
    """What SQLAlchemy's `async_creator` takes: opens a connection to *url*."""
    arguments, options = url.get_dialect()().create_connect_args(url)

    async def connect() -> aiosqlite.Connection:
        return await Connection(partial(sqlite3.connect, *arguments, **options), CHUNK)

    return connect


class Connection(aiosqlite.Connection):
    """aiosqlite's, with cursors that bring all rows along."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._thread.daemon = True  # a thread that hangs in SQLite must not hold the process

    def cursor(self) -> "Cursor":  # type: ignore[override]  # SQLAlchemy enters what it gets, and this can be entered
        return Cursor(self)


class Cursor:
    """The part of a cursor that SQLAlchemy uses, without streaming."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: Sequence[Any] = ()
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, statement: str, parameters: Iterable[Any] = ()) -> "Cursor":
        return await self._run(sqlite3.Connection.execute, statement, parameters)

    async def executemany(self, statement: str, parameters: Iterable[Iterable[Any]]) -> "Cursor":
        return await self._run(sqlite3.Connection.executemany, statement, parameters)

    async def fetchall(self) -> Sequence[Any]:
        return self._rows

    async def close(self) -> None:
        """Nothing is left open."""

    async def _run(self, execute: Callable[..., sqlite3.Cursor], statement: str, parameters: Any) -> "Cursor":
        in_thread: Any = self._connection._execute  # aiosqlite's own door to its thread, which has no types
        await in_thread(self._in_thread, execute, statement, parameters)
        return self

    def _in_thread(self, execute: Callable[..., sqlite3.Cursor], statement: str, parameters: Any) -> None:
        cursor = execute(self._connection._conn, statement, parameters)
        try:
            self._rows = cursor.fetchall() if cursor.description else ()
            self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid
        finally:
            cursor.close()
