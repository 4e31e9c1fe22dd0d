"""The process is killed (SIGKILL) at each step between storing an update and settling its reply."""

import asyncio
import signal
import time

from sqlmodel import col, select

from db.models import DeliveryState, Person, Question, UpdateState
from simulator import Person as Writer
from tests.faults.scene import Scene
from tests.faults.workers import Worker, Workers
from tests.support.running import PATIENCE

QUESTIONS = ["cara bikin nib gimana", "syarat sertifikat halal apa saja"]


class TestKill:
    async def test_loses_nothing_and_does_nothing_twice(self, scene: Scene, workers: Workers) -> None:
        """Killed at any step, no update is lost, no effect comes twice, and only a reply under way may come twice."""
        # On PostgreSQL a start takes longer, and one update's steps are all there are.
        questions = QUESTIONS if scene.database.is_sqlite else QUESTIONS[:1]
        bot = await workers.start(scene.database_url, scene.address)
        passed: list[str] = []
        for number in range(1, 100):
            writer = scene.telegram.person(1000 + number)
            await bot.arm(number)
            for question in questions:
                writer.write(question)
            if not await is_killed(scene, bot):
                break
            passed.append(bot.steps()[-1])
            under_way = {row.id for row in await scene.deliveries() if row.state == DeliveryState.SENDING}
            await scene.let_claims_run_out()
            bot = await workers.start(scene.database_url, scene.address)
            await scene.settled()
            await check(scene, writer, questions, under_way, passed[-1])

        for kind in ("insert received_update", "insert question", "sendMessage", "update delivery"):
            assert any("before" in step and kind in step for step in passed), passed
            assert any("after" in step and kind in step for step in passed), passed
        assert {update.state for update in await scene.updates()} == {UpdateState.FINISHED}


async def is_killed(scene: Scene, bot: Worker) -> bool:
    """Whether it died before everything was settled."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if not bot.is_alive:
            assert await bot.ended() == -signal.SIGKILL
            return True
        if await scene.is_settled():
            return False
        await asyncio.sleep(0.01)
    raise TimeoutError(bot.said)


async def check(scene: Scene, writer: Writer, questions: list[str], under_way: set[int], step: str) -> None:
    """That all was done for *writer* who asked, and what once, when the process was killed at *step*."""
    mine = col(Question.person_id).in_(select(Person.id).where(Person.telegram_id == writer.id))
    asked = await scene.rows(select(Question.text).where(mine).order_by(col(Question.id)))
    assert asked == questions, step
    owed = [row for row in await scene.deliveries() if row.chat_id == writer.id]
    sent = scene.sent_to(writer.id)
    assert list(dict.fromkeys(sent)) == [row.arguments["text"] for row in owed], step
    assert len(owed) == len(questions), step
    for row in owed:
        assert sent.count(row.arguments["text"]) in ({1, 2} if row.id in under_way else {1}), step
