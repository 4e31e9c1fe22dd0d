"""`python -m bot audit`: who did what, when, to what, from where; listed for a terminal or written to a file."""

import csv
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.markup import escape
from rich.table import Table

from bot.app import migrate_or_refuse
from bot.settings import Settings
from db.models import AuditEntry
from db.session import open_database
from domain import audit
from domain.audit import Wanted

COLUMNS = ("id", "at", "actor", "person", "deed", "subject", "before", "after", "place")


class BadOption(Exception):
    """What was asked for cannot be done; one line that names the mend."""


def wanted_of(settings: Settings, deed: str, person: int | None, since: str) -> Wanted:
    """Which entries are asked for; *since* is a day or a moment in the settings' time zone. Raises BadOption."""
    try:
        moment = datetime.fromisoformat(since) if since else None
    except ValueError as error:
        raise BadOption("--since: write a day as 2026-11-30, or a moment as 2026-11-30T14:00") from error
    if moment and moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(settings.TIMEZONE))
    return Wanted(deed or None, person, moment)


async def table_of(settings: Settings, wanted: Wanted, most: int) -> Table:
    """The newest of the entries, for a terminal."""
    zone = ZoneInfo(settings.TIMEZONE)
    table = Table("when", "who", "deed", "subject", "before → after", "place")
    async with _entries(settings, wanted, most) as found:
        async for entry in found:
            when = f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
            row = (when, _who(entry), entry.deed, entry.subject, _change(entry), entry.place)
            table.add_row(*(escape(cell) for cell in row))
    return table


async def export(settings: Settings, wanted: Wanted, file: Path) -> int:
    """Write the entries to *file* as CSV, the newest first; return how many. Raises BadOption."""
    zone, number = ZoneInfo(settings.TIMEZONE), 0
    async with _entries(settings, wanted, None) as found:
        try:
            with file.open("w", encoding="utf-8", newline="") as target:
                rows = csv.writer(target)
                rows.writerow(COLUMNS)
                async for entry in found:
                    rows.writerow(_row(entry, zone))
                    number += 1
        except OSError as error:
            raise BadOption(f"--export: {file} cannot be written: {error.strerror}") from error
    return number


@asynccontextmanager
async def _entries(settings: Settings, wanted: Wanted, most: int | None) -> AsyncIterator[AsyncIterator[AuditEntry]]:
    await migrate_or_refuse(settings)
    async with open_database(settings.database_url) as database, database.reading() as session:
        yield audit.entries(session, wanted, most)


def _who(entry: AuditEntry) -> str:
    return entry.actor if entry.actor_id is None else f"{entry.actor} {entry.actor_id}"


def _change(entry: AuditEntry) -> str:
    if entry.before and entry.after:
        return f"{_plain(entry.before)} → {_plain(entry.after)}"
    if entry.before:
        return f"{_plain(entry.before)} →"
    return f"→ {_plain(entry.after)}" if entry.after else ""


def _plain(values: Mapping[str, Any]) -> str:
    """As "role officer, office diskopum"."""
    shown = ((name, value if isinstance(value, str) else _json(value)) for name, value in values.items())
    return ", ".join(f"{name} {value}" for name, value in shown)


def _row(entry: AuditEntry, zone: ZoneInfo) -> tuple[Any, ...]:
    before, after = (_json(values) if values else "" for values in (entry.before, entry.after))
    at = entry.at.astimezone(zone).isoformat()
    return entry.id, at, entry.actor, entry.actor_id, entry.deed, entry.subject, before, after, entry.place


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
