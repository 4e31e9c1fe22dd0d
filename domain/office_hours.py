"""When the office works: what people are promised, and how long the bot is silent, counts in its hours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from db.models import Person
from db.session import Session
from domain import holidays, rules, staff
from domain.district import District, Span, Week, span_of
from domain.errors import Refusal
from messages import say

CLOSED = {"tutup", "libur", "prei", "closed", "-"}
"""How one says in the chat that the office is closed on a day."""

_HOUR = r"(\d{1,2})(?:[.:](\d{2}))?"
_TYPED = re.compile(
    rf"(?:jam|pukul)?\s*{_HOUR}\s*(?:-|–|—|sampai|s/?d|to)\s*{_HOUR}\s*(?:wib)?", re.IGNORECASE | re.ASCII
)


class NeverOpen(ValueError):
    """A week without a single open day: nothing could ever be promised."""


@dataclass(frozen=True)
class OfficeHours:
    """The office's calendar. All moments given and returned are aware; returned ones are UTC.

    Raises NeverOpen for a week without an open day, ValueError for one of other than seven days. Since some day of
    the week is open and holidays end, there is always a next opening.
    """

    zone: str
    week: Week
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError(f"a week has seven days, not {len(self.week)}")
        if not any(self.week):
            raise NeverOpen

    def is_working_day(self, day: date) -> bool:
        """Whether the office works at all on *day*."""
        return self.week[day.weekday()] is not None and day not in self.holidays

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there; at closing time nobody is any more."""
        return self.next_open(at) == at

    def next_open(self, at: datetime) -> datetime:
        """The first moment from *at* on at which somebody is there: *at* itself while they are."""
        return self.after(at, timedelta())

    def after(self, at: datetime, duration: timedelta) -> datetime:
        """The moment when *duration* of office time has passed since *at*: nights, weekends, holidays count nothing.

        Always within office hours: what is used up at closing time ends with the next opening. Raises ValueError for
        a negative duration.
        """
        if duration < timedelta():
            raise ValueError("office time passes forwards only")
        for opens, closes in self._spans_from(at):
            begins = max(opens, at)
            if duration < closes - begins:
                return begins.astimezone(UTC) + duration
            duration -= closes - begins
        raise NeverOpen  # only where the calendar itself ends, in the year 9999

    def _spans_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Each working day's opening and closing, from the first that closes after *at*."""
        zone = ZoneInfo(self.zone)
        day = at.astimezone(zone).date()
        while day < date.max:
            span = self.week[day.weekday()] if self.is_working_day(day) else None
            if span:
                opens, closes = (
                    datetime.combine(day, hour, zone).astimezone(UTC) for hour in (span.opens, span.closes)
                )
                if closes > at:
                    yield opens, closes
            day += timedelta(days=1)


async def of(session: Session, district: District) -> OfficeHours:
    """The office's calendar as it holds now: what admins set, else the district's."""
    week = await week_of(session, district)
    known = await holidays.known(session, district)
    return OfficeHours(district.timezone, week, frozenset(holiday.day for holiday in known))


async def week_of(session: Session, district: District) -> Week:
    """The weekly hours as they hold now."""
    return _with(district.answering_hours, await rules.read(session, HOURS))


async def set_day(
    session: Session, person: Person, district: District, weekday: int, typed: str, now: datetime
) -> Span | None:
    """Let the office work on *weekday* (0 is Monday) as an admin *typed* it: "08.00-15.00" or "tutup".

    Raises NotForYou, and Refusal for what cannot be read or would leave no day open.
    """
    await staff.access(session, person, admin=True)
    span = read_span(typed)

    def with_day(changes: dict[str, str]) -> dict[str, str]:
        after = {**changes, str(weekday): str(span or "")}
        if not any(_with(district.answering_hours, after)):
            raise Refusal(say("settings.never_open"))
        return after

    await rules.change(session, person, HOURS, with_day, now)
    return span


def read_span(typed: str) -> Span | None:
    """What somebody typed as the hours of a day; None for closed. Raises Refusal."""
    if typed.strip().lower() in CLOSED:
        return None
    found = _TYPED.fullmatch(typed.strip())
    if found is None:
        raise Refusal(say("settings.unread_hours"))
    numbers = [int(part or 0) for part in found.groups()]
    if max(numbers[0], numbers[2]) > 23 or max(numbers[1], numbers[3]) > 59:
        raise Refusal(say("settings.no_such_hour"))
    opens, closes = time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
    if opens >= closes:
        raise Refusal(say("settings.hours_backwards", opens=f"{opens:%H.%M}", closes=f"{closes:%H.%M}"))
    return Span(opens, closes)


def _with(week: Week, changes: dict[str, str]) -> Week:
    """*week* with the days that admins changed, as the rule keeps them: empty for closed."""
    days = [changes.get(str(weekday), str(span or "")) for weekday, span in enumerate(week)]
    return tuple(span_of(day) if day else None for day in days)


HOURS: rules.Rule[dict[str, str]] = rules.add("office_hours", {}, check=dict)
"""The days that admins changed: {"0": "08.00-15.00", "5": ""}; the others stay the district's."""
