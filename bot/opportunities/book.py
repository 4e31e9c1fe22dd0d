"""Figures of opportunities as an XLSX. No person stands in it."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.opportunities.pictures import said
from domain.district import District
from domain.opportunities import kinds, report
from domain.opportunities.figures_over_time import Counts, Figures
from domain.opportunities.periods import Asked
from messages import Number

HEADS = {
    "published": "Terbit",
    "reached": "Kabar sampai",
    "interested": "Berminat",
    "chosen": "Dipilih",
    "ordered": "Dapat pesanan",
}
"""By field of Counts."""

NOTES = (
    "Setiap hal dihitung pada bulan terjadinya: terbit, kabar sampai, berminat, dipilih, menjawab soal pesanan.",
    "Satu orang dihitung sekali untuk tiap peluang.",
    "Peluang untuk beberapa produk dihitung pada tiap produknya, jadi jumlah per produk bisa lebih dari seluruhnya.",
    "Pesanan menurut jawaban yang berminat; di bawah 3 orang tidak ditulis angkanya, supaya tidak ada yang tertebak.",
)

Cell = str | int


def spreadsheet(figures: Figures, asked: Asked, district: District, now: datetime) -> bytes:
    """Five sheets: the sum, then by opportunity, product, market and month."""
    from openpyxl import Workbook  # noqa: PLC0415 -- heavy, and seldom needed

    book = Workbook(write_only=True)
    counted = list(HEADS.values())
    offices = {office.key: office.short_name for office in district.offices}
    _write(book, "Ringkasan", (34, 24), ["Laporan peluang", ""], _summary(figures, asked, district, now))
    each = [
        [
            offices.get(one.office, one.office),
            said(kinds.name_of(one.kind)),
            one.title,
            said(kinds.products_name(one.products, district)),
            said(report.market_name(one.market, district)),
            *_numbers(counts),
        ]
        for one, counts in figures.by_opportunity
    ]
    head = ["Dinas", "Jenis", "Judul", "Produk", "Pasar", *counted]
    _write(book, "Per peluang", (14, 18, 44, 28, 18), head, each)
    products = ((said(report.product_name(key, district)), counts) for key, counts in figures.by_product)
    _write(book, "Per produk", (28,), ["Produk", *counted], _rows(products))
    markets = ((said(report.market_name(key, district)), counts) for key, counts in figures.by_market)
    _write(book, "Per negara", (22,), ["Pasar", *counted], _rows(markets))
    months = ((f"{first:%Y-%m}", counts) for first, counts in figures.by_month)
    _write(book, "Per bulan", (12,), ["Bulan", *counted], _rows(months))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _summary(figures: Figures, asked: Asked, district: District, now: datetime) -> Iterable[Sequence[Cell]]:
    at = now.astimezone(ZoneInfo(district.timezone))
    yield "Waktu", said(asked.period.name())
    yield "Dinas", said(report.office_name(asked, district))
    yield "Per", f"{said(report.today(district, now))} pukul {at:%H.%M}"
    yield "", ""
    yield from zip(HEADS.values(), _numbers(figures.total), strict=True)
    if any(figures.bands.values()):
        yield "", ""
        yield "Pesanan", "Orang"
        for band, number in figures.bands.items():
            yield said(report.band_name(band)), _cell(report.hidden(number))
    yield "", ""
    yield from ((note, "") for note in NOTES)


def _rows(each: Iterable[tuple[str, Counts]]) -> Iterable[Sequence[Cell]]:
    return ([name, *_numbers(counts)] for name, counts in each)


def _numbers(counts: Counts) -> list[Cell]:
    """In the order of HEADS; few orders in words."""
    plain = {one.name: getattr(counts, one.name) for one in fields(counts)}
    return [_cell(report.few(counts.ordered)) if name == "ordered" else plain[name] for name in HEADS]


def _cell(number: report.Shown) -> Cell:
    return int(number.value) if isinstance(number, Number) else said(number)


def _write(book: object, name: str, widths: Sequence[int], head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 -- as above
    from openpyxl.styles import Font  # noqa: PLC0415

    sheet = book.create_sheet(name)  # type: ignore[attr-defined]  # its type is loaded late
    sheet.freeze_panes = "A2"
    for place, width in enumerate([*widths, *[14] * (len(head) - len(widths))]):
        sheet.column_dimensions["ABCDEFGHIJKL"[place]].width = width
    for row, is_head in [(head, True), *((row, False) for row in rows)]:
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"  # what begins like a formula is text
            if is_head:
                cell.font = Font(bold=True)
            cells.append(cell)
        sheet.append(cells)
