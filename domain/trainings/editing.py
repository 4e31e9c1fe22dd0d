"""What officers do with a training: make, change, duplicate, publish, close, cancel; whom it concerns hears of it."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select, update

from db.models import Attendance, Seat, SeatState, Training, TrainingDay, TrainingState, WalkIn
from db.session import Session
from domain import audit
from domain.audit import Actor
from domain.district import District
from domain.errors import Refusal
from domain.trainings import coming, notices, seats, states
from domain.trainings.questions import MOST_QUESTIONS, questions_of
from messages import Number, Sentence, say

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_PLACE = 80, 1500, 200
MOST_SEATS, MOST_DAYS = 1000, 31

TOLD = ("place", "address", "latitude", "longitude", "online_link")
"""Fields whose change concerns everybody who comes, beside the days."""

TIMES = ("opens_at", "closes_at", "cancel_until")
"""None of them is later than the start."""

ESSENTIALS = ("days", "place", "description")
"""What people must know before they register."""

FIELDS = (
    "title",
    "description",
    "picture",
    "place",
    "address",
    "latitude",
    "longitude",
    "online_link",
    "opens_at",
    "closes_at",
    "cancel_until",
    "kecamatan",
    "sectors",
    "is_for_new",
    "questions",
    "has_waiting_list",
    "waiting_cap",
    "contact",
)
"""What `change` may change; seats, days and the state have verbs of their own."""


class BadTraining(Refusal):
    """Something in it cannot be; the sentence says what and what would do."""


class NotReady(Refusal):
    """A draft that lacks what people need to know before they register."""


@dataclass(frozen=True)
class Hours:
    """One day of a training, as an officer gives it. Aware."""

    starts_at: datetime
    ends_at: datetime


async def make(
    session: Session, office: str, title: str, number_of_seats: int, actor: Actor, now: datetime
) -> Training:
    """A new draft. Raises BadTraining."""
    check({"title": title})
    _check_seats(number_of_seats)
    training = Training(
        office=office, title=title.strip(), seats=number_of_seats, made_by=actor.person_id, made_at=now, changed_at=now
    )
    session.add(training)
    await session.flush()
    await audit.record(session, now, actor, "training.made", f"training:{training.id}", None, {"title": training.title})
    return training


async def duplicate(session: Session, training: Training, actor: Actor, now: datetime) -> Training:
    """A draft that says the same, without days, participants and what hangs on dates."""
    left_out = {
        "id",
        "state",
        "starts_at",
        "ends_at",
        "opens_at",
        "closes_at",
        "cancel_until",
        "next_number",
        "why_off",
    }
    copied = training.model_dump(exclude={*left_out, "made_by", "made_at", "changed_at"})
    copy = Training(**copied, made_by=actor.person_id, made_at=now, changed_at=now)
    session.add(copy)
    await session.flush()
    origin = {"from": training.id}
    await audit.record(session, now, actor, "training.duplicated", f"training:{copy.id}", None, origin)
    return copy


async def change(
    session: Session, training_id: int, values: Mapping[str, Any], actor: Actor, district: District, now: datetime
) -> int:
    """Change fields; how many people were told of it.

    Raises BadTraining, NotReady for what a published training cannot be without, KeyError for a field not in FIELDS.
    """
    if unknown := set(values) - set(FIELDS):
        raise KeyError(", ".join(sorted(unknown)))
    training = await seats.lock(session, training_id)
    unless_over(training)
    check(values, training)
    before = {name: _plain(getattr(training, name)) for name in values}
    was = Training(**training.model_dump())
    for name, value in values.items():
        setattr(training, name, value)
    if training.state is not TrainingState.DRAFT and (lacking := _lacking(training)):
        raise NotReady(say("training.still_needed", lacking=lacking))
    training.changed_at = now
    await _record_change(session, training, before, values, actor, now)
    if training.state is TrainingState.DRAFT or not any(name in TOLD for name in values):
        return 0
    old, new = notices.places(was, training)
    if old == new:
        return 0
    await coming.ask_anew(session, training)
    return await notices.tell_changed(session, training, old, new)


async def _record_change(
    session: Session,
    training: Training,
    before: Mapping[str, Any],
    values: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> None:
    after = {name: _plain(value) for name, value in values.items()}
    await audit.record(session, now, actor, "training.changed", f"training:{training.id}", before, after)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


async def set_days(
    session: Session, training_id: int, days: Sequence[Hours], actor: Actor, district: District, now: datetime
) -> int:
    """Give the training these days; how many people were told. Raises BadTraining.

    A day that stays as it is keeps its row, and with it who was there. TIMES that are after the new start are emptied.
    """
    training = await seats.lock(session, training_id)
    unless_over(training)
    days = sorted(days, key=lambda day: day.starts_at)
    kept = select(TrainingDay).where(TrainingDay.training_id == training.id).order_by(col(TrainingDay.starts_at))
    rows = list((await session.exec(kept)).all())
    known = {(row.starts_at, row.ends_at) for row in rows}
    check_days(days, [day for day in days if (day.starts_at, day.ends_at) not in known], now)
    old = _days(notices.lines_of(rows, district))
    times = {name: getattr(training, name) for name in TIMES}
    wanted = {(day.starts_at, day.ends_at) for day in days}
    gone = [row.id for row in rows if (row.starts_at, row.ends_at) not in wanted]
    if await _anybody_came(session, gone):
        raise BadTraining(say("training.day_was_held"))
    for row in rows:
        if row.id in gone:
            await session.delete(row)
    await session.flush()
    for starts_at, ends_at in sorted(wanted - known):
        session.add(TrainingDay(training_id=training.id, starts_at=starts_at, ends_at=ends_at))
    training.starts_at, training.ends_at, training.changed_at = days[0].starts_at, days[-1].ends_at, now
    await session.flush()
    if wanted != known:
        await coming.ask_anew(session, training)
        await _follow_days(session, training)
        _empty_what_no_longer_fits(training)
        await _postpone(session, training, actor, now)
    fresh = list((await session.exec(kept.execution_options(populate_existing=True))).all())
    new = _days(notices.lines_of(fresh, district))
    before: dict[str, Any] = {"days": [row.starts_at.isoformat() for row in rows]}
    after: dict[str, Any] = {"days": [row.starts_at.isoformat() for row in fresh]}
    emptied = {name: _plain(value) for name, value in times.items() if getattr(training, name) != value}
    before |= emptied
    after |= dict.fromkeys(emptied)
    await audit.record(session, now, actor, "training.days_set", f"training:{training.id}", before, after)
    if training.state is TrainingState.DRAFT or not rows or old == new:
        return 0
    return await notices.tell_changed(session, training, old, new)


async def _anybody_came(session: Session, day_ids: Sequence[int]) -> bool:
    """Whether somebody was there on one of these days, with a seat or on paper."""
    marked = select(func.count()).select_from(Attendance).where(col(Attendance.day_id).in_(day_ids))
    noted = select(func.count()).select_from(WalkIn).where(col(WalkIn.day_id).in_(day_ids))
    return bool((await session.exec(marked)).one() + (await session.exec(noted)).one())


async def _follow_days(session: Session, training: Training) -> None:
    """No offer outlasts the new start, and what people said of the old eve is not said of the new one."""
    connection = await session.connection()
    theirs = update(Seat).where(col(Seat.training_id) == training.id)
    late = theirs.where(col(Seat.state) == SeatState.HELD, col(Seat.offer_until) > training.starts_at)
    await connection.execute(late.values(offer_until=training.starts_at))
    await connection.execute(theirs.where(col(Seat.is_coming).is_not(None)).values(is_coming=None))


def _empty_what_no_longer_fits(training: Training) -> None:
    """With earlier days, a time of registration or of giving back after the start is none: the start is it then."""
    for name in TIMES:
        value = getattr(training, name)
        if value is not None and training.starts_at is not None and value > training.starts_at:
            setattr(training, name, None)


async def _postpone(session: Session, training: Training, actor: Actor, now: datetime) -> None:
    before = training.state
    states.postpone(training, now)
    if training.state is not before:
        await _record_move(session, training, before, actor, now)


def _days(lines: tuple[Sentence, ...]) -> Sentence:
    return say("training.days", days=lines)


async def publish(session: Session, training_id: int, actor: Actor, now: datetime) -> Training:
    """Let people see it and register. Raises NotReady naming what is lacking, or IllegalMove."""
    training = await seats.lock(session, training_id)
    lacking = _lacking(training)
    if training.state is TrainingState.DRAFT and lacking:
        raise NotReady(say("training.not_ready", title=training.title, lacking=lacking))
    if training.starts_at is not None and training.starts_at <= now:
        raise NotReady(say("training.starts_in_the_past", title=training.title))
    return await _move(session, training, TrainingState.OPEN, actor, now)


def _lacking(training: Training) -> tuple[Sentence, ...]:
    """The names of those ESSENTIALS that are empty."""
    there = {
        "days": training.starts_at,
        "place": training.place or training.online_link,
        "description": training.description,
    }
    return tuple(say(f"training.field_{name}") for name in ESSENTIALS if not there[name])


async def close(session: Session, training_id: int, actor: Actor, now: datetime) -> Training:
    """No more registrations. Raises IllegalMove."""
    return await _move(session, await seats.lock(session, training_id), TrainingState.CLOSED, actor, now)


async def cancel(session: Session, training_id: int, why: str, actor: Actor, now: datetime) -> int:
    """It does not take place: everybody concerned hears so, and why. How many. Raises IllegalMove."""
    training = await _move(session, await seats.lock(session, training_id), TrainingState.CANCELLED, actor, now)
    training.why_off = why or None
    told = await notices.tell_cancelled(session, training, why)
    # An offer of a seat that there is no more must not run out later, with words that would not be true.
    held = update(Seat).where(col(Seat.training_id) == training.id, col(Seat.state) == SeatState.HELD)
    gone = {"state": SeatState.GONE, "why": "training_cancelled", "offer_until": None, "line": None, "changed_at": now}
    await (await session.connection()).execute(held.values(**gone))
    return told


async def _move(session: Session, training: Training, to: TrainingState, actor: Actor, now: datetime) -> Training:
    before = training.state
    states.move(training, to, now)
    await _record_move(session, training, before, actor, now)
    await session.flush()
    return training


async def _record_move(
    session: Session, training: Training, before: TrainingState, actor: Actor, now: datetime
) -> None:
    change = {"state": before.value}, {"state": training.state.value}
    await audit.record(session, now, actor, "training.moved", f"training:{training.id}", *change)


async def resize(
    session: Session, training_id: int, number: int, actor: Actor, district: District, now: datetime
) -> int:
    """Give it another number of seats; how many are offered one now. Raises BadTraining, refusals.SeatsTaken."""
    _check_seats(number)
    training = await seats.lock(session, training_id)
    unless_over(training)
    before = training.seats
    offered = await seats.resize(session, training_id, number, now, ZoneInfo(district.timezone))
    await notices.tell_offers(session, offered, district, now)
    change = {"seats": before}, {"seats": number}
    await audit.record(session, now, actor, "training.resized", f"training:{training_id}", *change)
    return len(offered)


def unless_over(training: Training) -> None:
    """Raises BadTraining for one that is done or called off: nothing in it moves any more."""
    if training.state in {TrainingState.DONE, TrainingState.CANCELLED}:
        raise BadTraining(say("training.is_over", title=training.title))


def check(values: Mapping[str, Any], training: Training | None = None) -> None:
    """Raises BadTraining for a value that cannot be."""
    limits = {
        "title": LONGEST_TITLE,
        "description": LONGEST_DESCRIPTION,
        "place": LONGEST_PLACE,
        "address": LONGEST_PLACE,
        "contact": LONGEST_PLACE,
    }
    for name, most in limits.items():
        if len(values.get(name) or "") > most:
            raise BadTraining(say("training.too_long", field=say(f"training.field_{name}"), most=Number(most)))
    if "title" in values and not any(letter.isalnum() for letter in values["title"]):
        raise BadTraining(say("training.title_needed"))
    link = values.get("online_link")
    if link and not link.startswith(("https://", "http://")):
        raise BadTraining(say("training.no_link"))
    if len(values.get("questions") or ()) > MOST_QUESTIONS:
        raise BadTraining(say("training.too_many_questions", most=Number(MOST_QUESTIONS)))
    questions_of(values.get("questions") or ())
    if training is not None:
        _check_order(values, training)


def _check_order(values: Mapping[str, Any], training: Training) -> None:
    opens_at = values.get("opens_at", training.opens_at)
    closes_at = values.get("closes_at", training.closes_at)
    if opens_at and closes_at and closes_at <= opens_at:
        raise BadTraining(say("training.closes_before_it_opens"))
    for name in ("closes_at", "cancel_until"):
        value = values.get(name)
        if value and training.starts_at and value > training.starts_at:
            raise BadTraining(say("training.after_the_start", field=say(f"training.field_{name}")))


def _check_seats(number: int) -> None:
    if not 1 <= number <= MOST_SEATS:
        raise BadTraining(say("training.seats_between", most=Number(MOST_SEATS)))


def check_days(days: Sequence[Hours], new: Sequence[Hours], now: datetime) -> None:
    """Raises BadTraining for days (in order) that cannot be; only the *new* ones must be to come."""
    if not 1 <= len(days) <= MOST_DAYS:
        raise BadTraining(say("training.days_between", most=Number(MOST_DAYS)))
    for day in days:
        if day.ends_at <= day.starts_at or day.ends_at - day.starts_at > timedelta(hours=16):
            raise BadTraining(say("training.hours_wrong"))
    if any(day.starts_at <= now for day in new):
        raise BadTraining(say("training.day_in_the_past"))
    if any(after.starts_at < before.ends_at for before, after in itertools.pairwise(days)):
        raise BadTraining(say("training.days_overlap"))
