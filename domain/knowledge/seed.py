"""A district's files as first content of the tables."""

from pathlib import Path

from db.session import Session
from domain.district import District
from domain.knowledge import tables
from domain.knowledge.entry import Fault
from domain.knowledge.folder import read_folder
from domain.knowledge.shelf import knowledge_folder, read_data
from domain.knowledge.tables import Imported


class BadKnowledge(Exception):
    """Files with faults: nothing of them is imported."""

    def __init__(self, faults: list[Fault]) -> None:
        more = f" (and {len(faults) - 1} more: see `python -m bot knowledge lint`)" if len(faults) > 1 else ""
        super().__init__(f"{faults[0]}{more}")
        self.faults = faults


async def seed(session: Session, district: District, folder: Path | None = None) -> Imported:
    """Import the entries of *folder* (the district's own by default) and the district's answering data.

    What an officer changed stays. Raises BadKnowledge, and then nothing is imported.
    """
    offices = [office.key for office in district.offices]
    entries, faults = read_folder(folder or knowledge_folder(district), district.topics, offices)
    if faults:
        raise BadKnowledge(faults)
    imported = await tables.import_entries(session, entries)
    await tables.import_answering(session, read_data(district).to_dict())
    return imported
