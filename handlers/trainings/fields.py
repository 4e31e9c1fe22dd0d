"""A training's fields, one by one: making a new one step by step, changing one that is, asking once before it is told.

A field waits in the step "training.field" (what is typed) or "training.sent" (a place on the map, a picture); a change
that people would be told waits in "training.confirm", as it was typed.
"""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import staff
from domain.errors import NotForYou, StaleButton
from domain.staff import Role
from domain.trainings import Training, TrainingState, catalogue, desk, editing, typed
from domain.trainings.editing import BadTraining
from handlers import steps
from handlers.trainings.desk import change_to_sheet, leave_step
from handlers.trainings.sheet import TYPED, fields_of
from handlers.turn import Context, Turn
from messages import Button, Buttons, Number, Sentence, say

TITLE, SEATS, FIELD, SENT, CONFIRM = (
    "training.title",
    "training.seats",
    "training.field",
    "training.sent",
    "training.confirm",
)

GUIDE: Mapping[str, str] = {
    "days": "place",
    "place": "address",
    "address": "pin",
    "pin": "description",
    "online_link": "description",
    "description": "contact",
}
"""What is asked after a field of a new training; after others the whole is shown."""

ASKS: Mapping[str, Sentence] = {
    "title": say("manage.ask_title"),
    "description": say("manage.ask_description"),
    "days": say("manage.ask_days"),
    "place": say("manage.ask_place"),
    "address": say("manage.ask_address"),
    "pin": say("manage.ask_pin"),
    "online_link": say("manage.ask_online_link"),
    "seats": say("manage.ask_seats"),
    "opens_at": say("manage.ask_opens_at"),
    "closes_at": say("manage.ask_closes_at"),
    "cancel_until": say("manage.ask_cancel_until"),
    "contact": say("manage.ask_contact"),
    "picture": say("manage.ask_picture"),
    "waiting_cap": say("manage.ask_waiting_cap"),
}

NOTHING: Mapping[str, Any] = {**typed.EMPTIED, "pin": None}
"""Fields that may be left empty."""


# Making one.


async def make(_: Update, context: Context) -> None:
    """Buat pelatihan: for which office, then its title."""
    turn = context.turn
    officer = await staff.access(turn.session, turn.person, reads=True)
    offices = desk.offices_of(officer, turn.house.district)
    if officer.role is Role.READER or not offices:
        raise NotForYou
    await turn.answer_tap()
    if len(offices) == 1:
        await _ask_title(turn, offices[0].key)
        return
    each = [[Button(office.short_name, "make_at", office.key)] for office in offices]
    await turn.change(say("manage.choose_office"), [*each, [Button(say("button.back"), "manage", 0)]])


async def make_at(_: Update, context: Context) -> None:
    """The office was chosen."""
    turn, office = context.turn, context.tapped
    if turn.house.district.office(office) is None:
        raise StaleButton
    await staff.access(turn.session, turn.person, office=office)
    await turn.answer_tap()
    await _ask_title(turn, office)


async def _ask_title(turn: Turn, office: str) -> None:
    await steps.begin(turn, TITLE, office=office)
    await turn.change(ASKS["title"], [[Button(say("button.back"), "manage", 0)]])


async def take_title(turn: Turn, state: steps.State) -> None:
    """The title came: how many seats."""
    await staff.access(turn.session, turn.person, office=state["office"])
    title = typed.read("title", turn.message.text or "", _zone(turn), turn.now)
    editing.check({"title": title})
    await steps.begin(turn, SEATS, office=state["office"], title=title)
    await turn.reply(ASKS["seats"], [[Button(say("button.back"), "manage", 0)]])


async def take_seats(turn: Turn, state: steps.State) -> None:
    """The seats came: from now on there is a draft."""
    await staff.access(turn.session, turn.person, office=state["office"])
    number = typed.number(turn.message.text or "")
    by = desk.actor(turn.person)
    training = await editing.make(turn.session, state["office"], state["title"], number, by, turn.now)
    await ask(turn, training, "days", guided=True)


# Asking for a field.


async def list_fields(_: Update, context: Context) -> None:
    """Ubah isi: a button a field."""
    turn = context.turn
    training = await desk.access_training(turn.session, turn.person, int(context.tapped))
    await leave_step(turn)
    await turn.answer_tap()
    back = [Button(say("button.back"), "managed", training.id)]
    await turn.change(say("manage.fields", title=training.title), [*fields_of(training), back])


async def ask_tapped(_: Update, context: Context) -> None:
    """A field was tapped."""
    turn, (training, field) = context.turn, await _tapped(context)
    await turn.answer_tap()
    await ask(turn, training, field)


async def go_on(_: Update, context: Context) -> None:
    """Lewati, or another way to hold it: the next question of a new one."""
    turn, (training, field) = context.turn, await _tapped(context)
    await turn.answer_tap()
    await ask(turn, training, field, guided=True)


