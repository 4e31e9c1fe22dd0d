"""Figures of opportunities as an XLSX. No person stands in it."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.opportunities.pictures import said
from bot.spreadsheets import Book, Cell
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


def spreadsheet(figures: Figures, asked: Asked, district: District, now: datetime) -> bytes:
    """Five sheets: the sum, then by opportunity, product, market and month."""
    book = Book()
    counted = list(HEADS.values())
    offices = {office.key: office.short_name for office in district.offices}
    book.add("Ringkasan", (34, 24), ["Laporan peluang", ""], _summary(figures, asked, district, now))
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
    book.add("Per peluang", (14, 18, 44, 28, 18), head, each)
    products = ((said(report.product_name(key, district)), counts) for key, counts in figures.by_product)
    book.add("Per produk", (28,), ["Produk", *counted], _rows(products))
    markets = ((said(report.market_name(key, district)), counts) for key, counts in figures.by_market)
    book.add("Per negara", (22,), ["Pasar", *counted], _rows(markets))
    months = ((f"{first:%Y-%m}", counts) for first, counts in figures.by_month)
    book.add("Per bulan", (12,), ["Bulan", *counted], _rows(months))
    return book.content()


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
