"""An opportunity's fields, one by one: typed, sent, chosen of a list, ticked off, or switched.

A field waits in the step "opportunity.field" (what is typed) or "opportunity.file"; what is ticked off is held in
"opportunity.several" until it is kept, so that people are told of a change once.
"""

import re
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Message, Update
from telegram.ext import CallbackQueryHandler

from domain import dates
from domain.broadcasts import content
from domain.errors import StaleButton, Unfit
from domain.opportunities import Opportunity, OpportunityKind, OpportunityState, composing, kinds, needs, typed
from handlers import steps
from handlers.broadcasts.content import light
from handlers.opportunities.offering import typed_only
from handlers.opportunities.sheet import (
    ONE_OF,
    SEVERAL,
    back_to,
    changes,
    fields_of,
    show,
    shows_standing,
    still,
    unless_over,
)
from handlers.pages import leaf, page_of
from handlers.trainings.sheet import in_rows
from handlers.turn import Context, Turn, number_in, rest_of
from messages import Button, Buttons, Date, Sentence, say

FIELD, FILE, TICKED = "opportunity.field", "opportunity.file", "opportunity.several"

ON_A_PAGE = 16

_BETWEEN = re.compile(r"[,;/\n]|\bdan\b|\bkecamatan\b", re.IGNORECASE)
"""What stands between names that are typed together."""


async def list_fields(_: Update, context: Context) -> None:
    """Ubah isi: a button a field."""
    turn, one = context.turn, await changes(context)
    await turn.answer_tap()
    await turn.change(say("opportunity.fields", title=one.title), [*fields_of(one), back_to(one)])


async def keep(turn: Turn, one: Opportunity, values: Mapping[str, Any]) -> None:
    """Let it say *values* from now on, and show it. Raises BadOpportunity, NotComplete."""
    by, was_open = composing.actor(turn.person), one.state is OpportunityState.OPEN
    changed = await composing.change(turn.session, one, values, by, turn.house.district, turn.now)
    await steps.leave(turn, "opportunity.")
    told = was_open and composing.told_of(one, changed)
    await show(turn, one, say("opportunity.saved_told") if told else say("manage.saved"))


# Typed or sent.


async def ask(_: Update, context: Context) -> None:
    """A field was tapped: ask for it, with what stands there now."""
    turn, one, name = context.turn, await changes(context), rest_of(context)
    await turn.answer_tap()
    if name in ONE_OF:
        await turn.change(composing.field_name(name), [*_choices(turn, one, name), back_to(one)])
        return
    await steps.begin(turn, FILE if name == "file" else FIELD, opportunity=one.id, field=name)
    question = _question(turn, name)
    now = "" if name == "file" else typed.value_of(one, name, turn.house.district)
    empty = [[Button(say("button.empty_field"), "opp_empty", f"{one.id}.{name}")]]
    ways = [*(empty if name in typed.EMPTIED and getattr(one, name) else []), back_to(one)]
    await turn.change(say("manage.asks_now", asks=question, now=now) if now else question, ways)


def _question(turn: Turn, name: str) -> Sentence:
    example = dates.example(turn.now.astimezone(ZoneInfo(turn.house.district.timezone)))
    question = say(f"opportunity.ask_{name}", day=Date(str(example)))
    return say("manage.asks", label=composing.field_name(name), question=question)


async def take_typed(turn: Turn, state: steps.State) -> None:
    """A field was typed."""
    if one := await still(turn, state):
        name = state["field"]
        await keep(turn, one, {name: typed.read(name, turn.message.text or "", turn.house.district, turn.now)})


async def take_file(turn: Turn, state: steps.State) -> None:
    """A picture or document was sent."""
    if one := await still(turn, state):
        file = file_of(turn.message)
        if file is None:
            raise Unfit(say("opportunity.file_needed"))
        await keep(turn, one, {"file": file})


