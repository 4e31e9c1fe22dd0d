"""At the door: which day it is about, who is there, and who gets in without a seat of their own.

Two kinds of people come unregistered. Who has Telegram opens the code on the wall, asks to come in, and an officer
lets them: a seat like any other, marked as a walk-in. Who has none is a name on paper: a `WalkIn` of the day, which
takes up a chair and belongs to no person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, func, select, update

from db.models import Attendance, Occurrence, Person, Seat, SeatState, Training, TrainingDay, TrainingState, WalkIn
from db.session import Session
from db.upsert import insert_new
from domain import audit, post, staff
from domain.district import District
from domain.errors import NotForYou, Refusal, StaleButton
from domain.trainings import attendance, notices, refusals, seats
from domain.trainings.attendance import DOORS_OPEN, ByNumbers, Marked
from domain.trainings.desk import access_training, actor
from domain.trainings.participants import Participant, participants
from messages import Button, Buttons, Number, say

SEEN_AGAIN = timedelta(days=7)
"""So long after a day its list may still be typed in: "hadir 3 7 12" after a day without signal."""

HELD_AT = (TrainingState.OPEN, TrainingState.CLOSED, TrainingState.RUNNING, TrainingState.DONE)

LONGEST_NAME, MOST_NAMES = 64, 30

ASK_AGAIN = 10
"""Minutes in which who stands at the door is asked for once."""


class NoRoom(Refusal):
    """Every chair is somebody's."""


class NoSuchDoor(Refusal):
    """A link to a door that there is not: it was cut, mistyped or made up."""


class DoorsClosed(Refusal):
    """Nobody can come in now."""


class HasSeat(Refusal):
    """Whoever is to come in has a seat already: another officer was faster, or they registered meanwhile."""


class BadNames(Refusal):
    """What was typed is no list of names."""


@dataclass(frozen=True)
class Day:
    """One day of a training, as officers look for it."""

    training: Training
    day: TrainingDay
    number: int
    """1 for the first."""
    of: int
    """How many days the training has."""

    @property
    def opens_at(self) -> datetime:
        """From when on its participants may be marked."""
        return self.day.starts_at - DOORS_OPEN

    def is_open(self, now: datetime) -> bool:
        """Whether its participants may be marked by their tickets."""
        return self.opens_at <= now <= self.day.ends_at + DOORS_OPEN


@dataclass(frozen=True)
class Tally:
    """How many are there."""

    there: int
    registered: int
    on_paper: int
    """Walk-ins without Telegram."""


async def days_of(session: Session, offices: Sequence[str], now: datetime) -> list[Day]:
    """The days that officers of *offices* may want: those whose doors are open, then those to come, then those past."""
    theirs = (
        select(TrainingDay, Training)
        .join(Training, col(Training.id) == col(TrainingDay.training_id))
        .where(col(Training.office).in_(offices), col(Training.state).in_(HELD_AT))
        .order_by(col(TrainingDay.starts_at), col(TrainingDay.id))
    )
    found: list[Day] = []
    by_training: dict[int, list[TrainingDay]] = {}
    rows = (await session.exec(theirs.where(col(Training.ends_at) > now - SEEN_AGAIN))).all()
    for day, training in rows:
        by_training.setdefault(training.id, []).append(day)
    for day, training in rows:
        days = by_training[training.id]
        found.append(Day(training, day, days.index(day) + 1, len(days)))
    shown = [one for one in found if one.day.ends_at > now - SEEN_AGAIN]
    past = [one for one in shown if one.day.ends_at + DOORS_OPEN < now]
    coming = [one for one in shown if one not in past and not one.is_open(now)]
    return [*(one for one in shown if one.is_open(now)), *coming, *reversed(past)]


async def access_day(session: Session, officer: Person, day_id: int, *, reads: bool = False) -> Day:
    """A day for an officer of the training's office, who has the training locked unless they only read.

    Raises NotForYou.
    """
    day = await session.get(TrainingDay, day_id)
    if day is None:
        raise NotForYou
    training = await access_training(session, officer, day.training_id, reads=reads)
    if training.state not in HELD_AT:
        raise StaleButton
    ids = select(TrainingDay.id).where(TrainingDay.training_id == training.id).order_by(col(TrainingDay.starts_at))
    days = list((await session.exec(ids)).all())
    return Day(training, day, days.index(day.id) + 1, len(days))


