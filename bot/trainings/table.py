"""Trainings out of a CSV file into the database, as drafts."""

from datetime import UTC, datetime

from bot.app import migrate_or_refuse, read_district_or_refuse
from bot.settings import Settings
from db.session import open_database
from domain import audit
from domain.tables import Fault
from domain.trainings import importing


async def import_file(settings: Settings, content: bytes, now: datetime | None = None) -> tuple[list[Fault], list[str]]:
    """Import a CSV file's *content*: its faults when there are any (nothing is imported then), else the titles of the
    drafts that were made. Raises BadFile for what is no table of trainings.
    """
    district, now = read_district_or_refuse(settings), now or datetime.now(UTC)
    rows, faults = importing.read(content, district, now)
    if faults:
        return faults, []
    await migrate_or_refuse(settings)
    async with open_database(settings.database_url) as database, database.transaction() as session:
        made = await importing.put_in(session, rows, audit.TERMINAL, district, now)
        return [], [training.title for training in made]
