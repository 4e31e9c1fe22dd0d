"""Lamongan's own entries and tables, read once: what people will meet."""

from pathlib import Path

import pytest

from domain.answering import Answerer, AnsweringData, read_answering
from domain.answering.index import Index
from domain.district import read_district
from domain.knowledge.entry import Entry
from domain.knowledge.folder import read_folder

LAMONGAN = Path(__file__).parents[3] / "districts" / "lamongan"


@pytest.fixture(scope="session")
def entries() -> dict[str, Entry]:
    found, faults = read_folder(LAMONGAN / "knowledge")
    assert not faults
    return {entry.id: entry for entry in found}


@pytest.fixture(scope="session")
def tables() -> AnsweringData:
    return read_answering(LAMONGAN / "answering", read_district(LAMONGAN).kecamatan)


@pytest.fixture(scope="session")
def answerer(entries: dict[str, Entry], tables: AnsweringData) -> Answerer:
    return Answerer(list(entries.values()), tables)


@pytest.fixture(scope="session")
def index(entries: dict[str, Entry], tables: AnsweringData) -> Index:
    return Index(list(entries.values()), tables)