async def tally(session: Session, day: Day) -> Tally:
    """How many of the registered are there, and how many came without."""
    registered = select(func.count()).where(Seat.training_id == day.training.id, col(Seat.state) == SeatState.CONFIRMED)
    return Tally(
        await attendance.count(session, day.day),
        int((await session.exec(registered)).one()),
        len(await walk_ins(session, day.day)),
    )


async def walk_ins(session: Session, day: TrainingDay) -> list[WalkIn]:
    """Who came without Telegram, first come first."""
    theirs = select(WalkIn).where(WalkIn.day_id == day.id).order_by(col(WalkIn.id))
    return list((await session.exec(theirs)).all())


async def mark_by_code(
    session: Session, officer: Person, code: str, district: District, now: datetime, day_id: int | None = None
) -> Marked:
    """Mark whoever holds this ticket as there: on the day that was chosen, where it is of their training, else now.

    Raises attendance.NoSuchTicket, for one of another office too, NoSeat, WrongDay and DoorsClosed.
    """
    seat, training, person = await attendance.by_code(session, code)
    try:
        await access_training(session, officer, training.id)
    except NotForYou as error:
        raise attendance.NoSuchTicket(say("attendance.no_such_ticket", code=code[:20]), [[attendance.DOORS]]) from error
    attendance.unless_seated(seat, training, person)
    chosen = await session.get(TrainingDay, day_id) if day_id is not None else None
    if chosen is not None and chosen.training_id == training.id:
        _unless_closed(training, chosen, now)
        return await attendance.mark(session, seat, training, person, officer, now, chosen)
    day = await attendance.day_of(session, training, person, now, district.timezone)
    return await attendance.mark(session, seat, training, person, officer, now, day)


async def mark_numbers(
    session: Session, officer: Person, day_id: int, numbers: Sequence[int], now: datetime
) -> ByNumbers:
    """Mark those of the printed list as there on that day, which has begun. Raises NotForYou, DoorsClosed."""
    day = await access_day(session, officer, day_id)
    _unless_closed(day.training, day.day, now)
    done = await attendance.mark_numbers(session, day.training, day.day, numbers, officer, now)
    if done.marked:
        await _record(session, officer, day, "attendance.marked", {"numbers": list(done.marked)}, now)
    return done


def _unless_closed(training: Training, day: TrainingDay, now: datetime) -> None:
    if now < day.starts_at - DOORS_OPEN:
        raise DoorsClosed(say("door.too_early", title=training.title), [[attendance.DOORS]])
    if now > day.ends_at + SEEN_AGAIN:
        raise DoorsClosed(say("door.too_late", title=training.title), [[attendance.DOORS]])


async def _record(
    session: Session, officer: Person, day: Day, deed: str, after: dict[str, object], now: datetime
) -> None:
    subject = f"training:{day.training.id}"
    await audit.record(session, now, actor(officer), deed, subject, None, {"day": day.number, **after})


# Who comes in without a seat.


async def room(session: Session, day: Day) -> int:
    """Chairs that are nobody's on that day."""
    return day.training.seats - await seats.taken(session, day.training) - len(await walk_ins(session, day.day))


async def note_names(session: Session, officer: Person, day_id: int, typed: str, now: datetime) -> int:
    """Note people without Telegram as there, a name a line; how many.

    Raises NotForYou, BadNames, NoRoom, DoorsClosed.
    """
    day = await access_day(session, officer, day_id)
    _unless_closed(day.training, day.day, now)
    names = [" ".join(line.split()) for line in typed.splitlines() if line.strip()]
    is_fit = all(len(name) <= LONGEST_NAME and any(letter.isalpha() for letter in name) for name in names)
    if not names or len(names) > MOST_NAMES or not is_fit:
        raise BadNames(say("door.bad_names", most=Number(MOST_NAMES)))
    if (free := await room(session, day)) < len(names):
        full = say("door.no_room", number=Number(free)) if free > 0 else say("door.full")
        raise NoRoom(full, ways_to_a_chair(day))
    session.add_all(WalkIn(day_id=day.day.id, name=name, at=now, marked_by=officer.id) for name in names)
    await session.flush()
    await _record(session, officer, day, "attendance.walk_ins", {"number": len(names)}, now)
    return len(names)


