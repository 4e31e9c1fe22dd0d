"""Seats and the line for them. One person one seat, never one too many, and the line keeps its order.

Every deed here first locks the training's row, so that whoever taps at the same instant takes turns; what is free,
who is next and what is allowed is looked at only then.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from db.models import Attendance, Person, Seat, SeatState, Training, TrainingDay, TrainingState, WalkIn
from db.session import Session
from domain.errors import StaleButton
from domain.trainings import refusals, waking

TAKEN = (SeatState.CONFIRMED, SeatState.HELD)
"""What takes up a seat."""

OFFER_LASTS = (
    (timedelta(days=7), timedelta(hours=24)),
    (timedelta(days=2), timedelta(hours=12)),
    (timedelta(0), timedelta(hours=1)),
)
"""How long an offer is held, in waking hours, where the training begins later than so far from now."""

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that are taken for each other on paper (I, O, 0, 1)."""

CODE_LENGTH = 6


@dataclass(frozen=True)
class Confirmed:
    """The person has a seat."""

    seat: Seat


@dataclass(frozen=True)
class Waitlisted:
    """The person stands in line; 1 is next."""

    seat: Seat
    position: int


async def lock(session: Session, training_id: int) -> Training:
    """The training, which nobody else changes before this transaction ends. Raises StaleButton for none."""
    training = await session.get(Training, training_id, with_for_update=True, populate_existing=True)
    if training is None:
        raise StaleButton
    return training


async def register(
    session: Session,
    training_id: int,
    person: Person,
    now: datetime,
    zone: ZoneInfo,
    answers: dict[str, Any] | None = None,
    *,
    joins_line: bool = True,
) -> Confirmed | Waitlisted:
    """Give *person* a seat, or a place in the line where all are taken or others wait.

    Who may come at all is `eligibility`'s to say, before. Raises refusals.NotOpen, AlreadyRegistered, Full, LineFull,
    and JustFilled where they are asked first whether they will wait (not *joins_line*).
    """
    training = await lock(session, training_id)
    refusals.unless_open(training, now, zone.key)
    seat = await seat_of(session, training, person)
    if seat and seat.state is not SeatState.GONE:
        raise refusals.AlreadyRegistered(training, seat)
    is_free = await free(session, training, now) > 0 and not await waiting(session, training)
    if not is_free:
        await _refuse_line(session, training)
        if not joins_line:
            raise refusals.JustFilled(training)
    seat = seat or Seat(
        training_id=training.id, person_id=person.id, state=SeatState.GONE, registered_at=now, changed_at=now
    )
    seat.answers, seat.registered_at, seat.why, seat.is_coming = answers, now, None, None
    seat.asking += 1
    session.add(seat)
    if is_free:
        await _confirm(session, training, seat, now)
        return Confirmed(seat)
    seat.state, seat.line, seat.changed_at = SeatState.WAITING, await _end_of_line(session, training), now
    await session.flush()
    return Waitlisted(seat, await position(session, seat))


async def _refuse_line(session: Session, training: Training) -> None:
    if not training.has_waiting_list:
        raise refusals.Full(training)
    if training.waiting_cap is not None and len(await waiting(session, training)) >= training.waiting_cap:
        raise refusals.LineFull(training)


async def own(session: Session, seat_id: int, person: Person) -> tuple[Training, Seat]:
    """*person*'s seat and its training, which is locked. Raises StaleButton for none, NotYours for somebody else's."""
    found = await session.get(Seat, seat_id)
    if found is None:
        raise StaleButton
    if found.person_id != person.id:
        raise refusals.NotYours
    training = await lock(session, found.training_id)
    return training, await session.get_one(Seat, seat_id, populate_existing=True)


async def seat_of(session: Session, training: Training, person: Person) -> Seat | None:
    """What *person* has in *training*, whatever its state."""
    theirs = select(Seat).where(Seat.training_id == training.id, Seat.person_id == person.id)
    return (await session.exec(theirs.execution_options(populate_existing=True))).first()


