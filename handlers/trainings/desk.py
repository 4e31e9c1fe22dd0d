"""Officers' trainings, reached from /pelatihan: their list, one of them, and where it goes (announced, closed, off)."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import staff
from domain.errors import StaleButton
from domain.staff import Officer, Role
from domain.trainings import Training, TrainingState, catalogue, desk, editing, participants
from domain.trainings.catalogue import Offered
from handlers import steps
from handlers.pages import leaf, page_of
from handlers.trainings.sheet import label_of, sheet, under_sheet
from handlers.turn import Context, Turn
from messages import Button, Buttons, Number, Sentence, say

WHY = "training.why"
"""The step in which an officer writes why a training is called off."""


def under_list(officer: Officer) -> Buttons:
    """Rows under everybody's list of trainings, for who serves."""
    manage = Button(say("button.manage"), "manage", 0)
    if officer.role is Role.READER:
        return [[manage]]
    return [[Button(say("button.make_training"), "make", 0)], [manage]]


def under_card(officer: Officer, training: Training) -> Buttons:
    """Rows under everybody's card of *training*, for who serves its office."""
    if not staff.serves(officer, training.office):
        return ()
    return [[Button(say("button.manage_one"), "managed", training.id)]]


# The list and one of it.


async def show_all(_: Update, context: Context) -> None:
    """Theirs, drafts too; a page of them."""
    turn = context.turn
    officer = await enter(turn)
    await turn.change(*await _list(turn, officer, int(context.tapped)))


async def show_past(_: Update, context: Context) -> None:
    """What is over or was called off."""
    turn = context.turn
    officer = await enter(turn)
    await turn.change(*await _list(turn, officer, int(context.tapped), past=True))


async def enter(turn: Turn) -> Officer:
    """Only officers come in; who taps on does not want to type any more what was asked for."""
    officer = await staff.access(turn.session, turn.person, reads=True)
    await leave_step(turn)
    await turn.answer_tap()
    return officer


def way_out(state: steps.State) -> Buttons:
    """Out of what is typed of a training, to what it is about."""
    for name, verb in (("seat", "participant"), ("day", "door"), ("training", "managed")):
        if state.get(name):
            return [[Button(say("button.leave_it"), verb, state[name])]]
    return [[Button(say("button.leave_it"), "manage", 0)]]


async def leave_step(turn: Turn) -> None:
    """Whatever of a training was to be typed is not awaited any more."""
    state = await steps.under_way(turn)
    if state and state["step"].startswith("training."):
        await steps.end(turn)


async def _list(turn: Turn, officer: Officer, page: int, *, past: bool = False) -> tuple[Sentence, Buttons]:
    offices = [office.key for office in desk.offices_of(officer, turn.house.district)]
    offered = await catalogue.of_office(turn.session, offices, past=past)
    shown, page, pages = page_of(offered, page)
    each = [[Button(label_of(turn, one.training), "managed", one.training.id)] for one in shown]
    turns = leaf("manage_past" if past else "manage", "", page, pages)
    if past:
        back = [Button(say("button.back"), "manage", 0)]
        return say("manage.past") if shown else say("manage.no_past"), [*each, *turns, back]
    ways = [[Button(say("button.past_trainings"), "manage_past", 0)], [Button(say("button.back"), "trainings", 0)]]
    if officer.role is not Role.READER:
        ways.insert(0, [Button(say("button.make_training"), "make", 0)])
    return say("manage.list") if shown else say("manage.none"), [*each, *turns, *ways]


async def show(_: Update, context: Context) -> None:
    """One of theirs, with all that may be done with it."""
    turn = context.turn
    training = await desk.access_training(turn.session, turn.person, int(context.tapped), reads=True)
    await enter(turn)
    await change_to_sheet(turn, training)


async def change_to_sheet(turn: Turn, training: Training, note: Sentence | None = None) -> None:
    """Let the message that was tapped, or a new one, show *training* as it is now."""
    offered, officer = await _now(turn, training)
    await turn.change(sheet(turn, offered, note), under_sheet(officer, offered.training))


async def _now(turn: Turn, training: Training) -> tuple[Offered, Officer]:
    officer = await staff.officer_of(turn.session, turn.person)
    if officer is None:
        raise StaleButton
    await turn.session.flush()
    return await catalogue.one(turn.session, training.id, drafts=True), officer


# Where it goes.


async def publish(_: Update, context: Context) -> None:
    """Umumkan: people see it; what is lacking is named."""
    turn = context.turn
    training = await desk.access_training(turn.session, turn.person, int(context.tapped))
    await editing.publish(turn.session, training.id, desk.actor(turn.person), turn.now)
    await turn.answer_tap()
    await change_to_sheet(turn, training, say("manage.published"))


