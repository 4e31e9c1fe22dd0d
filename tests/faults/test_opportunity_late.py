"""Telegram is away, or the clock is wrong: nothing goes out too late, at night or twice."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from db.models import Delivery, DeliveryState, Lane, Notice, NoticeState
from domain import people
from domain.knowledge.shelf import Library
from domain.opportunities import running
from tests.conftest import LAMONGAN
from tests.faults.waiting import until
from tests.support.opportunities import published
from tests.support.running import RunningBot, running_bot
from tests.support.serving import Clock


@pytest.fixture
def clock() -> Clock:
    """Ten in the morning."""
    return Clock()


@pytest.fixture
async def bot(sqlite_alone: str, library: Library, clock: Clock) -> AsyncIterator[RunningBot]:
    """A bot that Sari has written to."""
    async with running_bot(sqlite_alone, LAMONGAN, now=clock, library=library) as running:
        running.person().has_started = True
        async with running.database.transaction() as session:
            await people.recognise(session, 101, "Sari", clock())
        yield running


async def publish(bot: RunningBot, title: str, **details: Any) -> int:
    async with bot.database.transaction() as session:
        return (await published(session, bot.app.house.now(), title=title, **details)).id


async def owed(bot: RunningBot) -> None:
    """Until a message waits to be sent."""

    async def holds() -> bool:
        waiting = select(Delivery.id).where(Delivery.lane == Lane.BULK, Delivery.state == DeliveryState.WAITING)
        return bool(await bot.rows(waiting))

    await until(holds)


async def quiet(bot: RunningBot) -> None:
    """Until nothing is to be done at this moment, and nothing under way."""

    async def holds() -> bool:
        async with bot.database.reading() as session:
            if await running.is_due(session, bot.app.house.now()):
                return False
        unsettled = [DeliveryState.WAITING, DeliveryState.CLAIMED, DeliveryState.SENDING]
        return not await bot.rows(select(Delivery.id).where(col(Delivery.state).in_(unsettled)))

    await until(holds, within=30.0)


class TestTelegramAway:
    async def test_past_the_deadline(self, bot: RunningBot, clock: Clock) -> None:
        """What could not be sent before its deadline is not sent after it."""
        bot.telegram.outage = True
        await publish(bot, "Pameran hari ini", deadline=clock() + timedelta(hours=2))
        await owed(bot)

        clock.go_on(hours=3)
        bot.telegram.outage = False
        await quiet(bot)

        assert bot.person().texts() == []
        assert [(row.state, row.reason) for row in await bot.rows(select(Notice))] == [(NoticeState.SKIPPED, "closed")]

    async def test_past_one_deadline_of_two(self, bot: RunningBot, clock: Clock) -> None:
        """Of a digest that came too late for one of its opportunities the other one comes."""
        bot.telegram.outage = True
        async with bot.database.transaction() as session:
            await published(session, clock(), title="Pameran hari ini", deadline=clock() + timedelta(hours=2))
            await published(session, clock(), title="Pembeli tetap")
        await owed(bot)

        clock.go_on(hours=3)
        bot.telegram.outage = False
        await quiet(bot)

        (text,) = bot.person().texts()
        assert "Pembeli tetap" in text
        assert "Pameran hari ini" not in text

    async def test_into_the_night(self, bot: RunningBot, clock: Clock) -> None:
        """What could not be sent before quiet hours comes in the morning, once."""
        bot.telegram.outage = True
        await publish(bot, "Pembeli tetap")
        await owed(bot)

        clock.go_on(hours=12)
        bot.telegram.outage = False
        await quiet(bot)
        assert bot.person().texts() == []

        clock.go_on(hours=9)
        await quiet(bot)
        assert len(bot.person().texts()) == 1

    async def test_between_a_picture_and_its_words(self, bot: RunningBot, clock: Clock) -> None:
        """Once the picture went the words follow, however late: else in the morning it would come once more."""
        file = {"kind": "photo", "file_id": bot.telegram.files.store("photo").file_id}
        await publish(bot, "Pembeli tetap", sought="kain " * 230, file=file)

        async def went() -> bool:
            sent = select(Delivery.id).where(Delivery.method == "send_photo", Delivery.state == DeliveryState.SENT)
            return bool(await bot.rows(sent))

        await until(went)
        # The chat rests for a second in between.
        clock.go_on(hours=12)
        await quiet(bot)
        clock.go_on(hours=9)
        await quiet(bot)

        calls = [call.method for call in bot.telegram.calls if call.accepted and call.method.startswith("send")]
        assert calls == ["sendPhoto", "sendMessage"]


class TestClock:
    async def test_set_back(self, bot: RunningBot, clock: Clock) -> None:
        """Three hours back nothing comes again, what is new comes, the cap holds, and in the end all have come."""
        names = ["satu", "dua", "tiga", "empat", "lima", "enam"]
        for name, hours in zip(names, (0, 0, -3, 0, 0, 3), strict=True):
            clock.go_on(hours=hours)
            await publish(bot, f"Pembeli {name}", deadline=clock() + timedelta(days=30))
            await quiet(bot)
        assert len(bot.person().texts()) == 3

        clock.go_on(days=7)
        await quiet(bot)

        said = "\n".join(bot.person().texts())
        assert [said.count(f"Pembeli {name}") for name in names] == [1] * 6
