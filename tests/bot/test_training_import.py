"""`python -m bot training import`: a table becomes drafts, all of it or nothing; and the demo's invented trainings."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from bot.settings import Settings
from bot.trainings.table import import_file
from db.models import AuditEntry, Training, TrainingState
from db.session import open_database
from domain.district import read_district
from domain.tables import BadFile
from domain.trainings import catalogue, importing, invented
from domain.trainings.importing import COLUMNS
from tests.conftest import LAMONGAN
from tests.support.commands import ROOT, elsewhere, run
from tests.support.keeping import rows, settings_of

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
EXAMPLE = ROOT / "docs" / "contoh-pelatihan.csv"
BAD = b"""judul;dinas;kursi;hari
Kemasan;Diskopum;30;30-11-2026 08.00-15.00
...;Diskopum;30;30-11-2026 08.00-15.00
Halal;Dinas Lain;banyak;besok
"""


@pytest.fixture
def settings(database_url: str) -> Settings:
    return settings_of(database_url)


class TestImport:
    async def test_makes_drafts_on_record(self, settings: Settings) -> None:
        """The example of the documents is taken whole; each draft is audited as made at the terminal."""
        faults, made = await import_file(settings, EXAMPLE.read_bytes(), NOW)
        kept = await rows(settings.database_url, select(Training.title, Training.state))
        actors = await rows(settings.database_url, select(AuditEntry.actor).where(AuditEntry.deed == "training.made"))

        assert faults == []
        assert kept == [(title, TrainingState.DRAFT) for title in made]
        assert len(made) == 2
        assert actors == ["terminal", "terminal"]

    async def test_takes_nothing_of_a_faulty_table(self, settings: Settings) -> None:
        """Every fault is named by its line, and the good line beside it is not imported either."""
        faults, made = await import_file(settings, BAD, NOW)

        assert [fault.line for fault in faults] == [3, 4, 4, 4]
        assert made == []
        assert await rows(settings.database_url, select(Training.id)) == []

    async def test_refuses_what_is_no_table(self, settings: Settings) -> None:
        """Another kind of file is refused with what would be one."""
        with pytest.raises(BadFile, match="kolom judul"):
            await import_file(settings, b"nama,usia\nA,3\n", NOW)

    def test_columns_are_explained(self) -> None:
        """The document names each column that is read, and the example has them all."""
        explained = (ROOT / "docs" / "pelatihan-csv.md").read_text("utf-8")

        assert [name for name in COLUMNS if f"| {name} |" not in explained] == []
        assert set(EXAMPLE.read_text("utf-8").splitlines()[0].split(";")) == set(COLUMNS)


class TestCommand:
    def test_says_what_it_did(self, tmp_path: Path) -> None:
        """Titles, and where officers go on; a faulty table and one that is none end with 1 and 2."""
        done = run("training", "import", str(EXAMPLE), cwd=tmp_path, **elsewhere(tmp_path))
        bad = tmp_path / "bad.csv"
        bad.write_bytes(BAD)
        faulty = run("training", "import", str(bad), cwd=tmp_path, **elsewhere(tmp_path))
        missing = run("training", "import", "none.csv", cwd=tmp_path, **elsewhere(tmp_path))

        assert done.returncode == 0
        assert "Langkah Pertama Ekspor\n2 drafts made" in done.stdout
        assert faulty.returncode == 1
        assert faulty.stdout.startswith("baris 3: ")
        assert "nothing was imported" in faulty.stderr
        assert missing.returncode == 2
        assert missing.stderr.count("\n") == 1


class TestInvented:
    async def test_six_are_announced_once(self, database_url: str) -> None:
        """All can be registered for, two of them with few seats; a second start adds none, a start after them does."""
        district = read_district(LAMONGAN)
        async with open_database(database_url) as database:
            async with database.transaction() as session:
                first = await invented.invent(session, district, NOW)
                again = await invented.invent(session, district, NOW)
                offered = await catalogue.coming(session, NOW)
            async with database.transaction() as session:
                later = await invented.invent(session, district, NOW.replace(year=2027))

        assert (first, again, later) == (6, 0, 6)
        assert [one.training.state for one in offered] == [TrainingState.OPEN] * 6
        assert all(one.training.is_invented and one.days for one in offered)
        assert sorted(one.training.seats for one in offered)[:2] == [2, 3]


def test_moments_are_of_the_place() -> None:
    """What is typed is the clock of the district."""
    district = read_district(LAMONGAN)
    at = importing.moment_of("29-11-2026 16.00", importing.ZoneInfo(district.timezone))

    assert at == datetime(2026, 11, 29, 9, tzinfo=UTC)
