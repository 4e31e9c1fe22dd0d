"""Tables that officers fill in: the lines of a CSV file by their headings, every fault named by its line."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from domain.district import District
from messages import FIRST_LANGUAGE, Sentence

YES, NO = {"ya", "y", "1", "iya", "x"}, {"tidak", "t", "0", "", "-"}

Row = TypeVar("Row")

_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Fault:
    """What is wrong in one line of the file, and what would do."""

    line: int
    said: str

    def __str__(self) -> str:
        return f"baris {self.line}: {self.said}"


@dataclass(frozen=True)
class Line:
    """A line below the headings: its cells by their heading, empty where the file has none."""

    number: int
    """Of its first line in the file."""
    cells: Mapping[str, str]


class BadFile(ValueError):
    """No such table at all; the message says what would be one."""


def rows_of(lines: Iterable[Line | Fault], row_of: Callable[[Line], Row | list[str]]) -> tuple[list[Row], list[Fault]]:
    """What *row_of* makes of each line, and what is wrong: in the line itself, or as *row_of* says (a list)."""
    rows: list[Row] = []
    faults: list[Fault] = []
    for line in lines:
        if isinstance(line, Fault):
            faults.append(line)
            continue
        found = row_of(line)
        if isinstance(found, list):
            faults += [Fault(line.number, said) for said in found]
        else:
            rows.append(found)
    return rows, faults


def read(content: bytes, needed: Sequence[str], columns: Sequence[str]) -> Iterator[Line | Fault]:
    """Each line of a CSV file (UTF-8, comma or semicolon) with something in it, or why it cannot be one.

    Raises BadFile, for the headings too: *needed* must be there, and of *columns* each once at most.
    """
    text = _decoded(content)
    first = text.partition("\n")[0]
    # Strict, or a quote that is left open would take the lines below into its cell.
    reader = csv.reader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True)
    done = 0
    try:
        names = _headings(next(reader, []), needed, columns)
        done = reader.line_num
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _line(done + 1, names, cells, columns)
            done = reader.line_num
    except csv.Error as error:
        raise BadFile(
            f"berkas ini tidak terbaca mulai baris {done + 1}: tutup tanda kutip yang masih terbuka, dan tulis dua "
            "kali tanda kutip di dalam isi yang berkutip, lalu simpan ulang sebagai “CSV UTF-8”"
        ) from error


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile("berkas ini bukan CSV UTF-8: simpan ulang sebagai “CSV UTF-8”") from error
    if "\0" in text:
        raise BadFile("berkas ini bukan teks biasa (ada huruf NUL di dalamnya): simpan ulang sebagai “CSV UTF-8”")
    return text


def _headings(names: Sequence[str], needed: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The names of the columns, empty where there is none. Raises BadFile for missing, unknown and double ones."""
    clean = [" ".join(name.split()).casefold() for name in names]
    known = f"kolom yang dikenal: {', '.join(columns)}"
    if missing := [name for name in needed if name not in clean]:
        raise BadFile(f"kolom {', '.join(missing)} tidak ada; {known}")
    if unknown := [name[:40] for name in clean if name and name not in columns]:
        raise BadFile(f"kolom {', '.join(unknown)} tidak dikenal: hapus atau perbaiki judulnya; {known}")
    if twice := [name for name in columns if clean.count(name) > 1]:
        raise BadFile(f"kolom {', '.join(twice)} ada lebih dari satu: sisakan satu saja")
    return clean


def _line(number: int, names: Sequence[str], cells: Sequence[str], columns: Sequence[str]) -> Line | Fault:
    # Even empty ones: a comma without quotes shifts all that stands after it.
    if len(cells) > len(names) or any(cell for name, cell in zip(names, cells, strict=False) if not name):
        said = "lebih banyak kolom daripada judulnya; beri tanda kutip pada isi yang memuat koma atau titik koma"
        return Fault(number, said)
    given = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
    return Line(number, {name: given.get(name, "") for name in columns})


# Cells that tables share: each notes in *faults* what is wrong, and what would do.


def office_of(cell: str, district: District, faults: list[str]) -> str:
    """The key of the office that *cell* names; empty for none."""
    named = {
        name.casefold(): office.key
        for office in district.offices
        for name in (office.key, office.short_name, office.name)
    }
    if cell.casefold() not in named:
        faults.append(
            f"dinas “{cell}” tidak dikenal; tulis {' atau '.join(office.short_name for office in district.offices)}"
        )
    return named.get(cell.casefold(), "")


def is_yes(name: str, cell: str, faults: list[str], *, default: bool) -> bool:
    """Whether *cell* says yes; *default* where it is empty."""
    if not cell:
        return default
    if cell.casefold() not in YES | NO:
        faults.append(f"{name} “{cell}”: tulis ya atau tidak")
    return cell.casefold() in YES


def parts_of(cell: str) -> list[str]:
    """What *cell* lists."""
    return [part.strip() for part in re.split(r"[|,;]", cell) if part.strip()]


def known_of(
    name: str, cell: str, known: Mapping[str, str], faults: list[str], would_do: Collection[str] = ()
) -> list[str] | None:
    """What *cell* lists, as *known* calls it by small letters; None for nothing."""
    named = parts_of(cell)
    mend = f"; tulis {', '.join(would_do)}" if would_do else ""
    faults += [f"{name} “{one}” tidak dikenal{mend}" for one in named if one.casefold() not in known]
    return [known[one.casefold()] for one in named if one.casefold() in known] or None


def sectors_of(district: District) -> dict[str, str]:
    """Keys of the district's sectors, by key and by name in small letters."""
    return {key: key for key in district.sectors} | {name.casefold(): key for key, name in district.sectors.items()}


def plain(sentence: Sentence) -> str:
    """*sentence* as the terminal reads it."""
    return _TAG.sub("", sentence.in_language(FIRST_LANGUAGE))