async def forget_names(session: Session, before: datetime) -> None:
    """Empty the names of who came without Telegram before *before*; how many they were stays."""
    old = update(WalkIn).where(col(WalkIn.at) < before, col(WalkIn.name) != "")
    await (await session.connection()).execute(old.values(name=""))


async def ask_in(session: Session, person: Person, training_id: int, now: datetime) -> Training:
    """Somebody stands at the door without a seat and opened the code on the wall: the officers there are asked.

    Raises NoSuchDoor, NotOpen for one that is off, DoorsClosed, and refusals.AlreadyRegistered for who has a seat.
    """
    training = await session.get(Training, training_id)
    if training is None or training.state is TrainingState.DRAFT:
        raise NoSuchDoor(say("door.unknown_link"), [[refusals.ALL], [refusals.OFFICER]])
    refusals.unless_cancelled(training)
    ways = [[notices.see(training)], [refusals.ALL]]
    if notices.is_online(training):
        raise DoorsClosed(say("door.online", title=training.title), ways)
    day = await attendance.day_at(session, training, now)
    if day is None or training.state not in HELD_AT:
        raise DoorsClosed(say("door.closed", title=training.title), ways)
    seat = await seats.seat_of(session, training, person)
    if seat and seat.state in seats.TAKEN:
        raise refusals.AlreadyRegistered(training, seat)
    if await _is_first(session, f"door:{day.id}:{person.id}", now):
        sentence = say("door.asks_in", name=person.name, title=training.title)
        let_in = Button(say("button.let_in"), "let_in", f"{day.id}.{person.id}")
        for officer in await _at_the_door(session, training, day):
            await post.owe(session, officer, sentence, [[let_in]], post.Note(about=person.id))
    return training


async def _at_the_door(session: Session, training: Training, day: TrainingDay) -> list[Person]:
    """Officers who have marked somebody on that day; before the first is marked, all of the office."""
    marked = select(Attendance.marked_by).where(Attendance.day_id == day.id).distinct()
    noted = select(WalkIn.marked_by).where(WalkIn.day_id == day.id).distinct()
    busy = {*(await session.exec(marked)).all(), *(await session.exec(noted)).all()}
    officers = await staff.officers_of(session, training.office)
    admins = await staff.officers_of(session)
    there = {one.id: one for one in (*officers, *admins) if one.id in busy}
    return list(there.values()) or officers


async def _is_first(session: Session, what: str, now: datetime) -> bool:
    """Whether *what* happens for the first time in these ten minutes: nobody's phone is flooded by a child's taps."""
    at = now.replace(minute=now.minute - now.minute % ASK_AGAIN, second=0, microsecond=0)
    row = {"what": what, "at": at, "done_at": now}
    return bool(await insert_new(session, Occurrence.__table__, [row], unique=["what", "at"]))  # type: ignore[attr-defined]  # SQLModel adds it


async def let_in(
    session: Session, officer: Person, day_id: int, person_id: int, district: District, now: datetime
) -> Participant:
    """Give who stands at the door a free chair, and mark them. Raises NotForYou, StaleButton, HasSeat, NoRoom."""
    day = await access_day(session, officer, day_id)
    person = await session.get(Person, person_id)
    if person is None or person.erased_at is not None or not day.is_open(now):
        raise StaleButton
    has = await seats.seat_of(session, day.training, person)
    if has and has.state in seats.TAKEN:
        raise HasSeat(say("door.has_seat", name=person.name), [[Button(say("button.count"), "door", day.day.id)]])
    full = NoRoom(say("door.full"), ways_to_a_chair(day))
    if await room(session, day) <= 0:
        raise full
    try:
        seat = await seats.bring_in(session, day.training.id, person, now, walk_in=True)
    except refusals.Full as error:
        # Another day that is not over has names for the chair that is free on this one.
        raise full from error
    return await _seated(session, officer, day, seat, district, now)


async def _seated(
    session: Session, officer: Person, day: Day, seat: Seat, district: District, now: datetime
) -> Participant:
    """Mark who just got a seat, and tell them."""
    person = await session.get_one(Person, seat.person_id)
    await attendance.mark(session, seat, day.training, person, officer, now, day.day)
    after = {"training": day.training.id, "state": seat.state.value}
    await audit.record(session, now, actor(officer), "seat.moved", f"person:{person.id}", None, after)
    await notices.tell_brought_in(session, seat, district)
    return next(one for one in await participants(session, day.training) if one.seat.id == seat.id)


