"""The days that a post names, as people write them: "5-7 Des", "30/11/2026", "December 12", "tgl 30"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = (
    ("januari", "january", "jan"),
    ("februari", "pebruari", "february", "feb", "peb"),
    ("maret", "march", "mar"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("agustus", "august", "agust", "agu", "ags", "agt", "aug"),
    ("september", "sept", "sep"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nopember", "nov", "nop"),
    ("desember", "december", "des", "dec"),
)
_NUMBER_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_MONTH = "|".join(sorted(_NUMBER_OF, key=len, reverse=True))
WEEKDAY = (
    r"(?:senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad|slasa|rebo|kemis|jemuwah|setu"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun)"
)
TILL = r"(?:s\s?[./]?\s?d\b\.?|sa?mpa?i(?:\s+d(?:en)?ga?n?)?|hingga|nganti|ngantos|dumugi|tekan|until|till|through)"
JOINED = rf"\s*(?:[-–—,&]|dan\b|lan\b|and\b|to\b|{TILL})\s*(?:tgl\.?\s*|tanggal\s*)?(?:{WEEKDAY}\s*,?\s*)?"
_STOP = rf"(?:\.(?!\s+(?!{TILL}|jam\b|pukul\b|pkl\b)(?-i:[A-Z])))?"
"""Of a month's short name; before a capital it ends the sentence."""
_DAY = r"[0-9]{1,2}(?![0-9])"
_YEAR = r"(?P<year>20[0-9]{2})(?![0-9])"
_QUOTED = r"\s?['’‘`]\s?(?P<quoted>[0-9]{2})(?![0-9])"
_IS_NONE = (
    rf"[0-9]|\s*[.:]\s*[0-9]|\s*(?:{_MONTH}|wib|wita|wit|am|pm|pagi|siang|sore|malam|jam(?!\s*[0-9])|hours?|menit|hari|tahun|th"
    r"|orang|peserta|pendaftar|pelaku|umkm|ikm|usaha|tim|team|stan|stand|booth|tenant|lapak|meja|kursi|kuota|slot|pcs|pc|pax|unit|buah|kg|ton"
    r"|ribu|rb|juta|jt|k|persen)\b|\s*%"
)
_SHORT = rf"[\s-](?P<short>[23][0-9])(?!{_IS_NONE})"
"""A year of two digits behind a month in words: no hour, no number of stands, no other day."""

_IN_WORDS = re.compile(
    rf"(?<![0-9])(?<![0-9][.,:/])(?:(?<!jam )(?<!pukul )(?<!pkl )(?<!pkl\. )(?P<first>{_DAY})(?:st|nd|rd|th)?"
    rf"{JOINED}(?:{_DAY}{JOINED}){{0,4}})?"
    rf"(?P<day>{_DAY})(?:st|nd|rd|th)?[\s-]*(?:of\s+)?(?P<month>{_MONTH})(?![a-z]){_STOP}"
    rf"(?:[\s,'’-]{{0,3}}{_YEAR}|{_QUOTED}|{_SHORT})?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?<![a-z])(?P<month>{_MONTH})(?![a-z])\.?\s+(?:(?P<first>{_DAY})(?:st|nd|rd|th)?{JOINED})?(?P<day>{_DAY})"
    rf"(?:st|nd|rd|th)?(?![.:][0-9])(?:\s*,?\s*{_YEAR}|{_QUOTED})?",
    re.IGNORECASE,
)
_IN_NUMBERS = re.compile(
    rf"(?:(?<![0-9./-])|(?<=[a-z]{{4}}/)|(?<=[a-z]{{3}}\.))(?:(?P<first>{_DAY})\s*(?:[-–]|{TILL})\s*(?=[0-9]{{1,2}}[/.]))?"
    r"(?P<day>[0-9]{1,2})(?P<sep>[/.-])"
    r"(?P<month>[0-9]{1,2})(?:(?P=sep)(?P<year>20[0-9]{2}|[0-9]{2}))?(?![0-9])(?![./-][0-9])",
    re.IGNORECASE,
)
_NUMBERS_APART = re.compile(
    r"(?<![0-9./-])(?P<first>)(?P<day>[0-9]{1,2})\s(?P<sep>[/–-])\s(?P<month>[0-9]{1,2})\s(?P=sep)\s(?P<year>20[0-9]{2})(?![0-9])"
)
_YEAR_FIRST = re.compile(
    r"(?<![0-9])(?<![0-9][./-])(?P<year>20[0-9]{2})(?P<sep>[/.-])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})(?P<first>)(?![0-9])"
)
_DAY_ALONE = re.compile(
    r"\b(?:tgl|tanggal)\.?\s*(?P<day>[0-9]{1,2})(?![0-9]|\s*[./:-]\s*[0-9])(?!\s+bulan\s+(?:depan|ngarep))",
    re.IGNORECASE,
)
_NAMED_AS_DAY = re.compile(
    rf"(?:{WEEKDAY}|\btgl|\btanggal|\bdeadline|\bla?mba?t|\bte?la?t|\bdi?tutup|\bdl|{TILL})[\s.,:(]*$", re.IGNORECASE
)
"""What stands before "4/12" where that is a day and no fraction."""

