"""Who is in a training, for its officers: paged, each with their state, moved with a reason that they read."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import post, staff
from domain.errors import StaleButton
from domain.forms import phone
from domain.trainings import SeatState, Training, desk, participants, seats
from domain.trainings.participants import Participant
from domain.trainings.questions import questions_of, shown
from handlers import steps
from handlers.form_questions import line
from handlers.pages import leaf, page_of
from handlers.trainings.desk import leave_step
from handlers.trainings.sheet import EMPTY, in_rows
from handlers.turn import Context, Turn
from messages import Button, Buttons, Number, Sentence, say

TAKE_OUT, BRING_IN = "training.take_out", "training.bring_in"
"""The steps in which an officer writes why."""

ON_A_PAGE = 10

MANY = post.Note(is_secret=True)
"""A list names many people, so nothing of it is kept once it was sent."""


async def show_all(_: Update, context: Context) -> None:
    """A page of them: those with a seat by their number, then the line in its order."""
    turn = context.turn
    number, _dot, page = context.tapped.partition(".")
    training = await desk.access_training(turn.session, turn.person, int(number), reads=True)
    await leave_step(turn)
    await turn.answer_tap()
    await turn.change(*await _list(turn, training, int(page)), MANY)


async def _list(turn: Turn, training: Training, page: int) -> tuple[Sentence, Buttons]:
    everybody = await participants.participants(turn.session, training)
    here, page, pages = page_of(everybody, page, ON_A_PAGE)
    each = [Button(f"{_sign(one)} {one.name}", "participant", one.seat.id) for one in here]
    rows = [*in_rows(each, 2), *leaf("people", f"{training.id}.", page, pages)]
    back = [Button(say("button.back"), "managed", training.id)]
    if not everybody:
        return say("participants.none", title=training.title), [back]
    seated = sum(one.seat.state is SeatState.CONFIRMED for one in everybody)
    others = len(everybody) - seated
    more = say("participants.others", others=Number(others)) if others else ""
    blanks = {"title": training.title, "seated": Number(seated), "others": more}
    lines = tuple(_line(everybody, one) for one in here)
    return say("participants.list", lines=lines, page=page + 1, pages=pages, **blanks), [*rows, back]


def _line(everybody: list[Participant], one: Participant) -> Sentence:
    alone = say("participants.line", sign=_sign(one), name=one.name, state=_state(one))
    if not one.has_twin:
        return alone
    others = ", ".join(other.name for other in participants.twins(everybody, one))
    return say("participants.line_twin", line=alone, others=others)


def _sign(one: Participant) -> str:
    """Their number on the printed list, or a sign."""
    if one.seat.state is SeatState.CONFIRMED:
        return f"{one.seat.number}."
    return "⏳" if one.seat.state is SeatState.HELD else f"🕐{one.position}"


def _state(one: Participant) -> Sentence:
    if one.seat.state is SeatState.HELD:
        return say("participants.offered")
    if one.seat.state is SeatState.WAITING:
        return say("participants.waiting", position=Number(one.position or 0))
    if one.seat.is_coming is None:
        return say("participants.walk_in") if one.seat.is_walk_in else say("participants.seated")
    return say("participants.coming") if one.seat.is_coming else say("participants.not_coming")


async def show(_: Update, context: Context) -> None:
    """One of them, with what they told."""
    turn = context.turn
    training, one = await participants.participant(turn.session, turn.person, int(context.tapped))
    await leave_step(turn)
    await turn.answer_tap()
    await turn.change(await _one(turn, training, one), await _under(turn, training, one), about(one))


def about(one: Participant) -> post.Note:
    return post.Note(about=one.person.id)


async def _one(turn: Turn, training: Training, one: Participant) -> Sentence:
    profile, asked = one.profile, questions_of(training.questions)
    answers = one.seat.answers or {}
    lines = tuple(
        line("manage.line", question.text, shown(question, answers[question.key]))
        for question in asked
        if question.key in answers
    )
    blanks = {
        "name": one.name,
        "title": training.title,
        "state": _state(one),
        "business": (profile.business if profile else None) or EMPTY,
        "kecamatan": (profile.kecamatan if profile else None) or EMPTY,
        "phone": phone.spoken(one.phone) if one.phone else EMPTY,
    }
    sentence = say("participants.one", answers=lines, **blanks)
    if not one.has_twin:
        return sentence
    everybody = await participants.participants(turn.session, training)
    others = ", ".join(other.name for other in participants.twins(everybody, one))
    return say("participants.twin", one=sentence, others=others)


async def _under(turn: Turn, training: Training, one: Participant) -> Buttons:
    officer = await staff.officer_of(turn.session, turn.person)
    back = [Button(say("button.back"), "people", f"{training.id}.0")]
    if officer is None or not desk.may_act(officer, training):
        return [back]
    move = Button(say("button.other_date"), "move_one", one.seat.id)
    out = [move, Button(say("button.take_out"), "take_out", one.seat.id)]
    if one.seat.state is SeatState.WAITING:
        return [[Button(say("button.bring_in"), "bring_in", one.seat.id)], out, back]
    return [out, back]


# Moving them.


async def ask_why_out(_: Update, context: Context) -> None:
    """Keluarkan: why, in words that they will read."""
    turn = context.turn
    _training, one = await participants.participant(turn.session, turn.person, int(context.tapped), reads=False)
    await turn.answer_tap()
    await steps.begin(turn, TAKE_OUT, seat=one.seat.id)
    await turn.change(say("participants.why_out", name=one.name), [_leave(one.seat.id)], about(one))


async def take_out(turn: Turn, state: steps.State) -> None:
    """Why was written: they are out, and hear it."""
    why = participants.reason(turn.message.text or "")
    seat, district = state["seat"], turn.house.district
    await steps.end(turn)
    try:
        one, offered = await participants.take_out(turn.session, turn.person, seat, why, district, turn.now)
    except StaleButton:
        await say_moved(turn, seat, why)
        return
    sentence = say("participants.taken_out", name=one.name)
    if offered:
        sentence = say("participants.taken_out_offered", name=one.name, number=Number(offered))
    await turn.reply(sentence, [[_to_list(one)]], about(one))


async def ask_why_in(_: Update, context: Context) -> None:
    """Masukkan: why before the others, and whether a seat is free or one more is put up."""
    turn = context.turn
    training, one = await participants.participant(turn.session, turn.person, int(context.tapped), reads=False)
    if one.seat.state is not SeatState.WAITING:
        raise StaleButton
    await turn.answer_tap()
    is_free = await seats.free(turn.session, training, turn.now) > 0
    await steps.begin(turn, BRING_IN, seat=one.seat.id, adds=not is_free)
    await turn.change(_asked(training, one, is_free=is_free), [_leave(one.seat.id)], about(one))


def _asked(training: Training, one: Participant, *, is_free: bool) -> Sentence:
    passed = Number((one.position or 1) - 1)
    passes = (one.position or 1) > 1
    if is_free:
        key = "participants.why_in" if passes else "participants.why_in_next"
        return say(key, name=one.name, **({"passed": passed} if passes else {}))
    more = {"old": Number(training.seats), "new": Number(training.seats + 1)}
    if not passes:
        return say("participants.why_in_next_more", name=one.name, **more)
    return say("participants.why_in_more", name=one.name, passed=passed, **more)


def _leave(seat_id: int) -> list[Button]:
    return [Button(say("button.leave_it"), "participant", seat_id)]


async def bring_in(turn: Turn, state: steps.State) -> None:
    """Why was written: they have a seat, and hear it."""
    why = participants.reason(turn.message.text or "")
    await _bring_in(turn, state["seat"], why, adds_chair=state.get("adds", False))


async def add_chair(_: Update, context: Context) -> None:
    """Tambah kursi: it is meant, though the seat that was free is somebody else's by now."""
    turn, state = context.turn, await steps.under_way(context.turn)
    seat_id = int(context.tapped)
    await participants.participant(turn.session, turn.person, seat_id, reads=False)
    if state is None or (state["step"], state.get("seat")) != (BRING_IN, seat_id) or "why" not in state:
        raise StaleButton
    await turn.answer_tap()
    await _bring_in(turn, seat_id, state["why"], adds_chair=True)


