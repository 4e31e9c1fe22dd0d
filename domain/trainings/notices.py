"""What people are told about their seats without having asked: offers, changes, reminders."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import col, select

from db.models import Occurrence, Person, Seat, SeatState, Training, TrainingDay, TrainingState
from db.session import Session
from domain import post
from domain.district import District
from messages import Button, Buttons, Hours, Moment, Sentence, say

TICKET, CALENDAR = "ticket", "ics"
"""Kinds of files made when they are sent (`bot.documents`), by the seat's id."""


async def send_ticket(session: Session, seat: Seat, district: District) -> None:
    """Owe the ticket of a confirmed seat to whom it belongs: as a picture, with all of it in words under it."""
    person, training = await _of(session, seat)
    blanks = {"number": str(seat.number), "code": seat.code, **await _when_and_where(session, training, district)}
    buttons = [Button(say("button.calendar"), "calendar", seat.id)]
    if training.latitude is not None and training.longitude is not None:
        buttons.append(Button(say("button.map"), "map", training.id))
    shown = say("training.ticket_online") if is_online(training) else say("training.ticket_at_door")
    caption = say("training.ticket", title=training.title, how=shown, **blanks)
    rows = [buttons, [Button(say("button.my_trainings"), "seats", 0)]]
    await post.owe_document(session, person, TICKET, seat.id, caption, rows, is_photo=True)


LINK_BEFORE = timedelta(hours=1)
"""So long before a day begins, and until it ends, those who are confirmed have its link."""


def is_online(training: Training) -> bool:
    """Whether it takes place by internet only."""
    return bool(training.online_link) and not training.place


def day_with_link(training: Training, days: Iterable[TrainingDay], now: datetime) -> TrainingDay | None:
    """The day of *training* whose link is to be had now."""
    near = (day for day in days if day.starts_at - LINK_BEFORE <= now < day.ends_at)
    return next(near, None) if training.online_link else None


async def tell_link(session: Session, seat: Seat, day: TrainingDay, district: District) -> None:
    """The link of a training by internet, to one who is confirmed."""
    person, training = await _of(session, seat)
    blanks = {"days": lines_of([day], district), "link": training.online_link}
    await post.owe(session, person, say("training.link", title=training.title, **blanks), under_seat(training))


async def tell_offers(session: Session, seats: Iterable[Seat], district: District, now: datetime) -> None:
    """Each of those who are offered a seat hears it, with training, days, place and until when it is held."""
    for seat in seats:
        person, training = await _of(session, seat)
        until = Moment(seat.offer_until or now, district.timezone, now)
        blanks = await _when_and_where(session, training, district)
        line = select(Seat.id).where(Seat.training_id == training.id, Seat.state == SeatState.WAITING).limit(1)
        has_next = (await session.exec(line)).first() is not None
        then = say("training.offer_then_next") if has_next else say("training.offer_then_free")
        sentence = say("training.offer", title=training.title, until=until, then=then, **blanks)
        await post.owe(session, person, sentence, answers_to_offer(seat))


def answers_to_offer(seat: Seat) -> Buttons:
    """Take the seat, or leave it to the next in line."""
    return [
        [Button(say("button.accept_seat"), "accept", f"{seat.id}.{seat.offer}")],
        [Button(say("button.decline_seat"), "decline", f"{seat.id}.{seat.offer}")],
    ]


def still_coming(seat: Seat) -> list[Button]:
    """Stay, or leave."""
    return [Button(say("button.still_coming"), "coming", _asks(seat)), cannot_come(seat)]


def will_come(seat: Seat) -> list[Button]:
    """Likewise on the eve."""
    return [Button(say("button.coming"), "coming", _asks(seat)), cannot_come(seat)]


def cannot_come(seat: Seat) -> Button:
    """The way out, which gives the seat to the next."""
    return Button(say("button.not_coming"), "not_coming", _asks(seat))


def _asks(seat: Seat) -> str:
    return f"{seat.id}.{seat.asking}"


async def tell_expired(session: Session, seats: Iterable[Seat]) -> None:
    """Their offer ran out: the seat went on, and how to stand in line again."""
    for seat in seats:
        person, training = await _of(session, seat)
        await post.owe(session, person, say("training.offer_expired", title=training.title), [[see(training)]])


async def tell_left_out(session: Session, training: Training, district: District) -> None:
    """Who still waits when *training* begins hears that no seat came free, and of its next open date.

    Not who was told at the door that it is full, and waits there.
    """
    days = select(TrainingDay.id).where(TrainingDay.training_id == training.id)
    at_door = {f"full:{day}" for day in (await session.exec(days)).all()}
    told = (await session.exec(select(Occurrence.what).where(col(Occurrence.what).startswith("full:")))).all()
    standing_by = {what.rpartition(":")[2] for what in told if what.rpartition(":")[0] in at_door}
    again = select(Training).where(Training.office == training.office, Training.title == training.title)
    again = again.where(Training.state == TrainingState.OPEN, col(Training.starts_at) > training.starts_at)
    other = (await session.exec(again.order_by(col(Training.starts_at)).limit(1))).first()
    sentence = say("training.left_out", title=training.title)
    rows = [[Button(say("button.open_trainings"), "signup", 0)]]
    if other is not None:
        blanks = await _when_and_where(session, other, district)
        sentence = say("training.left_out_again", title=training.title, **blanks)
        rows = [[see(other)], *rows]
    for _, person in await _concerned(session, training, [SeatState.WAITING]):
        if str(person.id) not in standing_by:
            await post.owe(session, person, sentence, rows)


