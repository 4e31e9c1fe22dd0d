"""Owing somebody something: in their language, within Telegram's limits, by a row of the outbox."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from db import outbox
from db.models import Delivery, Lane, Person
from db.session import Session
from messages import Button, Buttons, Sentence
from messages.limits import ALERT, BUTTON_LABEL, CALLBACK_DATA, TEXT, cut, split_html

NO_PREVIEW = {"is_disabled": True}
"""Previews of links make a card jump on a small screen and cost data."""


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


async def owe(session: Session, to: Person | Group, sentence: Sentence, buttons: Buttons = ()) -> Delivery:
    """Owe a message; one that is too long goes as several, the buttons under the last. Returns the last."""
    texts = split_html(sentence.in_language(to.language), TEXT)
    rows = [_message(to, text) for text in texts]
    if isinstance(to, Group) and to.message_id is not None:
        # Whoever deletes their question meanwhile is answered all the same.
        answered = {"message_id": to.message_id, "allow_sending_without_reply": True}
        rows[0].arguments["reply_parameters"] = answered
    if buttons:
        rows[-1].arguments["reply_markup"] = keyboard(buttons, to.language)
    for row in rows:
        await outbox.enqueue(session, row)
    return rows[-1]


async def owe_edit(
    session: Session, person: Person, message_id: int, sentence: Sentence, buttons: Buttons = ()
) -> Delivery:
    """Owe *person* that one of the bot's messages in their chat now says this."""
    text = split_html(sentence.in_language(person.language), TEXT)[0]
    row = _message(person, text, method="edit_message_text", message_id=message_id)
    row.edits = f"{person.telegram_id}:{message_id}"
    row.arguments["reply_markup"] = keyboard(buttons, person.language)
    return await outbox.enqueue(session, row)


async def owe_buttons(session: Session, person: Person, message_id: int, buttons: Buttons) -> Delivery:
    """Owe *person* other buttons under one of the bot's messages."""
    arguments = {"message_id": message_id, "reply_markup": keyboard(buttons, person.language)}
    row = _call(person, "edit_message_reply_markup", arguments)
    row.edits = f"{person.telegram_id}:{message_id}:buttons"
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
        arguments |= {"text": cut(sentence.in_language(to.language), ALERT), "show_alert": alert}
    row = _call(to, "answer_callback_query", arguments)
    row.lane = Lane.TAP
    del row.arguments["chat_id"]
    return await outbox.enqueue(session, row)


def _message(to: Person | Group, text: str, method: str = "send_message", **arguments: Any) -> Delivery:
    if isinstance(to, Group) and to.thread_id is not None:
        arguments["message_thread_id"] = to.thread_id
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


def _button(button: Button, language: str) -> dict[str, str]:
    label = button.label.in_language(language) if isinstance(button.label, Sentence) else button.label
    if button.url:
        return {"text": cut(label, BUTTON_LABEL), "url": button.url}
    if len(button.data.encode()) > CALLBACK_DATA:
        raise ValueError(f"the data of button {label!r} is longer than {CALLBACK_DATA} bytes: {button.data!r}")
    return {"text": cut(label, BUTTON_LABEL), "callback_data": button.data}
