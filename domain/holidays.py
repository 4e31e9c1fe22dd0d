"""Holidays: the district's, less those that admins struck, and those they added."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from db.models import Person
from db.session import Session
from domain import rules, staff
from domain.district import District, Holiday
from domain.errors import Refusal, StaleButton
from domain.people import clean_name
from messages import Date, say

FARTHEST = timedelta(days=2 * 366)
"""So far ahead a day may be added; a year farther off is a slip of the keyboard."""

MONTHS = {
    "jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8, "agt": 8,
    "ags": 8, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}  # fmt: skip
"""By its first three letters, as people here write them."""

_TYPED = re.compile(
    r"(\d{1,2})(?:[\s./-]*([a-z]{3,9})|[\s./-]+(\d{1,2}))(?:[\s./-]+(\d{4}))?(?:\s+(.+))?",
    re.IGNORECASE | re.DOTALL | re.ASCII,
)

Changes = dict[str, Any]
"""What admins changed: {"added": {day: name}, "struck": [day, …], "confirmed": [day, …]}, days as YYYY-MM-DD."""


async def known(session: Session, district: District) -> list[Holiday]:
    """All that hold now, in order, each day once."""
    return _all(district, await rules.read(session, HOLIDAYS))


async def coming(session: Session, district: District, today: date) -> list[Holiday]:
    """Those from *today* on."""
    return [holiday for holiday in await known(session, district) if holiday.day >= today]


async def add(session: Session, person: Person, typed: str, today: date, now: datetime) -> Holiday:
    """Close the office on the day an admin *typed*: "24-12-2026", "24 Des 2026 Cuti bersama".

    Raises NotForYou, and Refusal for what cannot be read, is over or too far off.
    """
    await staff.access(session, person, admin=True)
    day, name = read_day(typed, today)

    def added(changes: Changes) -> Changes:
        return _without(changes, day) | {"added": {**changes["added"], day.isoformat(): name}}

    await rules.change(session, person, HOLIDAYS, added, now)
    return Holiday(day, name, confirmed=True)


async def strike(session: Session, person: Person, district: District, day: date, now: datetime) -> None:
    """Let the office work on *day*, which is no holiday any more. Raises NotForYou, StaleButton where it was none."""

    def struck(changes: Changes) -> Changes:
        _find(district, changes, day)
        rest = _without(changes, day)
        return rest | {"struck": sorted({*rest["struck"], day.isoformat()})}

    await rules.change(session, person, HOLIDAYS, struck, now)


async def confirm(session: Session, person: Person, district: District, day: date, now: datetime) -> None:
    """Note that an admin compared *day* with the decree. Raises NotForYou, StaleButton where it is no holiday."""

    def confirmed(changes: Changes) -> Changes:
        _find(district, changes, day)
        return changes | {"confirmed": sorted({*changes["confirmed"], day.isoformat()})}

    await rules.change(session, person, HOLIDAYS, confirmed, now)


async def find(session: Session, district: District, day: date) -> Holiday:
    """The holiday of that *day*. Raises StaleButton where it is none (any more)."""
    return _find(district, await rules.read(session, HOLIDAYS), day)


def read_day(typed: str, today: date) -> tuple[date, str]:
    """The day somebody typed, and what they call it ("" for nothing); without a year the next one. Raises Refusal."""
    found = _TYPED.fullmatch(typed.strip())
    month = _month(found[2], found[3]) if found else None
    if found is None or month is None:
        raise Refusal(say("settings.unread_day"))
    day = _day(found[4], month, int(found[1]), today)
    if day is None:
        raise Refusal(say("settings.no_such_day"))
    if not today <= day <= today + FARTHEST:
        raise Refusal(say("settings.day_out_of_reach", day=Date(day.isoformat())))
    return day, clean_name(found[5]) if found[5] else ""


def _month(name: str | None, number: str | None) -> int | None:
    return MONTHS.get(name[:3].lower()) if name else int(number or 0)


def _day(year: str | None, month: int, day: int, today: date) -> date | None:
    years = [int(year)] if year else [today.year, today.year + 1]
    for each in years:
        try:
            found = date(each, month, day)
        except ValueError:
            continue
        if year or found >= today:
            return found
    return None


def _all(district: District, changes: Changes) -> list[Holiday]:
    by_day: dict[date, Holiday] = {}
    for holiday in district.holidays:
        before = by_day.get(holiday.day)
        name = f"{before.name}, {holiday.name}" if before else holiday.name
        is_confirmed = holiday.confirmed and (before is None or before.confirmed)
        by_day[holiday.day] = replace(holiday, name=name, confirmed=is_confirmed)
    for text, name in changes["added"].items():
        day = date.fromisoformat(text)
        by_day[day] = Holiday(day, name or (by_day[day].name if day in by_day else ""), confirmed=True)
    for text in changes["confirmed"]:
        day = date.fromisoformat(text)
        if day in by_day:
            by_day[day] = replace(by_day[day], confirmed=True)
    for text in changes["struck"]:
        by_day.pop(date.fromisoformat(text), None)
    return sorted(by_day.values())


def _find(district: District, changes: Changes, day: date) -> Holiday:
    found = next((holiday for holiday in _all(district, changes) if holiday.day == day), None)
    if found is None:
        raise StaleButton
    return found


def _without(changes: Changes, day: date) -> Changes:
    """*changes* that say nothing of *day* any more."""
    text = day.isoformat()
    return {
        "added": {other: name for other, name in changes["added"].items() if other != text},
        "struck": [other for other in changes["struck"] if other != text],
        "confirmed": [other for other in changes["confirmed"] if other != text],
    }


HOLIDAYS: rules.Rule[Changes] = rules.add("holidays", {"added": {}, "struck": [], "confirmed": []}, check=dict)
