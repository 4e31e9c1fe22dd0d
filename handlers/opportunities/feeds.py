"""Sumber berita, under /peluang: the feeds whose new items become drafts; add one, look at it, stop it."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import staff
from domain.district import Office
from domain.errors import NotForYou
from domain.opportunities import Feed, Opportunity, composing, feeds
from domain.opportunities.feed_news import ADD, LIST
from domain.staff import Officer, Role
from domain.trainings.desk import offices_of
from handlers import steps
from handlers.pages import leaf, page_of
from handlers.turn import Context, Turn
from messages import Button, Moment, Number, Sentence, say

STEP = "feed.address"


async def show_all(_: Update, context: Context) -> None:
    """Those of their office, how each does, and how there will be more."""
    turn = context.turn
    officer = await staff.access(turn.session, turn.person, reads=True)
    await steps.leave(turn, "feed.")
    offices = offices_of(officer, turn.house.district)
    shown, page, pages = page_of(
        await feeds.of_offices(turn.session, [one.key for one in offices]), int(context.tapped)
    )
    lines = tuple(_line(turn, one, several=len(offices) > 1) for one in shown) or say("feed.none")
    each = [[Button(feeds.title_of(one), "feed", one.id)] for one in shown]
    add = [] if officer.role is Role.READER else [[ADD]]
    await turn.answer_tap()
    rows = [*each, *leaf("feeds", "", page, pages), *add, [Button(say("button.back"), "opp_desk", 0)]]
    await turn.change(say("feed.list", lines=lines), rows)


def _line(turn: Turn, feed: Feed, *, several: bool) -> Sentence:
    blanks = {"title": feeds.title_of(feed), "state": _state(turn, feed)}
    if several:
        office = turn.house.district.office(feed.office)
        return say("feed.line_of_office", office=office.short_name if office else feed.office, **blanks)
    return say("feed.line_of_list", **blanks)


def _state(turn: Turn, feed: Feed) -> Sentence:
    """What the last look met."""
    if feed.looked_at is None:
        return say("feed.state_new")
    last = Moment(feed.looked_at, turn.house.district.timezone, turn.now)
    return say("feed.state_broken", last=last) if feed.trouble else say("feed.state_read", last=last)


async def show(_: Update, context: Context) -> None:
    """One of them."""
    turn = context.turn
    feed = await feeds.access(turn.session, turn.person, int(context.tapped), reads=True)
    officer = await staff.access(turn.session, turn.person, reads=True)
    trouble = say("feed.trouble", why=say(feed.trouble)) if feed.trouble else ""
    stop = [] if officer.role is Role.READER else [[Button(say("button.feed_stop"), "feed_stop", feed.id)]]
    await turn.answer_tap()
    sheet = say("feed.sheet", title=feeds.title_of(feed), url=feed.url, state=_state(turn, feed), trouble=trouble)
    await turn.change(sheet, [*stop, [LIST]])


# Adding.


async def ask_address(_: Update, context: Context) -> None:
    """Tambah sumber: for which office, where they serve several; then its address."""
    turn = context.turn
    offices = _acting(turn, await staff.access(turn.session, turn.person, reads=True))
    chosen = offices[0].key if context.tapped == "0" and len(offices) == 1 else context.tapped
    if chosen != "0" and chosen not in {one.key for one in offices}:
        raise NotForYou
    await turn.answer_tap()
    if chosen == "0":
        each = [[Button(one.short_name, "feed_new", one.key)] for one in offices]
        await turn.change(say("feed.choose_office"), [*each, [LIST]])
        return
    await steps.begin(turn, STEP, office=chosen)
    await turn.change(say("feed.ask_address"), [[LIST]])


def _acting(turn: Turn, officer: Officer) -> list[Office]:
    """The offices for which they may add one. Raises NotForYou where there is none."""
    offices = offices_of(officer, turn.house.district)
    if officer.role is Role.READER or not offices:
        raise NotForYou
    return offices


async def take_address(turn: Turn, state: steps.State) -> None:
    """It was typed: it is tried outside the turn, and what comes of it comes as a message."""
    feed = await feeds.add(turn.session, turn.person, state["office"], turn.message.text or "", turn.now)
    await steps.end(turn)
    await turn.reply(say("feed.trying", url=feed.url), [[LIST]])


# Stopping.


async def ask_stop(_: Update, context: Context) -> None:
    """Berhenti: asked once."""
    turn = context.turn
    feed = await feeds.access(turn.session, turn.person, int(context.tapped))
    await turn.answer_tap()
    surely = Button(say("button.feed_stop_surely"), "feed_stopped", feed.id)
    back = Button(say("button.back"), "feed", feed.id)
    await turn.change(say("feed.ask_stop", title=feeds.title_of(feed)), [[surely], [back]])


async def stop(_: Update, context: Context) -> None:
    """It is meant."""
    turn = context.turn
    feed = await feeds.access(turn.session, turn.person, int(context.tapped))
    await feeds.stop(turn.session, feed, turn.person, turn.now)
    await turn.answer_tap()
    await turn.change(say("feed.stopped", title=feeds.title_of(feed)), [[LIST]])


# Dropping what came together.


async def ask_drop(_: Update, context: Context) -> None:
    """Buang semua dari kabar ini: asked once; what somebody changed or published meanwhile is not meant."""
    turn, (feed, drafts) = context.turn, await _together(context)
    await turn.answer_tap()
    if not drafts:
        await turn.reply(say("feed.nothing_to_drop"), [[LIST]])
        return
    surely = Button(say("button.broadcast_drop_surely"), "feed_dropped", context.tapped)
    question = say("feed.ask_drop", number=Number(len(drafts)), title=feeds.title_of(feed))
    await turn.reply(question, [[surely], [LIST]])


async def drop(_: Update, context: Context) -> None:
    """It is meant."""
    turn, (feed, drafts) = context.turn, await _together(context)
    if not drafts:  # most likely a second tap, and how many they were stands there
        await turn.answer_tap(say("feed.nothing_to_drop"), alert=True)
        return
    for draft in drafts:
        await composing.drop(turn.session, draft, composing.actor(turn.person), turn.now)
    await turn.answer_tap()
    await turn.change(say("feed.dropped", number=Number(len(drafts)), title=feeds.title_of(feed)), [[LIST]])


async def _together(context: Context) -> tuple[Feed, list[Opportunity]]:
    feed_id, first, last = map(int, context.tapped.split("."))
    feed = await feeds.access(context.turn.session, context.turn.person, feed_id, is_of_drafts=True)
    return feed, await feeds.untouched(context.turn.session, feed, first, last)


steps.STEPS[STEP] = take_address
steps.WAYS_OUT["feed."] = lambda _: [[LIST]]

HANDLERS = [
    CallbackQueryHandler(show_all, pattern=r"^feeds:(\d{1,3})$"),
    CallbackQueryHandler(show, pattern=r"^feed:(\d{1,18})$"),
    CallbackQueryHandler(ask_address, pattern=r"^feed_new:(0|[a-z][a-z0-9_]{0,39})$"),
    CallbackQueryHandler(ask_stop, pattern=r"^feed_stop:(\d{1,18})$"),
    CallbackQueryHandler(ask_drop, pattern=r"^feed_drop:(\d{1,15}\.\d{1,15}\.\d{1,15})$"),
    CallbackQueryHandler(drop, pattern=r"^feed_dropped:(\d{1,15}\.\d{1,15}\.\d{1,15})$"),
    CallbackQueryHandler(stop, pattern=r"^feed_stopped:(\d{1,18})$"),
]
