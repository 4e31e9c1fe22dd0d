"""Telegram's limits on sending, as far as it tells them: https://core.telegram.org/bots/faq

About 30 messages a second in all, one a second in a chat after a short burst, 20 a minute in a group. Telegram names
no burst and no penalty; ours are chosen: a second's worth in all, 20 messages in a chat, and whoever goes beyond is
refused for a few seconds, during which further tries neither pass nor make it longer. Edits count, answers to taps,
chat actions and deletions do not. Bots that pay (``allow_paid_broadcast``) have 1,000 a second in all.

All of them can be other ones (``Flood.set_limit``): with a rate of 30 and a burst of 3, at most 33 messages pass in any
one second.
"""

import math
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.refusals import too_many_requests

COUNTED = ("send", "edit", "copy", "forward")
FREE = {"sendChatAction"}
ROUNDING = 1e-6  # messages; what has drained is a sum of fractions


@dataclass(frozen=True, slots=True)
class Limit:
    """Raises ValueError for a limit that nothing could pass, or that would never end."""

    rate: float  # messages a second that drain
    burst: float  # messages that pass at once
    penalty: float  # seconds at least that an excess is refused for

    def __post_init__(self) -> None:
        values = (self.rate, self.burst, self.penalty)
        if not all(math.isfinite(value) for value in values) or self.rate <= 0 or self.burst < 1 or self.penalty < 0:
            raise ValueError(
                f"a limit has a positive rate, a burst of 1 or more and a penalty of 0 or more, not {self}"
            )


LIMITS = {
    "overall": Limit(rate=30, burst=30, penalty=3),
    "paid": Limit(rate=1000, burst=1000, penalty=3),
    "chat": Limit(rate=1, burst=20, penalty=5),
    "group": Limit(rate=20 / 60, burst=20, penalty=5),  # and channels
}


@dataclass(slots=True)
class Bucket:
    level: float = 0.0
    at: float = 0.0
    refused_until: float = 0.0

    def wait(self, limit: Limit, now: float, messages: int) -> float:
        """Seconds until that many messages are welcome; 0 for now."""
        self.level = max(0.0, self.level - (now - self.at) * limit.rate)
        self.at = now
        # An album larger than the burst passes an empty bucket, or it never would.
        excess = self.level + min(messages, limit.burst) - limit.burst
        if now >= self.refused_until and excess > ROUNDING:
            self.refused_until = now + max(limit.penalty, excess / limit.rate)
        return max(0.0, self.refused_until - now)


@dataclass
class Flood:
    limits: dict[str, Limit] = field(default_factory=lambda: dict(LIMITS))
    overall: Bucket = field(default_factory=Bucket)
    paid: Bucket = field(default_factory=Bucket)
    chats: dict[int, Bucket] = field(default_factory=dict)

    def set_limit(self, name: str, **changed: Any) -> None:
        """Change a limit: overall, paid, chat or group. Raises LookupError, TypeError or ValueError for no such one."""
        self.limits[name] = replace(self.limits[name], **{what: float(value) for what, value in changed.items()})

    def charge(self, method: str, chat_id: int, *, now: float, messages: int = 1, is_paid: bool = False) -> None:
        """Count a call against the limits. Raises Refused (429)."""
        if not method.startswith(COUNTED) or method in FREE:
            return
        bucket = self.chats.get(chat_id)
        if bucket is None:
            bucket = self.chats[chat_id] = Bucket()
        limits = self.limits
        counted = (
            (bucket, limits["group" if chat_id < 0 else "chat"]),
            (self.paid, limits["paid"]) if is_paid else (self.overall, limits["overall"]),
        )
        wait = max(bucket.wait(limit, now, messages) for bucket, limit in counted)
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        for bucket, _ in counted:
            bucket.level += messages
