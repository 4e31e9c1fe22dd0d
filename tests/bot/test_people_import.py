"""`python -m bot people import`: registers as offices keep them, good ones and bad ones, and who came in the end."""

import io
import random
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from rich.console import Console
from sqlmodel import select

from bot.people.reading import Unreadable, read_file
from bot.people.register import figures_of, import_file
from db.models import AuditEntry, RegisteredBusiness
from domain.register import Counts
from tests.support.commands import ROOT, elsewhere, run
from tests.support.keeping import add, rows, settings_of, somebody

EXAMPLE = ROOT / "docs" / "contoh-buku-daftar.csv"
HEAD = ("nomor", "nama", "usaha", "sektor", "kecamatan", "produk", "telepon")
SRI = ("D-1", "Sri Wahyuni", "Tenun Sri", "Jasa", "Babat", "sarung, selendang", "0812-3450-0999")
NIK = "3524101900000012"
"""Nobody's."""


def workbook(folder: Path, *lines: Sequence[Any], **other_sheets: Sequence[Sequence[Any]]) -> Path:
    book = Workbook()
    for line in lines:
        book.active.append(line)  # type: ignore[union-attr]  # it has one
    for name, others in other_sheets.items():
        sheet = book.create_sheet(name)
        for line in others:
            sheet.append(line)
    book.save(folder / "register.xlsx")
    return folder / "register.xlsx"


def text(folder: Path, content: str | bytes) -> Path:
    file = folder / "register.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def read(file: Path) -> list[dict[str, str]]:
    sheet = read_file(file)
    assert sheet.faults == []
    return [dict(cells) for _, cells in sheet.rows]


class TestWorkbook:
    def test_is_read_as_excel_shows_it(self, tmp_path: Path) -> None:
        """Text stays text, numbers keep their digits, and the columns come in any order."""
        head = ("Telepon", "Kecamatan", "NAMA", "Nomor")
        file = workbook(tmp_path, head, (81234500999.0, "Babat", "Sri", 12), ("081234500998", "Pucuk", "Budi", "0013"))

        assert read(file) == [
            {"telepon": "81234500999", "kecamatan": "Babat", "nama": "Sri", "nomor": "12"},
            {"telepon": "081234500998", "kecamatan": "Pucuk", "nama": "Budi", "nomor": "0013"},
        ]

    def test_may_have_a_title_and_empty_lines(self, tmp_path: Path) -> None:
        """What offices write above the columns is passed over; a fault is named by the line that Excel shows."""
        title = [("DAFTAR UMKM", None), (datetime(2026, 11, 1), None), ()]  # noqa: DTZ001 -- Excel knows no zones
        file = workbook(tmp_path, *title, HEAD, (), SRI, (None,) * 7)

        assert [line for line, _ in read_file(file).rows] == [6]

    def test_may_tell_its_size_wrong(self, tmp_path: Path) -> None:
        """Some programs write how large a sheet is, and are wrong; all of it is read."""
        file = workbook(tmp_path, HEAD, SRI)
        with ZipFile(file) as book:
            parts = {name: book.read(name) for name in book.namelist()}
        sheet = "xl/worksheets/sheet1.xml"
        parts[sheet] = parts[sheet].replace(b'<dimension ref="A1:G2"', b'<dimension ref="A1:A1"')
        assert b"A1:A1" in parts[sheet]
        with ZipFile(file, "w") as book:
            for name, content in parts.items():
                book.writestr(name, content)

        assert read(file) == [dict(zip(HEAD, SRI, strict=True))]

    @pytest.mark.parametrize(
        ("name", "column"),
        [("No. HP", "telepon"), ("Nama Pemilik", "nama"), ("Nama  Usaha", "usaha"), ("BIDANG USAHA", "sektor")],
    )
    def test_may_call_its_columns_otherwise(self, tmp_path: Path, name: str, column: str) -> None:
        """The names that offices use are known, whatever their case, spaces and dots."""
        head = [name if one == column else one for one in HEAD]

        assert read(workbook(tmp_path, head, SRI)) == [dict(zip(HEAD, SRI, strict=True))]

    def test_says_what_it_does_not_read(self, tmp_path: Path) -> None:
        """Columns that are not ours, a running number, and other sheets that hold something."""
        file = workbook(tmp_path, ("No", *HEAD, "Alamat"), (1, *SRI, "Jl. Raya"), Rekap=[("jumlah", 1)], Kosong=[])

        assert read_file(file).left_out == ["No", "Alamat", "sheet Rekap"]

    @pytest.mark.parametrize("name", ["NIK", "No. KTP", "nik ", "No KK"])
    def test_with_identity_numbers_is_refused(self, tmp_path: Path, name: str) -> None:
        """A column for them is to be taken out first, whatever stands in it."""
        with pytest.raises(Unreadable, match="identity numbers are never kept"):
            read_file(workbook(tmp_path, (*HEAD, name), SRI))

    @pytest.mark.parametrize("value", [NIK, float(NIK), f"an. {NIK[:6]} {NIK[6:12]} {NIK[12:]}"])
    @pytest.mark.parametrize("place", [0, 1, 6, 7])
    def test_with_an_identity_number_anywhere(self, tmp_path: Path, value: object, place: int) -> None:
        """Sixteen digits in any cell are a fault of its line that names the column and repeats no digit."""
        line = [*SRI, "Jl. Raya"]
        line[place] = value
        (fault,) = read_file(workbook(tmp_path, (*HEAD, "Alamat"), line)).faults

        assert fault.line == 2
        assert fault.said.startswith((*HEAD, "Alamat")[place])
        assert NIK[:6] not in str(fault)


