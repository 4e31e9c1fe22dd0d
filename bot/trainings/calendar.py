"""A training's days as a calendar file that phones open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Entry:
    """One day."""

    uid: str
    """The same for the same day of the same training, so that a changed one replaces it."""
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    description: str


def calendar_file(entries: Sequence[Entry], zone: str, made_at: datetime) -> bytes:
    """An .ics with the days in *zone*, each with a reminder two hours before."""
    from icalendar import Alarm, Calendar, Event  # noqa: PLC0415 -- heavy, and seldom needed

    calendar = Calendar()
    calendar.add("prodid", "-//umkm-bot//pelatihan//ID")
    calendar.add("version", "2.0")
    for entry in entries:
        event = Event()
        event.add("uid", entry.uid)
        event.add("dtstamp", made_at)
        event.add("summary", entry.title)
        event.add("dtstart", entry.starts_at.astimezone(ZoneInfo(zone)))
        event.add("dtend", entry.ends_at.astimezone(ZoneInfo(zone)))
        event.add("location", entry.place)
        event.add("description", entry.description)
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.title)
        alarm.add("trigger", timedelta(hours=-2))
        event.add_component(alarm)
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())
