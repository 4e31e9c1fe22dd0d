"""While officers talk with a person, what the person writes goes to them and the bot is silent."""

from datetime import datetime

from domain import inquiries
from domain.inquiries import Inquiry, InquiryState
from handlers import steps
from handlers.cards import TOPICS
from handlers.turn import Turn
from handlers.writing import is_ours, words_of, written
from messages import Button, Buttons, Sentence, say


async def take(turn: Turn) -> bool:
    """Give the message in hand to the officers it is for; False when it is for nobody, and nothing was said."""
    inquiry = await _meant(turn) or await _talked(turn)
    if inquiry is None:
        return False
    is_waiting = inquiry.state is InquiryState.WAITING
    if await pass_on(turn, inquiry) and is_waiting:
        await turn.reply(added(turn, inquiry), under_own(inquiry))
    return True


async def is_under_way(turn: Turn) -> bool:
    """Whether what they write goes to officers; nothing is changed by asking."""
    inquiry = await inquiries.talk_of(turn.session, turn.person)
    if inquiry is None or (inquiry.silent_until and inquiry.silent_until <= turn.now):
        return False
    return not await _is_asked_since(turn, inquiry.officer_wrote_at)


async def pass_on(turn: Turn, inquiry: Inquiry) -> bool:
    """Owe the message in hand to the officers of an open inquiry; False where it said what can be passed on instead.

    Raises StaleButton for one that is over.
    """
    message = written(turn.message)
    if message is None:
        await turn.reply(say("inquiry.kinds"), under_own(inquiry))
        return False
    own = await inquiries.own(turn.session, turn.person, inquiry.id)
    await inquiries.add(turn.session, own, message, turn.now)
    if hint := await inquiries.file_hint(turn.session, turn.house.district, message, turn.now):
        await turn.reply(hint)
    return True


def added(turn: Turn, inquiry: Inquiry) -> Sentence:
    office = inquiries.office_name(turn.house.district, inquiry.office)
    return say("inquiry.added_now", number=inquiry.id, office=office)


def under_own(inquiry: Inquiry) -> Buttons:
    """What a person can do about their open inquiry."""
    return [own_deeds(inquiry), [TOPICS]]


def own_deeds(inquiry: Inquiry, *, is_numbered: bool = False) -> list[Button]:
    """Add to it, and take it back or end the talk; with its number where several stand together."""
    if is_numbered:
        add, back = say("button.add_to", number=inquiry.id), say("button.withdraw_one", number=inquiry.id)
    else:
        add, back = say("button.add"), say("button.withdraw")
    end = Button(back, "withdraw", inquiry.id)
    if inquiry.state is InquiryState.TALKING:
        end = Button(say("button.back_to_bot"), "leave", inquiry.id)
    return [Button(add, "add", inquiry.id), end]


async def correct(turn: Turn) -> bool:
    """Let what was passed on say what its writer made of it; False where the bot has to do with it, too."""
    message = written(turn.message)
    if message is None:
        return False
    return await inquiries.correct(turn.session, turn.house.district, turn.person, message, turn.now)


async def _meant(turn: Turn) -> Inquiry | None:
    """The open inquiry of theirs that they reply to: an officer's answer, or what the bot said of it."""
    replied = turn.message.reply_to_message
    if replied is None or not is_ours(replied):
        return None
    chat_id, words = turn.message.chat_id, words_of(replied)
    meant = await inquiries.meant_by(turn.session, turn.person, chat_id, replied.message_id, words)
    return meant if meant and meant.state is not InquiryState.CLOSED else None


async def _talked(turn: Turn) -> Inquiry | None:
    """The inquiry in which officers spoke last; a step that was begun after that waits for its own answer."""
    inquiry = await inquiries.talk_of(turn.session, turn.person)
    if inquiry is None:
        return None
    if inquiry.silent_until and inquiry.silent_until <= turn.now:
        # The clock would say so within a minute.
        own = await inquiries.own(turn.session, turn.person, inquiry.id)
        await inquiries.end_silence(turn.session, turn.house.district, own, turn.now)
        return None
    return None if await _is_asked_since(turn, inquiry.officer_wrote_at) else inquiry


async def _is_asked_since(turn: Turn, officer_wrote_at: datetime | None) -> bool:
    state = await steps.under_way(turn)
    return bool(state and officer_wrote_at and datetime.fromisoformat(state["at"]) > officer_wrote_at)