_BETWEEN = re.compile(JOINED, re.IGNORECASE)


@dataclass(frozen=True)
class Day:
    """One day, or the last of several that were said as one."""

    starts: int
    ends: int
    last: date
    is_range: bool = False
    has_month: bool = True


def days_in(text: str, here: date, longest_over: timedelta = timedelta.max) -> list[Day]:
    """In order; those that there are not (31 February) left out.

    Without a year it is the nearest to *here* of those that are over no longer than *longest_over*.
    """
    found = sorted(_each(text, here, longest_over), key=lambda day: (day.starts, -day.ends))
    apart: list[Day] = []
    for day in found:
        if apart and day.starts < apart[-1].ends:
            continue
        before = apart[-1] if apart else None
        if before and before.has_month and _BETWEEN.fullmatch(text, before.ends, day.starts):
            apart[-1] = Day(before.starts, day.ends, day.last, is_range=True)
        else:
            apart.append(day)
    return apart


_DATED = (_IN_WORDS, _MONTH_FIRST, _YEAR_FIRST, _NUMBERS_APART)


def without_days(text: str) -> str:
    """*text* with a blank for each day."""
    for pattern in (*_DATED, _IN_NUMBERS, _DAY_ALONE):
        text = pattern.sub(" ", text)
    return text


def before_first(text: str) -> str:
    """What stands before the first day that is named by its month."""
    starts = min((found.start() for pattern in _DATED if (found := pattern.search(text))), default=len(text))
    return text[:starts]


def _each(text: str, here: date, longest_over: timedelta) -> Iterator[Day]:
    dated: list[Day] = []
    for pattern in (*_DATED, _IN_NUMBERS):
        for found in pattern.finditer(text):
            if pattern is _IN_NUMBERS and not _is_day(text, found):
                continue
            month = _NUMBER_OF.get(found["month"].lower()) or (int(found["month"]) if found["month"].isdecimal() else 0)
            if last := _date(int(found["day"]), month, _year(found), here, longest_over):
                dated.append(Day(found.start(), found.end(), last, is_range=bool(found["first"])))
    yield from dated
    taken = {place for day in dated for place in range(day.starts, day.ends)}
    for found in _DAY_ALONE.finditer(text):
        is_part = any(place in taken for place in range(found.start(), found.end()))
        if not is_part and (last := _next(int(found["day"]), here)):
            yield Day(found.start(), found.end(), last, has_month=False)


def _year(found: re.Match[str]) -> str | None:
    said = found.groupdict()
    return said["year"] or said.get("quoted") or said.get("short")


def _is_day(text: str, found: re.Match[str]) -> bool:
    if found["year"]:
        return True
    return found["sep"] != "." and bool(_NAMED_AS_DAY.search(text[max(0, found.start() - 24) : found.start()]))


def _date(day: int, month: int, year: str | None, here: date, longest_over: timedelta) -> date | None:
    if year:
        return _made(int(year) + (2000 if len(year) == 2 else 0), month, day)
    those = (_made(here.year + years, month, day) for years in (-1, 0, 1))
    return min(
        (made for made in those if made and here - made <= longest_over),
        key=lambda made: abs(made - here),
        default=None,
    )


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _next(day: int, here: date) -> date | None:
    """The next day of that number."""
    month = here.replace(day=1)
    for _ in range(3):
        made = _made(month.year, month.month, day)
        if made and made >= here:
            return made
        month = (month + timedelta(days=31)).replace(day=1)
    return None
