"""Groups in which offices work: the bot is added, an officer taps, and the questions come there."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import post, staff_groups
from domain.errors import NotForYou
from handlers.turn import GROUPS, Context, Turn
from messages import FIRST_LANGUAGE, Button, Buttons, say


async def offers(turn: Turn) -> Buttons:
    """A button for each office whose group this may become, by who added the bot; none for anybody but officers."""
    keys = await staff_groups.may_bind(turn.session, turn.person, turn.house.district)
    offices = [office for office in turn.house.district.offices if office.key in keys]
    return [[Button(say("button.bind", office=office.short_name), "bind", office.key)] for office in offices]


async def bind(_: Update, context: Context) -> None:
    """Jadikan grup petugas: from now on this office's questions come here."""
    turn, chat = context.turn, context.turn.update.effective_chat
    if chat is None or chat.type not in GROUPS:
        raise NotForYou
    said = await staff_groups.bind(turn.session, turn.house.district, turn.person, context.tapped, chat.id, turn.now)
    await turn.answer_tap()
    await post.owe(turn.session, post.Group(chat.id, FIRST_LANGUAGE), said)


HANDLERS = [CallbackQueryHandler(bind, pattern=r"^bind:([a-z0-9_]{1,40})$")]
"""Before those of everybody's groups."""
