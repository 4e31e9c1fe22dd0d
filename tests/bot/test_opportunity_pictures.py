"""Pictures of figures: drawn by another process, small, and telling nobody's orders; a failure is not waited for."""

import struct
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.opportunities import pictures
from bot.opportunities.drawing import DPI, WIDTH, height
from domain.district import read_district
from domain.opportunities.figures_over_time import Counts, Figures
from domain.opportunities.periods import Asked, period_of
from tests.conftest import LAMONGAN

DISTRICT = read_district(LAMONGAN)
NOW = datetime(2026, 11, 26, 5, tzinfo=UTC)


def figures(asked: Asked, orders: int) -> Figures:
    months = [(first, Counts(1, 2, 3, 1, orders)) for first in asked.period.with_earlier().each()]
    markets = [(code, Counts(1, 2, 3)) for code in DISTRICT.countries]
    return Figures(Counts(1, 2, 3), {}, by_product=[(None, Counts(1, 2, 0))], by_market=markets, by_month=months)


def values(chart: Any, panel: int, column: int = 0) -> list[tuple[float, str]]:
    return [(bar["value"], bar["label"]) for bar in chart["panels"][panel]["columns"][column]["bars"]]


class TestCharts:
    @pytest.mark.parametrize(("orders", "shown"), [(0, (0, "0")), (1, (2, "<3")), (2, (2, "<3")), (3, (3, "3"))])
    def test_tell_few_orders_from_each_other_by_nothing(self, orders: int, shown: tuple[float, str]) -> None:
        """One and two look alike, in words and in length."""
        asked = Asked(period_of("twelve", DISTRICT, NOW))

        assert set(values(pictures.months_chart(figures(asked, orders), asked, DISTRICT, NOW), 1)) == {shown}

    def test_mark_the_period(self) -> None:
        """Months beside it are pale, and it says so; of a whole year there are none."""
        month, year = (Asked(period_of(kind, DISTRICT, NOW), 1) for kind in ("month", "twelve"))
        compared = pictures.months_chart(figures(month, 0), month, DISTRICT, NOW)
        whole = pictures.months_chart(figures(year, 0), year, DISTRICT, NOW)

        assert [bar["is_full"] for bar in compared["panels"][0]["columns"][0]["bars"]] == [False] * 5 + [True]
        assert compared["panels"][0]["heading"] == "Berminat per bulan (pucat: sebelumnya)"
        assert (compared["title"], compared["subtitle"]) == (
            "Peluang: November 2026",
            "Diskopum · per 26 November 2026",
        )
        assert (whole["title"], whole["panels"][0]["heading"]) == ("Peluang: Des 2025 – Nov 2026", "Berminat per bulan")

    def test_gather_what_is_too_much(self) -> None:
        """Ten countries are five lines and the rest of them: of opportunities as of who is interested."""
        asked = Asked(period_of("month", DISTRICT, NOW))
        chart = pictures.parts_chart(figures(asked, 0), asked, DISTRICT, NOW)

        assert [bar["name"] for bar in chart["panels"][1]["columns"][0]["bars"]][4:] == ["India", "5 lainnya"]
        assert [column["head"] for column in chart["panels"][1]["columns"]] == ["Terbit", "Berminat"]
        assert (values(chart, 1)[-1], values(chart, 1, 1)[-1]) == ((5, "5"), (15, "15"))


class TestDrawing:
    async def test_is_as_large_as_a_phone_needs(self) -> None:
        """Twice a phone's width, as high as what is on it, and small enough for a bad line."""
        asked = Asked(period_of("twelve", DISTRICT, NOW))
        for chart_of in (pictures.months_chart, pictures.parts_chart):
            chart = chart_of(figures(asked, 1200), asked, DISTRICT, NOW)
            picture = await pictures.draw(chart)

            assert struct.unpack(">II", picture[16:24]) == (WIDTH * DPI, round(height(chart) * DPI))
            assert len(picture) < 150_000

    async def test_that_fails_says_why(self) -> None:
        """What the process said last is in the error."""
        broken: Any = {"title": "x"}
        with pytest.raises(pictures.NotDrawn, match="KeyError"):
            await pictures.draw(broken)

    async def test_ends_in_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A process that takes too long is ended, not waited for."""
        monkeypatch.setattr(pictures, "LONGEST", 0.01)
        with pytest.raises(TimeoutError):
            await pictures.draw({"title": "x", "subtitle": "y", "panels": []})
