"""Quiet hours as people write them."""

import pytest

from domain.broadcasts import quiet
from domain.errors import Unfit


class TestTyped:
    @pytest.mark.parametrize(
        ("text", "hours"),
        [
            ("21:00 - 06:00", ["21.00", "06.00"]),
            ("9 malam sampai 5 pagi", ["21.00", "05.00"]),
            ("Jam 9 malam - jam 5 pagi", ["21.00", "05.00"]),
            ("dari pukul 20.30 s/d 4 subuh", ["20.30", "04.00"]),
            ("12 bengi tekan 5 esuk", ["00.00", "05.00"]),
            ("22-05", ["22.00", "05.00"]),
            ("8-12", ["08.00", "12.00"]),
            ("tanpa jam tenang", ["00.00", "00.00"]),
        ],
    )
    def test_is_read_as_it_is_said(self, text: str, hours: quiet.Hours) -> None:
        """By the clock or by the part of the day, in Indonesian and Javanese."""
        assert quiet.typed(text) == hours

    @pytest.mark.parametrize("text", ["9-5", "jam 9 sampai 5 pagi"])
    def test_that_may_be_of_the_evening_is_asked_for(self, text: str) -> None:
        """Nobody is left without news from nine in the morning on who meant the evening."""
        with pytest.raises(Unfit, match="quiet_unclear"):
            quiet.typed(text)

    @pytest.mark.parametrize("text", ["malam", "25.00-99.00", "21.00", "a-b"])
    def test_that_is_none_is_refused(self, text: str) -> None:
        """What names no two hours says how to write them."""
        with pytest.raises(Unfit, match="quiet_wrong"):
            quiet.typed(text)
