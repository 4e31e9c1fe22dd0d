"""Opportunities out of a table with one line each: all of it or nothing, every fault named by its line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from db.models import Opportunity, OpportunityKind, OpportunityState
from db.one_at_a_time import one_at_a_time
from db.session import Session
from domain import dates, tables
from domain.audit import Actor
from domain.district import District
from domain.opportunities import composing, kinds, needs
from domain.opportunities.refusals import BadOpportunity
from domain.tables import BadFile, Fault, Line
from messages import FIRST_LANGUAGE

NEEDED = ("judul", "jenis", "dicari", "batas waktu", "sumber", "dinas")
"""Without these a draft could not be published."""

COLUMNS = (*NEEDED, "produk", "pasar", "syarat", "kapasitas", "wajib", "kecamatan", "tempat", "tautan", "mendesak")

FIELD_OF = {
    "judul": "title",
    "dicari": "sought",
    "kapasitas": "capacity",
    "tempat": "place",
    "batas waktu": "deadline",
    "sumber": "source",
    "tautan": "link",
}
"""Columns whose values are checked as the officers' own are."""

KINDS = {
    "pembeli": OpportunityKind.BUYER,
    "buyer": OpportunityKind.BUYER,
    "pameran": OpportunityKind.FAIR,
    "tender": OpportunityKind.TENDER,
    "e-katalog": OpportunityKind.TENDER,
    "ekspor": OpportunityKind.EXPORT,
    "peluang ekspor": OpportunityKind.EXPORT,
    "lomba": OpportunityKind.CONTEST,
}
KINDS_THAT_DO = ("pembeli", "pameran", "tender", "ekspor", "lomba")

ALL = {"", "semua", "semua produk", "-"}

ALIVE = (OpportunityState.DRAFT, OpportunityState.SCHEDULED, OpportunityState.OPEN)
"""Those among which one of the file is known again."""

MOST_DIGITS = 9
"""More are no capacity, whatever they are."""

_EXCEL_BEGINS = date(1899, 12, 30)
_EXCEL = re.compile(r"(\d{5})(?:[.,](\d{1,10}))?", re.ASCII)
"""A day as Excel counts it, where the cell was no date: days after its first, and a part of a day."""

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(.*)", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2}(?!\d))(.*)", re.ASCII)
_WORDS = re.compile(r"(\d{1,2})[\s-]+([a-z]{3,9})[\s-]+(\d{4}|\d{2}(?!\d))(.*)", re.ASCII)
_SECONDS = re.compile(r"^(\d{1,2}[.:]\d{2})[.:]\d{2}")


@dataclass(frozen=True)
class Row:
    """An opportunity as read from a line."""

    line: int
    office: str
    values: Mapping[str, Any]

    @property
    def likeness(self) -> tuple[str, str, datetime | None]:
        return _likeness(self.office, self.values["title"], self.values["deadline"])


@dataclass
class Imported:
    """What became of a file."""

    made: list[Opportunity] = field(default_factory=list)
    known: list[Opportunity] = field(default_factory=list)
    """Those that were there already and are left as they are."""


def _likeness(office: str, title: str, deadline: datetime | None) -> tuple[str, str, datetime | None]:
    return office, " ".join(title.split()).casefold(), deadline


def read(content: bytes, district: District, now: datetime) -> tuple[list[Row], list[Fault]]:
    """The opportunities of a CSV file (UTF-8, comma or semicolon), and what is wrong with it. Raises BadFile."""
    lines = tables.read(content, NEEDED, COLUMNS)
    rows, faults = tables.rows_of(lines, lambda line: _row_or_faults(line, district, now))
    if not rows and not faults:
        raise BadFile("berkas ini tidak berisi peluang: isi paling sedikit satu baris di bawah judul kolom")
    faults = sorted([*faults, *_twice(rows)], key=lambda fault: fault.line)
    return ([] if faults else rows), faults


