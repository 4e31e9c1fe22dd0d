"""Dates, numbers and rupiah as a language writes them (Babel's CLDR data)."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal


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
class Rupiah:
    value: int

    def in_language(self, language: str) -> str:
        # Rupiah has no cents that anybody pays; Babel would write ",00".
        return format_currency(self.value, "IDR", "¤#,##0", locale=language, currency_digits=False)
