"""A district's people in a database of ours, and a broadcast to them."""

import asyncio
import os
from datetime import UTC, datetime

from benchmarks.processes import ROOT
from db.migrations.upgrade import migrate
from db.models import Broadcast, BroadcastState, MutedTopic
from db.session import note_new, open_database
from domain import people
from domain.broadcasts import codes, running
from domain.broadcasts.audience import Audience
from domain.broadcasts.content import Content
from domain.broadcasts.topics import EVERYTHING
from domain.invented import invent_people

TEXT = "Ada pameran <b>UMKM</b> di alun-alun hari Sabtu pukul 08.00, {nama}. Daftar di dinas, gratis."
SLICE = 2_000


def fill(url: str, first: int, number: int, askers: range) -> None:
    """Migrate *url* and let *number* people live there; *askers* are known too, and want no broadcast."""
    os.chdir(ROOT)
    asyncio.run(_fill(url, first, number, askers))


async def _fill(url: str, first: int, number: int, askers: range) -> None:
    await migrate(url)
    now = datetime.now(UTC)
    async with open_database(url) as database:
        for start in range(0, number, SLICE):
            async with database.transaction() as session:
                await invent_people(session, min(SLICE, number - start), first + start, now)
        async with database.transaction() as session:
            for asker in askers:
                person = await people.recognise(session, asker, "Sari", now)
                session.add(MutedTopic(person_id=person.id, topic=EVERYTHING, muted_at=now))


def announce(url: str) -> int:
    """A broadcast to everybody, due now; the bot that runs on *url* finds it. Returns its id."""
    return asyncio.run(_announce(url))


async def _announce(url: str) -> int:
    now = datetime.now(UTC)
    async with open_database(url) as database, database.transaction() as session:
        row = Broadcast(
            office="diskopum",
            topic="umum",
            content=Content(html=TEXT).as_json(),
            audience=Audience().as_json(),
            keeps_quiet_hours=False,
            state=BroadcastState.SCHEDULED,
            code=codes.new(),
            made_at=now,
            changed_at=now,
        )
        session.add(row)
        await session.flush()
        note_new(session, running.STEPS)
        return row.id


def state_of(url: str, broadcast_id: int) -> BroadcastState:
    """Where it stands."""
    return asyncio.run(_state_of(url, broadcast_id))


async def _state_of(url: str, broadcast_id: int) -> BroadcastState:
    async with open_database(url) as database, database.reading() as session:
        return (await session.get_one(Broadcast, broadcast_id)).state
