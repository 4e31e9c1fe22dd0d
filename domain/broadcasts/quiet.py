"""Quiet hours: nothing that concerns many goes out while people sleep. Admins change them in the chat."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from db.session import Session
from domain import rules
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