class TestText:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
    @pytest.mark.parametrize("ending", ["\n", "\r\n"])
    def test_is_read_as_programs_write_it(self, tmp_path: Path, delimiter: str, encoding: str, ending: str) -> None:
        """Commas, semicolons or tabs, UTF-8 with its mark or without, or Windows' own."""
        lines = [
            delimiter.join(("nama", "kecamatan", "produk")),
            delimiter.join(("José", "Babat", '"abon; kopi, teh"')),
        ]
        file = text(tmp_path, (ending.join(lines) + ending).encode(encoding))

        assert read(file) == [{"nama": "José", "kecamatan": "Babat", "produk": "abon; kopi, teh"}]

    def test_names_the_line_where_a_row_begins(self, tmp_path: Path) -> None:
        """A cell of several lines moves those below it, as an editor shows them."""
        file = text(tmp_path, 'nama,kecamatan,produk\nSri,Babat,"abon\nkopi"\nBudi,Pucuk,\n')

        assert [line for line, _ in read_file(file).rows] == [2, 4]

    def test_may_have_short_lines(self, tmp_path: Path) -> None:
        """What is missing at a line's end is empty."""
        assert read(text(tmp_path, "nama;kecamatan;telepon\nSri;Babat\n"))[0]["telepon"] == ""


class TestRefusal:
    def test_of_a_broken_workbook(self, tmp_path: Path) -> None:
        """Wherever it is broken, it is refused in one line or read; it is no crash."""
        file = workbook(tmp_path, HEAD, SRI)
        good, chance = file.read_bytes(), random.Random(1)  # noqa: S311 -- the same every time
        outcomes = set()
        for _ in range(60):
            broken = bytearray(good)
            for _ in range(3):
                broken[chance.randrange(4, len(broken))] = chance.randrange(256)
            file.write_bytes(broken)
            try:
                read_file(file)
                outcomes.add("read")
            except Unreadable as refused:
                outcomes.add(str(refused))

        assert len(outcomes) <= 3
        assert any("save it as .xlsx" in said for said in outcomes)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "the file is empty"),
            (b"nama;alamat\nSri;Babat\n", "name at least nama and kecamatan"),
            (b"nama;kecamatan;nama pemilik\n", "the column nama is there twice"),
            (b"PK\x03\x04 but no workbook", "save it as .xlsx or .csv, without a password"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "save it as .xlsx"),
            ("nama\tkecamatan\n".encode("utf-16"), "save it as .xlsx"),
            (b'nama,kecamatan\n"' + b"x" * 200_000 + b'",Babat\n', "line 2 cannot be read"),
        ],
    )
    def test_names_the_mend(self, tmp_path: Path, content: bytes, said: str) -> None:
        """What is no register is refused in one line that says what to do."""
        with pytest.raises(Unreadable) as refused:
            read_file(text(tmp_path, content))

        assert said in str(refused.value)
        assert "\n" not in str(refused.value)

    def test_of_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        """It is named."""
        with pytest.raises(Unreadable, match=r"none\.xlsx cannot be read: No such file"):
            read_file(tmp_path / "none.xlsx")


