"""Broadcasts: what an office tells many at once, each of them once, and what became of it."""

from db.models import (
    Broadcast,
    BroadcastKind,
    BroadcastSchedule,
    BroadcastState,
    Outlet,
    Recipient,
    RecipientState,
)

__all__ = [
    "Broadcast",
    "BroadcastKind",
    "BroadcastSchedule",
    "BroadcastState",
    "Outlet",
    "Recipient",
    "RecipientState",
]
