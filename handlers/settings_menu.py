"""Pengaturan, for admins, reached from /antrean: office hours, holidays, and the way to what other parts let be set."""

from datetime import date
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import holidays, office_hours, post, staff
from domain.district import Holiday
from domain.errors import StaleButton
from handlers import steps
from handlers.pages import leaf, page_of
from handlers.turn import Context, Turn
from messages import Button, Buttons, Date, Day, Sentence, Weekday, say

SECTIONS: Buttons = [
    [Button(say("button.hours"), "hours", 0), Button(say("button.holidays"), "holidays", 0)],
    [Button(say("button.officers"), "officers", 0), Button(say("button.saved_replies"), "saved", 0)],
    [
        Button(say("button.broadcast_rules"), "broadcast_rules", 0),
        Button(say("button.opportunity_rules"), "opp_rules", 0),
    ],
]
"""What can be set; a part that lets admins set something adds its button here."""

BACK = Button(say("button.back"), "settings", 0)
TO_HOURS, TO_HOLIDAYS = Button(say("button.back"), "hours", 0), Button(say("button.back"), "holidays", 0)
HOURS_STEP, HOLIDAY_STEP = "settings.hours", "settings.holiday"
SOON = 3
"""So many holidays stand on the first page."""

ON_A_PAGE = 6


async def show_all(_: Update, context: Context) -> None:
    """All that is set, and where to change it."""
    turn = context.turn
    await _enter(turn)
    week = tuple(await _days(turn))
    coming = await holidays.coming(turn.session, turn.house.district, today(turn))
    soon = tuple(map(_line, coming[:SOON])) or say("settings.no_holidays")
    to_queue = Button(say("button.back"), "queue", 0)
    await turn.change(say("settings.all", week=week, holidays=soon), [*SECTIONS, [to_queue]])


async def _enter(turn: Turn) -> None:
    """Only admins come in; who taps on does not want to type any more what was asked for."""
    await staff.access(turn.session, turn.person, admin=True)
    state = await steps.under_way(turn)
    if state and state["step"] in (HOURS_STEP, HOLIDAY_STEP):
        await steps.end(turn)
    await turn.answer_tap()


# Office hours.


async def show_hours(_: Update, context: Context) -> None:
    """The week, with a button a day."""
    turn = context.turn
    await _enter(turn)
    await turn.change(*await _hours(turn))


async def ask_hours(_: Update, context: Context) -> None:
    """A day was tapped: ask for its hours."""
    turn, weekday = context.turn, int(context.tapped)
    await _enter(turn)
    await steps.begin(turn, HOURS_STEP, weekday=weekday, menu=turn.tapped_message_id)
    current = (await _days(turn))[weekday]
    close = Button(say("button.close_day"), "shut", weekday)
    await turn.change(say("settings.ask_hours", day=Weekday(weekday), current=current), [[close], [TO_HOURS]])


async def take_hours(turn: Turn, state: steps.State) -> None:
    """What was typed as the hours of a day."""
    weekday, typed = state["weekday"], turn.message.text or ""
    await office_hours.set_day(turn.session, turn.person, turn.house.district, weekday, typed, turn.now)
    await steps.end(turn)
    await _redraw(turn, state, *await _hours(turn))
    await turn.reply(say("settings.saved", now=(await _days(turn))[weekday]), [[TO_HOURS]])


async def close_day(_: Update, context: Context) -> None:
    """Closed on that day, without typing it."""
    turn = context.turn
    await _enter(turn)
    district = turn.house.district
    await office_hours.set_day(turn.session, turn.person, district, int(context.tapped), "tutup", turn.now)
    await turn.change(*await _hours(turn))


async def _hours(turn: Turn) -> tuple[Sentence, Buttons]:
    days = [Button(Weekday(day).in_language(turn.person.language), "day", day) for day in range(7)]
    return say("settings.hours", week=tuple(await _days(turn))), [days[:3], days[3:5], days[5:], [BACK]]


async def _days(turn: Turn) -> list[Sentence]:
    """A line a day."""
    week = await office_hours.week_of(turn.session, turn.house.district)
    return [
        say("settings.day_open", day=Weekday(day), hours=span) if span else say("settings.day_closed", day=Weekday(day))
        for day, span in enumerate(week)
    ]


# Holidays.


async def list_holidays(_: Update, context: Context) -> None:
    """Those that come, a page of them."""
    turn = context.turn
    await _enter(turn)
    await turn.change(*await _holidays(turn, int(context.tapped)))


async def show_holiday(_: Update, context: Context) -> None:
    """One holiday: right, or none."""
    turn, day = context.turn, _tapped_day(context)
    await _enter(turn)
    holiday = await holidays.find(turn.session, turn.house.district, day)
    strike = Button(say("button.strike_holiday"), "holiday_off", day.isoformat())
    right = [] if holiday.confirmed else [[Button(say("button.confirm_holiday"), "holiday_ok", day.isoformat())]]
    await turn.change(_one(holiday), [*right, [strike], [TO_HOLIDAYS]])


