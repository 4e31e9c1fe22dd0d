"""How long each takes, how much of the processor, and how much memory at most; each in a process of its own."""

import asyncio
import multiprocessing
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, func, select

from benchmarks.opportunities import market, peers
from db import outbox
from db.models import DeliveryState, Lane, Notice, Opportunity, OpportunityMail, Person
from db.outbox import Settlement
from db.session import Database, Session, open_database
from domain.audit import TERMINAL
from domain.opportunities import composing, counting, mailing, notices, running, seekers
from domain.opportunities.matching import Table


@dataclass(frozen=True)
class Figures:
    """Of one way to match."""

    people: int
    seconds: float
    cpu: float
    before_mb: float
    most_mb: float
    found: Any


def alone(deed: Callable[..., Any], *arguments: Any) -> Any:
    """What *deed* returns, done in a fresh process that keeps to one core."""
    with multiprocessing.get_context("spawn").Pool(1, initializer=_pin) as pool:
        return pool.apply(deed, arguments)


def _pin() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _status(name: str) -> float:
    """Megabytes that the system tells of this process: VmRSS now, VmHWM at most; 0 where there is no /proc."""
    try:
        lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))


def _measured(people: int, deed: Callable[[], Any]) -> Figures:
    before, began, cpu = _status("VmRSS"), time.perf_counter(), time.process_time()
    found = deed()
    seconds, used = time.perf_counter() - began, time.process_time() - cpu
    return Figures(people, seconds, used, before, _status("VmHWM"), found)


# Matching.


def ours(url: str, people: int) -> Figures:
    """Everybody against all that is open, read in slices, as the walk does; how many pairs there are."""
    return _measured(people, lambda: asyncio.run(_matched(url)))


async def _matched(url: str) -> int:
    found = last = 0
    async with open_database(url) as database, database.reading() as session:
        table = Table(await notices.open_ones(session, datetime.now(UTC)))
        while slice_ := await seekers.after(session, last, notices.SLICE):
            found += sum(len(table.fits(one.seeker)) for one in slice_)
            last = slice_[-1].seeker.person_id
    return found


def ours_of(url: str, people: int) -> set[tuple[int, int]]:
    """Person and opportunity, of the first *people*."""
    opportunities, some = asyncio.run(_read(url, people))
    table = Table(opportunities)
    return {(seeker.person_id, one.id) for seeker in some for one in table.fits(seeker)}


async def _read(url: str, people: int) -> tuple[list[Opportunity], list[seekers.Seeker]]:
    async with open_database(url) as database, database.reading() as session:
        last = (await session.exec(select(Person.id).order_by(col(Person.id)).offset(people - 1).limit(1))).one()
        found = [one.seeker for one in await seekers.after(session, 0, people) if one.seeker.person_id <= last]
        return await notices.open_ones(session, datetime.now(UTC)), found


def join(file: str, people: int) -> Figures:
    """The same of the first *people* as one SQL statement."""
    last = max(seeker.person_id for seeker in asyncio.run(_read(f"sqlite+aiosqlite:///{file}", people))[1])
    return _measured(people, lambda: peers.joined(file, 0, last))


def loops(url: str, people: int) -> Figures:
    """The same of the first *people* by two loops, with everything in memory already."""
    opportunities, some = asyncio.run(_read(url, people))
    return _measured(people, lambda: peers.looped(opportunities, some))


def counted(url: str, people: int) -> Figures:
    """How many one opportunity is for, as an officer sees before it is published."""
    return _measured(people, lambda: asyncio.run(_counted(url)))


async def _counted(url: str) -> int:
    async with open_database(url) as database, database.reading() as session:
        return await counting.count(session, (await notices.open_ones(session, datetime.now(UTC)))[0])


# Telling.


@dataclass(frozen=True)
class Told:
    """Of one opportunity that is for everybody."""

    people: int
    notices: int
    walk: float
    mails: int
    mail: float
    cpu: float
    """Seconds of the processor, of both."""
    most_mb: float
    longest: float
    """Seconds of the longest transaction, while which nobody else can write."""


def told(url: str, people: int) -> Told:
    """Publish one to everybody: write down who is to hear, then owe each a message."""
    return asyncio.run(_told(url, people))


async def _told(url: str, people: int) -> Told:
    now, place = datetime.now(UTC), market.district()
    spent = {"walk": 0.0, "mail": 0.0}
    longest = cpu = 0.0
    async with open_database(url) as database:
        async with database.transaction() as session:
            given = {"title": "Toko cari pemasok", "sought": "Camilan.", "source": "Toko", "is_urgent": True}
            given["deadline"] = now + timedelta(days=7)
            one = await composing.make(session, "disperindag", given, TERMINAL, place, now)
            await composing.publish(session, one, TERMINAL, now)
        is_walking = True
        while True:
            began, began_cpu = time.perf_counter(), time.process_time()
            async with database.transaction(bulk=True) as session:
                is_done = not await running.advance(session, place, now)
                is_walking = is_walking and await _walks(session)
            took = time.perf_counter() - began
            cpu += time.process_time() - began_cpu
            spent["walk" if is_walking or not spent["walk"] else "mail"] += took
            longest = max(longest, took)
            if is_done:
                break
            await _send(database, now)
        async with database.reading() as session:
            written = (await session.exec(select(func.count()).select_from(Notice))).one()
            mails = (await session.exec(select(func.count()).select_from(OpportunityMail))).one()
    return Told(people, written, spent["walk"], mails, spent["mail"], cpu, _status("VmHWM"), longest)


async def _walks(session: Session) -> bool:
    walking = select(Opportunity.id).where(col(Opportunity.cursor).is_not(None)).limit(1)
    return bool((await session.exec(walking)).all())


async def _send(database: Database, now: datetime) -> None:
    """As if Telegram took all of it at once."""
    async with database.transaction() as session:
        for owed in await outbox.claim(session, "bench", mailing.MOST_OWED, [Lane.BULK]):
            settlement = Settlement(owed, DeliveryState.SENT, message_ids=[owed.id])
            await outbox.settle(session, [settlement])
            await mailing.mailed(session, owed.verb_arguments or {}, settlement, now)
