"""In groups: who mentions the bot, replies to it or commands it is answered; what is personal goes on in private."""

import re

from telegram import Message, MessageEntity, Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from domain import groups, inquiries
from domain.answering import Verdict
from domain.errors import StaleButton
from domain.knowledge.entry import Entry
from domain.knowledge.shelf import Shelf
from handlers import genuine
from handlers.ask import cannot_read, over_guesses, when_lost
from handlers.cards import card, entry_links, private_link, topics_link, under_shared_card
from handlers.commands import COMMANDS, IN_GROUPS
from handlers.turn import Context, Turn
from handlers.writing import html_written
from messages import Buttons, Sentence, say


async def answer_command(_: Update, context: Context) -> None:
    """A command: one for everybody is obeyed, a personal one led to the private chat, another bot's left alone."""
    turn, username = context.turn, context.bot.username
    command, *rest = (turn.message.text or "").split(maxsplit=1) or [""]
    name, is_addressed, whom = command[1:].lower().partition("@")
    if is_addressed and whom != username.lower():
        return
    if name == "tanya":
        await _answer(turn, _asked(turn.message, "".join(rest)), username)
    elif name == "cek":
        await genuine.answer_in_group(turn, genuine.asked_in_group(turn.message))
    elif name in IN_GROUPS or name == "start":
        await _explain(turn, username)
    elif name in COMMANDS:
        await _lead_to_private(turn, username, name)
    elif is_addressed:
        # Without our name it may be meant for another bot of the group.
        await _explain(turn, username)


async def answer_mention(_: Update, context: Context) -> None:
    """A question to the bot: by its name, or as a reply to what it said."""
    message, username = context.turn.message, context.bot.username
    text = re.sub(rf"@{username}\b", " ", message.text or message.caption or "", flags=re.IGNORECASE)
    await _answer(context.turn, _asked(message, text.strip()), username)


def _asked(message: Message, text: str) -> str:
    """*text*, or without one what it replies to: "@bot" under a question of somebody else."""
    replied = message.reply_to_message
    if text or replied is None or _is_ours(replied):
        return text
    return replied.text or replied.caption or ""


async def _answer(turn: Turn, text: str, username: str) -> None:
    """Answer from the entries; nothing is kept of it, and nothing that was said in private plays a part."""
    await groups.know(turn.session, turn.message.chat_id, turn.message.chat.title or "", turn.now)
    if not text:
        await _explain(turn, username)
    elif refusal := cannot_read(text):
        await turn.reply(refusal, [[topics_link(username)]])
    else:
        shelf = await turn.house.library.shelf(turn.session)
        verdict = shelf.answerer.verdict(text, about=_about(turn.message, shelf))
        turn.answered_with = verdict.outcome
        await _reply(turn, verdict, shelf, username)


def _about(message: Message, shelf: Shelf) -> Entry | None:
    """The entry of the card that is replied to."""
    replied = message.reply_to_message
    if replied is None or not _is_ours(replied):
        return None
    title = (replied.text or "").partition("\n")[0]
    return next((entry for entry in shelf.entries.values() if entry.title == title), None)


async def _reply(turn: Turn, verdict: Verdict, shelf: Shelf, username: str) -> None:
    if verdict.action == "program":
        await _lead_to_private(turn, username, "program")
    elif verdict.action == "officer" and await inquiries.is_anybody_there(turn.session, turn.house.district):
        await _lead_to_private(turn, username, "petugas")
    elif verdict.action == "check":
        replied = turn.message.reply_to_message
        await genuine.answer_in_group(turn, html_written(replied) if replied and not _is_topic(replied) else "")
    elif verdict.action and verdict.action != "officer":
        await _explain(turn, username)
    else:
        await turn.reply(*_said(turn, verdict, shelf, username))


def _said(turn: Turn, verdict: Verdict, shelf: Shelf, username: str) -> tuple[Sentence, Buttons]:
    district = turn.house.district
    if verdict.entry:
        entry = shelf.entries[verdict.entry]
        return card(entry), under_shared_card(entry, shelf, username)
    topics = topics_link(username)
    if verdict.action:
        return say("action.officer", place=district.help_desk.name, address=district.help_desk.address), [[topics]]
    if verdict.smalltalk:
        return say(f"smalltalk.{verdict.smalltalk}", name=turn.person.name, district=district.name), []
    guesses = [shelf.entries[id] for id in verdict.suggestions]
    if guesses:
        return over_guesses(verdict, district), [*entry_links(guesses, username), [topics]]
    return when_lost(verdict, district), [[topics]]


async def _explain(turn: Turn, username: str) -> None:
    await turn.reply(say("group.how", username=username), [[private_link(username, "start", say("button.private"))]])


async def _lead_to_private(turn: Turn, username: str, command: str) -> None:
    await turn.reply(say("group.private"), [[private_link(username, command, say("button.private"))]])


async def refuse_tap(_: Update, context: Context) -> None:
    """Our buttons outside private chats are links, which do not come here: whatever does is forged or out of date."""
    raise StaleButton


class TapOutside(CallbackQueryHandler[Context, None]):
    """Taps in groups, and under messages that somebody sent through the bot inline."""

    def check_update(self, update: object) -> bool | object | None:
        tap = update.callback_query if isinstance(update, Update) else None
        is_private = tap is not None and tap.message is not None and tap.message.chat.type == "private"
        return None if is_private else super().check_update(update)


def _is_topic(replied: Message) -> bool:
    return replied.forum_topic_created is not None


def _is_ours(replied: Message) -> bool:
    """Whether the bot said it. A forum's topic is "replied to" by all in it, whoever opened it."""
    writer = replied.from_user
    return writer is not None and writer.id == replied.get_bot().id and replied.forum_topic_created is None


class ToUs(filters.MessageFilter):
    """Messages that name the bot or reply to it; what a linked channel posts is for its readers."""

    def filter(self, message: Message) -> bool:
        if message.is_automatic_forward:
            return False
        replied = message.reply_to_message
        return (replied is not None and _is_ours(replied)) or _names_us(message)


def _names_us(message: Message) -> bool:
    kinds: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]
    found = message.parse_entities(kinds) if message.text else {}
    found = message.parse_caption_entities(kinds) if message.caption else found
    bot = message.get_bot()
    called = f"@{bot.username}".lower()
    return any(entity.user.id == bot.id if entity.user else words.lower() == called for entity, words in found.items())


IN_GROUP = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE

HANDLERS = [
    TapOutside(refuse_tap),
    MessageHandler(IN_GROUP & filters.COMMAND, answer_command),
    MessageHandler(IN_GROUP & (filters.TEXT | filters.CAPTION) & ToUs(), answer_mention),
]
"""Before all others, since their taps are told apart by the chat only."""