async def end_registration(_: Update, context: Context) -> None:
    """Tutup pendaftaran."""
    turn = context.turn
    training = await desk.access_training(turn.session, turn.person, int(context.tapped))
    await editing.close(turn.session, training.id, desk.actor(turn.person), turn.now)
    await turn.answer_tap()
    await change_to_sheet(turn, training, say("manage.registration_ended"))


async def reopen_registration(_: Update, context: Context) -> None:
    """Buka lagi: what was closed is open once more, until it begins where the last day for it has passed."""
    turn = context.turn
    training = await desk.access_training(turn.session, turn.person, int(context.tapped))
    session, by = turn.session, desk.actor(turn.person)
    if training.closes_at and training.closes_at <= turn.now:
        await editing.change(session, training.id, {"closes_at": None}, by, turn.house.district, turn.now)
    await editing.publish(session, training.id, by, turn.now)
    await turn.answer_tap()
    await change_to_sheet(turn, training, say("manage.reopened"))


async def duplicate(_: Update, context: Context) -> None:
    """Salin: a draft that says the same, without the days."""
    turn = context.turn
    training = await desk.access_training(turn.session, turn.person, int(context.tapped))
    copy = await editing.duplicate(turn.session, training, desk.actor(turn.person), turn.now)
    await leave_step(turn)
    await turn.answer_tap()
    offered, officer = await _now(turn, copy)
    await turn.reply(sheet(turn, offered, say("manage.copied")), under_sheet(officer, copy))


async def ask_why_off(_: Update, context: Context) -> None:
    """Batalkan: why, which everybody concerned will read; a draft concerns nobody, so it is only asked whether."""
    turn = context.turn
    training = await desk.access_training(turn.session, turn.person, int(context.tapped))
    await turn.answer_tap()
    back = [Button(say("button.leave_it"), "managed", training.id)]
    if training.state is TrainingState.DRAFT:
        surely = [Button(say("button.drop_draft_surely"), "called_off", training.id)]
        await turn.change(say("manage.drop_draft", title=training.title), [surely, back])
        return
    await steps.begin(turn, WHY, training=training.id)
    told = await _told_of(turn, training)
    await turn.change(say("manage.why_off", title=training.title, told=told), [back])


async def take_why(turn: Turn, state: steps.State) -> None:
    """Why was written: asked once more, with the words as they will be read."""
    training = await desk.access_training(turn.session, turn.person, state["training"])
    why = participants.reason(turn.message.text or "")
    await steps.begin(turn, WHY, training=training.id, why=why)
    told = await _told_of(turn, training)
    surely = Button(say("button.call_off_surely"), "called_off", training.id)
    buttons = [[surely], [Button(say("button.leave_it"), "managed", training.id)]]
    await turn.reply(say("manage.confirm_off", title=training.title, why=why, told=told), buttons)


async def _told_of(turn: Turn, training: Training) -> Sentence:
    """How many people would hear that it is off."""
    number = await desk.concerned(turn.session, training)
    return say("manage.off_told", number=Number(number)) if number else say("manage.off_told_nobody")


async def call_off(_: Update, context: Context) -> None:
    """It is meant: everybody concerned hears it."""
    turn, state = context.turn, await steps.under_way(context.turn)
    training = await desk.access_training(turn.session, turn.person, int(context.tapped))
    is_draft = training.state is TrainingState.DRAFT
    is_asked = bool(state and state["step"] == WHY and state["training"] == training.id and "why" in state)
    if not (is_draft or is_asked):
        raise StaleButton
    why = "" if is_draft or state is None else state["why"]
    told = await editing.cancel(turn.session, training.id, why, desk.actor(turn.person), turn.now)
    await leave_step(turn)
    await turn.answer_tap()
    note = say("manage.draft_dropped") if is_draft else say("manage.called_off_alone")
    if told:
        note = say("manage.called_off", number=Number(told))
    await change_to_sheet(turn, training, note)


HANDLERS = [
    CallbackQueryHandler(show_all, pattern=r"^manage:(\d{1,3})$"),
    CallbackQueryHandler(show_past, pattern=r"^manage_past:(\d{1,3})$"),
    CallbackQueryHandler(show, pattern=r"^managed:(\d{1,18})$"),
    CallbackQueryHandler(publish, pattern=r"^publish:(\d{1,18})$"),
    CallbackQueryHandler(end_registration, pattern=r"^registration_off:(\d{1,18})$"),
    CallbackQueryHandler(reopen_registration, pattern=r"^registration_on:(\d{1,18})$"),
    CallbackQueryHandler(duplicate, pattern=r"^duplicate:(\d{1,18})$"),
    CallbackQueryHandler(ask_why_off, pattern=r"^call_off:(\d{1,18})$"),
    CallbackQueryHandler(call_off, pattern=r"^called_off:(\d{1,18})$"),
]

steps.STEPS[WHY] = take_why
steps.WAYS_OUT["training."] = way_out
