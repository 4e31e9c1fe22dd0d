"""The register between file and database, and the figures of who came."""

from datetime import UTC, datetime
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from bot.app import migrate_or_refuse, read_district_or_refuse
from bot.people.reading import Sheet, read_file
from bot.settings import Settings
from db.session import open_database
from domain import register
from domain.register import Counts, Fault, OfKecamatan


async def import_file(settings: Settings, file: Path) -> tuple[Sheet, list[Fault], Counts]:
    """Import *file*; nothing of it when there are faults. Raises Unreadable."""
    district = read_district_or_refuse(settings)
    sheet = read_file(file)
    struck = {fault.line for fault in sheet.faults}
    rows, faults = register.clean_rows([row for row in sheet.rows if row[0] not in struck], district)
    faults = sorted([*sheet.faults, *faults], key=lambda fault: fault.line)
    if faults:
        return sheet, faults, Counts()
    await migrate_or_refuse(settings)
    async with open_database(settings.database_url) as database, database.transaction(bulk=True) as session:
        return sheet, [], await register.import_rows(session, rows, datetime.now(UTC))


async def figures_of(settings: Settings) -> list[Table]:
    """Who was invited and came, by kecamatan; and, where there are any, how many each poster brought."""
    await migrate_or_refuse(settings)
    async with open_database(settings.database_url) as database, database.reading() as session:
        counted = await register.figures(session)
    by_kecamatan = Table("kecamatan", "in the register", "invited", "came", "came of invited")
    for name, one in counted.by_kecamatan.items():
        by_kecamatan.add_row(escape(name or "-"), *_cells(one))
    by_kecamatan.add_section()
    by_kecamatan.add_row("all", *_cells(counted.total))
    posters = Table("poster", "people")
    for source, people in counted.by_poster.items():
        posters.add_row(escape(source), str(people))
    return [by_kecamatan, *([posters] if counted.by_poster else [])]


def _cells(one: OfKecamatan) -> list[str]:
    share = f"{one.came / one.invited:.0%}" if one.invited else "-"
    return [str(one.registered), str(one.invited), str(one.came), share]
