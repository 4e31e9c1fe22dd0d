"""`python -m benchmarks.replies` prints one table; `--chats`, `--latency` and `--only` make it smaller."""

import argparse
import os
import platform
import sqlite3
from datetime import UTC, datetime

from benchmarks.processes import Unavailable
from benchmarks.replies.contestants import contestants
from benchmarks.replies.measuring import TEXTS, Burst, Figures, measure

NOTE = """\
Ours is the real bot: it stores each update before it acknowledges it, remembers the person, answers from the knowledge
base, keeps the question, and may be killed at any moment without losing or doubling an effect. The peers only echo and
keep nothing; aiogram handles updates side by side and promises no order. All run without Telegram's limits (ours:
SEND_RATE=1000), each as one process, in turn, on this machine, which the pretend Telegram (and PostgreSQL) share.
SQLite waits for the disk at every commit; PostgreSQL is the tests' own, which does not (fsync off), unless
TEST_POSTGRES_URL names another. CPU is the bot's process only, for each update, start-up not counted."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.replies", description="How fast a burst is answered.")
    parser.add_argument("--chats", type=int, default=Burst.chats)
    parser.add_argument("--each", type=int, default=Burst.each, choices=range(1, len(TEXTS) + 1))
    parser.add_argument(
        "--latency", type=float, default=Burst.latency, help="seconds before each of Telegram's answers"
    )
    parser.add_argument("--only", default="", help="bots whose name holds this")
    options = parser.parse_args()
    burst = Burst(options.chats, options.each, options.latency)
    print(f"{burst.updates} updates from {burst.chats} chats at once, {burst.latency * 1000:g} ms Telegram latency")
    print(_machine(), end="\n\n")
    print(f"{'bot':45}{'updates/s':>10}{'seconds':>9}{'CPU ms':>8}{'out of order':>14}{'lost':>6}{'doubled':>9}")
    for contestant in contestants():
        if options.only in contestant.name:
            try:
                print(_line(measure(contestant, burst)), flush=True)
            except Unavailable as reason:
                print(f"{contestant.name:45} not measured: {reason}", flush=True)
    print(f"\n{NOTE}")


def _machine() -> str:
    today, cores = datetime.now(UTC).date(), os.cpu_count()
    python, sqlite = platform.python_version(), sqlite3.sqlite_version
    return f"{today}, {cores} cores, Python {python}, SQLite {sqlite}, {platform.system()}"


def _line(figures: Figures) -> str:
    cpu = "-" if figures.cpu_ms is None else f"{figures.cpu_ms:.2f}"
    rates = f"{figures.rate:10.0f}{figures.seconds:9.2f}{cpu:>8}"
    return f"{figures.name:45}{rates}{figures.out_of_order:14}{figures.lost:6}{figures.doubled:9}"


if __name__ == "__main__":
    main()
