"""What a broadcast says: any message the officer sends, taken over as it is then; its buttons, and its empty blanks.

The step "broadcast.text" takes it. It stays open until something is tapped: another message replaces the content, an
album's later items add to it, a place and a text belong together, since a place carries no words of its own, and so do
a file without words and what is written soon after it. What was replaced comes back by a tap.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from telegram import Message, PhotoSize, Update
from telegram.ext import CallbackQueryHandler

from domain import staff
from domain.broadcasts import Broadcast, content, drafts, sheets
from domain.broadcasts.content import BLANK_LIMIT, MOST_BUTTONS, Content, File, Frame, Link
from domain.broadcasts.refusals import TooLong
from domain.errors import NotForYou, Unfit
from domain.staff import Role
from domain.trainings.desk import offices_of
from handlers import steps
from handlers.broadcasts.sheet import back_to, composes, show, still
from handlers.turn import Context, Turn, rest_of
from handlers.writing import spans
from messages import Button, Buttons, Number, Sentence, say
from messages.formatted import html_of
from messages.limits import units

TEXT, BUTTON, BLANK = "broadcast.text", "broadcast.button", "broadcast.blank"

LIGHT = 150_000
"""Bytes of a photo's size that a cheap phone loads at once."""

SPLIT, TOGETHER = 3_900, timedelta(seconds=3)
"""A client cuts a long text into messages of up to 4,096 units, which come within so long of each other."""

SOON = timedelta(minutes=5)
"""So long after a file without a caption what is written is its caption."""


# Beginning.


async def make(_: Update, context: Context) -> None:
    """Buat siaran: for which office, where they serve several; then what it says."""
    turn, office = context.turn, context.tapped
    officer = await staff.access(turn.session, turn.person, reads=True)
    offices = offices_of(officer, turn.house.district)
    if officer.role is Role.READER or not offices:
        raise NotForYou
    chosen = office if office != "0" else offices[0].key if len(offices) == 1 else None
    if chosen is not None and chosen not in {one.key for one in offices}:
        raise NotForYou
    await turn.answer_tap()
    if chosen is None:
        each = [[Button(one.short_name, "broadcast_make", one.key)] for one in offices]
        await turn.change(say("broadcast.choose_office"), [*each, [Button(say("button.back"), "siaran", 0)]])
        return
    await steps.begin(turn, TEXT, office=chosen)
    await turn.change(say("broadcast.ask_text"), [[Button(say("button.back"), "siaran", 0)]])


async def ask_anew(_: Update, context: Context) -> None:
    """Isi: what is sent next takes the place of all it said."""
    turn, broadcast = context.turn, await composes(context)
    await turn.answer_tap()
    await steps.begin(turn, TEXT, broadcast=broadcast.id)
    await turn.change(say("broadcast.ask_text_again"), [back_to(broadcast)])


# Taking over.


async def take(turn: Turn, state: steps.State) -> None:
    """Whatever was sent is what it says."""
    broadcast = await _draft(turn, state)
    if broadcast is None:
        return
    said = taken(turn.message)
    around = drafts.frame(turn.house.district, turn.username, broadcast)
    if await _is_too_long(turn, state, said, around):
        return
    album = _is_more(drafts.said_by(broadcast), state, turn.message)
    captions = [*(state["captions"] if album else []), said.html]
    old = drafts.said_by(broadcast)
    joins = _joins(old, said, state, turn.now)
    said = replace(old, html=said.html) if joins else _together(old, said, state, captions, is_more=album)
    drafts.put(broadcast, said, around, turn.now)
    turn.session.add(broadcast)
    await turn.session.flush()
    kept = {"broadcast": broadcast.id, "after": state["after"], "group": turn.message.media_group_id}
    before = state.get("before") if album else None if old.is_empty else old.as_json()
    note, ways = _came(broadcast, old, state, is_joined=joins)
    row = await _show(turn, broadcast, state | {"before": before}, note, ways, is_more=album)
    await steps.begin(turn, TEXT, **kept, captions=captions, sheet=row, came=True, before=before)


async def _draft(turn: Turn, state: steps.State) -> Broadcast | None:
    """The draft that is composed, or a new one that is not kept yet; None where it is none any more."""
    if state.get("broadcast"):
        return await still(turn, state)
    await staff.access(turn.session, turn.person, office=state["office"])
    return drafts.new(turn.person, state["office"], turn.now)


