"""The nightly backup: when it is made, which ones are kept, and who hears when it is not."""

import asyncio
import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot import backups
from bot.nightly import NightlyBackup, is_due
from db.models import Alarm, Delivery
from db.session import open_database
from simulator import PretendTelegram, serve
from tests.faults.waiting import until
from tests.support.commands import elsewhere, environment
from tests.support.keeping import rows, settings_of
from tests.support.running import TOKEN

NIGHT = datetime(2026, 11, 23, 19, tzinfo=UTC)
"""Two in the morning of the 24th in Lamongan."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


async def look_at(url: str, folder: Path, moments: list[datetime], **settings: Any) -> None:
    """Let the clock come round at each of *moments*."""
    clock = Clock(moments[0])
    async with open_database(url) as database:
        nightly = NightlyBackup(database, settings_of(url, BACKUP_DIR=folder, **settings), clock)
        for clock.now in moments:
            await nightly.look()


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


class TestNightly:
    async def test_is_made_at_two(self, database_url: str, tmp_path: Path) -> None:
        """Made at two by the people's clock, once a night, and whole."""
        folder = tmp_path / "backups"
        moments = [NIGHT - DAY, NIGHT - MINUTE, NIGHT, NIGHT + MINUTE, NIGHT + 23 * HOUR, NIGHT + DAY]
        await look_at(database_url, folder, moments)

        made = ["umkm-20261122T190000Z.jsonl.gz", "umkm-20261123T190000Z.jsonl.gz", "umkm-20261124T190000Z.jsonl.gz"]
        assert names(folder) == made
        assert {held.name: held.rows for held in backups.verify(folder / made[0]).tables}["knowledge_entry"] == 62

    async def test_makes_up_for_a_missed_night(self, database_url: str, tmp_path: Path) -> None:
        """A bot that was not running at two makes the backup when it starts, and not again when it starts again."""
        folder = tmp_path / "backups"
        await look_at(database_url, folder, [NIGHT])
        for start in (NIGHT + DAY + 7 * HOUR, NIGHT + DAY + 8 * HOUR):
            await look_at(database_url, folder, [start])

        assert names(folder) == ["umkm-20261123T190000Z.jsonl.gz", "umkm-20261125T020000Z.jsonl.gz"]

    async def test_is_made_by_the_leader_only(self, database_url: str, tmp_path: Path) -> None:
        """Of several processes one backs up; and none does where no folder is named."""
        async with open_database(database_url) as database:
            settings = settings_of(database_url, BACKUP_DIR=tmp_path / "backups")
            await NightlyBackup(database, settings, Clock(NIGHT), leads=lambda: False).look()
            await NightlyBackup(database, settings_of(database_url), Clock(NIGHT)).look()

        assert "backups" not in names(tmp_path)

    async def test_a_wrong_clock_once_stops_nothing(self, tmp_path: Path) -> None:
        """A backup named by a clock that was ahead does not stand for the nights until then."""
        (tmp_path / "umkm-20371123T190000Z.jsonl.gz").touch()

        assert is_due(tmp_path, "Asia/Jakarta", NIGHT)


class TestRotation:
    async def test_keeps_the_newest(self, database_url: str, tmp_path: Path) -> None:
        """As many as BACKUP_KEEP are kept; files that are not nightly backups are left alone."""
        folder = tmp_path / "backups"
        folder.mkdir()
        (folder / "before-the-move.gz").touch()
        (folder / ".umkm-20261101T190000Z.jsonl.gz.x.part").touch()
        os.utime(folder / ".umkm-20261101T190000Z.jsonl.gz.x.part", (0, 0))
        await look_at(database_url, folder, [NIGHT + night * DAY for night in range(5)], BACKUP_KEEP=2)

        kept = ["umkm-20261126T190000Z.jsonl.gz", "umkm-20261127T190000Z.jsonl.gz"]
        assert names(folder) == ["before-the-move.gz", *kept]


class TestFailure:
    async def test_is_told_once_and_once_when_over(self, database_url: str, tmp_path: Path) -> None:
        """Admins hear when a backup fails and when one succeeds again; in between it is tried every hour."""
        folder = tmp_path / "backups"
        folder.write_text("a file where the folder should be")
        clock = Clock(NIGHT)
        async with open_database(database_url) as database:
            settings = settings_of(database_url, BACKUP_DIR=folder, ADMIN_IDS=(900,))
            nightly = NightlyBackup(database, settings, clock)
            for clock.now in (NIGHT, NIGHT + MINUTE, NIGHT + HOUR):
                await nightly.look()
            (failed,) = await rows(database_url, select(Alarm))
            told = await rows(database_url, select(Delivery))
            folder.unlink()
            for clock.now in (NIGHT + HOUR + MINUTE, NIGHT + 2 * HOUR, NIGHT + 2 * HOUR + MINUTE):
                await nightly.look()
        (alarm,) = await rows(database_url, select(Alarm))
        all_told = await rows(database_url, select(Delivery).order_by(col(Delivery.id)))

        assert (failed.name, failed.began_at, failed.is_open) == ("backup", NIGHT, True)
        assert str(folder) in failed.detail
        assert [row.chat_id for row in told] == [900]
        assert (alarm.ended_at, len(all_told)) == (NIGHT + 2 * HOUR, 2)
        assert names(folder) == ["umkm-20261123T210000Z.jsonl.gz"]

    async def test_of_the_database_is_one_too(self, database_url: str, tmp_path: Path) -> None:
        """A database that cannot be read makes no backup, and no file that looks like one."""
        async with open_database(database_url) as database:
            nightly = NightlyBackup(database, settings_of(database_url, BACKUP_DIR=tmp_path / "backups"), Clock(NIGHT))
            async with database.transaction() as session:
                await (await session.connection()).exec_driver_sql("ALTER TABLE question RENAME TO lost")
            await nightly.look()

        assert names(tmp_path / "backups") == []
        (alarm,) = await rows(database_url, select(Alarm))
        assert alarm.detail.endswith("the database cannot be read (table question is missing)")


class TestRun:
    async def test_makes_it_while_it_runs(self, sqlite_made: Path, tmp_path: Path) -> None:
        """`run` with BACKUP_DIR makes the backup that is missing, without being told."""
        shutil.copy(sqlite_made, tmp_path / "bot.db")
        settings = elsewhere(tmp_path) | {"BOT_TOKEN": TOKEN, "HTTP_PORT": "0", "BACKUP_DIR": "backups"}
        async with serve(PretendTelegram(token=TOKEN)) as address:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                cwd=tmp_path,
                env=environment(**settings, TELEGRAM_API_URL=address),
                stderr=asyncio.subprocess.DEVNULL,
            )
            await until(lambda: list(tmp_path.glob("backups/umkm-*.gz")), within=60)
            process.terminate()
            code = await process.wait()

        assert code == 0
