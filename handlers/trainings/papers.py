"""A training's papers, for its officers: poster and code for the wall, the list for the door, the participants."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import post
from domain.errors import StaleButton
from domain.trainings import TrainingState, desk, papers
from handlers.turn import Context
from messages import say

KINDS = {
    "poster": (papers.POSTER, say("papers.poster")),
    "code": (papers.CODE, say("papers.code")),
    "list": (papers.DOOR_LIST, say("papers.door_list")),
    "sheet": (papers.PARTICIPANTS, say("papers.participants")),
    "door": (papers.DOOR_CODE, say("papers.door_code")),
}
"""By what the button says: the kind of file, and what is written under it."""

PICTURES = (papers.CODE, papers.DOOR_CODE)


async def send(_: Update, context: Context) -> None:
    """Send one of them, as it is when it is sent; a draft has nothing for the wall."""
    turn = context.turn
    number, _dot, name = context.tapped.partition(".")
    training = await desk.access_training(turn.session, turn.person, int(number), reads=True)
    if training.state is TrainingState.DRAFT or training.state is TrainingState.CANCELLED:
        raise StaleButton
    kind, caption = KINDS[name]
    await turn.answer_tap(say("tap.paper_comes"))
    is_photo = kind in PICTURES
    await post.owe_document(turn.session, turn.person, kind, training.id, caption, is_photo=is_photo)


HANDLERS = [CallbackQueryHandler(send, pattern=r"^paper:(\d{1,18}\.(?:poster|code|list|sheet|door))$")]
