"""What is answered to a form's question: typed, sent as a contact, or tapped; and the ways out of it."""

from collections.abc import Callable
from typing import Any

from telegram import Contact, Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from domain import post
from domain.errors import StaleButton, Unfit
from domain.forms import drafts, phone
from domain.forms.fields import Field
from handlers import forms, steps
from handlers.cards import TOPICS
from handlers.form_questions import LABELS, buttons_of, keyboard_of, may_skip, move_typed
from handlers.forms import STEP, Opened
from handlers.turn import Context, Turn
from messages import NO_KEYBOARD, say


async def take_text(turn: Turn, state: steps.State) -> None:
    """A key of the keyboard, or the answer; a corrected answer goes where the first one went."""
    opened = await forms.find(turn, state["form"])
    if opened is None:
        await steps.end(turn)
        await turn.reply(say("form.gone"), [[TOPICS]])
        return
    text = turn.message.text or ""
    if turn.update.edited_message is not None:
        await _correct(turn, opened, state, text)
    elif action := move_typed(text):
        await MOVES[action](turn, opened)
    else:
        await _take(turn, opened, opened.field, lambda: _words_of(turn, opened.field, text))


def _words_of(turn: Turn, field: Field, text: str) -> Any:
    # A forwarded number is somebody else's, as a forwarded contact is.
    if field.asks_contact and turn.message.forward_origin is not None:
        raise Unfit(say("form.not_your_contact"))
    return field.check(text)


async def _correct(turn: Turn, opened: Opened, state: steps.State, text: str) -> None:
    """An edited message, where it was an answer to any question of this form, or was refused as one; else no more."""
    id = turn.message.message_id
    name = next((name for name, typed in opened.draft.typed.items() if typed == id), None)
    field = opened.form.field(name) if name else opened.field if state.get("refused") == id else None
    if field:
        await _take(turn, opened, field, lambda: _words_of(turn, field, text))


async def _take(turn: Turn, opened: Opened, field: Field, read: Callable[[], Any]) -> None:
    """Note what *read* makes of the message in hand; what does not fit is said, and asked again."""
    try:
        value = read()
    except Unfit as unfit:
        await forms.begin_step(turn, opened, refused=turn.message.message_id)
        place = opened.form, opened.draft, opened.field, await forms.known_of(turn, opened)
        again = keyboard_of(*place) if opened.field.asks_contact else buttons_of(*place)
        await post.owe(turn.session, turn.person, unfit.sentence, again)
        return
    drafts.put(opened.draft, field.name, value, turn.now, turn.message.message_id)
    opened.draft.tapped = None
    if field.name == opened.field.name:
        await forms.go_on(turn, opened, noted=field)
    else:
        await forms.ask(turn, opened, noted=field)


async def take_media(turn: Turn, state: steps.State) -> None:
    """One's own contact where a phone is asked; whatever else is no text is refused with a sentence that helps."""
    opened = await forms.find(turn, state["form"])
    if opened is None:
        await take_text(turn, state)
        return
    contact = turn.message.contact
    await _take(turn, opened, opened.field, lambda: _number_of(turn, opened.field, contact))


def _number_of(turn: Turn, field: Field, contact: Contact | None) -> str:
    if contact is None or not field.asks_contact:
        raise Unfit(say("form.contact_or_words") if field.asks_contact else say("form.words_only"))
    # Forwarded it may be anybody's, or older than they think.
    if contact.user_id != turn.person.telegram_id or turn.message.forward_origin is not None:
        raise Unfit(say("form.not_your_contact"))
    return phone.of_contact(contact.phone_number)


async def press_key(_: Update, context: Context) -> None:
    """A key of our keyboard, which may still stand there when its form is over."""
    turn = context.turn
    draft = await drafts.newest(turn.session, turn.person, turn.now)
    if draft and draft.has_keyboard and (opened := await forms.find(turn, draft.form)):
        await MOVES[LABELS[turn.message.text or ""]](turn, opened)
    elif not await steps.take(turn):
        await post.owe(turn.session, turn.person, say("form.gone"), NO_KEYBOARD)


