"""What officers type at the door of who was there: "hadir 3 7 12", "hadir no. 3-7 dan 12"."""

import re

from domain.errors import Refusal
from messages import Number, say

MOST_NUMBERS = 200
"""At once."""

BEGINS = re.compile(r"\s*/?hadir\b[\s:,.;]*", re.IGNORECASE)

MEANT = re.compile(rf"{BEGINS.pattern}(?:$|(?:no|nomor|nomer)?\b[\s.:]*\d)", re.IGNORECASE)
"""Of what begins so, a list or half of one: "hadir di pelatihan kapan" is a question."""

_TO = re.compile(r"\s*(?:[-‐-―−]|\bs\s*[./]\s*d\b\.?|\bsd\b|\bsampai\b|\bnganti\b)\s*", re.IGNORECASE)
"""Between the first and the last of a range."""

_WORDS = re.compile(r"\b(?:nomor|nomer|no)(?![a-z])|\b(?:dan|lan|and)\b", re.IGNORECASE)
"""What means nothing beside numbers."""

_LIST = re.compile(r"\d{1,4}(?:-\d{1,4})?(?:[\s,;.:&+]+\d{1,4}(?:-\d{1,4})?)*", re.ASCII)


class NotNumbers(Refusal):
    """A list of numbers that cannot be meant: too long, or with a range that runs backwards."""


def written(typed: str) -> list[tuple[str, str]] | None:
    """The first and the last of each range in *typed* as written, the same for a single number; None for no list."""
    plain = BEGINS.sub("", typed, count=1)
    plain = _WORDS.sub(" ", _TO.sub("-", plain)).strip(" \t\n,;.:&+")
    if not _LIST.fullmatch(plain):
        return None
    ranges = re.findall(r"(\d+)(?:-(\d+))?", plain)
    return [(first, last or first) for first, last in ranges]


def numbers_in(typed: str) -> list[int] | None:
    """The numbers that *typed* names, ranges written out; None for what is no list of them. Raises NotNumbers."""
    ranges = written(typed)
    if ranges is None:
        return None
    numbers: list[int] = []
    for first, last in ((int(first), int(last)) for first, last in ranges):
        if last < first:
            raise NotNumbers(say("door.backwards", first=str(first), last=str(last)))
        if len(numbers) + last - first >= MOST_NUMBERS:
            raise NotNumbers(say("door.too_many_numbers", most=Number(MOST_NUMBERS)))
        numbers += range(first, last + 1)
    return numbers