async def _tapped(context: Context) -> tuple[Training, str]:
    number, _dot, field = context.tapped.partition(".")
    training = await desk.access_training(context.turn.session, context.turn.person, int(number))
    if field not in ASKS:
        raise StaleButton
    return training, field


async def ask(turn: Turn, training: Training, field: str, *, guided: bool = False) -> None:
    """Ask for *field*, with what stands there now; *guided*: one question after another."""
    name = SENT if field in {"pin", "picture"} else FIELD
    await steps.begin(turn, name, training=training.id, field=field, guided=guided)
    now = await _as_typed(turn, training, field)
    question = say("manage.asks", label=TYPED[field], question=ASKS[field])
    sentence = say("manage.asks_now", asks=question, now=now) if now else question
    await turn.change(sentence, _ways(training, field, has_value=bool(now), guided=guided))


async def _as_typed(turn: Turn, training: Training, field: str) -> str:
    if field == "days":
        offered = await catalogue.one(turn.session, training.id, drafts=True)
        return typed.written(offered.days, _zone(turn))
    if field == "pin":
        return f"{training.latitude}, {training.longitude}" if training.latitude is not None else ""
    return "✓" if field == "picture" and training.picture else typed.value_of(training, field, _zone(turn))


def _ways(training: Training, field: str, *, has_value: bool, guided: bool) -> Buttons:
    """Leave it empty, or as it is."""
    rows = []
    if guided and field == "place":
        rows.append([Button(say("button.by_internet"), "guide", f"{training.id}.online_link")])
    if has_value and field in NOTHING:
        rows.append([Button(say("button.empty_field"), "field_none", f"{training.id}.{field}")])
    if guided and field in GUIDE:
        return [*rows, [Button(say("button.later"), "guide", f"{training.id}.{GUIDE[field]}")]]
    return [*rows, [Button(say("button.back"), "managed", training.id)]]


# What came.


async def take_text(turn: Turn, state: steps.State) -> None:
    """A field was typed."""
    if training := await _still(turn, state):
        await _put(turn, training, state, turn.message.text or "")


async def _still(turn: Turn, state: steps.State) -> Training | None:
    """The training; None where it is over by now, so that nothing waits for an answer that can never be kept."""
    training = await desk.access_training(turn.session, turn.person, state["training"])
    if training.state not in {TrainingState.DONE, TrainingState.CANCELLED}:
        return training
    await steps.end(turn)
    await turn.reply(say("training.is_over"), [[Button(say("button.back"), "managed", training.id)]])
    return None


async def take_sent(turn: Turn, state: steps.State) -> None:
    """A place on the map, or a picture, was sent."""
    if training := await _still(turn, state):
        await _change(turn, training, _sent(turn, state["field"]))
        await _after(turn, training, state, say("manage.saved"))


def _sent(turn: Turn, field: str) -> dict[str, Any]:
    """Raises BadTraining for another kind of message."""
    message = turn.message
    if field == "picture":
        if not message.photo:
            raise BadTraining(say("manage.picture_needed"))
        return {"picture": message.photo[-1].file_id}
    place = message.location
    if place is None or not isinstance(place.latitude, int | float) or not isinstance(place.longitude, int | float):
        raise BadTraining(say("manage.pin_needed"))
    return {"latitude": place.latitude, "longitude": place.longitude}


async def empty(_: Update, context: Context) -> None:
    """Kosongkan: nothing stands there any more."""
    turn, (training, field) = context.turn, await _tapped(context)
    if field not in NOTHING:
        raise StaleButton
    await turn.answer_tap()
    await _put(turn, training, {"field": field, "guided": False}, None)


async def _put(turn: Turn, training: Training, state: steps.State, text: str | None) -> None:
    """Keep what was typed, or ask once where people would be told of it. Raises BadTraining."""
    field = state["field"]
    if question := await _would_tell(turn, training, field, text):
        await steps.begin(turn, CONFIRM, training=training.id, field=field, text=text)
        yes = Button(say("button.change_and_tell"), "tell", training.id)
        await turn.change(question, [[yes], [Button(say("button.leave_it"), "managed", training.id)]])
        return
    times = _times(training)
    await _set(turn, training, field, text)
    note = say("manage.saved")
    await _after(turn, training, state, _emptied(training, times, note) if field == "days" else note)


def _times(training: Training) -> dict[str, Any]:
    return {name: getattr(training, name) for name in editing.TIMES}


def _emptied(training: Training, times: Mapping[str, Any], note: Sentence) -> Sentence:
    """*note*, and which of the times that stood there do not fit to the new days and are none now."""
    gone = [TYPED[name] for name, value in times.items() if value is not None and getattr(training, name) is None]
    return say("manage.saved_emptied", note=note, fields=tuple(gone)) if gone else note


