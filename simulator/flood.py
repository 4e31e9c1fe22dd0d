"""Telegram's limits on sending, as far as it tells them: https://core.telegram.org/bots/faq

About 30 messages a second in all, one a second in a chat after a short burst, 20 a minute in a group. Telegram names
no burst and no penalty; ours are chosen: a second's worth in all, 20 messages in a chat, and whoever goes beyond is
refused for a few seconds, during which further tries neither pass nor make it longer. Edits count, answers to taps,
chat actions and deletions do not. Bots that pay (``allow_paid_broadcast``) have 1,000 a second in all.
"""

import math
from dataclasses import dataclass, field

from simulator.refusals import too_many_requests

COUNTED = ("send", "edit", "copy", "forward")
FREE = {"sendChatAction"}


@dataclass
class Bucket:
    rate: float  # messages a second that drain
    burst: float
    penalty: float  # seconds at least that an excess is refused for
    level: float = 0.0
    at: float = 0.0
    refused_until: float = 0.0

    def wait(self, now: float, messages: int) -> float:
        """Seconds until that many messages are welcome; 0 for now."""
        self.level = max(0.0, self.level - (now - self.at) * self.rate)
        self.at = now
        if now >= self.refused_until and self.level + messages > self.burst:
            self.refused_until = now + max(self.penalty, (self.level + messages - self.burst) / self.rate)
        return max(0.0, self.refused_until - now)


@dataclass
class Flood:
    overall: Bucket = field(default_factory=lambda: Bucket(rate=30, burst=30, penalty=3))
    paid: Bucket = field(default_factory=lambda: Bucket(rate=1000, burst=1000, penalty=3))
    chats: dict[int, Bucket] = field(default_factory=dict)

    def charge(self, method: str, chat_id: int, *, now: float, messages: int = 1, is_paid: bool = False) -> None:
        """Count a call against the limits. Raises Refused (429)."""
        if not method.startswith(COUNTED) or method in FREE:
            return
        if chat_id not in self.chats:
            is_group = chat_id < 0
            self.chats[chat_id] = Bucket(rate=20 / 60 if is_group else 1, burst=20, penalty=5)
        buckets = [self.chats[chat_id], self.paid if is_paid else self.overall]
        wait = max(bucket.wait(now, messages) for bucket in buckets)
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        for bucket in buckets:
            bucket.level += messages
