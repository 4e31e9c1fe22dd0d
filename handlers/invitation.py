"""A letter's link: whose business it is, what the office has of it, mended and agreed to, and then it is theirs."""

from dataclasses import replace
from functools import partial
from typing import Any

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import consent, post, profile, register
from domain.errors import Refusal
from domain.forms import phone
from domain.forms.fields import Answers, Field, Form
from domain.register import RegisteredBusiness
from handlers import consent as agreement
from handlers import forms
from handlers.cards import TOPICS
from handlers.profile import IN_A_ROW, show_to
from handlers.turn import Context, Turn
from messages import Button, Buttons, Sentence, say

FORM = "invitation"
UNTOLD = post.Note(is_secret=True)
"""What the office has is theirs only once they agree, so nothing of it is kept when it was sent."""


async def open_link(turn: Turn, token_hash: str) -> None:
    """/start from a letter: name and business first, since it may have gone to the wrong house."""
    district = turn.house.district
    business = await register.open_link(turn.session, turn.person, token_hash, district, turn.now)
    if business.person_id == turn.person.id:
        await show_to(turn)
        return
    lines = [say("profile.line", label=say("profile.name"), value=business.name)]
    if business.business:
        lines.append(say("profile.line", label=say("profile.business"), value=business.business))
    offices = ", ".join(office.short_name for office in district.offices)
    yes, no = Button(say("button.mine"), "mine", business.id), Button(say("button.not_mine"), "not_mine", business.id)
    question = say("invitation.ask", offices=offices, district=district.name, lines=tuple(lines))
    await turn.reply(question, [[yes], [no]], UNTOLD)


async def show(_: Update, context: Context) -> None:
    """Ya, benar: all that the office has."""
    business = await _opened(context.turn, context.tapped)
    await context.turn.answer_tap()
    await context.turn.change(*await _details(context.turn, business), UNTOLD)


async def _opened(turn: Turn, id: str) -> RegisteredBusiness:
    return await register.opened(turn.session, turn.person, int(id), turn.house.district, turn.now)


async def _details(turn: Turn, business: RegisteredBusiness) -> tuple[Sentence, Buttons]:
    fields = profile.form(turn.house.district).fields[: len(profile.BASICS)]
    told = await profile.values(turn.session, turn.person)
    known = await register.known_of(turn.session, turn.person, business)
    lines = tuple(_line(field, known.get(field.name), is_told=field.name in told) for field in fields)
    each = [Button(field.label, "mend", f"{business.id}.{field.name}") for field in fields]
    rows = [each[start : start + IN_A_ROW] for start in range(0, len(each), IN_A_ROW)]
    keep = Button(say("button.keep"), "keep", business.id)
    return say("invitation.details", lines=lines), [*rows, [keep]]


def _line(field: Field, value: Any, *, is_told: bool) -> Sentence:
    if not value:
        return say("profile.empty_line", label=field.label)
    # The letter may lie in the wrong house: a name is known there, a number perhaps not.
    shown = phone.masked(value) if field.asks_contact and not is_told else field.show(value)
    return say("profile.line", label=field.label, value=shown)


async def decline(_: Update, context: Context) -> None:
    """Bukan saya: nothing is kept, and the link waits for whose it is."""
    turn = context.turn
    business = await _opened(turn, context.tapped)
    await register.decline(turn.session, turn.person, business, turn.now)
    await turn.answer_tap()
    await turn.change(say("invitation.not_yours"), [[TOPICS]])


async def mend(_: Update, context: Context) -> None:
    """A detail's button: ask for it, after the agreement where there is none yet."""
    turn = context.turn
    id, field = context.tapped.split(".")
    await _opened(turn, id)
    await turn.answer_tap()
    if await consent.has_consent(turn.session, turn.person):
        await _ask(field, turn, id)
    else:
        await agreement.ask(turn, f"mend{field}-{id}")


async def _ask(field: str, turn: Turn, about: str) -> None:
    await _opened(turn, about)
    await forms.begin(turn, f"{FORM}-{about}", [field])


async def keep(_: Update, context: Context) -> None:
    """Simpan: theirs now, after the agreement where there is none yet."""
    turn = context.turn
    await _opened(turn, context.tapped)
    await turn.answer_tap()
    if await consent.has_consent(turn.session, turn.person):
        await turn.change_buttons(())
        await _keep(turn, context.tapped)
    else:
        await agreement.ask(turn, f"{FORM}-{context.tapped}")


async def _keep(turn: Turn, about: str) -> None:
    business = await _opened(turn, about)
    await register.claim(turn.session, turn.person, business, turn.now)
    known = await profile.values(turn.session, turn.person)
    await turn.reply(say("invitation.done", name=known["name"]), [[TOPICS]])


# What `handlers.forms` and `handlers.consent` ask of this journey.


async def _form(turn: Turn, about: str) -> Form | None:
    """None once the letter is void, or the business somebody's."""
    try:
        await _opened(turn, about)
    except Refusal:
        return None
    # What is there may be mended but not emptied: then the office's would stand there again.
    return Form(tuple(replace(field, is_optional=False) for field in profile.form(turn.house.district).fields))


async def _known(turn: Turn, about: str) -> Answers:
    """As the details show it: a number that they have not told is not spelt out here either."""
    known = await register.known_of(turn.session, turn.person, await _opened(turn, about))
    told = await profile.values(turn.session, turn.person)
    return {name: value for name, value in known.items() if name in told or name != "phone"}


async def _save(turn: Turn, about: str, answers: Answers) -> None:
    await profile.save(turn.session, turn.person, answers, turn.now)
    await turn.change(*await _details(turn, await _opened(turn, about)), UNTOLD)


async def _leave(turn: Turn, about: str) -> None:
    await turn.change(*await _details(turn, await _opened(turn, about)), UNTOLD)


forms.KINDS[FORM] = forms.Kind("profil", _form, _known, _save, _leave)
agreement.AFTER[FORM] = _keep
agreement.AFTER |= {f"mend{field}": partial(_ask, field) for field in profile.BASICS}

HANDLERS = [
    CallbackQueryHandler(show, pattern=r"^mine:(\d{1,18})$"),
    CallbackQueryHandler(decline, pattern=r"^not_mine:(\d{1,18})$"),
    CallbackQueryHandler(mend, pattern=rf"^mend:(\d{{1,18}}\.(?:{'|'.join(profile.BASICS)}))$"),
    CallbackQueryHandler(keep, pattern=r"^keep:(\d{1,18})$"),
]
