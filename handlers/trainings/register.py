"""The registration for a training: what the profile lacks, the training's own questions, a summary, and the seat."""

from dataclasses import replace
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import consent, profile
from domain.errors import Refusal, StaleButton, Unfit
from domain.forms import checks, drafts
from domain.forms.fields import Answers, Field, Form
from domain.trainings import SeatState, Training, asking, catalogue, eligibility, notices, refusals, seats
from domain.trainings.catalogue import Offered
from domain.trainings.seats import Confirmed, Waitlisted
from handlers import consent as agreement
from handlers import forms
from handlers.form_questions import line
from handlers.trainings.browsing import MINE, show_card, unless_may
from handlers.turn import Context, Turn
from messages import Button, Number, Sentence, say, text_of

FORM, SURE = "register", "sure"
SEAT, LINE, CHANGE = "yes", "line", "change"
YES = {"ya", "y", "iya", "yes", "oke", "ok", "setuju", "daftar"}
"""Typed under the summary; so is what its first button says."""


def form_of(training_id: int) -> str:
    return f"{FORM}-{training_id}"


async def begin(_: Update, context: Context) -> None:
    """Daftar: the agreement where it lacks, and what must be asked."""
    await start(context.turn, int(context.tapped))
    await context.turn.answer_tap()


async def start(turn: Turn, training_id: int) -> None:
    """Ask what waits of the registration. Raises the Refusal that says why there can be none."""
    offered = await catalogue.one(turn.session, training_id)
    refusals.unless_cancelled(offered.training)
    seat = await seats.seat_of(turn.session, offered.training, turn.person)
    if seat and seat.state is not SeatState.GONE:
        raise refusals.AlreadyRegistered(offered.training, seat)
    await unless_may(turn, offered)
    if await consent.has_consent(turn.session, turn.person):
        await _ask(turn, offered.training)
    else:
        await agreement.ask(turn, form_of(training_id))


async def _ask(turn: Turn, training: Training) -> None:
    """What the profile lacks, what the training asks, and the summary; one begun before goes on where it was."""
    name = form_of(training.id)
    lacking = await profile.missing(turn.session, turn.person, eligibility.needed_fields(training))
    asks = [*lacking, *(field.name for field in asking.fields_of(training, turn.person.language)), SURE]
    draft = await drafts.find(turn.session, turn.person, name, turn.now)
    if draft is None:
        await forms.begin(turn, name, asks)
        return
    draft.asks, draft.at, draft.tapped = asks, "", None
    await forms.resume(turn, name)


# The form, as `handlers.forms` asks for it.


async def _form(turn: Turn, about: str) -> Form | None:
    try:
        offered = await catalogue.one(turn.session, int(about))
    except StaleButton:
        return None
    training, district = offered.training, turn.house.district
    needed = eligibility.needed_fields(training)
    details = [replace(field, is_optional=False) for field in profile.form(district).fields if field.name in needed]
    asked = [*details, *asking.fields_of(training, turn.person.language)]
    return Form((*(_of_training(field, training) for field in asked), _sure(turn, offered, asked)))


def _of_training(field: Field, training: Training) -> Field:
    return replace(field, question=say("register.asking", title=training.title, question=field.question))


def _sure(turn: Turn, offered: Offered, asked: list[Field]) -> Field:
    """The summary. Where it is full meanwhile, who tapped for a seat is asked whether a place in line will do."""
    value, label = (LINE, "button.yes_join_line") if offered.is_full else (SEAT, "button.yes_register")
    language = turn.person.language
    options = {value: text_of(label, language), CHANGE: text_of("button.change", language)}
    return Field(
        SURE,
        say("register.sure"),
        partial(_summary, turn, offered, asked),
        check=partial(_typed, options=options, value=value),
        show=lambda picked: options.get(picked, ""),
        options=options,
        accepts=frozenset({SEAT, LINE}),
        is_optional=False,
    )


def _typed(text: str, options: dict[str, str], value: str) -> str:
    typed = checks.cleaned(text).casefold().strip(".!")
    if typed in YES:
        return value
    try:
        return checks.one_of(text, options)
    except Unfit as unfit:
        raise Unfit(say("register.tap_yes")) from unfit


def _summary(turn: Turn, offered: Offered, asked: list[Field], known: Answers) -> Sentence:
    training = offered.training
    shown = [field for field in asked if field.applies(known) and known.get(field.name) is not None]
    lines = tuple(line("profile.line", field.label, field.show(known[field.name])) for field in shown)
    room = say("register.room", free=Number(offered.free))
    if offered.is_full:
        room = say("register.no_room", position=Number(offered.waiting + 1))
    days, place = notices.lines_of(offered.days, turn.house.district), notices.where(training)
    return say("register.summary", title=training.title, days=days, place=place, lines=lines, room=room)


async def _known(turn: Turn, _: str) -> dict[str, Any]:
    return await profile.values(turn.session, turn.person)


async def _goes_on(turn: Turn, about: str, known: Answers) -> bool:
    """Not where it was closed meanwhile, or an officer gave them a seat; an answer that excludes them is refused."""
    training = (await catalogue.one(turn.session, int(about))).training
    try:
        refusals.unless_open(training, turn.now, turn.house.district.timezone)
        seat = await seats.seat_of(turn.session, training, turn.person)
        if seat and seat.state is not SeatState.GONE:
            raise refusals.AlreadyRegistered(training, seat)
    except Refusal as refusal:
        await turn.change(refusal.sentence, refusal.buttons)
        return False
    await eligibility.unless_for(turn.session, training, turn.person, known, turn.house.district)
    return True


