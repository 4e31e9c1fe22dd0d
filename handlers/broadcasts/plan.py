"""Before a broadcast sets out: how it will look, when it goes, what would come of it, and the yes of whoever must."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import dates, staff
from domain.broadcasts import Broadcast, BroadcastState, confirming, content, drafts, moments, quiet, sheets, telling
from domain.broadcasts.forecast import Forecast
from domain.broadcasts.refusals import Changed, WrongState
from domain.broadcasts.samples import Closing, Sample
from domain.errors import StaleButton
from domain.post import Group
from handlers import steps
from handlers.broadcasts.sheet import acts, back_to, composes, means_of, reads, show, still
from handlers.turn import Context, Turn, number_in, rest_of
from messages import FIRST_LANGUAGE, Button, Duration, Moment, Sentence, say

WHEN, WHY = "broadcast.when", "broadcast.why"

LIMITS = (30, 120, 360, 1440)
"""Minutes by which it may be late."""


# How it will look.


async def preview(_: Update, context: Context) -> None:
    """Pratinjau: the very messages, as who reads the officer's language gets them; others by a button."""
    turn, broadcast = context.turn, await reads(context)
    language = rest_of(context) or FIRST_LANGUAGE
    _check(turn, broadcast)
    await turn.answer_tap()
    closing = Closing(turn.person.id, broadcast.id, "preview", language)
    await _sample(turn, broadcast).show(turn.session, turn.person, language, closing=closing)


async def send_test(_: Update, context: Context) -> None:
    """Kirim ke saya, or to the office's group: as it will come, sound and pin too."""
    turn, broadcast = context.turn, await acts(context)
    _check(turn, broadcast)
    sample = _sample(turn, broadcast)
    if rest_of(context) == "me":
        await turn.answer_tap()
        closing = Closing(turn.person.id, broadcast.id, "me")
        await sample.show(turn.session, turn.person, turn.person.language, is_real=True, closing=closing)
        return
    group = await staff.group_of(turn.session, broadcast.office)
    await turn.answer_tap()
    if group is None:
        await turn.reply(say("broadcast.no_group"), [back_to(broadcast)])
        return
    to, closing = Group(group.chat_id, FIRST_LANGUAGE), Closing(turn.person.id, broadcast.id, "group")
    await sample.show(turn.session, to, FIRST_LANGUAGE, is_real=True, closing=closing)


def _sample(turn: Turn, broadcast: Broadcast) -> Sample:
    return Sample(broadcast, turn.house.district, turn.username)


def _check(turn: Turn, broadcast: Broadcast) -> None:
    """Raises BadContent."""
    content.check(drafts.said_by(broadcast), drafts.frame(turn.house.district, turn.username, broadcast))


async def for_whatsapp(_: Update, context: Context) -> None:
    """Teks untuk WA: plain, with its code, to be copied; before it is confirmed there is none."""
    turn, broadcast = context.turn, await reads(context)
    await turn.answer_tap()
    unsent = {BroadcastState.DRAFT, BroadcastState.PROPOSED}
    if broadcast.code is None or broadcast.state in unsent:
        await turn.change(say("broadcast.no_code"), [back_to(broadcast)])
        return
    around = drafts.frame(turn.house.district, turn.username, broadcast)
    text = content.for_whatsapp(drafts.said_by(broadcast), around)
    await turn.reply(say("broadcast.for_wa", text=text), [back_to(broadcast)])


# When.


async def ask_when(_: Update, context: Context) -> None:
    """Waktu: some that are chosen often, any other typed, and how late it may be."""
    turn, broadcast = context.turn, await composes(context)
    await turn.answer_tap()
    await _ask_when(turn, broadcast)


async def _ask_when(turn: Turn, broadcast: Broadcast) -> None:
    await steps.begin(turn, WHEN, broadcast=broadcast.id)
    zone, hours = _zone(turn), await quiet.hours(turn.session, turn.house.district)
    at_once = [Button(say("button.broadcast_now"), "broadcast_at", f"{broadcast.id}.0")]
    language = turn.person.language
    some = [
        Button(_moment(turn, at).in_language(language).capitalize(), "broadcast_at", f"{broadcast.id}.{at:%Y%m%d%H%M}")
        for at in moments.offered(zone, turn.now, hours)
    ]
    limits = _limits(broadcast, language) if broadcast.starts_at else []
    told = sheets.when(turn.house.district, broadcast, turn.now)
    rows = [at_once, *([one] for one in some), *limits, back_to(broadcast)]
    example = dates.in_numbers(dates.example(turn.now.astimezone(zone)))
    await turn.change(say("broadcast.ask_when", now=told, numbers=example), rows)


