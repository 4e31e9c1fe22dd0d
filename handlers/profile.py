"""/profil: what a person told of themselves, each detail with its button, and the form that asks for them."""

from collections.abc import Sequence
from typing import Any

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from domain import consent, profile
from domain.forms.fields import Answers, Form
from handlers import consent as agreement
from handlers import forms
from handlers.turn import Context, Turn
from messages import Button, Buttons, Sentence, say

FORM = "profile"
IN_A_ROW = 2


async def show(_: Update, context: Context) -> None:
    """/profil: what is there and what is not."""
    await show_to(context.turn)


async def show_to(turn: Turn) -> None:
    """The profile, or before anything is in it the agreement; a form under way waits from now on."""
    if not await consent.has_consent(turn.session, turn.person):
        await agreement.ask(turn, FORM)
        return
    if opened := await forms.find(turn, FORM):
        await forms.pause(turn, opened)
    await turn.reply(*await _overview(turn))


async def ask_one(_: Update, context: Context) -> None:
    """A detail's button: ask for it."""
    await _ask(context.turn, [context.tapped])


async def show_again(_: Update, context: Context) -> None:
    """Perbaiki profil: the same, by a button."""
    await context.turn.answer_tap()
    await show_to(context.turn)


async def ask_all(_: Update, context: Context) -> None:
    """Isi semua: ask for each detail that is not there."""
    turn = context.turn
    wanted = await profile.missing(turn.session, turn.person, profile.BASICS)
    wanted = wanted or await profile.missing(turn.session, turn.person, profile.READINESS)
    await _ask(turn, wanted or profile.FIELDS)


async def _ask(turn: Turn, fields: Sequence[str]) -> None:
    await turn.answer_tap()
    if await consent.has_consent(turn.session, turn.person):
        await forms.begin(turn, FORM, fields)
    else:
        await agreement.ask(turn, FORM)


async def _overview(turn: Turn, *, is_saved: bool = False) -> tuple[Sentence, Buttons]:
    fields = profile.form(turn.house.district).fields
    known = await profile.values(turn.session, turn.person)
    every = [_line(field.label, field.show(known[field.name]) if field.name in known else None) for field in fields]
    basics = len(profile.BASICS)
    lines = (*every[:basics], "", say("profile.for_opportunities"), *every[basics:])
    each = [Button(field.label, "profile", field.name) for field in fields]
    rows = [each[start : start + IN_A_ROW] for start in range(0, len(each), IN_A_ROW)]
    if await forms.find(turn, FORM):
        return say("profile.with_draft", lines=lines), [[forms.resume_button(FORM)], *rows]
    rest = say("button.fill_rest") if known else say("button.fill_all")
    sentence = say("profile.saved", lines=lines) if is_saved else say("profile.overview", lines=lines)
    return sentence, [*rows, *([[Button(rest, "profile", "all")]] if len(known) < len(fields) else [])]


def _line(label: Sentence, value: Sentence | str | None) -> Sentence:
    return say("profile.line", label=label, value=value) if value else say("profile.empty_line", label=label)


# What `handlers.forms` and `handlers.consent` ask of this journey.


async def _form(turn: Turn, _: str) -> Form:
    return profile.form(turn.house.district)


async def _known(turn: Turn, _: str) -> dict[str, Any]:
    return await profile.values(turn.session, turn.person)


async def _save(turn: Turn, _: str, answers: Answers) -> None:
    if answers:
        await profile.save(turn.session, turn.person, answers, turn.now)
    await turn.change(*await _overview(turn, is_saved=bool(answers)))


async def _leave(turn: Turn, _: str) -> None:
    await turn.change(*await _overview(turn))


async def _begin(turn: Turn, _: str) -> None:
    await show_to(turn)


forms.KINDS[FORM] = forms.Kind("profil", _form, _known, _save, _leave)
agreement.AFTER[FORM] = _begin

HANDLERS = [
    CommandHandler("profil", show, filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE),
    CallbackQueryHandler(ask_one, pattern=rf"^profile:({'|'.join(profile.FIELDS)})$"),
    CallbackQueryHandler(show_again, pattern=r"^profile:(show)$"),
    CallbackQueryHandler(ask_all, pattern=r"^profile:(all)$"),
]
