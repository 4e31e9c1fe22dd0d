"""Reads the district's files once for all bots, each state of a file by the real reader."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from domain.district import District
from domain.knowledge import folder, seed, tables
from domain.knowledge.entry import Entry, Fault, read_entry
from domain.knowledge.shelf import read_data

State = tuple[Path, int, int]


@dataclass(frozen=True)
class Plain:
    """The part of answering data that a start looks at."""

    parts: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        return dict(self.parts)


@contextmanager
def files_read_once() -> Iterator[None]:
    """While the block runs, entries and answering data come from memory where their files are as they were."""
    entries: dict[State, tuple[Entry | None, list[Fault]]] = {}
    answering: dict[tuple[Any, ...], Plain] = {}
    digest_of = tables._digest
    digests: dict[int, str] = {}

    def entry_once(path: Path) -> tuple[Entry | None, list[Fault]]:
        state = _state(path)
        if state not in entries:
            entries[state] = read_entry(path)
        entry, faults = entries[state]
        return entry, list(faults)

    def data_once(district: District) -> Plain:
        files = sorted((district.folder / "answering").glob("*"))
        states = (*map(_state, files), *district.kecamatan)
        if states not in answering:
            parts = read_data(district).to_dict()
            answering[states] = Plain(parts)
            digests.update({id(part): digest_of(part) for part in parts.values() if isinstance(part, dict | list)})
        return answering[states]

    def digest_once(value: Any) -> str:
        return digests.get(id(value)) or digest_of(value)  # those of what is kept here, whose ids nothing else has

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folder, "read_entry", entry_once)
        patch.setattr(seed, "read_data", data_once)
        patch.setattr(tables, "_digest", digest_once)
        yield


def _state(path: Path) -> State:
    found = path.stat()
    return path, found.st_mtime_ns, found.st_size
