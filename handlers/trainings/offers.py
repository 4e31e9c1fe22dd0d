"""What is answered to a notice: an offered seat is taken or left to the next one, and who comes and who does not."""

from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain.trainings import Seat, SeatState, coming, notices, seats
from handlers.trainings.browsing import ALL, MINE
from handlers.trainings.register import tell_outcome
from handlers.trainings.seat_now import asked_anew
from handlers.turn import Context, Turn
from messages import Number, say


async def accept(_: Update, context: Context) -> None:
    """Ya, saya ambil: the ticket. Raises the Refusal that says why the offer is over."""
    turn = context.turn
    seat_id, offer = (int(part) for part in context.tapped.split("."))
    confirmed = await seats.accept(turn.session, seat_id, offer, turn.person, turn.now)
    training = await seats.lock(turn.session, confirmed.seat.training_id)
    await turn.answer_tap()
    await tell_outcome(turn, training, confirmed)


async def decline(_: Update, context: Context) -> None:
    """Tidak jadi: the next in line hears of it at once."""
    turn = context.turn
    seat_id, offer = (int(part) for part in context.tapped.split("."))
    training, _seat = await seats.own(turn.session, seat_id, turn.person)
    zone = ZoneInfo(turn.house.district.timezone)
    offered = await seats.decline(turn.session, seat_id, offer, turn.person, turn.now, zone)
    await pass_on(turn, offered)
    await turn.answer_tap()
    key = "offer.declined_next" if offered else "offer.declined"
    await turn.change(say(key, title=training.title), [[notices.see(training)], [ALL]])


async def stay(_: Update, context: Context) -> None:
    """Hadir, or Tetap ikut: noted, and the way out stays."""
    turn = context.turn
    answered = await coming.stay(turn.session, *_asked(context), turn.person, turn.now)
    seat, title = answered.seat, answered.training.title
    await turn.answer_tap()
    if answered.is_stale:
        await turn.change(*await asked_anew(turn, seat))
    elif seat.state is SeatState.CONFIRMED:
        await turn.change_buttons([[notices.cannot_come(seat)], [MINE]])
        await turn.reply(say("offer.see_you", title=title), [[MINE]])
    elif seat.state is SeatState.HELD:
        await turn.reply(say("training.already_offered", title=title), [[MINE]])
    else:
        position = Number(await seats.position(turn.session, seat))
        await turn.reply(say("offer.still_waiting", title=title, position=position), [[MINE]])


async def leave(_: Update, context: Context) -> None:
    """Tidak bisa: the seat goes on at once."""
    turn = context.turn
    zone = ZoneInfo(turn.house.district.timezone)
    answered = await coming.leave(turn.session, *_asked(context), turn.person, turn.now, zone)
    await turn.answer_tap()
    if answered.is_stale:
        await turn.change(*await asked_anew(turn, answered.seat))
        return
    await turn.change_buttons(())
    await pass_on(turn, answered.offered)
    rows = [[notices.see(answered.training)], [ALL]]
    key = "offer.not_coming_next" if answered.offered else "offer.not_coming"
    await turn.reply(say(key, title=answered.training.title), rows)


def _asked(context: Context) -> tuple[int, int | None]:
    """The seat, and what the button asked about; messages of before the latter was told apart name only the seat."""
    seat_id, _dot, asking = context.tapped.partition(".")
    return int(seat_id), int(asking) if asking else None


async def pass_on(turn: Turn, offered: list[Seat]) -> None:
    """Tell those who are offered a seat now."""
    await notices.tell_offers(turn.session, offered, turn.house.district, turn.now)


HANDLERS = [
    CallbackQueryHandler(accept, pattern=r"^accept:(\d{1,18}\.\d{1,9})$"),
    CallbackQueryHandler(decline, pattern=r"^decline:(\d{1,18}\.\d{1,9})$"),
    CallbackQueryHandler(stay, pattern=r"^coming:(\d{1,18}(?:\.\d{1,9})?)$"),
    CallbackQueryHandler(leave, pattern=r"^not_coming:(\d{1,18}(?:\.\d{1,9})?)$"),
]
