"""How long things are kept: payloads two days, updates a week, texts three months, files in the chat a day."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import SQLModel, col, select

from db import inbox
from db.inbox import Accepted
from db.models import (
    AppointmentLink,
    Conversation,
    Delivery,
    Draft,
    Occurrence,
    Person,
    Question,
    ReceivedUpdate,
    Role,
)
from domain import keeping
from domain.keeping import KEPT
from simulator import Person as Somebody
from tests.faults.scene import Scene
from tests.support.running import RunningBot

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime.now(UTC)


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

    async def test_takes_files_out_of_the_chat(self, bot: RunningBot) -> None:
        """A file with personal data stays in the chat for a day, and is then deleted there, once."""
        sari = bot.person()
        await bot.says(sari, "/data")
        sari.tap("📄 Ambil data saya")
        await bot.settled()

        await forget(bot, DAY - HOUR)
        await bot.settled()
        assert has_file(sari)
        for _ in range(2):
            await forget(bot, DAY + HOUR)
        await bot.settled()
        assert not has_file(sari)
        assert [call.method for call in bot.telegram.calls].count("deleteMessages") == 1

    @pytest.mark.parametrize(
        ("what", "made", "lasts"),
        [
            (
                "appointment_link",
                lambda: AppointmentLink(token_hash="a", role=Role.OFFICER, made_at=NOW, until=NOW),
                30,
            ),
            ("occurrence", lambda: Occurrence(what="digest:1", at=NOW, done_at=NOW), 365),
            (
                "draft",
                lambda: Draft(person_id=1, form="profile", asks=["name"], at="name", changed_at=NOW),
                14,
            ),
            ("conversation.state", lambda: Conversation(person_id=1, state={"step": "profile"}), 14),
        ],
    )
    async def test_what_nobody_goes_on_with(
        self, scene: Scene, what: str, made: Callable[[], SQLModel], lasts: int
    ) -> None:
        """Links that were not opened, forms and steps left half way, and what the clock has done: each in its time."""
        row = made()
        async with scene.database.transaction() as session:
            session.add(Person(telegram_id=7, name="Sari", met_at=NOW, last_wrote_at=NOW))
            await session.flush()
            session.add(row)
        assert KEPT[what] == timedelta(days=lasts)
        for age, is_there in ((lasts * DAY - HOUR, True), (lasts * DAY + HOUR, False)):
            async with scene.database.transaction() as session:
                await keeping.forget_old(session, NOW + age)
            (left,) = await scene.rows(select(type(row))) or [None]
            assert bool(left and getattr(left, what.partition(".")[2] or "__tablename__")) is is_there


def has_file(person: Somebody) -> bool:
    return any("document" in message for message in person.messages())
