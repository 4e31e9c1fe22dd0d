"""What an officer brings may become an opportunity, which is offered; where a field is to be typed it is no field."""

from telegram import Message

from domain import staff
from domain.errors import Unfit
from domain.staff import Role
from handlers import genuine, steps
from handlers.turn import Turn
from handlers.writing import words_of
from messages import Button, say

LONG = 80
"""Characters from which on what an officer writes may be a post."""


async def offer(turn: Turn) -> None:
    """Let the reply to an officer's post carry "Jadikan peluang"."""
    officer = await staff.officer_of(turn.session, turn.person)
    if officer is not None and officer.role is not Role.READER and _may_be_post(turn.message):
        turn.offer = [[Button(say("button.opportunity_of_post"), "opp_of_post", 0)]]


def _may_be_post(message: Message) -> bool:
    if genuine.is_from_us(message):
        return False
    has_words = any(letter.isalpha() for letter in words_of(message))
    if message.photo or (message.document and not message.animation):
        # Of an album it is the one with the words, so that it is offered once.
        return has_words or message.media_group_id is None
    return has_words and (message.forward_origin is not None or len(words_of(message)) >= LONG)


def typed_only(step: steps.Step) -> steps.Step:
    """*step*, which takes only what officers type themselves: what they forward, or send that is no text, is told, and
    the step waits on.
    """

    async def taking(turn: Turn, state: steps.State) -> None:
        is_forwarded = turn.message.forward_origin is not None
        if is_forwarded or turn.message.text is None:
            await offer(turn)
        if not is_forwarded and not turn.offer and turn.message.text is None:
            raise Unfit(say("step.text_only"))
        if not is_forwarded and turn.message.text is not None:
            await step(turn, state)
            return
        key = "opportunity.typing_offer" if turn.offer else "opportunity.typing_goes_on"
        await turn.reply(say(key), [*_ways_back(state)])

    return taking


def _ways_back(state: steps.State) -> list[list[Button]]:
    if number := state.get("opportunity"):
        return [[Button(say("button.leave_it"), "opp_sheet", number)]]
    return [[Button(say("button.leave_it"), "opp_interest", state["interest"])]] if "interest" in state else []
