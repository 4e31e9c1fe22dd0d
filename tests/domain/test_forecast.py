"""How long a broadcast takes: never less than its messages need at the pace, and nothing in quiet hours."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot import pace
from domain.broadcasts.forecast import GROUP_TAKES, PERSON_TAKES, Job, chat_needs, end_of, sent_by, turn_of
from domain.broadcasts.quiet import Quiet

ZONE = "Asia/Jakarta"
NIGHT, NEVER = Quiet(time(21), time(6), ZONE), Quiet(time(0), time(0), ZONE)
NINE = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""In the morning, in Lamongan."""

moments = some.integers(0, 365 * 24 * 3600).map(lambda seconds: NINE + timedelta(seconds=seconds))
hours = some.builds(
    Quiet, some.times().map(lambda at: at.replace(second=0, microsecond=0)), some.just(time(6)), some.just(ZONE)
)
rates = some.sampled_from([1.0, 28.0, 30.0, 1000.0])
jobs = some.builds(Job, some.integers(0, 20_000), moments, some.booleans())


def after(**by: float) -> datetime:
    return NINE + timedelta(**by)


class TestEnd:
    def test_is_messages_by_the_pace(self) -> None:
        """7,412 messages at 28 a second take 265 seconds."""
        end = end_of(Job(7412, NINE), NINE, 28, NIGHT)

        assert round((end - NINE).total_seconds()) == 265

    @given(own=jobs, ahead=some.lists(jobs, max_size=4), rate=rates, now=moments, quiet=hours)
    def test_is_never_too_early(self, own: Job, ahead: list[Job], rate: float, now: datetime, quiet: Quiet) -> None:
        """Not before the pace allows it, and not before those that go first could be sent."""
        begins = turn_of(own, ahead, rate, now, quiet)
        end = end_of(own, begins, rate, quiet)
        before = [job.messages for job in ahead if job.starts_at <= own.starts_at and job.starts_at <= now]

        assert end >= max(now, own.starts_at) + timedelta(seconds=own.messages / rate) - timedelta(milliseconds=1)
        assert end >= now + timedelta(seconds=(own.messages + sum(before)) / rate) - timedelta(milliseconds=1)

    @given(at=moments, seconds=some.floats(0, 200_000), quiet=hours)
    def test_is_never_in_quiet_hours(self, at: datetime, seconds: float, quiet: Quiet) -> None:
        """What is under way when they begin goes on when they are over."""
        end = sent_by(at, seconds, quiet)

        assert quiet.over(end - timedelta(microseconds=1)) is None or end == quiet.over(at) or seconds == 0

    def test_counts_the_night(self) -> None:
        """Begun a minute before nine in the evening, two minutes of sending are over a minute past six."""
        begins = after(hours=11, minutes=59)

        assert sent_by(begins, 120, NIGHT) == after(hours=21, minutes=1)
        assert sent_by(begins, 120, NEVER) == begins + timedelta(seconds=120)
        assert end_of(Job(120, begins, keeps_quiet_hours=False), begins, 1, NIGHT) == begins + timedelta(seconds=120)


class TestTurn:
    def test_waits_for_those_before_it(self) -> None:
        """What is under way, and what sets out by then, is sent first; what comes later waits for it."""
        own = Job(100, after(minutes=10))
        ahead = [Job(600, NINE), Job(600, after(minutes=9)), Job(9_999, after(minutes=11))]

        assert turn_of(own, ahead, 1, NINE, NIGHT) == after(minutes=20)

    def test_waits_for_the_morning(self) -> None:
        """One that would set out at night begins when the quiet hours are over."""
        assert turn_of(Job(5, after(hours=13)), [], 28, NINE, NIGHT) == after(hours=21)


class TestChat:
    @pytest.mark.parametrize(("messages", "seconds"), [(1, 0), (20, 0), (21, 60), (41, 120)])
    def test_of_a_group_takes_twenty_a_minute(self, messages: int, seconds: float) -> None:
        """A group's chat is filled up first."""
        assert chat_needs(messages, is_group=True) == seconds

    def test_of_a_person_takes_a_burst(self) -> None:
        """An album of ten and its words take six seconds more than five messages."""
        assert chat_needs(11, is_group=False) == 6

    def test_is_as_the_pace_is(self) -> None:
        """What is reckoned with is what the deliverer keeps to."""
        assert GROUP_TAKES == pace.GROUP_CHAT
        assert PERSON_TAKES == (pace.PRIVATE_BURST, pace.PRIVATE_INTERVAL)
