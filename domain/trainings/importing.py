"""Trainings out of a table with one line each: all of it or nothing, every fault named by its line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from db.models import Training
from db.session import Session
from domain import tables
from domain.audit import Actor
from domain.district import District
from domain.tables import BadFile, Fault, Line
from domain.trainings import editing
from domain.trainings.editing import BadTraining, Hours

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


@dataclass(frozen=True)
class Row:
    """A training as read from a line."""

    line: int
    office: str
    title: str
    seats: int
    days: Sequence[Hours]
    values: Mapping[str, Any]


def read(content: bytes, district: District, now: datetime) -> tuple[list[Row], list[Fault]]:
    """The trainings of a CSV file (UTF-8, comma or semicolon), and what is wrong with it. Raises BadFile."""
    lines = tables.read(content, NEEDED, COLUMNS)
    rows, faults = tables.rows_of(lines, lambda line: _row_or_faults(line, district, now))
    if not rows and not faults:
        raise BadFile("berkas ini tidak berisi pelatihan: isi paling sedikit satu baris di bawah judul kolom")
    return ([] if faults else rows), faults


def _row_or_faults(line: Line, district: District, now: datetime) -> Row | list[str]:
    """The training of a line, or all that is wrong with it."""
    cells, faults = line.cells, list[str]()
    office = tables.office_of(cells["dinas"], district, faults)
    seats = _seats(cells["kursi"], faults)
    days = _days(cells["hari"], district, now, faults)
    values = _values(cells, district, faults)
    try:
        editing.check({"title": cells["judul"], **values})
    except BadTraining as refusal:
        faults.append(tables.plain(refusal.sentence))
    return faults or Row(line.number, office, cells["judul"], seats, days, values)


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
            faults.append(tables.plain(refusal.sentence))
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
    by_name = {name.casefold(): name for name in district.kecamatan}
    return {
        "description": cells["keterangan"],
        "place": cells["tempat"],
        "address": cells["alamat"],
        "online_link": cells["tautan"] or None,
        "contact": cells["kontak"],
        "is_for_new": tables.is_yes("pemula", cells["pemula"], faults, default=False),
        "has_waiting_list": tables.is_yes("daftar tunggu", cells["daftar tunggu"], faults, default=True),
        "kecamatan": tables.known_of("kecamatan", cells["kecamatan"], by_name, faults),
        "sectors": tables.known_of("sektor", cells["sektor"], tables.sectors_of(district), faults),
    }


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
