"""One bot measured: a probe learns its replies, a warm-up opens its connections, then the burst counts."""

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.processes import Process, Unavailable, cpu_seconds
from benchmarks.replies.contestants import Contestant
from benchmarks.replies.telegram import Reply, Telegram, pretend_telegram

TEXTS = (
    "/start",
    "bagaimana cara membuat NIB?",
    "/bantuan",
    "syarat sertifikat halal apa saja?",
    "terima kasih",
)
"""What each chat writes, in this order: five at most, the burst that Telegram lets pass in a chat."""

PROBE = 900
WARM_UP = range(901, 965)
FIRST_CHAT = 1001
START_SECONDS = 60.0
LONGEST_RUN = 120.0
QUIET_SECONDS = 1.2
"""Between warm-up and burst, so that the warm-up no longer counts in the bot's own send rate; after it, for echoes."""


@dataclass(frozen=True)
class Burst:
    """How many chats write how many messages each, all at once, and how long each of Telegram's answers takes."""

    chats: int = 200
    each: int = len(TEXTS)
    latency: float = 0.05

    @property
    def updates(self) -> int:
        return self.chats * self.each

    @property
    def texts(self) -> Sequence[str]:
        return TEXTS[: self.each]


@dataclass(frozen=True)
class Figures:
    """What one bot did with the burst."""

    name: str
    seconds: float
    cpu_ms: float | None
    """Of the bot's process for each update; None where the system does not tell."""
    replies: int
    out_of_order: int
    """Replies that arrived after the reply to a later message of the same chat."""
    lost: int
    doubled: int

    @property
    def rate(self) -> float:
        return self.replies / self.seconds


def measure(contestant: Contestant, burst: Burst) -> Figures:
    """Run *contestant* through *burst*. Raises Unavailable when it does not come up."""
    with pretend_telegram(burst.latency) as telegram, contestant.open(telegram.address) as process:
        chats = range(FIRST_CHAT, FIRST_CHAT + burst.chats)
        telegram.meet(range(PROBE, FIRST_CHAT + burst.chats))
        expected = _learn(telegram, process, burst)
        _warm_up(telegram, burst)
        before, cpu_before = telegram.calls(), cpu_seconds(process.pid)
        accepted = len(telegram.replies())
        messages = [(chat, text) for text in burst.texts for chat in chats]
        # The queue is filled by one call; what is counted begins with its answer, which goes out with the first poll's.
        telegram.write(messages)
        began = time.monotonic()
        telegram.wait_for(accepted + burst.updates, LONGEST_RUN)
        cpu_after = cpu_seconds(process.pid)
        time.sleep(QUIET_SECONDS)
        replies = telegram.replies(before)
    seconds = max((reply.at for reply in replies), default=began) - began
    cpu_ms = None if cpu_before is None or cpu_after is None else (cpu_after - cpu_before) / burst.updates * 1000
    return Figures(contestant.name, seconds, cpu_ms, len(replies), *_tally(replies, expected, chats))


def _learn(telegram: Telegram, process: Process, burst: Burst) -> list[str]:
    """What this bot answers to each text, one by one; knowing it, any bot's order can be judged."""
    for number, text in enumerate(burst.texts, start=1):
        telegram.write([(PROBE, text)])
        until = time.monotonic() + START_SECONDS
        while not telegram.wait_for(number, 1.0):
            if process.poll() is not None or time.monotonic() > until:
                raise Unavailable(f"no reply to {text!r}")
    learned = [reply.text for reply in telegram.replies()]
    if len(set(learned)) != len(burst.texts):
        raise Unavailable("its replies cannot be told apart")
    return learned


def _warm_up(telegram: Telegram, burst: Burst) -> None:
    """Open connections and fill caches, by people who do not take part."""
    messages = [(person, text) for text in burst.texts[:2] for person in WARM_UP]
    telegram.write(messages)
    telegram.wait_for(len(burst.texts) + len(messages), START_SECONDS)
    time.sleep(QUIET_SECONDS)


def _tally(replies: Sequence[Reply], expected: Sequence[str], chats: range) -> tuple[int, int, int]:
    """Over all chats: replies out of order, lost and doubled."""
    by_chat: dict[int, list[str]] = defaultdict(list)
    for reply in replies:
        by_chat[reply.chat_id].append(reply.text)
    out_of_order = lost = doubled = 0
    for chat in chats:
        seen = Counter(by_chat[chat])
        lost += sum(not seen[text] for text in expected)
        doubled += sum(max(0, seen[text] - 1) for text in expected)
        places = [expected.index(text) for text in by_chat[chat] if text in expected]
        out_of_order += sum(place < max(places[:at], default=-1) for at, place in enumerate(places))
    return out_of_order, lost, doubled
