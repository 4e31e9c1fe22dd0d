"""Typed steps: what somebody writes next in private belongs to the step they are in, and is no question.

A part that asks for something typed

- registers what takes it, once, at the end of its own file: ``STEPS["settings.hours"] = take_hours`` (texts),
  ``MEDIA_STEPS["profile.phone"] = take_contact`` (a contact, a photo, a file, a voice note …), each as
  ``async def take_hours(turn: Turn, state: State) -> None``;
- begins it beside the sentence that asks: ``await steps.begin(turn, "settings.hours", day=0)``; *state* then holds
  ``day`` (plain JSON only), and lies in a row, so it survives a restart and is the same for every replica;
- ends it when it has what it asked for: ``await steps.end(turn)``, or begins the next one.

What cannot be taken is a Refusal with a sentence that helps: it undoes the turn, so the step waits for another try.
NotForYou (somebody who is no officer any more) ends it, so ask for it before anything is changed.
Commands and buttons end nothing by themselves; /batal drops the step, and begin() replaces it. One that nobody knows
any more or that is older than LASTS is dropped, and the message is what it would have been without.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from domain import people
from domain.errors import NotForYou, Refusal
from handlers.turn import Turn
from messages import Buttons, say

State = dict[str, Any]
Step = Callable[[Turn, State], Awaitable[None]]

STEPS: dict[str, Step] = {}
"""What takes the text, by the step's name."""

MEDIA_STEPS: dict[str, Step] = {}
"""What takes a message that is no text, captions and all. A step that is only in STEPS asks for words instead."""

WAYS_OUT: dict[str, Callable[[State], Buttons]] = {}
"""What leads out of the steps whose name begins so, where what was typed is refused and the refusal names no way.

Of two beginnings the longer counts.
"""

LEFT: dict[str, Step] = {}
"""What /batal says to who leaves a step that belongs to something; without, it says that it is left."""

LASTS = timedelta(days=7)


async def begin(turn: Turn, name: str, **details: Any) -> None:
    """From now on this person is in the step called *name*; *details* come back in its state."""
    conversation = await people.conversation_of(turn.session, turn.person)
    # Tells a corrected answer from a corrected question of before.
    message = turn.update.effective_message
    after = message.message_id if message else 0
    conversation.state = {"step": name, "at": turn.now.isoformat(), "after": after, **details}


async def end(turn: Turn) -> None:
    """This person is in no step any more."""
    (await people.conversation_of(turn.session, turn.person)).state = None


async def leave(turn: Turn, begins: str) -> None:
    """Whatever was to be typed in a step whose name *begins* so is not awaited any more."""
    state = await under_way(turn)
    if state and state["step"].startswith(begins):
        await end(turn)


async def under_way(turn: Turn) -> State | None:
    """The state of the step this person is in; one that is unknown or too old is dropped here."""
    if turn.person.id is None:
        return None  # they pass by in a group, and nothing of them is kept
    conversation = await people.conversation_of(turn.session, turn.person)
    state = conversation.state
    if state is None or _is_live(state, turn.now):
        return state
    conversation.state = None
    return None


async def take(turn: Turn) -> bool:
    """Give the message in hand to the step this person is in; False when there is none, and nothing was said."""
    state = await under_way(turn)
    if state is None or _corrects_what_was_before(turn, state):
        return False
    name = state["step"]
    step = STEPS.get(name) if turn.message.text is not None else MEDIA_STEPS.get(name)
    if step is None:
        await turn.reply(say("step.text_only" if name in STEPS else "step.media_only"), _ways_out(state))
        return True
    try:
        await step(turn, state)
    except NotForYou:
        await end(turn)  # nothing they write would ever be taken, nor be a question again
        return False
    except Refusal as refusal:
        refusal.buttons = refusal.buttons or _ways_out(state)
        raise
    return True


def _ways_out(state: State) -> Buttons:
    beginnings = [begins for begins in WAYS_OUT if state["step"].startswith(begins)]
    return WAYS_OUT[max(beginnings, key=len)](state) if beginnings else ()


def _is_live(state: State, now: datetime) -> bool:
    name, began = state.get("step"), state.get("at")
    is_known = name in STEPS or name in MEDIA_STEPS
    return is_known and isinstance(began, str) and now - datetime.fromisoformat(began) <= LASTS


def _corrects_what_was_before(turn: Turn, state: State) -> bool:
    return turn.update.edited_message is not None and turn.message.message_id <= state.get("after", 0)
