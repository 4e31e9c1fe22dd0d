"""What admins set of broadcasts, under Pengaturan: from how many on a second officer is asked, and the quiet hours."""

import re

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import rules, staff
from domain.broadcasts import confirming, quiet
from domain.errors import Unfit
from handlers import steps
from handlers.turn import Context, Turn
from messages import Button, Buttons, Number, Sentence, say

STEP = "broadcast.rule"

BACK = Button(say("button.back"), "broadcast_rules", 0)

ASKS = {"approval_number": say("broadcast.ask_approval_number"), "quiet_hours": say("broadcast.ask_quiet_hours")}


async def show(_: Update, context: Context) -> None:
    """Both, as they are now."""
    turn = context.turn
    await _enter(turn)
    await turn.change(*await _screen(turn))


async def _enter(turn: Turn) -> None:
    await staff.access(turn.session, turn.person, admin=True)
    await steps.leave(turn, STEP)
    await turn.answer_tap()


async def _screen(turn: Turn) -> tuple[Sentence, Buttons]:
    number = await rules.read(turn.session, confirming.APPROVAL_NUMBER)
    begins, ends = await rules.read(turn.session, quiet.QUIET_HOURS)
    hours = say("broadcast.quiet_none") if begins == ends else f"{begins}–{ends}"
    rows = [
        [Button(say("button.broadcast_approval_number"), "broadcast_rule", "approval_number")],
        [Button(say("button.broadcast_quiet_hours"), "broadcast_rule", "quiet_hours")],
        [Button(say("button.back"), "settings", 0)],
    ]
    return say("broadcast.rules", number=Number(number), hours=hours), rows


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
    if state["rule"] == "approval_number":
        number = _number(typed)
        await rules.change(turn.session, turn.person, confirming.APPROVAL_NUMBER, lambda _: number, turn.now)
    else:
        hours = quiet.typed(typed)
        await rules.change(turn.session, turn.person, quiet.QUIET_HOURS, lambda _: hours, turn.now)
    await steps.end(turn)
    sentence, buttons = await _screen(turn)
    await turn.reply(say("broadcast.noted", note=say("manage.saved"), told=sentence), buttons)


def _number(typed: str) -> int:
    """As typed, "1.500" too. Raises Unfit."""
    found = re.fullmatch(r"\s*(\d{1,3}(?:\.\d{3})+|\d{1,7})(?:\s*orang)?\s*", typed, re.IGNORECASE | re.ASCII)
    if found is None:
        raise Unfit(say("broadcast.approval_wrong", most=Number(confirming.MOST)))
    return int(found[1].replace(".", ""))


steps.STEPS[STEP] = take
steps.WAYS_OUT[STEP] = lambda _: [[BACK]]

HANDLERS = [
    CallbackQueryHandler(show, pattern=r"^broadcast_rules:(0)$"),
    CallbackQueryHandler(ask, pattern=r"^broadcast_rule:(approval_number|quiet_hours)$"),
]
