"""What people say when they are asked whether they come: on the eve, and after a change."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, update

from db.models import Person, Seat, SeatState, Training
from db.session import Session
from domain.trainings import refusals, seats


@dataclass(frozen=True)
class Answered:
    """What they have in the training now, and who is offered the seat that they gave up."""

    training: Training
    seat: Seat
    offered: list[Seat] = field(default_factory=list)
    is_stale: bool = False
    """The button was of another registration, or of another date: nothing changed, and they are asked anew."""


async def stay(session: Session, seat_id: int, asking: int | None, person: Person, now: datetime) -> Answered:
    """*person* comes; who stands in line stays there. *asking*: what the button asked about; None for one of long ago.

    Raises StaleButton, refusals.NotYours, NotOpen for a training that is off or has begun, NothingLeft.
    """
    training, seat = await _asked(session, seat_id, person, now)
    if seat.asking != asking:
        return Answered(training, seat, is_stale=True)
    if seat.state is SeatState.CONFIRMED:
        seat.is_coming, seat.changed_at = True, now
    return Answered(training, seat)


async def leave(
    session: Session, seat_id: int, asking: int | None, person: Person, now: datetime, zone: ZoneInfo
) -> Answered:
    """*person* does not come: the seat goes on at once, after the deadline too. Raises as `stay` does."""
    training, seat = await _asked(session, seat_id, person, now)
    if seat.asking != asking:
        return Answered(training, seat, is_stale=True)
    offered = await seats.give_up(session, training.id, person, now, zone, even_late=True)
    seat.is_coming = False
    return Answered(training, seat, offered)


async def _asked(session: Session, seat_id: int, person: Person, now: datetime) -> tuple[Training, Seat]:
    training, seat = await seats.own(session, seat_id, person)
    refusals.unless_ahead(training, now)
    if seat.state is SeatState.GONE:
        raise refusals.NothingLeft(training)
    return training, seat


async def ask_anew(session: Session, training: Training) -> None:
    """Day or place of *training*, which is locked, is another: what was asked of before is not answered any more."""
    theirs = update(Seat).where(col(Seat.training_id) == training.id, col(Seat.state) != SeatState.GONE)
    await session.flush()
    await (await session.connection()).execute(theirs.values(asking=col(Seat.asking) + 1))
