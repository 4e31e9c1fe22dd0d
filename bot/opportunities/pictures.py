"""Charts of figures, handed to a process that draws them."""

import asyncio
import json
import sys
from collections.abc import Iterable
from datetime import datetime

from bot.opportunities import drawing
from bot.opportunities.drawing import Bar, Chart, Column, Panel
from domain.district import District
from domain.opportunities import report
from domain.opportunities.figures_over_time import FEW, Counts, Figures
from domain.opportunities.periods import Asked
from domain.opportunities.report import Shown
from messages import FIRST_LANGUAGE, Date, Number

LONGEST = 45.0
"""Seconds, so that it ends before a claim of the outbox does."""

ROWS = 6
"""Lying bars in one panel; the last is what is left."""

EMPTY = "Belum ada."

MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")


class NotDrawn(Exception):
    """The process ended without a picture; its last words."""


async def draw(chart: Chart) -> bytes:
    """*chart* as a PNG. Raises NotDrawn, and TimeoutError after LONGEST."""
    # By its file, so that nothing of ours is loaded there.
    command = (sys.executable, "-P", drawing.__file__)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe)
    try:
        async with asyncio.timeout(LONGEST):
            picture, said = await process.communicate(json.dumps(chart).encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise NotDrawn(said.decode(errors="replace")[-500:])
    return picture


def months_chart(figures: Figures, asked: Asked, district: District, now: datetime) -> Chart:
    """Interest and orders, month by month; those before the period pale."""
    full = len(figures.by_month) - asked.period.months
    months = [(first, counts, number >= full) for number, (first, counts) in enumerate(figures.by_month)]
    interested: list[Bar] = [
        {
            "name": MONTHS[first.month - 1],
            "value": one.interested,
            "label": said(Number(one.interested)),
            "is_full": is_full,
        }
        for first, one, is_full in months
    ]
    ordered: list[Bar] = [
        {
            "name": MONTHS[first.month - 1],
            # As long as any other that is not to be told apart.
            "value": one.ordered if one.ordered >= FEW else min(one.ordered, 1) * (FEW - 1),
            "label": f"<{FEW}" if 0 < one.ordered < FEW else said(Number(one.ordered)),
            "is_full": is_full,
        }
        for first, one, is_full in months
    ]
    beside = " (pucat: sebelumnya)" if full else ""
    panels = [_months(f"Berminat per bulan{beside}", interested), _months("Dapat pesanan per bulan (orang)", ordered)]
    return _chart(panels, asked, district, now)


def parts_chart(figures: Figures, asked: Asked, district: District, now: datetime) -> Chart:
    """Opportunities and interest, by product and by market."""
    products = ((report.product_name(key, district), counts) for key, counts in figures.by_product)
    markets = ((report.market_name(key, district), counts) for key, counts in figures.by_market)
    return _chart([_parts("Menurut produk", products), _parts("Menurut pasar", markets)], asked, district, now)


def _months(heading: str, bars: list[Bar]) -> Panel:
    return {"heading": heading, "is_upright": True, "columns": [{"head": "", "bars": bars}], "empty": EMPTY}


def _parts(heading: str, each: Iterable[tuple[Shown, Counts]]) -> Panel:
    named = [(_capital(said(name)), counts) for name, counts in each]
    if len(named) > ROWS:
        rest = Counts()
        for _, counts in named[ROWS - 1 :]:
            rest.add(counts)
        named = [*named[: ROWS - 1], (f"{len(named) - ROWS + 1} lainnya", rest)]
    columns: list[Column] = [
        {"head": "Terbit", "bars": [_bar(name, counts.published) for name, counts in named]},
        {"head": "Berminat", "bars": [_bar(name, counts.interested) for name, counts in named]},
    ]
    return {"heading": heading, "is_upright": False, "columns": columns, "empty": EMPTY}


def _bar(name: str, value: int) -> Bar:
    return {"name": name, "value": value, "label": said(Number(value)), "is_full": True}


def _chart(panels: list[Panel], asked: Asked, district: District, now: datetime) -> Chart:
    office = said(report.office_name(asked, district))
    day = said(report.today(district, now))
    return {"title": title_of(asked), "subtitle": f"{office} · per {day}", "panels": panels}


def title_of(asked: Asked) -> str:
    """As "Peluang: Desember 2025 – November 2026"; a whole year's is shortened, since the picture is narrow."""
    first, *_, last = [*asked.period.each()] * 2
    if asked.period.months == 1:
        return f"Peluang: {said(Date(f'{first:%Y-%m}'))}"
    begins = MONTHS[first.month - 1] + (f" {first.year}" if first.year != last.year else "")
    return f"Peluang: {begins} – {MONTHS[last.month - 1]} {last.year}"


def said(words: Shown | Date) -> str:
    """As papers say it: in the first language, whoever asks for them."""
    return words if isinstance(words, str) else words.in_language(FIRST_LANGUAGE)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
