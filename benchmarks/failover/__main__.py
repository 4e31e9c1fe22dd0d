"""`python -m benchmarks.failover` prints one table, and exits with 1 when a promise was broken."""

import argparse
import asyncio
import os
import platform
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.failover.crowd import Crowd
from benchmarks.failover.door import door
from benchmarks.failover.findings import Findings, look
from benchmarks.failover.replicas import Kill, Replicas
from benchmarks.processes import TOKEN, our_settings
from db import inbox, outbox
from db.migrations.upgrade import migrate
from db.models import UNSETTLED
from db.session import Database, open_database
from simulator import PretendTelegram, serve
from tests.support.postgres import fresh_database, running_postgres

LED_AGAIN_WITHIN = 10.0
"""Seconds after a kill in which another process must lead."""

RESTARTED_AFTER = 3.0
"""Seconds after a kill until a new process is started in the place of the one that is gone."""

LATENCY = 0.1
"""Seconds before each of Telegram's answers, so that calls are under way when a process is killed."""

PATIENCE = 120.0
"""Seconds for the start, and for everything to become quiet at the end."""

NOTE = """\
Each process is `python -m bot run` with SEND_RATE=28, and the pretend Telegram holds to its limits. A leader dies by
SIGKILL in the middle of whatever it does; three seconds later a new process takes its place. While nobody leads nothing
is polled and nothing sent; what the killed one had claimed waits for 30 s, as long as a claim lasts."""


@dataclass(frozen=True)
class Plan:
    """How much is done to how many."""

    people: int
    rate: float
    kills: int
    every: float
    replicas: int
    receive: str


@dataclass(frozen=True)
class Result:
    kills: Sequence[Kill]
    silences: Sequence[float]
    """Seconds from each kill to the next message a person got."""
    quiet_after: float
    """Seconds from the end of the load until nothing was under way."""
    found: Findings
    said: str


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.failover", description="Kill the leader under load.")
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--rate", type=float, default=12.0, help="messages and taps a second, of all people together")
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--every", type=float, default=10.0, help="seconds between kills")
    parser.add_argument("--replicas", type=int, default=3)
    parser.add_argument("--receive", choices=("polling", "webhook"), default="polling")
    plan = Plan(**vars(parser.parse_args()))
    python = platform.python_version()
    print(f"{datetime.now(UTC).date()}, {os.cpu_count()} cores, Python {python}, {platform.system()}")
    print(
        f"{plan.replicas} processes on one PostgreSQL ({plan.receive}), {plan.people} people, "
        f"{plan.rate:g} messages and taps a second, the leader killed every {plan.every:g} s, {plan.kills} times\n"
    )
    with running_postgres() as server, fresh_database(server, f"failover_{secrets.token_hex(4)}") as url:
        result = asyncio.run(_measure(plan, url))
    _show(result)


async def _measure(plan: Plan, url: str) -> Result:
    telegram = PretendTelegram(token=TOKEN)
    telegram.latency, telegram.flood_limits = LATENCY, True
    await migrate(url)
    with tempfile.TemporaryDirectory(prefix="umkm-bench-") as folder:
        async with serve(telegram) as address, open_database(url) as database, AsyncExitStack() as stack:
            settings = our_settings(address, url, SEND_RATE="28", ALLOW_PAID_BROADCAST="no")
            replicas = Replicas(settings, database, Path(folder))
            if plan.receive == "webhook":
                public = await stack.enter_async_context(door(lambda: replicas.ports))
                settings |= {"RECEIVE": "webhook", "PUBLIC_URL": public, "WEBHOOK_SECRET": "invented"}
            try:
                return await _kill_and_look(plan, Crowd(telegram, plan.people), replicas)
            except (AssertionError, TimeoutError):
                sys.stderr.write(replicas.said())
                raise
            finally:
                replicas.end()


async def _kill_and_look(plan: Plan, crowd: Crowd, replicas: Replicas) -> Result:
    for _ in range(plan.replicas):
        replicas.start()
    await replicas.leader(seconds=PATIENCE)
    await crowd.get_acquainted(PATIENCE)
    began = time.monotonic()
    writing = asyncio.create_task(crowd.write(plan.rate, plan.kills * plan.every))
    kills = []
    for number in range(plan.kills):
        await asyncio.sleep(began + (number + 0.5) * plan.every - time.monotonic())
        asyncio.get_running_loop().call_later(RESTARTED_AFTER, replicas.start)
        kills.append(await replicas.kill_leader(PATIENCE))
    await writing
    ended = time.monotonic()
    is_quiet = await _quiet(replicas.database, crowd.telegram)
    quiet_after = time.monotonic() - ended
    found = await look(replicas.database, crowd)
    found.expect(is_quiet, "everything done in the end")
    found.expect(not replicas.ended_by_themselves(), "no process ended by itself")
    arrivals = [call.at for calls in crowd.sent().values() for call in calls]
    silences = [min((at for at in arrivals if at > kill.at + kill.gap), default=ended) - kill.at for kill in kills]
    return Result(kills, silences, quiet_after, found, replicas.said())


async def _quiet(database: Database, telegram: PretendTelegram) -> bool:
    """Wait until nothing is under way in Telegram, inbox and outbox; False when that does not come."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        async with database.reading() as session:
            waiting = (await inbox.counts(session)).get("waiting", 0)
            owed = await outbox.counts(session)
        under_way = sum(owed.get(state, 0) for state in UNSETTLED)
        if not (waiting or under_way or telegram.pending_updates()):
            return True
        await asyncio.sleep(0.1)
    return False


def _show(result: Result) -> None:
    found, gaps = result.found, [kill.gap for kill in result.kills]
    found.expect(max(gaps) < LED_AGAIN_WITHIN, f"led again within {LED_AGAIN_WITHIN:g} s")
    found.expect(not found.lost, "nothing lost")
    found.expect(not found.doubled, "nothing doubled but calls cut off")
    found.expect(not found.out_of_order, "order kept")
    lines = [
        ("messages and taps", f"{found.deeds}"),
        ("replies lost", f"{found.lost}"),
        ("replies twice, their call cut off by the kill", f"{found.twice}"),
        ("replies doubled without that", f"{found.doubled}"),
        ("replies out of order", f"{found.out_of_order}"),
        ("sends that Telegram refused", f"{found.refused}"),
        ("led again after the kill, s: median, longest", f"{statistics.median(gaps):.1f}, {max(gaps):.1f}"),
        ("next reply after the kill, s: median, longest", _median_and_most(result.silences)),
        ("wait for a reply, s: median, longest", _median_and_most(found.waits)),
        ("all quiet after the last message, s", f"{result.quiet_after:.1f}"),
    ]
    for name, value in lines:
        print(f"{name:50}{value:>12}")
    print(f"\n{NOTE}")
    if found.broken:
        sys.stderr.write(result.said)
        sys.exit("\n".join(["", "broken:", *found.broken[:20]]))


def _median_and_most(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds):.1f}, {max(seconds):.1f}"


if __name__ == "__main__":
    main()
