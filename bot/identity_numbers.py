"""Identity numbers (NIK) are struck from an update before it is stored: 16 digits become as many bullets.

Entity offsets stay true, since a bullet counts as one UTF-16 unit, as each digit did.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from domain.trainings import numbers
from messages.limits import units

# Also what cannot be seen (soft hyphens, joiners) and what makes a digit a keycap.
_BETWEEN = r"[\s.\-‐-―−·•_/\u00ad\u200b-\u200d\u2060\ufeff\ufe0f\u20e3]{0,3}"
# Overlapping finds are wanted: a phone number before the NIK must not hide its beginning.
_SIXTEEN = re.compile(rf"(?<!\d)(?=(\d(?:{_BETWEEN}\d){{15}})(?!\d))")
_DIGIT = re.compile(r"\d")

# Days and hours have as many digits, and are none: those of a training, and from when to when one registers.
_WHOLE = (
    r"(?<!\d)(?:[0-3]?\d(?P<sign{n}>[-/.])[01]?\d(?P=sign{n})20[2-4]\d"
    r"|20[2-4]\d(?P<sign_{n}>[-/.])[01]?\d(?P=sign_{n})[0-3]?\d|[0-3]?\d(?P<short{n}>[-/.])[01]?\d(?P=short{n})[2-4]\d)(?!\d)"
)
_HOUR = r"[0-2]?\d[.:][0-5]\d"
_HOURS = rf"{_HOUR}\s*[-–]\s*{_HOUR}(?!\d)"
_HELD = re.compile(rf"(?<!\d)[0-3]?\d[-/.][01]?\d[-/.]20\d\d\s+{_HOURS}", re.ASCII)
_FROM_TO = re.compile(
    rf"(?P<first>{_WHOLE.format(n=1)})(?:[\s,]{{1,3}}{_HOUR})?(?P<joined>\s{{0,3}}[-‐-―−/·•]\s{{0,3}}|\s{{1,3}})"
    rf"(?P<last>{_WHOLE.format(n=2)})(?:[\s,]{{1,3}}(?:{_HOURS}|{_HOUR}(?!\d)))?",
    re.ASCII,
)
_PROVINCES = frozenset(
    (*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 98))
)
_ON_A_LIST = re.compile(r"[1-9]\d{0,2}", re.ASCII)


def strike(text: str) -> str:
    """*text* with every run of 16 digits (spaces, dots, dashes between allowed) as bullets.

    What people write otherwise stays, though it has as many: "30-11-2026 08.00-15.00", "01/11/2026 - 30/11/2026" and
    "hadir 3-7 dan 12 …".
    """
    if _is_list(text):
        return text
    parts, done = [], 0
    for start, end in _days_in(text):
        parts += [_strike(text[done:start]), text[start:end]]
        done = end
    return "".join([*parts, _strike(text[done:])])


def _days_in(text: str) -> Iterator[tuple[int, int]]:
    """Where days stand that are none, in order."""
    done = 0
    spans = [found.span() for found in _HELD.finditer(text)]
    spans += [found.span() for found in _FROM_TO.finditer(text) if _is_from_to(found)]
    for start, end in sorted(spans):
        if start >= done:
            yield start, end
            done = end


def _is_from_to(found: re.Match[str]) -> bool:
    """Whether these are two days, and no identity number that is cut up as they are.

    The last four digits of one count those born on a day in a kecamatan, so no year stands there, but for chance; nor
    does a province have the number 20. That chance is taken only where a dash leads from one day to a later one, and
    other signs stand in the days.
    """
    first, last = _date(found["first"]), _date(found["last"])
    if not first or not last:
        return False
    digits, days = ("".join(_DIGIT.findall(part)) for part in (found[0], found["first"] + found["last"]))
    signs = {sign for sign in re.split(r"\d+", f"{found['first']}{found['joined']}{found['last']}") if sign}
    is_short = bool(found["short1"] or found["short2"])
    is_from_to = first <= last and len(signs) > 1 and _DASH.search(found["joined"])
    if is_from_to and (not is_short or found["short1"] == "/" or len(digits) > _DIGITS):
        return True
    # Of years of two digits, what stands behind the days would be the rest of the number.
    return not _may_be_one(digits[:_DIGITS] if is_short else days) and (not is_short or len(digits) >= _DIGITS)


def _date(written: str) -> date | None:
    one, month, other = (int(number) for number in re.split(r"[-/.]", written))
    year, day = (one, other) if one > _MOST_DAYS else (other, one)
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


_DASH = re.compile(r"[-‐-―−]")
_DIGITS = 16
_MOST_DAYS = 31
_WOMEN = 40
"""What is added to a woman's day of birth."""


def _may_be_one(digits: str) -> bool:
    """Whether an identity number may have these: province, regency, kecamatan, day, month and year of birth, count."""
    if len(digits) != _DIGITS:
        return False
    province, regency, kecamatan, day, month = (int(digits[place : place + 2]) for place in range(0, 10, 2))
    is_somewhere = province in _PROVINCES and regency > 0 and kecamatan > 0
    is_born = 1 <= (day - _WOMEN if day > _WOMEN else day) <= _MOST_DAYS and 1 <= month <= 12
    return is_somewhere and is_born and digits[12:] != "0000"


def _is_list(text: str) -> bool:
    """Whether it is a list of participants' numbers: each of at most three digits, none led by a zero."""
    ranges = numbers.written(text) if numbers.BEGINS.match(text) else None
    return bool(ranges) and all(
        _ON_A_LIST.fullmatch(first) and _ON_A_LIST.fullmatch(last) and int(first) <= int(last)
        for first, last in ranges or ()
    )


def _strike(text: str) -> str:
    parts, done = [], 0
    for found in _SIXTEEN.finditer(text):
        start, end = max(found.start(1), done), found.end(1)
        parts += [text[done:start], _DIGIT.sub("•", text[start:end])]
        done = end
    return "".join([*parts, text[done:]])


def strike_all(payload: Any, name: str = "") -> Any:
    """A copy of an update's JSON with `strike` applied to every string but ids.

    Not to texts and captions alone: a scan's file is often called by the number that stands on it.
    """
    if isinstance(payload, str):
        return payload if _is_id(name) else _strike_units(payload)
    if isinstance(payload, dict):
        return {key: strike_all(value, key) for key, value in payload.items()}
    return [strike_all(item, name) for item in payload] if isinstance(payload, list) else payload


def _is_id(name: str) -> bool:
    return name in {"id", "chat_instance"} or name.endswith("_id")


def _strike_units(text: str) -> str:
    struck = strike(text)
    # Digits outside the first plane (𝟏𝟐𝟑) take two units each, so they get two bullets.
    if struck == text or units(struck) == units(text):
        return struck
    return "".join("•" * units(old) if new == "•" else new for old, new in zip(text, struck, strict=True))
