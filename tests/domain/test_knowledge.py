"""Entries: read from files, imported, kept when somebody changed them, exported."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from db.models import KnowledgeEntry
from db.session import open_database
from domain.district import read_district
from domain.knowledge import tables
from domain.knowledge.entry import Entry, parse_entry, write_entry
from domain.knowledge.folder import read_folder, write_folder
from domain.knowledge.seed import BadKnowledge, import_folder, seed
from tests.conftest import LAMONGAN

PHRASINGS = "\n".join(f"  - pertanyaan {number}" for number in range(12))
GOOD = f"""---
id: P90
slug: contoh
title: Contoh
topic: nib
office: diskopum
phrasings:
{PHRASINGS}
not_answered:
  - satu
  - dua
  - tiga
holds: [contents]
related: []
source: Contoh
as_of: 2026-11
review_by: 2027-11-30
verify: ""
---
Isi contoh.
"""


def entry(**changes: object) -> Entry:
    found, faults = parse_entry(GOOD, "P90-contoh.md")
    assert found, faults
    return replace(found, **changes)  # type: ignore[arg-type]  # fields of any type


class TestParseEntry:
    def test_a_good_file(self) -> None:
        """Every field is read, and the body without the blank lines around it."""
        found = entry()

        assert (found.id, found.phrasings[1], found.body, found.as_of) == (
            "P90",
            "pertanyaan 1",
            "Isi contoh.",
            "2026-11",
        )

    def test_writes_what_it_reads(self) -> None:
        """A written entry reads back the same, whatever stands in it."""
        tricky = entry(
            title='Apa: "itu"?',
            body="satu\n\n- dua: #3",
            verify="ya: tidak",
            phrasings=("no", "12", *entry().phrasings),
        )

        assert parse_entry(write_entry(tricky), "x.md") == (tricky, [])

    @pytest.mark.parametrize(
        ("old", "new", "line", "said"),
        [
            ("id: P90", "id: 90", 2, "id is '90'"),
            ("title: Contoh", "title: Contoh yang terlalu panjang sekali", 4, "at most 28"),
            ("topic: nib\n", "", 1, "topic is missing"),
            ("office: diskopum", "office: diskopum\ncolour: red", 7, "unknown field colour"),
            ("title: Contoh", "title: Contoh\ntitle: Lagi", 5, "given twice"),
            ("  - pertanyaan 3\n", "", 7, "give at least 12"),
            ("pertanyaan 3", "pertanyaan 2", 7, "says something twice"),
            ("  - tiga\n", "", 20, "give 3 to 6"),
            ("[contents]", "[colour]", 24, "knows no 'colour'"),
            ("2026-11\n", "November\n", 27, "YYYY-MM"),
            ("2026-11\n", "2026-02-31\n", 27, "no such day"),
            ("2026-11\n", "0000\n", 27, "no such day"),
            ("2027-11-30", "2027-02-29", 28, "no such day"),
            ("2027-11-30", "2027-13-01", 28, "YYYY-MM-DD"),
            ("source: Contoh", "source:", 26, "source is empty"),
            ("related: []", "related: P05", 25, "must be a list"),
            ("Isi contoh.", "x" * 701, 31, "701 characters"),
            ("Isi contoh.", "", 31, "no body"),
            ("title: Contoh", "title: [", 6, "no YAML"),
        ],
    )
    def test_names_line_and_fault(self, old: str, new: str, line: int, said: str) -> None:
        """Whatever is wrong is named with its line, so that an author can mend it."""
        found, faults = parse_entry(GOOD.replace(old, new, 1), "P90-contoh.md")

        assert found is None
        assert any(fault.line == line and said in fault.message for fault in faults), [str(fault) for fault in faults]

    @pytest.mark.parametrize("text", ["", "no front matter", "---\nid: P90\n", "---\n- a\n---\nx"])
    def test_what_is_no_entry_at_all(self, text: str) -> None:
        """A file of another kind is refused with what an entry looks like."""
        assert parse_entry(text, "x.md")[0] is None


class TestReadFolder:
    def test_refuses_what_two_files_share(self, tmp_path: Path) -> None:
        """An id, a slug and a phrasing belong to one entry each."""
        write_folder(tmp_path, [entry()])
        (tmp_path / "P91-lain.md").write_text(GOOD)
        _, faults = read_folder(tmp_path)

        assert {fault.message.split()[0] for fault in faults} == {"id", "slug", "phrasing"}

    def test_refuses_unknown_neighbours_topics_and_offices(self, tmp_path: Path) -> None:
        """What an entry points to must exist."""
        write_folder(tmp_path, [entry(related=("P99",))])

        assert "P99" in str(read_folder(tmp_path)[1])
        assert "topic" in str(read_folder(tmp_path, topics=["kur"])[1])
        assert "office" in str(read_folder(tmp_path, offices=["dinas"])[1])
        neighbour = entry(id="P99", slug="lain", phrasings=tuple(f"lain {number}" for number in range(12)))
        assert read_folder(tmp_path, known=[neighbour])[1] == []

    def test_an_empty_folder_is_a_fault(self, tmp_path: Path) -> None:
        """Nothing to read is said, instead of importing nothing."""
        assert "no entries here" in str(read_folder(tmp_path)[1])


class TestImport:
    async def test_is_idempotent(self, database_url: str) -> None:
        """A second import changes nothing and raises no version."""
        async with open_database(database_url) as database:
            async with database.transaction() as session:
                version = await tables.version(session)
                done = await seed(session, read_district(LAMONGAN))
            async with database.reading() as session:
                assert await tables.version(session) == version
        assert (done.added, done.updated, done.unchanged, done.retired) == (0, 0, 62, 0)

    async def test_keeps_what_an_officer_changed(self, database_url: str) -> None:
        """An officer's words stay, whatever the files say."""
        async with open_database(database_url) as database:
            async with database.transaction() as session:
                row = await session.get_one(KnowledgeEntry, "P05")
                row.body, row.changed_by_officer_at, row.imported_digest = "Kata petugas.", datetime.now(UTC), "old"
            async with database.transaction() as session:
                done = await seed(session, read_district(LAMONGAN))
            async with database.reading() as session:
                assert (await session.get_one(KnowledgeEntry, "P05")).body == "Kata petugas."
        assert done.kept == 1

    async def test_a_later_import_outlives_a_restart(self, database_url: str, tmp_path: Path) -> None:
        """What a person imported from elsewhere is not undone by the district's files at the next start."""
        district = read_district(LAMONGAN)
        write_folder(
            tmp_path,
            [
                entry(related=("P05",)),
                entry(id="P05", slug="nib-oss", title="NIB baru", phrasings=tuple(f"nib {n}" for n in range(12))),
            ],
        )
        async with open_database(database_url) as database:
            async with database.transaction() as session:
                done = await import_folder(session, district, tmp_path)
            async with database.transaction() as session:
                again = await seed(session, district)
            async with database.reading() as session:
                titles = {row.id: row.title for row in (await session.exec(select(KnowledgeEntry))).all()}
        assert (done.added, done.updated, done.retired) == (1, 1, 0)
        assert (again.kept, again.retired) == (1, 0)
        assert (titles["P90"], titles["P05"], len(titles)) == ("Contoh", "NIB baru", 63)

    async def test_refuses_what_an_entry_of_the_tables_has(self, database_url: str, tmp_path: Path) -> None:
        """A slug or a phrasing that another entry has already is named, and nothing is imported."""
        district = read_district(LAMONGAN)
        async with open_database(database_url) as database:
            async with database.reading() as session:
                there = {known.id: known for known in await tables.all_entries(session)}["P05"]
            write_folder(tmp_path, [replace(there, id="P70")])
            with pytest.raises(BadKnowledge, match="nib-oss"):
                async with database.transaction() as session:
                    await import_folder(session, district, tmp_path)

    async def test_one_bad_file_imports_nothing(self, database_url: str, tmp_path: Path) -> None:
        """A folder with a fault leaves the tables as they are."""
        write_folder(tmp_path, [entry()])
        (tmp_path / "P91-rusak.md").write_text("rusak")
        async with open_database(database_url) as database:
            with pytest.raises(BadKnowledge, match="P91-rusak"):
                async with database.transaction() as session:
                    await import_folder(session, read_district(LAMONGAN), tmp_path)
            async with database.reading() as session:
                assert await session.get(KnowledgeEntry, "P90") is None
