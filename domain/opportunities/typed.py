"""What officers type of an opportunity, read into what is kept of it."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from db.models import Opportunity
from domain import dates
from domain.district import District
from domain.opportunities import composing, reading_capacity, reading_deadline
from domain.opportunities.refusals import BadOpportunity
from messages import Date, Number, say

LINES = ("title", "place", "source", "why")
"""Fields that are one line of words; and why one is closed or taken back, which people read."""

TYPED = ("title", "place", "source", "sought", "capacity", "deadline", "link")

EMPTIED: dict[str, Any] = {
    "products": None,
    "needs": [],
    "capacity": None,
    "kecamatan": None,
    "place": "",
    "link": None,
    "file": None,
}
"""What may be left empty, and how that is kept."""


def read(field: str, typed: str, district: District, now: datetime) -> Any:
    """The value of *field* as officers type it. Raises BadOpportunity saying what would do."""
    zone = ZoneInfo(district.timezone)
    if field == "deadline":
        return deadline(typed, zone, now)
    if field == "capacity":
        return capacity(typed)
    if field == "link":
        return link(typed)
    text = " ".join(typed.split()) if field in LINES else typed.strip()
    if not any(letter.isalnum() for letter in text):
        raise BadOpportunity(say("opportunity.words_needed"))
    return text[:1].upper() + text[1:]


_NEXT_WEEK = re.compile(r"\bminggu (?:depan|ngarep)\b|\bnext week\b")
"""A deadline may be taken for a week from now, since the officer sees the day before anybody else does."""


def deadline(typed: str, zone: ZoneInfo, now: datetime) -> datetime:
    """A day with or without an hour; without, its end. Raises BadOpportunity for what is none."""
    here, text = now.astimezone(zone), _NEXT_WEEK.sub("seminggu lagi", " ".join(typed.lower().split()))
    at = reading_deadline.deadline(f"paling lambat {text}", zone, now) or dates.moment(text, here)
    if at is None:
        day, rest = dates.day_of(f"{text} ", here)
        if day is None or rest.strip():
            example = dates.example(here)
            blanks = {"day": Date(str(example)), "numbers": dates.in_numbers(example)}
            raise BadOpportunity(say("opportunity.deadline_unreadable", typed=typed.strip()[:60], **blanks))
        at = datetime.combine(day, dates.END_OF_DAY, zone)
    return at


def capacity(typed: str) -> int:
    """Pieces or kilograms a month. Raises BadOpportunity."""
    found = reading_capacity.capacity_of(typed)
    if found is None:
        raise BadOpportunity(say("opportunity.bad_capacity", most=Number(composing.MOST_CAPACITY)))
    return found


def link(typed: str) -> str:
    """An address; one without its beginning gets it. Whether it is a good one is `composing.check`'s to say."""
    text = typed.strip()
    return text if "://" in text else f"https://{text}"


def value_of(opportunity: Opportunity, field: str, district: District) -> str:
    """What is kept of *field* as it would be typed; nothing where it is empty."""
    value = getattr(opportunity, field)
    if isinstance(value, datetime):
        return f"{value.astimezone(ZoneInfo(district.timezone)):%d-%m-%Y %H.%M}"
    return "" if value is None else str(value)
