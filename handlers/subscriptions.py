"""/langganan and what follows a broadcast: hear of fewer topics, of none, or of all again."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from domain import staff
from domain.broadcasts import topics
from domain.broadcasts.topics import EVERYTHING, TOPICS
from domain.errors import StaleButton
from domain.opportunities import mailing
from handlers import steps
from handlers.cards import TOPICS as TO_TOPICS
from handlers.opportunities import wishes
from handlers.turn import Context, Turn
from messages import Button, Buttons, Number, Sentence, say

SETTINGS = Button(say("button.follow_settings"), "follow_list", 0)
STOP_ALL = Button(say("button.stop_all"), "stop_all", 0)
AGAIN = Button(say("button.follow_all"), "follow_all", 0)


# The list.


async def show(_: Update, context: Context) -> None:
    """/langganan: each topic, and whether they hear of it."""
    await show_to(context.turn)


async def show_to(turn: Turn) -> None:
    """Each topic, and whether they hear of it."""
    await turn.reply(*await _list(turn))


async def show_again(_: Update, context: Context) -> None:
    """The same in the place of what was tapped, unless that tells of an opportunity and goes on doing so."""
    turn = context.turn
    await turn.answer_tap()
    if (id := turn.tapped_message_id) is not None and await mailing.is_one(turn.session, turn.person, id):
        await show_to(turn)
    else:
        await turn.change(*await _list(turn))


async def hear(_: Update, context: Context) -> None:
    """A topic is heard of again."""
    turn, topic = context.turn, _topic(context)
    await topics.hear(turn.session, turn.person, [topic], turn.now)
    await turn.answer_tap(say("tap.hears", topic=topics.name_of(topic)))
    await turn.change(*await _list(turn))


async def mute(_: Update, context: Context) -> None:
    """A topic is heard of no more."""
    turn, topic = context.turn, _topic(context)
    await topics.mute(turn.session, turn.person, [topic], turn.now)
    await turn.answer_tap(say("tap.mutes", topic=topics.name_of(topic)))
    await turn.change(*await _list(turn))


async def hear_again(_: Update, context: Context) -> None:
    """Ikuti lagi: as it was before they stopped everything."""
    turn = context.turn
    await topics.hear_again(turn.session, turn.person, turn.now)
    await turn.answer_tap(say("tap.hears_again"))
    await turn.change(*await _list(turn))


async def _list(turn: Turn) -> tuple[Sentence, Buttons]:
    muted = await topics.muted(turn.session, turn.person)
    heard = [topic for topic in TOPICS if not muted & {topic, EVERYTHING}]
    each = [[_switch(topic, is_on=topic in heard)] for topic in TOPICS]
    below = [[STOP_ALL if heard else AGAIN], [TO_TOPICS]]
    sentence = say("follow.list", state=_state(len(heard)), always=say("follow.always"))
    await steps.leave(turn, wishes.QUIET)
    if await staff.officer_of(turn.session, turn.person):  # nobody tells them of opportunities
        return say("follow.list_officer", list=sentence, lines=await _numbers(turn)), [*each, *below]
    wished, ways = wishes.section(muted)
    return say("follow.with_opportunities", list=sentence, opportunities=wished), [*each, *ways, *below]


def _state(heard: int) -> Sentence:
    if heard == len(TOPICS):
        return say("follow.hears_all")
    return say("follow.hears_some", number=Number(heard), total=Number(len(TOPICS))) if heard else say("follow.none")


def _switch(topic: str, *, is_on: bool) -> Button:
    """What is told by a tap is what it makes of the topic: tapped twice it changes nothing."""
    name = topics.name_of(topic)
    return Button(say("follow.on", topic=name), "unfollow", topic) if is_on else _back(topic)


def _back(topic: str) -> Button:
    return Button(say("follow.off", topic=topics.name_of(topic)), "follow", topic)


async def _numbers(turn: Turn) -> tuple[Sentence, ...]:
    """How many hear of less, for those who serve."""
    found = await topics.numbers(turn.session)
    stopped = say("follow.stopped_all_number", number=Number(found.pop(EVERYTHING)))
    each = (say("follow.number", topic=topics.name_of(topic), number=Number(number)) for topic, number in found.items())
    return (stopped, *each)


def _topic(context: Context) -> str:
    """Raises StaleButton for one that there is not, or not any more."""
    if context.tapped not in TOPICS:
        raise StaleButton
    return context.tapped


# Under a broadcast, which stays as it is.


async def offer(_: Update, context: Context) -> None:
    """Kurangi / berhenti: less of this, nothing at all, or as it is."""
    turn, topic = context.turn, context.tapped
    await turn.answer_tap()
    if topic not in TOPICS or await topics.muted(turn.session, turn.person) & {topic, EVERYTHING}:
        await show_to(turn)  # done before, or of a topic there is no more
        return
    less = Button(say("button.mute_this"), "follow_not", topic)
    stay = Button(say("button.follow_stay"), "follow_stay", 0)
    sentence = say("follow.offer", topic=topics.name_of(topic), always=say("follow.always"))
    await turn.reply(sentence, [[less], [STOP_ALL], [stay]])


async def mute_offered(_: Update, context: Context) -> None:
    """Jangan soal ini lagi."""
    turn, topic = context.turn, _topic(context)
    await topics.mute(turn.session, turn.person, [topic], turn.now)
    await turn.answer_tap()
    sentence = say("follow.muted", topic=topics.name_of(topic), always=say("follow.always"))
    undo = Button(say("button.follow_undo"), "follow", topic)
    await turn.change(sentence, [[undo], [SETTINGS], [TO_TOPICS]])


async def stay(_: Update, context: Context) -> None:
    """Tetap ikut."""
    turn = context.turn
    await turn.answer_tap()
    await turn.change(say("follow.stays"), [[SETTINGS], [TO_TOPICS]])


# Nothing at all.


async def stop(_: Update, context: Context) -> None:
    """Berhenti semua."""
    turn = context.turn
    await topics.mute_all(turn.session, turn.person, turn.now)
    await turn.answer_tap()
    await turn.change(*_stopped())


async def stop_for(turn: Turn) -> None:
    """STOP, as a message of its own."""
    await topics.mute_all(turn.session, turn.person, turn.now)
    await turn.reply(*_stopped())


def _stopped() -> tuple[Sentence, Buttons]:
    return say("follow.stopped", always=say("follow.always")), [[AGAIN], [SETTINGS], [TO_TOPICS]]


_A_TOPIC = r"([a-z]{1,16})"

HANDLERS = [
    CommandHandler("langganan", show, filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE),
    CallbackQueryHandler(show_again, pattern=r"^follow_list:(0)$"),
    CallbackQueryHandler(hear, pattern=rf"^follow:{_A_TOPIC}$"),
    CallbackQueryHandler(mute, pattern=rf"^unfollow:{_A_TOPIC}$"),
    CallbackQueryHandler(hear_again, pattern=r"^follow_all:(0)$"),
    CallbackQueryHandler(offer, pattern=rf"^follow_less:{_A_TOPIC}$"),
    CallbackQueryHandler(mute_offered, pattern=rf"^follow_not:{_A_TOPIC}$"),
    CallbackQueryHandler(stay, pattern=r"^follow_stay:(0)$"),
    CallbackQueryHandler(stop, pattern=r"^stop_all:(0)$"),
]
