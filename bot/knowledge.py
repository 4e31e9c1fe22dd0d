"""`python -m bot knowledge …`: entries between files and database."""

from pathlib import Path

from bot.app import migrate_or_refuse, read_district_or_refuse
from bot.settings import Settings
from db.session import open_database
from domain.knowledge import tables
from domain.knowledge.entry import Fault
from domain.knowledge.folder import read_folder, write_folder
from domain.knowledge.seed import BadKnowledge, import_folder, seed
from domain.knowledge.shelf import is_own_folder, knowledge_folder


def faults_of(settings: Settings, folder: Path) -> tuple[int, list[Fault]]:
    """How many good entries *folder* holds, and everything wrong in it."""
    district = read_district_or_refuse(settings)
    own = [] if is_own_folder(district, folder) else read_folder(knowledge_folder(district))[0]
    entries, faults = read_folder(folder, district.topics, [office.key for office in district.offices], own)
    return len(entries), faults


async def import_into_database(settings: Settings, folder: Path) -> tuple[list[Fault], str]:
    """Import *folder*; the faults when there are any (nothing is imported then), else a summary."""
    district = read_district_or_refuse(settings)
    await migrate_or_refuse(settings)
    async with open_database(settings.database_url) as database:
        try:
            async with database.transaction() as session:
                done = await seed(session, district)
                if not is_own_folder(district, folder):
                    done = await import_folder(session, district, folder)
        except BadKnowledge as error:
            return error.faults, ""
    return [], (
        f"{done.added} added, {done.updated} updated, {done.unchanged} unchanged, "
        f"{done.kept} kept as changed here, {done.retired} taken out"
    )


async def export_from_database(settings: Settings, folder: Path) -> int:
    """Write the database's entries to *folder*; return how many."""
    await migrate_or_refuse(settings)
    async with open_database(settings.database_url) as database, database.reading() as session:
        return write_folder(folder, await tables.all_entries(session))
