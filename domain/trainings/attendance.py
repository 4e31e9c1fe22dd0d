"""At the door: who was there, by day. Marking twice changes nothing."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from db.models import Attendance, Person, Seat, SeatState, Training, TrainingDay, TrainingState
from db.session import Session
from db.upsert import insert_new
from domain.errors import Refusal
from domain.trainings.seats import CODE_LENGTH, CODE_LETTERS
from messages import Button, Moment, say

DOORS_OPEN = timedelta(hours=3)
"""So long before a day begins, and after it ends, its participants may be marked."""

CODE = re.compile(rf"[{CODE_LETTERS}]{{{CODE_LENGTH}}}")


DOORS = Button(say("button.doors"), "doors", 0)


class NoSuchTicket(Refusal):
    """A code or number nobody holds a seat by."""


class WrongDay(Refusal):
    """The ticket is right and the day is not."""


class NoSeat(Refusal):
    """They gave the seat up, or stand in line."""


@dataclass(frozen=True)
class Marked:
    """Somebody is there."""

    seat: Seat
    person: Person
    training: Training
    day: TrainingDay
    was_there: bool
    """Marked before: nothing changed."""
    at: datetime
    """When they were marked first."""


async def by_code(session: Session, code: str) -> tuple[Seat, Training, Person]:
    """Whose ticket it is. Raises NoSuchTicket."""
    typed = re.sub(r"[\s-]", "", code).upper()
    held = select(Seat, Training, Person).where(Seat.code == typed)
    held = held.join(Training, col(Training.id) == col(Seat.training_id))
    held = held.join(Person, col(Person.id) == col(Seat.person_id))
    found = (await session.exec(held)).first() if CODE.fullmatch(typed) else None
    if found is None:
        raise NoSuchTicket(say("attendance.no_such_ticket", code=code[:20]), [[DOORS]])
    return found[0], found[1], found[2]


async def day_at(session: Session, training: Training, now: datetime) -> TrainingDay | None:
    """The day of *training* whose doors are open; of two on one date the nearest to *now*."""
    return nearest(await days_of(session, training), now)


async def days_of(session: Session, training: Training) -> Sequence[TrainingDay]:
    """All its days, in their order."""
    theirs = select(TrainingDay).where(TrainingDay.training_id == training.id).order_by(col(TrainingDay.starts_at))
    return (await session.exec(theirs)).all()


def nearest(days: Iterable[TrainingDay], now: datetime) -> TrainingDay | None:
    """Of those whose doors are open the one that goes on *now*, else the one that begins or ended the least while."""
    open_now = [day for day in days if day.starts_at - DOORS_OPEN <= now <= day.ends_at + DOORS_OPEN]
    away = timedelta(0)
    return min(open_now, key=lambda day: max(day.starts_at - now, now - day.ends_at, away), default=None)


def unless_seated(seat: Seat, training: Training, person: Person) -> None:
    """Raises NoSeat for a ticket that is not valid: the training is off, or who holds it has no seat by now."""
    off = {"name": person.name, "title": training.title}
    if training.state is TrainingState.CANCELLED:
        why = training.why_off
        sentence = say("attendance.off_why", why=why, **off) if why else say("attendance.off", **off)
        raise NoSeat(sentence, [[DOORS]])
    if seat.state is not SeatState.CONFIRMED:
        raise NoSeat(say("attendance.no_seat", **off), [[DOORS]])


async def day_of(session: Session, training: Training, person: Person, now: datetime, zone: str) -> TrainingDay:
    """The day whose doors are open. Raises WrongDay, on the right date with from when they are or that it is over."""
    days, here = await days_of(session, training), ZoneInfo(zone)
    if day := nearest(days, now):
        return day
    today = [day for day in days if day.starts_at.astimezone(here).date() == now.astimezone(here).date()]
    blanks = {"name": person.name, "title": training.title}
    ahead = [day for day in today if now < day.starts_at]
    if ahead:
        opens = Moment(ahead[0].starts_at - DOORS_OPEN, zone, now)
        raise WrongDay(say("attendance.too_early", opens=opens, **blanks), [[DOORS]])
    key = "attendance.over_today" if today else "attendance.wrong_day"
    raise WrongDay(say(key, **blanks), [[DOORS]])


async def mark(
    session: Session,
    seat: Seat,
    training: Training,
    person: Person,
    officer: Person,
    now: datetime,
    day: TrainingDay | None = None,
) -> Marked:
    """Note that *person* is there, on *day* or on the one whose doors are open. Raises NoSeat or WrongDay."""
    unless_seated(seat, training, person)
    day = day or await day_at(session, training, now)
    if day is None:
        raise WrongDay(say("attendance.wrong_day", name=person.name, title=training.title), [[DOORS]])
    row = {"day_id": day.id, "seat_id": seat.id, "at": now, "marked_by": officer.id}
    added = await insert_new(session, Attendance.__table__, [row], unique=["day_id", "seat_id"])  # type: ignore[attr-defined]  # SQLModel adds it
    there = await session.get_one(Attendance, (day.id, seat.id))
    return Marked(seat, person, training, day, was_there=not added, at=there.at)


@dataclass(frozen=True)
class ByNumbers:
    """What became of "hadir 3 7 12"."""

    marked: Sequence[int]
    before: Sequence[int]
    unknown: Sequence[int]
    gone: Sequence[tuple[int, str]] = ()
    """Numbers whose owner has no seat any more, with the name."""


async def mark_numbers(
    session: Session, training: Training, day: TrainingDay, numbers: Sequence[int], officer: Person, now: datetime
) -> ByNumbers:
    """Note those of the printed list's *numbers* as there on *day*; those nobody has are told, the rest counts."""
    held = select(Seat, Person.name).join(Person, col(Person.id) == col(Seat.person_id))
    held = held.where(Seat.training_id == training.id, col(Seat.number).in_(numbers))
    everybody = {seat.number: (seat, name) for seat, name in (await session.exec(held)).all()}
    by_number = {number: seat for number, (seat, _) in everybody.items() if seat.state is SeatState.CONFIRMED}
    marked: list[int] = []
    before: list[int] = []
    for number in dict.fromkeys(numbers):
        if seat := by_number.get(number):
            row = {"day_id": day.id, "seat_id": seat.id, "at": now, "marked_by": officer.id}
            added = await insert_new(session, Attendance.__table__, [row], unique=["day_id", "seat_id"])  # type: ignore[attr-defined]  # SQLModel adds it
            (marked if added else before).append(number)
    unknown = [number for number in dict.fromkeys(numbers) if number not in everybody]
    gone = [
        (number, everybody[number][1]) for number in dict.fromkeys(numbers) if number in everybody.keys() - by_number
    ]
    return ByNumbers(marked, before, unknown, gone)


async def count(session: Session, day: TrainingDay) -> int:
    """How many who have a seat were there on *day*."""
    there = select(func.count()).select_from(Attendance).join(Seat, col(Seat.id) == col(Attendance.seat_id))
    there = there.where(Attendance.day_id == day.id, col(Seat.state) == SeatState.CONFIRMED)
    return int((await session.exec(there)).one())


async def there(session: Session, days: Sequence[TrainingDay]) -> dict[int, set[int]]:
    """Who was there, as the ids of their seats, by the id of the day."""
    marked = select(Attendance.day_id, Attendance.seat_id).where(col(Attendance.day_id).in_([day.id for day in days]))
    found: dict[int, set[int]] = {day.id: set() for day in days}
    for day_id, seat_id in (await session.exec(marked)).all():
        found[day_id].add(seat_id)
    return found
