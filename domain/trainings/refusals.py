"""
Why somebody gets no seat, and the sentence that says so and what to do next.

Refusal
    NotOpen
    AlreadyRegistered
    Full
        JustFilled
    LineFull
    NotYours
    NothingLeft
    NoLinkNow
    TooLateToCancel
        IsThere
    OfferOver
        OfferRanOut
        OfferReplaced
        OfferTaken
        OfferDeclined
    SeatsTaken
"""

from datetime import datetime

from db.models import Seat, SeatState, Training, TrainingState
from domain.errors import Refusal
from messages import Button, Moment, Number, say

ALL = Button(say("button.trainings"), "trainings", 0)
MINE = Button(say("button.my_trainings"), "seats", 0)
OPEN = Button(say("button.open_trainings"), "signup", 0)
OFFICER = Button(say("button.officer"), "inquire", ".")


class NotOpen(Refusal):
    """Registration is closed, not yet open, or the training is past or off."""


class AlreadyRegistered(Refusal):
    """They have a seat, an offer or a place in line already."""

    def __init__(self, training: Training, seat: Seat) -> None:
        keys = {SeatState.HELD: "training.already_offered", SeatState.WAITING: "training.already_waiting"}
        super().__init__(
            say(keys.get(seat.state, "training.already_registered"), title=training.title), [[MINE], [ALL]]
        )


class Full(Refusal):
    """No seat is left, and there is no line."""

    def __init__(self, training: Training) -> None:
        super().__init__(say("training.full", title=training.title), [[OPEN], [ALL]])


class JustFilled(Full):
    """No seat is left for somebody who asked for a seat, and not for a place in line."""


class LineFull(Refusal):
    """No seat is left, and the line is as long as it may be."""

    def __init__(self, training: Training) -> None:
        super().__init__(say("training.line_full", title=training.title), [[OPEN], [OFFICER]])


class NotYours(Refusal):
    """A button about somebody else's seat."""

    def __init__(self) -> None:
        super().__init__(say("training.not_yours"), [[MINE]])


class NothingLeft(Refusal):
    """They gave the seat or their place in line up before, or lost it."""

    def __init__(self, training: Training) -> None:
        super().__init__(say("training.nothing_left", title=training.title), [[_see(training)], [ALL]])


class NoLinkNow(Refusal):
    """A link is to be had from an hour before a day until its end."""

    def __init__(self, training: Training) -> None:
        key = "training.no_link_yet" if training.online_link else "training.no_link_at_all"
        super().__init__(say(key, title=training.title), [[_see(training)], [MINE]])


class TooLateToCancel(Refusal):
    """The day until which one may give a seat back has passed."""

    key = "training.too_late_to_cancel"

    def __init__(self, training: Training) -> None:
        sentence = say(self.key, title=training.title, contact=training.contact or "/petugas")
        super().__init__(sentence, [[OFFICER], [MINE]])


class IsThere(TooLateToCancel):
    """They were marked at the door: whoever is there does not give the seat up."""

    key = "training.is_there"


class OfferOver(Refusal):
    """An offer that cannot be answered any more."""

    key = "training.offer_over"

    def __init__(self, training: Training) -> None:
        super().__init__(say(self.key, title=training.title), [[MINE], [_see(training)]])


class OfferRanOut(OfferOver):
    """Not answered in time."""

    key = "training.offer_ran_out"


class OfferReplaced(OfferOver):
    """There is a newer one."""

    key = "training.offer_replaced"


class OfferTaken(OfferOver):
    """They took the seat: a second tap."""

    key = "training.offer_taken"


class OfferDeclined(OfferOver):
    """They left the seat to others: a second tap."""

    key = "training.offer_declined"


def of_offer(training: Training, seat: Seat, offer: int) -> OfferOver:
    """Why offer number *offer* of *seat* cannot be answered."""
    if seat.state is SeatState.CONFIRMED:
        return OfferTaken(training)
    if seat.offer != offer or seat.state is SeatState.WAITING:
        return OfferReplaced(training)
    if seat.state is SeatState.HELD or seat.why == "expired":
        return OfferRanOut(training)
    return OfferDeclined(training) if seat.why == "declined" else OfferOver(training)


def unless_cancelled(training: Training) -> None:
    """Raises NotOpen for a training that does not take place."""
    if training.state is TrainingState.CANCELLED:
        sentence = say("training.is_cancelled", title=training.title)
        if training.why_off:
            sentence = say("training.is_cancelled_why", title=training.title, why=training.why_off)
        raise NotOpen(sentence, [[OPEN], [ALL]])


def unless_ahead(training: Training, now: datetime) -> None:
    """Raises NotOpen for a training that is cancelled, goes on now or is past."""
    unless_cancelled(training)
    if has_begun(training, now):
        if is_running(training, now):
            raise NotOpen(say("training.is_running", title=training.title), [[MINE], [OPEN]])
        raise NotOpen(say("training.is_past", title=training.title), [[OPEN], [ALL]])


class SeatsTaken(Refusal):
    """More people have a seat than there are to be."""

    def __init__(self, training: Training, taken: int, seats: int) -> None:
        blanks = {
            "title": training.title,
            "taken": Number(taken),
            "seats": Number(seats),
            "number": Number(taken - seats),
        }
        people = Button(say("button.participants"), "people", f"{training.id}.0")
        super().__init__(say("training.seats_taken", **blanks), [[people]])


def unless_open(training: Training, now: datetime, zone: str) -> None:
    """Raises NotOpen with the sentence that fits: cancelled, past, closed or not open yet."""
    unless_ahead(training, now)
    closes_at = training.closes_at or training.starts_at
    if training.state is not TrainingState.OPEN or (closes_at is not None and now >= closes_at):
        raise NotOpen(say("training.is_closed", title=training.title), [[OPEN], [OFFICER]])
    if training.opens_at is not None and now < training.opens_at:
        opens = Moment(training.opens_at, zone, now)
        raise NotOpen(say("training.opens_later", title=training.title, opens=opens), [[_see(training)], [OPEN]])


def has_begun(training: Training, now: datetime) -> bool:
    """Whether its first day has begun, however long ago."""
    if training.state in {TrainingState.RUNNING, TrainingState.DONE}:
        return True
    return training.starts_at is not None and now >= training.starts_at


def is_running(training: Training, now: datetime) -> bool:
    """Whether it has begun and its last day is not over."""
    is_over = training.state is TrainingState.DONE or (training.ends_at is not None and now >= training.ends_at)
    return has_begun(training, now) and not is_over


def _see(training: Training) -> Button:
    return Button(say("button.see_training"), "training", training.id)
