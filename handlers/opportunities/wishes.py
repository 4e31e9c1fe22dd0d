"""The part of /langganan about opportunities: which products, markets, kinds and kecamatan, how often, and when not."""

from collections.abc import Collection

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain.broadcasts import quiet, topics
from domain.opportunities import kinds, mailing, rhythm, seekers, wish_words, wishes
from domain.opportunities.rhythm import RHYTHMS
from handlers import steps
from handlers.pages import leaf, page_of
from handlers.turn import Context, Turn
from messages import Button, Buttons, Number, Sentence, Weekday, say

QUIET = "wishes.quiet"
NEVER = ["00.00", "00.00"]
"""Quiet hours of who wants none: from a moment to the same."""

ON_A_PAGE, IN_A_ROW = 12, 2

ASKS = {
    "products": "wishes.ask_products",
    "markets": "wishes.ask_markets",
    "kinds": "wishes.ask_kinds",
    "kecamatan": "wishes.ask_kecamatan",
}
OPEN = Button(say("button.wishes"), "wish_menu", "show")
BACK = Button(say("button.back"), OPEN.verb, OPEN.id)
_TO_TOPICS = [Button(say("button.follow_settings"), "follow_list", 0)]


def section(muted: Collection[str]) -> tuple[Sentence, Buttons]:
    """What stands of it under the topics: a line, and the button that opens it; that it is off where it is."""
    topic = topics.name_of(seekers.TOPIC)
    if is_off(muted):
        return say("wishes.off", topic=topic), []
    return say("wishes.section", topic=topic), [[OPEN]]


def is_off(muted: Collection[str]) -> bool:
    """Whether nothing of opportunities is told to who hears not of these."""
    return bool({seekers.TOPIC, topics.EVERYTHING} & set(muted))


async def open_menu(_: Update, context: Context) -> None:
    """Atur kabar peluang: all of it, a line each, and a button for each."""
    turn = context.turn
    await steps.leave(turn, QUIET)
    await turn.answer_tap()
    if (id := turn.tapped_message_id) is not None and await mailing.is_one(turn.session, turn.person, id):
        await turn.reply(*await _menu(turn))  # what told of something goes on saying so
    else:
        await turn.change(*await _menu(turn))


async def _menu(turn: Turn) -> tuple[Sentence, Buttons]:
    if is_off(await topics.muted(turn.session, turn.person)):
        return say("wishes.menu_off", topic=topics.name_of(seekers.TOPIC)), [_TO_TOPICS]
    summary = await wish_words.summary(turn.session, turn.person, turn.house.district)
    lists = [Button(say(f"button.wish_{name}"), "wish", f"{name}.0") for name in wishes.LISTS]
    often = Button(say("button.wish_rhythm"), "wish_rhythm", "show")
    quiet_hours = Button(say("button.wish_quiet"), "wish_quiet", "show")
    return say("wishes.menu", summary=summary), [lists[:2], lists[2:], [often, quiet_hours], _TO_TOPICS]


# Products, markets, kinds and kecamatan.


async def show(_: Update, context: Context) -> None:
    """One of the lists, a page of it."""
    turn = context.turn
    name, _dot, page = context.tapped.partition(".")
    await turn.answer_tap()
    await turn.change(*await _list(turn, name, int(page)))


async def switch(_: Update, context: Context) -> None:
    """One more, or one less; the same tap twice changes nothing."""
    turn = context.turn
    name, page, key = context.tapped.split(".", 2)
    is_on = (turn.tap.data or "").startswith("wish_on:")
    await wishes.switch(turn.session, turn.person, name, key, turn.house.district, turn.now, is_on=is_on)
    await turn.answer_tap(say("tap.saved"))
    await turn.change(*await _list(turn, name, int(page)))


async def choose_all(_: Update, context: Context) -> None:
    """Everything again; of products as the profile says, of kecamatan only one's own."""
    turn, name = context.turn, context.tapped
    await wishes.choose(turn.session, turn.person, name, None, turn.house.district, turn.now)
    await turn.answer_tap(say("tap.saved"))
    await turn.change(*await _list(turn, name, 0))


async def _list(turn: Turn, name: str, page: int) -> tuple[Sentence, Buttons]:
    district = turn.house.district
    heard = await wishes.chosen(turn.session, turn.person, name, district)
    own = await wishes.own_kecamatan(turn.session, turn.person) if name == "kecamatan" else None
    shown, page, pages = page_of(wishes.options(name, district), page, ON_A_PAGE)
    each = [_switch(turn, name, key, page, is_on=key in heard, is_own=key == own) for key in shown]
    rows = [each[start : start + IN_A_ROW] for start in range(0, len(each), IN_A_ROW)]
    everything = Button(say(f"button.wish_all_{name}"), "wish_all", name)
    sentence = say(ASKS[name], now=await wish_words.now(turn.session, turn.person, name, district))
    return sentence, [*rows, *leaf("wish", f"{name}.", page, pages), [everything], [BACK]]


