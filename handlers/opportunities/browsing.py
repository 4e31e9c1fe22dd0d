"""/peluang: what is open, what fits first; and what somebody is interested in, with how far that has come."""

import re
from collections.abc import Iterator, Sequence

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from domain import staff
from domain.broadcasts import topics
from domain.errors import StaleButton
from domain.opportunities import (
    Interest,
    InterestAnswer,
    Opportunity,
    OpportunityState,
    catalogue,
    seekers,
    telling,
    wishes,
)
from domain.opportunities.catalogue import Offered
from handlers import forms
from handlers.cards import TOPICS
from handlers.opportunities import desk as opportunity_desk
from handlers.opportunities.card import MINE, ON_A_PAGE, show_card
from handlers.opportunities.wishes import is_off
from handlers.pages import leaf, page_of
from handlers.turn import Context, Turn
from messages import Button, Buttons, Number, Sentence, say

NUMBER = re.compile(r"[0-9]{1,18}")

SETTINGS = Button(say("button.opportunity_settings"), "wish_menu", "show")
SWITCHED_OFF = Button(SETTINGS.label, "follow_list", 0)
CHOOSE = Button(say("button.opportunity_products"), "opp_sector", "ask")
SEE = Button(say("button.opportunities_see"), "opps", 0)
PROFILE = Button(say("button.mend_profile"), "profile", "show")


async def show_list(_: Update, context: Context) -> None:
    """/peluang: the first page, as a new message."""
    await show_list_to(context.turn)


async def show_list_to(turn: Turn) -> None:
    """The first page of what is open; before it, what they make, where nobody knows."""
    offered = await catalogue.offered_to(turn.session, turn.person, turn.now)
    is_asked = offered and not await staff.officer_of(turn.session, turn.person) and await _is_unknown(turn)
    await turn.reply(*await (_products(turn) if is_asked else _list(turn, 0)))


async def turn_list(_: Update, context: Context) -> None:
    """Another page, in the message that is open."""
    await context.turn.answer_tap()
    await context.turn.change(*await _list(context.turn, int(context.tapped)))


async def open_link(turn: Turn, about: str) -> None:
    """/start peluang_7: the card of number 7."""
    try:
        one = await catalogue.one(turn.session, int(about) if NUMBER.fullmatch(about) else 0)
    except StaleButton:
        await turn.reply(say("opportunities.unknown_link"), [[telling.ALL]])
        return
    await show_card(turn, one)
    await forms.remind(turn)


# What they make.


async def ask_products(_: Update, context: Context) -> None:
    """Pilih produk: the question, where the list was."""
    await context.turn.answer_tap()
    await context.turn.change(*await _products(context.turn))


async def choose_product(_: Update, context: Context) -> None:
    """One more that they make, of which they hear from now on."""
    await _switch(context.turn, context.tapped, is_on=True)


async def leave_product(_: Update, context: Context) -> None:
    """One less; with the last gone nobody knows again."""
    await _switch(context.turn, context.tapped, is_on=False)


async def _switch(turn: Turn, sector: str, *, is_on: bool) -> None:
    whose = turn.session, turn.person, "products"
    district = turn.house.district
    if not is_on and await wishes.chosen(*whose, district) == [sector]:
        await wishes.choose(*whose, None, district, turn.now)
    else:
        await wishes.switch(*whose, sector, district, turn.now, is_on=is_on)
    await turn.answer_tap(say("tap.saved"))
    await turn.change(*await _products(turn))


async def _products(turn: Turn) -> tuple[Sentence, Buttons]:
    """The question, with what is chosen, and the way to the list."""
    number = len(await catalogue.offered_to(turn.session, turn.person, turn.now))
    chosen = await wishes.chosen(turn.session, turn.person, "products", turn.house.district)
    each = [_sector(key, name, is_on=key in chosen) for key, name in turn.house.district.sectors.items()]
    rows = [each[start : start + 2] for start in range(0, len(each), 2)]
    sentence = say("opportunities.ask_products")
    if number:
        note = say("opportunities.number", number=Number(number))
        sentence = say("opportunities.noted", note=note, list=sentence)
    return await _noted(turn, sentence), [*rows, [SEE]]


def _sector(key: str, name: str, *, is_on: bool) -> Button:
    if is_on:
        return Button(say("button.wished", name=name), "opp_not_sector", key)
    return Button(say("button.unwished", name=name), "opp_sector", key)


# What is open.


async def _list(turn: Turn, page: int) -> tuple[Sentence, Buttons]:
    offered = await catalogue.offered_to(turn.session, turn.person, turn.now)
    officer = await staff.officer_of(turn.session, turn.person)
    is_unknown = officer is None and await _is_unknown(turn)
    below = opportunity_desk.under_list(officer) if officer else await _own_rows(turn, is_unknown=is_unknown)
    if not offered:
        return await _none(turn, is_officer=officer is not None), [*below, *([] if officer else [[PROFILE]]), [TOPICS]]
    shown, page, pages = page_of(offered, page, ON_A_PAGE)
    numbered = list(enumerate(shown, 1 + page * ON_A_PAGE))
    each = [[Button(f"{number}. {one.opportunity.title}", "opp", one.opportunity.id)] for number, one in numbered]
    has_answers, has_marks = officer is None, officer is None and not is_unknown
    lines = [_line(turn, one, number, answers=has_answers, marks=has_marks) for number, one in numbered]
    heading = _heading(offered, is_officer=officer is not None, is_unknown=is_unknown)
    sentence = await _noted(turn, say(heading, lines=telling.spaced(lines)))
    return sentence, [*each, *leaf("opps", "", page, pages), *below]


