"""Trainings out of a table with one line each: all of it or nothing, every fault named by its line."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from db.models import Training
from db.session import Session
from domain.audit import Actor
from domain.district import District
from domain.trainings import editing
from domain.trainings.editing import BadTraining, Hours
from messages import FIRST_LANGUAGE

NEEDED = ("judul", "dinas", "kursi", "hari")
COLUMNS = (
    *NEEDED,
    "keterangan",
    "tempat",
    "alamat",
    "tautan",
    "kecamatan",
    "sektor",
    "pemula",
    "kontak",
    "daftar tunggu",
)

_DAY = re.compile(
    r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\s+(\d{1,2})[.:](\d{2})\s*(?:-|–|sampai|s/d)\s*(\d{1,2})[.:](\d{2})"
)
"""30-11-2026 08.00-15.00"""

_MOMENT = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\s+(?:pukul\s+)?(\d{1,2})[.:](\d{2})")
"""29-11-2026 16.00"""

YES, NO = {"ya", "y", "1", "iya", "x"}, {"tidak", "t", "0", "", "-"}


@dataclass(frozen=True)
class Fault:
    """What is wrong in one line of the file, and what would do."""

    line: int
    said: str

    def __str__(self) -> str:
        return f"baris {self.line}: {self.said}"


@dataclass(frozen=True)
class Row:
    """A training as read from a line."""

    line: int
    office: str
    title: str
    seats: int
    days: Sequence[Hours]
    values: Mapping[str, Any]


class BadFile(ValueError):
    """No table of trainings at all; the message says what would be one."""


def read(content: bytes, district: District, now: datetime) -> tuple[list[Row], list[Fault]]:
    """The trainings of a CSV file (UTF-8, comma or semicolon), and what is wrong with it. Raises BadFile."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile("berkas ini bukan CSV UTF-8: simpan ulang sebagai “CSV UTF-8”") from error
    if "\0" in text:
        raise BadFile("berkas ini bukan teks biasa (ada huruf NUL di dalamnya): simpan ulang sebagai “CSV UTF-8”")
    rows: list[Row] = []
    faults: list[Fault] = []
    for line, record in _records(text):
        found = list(_faults_and_row(record, line, district, now))
        faults += [one for one in found if isinstance(one, Fault)]
        rows += [one for one in found if isinstance(one, Row)]
    if not rows and not faults:
        raise BadFile("berkas ini tidak berisi pelatihan: isi paling sedikit satu baris di bawah judul kolom")
    return ([] if faults else rows), faults


def _records(text: str) -> Iterator[tuple[int, dict[str | Any, Any]]]:
    """Each line below the headings with its number. Raises BadFile."""
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        reader.fieldnames = _headings(reader.fieldnames or ())
        for record in reader:
            yield reader.line_num, record
    except csv.Error as error:
        raise BadFile(
            f"berkas ini tidak terbaca di sekitar baris {reader.line_num}: "
            "tutup tanda kutip yang masih terbuka, lalu simpan ulang sebagai “CSV UTF-8”"
        ) from error


def _headings(names: Sequence[str]) -> list[str]:
    """The names of the columns, a number where there is none. Raises BadFile for missing, unknown and double ones."""
    clean = [" ".join(name.split()).casefold() for name in names]
    known = f"kolom yang dikenal: {', '.join(COLUMNS)}"
    if missing := [name for name in NEEDED if name not in clean]:
        raise BadFile(f"kolom {', '.join(missing)} tidak ada; {known}")
    if unknown := [name[:40] for name in clean if name and name not in COLUMNS]:
        raise BadFile(f"kolom {', '.join(unknown)} tidak dikenal: hapus atau perbaiki judulnya; {known}")
    if twice := [name for name in COLUMNS if clean.count(name) > 1]:
        raise BadFile(f"kolom {', '.join(twice)} ada lebih dari satu: sisakan satu saja")
    return [name or f"#{number}" for number, name in enumerate(clean)]


def _faults_and_row(record: Mapping[str, Any], line: int, district: District, now: datetime) -> Iterator[Fault | Row]:
    """Every fault of a line; without any, its row."""
    # Even empty ones: a comma without quotes shifts all that stands after it.
    if None in record or any(cell for name, cell in record.items() if name not in COLUMNS):
        said = "lebih banyak kolom daripada judulnya; beri tanda kutip pada isi yang memuat koma atau titik koma"
        yield Fault(line, said)
        return
    cells = {name: str(value or "").strip() for name, value in record.items()}
    faults: list[str] = []
    office = _office(cells["dinas"], district, faults)
    seats = _seats(cells["kursi"], faults)
    days = _days(cells["hari"], district, now, faults)
    values = _values(cells, district, faults)
    try:
        editing.check({"title": cells["judul"], **values})
    except BadTraining as refusal:
        faults.append(_plain(refusal))
    yield from (Fault(line, said) for said in faults)
    if not faults:
        yield Row(line, office, cells["judul"], seats, days, values)


