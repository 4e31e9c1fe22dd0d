"""Backups as files: a gzip of JSON lines, the same for both databases.

The first line says what follows; then, table by table, a line that names it and a line (an array) for each row.
"""

import asyncio
import gzip
import json
import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.erasures import ErasedList, erase_again
from bot.runlock import only_run
from bot.settings import BadSetting, Settings
from db import backup, inbox, outbox
from db.backup import SLICE, Contents, Held, Rows
from db.migrations.upgrade import Unusable, versions
from db.restore import Away, InUse, Unrestorable
from db.restore import restore as restore_rows
from db.session import Database, open_database, sqlite_file, to_async_url
from db.wiping import wipe

FORMAT = 1
PACKED = 6
"""How hard gzip tries: harder takes twice as long for a twentieth less."""
LONGEST_LINE = 64 * 2**20
"""Bytes: a longer line is no row of ours, and would only fill the memory."""


class BadBackup(Exception):
    """A file that cannot be written or used; the message is one line with the mend."""


async def back_up(settings: Settings, file: Path) -> Contents:
    """Write the database to *file*, also while the bot runs. Raises BadSetting or BadBackup, leaving no file then."""
    try:
        before, _ = await versions(settings.database_url) if _exists(settings) else (None, "")
    except Unusable as error:
        raise BadSetting(f"DATABASE_URL: {error}") from error
    if before is None:
        raise BadSetting("DATABASE_URL: there is nothing to back up: the database is empty")
    async with open_database(settings.database_url) as database:
        return await write(database, file)


def _exists(settings: Settings) -> bool:
    # Looking at a SQLite file that is not there would make it.
    file = sqlite_file(to_async_url(settings.database_url))
    return file is None or file.exists()


async def write(database: Database, file: Path) -> Contents:
    """Write *database* to *file*, which appears when it is complete and was read back. Raises BadBackup."""
    try:
        part = await asyncio.to_thread(_begin, file)
    except OSError as error:
        raise BadBackup(f"{file}: cannot be written ({error.strerror}): choose another place") from error
    try:
        contents = await _fill(database, part)
        await asyncio.to_thread(_finish, part, file, contents)
    except OSError as error:
        raise BadBackup(f"{file}: cannot be written ({error.strerror}): make room or choose another place") from error
    except backup.Unreadable as error:
        raise BadBackup(f"{file}: not written, since the database cannot be read ({error})") from error
    finally:
        part.unlink(missing_ok=True)
    return contents


def _begin(file: Path) -> Path:
    """An empty file beside *file* that only its owner may read."""
    if file.is_dir():
        raise IsADirectoryError(21, "it is a folder")
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    os.close(handle)
    return Path(name)


async def _fill(database: Database, part: Path) -> Contents:
    # Compressing stays out of the loop, on which people wait for their answers.
    with part.open("wb") as raw, gzip.GzipFile("", "wb", PACKED, raw) as packed:
        async with database.reading() as session:
            contents = await backup.survey(session)
            if contents is None:
                raise BadBackup("there is nothing to back up: the database is empty")
            await asyncio.to_thread(packed.write, _line(_head(contents)))
            rows, named = backup.read(session), set[str]()
            async for name, some in rows:
                title = [] if name in named else [{"table": name}]
                named.add(name)
                await asyncio.to_thread(_write_lines, packed, [*title, *some])
    return contents


def _write_lines(packed: gzip.GzipFile, values: list[Any]) -> None:
    packed.write(b"".join(map(_line, values)))


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _head(contents: Contents) -> dict[str, Any]:
    tables = {held.name: {"rows": held.rows, "columns": held.columns} for held in contents.tables}
    made_at = contents.made_at.isoformat()
    return {"format": FORMAT, "revision": contents.revision, "made_at": made_at, "tables": tables}