def taken(message: Message) -> Content:
    """*message* as it is taken over. Raises Unfit for a kind that is not sent on, and HeavyFile."""
    if message.text is not None:
        return Content(html=html_of(message.text, spans(message.entities)).text)
    if message.location:
        venue = message.venue
        words = html_of(f"{venue.title}\n{venue.address}").text if venue else ""
        return Content(html=words, place=(float(message.location.latitude), float(message.location.longitude)))
    words = html_of(message.caption or "", spans(message.caption_entities)).text
    if message.photo:
        return Content(html=words, files=(File("photo", light(message.photo).file_id),))
    for kind, file in (("document", message.document), ("video", message.video)):
        if file and not message.animation:  # which comes as a document too
            content.check_weight(file.file_size)
            return Content(html=words, files=(File(kind, file.file_id),))
    raise Unfit(say("broadcast.kinds"))


def light(sizes: tuple[PhotoSize, ...]) -> PhotoSize:
    """The largest that is not too heavy, else the smallest."""
    by_area = sorted(sizes, key=lambda size: size.width * size.height)
    return next((size for size in reversed(by_area) if (size.file_size or LIGHT) <= LIGHT), by_area[0])


def _is_more(old: Content, state: steps.State, message: Message) -> bool:
    """Whether *message* is a further item of the album that came before."""
    is_same = message.media_group_id is not None and message.media_group_id == state.get("group")
    return is_same and len(old.files) == len(state["captions"])


def _joins(old: Content, said: Content, state: steps.State, now: datetime) -> bool:
    """Whether *said* are the words that a file still lacks."""
    is_words = said.kind == "text" and bool(old.files) and not old.html and not any(file.html for file in old.files)
    return is_words and bool(state.get("came")) and now - datetime.fromisoformat(state["at"]) <= SOON


def _came(broadcast: Broadcast, old: Content, state: steps.State, *, is_joined: bool) -> tuple[Sentence, Buttons]:
    """What to say of what came, and what leads back from there."""
    if is_joined:
        only = Button(say("button.broadcast_words_only"), "broadcast_words_only", broadcast.id)
        return say("broadcast.text_joined", kind=say(f"broadcast.kind_{old.kind}")), [[only]]
    if old.is_empty:
        return say("broadcast.text_taken"), []
    return say("broadcast.text_replaced"), [sheets.before_of(broadcast, _digest(old.as_json()))]


def _digest(kept: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:8]


def _together(old: Content, said: Content, state: steps.State, captions: list[str], *, is_more: bool) -> Content:
    """What it says now that *said* came."""
    if is_more:
        said = drafts.album([*old.files, *said.files], captions)
    elif state.get("came") and old.place and not said.place and not said.files:
        said = replace(old, html=said.html)
    elif state.get("came") and said.place and old.kind == "text":
        said = replace(said, html=said.html or old.html)
    return drafts.joined(old, said)


async def _is_too_long(turn: Turn, state: steps.State, said: Content, around: Frame) -> bool:
    """Say so of a text beyond the limit, and of the rest of one that the client cut into several messages."""
    text, before = turn.message.text, state.get("long")
    if text is None:
        return False
    is_rest = before is not None and turn.message.date - datetime.fromisoformat(before["at"]) <= TOGETHER
    length = units(text) + (before["length"] if before and is_rest else 0)
    try:
        content.check(replace(said, html="x" * length if is_rest else said.html), around)
    except TooLong as refusal:
        if not is_rest and units(text) < SPLIT:
            raise
        details = {name: value for name, value in state.items() if name not in {"step", "at"}}
        await steps.begin(turn, TEXT, **details | {"long": {"at": turn.message.date.isoformat(), "length": length}})
        await turn.reply(refusal.sentence, _back(state))
        return True
    return False


def _back(state: steps.State) -> Buttons:
    if number := state.get("broadcast"):
        return [[Button(say("button.back"), "broadcast", number)]]
    return [[Button(say("button.back"), "siaran", 0)]]


async def _show(
    turn: Turn, broadcast: Broadcast, state: steps.State, note: Sentence, ways: Buttons, *, is_more: bool
) -> int | None:
    """The sheet: once for an album, by the row that shows it; for the rest a new one each time."""
    session, district = turn.session, turn.house.district
    before = _digest(state["before"]) if state["before"] else None
    if is_more and await sheets.follow(session, district, broadcast, turn.person, state["sheet"], turn.now, before):
        return int(state["sheet"])
    if turn.message.media_group_id is not None:
        return await sheets.owe_of_album(session, district, broadcast, turn.person, turn.now, before)
    await show(turn, broadcast, note, ways)
    return None


