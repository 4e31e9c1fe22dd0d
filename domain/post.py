"""Owing somebody something: in their language, within Telegram's limits, by a row of the outbox."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html import unescape
from typing import Any

from db import outbox
from db.models import Delivery, Lane, Person
from db.session import Session
from messages import Button, Buttons, Key, Keyboard, Sentence
from messages.limits import ALERT, BUTTON_LABEL, CALLBACK_DATA, CAPTION, TEXT, cut, split_html, units

_TAG = re.compile(r"<[^>]+>")

NO_PREVIEW = {"is_disabled": True}
"""Previews of links make a card jump on a small screen and cost data."""

MEDIA = {kind: f"send_{kind}" for kind in ("photo", "document", "voice", "video", "audio")}
"""The method that sends a file of each kind, named by its file_id."""


@dataclass(frozen=True)
class Group:
    """A group in which somebody asked: what is owed there names no person, and no refusal there is theirs."""

    chat_id: int
    language: str
    """Of who asked."""
    message_id: int | None = None
    """The message that is answered."""
    thread_id: int | None = None
    """The forum's topic it stands in."""


@dataclass(frozen=True)
class Note:
    """What else is to be known of a call that is owed."""

    about: int | None = None
    """The person (our id) whose words or name go to somebody else: emptied when they are erased."""
    verb: str | None = None
    """A domain verb (`bot.verbs`) that hears what became of the call."""
    verb_arguments: Mapping[str, Any] = field(default_factory=dict)
    is_secret: bool = False
    """Emptied when settled."""
    after_id: int | None = None
    """A row that must be settled first."""
    is_bulk: bool = False
    """Goes after everybody's replies, and is not sent again where nobody knows whether it arrived."""
    goes_again: bool = False
    """Sent again all the same, once, as a reply is."""
    expires_at: datetime | None = None
    """What was not sent by then is skipped, unless it goes after a row that went."""
    answers: int | None = None
    """The message in a private chat under which it stands as a reply: a tap on its buttons brings that along."""


PLAIN = Note()


async def owe(
    session: Session, to: Person | Group, sentence: Sentence, buttons: Buttons | Keyboard = (), note: Note = PLAIN
) -> Delivery:
    """Owe a message; one that is too long goes as several, the buttons under the last. Returns the last.

    Telegram takes buttons or a keyboard, not both; NO_KEYBOARD takes the keys away again.
    The verb of *note* hears of the last only.
    """
    texts = split_html(sentence.in_language(to.language), TEXT)
    rows = [_message(to, text) for text in texts]
    _answer(to, rows[0])
    if note.answers is not None:
        _reply_to(note.answers, rows[-1])
    return await _enqueue(session, to, rows, buttons, note)


async def owe_media(
    session: Session,
    to: Person | Group,
    kind: str,
    file_id: str,
    caption: Sentence,
    buttons: Buttons = (),
    note: Note = PLAIN,
) -> Delivery:
    """Owe a file that Telegram has already, by its *file_id*; a caption too long goes as messages after it.

    Buttons and the verb of *note* belong to the file. Returns its row. Raises KeyError for a kind not in MEDIA.
    """
    text, *more = split_html(caption.in_language(to.language), CAPTION)
    row = _call(to, MEDIA[kind], {kind: file_id, "caption": text, "parse_mode": "HTML", **_thread(to)})
    _answer(to, row)
    sent = await _enqueue(session, to, [row], buttons, note)
    for text in more:
        await _enqueue(session, to, [_message(to, text)], (), Note(about=note.about, is_secret=note.is_secret))
    return sent


async def owe_under(
    session: Session,
    to: Person | Group,
    kind: str,
    file_id: str,
    sentence: Sentence,
    buttons: Buttons = (),
    note: Note = PLAIN,
) -> Delivery:
    """Owe *sentence* with a file that Telegram has: under it where it fits, else as the message after it.

    Buttons and the verb of *note* belong to the words. Returns their row, which names the file's row as the one it
    goes after. Raises KeyError for a kind not in MEDIA.
    """
    if fits_caption(sentence, to.language):
        return await owe_media(session, to, kind, file_id, sentence, buttons, note)
    file = _call(to, MEDIA[kind], {kind: file_id, **_thread(to)})
    _answer(to, file)
    await _enqueue(session, to, [file], (), replace(note, verb=None))
    return await owe(session, to, sentence, buttons, replace(note, after_id=file.id))


