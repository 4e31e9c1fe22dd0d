"""A backup's rows put into an empty database of either kind, all of it in one transaction.

Unrestorable
    Away
    MadeByNewer
    InUse
    DoesNotFit
"""

from collections.abc import Iterable
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, Table, event, func, insert, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

from db.backup import VERSION_TABLE, Contents, Rows, as_they_stand, converted, reader
from db.clock import clock
from db.migrations.upgrade import configuration
from db.session import is_sqlite, one_off_engine, to_async_url
from db.trouble import is_outside

INHABITED = ("person", "received_update", "delivery")
"""Tables of which a single row means that a database is somebody's."""


class Unrestorable(Exception):
    """These rows cannot be put into that database; the message says what to do."""


class Away(Unrestorable): ...


class MadeByNewer(Unrestorable): ...


class InUse(Unrestorable): ...


class DoesNotFit(Unrestorable): ...


async def restore(url: str, contents: Contents, rows: Iterable[tuple[str, Rows]]) -> None:
    """Make the tables as they were at the backup's version, fill them with *rows*, and migrate to the newest.

    Raises Unrestorable, and then the database is as it was.
    """
    _refuse_newer(contents)
    engine = _engine(url)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_restore, contents, rows)
            await connection.commit()
    except (SQLAlchemyError, CommandError, OSError) as error:
        said = (str(getattr(error, "orig", None) or error) or type(error).__name__).splitlines()[0]
        if isinstance(error, OSError) or is_outside(error):
            raise Away(f"the database does not answer or is busy ({said}): nothing was changed, try again") from error
        raise DoesNotFit(f"the database did not take it ({said}): nothing was changed") from error
    finally:
        await engine.dispose()


def _restore(connection: Connection, contents: Contents, rows: Iterable[tuple[str, Rows]]) -> None:
    _refuse_inhabited(connection)
    _drop_ours(connection, contents)
    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, contents.revision)
    _, tables = as_they_stand(connection)
    _fill(connection, tables, contents, rows)
    _check_references(connection)
    _go_on_counting(connection, tables)
    command.upgrade(config, "head")


def _refuse_newer(contents: Contents) -> None:
    scripts = ScriptDirectory.from_config(configuration())
    if contents.revision not in {script.revision for script in scripts.walk_revisions()}:
        raise MadeByNewer(
            f"the backup was made by a newer version of this program (its version is {contents.revision}): "
            "update the program first"
        )


def _refuse_inhabited(connection: Connection) -> None:
    there = set(inspect(connection).get_table_names())
    for name in INHABITED:
        table = SQLModel.metadata.tables[name]
        if name in there and (rows := connection.scalar(select(func.count()).select_from(table))):
            raise InUse(f"the database is in use (table {name}: {rows}): name an empty one, or move this one away")
    running = SQLModel.metadata.tables["leadership"]
    if running.name in there and connection.scalar(select(func.count()).where(running.c.until > clock())):
        raise InUse("a bot runs on this database: stop it first")


def _drop_ours(connection: Connection, contents: Contents) -> None:
    # By name, since a database may also hold what is none of our business.
    ours = {*SQLModel.metadata.tables, *(held.name for held in contents.tables), VERSION_TABLE}
    standing = MetaData()
    standing.reflect(connection, only=lambda name, _: name in ours)
    standing.drop_all(connection)


def _fill(
    connection: Connection, tables: Iterable[Table], contents: Contents, rows: Iterable[tuple[str, Rows]]
) -> None:
    by_name = {table.name: table for table in tables}
    try:
        columns = {held.name: [by_name[held.name].columns[name] for name in held.columns] for held in contents.tables}
        for name, some in rows:
            readers = [reader(column) for column in columns[name]]
            names = [column.name for column in columns[name]]
            values = [dict(zip(names, converted(row, readers), strict=True)) for row in some]
            connection.execute(insert(by_name[name]), values)
    except (KeyError, ValueError, TypeError) as error:
        # A table or a column that this version never had, or a value that is none of its column's.
        raise DoesNotFit(f"the file does not fit its version {contents.revision} ({error}): take another") from error


def _check_references(connection: Connection) -> None:
    """SQLite looks at references only when told to; PostgreSQL looked at every row."""
    if connection.dialect.name == "sqlite" and (wrong := connection.execute(text("PRAGMA foreign_key_check")).first()):
        raise DoesNotFit(f"a row of {wrong[0]} belongs to a row of {wrong[2]} that is not in the file: take another")


def _go_on_counting(connection: Connection, tables: Iterable[Table]) -> None:
    """Let PostgreSQL's sequences go on after the highest id; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key.columns:
            sequence = connection.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', column.name)))
            if sequence:
                following = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                connection.execute(select(func.setval(sequence, following, False)))


def _engine(url: str) -> AsyncEngine:
    """An engine whose transaction takes in the making of tables too, and in which tables may be replaced."""
    address = to_async_url(url)
    engine = one_off_engine(address)
    if is_sqlite(address):

        @event.listens_for(engine.sync_engine, "connect")
        def prepare(connection: Any, _: Any) -> None:
            connection.isolation_level = None  # else the driver would begin by itself, and late

        @event.listens_for(engine.sync_engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
