"""A broadcast whose process is killed (SIGKILL) at random moments: nobody is skipped, and nobody told twice unseen."""

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

import pytest
from sqlmodel import select

from db.models import Broadcast, BroadcastKind, Leadership, RecipientState
from domain.broadcasts.content import Content
from tests.faults.broadcasting import broadcast, check, ended, in_state, met, recipients, told
from tests.faults.scene import Scene
from tests.faults.waiting import until
from tests.faults.workers import Worker, Workers

ORDER = {"settings": {"SEND_RATE": 100}}
"""So fast that a test does not last, so slow that there is something to kill."""

LATENCY = 0.1
"""Seconds of each call: about ten are under way."""


async def again(scene: Scene, workers: Workers, **order: Any) -> Worker:
    """Another process goes on."""
    await scene.let_claims_run_out()
    return await workers.start(scene.database_url, scene.address, **(ORDER | order))


async def kill(bot: Worker) -> None:
    bot.signal(signal.SIGKILL)
    assert await bot.ended() == -signal.SIGKILL


async def send_killed(
    scene: Scene,
    workers: Workers,
    ids: Collection[int],
    broadcast_id: int,
    moments: Iterable[int],
    chance: random.Random,
) -> set[int]:
    """Let it be sent, the process killed each time that so many more were told; who was under way at a kill."""
    under_way: set[int] = set()
    bot = await workers.start(scene.database_url, scene.address, **ORDER)
    for more in moments:
        enough = min(told(scene, ids).total() + more, len(ids) - 1)
        await until(lambda enough=enough: told(scene, ids).total() >= enough, scene.telegram.describe)
        await asyncio.sleep(chance.random() * LATENCY)
        await kill(bot)
        under_way |= await in_state(scene, broadcast_id, RecipientState.SENDING)
        bot = await again(scene, workers)
    await ended(scene, broadcast_id)
    await bot.stop()
    return under_way


class TestKill:
    async def test_skips_nobody_and_doubles_nobody_unseen(self, scene: Scene, workers: Workers) -> None:
        """Killed twice while it sends, everybody is told once, or was under way and is shown uncertain."""
        ids = await met(scene, 60)
        scene.telegram.latency = LATENCY
        broadcast_id = await broadcast(scene)

        under_way = await send_killed(scene, workers, ids, broadcast_id, [5, 20], random.Random(7))  # noqa: S311 -- no secret

        assert under_way
        await check(scene, broadcast_id, ids, under_way)

    @pytest.mark.long
    @pytest.mark.parametrize("seed", [1, 2])
    async def test_ten_times(self, scene: Scene, workers: Workers, seed: int) -> None:
        """The same with ten kills at random moments of a broadcast to 300."""
        ids = await met(scene, 300)
        scene.telegram.latency = LATENCY
        broadcast_id = await broadcast(scene)
        chance = random.Random(seed)  # noqa: S311 -- no secret

        moments = [chance.randrange(30) for _ in range(10)]
        under_way = await send_killed(scene, workers, ids, broadcast_id, moments, chance)

        assert under_way
        await check(scene, broadcast_id, ids, under_way)

    async def test_while_the_audience_is_written_down(self, scene: Scene, workers: Workers) -> None:
        """Killed between the slices of its audience, or within one, it goes on there: everybody stands in it once."""
        ids = await met(scene, 55)
        order = {"constants": {"domain.broadcasts.running.SLICE": 10, "bot.pace.PRIVATE_BURST": 100}}
        order["settings"] = {"SEND_RATE": 1000}
        passed: list[str] = []
        bot = await workers.start(scene.database_url, scene.address, **order)
        for step in (3, 6, 9):
            await bot.arm(step)
            broadcast_id = await broadcast(scene, f"Kabar {step}.")
            await until(lambda bot=bot: not bot.is_alive, lambda bot=bot: bot.said)
            assert await bot.ended() == -signal.SIGKILL
            passed.append(bot.steps()[-1])
            assert 0 < len(await recipients(scene, broadcast_id)) < len(ids) or step == 3
            bot = await again(scene, workers, **order)
            await ended(scene, broadcast_id)
            await check(scene, broadcast_id, ids, set(), f"Kabar {step}.")
        await bot.stop()

        assert all("insert recipient" in step for step in passed), passed
        assert {step.partition(" ")[0] for step in passed} == {"before", "after"}, passed

    @pytest.mark.parametrize(
        ("database_url", "kind"),
        [("sqlite_alone", BroadcastKind.CORRECTION), ("postgres_alone", BroadcastKind.RECALL)],
        indirect=["database_url"],
    )
    async def test_while_it_is_changed(self, scene: Scene, workers: Workers, kind: BroadcastKind) -> None:
        """Killed while a correction or a recall goes round, it reaches everybody who has it; twice it harms nobody."""
        ids = await met(scene, 60)
        order = {"settings": {"SEND_RATE": 1000}}
        bot = await workers.start(scene.database_url, scene.address, **order)
        parent_id = await broadcast(scene, "Pukul 08.00.")
        await ended(scene, parent_id)
        await kill(bot)
        scene.telegram.latency = LATENCY
        child_id = await self._change(scene, parent_id, kind)
        bot = await again(scene, workers)
        for enough in (5, 25):
            await until(lambda enough=enough: changed(scene, ids).total() >= enough, scene.telegram.describe)
            await kill(bot)
            bot = await again(scene, workers)
        await ended(scene, child_id)
        await bot.stop()

        assert set(changed(scene, ids)) == set(ids)
        assert await in_state(scene, child_id, RecipientState.SENT) == set(ids)
        shown = {id: scene.telegram.person(id).texts() for id in ids}
        if kind is BroadcastKind.RECALL:
            assert all(texts == [] for texts in shown.values())
        else:
            assert all("Pukul 09.00." in texts[0] for texts in shown.values())

    async def _change(self, scene: Scene, parent_id: int, kind: BroadcastKind) -> int:
        html = "Pukul 09.00." if kind is BroadcastKind.CORRECTION else "Pukul 08.00."
        async with scene.database.transaction() as session:
            parent = await session.get_one(Broadcast, parent_id)
            parent.content, parent.version = Content(html=html).as_json(), 2
        return await broadcast(scene, html, kind=kind, parent_id=parent_id, version=2, code=None)