async def take_before(_: Update, context: Context) -> None:
    """Isi sebelumnya: what the newest message replaced comes back; without it all stays as it is."""
    turn = context.turn
    state = await steps.under_way(turn) or {}
    broadcast = await composes(context)
    kept = state.get("before") if state.get("broadcast") == broadcast.id else None
    if kept is None or rest_of(context) != _digest(kept):
        await turn.answer_tap(say("tap.before_gone"), alert=True)
        await show(turn, broadcast)
        return
    said = drafts.joined(drafts.said_by(broadcast), content.content_of(kept))
    drafts.put(broadcast, said, drafts.frame(turn.house.district, turn.username, broadcast), turn.now)
    await turn.answer_tap()
    await show(turn, broadcast, say("broadcast.before_back"))


async def leave_words(_: Update, context: Context) -> None:
    """Ganti isi saja: the words were meant in place of the file."""
    turn, broadcast = context.turn, await composes(context)
    said = drafts.said_by(broadcast)
    if said.html:
        around = drafts.frame(turn.house.district, turn.username, broadcast)
        drafts.put(broadcast, replace(said, files=()), around, turn.now)
    await turn.answer_tap()
    await show(turn, broadcast, say("broadcast.words_only"))


# Buttons.


async def show_buttons(_: Update, context: Context) -> None:
    """Those it has, and how to add one."""
    turn, broadcast = context.turn, await composes(context)
    await turn.answer_tap()
    await turn.change(*_buttons(broadcast))


def _buttons(broadcast: Broadcast) -> tuple[Sentence, Buttons]:
    id, links = broadcast.id, drafts.said_by(broadcast).buttons
    off = [
        [Button(say("button.broadcast_button_off", label=link.label), "broadcast_button_off", f"{id}.{link.digest}")]
        for link in links
    ]
    add = [
        Button(say("button.broadcast_link"), "broadcast_link", id),
        Button(say("button.broadcast_training"), "broadcast_trainings", id),
    ]
    rows = [*off, *([add] if len(links) < MOST_BUTTONS else []), back_to(broadcast)]
    lines = tuple(say("broadcast.button_line", label=link.label, leads=_leads(link)) for link in links)
    return say("broadcast.buttons", lines=lines) if lines else say("broadcast.buttons_none"), rows


def _leads(link: Link) -> str:
    return link.url or f"/daftar {link.training_id}"


async def ask_link(_: Update, context: Context) -> None:
    """Tautan: label and address, in one message."""
    turn, broadcast = context.turn, await composes(context)
    await turn.answer_tap()
    await steps.begin(turn, BUTTON, broadcast=broadcast.id)
    await turn.change(say("broadcast.ask_link"), [_to_buttons(broadcast)])


async def take_link(turn: Turn, state: steps.State) -> None:
    """A link was typed."""
    broadcast = await still(turn, state)
    if broadcast is None:
        return
    _add(turn, broadcast, drafts.link_of(turn.message.text or ""))
    await steps.end(turn)
    await show(turn, broadcast, say("broadcast.button_added"))


def _add(turn: Turn, broadcast: Broadcast, link: Link) -> None:
    said = drafts.with_button(drafts.said_by(broadcast), link)
    drafts.put(broadcast, said, drafts.frame(turn.house.district, turn.username, broadcast), turn.now)


async def choose_training(_: Update, context: Context) -> None:
    """Daftar pelatihan: which of those that are announced."""
    turn, broadcast = context.turn, await composes(context)
    await turn.answer_tap()
    trainings = await drafts.announced(turn.session, broadcast.office)
    each = [
        [Button(one.title, "broadcast_training", f"{broadcast.id}.{one.id}")] for one in trainings[: MOST_BUTTONS * 2]
    ]
    told = say("broadcast.ask_training") if each else say("broadcast.no_training")
    await turn.change(told, [*each, _to_buttons(broadcast)])


async def add_training(_: Update, context: Context) -> None:
    """One was chosen."""
    turn, broadcast = context.turn, await composes(context)
    training = await drafts.training_of(turn.session, broadcast, int(rest_of(context)))
    _add(turn, broadcast, drafts.to_training(say("broadcast.register").in_language("id"), training))
    await turn.answer_tap()
    await show(turn, broadcast, say("broadcast.button_added"))


async def take_off(_: Update, context: Context) -> None:
    """The button that was named goes, and no other; where it is gone, those that are left are shown."""
    turn, broadcast = context.turn, await composes(context)
    said = drafts.said_by(broadcast)
    left = tuple(link for link in said.buttons if link.digest != rest_of(context))
    await turn.answer_tap(say("tap.button_gone") if left == said.buttons else None)
    kept = replace(said, buttons=left)
    drafts.put(broadcast, kept, drafts.frame(turn.house.district, turn.username, broadcast), turn.now)
    await turn.change(*_buttons(broadcast))