def file_of(message: Message) -> dict[str, str] | None:
    """The picture or document in *message*; None for none. Raises HeavyFile."""
    if message.photo:
        return {"kind": "photo", "file_id": light(message.photo).file_id}
    if message.document and not message.animation:  # which comes as a document too
        content.check_weight(message.document.file_size)
        return {"kind": "document", "file_id": message.document.file_id}
    return None


async def empty(_: Update, context: Context) -> None:
    """Kosongkan: nothing stands there any more, or it holds for all."""
    turn, one, name = context.turn, await changes(context), rest_of(context)
    await turn.answer_tap()
    await keep(turn, one, {name: typed.EMPTIED[name]})


# Chosen or switched.


def _choices(turn: Turn, one: Opportunity, name: str) -> list[list[Button]]:
    district = turn.house.district
    named: Mapping[str, Sentence | str] = {kind.value: kinds.name_of(kind) for kind in OpportunityKind}
    if name == "market":
        named = {market: kinds.market_name(market, district) for market in kinds.markets_of(district)}
    now = str(getattr(one, name))
    each = [
        Button(say("opportunity.ticked", name=label) if key == now else label, "opp_set", f"{one.id}.{name}.{key}")
        for key, label in named.items()
    ]
    return in_rows(each, 2)


async def choose(_: Update, context: Context) -> None:
    """One of the list, or what a switch said that it will be."""
    turn, one = context.turn, await changes(context)
    name, _dot, key = rest_of(context).partition(".")
    if name == "kind" and key not in set(OpportunityKind):
        raise StaleButton
    value: Any = OpportunityKind(key) if name == "kind" else key if name == "market" else key == "1"
    await turn.answer_tap()
    await keep(turn, one, {name: value})


# Ticked off.


async def ask_several(_: Update, context: Context) -> None:
    """Those that are ticked off now, a page of them."""
    turn = context.turn
    name, _dot, page = rest_of(context).partition(".")
    held = await steps.under_way(turn)
    one = await composing.access(turn.session, turn.person, number_in(context))
    if not _is_about(held, one, name):
        one = await changes(context)
        await steps.begin(turn, TICKED, opportunity=one.id, field=name, chosen=list(getattr(one, name) or []))
    await turn.answer_tap()
    await turn.change(*await _several(turn, one, name, int(page)))


