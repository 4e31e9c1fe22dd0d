"""`python -m benchmarks.broadcast`: at Telegram's limit beside two peers, then as fast as one process goes."""

import argparse
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version

from benchmarks.broadcast.measuring import Bot, Figures, Speed, at_full_speed, at_the_limit, percentile
from benchmarks.processes import Unavailable

DISTRICT = 7_635
LATENCY = 0.05

NOTE = """\
All messages are counted where they arrive, replies and broadcast together; the pretend Telegram takes 30 a second,
refuses above a burst of 3 more, and answers after 50 ms. Two questions a second are asked by people who get no
broadcast, before it (idle) and while it runs: the seconds from the question until its answer arrives at Telegram.
Ours stores every question, answers it from the knowledge base and keeps a row for each recipient; the peers echo and
keep nothing, and each of their broadcasts is forgotten when the process ends."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.broadcast", description="A broadcast, and who waits.")
    parser.add_argument("--people", type=int, default=DISTRICT)
    parser.add_argument("--peers", type=int, default=1_500, help="people of the peers' broadcasts; 0: no peers")
    parser.add_argument("--rate", type=int, default=30)
    parser.add_argument("--fast", type=int, nargs="*", default=[10_000, 100_000], help="people at SEND_RATE 1000")
    options = parser.parse_args()
    cores, today = os.cpu_count(), datetime.now(UTC).date()
    print(f"{today}, {cores} cores, Python {platform.python_version()}, {platform.system()}", end="\n\n")
    if options.people:
        print(f"{'bot':44}{'people':>7}{'rate/s':>8}{'of 30':>7}{'most/s':>7}{'429':>5}", end="")
        print(f"{'lost':>6}{'twice':>6}{'idle p50/p99':>15}{'during p50/p99/max':>22}{'none':>5}{'CPU ms':>8}")
        for bot in _bots(options.people, options.peers):
            try:
                print(_line(at_the_limit(bot, LATENCY, options.rate), options.rate), flush=True)
            except Unavailable as reason:
                print(f"{bot.name:44} not measured: {reason}", flush=True)
        print(f"\n{NOTE}\n")
    if options.fast:
        print("SEND_RATE 1000, no flood limits, schema checks off, the bot on one core, 50 ms latency", end="\n\n")
        print(f"{'people':>8}{'rate/s':>8}{'seconds':>9}{'lost':>6}{'twice':>6}{'CPU ms':>8}", end="")
        print(f"{'MB before':>11}{'at most':>9}")
        core = 0 if (cores or 1) > 1 else None
        for people in options.fast:
            print(_fast(at_full_speed(people, LATENCY, 1_000, core)), flush=True)


def _bots(people: int, peers: int) -> list[Bot]:
    ours = [Bot("ours, SQLite", (), people)]
    if not peers:
        return ours
    ptb, aiogram = version("python-telegram-bot"), version("aiogram")
    stock = (sys.executable, "-m", "benchmarks.broadcast.peer_ptb")
    loop = (sys.executable, "-m", "benchmarks.broadcast.peer_aiogram")
    return [
        *ours,
        Bot(f"python-telegram-bot {ptb}, AIORateLimiter", stock, peers),
        Bot(f"aiogram {aiogram}, loop of its documentation", loop, peers),
    ]


def _line(found: Figures, rate: int) -> str:
    waits = f"{_ms(found.idle, 0.5)}/{_ms(found.idle, 0.99)}"
    during = f"{_ms(found.during, 0.5)}/{_ms(found.during, 0.99)}/{_ms(found.during, 1.0)}"
    cpu = "-" if found.cpu_ms is None else f"{found.cpu_ms:.2f}"
    numbers = f"{found.people:7}{found.rate:8.2f}{found.rate / rate:7.1%}{found.most:7}{found.floods:5}"
    return (
        f"{found.name:44}{numbers}{found.missing:6}{found.doubled:6}{waits:>15}{during:>22}{found.unanswered:5}{cpu:>8}"
    )


def _ms(values: object, part: float) -> str:
    assert isinstance(values, list)
    return f"{percentile(values, part) * 1000:.0f}" if values else "-"


def _fast(found: Speed) -> str:
    cpu = "-" if found.cpu_ms is None else f"{found.cpu_ms:.2f}"
    before, most = (f"{value:.0f}" if value else "-" for value in (found.before_mb, found.after_mb))
    numbers = f"{found.people:8}{found.rate:8.0f}{found.seconds:9.1f}{found.missing:6}{found.doubled:6}"
    return f"{numbers}{cpu:>8}{before:>11}{most:>9}"


if __name__ == "__main__":
    main()
