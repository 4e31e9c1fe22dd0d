"""What answers lean on, held ready in memory and read again when its version rises."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from db.session import Session
from domain.answering import Answerer, AnsweringData, read_answering
from domain.district import District
from domain.knowledge import tables
from domain.knowledge.entry import Entry, Fault
from domain.knowledge.folder import read_folder


@dataclass(frozen=True)
class Shelf:
    """All entries of one version, and the answerer built of them."""

    version: int
    entries: dict[str, Entry]
    data: AnsweringData

    @cached_property
    def answerer(self) -> Answerer:
        return Answerer(list(self.entries.values()), self.data)

    def topics(self) -> list[str]:
        """Keys of the topics that hold an entry."""
        return list(dict.fromkeys(entry.topic for entry in self.entries.values()))

    def of_topic(self, topic: str) -> list[Entry]:
        return [entry for entry in self.entries.values() if entry.topic == topic]


@dataclass
class Library:
    """Hands out the newest shelf; building one happens beside the loop, since it takes a while."""

    _shelf: Shelf | None = None

    async def shelf(self, session: Session) -> Shelf:
        """The shelf of the version the database holds now."""
        version = await tables.version(session)
        if self._shelf is None or self._shelf.version != version:
            # Two turns may build the same at once, which costs a moment and harms nothing.
            self._shelf = await self._build(session, version)
        return self._shelf

    async def _build(self, session: Session, version: int) -> Shelf:
        entries = await tables.all_entries(session)
        parts = await tables.answering_parts(session)
        return await asyncio.to_thread(_ready_shelf, version, entries, AnsweringData.from_dict(parts))


def _ready_shelf(version: int, entries: Sequence[Entry], data: AnsweringData) -> Shelf:
    shelf = Shelf(version, {entry.id: entry for entry in entries}, data)
    _ = shelf.answerer  # built here, not under the first question
    return shelf


def read_shelf(district: District) -> tuple[Shelf | None, list[Fault]]:
    """The shelf straight from a district's files, without any database; None with faults."""
    entries, faults = read_folder(
        knowledge_folder(district), district.topics, [office.key for office in district.offices]
    )
    if faults:
        return None, faults
    return _ready_shelf(0, entries, read_data(district)), []


def read_data(district: District) -> AnsweringData:
    return read_answering(district.folder / "answering", district.kecamatan)


def knowledge_folder(district: District) -> Path:
    return district.folder / "knowledge"


def is_own_folder(district: District, folder: Path) -> bool:
    """Whether *folder* is where the district's own entries stand."""
    return folder.resolve() == knowledge_folder(district).resolve()
