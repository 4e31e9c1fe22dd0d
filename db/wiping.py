"""Leaving no byte of what was deleted in SQLite's files. PostgreSQL's own are its server's affair."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from db.session import Database, sqlite_file

WAIT = 0.2
"""Seconds for whoever reads an older state (a backup) to end; longer, and those who write would wait behind us."""


async def wipe(database: Database) -> bool:
    """Write the file anew and cut its log to nothing; False while somebody reads an older state: ask again later.

    `secure_delete` alone leaves copies in the slack of pages that were split or merged. A file of 130 MB takes two
    seconds, in which nobody writes.
    """
    file = sqlite_file(database.url)
    if file is None:
        return True
    async with database.alone():
        return await asyncio.to_thread(_wipe, file)


def _wipe(file: Path) -> bool:
    with closing(sqlite3.connect(file, timeout=WAIT, isolation_level=None)) as connection:
        try:
            # The log first, so that the file is not written for nothing while a reader holds on to it.
            if not _cut_log(connection):
                return False
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("VACUUM")
            return _cut_log(connection)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            return False  # another process writes: a command line


def _cut_log(connection: sqlite3.Connection) -> bool:
    is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not is_busy
