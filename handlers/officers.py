"""Officers: who serves, appointing by a link and dismissing, for admins; what opening such a link does, for anybody."""

from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import appointments, post, staff
from domain.appointments import Appointed
from domain.errors import StaleButton
from domain.staff import Role, Serving
from handlers.cards import TOPICS, private_link
from handlers.pages import leaf, page_of
from handlers.turn import Context, Turn
from messages import Button, Buttons, Date, Sentence, say

BACK = Button(say("button.back"), "officers", 0)

MANY = post.Note(is_secret=True)
"""A list names many people, so nothing of it is kept once it was sent."""


async def list_all(_: Update, context: Context) -> None:
    """Who serves, a page of them."""
    turn = context.turn
    sentence, buttons = await _list(turn, int(context.tapped))
    await turn.answer_tap()
    await turn.change(sentence, buttons, MANY)


async def _list(turn: Turn, page: int) -> tuple[Sentence, Buttons]:
    serving = await staff.roster(turn.session, turn.person)
    shown, page, pages = page_of(serving, page)
    lines = tuple(say("officers.line", name=one.person.name, role=_title_of(turn, one)) for one in shown)
    sentence = (
        say("officers.list", lines=lines)
        if pages == 1
        else say("officers.list_page", lines=lines, page=page + 1, pages=pages)
    )
    each = [[Button(one.person.name, "officer", one.person.id)] for one in shown]
    ways = [[Button(say("button.appoint"), "appoint", "role")], [Button(say("button.back"), "settings", 0)]]
    return sentence, [*each, *leaf("officers", "", page, pages), *ways]


async def show(_: Update, context: Context) -> None:
    """One officer, and the way to dismiss them."""
    turn = context.turn
    one = await staff.look_up(turn.session, turn.person, int(context.tapped))
    since = one.officer.appointed_at.astimezone(ZoneInfo(turn.house.district.timezone))
    sentence = say(
        "officers.one", name=one.person.name, role=_title_of(turn, one), since=Date(since.date().isoformat())
    )
    await turn.answer_tap()
    dismiss = Button(say("button.dismiss"), "dismiss", one.person.id)
    await turn.change(sentence, [[dismiss], [BACK]], post.Note(about=one.person.id))


async def choose_role(_: Update, context: Context) -> None:
    """A new officer: what they are to be."""
    turn = context.turn
    await staff.access(turn.session, turn.person, admin=True)
    roles = [
        Button(say("button.role_officer"), "appoint", Role.OFFICER),
        Button(say("button.role_reader"), "appoint", Role.READER),
        Button(say("button.role_admin"), "appoint", Role.ADMIN),
    ]
    await turn.answer_tap()
    await turn.change(say("officers.choose_role"), [*([role] for role in roles), [BACK]])


async def choose_office(_: Update, context: Context) -> None:
    """A new officer: which office they are to serve."""
    turn, role = context.turn, context.tapped
    await staff.access(turn.session, turn.person, admin=True)
    offices = [[Button(office.short_name, "appoint", f"{role}.{office.key}")] for office in turn.house.district.offices]
    await turn.answer_tap()
    back = Button(say("button.back"), "appoint", "role")
    await turn.change(say("officers.choose_office"), [*offices, [back]])


async def make_link(_: Update, context: Context) -> None:
    """The link that appoints, in a message to be forwarded, and what to do with it."""
    turn = context.turn
    role, _dot, office = context.tapped.partition(".")
    if office and turn.house.district.office(office) is None:
        raise StaleButton
    token = await appointments.make_link(turn.session, turn.person, Role(role), office, turn.now)
    title = title_of(turn, Role(role), office)
    await turn.answer_tap()
    await turn.change(say("officers.link_made", role=title), [[BACK]])
    link = private_link(context.bot.username, f"petugas_{token}", "").url
    invitation = say("officer.invitation", role=title, district=turn.house.district.name, link=link)
    await turn.reply(invitation, note=post.Note(is_secret=True))


async def confirm(_: Update, context: Context) -> None:
    """Whether it is meant."""
    turn = context.turn
    one = await appointments.dismissable(turn.session, turn.person, int(context.tapped))
    surely = Button(say("button.dismiss_surely"), "dismiss_surely", one.person.id)
    await turn.answer_tap()
    sentence = say("officers.confirm", name=one.person.name, role=_title_of(turn, one))
    await turn.change(sentence, [[surely], [BACK]], post.Note(about=one.person.id))


async def dismiss(_: Update, context: Context) -> None:
    """It is meant."""
    turn = context.turn
    dismissed = await appointments.dismiss(turn.session, turn.person, int(context.tapped), turn.now)
    await turn.answer_tap(say("tap.dismissed"))
    if dismissed.id == turn.person.id:
        await turn.change(say("officer.dismissed_self"), [[TOPICS]])
    else:
        await turn.change(*await _list(turn, 0), MANY)


async def open_link(turn: Turn, token_hash: str) -> None:
    """Somebody opened a link that appoints; the admin who made it is told who it was."""
    opened = await appointments.open_link(turn.session, turn.person, token_hash, turn.now)
    officer = opened.officer
    title = title_of(turn, officer.role, officer.office)
    if isinstance(opened, Appointed):
        await turn.reply(say("officer.appointed", name=turn.person.name, role=title))
        await _tell_maker(turn, opened, title)
    elif officer.role is Role.ADMIN:
        await turn.reply(say("officer.stays_admin"))
    else:
        await turn.reply(say("officer.is_already", role=title))


async def _tell_maker(turn: Turn, opened: Appointed, title: Sentence) -> None:
    if opened.maker:
        sentence = say("officers.joined", name=turn.person.name, role=title)
        dismiss_them = Button(say("button.dismiss"), "dismiss", turn.person.id)
        await post.owe(turn.session, opened.maker, sentence, [[dismiss_them]], post.Note(about=turn.person.id))


def _title_of(turn: Turn, one: Serving) -> Sentence:
    return title_of(turn, one.officer.role, one.officer.office)


def title_of(turn: Turn, role: Role, office: str) -> Sentence:
    """What somebody is called: "petugas Diskopum"."""
    if role is Role.ADMIN:
        return say("role.admin")
    known = turn.house.district.office(office)
    name = known.short_name if known else office
    return say("role.officer", office=name) if role is Role.OFFICER else say("role.reader", office=name)


HANDLERS = [
    CallbackQueryHandler(list_all, pattern=r"^officers:(\d{1,3})$"),
    CallbackQueryHandler(show, pattern=r"^officer:(\d{1,18})$"),
    CallbackQueryHandler(choose_role, pattern=r"^appoint:(role)$"),
    CallbackQueryHandler(choose_office, pattern=r"^appoint:(officer|reader)$"),
    CallbackQueryHandler(make_link, pattern=r"^appoint:(admin|(?:officer|reader)\.[a-z0-9_]{1,40})$"),
    CallbackQueryHandler(confirm, pattern=r"^dismiss:(\d{1,18})$"),
    CallbackQueryHandler(dismiss, pattern=r"^dismiss_surely:(\d{1,18})$"),
]