def _twice(rows: Sequence[Row]) -> Iterator[Fault]:
    first: dict[object, int] = {}
    for row in rows:
        before = first.setdefault(row.likeness, row.line)
        if before != row.line:
            yield Fault(row.line, f"judul, batas waktu, dan dinasnya sama dengan baris {before}: hapus salah satu")


def _row_or_faults(line: Line, district: District, now: datetime) -> Row | list[str]:
    """The opportunity of a line, or all that is wrong with it."""
    cells, faults = line.cells, list[str]()
    office = tables.office_of(cells["dinas"], district, faults)
    values: dict[str, Any] = {
        "kind": _kind(cells["jenis"], faults),
        "title": " ".join(cells["judul"].split()),
        "sought": cells["dicari"],
        "products": _products(cells["produk"], district, faults),
        "market": _market(cells["pasar"], district, faults),
        "needs": _needs(cells["syarat"], faults),
        "capacity": _capacity(cells["kapasitas"], faults),
        "is_strict": tables.is_yes("wajib", cells["wajib"], faults, default=False),
        "kecamatan": _kecamatan(cells["kecamatan"], district, faults),
        "place": " ".join(cells["tempat"].split()),
        "deadline": _deadline(cells["batas waktu"], ZoneInfo(district.timezone), faults),
        "source": " ".join(cells["sumber"].split()),
        "link": cells["tautan"] or None,
        "is_urgent": tables.is_yes("mendesak", cells["mendesak"], faults, default=False),
    }
    faults += [f"{column} belum diisi" for column in ("judul", "dicari", "sumber") if not cells[column]]
    faults += _refused(values, district, now)
    return faults or Row(line.number, office, values)


def _refused(values: Mapping[str, Any], district: District, now: datetime) -> Iterator[str]:
    """What an officer could not write either: each field by itself, so that all of it is named at once."""
    for column, name in FIELD_OF.items():
        try:
            composing.check({name: values[name]}, district, now)
        except BadOpportunity as refusal:
            yield f"{column}: {tables.plain(refusal.sentence)}"


def _kind(cell: str, faults: list[str]) -> OpportunityKind:
    by_name = {kinds.name_of(kind).in_language(FIRST_LANGUAGE).casefold(): kind for kind in OpportunityKind} | KINDS
    name = " ".join(cell.split()).casefold()
    if name not in by_name:
        faults.append(f"jenis “{cell}” tidak dikenal; tulis {' atau '.join(KINDS_THAT_DO)}")
    return by_name.get(name, OpportunityKind.BUYER)


def _products(cell: str, district: District, faults: list[str]) -> list[str] | None:
    if cell.casefold() in ALL:
        return None
    sectors = tables.sectors_of(district)
    # A name may hold what parts others.
    whole = sectors.get(cell.casefold())
    return [whole] if whole else tables.known_of("produk", cell, sectors, faults, [*district.sectors, "semua"])


def _market(cell: str, district: District, faults: list[str]) -> str:
    names = {name.casefold(): code for code, name in district.countries.items()}
    codes = {code.casefold(): code for code in district.countries}
    home = dict.fromkeys(("", "dalam negeri", "indonesia", kinds.HOME), kinds.HOME)
    by_name = names | codes | home | dict.fromkeys(("negara lain", kinds.OTHER), kinds.OTHER)
    name = " ".join(cell.split()).casefold()
    if name not in by_name:
        would_do = ", ".join(["dalam negeri", *district.countries.values(), "negara lain"])
        faults.append(f"pasar “{cell}” tidak dikenal; tulis salah satu: {would_do}")
    return by_name.get(name, kinds.HOME)


def _needs(cell: str, faults: list[str]) -> list[str]:
    by_name = {needs.name_of(paper).in_language(FIRST_LANGUAGE).casefold(): paper for paper in needs.PAPERS}
    by_name |= {paper: paper for paper in needs.PAPERS} | {"p-irt": "pirt", "spp-irt": "pirt"}
    named = tables.known_of("syarat", "" if cell in ALL else cell, by_name, faults, ["NIB", "halal", "PIRT"]) or []
    return [paper for paper in needs.PAPERS if paper in named]


