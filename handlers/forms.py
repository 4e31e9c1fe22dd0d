"""Forms in the chat: one question at a time, and what is done with the answers when the last is there.

A journey that asks by a form

- describes its questions (`domain.forms.fields.Form`, as `domain.profile.form` does);
- registers itself once, at the end of its own file: ``KINDS["training"] = Kind("pelatihan", form, …)``;
- begins it with the fields to be asked: ``await forms.begin(turn, "training-7", ["name", "phone", "size"])``.

Whatever is typed, tapped or pressed then comes by `handlers.form_answers`; what was answered lies in a draft
(`domain.forms.drafts`), so commands, restarts and other replicas may come between. `finish` hears all of it at once.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from domain import post
from domain.errors import StaleButton
from domain.forms import drafts
from domain.forms.drafts import Draft
from domain.forms.fields import Answers, Field, Form
from handlers import steps
from handlers.cards import TOPICS
from handlers.form_questions import buttons_of, keyboard_of, noted_of, question_of
from handlers.turn import Turn
from messages import NO_KEYBOARD, Button, Sentence, say

STEP = "form"


@dataclass(frozen=True)
class Kind:
    """A journey that asks by a form. What a form is about follows its kind: "7" in "training-7", else nothing."""

    command: str
    """What leads back to it."""
    form: Callable[[Turn, str], Awaitable[Form | None]]
    """None when what it is about is over."""
    known: Callable[[Turn, str], Awaitable[Answers]]
    """What needs no asking, shown where it is asked all the same."""
    finish: Callable[[Turn, str, Answers], Awaitable[None]]
    """Do what the answers are for, and say so; a Refusal leaves the last question open."""
    leave: Callable[[Turn, str], Awaitable[None]]
    """Show where [Batal] leads."""
    goes_on: Callable[[Turn, str, Answers], Awaitable[bool]] | None = None
    """Hears of each answer at once, with all that is known: whether there is any use in asking on. It has said so where
    not, and the form is over; a Refusal leaves the question open."""
    over: Callable[[Turn, str], Awaitable[bool]] | None = None
    """Whether it has said what there is to say to a button of a form that is over."""
    cancelled: str = "form.cancelled"
    """What /batal says, by its key in the catalogue."""


KINDS: dict[str, Kind] = {}
"""By the name of the kind; each journey adds its own at the end of its file."""


@dataclass(frozen=True)
class Opened:
    """A form somebody has begun, and the question that waits."""

    kind: Kind
    about: str
    form: Form
    draft: Draft
    field: Field


async def begin(turn: Turn, name: str, asks: Sequence[str]) -> None:
    """Ask the fields *asks* of the form called *name*; one begun before goes on with the first of them."""
    await drafts.begin(turn.session, turn.person, name, asks, turn.now)
    await resume(turn, name)


async def resume(turn: Turn, name: str, over: Sentence | None = None) -> None:
    """Ask what waits, under *over*. Raises StaleButton when nothing does."""
    if opened := await find(turn, name):
        await ask(turn, opened, over=over)
    elif not await is_told(turn, name):
        raise StaleButton


async def is_told(turn: Turn, name: str) -> bool:
    """Whether somebody who tapped a button of a form that is over was told what became of it."""
    kind, about = kind_of(name)
    return bool(kind and kind.over and await kind.over(turn, about))


async def find(turn: Turn, name: str) -> Opened | None:
    """What this person has begun of the form called *name*; None for nothing, and for what is long over."""
    kind, about = kind_of(name)
    draft = await drafts.find(turn.session, turn.person, name, turn.now)
    if kind is None or draft is None:
        return None
    form = await kind.form(turn, about)
    field = drafts.current(form, draft) if form else None
    return Opened(kind, about, form, draft, field) if form and field else None


def kind_of(name: str) -> tuple[Kind | None, str]:
    """The kind of the form called *name*, and what it is about."""
    kind, _hyphen, about = name.partition("-")
    return KINDS.get(kind), about


async def pause(turn: Turn, opened: Opened) -> None:
    """Let it wait: what is typed next is not its answer."""
    if await _is_under_way(turn, opened.draft.form):
        await steps.end(turn)
    await fold_keyboard(turn, opened, say("form.waits"))


async def cancel(turn: Turn) -> bool:
    """For /batal: drop the form that is under way, or else the one that waits; False when there is none."""
    state = await steps.under_way(turn)
    if state and state["step"] != STEP:
        return False
    draft = await drafts.newest(turn.session, turn.person, turn.now)
    name = state["form"] if state else draft.form if draft else ""
    opened = await find(turn, name)
    if opened is None:
        return False
    await drop(turn, opened.draft)
    sentence = say(opened.kind.cancelled, command=opened.kind.command)
    await post.owe(turn.session, turn.person, sentence, NO_KEYBOARD if opened.draft.has_keyboard else [[TOPICS]])
    return True


async def _is_under_way(turn: Turn, name: str) -> bool:
    state = await steps.under_way(turn)
    return bool(state and state["step"] == STEP and state["form"] == name)


async def ask(turn: Turn, opened: Opened, noted: Field | None = None, over: Sentence | None = None) -> None:
    """Put the question, under what was just *noted* or else *over*: in the message that was tapped, or in a new one."""
    draft, field = opened.draft, opened.field
    draft.at = field.name
    await begin_step(turn, opened)
    known = await known_of(turn, opened)
    question = question_of(opened.form, draft, field, known, noted)
    if over:
        question = say("form.noted_next", noted=over, question=question)
    if field.asks_contact:
        await turn.change_buttons(())
        await post.owe(turn.session, turn.person, question, keyboard_of(opened.form, draft, field, known))
        draft.has_keyboard = True
        return
    await fold_keyboard(turn, opened, say("form.go_on"))
    await turn.change(question, buttons_of(opened.form, draft, field, known))


async def begin_step(turn: Turn, opened: Opened, **details: Any) -> None:
    """What is typed next is for this form. *details*: {"refused": the message that did not fit}."""
    typed = [*opened.draft.typed.values(), *details.values()]
    # So that a corrected answer to any question of this form comes here, not only one to the last.
    since = {"after": min(typed) - 1} if typed else {}
    await steps.begin(turn, STEP, form=opened.draft.form, **details, **since)


async def known_of(turn: Turn, opened: Opened) -> Answers:
    """What the form would show as its values now."""
    return {**await opened.kind.known(turn, opened.about), **opened.draft.answers}


async def fold_keyboard(turn: Turn, opened: Opened, sentence: Sentence) -> None:
    """Take the keys away, for which Telegram wants a message of its own."""
    if opened.draft.has_keyboard:
        await post.owe(turn.session, turn.person, sentence, NO_KEYBOARD)
        opened.draft.has_keyboard = False


async def go_on(turn: Turn, opened: Opened, noted: Field | None = None) -> None:
    """Ask the next question, or hand the answers in."""
    draft, goes_on = opened.draft, opened.kind.goes_on
    if goes_on and not await goes_on(turn, opened.about, await known_of(turn, opened)):
        await fold_keyboard(turn, opened, say("form.dropped"))
        await drop(turn, draft)
        return
    if following := drafts.move(opened.form, draft, 1, turn.now):
        await ask(turn, moved_to(opened, following), noted)
        return
    await fold_keyboard(turn, opened, noted_of(draft, noted) if noted else say("form.go_on"))
    await drop(turn, draft)
    await opened.kind.finish(turn, opened.about, draft.answers)


def moved_to(opened: Opened, field: Field) -> Opened:
    return Opened(opened.kind, opened.about, opened.form, opened.draft, field)


async def drop(turn: Turn, draft: Draft) -> None:
    """Let go of it, answers and all, and of the step it was in."""
    if await _is_under_way(turn, draft.form):
        await steps.end(turn)
    await drafts.drop(turn.session, draft)


async def remind(turn: Turn) -> None:
    """Say that the form under way, where there is one, goes on waiting for its answer, and how to go on."""
    state = await steps.under_way(turn)
    if state and state["step"] == STEP and (opened := await find(turn, state["form"])):
        sentence = say("form.still_waits", question=opened.field.label)
        await turn.reply(sentence, [[resume_button(opened.draft.form)]])


def resume_button(name: str) -> Button:
    """Goes on with the form called *name* where it was."""
    return Button(say("button.resume"), "form", f"resume.{name}.")
