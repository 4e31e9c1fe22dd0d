"""Trainings, and who is in them, put into a bot's database as the chat would leave them there."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from db.models import Consent, Person, Profile, Seat, SeatState, Training, TrainingDay
from domain import audit, people
from domain.trainings import editing, seats
from domain.trainings.editing import Hours
from simulator import Person as Somebody
from tests.support.offices import Offices

MANAGE = "🗂 Kelola pelatihan"

NEXT_WEEK = "2026-12-01"
"""A Tuesday, a week after the clock of `offices`."""


def hours(day: str = NEXT_WEEK, begins: int = 8, ends: int = 12) -> Hours:
    """A day of a training, by the time in Lamongan."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(hours=7)
    return Hours(midnight + timedelta(hours=begins), midnight + timedelta(hours=ends))


async def put_training(
    offices: Offices,
    title: str = "Kemasan",
    *,
    number: int = 2,
    days: tuple[Hours, ...] = (hours(),),
    office: str = "diskopum",
    is_draft: bool = False,
    **values: Any,
) -> int:
    """A training with so many seats, open unless it *is_draft*; returns its id."""
    given = {"place": "BLK", "description": "Belajar kemasan"} | values
    district, now = offices.bot.app.house.district, offices.now()
    async with offices.bot.database.transaction() as session:
        training = await editing.make(session, office, title, number, audit.TERMINAL, now)
        await editing.set_days(session, training.id, days, audit.TERMINAL, district, now)
        await editing.change(session, training.id, given, audit.TERMINAL, district, now)
        if not is_draft:
            await editing.publish(session, training.id, audit.TERMINAL, now)
        return training.id


async def seated(offices: Offices, training_id: int, *names: str, phone: str | None = None) -> list[Somebody]:
    """People of those names register, in this order: first for the seats, then for the line."""
    zone = ZoneInfo(offices.bot.app.house.district.timezone)
    found = []
    async with offices.bot.database.transaction() as session:
        taken = len((await session.exec(select(Seat.id))).all())
        for number, name in enumerate(names, 301 + taken):
            somebody = offices.telegram.person(number, first_name=name)
            somebody.has_started = True
            person = await people.recognise(session, number, name, offices.now())
            if phone:
                session.add(Consent(person_id=person.id, version=1, language="id", given_at=offices.now()))
                session.add(Profile(person_id=person.id, name=name, phone=phone, changed_at=offices.now()))
                await session.flush()
            await seats.register(session, training_id, person, offices.now(), zone, joins_line=True)
            found.append(somebody)
    return found


async def training_of(offices: Offices, training_id: int) -> Training:
    return (await offices.bot.rows(select(Training).where(Training.id == training_id)))[0]


async def newest(offices: Offices) -> Training:
    return (await offices.bot.rows(select(Training).order_by(col(Training.id).desc()).limit(1)))[0]


async def days_of(offices: Offices, training_id: int) -> list[TrainingDay]:
    in_order = select(TrainingDay).where(TrainingDay.training_id == training_id).order_by(col(TrainingDay.starts_at))
    return await offices.bot.rows(in_order)


async def seat_of(offices: Offices, training_id: int, somebody: Somebody) -> Seat:
    theirs = select(Seat).join(Person, col(Person.id) == col(Seat.person_id))
    theirs = theirs.where(Seat.training_id == training_id, Person.telegram_id == somebody.id)
    return (await offices.bot.rows(theirs))[0]


async def states(offices: Offices, training_id: int) -> dict[str, SeatState]:
    """What each has, by name."""
    theirs = select(Person.name, Seat.state).join(Person, col(Person.id) == col(Seat.person_id))
    return dict(await offices.bot.rows(theirs.where(Seat.training_id == training_id)))


async def does(offices: Offices, somebody: Somebody, *deeds: str) -> str:
    """Write what begins with ">" or tap a button, one after another; what the newest message of the bot says then."""
    for deed in deeds:
        if deed.startswith(">"):
            somebody.write(deed[1:])
        else:
            somebody.tap(deed)
        await offices.settled()
    return somebody.texts()[-1]


async def opens(offices: Offices, somebody: Somebody, payload: str) -> list[str]:
    """What the bot says to somebody who follows a link."""
    seen = len(somebody.texts())
    somebody.write(f"/start {payload}")
    await offices.settled()
    return somebody.texts()[seen:]


async def managed(offices: Offices, training_id: int, *deeds: str, who: Somebody | None = None) -> str:
    """An officer opens a training of theirs, and goes on from there."""
    rini = who or offices.rini
    if not rini.texts():
        await does(offices, rini, ">/pelatihan", MANAGE)
    last = next(message for message in reversed(rini.messages()) if message["from"]["id"] != rini.id)
    rini.tap_data(last["message_id"], f"managed:{training_id}")
    await offices.settled()
    return await does(offices, rini, *deeds)
