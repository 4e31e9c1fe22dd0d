"""Quiet hours: nothing that concerns many goes out while people sleep. Admins change them in the chat."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from db.session import Session
from domain import dates, rules
from domain.district import District
from domain.errors import Unfit
from messages import say

Hours = list[str]
"""From when to when, as "21.00" and "06.00" by the clock of the place; the same twice: there are none."""


def check(hours: Hours) -> Hours:
    """*hours* as they are kept. Raises Unfit for what are none."""
    try:
        begins, ends = (_time(text) for text in hours)
    except ValueError:
        raise Unfit(say("broadcast.quiet_wrong")) from None
    return [f"{begins:%H.%M}", f"{ends:%H.%M}"]


def _time(text: str) -> time:
    hour, _, minute = text.replace(":", ".").partition(".")
    return time(int(hour), int(minute or 0))


_SPAN = re.compile(
    r"(?:(?:dari|mulai|antara|saka|soko|from|between)\s+)?(?P<begins>.+?)"
    r"(?:\s*[-–—]\s*|\s*\bs\s?[/.]?\s?d\b\.?\s*|\s+(?:sampai|sampe|smp|hingga|tekan|nganti|sampek|dan|to|until|till|and)\s+)"
    r"(?P<ends>.+)"
)
_NONE = {"tidak ada", "tanpa", "tanpa jam tenang", "tanpa jam anteng", "kosong", "none", "-"}
_BARE = re.compile(r"(?:(?:jam|pukul|pkl)\.?\s*)?(?:[1-9]|1[0-2])", re.ASCII)
"""Of the morning or of the evening: "9"; "09", "9.00" and "9 malam" are one of them."""
_LONG = timedelta(hours=12)


def typed(text: str) -> Hours:
    """As people write them: "21.00-06.00", "jam 9 malam sampai 5 pagi", "tanpa jam tenang".

    Raises Unfit for what is none, and for what may as well be half a day later.
    """
    text = " ".join(text.lower().split())
    if text in _NONE:
        return ["00.00", "00.00"]
    found = _SPAN.fullmatch(text)
    begins, ends = (dates.clock_of(found["begins"]), dates.clock_of(found["ends"])) if found else (None, None)
    if found is None or begins is None or ends is None:
        raise Unfit(say("broadcast.quiet_wrong"))
    hours = [f"{begins:%H.%M}", f"{ends:%H.%M}"]
    if _BARE.fullmatch(found["begins"]) and lasting(hours) > _LONG:
        raise Unfit(say("broadcast.quiet_unclear", begins=f"{begins.hour % 12 or 12}", ends=f"{ends:%H.%M}"))
    return hours


def lasting(hours: Hours) -> timedelta:
    """How long they are."""
    begins, ends = (_time(text) for text in hours)
    minutes = (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
    return timedelta(minutes=minutes % (24 * 60))


QUIET_HOURS = rules.add("quiet_hours", ["21.00", "06.00"], check=check)


@dataclass(frozen=True)
class Quiet:
    """The quiet hours of every day, by the clock of a place. Moments given are aware; those returned are too."""

    begins: time
    ends: time
    zone: str

    def over(self, at: datetime) -> datetime | None:
        """When the quiet hours in which *at* lies are over; None where it lies in none."""
        here = at.astimezone(ZoneInfo(self.zone))
        clock, begins, ends = here.time(), self.begins, self.ends
        is_quiet = begins <= clock < ends if begins <= ends else (clock >= begins or clock < ends)
        if not is_quiet:
            return None
        day = here.date() if clock < ends else here.date() + timedelta(days=1)
        return datetime.combine(day, ends, here.tzinfo).astimezone(at.tzinfo)

    def following(self, at: datetime) -> datetime | None:
        """When they next begin after *at*; None where there are none."""
        if self.begins == self.ends:
            return None
        here = at.astimezone(ZoneInfo(self.zone))
        today = datetime.combine(here.date(), self.begins, here.tzinfo)
        return (today if today > here else today + timedelta(days=1)).astimezone(at.tzinfo)


def of(hours: Hours, zone: str) -> Quiet:
    """Those that somebody set, by the clock of *zone*."""
    begins, ends = (_time(text) for text in hours)
    return Quiet(begins, ends, zone)


async def hours(session: Session, district: District) -> Quiet:
    """Those that hold now."""
    return of(await rules.read(session, QUIET_HOURS), district.timezone)


async def until(session: Session, district: District, at: datetime) -> datetime | None:
    """When the quiet hours in which *at* lies are over; None where it lies in none."""
    return (await hours(session, district)).over(at)
