"""The audit: the databases themselves refuse to change it, and `python -m bot audit` lists and exports it."""

import csv
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy.exc import DBAPIError
from sqlmodel import delete, select, update

from bot.audit import COLUMNS, BadOption, export, table_of, wanted_of
from bot.settings import Settings
from db.models import AuditEntry
from db.session import open_database
from domain import audit
from domain.audit import SETTINGS, TERMINAL, Actor
from tests.support.commands import elsewhere, run
from tests.support.keeping import rows, settings_of

BUDI = Actor("officer", 12, "private")


@pytest.fixture
async def settings(database_url: str) -> Settings:
    """Of a database with three deeds of three days."""
    told: list[tuple[int, Actor, str, str, dict[str, Any] | None, dict[str, Any] | None]] = [
        (28, SETTINGS, "officer.appointed", "person:12", None, {"role": "admin"}),
        (29, TERMINAL, "officer.link_made", "", None, {"role": "officer", "office": "diskopum"}),
        (30, BUDI, "rule.changed", "rule:office_hours", {"mon": ["07:30"]}, {"mon": ["08:00"], "[b]": "=1+1"}),
    ]
    async with open_database(database_url) as database, database.transaction() as session:
        for day, actor, deed, subject, before, after in told:
            now = datetime(2026, 11, day, 18, 0, tzinfo=UTC)
            await audit.record(session, now, actor, deed, subject, before, after)
    return settings_of(database_url)


async def listed(settings: Settings, most: int = 50, **wanted: Any) -> list[str]:
    """The lines of the table, without head and frame."""
    given = {"deed": "", "person": None, "since": ""} | wanted
    shown = StringIO()
    Console(width=200, file=shown).print(await table_of(settings, wanted_of(settings, **given), most))
    return [line for line in shown.getvalue().splitlines() if "2026-" in line]


class TestAppendOnly:
    async def test_nothing_is_changed_or_deleted(self, settings: Settings) -> None:
        """The database refuses both, whoever asks; what is written stays as it is."""
        before = await rows(settings.database_url, select(AuditEntry.deed))
        for statement in (update(AuditEntry).values(deed="nothing"), delete(AuditEntry)):
            async with open_database(settings.database_url) as database:
                with pytest.raises(DBAPIError, match="the audit is never"):
                    async with database.transaction() as session:
                        await session.exec(statement)

        assert await rows(settings.database_url, select(AuditEntry.deed)) == before


class TestList:
    async def test_tells_when_who_what_and_whence(self, settings: Settings) -> None:
        """The newest first, in the settings' time; before and after as they were, whatever stands in them."""
        newest, made, oldest = await listed(settings)

        for part in ("2026-12-01 01:00:00 WIB", "officer 12", "rule.changed", "rule:office_hours", "private"):
            assert part in newest
        assert 'mon ["07:30"] → mon ["08:00"], [b] =1+1' in newest
        assert "→ role officer, office diskopum" in made
        assert "system" in oldest
        assert "settings" in oldest

    async def test_may_be_narrowed(self, settings: Settings) -> None:
        """By deed or kind of deed, by the person who did it or had it done to them, by day and by moment."""
        assert len(await listed(settings, deed="officer.appointed")) == 1
        assert len(await listed(settings, deed="officer")) == 2
        assert await listed(settings, deed="off") == []
        assert len(await listed(settings, person=12)) == 2
        assert await listed(settings, person=1) == []
        assert len(await listed(settings, since="2026-12-01")) == 1
        assert await listed(settings, since="2026-12-01T01:00:01") == []
        assert len(await listed(settings, since="2026-11-29T18:00:00+00:00")) == 2
        assert len(await listed(settings, most=1)) == 1

    def test_refuses_a_day_that_is_none(self) -> None:
        """One line that says how a day is written."""
        with pytest.raises(BadOption, match="2026-11-30"):
            wanted_of(settings_of("sqlite:///none.db"), "", None, "kemarin")


class TestExport:
    async def test_holds_every_entry(self, settings: Settings, tmp_path: Path) -> None:
        """All that is wanted as CSV, with a line of names, times with their zone, and values as JSON."""
        file = tmp_path / "audit.csv"
        number = await export(settings, wanted_of(settings, "", None, ""), file)

        with file.open(encoding="utf-8", newline="") as lines:
            head, newest, *others = csv.reader(lines)
        assert tuple(head) == COLUMNS
        assert number == 1 + len(others) == 3
        assert newest[1:6] == ["2026-12-01T01:00:00+07:00", "officer", "12", "rule.changed", "rule:office_hours"]
        assert newest[6:] == ['{"mon": ["07:30"]}', '{"mon": ["08:00"], "[b]": "=1+1"}', "private"]

    async def test_into_what_is_no_file(self, settings: Settings, tmp_path: Path) -> None:
        """A place that cannot be written is named."""
        with pytest.raises(BadOption, match="cannot be written"):
            await export(settings, wanted_of(settings, "", None, ""), tmp_path)


class TestCommand:
    def test_lists_exports_and_refuses(self, tmp_path: Path) -> None:
        """As a person uses it, on a database that holds nothing yet."""
        settings = elsewhere(tmp_path)
        shown = run("audit", "--deed", "officer", "--person", "12", "--since", "2026-11-30", cwd=tmp_path, **settings)
        written = run("audit", "--export", "audit.csv", cwd=tmp_path, **settings)
        refused = run("audit", "--since", "kemarin", cwd=tmp_path, **settings)

        assert (shown.returncode, written.returncode, refused.returncode) == (0, 0, 2)
        assert "before → after" in shown.stdout
        assert written.stdout == "0 entries written to audit.csv\n"
        assert (tmp_path / "audit.csv").read_bytes() == f"{','.join(COLUMNS)}\r\n".encode()
        assert refused.stderr.startswith("--since:")