async def taken(session: Session, training: Training) -> int:
    """Seats confirmed or held."""
    theirs = select(func.count()).where(Seat.training_id == training.id, col(Seat.state).in_(TAKEN))
    return int((await session.exec(theirs)).one())


async def free(session: Session, training: Training, now: datetime) -> int:
    """Seats neither confirmed nor held, nor, on a day that is not over, a chair of somebody on paper."""
    paper = (await on_paper(session, [training.id], now)).get(training.id, 0)
    return training.seats - await taken(session, training) - paper


async def on_paper(session: Session, training_ids: Sequence[int], now: datetime | None = None) -> dict[int, int]:
    """By training, the chairs that walk-ins without Telegram take up: as many as on the day with the most of them.

    *now*: of the days that are not over by then.
    """
    by_day = (
        select(col(TrainingDay.training_id), func.count())
        .join(WalkIn, col(WalkIn.day_id) == col(TrainingDay.id))
        .where(col(TrainingDay.training_id).in_(training_ids))
        .group_by(col(TrainingDay.training_id), col(TrainingDay.id))
    )
    if now is not None:
        by_day = by_day.where(col(TrainingDay.ends_at) > now)
    most: dict[int, int] = {}
    for training_id, number in (await session.exec(by_day)).all():
        most[training_id] = max(most.get(training_id, 0), int(number))
    return most


async def waiting(session: Session, training: Training) -> Sequence[Seat]:
    """The line, the next one first."""
    line = select(Seat).where(Seat.training_id == training.id, Seat.state == SeatState.WAITING)
    return (await session.exec(line.order_by(col(Seat.line)).execution_options(populate_existing=True))).all()


async def is_waited_for(session: Session, training: Training) -> bool:
    """Whether a seat that is given up now would be offered to somebody."""
    return bool(await _reachable(session, await waiting(session, training)))


async def position(session: Session, seat: Seat) -> int:
    """Where in the line *seat* stands; 1 is next."""
    before = select(func.count()).where(
        Seat.training_id == seat.training_id, Seat.state == SeatState.WAITING, col(Seat.line) < seat.line
    )
    return int((await session.exec(before)).one()) + 1


async def _end_of_line(session: Session, training: Training) -> int:
    last = select(func.max(Seat.line)).where(Seat.training_id == training.id)
    return int((await session.exec(last)).one() or 0) + 1


async def _confirm(session: Session, training: Training, seat: Seat, now: datetime) -> None:
    seat.state, seat.offer_until, seat.line, seat.changed_at = SeatState.CONFIRMED, None, None, now
    if seat.number is None:
        seat.number, training.next_number = training.next_number, training.next_number + 1
        seat.code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    await session.flush()


async def give_up(
    session: Session, training_id: int, person: Person, now: datetime, zone: ZoneInfo, *, even_late: bool = False
) -> list[Seat]:
    """Take *person* out of the training or its line; whoever is offered the seat now.

    *even_late*: asked on the eve, an empty chair is worth hearing of after the deadline too. Raises StaleButton where
    never had anything, refusals.NothingLeft where they have nothing any more, TooLateToCancel after the deadline and
    for who was marked at the door.
    """
    training = await lock(session, training_id)
    seat = await seat_of(session, training, person)
    if seat is None:
        raise StaleButton
    if seat.state is SeatState.GONE:
        raise refusals.NothingLeft(training)
    await unless_late(session, training, seat, now, even_late=even_late)
    let_go(seat, "cancelled", now)
    return await fill(session, training, now, zone)


async def unless_late(
    session: Session, training: Training, seat: Seat, now: datetime, *, even_late: bool = False
) -> None:
    """Raises refusals.TooLateToCancel where its owner cannot give a seat back any more; a line can be left always.

    It raises refusals.IsThere for who was marked at the door already.
    """
    if seat.state is not SeatState.CONFIRMED:
        return
    there = select(Attendance.day_id).where(Attendance.seat_id == seat.id).limit(1)
    if (await session.exec(there)).first() is not None:
        raise refusals.IsThere(training)
    deadline = training.starts_at if even_late else training.cancel_until or training.starts_at
    if deadline is not None and now >= min(deadline, training.starts_at or deadline):
        raise refusals.TooLateToCancel(training)


