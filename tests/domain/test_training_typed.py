"""Days and moments of a training, as officers type them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from domain.trainings import typed
from domain.trainings.editing import BadTraining

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=ZONE)
"""A Tuesday."""


class TestDays:
    @pytest.mark.parametrize(
        ("line", "days"),
        [
            ("30-11-2026 08.00-15.00", ["30/11 08:00-15:00"]),
            ("besok 08.00-12.00", ["25/11 08:00-12:00"]),
            ("Besok jam 8 - 12", ["25/11 08:00-12:00"]),
            ("30 November 2026 jam 8 sampai 3 sore", ["30/11 08:00-15:00"]),
            ("Senin, 30 November 2026, pukul 08.00 s/d 15.00 WIB", ["30/11 08:00-15:00"]),
            ("kamis jam 1 sampai 3 sore", ["26/11 13:00-15:00"]),
            ("30-11-2026 08.00-12.00, 01-12-2026 13.00-15.00", ["30/11 08:00-12:00", "01/12 13:00-15:00"]),
            ("30 November, 1 Desember 2026 08.00-12.00", ["30/11 08:00-12:00", "01/12 08:00-12:00"]),
            ("1, 2 dan 3 Desember 2026 08.00-12.00", [f"0{day}/12 08:00-12:00" for day in (1, 2, 3)]),
        ],
    )
    def test_are_read_as_people_write_them(self, line: str, days: list[str]) -> None:
        """In numbers or in words, with the hours however they are joined, and several with commas between."""
        found = typed.read("days", line, ZONE, NOW)

        read = [(one.starts_at.astimezone(ZONE), one.ends_at.astimezone(ZONE)) for one in found]
        assert [f"{begins:%d/%m %H:%M}-{ends:%H:%M}" for begins, ends in read] == days
        assert {begins.year for begins, _ in read} == {2026}

    @pytest.mark.parametrize("line", ["besok pagi", "08.00-12.00", "31-02-2027 08.00-12.00", "besok, lusa", "1, 2, 3"])
    def test_that_cannot_be_read_are_named(self, line: str) -> None:
        """A day without hours, hours without a day, and a day that there is not."""
        with pytest.raises(BadTraining):
            typed.read("days", line, ZONE, NOW)


class TestMoments:
    @pytest.mark.parametrize("text", ["29-11-2026 16.00", "29 November 2026 jam 4 sore", "minggu 16.00"])
    def test_are_read_likewise(self, text: str) -> None:
        """In numbers or in words."""
        assert typed.read("closes_at", text, ZONE, NOW) == datetime(2026, 11, 29, 16, 0, tzinfo=ZONE)