async def owe_document(
    session: Session,
    person: Person,
    kind: str,
    id: int,
    caption: Sentence,
    buttons: Buttons = (),
    *,
    is_photo: bool = False,
) -> Delivery:
    """Owe a file made when it is sent, by the renderer called *kind* (`bot.documents`), shown as a picture or not.

    A caption too long goes as messages after it. Returns the file's row.
    """
    text, *more = split_html(caption.in_language(person.language), CAPTION)
    argument = "photo" if is_photo else "document"
    row = _call(person, MEDIA[argument], {"caption": text, "parse_mode": "HTML"})
    row.document = {"kind": kind, "id": id, "argument": argument}
    sent = await _enqueue(session, person, [row], buttons, PLAIN)
    for text in more:
        await _enqueue(session, person, [_message(person, text)], (), PLAIN)
    return sent


async def owe_call(
    session: Session, to: Person | Group, method: str, arguments: dict[str, Any], note: Note = PLAIN
) -> Delivery:
    """Owe any other call about a chat (a deletion, a reaction, a topic, a menu)."""
    row = _call(to, method, arguments)
    if "scope" in arguments:  # a menu names its chat there
        del row.arguments["chat_id"]
    return await _enqueue(session, to, [row], (), note)


async def owe_edit(
    session: Session,
    to: Person | Group,
    message_id: int,
    sentence: Sentence,
    buttons: Buttons = (),
    note: Note = PLAIN,
    *,
    is_caption: bool = False,
) -> Delivery:
    """Owe that one of the bot's messages now says this, under its file when *is_caption*."""
    text = split_html(sentence.in_language(to.language), CAPTION if is_caption else TEXT)[0]
    if is_caption:
        row = _call(to, "edit_message_caption", {"message_id": message_id, "caption": text, "parse_mode": "HTML"})
    else:
        row = _message(to, text, method="edit_message_text", message_id=message_id)
    row.edits = f"{row.chat_id}:{message_id}"
    row.arguments["reply_markup"] = keyboard(buttons, to.language)
    _annotate(row, note)
    return await outbox.enqueue(session, row)


async def owe_buttons(session: Session, to: Person | Group, message_id: int, buttons: Buttons) -> Delivery:
    """Owe other buttons under one of the bot's messages."""
    arguments = {"message_id": message_id, "reply_markup": keyboard(buttons, to.language)}
    row = _call(to, "edit_message_reply_markup", arguments)
    row.edits = f"{row.chat_id}:{message_id}:buttons"
    return await outbox.enqueue(session, row)


async def owe_tap_answer(
    session: Session,
    to: Person | Group,
    callback_query_id: str,
    sentence: Sentence | None = None,
    *,
    alert: bool = False,
) -> Delivery:
    """Owe the tap its answer: the button stops turning, and *sentence* shows as a toast or an alert."""
    arguments: dict[str, Any] = {"callback_query_id": callback_query_id}
    if sentence:
        arguments |= {"text": cut(plain(sentence.in_language(to.language)), ALERT), "show_alert": alert}
    row = _call(to, "answer_callback_query", arguments)
    row.lane = Lane.TAP
    del row.arguments["chat_id"]
    return await outbox.enqueue(session, row)


def plain(html: str) -> str:
    """*html* where Telegram reads no tags: in what answers a tap."""
    return unescape(_TAG.sub("", html))


def fits_a_tap(sentence: Sentence, language: str) -> bool:
    """Whether the answer to a tap can say *sentence* whole, and as it is meant to look."""
    html = sentence.in_language(language)
    return units(plain(html)) <= ALERT and not _TAG.search(html)


def fits_caption(sentence: Sentence, language: str) -> bool:
    """Whether *sentence* can stand under a file in one piece."""
    return len(split_html(sentence.in_language(language), CAPTION)) == 1


