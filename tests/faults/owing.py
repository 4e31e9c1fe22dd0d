"""Owing Telegram calls straight through the outbox, and looking at what became of them."""

from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select, update

from db import outbox
from db.models import UNSETTLED, Delivery, DeliveryState, Lane
from db.session import note_new
from simulator import Person
from tests.faults.waiting import until
from tests.support.running import RunningBot


def a_call(person: Person, method: str = "send_message", columns: Any = None, **arguments: Any) -> Delivery:
    """A row for the call of *method* with *arguments* in this person's chat; *columns* are its further columns."""
    given = {"lane": Lane.REPLY, "created_at": datetime.now(UTC), **(columns or {})}
    return Delivery(chat_id=person.id, method=method, arguments={"chat_id": person.id, **arguments}, **given)


def a_text(person: Person, text: str, **columns: Any) -> Delivery:
    return a_call(person, text=text, columns=columns)


async def owe(bot: RunningBot, *rows: Delivery) -> list[int]:
    """Owe *rows*, all in one transaction; returns their ids."""
    async with bot.database.transaction() as session:
        return [(await outbox.enqueue(session, row)).id for row in rows]


async def row(bot: RunningBot, row_id: int) -> Delivery:
    return (await bot.rows(select(Delivery).where(Delivery.id == row_id)))[0]


async def settled_row(bot: RunningBot, row_id: int) -> Delivery:
    """The row, once it is settled."""

    async def is_settled() -> bool:
        return (await row(bot, row_id)).state not in UNSETTLED

    await until(is_settled, bot.telegram.describe)
    return await row(bot, row_id)


async def resting_row(bot: RunningBot, row_id: int) -> Delivery:
    """The row, once it waits for another try."""

    async def rests() -> bool:
        found = await row(bot, row_id)
        return found.state is DeliveryState.WAITING and found.reason is not None

    await until(rests, bot.telegram.describe)
    return await row(bot, row_id)


async def end_rests(bot: RunningBot) -> None:
    """As if the time for which rows rest before another try had passed."""
    waits = col(Delivery.state) == DeliveryState.WAITING
    async with bot.database.transaction() as session:
        await (await session.connection()).execute(update(Delivery).where(waits).values(not_before=None, reason=None))
        note_new(session, "outbox")