async def _bring_in(turn: Turn, seat_id: int, why: str, *, adds_chair: bool) -> None:
    district, by, now = turn.house.district, turn.person, turn.now
    await steps.end(turn)
    try:
        _, one = await participants.bring_in(turn.session, by, seat_id, why, district, now, adds_chair=adds_chair)
    except StaleButton:
        await say_moved(turn, seat_id, why)
    except participants.NoChair as no_chair:
        await steps.begin(turn, BRING_IN, seat=seat_id, why=why)
        _, one = await participants.participant(turn.session, by, seat_id)
        more = [Button(say("button.add_chair"), "add_chair", seat_id)]
        await turn.reply(no_chair.sentence, [more, _leave(seat_id)], about(one))
    else:
        await turn.change(say("participants.brought_in", name=one.name), [[_to_list(one)]], about(one))


async def say_moved(turn: Turn, seat_id: int, why: str) -> None:
    """While the reason was written it was decided otherwise: how, and that the words were not sent."""
    _training, one = await participants.meanwhile(turn.session, turn.person, seat_id)
    now = {SeatState.HELD: "participants.offered_already", SeatState.CONFIRMED: "participants.seated_already"}
    key = now.get(one.seat.state, "participants.gone_already")
    await turn.reply(say(key, name=one.name, why=why), [[_to_list(one)]], about(one))


def _to_list(one: Participant) -> Button:
    return Button(say("button.participants"), "people", f"{one.seat.training_id}.0")


HANDLERS = [
    CallbackQueryHandler(show_all, pattern=r"^people:(\d{1,18}\.\d{1,4})$"),
    CallbackQueryHandler(show, pattern=r"^participant:(\d{1,18})$"),
    CallbackQueryHandler(ask_why_out, pattern=r"^take_out:(\d{1,18})$"),
    CallbackQueryHandler(ask_why_in, pattern=r"^bring_in:(\d{1,18})$"),
    CallbackQueryHandler(add_chair, pattern=r"^add_chair:(\d{1,18})$"),
]

steps.STEPS[TAKE_OUT] = take_out
steps.STEPS[BRING_IN] = bring_in
