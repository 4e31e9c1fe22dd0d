"""The office's register as a file, .xlsx or .csv: its rows as texts by our names of the columns."""

import csv
import io
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from bot.identity_numbers import strike
from domain.register import NEEDED, Fault

Cells = Sequence[str]

HEAD_IS_WITHIN = 20
"""Rows: what offices write above the names of the columns."""

_NAMES = {
    "nomor": ("nomor", "nomordaftar", "nomorregister", "noregister", "nomorinduk"),
    "nama": ("nama", "namapemilik", "namalengkap", "pemilik"),
    "usaha": ("usaha", "namausaha"),
    "sektor": ("sektor", "bidang", "bidangusaha", "sektorusaha"),
    "kecamatan": ("kecamatan", "kec"),
    "produk": ("produk", "produkjasa", "namaproduk"),
    "telepon": (
        "telepon",
        "telp",
        "nomortelepon",
        "notelepon",
        "notelp",
        "nohp",
        "nomorhp",
        "hp",
        "nowa",
        "nomorwa",
        "wa",
    ),
}
_COLUMN_OF = {written: column for column, names in _NAMES.items() for written in names}
_IDENTITY = re.compile(r"nik|noktp|nomorktp|ktp|nokk|nomorkk|kk")


class Unreadable(Exception):
    """A file that is no register; one line that names the mend."""


@dataclass(frozen=True)
class Sheet:
    """What a file holds."""

    rows: list[tuple[int, Mapping[str, str]]]
    """Each with its line, by our names of the columns; empty ones are left out."""
    left_out: list[str]
    """Columns and sheets that are not read, as the file calls them."""
    faults: list[Fault]
    """Identity numbers: what holds one is not to be imported."""


def read_file(file: Path) -> Sheet:
    """Read *file*. Raises Unreadable."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Unreadable(f"{file} cannot be read: {error.strerror}") from error
    lines, other_sheets = _of_workbook(content) if content.startswith(b"PK") else (_of_text(content), [])
    return _sheet_of(lines, other_sheets)


def _sheet_of(lines: Iterable[tuple[int, Cells]], other_sheets: list[str]) -> Sheet:
    rest = iter(lines)
    names, head = _head_in(rest)
    columns = {place: _COLUMN_OF[name] for place, name in enumerate(map(_letters, head)) if name in _COLUMN_OF}
    if twice := [name for name in _NAMES if list(columns.values()).count(name) > 1]:
        raise Unreadable(f"line {names}: the column {twice[0]} is there twice: take one out")
    for place, name in enumerate(head):
        if _IDENTITY.fullmatch(_letters(name)):
            said = "identity numbers are never kept: take the whole column out of the file, then import it again"
            raise Unreadable(f'line {names}: column {place + 1} is "{name}": {said}')
    rows: list[tuple[int, Mapping[str, str]]] = []
    faults: list[Fault] = []
    for line, cells in rest:
        if not any(cells):
            continue
        faults += _identity_numbers(line, cells, head)
        rows.append((line, {name: cells[place] if place < len(cells) else "" for place, name in columns.items()}))
    left_out = [name for place, name in enumerate(head) if name and place not in columns]
    return Sheet(rows, [*left_out, *(f"sheet {name}" for name in other_sheets)], faults)


def _head_in(lines: Iterator[tuple[int, Cells]]) -> tuple[int, list[str]]:
    """The line with the columns' names. Raises Unreadable."""
    seen = False
    for line, cells in islice(lines, HEAD_IS_WITHIN):
        seen = True
        known = {_COLUMN_OF.get(_letters(cell)) for cell in cells}
        if known.issuperset(NEEDED):
            return line, [" ".join(cell.split()) for cell in cells]
    needed = " and ".join(NEEDED)
    lacks = f"no line with the names of the columns: name at least {needed}, as docs/buku-daftar.md tells"
    raise Unreadable(lacks if seen else f"the file is empty: {lacks}")


def _letters(name: str) -> str:
    """As compared: "No. HP" is nohp."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _identity_numbers(line: int, cells: Cells, head: Sequence[str]) -> Iterator[Fault]:
    for place, cell in enumerate(cells):
        if strike(cell) != cell:
            name = head[place] if place < len(head) and head[place] else f"column {place + 1}"
            yield Fault(
                line, f"{name} holds 16 digits, as identity numbers (NIK) have: they are never kept, take them out"
            )


# Workbooks.


def _of_workbook(content: bytes) -> tuple[Iterator[tuple[int, Cells]], list[str]]:
    """The first sheet's lines, and the names of others that hold something. Raises Unreadable."""
    from openpyxl import load_workbook  # noqa: PLC0415 -- heavy, and seldom needed

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what of Excel's it leaves out
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        first, *others = [list(_rows_of(sheet)) for sheet in book.worksheets]
    except Exception as error:  # of a broken file the library raises whatever its parts do
        raise Unreadable("the file is no workbook of Excel: save it as .xlsx or .csv, without a password") from error
    names = [sheet.title for sheet in book.worksheets[1:]]
    return iter(first), [name for name, rows in zip(names, others, strict=True) if any(any(cells) for _, cells in rows)]


def _rows_of(sheet: Any) -> Iterator[tuple[int, Cells]]:
    sheet.reset_dimensions()  # which some programs write wrong
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        yield line, [_text_of(value) for value in values]


def _text_of(value: Any) -> str:
    """A cell as it is read. A number keeps its digits: Excel takes phones for numbers, and their zero with it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


# Texts.


def _of_text(content: bytes) -> Iterator[tuple[int, Cells]]:
    """The lines of a CSV file, each with the number of its first line. Raises Unreadable."""
    text = _decoded(content)
    head = next((line for line in text.splitlines() if line.strip()), "")
    # Excel writes semicolons where the comma stands in numbers, as here.
    delimiter = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    done = 0
    try:
        for cells in reader:
            yield done + 1, [cell.strip() for cell in cells]
            done = reader.line_num
    except csv.Error as error:
        raise Unreadable(f"line {done + 1} cannot be read ({error}): save the file as .xlsx") from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Unreadable("the file is no text that can be read: save it as .xlsx, or as CSV UTF-8")
