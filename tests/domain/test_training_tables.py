"""Trainings read from a table: all of it or nothing, every fault named by its line."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from db.models import TrainingDay, TrainingState
from db.session import Session, open_database
from domain import audit
from domain.district import read_district
from domain.tables import BadFile
from domain.trainings import importing
from tests.conftest import LAMONGAN

ZONE = ZoneInfo("Asia/Jakarta")
DISTRICT = read_district(LAMONGAN)
OFFICER = audit.TERMINAL


def wib(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=ZONE).astimezone(UTC)


NOW = wib(2, 12)


@pytest.fixture
async def session(database_url: str) -> AsyncIterator[Session]:
    async with open_database(database_url) as database, database.transaction() as session:
        yield session


GOOD = """judul;dinas;kursi;hari;kecamatan;pemula
Kemasan;Diskopum;30;30-11-2026 08.00-15.00 | 01-12-2026 08.00-12.00;Babat, Lamongan;ya
Ekspor;Disperindag;20;07-12-2026 09.00-12.00;;
"""


class TestImport:
    async def test_makes_drafts(self, session: Session) -> None:
        """Each line is a draft with its days, for an officer to look at."""
        rows, faults = importing.read(GOOD.encode("utf-8-sig"), DISTRICT, NOW)
        made = await importing.put_in(session, rows, OFFICER, DISTRICT, NOW)

        assert faults == []
        assert [(one.title, one.office, one.state) for one in made] == [
            ("Kemasan", "diskopum", TrainingState.DRAFT),
            ("Ekspor", "disperindag", TrainingState.DRAFT),
        ]
        assert made[0].kecamatan == ["Babat", "Lamongan"]
        assert made[0].is_for_new
        assert made[0].starts_at == wib(30, 8)
        assert len((await session.exec(select(TrainingDay))).all()) == 3

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("Kemasan;Dinas Lain;30;30-11-2026 08.00-15.00;;", "dinas “Dinas Lain” tidak dikenal"),
            ("Kemasan;Diskopum;banyak;30-11-2026 08.00-15.00;;", "kursi “banyak” bukan angka"),
            ("Kemasan;Diskopum;30;besok;;", "hari “besok” tidak terbaca"),
            ("Kemasan;Diskopum;30;31-02-2027 08.00-15.00;;", "tidak terbaca"),
            ("Kemasan;Diskopum;30;01-11-2026 08.00-15.00;;", "sudah lewat"),
            ("Kemasan;Diskopum;30;30-11-2026 08.00-15.00;Surabaya;", "kecamatan “Surabaya” tidak dikenal"),
            ("Kemasan;Diskopum;30;30-11-2026 08.00-15.00;;mungkin", "tulis ya atau tidak"),
            ("...;Diskopum;30;30-11-2026 08.00-15.00;;", "Judulnya tulis"),
            (f"{'A' * 81};Diskopum;30;30-11-2026 08.00-15.00;;", "terlalu panjang"),
        ],
    )
    def test_names_each_bad_row_and_takes_nothing(self, line: str, said: str) -> None:
        """One bad line keeps all out, and is named with its number and the mend."""
        rows, faults = importing.read((GOOD + line + "\n").encode(), DISTRICT, NOW)

        assert rows == []
        assert [fault.line for fault in faults] == [4]
        assert said in str(faults[0])

    @pytest.mark.parametrize("content", [b"", b"nama;usia\nA;3\n", b"\xff\xfe\x00", GOOD.splitlines()[0].encode()])
    def test_refuses_what_is_no_such_table(self, content: bytes) -> None:
        """Another file is refused with what would be one."""
        with pytest.raises(BadFile):
            importing.read(content, DISTRICT, NOW)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (GOOD.replace("\n", "\r"), "tidak terbaca mulai baris"),
            (GOOD + f'"{"a" * 131_073}', "tutup tanda kutip"),
            (GOOD.replace("pemula", "pemulla"), "kolom pemulla tidak dikenal"),
            (GOOD.replace("pemula", "kursi"), "kolom kursi ada lebih dari satu"),
            (GOOD.replace("Ekspor", "Ek\0spor"), "NUL"),
        ],
    )
    def test_says_why_a_table_is_unreadable(self, content: str, said: str) -> None:
        """Old line ends, open quotes, strange and double columns and NULs are each named, and nothing is guessed."""
        with pytest.raises(BadFile, match=said):
            importing.read(content.encode(), DISTRICT, NOW)

    @pytest.mark.parametrize("more", [";", ";ya"])
    def test_a_line_with_more_cells_than_headings_is_a_fault(self, more: str) -> None:
        """A comma without quotes shifts what follows, so even an empty cell too many is named by its line."""
        line = f"Halal;Diskopum;30;30-11-2026 08.00-15.00;;{more}\n"
        rows, faults = importing.read((GOOD + line).encode(), DISTRICT, NOW)

        assert rows == []
        assert len(faults) == 1
        assert str(faults[0]).startswith("baris 4: lebih banyak kolom daripada judulnya; beri tanda kutip")

    def test_empty_columns_of_a_spreadsheet_are_none(self) -> None:
        """Columns with neither heading nor content are left out; content without a heading is a fault."""
        table = "\n".join(f"{line};;" for line in GOOD.splitlines())

        assert [len(found) for found in importing.read(table.encode(), DISTRICT, NOW)] == [2, 0]
        assert [fault.line for fault in importing.read(f"{table[:-1]}x;".encode(), DISTRICT, NOW)[1]] == [3]

    def test_lines_are_counted_as_the_file_shows_them(self) -> None:
        """Empty lines of a spreadsheet are none, and one that goes on in the next is named by where it begins."""
        table = GOOD.replace("Ekspor;", '"Eks\npor";') + ";;;;;\nHalal;Dinas Lain;30;30-11-2026 08.00-15.00;;\n"

        assert [fault.line for fault in importing.read(table.encode(), DISTRICT, NOW)[1]] == [6]
