"""Who is in a training, as its officers see and move them; each move has its reason, and is told."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import case, col, or_, select

from db.models import Person, Profile, Seat, SeatState, Training
from db.session import Session
from domain import audit
from domain.district import District
from domain.errors import NotForYou, Refusal, StaleButton
from domain.trainings import editing, notices, seats
from domain.trainings.desk import STANDING, access_training, actor
from messages import Number, say

LONGEST_REASON = 300

ORDER = {SeatState.CONFIRMED: 0, SeatState.HELD: 1, SeatState.WAITING: 2, SeatState.GONE: 3}


class BadReason(Refusal):
    """A move without words that say why, or with too many."""


class NoChair(Refusal):
    """The seat that was free went to somebody else meanwhile, and nobody agreed to one more."""


@dataclass(frozen=True)
class Participant:
    """One person in a training or in its line."""

    seat: Seat
    person: Person
    profile: Profile | None
    position: int | None = None
    """In the line; 1 is next."""
    has_twin: bool = False
    """Somebody else here gave the same phone."""

    @property
    def name(self) -> str:
        """As they gave it, else Telegram's."""
        return (self.profile.name if self.profile else None) or self.person.name

    @property
    def phone(self) -> str:
        return (self.profile.phone if self.profile else None) or ""


async def participants(session: Session, training: Training, also: Collection[int] = ()) -> list[Participant]:
    """Those with a seat by their number, then those who are offered one, then the line in its order.

    *also*: seats (ids) that are wanted though they were given up, last.
    """
    theirs = (
        select(Seat, Person, Profile)
        .join(Person, col(Person.id) == col(Seat.person_id))
        .outerjoin(Profile, col(Profile.person_id) == col(Seat.person_id))
        .where(Seat.training_id == training.id, or_(col(Seat.state).in_(STANDING), col(Seat.id).in_(also)))
        .order_by(case(ORDER, value=col(Seat.state)), col(Seat.line), col(Seat.number), col(Seat.id))
    )
    rows = (await session.exec(theirs)).all()
    phones = Counter(profile.phone for _, _, profile in rows if profile and profile.phone)
    found, waiting = [], 0
    for seat, person, profile in rows:
        waiting += seat.state is SeatState.WAITING
        position = waiting if seat.state is SeatState.WAITING else None
        twin = bool(profile and profile.phone and phones[profile.phone] > 1)
        found.append(Participant(seat, person, profile, position, twin))
    return found


async def participant(
    session: Session, officer: Person, seat_id: int, *, reads: bool = True
) -> tuple[Training, Participant]:
    """One of them, for an officer of the office. Raises NotForYou, and StaleButton for who is out by now."""
    seat = await session.get(Seat, seat_id)
    if seat is None:
        raise NotForYou
    training = await access_training(session, officer, seat.training_id, reads=reads)
    found = next((one for one in await participants(session, training) if one.seat.id == seat_id), None)
    if found is None:
        raise StaleButton
    return training, found


async def meanwhile(session: Session, officer: Person, seat_id: int) -> tuple[Training, Participant]:
    """What became of somebody while an officer wrote; who is out by now too. Raises NotForYou."""
    seat = await session.get(Seat, seat_id)
    if seat is None:
        raise NotForYou
    training = await access_training(session, officer, seat.training_id, reads=True)
    everybody = await participants(session, training, also=[seat_id])
    return training, next(one for one in everybody if one.seat.id == seat_id)


def twins(everybody: Sequence[Participant], one: Participant) -> list[Participant]:
    """The others with the same phone as *one*."""
    return [other for other in everybody if one.phone and other.phone == one.phone and other.seat.id != one.seat.id]


def reason(typed: str) -> str:
    """Why somebody is moved, or a training is off. Raises BadReason."""
    words = " ".join(typed.split())
    if not any(letter.isalnum() for letter in words) or len(words) > LONGEST_REASON:
        raise BadReason(say("participants.reason_needed", most=Number(LONGEST_REASON)))
    return words


async def take_out(
    session: Session, officer: Person, seat_id: int, why: str, district: District, now: datetime
) -> tuple[Participant, int]:
    """Take somebody out of seat or line: they hear why, and the seat goes on. Who it was, and how many are offered one.

    Raises NotForYou, StaleButton.
    """
    training, one = await participant(session, officer, seat_id, reads=False)
    editing.unless_over(training)
    before = one.seat.state
    seat, offered = await seats.take_away(session, seat_id, why, now, ZoneInfo(district.timezone))
    await notices.tell_taken_away(session, seat, why)
    await notices.tell_offers(session, offered, district, now)
    await _record(session, officer, training, one, before, SeatState.GONE, now)
    return one, len(offered)


async def bring_in(
    session: Session,
    officer: Person,
    seat_id: int,
    why: str,
    district: District,
    now: datetime,
    *,
    adds_chair: bool = False,
) -> tuple[Training, Participant]:
    """Give a seat to somebody in the line, before whoever waits longer; where none is free, with *adds_chair* one more.

    They hear it. Raises NotForYou, StaleButton for who does not wait any more, NoChair.
    """
    training, one = await participant(session, officer, seat_id, reads=False)
    editing.unless_over(training)
    before, number = one.seat.state, training.seats
    if before is not SeatState.WAITING:
        raise StaleButton
    if await seats.free(session, training, now) <= 0:
        if not adds_chair:
            blanks = {"name": one.name, "old": Number(number), "new": Number(number + 1)}
            raise NoChair(say("participants.chair_gone", **blanks))
        training.seats += 1
        change = {"seats": number}, {"seats": training.seats}
        await audit.record(session, now, actor(officer), "training.resized", f"training:{training.id}", *change)
    seat = await seats.bring_in(session, training.id, one.person, now)
    seat.why = why
    await _record(session, officer, training, one, before, SeatState.CONFIRMED, now)
    await notices.tell_brought_in(session, seat, district)
    return training, one


async def _record(
    session: Session,
    officer: Person,
    training: Training,
    one: Participant,
    before: SeatState,
    after: SeatState,
    now: datetime,
) -> None:
    # Why stands in the seat, and goes with the person: the audit never forgets.
    change = {"training": training.id, "state": before.value}, {"training": training.id, "state": after.value}
    await audit.record(session, now, actor(officer), "seat.moved", f"person:{one.person.id}", *change)
