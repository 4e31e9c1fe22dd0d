"""Every night's backup: made at two in the morning, or at the start when that night was missed; the oldest go."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot.backups import BadBackup, write
from bot.settings import Settings
from db.session import Database
from domain.alarms import Alarms

log = structlog.get_logger()

AT = 2
"""O'clock in TIMEZONE, when hardly anybody writes."""

NEVER = datetime.fromtimestamp(0, UTC)

TRY_AGAIN_AFTER = timedelta(hours=1)

ABANDONED_AFTER = timedelta(days=1)
"""A half-written file this old belongs to a process that was killed."""

_NAME = re.compile(r"umkm-(\d{8}T\d{6}Z)\.jsonl\.gz")
_MOMENT = "%Y%m%dT%H%M%SZ"


@dataclass
class NightlyBackup:
    """Looks every minute whether the night's backup is still missing, and makes it where *leads* says so."""

    database: Database
    settings: Settings
    now: Callable[[], datetime]
    leads: Callable[[], bool] = lambda: True
    not_before: datetime = NEVER
    """After a failure."""

    async def look(self) -> None:
        """Make what is missing; admins are told when that fails, and when it succeeds after having failed."""
        folder = self.settings.BACKUP_DIR
        if folder is None or not self.leads() or self.now() < self.not_before:
            return
        try:
            if is_due(folder, self.settings.TIMEZONE, self.now()):
                await self._back_up(folder)
        except (BadBackup, OSError) as error:
            self.not_before = self.now() + TRY_AGAIN_AFTER
            await self._fail(str(error))

    async def _back_up(self, folder: Path) -> None:
        file = folder / f"umkm-{self.now().astimezone(UTC):{_MOMENT}}.jsonl.gz"
        contents = await write(self.database, file)
        log.info("backed up", file=str(file), rows=contents.rows, bytes=file.stat().st_size)
        forget_old(folder, self.settings.BACKUP_KEEP, self.now())
        async with self.database.transaction() as session:
            await self._alarms.end_alarm(session, "backup")

    async def _fail(self, reason: str) -> None:
        log.error("backup failed", error=reason)
        async with self.database.transaction() as session:
            await self._alarms.raise_alarm(session, "backup", reason)

    @property
    def _alarms(self) -> Alarms:
        return Alarms(self.settings.ADMIN_IDS, self.now)


def is_due(folder: Path, timezone: str, now: datetime) -> bool:
    """Whether *folder* holds no backup since it last was two in the morning."""
    here = now.astimezone(ZoneInfo(timezone))
    night = here.replace(hour=AT, minute=0, second=0, microsecond=0)
    if here < night:
        night -= timedelta(days=1)
    # One from the future was named by a clock that was wrong, and would keep us from making any until then.
    return not any(night <= moment <= now for moment in backups(folder))


def backups(folder: Path) -> dict[datetime, Path]:
    """The nightly backups in *folder* by when they were made, oldest first; whatever else lies there is not ours."""
    found = {}
    for file in folder.iterdir() if folder.is_dir() else ():
        if named := _NAME.fullmatch(file.name):
            found[datetime.strptime(named[1], _MOMENT).replace(tzinfo=UTC)] = file
    return dict(sorted(found.items()))


def forget_old(folder: Path, keep: int, now: datetime) -> None:
    """Delete all but the *keep* newest of our backups, and what a killed process left half-written."""
    for file in list(backups(folder).values())[:-keep]:
        file.unlink()
    for part in folder.glob(".umkm-*.part"):
        if now - datetime.fromtimestamp(part.stat().st_mtime, UTC) > ABANDONED_AFTER:
            part.unlink()