async def _would_tell(turn: Turn, training: Training, field: str, text: str | None) -> Sentence | None:
    """What is asked before people are told; None where nobody would be."""
    value = _value(turn, field, text)
    if field == "seats":
        return await _would_offer(turn, training, value)
    if field == "days":
        told = await desk.changed_days(turn.session, training, value, turn.house.district, turn.now)
    else:
        told = await desk.change_of(turn.session, training, _values(field, value))
    if told is None:
        return None
    old, new, number = told
    return say("manage.confirm_change", title=training.title, old=old, new=new, number=Number(number))


async def _would_offer(turn: Turn, training: Training, seats: int) -> Sentence | None:
    offered = await catalogue.one(turn.session, training.id, drafts=True)
    number = min(offered.waiting, offered.free + seats - training.seats)
    if number <= 0 or training.state not in {TrainingState.OPEN, TrainingState.CLOSED}:
        return None
    blanks = {"old": Number(training.seats), "new": Number(seats), "number": Number(number)}
    return say("manage.confirm_seats", title=training.title, **blanks)


async def tell(_: Update, context: Context) -> None:
    """It is meant: keep it, and tell whoever it concerns."""
    turn, state = context.turn, await steps.under_way(context.turn)
    training = await desk.access_training(turn.session, turn.person, int(context.tapped))
    if state is None or state["step"] != CONFIRM or state["training"] != training.id:
        raise StaleButton
    times = _times(training)
    number = await _set(turn, training, state["field"], state["text"])
    await turn.answer_tap()
    note = say("manage.told", number=Number(number)) if number else say("manage.saved")
    fits = _emptied(training, times, note) if state["field"] == "days" else note
    await _after(turn, training, {**state, "guided": False}, fits)


async def _set(turn: Turn, training: Training, field: str, text: str | None) -> int:
    """Let *field* be what was typed; how many were told. Raises BadTraining, refusals.SeatsTaken."""
    session, by, district = turn.session, desk.actor(turn.person), turn.house.district
    value = _value(turn, field, text)
    if field == "days":
        return await editing.set_days(session, training.id, value, by, district, turn.now)
    if field == "seats":
        return await editing.resize(session, training.id, value, by, district, turn.now)
    return await _change(turn, training, _values(field, value))


async def _change(turn: Turn, training: Training, values: Mapping[str, Any]) -> int:
    by = desk.actor(turn.person)
    return await editing.change(turn.session, training.id, values, by, turn.house.district, turn.now)


def _value(turn: Turn, field: str, text: str | None) -> Any:
    return NOTHING[field] if text is None else typed.read(field, text, _zone(turn), turn.now)


def _values(field: str, value: Any) -> dict[str, Any]:
    return {"latitude": None, "longitude": None} if field == "pin" else {field: value}


async def _after(turn: Turn, training: Training, state: steps.State, note: Sentence) -> None:
    """The next question of a new one, or all that stands there now."""
    if state["guided"] and state["field"] in GUIDE:
        await ask(turn, training, GUIDE[state["field"]], guided=True)
        return
    await steps.end(turn)
    await change_to_sheet(turn, training, note)


async def remind_to_tap(turn: Turn, state: steps.State) -> None:
    """Something was typed where a button was to be tapped: the question stays."""
    await turn.reply(say("manage.tap_above"), [[Button(say("button.leave_it"), "managed", state["training"])]])


async def switch(_: Update, context: Context) -> None:
    """Yes where it was no, and the other way round."""
    turn = context.turn
    number, _dot, field = context.tapped.partition(".")
    training = await desk.access_training(turn.session, turn.person, int(number))
    await _change(turn, training, {field: not getattr(training, field)})
    await leave_step(turn)
    await turn.answer_tap()
    await change_to_sheet(turn, training, say("manage.saved"))


def _zone(turn: Turn) -> ZoneInfo:
    return ZoneInfo(turn.house.district.timezone)


_A_FIELD = r"(\d{1,18}\.[a-z_]{1,20})"

HANDLERS = [
    CallbackQueryHandler(make, pattern=r"^make:(0)$"),
    CallbackQueryHandler(make_at, pattern=r"^make_at:([a-z0-9_]{1,40})$"),
    CallbackQueryHandler(list_fields, pattern=r"^fields:(\d{1,18})$"),
    CallbackQueryHandler(ask_tapped, pattern=rf"^field:{_A_FIELD}$"),
    CallbackQueryHandler(go_on, pattern=rf"^guide:{_A_FIELD}$"),
    CallbackQueryHandler(empty, pattern=rf"^field_none:{_A_FIELD}$"),
    CallbackQueryHandler(tell, pattern=r"^tell:(\d{1,18})$"),
    CallbackQueryHandler(switch, pattern=r"^switch:(\d{1,18}\.(?:is_for_new|has_waiting_list))$"),
]

steps.STEPS[TITLE] = take_title
steps.STEPS[SEATS] = take_seats
steps.STEPS[FIELD] = take_text
steps.MEDIA_STEPS[SENT] = take_sent
steps.STEPS[CONFIRM] = remind_to_tap
