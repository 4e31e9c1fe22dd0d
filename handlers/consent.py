"""The agreement before the first personal detail: asked once, in one message, and what was wanted goes on after it."""

from collections.abc import Awaitable, Callable

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import consent
from domain.errors import StaleButton
from handlers.cards import TOPICS
from handlers.turn import Context, Turn
from messages import Button, say

AFTER: dict[str, Callable[[Turn, str], Awaitable[None]]] = {}
"""What goes on once they agree, by the first part of its name ("training-7"); each journey adds its own."""


async def ask(turn: Turn, then: str) -> None:
    """Ask for the agreement, and do *then* (a name of AFTER, with what it is about after a hyphen) once it is given."""
    words = consent.words(", ".join(office.short_name for office in turn.house.district.offices))
    if await consent.had_consent(turn.session, turn.person):
        words = say("consent.ask_again", words=words)
    # The tap names the words it agrees to: a message of last year may still stand there.
    given, declined = (f"{answer}.{consent.VERSION}.{then}" for answer in ("yes", "no"))
    agree = Button(say("button.agree"), "consent", given)
    await turn.reply(words, [[agree, Button(say("button.decline"), "consent", declined)]])


async def answer(_: Update, context: Context) -> None:
    """Setuju or Tidak dulu. Raises StaleButton for words that are not asked for any more."""
    turn = context.turn
    given, version, then = context.tapped.split(".")
    name, _hyphen, about = then.partition("-")
    if int(version) != consent.VERSION or name not in AFTER:
        raise StaleButton
    if given == "no":
        await _decline(turn)
    elif await consent.give(turn.session, turn.person, turn.now):
        await turn.answer_tap(say("tap.agreed"))
        await turn.change_buttons(())
        await AFTER[name](turn, about)


async def _decline(turn: Turn) -> None:
    if await consent.has_consent(turn.session, turn.person):
        raise StaleButton
    had_before = await consent.had_consent(turn.session, turn.person)
    await turn.answer_tap()
    await turn.change(say("consent.declined_again") if had_before else say("consent.declined"), [[TOPICS]])


HANDLERS = [CallbackQueryHandler(answer, pattern=r"^consent:((?:yes|no)\.\d{1,4}\.[a-z]{1,16}(?:-\d{1,18})?)$")]
