"""/bahasa: the language the bot's own sentences are in; entries and titles stay as they were written."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from domain import menus, people
from handlers.cards import TOPICS
from handlers.turn import Context, Turn
from messages import LANGUAGES, Button, say, text_of


async def offer(_: Update, context: Context) -> None:
    """/bahasa: which language is spoken now, and the others."""
    await offer_to(context.turn)


async def offer_to(turn: Turn) -> None:
    """The language spoken now, and the others."""
    await turn.reply(say("language.choose", language=say("language.name")), _each_language())


async def choose(_: Update, context: Context) -> None:
    """A language was tapped: say so in that language, in the message that is open, where another tap takes it back."""
    turn = context.turn
    people.choose_language(turn.person, context.tapped, turn.now)
    await menus.refresh(turn.session, turn.person)
    await turn.answer_tap()
    await turn.change(say("language.changed", language=say("language.name")), [*_each_language(), [TOPICS]])


def _each_language() -> list[list[Button]]:
    """Each under its own name, so that it is found by who reads nothing else."""
    return [[Button(text_of("language.name", language), "language", language)] for language in LANGUAGES]


HANDLERS = [
    CommandHandler("bahasa", offer, filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE),
    CallbackQueryHandler(choose, pattern=rf"^language:({'|'.join(LANGUAGES)})$"),
]