def _moment(turn: Turn, at: datetime) -> Moment:
    return Moment(at, turn.house.district.timezone, turn.now)


def _limits(broadcast: Broadcast, language: str) -> list[list[Button]]:
    each = [
        Button(
            ("✓ " if broadcast.late_limit == minutes else "⏳ ")
            + Duration(timedelta(minutes=minutes)).in_language(language),
            "broadcast_late",
            f"{broadcast.id}.{minutes}",
        )
        for minutes in LIMITS
    ]
    return [each[:2], each[2:]]


async def take_at(_: Update, context: Context) -> None:
    """One was tapped. Raises PastTime."""
    turn, broadcast, text = context.turn, await composes(context), rest_of(context)
    at = None if text == "0" else _read(text, _zone(turn))
    if at is not None:
        moments.check(at, turn.now)
    await turn.answer_tap()
    _set_time(turn, broadcast, at)
    await show(turn, broadcast, say("manage.saved"))


def _read(text: str, zone: ZoneInfo) -> datetime:
    try:
        return datetime.strptime(text, "%Y%m%d%H%M").replace(tzinfo=zone)
    except ValueError as error:  # a forged one
        raise StaleButton from error


async def take_when(turn: Turn, state: steps.State) -> None:
    """A time was typed."""
    broadcast = await still(turn, state)
    if broadcast is None:
        return
    _set_time(turn, broadcast, moments.read(turn.message.text or "", _zone(turn), turn.now))
    await steps.end(turn)
    await show(turn, broadcast, say("manage.saved"))


def _set_time(turn: Turn, broadcast: Broadcast, at: datetime | None) -> None:
    broadcast.starts_at = at.astimezone(turn.now.tzinfo) if at else None
    broadcast.late_limit = (broadcast.late_limit or drafts.LATE_LIMIT) if at else None
    broadcast.changed_at = turn.now


async def take_limit(_: Update, context: Context) -> None:
    """How late it may be."""
    turn, broadcast = context.turn, await composes(context)
    minutes = int(rest_of(context))
    if minutes not in LIMITS or broadcast.starts_at is None:
        raise StaleButton
    broadcast.late_limit = minutes
    await turn.answer_tap()
    await _ask_when(turn, broadcast)


def _zone(turn: Turn) -> ZoneInfo:
    return ZoneInfo(turn.house.district.timezone)


# The yes.


async def ask_send(_: Update, context: Context) -> None:
    """Kirim: what would come of it, before anything is sent."""
    turn, broadcast = context.turn, await composes(context)
    told = await confirming.check(turn.session, means_of(turn), broadcast, turn.person, turn.now)
    await turn.answer_tap()
    blanks = {
        "title": telling.title_of(broadcast),
        "forecast": confirming.in_words(told, broadcast, turn.house.district, turn.now),
        "when": sheets.when(turn.house.district, broadcast, turn.now),
    }
    asked = await confirming.approval_words(turn.session, told)
    sentence = say("broadcast.ask_send", **blanks, last=asked or _last(broadcast, told))
    is_asked = asked is not None
    about = f"{broadcast.id}.{drafts.stamp(broadcast)}"
    surely = Button(_yes(broadcast, is_asked=is_asked), "broadcast_confirm", about)
    look = Button(say("button.broadcast_preview"), "broadcast_preview", broadcast.id)
    await turn.change(sentence, [[surely], [look], back_to(broadcast)])


def _last(broadcast: Broadcast, told: Forecast) -> Sentence:
    """Whether it can still be changed afterwards."""
    waits = broadcast.starts_at is not None or told.is_held or told.waits_for_others
    return say("broadcast.may_be_changed") if waits else say("broadcast.asked_last")


def _yes(broadcast: Broadcast, *, is_asked: bool) -> Sentence:
    if is_asked:
        return say("button.broadcast_propose")
    return say("button.broadcast_send_now") if broadcast.starts_at is None else say("button.broadcast_schedule_it")


async def confirm(_: Update, context: Context) -> None:
    """It is meant, as it was shown; who taps twice sees how it stands."""
    turn, broadcast = context.turn, await acts(context)
    if broadcast.state is not BroadcastState.DRAFT:
        await turn.answer_tap()
        await show(turn, broadcast)
        return
    if rest_of(context) != drafts.stamp(broadcast):
        raise Changed
    told = await confirming.confirm(turn.session, means_of(turn), broadcast, turn.person, turn.now)
    await turn.answer_tap()
    await _show_confirmed(turn, broadcast, told, say("broadcast.scheduled"))


