"""Races for a row of a broadcast: between a look and a claim, a call and its settlement, a leader and the last one."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, select, update

from db import bulk
from db.bulk import Claimed, Outcome
from db.models import Broadcast, BroadcastState, Leadership, Recipient, RecipientState
from db.session import Session, open_database
from domain.broadcasts import running, sending, states
from domain.broadcasts.sending import Press
from domain.district import read_district
from domain.knowledge.shelf import Library
from simulator import PretendTelegram, serve
from tests.conftest import LAMONGAN
from tests.faults.broadcasting import broadcast, ended, met, recipients, told
from tests.faults.scene import Scene
from tests.faults.waiting import until
from tests.support.running import TOKEN, running_bot

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgres_alone"], indirect=True)
"""On SQLite transactions come one after another."""


async def written_down(scene: Scene, number: int = 1) -> int:
    """A broadcast that runs, its audience written down and nobody told yet."""
    await met(scene, number)
    broadcast_id = await broadcast(scene)
    async with scene.database.transaction() as session:
        while await running.advance(session, read_district(LAMONGAN), datetime.now(UTC)):
            if (await session.get_one(Broadcast, broadcast_id)).state is BroadcastState.RUNNING:
                break
    return broadcast_id


async def begin(scene: Scene, broadcast_id: int) -> list[Claimed]:
    """Take whoever comes next and commit that the call is made."""
    now = datetime.now(UTC)
    async with scene.database.transaction() as session:
        claimed = await bulk.claim(session, "me", broadcast_id, 10, now)
    async with scene.database.transaction() as session:
        calls = await sending.begin(session, Press(read_district(LAMONGAN), "demo_bot"), "me", claimed, now)
    assert [call.row for call in calls] == claimed
    return claimed


async def settle(scene: Scene, row: Claimed, outcome: Outcome) -> None:
    async with scene.database.transaction() as session:
        await sending.settle(session, "me", [outcome], {row.id: row}, datetime.now(UTC))


class TestSettle:
    async def test_a_call_is_not_settled_by_the_one_before(self, scene: Scene) -> None:
        """What became of a call, settled once more after the next was begun, says nothing of that one."""
        broadcast_id = await written_down(scene)
        (first,) = await begin(scene, broadcast_id)
        again = Outcome(first.id, RecipientState.WAITING, None, "429")
        await settle(scene, first, again)
        (second,) = await begin(scene, broadcast_id)
        await settle(scene, first, again)  # the database kept the first settlement and was lost before it said so

        ((_, row),) = await recipients(scene, broadcast_id)
        assert (row.state, row.attempts) == (RecipientState.SENDING, 2)
        await settle(scene, second, Outcome(second.id, RecipientState.SENT, [1], version=1))
        ((_, row),) = await recipients(scene, broadcast_id)
        assert row.state is RecipientState.SENT

    async def test_two_calls_for_one(self, scene: Scene, library: Library) -> None:
        """A row that was taken from its process and comes to it again is settled by the later call, and all goes on."""
        ids = await met(scene, 3)
        scene.telegram.latency = 1.0
        async with running_bot(scene.database_url, LAMONGAN, scene.telegram, library=library):
            broadcast_id = await broadcast(scene)
            await until(lambda: len(told(scene, ids)) == 3)  # all of them are under way
            async with scene.database.transaction() as session:
                theirs = update(Recipient).where(col(Recipient.broadcast_id) == broadcast_id)
                waiting = {"state": RecipientState.WAITING, "claim_token": None}
                await (await session.connection()).execute(theirs.values(**waiting))
            await ended(scene, broadcast_id)

        rows = [row for _, row in await recipients(scene, broadcast_id)]
        assert [(row.state, row.attempts) for row in rows] == [(RecipientState.SENT, 2)] * 3


class TestClaim:
    @ON_POSTGRESQL
    async def test_leaves_who_was_called_off_meanwhile(self, scene: Scene) -> None:
        """Whoever is skipped between the look and the claim stays skipped: in one that is over nobody may wait."""
        broadcast_id = await written_down(scene, 2)
        async with scene.database.transaction() as session:
            await bulk.skip_some(session, broadcast_id, "cancelled", datetime.now(UTC), 1)
            claiming = asyncio.create_task(self._claim(scene, broadcast_id))
            await until(lambda: a_lock_is_waited_for(scene))
        claimed = await claiming

        rows = [row for _, row in await recipients(scene, broadcast_id)]
        assert sorted(row.state for row in rows) == [RecipientState.CLAIMED, RecipientState.SKIPPED]
        assert [row.id for row in claimed] == [row.id for row in rows if row.state is RecipientState.CLAIMED]

    async def _claim(self, scene: Scene, broadcast_id: int) -> list[Claimed]:
        async with scene.database.transaction() as session:
            return await bulk.claim(session, "me", broadcast_id, 10, datetime.now(UTC))


class TestFinish:
    @ON_POSTGRESQL
    async def test_looks_again_under_the_lock(self, scene: Scene) -> None:
        """Who is put in line again just as a broadcast is about to end is told, and it ends after that."""
        broadcast_id = await written_down(scene)
        (row,) = await begin(scene, broadcast_id)
        await settle(scene, row, Outcome(row.id, RecipientState.FAILED, None, "invented"))
        async with scene.database.transaction() as session:
            await states.lock(session, broadcast_id)
            await bulk.wait_again(session, broadcast_id, [RecipientState.FAILED], datetime.now(UTC))
            ending = asyncio.create_task(self._advance(scene))
            await until(lambda: a_lock_is_waited_for(scene))
        await ending

        (state,) = await scene.rows(select(Broadcast.state).where(Broadcast.id == broadcast_id))
        assert state is BroadcastState.RUNNING

    async def _advance(self, scene: Scene) -> None:
        async with scene.database.transaction() as session:
            await running.advance(session, read_district(LAMONGAN), datetime.now(UTC))


class TestRecover:
    async def test_only_by_who_leads(self, postgres_alone: str, library: Library) -> None:
        """A process that froze between asking whether it leads and looking leaves alone what the next leader does."""
        telegram = PretendTelegram(token=TOKEN)
        async with serve(telegram) as address, open_database(postgres_alone) as database:
            scene = Scene(telegram, address, postgres_alone, database)
            async with running_bot(postgres_alone, LAMONGAN, telegram, library=library) as bot:
                await until(lambda: bot.app.leader.leads)
                broadcast_id = await written_down(scene)
                async with database.transaction() as session:
                    await self._lead(session)
                    theirs = update(Recipient).where(col(Recipient.broadcast_id) == broadcast_id)
                    under_way = {"state": RecipientState.SENDING, "claim_token": "another"}
                    await (await session.connection()).execute(theirs.values(**under_way))
                await bot.app.bulk.recover()

                ((_, row),) = await recipients(scene, broadcast_id)
        assert (row.state, row.claim_token) == (RecipientState.SENDING, "another")

    async def _lead(self, session: Session) -> None:
        until_then = datetime.now(UTC) + timedelta(minutes=1)
        another = update(Leadership).values(owner="another", token="another", until=until_then)
        await (await session.connection()).execute(another)


async def a_lock_is_waited_for(scene: Scene) -> bool:
    async with scene.database.reading() as session:
        waits = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return bool((await (await session.connection()).execute(waits)).scalar())
