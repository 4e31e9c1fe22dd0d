"""When a broadcast is to set out, as officers type it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.broadcasts import moments
from domain.broadcasts.quiet import Quiet
from domain.broadcasts.refusals import PastTime
from domain.errors import Unfit

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
"""A Thursday, nine in the morning in Lamongan."""

READ = {
    "27-11-2026 08.00": "2026-11-27 08:00",
    "27/11/2026 8:00": "2026-11-27 08:00",
    "27-11 jam 8": "2026-11-27 08:00",
    "1-1 08.00": "2027-01-01 08:00",
    "27 November 2026 pukul 08.00 WIB": "2026-11-27 08:00",
    "27 nov 13.30": "2026-11-27 13:30",
    "besok jam 8": "2026-11-27 08:00",
    "Besok, 08.30": "2026-11-27 08:30",
    "sesuk jam 8 esuk": "2026-11-27 08:00",
    "tomorrow 8am": "2026-11-27 08:00",
    "lusa jam 9": "2026-11-28 09:00",
    "hari ini jam 3 sore": "2026-11-26 15:00",
    "nanti malam jam 7": "2026-11-26 19:00",
    "jam 13.30": "2026-11-26 13:30",
    "08.10": "2026-11-27 08:10",
    "8": "2026-11-27 08:00",
    "Senin 13.30": "2026-11-30 13:30",
    "kamis jam 8": "2026-12-03 08:00",
    "jumat, 27-11-2026 08.00": "2026-11-27 08:00",
    "jam 1 siang": "2026-11-26 13:00",
    "jam 11 siang": "2026-11-26 11:00",
    "2 jam lagi": "2026-11-26 11:00",
    "30 menit lagi": "2026-11-26 09:30",
    "3 hari lagi": "2026-11-29 09:00",
    "jam 1 malam": "2026-11-27 01:00",
    "nanti malam jam 1": "2026-11-27 01:00",
    "malam ini jam 7": "2026-11-26 19:00",
    "malam ini jam 12": "2026-11-27 00:00",
    "besok malam jam 8": "2026-11-27 20:00",
    "besok malam jam 1": "2026-11-28 01:00",
    "besok jam 1 malam": "2026-11-27 01:00",
    "kamis 13.00": "2026-11-26 13:00",
    "kamis jam 9.30": "2026-11-26 09:30",
    "tgl 27 jam 8": "2026-11-27 08:00",
    "tanggal 5 pukul 08.00": "2026-12-05 08:00",
    "tgl 31 jam 8": "2026-12-31 08:00",
    "tanggal 27 November jam 8": "2026-11-27 08:00",
    "tgl 27-11 jam 8": "2026-11-27 08:00",
    "rabu depan jam 8": "2026-12-02 08:00",
    "jumat depan jam 8": "2026-12-04 08:00",
}


class TestRead:
    @pytest.mark.parametrize(("typed", "meant"), READ.items())
    def test_understands(self, typed: str, meant: str) -> None:
        """As people write it, in the time of the place."""
        assert moments.read(typed, ZONE, NOW).astimezone(ZONE) == datetime.fromisoformat(meant).replace(tzinfo=ZONE)

    @pytest.mark.parametrize(
        "typed", ["hari ini jam 8", "25-11-2026 08.00", "26-11-2026 09.00", "kemarin", "kemarin jam 8", "tgl 26 jam 8"]
    )
    def test_refuses_what_is_over(self, typed: str) -> None:
        """A time that has passed is no time to send."""
        with pytest.raises(PastTime):
            moments.read(typed, ZONE, NOW)

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "kapan-kapan",
            "besok",
            "besok pagi",
            "jam 25",
            "31-02-2027 08.00",
            "27-13-2026 08.00",
            "😀",
            "8" * 4000,
            "1-1-2199 08.00",
            "minggu depan jam 8",
            "tgl 45 jam 8",
        ],
    )
    def test_refuses_what_is_none(self, typed: str) -> None:
        """Nothing is guessed."""
        with pytest.raises(Unfit):
            moments.read(typed, ZONE, NOW)


class TestOffered:
    def test_are_ahead_and_not_at_night(self) -> None:
        """Whatever time it is, each is later than now, outside the quiet hours, and stands there once, in order."""
        quiet = Quiet(time(21), time(6), "Asia/Jakarta")
        for hour in range(24 * 8):
            now = NOW + timedelta(hours=hour)
            found = list(moments.offered(ZONE, now, quiet))
            assert found == sorted(set(found))
            assert 2 <= len(found) <= 6
            assert all(at > now and quiet.over(at) is None for at in found)
