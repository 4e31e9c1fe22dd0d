"""A district's files as first content of the tables."""

from pathlib import Path

from db.session import Session
from domain.district import District
from domain.knowledge import tables
from domain.knowledge.entry import Fault
from domain.knowledge.folder import read_folder
from domain.knowledge.shelf import is_own_folder, knowledge_folder, read_data
from domain.knowledge.tables import Imported, Origin


class BadKnowledge(Exception):
    """Files with faults: nothing of them is imported."""

    def __init__(self, faults: list[Fault]) -> None:
        more = f" (and {len(faults) - 1} more: see `python -m bot knowledge lint`)" if len(faults) > 1 else ""
        super().__init__(f"{faults[0]}{more}")
        self.faults = faults


async def seed(session: Session, district: District) -> Imported:
    """Import the district's own entries and answering data; what a person changed stays.

    Raises BadKnowledge, and then nothing is imported.
    """
    imported = await import_folder(session, district, knowledge_folder(district))
    await tables.import_answering(session, read_data(district).to_dict())
    return imported


async def import_folder(session: Session, district: District, folder: Path) -> Imported:
    """Import the entries of *folder*. Raises BadKnowledge, and then nothing is imported."""
    is_own = is_own_folder(district, folder)
    known = () if is_own else await tables.all_entries(session)
    entries, faults = read_folder(folder, district.topics, [office.key for office in district.offices], known)
    if faults:
        raise BadKnowledge(faults)
    return await tables.import_entries(session, entries, Origin.DISTRICT if is_own else Origin.ELSEWHERE)
