"""Saved replies, kept by officers in private: listed by office, read, added, deleted."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import staff
from domain.errors import NotForYou
from domain.inquiries import office_name, saved
from domain.staff import Role
from handlers import steps
from handlers.turn import Context, Turn
from messages import Button, Buttons, Sentence, say


async def choose_office(_: Update, context: Context) -> None:
    """The replies of one's office; who serves several chooses which."""
    turn = context.turn
    officer = await staff.access(turn.session, turn.person, reads=True)
    theirs = [office for office in turn.house.district.offices if staff.serves(officer, office.key)]
    await turn.answer_tap()
    if len(theirs) == 1:
        await turn.change(*await _list(turn, theirs[0].key))
        return
    each = [[Button(office.short_name, "saved_of", office.key)] for office in theirs]
    await turn.change(say("saved.choose_office"), [*each, [Button(say("button.back"), "queue", 0)]])


async def show_all(_: Update, context: Context) -> None:
    """An office's replies."""
    turn = context.turn
    said = await _list(turn, context.tapped)
    await turn.answer_tap()
    await turn.change(*said)


async def _list(turn: Turn, office: str) -> tuple[Sentence, Buttons]:
    replies = await saved.of_office(turn.session, turn.person, office)
    officer = await staff.officer_of(turn.session, turn.person)
    each = [[Button(one.title, "saved_one", one.id)] for one in replies]
    if officer and officer.role is not Role.READER:
        each.append([Button(say("button.add_reply"), "saved_add", office)])
    name = office_name(turn.house.district, office)
    sentence = say("saved.list", office=name) if replies else say("saved.none", office=name)
    return sentence, [*each, [Button(say("button.back"), "queue", 0)]]


async def show(_: Update, context: Context) -> None:
    """One reply, and the way to delete it."""
    turn = context.turn
    one = await saved.get(turn.session, turn.person, int(context.tapped))
    await turn.answer_tap()
    rows = [
        [Button(say("button.delete_reply"), "saved_drop", one.id)],
        [Button(say("button.back"), "saved_of", one.office)],
    ]
    await turn.change(say("saved.one", title=one.title, text=one.text), rows)


async def begin_adding(_: Update, context: Context) -> None:
    """A new reply: first its title."""
    turn, office = context.turn, context.tapped
    await staff.access(turn.session, turn.person, office=office)
    await turn.answer_tap()
    await steps.begin(turn, "saved.title", office=office)
    await turn.reply(say("saved.title"))


async def take_title(turn: Turn, state: steps.State) -> None:
    """The title came: now the words."""
    title = saved.check_title(turn.message.text or "")
    await steps.begin(turn, "saved.text", office=state["office"], title=title)
    await turn.reply(say("saved.text", title=title))


async def take_text(turn: Turn, state: steps.State) -> None:
    """The words came: the reply is kept."""
    office, text = state["office"], turn.message.text or ""
    try:
        await saved.add(turn.session, turn.person, office, state["title"], text, turn.now)
    except NotForYou:  # dismissed since
        await steps.end(turn)
        await turn.reply(say("desk.not_officer"))
        return
    await steps.end(turn)
    await turn.reply(
        say("saved.added", title=state["title"]), [[Button(say("button.saved_replies"), "saved_of", office)]]
    )


async def delete(_: Update, context: Context) -> None:
    """Hapus: the office has it no more."""
    turn = context.turn
    one = await saved.delete(turn.session, turn.person, int(context.tapped), turn.now)
    await turn.answer_tap()
    await turn.change(*await _list(turn, one.office))


HANDLERS = [
    CallbackQueryHandler(choose_office, pattern=r"^saved:(0)$"),
    CallbackQueryHandler(show_all, pattern=r"^saved_of:([a-z0-9_]{1,40})$"),
    CallbackQueryHandler(show, pattern=r"^saved_one:(\d{1,18})$"),
    CallbackQueryHandler(begin_adding, pattern=r"^saved_add:([a-z0-9_]{1,40})$"),
    CallbackQueryHandler(delete, pattern=r"^saved_drop:(\d{1,18})$"),
]

steps.STEPS["saved.title"] = take_title
steps.STEPS["saved.text"] = take_text
