"""Two processes work on one inbox on PostgreSQL, and one of them freezes (SIGSTOP) for longer than its claims last."""

import itertools
import signal
from collections.abc import AsyncIterator

import pytest
from sqlmodel import col, select

from bot.receiver import read_update
from db import inbox
from db.models import Delivery, DeliveryState, Person, Question, ReceivedUpdate, UpdateState
from db.session import open_database
from simulator import PretendTelegram, serve
from tests.faults.owing import a_text
from tests.faults.scene import Scene
from tests.faults.waiting import until
from tests.faults.workers import Worker, Workers
from tests.support.running import TOKEN

PEOPLE, EACH = range(1, 13), 5


@pytest.fixture
async def scene(postgres_alone: str) -> AsyncIterator[Scene]:
    telegram = PretendTelegram(token=TOKEN)
    async with serve(telegram) as address, open_database(postgres_alone) as database:
        yield Scene(telegram, address, postgres_alone, database)


async def fill(scene: Scene) -> None:
    """An inbox in which everybody asks several questions, in turn."""
    numbers = itertools.count(1)
    updates = []
    for number in range(EACH):
        for person in PEOPLE:
            user = scene.telegram.person(person).user
            chat = {"id": person, "type": "private", "first_name": user["first_name"]}
            message = {"message_id": next(numbers), "from": user, "chat": chat, "date": 1_700_000_000}
            text = f"cara bikin nib nomor {number}"
            updates.append({"update_id": next(numbers), "message": {**message, "text": text}})
    async with scene.database.transaction() as session:
        await inbox.accept(session, [read_update(update) for update in updates])


async def freeze_with_claims(scene: Scene, worker: Worker) -> list[int]:
    """Freeze it while it holds chats; returns the held updates."""
    held = select(ReceivedUpdate.id).where(
        col(ReceivedUpdate.claim_owner).contains(f"-{worker.pid}-"), ReceivedUpdate.state == UpdateState.WAITING
    )

    async def holds() -> bool:
        if not await scene.rows(held):
            return False
        worker.signal(signal.SIGSTOP)
        if await scene.rows(held):
            return True
        worker.signal(signal.SIGCONT)
        return False

    await until(holds, lambda: worker.said)
    return await scene.rows(held)


class TestFrozen:
    async def test_order_is_kept_and_nothing_comes_twice(self, scene: Scene, workers: Workers) -> None:
        """What a frozen process held is done by the other, in order; awake again, it does none of it a second time."""
        await fill(scene)
        # A frozen process may hold locks; PostgreSQL ends its transaction before its claims run out.
        constants = {"db.session.IDLE_IN_TRANSACTION_TIMEOUT": 500, "db.frozen.LONGEST_TRANSACTION": 1}
        order = {"receives": False, "constants": constants}
        slow = await workers.start(scene.database_url, scene.address, **order, delivers=False, slow=0.05)
        held = await freeze_with_claims(scene, slow)
        await scene.let_claims_run_out()
        other = await workers.start(scene.database_url, scene.address, **order)
        await scene.settled()
        slow.signal(signal.SIGCONT)
        await until(lambda: "claim lost" in slow.said, lambda: slow.said)

        assert held
        assert {update.state for update in await scene.updates()} == {UpdateState.FINISHED}
        for person in PEOPLE:
            mine = col(Question.person_id).in_(select(Person.id).where(Person.telegram_id == person))
            asked = await scene.rows(select(Question.text).where(mine).order_by(col(Question.id)))
            assert asked == [f"cara bikin nib nomor {number}" for number in range(EACH)]
            owed = select(Delivery.arguments).where(Delivery.chat_id == person).order_by(col(Delivery.id))
            assert scene.sent_to(person) == [arguments["text"] for arguments in await scene.rows(owed)]
            assert len(scene.sent_to(person)) == EACH
        await slow.stop()
        await other.stop()

    async def test_a_call_under_way_comes_at_most_twice(self, scene: Scene, workers: Workers) -> None:
        """A reply whose sender froze in the middle of the call goes once more by the other, and is then settled."""
        scene.telegram.latency = 0.5
        async with scene.database.transaction() as session:
            session.add(a_text(scene.telegram.person(1), "satu"))
        order = {"receives": False, "dispatches": False}
        frozen = await workers.start(scene.database_url, scene.address, **order)
        await scene.telegram.wait_until(lambda: scene.sent_to(1))
        frozen.signal(signal.SIGSTOP)
        await scene.let_claims_run_out()
        other = await workers.start(scene.database_url, scene.address, **order)
        await scene.settled()
        frozen.signal(signal.SIGCONT)
        await until(lambda: "claim ran out" in frozen.said, lambda: frozen.said)

        assert scene.sent_to(1) == ["satu", "satu"]
        assert [row.state for row in await scene.deliveries()] == [DeliveryState.SENT]
        await frozen.stop()
        await other.stop()