# What is tapped.


async def pick(_: Update, context: Context) -> None:
    """An option of a choice."""
    turn = context.turn
    name, field_name, value = context.tapped.split(".", 2)
    opened = await _tapped(turn, name, field_name, value)
    if opened is None:
        return
    if value not in opened.field.options and value not in opened.field.accepts:
        raise StaleButton
    await turn.answer_tap()
    drafts.put(opened.draft, field_name, value, turn.now)
    opened.draft.tapped = field_name
    await forms.go_on(turn, opened, noted=opened.field)


async def move(_: Update, context: Context) -> None:
    """Back, skip, empty, cancel, another page of options, or go on with what waits."""
    turn = context.turn
    action, name, field_name, *page = context.tapped.split(".")
    if action == "resume":
        await forms.resume(turn, name)
        await turn.answer_tap()
    elif action == "cancel" and await forms.find(turn, name) is None:
        await _leave_again(turn, name)
    elif opened := await _tapped(turn, name, field_name):
        await turn.answer_tap()
        if page:
            await _turn_page(turn, opened, int(page[0]))
        else:
            opened.draft.tapped = field_name
            await MOVES[action](turn, opened)


async def _tapped(turn: Turn, name: str, field_name: str, value: str | None = None) -> Opened | None:
    """The form at the question whose button was tapped; None for the second tap of two, which changes nothing.

    Raises StaleButton for the button of another question, and of a form that is over.
    """
    opened = await forms.find(turn, name)
    if opened and opened.field.name == field_name:
        return opened
    if opened and opened.draft.tapped == field_name:
        return None
    # The last answer of a form, which has been handed in with the first tap.
    kind, about = forms.kind_of(name)
    if opened is None and kind and value and (await kind.known(turn, about)).get(field_name) == value:
        return None
    if opened is None and await forms.is_told(turn, name):
        return None
    raise StaleButton


async def _turn_page(turn: Turn, opened: Opened, page: int) -> None:
    known = await forms.known_of(turn, opened)
    await turn.change_buttons(buttons_of(opened.form, opened.draft, opened.field, known, page))


async def _go_back(turn: Turn, opened: Opened) -> None:
    if before := drafts.move(opened.form, opened.draft, -1, turn.now):
        await forms.ask(turn, forms.moved_to(opened, before))


async def _skip(turn: Turn, opened: Opened) -> None:
    if not may_skip(opened.field, await forms.known_of(turn, opened)):
        raise Unfit(say("form.needed"))
    await forms.go_on(turn, opened)


async def _empty(turn: Turn, opened: Opened) -> None:
    drafts.put(opened.draft, opened.field.name, None, turn.now)
    await _skip(turn, opened)


async def _leave(turn: Turn, opened: Opened) -> None:
    await forms.fold_keyboard(turn, opened, say("form.dropped"))
    await forms.drop(turn, opened.draft)
    await opened.kind.leave(turn, opened.about)


async def _leave_again(turn: Turn, name: str) -> None:
    """The second tap on [Batal]: lead there again."""
    kind, about = forms.kind_of(name)
    if kind is None:
        raise StaleButton
    await turn.answer_tap()
    await kind.leave(turn, about)


MOVES = {"back": _go_back, "skip": _skip, "empty": _empty, "cancel": _leave}
"""The ways out of a question."""

NEW = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
_NAME, _FIELD = r"[a-z]{1,16}(?:-\d{1,18})?", r"[a-z0-9_]{1,24}"

HANDLERS = [
    CallbackQueryHandler(pick, pattern=rf"^pick:({_NAME}\.{_FIELD}\..{{1,40}})$"),
    CallbackQueryHandler(
        move,
        pattern=rf"^form:((?:resume\.{_NAME}\.|(?:{'|'.join(MOVES)})\.{_NAME}\.{_FIELD}|page\.{_NAME}\.{_FIELD}\.\d{{1,3}}))$",
    ),
    MessageHandler(NEW & filters.Text(list(LABELS)), press_key),
]

steps.STEPS[STEP] = take_text
steps.MEDIA_STEPS[STEP] = take_media
