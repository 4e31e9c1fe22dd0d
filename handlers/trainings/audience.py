"""For whom a training is: kecamatan and kinds of business, ticked off one by one and kept with one tap."""

from collections.abc import Mapping

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain.errors import StaleButton
from domain.trainings import Training, desk, editing
from handlers import steps
from handlers.pages import leaf, page_of
from handlers.trainings.desk import change_to_sheet
from handlers.trainings.fields import remind_to_tap
from handlers.trainings.sheet import in_rows
from handlers.turn import Context, Turn
from messages import Button, Buttons, Sentence, say

STEP = "training.audience"
"""Holds what is ticked off until it is kept."""

ON_A_PAGE = 15

QUESTIONS = {"kecamatan": say("manage.ask_kecamatan"), "sectors": say("manage.ask_sectors")}


async def choose(_: Update, context: Context) -> None:
    """Ask for whom, with what is ticked off now."""
    turn = context.turn
    training, kind, page = await _tapped(context)
    await turn.answer_tap()
    state = await steps.under_way(turn)
    if not _is_about(state, training, kind):
        await steps.begin(turn, STEP, training=training.id, kind=kind, chosen=getattr(training, kind) or [])
    await _show(turn, training, kind, page)


async def tick(_: Update, context: Context) -> None:
    """Tick one, or take the tick away."""
    turn = context.turn
    training, kind, place = await _tapped(context)
    state, options = await _state(turn, training, kind), list(_options(turn, kind))
    if place >= len(options):
        raise StaleButton
    chosen = [one for one in state["chosen"] if one in options and one != options[place]]
    if options[place] not in state["chosen"]:
        chosen.append(options[place])
    await turn.answer_tap()
    await steps.begin(turn, STEP, training=training.id, kind=kind, chosen=chosen)
    await _show(turn, training, kind, place // ON_A_PAGE)


async def keep(_: Update, context: Context) -> None:
    """Simpan: for those that are ticked off, in the district's order; with none or all ticked, for everybody."""
    turn = context.turn
    training, kind, _page = await _tapped(context)
    state, options = await _state(turn, training, kind), list(_options(turn, kind))
    chosen = [one for one in options if one in state["chosen"]]
    await _set(turn, training, kind, chosen if len(chosen) < len(options) else [])


async def everybody(_: Update, context: Context) -> None:
    """Semua: no bound any more."""
    training, kind, _page = await _tapped(context)
    await _set(context.turn, training, kind, [])


async def _set(turn: Turn, training: Training, kind: str, chosen: list[str]) -> None:
    by, district = desk.actor(turn.person), turn.house.district
    await editing.change(turn.session, training.id, {kind: chosen or None}, by, district, turn.now)
    await steps.end(turn)
    await turn.answer_tap()
    await change_to_sheet(turn, training, say("manage.saved"))


async def _tapped(context: Context) -> tuple[Training, str, int]:
    """The training, what is chosen, and a page or place."""
    number, kind, place = context.tapped.split(".")
    return await desk.access_training(context.turn.session, context.turn.person, int(number)), kind, int(place)


def _is_about(state: steps.State | None, training: Training, kind: str) -> bool:
    return bool(state and state["step"] == STEP and state["training"] == training.id and state["kind"] == kind)


async def _state(turn: Turn, training: Training, kind: str) -> steps.State:
    """What is ticked off. Raises StaleButton where nothing is being chosen any more."""
    state = await steps.under_way(turn)
    if state is None or not _is_about(state, training, kind):
        raise StaleButton
    return state


def _options(turn: Turn, kind: str) -> Mapping[str, str]:
    """What may be chosen, and what each is called."""
    district = turn.house.district
    return district.sectors if kind == "sectors" else {name: name for name in sorted(district.kecamatan)}


async def _show(turn: Turn, training: Training, kind: str, page: int) -> None:
    sentence, buttons = _asked(turn, training, kind, page, (await _state(turn, training, kind))["chosen"])
    await turn.change(sentence, buttons)


def _asked(turn: Turn, training: Training, kind: str, page: int, chosen: list[str]) -> tuple[Sentence, Buttons]:
    options, about = list(_options(turn, kind).items()), f"{training.id}.{kind}."
    shown, page, pages = page_of(list(enumerate(options)), page, ON_A_PAGE)
    each = [
        Button(f"✓ {name}" if key in chosen else name, "for_one", f"{about}{place}") for place, (key, name) in shown
    ]
    rows = in_rows(each, 3 if kind == "kecamatan" else 1)
    ends = [
        Button(say("button.keep_choice"), "for_keep", f"{about}0"),
        Button(say("button.everybody"), "for_all", f"{about}0"),
    ]
    back = [Button(say("button.back"), "managed", training.id)]
    return QUESTIONS[kind], [*rows, *leaf("for", about, page, pages), ends, back]


_CHOSEN = r"(\d{1,18}\.(?:kecamatan|sectors)\.\d{1,3})"

HANDLERS = [
    CallbackQueryHandler(choose, pattern=rf"^for:{_CHOSEN}$"),
    CallbackQueryHandler(tick, pattern=rf"^for_one:{_CHOSEN}$"),
    CallbackQueryHandler(keep, pattern=rf"^for_keep:{_CHOSEN}$"),
    CallbackQueryHandler(everybody, pattern=rf"^for_all:{_CHOSEN}$"),
]

steps.STEPS[STEP] = remind_to_tap
