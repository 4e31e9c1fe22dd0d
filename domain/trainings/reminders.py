"""Reminders: three days before, on the eve with a question, and two hours before each day; in waking hours, each once.

A reminder is due from its time until it would help nobody any more. One that is late because the bot was away goes
out while it is still useful, else it is noted as missed; an occurrence's row sees to the "once".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from db.models import Occurrence, Person, Seat, SeatState, Training, TrainingDay, TrainingState
from db.session import Session
from db.upsert import insert_new
from domain import audit, post
from domain.district import District
from domain.trainings import seats, waking
from domain.trainings.attendance import days_of
from domain.trainings.notices import is_online, lines_of, under_seat, where, will_come
from messages import Buttons, Number, Sentence, say

MORNING = time(8)
"""When the reminders of other days go out."""

MISSED_FOR = timedelta(days=7)
"""So long after a training began it is still written down that somebody was not reminded."""

AT_ONCE = 200
"""Reminders owed in one transaction, so that a large training does not hold up people's turns."""


@dataclass(frozen=True)
class Reminder:
    """One kind of reminder of one training, at its time."""

    kind: str
    """days3, eve or hours2; next on the morning of a further day."""
    training: Training
    at: datetime
    useful_until: datetime
    day: int = 1

    @property
    def what(self) -> str:
        """Names its occurrence, which the seat's id follows."""
        return f"remind:{self.kind}:{self.training.id}"


def reminders_of(training: Training, days: Sequence[TrainingDay], zone: ZoneInfo) -> Iterator[Reminder]:
    """When the people of *training*, which is held on *days*, are reminded of it."""
    starts_at = training.starts_at
    if starts_at is None:
        return
    first_day = starts_at.astimezone(zone).date()
    for kind, before in (("days3", 3), ("eve", 1)):
        at = datetime.combine(first_day - timedelta(days=before), MORNING, zone).astimezone(UTC)
        end_of_day = datetime.combine(first_day - timedelta(days=before), waking.SLEEPS, zone).astimezone(UTC)
        yield Reminder(kind, training, at, end_of_day)
    yield Reminder("hours2", training, _two_hours_before(starts_at, zone), starts_at)
    dates = [day.starts_at.astimezone(zone).date() for day in days]
    for number, day in enumerate(days[1:], 2):
        if dates[number - 1] != dates[number - 2]:
            yield Reminder("next", training, _two_hours_before(day.starts_at, zone), day.starts_at, number)


def _two_hours_before(starts_at: datetime, zone: ZoneInfo) -> datetime:
    # Of one that begins at seven nobody is woken at five.
    return min(waking.next_waking(starts_at - timedelta(hours=2), zone), starts_at)


async def remind(session: Session, district: District, now: datetime) -> int:
    """Owe the reminders that are due and were not owed yet, at most AT_ONCE; how many."""
    zone = ZoneInfo(district.timezone)
    # Those that run or are over too: what a bot that was away could not say is written down afterwards.
    published = [TrainingState.OPEN, TrainingState.CLOSED, TrainingState.RUNNING, TrainingState.DONE]
    near = select(Training).where(col(Training.state).in_(published), col(Training.ends_at) > now - MISSED_FOR)
    owed = 0
    for training in (await session.exec(near.where(col(Training.starts_at) < now + timedelta(days=4)))).all():
        days = await days_of(session, training)
        for reminder in reminders_of(training, days, zone):
            is_due = reminder.at <= now < reminder.useful_until + MISSED_FOR
            if is_due and owed < AT_ONCE:
                owed += await _remind_of(session, reminder, days, district, now, AT_ONCE - owed)
    return owed


async def _remind_of(
    session: Session, reminder: Reminder, days: Sequence[TrainingDay], district: District, now: datetime, most: int
) -> int:
    training = reminder.training
    if now >= reminder.useful_until:
        await _note_missed(session, reminder, now)
        return 0
    spoken_of = days[reminder.day - 1 : reminder.day] if reminder.kind == "next" else days
    blanks = {"title": training.title, "days": lines_of(spoken_of, district)}
    owed = 0
    for seat, person in await _not_reminded(session, reminder, most):
        row = {"what": f"{reminder.what}:{seat.id}", "at": reminder.at, "done_at": now}
        if await insert_new(session, Occurrence.__table__, [row], unique=["what", "at"]):  # type: ignore[attr-defined]  # SQLModel adds it
            sentence, buttons = await _words(session, reminder, seat, blanks | {"place": where(training)})
            await post.owe(session, person, sentence, buttons)
            owed += 1
    return owed


async def _not_reminded(session: Session, reminder: Reminder, most: int) -> list[tuple[Seat, Person]]:
    """Who has a seat, or stands in line, and was not reminded yet.

    Who registered after the reminder's time is not among them: they have just read it all.
    """
    done = select(Occurrence.what).where(col(Occurrence.what).startswith(f"{reminder.what}:"))
    named = (await session.exec(done.where(Occurrence.at == reminder.at))).all()
    reminded = {what.rpartition(":")[2] for what in named}
    states = [SeatState.CONFIRMED] if reminder.kind == "next" else [SeatState.CONFIRMED, SeatState.WAITING]
    theirs = select(Seat, Person).join(Person, col(Person.id) == col(Seat.person_id))
    theirs = theirs.where(Seat.training_id == reminder.training.id, col(Seat.state).in_(states))
    theirs = theirs.where(col(Seat.registered_at) < reminder.at, col(Person.is_reachable)).order_by(col(Seat.id))
    rows = [(seat, person) for seat, person in (await session.exec(theirs)).all() if str(seat.id) not in reminded]
    return rows[:most]


async def _words(
    session: Session, reminder: Reminder, seat: Seat, blanks: dict[str, object]
) -> tuple[Sentence, Buttons]:
    training = reminder.training
    if seat.state is SeatState.WAITING:
        position = Number(await seats.position(session, seat))
        return say(f"training.remind_line_{reminder.kind}", position=position, **blanks), under_seat(training)
    if reminder.kind == "eve":
        return say("training.remind_eve", **blanks), [will_come(seat)]
    if reminder.kind == "next":
        how = say("training.remind_next_online") if is_online(training) else say("training.remind_next_ticket")
        return say("training.remind_next", number=reminder.day, how=how, **blanks), under_seat(training)
    if reminder.kind == "hours2" and is_online(training):
        return say("training.remind_hours2_online", **blanks), under_seat(training)
    return say(f"training.remind_{reminder.kind}", **blanks), under_seat(training)


async def _note_missed(session: Session, reminder: Reminder, now: datetime) -> None:
    """Write down, once, that a reminder could not go out in time, where anybody was to get it."""
    if not await _not_reminded(session, reminder, 1):
        return
    row = {"what": f"{reminder.what}:missed", "at": reminder.at, "done_at": now}
    if await insert_new(session, Occurrence.__table__, [row], unique=["what", "at"]):  # type: ignore[attr-defined]  # SQLModel adds it
        subject = f"training:{reminder.training.id}"
        await audit.record(session, now, audit.SYSTEM, "reminder.missed", subject, None, {"kind": reminder.kind})
