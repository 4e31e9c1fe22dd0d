"""People, opportunities and messages as they stand in the reckoning beside the database's (`opportunity_world`)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.opportunities.matching import Seeker

BEGIN = datetime(2026, 11, 27, 3, tzinfo=UTC)
"""A Friday, ten in the morning."""

HERE = ZoneInfo("Asia/Jakarta")
WEEK = timedelta(days=7)
CAP = 3
LATE = timedelta(hours=1)
"""So long a digest is still the one of its hour."""
TITLE = re.compile(r"Peluang (\d{5})")
MORE = re.compile(r"Masih ada (\d+) lagi")
MOST_NAMED = 10
ARRIVES = {"sent", "uncertain", "lost"}
"""What may have come to somebody, as far as anybody knows."""


@dataclass
class Owner:
    """Somebody as they themselves know it."""

    id: int
    telegram_id: int
    sector: str | None = None
    home: str | None = None
    papers: dict[str, str | None] = field(default_factory=dict)
    capacity: str | None = None
    wishes: dict[str, list[str] | None] = field(default_factory=dict)
    rhythm: str = "at_once"
    quiet: tuple[str, str] = ("21.00", "06.00")
    muted: set[str] = field(default_factory=set)
    has_blocked: bool = False
    is_reachable: bool = True
    is_dirty: bool = False
    """They changed, and nobody has looked at it yet."""
    is_redated: bool = False
    """They chose another rhythm, and nobody has looked at it yet."""
    eased_at: datetime = BEGIN
    """When something that held them back went away otherwise than by time."""
    called_back_at: datetime = BEGIN
    """When they changed while a message was on its way to them: it is decided again at once."""
    looked_at: datetime = BEGIN
    """When the bot last did all that was to be done, and could have told them."""

    @property
    def wants(self) -> bool:
        return not self.muted & {"pasar", "*"}

    def seeker(self) -> Seeker:
        chosen = self.wishes.get("products")
        products = chosen if chosen is not None else [self.sector] if self.sector else None
        kecamatan = [*([self.home] if self.home else []), *(self.wishes.get("kecamatan") or [])]
        markets, kinds = self.wishes.get("markets"), self.wishes.get("kinds")
        return Seeker(self.id, products, kecamatan, markets, kinds, self.papers, self.capacity)

    def is_quiet(self, at: datetime) -> bool:
        begins, ends = (time.fromisoformat(hour.replace(".", ":")) for hour in self.quiet)
        clock = at.astimezone(HERE).time()
        if begins <= ends:
            return begins <= clock < ends
        return not ends <= clock < begins

    def digest_after(self, at: datetime) -> datetime:
        """When a digest of theirs first goes out after *at*; *at* itself for who hears at once."""
        return at if self.rhythm == "at_once" else next(one for one in self._mornings(at, range(9)) if one > at)

    def digest_before(self, at: datetime) -> datetime:
        """When one was last to go out, *at* that time included."""
        return next(one for one in self._mornings(at, range(0, -9, -1)) if one <= at)

    def _mornings(self, at: datetime, days: Iterable[int]) -> Iterator[datetime]:
        here = at.astimezone(HERE)
        for day in days:
            morning = datetime.combine(here.date() + timedelta(days=day), time(8), HERE)  # no summer time there
            if self.rhythm == "daily" or morning.weekday() == 0:
                yield morning

    def with_digest(self, at: datetime) -> datetime:
        """When they hear of what may go from *at* on: then, where they hear at once or a digest is going out."""
        is_going_out = self.rhythm == "at_once" or at < self.goes_out(self.digest_before(at)) + LATE
        return at if is_going_out else self.digest_after(at)

    def goes_out(self, digest: datetime) -> datetime:
        """When a digest comes to them: not in their quiet hours."""
        quarters = (digest + timedelta(minutes=15) * number for number in range(24 * 4))
        return next(one for one in quarters if not self.is_quiet(one))


@dataclass
class Offer:
    """An opportunity as its office knows it."""

    row: Any
    """With what it says."""
    state: str
    publish_at: datetime | None = None
    must_walk: bool = False
    was_urgent: bool = False
    """Some time: what waited for a digest does not any more."""

    @property
    def id(self) -> int:
        return int(self.row.id)

    def is_open(self, now: datetime) -> bool:
        return self.state == "open" and self.row.deadline > now


@dataclass
class Message:
    owner: Owner
    offers: frozenset[int]
    counts: bool
    at: datetime
    message_id: int | None = None
    is_stale: bool = False
    is_lost: bool = False
    """The process ended in the middle of the call."""
