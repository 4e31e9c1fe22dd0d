"""/laporan, for officers in private: what came of their opportunities, in words, as pictures and as a table."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from domain import post, staff
from domain.errors import NotForYou, StaleButton
from domain.opportunities import report
from domain.opportunities.periods import BOOK, KINDS, PICTURE_MONTHS, PICTURE_PARTS, Asked, asked_of, period_of
from domain.staff import Officer, Role
from handlers import other
from handlers.turn import Context, Turn
from messages import Button, Buttons, Sentence, say

PERIODS = {
    "month": say("button.report_month"),
    "last": say("button.report_last"),
    "year": say("button.report_year"),
    "twelve": say("button.report_twelve"),
}
"""By KINDS."""

FILES = {
    "picture": ((PICTURE_MONTHS, say("report.by_month_picture")), (PICTURE_PARTS, say("report.by_part_picture"))),
    "book": ((BOOK, say("report.as_book")),),
}
"""By what the button says: kinds of files, and what each is called."""


async def open_report(update: Update, context: Context) -> None:
    """This month's, as a new message; for anybody but officers there is no such command."""
    turn = context.turn
    officer = await staff.officer_of(turn.session, turn.person)
    if officer is None:
        await other.explain_command(update, context)
    else:
        await turn.reply(*await _report(turn, "month", _own_place(turn, officer)))


async def show(_: Update, context: Context) -> None:
    """Another time, or another office, in the message that is open."""
    turn = context.turn
    kind, _dot, place = context.tapped.partition(".")
    await _enter(turn, int(place))
    await turn.answer_tap()
    await turn.change(*await _report(turn, kind, int(place)))


async def send(_: Update, context: Context) -> None:
    """Its pictures, or its table, as they are when they are sent."""
    turn = context.turn
    name, _dot, number = context.tapped.partition(".")
    asked = asked_of(int(number))
    if asked is None:
        raise StaleButton
    await _enter(turn, asked.place)
    await turn.answer_tap(say("tap.paper_comes"))
    about = {"period": asked.period.name(), "office": report.office_name(asked, turn.house.district)}
    for kind, what in FILES[name]:
        caption = say("report.caption", what=what, **about)
        await post.owe_document(turn.session, turn.person, kind, asked.number, caption, is_photo=kind != BOOK)


async def _enter(turn: Turn, place: int) -> None:
    """Only who serves that office comes in, readers too; for all of them together only admins."""
    offices = turn.house.district.offices
    if place > len(offices):
        raise StaleButton
    office = offices[place - 1].key if place else None
    await staff.access(turn.session, turn.person, office=office, reads=True, admin=place == 0)


def _own_place(turn: Turn, officer: Officer) -> int:
    if officer.role is Role.ADMIN:
        return 0
    keys = [office.key for office in turn.house.district.offices]
    if officer.office not in keys:
        raise NotForYou
    return keys.index(officer.office) + 1


async def _report(turn: Turn, kind: str, place: int) -> tuple[Sentence, Buttons]:
    district = turn.house.district
    asked = Asked(period_of(kind, district, turn.now), place)
    figures = await report.figures_of(turn.session, asked, district)
    officer = await staff.officer_of(turn.session, turn.person)
    rows: list[list[Button]] = []
    if figures.total:
        names = {"picture": say("button.report_picture"), "book": say("button.report_book")}
        rows.append([Button(label, "report_file", f"{name}.{asked.number}") for name, label in names.items()])
    times = [Button(PERIODS[one], "report", f"{one}.{place}") for one in KINDS if one != kind]
    rows += [times[:2], times[2:]]
    if officer and officer.role is Role.ADMIN and len(district.offices) > 1:
        every = [Asked(asked.period, number) for number in range(len(district.offices) + 1) if number != place]
        rows += [[Button(report.office_name(one, district), "report", f"{kind}.{one.place}")] for one in every]
    return report.words(figures, asked, district, turn.now), rows


HANDLERS = [
    CommandHandler("laporan", open_report, filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE),
    CallbackQueryHandler(show, pattern=r"^report:((?:month|last|year|twelve)\.\d{1,2})$"),
    CallbackQueryHandler(send, pattern=r"^report_file:((?:picture|book)\.\d{6,12})$"),
]
