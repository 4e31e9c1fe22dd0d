"""Office time: what is promised counts in the hours in which somebody is there."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.district import USUAL_WEEK, Holiday, Span, read_district
from domain.errors import Refusal
from domain.holidays import read_day
from domain.office_hours import NeverOpen, OfficeHours, read_span
from tests.conftest import LAMONGAN

JAKARTA = "Asia/Jakarta"
NATAL, NEW_YEAR = date(2026, 12, 25), date(2027, 1, 1)
USUAL = OfficeHours(JAKARTA, USUAL_WEEK, frozenset({NATAL, NEW_YEAR}))
HOUR = timedelta(hours=1)


def here(text: str, zone: str = JAKARTA) -> datetime:
    """The moment "2026-12-24 14:00" by the clock of *zone*."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


minutes = st.lists(st.integers(0, 1439), min_size=2, max_size=2, unique=True).map(sorted)
spans = minutes.map(lambda ends: Span(*(time(minute // 60, minute % 60) for minute in ends)))
weeks = st.lists(st.none() | spans, min_size=7, max_size=7).filter(any).map(tuple)
days = st.dates(date(2026, 10, 1), date(2027, 3, 31))
zones = st.sampled_from([JAKARTA, "Asia/Jayapura", "America/New_York", "UTC"])
calendars = st.builds(OfficeHours, zones, weeks, st.frozensets(days, max_size=20))
moments = st.datetimes(datetime(2026, 10, 1), datetime(2027, 3, 31), timezones=st.just(UTC))  # noqa: DTZ001 -- given one
durations = st.timedeltas(timedelta(), timedelta(hours=60))


class TestAfter:
    @settings(deadline=None)
    @given(calendars, moments, durations)
    def test_ends_within_office_hours(self, calendar: OfficeHours, at: datetime, duration: timedelta) -> None:
        """Never outside them, never before it began."""
        end = calendar.after(at, duration)

        assert calendar.is_open(end)
        assert end >= at + duration

    @settings(deadline=None)
    @given(calendars, moments, durations, durations)
    def test_adds_up(self, calendar: OfficeHours, at: datetime, first: timedelta, second: timedelta) -> None:
        """Two hours and three more are five."""
        assert calendar.after(calendar.after(at, first), second) == calendar.after(at, first + second)

    @settings(deadline=None)
    @given(calendars, moments, durations, st.timedeltas(timedelta(), timedelta(days=9)), durations)
    def test_is_monotone(
        self, calendar: OfficeHours, at: datetime, duration: timedelta, later: timedelta, longer: timedelta
    ) -> None:
        """Who asks later, or waits longer, is not answered earlier."""
        assert calendar.after(at, duration) <= calendar.after(at + later, duration + longer)

    @pytest.mark.parametrize(
        ("at", "hours", "expected"),
        [
            ("2026-11-26 10:00", 4, "2026-11-26 14:00"),  # a Thursday
            ("2026-11-26 14:30", 1, "2026-11-27 08:30"),
            ("2026-11-26 14:00", 1, "2026-11-27 08:00"),  # used up at closing time
            ("2026-11-27 10:00", 4, "2026-11-30 11:00"),  # over a weekend
            ("2026-11-28 23:00", 0, "2026-11-30 08:00"),
            ("2026-12-24 14:00", 2, "2026-12-28 09:00"),  # Christmas is a Friday
            ("2026-11-26 06:00", 7, "2026-11-27 08:00"),
        ],
    )
    def test_counts_nothing_while_closed(self, at: str, hours: int, expected: str) -> None:
        """Nights, weekends and holidays do not pass for the office."""
        assert USUAL.after(here(at), hours * HOUR) == here(expected)

    def test_is_told_in_utc(self) -> None:
        """As everything is kept."""
        assert USUAL.after(here("2026-11-26 10:00"), HOUR).tzinfo is UTC

    def test_does_not_go_back(self) -> None:
        """Office time is only added."""
        with pytest.raises(ValueError, match="forwards"):
            USUAL.after(here("2026-11-26 10:00"), -HOUR)


class TestNextOpen:
    @settings(deadline=None)
    @given(calendars, moments)
    def test_is_open(self, calendar: OfficeHours, at: datetime) -> None:
        """Asked again it says the same, and while it is open that is now."""
        opening = calendar.next_open(at)

        assert calendar.next_open(opening) == opening
        assert (opening == at) == calendar.is_open(at)

    def test_ends_when_a_whole_year_is_closed(self) -> None:
        """A year of holidays is gone through, and the next working day found."""
        closed = frozenset(date(2026, 1, 1) + timedelta(days=number) for number in range(365))
        calendar = OfficeHours(JAKARTA, USUAL_WEEK, closed)

        assert calendar.next_open(here("2026-01-05 09:00")) == here("2027-01-01 08:00")
        assert calendar.after(here("2026-01-05 09:00"), timedelta(days=365)) > here("2028-01-01 08:00")


class TestIsOpen:
    @pytest.mark.parametrize(
        ("at", "expected"),
        [
            ("2026-11-26 07:59", False), ("2026-11-26 08:00", True), ("2026-11-26 14:59", True),
            ("2026-11-26 15:00", False), ("2026-11-27 11:00", False), ("2026-11-28 09:00", False),
            ("2026-12-25 09:00", False),
        ],
    )  # fmt: skip
    def test_is_by_the_clock_of_the_place(self, at: str, expected: bool) -> None:
        """From opening until before closing, on working days."""
        assert USUAL.is_open(here(at)) is expected


class TestWeek:
    def test_has_an_open_day(self) -> None:
        """An office that never opens could promise nothing, and is refused."""
        with pytest.raises(NeverOpen):
            OfficeHours(JAKARTA, (None,) * 7)

    def test_has_seven_days(self) -> None:
        """No more and no fewer."""
        with pytest.raises(ValueError, match="seven"):
            OfficeHours(JAKARTA, USUAL_WEEK[:5])

    def test_is_the_districts(self) -> None:
        """Lamongan answers Monday to Friday, and knows its holidays."""
        district = read_district(LAMONGAN)

        assert district.answering_hours == USUAL_WEEK
        assert Holiday(NATAL, "Hari Raya Natal") in district.holidays


class TestReadSpan:
    @pytest.mark.parametrize(
        "typed",
        ["08.00-15.00", "8-15", "08:00 – 15:00", " 8.00 sampai 15.00 ", "jam 8 - 15 WIB", "08.00 s/d 15.00"],
    )
    def test_takes_what_people_type(self, typed: str) -> None:
        """Dot or colon, with minutes or without, with a dash or in words."""
        assert read_span(typed) == Span(time(8), time(15))

    @pytest.mark.parametrize("typed", ["tutup", "Libur", " TUTUP ", "-"])
    def test_takes_closed(self, typed: str) -> None:
        """A day without hours."""
        assert read_span(typed) is None

    @pytest.mark.parametrize(
        ("typed", "key"),
        [
            ("pagi sampai sore", "settings.unread_hours"), ("08.00", "settings.unread_hours"),
            ("08.00-15.00-17.00", "settings.unread_hours"), ("8-25", "settings.no_such_hour"),
            ("08.60-15.00", "settings.no_such_hour"), ("15.00-08.00", "settings.hours_backwards"),
            ("8-8", "settings.hours_backwards"), ("", "settings.unread_hours"), ("٨-٩", "settings.unread_hours"),
        ],
    )  # fmt: skip
    def test_says_what_is_wrong(self, typed: str, key: str) -> None:
        """Each slip gets the sentence that mends it."""
        with pytest.raises(Refusal, match=key):
            read_span(typed)


TODAY = date(2026, 11, 26)


class TestReadDay:
    @pytest.mark.parametrize(
        ("typed", "expected"),
        [
            ("24-12-2026", (date(2026, 12, 24), "")),
            ("24 Des 2026", (date(2026, 12, 24), "")),
            ("24 desember", (date(2026, 12, 24), "")),
            ("24/12", (date(2026, 12, 24), "")),
            ("2 jan", (date(2027, 1, 2), "")),
            ("24 Des Cuti bersama", (date(2026, 12, 24), "Cuti bersama")),
            ("24-12 Cuti 2 hari", (date(2026, 12, 24), "Cuti 2 hari")),
            ("26 Nov", (TODAY, "")),
            ("1.6.2027 Hari Lahir Pancasila", (date(2027, 6, 1), "Hari Lahir Pancasila")),
            ("29 Feb 2028", (date(2028, 2, 29), "")),
        ],
    )
    def test_takes_what_people_type(self, typed: str, expected: tuple[date, str]) -> None:
        """Numbers or the month's name, its year or the next one that comes, and what the day is called."""
        assert read_day(typed, TODAY) == expected

    @pytest.mark.parametrize(
        ("typed", "key"),
        [
            ("besok", "settings.unread_day"), ("24 Abc 2026", "settings.unread_day"), ("2412", "settings.unread_day"),
            ("2026-12-24", "settings.unread_day"), ("31 Feb 2027", "settings.no_such_day"),
            ("24-13-2026", "settings.no_such_day"), ("0 Jan", "settings.no_such_day"),
            ("25 Nov 2026", "settings.day_out_of_reach"), ("24-12-2062", "settings.day_out_of_reach"),
        ],
    )  # fmt: skip
    def test_says_what_is_wrong(self, typed: str, key: str) -> None:
        """Unreadable, no day of the calendar, over, or far too far off."""
        with pytest.raises(Refusal, match=key):
            read_day(typed, TODAY)
