"""How fast we may send: all lanes together, and each chat. Telegram's limits are used and never broken."""

from collections import deque
from collections.abc import Callable
from time import monotonic

from db.models import Lane

FREE_LIMIT = 30
"""Messages a second that Telegram carries for nothing."""

REPLY_RESERVE = 2
"""Slots above SEND_RATE into which a reply may go while bulk is under way; bulk waits for them to be paid back, so that
the limit is kept on the average, and left for an instant only by what a person waits for (docs/decisions/0020)."""

BULK_BURST, PAID_BURST = 0.6, 0.1
"""How far bulk may lag behind its slots and catch up, so that a loop that comes round late loses none: a part of one
slot, since together with a reply or two it must not look like a burst to Telegram; and seconds where it is paid for."""

PRIVATE_BURST = 5
PRIVATE_INTERVAL = 1.0
"""A private chat takes a short burst, then about one message a second."""

GROUP_CHAT = (20, 60.0)
"""A group takes so many messages in so many seconds."""


class Window:
    """At most *most* events in any *seconds*."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self.times: deque[float] = deque()

    def room(self, now: float) -> int:
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        return self.most - len(self.times)

    def wait(self, now: float, events: int = 1) -> float:
        """Seconds until *events* more fit; 0 when they fit now."""
        missing = events - self.room(now)
        return max(0.0, self.times[missing - 1] + self.seconds - now) if missing > 0 else 0.0

    def add(self, now: float) -> None:
        self.times.append(now)

    def is_idle(self, now: float) -> bool:
        return self.room(now) == self.most


class Bucket:
    """A burst of *most*, then one event every *interval* seconds."""

    def __init__(self, most: int, interval: float) -> None:
        self._slack = (most - 1) * interval
        self._interval = interval
        self._due = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one more fits; 0 when one fits now."""
        return max(0.0, self._due - self._slack - now)

    def add(self, now: float) -> None:
        self._due = max(self._due, now) + self._interval

    def is_idle(self, now: float) -> bool:
        return self._due <= now


class Pace:
    """The send budget of one process. Asks and counts; sends nothing itself."""

    def __init__(self, rate: float, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._interval = 1.0 / rate
        self._lag = BULK_BURST * self._interval if rate <= FREE_LIMIT else PAID_BURST
        self._all = Window(max(1, int(rate)) + REPLY_RESERVE, max(1.0, self._interval))
        # Above what Telegram carries for nothing only bulk is paid for; replies keep to the free limit.
        free = int(min(rate, FREE_LIMIT)) + REPLY_RESERVE
        self._free = Window(max(1 + REPLY_RESERVE, free), max(1.0, self._interval))
        self._next_bulk = 0.0
        self._chats: dict[int, Window | Bucket] = {}
        self.begin_empty()

    def begin_empty(self) -> None:
        """What another process sent in its last second is not known, so it counts as all there was."""
        now = self._clock()
        self._next_bulk = now + self._all.seconds
        for window in (self._all, self._free):
            window.times.clear()
            for used in range(window.most):
                window.add(now - window.seconds + used * window.seconds / window.most)

    def room(self, lane: Lane) -> int:
        """How many calls of *lane* may go now. Answers to taps are free."""
        now = self._clock()
        if lane is Lane.TAP:
            return 1_000_000
        room = max(0, self._all.room(now))
        if lane is Lane.REPLY:
            return max(0, min(room, self._free.room(now)))
        saved = min(now - self._next_bulk, self._lag)
        return 0 if saved < 0 else max(0, min(room - REPLY_RESERVE, 1 + int(saved / self._interval)))

    def wait(self, lane: Lane) -> float:
        """Seconds until something of *lane* may go; 0 when it may go now."""
        now = self._clock()
        if lane is Lane.TAP:
            return 0.0
        if lane is Lane.REPLY:
            return max(self._all.wait(now), self._free.wait(now))
        return max(self._next_bulk - now, self._all.wait(now, REPLY_RESERVE + 1))

    def chat_wait(self, chat_id: int) -> float:
        """Seconds until this chat takes another message; 0 when it takes one now."""
        chat = self._chats.get(chat_id)
        return chat.wait(self._clock()) if chat else 0.0

    def spend(self, lane: Lane, chat_id: int, cost: int = 1) -> None:
        """Count *cost* messages to a chat; bulk pays back what replies took."""
        if lane is Lane.TAP:
            return
        now = self._clock()
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = Bucket(PRIVATE_BURST, PRIVATE_INTERVAL) if chat_id > 0 else Window(*GROUP_CHAT)
            self._chats[chat_id] = chat
        for _ in range(cost):
            self._all.add(now)
            chat.add(now)
            if lane is Lane.REPLY:
                self._free.add(now)
        self._next_bulk = max(self._next_bulk, now - self._lag) + cost * self._interval

    def tidy(self) -> None:
        """Forget chats that have been quiet."""
        now = self._clock()
        self._chats = {id: chat for id, chat in self._chats.items() if not chat.is_idle(now)}