def _switch(turn: Turn, name: str, key: str, page: int, *, is_on: bool, is_own: bool) -> Button:
    label = kinds.option_name(name, key, turn.house.district)
    if is_own:
        return Button(say("button.wish_own", name=label), "wish_on", f"{name}.{page}.{key}")
    if is_on:
        return Button(say("button.wished", name=label), "wish_off", f"{name}.{page}.{key}")
    return Button(say("button.unwished", name=label), "wish_on", f"{name}.{page}.{key}")


# How often.


async def show_rhythm(_: Update, context: Context) -> None:
    """Seberapa sering."""
    await context.turn.answer_tap()
    await context.turn.change(*await _rhythm(context.turn))


async def choose_rhythm(_: Update, context: Context) -> None:
    """At once, daily or weekly."""
    turn = context.turn
    await wishes.choose_rhythm(turn.session, turn.person, context.tapped, turn.now)
    await turn.answer_tap(say("tap.saved"))
    await turn.change(*await _rhythm(turn))


async def _rhythm(turn: Turn) -> tuple[Sentence, Buttons]:
    timing = await rhythm.timing(turn.session, turn.house.district)
    wished = await wishes.of(turn.session, turn.person)
    blanks = {"hour": f"{timing.hour:%H.%M}", "day": Weekday(timing.day), "cap": Number(timing.cap)}
    sentence = say("wishes.rhythm", now=wish_words.rhythm_of(wished.rhythm, timing), **blanks)
    rows = []
    for name in RHYTHMS:
        label = say("button.wished" if name == wished.rhythm else "button.unwished", name=say(f"button.rhythm_{name}"))
        rows.append([Button(label, "wish_rhythm", name)])
    return wish_words.warned(sentence, wished, timing, turn.now), [*rows, [BACK]]


# When not.


async def show_quiet(_: Update, context: Context) -> None:
    """Jam tenang."""
    await steps.leave(context.turn, QUIET)
    await context.turn.answer_tap()
    await context.turn.change(*await _quiet(context.turn))


async def choose_quiet(_: Update, context: Context) -> None:
    """Those of the house, or none at all."""
    turn = context.turn
    await steps.leave(turn, QUIET)
    hours = NEVER if context.tapped == "none" else None
    await wishes.choose_quiet(turn.session, turn.person, hours, turn.now)
    await turn.answer_tap(say("tap.saved"))
    await turn.change(*await _quiet(turn))


async def ask_quiet(_: Update, context: Context) -> None:
    """Hours of their own, which they type."""
    await context.turn.answer_tap()
    await steps.begin(context.turn, QUIET)
    await context.turn.change(say("wishes.ask_quiet"), [_TO_QUIET])


async def take_quiet(turn: Turn, _: steps.State) -> None:
    """They were typed."""
    await wishes.choose_quiet(turn.session, turn.person, quiet.typed(turn.message.text or ""), turn.now)
    await steps.end(turn)
    await turn.reply(*await _quiet(turn))


async def _quiet(turn: Turn) -> tuple[Sentence, Buttons]:
    timing = await rhythm.timing(turn.session, turn.house.district)
    wished = await wishes.of(turn.session, turn.person)
    house = "–".join(wish_words.hours_of_house(timing))
    rows = [
        [Button(say("button.quiet_house", hours=house), "wish_quiet", "house")],
        [Button(say("button.quiet_own"), "wish_quiet", "own")],
        [Button(say("button.quiet_none"), "wish_quiet", "none")],
        [BACK],
    ]
    sentence = say("wishes.quiet", now=wish_words.quiet_of(wished.quiet, timing))
    return wish_words.warned(sentence, wished, timing, turn.now), rows


_TO_QUIET = [Button(say("button.back"), "wish_quiet", "show")]

steps.STEPS[QUIET] = take_quiet
steps.WAYS_OUT[QUIET] = lambda _: [_TO_QUIET]

_LISTS = "|".join(wishes.LISTS)

HANDLERS = [
    CallbackQueryHandler(open_menu, pattern=r"^wish_menu:(show)$"),
    CallbackQueryHandler(show, pattern=rf"^wish:((?:{_LISTS})\.\d{{1,3}})$"),
    CallbackQueryHandler(switch, pattern=rf"^wish_(?:on|off):((?:{_LISTS})\.\d{{1,3}}\.[^\n]{{1,40}})$"),
    CallbackQueryHandler(choose_all, pattern=rf"^wish_all:({_LISTS})$"),
    CallbackQueryHandler(show_rhythm, pattern=r"^wish_rhythm:(show)$"),
    CallbackQueryHandler(choose_rhythm, pattern=rf"^wish_rhythm:({'|'.join(RHYTHMS)})$"),
    CallbackQueryHandler(show_quiet, pattern=r"^wish_quiet:(show)$"),
    CallbackQueryHandler(choose_quiet, pattern=r"^wish_quiet:(house|none)$"),
    CallbackQueryHandler(ask_quiet, pattern=r"^wish_quiet:(own)$"),
]