def let_go(seat: Seat, why: str, now: datetime) -> None:
    """*seat*, whose training is locked, is nobody's; `fill` sees to the next in line."""
    seat.state, seat.why, seat.offer_until, seat.line, seat.changed_at = SeatState.GONE, why, None, None, now


async def fill(session: Session, training: Training, now: datetime, zone: ZoneInfo) -> list[Seat]:
    """Offer every free seat of *training*, which is locked, to the next in line; those who are offered one now.

    None after the start, or when the training is off. The caller tells them.
    """
    await session.flush()
    if training.state not in {TrainingState.OPEN, TrainingState.CLOSED} or _has_begun(training, now):
        return []
    offered = []
    line = await _reachable(session, await waiting(session, training))
    for seat in line[: max(0, await free(session, training, now))]:
        seat.state, seat.offer, seat.changed_at = SeatState.HELD, seat.offer + 1, now
        seat.offer_until = offer_ends(training, now, zone)
        offered.append(seat)
    await session.flush()
    return offered


async def _reachable(session: Session, line: Sequence[Seat]) -> list[Seat]:
    """Those of *line* whom an offer reaches; who blocked the bot keeps their place and holds nobody up."""
    ids = [seat.person_id for seat in line]
    away = select(Person.id).where(col(Person.id).in_(ids), ~col(Person.is_reachable))
    unreachable = set((await session.exec(away)).all())
    return [seat for seat in line if seat.person_id not in unreachable]


def _has_begun(training: Training, now: datetime) -> bool:
    return training.starts_at is not None and now >= training.starts_at


def offer_ends(training: Training, now: datetime, zone: ZoneInfo) -> datetime:
    """Until when a seat offered *now* is held; at night the time stands still, and with the start it is over."""
    starts_at = training.starts_at
    if starts_at is None:
        return waking.after(now, OFFER_LASTS[0][1], zone)
    lasts = next(lasts for distance, lasts in OFFER_LASTS if starts_at - now >= distance)
    return min(waking.after(now, lasts, zone), starts_at)


async def accept(session: Session, seat_id: int, offer: int, person: Person, now: datetime) -> Confirmed:
    """Take the seat that offer number *offer* holds.

    Raises StaleButton, refusals.NotYours, NotOpen, or the OfferOver that says why it is over.
    """
    training, seat = await _offered(session, seat_id, offer, person, now)
    await _confirm(session, training, seat, now)
    return Confirmed(seat)


async def decline(
    session: Session, seat_id: int, offer: int, person: Person, now: datetime, zone: ZoneInfo
) -> list[Seat]:
    """Leave the offered seat to the next in line; those who are offered it now. Raises as `accept` does."""
    training, seat = await _offered(session, seat_id, offer, person, now)
    let_go(seat, "declined", now)
    return await fill(session, training, now, zone)


async def _offered(session: Session, seat_id: int, offer: int, person: Person, now: datetime) -> tuple[Training, Seat]:
    training, seat = await own(session, seat_id, person)
    if seat.offer < offer:
        raise StaleButton  # of an offer never made
    if seat.state is not SeatState.CONFIRMED:
        refusals.unless_ahead(training, now)
    ran_out = seat.offer_until is not None and now >= seat.offer_until
    if seat.state is not SeatState.HELD or seat.offer != offer or ran_out:
        raise refusals.of_offer(training, seat, offer)
    return training, seat


async def expire(session: Session, training_id: int, now: datetime, zone: ZoneInfo) -> tuple[list[Seat], list[Seat]]:
    """End the offers of one training that ran out: (whose did, who is offered a seat now)."""
    training = await lock(session, training_id)
    held = select(Seat).where(
        Seat.training_id == training.id, Seat.state == SeatState.HELD, col(Seat.offer_until) <= now
    )
    expired = list((await session.exec(held.order_by(col(Seat.line)).execution_options(populate_existing=True))).all())
    for seat in expired:
        let_go(seat, "expired", now)
    return expired, await fill(session, training, now, zone)


