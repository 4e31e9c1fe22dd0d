"""Months a report is about, and the number by which a row of the outbox names them with the office."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from domain.district import District
from messages import Date, Sentence, say

KINDS = ("month", "last", "year", "twelve")
"""This month, the last one, this year, and the last twelve months with this one."""

COMPARED = 6
"""Months that are shown at least, the period's own the last of them."""

LONGEST = 12

PICTURE_MONTHS, PICTURE_PARTS, BOOK = "report_months", "report_parts", "report_book"
"""Kinds of files (`bot.documents`), by the number of an Asked."""


@dataclass(frozen=True)
class Period:
    """Whole months, one after the other."""

    first: int
    """The first one: twelve times the year, and the months since January."""
    months: int

    @property
    def last(self) -> int:
        return self.first + self.months - 1

    def each(self) -> Iterator[date]:
        """The first day of each month."""
        return (_day(number) for number in range(self.first, self.first + self.months))

    def bounds(self, zone: str) -> list[datetime]:
        """When each month begins in *zone*, and when the last one is over."""
        days = (_day(number) for number in range(self.first, self.first + self.months + 1))
        return [datetime(day.year, day.month, 1, tzinfo=ZoneInfo(zone)) for day in days]

    def with_earlier(self) -> "Period":
        """With as many months before it as there must be to compare."""
        months = max(self.months, COMPARED)
        return Period(self.last - months + 1, months)

    def name(self) -> Date | Sentence:
        """As "November 2026", or "Desember 2025 – November 2026"."""
        first, last = (Date(f"{_day(number):%Y-%m}") for number in (self.first, self.last))
        return first if self.months == 1 else say("report.months", first=first, last=last)


def _day(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def period_of(kind: str, district: District, now: datetime) -> Period:
    """One of KINDS as it is *now*. Raises KeyError."""
    today = now.astimezone(ZoneInfo(district.timezone)).date()
    this = today.year * 12 + today.month - 1
    return {
        "month": Period(this, 1),
        "last": Period(this - 1, 1),
        "year": Period(today.year * 12, today.month),
        "twelve": Period(this - 11, LONGEST),
    }[kind]


@dataclass(frozen=True)
class Asked:
    """Of which months and of whom: 0 for all offices, else the place of one among the district's, from 1."""

    period: Period
    place: int = 0

    @property
    def number(self) -> int:
        """All of it in one number."""
        return (self.period.first * 100 + self.period.months) * 100 + self.place

    def offices(self, district: District) -> list[str]:
        """Keys; none where there is no such office any more."""
        keys = [office.key for office in district.offices]
        return keys if self.place == 0 else keys[self.place - 1 : self.place]


def asked_of(number: int) -> Asked | None:
    """What *number* names; None for one that names nothing."""
    months, place = divmod(number, 100)
    first, length = divmod(months, 100)
    is_real = date.min.year < first // 12 < date.max.year and 1 <= length <= LONGEST
    return Asked(Period(first, length), place) if is_real else None
