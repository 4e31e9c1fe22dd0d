"""Another date of the same training: seat for seat, in one transaction."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from db.models import Person, Seat, SeatState, Training
from db.session import Session
from domain import audit, profile
from domain.district import District
from domain.errors import Refusal, StaleButton
from domain.trainings import catalogue, editing, eligibility, notices, questions, refusals, seats
from domain.trainings.catalogue import Offered
from domain.trainings.desk import access_training, actor
from domain.trainings.participants import Participant, participant
from domain.trainings.seats import Confirmed, Waitlisted
from messages import Button, say


class AsksMore(Refusal):
    """The other date asks something that they were not asked at this one."""


@dataclass(frozen=True)
class Moved:
    """What they have at the other date now, and who is offered the seat they gave up."""

    outcome: Confirmed | Waitlisted
    old: Training
    offered: list[Seat]


async def other_dates(session: Session, person: Person, training: Training, now: datetime) -> list[Offered]:
    """The open trainings of the same title by the same office, in which *person* has nothing yet, next one first."""
    has_one = select(Seat.training_id).where(Seat.person_id == person.id, col(Seat.state) != SeatState.GONE)
    mine = set((await session.exec(has_one)).all())
    found = []
    for offered in await catalogue.coming(session, now):
        other = offered.training
        is_same = other.office == training.office and other.title == training.title and other.id != training.id
        if is_same and other.id not in mine and offered.may_be_joined(now):
            found.append(offered)
    return found


async def move(
    session: Session,
    seat_id: int,
    to_id: int,
    person: Person,
    district: District,
    now: datetime,
    *,
    joins_line: bool = False,
) -> Moved:
    """Get a seat at training *to_id*, or with *joins_line* a place in its line, and only then give up the old one.

    Raises refusals.JustFilled where there is but a line and nobody agreed to it, AsksMore, StaleButton for a training
    that is no other date of theirs, TooLateToCancel for the old one, and what `seats.register` raises.
    """
    zone = ZoneInfo(district.timezone)
    found = await session.get(Seat, seat_id)
    # Both in the order of their numbers, so that two who change places never wait for each other crosswise.
    for training_id in sorted({to_id, found.training_id if found else to_id}):
        await seats.lock(session, training_id)
    old, seat = await seats.own(session, seat_id, person)
    new = await seats.lock(session, to_id)
    if new.id == old.id or (new.office, new.title) != (old.office, old.title):
        raise StaleButton
    if seat.state is SeatState.GONE:
        raise refusals.NothingLeft(old)
    await seats.unless_late(session, old, seat, now)
    await eligibility.unless_for(session, new, person, await profile.values(session, person), district)
    answers = _answers_for(new, seat)
    outcome = await seats.register(session, to_id, person, now, zone, answers, joins_line=joins_line)
    seats.let_go(seat, "moved", now)
    return Moved(outcome, old, await seats.fill(session, old, now, zone))


async def transfer(
    session: Session, officer: Person, seat_id: int, to_id: int, why: str, district: District, now: datetime
) -> tuple[Participant, Training]:
    """An officer moves somebody to a seat at another date, after the deadline too: they hear why, with a ticket.

    Raises NotForYou, StaleButton for what is no other date of theirs or who is out, and what `seats.register` raises.
    """
    zone = ZoneInfo(district.timezone)
    found = await session.get(Seat, seat_id)
    for training_id in sorted({to_id, found.training_id if found else to_id}):
        await access_training(session, officer, training_id)
    old, one = await participant(session, officer, seat_id, reads=False)
    new = await access_training(session, officer, to_id)
    if new.id == old.id or (new.office, new.title) != (old.office, old.title):
        raise StaleButton
    editing.unless_over(old)
    before = one.seat.state
    answers = {key: value for key, value in (one.seat.answers or {}).items() if key in _keys(new)}
    outcome = await seats.register(session, to_id, one.person, now, zone, answers, joins_line=False)
    outcome.seat.why = why
    seats.let_go(one.seat, "moved", now)
    await notices.tell_offers(session, await seats.fill(session, old, now, zone), district, now)
    change = {"training": old.id, "state": before.value}, {"training": new.id, "state": outcome.seat.state.value}
    await audit.record(session, now, actor(officer), "seat.moved", f"person:{one.person.id}", *change)
    await notices.tell_transferred(session, outcome.seat, why, district)
    return one, new


def _keys(training: Training) -> set[str]:
    return {asked.key for asked in questions.questions_of(training.questions)}


def _answers_for(training: Training, seat: Seat) -> dict[str, object]:
    """What *seat* has of what *training* asks. Raises AsksMore where something is lacking that it must know."""
    asked = questions.questions_of(training.questions)
    answers = {one.key: (seat.answers or {})[one.key] for one in asked if one.key in (seat.answers or {})}
    lacking = [one for one in asked if one.is_required and one.key not in answers and questions.applies(one, answers)]
    if lacking:
        there = Button(say("button.register"), "register", training.id)
        raise AsksMore(say("training.move_asks_more", title=training.title), [[there], [refusals.MINE]])
    return answers
