"""Inline mode: "@bot question" in any chat offers the answers as cards."""

from telegram import Message, Update
from telegram.ext import InlineQueryHandler, MessageHandler, filters

from domain import inline
from domain.inline import Offer
from domain.knowledge.entry import Entry
from domain.knowledge.shelf import Shelf
from handlers.ask import cannot_read
from handlers.cards import card, under_shared_card
from handlers.turn import Context
from messages import say
from messages.limits import cut

MOST_COMMON = 8
DESCRIPTION = 120
"""Characters of an entry that the list of results shows."""


async def offer(update: Update, context: Context) -> None:
    """What answers the words typed so far, the surest first; nothing of them is kept."""
    turn, query, username = context.turn, update.inline_query, context.bot.username
    if query is None:
        return
    shelf = await turn.house.library.shelf(turn.session)
    entries = _found(shelf, query.query.strip())
    offers = [
        Offer(one.id, one.title, _beginning(one), card(one), under_shared_card(one, shelf, username)) for one in entries
    ]
    invitation = say("inline.ask") if entries else say("inline.lost")
    await inline.owe_answer(turn.session, turn.person, query.id, offers, invitation)


def _found(shelf: Shelf, text: str) -> list[Entry]:
    """The answer and the other guesses; for nothing typed yet, and for talk, something of each topic."""
    if text and cannot_read(text):
        return []
    verdict = shelf.answerer.verdict(text)
    if verdict.smalltalk or verdict.action:
        return [shelf.of_topic(topic)[0] for topic in shelf.topics()][:MOST_COMMON]
    ids = dict.fromkeys((*((verdict.entry,) if verdict.entry else ()), *verdict.suggestions))
    return [shelf.entries[id] for id in ids]


def _beginning(entry: Entry) -> str:
    return cut(" ".join(entry.body.split()), DESCRIPTION)


async def pass_over(_: Update, context: Context) -> None:
    """A card that somebody chose is no question, though it comes as a message of theirs."""


class ThroughUs(filters.MessageFilter):
    """Messages that somebody sent by the bot's inline mode."""

    def filter(self, message: Message) -> bool:
        return message.via_bot is not None and message.via_bot.id == message.get_bot().id


HANDLERS = [
    InlineQueryHandler(offer),
    MessageHandler(ThroughUs(), pass_over),
]
"""Before all that reads messages."""
