"""What somebody has in a training as it is now, in words, and what may be answered to it."""

from domain.trainings import Seat, SeatState, catalogue, notices, refusals, seats
from domain.trainings.catalogue import Offered
from handlers.trainings.browsing import MINE
from handlers.turn import Turn
from messages import Buttons, Moment, Number, Sentence, say


async def state_of(turn: Turn, seat: Seat, offered: Offered) -> Sentence:
    """The seat with its number and code, until when one is held, or the place in line."""
    if seat.state is SeatState.CONFIRMED:
        return say("schedule.confirmed", number=str(seat.number), code=seat.code)
    if seat.state is SeatState.HELD:
        until = Moment(seat.offer_until or turn.now, turn.house.district.timezone, turn.now)
        return say("schedule.offered", until=until)
    if refusals.has_begun(offered.training, turn.now):
        return say("schedule.waiting_at_door", position=Number(await seats.position(turn.session, seat)))
    position = Number(await seats.position(turn.session, seat))
    return say("schedule.waiting", position=position, count=Number(offered.waiting))


async def asked_anew(turn: Turn, seat: Seat) -> tuple[Sentence, Buttons]:
    """For who tapped a button of before: what is true, and the buttons of now."""
    offered = await catalogue.one(turn.session, seat.training_id)
    days, place = notices.lines_of(offered.days, turn.house.district), notices.where(offered.training)
    blanks = {"title": offered.training.title, "days": days, "place": place}
    now = say("offer.now", state=await state_of(turn, seat, offered), **blanks)
    if seat.state is SeatState.HELD:
        return now, [*notices.answers_to_offer(seat), [MINE]]
    return say("offer.now_asks", now=now), [notices.still_coming(seat), [MINE]]
