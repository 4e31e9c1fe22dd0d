"""`python -m bot opportunity import`: a table becomes drafts, all of it or nothing, and never twice."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select
from typer.testing import CliRunner

from bot.command_line import app
from bot.opportunities.table import import_file
from bot.settings import Settings
from db.models import AuditEntry, Opportunity, OpportunityState
from domain.opportunities.importing import COLUMNS
from tests.conftest import LAMONGAN
from tests.support.commands import ROOT
from tests.support.keeping import rows, settings_of

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
EXAMPLE = ROOT / "docs" / "contoh-peluang.csv"
BAD = b"""judul;jenis;dicari;batas waktu;sumber;dinas
Cari tas;pembeli;Tas.;07-12-2099;Toko;Diskopum
Cari tas;pembeli;Tas.;besok;Toko;Lain
"""


@pytest.fixture
def settings(database_url: str) -> Settings:
    return settings_of(database_url)


class TestImport:
    async def test_makes_drafts_on_record(self, settings: Settings) -> None:
        """The example of the documents is taken whole, each by its day in words; again it adds nothing, and says so."""
        faults, said = await import_file(settings, EXAMPLE.read_bytes(), NOW)
        again = await import_file(settings, EXAMPLE.read_bytes(), NOW)
        kept = await rows(settings.database_url, select(Opportunity.title, Opportunity.state))
        made = select(AuditEntry.actor).where(col(AuditEntry.deed) == "opportunity.made")

        assert faults == []
        assert said[0] == "draft: Contoh: toko oleh-oleh cari camilan (sampai Senin, 7 Desember 2099 pukul 23.59)"
        assert said[-1].startswith("3 drafts made; ")
        assert [state for _, state in kept] == [OpportunityState.DRAFT] * 3
        assert await rows(settings.database_url, made) == ["terminal"] * 3
        assert again[1][0].startswith("there already (draft), left as it is: ")
        assert again[1][-1] == "nothing new: all 3 were imported before"

    async def test_takes_nothing_of_a_faulty_table(self, settings: Settings) -> None:
        """Every fault is named by its line, and the good line beside it is not imported either."""
        faults, said = await import_file(settings, BAD, NOW)

        assert [fault.line for fault in faults] == [3, 3]
        assert said == []
        assert await rows(settings.database_url, select(Opportunity.id)) == []

    def test_columns_are_explained(self) -> None:
        """The document names each column that is read, and the example has them all."""
        explained = (ROOT / "docs" / "peluang-csv.md").read_text("utf-8")

        assert [name for name in COLUMNS if f"| {name} |" not in explained] == []
        assert set(EXAMPLE.read_text("utf-8").splitlines()[0].split(";")) == set(COLUMNS)


class TestCommand:
    def test_says_what_it_did(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each draft and where officers go on; a faulty table and one that is none end with 1 and 2, in plain words."""
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'bot.db'}")
        monkeypatch.setenv("DISTRICT_DIR", str(LAMONGAN))
        (tmp_path / "bad.csv").write_bytes(BAD)
        run = CliRunner().invoke

        done = run(app, ["opportunity", "import", str(EXAMPLE)])
        faulty = run(app, ["opportunity", "import", "bad.csv"])
        missing = run(app, ["opportunity", "import", "none.csv"])

        assert (done.exit_code, done.stdout.count("draft: ")) == (0, 3)
        assert "3 drafts made; officers look at them in the chat (/peluang)" in done.stdout
        assert (faulty.exit_code, faulty.stdout.count("baris 3: ")) == (1, 2)
        assert "nothing was imported" in faulty.stderr
        assert missing.exit_code == 2
        assert (
            missing.stderr == "none.csv: cannot be read (No such file or directory): check its name and permissions\n"
        )
