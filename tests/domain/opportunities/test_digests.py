"""When what the week's cap held back comes to those who hear by digest."""

from datetime import UTC, datetime, time, timedelta

import pytest

from domain.broadcasts import quiet
from domain.opportunities.rhythm import DAILY, WEEK, WEEKLY, Timing

MONDAY = datetime(2026, 11, 30, 0, 30, tzinfo=UTC)
"""At half past seven."""

WEEKS = 8


class TestDigests:
    @pytest.mark.parametrize("hours", [None, ["21.00", "08.30"], ["22.00", "09.30"], ["06.00", "02.00"]])
    @pytest.mark.parametrize(("rhythm", "cap"), [(WEEKLY, 1), (DAILY, 1), (DAILY, 3)])
    def test_come_as_often_as_the_cap_lets_them(self, rhythm: str, cap: int, hours: list[str] | None) -> None:
        """With something new each day as many come as there may, whenever their own quiet hours end."""
        timing = Timing("Asia/Jakarta", cap, time(8), 0, quiet.of(["21.00", "06.00"], "Asia/Jakarta"))
        came: list[datetime] = []
        at = timing.due(rhythm, MONDAY)
        while at < MONDAY + WEEKS * WEEK:
            if until := timing.quiet_until(hours, at):
                at = until
            elif len(recent := [one for one in came if one > at - WEEK]) >= cap:
                at = timing.due_from(rhythm, recent[-cap] + WEEK, hours)
            else:
                # Nobody is told in its first second.
                came.append(at + timedelta(seconds=5))
                at = timing.due(rhythm, at + timedelta(seconds=6))

        assert len(came) == WEEKS * cap

    def test_of_later_come_with_the_next(self) -> None:
        """An hour after a digest went out it is over."""
        timing = Timing("Asia/Jakarta", 1, time(8), 0, quiet.of(["21.00", "06.00"], "Asia/Jakarta"))
        for hours, over in ((None, 2), (["22.00", "09.30"], 3)):
            begins = MONDAY.replace(hour=over, minute=30 if hours else 0)
            assert timing.due_from(DAILY, begins, hours) == MONDAY.replace(day=1, month=12, hour=1, minute=0)
            sooner = begins - timedelta(seconds=1)
            assert timing.due_from(DAILY, sooner, hours) == sooner