def _plain(refusal: BadTraining) -> str:
    return re.sub(r"<[^>]+>", "", refusal.sentence.in_language(FIRST_LANGUAGE))


def _office(cell: str, district: District, faults: list[str]) -> str:
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


def _seats(cell: str, faults: list[str]) -> int:
    number = int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 6 else 0
    if not 1 <= number <= editing.MOST_SEATS:
        faults.append(f"kursi “{cell}” bukan angka antara 1 dan {editing.MOST_SEATS}")
    return number


def _days(cell: str, district: District, now: datetime, faults: list[str]) -> list[Hours]:
    days = []
    for part in filter(None, (part.strip() for part in re.split(r"[|\n]|;(?!\d)", cell))):
        try:
            days.append(hours_of(part, ZoneInfo(district.timezone)))
        except ValueError:
            faults.append(f"hari “{part}” tidak terbaca; tulis 30-11-2026 08.00-15.00, beberapa hari dipisah |")
    if not days and not faults:
        faults.append("hari belum diisi; tulis 30-11-2026 08.00-15.00")
    if days and not faults:
        try:
            editing.check_days(sorted(days, key=lambda day: day.starts_at), days, now)
        except BadTraining as refusal:
            faults.append(_plain(refusal))
    return days


def hours_of(text: str, zone: ZoneInfo) -> Hours:
    """A day as it is typed, "30-11-2026 08.00-15.00", in *zone*. Raises ValueError."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"no day: {text!r}")
    day, month, year, *times = (int(group) for group in found.groups())
    begins = datetime(year, month, day, times[0], times[1], tzinfo=zone)
    return Hours(begins, begins.replace(hour=times[2], minute=times[3]))


def moment_of(text: str, zone: ZoneInfo) -> datetime:
    """A moment as it is typed, "29-11-2026 16.00", in *zone*. Raises ValueError."""
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"no moment: {text!r}")
    day, month, year, hour, minute = (int(group) for group in found.groups())
    return datetime(year, month, day, hour, minute, tzinfo=zone).astimezone(UTC)


def _values(cells: Mapping[str, str], district: District, faults: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "description": cells.get("keterangan", ""),
        "place": cells.get("tempat", ""),
        "address": cells.get("alamat", ""),
        "online_link": cells.get("tautan") or None,
        "contact": cells.get("kontak", ""),
        "is_for_new": _yes_or_no("pemula", cells, faults, default=False),
        "has_waiting_list": _yes_or_no("daftar tunggu", cells, faults, default=True),
    }
    by_name = {name.casefold(): name for name in district.kecamatan}
    values["kecamatan"] = _known("kecamatan", cells, by_name, faults)
    sectors = {key: key for key in district.sectors} | {name.casefold(): key for key, name in district.sectors.items()}
    values["sectors"] = _known("sektor", cells, sectors, faults)
    return values


def _yes_or_no(name: str, cells: Mapping[str, str], faults: list[str], *, default: bool) -> bool:
    cell = cells.get(name, "").casefold()
    if not cell:
        return default
    if cell not in YES | NO:
        faults.append(f"{name} “{cell}”: tulis ya atau tidak")
    return cell in YES


def _known(name: str, cells: Mapping[str, str], known: Mapping[str, str], faults: list[str]) -> list[str] | None:
    named = [part.strip() for part in re.split(r"[|,;]", cells.get(name, "")) if part.strip()]
    faults += [f"{name} “{one}” tidak dikenal" for one in named if one.casefold() not in known]
    return [known[one.casefold()] for one in named if one.casefold() in known] or None


async def put_in(
    session: Session, rows: Sequence[Row], actor: Actor, district: District, now: datetime
) -> list[Training]:
    """Make a draft of each row, to be looked at and published by an officer."""
    made = []
    for row in rows:
        training = await editing.make(session, row.office, row.title, row.seats, actor, now)
        await editing.set_days(session, training.id, row.days, actor, district, now)
        await editing.change(session, training.id, row.values, actor, district, now)
        made.append(training)
    return made
