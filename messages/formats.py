"""Dates, durations, numbers and rupiah as a language writes them (Babel's CLDR data)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal

from messages import say

DAYS_OF_THE_WEEK = 6
"""So many days ahead a weekday alone says which day is meant."""


@dataclass(frozen=True)
class Date:
    """A day, a month or a year, as exact as its text: YYYY, YYYY-MM or YYYY-MM-DD."""

    text: str

    def in_language(self, language: str) -> str:
        """As "2 Februari 2026", "Februari 2026" or "2026"; raises ValueError for another form."""
        year, *rest = (int(part) for part in self.text.split("-"))
        if not rest:
            return str(year)
        pattern = "d MMMM y" if len(rest) > 1 else "MMMM y"
        return _written(date(year, rest[0], rest[1] if len(rest) > 1 else 1), pattern, language)


@dataclass(frozen=True)
class Weekday:
    """A day of the week, 0 for Monday."""

    number: int

    def in_language(self, language: str) -> str:
        """As "Senin"."""
        return _written(date(2024, 1, 1 + self.number), "EEEE", language)  # the first of that year was a Monday


@dataclass(frozen=True)
class Day:
    """A day with its weekday, as in a calendar."""

    value: date

    def in_language(self, language: str) -> str:
        """As "Kamis, 24 Desember 2026"."""
        return _written(self.value, "EEEE, d MMMM y", language)


@dataclass(frozen=True)
class Moment:
    """When something happens, as one says it in *zone* at *now*, for the middle of a sentence. Both times are aware."""

    at: datetime
    zone: str
    now: datetime

    def in_language(self, language: str) -> str:
        """As "hari ini pukul 14.00", "besok pukul 08.00", "Senin pukul 08.00", "Senin, 30 November pukul 08.00"; with
        the year where it is another.
        """
        here, today = self.at.astimezone(ZoneInfo(self.zone)), self.now.astimezone(ZoneInfo(self.zone)).date()
        days = (here.date() - today).days
        time = here.strftime("%H:%M" if language == "en" else "%H.%M")
        if days == 0:
            return say("moment.today", time=time).in_language(language)
        if days == 1:
            return say("moment.tomorrow", time=time).in_language(language)
        pattern = "EEEE, d MMMM" if here.year == today.year else "EEEE, d MMMM y"
        pattern = "EEEE" if 0 < days <= DAYS_OF_THE_WEEK else pattern
        return say("moment.day", day=_written(here.date(), pattern, language), time=time).in_language(language)


@dataclass(frozen=True)
class Hours:
    """From when to when, in *zone*, of one day. Both times are aware."""

    starts_at: datetime
    ends_at: datetime
    zone: str

    def in_language(self, language: str) -> str:
        """As "Senin, 30 November 2026, 08.00–15.00 WIB"."""
        zone = ZoneInfo(self.zone)
        begins, ends = self.starts_at.astimezone(zone), self.ends_at.astimezone(zone)
        form = "%H:%M" if language == "en" else "%H.%M"
        day = _written(begins.date(), "EEEE, d MMMM y", language)
        return f"{day}, {begins.strftime(form)}–{ends.strftime(form)} {begins.tzname()}"


@dataclass(frozen=True)
class Number:
    value: int | float

    def in_language(self, language: str) -> str:
        return format_decimal(self.value, locale=language)


@dataclass(frozen=True)
class Duration:
    """How long something lasted, as one says it: "5 menit", "3 jam", "2 hari"."""

    value: timedelta

    def in_language(self, language: str) -> str:
        # Nobody cares for seconds, and "0 menit" would sound as if nothing had been.
        return format_timedelta(
            max(self.value, timedelta(minutes=1)), granularity="minute", threshold=2, locale=language
        )


@dataclass(frozen=True)
class Rupiah:
    value: int

    def in_language(self, language: str) -> str:
        # As price tags here, in every language: Babel would write "IDR" in English, and cents that nobody pays.
        return f"Rp{format_decimal(self.value, locale=language)}"


def _written(day: date, pattern: str, language: str) -> str:
    return format_date(day, pattern, locale=language)
