"""What time does to trainings: offers run out, days begin and end, people are reminded and get the link."""

import hashlib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import and_, col, func, or_, select

from db.models import Occurrence, Seat, SeatState, Training, TrainingDay, TrainingState
from db.session import Session
from db.upsert import insert_new
from domain import audit
from domain.district import District
from domain.trainings import notices, seats, states
from domain.trainings.reminders import AT_ONCE, remind

__all__ = ["end_offers", "follow_time", "offer_free", "remind", "send_links"]

DONE_AFTER = timedelta(hours=3)
"""After the last day's end: late arrivals at the door are still marked."""


async def end_offers(session: Session, district: District, now: datetime) -> None:
    """End every offer that ran out and offer its seat to the next; both are told."""
    over = select(Seat.training_id).where(Seat.state == SeatState.HELD, col(Seat.offer_until) <= now).distinct()
    # In one order always, so that two replicas never wait for each other crosswise.
    for training_id in sorted((await session.exec(over)).all()):
        expired, offered = await seats.expire(session, training_id, now, ZoneInfo(district.timezone))
        training = await session.get_one(Training, training_id)
        if training.starts_at is None or now < training.starts_at:
            # With the start the seat went to nobody, and they were told that it is held until then.
            await notices.tell_expired(session, expired)
        await notices.tell_offers(session, offered, district, now)


async def follow_time(session: Session, district: District, now: datetime) -> None:
    """Let trainings run when their first day begins, and be done when the last one is over."""
    published = col(Training.state).in_([TrainingState.OPEN, TrainingState.CLOSED])
    begun = and_(published, col(Training.starts_at) <= now)
    over = and_(col(Training.state) == TrainingState.RUNNING, col(Training.ends_at) <= now - DONE_AFTER)
    found = await session.exec(select(Training.id).where(or_(begun, over)).order_by(col(Training.id)))
    for training_id in found.all():
        training = await seats.lock(session, training_id)
        before = training.state
        states.move(training, TrainingState.DONE if before is TrainingState.RUNNING else TrainingState.RUNNING, now)
        if training.state is TrainingState.RUNNING:
            await notices.tell_left_out(session, training, district)
        change = {"state": before.value}, {"state": training.state.value}
        await audit.record(session, now, audit.SYSTEM, "training.moved", f"training:{training_id}", *change)


async def offer_free(session: Session, district: District, now: datetime) -> None:
    """Offer seats that are free while others wait: whoever frees one does so at once, but for a restored backup."""
    published = col(Training.state).in_([TrainingState.OPEN, TrainingState.CLOSED])
    waited_for = select(Seat.training_id).where(Seat.state == SeatState.WAITING)
    taken = select(func.count()).where(Seat.training_id == Training.id, col(Seat.state).in_(seats.TAKEN))
    ahead = select(Training.id).where(published, col(Training.starts_at) > now, col(Training.id).in_(waited_for))
    has_room = ahead.where(taken.scalar_subquery() < col(Training.seats)).order_by(col(Training.id))
    for training_id in (await session.exec(has_room)).all():
        training = await seats.lock(session, training_id)
        offered = await seats.fill(session, training, now, ZoneInfo(district.timezone))
        await notices.tell_offers(session, offered, district, now)


async def send_links(session: Session, district: District, now: datetime) -> None:
    """An hour before each day by internet, and until it ends, owe its link to the confirmed who have not had it."""
    going_on = [TrainingState.OPEN, TrainingState.CLOSED, TrainingState.RUNNING]
    online = select(TrainingDay, Training).join(Training, col(Training.id) == col(TrainingDay.training_id))
    online = online.where(col(Training.online_link).is_not(None), col(Training.state).in_(going_on))
    near = online.where(col(TrainingDay.starts_at) <= now + notices.LINK_BEFORE, col(TrainingDay.ends_at) > now)
    left = AT_ONCE
    for day, training in (await session.exec(near.order_by(col(TrainingDay.id)))).all():
        left -= await _send_link(session, day, training, district, now, left)


async def _send_link(
    session: Session, day: TrainingDay, training: Training, district: District, now: datetime, most: int
) -> int:
    # A link that was changed meanwhile is sent again.
    link = hashlib.sha256((training.online_link or "").encode()).hexdigest()[:8]
    what, at = f"link:{day.id}:{link}", day.starts_at - notices.LINK_BEFORE
    done = select(Occurrence.what).where(col(Occurrence.what).startswith(f"{what}:"), Occurrence.at == at)
    had = {int(one.rpartition(":")[2]) for one in (await session.exec(done)).all()}
    confirmed = select(Seat).where(Seat.training_id == training.id, Seat.state == SeatState.CONFIRMED)
    waiting = [seat for seat in (await session.exec(confirmed.order_by(col(Seat.id)))).all() if seat.id not in had]
    for seat in waiting[:most]:
        row = {"what": f"{what}:{seat.id}", "at": at, "done_at": now}
        if await insert_new(session, Occurrence.__table__, [row], unique=["what", "at"]):  # type: ignore[attr-defined]  # SQLModel adds it
            await notices.tell_link(session, seat, day, district)
    return len(waiting[:most])
