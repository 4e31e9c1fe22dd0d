"""One broadcast measured: at the free limit with people who ask meanwhile, or as fast as one process goes."""

import contextlib
import os
import tempfile
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.broadcast import crowd
from benchmarks.processes import OURS, Process, Unavailable, cpu_seconds, megabytes, our_settings, running
from benchmarks.replies.telegram import Arrival, Telegram, pretend_telegram

FIRST = 1_000_000
"""Chats of those who get the broadcast."""

ASKERS = range(900, 960)
STARTER = 899
QUESTIONS = ("bagaimana cara membuat NIB?", "syarat sertifikat halal apa saja?")
ASK_EVERY = 0.5
IDLE_SECONDS = 60.0
PROBE_SECONDS = 60.0
STANDS_STILL = 30.0
"""Seconds without a message after which a broadcast counts as over."""

FLOOD = ("--flood-rate", "30", "--flood-burst", "3")


@dataclass(frozen=True)
class Bot:
    """A contestant: how it runs for so many recipients, and how its broadcast begins."""

    name: str
    program: tuple[str, ...]
    """Empty for ours. A peer's gets the address, the token, the first chat and the number."""
    people: int


@dataclass(frozen=True)
class Figures:
    """What a broadcast did, both lanes counted by when messages arrived at Telegram."""

    name: str
    people: int
    missing: int
    doubled: int
    seconds: float
    rate: float
    """Messages a second of both lanes, from the first to the last of the broadcast."""
    most: int
    """In any one second."""
    floods: int
    """429 answers."""
    idle: Sequence[float]
    """Seconds from a question to its answer's arrival, nothing else going on."""
    during: Sequence[float]
    unanswered: int
    cpu_ms: float | None
    """Of the bot's process for each message."""


def at_the_limit(bot: Bot, latency: float, rate: int) -> Figures:
    """Run *bot*'s broadcast under flood limits, two questions a second before and meanwhile. Raises Unavailable."""
    options = ("--everyone", "--no-calls", "--keep-messages", "0", *FLOOD)
    with pretend_telegram(latency, *options) as telegram, _opened(bot, telegram, rate) as (process, start):
        _until_it_answers(telegram, process)
        idle, _ = _ask(telegram, IDLE_SECONDS, lambda: False)
        telegram.arrivals()
        floods, cpu = telegram.refused().get("429", 0), cpu_seconds(process.pid)
        start()
        seen: list[Arrival] = []
        over = _Over(telegram, seen, bot.people)
        during, unanswered = _ask(telegram, 3_600.0, over)
        cpu_after = cpu_seconds(process.pid)
        floods = telegram.refused().get("429", 0) - floods
    return _figures(bot, seen, floods, idle, during, unanswered, (cpu, cpu_after))


class _Over:
    """Whether the broadcast has reached everybody, or stands still; collects what arrives."""

    def __init__(self, telegram: Telegram, seen: list[Arrival], people: int) -> None:
        self._telegram, self._seen, self._people = telegram, seen, people
        self._reached: set[int] = set()
        self._last = time.monotonic()

    def add(self, arrivals: Sequence[Arrival]) -> None:
        self._seen.extend(arrivals)
        new = {one.chat_id for one in arrivals if one.chat_id >= FIRST} - self._reached
        if new:
            self._reached |= new
            self._last = time.monotonic()

    def __call__(self) -> bool:
        return len(self._reached) >= self._people or time.monotonic() - self._last > STANDS_STILL


