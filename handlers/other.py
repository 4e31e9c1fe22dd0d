"""What is neither question nor command: stickers, voice, unknown commands, forged buttons."""

from telegram import Message, Update
from telegram.ext import CallbackQueryHandler, MessageHandler, filters

from domain.errors import StaleButton
from handlers import genuine, steps, subscriptions, talk
from handlers.broadcasts import anew as broadcast_anew
from handlers.cards import TOPICS
from handlers.opportunities import offering
from handlers.turn import Context
from messages import say

KINDS = (
    ("other.sticker", filters.Sticker.ALL | filters.Dice.ALL),
    ("other.voice", filters.VOICE | filters.AUDIO | filters.VIDEO_NOTE),
    ("other.picture", filters.PHOTO | filters.LIVE_PHOTO | filters.VIDEO | filters.ANIMATION | filters.STORY),
    ("other.picture", filters.PAID_MEDIA),
    ("other.file", filters.Document.ALL),
    ("other.location", filters.LOCATION | filters.VENUE | filters.CONTACT),
)
"""The sentence for each kind of message, the first that fits."""


POSTERS = ("other.picture", "other.file")
"""What an officer may have meant for a broadcast."""

STOPS = ("/stop", "/berhenti")


class OfCommunities(filters.MessageFilter):
    """Service messages newer than python-telegram-bot."""

    def filter(self, message: Message) -> bool:
        return any(name.startswith("community_chat_") for name in message.api_kwargs)


SERVICE = filters.StatusUpdate.ALL | filters.SUCCESSFUL_PAYMENT | filters.BOOST_ADDED | OfCommunities()
"""What Telegram tells in a chat by itself; python-telegram-bot counts a payment and a boost among what people send."""


async def explain_kind(_: Update, context: Context) -> None:
    """A kind of message we cannot read gets a sentence that helps, unless officers or a step wait for it; service
    messages (a pin, a new title) get none.
    """
    turn = context.turn
    key = next((key for key, kind in KINDS if kind.check_update(turn.update)), None)
    if not key and SERVICE.check_update(turn.update):
        return
    if await talk.take(turn) or await steps.take(turn):
        return
    await offering.offer(turn)
    if await genuine.take(turn):
        return
    if key not in POSTERS or not await broadcast_anew.offer(turn):
        await turn.reply(say(key or "other.unknown"), [[TOPICS]])


async def explain_command(_: Update, context: Context) -> None:
    """A command that does not exist; by /stop people mean what STOP does, where nothing else is there to be stopped."""
    turn = context.turn
    if (turn.message.text or "").strip().lower() in STOPS and not await steps.under_way(turn):
        await subscriptions.stop_for(turn)
    else:
        await turn.reply(say("command.unknown"), [[TOPICS]])


async def refuse_tap(_: Update, context: Context) -> None:
    """A button that is none of ours, or whose time is over."""
    raise StaleButton


PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE

HANDLERS = [
    MessageHandler(PRIVATE & filters.COMMAND, explain_command),
    MessageHandler(PRIVATE, explain_kind),
    CallbackQueryHandler(refuse_tap),
]
"""After all others: they take what is left."""
