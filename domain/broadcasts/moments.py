"""When a broadcast is to set out, as officers type it: "27-11-2026 08.00", "besok jam 8", "2 jam lagi"."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain import dates
from domain.broadcasts.quiet import Quiet
from domain.broadcasts.refusals import PastTime
from domain.errors import Unfit
from messages import say

FURTHEST = timedelta(days=366)

_PART_OF_TODAY = re.compile(r"^(pagi|siang|sore|malam|esuk|awan|bengi) (?:ini|iki)\b")
_OVER = re.compile(r"^(?:kemarin|kmrn|wingi|yesterday)\b")
_LATER = re.compile(
    r"(?P<number>\d{1,3})\s*(?P<unit>menit|mnt|jam|hari|minutes?|hours?|days?)\s*(?:lagi|maneh|from now)?", re.ASCII
)


def read(typed: str, zone: ZoneInfo, now: datetime) -> datetime:
    """The moment, in the clock of *zone*. Raises PastTime, and Unfit for what is no moment or too far ahead."""
    text = _PART_OF_TODAY.sub(r"hari ini \1", " ".join(typed.lower().split()))
    if _OVER.match(text):
        raise PastTime
    here = now.astimezone(zone)
    at = _later(text, now) or dates.moment(text, here)
    if at is None:
        example = dates.in_numbers(dates.example(here))
        raise Unfit(say("broadcast.when_unreadable", typed=typed.strip()[:60], numbers=example))
    check(at, now)
    if at - now > FURTHEST:
        raise Unfit(say("broadcast.too_far"))
    return at


def check(at: datetime, now: datetime) -> None:
    """Raises PastTime."""
    if at <= now:
        raise PastTime


def _later(text: str, now: datetime) -> datetime | None:
    found = _LATER.fullmatch(text)
    if found is None or not (text.endswith(("lagi", "maneh", "now"))):
        return None
    number, unit = int(found["number"]), found["unit"]
    if unit.startswith(("m",)):
        return now + timedelta(minutes=number)
    return now + (timedelta(days=number) if unit.startswith(("hari", "day")) else timedelta(hours=number))


def offered(zone: ZoneInfo, now: datetime, hours: Quiet) -> Iterator[datetime]:
    """Some that officers choose most: in an hour, later today, tomorrow and on Monday, none of them in quiet hours."""
    here = now.astimezone(zone)
    hour = (here + timedelta(hours=1)).replace(second=0, microsecond=0)
    today, tomorrow = here.date(), here.date() + timedelta(days=1)
    monday = today + timedelta(days=(0 - today.weekday() - 1) % 7 + 1)
    some = [hour, *(_at(today, clock, zone) for clock in (time(13), time(18, 30)))]
    some += [_at(tomorrow, clock, zone) for clock in (time(8), time(13))]
    some += [] if monday == tomorrow else [_at(monday, time(8), zone)]
    return (at for at in some if at > now and hours.over(at) is None and (at is hour or at - hour > timedelta(0)))


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone)
