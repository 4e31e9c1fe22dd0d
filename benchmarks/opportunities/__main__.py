"""`python -m benchmarks.opportunities`: a thousand against everybody, beside two peers; one told to a district."""

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.opportunities import market, measuring
from benchmarks.opportunities.measuring import Figures, alone

DISTRICT = 7_635
SAMPLE = 500
"""People whom each way is asked about, to see that all say the same."""

NOTE = """\
Each in a process of its own on one core. Ours reads everybody from the SQLite file in slices of 1,000, with profile,
wishes and muted topics; so does the join. The loops have everything in memory already. Both peers are measured with
fewer people, and what all would take is reckoned from it (~)."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.opportunities", description="Matching and telling.")
    parser.add_argument("--people", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--opportunities", type=int, default=1_000)
    parser.add_argument("--peers", type=int, default=1_000, help="people of the peers' runs; 0: no peers")
    parser.add_argument("--told", type=int, default=DISTRICT, help="people of whom one is told; 0: none")
    options = parser.parse_args()
    today, versions = datetime.now(UTC).date(), f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(f"{today}, {os.cpu_count()} cores, {versions}, {platform.system()}, load {load:.1f}", end="\n\n")
    same = True
    with tempfile.TemporaryDirectory(prefix="umkm-bench-") as folder:
        for people in options.people:
            file = Path(folder) / f"{people}.db"
            alone(market.fill, url_of(file), people, options.opportunities)
            same &= _match(file, people, options.opportunities, options.peers if people == options.people[0] else 0)
        if options.told:
            file = Path(folder) / "told.db"
            alone(market.fill, url_of(file), options.told, 0)
            _tell(file, options.told)
    sys.exit(0 if same else 1)


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def _match(file: Path, people: int, opportunities: int, sample: int) -> bool:
    """Print how each does; whether all say the same."""
    url = url_of(file)
    print(f"{opportunities:,} opportunities, {people:,} people")
    print(f"{'':34}{'people':>9}{'pairs':>12}{'seconds':>9}{'CPU s':>8}{'MB before':>11}{'at most':>9}{'all':>9}")
    ours: Figures = alone(measuring.ours, url, people)
    print(_line("ours", ours, ours.found, people), flush=True)
    count: Figures = alone(measuring.counted, url, people)
    print(_line("the count for one, before it is out", count, count.found, people), flush=True)
    if not sample:
        print()
        return True
    for name, deed, where in (
        ("one SQL join, json_each", measuring.join, str(file)),
        ("two loops in Python", measuring.loops, url),
    ):
        found: Figures = alone(deed, where, sample)
        print(_line(name, found, len(found.found), people), flush=True)
    few = min(SAMPLE, people)
    answers = [alone(measuring.ours_of, url, few), alone(measuring.join, str(file), few).found]
    answers.append(alone(measuring.loops, url, few).found)
    same = answers[0] == answers[1] == answers[2]
    print(f"of the first {few} people all three find {'the same' if same else 'DIFFERENT'} {len(answers[0]):,} pairs")
    print(f"\n{NOTE}\n", flush=True)
    return same


def _line(name: str, found: Figures, pairs: int, people: int) -> str:
    numbers = f"{found.people:9,}{pairs:12,}{found.seconds:9.2f}{found.cpu:8.2f}"
    whole = "" if found.people == people else f"~{found.seconds * people / found.people:,.0f} s"
    return f"{name:34}{numbers}{found.before_mb:11.0f}{found.most_mb:9.0f}{whole:>9}"


def _tell(file: Path, people: int) -> None:
    told = alone(measuring.told, url_of(file), people)
    print(f"one opportunity published to {people:,} people, {told.notices:,} of whom want to hear of it")
    print(f"written down in {told.walk:.2f} s ({told.notices / told.walk:,.0f} a second)")
    print(f"{told.mails:,} messages owed in {told.mail:.2f} s ({told.mails / told.mail:,.0f} a second)")
    print(f"CPU {told.cpu:.2f} s, {told.most_mb:.0f} MB at most, longest transaction {told.longest * 1000:.0f} ms")


if __name__ == "__main__":
    main()
