"""How often people hear of opportunities, when digests go out, and how many messages a week are enough."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from db.session import Session
from domain import rules
from domain.broadcasts import quiet
from domain.broadcasts.quiet import Quiet
from domain.district import WEEKDAYS, District
from domain.errors import Unfit
from messages import say

AT_ONCE, DAILY, WEEKLY = RHYTHMS = ("at_once", "daily", "weekly")

DAY, WEEK = timedelta(days=1), timedelta(days=7)

LATE = timedelta(hours=1)
"""So long a digest still goes out: not all are told in its first second."""

MOST_A_WEEK = 21


def _check_cap(cap: int) -> int:
    if not 1 <= cap <= MOST_A_WEEK:
        raise Unfit(say("opportunity.cap_wrong"))
    return cap


def _check_hour(hour: str) -> str:
    try:
        return f"{time.fromisoformat(hour.replace('.', ':')):%H.%M}"
    except ValueError:
        raise Unfit(say("opportunity.hour_wrong")) from None


def _check_day(day: str) -> str:
    if day not in WEEKDAYS:
        raise Unfit(say("opportunity.day_wrong"))
    return day


WEEKLY_CAP = rules.add("weekly_cap", 3, check=_check_cap)
"""Messages about opportunities that one person gets in seven days; urgent ones go beside it."""

DIGEST_HOUR = rules.add("digest_hour", "08.00", check=_check_hour)
"""When daily and weekly digests go out."""

DIGEST_DAY = rules.add("digest_day", "monday", check=_check_day)
"""The day of the weekly one."""


@dataclass(frozen=True)
class Timing:
    """The house's own rules at this moment."""

    zone: str
    cap: int
    hour: time
    day: int
    """Of the week, Monday is 0."""
    quiet: Quiet

    def due(self, rhythm: str, now: datetime) -> datetime:
        """When somebody of that *rhythm* hears of what is new *now*; at the digest's own hour that is the next one."""
        if rhythm == AT_ONCE:
            return now
        here = now.astimezone(ZoneInfo(self.zone))
        days = (self.day - here.weekday()) % 7 if rhythm == WEEKLY else 0
        at = self._digest(here, days)
        if at <= here:
            at = self._digest(here, days + (7 if rhythm == WEEKLY else 1))
        return at.astimezone(now.tzinfo)

    def due_from(self, rhythm: str, at: datetime, own: list[str] | None) -> datetime:
        """When somebody of that *rhythm* hears of what may go from *at* on: then, or with the digest that comes next.

        While a digest goes out it goes with that one: a week after the one before is seconds after its hour, or after
        the end of the quiet hours, somebody's *own* before the house's, in which that hour lies.
        """
        if rhythm == AT_ONCE:
            return at
        digest = self.due(rhythm, at - (WEEK if rhythm == WEEKLY else DAY))
        came = self.quiet_until(own, digest) or digest
        return at if at < came + LATE else self.due(rhythm, at)

    def _digest(self, here: datetime, days: int) -> datetime:
        return datetime.combine(here.date() + timedelta(days=days), self.hour, here.tzinfo)

    def quiet_until(self, own: list[str] | None, now: datetime) -> datetime | None:
        """When the quiet hours in which *now* lies are over, somebody's *own* before the house's; None: in none."""
        return self._quiet_of(own).over(now)

    def quiet_from(self, own: list[str] | None, now: datetime) -> datetime | None:
        """When they next begin; None where there are none."""
        return self._quiet_of(own).following(now)

    def _quiet_of(self, own: list[str] | None) -> Quiet:
        return quiet.of(own, self.zone) if own else self.quiet


async def timing(session: Session, district: District) -> Timing:
    """The rules that hold now."""
    hour = time.fromisoformat((await rules.read(session, DIGEST_HOUR)).replace(".", ":"))
    day = WEEKDAYS.index(await rules.read(session, DIGEST_DAY))
    cap = await rules.read(session, WEEKLY_CAP)
    return Timing(district.timezone, cap, hour, day, await quiet.hours(session, district))