async def resize(session: Session, training_id: int, seats: int, now: datetime, zone: ZoneInfo) -> list[Seat]:
    """Give the training another number of seats; those who are offered one now.

    Raises refusals.SeatsTaken, naming how many must move first.
    """
    training = await lock(session, training_id)
    used = training.seats - await free(session, training, now)
    if seats < used:
        raise refusals.SeatsTaken(training, used, seats)
    training.seats, training.changed_at = seats, now
    return await fill(session, training, now, zone)


async def take_away(session: Session, seat_id: int, why: str, now: datetime, zone: ZoneInfo) -> tuple[Seat, list[Seat]]:
    """An officer takes somebody out, from seat or line, with the reason: (their seat, who is offered one now)."""
    found = await session.get(Seat, seat_id)
    if found is None:
        raise StaleButton
    training = await lock(session, found.training_id)
    seat = await session.get_one(Seat, seat_id, populate_existing=True)
    if seat.state is SeatState.GONE:
        raise StaleButton
    let_go(seat, why, now)
    return seat, await fill(session, training, now, zone)


async def bring_in(session: Session, training_id: int, person: Person, now: datetime, *, walk_in: bool = False) -> Seat:
    """An officer gives *person* a seat past the line (a walk-in, or for a reason).

    Raises refusals.Full or AlreadyRegistered.
    """
    training = await lock(session, training_id)
    seat = await seat_of(session, training, person)
    if seat and seat.state in TAKEN:
        raise refusals.AlreadyRegistered(training, seat)
    if await free(session, training, now) <= 0:
        raise refusals.Full(training)
    seat = seat or Seat(
        training_id=training.id, person_id=person.id, state=SeatState.GONE, registered_at=now, changed_at=now
    )
    if seat.state is SeatState.GONE:
        seat.asking, seat.is_coming = seat.asking + 1, None
    seat.is_walk_in, seat.why = walk_in, None
    session.add(seat)
    await _confirm(session, training, seat, now)
    return seat


async def stand_by(session: Session, training: Training, person: Person, now: datetime) -> Waitlisted:
    """*person* stands at the door of *training*, which is locked: at the end of its line, however long it may be.

    Who stands in it stays where they are. Raises refusals.AlreadyRegistered for who has a seat.
    """
    seat = await seat_of(session, training, person)
    if seat and seat.state in TAKEN:
        raise refusals.AlreadyRegistered(training, seat)
    if seat is None or seat.state is SeatState.GONE:
        seat = seat or Seat(
            training_id=training.id, person_id=person.id, state=SeatState.GONE, registered_at=now, changed_at=now
        )
        seat.asking, seat.answers, seat.registered_at, seat.why, seat.is_coming = seat.asking + 1, None, now, None, None
        seat.state, seat.line, seat.changed_at = SeatState.WAITING, await _end_of_line(session, training), now
        session.add(seat)
        await session.flush()
    return Waitlisted(seat, await position(session, seat))


async def hand_over(session: Session, seat_id: int, person: Person, why: str, now: datetime) -> tuple[Seat, Seat]:
    """Give the seat of who does not come to *person* at once, past the line: (whose it was, whose it is).

    Raises StaleButton where it is nobody's any more, refusals.AlreadyRegistered where *person* has one.
    """
    found = await session.get(Seat, seat_id)
    if found is None:
        raise StaleButton
    training = await lock(session, found.training_id)
    seat = await session.get_one(Seat, seat_id, populate_existing=True)
    if seat.state is not SeatState.CONFIRMED or seat.person_id == person.id:
        raise StaleButton
    let_go(seat, why, now)
    await session.flush()
    return seat, await bring_in(session, training.id, person, now)
