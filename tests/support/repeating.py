"""Schedules in tests: kept as the chat would keep them, and looked at."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from db.models import Broadcast, BroadcastSchedule, BroadcastState, Officer, Person, Role
from db.session import Session
from domain import audit, people
from domain.broadcasts import codes, repeating, states
from domain.broadcasts.audience import Audience
from domain.broadcasts.content import Content
from domain.broadcasts.rhythm import Rhythm
from simulator import Person as Somebody
from tests.support.running import RunningBot

DAILY = Rhythm("daily", "08.00")


def local(text: str) -> datetime:
    """A moment by the time in Lamongan: "2026-11-27 08:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) - timedelta(hours=7)


async def officer(bot: RunningBot, number: int = 201, name: str = "Rini", role: Role = Role.OFFICER) -> Somebody:
    """One of Diskopum, who has written to the bot before; only put down once."""
    somebody = bot.person(number, name)
    somebody.has_started = True
    now = bot.app.house.now()
    async with bot.database.transaction() as session:
        person = await people.recognise(session, number, name, now)
        if await session.get(Officer, person.id) is None:
            session.add(Officer(person_id=person.id, role=role, office="diskopum", appointed_at=now))
    return somebody


async def draft(
    bot: RunningBot, author: Somebody | None = None, html: str = "Ada pameran UMKM.", **details: Any
) -> int:
    """One that is being composed, by *author* or from the terminal; returns its id."""
    now = bot.app.house.now()
    async with bot.database.transaction() as session:
        whose = None
        if author is not None:
            whose = (await session.exec(select(Person).where(Person.telegram_id == author.id))).one().id
        given = {"office": "diskopum", "topic": "umum", "author_id": whose, **details}
        content, audience = Content(html=html).as_json(), Audience().as_json()
        row = Broadcast(**given, content=content, audience=audience, made_at=now, changed_at=now)
        session.add(row)
        await session.flush()
        return row.id


async def kept(
    bot: RunningBot,
    rhythm: Rhythm = DAILY,
    *,
    ends_on: date | None = None,
    late_limit: int | None = 120,
    author: Somebody | None = None,
    needs_approval: bool = False,
    **details: Any,
) -> int:
    """A schedule of a new broadcast; returns its id."""
    number, house = await draft(bot, author, **details), bot.app.house
    async with bot.database.transaction() as session:
        row, now = await session.get_one(Broadcast, number), house.now()
        made = await repeating.attach(session, row, rhythm, ends_on, late_limit, audit.TERMINAL, house.district, now)
        states.move(row, BroadcastState.PROPOSED if needs_approval else BroadcastState.SCHEDULED, now)
        row.code = codes.new()
        return made.id


async def put_dates(session: Session, now: datetime) -> dict[str, int]:
    """A draft and a schedule of Diskopum's, without a bot; our ids."""
    given: dict[str, Any] = {"office": "diskopum", "topic": "umum", "made_at": now, "changed_at": now}
    given |= {"content": Content(html="Ada pameran").as_json(), "audience": Audience().as_json()}
    whole = BroadcastSchedule(office="diskopum", rhythm=DAILY.as_json(), late_limit=120, made_at=now)
    session.add(whole)
    await session.flush()
    at = {"starts_at": now + timedelta(days=1), "schedule_id": whole.id, "state": BroadcastState.SCHEDULED}
    composed, coming = Broadcast(**given), Broadcast(**given, **at, code=codes.new())
    session.add_all([composed, coming])
    await session.flush()
    return {"repeatable": composed.id, "repeated": whole.id, "coming": coming.id}


async def occurrences(bot: RunningBot, schedule_id: int) -> list[Broadcast]:
    """By their dates."""
    theirs = select(Broadcast).where(Broadcast.schedule_id == schedule_id)
    return await bot.rows(theirs.order_by(col(Broadcast.starts_at), col(Broadcast.id)))


async def stands(bot: RunningBot, schedule_id: int) -> list[tuple[str, BroadcastState]]:
    """Each occurrence: day and hour in Lamongan, and its state."""
    every = await occurrences(bot, schedule_id)
    return [(shown(one.starts_at), one.state) for one in every]


def shown(at: datetime | None) -> str:
    """As "27-11 08.00", in Lamongan."""
    return f"{at + timedelta(hours=7):%d-%m %H.%M}" if at else "now"


async def schedule_of(bot: RunningBot, schedule_id: int) -> BroadcastSchedule:
    return (await bot.rows(select(BroadcastSchedule).where(BroadcastSchedule.id == schedule_id)))[0]