def changed(scene: Scene, ids: Collection[int]) -> Counter[int]:
    """How often each one's message was edited or deleted."""
    calls = [call for call in scene.telegram.calls if call.method in {"editMessageText", "deleteMessages"}]
    return Counter(call.parameters["chat_id"] for call in calls if call.parameters["chat_id"] in ids)


ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgres_alone"], indirect=True)
"""Where several processes share a database."""

FREEZABLE = {"constants": {"db.session.IDLE_IN_TRANSACTION_TIMEOUT": 500, "db.frozen.LONGEST_TRANSACTION": 1}}
"""A frozen process may hold locks; PostgreSQL ends its transaction soon."""


async def leader_of(scene: Scene, bots: list[Worker]) -> Worker:
    """Which of them leads."""
    found: list[Worker] = []

    async def leads() -> bool:
        for owner in await scene.rows(select(Leadership.owner)):
            found[:] = [bot for bot in bots if f"-{bot.pid}-" in owner]
        return bool(found)

    await until(leads)
    return found[0]


@ON_POSTGRESQL
class TestReplicas:
    async def test_the_leader_is_killed(self, scene: Scene, workers: Workers) -> None:
        """Six seconds after its leader died another one goes on: nobody is skipped, doubled or forgotten."""
        ids = await met(scene, 60)
        scene.telegram.latency = LATENCY
        bots = [await workers.start(scene.database_url, scene.address, **ORDER) for _ in range(2)]
        broadcast_id = await broadcast(scene)
        await until(lambda: told(scene, ids).total() >= 20, scene.telegram.describe)
        leader = await leader_of(scene, bots)
        await kill(leader)
        under_way = await in_state(scene, broadcast_id, RecipientState.SENDING)
        await ended(scene, broadcast_id)

        (other,) = [bot for bot in bots if bot is not leader]
        assert await leader_of(scene, [other]) is other
        await check(scene, broadcast_id, ids, under_way)
        await other.stop()

    async def test_the_leader_freezes_and_thaws(self, scene: Scene, workers: Workers) -> None:
        """A former leader that comes to itself tells nobody whom the next one told, but for what was under way."""
        ids = await met(scene, 60)
        scene.telegram.latency = LATENCY
        order = {**ORDER, **FREEZABLE}
        # Its own clock tells it that it leads: only the database knows better.
        believes = {"constants": {**FREEZABLE["constants"], "db.leadership.LASTS": 60}}
        frozen = await workers.start(scene.database_url, scene.address, **(order | believes))
        await frozen.says("leading")
        # There already, since it ends the transactions of one that froze.
        other = await workers.start(scene.database_url, scene.address, **order)
        broadcast_id = await broadcast(scene)
        await until(lambda: told(scene, ids).total() >= 10, scene.telegram.describe)
        frozen.signal(signal.SIGSTOP)
        await asyncio.sleep(0.5)  # a commit that is on its way arrives
        under_way = await in_state(scene, broadcast_id, RecipientState.SENDING)
        await scene.let_claims_run_out()
        await until(lambda: told(scene, ids).total() >= 30, scene.telegram.describe)
        frozen.signal(signal.SIGCONT)
        await ended(scene, broadcast_id)
        await until(lambda: "no longer leading" in frozen.said, lambda: frozen.said)

        await check(scene, broadcast_id, ids, under_way)
        await frozen.stop()
        await other.stop()
