"""What is offered: the trainings a person may look at, with their days and free seats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, or_, select

from db.models import Person, Profile, Seat, SeatState, Training, TrainingDay, TrainingState
from db.session import Session
from domain.errors import StaleButton
from domain.trainings import seats
from domain.trainings.eligibility import has_finished_one
from domain.trainings.seats import TAKEN

SEEN = (TrainingState.OPEN, TrainingState.CLOSED, TrainingState.RUNNING)


@dataclass(frozen=True)
class Offered:
    """A training as it is shown."""

    training: Training
    days: Sequence[TrainingDay]
    free: int
    waiting: int

    @property
    def is_full(self) -> bool:
        """Whether the next one to register stands in line."""
        return self.free <= 0 or self.waiting > 0

    @property
    def has_room(self) -> bool:
        """Whether there is a seat, or else a place in line."""
        cap = self.training.waiting_cap
        return not self.is_full or (self.training.has_waiting_list and (cap is None or self.waiting < cap))

    def is_closed(self, now: datetime) -> bool:
        """Whether registration has ended, by an officer or by its time."""
        closes = self.training.closes_at or self.training.starts_at
        return self.training.state is not TrainingState.OPEN or (closes is not None and closes <= now)

    def is_worth_sharing(self, now: datetime) -> bool:
        """Whether one can register, or will be able to: for a seat or for the line."""
        return not self.is_closed(now) and self.has_room

    def may_be_joined(self, now: datetime) -> bool:
        """Whether one can register now, for a seat or for the line."""
        opens = self.training.opens_at
        return self.is_worth_sharing(now) and (opens is None or opens <= now)


async def coming(session: Session, now: datetime, profile: Profile | None = None) -> list[Offered]:
    """The published trainings that have not begun, the next one first; those not for *profile* left out."""
    published = select(Training).where(col(Training.state).in_([TrainingState.OPEN, TrainingState.CLOSED]))
    ahead = published.where(col(Training.starts_at) > now).order_by(col(Training.starts_at), col(Training.id))
    found = [one for one in (await session.exec(ahead)).all() if _may_fit(one, profile)]
    return await _with_numbers(session, found)


async def fitting(session: Session, person: Person, now: datetime) -> tuple[list[Offered], int]:
    """Those of `coming` that *person* may take, or has something in; and how many more there are, for others."""
    every, profile = await coming(session, now), await session.get(Profile, person.id)
    is_new = not await has_finished_one(session, person)
    theirs = await seats_of(session, person)
    fit = [
        one
        for one in every
        if one.training.id in theirs or (_may_fit(one.training, profile) and (is_new or not one.training.is_for_new))
    ]
    return fit, len(every) - len(fit)


async def seats_of(session: Session, person: Person) -> dict[int, Seat]:
    """What *person* has, by training."""
    theirs = select(Seat).where(Seat.person_id == person.id, col(Seat.state) != SeatState.GONE)
    return {seat.training_id: seat for seat in (await session.exec(theirs)).all()}


def _may_fit(training: Training, profile: Profile | None) -> bool:
    if profile is None:
        return True
    elsewhere = training.kecamatan and profile.kecamatan and profile.kecamatan not in training.kecamatan
    other_trade = training.sectors and profile.sector and profile.sector not in training.sectors
    return not elsewhere and not other_trade


async def of_office(session: Session, offices: Sequence[str], *, past: bool = False) -> list[Offered]:
    """What officers of *offices* work on, drafts too; with *past*, what is over or cancelled."""
    over = [TrainingState.DONE, TrainingState.CANCELLED]
    theirs = select(Training).where(col(Training.office).in_(offices))
    theirs = theirs.where(col(Training.state).in_(over) if past else col(Training.state).not_in(over))
    order = col(Training.starts_at).desc() if past else col(Training.starts_at)
    return await _with_numbers(session, (await session.exec(theirs.order_by(order, col(Training.id)))).all())


async def one(session: Session, training_id: int, *, drafts: bool = False) -> Offered:
    """The training with its days and numbers. Raises StaleButton for one there is not, or a draft unless *drafts*."""
    training = await session.get(Training, training_id)
    if training is None or (training.state is TrainingState.DRAFT and not drafts):
        raise StaleButton
    return (await _with_numbers(session, [training]))[0]


async def _with_numbers(session: Session, trainings: Sequence[Training]) -> list[Offered]:
    ids = [training.id for training in trainings]
    taken, waiting = await _count(session, ids, TAKEN), await _count(session, ids, (SeatState.WAITING,))
    paper = await seats.on_paper(session, ids)
    ordered = select(TrainingDay).where(col(TrainingDay.training_id).in_(ids)).order_by(col(TrainingDay.starts_at))
    days = list((await session.exec(ordered)).all())
    return [
        Offered(
            training,
            [day for day in days if day.training_id == training.id],
            max(0, training.seats - taken.get(training.id, 0) - paper.get(training.id, 0)),
            waiting.get(training.id, 0),
        )
        for training in trainings
    ]


async def _count(session: Session, ids: Sequence[int], states: Sequence[SeatState]) -> Mapping[int, int]:
    by_training = select(Seat.training_id, func.count()).where(
        col(Seat.training_id).in_(ids), col(Seat.state).in_(states)
    )
    return dict((await session.exec(by_training.group_by(col(Seat.training_id)))).all())


async def mine(session: Session, person: Person, now: datetime) -> list[tuple[Seat, Offered]]:
    """What *person* has in trainings that are not over, the next one first."""
    theirs = (
        select(Seat, Training)
        .join(Training, col(Training.id) == col(Seat.training_id))
        .where(Seat.person_id == person.id, col(Seat.state) != SeatState.GONE, col(Training.state).in_(SEEN))
        .where(or_(col(Training.ends_at).is_(None), col(Training.ends_at) > now))
        .order_by(col(Training.starts_at))
    )
    rows = (await session.exec(theirs)).all()
    offered = await _with_numbers(session, [training for _, training in rows])
    return [(seat, shown) for (seat, _), shown in zip(rows, offered, strict=True)]
