"""How far a broadcast is, in numbers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from db import bulk
from db.models import UNDER_WAY, Broadcast, BroadcastState, RecipientState
from db.session import Session

CELLS = 10

A_REST = timedelta(minutes=2)
"""Less is Telegram's "too many", and over before anybody has read of it."""


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
    pace: float | None = None
    """Recipients a second; None while there is no telling."""
    next_due: datetime | None = None
    """When the first of those who wait may be told."""

    @property
    def done(self) -> int:
        """Who had their turn; not who was skipped."""
        return self.total - self.under_way - self.skipped

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
    is_going = broadcast.state is BroadcastState.RUNNING and numbers[RecipientState.WAITING] > 0
    return Figures(
        total=max(broadcast.total, sum(numbers.values())),
        sent=numbers[RecipientState.SENT],
        uncertain=numbers[RecipientState.UNCERTAIN],
        blocked=numbers[RecipientState.BLOCKED],
        failed=numbers[RecipientState.FAILED],
        skipped=numbers[RecipientState.SKIPPED],
        under_way=sum(numbers[state] for state in UNDER_WAY),
        pace=await bulk.pace(session, broadcast.id) if is_going else None,
        next_due=await bulk.next_due(session, [broadcast.id]) if is_going else None,
    )


def rests_until(done: Figures, now: datetime) -> datetime | None:
    """When it goes on by itself, where nobody may be told before: quiet hours."""
    if done.next_due is None or done.next_due - now < A_REST:
        return None
    return done.next_due


def ends_at(broadcast: Broadcast, done: Figures, now: datetime) -> datetime | None:
    """When all will have been told at the pace of late; None while there is no telling."""
    if broadcast.state is not BroadcastState.RUNNING or not done.pace or not done.under_way:
        return None
    return (rests_until(done, now) or now) + timedelta(seconds=done.under_way / done.pace)