async def confirm_holiday(_: Update, context: Context) -> None:
    """It was compared with the decree."""
    turn = context.turn
    await holidays.confirm(turn.session, turn.person, turn.house.district, _tapped_day(context), turn.now)
    await turn.answer_tap(say("tap.saved"))
    await turn.change(*await _holidays(turn, 0))


async def strike_holiday(_: Update, context: Context) -> None:
    """The office works on that day."""
    turn = context.turn
    await holidays.strike(turn.session, turn.person, turn.house.district, _tapped_day(context), turn.now)
    await turn.answer_tap(say("tap.saved"))
    await turn.change(*await _holidays(turn, 0))


async def ask_holiday(_: Update, context: Context) -> None:
    """Ask for another one."""
    turn = context.turn
    await _enter(turn)
    await steps.begin(turn, HOLIDAY_STEP, menu=turn.tapped_message_id)
    await turn.change(say("settings.ask_holiday"), [[TO_HOLIDAYS]])


async def take_holiday(turn: Turn, state: steps.State) -> None:
    """What was typed as another holiday."""
    typed = turn.message.text or ""
    added = await holidays.add(turn.session, turn.person, typed, today(turn), turn.now)
    await steps.end(turn)
    await _redraw(turn, state, *await _holidays(turn, 0))
    await turn.reply(say("settings.saved", now=_line(added)), [[TO_HOLIDAYS]])


async def _holidays(turn: Turn, page: int) -> tuple[Sentence, Buttons]:
    coming = await holidays.coming(turn.session, turn.house.district, today(turn))
    shown, page, pages = page_of(coming, page, ON_A_PAGE)
    sentence = say("settings.holidays", holidays=tuple(map(_line, shown))) if shown else say("settings.no_holidays")
    each = [Button(_label(turn, holiday), "holiday", holiday.day.isoformat()) for holiday in shown]
    rows = [each[place : place + 2] for place in range(0, len(each), 2)]
    add = Button(say("button.add_holiday"), "holiday_new", 0)
    return sentence, [*rows, *leaf("holidays", "", page, pages), [add], [BACK]]


def _line(holiday: Holiday) -> Sentence:
    name = holiday.name or say("settings.unnamed")
    if holiday.confirmed:
        return say("settings.holiday", day=Day(holiday.day), name=name)
    return say("settings.holiday_unchecked", day=Day(holiday.day), name=name)


def _one(holiday: Holiday) -> Sentence:
    key = "settings.one_holiday" if holiday.confirmed else "settings.one_unchecked"
    return say(key, day=Day(holiday.day), name=holiday.name or say("settings.unnamed"))


def _label(turn: Turn, holiday: Holiday) -> str:
    day = Date(holiday.day.isoformat()).in_language(turn.person.language)
    return day if holiday.confirmed else f"{day} ❓"


def _tapped_day(context: Context) -> date:
    try:
        return date.fromisoformat(context.tapped)
    except ValueError as error:  # a forged one
        raise StaleButton from error


def today(turn: Turn) -> date:
    """The day it is in the district."""
    return turn.now.astimezone(ZoneInfo(turn.house.district.timezone)).date()


async def _redraw(turn: Turn, state: steps.State, sentence: Sentence, buttons: Buttons) -> None:
    """Let the message that asked say what holds now."""
    if (message_id := state["menu"]) is not None:
        await post.owe_edit(turn.session, turn.person, message_id, sentence, buttons)


steps.STEPS[HOURS_STEP] = take_hours
steps.STEPS[HOLIDAY_STEP] = take_holiday

_A_DAY = r"(\d{4}-\d{2}-\d{2})"

HANDLERS = [
    CallbackQueryHandler(show_all, pattern=r"^settings:(0)$"),
    CallbackQueryHandler(show_hours, pattern=r"^hours:(0)$"),
    CallbackQueryHandler(ask_hours, pattern=r"^day:([0-6])$"),
    CallbackQueryHandler(close_day, pattern=r"^shut:([0-6])$"),
    CallbackQueryHandler(list_holidays, pattern=r"^holidays:(\d{1,3})$"),
    CallbackQueryHandler(show_holiday, pattern=rf"^holiday:{_A_DAY}$"),
    CallbackQueryHandler(confirm_holiday, pattern=rf"^holiday_ok:{_A_DAY}$"),
    CallbackQueryHandler(strike_holiday, pattern=rf"^holiday_off:{_A_DAY}$"),
    CallbackQueryHandler(ask_holiday, pattern=r"^holiday_new:(0)$"),
]