async def _finish(turn: Turn, about: str, answers: Answers) -> None:
    picked, answers = answers[SURE], {name: value for name, value in answers.items() if name != SURE}
    if picked == CHANGE:
        await _ask_what_to_change(turn, about, answers)
    else:
        await _confirm(turn, about, answers, joins_line=picked == LINE)


async def _confirm(turn: Turn, about: str, answers: Answers, *, joins_line: bool) -> None:
    """Decide once more, with the training locked, and give the seat or the place in line."""
    if told := {name: answers[name] for name in profile.FIELDS if name in answers}:
        await profile.save(turn.session, turn.person, told, turn.now)
    training, district = await seats.lock(turn.session, int(about)), turn.house.district
    known = await profile.values(turn.session, turn.person)
    lacking = [name for name in eligibility.needed_fields(training) if name not in known]
    if lacking := [*lacking, *asking.unanswered(training, answers)]:
        await _keep(turn, about, answers, [*lacking, SURE])
        await forms.resume(turn, form_of(training.id))
        return
    await eligibility.unless_for(turn.session, training, turn.person, known, district)
    kept, zone = asking.answers_of(training, answers), ZoneInfo(district.timezone)
    taking = seats.register(turn.session, training.id, turn.person, turn.now, zone, kept, joins_line=joins_line)
    try:
        await tell_outcome(turn, training, await taking)
    except refusals.JustFilled:
        await _keep(turn, about, answers, [SURE])
        await forms.resume(turn, form_of(training.id), over=say("register.just_filled"))
    except (refusals.NotOpen, refusals.AlreadyRegistered, refusals.Full, refusals.LineFull) as refusal:
        await turn.change(refusal.sentence, refusal.buttons)


async def tell_outcome(turn: Turn, training: Training, outcome: Confirmed | Waitlisted) -> None:
    """The ticket, or the position in line."""
    if isinstance(outcome, Confirmed):
        await turn.change(say("register.confirmed", title=training.title))
        await notices.send_ticket(turn.session, outcome.seat, turn.house.district)
        return
    leave = Button(say("button.leave_line"), "give_up", outcome.seat.id)
    sentence = say("register.waiting", title=training.title, position=Number(outcome.position))
    await turn.change(sentence, [[MINE], [leave]])


async def _keep(turn: Turn, about: str, answers: Answers, asks: list[str]) -> None:
    """The form, which was handed in, waits again with its *answers*, at the first of *asks*."""
    draft = await drafts.begin(turn.session, turn.person, form_of(int(about)), asks, turn.now)
    draft.answers = dict(answers)


async def _leave(turn: Turn, about: str) -> None:
    await show_card(turn, await catalogue.one(turn.session, int(about)))


async def _over(turn: Turn, about: str) -> bool:
    """A button of a registration that is over: what became of it, or it begins anew."""
    training = (await catalogue.one(turn.session, int(about))).training
    refusals.unless_cancelled(training)
    seat = await seats.seat_of(turn.session, training, turn.person)
    if seat is None or seat.state is SeatState.GONE:
        await start(turn, training.id)
        return True
    is_confirmed = seat.state is SeatState.CONFIRMED
    await turn.answer_tap(say("tap.registered") if is_confirmed else say("tap.in_line"))
    return True


# Changing an answer.


async def _ask_what_to_change(turn: Turn, about: str, answers: Answers) -> None:
    """Ubah: each answer of the summary is a button."""
    await _keep(turn, about, answers, [SURE])
    form = await _form(turn, about)
    known = {**await _known(turn, about), **answers}
    fields = [field for field in form.fields if field.applies(known) and field.name != SURE] if form else []
    rows = [[Button(field.label, "change", f"{about}.{field.name}")] for field in fields]
    back = Button(say("button.back"), "form", f"resume.{form_of(int(about))}.")
    await turn.change(say("register.what_to_change"), [*rows, [back]])


async def change(_: Update, context: Context) -> None:
    """One of them: ask it again, with what hangs on it. Raises StaleButton for one that is not asked."""
    turn = context.turn
    about, field_name = context.tapped.split(".")
    opened = await forms.find(turn, form_of(int(about)))
    if opened is None:
        if not await forms.is_told(turn, form_of(int(about))):
            raise StaleButton
        return
    if opened.form.field(field_name) is None:
        raise StaleButton
    training = (await catalogue.one(turn.session, int(about))).training
    others = [*asking.depending_on(training, field_name), *asking.unanswered(training, opened.draft.answers)]
    opened.draft.asks = list(dict.fromkeys([field_name, *others, SURE]))
    opened.draft.at, opened.draft.tapped = field_name, None
    await turn.answer_tap()
    await forms.resume(turn, opened.draft.form)


async def _begin_agreed(turn: Turn, about: str) -> None:
    await start(turn, int(about))


forms.KINDS[FORM] = forms.Kind("daftar", _form, _known, _finish, _leave, _goes_on, _over)
agreement.AFTER[FORM] = _begin_agreed

HANDLERS = [
    CallbackQueryHandler(begin, pattern=r"^register:(\d{1,18})$"),
    CallbackQueryHandler(change, pattern=r"^change:(\d{1,18}\.[a-z0-9_]{1,24})$"),
]
