"""On which dates a broadcast comes again, whatever its rhythm: in order, by the local clock, never after the end."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.broadcasts.rhythm import Rhythm, next_dates, read_time, rhythm_of
from domain.errors import Unfit

JAKARTA = ZoneInfo("Asia/Jakarta")
THURSDAY = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
"""Ten in the morning in Lamongan."""

times = st.times().map(lambda at: f"{at:%H.%M}")
rhythms = st.one_of(
    times.map(lambda at: Rhythm("daily", at)),
    st.builds(
        lambda at, days: Rhythm("weekly", at, tuple(sorted(days))),
        times,
        st.sets(st.integers(0, 6), min_size=1),
    ),
    st.builds(lambda at, day: Rhythm("monthly", at, day=day), times, st.one_of(st.none(), st.integers(1, 31))),
)
moments = st.integers(0, 4 * 366 * 24 * 3600).map(lambda seconds: THURSDAY + timedelta(seconds=seconds))
zones = st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]).map(ZoneInfo)


def local(dates: list[datetime]) -> list[str]:
    return [f"{at.astimezone(JAKARTA):%d-%m-%Y %H.%M}" for at in dates]


class TestNextDates:
    @given(rhythms, moments, zones)
    def test_are_what_the_rhythm_says(self, rhythm: Rhythm, after: datetime, zone: ZoneInfo) -> None:
        """Each comes after the one before, at the hour and on a day that were chosen."""
        found = next_dates(rhythm, after, zone, 8)

        assert len(found) == 8
        assert [after, *found] == sorted({after, *found})
        for at in found:
            here = at.astimezone(zone)
            assert f"{here:%H.%M}" == rhythm.at
            assert (here.second, here.microsecond) == (0, 0)
            if rhythm.often == "weekly":
                assert here.weekday() in rhythm.weekdays
            if rhythm.often == "monthly":
                assert here.day == rhythm.day or (rhythm.day is None and (here + timedelta(days=1)).day == 1)

    @given(rhythms, moments, zones, st.integers(0, 100))
    def test_end_with_the_last_day(self, rhythm: Rhythm, after: datetime, zone: ZoneInfo, days: int) -> None:
        """None is after the last day, which counts whole; up to it none is lacking."""
        end = after.astimezone(zone).date() + timedelta(days=days)
        found = next_dates(rhythm, after, zone, 500, end)
        unbounded = next_dates(rhythm, after, zone, len(found) + 1)

        assert found == unbounded[:-1]
        assert all(at.astimezone(zone).date() <= end for at in found)
        assert unbounded[-1].astimezone(zone).date() > end

    @given(rhythms, moments, st.integers(1, 7))
    def test_do_not_depend_on_where_one_begins(self, rhythm: Rhythm, after: datetime, step: int) -> None:
        """Asked again after one of them, the rest follows: an occurrence is found from the one before it alone."""
        found = next_dates(rhythm, after, JAKARTA, 10)

        assert next_dates(rhythm, found[step], JAKARTA, 9 - step) == found[step + 1 :]

    @given(rhythms)
    def test_are_kept_as_json(self, rhythm: Rhythm) -> None:
        """What is kept is what is read."""
        assert rhythm_of(rhythm.as_json()) == rhythm

    def test_leave_out_months_without_the_day(self) -> None:
        """A 31st comes only in the months that have it; the last day comes in every month."""
        found = next_dates(Rhythm("monthly", "08.00", day=31), THURSDAY, JAKARTA, 3)
        last = next_dates(Rhythm("monthly", "08.00"), THURSDAY, JAKARTA, 4)

        assert local(found) == ["31-12-2026 08.00", "31-01-2027 08.00", "31-03-2027 08.00"]
        assert local(last) == ["30-11-2026 08.00", "31-12-2026 08.00", "31-01-2027 08.00", "28-02-2027 08.00"]

    def test_begin_with_today_while_the_hour_is_ahead(self) -> None:
        """At the very moment it is not next any more."""
        at = next_dates(Rhythm("daily", "10.00"), THURSDAY - timedelta(seconds=1), JAKARTA, 1)

        assert at == [THURSDAY]
        assert local(next_dates(Rhythm("daily", "10.00"), THURSDAY, JAKARTA, 1)) == ["27-11-2026 10.00"]

    def test_count_an_hour_that_comes_twice_once(self) -> None:
        """Where clocks are set back in autumn, each day has its one date all the same."""
        found = next_dates(Rhythm("daily", "02.30"), datetime(2026, 10, 20, tzinfo=UTC), ZoneInfo("Europe/Berlin"), 10)

        assert len({at.astimezone(ZoneInfo("Europe/Berlin")).date() for at in found}) == 10

    def test_are_none_when_the_end_is_before_them(self) -> None:
        """A schedule that never fires has none."""
        assert next_dates(Rhythm("monthly", "08.00", day=31), THURSDAY, JAKARTA, 5, date(2026, 12, 30)) == []


READ = {
    "08.00": "08.00",
    "8": "08.00",
    "jam 8": "08.00",
    "Pukul 16:30 WIB": "16.30",
    "8 pagi": "08.00",
    "2 siang": "14.00",
    "11 siang": "11.00",
    "12 siang": "12.00",
    "4 sore": "16.00",
    "7.30 malam": "19.30",
    "12 malam": "00.00",
    "jam 7 bengi": "19.00",
    "00.00": "00.00",
}


class TestReadTime:
    @pytest.mark.parametrize("typed", READ)
    def test_takes_what_people_type(self, typed: str) -> None:
        """Digits, "jam", the part of the day, in both languages."""
        assert read_time(typed) == READ[typed]

    @pytest.mark.parametrize("typed", ["", "24.00", "8.75", "pagi", "🌸🌸", "8" * 10_000, "08.00 dan 16.00", "²"])
    def test_refuses_what_is_none(self, typed: str) -> None:
        """What cannot be a time is said to be none, however long."""
        with pytest.raises(Unfit):
            read_time(typed)
