"""A training's own questions, put together by buttons: words, kind, choices, whether it must be answered, and when."""

from typing import Any

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain.errors import StaleButton
from domain.trainings import Training, composing, desk, editing
from domain.trainings.questions import Asked, questions_of
from handlers import steps
from handlers.trainings.desk import leave_step
from handlers.trainings.fields import remind_to_tap
from handlers.turn import Context, Turn
from messages import Button, Buttons, Number, Sentence, say

WORDS, CHOICES, CHOOSING = "training.question", "training.choices", "training.choosing"

KINDS = {
    "text": say("manage.kind_text"),
    "choice": say("manage.kind_choice"),
    "yesno": say("manage.kind_yesno"),
    "number": say("manage.kind_number"),
}


async def show_all(_: Update, context: Context) -> None:
    """What is asked, and the way to ask more or less."""
    turn = context.turn
    training = await desk.access_training(turn.session, turn.person, int(context.tapped))
    await leave_step(turn)
    await turn.answer_tap()
    await turn.change(*_list(training))


def _list(training: Training, note: Sentence | None = None) -> tuple[Sentence, Buttons]:
    asked = questions_of(training.questions)
    lines = tuple(_line(number, one, asked) for number, one in enumerate(asked, 1))
    each = [
        [Button(say("button.drop_question", number=Number(number)), "asks_drop", f"{training.id}.{one.key}")]
        for number, one in enumerate(asked, 1)
    ]
    add = Button(say("button.add_question"), "asks_new", training.id)
    back = Button(say("button.back"), "managed", training.id)
    sentence = say("manage.questions_are", title=training.title, lines=lines) if asked else say("manage.no_questions")
    return say("manage.noted", note=note, then=sentence) if note else sentence, [*each, [add], [back]]


def _line(number: int, one: Asked, asked: list[Asked]) -> Sentence:
    kind = say("manage.kind_of_choice", choices=", ".join(one.choices)) if one.kind == "choice" else KINDS[one.kind]
    must = say("manage.must") if one.is_required else say("manage.may")
    line = say("manage.question", number=Number(number), text=one.text, kind=kind, must=must)
    if one.only_if is None:
        return line
    key, answer = one.only_if
    on = next((before.text for before in asked if before.key == key), key)
    return say("manage.question_if", question=line, on=on, answer=answer)


async def add(_: Update, context: Context) -> None:
    """Tambah pertanyaan: first its words."""
    turn = context.turn
    training = await desk.access_training(turn.session, turn.person, int(context.tapped))
    composing.unless_full(questions_of(training.questions))
    await turn.answer_tap()
    await steps.begin(turn, WORDS, training=training.id)
    await turn.change(say("manage.ask_question"), [[_back(training.id)]])


async def take_words(turn: Turn, state: steps.State) -> None:
    """The words came: what kind of answer."""
    await desk.access_training(turn.session, turn.person, state["training"])
    text = composing.words(turn.message.text or "")
    await steps.begin(turn, CHOOSING, training=state["training"], text=text)
    kinds = [[Button(label, "asks_kind", f"{state['training']}.{kind}")] for kind, label in KINDS.items()]
    await turn.reply(say("manage.ask_kind", text=text), [*kinds, [_back(state["training"])]])


async def take_kind(_: Update, context: Context) -> None:
    """The kind was tapped: what there is to choose from, or whether it must be answered."""
    turn, (state, kind) = context.turn, await _chosen(context, "text")
    await turn.answer_tap()
    if kind == "choice":
        await _go_on(turn, state, CHOICES, kind=kind)
        await turn.change(say("manage.ask_choices"), [[_back(state["training"])]])
    else:
        await _ask_must(turn, state, kind=kind)


async def take_choices(turn: Turn, state: steps.State) -> None:
    """What there is to choose from came."""
    await desk.access_training(turn.session, turn.person, state["training"])
    await _ask_must(turn, state, choices=list(composing.choices(turn.message.text or "")))


async def _ask_must(turn: Turn, state: steps.State, **more: Any) -> None:
    await _go_on(turn, state, CHOOSING, **more)
    id = state["training"]
    must, may = Button(say("button.must"), "asks_must", f"{id}.1"), Button(say("button.may"), "asks_must", f"{id}.0")
    await turn.change(say("manage.ask_must"), [[must, may], [_back(id)]])


