"""Making a draft come again: how often, on which days, at what time; kept once its next dates have been seen."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import holidays
from domain.broadcasts import Broadcast, confirming, drafts, forecast, repeating, telling
from domain.broadcasts.rhythm import OFTEN, Rhythm, next_dates, read_time
from handlers import steps
from handlers.broadcasts import schedule as dates
from handlers.broadcasts.sheet import means_of, still
from handlers.trainings.sheet import in_rows
from handlers.turn import Context, Turn
from messages import Button, Buttons, Sentence, Weekday, say

STEP = "broadcast.repeat"
"""Holds what is chosen so far; `asks` tells what may be typed now."""

HOURS = ("07.00", "08.00", "09.00", "12.00", "16.00", "19.00")

ENDS = {"months3": 92, "months6": 183}
"""Days from today."""

LATE_LIMITS = (30, 60, 120, 360, 1440)
"""Minutes; 0 in a button is: however late."""

START: dict[str, Any] = {
    "often": None,
    "hour": None,
    "weekdays": [],
    "day": None,
    "ends_on": None,
    "late": repeating.LATE_LIMIT,
}


async def begin(_: Update, context: Context) -> None:
    """Berulang: how often."""
    turn = context.turn
    broadcast, _rest = await _tapped(context)
    await turn.answer_tap()
    # From the summary: what else was chosen stays.
    await _ask_often(turn, broadcast, await _state(turn, broadcast))


async def choose_often(_: Update, context: Context) -> None:
    """Daily goes on to the hour; the others to their days."""
    turn = context.turn
    broadcast, often = await _tapped(context)
    await turn.answer_tap()
    if (state := await _state(turn, broadcast)) is None:
        return await _ask_often(turn, broadcast, forgotten=True)
    state |= {"often": often, "weekdays": [], "day": None}
    await _keep_state(turn, state)
    ask = {"daily": _go_on, "weekly": _ask_weekdays, "monthly": _ask_day}[often]
    return await ask(turn, broadcast, state)


async def tick_weekday(_: Update, context: Context) -> None:
    """Tick a weekday, or take the tick away, as the button said."""
    turn = context.turn
    broadcast, rest = await _tapped(context)
    await turn.answer_tap()
    if (state := await _state(turn, broadcast, "weekly")) is None:
        return await _ask_often(turn, broadcast, forgotten=True)
    day, _dot, wanted = rest.partition(".")
    others = {*state["weekdays"]} - {int(day)}
    state["weekdays"] = sorted({*others, int(day)} if wanted == "1" else others)
    await _keep_state(turn, state)
    return await _ask_weekdays(turn, broadcast, state)


async def choose_day(_: Update, context: Context) -> None:
    """A day of the month, or its last."""
    turn = context.turn
    broadcast, day = await _tapped(context)
    await turn.answer_tap()
    if (state := await _state(turn, broadcast, "monthly")) is None:
        return await _ask_often(turn, broadcast, forgotten=True)
    state["day"] = None if day == "last" else int(day)
    return await _go_on(turn, broadcast, state)


async def go_on(_: Update, context: Context) -> None:
    """Lanjut, once there is a weekday."""
    turn = context.turn
    broadcast, _rest = await _tapped(context)
    if (state := await _state(turn, broadcast)) is None or state["often"] is None:
        await turn.answer_tap()
        return await _ask_often(turn, broadcast, forgotten=True)
    if state["often"] == "weekly" and not state["weekdays"]:
        return await turn.answer_tap(say("tap.no_weekday"), alert=True)
    await turn.answer_tap()
    return await _go_on(turn, broadcast, state)


async def ask_hour(_: Update, context: Context) -> None:
    """Ubah jam."""
    broadcast, state = await _chosen(context)
    if state is not None:
        await _ask_hour(context.turn, broadcast, state)


async def choose_hour(_: Update, context: Context) -> None:
    """An hour by its button."""
    turn = context.turn
    broadcast, hour = await _tapped(context)
    await turn.answer_tap()
    if (state := await _state(turn, broadcast)) is None or not _has_days(state):
        return await _ask_often(turn, broadcast, forgotten=True)
    state["hour"] = read_time(f"{hour[:2]}.{hour[2:]}")
    return await _review(turn, broadcast, state)


async def ask_end(_: Update, context: Context) -> None:
    """Ubah tanggal akhir."""
    broadcast, state = await _chosen(context)
    if state is None:
        return
    about = broadcast.id
    await _keep_state(context.turn, state, asks="end")
    rows = [
        [Button(say("button.never_ends"), "broadcast_repeat_end", f"{about}.none")],
        [
            Button(say("button.three_months"), "broadcast_repeat_end", f"{about}.months3"),
            Button(say("button.six_months"), "broadcast_repeat_end", f"{about}.months6"),
        ],
        [Button(say("button.end_of_year"), "broadcast_repeat_end", f"{about}.year")],
        [_to_review(broadcast)],
    ]
    await context.turn.change(say("broadcast.repeat_end"), rows)


async def choose_end(_: Update, context: Context) -> None:
    """The last day by its button."""
    broadcast, state = await _chosen(context)
    if state is not None:
        end = context.tapped.partition(".")[2]
        today = dates.today(context.turn)
        days = {"none": None, "year": date(today.year, 12, 31)}
        day = days[end] if end in days else today + timedelta(days=ENDS[end])
        state["ends_on"] = day and day.isoformat()
        await _review(context.turn, broadcast, state)


async def ask_late(_: Update, context: Context) -> None:
    """Ubah batas terlambat."""
    broadcast, state = await _chosen(context)
    if state is not None:
        await _keep_state(context.turn, state)
        each = [
            Button(dates.minutes(limit), "broadcast_repeat_late", f"{broadcast.id}.{limit}") for limit in LATE_LIMITS
        ]
        whenever = [Button(say("button.however_late"), "broadcast_repeat_late", f"{broadcast.id}.0")]
        buttons = [*in_rows(each, 3), whenever, [_to_review(broadcast)]]
        await context.turn.change(say("broadcast.repeat_late"), buttons)


async def choose_late(_: Update, context: Context) -> None:
    """How late it may be sent."""
    broadcast, state = await _chosen(context)
    if state is not None:
        state["late"] = int(context.tapped.partition(".")[2]) or None
        await _review(context.turn, broadcast, state)


async def review(_: Update, context: Context) -> None:
    """Back from a change."""
    broadcast, state = await _chosen(context)
    if state is not None:
        await _review(context.turn, broadcast, state)


async def keep(_: Update, context: Context) -> None:
    """Simpan jadwal: from now on it comes by itself."""
    turn = context.turn
    broadcast, state = await _chosen(context)
    if state is None:
        return
    chosen = (_rhythm(state), _end(state), state["late"])
    kept = await repeating.keep(turn.session, means_of(turn), broadcast, turn.person, *chosen, turn.now)
    await steps.end(turn)
    await dates.change_to(turn, kept, say("broadcast.schedule_kept"))


async def take_typed(turn: Turn, state: steps.State) -> None:
    """An hour or a last day was typed; where neither is asked for, the buttons are pointed at."""
    broadcast = await still(turn, state)
    if broadcast is None:
        return
    typed = turn.message.text or ""
    if state["asks"] == "hour":
        state["hour"] = read_time(typed)
    elif state["asks"] == "end":
        state["ends_on"] = holidays.read_day(typed, dates.today(turn))[0].isoformat()
    else:
        again = Button(say("button.start_again"), "broadcast_repeat", broadcast.id)
        await turn.reply(say("broadcast.repeat_tap"), [[again]])
        return
    await _review(turn, broadcast, state)


# What is chosen so far.


async def _tapped(context: Context) -> tuple[Broadcast, str]:
    """The draft, and what was chosen of it."""
    turn = context.turn
    number, _dot, rest = context.tapped.partition(".")
    return await drafts.access_draft(turn.session, turn.person, int(number)), rest


async def _state(turn: Turn, broadcast: Broadcast, often: str | None = None) -> steps.State | None:
    """What is chosen so far; None where nothing is (any more), or it is not *often*."""
    state = await steps.under_way(turn)
    if state is None or state["step"] != STEP or state["broadcast"] != broadcast.id:
        return None
    return dict(state) if often in {None, state["often"]} else None


async def _chosen(context: Context) -> tuple[Broadcast, steps.State | None]:
    """The draft, and all that was chosen; where it is not whole, it is asked anew here."""
    turn = context.turn
    broadcast, _rest = await _tapped(context)
    await turn.answer_tap()
    state = await _state(turn, broadcast)
    if state is None or not _has_days(state) or state["hour"] is None:
        await _ask_often(turn, broadcast, forgotten=True)
        return broadcast, None
    return broadcast, state


async def _keep_state(turn: Turn, state: steps.State, asks: str | None = None) -> None:
    details = {name: state[name] for name in START}
    await steps.begin(turn, STEP, broadcast=state["broadcast"], asks=asks, **details)


def _has_days(state: steps.State) -> bool:
    return bool(state["often"] in OFTEN and (state["often"] != "weekly" or state["weekdays"]))


def _rhythm(state: steps.State) -> Rhythm:
    return Rhythm(state["often"], state["hour"], tuple(state["weekdays"]), state["day"])


def _end(state: steps.State) -> date | None:
    return date.fromisoformat(state["ends_on"]) if state["ends_on"] else None


# Questions.


async def _ask_often(
    turn: Turn, broadcast: Broadcast, state: steps.State | None = None, *, forgotten: bool = False
) -> None:
    await _keep_state(turn, state or {"broadcast": broadcast.id, **START})
    each = [
        [Button(label, "broadcast_repeat_often", f"{broadcast.id}.{often}")]
        for often, label in zip(OFTEN, (say("button.daily"), say("button.weekly"), say("button.monthly")), strict=True)
    ]
    key = "broadcast.repeat_again" if forgotten else "broadcast.repeat_often"
    await turn.change(say(key, title=telling.title_of(broadcast)), [*each, [_to_draft(broadcast)]])


async def _ask_weekdays(turn: Turn, broadcast: Broadcast, state: steps.State) -> None:
    language, about = turn.person.language, broadcast.id
    names = {day: Weekday(day).in_language(language) for day in range(7)}
    each = [
        Button(
            f"✓ {name}" if day in state["weekdays"] else name,
            "broadcast_repeat_weekday",
            f"{about}.{day}.{int(day not in state['weekdays'])}",
        )
        for day, name in names.items()
    ]
    on = Button(say("button.go_on"), "broadcast_repeat_days", about)
    await turn.change(say("broadcast.repeat_weekdays"), [*in_rows(each, 3), [on], [_to_start(broadcast)]])


async def _ask_day(turn: Turn, broadcast: Broadcast, _: steps.State) -> None:
    each = [Button(str(day), "broadcast_repeat_day", f"{broadcast.id}.{day}") for day in range(1, 32)]
    last = Button(say("button.last_of_month"), "broadcast_repeat_day", f"{broadcast.id}.last")
    await turn.change(say("broadcast.repeat_day"), [*in_rows(each, 7), [last], [_to_start(broadcast)]])


async def _go_on(turn: Turn, broadcast: Broadcast, state: steps.State) -> None:
    """The days are chosen: the hour comes next, unless it is known."""
    await (_ask_hour if state["hour"] is None else _review)(turn, broadcast, state)


async def _ask_hour(turn: Turn, broadcast: Broadcast, state: steps.State) -> None:
    await _keep_state(turn, state, asks="hour")
    each = [Button(hour, "broadcast_repeat_hour", f"{broadcast.id}.{hour.replace('.', '')}") for hour in HOURS]
    await turn.change(
        say("broadcast.repeat_hour", zone=dates.zone_name(turn)), [*in_rows(each, 3), [_to_start(broadcast)]]
    )


async def _review(turn: Turn, broadcast: Broadcast, state: steps.State) -> None:
    """All that was chosen, with the dates that come of it."""
    await _keep_state(turn, state)
    rhythm, end = _rhythm(state), _end(state)
    zone = ZoneInfo(turn.house.district.timezone)
    found = next_dates(rhythm, turn.now, zone, repeating.SHOWN, end)
    said = await dates.described(turn, broadcast, rhythm, end, state["late"])
    lines = await dates.lines_of(turn, broadcast, rhythm, found, end)
    blanks = {"title": telling.title_of(broadcast), "said": said, "lines": lines}
    words = say("broadcast.repeat_never", **blanks)
    if found:
        words = say("broadcast.repeat_review", **blanks, forecast=await _forecast(turn, broadcast, found[0]))
    await turn.change(words, _under_review(broadcast, fires=bool(found)))


async def _forecast(turn: Turn, broadcast: Broadcast, first: datetime) -> tuple[Sentence, ...]:
    """What would come of its first date by what is known now, and whether somebody else decides."""
    await turn.session.flush()
    on_its_date = Broadcast(**{**broadcast.model_dump(), "starts_at": first})
    told = await forecast.of(turn.session, means_of(turn), on_its_date, turn.now)
    words = confirming.in_words(told, on_its_date, turn.house.district, turn.now)
    asked = await confirming.approval_words(turn.session, told)
    return (say("broadcast.repeat_forecast", forecast=words), *([asked] if asked else []))


def _under_review(broadcast: Broadcast, *, fires: bool) -> Buttons:
    id = broadcast.id
    look = Button(say("button.broadcast_preview"), "broadcast_preview", id)
    keep_it = [[Button(say("button.keep_schedule"), "broadcast_repeat_keep", id)], [look]] if fires else []
    changes = [
        [
            Button(say("button.change_hour"), "broadcast_repeat_hours", id),
            Button(say("button.change_days"), "broadcast_repeat", id),
        ],
        [
            Button(say("button.change_end"), "broadcast_repeat_ends", id),
            Button(say("button.change_late"), "broadcast_repeat_lates", id),
        ],
    ]
    return [*keep_it, *changes, [_to_draft(broadcast)]]


def _to_draft(broadcast: Broadcast) -> Button:
    return Button(say("button.back"), "broadcast", broadcast.id)


def _to_start(broadcast: Broadcast) -> Button:
    return Button(say("button.back"), "broadcast_repeat", broadcast.id)


def _to_review(broadcast: Broadcast) -> Button:
    return Button(say("button.back"), "broadcast_repeat_review", broadcast.id)


steps.STEPS[STEP] = take_typed

_ID = r"\d{1,18}"

HANDLERS = [
    CallbackQueryHandler(begin, pattern=rf"^broadcast_repeat:({_ID})$"),
    CallbackQueryHandler(choose_often, pattern=rf"^broadcast_repeat_often:({_ID}\.(?:daily|weekly|monthly))$"),
    CallbackQueryHandler(tick_weekday, pattern=rf"^broadcast_repeat_weekday:({_ID}\.[0-6]\.[01])$"),
    CallbackQueryHandler(choose_day, pattern=rf"^broadcast_repeat_day:({_ID}\.(?:[1-9]|[12]\d|3[01]|last))$"),
    CallbackQueryHandler(go_on, pattern=rf"^broadcast_repeat_days:({_ID})$"),
    CallbackQueryHandler(ask_hour, pattern=rf"^broadcast_repeat_hours:({_ID})$"),
    CallbackQueryHandler(choose_hour, pattern=rf"^broadcast_repeat_hour:({_ID}\.(?:[01]\d|2[0-3])[0-5]\d)$"),
    CallbackQueryHandler(ask_end, pattern=rf"^broadcast_repeat_ends:({_ID})$"),
    CallbackQueryHandler(choose_end, pattern=rf"^broadcast_repeat_end:({_ID}\.(?:none|months3|months6|year))$"),
    CallbackQueryHandler(ask_late, pattern=rf"^broadcast_repeat_lates:({_ID})$"),
    CallbackQueryHandler(choose_late, pattern=rf"^broadcast_repeat_late:({_ID}\.(?:0|30|60|120|360|1440))$"),
    CallbackQueryHandler(review, pattern=rf"^broadcast_repeat_review:({_ID})$"),
    CallbackQueryHandler(keep, pattern=rf"^broadcast_repeat_keep:({_ID})$"),
]
