"""How far a broadcast is, in numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from db import bulk
from db.models import UNDER_WAY, Broadcast, RecipientState
from db.session import Session

CELLS = 10


@dataclass(frozen=True)
class Figures:
    """Recipients by state, and when all will have been told."""

    total: int
    sent: int
    uncertain: int
    blocked: int
    failed: int
    skipped: int
    under_way: int

    @property
    def done(self) -> int:
        return self.total - self.under_way

    @property
    def percent(self) -> int:
        """Never 100 while one is missing."""
        return 100 if self.done >= self.total else self.done * 100 // self.total

    @property
    def bar(self) -> str:
        """Ten cells."""
        full = self.percent * CELLS // 100
        return "▓" * full + "░" * (CELLS - full)


async def figures(session: Session, broadcast: Broadcast) -> Figures:
    """As they stand at this moment."""
    numbers = await bulk.counts(session, broadcast.id)
    return Figures(
        total=max(broadcast.total, sum(numbers.values())),
        sent=numbers[RecipientState.SENT],
        uncertain=numbers[RecipientState.UNCERTAIN],
        blocked=numbers[RecipientState.BLOCKED],
        failed=numbers[RecipientState.FAILED],
        skipped=numbers[RecipientState.SKIPPED],
        under_way=sum(numbers[state] for state in UNDER_WAY),
    )


def ends_at(broadcast: Broadcast, done: Figures, now: datetime) -> datetime | None:
    """When all will have been told at the pace so far; None while there is no telling."""
    if broadcast.started_at is None or not done.done or not done.under_way:
        return None
    took = now - broadcast.started_at
    return now + timedelta(seconds=took.total_seconds() / done.done * done.under_way)