def _to_buttons(broadcast: Broadcast) -> list[Button]:
    return [Button(say("button.back"), "broadcast_buttons", broadcast.id)]


# Empty blanks.


async def ask_blank(_: Update, context: Context) -> None:
    """What stands in a blank of those who told us nothing to write into it; there is something without an answer."""
    turn, broadcast, blank = context.turn, await composes(context), rest_of(context)
    await turn.answer_tap()
    await steps.begin(turn, BLANK, broadcast=broadcast.id, blank=blank)
    ours = say(f"broadcast.blank_{blank}")
    now = drafts.said_by(broadcast).fallbacks.get(blank) or ours
    plain = [Button(say("button.broadcast_blank_ours"), "broadcast_blank_ours", f"{broadcast.id}.{blank}")]
    rows = [plain, back_to(broadcast)] if blank in drafts.said_by(broadcast).fallbacks else [back_to(broadcast)]
    await turn.change(say("broadcast.ask_blank", blank=blank, now=now, ours=ours), rows)


async def take_blank(turn: Turn, state: steps.State) -> None:
    """It was typed."""
    broadcast = await still(turn, state)
    if broadcast is None:
        return
    typed = " ".join((turn.message.text or "").split())
    if not any(letter.isalnum() for letter in typed) or len(typed) > BLANK_LIMIT or "{" in typed:
        raise Unfit(say("broadcast.blank_unfit", most=Number(BLANK_LIMIT)))
    _fall_back(turn, broadcast, state["blank"], typed)
    await steps.end(turn)
    await show(turn, broadcast, say("manage.saved"))


async def use_ours(_: Update, context: Context) -> None:
    """As we would say it, in each language."""
    turn, broadcast = context.turn, await composes(context)
    _fall_back(turn, broadcast, rest_of(context), None)
    await turn.answer_tap()
    await show(turn, broadcast, say("manage.saved"))


def _fall_back(turn: Turn, broadcast: Broadcast, blank: str, typed: str | None) -> None:
    said = drafts.said_by(broadcast)
    kept = {name: value for name, value in said.fallbacks.items() if name != blank}
    said = replace(said, fallbacks={**kept, blank: typed} if typed else kept)
    drafts.put(broadcast, said, drafts.frame(turn.house.district, turn.username, broadcast), turn.now)


# Options.


async def switch(_: Update, context: Context) -> None:
    """Silent or not, pinned or not: as the button said, whatever somebody else switched meanwhile."""
    turn, broadcast = context.turn, await composes(context)
    name, _dot, wanted = rest_of(context).partition(".")
    setattr(broadcast, f"is_{name}", wanted == "1")
    await turn.answer_tap()
    await show(turn, broadcast)


steps.STEPS[TEXT] = steps.MEDIA_STEPS[TEXT] = take
steps.STEPS[BUTTON] = take_link
steps.STEPS[BLANK] = take_blank

HANDLERS = [
    CallbackQueryHandler(make, pattern=r"^broadcast_make:(0|[a-z][a-z0-9_]{0,39})$"),
    CallbackQueryHandler(ask_anew, pattern=r"^broadcast_text:(\d{1,18})$"),
    CallbackQueryHandler(take_before, pattern=r"^broadcast_before:(\d{1,18}\.[0-9a-f]{8})$"),
    CallbackQueryHandler(leave_words, pattern=r"^broadcast_words_only:(\d{1,18})$"),
    CallbackQueryHandler(show_buttons, pattern=r"^broadcast_buttons:(\d{1,18})$"),
    CallbackQueryHandler(ask_link, pattern=r"^broadcast_link:(\d{1,18})$"),
    CallbackQueryHandler(choose_training, pattern=r"^broadcast_trainings:(\d{1,18})$"),
    CallbackQueryHandler(add_training, pattern=r"^broadcast_training:(\d{1,18}\.\d{1,18})$"),
    CallbackQueryHandler(take_off, pattern=r"^broadcast_button_off:(\d{1,18}\.[0-9a-f]{8})$"),
    CallbackQueryHandler(ask_blank, pattern=r"^broadcast_blank:(\d{1,18}\.(?:nama|usaha))$"),
    CallbackQueryHandler(use_ours, pattern=r"^broadcast_blank_ours:(\d{1,18}\.(?:nama|usaha))$"),
    CallbackQueryHandler(switch, pattern=r"^broadcast_option:(\d{1,18}\.(?:silent|pinned)\.[01])$"),
]