def _ask(telegram: Telegram, seconds: float, is_over: Callable[[], bool]) -> tuple[list[float], int]:
    """Ask twice a second until it is over; the seconds each answer took, and how many had none by the end."""
    waits: list[float] = []
    open_since: dict[int, float] = {}
    began, number = time.monotonic(), 0
    while time.monotonic() - began < seconds and not is_over():
        asker = ASKERS[number % len(ASKERS)]
        if asker not in open_since:
            open_since[asker] = time.monotonic()
            telegram.write([(asker, QUESTIONS[number // len(ASKERS) % len(QUESTIONS)])])
        number += 1
        time.sleep(max(0.0, began + number * ASK_EVERY - time.monotonic()))
        _hear(telegram, open_since, waits, is_over)
    until = time.monotonic() + 5
    while open_since and time.monotonic() < until:
        time.sleep(0.2)
        _hear(telegram, open_since, waits, is_over)
    return waits, len(open_since)


def _hear(telegram: Telegram, open_since: dict[int, float], waits: list[float], is_over: object) -> None:
    arrivals = telegram.arrivals()
    if isinstance(is_over, _Over):
        is_over.add(arrivals)
    for one in arrivals:
        if one.method == "sendMessage" and one.chat_id in open_since:
            waits.append(one.at - open_since.pop(one.chat_id))


def _figures(
    bot: Bot,
    seen: Sequence[Arrival],
    floods: int,
    idle: Sequence[float],
    during: Sequence[float],
    unanswered: int,
    cpu: tuple[float | None, float | None],
) -> Figures:
    counted = sorted((one for one in seen if one.method.startswith(("send", "edit"))), key=lambda one: one.at)
    counted = [one for one in counted if one.method != "sendChatAction"]
    bulk = [one for one in counted if one.chat_id >= FIRST]
    copies = Counter(one.chat_id for one in bulk)
    first, last = bulk[0].at, bulk[-1].at
    within = [one.at for one in counted if first <= one.at <= last]
    before, after = cpu
    used = None if before is None or after is None else (after - before) / max(1, len(within)) * 1000
    return Figures(
        name=bot.name,
        people=bot.people,
        missing=bot.people - len(copies),
        doubled=sum(number - 1 for number in copies.values()),
        seconds=last - first,
        rate=(len(within) - 1) / (last - first),
        most=most_in_a_second(within),
        floods=floods,
        idle=idle,
        during=during,
        unanswered=unanswered,
        cpu_ms=used,
    )


def most_in_a_second(times: Sequence[float]) -> int:
    """The most of *times*, in order, that lie in any one second."""
    return max(bisect_left(times, start + 1.0) - at for at, start in enumerate(times))


def percentile(values: Sequence[float], part: float) -> float:
    """By the nearest rank; raises IndexError for none."""
    in_order = sorted(values)
    return in_order[min(len(in_order) - 1, int(part * len(in_order)))]


def _until_it_answers(telegram: Telegram, process: Process) -> None:
    until = time.monotonic() + PROBE_SECONDS
    for asker in ASKERS:
        before = telegram.accepted("sendMessage")
        telegram.write([(asker, QUESTIONS[0])])
        while telegram.accepted("sendMessage") == before:
            if process.poll() is not None or time.monotonic() > until:
                raise Unavailable("no reply")
            time.sleep(0.05)
    time.sleep(2.0)
    telegram.arrivals()


@contextlib.contextmanager
def _opened(bot: Bot, telegram: Telegram, rate: int) -> Iterator[tuple[Process, Callable[[], object]]]:
    if bot.program:
        arguments = (*bot.program, telegram.address, "1000:bench", str(FIRST), str(bot.people))
        with running(arguments, {}) as process:
            yield process, lambda: telegram.write([(STARTER, "mulai")])
        return
    with tempfile.TemporaryDirectory(prefix="umkm-bench-") as folder:
        url = f"sqlite+aiosqlite:///{folder}/bot.db"
        crowd.fill(url, FIRST, bot.people, ASKERS)
        settings = our_settings(
            telegram.address, url, SEND_RATE=str(rate), ALLOW_PAID_BROADCAST="yes" if rate > 30 else "no"
        )
        with running(OURS, settings) as process:
            yield process, lambda: crowd.announce(url)


@dataclass(frozen=True)
class Speed:
    """How fast one process sends where nothing holds it back."""

    people: int
    seconds: float
    rate: float
    missing: int
    doubled: int
    cpu_ms: float | None
    before_mb: float | None
    after_mb: float | None
    """The most it occupied while it sent."""


def at_full_speed(people: int, latency: float, rate: int, core: int | None) -> Speed:
    """Our broadcast to *people* at *rate*, without flood limits; the bot keeps to *core*, where one is given."""
    options = ("--everyone", "--no-schema-checks", "--no-calls", "--keep-messages", "0")
    ours = Bot("ours", (), people)
    with pretend_telegram(latency, *options) as telegram, _opened(ours, telegram, rate) as (process, start):
        if core is not None:
            os.sched_setaffinity(process.pid, {core})
        _until_it_answers(telegram, process)
        before, cpu = megabytes(process.pid), cpu_seconds(process.pid)
        start()
        seen: list[Arrival] = []
        over, most = _Over(telegram, seen, people), before
        while not over():
            time.sleep(0.5)
            over.add(telegram.arrivals())
            most = max(most or 0.0, megabytes(process.pid) or 0.0)
        cpu_after = cpu_seconds(process.pid)
    times = sorted(one.at for one in seen if one.chat_id >= FIRST)
    copies = Counter(one.chat_id for one in seen if one.chat_id >= FIRST)
    used = None if cpu is None or cpu_after is None else (cpu_after - cpu) / max(1, len(times)) * 1000
    took = times[-1] - times[0]
    doubled = sum(number - 1 for number in copies.values())
    return Speed(people, took, (len(times) - 1) / took, people - len(copies), doubled, used, before, most)
