"""How an opportunity gets in: any message an officer sends for it, forwards or writes, read into a draft."""

from telegram import Message, MessageOriginChannel, MessageOriginChat, Update
from telegram.ext import CallbackQueryHandler

from domain import staff
from domain.errors import NotForYou, Unfit
from domain.opportunities import posts
from domain.opportunities.posts import Post
from domain.staff import Officer
from domain.trainings.desk import offices_of
from handlers import steps
from handlers.opportunities.fields import file_of
from handlers.opportunities.sheet import show, shown
from handlers.turn import Context, Turn
from handlers.writing import words_of
from messages import Button, Buttons, Date, Sentence, say

POST = "opportunity.post"

# For which office.


async def ask_post(_: Update, context: Context) -> None:
    """Peluang baru: for which office, where they serve several; then the post."""
    turn = context.turn
    office = await _office(turn, context.tapped)
    await turn.answer_tap()
    if office is None:
        await turn.change(say("opportunity.choose_office"), [*await _offices(turn, "opp_new"), _to_list()])
        return
    await steps.begin(turn, POST, office=office)
    await turn.change(say("opportunity.ask_post"), [_to_list()])


async def make_of_post(_: Update, context: Context) -> None:
    """Jadikan peluang: of the message that the answer stands under."""
    turn = context.turn
    office, message = await _office(turn, context.tapped), getattr(turn.tap.message, "reply_to_message", None)
    if not isinstance(message, Message):
        raise Unfit(say("opportunity.post_gone"), [[Button(say("button.opportunity_new"), "opp_new", 0)]])
    await turn.answer_tap()
    if office is None:
        await turn.change_buttons(await _offices(turn, "opp_of_post"))
        return
    made = await _make(turn, office, message)
    await steps.leave(turn, "opportunity.")  # what is typed next is no field of another one
    await turn.change_buttons([[Button(say("button.opportunity_open"), "opp_sheet", made.opportunity.id)]])
    await turn.reply(*await shown(turn, made.opportunity, _note(made)))


async def _office(turn: Turn, named: str) -> str | None:
    """The office that is named, or the only one they serve; None where they have to say. Raises NotForYou."""
    offices = [office.key for office in offices_of(await _officer(turn), turn.house.district)]
    office = named if named != "0" else offices[0] if len(offices) == 1 else None
    if office is not None and office not in offices:
        raise NotForYou
    return office


async def _officer(turn: Turn) -> Officer:
    return await staff.access(turn.session, turn.person)


async def _offices(turn: Turn, verb: str) -> Buttons:
    offices = offices_of(await _officer(turn), turn.house.district)
    return [[Button(office.short_name, verb, office.key)] for office in offices]


def _to_list() -> list[Button]:
    return [Button(say("button.back"), "opp_desk", 0)]


# Reading it.


async def take_post(turn: Turn, state: steps.State) -> None:
    """Whatever was sent is read into a draft."""
    await staff.access(turn.session, turn.person, office=state["office"])
    made = await _make(turn, state["office"], turn.message)
    await steps.end(turn)
    await show(turn, made.opportunity, _note(made))


async def _make(turn: Turn, office: str, message: Message) -> posts.Made:
    return await posts.draft_of(turn.session, turn.person, office, post_in(message), turn.house.district, turn.now)


def _note(made: posts.Made) -> Sentence:
    if not made.is_new:
        return say("opportunity.made_before")
    if made.passed:
        return say("opportunity.made_passed", date=Date(f"{made.passed:%Y-%m-%d}"))
    return say("opportunity.made")


def post_in(message: Message) -> Post:
    """*message* as a post. Raises Unfit for one without words, picture or document, and HeavyFile."""
    text, file = words_of(message), file_of(message)
    if file is None and not any(letter.isalnum() for letter in text):
        raise Unfit(say("opportunity.post_kinds"))
    links = [entity.url for entity in (*message.entities, *message.caption_entities) if entity.url]
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    links += [button.url for row in rows for button in row if button.url]
    written = message.forward_origin.date if message.forward_origin else None
    return Post(text, tuple(links), file, _from_where(message), written)


def _from_where(message: Message) -> str:
    """The channel or group it was forwarded from; whose message it was is nobody's business."""
    origin = message.forward_origin
    if isinstance(origin, MessageOriginChannel):
        return origin.chat.title or ""
    return (origin.sender_chat.title or "") if isinstance(origin, MessageOriginChat) else ""


_OFFICE = r"(0|[a-z][a-z0-9_]{0,39})"

HANDLERS = [
    CallbackQueryHandler(ask_post, pattern=rf"^opp_new:{_OFFICE}$"),
    CallbackQueryHandler(make_of_post, pattern=rf"^opp_of_post:{_OFFICE}$"),
]

steps.STEPS[POST] = steps.MEDIA_STEPS[POST] = take_post
