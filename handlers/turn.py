"""One update being answered: who wrote, and how to reply."""

import re
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, Chat, Message, Update
from telegram.ext import Application, CallbackContext, ExtBot, filters

from db.models import Person
from db.session import Session
from domain import people, post
from domain.district import District
from domain.errors import StaleButton
from domain.knowledge.shelf import Library
from messages import Buttons, Sentence

GROUPS = (Chat.GROUP, Chat.SUPERGROUP)
FOLLOWED = filters.StatusUpdate.NEW_CHAT_TITLE | filters.StatusUpdate.MIGRATE
"""Service messages that tell what became of a group."""


@dataclass(frozen=True)
class House:
    """What every turn may lean on, put together once by `bot.app`."""

    district: District
    library: Library
    now: Callable[[], datetime]
    send_rate: float = 28.0
    """Messages a second, all lanes together."""


@dataclass
class Turn:
    """One update, in its transaction."""

    session: Session
    update: Update
    house: House
    person: Person
    now: datetime
    failure: BaseException | None = None
    answered_tap: bool = False
    handled_by: str = "none"
    """The callback that took it ("ask.answer_text"), for the figures."""
    answered_with: str | None = None
    """What became of the question, if it was one."""
    offer: Buttons = ()
    """Rows that the next reply carries too, under the message in hand: what else may be made of it."""

    async def reply(self, sentence: Sentence, buttons: Buttons = (), note: post.Note = post.PLAIN) -> None:
        """Owe this person *sentence*, in a group as a reply to what they wrote; it leaves once the turn commits."""
        if self.offer:
            buttons, note = [*self.offer, *buttons], replace(note, answers=self.message.message_id)
            self.offer = ()
        await post.owe(self.session, self.place, sentence, buttons, note)

    async def change(self, sentence: Sentence, buttons: Buttons = (), note: post.Note = post.PLAIN) -> None:
        """Let the message whose button was tapped say *sentence* now; a new message when it is out of reach, or a file,
        which Telegram makes no text of.
        """
        message = self.update.callback_query and self.update.callback_query.message
        is_file = isinstance(message, Message) and message.effective_attachment is not None
        if (message_id := self.tapped_message_id) is None or is_file:
            await self.reply(sentence, buttons, note)
        else:
            await post.owe_edit(self.session, self.place, message_id, sentence, buttons, note)

    async def change_buttons(self, buttons: Buttons) -> None:
        """Put other buttons under the message whose button was tapped."""
        if (message_id := self.tapped_message_id) is not None:
            await post.owe_buttons(self.session, self.place, message_id, buttons)

    async def answer_tap(self, sentence: Sentence | None = None, *, alert: bool = False) -> None:
        """Owe the tap its answer, once a turn: the button stops turning."""
        tap = self.update.callback_query
        if tap is not None and not self.answered_tap:
            self.answered_tap = True
            await post.owe_tap_answer(self.session, self.place, tap.id, sentence, alert=alert)

    @property
    def place(self) -> Person | post.Group:
        """Where replies go: to the person, or into the group they wrote in, in their language."""
        chat, message = self.update.effective_chat, self.update.message
        if chat is None or chat.type not in GROUPS:
            return self.person
        if message is None:
            return post.Group(chat.id, self.person.language)
        thread_id = message.message_thread_id if message.is_topic_message else None
        return post.Group(chat.id, self.person.language, message.message_id, thread_id)

    @property
    def username(self) -> str:
        """The bot's own, for links to it."""
        return self.update.get_bot().username

    @property
    def message(self) -> Message:
        message = self.update.effective_message
        assert message, "only handlers of messages ask for it"  # noqa: S101 -- for the type checker
        return message

    @property
    def tap(self) -> CallbackQuery:
        tap = self.update.callback_query
        assert tap, "only handlers of buttons ask for it"  # noqa: S101 -- for the type checker
        return tap

    @property
    def tapped_message_id(self) -> int | None:
        tap = self.update.callback_query
        return tap.message.message_id if tap and tap.message else None


async def begin(session: Session, update: Update, house: House) -> Turn | None:
    """The turn for *update*; None for one that comes from nobody (a poll's count) and asks nothing of us."""
    user, now = update.effective_user, house.now()
    if user is None or (user.is_bot and not _counts_though_bot(update)):
        return None
    chat = update.effective_chat
    is_private = chat is not None and chat.type == Chat.PRIVATE
    find = people.recognise if is_private else people.passer_by
    # A group or channel that writes has no name of its own to be greeted by.
    # Of an account without a first name the library says that it has none at all.
    name = "" if user.is_bot else user.full_name or ""
    person = await find(session, user.id, name, now, user.language_code)
    return Turn(session, update, house, person, now)


def _counts_though_bot(update: Update) -> bool:
    """Who writes as a group or channel comes under a bot's name; what becomes of a group counts whoever did it."""
    chat, message = update.effective_chat, update.message
    if chat is None or chat.type not in (*GROUPS, Chat.CHANNEL):
        return False
    if message is None:
        return update.my_chat_member is not None
    return message.sender_chat is not None or bool(FOLLOWED.check_update(update))


current_turn: ContextVar[Turn] = ContextVar("current_turn")


class Context(CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]):
    """python-telegram-bot's callback context, plus the turn in hand."""

    @property
    def turn(self) -> Turn:
        return current_turn.get()

    @property
    def tapped(self) -> str:
        """What the tapped button names ("entry:P05" -> "P05"). Raises StaleButton for a tap that names nothing."""
        match = self.matches[0] if self.matches else None
        # A tap without any data is let through to the first handler with a pattern, as a match that is none.
        if not isinstance(match, re.Match):
            raise StaleButton
        return str(match[1])


BotApplication = Application[Any, Context, Any, Any, Any, Any]


def number_in(context: Context) -> int:
    """The number that the tapped button names first ("opp_tick:12.products" -> 12)."""
    return int(context.tapped.partition(".")[0])


def rest_of(context: Context) -> str:
    """What stands after the number."""
    return context.tapped.partition(".")[2]
