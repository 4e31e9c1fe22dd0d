"""Who may come to a training, told with the reason; and what must be known of them for it."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, func, select

from db.models import Attendance, Person, Seat, Training, TrainingDay, TrainingState
from db.session import Session
from domain.district import District
from domain.errors import Refusal
from domain.trainings.refusals import ALL, OPEN
from messages import Button, say

ALWAYS_NEEDED = ("name", "kecamatan", "phone")
"""Of the profile, for the list at the door and for a call when something changes."""


class NotForThem(Refusal):
    """The training is for others: another kecamatan, another sector, or for who is new."""


def needed_fields(training: Training) -> tuple[str, ...]:
    """The fields of the profile without which nobody can be registered."""
    return (*ALWAYS_NEEDED, "sector") if training.sectors else ALWAYS_NEEDED


async def unless_for(
    session: Session, training: Training, person: Person, known: Mapping[str, Any], district: District
) -> None:
    """Raises NotForThem with the reason. *known*: of the profile; what is not yet excludes nobody, the form asks it."""
    kecamatan = known.get("kecamatan")
    if training.kecamatan and kecamatan and kecamatan not in training.kecamatan:
        names = ", ".join(training.kecamatan)
        sentence = say("training.other_kecamatan", title=training.title, kecamatan=names, theirs=kecamatan)
        raise NotForThem(sentence, [[_mend("kecamatan")], [OPEN]])
    sector = known.get("sector")
    if training.sectors and sector and sector not in training.sectors:
        names = ", ".join(district.sectors.get(key, key) for key in training.sectors)
        theirs = district.sectors.get(sector, sector)
        sentence = say("training.other_sector", title=training.title, sectors=names, theirs=theirs)
        raise NotForThem(sentence, [[_mend("sector")], [OPEN]])
    if training.is_for_new and await has_finished_one(session, person, training):
        raise NotForThem(say("training.only_for_new", title=training.title), [[OPEN], [ALL]])


def _mend(field: str) -> Button:
    return Button(say("button.mend_profile"), "profile", field)


async def has_finished_one(session: Session, person: Person, other_than: Training | None = None) -> bool:
    """Whether *person* was at a training that is over."""
    besides = other_than.id if other_than else None
    been = (
        select(func.count())
        .select_from(Attendance)
        .join(Seat, col(Seat.id) == col(Attendance.seat_id))
        .join(TrainingDay, col(TrainingDay.id) == col(Attendance.day_id))
        .join(Training, col(Training.id) == col(TrainingDay.training_id))
        .where(Seat.person_id == person.id, Training.state == TrainingState.DONE)
    )
    if besides is not None:
        been = been.where(Training.id != besides)
    return bool((await session.exec(been)).one())