async def take_must(_: Update, context: Context) -> None:
    """Whether it must be answered was tapped: when it is asked, where that can depend on anything."""
    turn, (state, must) = context.turn, await _chosen(context, "kind")
    training = await desk.access_training(turn.session, turn.person, state["training"])
    ways = composing.conditions(questions_of(training.questions))
    await turn.answer_tap()
    state = await _go_on(turn, state, CHOOSING, must=must == "1")
    if not ways:
        await _keep(turn, training, state, None)
        return
    always = [Button(say("button.always"), "asks_if", f"{training.id}.all")]
    each = [
        [Button(say("button.only_if", text=one.text, answer=answer), "asks_if", f"{training.id}.{place}")]
        for place, (one, answer) in enumerate(ways)
    ]
    lines = tuple(say("manage.way", text=one.text, answer=answer) for one, answer in ways)
    await turn.change(say("manage.ask_if", ways=lines), [always, *each, [_back(training.id)]])


async def take_condition(_: Update, context: Context) -> None:
    """When it is asked was tapped: that is all."""
    turn, (state, place) = context.turn, await _chosen(context, "must")
    training = await desk.access_training(turn.session, turn.person, state["training"])
    ways = composing.conditions(questions_of(training.questions))
    if place != "all" and int(place) >= len(ways):
        raise StaleButton
    only_if = None if place == "all" else (ways[int(place)][0].key, ways[int(place)][1])
    await turn.answer_tap()
    await _keep(turn, training, state, only_if)


async def _keep(turn: Turn, training: Training, state: steps.State, only_if: tuple[str, str] | None) -> None:
    asked, choices = questions_of(training.questions), tuple(state.get("choices", ()))
    new = Asked(composing.new_key(), state["text"], state["kind"], choices, state["must"], only_if)
    await _set(turn, training, [*asked, new], say("manage.question_added"))


async def drop(_: Update, context: Context) -> None:
    """Hapus: it is not asked any more."""
    turn = context.turn
    number, _dot, key = context.tapped.partition(".")
    training = await desk.access_training(turn.session, turn.person, int(number))
    asked = questions_of(training.questions)
    if key not in {one.key for one in asked}:
        raise StaleButton
    await turn.answer_tap()
    await _set(turn, training, composing.without(asked, key), say("manage.question_dropped"))


async def _set(turn: Turn, training: Training, asked: list[Asked], note: Sentence) -> None:
    values = {"questions": [one.plain() for one in asked]}
    by, district = desk.actor(turn.person), turn.house.district
    await editing.change(turn.session, training.id, values, by, district, turn.now)
    await leave_step(turn)
    await turn.change(*_list(training, note))


async def _chosen(context: Context, after: str) -> tuple[steps.State, str]:
    """What of a question is known, and what was tapped. Raises StaleButton where *after* was not answered yet."""
    number, _dot, chosen = context.tapped.partition(".")
    await desk.access_training(context.turn.session, context.turn.person, int(number))
    state = await steps.under_way(context.turn)
    if state is None or state["step"] != CHOOSING or state["training"] != int(number) or after not in state:
        raise StaleButton
    return state, chosen


async def _go_on(turn: Turn, state: steps.State, name: str, **more: Any) -> steps.State:
    known = {key: value for key, value in state.items() if key not in {"step", "at", "after"}}
    await steps.begin(turn, name, **(known | more))
    return known | more


def _back(training_id: int) -> Button:
    return Button(say("button.back"), "asks", training_id)


HANDLERS = [
    CallbackQueryHandler(show_all, pattern=r"^asks:(\d{1,18})$"),
    CallbackQueryHandler(add, pattern=r"^asks_new:(\d{1,18})$"),
    CallbackQueryHandler(take_kind, pattern=r"^asks_kind:(\d{1,18}\.(?:text|choice|yesno|number))$"),
    CallbackQueryHandler(take_must, pattern=r"^asks_must:(\d{1,18}\.[01])$"),
    CallbackQueryHandler(take_condition, pattern=r"^asks_if:(\d{1,18}\.(?:all|\d{1,3}))$"),
    CallbackQueryHandler(drop, pattern=r"^asks_drop:(\d{1,18}\.[a-z0-9_]{1,24})$"),
]

steps.STEPS[WORDS] = take_words
steps.STEPS[CHOICES] = take_choices
steps.STEPS[CHOOSING] = remind_to_tap
