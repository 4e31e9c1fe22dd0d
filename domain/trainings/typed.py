"""What officers type of a training, read into what is kept of it."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from db.models import Training
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


def read(field: str, typed: str, zone: ZoneInfo) -> Any:
    """The value of *field* as officers type it, times of *zone*. Raises BadTraining saying what would do."""
    if field == "days":
        return days(typed, zone)
    if field in MOMENTS:
        return moment(typed, zone)
    if field in {"seats", "waiting_cap"}:
        return number(typed)
    text = " ".join(typed.split()) if field in LINES else typed.strip()
    if not any(letter.isalnum() for letter in text):
        raise BadTraining(say("training.words_needed"))
    return text


def days(typed: str, zone: ZoneInfo) -> list[Hours]:
    """A day a line. Raises BadTraining naming the first line that is none."""
    found = []
    for line in re.split(r"[\n|;]", typed):
        if line.strip():
            try:
                found.append(hours_of(line, zone))
            except ValueError as error:
                raise BadTraining(say("training.day_unreadable", line=line.strip()[:60])) from error
    if not found:
        raise BadTraining(say("training.day_unreadable", line=typed.strip()[:60]))
    return found


def moment(typed: str, zone: ZoneInfo) -> datetime:
    """Raises BadTraining for what is no moment."""
    try:
        return moment_of(typed, zone)
    except ValueError as error:
        raise BadTraining(say("training.moment_unreadable", typed=typed.strip()[:60])) from error


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
