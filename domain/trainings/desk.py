"""The officers' door to trainings, and what a deed of theirs would mean before it is done."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, func, select

from db.models import Officer, Person, Role, Seat, SeatState, Training, TrainingDay, TrainingState
from db.session import Session
from domain import staff
from domain.audit import Actor
from domain.district import District, Office
from domain.errors import NotForYou
from domain.trainings import catalogue, editing, notices, seats
from domain.trainings.editing import TOLD, Hours
from messages import Sentence, say

__all__ = [
    "TrainingState",
    "access_training",
    "actor",
    "change_of",
    "changed_days",
    "concerned",
    "may_act",
    "offices_of",
]

STANDING = (SeatState.CONFIRMED, SeatState.HELD, SeatState.WAITING)


async def access_training(session: Session, person: Person, training_id: int, *, reads: bool = False) -> Training:
    """The training, locked, for an officer of its office. *reads*: nothing is changed, so a reader may too.

    Raises NotForYou for anybody else, and for a training there is not.
    """
    training = await session.get(Training, training_id)
    if training is None:
        raise NotForYou
    await staff.access(session, person, office=training.office, reads=reads)
    return training if reads else await seats.lock(session, training_id)


def actor(person: Person) -> Actor:
    """An officer in their private chat, for the audit."""
    return Actor("officer", person.id, "private")


def may_act(officer: Officer, training: Training) -> bool:
    """Whether buttons that change *training* are for them; the deeds themselves decide again."""
    return officer.role is not Role.READER and staff.serves(officer, training.office)


def offices_of(officer: Officer, district: District) -> list[Office]:
    """Those whose trainings are theirs."""
    return [office for office in district.offices if staff.serves(officer, office.key)]


async def concerned(session: Session, training: Training) -> int:
    """How many have a seat, an offer or a place in line, and would be told."""
    theirs = select(func.count()).where(Seat.training_id == training.id, col(Seat.state).in_(STANDING))
    return int((await session.exec(theirs)).one())


async def change_of(
    session: Session, training: Training, values: Mapping[str, Any]
) -> tuple[Sentence, Sentence, int] | None:
    """What people would be told if *values* were set: old, new and how many; None where nobody would be.

    Raises BadTraining for values that cannot be.
    """
    editing.check(values, training)
    if training.state is TrainingState.DRAFT or not any(name in TOLD for name in values):
        return None
    changed = Training(**(training.model_dump() | dict(values)))
    return await _told(session, training, *notices.places(training, changed))


async def changed_days(
    session: Session, training: Training, days: Sequence[Hours], district: District, now: datetime
) -> tuple[Sentence, Sentence, int] | None:
    """Likewise for other days."""
    standing = (await catalogue.one(session, training.id, drafts=True)).days
    known = {(day.starts_at, day.ends_at) for day in standing}
    in_order = sorted(days, key=lambda day: day.starts_at)
    editing.check_days(in_order, [day for day in in_order if (day.starts_at, day.ends_at) not in known], now)
    if training.state is TrainingState.DRAFT:
        return None
    rows = [TrainingDay(training_id=training.id, starts_at=day.starts_at, ends_at=day.ends_at) for day in in_order]
    new = say("training.days", days=notices.lines_of(rows, district))
    old = say("training.days", days=notices.lines_of(standing, district))
    return await _told(session, training, old, new)


async def _told(
    session: Session, training: Training, old: Sentence, new: Sentence
) -> tuple[Sentence, Sentence, int] | None:
    number = await concerned(session, training)
    return (old, new, number) if number and old != new else None
