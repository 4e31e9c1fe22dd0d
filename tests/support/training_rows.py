"""Trainings in a database, at times in Lamongan: what is there, who is in it, what they are told."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from db.models import (
    Delivery,
    Person,
    Training,
)
from db.session import Session
from domain import audit
from domain.district import read_district
from domain.trainings import editing, seats
from domain.trainings.editing import Hours
from tests.conftest import LAMONGAN

ZONE = ZoneInfo("Asia/Jakarta")
DISTRICT = read_district(LAMONGAN)
OFFICER = audit.TERMINAL


def wib(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


NOW = wib(2, 12)
START = wib(23, 8)


async def a_training(session: Session, number: int = 1, **values: Any) -> Training:
    """Open, on 23 November from eight to twelve."""
    training = await editing.make(session, "diskopum", "Kemasan <Keripik>", number, OFFICER, NOW)
    hours = values.pop("hours", [Hours(START, START + timedelta(hours=4))])
    await editing.set_days(session, training.id, hours, OFFICER, DISTRICT, NOW)
    given = {"place": "MPP", "description": "Belajar kemasan"} | values
    await editing.change(session, training.id, given, OFFICER, DISTRICT, NOW)
    return await editing.publish(session, training.id, OFFICER, NOW)


async def people(session: Session, number: int) -> list[Person]:
    made = [Person(telegram_id=n, name=f"Warga {n}", met_at=NOW, last_wrote_at=NOW) for n in range(1, number + 1)]
    session.add_all(made)
    await session.flush()
    return made


async def texts(session: Session, person: Person) -> list[str]:
    """What is owed to *person*, oldest first."""
    rows = select(Delivery.arguments).where(Delivery.person_id == person.id).order_by(col(Delivery.id))
    return [row["text"] for row in (await session.exec(rows)).all()]


async def registered(session: Session, training: Training, *who: Person, now: datetime = NOW) -> list[Any]:
    return [await seats.register(session, training.id, one, now, ZONE) for one in who]