async def _show_confirmed(turn: Turn, broadcast: Broadcast, told: Forecast, note: Sentence) -> None:
    """What became of it; one that sets out this moment could not be changed any more by what its sheet offers."""
    if broadcast.state is BroadcastState.PROPOSED:
        await show(turn, broadcast, say("broadcast.proposed"))
    elif broadcast.starts_at is not None and broadcast.starts_at > turn.now:
        await show(turn, broadcast, note)
    else:
        whatsapp = Button(say("button.text_for_wa"), "broadcast_wa", broadcast.id)
        look = Button(say("button.broadcast_refresh"), "broadcast", broadcast.id)
        await turn.change(_sent(turn, broadcast, told), [[whatsapp], [look], [Button(say("button.back"), "siaran", 0)]])


def _sent(turn: Turn, broadcast: Broadcast, told: Forecast) -> Sentence:
    """When it sets out, where that is not at once."""
    about = {"title": telling.title_of(broadcast), "code": broadcast.code or ""}
    begins = _moment(turn, told.begins_at)
    if told.waits_for_others:
        return say("broadcast.sent_in_turn", moment=begins, **about)
    return say("broadcast.sent_held", moment=begins, **about) if told.is_held else say("broadcast.sent", **about)


async def approve(_: Update, context: Context) -> None:
    """Setujui: the second officer's."""
    turn = context.turn
    broadcast = await confirming.access_proposed(turn.session, turn.person, number_in(context), rest_of(context))
    await steps.leave(turn, "broadcast.")
    told = await confirming.approve(turn.session, means_of(turn), broadcast, turn.person, turn.now)
    await turn.answer_tap()
    await _show_confirmed(turn, broadcast, told, say("broadcast.approved_by_you"))


async def ask_why(_: Update, context: Context) -> None:
    """Tolak: why, which the author reads."""
    turn, stamp = context.turn, rest_of(context)
    broadcast = await confirming.access_proposed(turn.session, turn.person, number_in(context), stamp)
    await turn.answer_tap()
    await steps.begin(turn, WHY, broadcast=broadcast.id, stamp=stamp)
    await turn.change(say("broadcast.ask_why", title=telling.title_of(broadcast)), [back_to(broadcast)])


async def take_why(turn: Turn, state: steps.State) -> None:
    """It was written."""
    number, stamp = state["broadcast"], state["stamp"]
    try:
        broadcast = await confirming.access_proposed(turn.session, turn.person, number, stamp)
    except (WrongState, Changed) as refusal:  # decided or changed meanwhile: why is not asked any more
        await steps.end(turn)
        await turn.reply(refusal.sentence, [[Button(say("button.broadcast_open"), "broadcast", number)]])
        return
    await confirming.refuse(turn.session, broadcast, turn.person, turn.message.text or "", turn.now)
    await steps.end(turn)
    await turn.reply(say("broadcast.refused_by_you", title=telling.title_of(broadcast)), [back_to(broadcast)])


steps.STEPS[WHEN] = take_when
steps.STEPS[WHY] = take_why

_STAMPED = r"(\d{1,18}\.[0-9a-f]{8})"

HANDLERS = [
    CallbackQueryHandler(preview, pattern=r"^broadcast_preview:(\d{1,18}(?:\.(?:id|jv|en|public))?)$"),
    CallbackQueryHandler(send_test, pattern=r"^broadcast_try:(\d{1,18}\.(?:me|group))$"),
    CallbackQueryHandler(for_whatsapp, pattern=r"^broadcast_wa:(\d{1,18})$"),
    CallbackQueryHandler(ask_when, pattern=r"^broadcast_when:(\d{1,18})$"),
    CallbackQueryHandler(take_at, pattern=r"^broadcast_at:(\d{1,18}\.(?:0|\d{12}))$"),
    CallbackQueryHandler(take_limit, pattern=r"^broadcast_late:(\d{1,18}\.\d{1,5})$"),
    CallbackQueryHandler(ask_send, pattern=r"^broadcast_send:(\d{1,18})$"),
    CallbackQueryHandler(confirm, pattern=rf"^broadcast_confirm:{_STAMPED}$"),
    CallbackQueryHandler(approve, pattern=rf"^broadcast_approve:{_STAMPED}$"),
    CallbackQueryHandler(ask_why, pattern=rf"^broadcast_refuse:{_STAMPED}$"),
]
