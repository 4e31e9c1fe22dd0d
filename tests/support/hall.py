"""Trainings as officers work on them, put into a database: a draft, a closed one, and one that takes place now."""

from datetime import datetime, timedelta

from db.models import Person, Seat, SeatState, Training, TrainingDay, TrainingState
from db.session import Session


async def fill_hall(session: Session, now: datetime) -> dict[str, int]:
    """Put them there, with who has a seat and who waits at the door of the last; our ids."""
    draft = await _training(session, now + timedelta(days=9), TrainingState.DRAFT)
    closed = await _training(session, now + timedelta(days=9), TrainingState.CLOSED)
    today = await _training(session, now - timedelta(hours=1), TrainingState.RUNNING)
    days = [_day(training) for training in (draft, closed, today)]
    absent, waiting = (_seat(today, person, now) for person in await _people(session, now))
    absent.number, absent.code, absent.state = 1, "HALL22", SeatState.CONFIRMED
    waiting.line, today.next_number = 1, 2
    session.add_all([*days, absent, waiting])
    await session.flush()
    ids = {"draft": draft.id, "closed_training": closed.id, "today": today.id}
    return ids | {"hall_day": days[-1].id, "absent": absent.id, "waiting": waiting.id}


async def _training(session: Session, starts_at: datetime, state: TrainingState) -> Training:
    """One of Diskopum, with everything that is needed to announce it."""
    training = Training(
        office="diskopum",
        title="Halal",
        description="Belajar",
        place="BLK",
        seats=5,
        state=state,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=4),
        questions=[{"key": "q1", "text": "Produknya?", "kind": "yesno", "choices": [], "is_required": True}],
        made_at=starts_at - timedelta(days=20),
        changed_at=starts_at - timedelta(days=20),
    )
    session.add(training)
    await session.flush()
    return training


def _day(training: Training) -> TrainingDay:
    return TrainingDay(training_id=training.id, starts_at=training.starts_at, ends_at=training.ends_at)


async def _people(session: Session, now: datetime) -> list[Person]:
    people = [Person(telegram_id=number, name="Warga", met_at=now, last_wrote_at=now) for number in (171, 172)]
    session.add_all(people)
    await session.flush()
    return people


def _seat(training: Training, person: Person, now: datetime) -> Seat:
    return Seat(
        training_id=training.id, person_id=person.id, state=SeatState.WAITING, registered_at=now, changed_at=now
    )