async def tell_taken_away(session: Session, seat: Seat, why: str | Sentence) -> None:
    """An officer took them out, and says why."""
    person, training = await _of(session, seat)
    sentence = say("training.taken_away", title=training.title, why=why)
    await post.owe(session, person, sentence, [[see(training)], [Button(say("button.officer"), "inquire", ".")]])


async def tell_brought_in(session: Session, seat: Seat, district: District) -> None:
    """An officer gave them a seat: so, and the ticket."""
    person, training = await _of(session, seat)
    await post.owe(session, person, say("training.brought_in", title=training.title))
    await send_ticket(session, seat, district)


async def tell_transferred(session: Session, seat: Seat, why: str, district: District) -> None:
    """An officer gave them a seat at another date instead: when, where and why, and the ticket."""
    person, training = await _of(session, seat)
    blanks = await _when_and_where(session, training, district)
    sentence = say("training.transferred", title=training.title, why=why, **blanks)
    buttons = [[cannot_come(seat)], [Button(say("button.officer"), "inquire", ".")]]
    await post.owe(session, person, sentence, buttons)
    await send_ticket(session, seat, district)


async def tell_changed(
    session: Session, training: Training, old: Sentence, new: Sentence, *, to: Iterable[SeatState] | None = None
) -> int:
    """Everyone concerned hears what it was and what it is, and stays or leaves with a tap; how many."""
    states = list(to or (SeatState.CONFIRMED, SeatState.HELD, SeatState.WAITING))
    people = await _concerned(session, training, states)
    for seat, person in people:
        sentence = say("training.changed", title=training.title, old=old, new=new)
        await post.owe(session, person, sentence, [still_coming(seat)])
    return len(people)


async def tell_cancelled(session: Session, training: Training, why: str) -> int:
    """Everyone concerned hears that it does not take place, and why; how many."""
    people = await _concerned(session, training, [SeatState.CONFIRMED, SeatState.HELD, SeatState.WAITING])
    for _, person in people:
        sentence = say("training.cancelled", title=training.title, why=why)
        await post.owe(session, person, sentence, [[Button(say("button.other_trainings"), "trainings", 0)]])
    return len(people)


async def _concerned(session: Session, training: Training, states: list[SeatState]) -> list[tuple[Seat, Person]]:
    theirs = select(Seat, Person).join(Person, col(Person.id) == col(Seat.person_id))
    theirs = theirs.where(Seat.training_id == training.id, col(Seat.state).in_(states)).order_by(col(Seat.id))
    theirs = theirs.execution_options(populate_existing=True)
    return [(seat, person) for seat, person in (await session.exec(theirs)).all()]


async def _of(session: Session, seat: Seat) -> tuple[Person, Training]:
    return await session.get_one(Person, seat.person_id), await session.get_one(Training, seat.training_id)


async def _when_and_where(session: Session, training: Training, district: District) -> dict[str, object]:
    days = select(TrainingDay).where(TrainingDay.training_id == training.id).order_by(col(TrainingDay.starts_at))
    return {"days": lines_of((await session.exec(days)).all(), district), "place": where(training)}


def lines_of(days: Iterable[TrainingDay], district: District) -> tuple[Sentence, ...]:
    """The days with their hours, one a line."""
    return tuple(say("training.day", hours=Hours(day.starts_at, day.ends_at, district.timezone)) for day in days)


def where(training: Training) -> Sentence:
    """The place with its address, or that it is online."""
    if is_online(training):
        return say("training.online")
    if training.address:
        return say("training.place_and_address", place=training.place, address=training.address)
    return say("training.place", place=training.place)


def places(old: Training, new: Training) -> tuple[Sentence, Sentence]:
    """Where it was and where it is, with the pin and the link where these are others; the link itself stays hidden."""
    was, now = [where(old)], [where(new)]
    if (old.latitude, old.longitude) != (new.latitude, new.longitude):
        was, now = [*was, _pin(old)], [*now, _pin(new)]
    if old.online_link and new.online_link and old.online_link != new.online_link:
        now.append(say("training.link_changed"))
    elif bool(old.online_link) != bool(new.online_link):
        was += [] if is_online(old) else [_link(old)]
        now += [] if is_online(new) else [_link(new)]
    return (was[0], now[0]) if len(was) == len(now) == 1 else (_lines(was), _lines(now))


def _lines(lines: Iterable[Sentence]) -> Sentence:
    return say("training.days", days=tuple(lines))


def _pin(training: Training) -> Sentence:
    if training.latitude is None or training.longitude is None:
        return say("training.no_pin")
    return say("training.pin", pin=f"{training.latitude:.5f}, {training.longitude:.5f}")


def _link(training: Training) -> Sentence:
    return say("training.link_too") if training.online_link else say("training.no_link_there")


def see(training: Training) -> Button:
    """Leads to the training's card."""
    return Button(say("button.see_training"), "training", training.id)


def under_seat(training: Training) -> Buttons:
    """Under what somebody is told of their seat."""
    return [[see(training)], [Button(say("button.my_trainings"), "seats", 0)]]
