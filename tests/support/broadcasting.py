"""Broadcasts in tests: put into a bot's database as the chat would leave them there, and followed to their end."""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any

from sqlmodel import col, select

from db.models import Broadcast, BroadcastState, Person, Recipient, RecipientState
from db.session import Session
from domain.broadcasts import codes, running
from domain.broadcasts.audience import Audience
from domain.broadcasts.content import Content
from simulator import Person as Somebody
from tests.support.offices import Offices
from tests.support.running import PATIENCE, RunningBot
from tests.support.training_office import does

OVER = {BroadcastState.FINISHED, BroadcastState.CANCELLED, BroadcastState.MISSED}


async def met(bot: RunningBot, number: int, first: int = 1001) -> list[Somebody]:
    """So many people who have written to the bot, without waiting for its answers."""
    somebodies = [bot.person(first + place, f"Orang {place + 1}") for place in range(number)]
    for one in somebodies:
        one.has_started = True
    async with bot.database.transaction() as session:
        now = bot.app.house.now()
        session.add_all(
            Person(telegram_id=one.id, name=one.user["first_name"], met_at=now, last_wrote_at=now) for one in somebodies
        )
    return somebodies


async def broadcast(
    bot: RunningBot,
    html: str = "Ada pameran <b>UMKM</b>, {nama}.",
    *,
    content: Content | None = None,
    audience: Audience | None = None,
    author: Somebody | None = None,
    **details: Any,
) -> int:
    """One that is confirmed and due at once; returns its id."""
    now = bot.app.house.now()
    async with bot.database.transaction() as session:
        whose = None
        if author is not None:
            whose = (await session.exec(select(Person).where(Person.telegram_id == author.id))).one().id
        given = {"office": "diskopum", "topic": "umum", "keeps_quiet_hours": False, "author_id": whose}
        given["state"] = BroadcastState.SCHEDULED
        row = Broadcast(
            **{**given, **details},
            content=(content or Content(html=html)).as_json(),
            audience=(audience or Audience()).as_json(),
            code=codes.new(),
            made_at=now,
            changed_at=now,
        )
        session.add(row)
        await session.flush()
        running.note_new(session, running.STEPS)
        return row.id


async def now(bot: RunningBot, broadcast_id: int) -> Broadcast:
    """As it stands."""
    return (await bot.rows(select(Broadcast).where(Broadcast.id == broadcast_id)))[0]


async def ended(bot: RunningBot, broadcast_id: int, states: Iterable[BroadcastState] = OVER) -> Broadcast:
    """Wait until it stands in one of *states*."""
    wanted = set(states)
    await until(lambda: _stands(bot, broadcast_id, wanted))
    return await now(bot, broadcast_id)


async def cleared(bot: RunningBot, broadcast_id: int) -> None:
    """Wait until nothing of it is under way any more, whether it was finished or stopped."""
    await ended(bot, broadcast_id)
    await until(lambda: _is_cleared(bot, broadcast_id))


async def _is_cleared(bot: RunningBot, broadcast_id: int) -> bool:
    row = await now(bot, broadcast_id)
    return row.finished_at is not None or row.started_at is None


async def _stands(bot: RunningBot, broadcast_id: int, states: set[BroadcastState]) -> bool:
    return (await now(bot, broadcast_id)).state in states


async def until(is_so: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Wait for what an asynchronous *is_so* asks. Raises TimeoutError."""
    give_up = time.monotonic() + seconds
    while not await is_so():
        if time.monotonic() > give_up:
            raise TimeoutError
        await asyncio.sleep(0.01)


async def person_of(session: Session, somebody: Somebody) -> Person:
    return (await session.exec(select(Person).where(Person.telegram_id == somebody.id))).one()


async def recipients(bot: RunningBot, broadcast_id: int) -> list[Recipient]:
    """In the order of the line."""
    theirs = select(Recipient).where(Recipient.broadcast_id == broadcast_id)
    return await bot.rows(theirs.order_by(col(Recipient.id)))


async def by_state(bot: RunningBot, broadcast_id: int) -> dict[RecipientState, int]:
    """How many stand in each state in which any stands."""
    found: dict[RecipientState, int] = {}
    for row in await recipients(bot, broadcast_id):
        found[row.state] = found.get(row.state, 0) + 1
    return found


# What officers do with it.


async def opens(offices: Offices, officer: Somebody, broadcast_id: int, *deeds: str) -> str:
    """An officer opens a broadcast, and goes on from there by its buttons; what the newest message says then."""
    if not officer.messages():
        officer.write("/start")
        await offices.settled()
    officer.tap_data(officer.messages()[-1]["message_id"], f"broadcast:{broadcast_id}")
    await offices.settled()
    return await does(offices, officer, *deeds) if deeds else officer.texts()[-1]


def told(people: Iterable[Somebody]) -> list[Somebody]:
    """Who has a message of the bot's."""
    return [somebody for somebody in people if somebody.texts()]


async def under_way(offices: Offices, people: list[Somebody], **details: Any) -> int:
    """A broadcast of Rini's that some of *people* have already."""
    number = await broadcast(offices.bot, author=offices.rini, **details)
    await offices.telegram.wait_until(lambda: len(told(people)) >= 3, timeout=10)
    await until(lambda: _has_progress(offices, number))
    return number


async def _has_progress(offices: Offices, number: int) -> bool:
    return (await now(offices.bot, number)).progress_message_id is not None


async def is_settled(offices: Offices, number: int) -> bool:
    return RecipientState.SENDING not in await by_state(offices.bot, number)


async def over(offices: Offices, number: int) -> BroadcastState:
    """Wait until it is over and its author has heard so; where it stands then."""
    await cleared(offices.bot, number)
    await offices.settled()
    return (await now(offices.bot, number)).state