def _heading(offered: Sequence[Offered], *, is_officer: bool, is_unknown: bool) -> str:
    if is_officer:
        return "opportunities.list_all"
    if is_unknown:
        return "opportunities.list_unknown"
    return "opportunities.list" if any(one.fits for one in offered) else "opportunities.list_none_fits"


async def _none(turn: Turn, *, is_officer: bool) -> Sentence:
    """That nothing is open; and that they are told once something is, where that is so."""
    if is_officer:
        return say("opportunities.none_officer")
    return say("opportunities.none_muted") if await _is_muted(turn) else say("opportunities.none")


async def _noted(turn: Turn, sentence: Sentence) -> Sentence:
    """Under *sentence* that they are told of none, where that is so."""
    if await _is_muted(turn):
        return say("opportunities.noted", note=sentence, list=say("opportunities.muted"))
    return sentence


async def _is_muted(turn: Turn) -> bool:
    return is_off(await topics.muted(turn.session, turn.person))


def _line(turn: Turn, offered: Offered, number: int, *, answers: bool, marks: bool) -> Sentence:
    line = telling.line(offered.opportunity, number, turn.house.district, turn.now)
    state = _state(offered, marks=marks) if answers else None
    return say("opportunities.line", line=line, state=state) if state else line


def _state(offered: Offered, *, marks: bool) -> Sentence | None:
    match offered.answer:
        case InterestAnswer.INTERESTED:
            return say("opportunities.line_interested")
        case InterestAnswer.DECLINED:
            return say("opportunities.line_declined")
        case _:
            return say("opportunities.fits") if marks and offered.fits else None


async def _is_unknown(turn: Turn) -> bool:
    """Whether nobody knows what they make."""
    return (await seekers.seeker_of(turn.session, turn.person)).products is None


async def _own_rows(turn: Turn, *, is_unknown: bool) -> Buttons:
    mine = await catalogue.mine(turn.session, turn.person)
    settings = SWITCHED_OFF if await _is_muted(turn) else SETTINGS
    return [*([[CHOOSE]] if is_unknown else []), [*([MINE] if mine else []), settings]]


# What they are interested in.


async def show_mine(_: Update, context: Context) -> None:
    """Minat saya: each with how far it has come, a page of them."""
    turn = context.turn
    await turn.answer_tap()
    await turn.change(*await _mine(turn, int(context.tapped)))


async def show_mine_to(turn: Turn) -> None:
    """The first page of it, as a new message."""
    await turn.reply(*await _mine(turn, 0))


async def _mine(turn: Turn, page: int) -> tuple[Sentence, Buttons]:
    mine = await catalogue.mine(turn.session, turn.person)
    if not mine:
        return say("opportunities.mine_none"), [[telling.ALL]]
    shown, page, pages = page_of(mine, page, ON_A_PAGE)
    numbered = list(enumerate(shown, 1 + page * ON_A_PAGE))
    each = [[Button(f"{number}. {one.title}", "opp", one.id)] for number, (_, one) in numbered]
    lines = telling.spaced(list(_mine_lines(turn, numbered)))
    return say("opportunities.mine", lines=lines), [*each, *leaf("opps_mine", "", page, pages), [telling.ALL]]


def _mine_lines(turn: Turn, numbered: Sequence[tuple[int, tuple[Interest, Opportunity]]]) -> Iterator[Sentence]:
    for number, (interest, one) in numbered:
        standing = telling.standing_of(one, interest, turn.now)
        if interest.reason:
            standing = say("opportunities.mine_reason", standing=standing, reason=interest.reason)
        if one.state is OpportunityState.WITHDRAWN:
            standing = say("opportunities.mine_withdrawn", void=telling.void(interest))
        elif not telling.is_open(one, turn.now):
            standing = say("opportunities.mine_over", standing=standing)
        yield say("opportunities.mine_line", number=str(number), title=one.title, standing=standing)


HANDLERS = [
    CommandHandler("peluang", show_list, filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE),
    CallbackQueryHandler(turn_list, pattern=r"^opps:(\d{1,4})$"),
    CallbackQueryHandler(show_mine, pattern=r"^opps_mine:(\d{1,4})$"),
    CallbackQueryHandler(ask_products, pattern=r"^opp_sector:(ask)$"),
    CallbackQueryHandler(choose_product, pattern=r"^opp_sector:([a-z0-9_]{1,40})$"),
    CallbackQueryHandler(leave_product, pattern=r"^opp_not_sector:([a-z0-9_]{1,40})$"),
]
