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
    wish_words,
    wishes,
)
from domain.opportunities.catalogue import Offered
from handlers.cards import TOPICS
from handlers.opportunities import desk as opportunity_desk
from handlers.opportunities.card import MINE, ON_A_PAGE, show_card
from handlers.pages import leaf, page_of
from handlers.turn import Context, Turn
from messages import Button, Buttons, Sentence, say

NUMBER = re.compile(r"[0-9]{1,18}")

SETTINGS = Button(say("button.opportunity_settings"), "follow_list", 0)
PROFILE = Button(say("button.mend_profile"), "profile", "show")


async def show_list(_: Update, context: Context) -> None:
    """/peluang: the first page, as a new message."""
    await show_list_to(context.turn)


async def show_list_to(turn: Turn) -> None:
    """The first page of what is open."""
    await turn.reply(*await _list(turn, 0))


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


async def choose_product(_: Update, context: Context) -> None:
    """Produk Anda apa?: one tap, of which they hear from now on."""
    turn, sector = context.turn, context.tapped
    district = turn.house.district
    await wishes.switch(turn.session, turn.person, "products", sector, district, turn.now, is_on=True)
    await turn.answer_tap(say("tap.saved"))
    products = await wish_words.products(turn.session, turn.person, district)
    sentence, buttons = await _list(turn, 0)
    note = say("opportunities.products_noted", products=products)
    await turn.change(say("opportunities.noted", note=note, list=sentence), buttons)


# What is open.


async def _list(turn: Turn, page: int) -> tuple[Sentence, Buttons]:
    offered = await catalogue.offered_to(turn.session, turn.person, turn.now)
    officer = await staff.officer_of(turn.session, turn.person)
    below = opportunity_desk.under_list(officer) if officer else await _own_rows(turn)
    if not offered:
        return await _noted(turn, say("opportunities.none")), [*below, [PROFILE], [TOPICS]]
    shown, page, pages = page_of(offered, page, ON_A_PAGE)
    numbered = list(enumerate(shown, 1 + page * ON_A_PAGE))
    each = [[Button(f"{number}. {one.opportunity.title}", "opp", one.opportunity.id)] for number, one in numbered]
    lines = telling.spaced([_line(turn, one, number, marks=officer is None) for number, one in numbered])
    is_asked = officer is None and not page and await _is_unknown(turn)
    sectors = _sectors(turn) if is_asked else []
    sentence = say(_heading(offered, is_officer=officer is not None, is_asked=is_asked), lines=lines)
    return await _noted(turn, sentence), [*each, *leaf("opps", "", page, pages), *sectors, *below]


def _heading(offered: Sequence[Offered], *, is_officer: bool, is_asked: bool) -> str:
    if is_officer:
        return "opportunities.list_all"
    if is_asked:
        return "opportunities.list_unknown"
    return "opportunities.list" if any(one.fits for one in offered) else "opportunities.list_none_fits"


async def _noted(turn: Turn, sentence: Sentence) -> Sentence:
    """Under *sentence* that they are told of none, where that is so."""
    if await topics.muted(turn.session, turn.person) & {seekers.TOPIC, topics.EVERYTHING}:
        return say("opportunities.noted", note=sentence, list=say("opportunities.muted"))
    return sentence


def _line(turn: Turn, offered: Offered, number: int, *, marks: bool) -> Sentence:
    line = telling.line(offered.opportunity, number, turn.house.district, turn.now)
    state = _state(offered) if marks else None
    return say("opportunities.line", line=line, state=state) if state else line


def _state(offered: Offered) -> Sentence | None:
    match offered.answer:
        case InterestAnswer.INTERESTED:
            return say("opportunities.line_interested")
        case InterestAnswer.DECLINED:
            return say("opportunities.line_declined")
        case _:
            return say("opportunities.fits") if offered.fits else None


async def _is_unknown(turn: Turn) -> bool:
    """Whether nobody knows what they make."""
    return (await seekers.seeker_of(turn.session, turn.person)).products is None


def _sectors(turn: Turn) -> list[list[Button]]:
    each = [Button(name, "opp_sector", key) for key, name in turn.house.district.sectors.items()]
    return [each[start : start + 2] for start in range(0, len(each), 2)]


async def _own_rows(turn: Turn) -> Buttons:
    mine = await catalogue.mine(turn.session, turn.person)
    return [[*([MINE] if mine else []), SETTINGS]]


# What they are interested in.


async def show_mine(_: Update, context: Context) -> None:
    """Minat saya: each with how far it has come, a page of them."""
    turn = context.turn
    await turn.answer_tap()
    await turn.change(*await _mine(turn, int(context.tapped)))


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
        standing = telling.standing_name(interest.standing)
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
    CallbackQueryHandler(choose_product, pattern=r"^opp_sector:([a-z0-9_]{1,40})$"),
]
