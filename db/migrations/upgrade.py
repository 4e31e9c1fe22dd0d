"""Bring a database to the newest version, or say why not.

Unusable
    NewerDatabase
    BrokenDatabase
    DatabaseAway
"""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlmodel import SQLModel

import db.models  # noqa: F401 -- fills SQLModel.metadata
from db.session import is_sqlite, one_off_engine, sqlite_file, to_async_url

# Any number: it only has to be the same in every replica.
MIGRATION_LOCK = 7_635_001


class Unusable(Exception):
    """The database cannot be used; the message says what to do."""


class NewerDatabase(Unusable): ...


class BrokenDatabase(Unusable): ...


class DatabaseAway(Unusable): ...


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config


async def migrate(url: str) -> tuple[str | None, str]:
    """Bring the database at *url* to the newest version; return the version before and the one now.

    Raises NewerDatabase, BrokenDatabase or DatabaseAway.
    """
    address = to_async_url(url)
    if file := sqlite_file(address):
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseAway(f"{file.parent} cannot be made ({error.strerror}): choose another folder") from error
    engine = one_off_engine(address)
    try:
        async with engine.connect() as connection:
            versions = await connection.run_sync(_upgrade)
            await connection.commit()
            return versions
    except (SQLAlchemyError, OSError, CommandError) as error:
        raise _why(error, is_file=is_sqlite(address)) from error
    finally:
        await engine.dispose()


async def versions(url: str) -> tuple[str | None, str]:
    """The version of the database at *url* (None when it is empty) and the newest one; makes nothing.

    Raises as `migrate`, and BrokenDatabase when tables are missing.
    """
    address = to_async_url(url)
    if (file := sqlite_file(address)) and not file.exists():
        return None, _newest()
    engine = one_off_engine(address)
    try:
        async with engine.connect() as connection:
            found = await connection.run_sync(_versions)
            if found[0] == found[1]:
                await connection.run_sync(_look_for_tables)
            return found
    except (SQLAlchemyError, OSError) as error:
        raise _why(error, is_file=is_sqlite(address)) from error
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> tuple[str | None, str]:
    if connection.dialect.name == "postgresql":
        # Replicas that start together take turns; the lock goes with the transaction.
        connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
    else:
        connection.execute(text("PRAGMA busy_timeout = 10000"))
    before, newest = _versions(connection)
    if before != newest:
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    _look_for_tables(connection)
    return before, newest


def _look_for_tables(connection: Connection) -> None:
    missing = sorted(set(SQLModel.metadata.tables) - set(inspect(connection).get_table_names()))
    if missing:
        raise BrokenDatabase(f"the table {missing[0]} is missing: restore a backup or choose another database")


@cache
def _scripts() -> ScriptDirectory:
    """Read once: to compile the migrations takes as long as the rest of a look."""
    return ScriptDirectory.from_config(configuration())


def _newest() -> str:
    newest = _scripts().get_current_head()
    assert newest, "there is at least the first migration"  # noqa: S101 -- a fact of this repository
    return newest


def _versions(connection: Connection) -> tuple[str | None, str]:
    known = {script.revision for script in _scripts().walk_revisions()}
    current = MigrationContext.configure(connection).get_current_revision()
    newest = _newest()
    if current is not None and current not in known:
        raise NewerDatabase(
            f"the database was made by a newer version of this program (its version is {current}): "
            "update the program, or restore an older backup"
        )
    return current, newest


def _why(error: Exception, *, is_file: bool) -> Unusable:
    said = str(error.orig) if isinstance(error, DBAPIError) and error.orig else str(error)
    if is_file and any(sign in said for sign in ("not a database", "malformed", "disk image")):
        return BrokenDatabase(f"the file is damaged or no SQLite database ({said}): restore a backup or move it away")
    if is_file and "unable to open" in said:
        return DatabaseAway(f"the file cannot be opened ({said}): check its folder and permissions")
    if is_file or isinstance(error, CommandError):
        return BrokenDatabase(f"the database does not fit its version ({said}): restore a backup or move it away")
    return DatabaseAway(f"the database does not answer ({said or type(error).__name__}): check address and password")
