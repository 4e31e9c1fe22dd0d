"""What is kept of somebody in trainings, taken out when they are erased: their seats go on to those who wait."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select, update

from db.models import Person, Seat, SeatState, Training, TrainingState
from db.session import Session
from domain.district import District
from domain.trainings import notices, seats

ANSWERS_ARE_KEPT = timedelta(days=365)
"""What was answered to a training's own questions, after its end."""

AHEAD = (TrainingState.DRAFT, TrainingState.OPEN, TrainingState.CLOSED, TrainingState.RUNNING)

_NOTHING: Mapping[str, None] = {"answers": None, "code": None, "is_coming": None}


async def forget_person(session: Session, person: Person, now: datetime, district: District | None) -> None:
    """Free what *person* holds in trainings that are not over, and empty what they said; who was there stays a number.

    *district*: those who are offered a seat now are told at once; without it the clock sees to that within a minute.
    """
    held = select(Seat.training_id).join(Training, col(Training.id) == col(Seat.training_id))
    held = held.where(Seat.person_id == person.id, col(Seat.state) != SeatState.GONE, col(Training.state).in_(AHEAD))
    for training_id in sorted((await session.exec(held)).all()):
        training = await seats.lock(session, training_id)
        seat = await seats.seat_of(session, training, person)
        if seat is not None:
            seats.let_go(seat, "erased", now)
        if district is not None:
            offered = await seats.fill(session, training, now, ZoneInfo(district.timezone))
            await notices.tell_offers(session, offered, district, now)
    await session.flush()
    theirs = update(Seat).where(col(Seat.person_id) == person.id)
    connection = await session.connection()
    await connection.execute(theirs.values(**_NOTHING, why=None))


async def forget_answers(session: Session, person: Person) -> None:
    """Empty what *person* answered to trainings' questions: they took their consent back."""
    theirs = update(Seat).where(col(Seat.person_id) == person.id)
    await (await session.connection()).execute(theirs.values(answers=None))


async def forget(session: Session, now: datetime) -> None:
    """Empty the answers to trainings that ended a year ago."""
    over = select(Training.id).where(col(Training.ends_at) < now - ANSWERS_ARE_KEPT)
    old = update(Seat).where(col(Seat.training_id).in_(over), col(Seat.answers).is_not(None))
    await (await session.connection()).execute(old.values(answers=None))
