"""Taps on inline buttons, until the bot has answered them or it is too late."""

import itertools
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.refusals import bad_request

if TYPE_CHECKING:
    from simulator.people import Person

LASTS = 15.0  # seconds in which a tap can be answered; Telegram names no number, and it is not much more


@dataclass(slots=True)
class Tap:
    person: "Person"
    at: float
    is_answered: bool = False


class Taps:
    def __init__(self) -> None:
        self._taps: dict[str, Tap] = {}
        self._ids = itertools.count(7_400_000_000_000_000_001)

    def add(self, person: "Person") -> str:
        """The id of a tap that was just made."""
        oldest = next(iter(self._taps), None)
        if oldest and time.monotonic() - self._taps[oldest].at > LASTS:
            del self._taps[oldest]  # so that long runs forget as many as come
        query_id = str(next(self._ids))
        self._taps[query_id] = Tap(person, time.monotonic())
        return query_id

    def answer(self, query_id: str) -> "Person":
        """Whose tap it was. Raises Refused for one that is unknown, too old, or answered already."""
        tap = self._taps.get(query_id)
        if tap is None or tap.is_answered or time.monotonic() - tap.at > LASTS:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        tap.is_answered = True
        return tap.person
