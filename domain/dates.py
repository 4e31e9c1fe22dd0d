"""Days and hours as people here write them: "besok jam 8", "Senin, 30 November 2026 08.00", "lusa 3 sore"."""

import re
from datetime import date, datetime, time, timedelta

_DAYS = {
    **dict.fromkeys(("hari ini", "hariini", "dina iki", "saiki", "today", "nanti"), 0),
    **dict.fromkeys(("besok", "besuk", "bsk", "sesuk", "mbesuk", "tomorrow"), 1),
    **dict.fromkeys(("lusa", "emben"), 2),
}
_WEEKDAYS = {
    **{name: day for day, name in enumerate(("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu"))},
    **{
        name: day
        for day, name in enumerate(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))
    },
    "slasa": 1,
    "rebo": 2,
    "kemis": 3,
    "jum'at": 4,
    "jemuwah": 4,
    "setu": 5,
    "ahad": 6,
    "ngahad": 6,
}
END_OF_DAY = time(23, 59)
"""Of a day without an hour."""

_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")

_CLOCK = re.compile(
    r"(?:(?:jam|pukul|pkl|at)\.?\s*)?(?P<hour>\d{1,2})(?:\s*[.:]\s*(?P<minute>\d{2}))?\s*"
    r"(?P<part>pagi|subuh|siang|sore|malam|esuk|awan|bengi|am|pm)?\s*(?:wib)?",
    re.ASCII,
)
_MORNING, _NOON, _EVENING = {"pagi", "subuh", "esuk", "am"}, {"siang", "awan"}, {"sore", "malam", "bengi", "pm"}
_NIGHT, _SMALL_HOURS = {"malam", "bengi"}, 5
"""An hour of the night before that one is after midnight: "jam 1 malam" is 01.00."""


_NIGHT_FIRST = re.compile(r"^(?:malam|bengi)\b")
_NEXT = ("depan ", "ngarep ", "next ")
_DATE = re.compile(r"^(?:tgl|tanggal)\.?\s*")
_FROM_NOW = re.compile(
    r"(?P<number>\d{1,2}|se)\s*(?P<unit>hari|dina|minggu|days?|weeks?)\s+(?:lagi|engkas|maneh|from\s+now)[\s,]+",
    re.ASCII,
)
_CLOCK_FIRST = re.compile(
    r"((?:jam|pukul|pkl)\b.*?\d(?:\s*(?:pagi|subuh|siang|sore|malam|esuk|awan|bengi))?)\s+([a-z].+)", re.ASCII
)
_PART_FIRST = re.compile(r"^(pagi|subuh|siang|sore|malam|esuk|awan|bengi)\s+(.+)$")
_NUMBERS = re.compile(
    r"(?P<day>\d{1,2})\s*[-/.]\s*(?P<month>\d{1,2})(?:\s*[-/.]\s*(?P<year>\d{4}|\d{2}))?[\s,]+", re.ASCII
)
_DAY_ONLY = re.compile(r"(?P<day>\d{1,2})(?:[\s,]+)(?=jam|pukul|pkl|\d)", re.ASCII)
_WORDS = re.compile(r"(?P<day>\d{1,2})\s+(?P<month>[a-z]{3,9})(?:\s+(?P<year>\d{4}))?[\s,]+", re.ASCII)


SOON = timedelta(days=10)


def example(here: datetime) -> date:
    """A day that may be typed, to show how: soon, seen from *here*, so that it never has passed."""
    return here.date() + SOON


def in_numbers(day: date) -> str:
    """As "05-12-2026", which is read in every language."""
    return f"{day:%d-%m-%Y}"


