"""SQLite behind asyncio, one hop to its thread for each statement.

aiosqlite makes four of it (open a cursor, execute, fetch, close), and for our small statements the hops cost more
than the work: a transaction of ten statements takes half the CPU this way, and a look at one row a third.
"""

import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import aiosqlite
from sqlalchemy.engine import URL

CHUNK = 500
"""Rows that a statement brings along at once; the rest is fetched when it is asked for."""


def connector(url: URL, pragmas: Sequence[str] = ()) -> Callable[[], Awaitable[aiosqlite.Connection]]:
    """What SQLAlchemy's `async_creator` takes: opens a connection to *url* that begins no transaction by itself."""
    dialect: Any = url.get_dialect()()
    arguments, options = dialect.create_connect_args(url)

    def opened() -> sqlite3.Connection:
        connection: sqlite3.Connection = sqlite3.connect(*arguments, **options)
        connection.isolation_level = None
        try:
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        return connection

    async def connect() -> aiosqlite.Connection:
        return await Connection(opened, CHUNK)

    return connect


class Connection(aiosqlite.Connection):
    """aiosqlite's, with cursors that bring all rows along."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._thread.daemon = True  # a thread that hangs in SQLite must not hold the process
        self._owed_begin: str | None = None
        self._is_idle = False

    def cursor(self) -> "Cursor":  # type: ignore[override]  # SQLAlchemy enters what it gets, and this can be entered
        return Cursor(self)

    def begin(self, statement: str) -> None:
        """Begin with the next statement, in the same hop; for transactions that need not hold anything before."""
        self._owed_begin = statement

    async def commit(self) -> None:
        await self._end(super().commit)

    async def rollback(self) -> None:
        await self._end(super().rollback)

    async def _end(self, end: Callable[[], Awaitable[None]]) -> None:
        self._owed_begin = None
        # SQLAlchemy rolls back once more whatever it puts back. Only where the thread is known to be at rest can be
        # said whether there is anything: what was cancelled may go on in it.
        if self._is_idle and not self.in_transaction:
            return
        self._is_idle = False
        await end()
        self._is_idle = True

    async def hop(self, deed: Callable[..., Any], *arguments: Any) -> Any:
        """Let *deed* run in the thread, in a transaction where one was begun."""
        in_thread: Any = self._execute  # aiosqlite's own door to its thread, which has no types
        begin, self._owed_begin, self._is_idle = self._owed_begin, None, False
        result = await in_thread(self._in_thread, begin, deed, arguments)
        self._is_idle = True
        return result

    def _in_thread(self, begin: str | None, deed: Callable[..., Any], arguments: Any) -> Any:
        if begin:
            self._conn.execute(begin)
        return deed(self._conn, *arguments)


class Cursor:
    """The part of a cursor that SQLAlchemy uses."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self._more: sqlite3.Cursor | None = None
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> "Cursor":
        return self

    async def execute(self, statement: str, parameters: Iterable[Any] = ()) -> "Cursor":
        await self._connection.hop(self._run, sqlite3.Connection.execute, statement, parameters)
        return self

    async def executemany(self, statement: str, parameters: Iterable[Iterable[Any]]) -> "Cursor":
        await self._connection.hop(self._run, sqlite3.Connection.executemany, statement, parameters)
        return self

    async def fetchall(self) -> Sequence[Any]:
        while self._more:
            await self._fetch_more()
        rows, self._rows = self._rows, []
        return rows

    async def fetchmany(self, size: int) -> Sequence[Any]:
        while self._more and len(self._rows) < size:
            await self._fetch_more()
        rows, self._rows = self._rows[:size], self._rows[size:]
        return rows

    async def close(self) -> None:
        if self._more:
            more, self._more = self._more, None
            await self._connection.hop(lambda _: more.close())

    async def _fetch_more(self) -> None:
        if more := self._more:
            await self._connection.hop(lambda _: self._fetch(more))

    def _run(
        self, connection: sqlite3.Connection, execute: Callable[..., sqlite3.Cursor], statement: str, parameters: Any
    ) -> None:
        cursor = execute(connection, statement, parameters)
        self.description, self.lastrowid = cursor.description, cursor.lastrowid
        self._fetch(cursor)
        self.rowcount = cursor.rowcount

    def _fetch(self, cursor: sqlite3.Cursor) -> None:
        self._more = None
        try:
            rows = cursor.fetchmany(CHUNK) if cursor.description else []
        except BaseException:
            cursor.close()
            raise
        self._rows += rows
        if len(rows) < CHUNK:
            cursor.close()
        else:
            self._more = cursor
