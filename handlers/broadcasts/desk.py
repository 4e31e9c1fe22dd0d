"""/siaran, for officers: what their office composes, has under way and sent last; open, copy, take back, drop."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from domain import staff
from domain.broadcasts import Broadcast, BroadcastState, drafts, repeating, telling
from domain.staff import Officer, Role
from domain.trainings.desk import offices_of
from handlers import other, steps
from handlers.broadcasts.sheet import acts, back_to, reads, show, shown
from handlers.pages import leaf, page_of
from handlers.turn import Context, Turn
from messages import Button, Buttons, Moment, Sentence, say
from messages.limits import cut

ON_A_PAGE, LINE = 6, 40

S = BroadcastState
SIGNS = {
    S.DRAFT: "📝",
    S.PROPOSED: "✋",
    S.SCHEDULED: "🕗",
    S.PREPARING: "📤",
    S.RUNNING: "📤",
    S.PAUSED: "⏸",
    S.MISSED: "⌛",
    S.FINISHED: "✅",
    S.CANCELLED: "⏹",
}


async def list_first(update: Update, context: Context) -> None:
    """The first page, as a new message; for anybody but officers there is no such command."""
    turn = context.turn
    officer = await staff.officer_of(turn.session, turn.person)
    if officer is None:
        await other.explain_command(update, context)
        return
    await steps.leave(turn, "broadcast.")
    await turn.reply(*await _list(turn, officer, 0))


async def turn_page(_: Update, context: Context) -> None:
    """Another page, in the message that is open."""
    turn = context.turn
    officer = await staff.access(turn.session, turn.person, reads=True)
    await steps.leave(turn, "broadcast.")
    await turn.answer_tap()
    await turn.change(*await _list(turn, officer, int(context.tapped)))


async def _list(turn: Turn, officer: Officer, page: int) -> tuple[Sentence, Buttons]:
    offices = [office.key for office in offices_of(officer, turn.house.district)]
    every = await drafts.of_offices(turn.session, offices)
    shown, page, pages = page_of(every, page, ON_A_PAGE)
    numbered = list(enumerate(shown, 1 + page * ON_A_PAGE))
    lines = tuple(_line(turn, one, number, several=len(offices) > 1) for number, one in numbered)
    language = turn.person.language
    each = [
        [Button(f"{number}. {SIGNS[one.state]} {_title(one, language)}", "broadcast", one.id)]
        for number, one in numbered
    ]
    rows = [*each, *leaf("siaran", "", page, pages), *_ways(officer)]
    return (say("broadcast.list", lines=lines), rows) if lines else (say("broadcast.list_empty"), rows)


def _ways(officer: Officer) -> list[list[Button]]:
    if officer.role is Role.READER:
        return [[Button(say("button.topics"), "topics", 0)]]
    schedules = Button(say("button.broadcast_schedules"), "broadcast_schedules", 0)
    outlets = Button(say("button.broadcast_outlets"), "outlets", 0)
    return [[Button(say("button.broadcast_make"), "broadcast_make", 0)], [schedules, outlets]]


def _line(turn: Turn, broadcast: Broadcast, number: int, *, several: bool) -> Sentence:
    office = turn.house.district.office(broadcast.office)
    blanks = {
        "number": number,
        "sign": SIGNS[broadcast.state],
        "title": cut(_title(broadcast, turn.person.language), LINE),
        "state": say(f"broadcast.state_{broadcast.state.value}"),
        "moment": _date(turn, broadcast),
    }
    if several:
        return say("broadcast.list_of_office", office=office.short_name if office else broadcast.office, **blanks)
    return say("broadcast.list_line", **blanks)


def _date(turn: Turn, broadcast: Broadcast) -> Sentence:
    """The date that matters where it stands, and what it is the date of."""
    key, at = "broadcast.date_changed", broadcast.changed_at
    if broadcast.state in {S.SCHEDULED, S.MISSED} and broadcast.starts_at is not None:
        key = "broadcast.date_starts" if broadcast.state is S.SCHEDULED else "broadcast.date_missed"
        at = broadcast.starts_at
    elif broadcast.finished_at is not None:
        key, at = "broadcast.date_ended", broadcast.finished_at
    elif broadcast.started_at is not None:
        key, at = "broadcast.date_began", broadcast.started_at
    return say(key, moment=Moment(at, turn.house.district.timezone, turn.now))


def _title(broadcast: Broadcast, language: str) -> str:
    title = telling.title_of(broadcast)
    return title.in_language(language) if isinstance(title, Sentence) else title


# One of them.


async def open_one(_: Update, context: Context) -> None:
    """As it stands."""
    broadcast = await reads(context)
    await steps.leave(context.turn, "broadcast.")
    await context.turn.answer_tap()
    await show(context.turn, broadcast)


async def copy(_: Update, context: Context) -> None:
    """Salin: a draft that says the same, in a message of its own."""
    turn, broadcast = context.turn, await acts(context)
    row = await drafts.copy(turn.session, broadcast, turn.person, turn.now)
    await turn.answer_tap()
    await turn.reply(*await shown(turn, row, say("broadcast.copied")))


async def reopen(_: Update, context: Context) -> None:
    """Ubah lagi: composed once more, and not sent before it is confirmed again."""
    turn, broadcast = context.turn, await acts(context)
    await drafts.reopen(turn.session, broadcast, turn.person, turn.now)
    await turn.answer_tap()
    await show(turn, broadcast, say("broadcast.reopened"))


async def ask_drop(_: Update, context: Context) -> None:
    """Buang: asked once."""
    turn, broadcast = context.turn, await acts(context)
    await turn.answer_tap()
    rows = [[Button(say("button.broadcast_drop_surely"), "broadcast_dropped", broadcast.id)]]
    if broadcast.schedule_id is not None:
        rows.append([Button(say("button.broadcast_dates"), "broadcast_schedule", broadcast.schedule_id)])
    await turn.change(await _asked_drop(turn, broadcast), [*rows, back_to(broadcast)])


async def _asked_drop(turn: Turn, broadcast: Broadcast) -> Sentence:
    """What goes with it: of a schedule one date, unless no date of it was ever confirmed."""
    title = telling.title_of(broadcast)
    if broadcast.schedule_id is None or broadcast.state is S.MISSED:
        return say("broadcast.ask_drop", title=title)
    if await repeating.falls_with(turn.session, broadcast):
        return say("broadcast.ask_drop_first", title=title)
    moment = Moment(broadcast.starts_at or turn.now, turn.house.district.timezone, turn.now)
    return say("broadcast.ask_drop_date", title=title, moment=moment)


async def drop(_: Update, context: Context) -> None:
    """It is meant."""
    turn, broadcast = context.turn, await acts(context)
    is_date = broadcast.schedule_id is not None and broadcast.state is not S.MISSED
    goes_on = is_date and not await repeating.falls_with(turn.session, broadcast)
    if broadcast.schedule_id is not None and broadcast.state is S.SCHEDULED:
        # Of a schedule only this date falls away; what was changed in it holds for the next.
        await repeating.skip(turn.session, broadcast.id, drafts.actor(turn.person), turn.house.district, turn.now)
    else:
        await drafts.drop(turn.session, broadcast, turn.person, turn.now)
    await turn.answer_tap()
    buttons = [[Button(say("button.broadcast_make"), "broadcast_make", 0)], [Button(say("button.back"), "siaran", 0)]]
    title = telling.title_of(broadcast)
    await turn.change(
        say("broadcast.date_dropped", title=title) if goes_on else say("broadcast.dropped", title=title), buttons
    )


HANDLERS = [
    CommandHandler("siaran", list_first, filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE),
    CallbackQueryHandler(turn_page, pattern=r"^siaran:(\d{1,3})$"),
    CallbackQueryHandler(open_one, pattern=r"^broadcast:(\d{1,18})$"),
    CallbackQueryHandler(copy, pattern=r"^broadcast_copy:(\d{1,18})$"),
    CallbackQueryHandler(reopen, pattern=r"^broadcast_reopen:(\d{1,18})$"),
    CallbackQueryHandler(ask_drop, pattern=r"^broadcast_drop:(\d{1,18})$"),
    CallbackQueryHandler(drop, pattern=r"^broadcast_dropped:(\d{1,18})$"),
]
