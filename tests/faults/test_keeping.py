"""How long things are kept: payloads two days, updates a week, texts three months."""

from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from db import inbox
from db.inbox import Accepted
from db.models import Delivery, Question, ReceivedUpdate
from domain import keeping
from tests.faults.scene import Scene
from tests.support.running import RunningBot

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def forget(bot: RunningBot, age: timedelta) -> None:
    """As if all that happened now were *age* old."""
    async with bot.database.transaction() as session:
        await keeping.forget_old(session, datetime.now(UTC) + age)


async def payloads(bot: RunningBot) -> list[object]:
    return await bot.rows(select(ReceivedUpdate.payload).order_by(col(ReceivedUpdate.id)))


class TestForget:
    async def test_each_kind_in_its_time(self, bot: RunningBot) -> None:
        """Payloads go after 48 hours, updates after 7 days, texts in and out after 90, parked ones like the rest."""
        bot.telegram.push({"nonsense": True})
        await bot.says(bot.person(), "cara bikin nib gimana")
        await bot.settled()

        await forget(bot, 47 * HOUR)
        assert None not in await payloads(bot)
        await forget(bot, 49 * HOUR)
        assert await payloads(bot) == [None, None]
        await forget(bot, 7 * DAY - HOUR)
        assert len(await payloads(bot)) == 2
        await forget(bot, 7 * DAY + HOUR)
        assert await payloads(bot) == []

        await forget(bot, 90 * DAY - HOUR)
        assert await bot.rows(select(Question.text)) == ["cara bikin nib gimana"]
        assert len(await bot.rows(select(Delivery.id))) == 1
        await forget(bot, 90 * DAY + HOUR)
        assert await bot.rows(select(Question.text)) == [None]
        assert await bot.rows(select(Delivery.id)) == []

    async def test_spares_what_is_not_done(self, scene: Scene) -> None:
        """An update that still waits is kept whole, however old."""
        async with scene.database.transaction() as session:
            await inbox.accept(session, [Accepted(1, 1, "message", {"kept": True})])
        async with scene.database.transaction() as session:
            await keeping.forget_old(session, datetime.now(UTC) + 1000 * DAY)

        assert [update.payload for update in await scene.updates()] == [{"kept": True}]
