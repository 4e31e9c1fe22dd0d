"""Opening the database, and its two doors: `reading()` for lists, `transaction()` for changes.

`transaction()` is the only place that commits.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool, StaticPool
from sqlmodel.ext.asyncio.session import AsyncSession as Session

from db.listening import notify
from db.sqlite_driver import connector
from db.trouble import NoConnection
from db.turns import WriterQueue

OpenTransaction = Callable[[], AbstractAsyncContextManager[Session]]

BUSY_TIMEOUT = 5_000
"""Milliseconds SQLite waits for another process (the command line, a backup)."""

IDLE_IN_TRANSACTION_TIMEOUT = 10_000
"""Milliseconds after which PostgreSQL ends the open transaction of a frozen process, so that its locks
do not outlive its claims (`db.inbox.CLAIM_LASTS`); what this misses `db.frozen` ends."""

IDLE_IN_READING_TIMEOUT = 120_000
"""The same for who only reads: nobody waits for that, and on a slow machine a start, which builds what answers lean on
from what it reads, takes longer than a transaction may."""

WRITING, READING = "umkm-bot writing", "umkm-bot reading"
"""How our sessions are called in PostgreSQL's list of them."""

CONNECTIONS = 12
"""To PostgreSQL, for each process."""

PING_AFTER = 5.0
"""Seconds that a connection may rest and be taken for alive."""

__all__ = [
    "Database",
    "OpenTransaction",
    "Session",
    "is_sqlite",
    "note_new",
    "open_database",
    "sqlite_file",
    "to_async_url",
]


_NEW = "new_in_queues"


def note_new(session: Session, queue: str) -> None:
    """Tell whoever waits for *queue* once this transaction is committed."""
    session.info.setdefault(_NEW, set()).add(queue)


@dataclass
class Database:
    """An open database. Leave by `open_database`, which disposes of its connections."""

    url: URL
    writing_engine: AsyncEngine
    reading_engine: AsyncEngine
    _writers: WriterQueue | None
    on_new: dict[str, Callable[[], None]] = field(default_factory=dict)
    """By queue ("inbox", "outbox"), what to call once something new in it is committed: wakes the loops."""

    @property
    def is_sqlite(self) -> bool:
        return self._writers is not None

    @asynccontextmanager
    async def transaction(self, *, bulk: bool = False) -> AsyncIterator[Session]:
        """A session whose changes are kept together when the block ends well, or not at all.

        Raises NoConnection while the database is away or busy.
        """
        if self._writers is None:
            async with self._begin() as session:
                yield session
                if new := session.info.get(_NEW):
                    await notify(session, new)
        else:
            async with self._writers.turn(bulk=bulk), self._begin() as session:
                yield session
        for queue in session.info.get(_NEW, ()):
            if wake := self.on_new.get(queue):
                wake()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """On SQLite nobody of this process writes while the block runs; PostgreSQL has no such moment."""
        if self._writers is None:
            yield
        else:
            async with self._writers.turn(bulk=True):
                yield

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[Session]:
        async with Session(self.writing_engine, expire_on_commit=False) as session, session.begin():
            try:
                await session.connection()
            except (OSError, DBAPIError) as error:
                # Told apart here from an error of whoever uses the session, which may be their own fault.
                raise NoConnection(f"{type(error).__name__}: {error}") from error
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """A session that sees one state of the database and may change nothing."""
        # Closing ends the transaction and leaves what was read as it is; a rollback would empty it.
        async with Session(self.reading_engine, expire_on_commit=False) as session:
            yield session


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Open *url*; its tables are whatever the migrations last made them."""
    address = to_async_url(url)
    database = _open_sqlite(address) if is_sqlite(address) else _open_postgresql(address)
    try:
        yield database
    finally:
        # Shielded, since a cancelled process must still close its connections.
        await asyncio.shield(_dispose(database))


async def _dispose(database: Database) -> None:
    await database.writing_engine.dispose()
    await database.reading_engine.dispose()


def to_async_url(url: str) -> URL:
    """Read *url*; plain `postgresql://` and `sqlite://` are taken as their asynchronous drivers."""
    address = make_url(url)
    drivers = {"postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg", "sqlite": "sqlite+aiosqlite"}
    return address.set(drivername=drivers.get(address.drivername, address.drivername))


def is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def sqlite_file(url: URL) -> Path | None:
    """The file behind *url*, or None for a database in memory or another kind of database."""
    if not is_sqlite(url) or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def _open_sqlite(url: URL) -> Database:
    if file := sqlite_file(url):
        file.parent.mkdir(parents=True, exist_ok=True)
    # One writer connection, kept: a new one for each transaction would cost more than the transaction.
    pragmas = (
        "journal_mode = WAL",
        "synchronous = FULL",
        f"busy_timeout = {BUSY_TIMEOUT}",
        "foreign_keys = ON",
        "secure_delete = ON",
    )
    writes = connector(url, pragmas)
    writing = create_async_engine(url, poolclass=StaticPool, async_creator=writes, hide_parameters=True)
    reads = connector(url, (*pragmas, "query_only = ON"))
    reading = create_async_engine(url, pool_size=4, max_overflow=0, async_creator=reads, hide_parameters=True)

    @event.listens_for(writing.sync_engine, "begin")
    def begin_at_once(connection: Any) -> None:
        # A deferred transaction that reads and then writes fails at once with "database is locked".
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    @event.listens_for(reading.sync_engine, "begin")
    def begin_with_the_first_look(connection: Any) -> None:
        connection.connection.driver_connection.begin("BEGIN")

    return Database(url, writing, reading, WriterQueue())


def _open_postgresql(url: URL) -> Database:
    # What people wrote must not stand in an error's text. The last one put back is taken first: its statements are
    # prepared, while those beyond what a moment needs rest.
    shared: Any = {"max_overflow": 0, "pool_use_lifo": True, "hide_parameters": True}
    idle = "idle_in_transaction_session_timeout"
    read_write = {idle: str(IDLE_IN_TRANSACTION_TIMEOUT), "application_name": WRITING}
    read_only = {idle: str(IDLE_IN_READING_TIMEOUT), "application_name": READING, "default_transaction_read_only": "on"}
    writing = create_async_engine(url, pool_size=CONNECTIONS, connect_args=_asyncpg(read_write), **shared)
    reading = create_async_engine(url, pool_size=4, connect_args=_asyncpg(read_only), **shared)
    for engine in (writing, reading):
        _ping_after_rest(engine.sync_engine)
    return Database(url, writing, reading, None)


def _ping_after_rest(engine: Engine) -> None:
    """As `pool_pre_ping`, whose three ways to the server are half of a small transaction, but only where it may tell
    something: the driver knows of a connection that was ended, and only one that rested may have died unheard."""

    @event.listens_for(engine, "checkin")
    def note(_: Any, record: Any) -> None:
        record.info["rests_since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def ping(connection: Any, record: Any, _: Any) -> None:
        rested = monotonic() - record.info.get("rests_since", monotonic())
        if rested < PING_AFTER and not connection.driver_connection.is_closed():
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            # With all others that are as old: each is opened anew when it is needed.
            raise InvalidatePoolError from error


def _asyncpg(settings: dict[str, str]) -> dict[str, Any]:
    return {"server_settings": settings, "timeout": 10.0}


def one_off_engine(url: URL) -> AsyncEngine:
    """An engine that keeps no connection, for migrations and checks."""
    return create_async_engine(url, poolclass=NullPool)
