"""`python -m benchmarks.start`: how soon our bot is ready and answers, what its imports cost, and what it rests in."""

import argparse
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.error import URLError

from benchmarks.processes import (
    OURS,
    ROOT,
    Process,
    Unavailable,
    cpu_seconds,
    free_port,
    megabytes,
    our_settings,
    running,
)
from benchmarks.replies.telegram import Telegram, pretend_telegram

PROMISED = 3.0
"""Seconds in which a warm start on SQLite is ready."""

QUESTION = "bagaimana cara membuat NIB?"
PERSON = 1
PATIENCE = 60.0
LOOK_EVERY = 0.01
HEAVIEST = 8
IMPORTED = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\w+)")

NOTE = """\
Each start is `python -m bot run` as a process of its own on a SQLite file that an earlier start made, with all caches
warm, beside a pretend Telegram that shares the machine. A question waits at Telegram from before the start."""


@dataclass(frozen=True)
class Start:
    """Seconds from the start of the process, and what it used until it was ready and after it had rested."""

    ready: float
    answered: float
    cpu: float | None
    resting: float | None
    """Megabytes."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description="How soon the bot is ready.")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rest", type=float, default=30.0, help="seconds before the memory of the last run is read")
    options = parser.parse_args()
    print(f"{datetime.now(UTC).date()}, {os.cpu_count()} cores, Python {platform.python_version()}", end="\n\n")
    with tempfile.TemporaryDirectory(prefix="umkm-bench-") as folder, pretend_telegram(0.0) as telegram:
        url = f"sqlite+aiosqlite:///{folder}/bot.db"
        first = measure(telegram, url)
        runs = [measure(telegram, url) for _ in range(options.runs - 1)]
        runs.append(measure(telegram, url, rest=options.rest))
    print(f"{'start':20}{'ready, s':>10}{'first reply, s':>16}{'CPU until ready, s':>20}")
    print(_line("an empty database", first))
    for number, run in enumerate(runs, start=1):
        print(_line(f"warm, {number}", run))
    ready, answered = (statistics.median(getattr(run, name) for run in runs) for name in ("ready", "answered"))
    print(f"{'warm, median':20}{ready:10.2f}{answered:16.2f}\n")
    print(f"after {options.rest:g} s of rest: {_number(runs[-1].resting, '.0f')} MB")
    print(f"imports, ms by package: {imports()}\n\n{NOTE}")
    if ready > PROMISED:
        sys.exit(f"promised: ready within {PROMISED:g} s")


def measure(telegram: Telegram, database_url: str, rest: float = 0.0) -> Start:
    """One start, stopped again after *rest* seconds. Raises Unavailable when nothing comes."""
    port = free_port()
    seen = len(telegram.replies())
    telegram.meet(range(PERSON, PERSON + 1))
    telegram.write([(PERSON, QUESTION)])
    began = time.monotonic()
    with running(OURS, our_settings(telegram.address, database_url, HTTP_PORT=str(port))) as process:
        _wait(process, lambda: _is_ready(port))
        ready, cpu = time.monotonic() - began, cpu_seconds(process.pid)
        if not telegram.wait_for(seen + 1, PATIENCE):
            raise Unavailable("no reply")
        answered = telegram.replies()[seen].at - began
        time.sleep(rest)
        return Start(ready, answered, cpu, megabytes(process.pid))


def _wait(process: Process, is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        if process.poll() is not None or time.monotonic() > until:
            raise Unavailable("it does not get ready")
        time.sleep(LOOK_EVERY)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def imports() -> str:
    """What the packages that take longest to import cost by themselves, in milliseconds."""
    program = [sys.executable, "-X", "importtime", "-c", "import bot.command_line, bot.app"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    told = subprocess.run(program, env=environment, capture_output=True, text=True, check=True).stderr  # noqa: S603
    packages: Counter[str] = Counter()
    for microseconds, package in IMPORTED.findall(told):
        packages[package] += int(microseconds)
    heaviest = packages.most_common(HEAVIEST)
    named = ", ".join(f"{package} {microseconds / 1000:.0f}" for package, microseconds in heaviest)
    return f"{named}; all {len(packages)} together {packages.total() / 1000:.0f}"


def _line(name: str, start: Start) -> str:
    return f"{name:20}{start.ready:10.2f}{start.answered:16.2f}{_number(start.cpu, '.2f'):>20}"


def _number(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


if __name__ == "__main__":
    main()