async def _enqueue(
    session: Session, to: Person | Group, rows: list[Delivery], buttons: Buttons | Keyboard, note: Note
) -> Delivery:
    """Owe *rows*, the buttons and the verb with the last. Returns the last."""
    if isinstance(buttons, Keyboard):
        rows[-1].arguments["reply_markup"] = _keys(buttons, to.language)
    elif buttons:
        rows[-1].arguments["reply_markup"] = keyboard(buttons, to.language)
    for row in rows:
        _annotate(row, note)
        if row is not rows[-1]:
            row.verb = row.verb_arguments = None
        await outbox.enqueue(session, row)
    return rows[-1]


def _annotate(row: Delivery, note: Note) -> None:
    row.about_id, row.is_secret, row.after_id = note.about, note.is_secret, note.after_id
    row.expires_at = note.expires_at
    if note.is_bulk:
        row.lane, row.goes_again = Lane.BULK, note.goes_again
    if note.verb:
        row.verb, row.verb_arguments = note.verb, dict(note.verb_arguments)


def _answer(to: Person | Group, row: Delivery) -> None:
    """Let *row* stand as a reply to the message of the group it answers."""
    if isinstance(to, Group) and to.message_id is not None:
        _reply_to(to.message_id, row)


def _reply_to(message_id: int, row: Delivery) -> None:
    # Whoever deletes their question meanwhile is answered all the same.
    row.arguments["reply_parameters"] = {"message_id": message_id, "allow_sending_without_reply": True}


def _thread(to: Person | Group) -> dict[str, Any]:
    return {"message_thread_id": to.thread_id} if isinstance(to, Group) and to.thread_id is not None else {}


def _message(to: Person | Group, text: str, method: str = "send_message", **arguments: Any) -> Delivery:
    if method == "send_message":
        arguments |= _thread(to)
    return _call(to, method, {"text": text, "parse_mode": "HTML", "link_preview_options": NO_PREVIEW, **arguments})


def _call(to: Person | Group, method: str, arguments: dict[str, Any]) -> Delivery:
    chat_id, person_id = (to.chat_id, None) if isinstance(to, Group) else (to.telegram_id, to.id)
    return Delivery(
        chat_id=chat_id,
        person_id=person_id,
        lane=Lane.REPLY,
        method=method,
        arguments={"chat_id": chat_id, **arguments},
        created_at=datetime.now(UTC),
    )


def keyboard(buttons: Buttons, language: str) -> dict[str, Any]:
    """The inline keyboard as Telegram takes it. Raises ValueError when a button's data exceeds 64 bytes."""
    return {"inline_keyboard": [[_button(button, language) for button in row] for row in buttons]}


def _keys(keys: Keyboard, language: str) -> dict[str, Any]:
    """The reply keyboard as Telegram takes it: folded away once used, though only NO_KEYBOARD takes it out of reach."""
    if not keys.rows:
        return {"remove_keyboard": True}
    rows = [[_key(key, language) for key in row] for row in keys.rows]
    hint = {"input_field_placeholder": keys.hint.in_language(language)} if keys.hint else {}
    return {"keyboard": rows, "resize_keyboard": True, "one_time_keyboard": True, **hint}


def _key(key: Key, language: str) -> dict[str, Any]:
    label = {"text": cut(_label(key.label, language), BUTTON_LABEL)}
    return {**label, "request_contact": True} if key.asks_contact else label


def _label(label: Sentence | str, language: str) -> str:
    return label.in_language(language) if isinstance(label, Sentence) else label


def _button(button: Button, language: str) -> dict[str, str]:
    label = _label(button.label, language)
    if button.url:
        return {"text": cut(label, BUTTON_LABEL), "url": button.url}
    if len(button.data.encode()) > CALLBACK_DATA:
        raise ValueError(f"the data of button {label!r} is longer than {CALLBACK_DATA} bytes: {button.data!r}")
    return {"text": cut(label, BUTTON_LABEL), "callback_data": button.data}
