"""What admins set of opportunities, under Pengaturan: how many messages a week, and when the digests go out."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import rules, staff
from domain.district import WEEKDAYS
from domain.errors import Unfit
from domain.opportunities import rhythm
from handlers import steps
from handlers.turn import Context, Turn
from messages import Button, Buttons, Number, Sentence, Weekday, say

STEP = "opportunity.rule"

ASKS = {"weekly_cap": say("opportunity.ask_weekly_cap"), "digest_hour": say("opportunity.ask_digest_hour")}

BACK = Button(say("button.back"), "opp_rules", 0)

_HOUR = re.compile(r"\s*(?:jam|pukul)?\s*(\d{1,2})(?:[.:](\d{2}))?\s*", re.IGNORECASE | re.ASCII)


async def show(_: Update, context: Context) -> None:
    """All of them, as they are now."""
    turn = context.turn
    await _enter(turn)
    await turn.change(*await _screen(turn))


async def _enter(turn: Turn) -> None:
    await staff.access(turn.session, turn.person, admin=True)
    await steps.leave(turn, STEP)
    await turn.answer_tap()


async def _screen(turn: Turn) -> tuple[Sentence, Buttons]:
    timing = await rhythm.timing(turn.session, turn.house.district)
    rows = [
        [Button(say("button.opportunity_cap"), "opp_rule", "weekly_cap")],
        [Button(say("button.opportunity_hour"), "opp_rule", "digest_hour")],
        [Button(say("button.opportunity_day"), "opp_rule_day", "show")],
        [Button(say("button.back"), "settings", 0)],
    ]
    blanks = {"cap": Number(timing.cap), "hour": f"{timing.hour:%H.%M}", "day": Weekday(timing.day)}
    rules_now = say("opportunity.rules", **blanks)
    at = datetime.combine(turn.now.astimezone(ZoneInfo(timing.zone)).date(), timing.hour, ZoneInfo(timing.zone))
    if timing.quiet.over(at) is None:
        return rules_now, rows
    return say("opportunity.rules_in_quiet", rules=rules_now, hour=f"{timing.quiet.ends:%H.%M}"), rows


async def ask(_: Update, context: Context) -> None:
    """One was tapped: the new one is typed."""
    turn, name = context.turn, context.tapped
    await _enter(turn)
    await steps.begin(turn, STEP, rule=name)
    await turn.change(ASKS[name], [[BACK]])


async def take(turn: Turn, state: steps.State) -> None:
    """It was typed."""
    await staff.access(turn.session, turn.person, admin=True)
    typed = turn.message.text or ""
    if state["rule"] == "weekly_cap":
        number = _number(typed)
        await rules.change(turn.session, turn.person, rhythm.WEEKLY_CAP, lambda _: number, turn.now)
    else:
        hour = _hour(typed)
        await rules.change(turn.session, turn.person, rhythm.DIGEST_HOUR, lambda _: hour, turn.now)
    await steps.end(turn)
    sentence, buttons = await _screen(turn)
    await turn.reply(say("broadcast.noted", note=say("manage.saved"), told=sentence), buttons)


def _number(typed: str) -> int:
    """Raises Unfit for what is none."""
    found = re.fullmatch(r"\s*(\d{1,4})\s*(?:pesan)?\s*", typed, re.IGNORECASE | re.ASCII)
    if found is None:
        raise Unfit(say("opportunity.cap_wrong"))
    return int(found[1])


def _hour(typed: str) -> str:
    """As the rule takes it, of "8", "jam 8" or "08:00". Raises Unfit."""
    found = _HOUR.fullmatch(typed)
    if found is None:
        raise Unfit(say("opportunity.hour_wrong"))
    return f"{int(found[1]):02}.{found[2] or '00'}"


async def ask_day(_: Update, context: Context) -> None:
    """The day is tapped."""
    turn = context.turn
    await _enter(turn)
    days = [Button(Weekday(place).in_language(turn.person.language), "opp_rule_day", place) for place in range(7)]
    await turn.change(say("opportunity.ask_digest_day"), [days[:3], days[3:5], days[5:], [BACK]])


async def take_day(_: Update, context: Context) -> None:
    """It was."""
    turn, day = context.turn, WEEKDAYS[int(context.tapped)]
    await _enter(turn)
    await rules.change(turn.session, turn.person, rhythm.DIGEST_DAY, lambda _: day, turn.now)
    await turn.change(*await _screen(turn))


steps.STEPS[STEP] = take
steps.WAYS_OUT[STEP] = lambda _: [[BACK]]

HANDLERS = [
    CallbackQueryHandler(show, pattern=r"^opp_rules:(0)$"),
    CallbackQueryHandler(ask, pattern=r"^opp_rule:(weekly_cap|digest_hour)$"),
    CallbackQueryHandler(ask_day, pattern=r"^opp_rule_day:(show)$"),
    CallbackQueryHandler(take_day, pattern=r"^opp_rule_day:([0-6])$"),
]
