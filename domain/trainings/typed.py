"""What officers type of a training, read into what is kept of it."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from db.models import Training
from domain import dates
from domain.trainings.editing import BadTraining, Hours
from domain.trainings.importing import hours_of, moment_of
from messages import Number, say

LINES = ("title", "place", "address", "contact", "online_link")
"""Fields that are one line of words."""

MOMENTS = ("opens_at", "closes_at", "cancel_until")

EMPTIED: dict[str, Any] = {
    "place": "",
    "address": "",
    "contact": "",
    "online_link": None,
    "opens_at": None,
    "closes_at": None,
    "cancel_until": None,
    "waiting_cap": None,
    "picture": None,
}
"""What may be left empty, and how that is kept."""

LARGEST = 10_000


def read(field: str, typed: str, zone: ZoneInfo, now: datetime) -> Any:
    """The value of *field* as officers type it at *now*, times of *zone*. Raises BadTraining saying what would do."""
    here = now.astimezone(zone)
    if field == "days":
        return days(typed, here)
    if field in MOMENTS:
        return moment(typed, here)
    if field in {"seats", "waiting_cap"}:
        return number(typed)
    text = " ".join(typed.split()) if field in LINES else typed.strip()
    if not any(letter.isalnum() for letter in text):
        raise BadTraining(say("training.words_needed"))
    return text


_BETWEEN = re.compile(r"\s*[-–—]\s*|\s+(?:sampai(?: dengan)?|s\.?/?d\.?|nganti|to|until)\s+")
"""Between the hours, and in dates."""
_LIST = re.compile(r"\s*,\s*|\s+(?:dan|lan|and|&)\s+")
_EVENING = re.compile(r"\b(?:sore|malam|bengi|pm)\b")
_PART = re.compile(r"\b(?:pagi|siang|sore|malam|esuk|awan|bengi|am|pm)\b")
EARLY = 7
"""Before this hour nothing begins that ends in the evening: "jam 1 sampai 3 sore" is of the afternoon."""

_DAY_ONLY = re.compile(r"\d{1,2}", re.ASCII)


def days(typed: str, here: datetime) -> list[Hours]:
    """A day a line, or several with commas between. Raises BadTraining naming the first line that is none."""
    found = []
    for line in re.split(r"[\n|;]", typed):
        if line.strip():
            hours = _hours(line, here)
            several = [hours] if hours else _listed(line, here)
            if several is None:
                raise BadTraining(say("training.day_unreadable", line=line.strip()[:60]))
            found += several
    if not found:
        raise BadTraining(say("training.day_unreadable", line=typed.strip()[:60]))
    return found


def _hours(line: str, here: datetime) -> Hours | None:
    """One day with its hours, in numbers or in words; None for what is none."""
    zone = here.tzinfo
    if not isinstance(zone, ZoneInfo):
        raise TypeError("here is not in a zone")
    try:
        return hours_of(line, zone)
    except ValueError:
        text = " ".join(line.lower().split())
    # The last dash stands between the hours: one before it may be of the date.
    for found in reversed(list(_BETWEEN.finditer(text))):
        ends = dates.clock_of(text[found.end() :])
        day, rest = dates.day_of(text[: found.start()], here)
        begins = dates.clock_of(rest)
        if day and begins and ends:
            if begins.hour < EARLY and not _PART.search(rest) and _EVENING.search(text[found.end() :]):
                begins = begins.replace(hour=begins.hour + 12)
            return Hours(datetime.combine(day, begins, zone), datetime.combine(day, ends, zone))
    return None


def _listed(line: str, here: datetime) -> list[Hours] | None:
    """Days with commas between; the hours, and the month, may stand once at the end. None for no such list."""
    parts = [part for part in _LIST.split(" ".join(line.lower().split())) if part]
    found: list[Hours] = []
    for part in reversed(parts):
        after = found[-1] if found else None
        hours = _hours(part, here) or (_like(part, after, here) if after else None)
        if hours is None:
            return None
        found.append(hours)
    return found[::-1] or None


def _like(part: str, after: Hours, here: datetime) -> Hours | None:
    """A day without hours, at the hours of the one *after* it."""
    try:
        bare = after.starts_at.date().replace(day=int(part)) if _DAY_ONLY.fullmatch(part) else None
    except ValueError:
        return None
    day, rest = (bare, "") if bare else dates.day_of(f"{part} ", here)
    if day is None or rest.strip():
        return None
    begins, ends = after.starts_at.timetz(), after.ends_at.timetz()
    return Hours(datetime.combine(day, begins), datetime.combine(day, ends))


def moment(typed: str, here: datetime) -> datetime:
    """Raises BadTraining for what is no moment."""
    zone = here.tzinfo
    try:
        at = moment_of(typed, zone) if isinstance(zone, ZoneInfo) else None
    except ValueError:
        at = dates.moment(" ".join(typed.lower().split()), here)
    if at is None:
        raise BadTraining(say("training.moment_unreadable", typed=typed.strip()[:60]))
    return at.astimezone(UTC)


def number(typed: str) -> int:
    """Raises BadTraining for what is no number from 1 on."""
    found = re.fullmatch(r"\s*(\d{1,6})(?:\s*(?:kursi|orang))?\s*", typed, re.IGNORECASE | re.ASCII)
    if found is None or not 1 <= int(found[1]) <= LARGEST:
        raise BadTraining(say("training.number_needed", most=Number(LARGEST)))
    return int(found[1])


def written(days: Sequence[Any], zone: ZoneInfo) -> str:
    """Days as they would be typed, a line each."""
    return "\n".join(
        f"{day.starts_at.astimezone(zone):%d-%m-%Y %H.%M}-{day.ends_at.astimezone(zone):%H.%M}" for day in days
    )


def value_of(training: Training, field: str, zone: ZoneInfo) -> str:
    """What is kept of *field* as it would be typed; nothing where it is empty."""
    value = getattr(training, field)
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%d-%m-%Y %H.%M}"
    return "" if value is None else str(value)
