"""How often a broadcast comes again: daily, on weekdays or on a day of the month, at an hour of the place."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from domain.errors import Unfit
from messages import Sentence, Weekday, say

OFTEN = ("daily", "weekly", "monthly")

LAST_SAFE_DAY = 28
"""Up to it every month has the day; later ones come only in the months that have them."""

_CRON_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_TYPED = re.compile(
    r"(?:jam|pukul|pkl\.?|at)?\s*(\d{1,2})(?:[.:](\d{2}))?\s*(?:wib|wita|wit)?\s*"
    r"(pagi|siang|sore|malam|esuk|isuk|awan|bengi)?\s*(?:wib|wita|wit)?\.?",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class Rhythm:
    """On which days, and at what time of the place."""

    often: str
    """One of OFTEN."""
    at: str
    """As "08.00"."""
    weekdays: tuple[int, ...] = ()
    """Of a weekly one, 0 for Monday."""
    day: int | None = None
    """Of a monthly one, 1 to 31; None: the last, whichever that is."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def skips_months(self) -> bool:
        """Whether there are months without it: a 31st comes seven times a year."""
        return self.often == "monthly" and self.day is not None and self.day > LAST_SAFE_DAY


def rhythm_of(kept: Mapping[str, Any]) -> Rhythm:
    """As it was kept by `as_json`."""
    return Rhythm(kept["often"], kept["at"], tuple(kept.get("weekdays", ())), kept.get("day"))


def dates(rhythm: Rhythm, after: datetime, zone: ZoneInfo, ends_on: date | None = None) -> Iterator[datetime]:
    """Every date after *after*, in UTC and in order, up to the end of the day *ends_on* (None: for ever)."""
    trigger = _trigger(rhythm, zone, ends_on)
    at = after
    while (found := trigger.get_next_fire_time(None, at + timedelta(microseconds=1))) is not None:
        at = found.astimezone(UTC)
        # An hour that comes twice, where clocks are set back in autumn, counts once.
        if not at.astimezone(zone).fold:
            yield at


def next_dates(
    rhythm: Rhythm, after: datetime, zone: ZoneInfo, most: int = 5, ends_on: date | None = None
) -> list[datetime]:
    """The first of them, at most *most*; none when it never fires."""
    return list(islice(dates(rhythm, after, zone, ends_on), most))


def _trigger(rhythm: Rhythm, zone: ZoneInfo, ends_on: date | None) -> Any:
    clock = time.fromisoformat(rhythm.at.replace(".", ":"))
    days: dict[str, Any] = {}
    if rhythm.often == "weekly":
        days = {"day_of_week": ",".join(_CRON_DAYS[day] for day in sorted(rhythm.weekdays))}
    elif rhythm.often == "monthly":
        days = {"day": "last" if rhythm.day is None else rhythm.day}
    end = None if ends_on is None else datetime.combine(ends_on, time.max, zone)
    return CronTrigger(**days, hour=clock.hour, minute=clock.minute, second=0, end_date=end, timezone=zone)


# In words, and from words.


def words_of(rhythm: Rhythm, zone_name: str) -> Sentence:
    """As "setiap Senin, Kamis pukul 08.00 WIB"."""
    time_ = f"{rhythm.at} {zone_name}"
    if rhythm.often == "weekly":
        return say("broadcast.rhythm_weekly", days=_listed(rhythm.weekdays), time=time_)
    if rhythm.often == "monthly":
        if rhythm.day is None:
            return say("broadcast.rhythm_last", time=time_)
        return say("broadcast.rhythm_monthly", day=rhythm.day, time=time_)
    return say("broadcast.rhythm_daily", time=time_)


def _listed(weekdays: tuple[int, ...]) -> Sentence | Weekday:
    each: list[Sentence | Weekday] = [Weekday(day) for day in sorted(weekdays)]
    return reduce(lambda left, right: say("broadcast.days_joined", left=left, right=right), each)


def read_time(typed: str) -> str:
    """What somebody typed as a time of the day ("8", "jam 08.30", "2 siang"), as "08.00". Raises Unfit."""
    found = _TYPED.fullmatch(typed.strip())
    if found is None:
        raise Unfit(say("broadcast.unread_time"))
    hour, minute = _of_the_day(int(found[1]), (found[3] or "").lower()), int(found[2] or 0)
    if hour > 23 or minute > 59:
        raise Unfit(say("broadcast.unread_time"))
    return f"{hour:02}.{minute:02}"


def _of_the_day(hour: int, part: str) -> int:
    """ "2 siang" is 14, "11 siang" is 11, "12 malam" is midnight, "1 malam" an hour later."""
    if part in {"siang", "awan"}:
        return hour + 12 if 1 <= hour <= 6 else hour
    if part in {"sore", "malam", "bengi"}:
        if hour == 12:
            return 0 if part != "sore" else 12
        is_after_midnight = part != "sore" and 0 < hour < 5
        return hour + 12 if hour < 12 and not is_after_midnight else hour
    return hour
