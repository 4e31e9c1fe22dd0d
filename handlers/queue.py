"""/antrean, for officers in private: what waits for them, each with its next deed as a button."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from domain import inquiries, post, staff
from domain.staff import Officer, Role
from domain.waiting import Asked, Waiting, described, waiting_for
from handlers import other
from handlers.cards import TOPICS
from handlers.pages import leaf, page_of
from handlers.turn import Context, Turn
from messages import Button, Buttons, Number, Sentence, say
from messages.limits import cut

ON_A_PAGE = 5
LINE = 120
"""UTF-16 units of a question that stand in the list."""

MANY = post.Note(is_secret=True)
"""A list names many people, so nothing of it is kept once it was sent."""

ALARMS = {
    "backup": say("queue.alarm_backup"),
    "clock": say("queue.alarm_clock"),
    "disk": say("queue.alarm_disk"),
    "telegram": say("queue.alarm_telegram"),
}


async def list_waiting(update: Update, context: Context) -> None:
    """The first page, as a new message; for anybody but officers there is no such command."""
    turn = context.turn
    officer = await staff.officer_of(turn.session, turn.person)
    if officer is None:
        await other.explain_command(update, context)
    else:
        await turn.reply(*await _queue(turn, officer, 0), MANY)


async def turn_page(_: Update, context: Context) -> None:
    """Another page, in the message that is open."""
    turn = context.turn
    officer = await staff.access(turn.session, turn.person, reads=True)
    await turn.answer_tap()
    await turn.change(*await _queue(turn, officer, int(context.tapped)), MANY)


async def show(_: Update, context: Context) -> None:
    """The whole inquiry, with what may be done with it."""
    turn = context.turn
    inquiry = await inquiries.access(turn.session, turn.person, int(context.tapped), reads=True)
    await turn.answer_tap()
    await inquiries.show_privately(turn.session, turn.house.district, turn.person, inquiry)


async def _queue(turn: Turn, officer: Officer, page: int) -> tuple[Sentence, Buttons]:
    waiting = await waiting_for(turn.session, turn.person, officer, turn.now)
    shown, page, pages = page_of(waiting.inquiries, page, ON_A_PAGE)
    asked = await described(turn.session, shown)
    each = [[Button(f"#{one.inquiry.id} {one.person.name}: {one.words}", "queued", one.inquiry.id)] for one in asked]
    new = [[Button(say("button.interested_new"), "opp_news", 0)]] if waiting.interested else []
    rows = [*each, *leaf("queue", "", page, pages), *new, *_beside(officer)]
    if not waiting:
        return say("queue.empty"), [*rows, [TOPICS]]
    return _said(waiting, tuple(_line(turn, one) for one in asked), page, pages), rows


def _beside(officer: Officer) -> list[list[Button]]:
    """What officers keep: an admin all settings, an officer their office's replies."""
    match officer.role:
        case Role.ADMIN:
            return [[Button(say("button.settings"), "settings", 0)]]
        case Role.OFFICER:
            return [[Button(say("button.saved_replies"), "saved", 0)]]
        case _:
            return []


def _said(waiting: Waiting, lines: tuple[Sentence, ...], page: int, pages: int) -> Sentence:
    trouble = [ALARMS[name] for name in waiting.alarms]
    if waiting.parked:
        trouble.insert(0, say("queue.parked", number=Number(waiting.parked)))
    if waiting.interested:
        numbers = {"number": Number(waiting.interested), "opportunities": Number(waiting.opportunities)}
        trouble.append(say("queue.interested", **numbers))
    everything = (*trouble, *lines)
    if pages > 1:
        return say("queue.page", lines=everything, page=page + 1, pages=pages)
    return say("queue.list", lines=everything)


def _line(turn: Turn, one: Asked) -> Sentence:
    district, inquiry = turn.house.district, one.inquiry
    words = cut(one.words, LINE) or say("queue.file")
    who = {"number": inquiry.id, "name": one.person.name, "office": inquiries.office_name(district, inquiry.office)}
    if inquiry.waits_since is None:
        return say("queue.talks", **who, words=words)
    return say("queue.waits", **who, since=inquiries.dated(district, inquiry.waits_since), words=words)


HANDLERS = [
    CommandHandler("antrean", list_waiting, filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE),
    CallbackQueryHandler(turn_page, pattern=r"^queue:(\d{1,4})$"),
    CallbackQueryHandler(show, pattern=r"^queued:(\d{1,18})$"),
]
