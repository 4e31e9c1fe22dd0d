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
_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")

_CLOCK = re.compile(
    r"(?:(?:jam|pukul|pkl|at)\.?\s*)?(?P<hour>\d{1,2})(?:\s*[.:]\s*(?P<minute>\d{2}))?\s*"
    r"(?P<part>pagi|siang|sore|malam|esuk|awan|bengi|am|pm)?\s*(?:wib)?",
    re.ASCII,
)
_MORNING, _NOON, _EVENING = {"pagi", "esuk", "am"}, {"siang", "awan"}, {"sore", "malam", "bengi", "pm"}
_PART_FIRST = re.compile(r"^(pagi|siang|sore|malam|esuk|awan|bengi)\s+(.+)$")
_NUMBERS = re.compile(
    r"(?P<day>\d{1,2})\s*[-/.]\s*(?P<month>\d{1,2})(?:\s*[-/.]\s*(?P<year>\d{4}|\d{2}))?[\s,]+", re.ASCII
)
_WORDS = re.compile(r"(?P<day>\d{1,2})\s+(?P<month>[a-z]{3,9})(?:\s+(?P<year>\d{4}))?[\s,]+", re.ASCII)


def moment(text: str, here: datetime) -> datetime | None:
    """A day and an hour, or an hour alone, in small letters, seen from *here*; None for neither."""
    clock = clock_of(text)  # first, since "08.10" could be a day of October too
    day, rest = (None, text) if clock else day_of(text, here)
    clock = clock or clock_of(rest)
    if clock is None:
        return None
    if day is None:  # an hour alone is the next one
        at = datetime.combine(here.date(), clock, here.tzinfo)
        return at if at > here else at + timedelta(days=1)
    return datetime.combine(day, clock, here.tzinfo)


def clock_of(text: str) -> time | None:
    """An hour, as "08.00", "jam 8 pagi" or "3 sore"; None for none."""
    found = _CLOCK.fullmatch(_PART_FIRST.sub(r"\2 \1", text.strip()))
    if found is None:
        return None
    hour, part = int(found["hour"]), found["part"] or ""
    if (part in _EVENING and hour < 12) or (part in _NOON and hour < 7):
        hour += 12
    elif part in {*_MORNING, "malam", "bengi"} and hour == 12:
        hour = 0
    try:
        return time(hour, int(found["minute"] or 0))
    except ValueError:
        return None


def day_of(text: str, here: datetime) -> tuple[date | None, str]:
    """The day that is named first, None for none, and what follows it. A day that there is not leaves nothing."""
    for name, number in (*_DAYS.items(), *_WEEKDAYS.items()):
        if not text.startswith(f"{name} ") and not text.startswith(f"{name},"):
            continue
        ahead = number if name in _DAYS else (number - here.weekday() - 1) % 7 + 1
        rest = text[len(name) :].lstrip(" ,")
        dated = _dated(rest, here)
        return dated or (here.date() + timedelta(days=ahead), rest)
    return _dated(text, here) or (None, text)


def _dated(text: str, here: datetime) -> tuple[date, str] | None:
    found = _NUMBERS.match(text) or _WORDS.match(text)
    if found is None:
        return None
    month = _month(found["month"])
    year = int(found["year"] or here.year)
    try:
        day = date(year + 2000 if year < 100 else year, month, int(found["day"]))
        if not found["year"] and day < here.date():
            day = day.replace(year=day.year + 1)
    except ValueError:
        return None
    return day, text[found.end() :]


def _month(text: str) -> int:
    """1 to 12; 0 for none."""
    if text.isdigit():
        return int(text)
    short = {"ags": "agu", "aug": "agu", "may": "mei", "oct": "okt", "dec": "des"}.get(text[:3], text[:3])
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0
