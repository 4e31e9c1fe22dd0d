"""Erasures brought to their end: nothing left under way, listed outside the database, wiped, and only then told."""

import asyncio
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog

from bot.loops import LOOK_EVERY
from bot.settings import BadSetting
from db.session import Database
from db.wiping import wipe
from domain import erasure

log = structlog.get_logger()

LOOK_FOR_OTHERS_EVERY = 10.0
"""Seconds, when nothing rings: what an earlier process left is found at the start."""


@dataclass(frozen=True)
class ErasedList:
    """A text file beside the backups, a line for each who was erased: the database's name, our id, when.

    It only grows, and names nobody: without the database the numbers say nothing.
    """

    file: Path

    def check(self) -> None:
        """Raises BadSetting where it could not be written."""
        nearest = next(place for place in (self.file, *self.file.absolute().parents) if place.exists())
        if self.file.is_dir() or not os.access(nearest, os.W_OK):
            raise BadSetting(f"ERASED_LIST: {self.file} cannot be written: name a file beside your backups")

    def erased(self, name: str) -> dict[int, datetime]:
        """When each of the database called *name* was erased, the last time. Raises BadSetting."""
        found: dict[int, datetime] = {}
        for line in self._lines():
            try:
                database, person_id, erased_at = line.split()
                number, moment = int(person_id), datetime.fromisoformat(erased_at)
            except ValueError:
                continue  # cut off when the machine stopped: then it was written again
            if database == name and moment.tzinfo is not None:
                found[number] = max(moment, found.get(number, moment))
        return found

    def _lines(self) -> list[str]:
        try:
            return self.file.read_text("utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise BadSetting(f"ERASED_LIST: {self.file} cannot be read ({error.strerror})") from error

    def add(self, name: str, people: Iterable[tuple[int, datetime]]) -> None:
        """Write down each who is not there yet; they are on the disk when this returns. Raises OSError."""
        there = self.erased(name)
        new = [(person_id, at) for person_id, at in people if there.get(person_id) != at]
        if not new:
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            size = os.fstat(handle).st_size
            is_cut_off = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
            lines = [f"{name} {person_id} {at.isoformat()}\n" for person_id, at in new]
            os.write(handle, ("\n" * is_cut_off + "".join(lines)).encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        _keep_entry(self.file.parent)


def _keep_entry(folder: Path) -> None:
    """The name of a new file is on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


async def erase_again(database: Database, listed: ErasedList, now: datetime) -> int:
    """Erase again whom a restored backup brought back, before anything else happens to them; return how many.

    Raises BadSetting when the list cannot be used.
    """
    listed.check()
    async with database.transaction() as session:
        name = await erasure.name_of_database(session)
        again = await erasure.erase_again(session, listed.erased(name), now) if name else 0
    if again:
        log.warning("erased again, since a backup had brought them back", people=again)
    return again


@dataclass
class Erasures:
    """The loop; only in the process that leads, which is the one that sends."""

    database: Database
    listed: ErasedList
    now: Callable[[], datetime]
    is_waiting: bool = False

    async def finish_next(self) -> bool:
        """Bring to an end what can be; whether there was anything."""
        async with self.database.transaction() as session:
            open_ones = await erasure.unfinished(session)
            name = await erasure.name_of_database(session)
            over = [one for one in open_ones if await erasure.sweep(session, one)]
        self.is_waiting = bool(open_ones)
        if not over or name is None:  # it has one since the start
            return False
        await asyncio.to_thread(self.listed.add, name, [(one.person_id, one.erased_at) for one in over])
        if not await wipe(self.database):
            return False
        async with self.database.transaction() as session:
            for one in over:
                await erasure.finish(session, one.person_id, self.now())
        log.info("erased", people=len(over))
        return True

    def rest(self) -> float:
        """Seconds until it is worth looking again, when nothing rings before."""
        return LOOK_EVERY if self.is_waiting else LOOK_FOR_OTHERS_EVERY
