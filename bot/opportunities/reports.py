"""The files of /laporan, made when they are sent: two pictures and a workbook."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.deliverer import File, Rendering
from bot.opportunities import book, pictures
from bot.opportunities.drawing import Chart
from db.session import Session
from domain.district import District
from domain.opportunities import report
from domain.opportunities.figures_over_time import Figures
from domain.opportunities.periods import BOOK, PICTURE_MONTHS, PICTURE_PARTS, Asked, asked_of
from handlers.turn import House

ChartOf = Callable[[Figures, Asked, District, datetime], Chart]


def reports_of(house: House) -> Mapping[str, Rendering]:
    """By the kind a row gives; each by the number of what was asked for."""
    one_at_a_time = asyncio.Lock()
    return {
        PICTURE_MONTHS: _picture(house, pictures.months_chart, "per-bulan", one_at_a_time),
        PICTURE_PARTS: _picture(house, pictures.parts_chart, "produk-pasar", one_at_a_time),
        BOOK: _book(house),
    }


def _picture(house: House, chart_of: ChartOf, name: str, one_at_a_time: asyncio.Lock) -> Rendering:
    async def render(session: Session, number: int) -> File | None:
        """As things stand; None for a number that names nothing."""
        if (asked := asked_of(number)) is None:
            return None
        figures = await report.figures_of(session, asked, house.district)
        await session.close()  # drawing may take longer than the database lets anybody idle
        async with one_at_a_time:
            picture = await pictures.draw(chart_of(figures, asked, house.district, house.now()))
        return File(f"peluang-{name}-{_span(asked)}.png", picture)

    return render


def _book(house: House) -> Rendering:
    async def render(session: Session, number: int) -> File | None:
        """Likewise."""
        if (asked := asked_of(number)) is None:
            return None
        figures = await report.figures_of(session, asked, house.district)
        content = await asyncio.to_thread(book.spreadsheet, figures, asked, house.district, house.now())
        return File(f"peluang-{_span(asked)}.xlsx", content)

    return render


def _span(asked: Asked) -> str:
    first, *_, last = [*asked.period.each()] * 2
    return f"{first:%Y-%m}" if first == last else f"{first:%Y-%m}-{last:%Y-%m}"