async def tick(_: Update, context: Context) -> None:
    """Tick one, or take the tick away."""
    turn, (one, state, name, place) = context.turn, await _ticking(context)
    options = list(_options(turn, name))
    if place >= len(options):
        raise StaleButton
    option = options[place]
    chosen = [key for key in state["chosen"] if key in options and key != option]
    chosen += [] if option in state["chosen"] else [option]
    await turn.answer_tap()
    await steps.begin(turn, TICKED, opportunity=one.id, field=name, chosen=chosen)
    await turn.change(*await _several(turn, one, name, place // ON_A_PAGE))


async def keep_several(_: Update, context: Context) -> None:
    """Simpan: those that are ticked off, in their order; none: for all, or nothing asked for."""
    turn, (one, state, name, _place) = context.turn, await _ticking(context)
    chosen = [key for key in _options(turn, name) if key in state["chosen"]]
    await turn.answer_tap()
    await keep(turn, one, {name: chosen or typed.EMPTIED[name]})


async def _ticking(context: Context) -> tuple[Opportunity, steps.State, str, int]:
    """Raises StaleButton where nothing is being ticked off any more."""
    turn = context.turn
    name, _dot, place = rest_of(context).partition(".")
    one = await composing.access(turn.session, turn.person, number_in(context))
    state = await steps.under_way(turn)
    if state is None or not _is_about(state, one, name):
        raise StaleButton
    unless_over(one)
    return one, state, name, int(place)


def _is_about(state: steps.State | None, one: Opportunity, name: str) -> bool:
    is_it = bool(state and state["step"] == TICKED)
    return is_it and state is not None and (state["opportunity"], state["field"]) == (one.id, name)


def _options(turn: Turn, name: str) -> Mapping[str, Sentence | str]:
    """What may be ticked off, and what each is called."""
    district = turn.house.district
    if name == "needs":
        return {paper: needs.name_of(paper) for paper in needs.PAPERS}
    return district.sectors if name == "products" else {one: one for one in sorted(district.kecamatan)}


async def _several(turn: Turn, one: Opportunity, name: str, page: int) -> tuple[Sentence, Buttons]:
    chosen, about = (await steps.under_way(turn) or {}).get("chosen", ()), f"{one.id}.{name}."
    shown, page, pages = page_of(list(enumerate(_options(turn, name).items())), page, ON_A_PAGE)
    each = [
        Button(say("opportunity.ticked", name=label) if key in chosen else label, "opp_tick", f"{about}{place}")
        for place, (key, label) in shown
    ]
    rows = in_rows(each, 2 if name == "kecamatan" else 1)
    all_of = Button(say(f"button.opportunity_all_{name}"), "opp_empty", f"{one.id}.{name}")
    ends = [Button(say("button.keep_choice"), "opp_keep", f"{about}0"), all_of]
    return _question(turn, name), [*rows, *leaf("opp_several", about, page, pages), ends, back_to(one)]


async def take_ticks(turn: Turn, state: steps.State) -> None:
    """Names were typed where buttons are to be tapped: those there are get their tick; of none the question stays."""
    one, name = await still(turn, state), state["field"]
    if one is None:
        return
    options = {key: _plain(turn, label) for key, label in _options(turn, name).items()}
    typed_names = {part.strip().casefold() for part in _BETWEEN.split(turn.message.text or "")}
    new = [key for key, label in options.items() if typed_names & {key.casefold(), label}]
    if not new:
        await turn.reply(say("manage.tap_above"), [[Button(say("button.leave_it"), "opp_sheet", one.id)]])
        return
    chosen = [key for key in options if key in new or key in state["chosen"]]
    await steps.begin(turn, TICKED, opportunity=one.id, field=name, chosen=chosen)
    await turn.reply(*await _several(turn, one, name, list(options).index(new[0]) // ON_A_PAGE))


def _plain(turn: Turn, label: Sentence | str) -> str:
    return (label if isinstance(label, str) else label.in_language(turn.person.language)).casefold()


_SEVERAL = rf"(\d{{1,18}}\.(?:{'|'.join(SEVERAL)})\.\d{{1,3}})"

HANDLERS = [
    CallbackQueryHandler(shows_standing(list_fields), pattern=r"^opp_fields:(\d{1,18})$"),
    CallbackQueryHandler(
        shows_standing(ask),
        pattern=r"^opp_field:(\d{1,18}\.(?:kind|market|title|sought|capacity|place|deadline|source|link|file))$",
    ),
    CallbackQueryHandler(
        shows_standing(empty), pattern=r"^opp_empty:(\d{1,18}\.(?:products|needs|capacity|kecamatan|place|link|file))$"
    ),
    CallbackQueryHandler(
        shows_standing(choose),
        pattern=r"^opp_set:(\d{1,18}\.(?:kind\.[a-z]{1,10}|market\.[A-Za-z]{2,5}|is_(?:strict|urgent)\.[01]))$",
    ),
    CallbackQueryHandler(shows_standing(ask_several), pattern=rf"^opp_several:{_SEVERAL}$"),
    CallbackQueryHandler(shows_standing(tick), pattern=rf"^opp_tick:{_SEVERAL}$"),
    CallbackQueryHandler(shows_standing(keep_several), pattern=rf"^opp_keep:{_SEVERAL}$"),
]

steps.STEPS[FIELD] = steps.MEDIA_STEPS[FIELD] = typed_only(take_typed)
steps.MEDIA_STEPS[FILE] = take_file
steps.STEPS[TICKED] = take_ticks