def moment(text: str, here: datetime) -> datetime | None:
    """A day and an hour, or an hour alone, in small letters, seen from *here*; None for neither."""
    if turned := _CLOCK_FIRST.fullmatch(text):
        text = text if clock_of(text) else f"{turned[2]} {turned[1]}"
    clock = clock_of(text)  # first, since "08.10" could be a day of October too
    day, rest, is_weekday = (None, text, False) if clock else _day(text, here)
    clock = clock or clock_of(rest)
    if clock is None:
        return None
    at = datetime.combine(day or here.date(), clock, here.tzinfo)
    if day is None:  # an hour alone is the next one
        return at if at > here else at + timedelta(days=1)
    if is_weekday and at <= here:
        return at + timedelta(days=7)
    is_after_midnight = clock.hour < _SMALL_HOURS and any(part in rest for part in _NIGHT)
    if is_after_midnight and (day == here.date() or _NIGHT_FIRST.match(rest)):
        return at + timedelta(days=1)
    return at


def clock_of(text: str) -> time | None:
    """An hour, as "08.00", "jam 8 pagi" or "3 sore"; None for none."""
    found = _CLOCK.fullmatch(_PART_FIRST.sub(r"\2 \1", text.strip()))
    if found is None:
        return None
    hour, part = int(found["hour"]), found["part"] or ""
    is_evening = part in _EVENING and hour < 12 and not (part in _NIGHT and hour < _SMALL_HOURS)
    if is_evening or (part in _NOON and hour < 7):
        hour += 12
    elif part in {*_MORNING, "malam", "bengi"} and hour == 12:
        hour = 0
    try:
        return time(hour, int(found["minute"] or 0))
    except ValueError:
        return None


def day_of(text: str, here: datetime) -> tuple[date | None, str]:
    """The day that is named first, None for none, and what follows it; a weekday is the next one, never today."""
    day, rest, is_weekday = _day(text, here)
    return (day + timedelta(days=7) if is_weekday and day == here.date() else day), rest


def _day(text: str, here: datetime) -> tuple[date | None, str, bool]:
    """The day that is named first, None for none; what follows it; and whether it is the next of its weekday.

    A day that there is not leaves nothing.
    """
    if found := _FROM_NOW.match(text):
        number = 1 if found["number"] == "se" else int(found["number"])
        is_days = found["unit"] in {"hari", "dina", "day", "days"}
        return here.date() + timedelta(days=number * (1 if is_days else 7)), text[found.end() :], False
    for name, number in (*_DAYS.items(), *_WEEKDAYS.items()):
        if not text.startswith(f"{name} ") and not text.startswith(f"{name},"):
            continue
        rest = text[len(name) :].lstrip(" ,")
        if dated := _dated(rest, here):
            return (*dated, False)
        if name in _DAYS:
            return here.date() + timedelta(days=number), rest, False
        if rest.startswith(_NEXT) and name != "minggu":  # which is a week then
            monday = here.date() + timedelta(days=7 - here.weekday())
            return monday + timedelta(days=number), rest.partition(" ")[2], False
        return here.date() + timedelta(days=(number - here.weekday()) % 7), rest, True
    return (*(_dated(text, here) or (None, text)), False)


def _dated(text: str, here: datetime) -> tuple[date, str] | None:
    without = _DATE.sub("", text)
    found = _NUMBERS.match(without) or _WORDS.match(without)
    if found is None or (without != text and not month_of(found["month"])):
        return _day_of_month(without, here) if without != text else None
    text = without
    month = month_of(found["month"])
    year = int(found["year"] or here.year)
    try:
        day = date(year + 2000 if year < 100 else year, month, int(found["day"]))
        if not found["year"] and day < here.date():
            day = day.replace(year=day.year + 1)
    except ValueError:
        return None
    return day, text[found.end() :]


def _day_of_month(text: str, here: datetime) -> tuple[date, str] | None:
    """The next day of that number: of this month, or of the first after it that has one."""
    found = _DAY_ONLY.match(text)
    if found is None:
        return None
    month = here.date().replace(day=1)
    for _ in range(3):
        try:
            day = month.replace(day=int(found["day"]))
        except ValueError:
            day = None
        if day is not None and day >= here.date():
            return day, text[found.end() :]
        month = (month + timedelta(days=31)).replace(day=1)
    return None


def month_of(text: str) -> int:
    """1 to 12; 0 for none."""
    if text.isdigit():
        return int(text)
    short = {"ags": "agu", "aug": "agu", "may": "mei", "oct": "okt", "dec": "des"}.get(text[:3], text[:3])
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0
