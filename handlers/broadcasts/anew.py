"""A poster or a correction that an officer sends beside a fresh draft: asked whether it is meant for that."""

from domain import staff
from domain.broadcasts import drafts, telling
from handlers.turn import Turn
from messages import Button, say


async def offer(turn: Turn) -> bool:
    """Whether the message in hand may be meant for a draft of theirs that they have just worked on: they are asked."""
    if await staff.officer_of(turn.session, turn.person) is None:
        return False
    broadcast = await drafts.fresh(turn.session, turn.person, turn.now)
    if broadcast is None:
        return False
    change = Button(say("button.broadcast_text"), "broadcast_text", broadcast.id)
    leave = Button(say("button.broadcast_open"), "broadcast", broadcast.id)
    await turn.reply(say("broadcast.ask_anew", title=telling.title_of(broadcast)), [[change], [leave]])
    return True