def _capacity(cell: str, faults: list[str]) -> int | None:
    digits = re.sub(r"(?<=\d)[.,](?=\d{3}(?:\D|$))", "", cell)
    if not cell or (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS):
        return int(digits) if cell else None
    faults.append(f"kapasitas “{cell}” bukan angka; tulis jumlah buah atau kg sebulan saja, misalnya 500")
    return None


def _kecamatan(cell: str, district: District, faults: list[str]) -> list[str] | None:
    by_name = {name.casefold(): name for name in district.kecamatan}
    return tables.known_of("kecamatan", "" if cell.casefold() in ALL else cell, by_name, faults)


def _deadline(cell: str, zone: ZoneInfo, faults: list[str]) -> datetime | None:
    form = "tulis tanggal, bulan, tahun: 07-12-2026, atau dengan jam: 07-12-2026 16.00"
    if not cell:
        faults.append(f"batas waktu belum diisi; {form}")
        return None
    try:
        return deadline_of(cell, zone)
    except ValueError:
        faults.append(f"batas waktu “{cell}” tidak terbaca; {form}")
        return None


def deadline_of(text: str, zone: ZoneInfo) -> datetime:
    """A deadline as tables hold it ("07-12-2026 16.00", "7 Desember 2026", what Excel makes of it), in *zone*.

    Days come before months; without an hour it is the end of that day. Raises ValueError.
    """
    small = " ".join(text.split()).casefold()
    if found := _EXCEL.fullmatch(small):
        return _counted(int(found[1]), float(f"0.{found[2] or 0}"), zone)
    if found := _ISO.fullmatch(small):
        year, month, day, rest = int(found[1]), int(found[2]), int(found[3]), found[4]
    elif found := _NUMBERS.fullmatch(small):
        day, month, year, rest = int(found[1]), int(found[2]), int(found[3]), found[4]
    elif found := _WORDS.fullmatch(small):
        day, month, year, rest = int(found[1]), dates.month_of(found[2]), int(found[3]), found[4]
    else:
        raise ValueError(f"no day: {text!r}")
    on = date(year + 2000 if year < 100 else year, month, day)
    return datetime.combine(on, _hour(rest), zone).astimezone(UTC)


def _counted(days: int, part: float, zone: ZoneInfo) -> datetime:
    midnight = datetime.combine(_EXCEL_BEGINS + timedelta(days=days), time(), zone)
    minutes = round(part * 24 * 60)
    at = midnight + timedelta(minutes=minutes) if minutes else datetime.combine(midnight.date(), dates.END_OF_DAY, zone)
    return at.astimezone(UTC)


def _hour(text: str) -> time:
    """The end of the day for none; midnight too, since that is how programs write a day without an hour."""
    rest = _SECONDS.sub(r"\1", text.strip(" ,t"))
    clock = dates.clock_of(rest) if rest else dates.END_OF_DAY
    if clock is None:
        raise ValueError(f"no hour: {text!r}")
    return clock if clock != time() else dates.END_OF_DAY


async def put_in(session: Session, rows: Sequence[Row], actor: Actor, district: District, now: datetime) -> Imported:
    """Make a draft of each row that is not there yet, to be looked at and published by an officer.

    One is known again by its office, title and deadline, among those that are not over: its changes stay.
    """
    # Of two imports at a time the second finds what the first made.
    await one_at_a_time(session, "opportunity.imported")
    alive = select(Opportunity).where(col(Opportunity.state).in_(ALIVE)).order_by(col(Opportunity.id))
    known = {_likeness(one.office, one.title, one.deadline): one for one in (await session.exec(alive)).all()}
    imported = Imported()
    for row in rows:
        if found := known.get(row.likeness):
            imported.known.append(found)
        else:
            imported.made.append(await composing.make(session, row.office, row.values, actor, district, now))
    return imported