class TestImport:
    async def test_of_the_example(self, database_url: str) -> None:
        """The file that the documents give can be imported as it is, and again."""
        settings = settings_of(database_url)

        sheet, faults, first = await import_file(settings, EXAMPLE)
        assert (sheet.left_out, faults, first) == ([], [], Counts(new=3))
        assert (await import_file(settings, EXAMPLE))[2] == Counts(same=3)
        kept = await rows(database_url, select(RegisteredBusiness).order_by(RegisteredBusiness.id))
        assert [one.kecamatan for one in kept] == ["Babat", "Paciran", "Karangbinangun"]
        assert [one.phone for one in kept] == ["+6281234500991", None, "+6281234500993"]

    async def test_of_a_bad_row_imports_nothing(self, database_url: str, tmp_path: Path) -> None:
        """Each fault by its line, those of identity numbers among them, and the good rows wait for the others."""
        bad = [(*SRI[:4], "Babatt", *SRI[5:]), ("D-3", NIK, *SRI[2:]), ("D-4", "Budi", *SRI[2:6], "0812")]
        _, faults, counts = await import_file(settings_of(database_url), workbook(tmp_path, HEAD, SRI, *bad))

        assert [fault.line for fault in faults] == [3, 4, 5]
        assert counts == Counts()
        assert await rows(database_url, select(RegisteredBusiness)) == []
        assert await rows(database_url, select(AuditEntry)) == []

    async def test_of_a_whole_district(self, database_url: str, tmp_path: Path) -> None:
        """Many rows in one go, and the same again."""
        lines = [(f"D-{n}", f"Warga {n // 26} {chr(97 + n % 26)}", *SRI[2:]) for n in range(1000)]
        file = workbook(tmp_path, HEAD, *lines)
        settings = settings_of(database_url)

        assert (await import_file(settings, file))[2] == Counts(new=1000)
        assert (await import_file(settings, file))[2] == Counts(same=1000)


class TestFigures:
    async def test_are_tables(self, database_url: str) -> None:
        """By kecamatan with their sum, and by poster where one brought somebody."""
        settings = settings_of(database_url)
        await import_file(settings, EXAMPLE)
        (alone,) = await figures_of(settings)
        await add(database_url, somebody(7, source="src_babat"))
        shown = io.StringIO()
        for table in (alone, *await figures_of(settings)):
            Console(width=100, file=shown).print(table)

        lines = [line.split("│") for line in shown.getvalue().splitlines() if "│" in line]
        plain = [[cell.strip() for cell in cells[1:-1]] for cells in lines]
        assert ["Babat", "1", "0", "0", "-"] in plain
        assert ["all", "3", "0", "0", "-"] in plain
        assert plain[-1] == ["src_babat", "1"]


class TestCommand:
    def test_as_a_person_uses_it(self, tmp_path: Path) -> None:
        """Imported, refused and counted, on a database that is not there yet."""
        settings = elsewhere(tmp_path)
        good = run("people", "import", str(EXAMPLE), cwd=tmp_path, **settings)
        bad = text(tmp_path, "nama;kecamatan;catatan\nSri;Babatt;x\n;Babat;y\n")
        faulty = run("people", "import", str(bad), cwd=tmp_path, **settings)
        refused = run("people", "import", "none.csv", cwd=tmp_path, **settings)
        figures = run("people", "figures", cwd=tmp_path, **settings)

        assert (good.returncode, good.stdout) == (0, "3 new, 0 changed, 0 as they were\n")
        assert faulty.returncode == 1
        assert faulty.stdout.splitlines() == [
            'line 2: kecamatan "Babatt" is not known: did you mean Babat?',
            "line 3: nama is empty: fill it in",
        ]
        assert faulty.stderr == "2 faults, so nothing was imported: mend them in the file, then import it again\n"
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
        assert "Karangbinangun" in figures.stdout
