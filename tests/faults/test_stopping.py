"""SIGTERM ends the process orderly within ten seconds, whatever is queued, and nothing of it is lost."""

import signal

from db.models import DeliveryState, UpdateState
from simulator import Person
from tests.faults.scene import Scene
from tests.faults.test_trouble_outside import away
from tests.faults.workers import Workers

STOPS_WITHIN = 10.0


async def write(scene: Scene, people: int, each: int) -> list[Person]:
    """That many messages of that many people."""
    writers = [scene.telegram.person(number) for number in range(1, people + 1)]
    for _ in range(each):
        for writer in writers:
            writer.write("/batal")
    return writers


class TestStop:
    async def test_with_hundreds_queued(self, scene: Scene, workers: Workers) -> None:
        """With hundreds of updates waiting and calls that take long it stops in time, and then all goes on, once."""
        writers = await write(scene, people=70, each=3)
        scene.telegram.latency = 0.5
        bot = await workers.start(scene.database_url, scene.address, whole=True)
        await scene.telegram.wait_until(lambda: any(writer.texts() for writer in writers))
        bot.signal(signal.SIGTERM)

        assert await bot.ended(within=STOPS_WITHIN) == 0
        assert not await scene.is_settled()
        assert {row.state for row in await scene.deliveries()} <= {DeliveryState.WAITING, DeliveryState.SENT}
        scene.telegram.latency = 0.0
        bot = await workers.start(scene.database_url, scene.address)
        await scene.settled(within=20)
        assert {len(writer.texts()) for writer in writers} == {3}
        assert {update.state for update in await scene.updates()} == {UpdateState.FINISHED}
        await bot.stop()

    async def test_while_telegram_is_away_at_the_start(self, scene: Scene, workers: Workers) -> None:
        """One that still waits for Telegram stops as told."""
        scene.telegram.outage = True
        bot = workers.launch(scene.database_url, scene.address, whole=True)
        await bot.says("Telegram is away")
        bot.signal(signal.SIGTERM)

        assert await bot.ended(within=STOPS_WITHIN) == 0

    async def test_while_telegram_is_away(self, scene: Scene, workers: Workers) -> None:
        """With answers owed and no Telegram it stops as told, and they leave at the next start."""
        bot = await workers.start(scene.database_url, scene.address, whole=True)
        scene.telegram.fail("sendMessage", kind="500", times=100)
        (writer,) = await write(scene, people=1, each=1)
        await scene.telegram.wait_until(lambda: not scene.telegram.pending_updates())
        scene.telegram.outage = True
        bot.signal(signal.SIGTERM)

        assert await bot.ended(within=STOPS_WITHIN) == 0
        scene.telegram.outage = False
        scene.telegram.failures.ordered.clear()
        bot = await workers.start(scene.database_url, scene.address)
        await scene.settled()
        assert len(writer.texts()) == 1
        await bot.stop()

    async def test_while_the_database_is_away(self, scene: Scene, workers: Workers) -> None:
        """Without its database it stops as told, and what Telegram still holds is answered at the next start."""
        constants = {"db.session.BUSY_TIMEOUT": 300}  # SQLite would wait for five seconds
        bot = await workers.start(scene.database_url, scene.address, whole=True, constants=constants)
        async with away(scene.database_url):
            (writer,) = await write(scene, people=1, each=1)
            await bot.says("loop in trouble")
            bot.signal(signal.SIGTERM)
            assert await bot.ended(within=STOPS_WITHIN) == 0
        bot = await workers.start(scene.database_url, scene.address)
        await scene.settled()
        assert len(writer.texts()) == 1
        await bot.stop()

    async def test_cuts_off_what_hangs(self, scene: Scene, workers: Workers) -> None:
        """A call and a turn that never end are cut off and let go: both come again at the next start, at once."""
        called, turning = scene.telegram.person(1), scene.telegram.person(2)
        scene.telegram.fail("sendMessage", kind="timeout", chat_id=called.id)
        bot = await workers.start(scene.database_url, scene.address, stop_seconds=2)
        called.write("/batal")
        await scene.telegram.wait_until(lambda: not scene.telegram.failures.ordered)
        turning.write("lambat")
        await bot.says("a turn dawdles")
        bot.signal(signal.SIGTERM)

        assert await bot.ended(within=STOPS_WITHIN) == 0
        _, turn = await scene.updates()
        assert (turn.state, turn.attempts, turn.claim_token) == (UpdateState.WAITING, 0, None)
        (call,) = await scene.deliveries()
        assert (call.state, call.unknowns) == (DeliveryState.WAITING, 1)
        assert called.texts() == turning.texts() == []

    async def test_when_the_loop_is_blocked(self, scene: Scene, workers: Workers) -> None:
        """Even a computation that nobody took out of the loop does not keep the process beyond its last moment."""
        constants = {"bot.stopping.LAST_MOMENT": 0.5}
        bot = await workers.start(scene.database_url, scene.address, whole=True, constants=constants)
        scene.telegram.person(1).write("macet")
        await bot.says("the loop is blocked")
        bot.signal(signal.SIGTERM)

        assert await bot.ended(within=STOPS_WITHIN) == 0
        assert "could not stop in time" in bot.said
