"""The district's entries and tables, and the questions to fit and to measure on."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.answering import AnsweringData, read_answering
from domain.answering.data import read_rows
from domain.district import read_district
from domain.knowledge.entry import Entry
from domain.knowledge.folder import read_folder

HERE = Path(__file__).parent
NOBODY = ""
"""The right entry of a question that no entry answers."""


@dataclass(frozen=True)
class Example:
    """A question and the entry that answers it, or NOBODY."""

    question: str
    entry: str
    kind: str


def district_folder() -> Path:
    return HERE.parents[1] / "districts" / "lamongan"


def read_material(folder: Path) -> tuple[list[Entry], AnsweringData]:
    """The entries and tables of the district in *folder*. Raises ValueError naming the faults of its entries."""
    entries, faults = read_folder(folder / "knowledge")
    if faults:
        raise ValueError("\n".join(str(fault) for fault in faults))
    return entries, read_answering(folder / "answering", read_district(folder).kecamatan)


def answerable() -> list[Example]:
    """Written by another hand than the phrasings, who had not seen them; for measuring only."""
    return [Example(row["question"], row["entry"], row["style"]) for row in read_rows(HERE / "questions.tsv")]


def unanswerable() -> list[Example]:
    """Written by the same other hand; for measuring only."""
    return [Example(row["question"], NOBODY, row["kind"]) for row in read_rows(HERE / "unanswerable.tsv")]


def with_topics() -> list[Example]:
    """Questions with the topic an entry of which should be offered; for measuring only."""
    return [Example(row["question"], row["topic"], "topic") for row in read_rows(HERE / "topics.tsv")]


def development() -> list[Example]:
    """Our own questions, looked at while choosing features."""
    return [Example(row["question"], row["entry"], row["style"]) for row in read_rows(HERE / "development.tsv")]


def out_of_scope(folder: Path, use: str) -> list[Example]:
    """The rows of the district's out_of_scope.tsv whose column `use` says *use*: fit or kept."""
    rows = read_rows(folder / "answering" / "out_of_scope.tsv")
    return [Example(row["question"], NOBODY, row["kind"]) for row in rows if row["use"] == use]


def part_of(text: str, parts: int) -> int:
    """One of *parts* numbers, the same for the same text on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % parts


def dealt(texts: tuple[str, ...], part: int, parts: int) -> Iterator[str]:
    """Every *parts*-th of *texts* from *part* on, after a shuffle that is the same on every machine."""
    yield from sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())[part::parts]
