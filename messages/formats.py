"""Dates, durations, numbers and rupiah as a language writes them (Babel's CLDR data)."""

from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date, format_timedelta
from babel.numbers import format_decimal


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
        return format_date(date(year, rest[0], rest[1] if len(rest) > 1 else 1), pattern, locale=language)


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
