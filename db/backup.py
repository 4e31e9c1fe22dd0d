"""The whole database as plain rows, read in one consistent state. `db.restore` is the way back."""

import base64
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    Time,
    event,
    func,
    select,
    tuple_,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

import db.models  # noqa: F401 -- fills SQLModel.metadata
from db.migrations.upgrade import configuration
from db.models.columns import STRUCTURE
from db.session import Session

SLICE = 500
"""Rows in memory at a time."""

VERSION_TABLE = "alembic_version"

LEFT_OUT = (VERSION_TABLE, "leadership")
"""Tables that say something about this very database and its processes."""

Rows = list[list[Any]]
"""Rows as JSON can hold them, their values in the order of the table's columns."""

Converter = Callable[[Any], Any] | None


@dataclass(frozen=True)
class Held:
    """What a backup holds of one table."""

    name: str
    columns: list[str]
    rows: int


@dataclass(frozen=True)
class Contents:
    """What a backup holds: the tables in an order in which each row's parents come before it."""

    revision: str
    made_at: datetime
    tables: list[Held]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)


class Unreadable(Exception):
    """The database is away or damaged; the message is its own."""


async def survey(session: Session) -> Contents | None:
    """Count everything, None when nothing was ever kept here; from then on *session* sees this one state.

    The tables are taken as they stand, not as the models say, so that a database can be backed up before it is
    migrated. *session* must be fresh, from `Database.reading()`. Raises Unreadable.
    """
    on_postgres = session.get_bind().dialect.name == "postgresql"
    # SQLite's transactions see one state anyway.
    options = {"isolation_level": "REPEATABLE READ"} if on_postgres else {}
    with _readable():
        connection = await session.connection(execution_options=options)
        revision, tables = await connection.run_sync(as_they_stand)
        if revision is None:
            return None
        held = []
        for table in tables:
            rows = await connection.scalar(select(func.count()).select_from(table))
            held.append(Held(table.name, [column.name for column in table.columns], int(rows or 0)))
    return Contents(revision, datetime.now(UTC), held)


async def read(session: Session) -> AsyncIterator[tuple[str, Rows]]:
    """Each table's name and up to `SLICE` of its rows, in the order of its `Contents`; *session* was surveyed.

    Raises Unreadable.
    """
    with _readable():
        connection = await session.connection()
        _, tables = await connection.run_sync(as_they_stand)
    for table in tables:
        writers = [_writer(column) for column in table.columns]
        keys = [table.columns.keys().index(column.name) for column in table.primary_key.columns]
        rows: Sequence[Row[Any]] = ()
        while rows := await _following(connection, table, [rows[-1][key] for key in keys] if rows else None):
            yield table.name, [converted(row, writers) for row in rows]


async def _following(connection: AsyncConnection, table: Table, last: list[Any] | None) -> Sequence[Row[Any]]:
    """The rows after the one with the key *last*; by key, since not every driver hands out rows while it reads them."""
    key = tuple_(*table.primary_key.columns)
    some = select(table).order_by(*table.primary_key.columns).limit(SLICE)
    with _readable():
        return (await connection.execute(some if last is None else some.where(key > last))).all()


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (OSError, SQLAlchemyError, CommandError) as error:
        said = str(getattr(error, "orig", None) or error) or type(error).__name__
        raise Unreadable(said.splitlines()[0]) from error


def as_they_stand(connection: Connection) -> tuple[str | None, list[Table]]:
    """The database's version, and our tables in it, parents first. Raises Unreadable when one is missing."""
    revision = MigrationContext.configure(connection).get_current_revision()
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    # Somebody may have put a table of their own beside ours, which no migration would make again.
    ours = set(SQLModel.metadata.tables) if revision == newest else None
    found = MetaData()
    event.listen(found, "column_reflect", _keep_one_null)
    found.reflect(connection, only=lambda name, _: name not in LEFT_OUT and (ours is None or name in ours))
    if missing := (ours or set()) - set(found.tables) - set(LEFT_OUT):
        raise Unreadable(f"table {min(missing)} is missing")
    return revision, found.sorted_tables


def _keep_one_null(_inspector: Any, _table: Table, column: Any) -> None:
    # Else SQL's null, the only one we keep, would come back as JSON's.
    if isinstance(column["type"], JSON):
        column["type"] = STRUCTURE


def converted(row: Iterable[Any], converters: list[Converter]) -> list[Any]:
    """The values of *row*, each through its converter."""
    return [
        value if value is None or convert is None else convert(value)
        for value, convert in zip(row, converters, strict=True)
    ]


def _writer(column: Column[Any]) -> Converter:
    """How a value of *column* becomes JSON; None when it is JSON already. Raises TypeError for a type unknown here."""
    match column.type:
        case DateTime():
            return _write_moment
        case Date() | Time():
            return _write_date
        case LargeBinary():
            return lambda value: base64.b64encode(value).decode()
        case JSON() | Boolean() | Integer() | Float() | String():
            return None
        case other:
            raise TypeError(f"{column.table.name}.{column.name}: no idea how {other!r} is kept in a backup")


def reader(column: Column[Any]) -> Converter:
    """The way back from JSON to a value of *column*."""
    match column.type:
        case DateTime(timezone=True):
            return datetime.fromisoformat
        case DateTime():
            return lambda value: datetime.fromisoformat(value).replace(tzinfo=None)
        case Date():
            return date.fromisoformat
        case Time():
            return time.fromisoformat
        case LargeBinary():
            return base64.b64decode
        case _:
            return None


def _write_moment(value: datetime) -> str:
    # What stands without a zone is UTC: SQLite keeps none.
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def _write_date(value: date | time) -> str:
    return value.isoformat()