# Standby.


def ways_to_a_chair(day: Day) -> Buttons:
    """Where all are taken: the seat of who did not come, or one more."""
    standby = Button(say("button.standby"), "standby", f"{day.day.id}.0")
    return [[standby], [Button(say("button.resize"), "field", f"{day.training.id}.seats")]]


async def tell_full(session: Session, day: Day, person_id: int, now: datetime) -> None:
    """Who could not be let in hears it, and how to stand by: once in a while, however often an officer taps."""
    person = await session.get(Person, person_id)
    if person is None or not await _is_first(session, f"full:{day.day.id}:{person_id}", now):
        return
    title, seat = day.training.title, await seats.seat_of(session, day.training, person)
    if seat and seat.state is SeatState.WAITING:
        position = Number(await seats.position(session, seat))
        await post.owe(session, person, say("door.full_in_line", title=title, position=position), [[refusals.MINE]])
        return
    standing = Button(say("button.stand_by"), "stand_by", day.day.id)
    await post.owe(session, person, say("door.full_for_them", title=title), [[standing], [refusals.OPEN]])


async def stand_by(session: Session, person: Person, day_id: int, now: datetime) -> tuple[Training, int]:
    """Who was told that it is full waits at the door for a seat: the training, and their place in its line.

    Raises StaleButton for who was not told, DoorsClosed, refusals.NotOpen and AlreadyRegistered.
    """
    day = await session.get(TrainingDay, day_id)
    told = select(Occurrence.what).where(Occurrence.what == f"full:{day_id}:{person.id}")
    if day is None or not (await session.exec(told)).first():
        raise StaleButton
    training = await seats.lock(session, day.training_id)
    refusals.unless_cancelled(training)
    if not day.starts_at - DOORS_OPEN <= now <= day.ends_at + DOORS_OPEN:
        raise DoorsClosed(say("door.closed", title=training.title), [[refusals.ALL]])
    return training, (await seats.stand_by(session, training, person, now)).position


async def absent(session: Session, day: Day) -> list[Participant]:
    """Who has a seat and is not there on that day."""
    there = set((await session.exec(select(Attendance.seat_id).where(Attendance.day_id == day.day.id))).all())
    everybody = await participants(session, day.training)
    return [one for one in everybody if one.seat.state is SeatState.CONFIRMED and one.seat.id not in there]


async def standing_by(session: Session, day: Day) -> list[Participant]:
    """Who waits for a seat, the next one first."""
    return [one for one in await participants(session, day.training) if one.seat.state is SeatState.WAITING]


async def stand_in(
    session: Session, officer: Person, day_id: int, waiting_id: int, absent_id: int, district: District, now: datetime
) -> Participant:
    """Let who waits at the door have the seat of who did not come, whose seat it was hears why.

    *absent_id*: their seat; 0 takes a chair that is nobody's. Raises NotForYou, StaleButton, NoRoom, DoorsClosed.
    """
    day = await access_day(session, officer, day_id)
    if not day.is_open(now):
        raise DoorsClosed(say("door.closed", title=day.training.title), [[attendance.DOORS]])
    one = next((one for one in await standing_by(session, day) if one.seat.id == waiting_id), None)
    if one is None:
        raise StaleButton
    if not absent_id:
        return await let_in(session, officer, day_id, one.person.id, district, now)
    if now < day.day.starts_at:
        # They may be on their way: a chair is nobody's before it has begun.
        raise DoorsClosed(say("door.not_begun", title=day.training.title), [[attendance.DOORS]])
    other = next((other for other in await absent(session, day) if other.seat.id == absent_id), None)
    if other is None:
        raise StaleButton
    gone, seat = await seats.hand_over(session, absent_id, one.person, "handed_over", now)
    await notices.tell_taken_away(session, gone, say("door.why_handed_over"))
    change = {"training": day.training.id, "state": "confirmed"}, {"training": day.training.id, "state": "gone"}
    await audit.record(session, now, actor(officer), "seat.moved", f"person:{other.person.id}", *change)
    return await _seated(session, officer, day, seat, district, now)