def _finish(part: Path, file: Path, contents: Contents) -> None:
    """Read it back, and let it take its place only then. Raises BadBackup and OSError."""
    with part.open("rb+") as raw:
        os.fsync(raw.fileno())
    if verify(part) != contents:
        raise BadBackup(f"{file}: was not read back as it was written: look at the disk")
    part.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def verify(file: Path) -> Contents:
    """What *file* holds, every line of it read and counted. Raises BadBackup."""
    with _unpacked(file) as lines:
        contents = _contents(file, lines)
        for _ in _rows(file, lines, contents):
            pass
    return contents


async def restore(settings: Settings, file: Path) -> Contents:
    """Put *file* into the database, which must hold nobody and is then at the newest version.

    Whoever was erased after it was made is erased again. Raises BadSetting or BadBackup, and then nothing was changed.
    """
    contents, listed = verify(file), ErasedList(settings.ERASED_LIST)
    listed.check()
    with only_run(settings.database_url), _unpacked(file) as lines:
        try:
            await restore_rows(settings.database_url, contents, _rows(file, lines, _contents(file, lines)))
        except (Away, InUse) as error:
            raise BadSetting(f"DATABASE_URL: {error}") from error
        except Unrestorable as error:
            raise BadBackup(f"{file}: {error}") from error
        async with open_database(settings.database_url) as database:
            await _free_claims(database)
            if await erase_again(database, listed, datetime.now(UTC)):
                await wipe(database)
    return contents


async def _free_claims(database: Database) -> None:
    """Whoever worked on something when the backup was made does not work here."""
    async with database.transaction() as session:
        await inbox.free_all_claims(session)
        await outbox.recover(session, everything=True)


@contextmanager
def _unpacked(file: Path) -> Iterator[gzip.GzipFile]:
    """The file's lines. Raises BadBackup, whatever is wrong with it by then or while it is read."""
    try:
        with gzip.open(file, "rb") as lines:
            yield lines
    except gzip.BadGzipFile as error:
        raise BadBackup(f"{file}: is no backup, or a damaged one ({error}): take another") from error
    except (EOFError, zlib.error) as error:
        raise BadBackup(f"{file}: is cut off or damaged: take another") from error
    except OSError as error:
        raise BadBackup(
            f"{file}: cannot be read ({error.strerror or error}): check its name and permissions"
        ) from error


def _contents(file: Path, lines: gzip.GzipFile) -> Contents:
    """The first line. Raises BadBackup."""
    try:
        head = json.loads(lines.readline(LONGEST_LINE))
        if (made_as := head["format"]) != FORMAT:
            raise BadBackup(
                f"{file}: is of format {made_as}, this program reads {FORMAT}: use the program that made it"
            )
        tables = [Held(name, list(held["columns"]), int(held["rows"])) for name, held in head["tables"].items()]
        return Contents(str(head["revision"]), datetime.fromisoformat(head["made_at"]), tables)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadBackup(f"{file}: is no backup of this program: take another") from error


def _rows(file: Path, lines: gzip.GzipFile, contents: Contents) -> Iterator[tuple[str, Rows]]:
    """Each table's rows in slices. Raises BadBackup when they are not those that *contents* counts."""
    for held in contents.tables:
        left = held.rows
        if left and _value(file, lines) != {"table": held.name}:
            raise BadBackup(f"{file}: is damaged at the beginning of table {held.name}: take another")
        while left:
            some = [_row(file, lines, held) for _ in range(min(left, SLICE))]
            left -= len(some)
            yield held.name, some
    if lines.readline(1):
        raise BadBackup(f"{file}: holds more than its first line counts: take another")


def _row(file: Path, lines: gzip.GzipFile, held: Held) -> list[Any]:
    row = _value(file, lines)
    if not isinstance(row, list) or len(row) != len(held.columns):
        raise BadBackup(f"{file}: holds fewer rows of table {held.name} than it counts: take another")
    return row


def _value(file: Path, lines: gzip.GzipFile) -> Any:
    try:
        return json.loads(lines.readline(LONGEST_LINE))
    except ValueError as error:
        raise BadBackup(f"{file}: is cut off or damaged: take another") from error
