"""Pindah tanggal, for officers: somebody gets a seat at another date of the same training, with a reason they read."""

from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain.errors import StaleButton
from domain.trainings import Training, moving, notices, participants, refusals
from domain.trainings.catalogue import Offered
from domain.trainings.participants import Participant
from handlers import steps
from handlers.trainings.browsing import when
from handlers.trainings.participants import about, say_moved
from handlers.turn import Context, Turn
from messages import Button, Date, Number, say

MOVE = "training.move"
"""The step in which an officer writes why."""

MOST = 10


async def list_dates(_: Update, context: Context) -> None:
    """Pindah tanggal: where else it is held and a seat is free."""
    turn = context.turn
    training, one = await participants.participant(turn.session, turn.person, int(context.tapped), reads=False)
    others = await _free_dates(turn, training, one)
    await turn.answer_tap()
    back = [Button(say("button.back"), "participant", one.seat.id)]
    if not others:
        await turn.change(say("participants.no_dates", name=one.name), [back], about(one))
        return
    numbered = list(enumerate(others, 1))
    lines = tuple(say("schedule.date", number=str(number), **_date(turn, other)) for number, other in numbered)
    rows = [[_date_button(turn, one, other, number)] for number, other in numbered]
    await turn.change(say("participants.dates", name=one.name, lines=lines), [*rows, back], about(one))


async def _free_dates(turn: Turn, training: Training, one: Participant) -> list[Offered]:
    others = await moving.other_dates(turn.session, one.person, training, turn.now)
    return [other for other in others if not other.is_full][:MOST]


def _date(turn: Turn, offered: Offered) -> dict[str, object]:
    room = say("trainings.free", free=Number(offered.free), seats=Number(offered.training.seats))
    return {"when": when(turn, offered), "place": notices.where(offered.training), "room": room}


def _date_button(turn: Turn, one: Participant, offered: Offered, number: int) -> Button:
    day = offered.days[0].starts_at.astimezone(ZoneInfo(turn.house.district.timezone)).date()
    label = say("schedule.date_label", number=str(number), day=Date(day.isoformat()))
    return Button(label, "move_one_to", f"{one.seat.id}.{offered.training.id}")


async def ask_why(_: Update, context: Context) -> None:
    """A date was tapped: why, in words that they will read."""
    turn = context.turn
    seat_id, to_id = (int(part) for part in context.tapped.split("."))
    training, one = await participants.participant(turn.session, turn.person, seat_id, reads=False)
    other = next((other for other in await _free_dates(turn, training, one) if other.training.id == to_id), None)
    if other is None:
        raise StaleButton
    await turn.answer_tap()
    await steps.begin(turn, MOVE, seat=seat_id, to=to_id)
    leave = Button(say("button.leave_it"), "participant", seat_id)
    await turn.change(say("participants.why_move", name=one.name, when=when(turn, other)), [[leave]], about(one))


async def move(turn: Turn, state: steps.State) -> None:
    """Why was written: they have the other seat, and hear it."""
    why = participants.reason(turn.message.text or "")
    seat_id, to_id, district = state["seat"], state["to"], turn.house.district
    await steps.end(turn)
    try:
        one, new = await moving.transfer(turn.session, turn.person, seat_id, to_id, why, district, turn.now)
    except (refusals.Full, refusals.LineFull, refusals.NotOpen, refusals.AlreadyRegistered):
        _training, one = await participants.participant(turn.session, turn.person, seat_id)
        back = Button(say("button.other_date"), "move_one", seat_id)
        await turn.reply(say("participants.date_full", name=one.name, why=why), [[back]], about(one))
    except StaleButton:
        await say_moved(turn, seat_id, why)
    else:
        there = Button(say("button.participants"), "people", f"{new.id}.0")
        await turn.reply(say("participants.moved", name=one.name), [[there]], about(one))


HANDLERS = [
    CallbackQueryHandler(list_dates, pattern=r"^move_one:(\d{1,18})$"),
    CallbackQueryHandler(ask_why, pattern=r"^move_one_to:(\d{1,18}\.\d{1,18})$"),
]

steps.STEPS[MOVE] = move
