"""The next occurrence of a broadcast is neither lost nor made twice: two replicas, a kill, officers meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from bot.app import open_app
from db.models import Broadcast, BroadcastSchedule, BroadcastState, Person, Recipient, RecipientState
from db.session import Database, open_database
from domain import audit
from domain.broadcasts import codes, repeating, running
from domain.broadcasts.audience import Audience
from domain.broadcasts.content import Content
from domain.broadcasts.refusals import WrongState
from domain.broadcasts.rhythm import Rhythm
from domain.district import read_district
from domain.knowledge.shelf import Library
from simulator import PretendTelegram, serve
from tests.conftest import LAMONGAN
from tests.faults.scene import Scene
from tests.faults.waiting import until
from tests.faults.workers import Workers
from tests.support.running import TOKEN, settings_for

S = BroadcastState
DISTRICT = read_district(LAMONGAN)
ONLY_SENDING = {"receives": False, "dispatches": False}


@pytest.fixture
async def on_postgres(postgres_alone: str) -> AsyncIterator[Scene]:
    telegram = PretendTelegram(token=TOKEN)
    async with serve(telegram) as address, open_database(postgres_alone) as database:
        yield Scene(telegram, address, postgres_alone, database)


async def due(scene: Scene, people: int = 3) -> int:
    """A daily schedule whose first occurrence was due a second ago, and so many to tell; its id."""
    now = datetime.now(UTC)
    at = now.replace(microsecond=0) - timedelta(seconds=1)
    here = at + timedelta(hours=7)
    async with scene.database.transaction() as session:
        for number in range(1, people + 1):
            scene.telegram.person(number).has_started = True
            session.add(Person(telegram_id=number, name=f"Orang {number}", met_at=now, last_wrote_at=now))
        schedule = BroadcastSchedule(
            office="diskopum", rhythm=Rhythm("daily", f"{here:%H.%M}").as_json(), late_limit=120, made_at=now
        )
        session.add(schedule)
        await session.flush()
        session.add(
            Broadcast(
                office="diskopum",
                topic="umum",
                content=Content(html="Ada pameran").as_json(),
                audience=Audience().as_json(),
                keeps_quiet_hours=False,
                state=S.SCHEDULED,
                code=codes.new(),
                made_at=now,
                changed_at=now,
                # To the minute, as the rhythm says it.
                starts_at=at.replace(second=0),
                late_limit=120,
                schedule_id=schedule.id,
            )
        )
        return schedule.id


async def occurrences(scene: Scene, schedule_id: int) -> list[Broadcast]:
    theirs = select(Broadcast).where(Broadcast.schedule_id == schedule_id)
    return await scene.rows(theirs.order_by(col(Broadcast.starts_at), col(Broadcast.id)))


async def states(scene: Scene, schedule_id: int) -> list[BroadcastState]:
    return [one.state for one in await occurrences(scene, schedule_id)]


def is_a_day_later(first: Broadcast, second: Broadcast) -> bool:
    assert first.starts_at
    assert second.starts_at
    return second.starts_at - first.starts_at == timedelta(days=1)


async def advance(database: Database) -> bool:
    """What one replica does in one round, whoever leads."""
    async with database.transaction(bulk=True) as session:
        return await running.advance(session, DISTRICT, datetime.now(UTC))


class TestReplicas:
    async def test_make_one_next_occurrence(self, on_postgres: Scene, library: Library) -> None:
        """Two replicas on one database: it is sent once to each, and one next occurrence waits."""
        schedule_id = await due(on_postgres)
        settings = settings_for(on_postgres.address, on_postgres.database_url, DISTRICT_DIR=LAMONGAN)
        async with AsyncExitStack() as stack:
            apps = [await stack.enter_async_context(open_app(settings, library=library)) for _ in range(2)]
            for app in apps:
                app.start()

            async def is_sent() -> bool:
                return await states(on_postgres, schedule_id) == [S.FINISHED, S.SCHEDULED]

            await until(is_sent)
            for app in apps:
                await app.stop()

        assert is_a_day_later(*await occurrences(on_postgres, schedule_id))
        assert [len(on_postgres.sent_to(number)) for number in (1, 2, 3)] == [1, 1, 1]

    async def test_both_think_they_lead(self, on_postgres: Scene) -> None:
        """A leader that froze and thawed does it beside the new one: there is still one of each."""
        schedule_id = await due(on_postgres)
        async with open_database(on_postgres.database_url) as other:
            await asyncio.gather(*(advance(database) for database in [on_postgres.database, other] * 4))

        assert (await states(on_postgres, schedule_id))[1:] == [S.SCHEDULED]
        assert is_a_day_later(*await occurrences(on_postgres, schedule_id))

    async def test_both_find_none_standing(self, on_postgres: Scene) -> None:
        """Where the next one is lacking, several that make it at once make one."""
        schedule_id = await due(on_postgres)
        await advance(on_postgres.database)
        async with on_postgres.database.transaction() as session:
            await session.delete((await session.exec(select(Broadcast).where(Broadcast.state == S.SCHEDULED))).one())
        async with open_database(on_postgres.database_url) as other:
            await asyncio.gather(*(advance(database) for database in [on_postgres.database, other] * 4))

        assert (await states(on_postgres, schedule_id))[1:] == [S.SCHEDULED]

    @pytest.mark.parametrize("deed", ["skip", "stop"])
    async def test_an_officer_does_something_meanwhile(self, on_postgres: Scene, deed: str) -> None:
        """Skipped or stopped at the moment it sets out: either it was in time, or it was not; never half."""
        schedule_id = await due(on_postgres)
        (first,) = await occurrences(on_postgres, schedule_id)

        async def act() -> None:
            now = datetime.now(UTC)
            async with on_postgres.database.transaction() as session:
                if deed == "stop":
                    await repeating.stop(session, schedule_id, audit.TERMINAL, now)
                else:
                    await repeating.skip(session, first.id, audit.TERMINAL, DISTRICT, now)

        async with open_database(on_postgres.database_url) as other:
            done = await asyncio.gather(advance(other), act(), advance(other), return_exceptions=True)

        assert all(one is None or isinstance(one, bool | WrongState) for one in done), done
        first_state, *rest = await states(on_postgres, schedule_id)
        assert first_state in {S.CANCELLED, S.PREPARING, S.RUNNING, S.FINISHED}
        coming = [state for state in rest if state in {S.SCHEDULED}]
        assert len(coming) == (0 if deed == "stop" else 1)


class TestKilled:
    @pytest.mark.parametrize("step", range(1, 5))
    async def test_between_start_and_next(self, scene: Scene, workers: Workers, step: int) -> None:
        """Killed around the commit that starts one: started and followed by the next, or neither, and then both."""
        worker = await workers.start(scene.database_url, scene.address, **ONLY_SENDING)
        await worker.arm(step)
        schedule_id = await due(scene)
        await worker.ended()
        stood = await states(scene, schedule_id)
        assert stood == [S.SCHEDULED] or (len(stood) == 2 and stood[1] is S.SCHEDULED)
        await scene.let_claims_run_out()
        other = await workers.start(scene.database_url, scene.address, **ONLY_SENDING)

        async def is_sent() -> bool:
            return await states(scene, schedule_id) == [S.FINISHED, S.SCHEDULED]

        await until(is_sent, lambda: other.said)
        await other.stop()

        assert is_a_day_later(*await occurrences(scene, schedule_id))
        rows = await scene.rows(select(Recipient))
        assert len(rows) == 3
        assert {row.state for row in rows} <= {RecipientState.SENT, RecipientState.UNCERTAIN}
        assert all(len(scene.sent_to(number)) <= 1 for number in (1, 2, 3))
