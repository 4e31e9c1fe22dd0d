"""Months that a report is about: whole ones of the place, named by a number that leads back to them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.district import read_district
from domain.opportunities.periods import KINDS, Asked, Period, asked_of, period_of
from tests.conftest import LAMONGAN

DISTRICT = read_district(LAMONGAN)
IN_JANUARY = datetime(2027, 1, 15, 5, tzinfo=UTC)


def span(period: Period) -> tuple[date, date]:
    first, *_, last = [*period.each()] * 2
    return first, last


class TestPeriods:
    @pytest.mark.parametrize(
        ("kind", "first", "last"),
        [
            ("month", date(2027, 1, 1), date(2027, 1, 1)),
            ("last", date(2026, 12, 1), date(2026, 12, 1)),
            ("year", date(2027, 1, 1), date(2027, 1, 1)),
            ("twelve", date(2026, 2, 1), date(2027, 1, 1)),
        ],
    )
    def test_go_over_the_year(self, kind: str, first: date, last: date) -> None:
        """In January the month before is of last year, and this year is one month long."""
        assert span(period_of(kind, DISTRICT, IN_JANUARY)) == (first, last)

    def test_are_of_the_place(self) -> None:
        """On the first at one in the morning it is the new month there, though not at Greenwich."""
        night = datetime(2026, 11, 30, 18, tzinfo=UTC)

        assert span(period_of("month", DISTRICT, night))[0] == date(2026, 12, 1)
        assert period_of("month", DISTRICT, night).bounds(DISTRICT.timezone)[0] == datetime(
            2026, 11, 30, 17, tzinfo=UTC
        )

    @pytest.mark.parametrize(("kind", "months"), [("month", 6), ("last", 6), ("year", 6), ("twelve", 12)])
    def test_are_compared_with_those_before(self, kind: str, months: int) -> None:
        """At least half a year is shown, and it ends with the period."""
        period = period_of(kind, DISTRICT, IN_JANUARY)

        assert (period.with_earlier().months, period.with_earlier().last) == (months, period.last)

    @pytest.mark.parametrize(("kind", "said"), [("month", "Januari 2027"), ("twelve", "Februari 2026 – Januari 2027")])
    def test_have_names(self, kind: str, said: str) -> None:
        """As people say them."""
        assert period_of(kind, DISTRICT, IN_JANUARY).name().in_language("id") == said


class TestNumbers:
    @given(st.sampled_from(KINDS), st.dates(date(1990, 1, 1), date(2200, 1, 1)), st.integers(0, 99))
    def test_lead_back(self, kind: str, day: date, place: int) -> None:
        """A row of the outbox names all that was asked for by one number."""
        asked = Asked(period_of(kind, DISTRICT, datetime(day.year, day.month, day.day, tzinfo=UTC)), place)

        assert asked_of(asked.number) == asked

    @pytest.mark.parametrize("number", [0, 1, 999999, 243220001, 243221301, 10**12 - 1, 121200])
    def test_that_are_forged_name_nothing(self, number: int) -> None:
        """No months, more than a year of them, or a year that there is not."""
        assert asked_of(number) is None
