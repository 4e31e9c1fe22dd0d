"""What one gets for one's own seat, each made when it is sent: the ticket's picture and the calendar file."""

import asyncio
from collections.abc import Iterator, Mapping

from bot.deliverer import File, Rendering
from bot.trainings.calendar import Entry, calendar_file
from bot.trainings.ticket import ticket
from db.models import Person, Seat, SeatState
from db.session import Session
from domain import post
from domain.trainings import catalogue
from domain.trainings.catalogue import Offered
from domain.trainings.notices import CALENDAR, TICKET
from handlers.turn import House
from messages import say


def seat_papers_of(house: House, username: str) -> Mapping[str, Rendering]:
    """By the kind a row gives; each by the id of its seat, and nothing of one that is not confirmed any more."""
    return {TICKET: _ticket(username), CALENDAR: _calendar(house, username)}


def _ticket(username: str) -> Rendering:
    async def render(session: Session, seat_id: int) -> File | None:
        seat = await _confirmed(session, seat_id)
        if seat is None or seat.code is None:
            return None
        return File(f"tiket-{seat.code}.png", await asyncio.to_thread(ticket, username, seat.code))

    return render


async def _confirmed(session: Session, seat_id: int) -> Seat | None:
    seat = await session.get(Seat, seat_id)
    return seat if seat is not None and seat.state is SeatState.CONFIRMED else None


def _calendar(house: House, username: str) -> Rendering:
    async def render(session: Session, seat_id: int) -> File | None:
        seat = await _confirmed(session, seat_id)
        if seat is None:
            return None
        offered = await catalogue.one(session, seat.training_id)
        person = await session.get_one(Person, seat.person_id)
        entries = list(_entries(offered, seat, person.language, username))
        made = await asyncio.to_thread(calendar_file, entries, house.district.timezone, house.now())
        return File(f"pelatihan-{seat.training_id}.ics", made)

    return render


def _entries(offered: Offered, seat: Seat, language: str, username: str) -> Iterator[Entry]:
    training = offered.training
    place = ", ".join(filter(None, (training.place, training.address)))
    place = place or post.plain(say("training.online").in_language(language))
    note = say("schedule.note", code=seat.code, contact=training.contact or "/petugas")
    for number, day in enumerate(offered.days, 1):
        # By its place among the days: a day that is moved replaces what stands in the calendar.
        uid = f"pelatihan-{training.id}-{number}@{username}.t.me"
        words = post.plain(note.in_language(language))
        yield Entry(uid, training.title, day.starts_at, day.ends_at, place, words)
