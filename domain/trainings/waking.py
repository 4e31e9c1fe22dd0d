"""Hours in which people may be asked something with an end to it: nobody loses a seat while asleep."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

WAKES, SLEEPS = time(6), time(21)


def is_awake(at: datetime, zone: ZoneInfo) -> bool:
    """Whether *at* lies between 06.00 and 21.00."""
    return WAKES <= at.astimezone(zone).time() < SLEEPS


def next_waking(at: datetime, zone: ZoneInfo) -> datetime:
    """*at* itself by day, else the next 06.00."""
    if is_awake(at, zone):
        return at
    local = at.astimezone(zone)
    day = local.date() if local.time() < WAKES else local.date() + timedelta(days=1)
    return datetime.combine(day, WAKES, zone).astimezone(at.tzinfo)


def after(at: datetime, awake: timedelta, zone: ZoneInfo) -> datetime:
    """The moment when *awake* has passed since *at*, nights not counted."""
    while True:
        at = next_waking(at, zone)
        local = at.astimezone(zone)
        until_night = datetime.combine(local.date(), SLEEPS, zone) - local
        if awake <= until_night:
            return at + awake
        awake -= until_night
        at = at + until_night
