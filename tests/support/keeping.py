"""Rows put into a database and looked at, with no bot on it."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.settings import Settings
from db.models import Person
from db.session import open_database
from tests.conftest import LAMONGAN
from tests.support.running import settings_for

NOW = datetime(2026, 11, 24, 12, 30, 15, 123456, UTC)


def settings_of(url: str, **changes: Any) -> Settings:
    """Settings of a command that needs no Telegram."""
    return settings_for("http://127.0.0.1:1", url, DISTRICT_DIR=LAMONGAN, **changes)


async def rows(url: str, statement: Any) -> list[Any]:
    """Whatever *statement* selects."""
    async with open_database(url) as database, database.reading() as session:
        return list((await session.exec(statement)).all())


async def add(url: str, *things: Any) -> None:
    async with open_database(url) as database, database.transaction() as session:
        session.add_all(things)


def somebody(telegram_id: int = 5, **details: Any) -> Person:
    return Person(**({"name": "Sari", "met_at": NOW, "last_wrote_at": NOW} | details), telegram_id=telegram_id)


def lines_of(file: Path) -> list[Any]:
    """What a backup holds, line by line."""
    with gzip.open(file) as lines:
        return [json.loads(line) for line in lines]


def pack(file: Path, *lines: Any) -> None:
    """Write a backup of these *lines*."""
    file.write_bytes(gzip.compress(b"".join(json.dumps(line).encode() + b"\n" for line in lines)))
