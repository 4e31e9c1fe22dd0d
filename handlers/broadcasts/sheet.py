"""A broadcast shown to officers as it stands: composed, waiting, under way or over; and the doors to it."""

from domain import staff
from domain.broadcasts import Broadcast, drafts, sheets
from domain.broadcasts.forecast import Means
from domain.broadcasts.refusals import WrongState
from handlers import steps
from handlers.broadcasts import running as broadcast_running
from handlers.turn import Context, Turn, number_in
from messages import Button, Buttons, Sentence, say


async def show(turn: Turn, broadcast: Broadcast, note: Sentence | None = None, ways: Buttons = ()) -> None:
    """Let the message that was tapped, or a new one, show *broadcast* as it is now; over it *note*, what was done, and
    over its buttons those *ways* that lead on from just that.
    """
    sentence, buttons = await shown(turn, broadcast, note)
    await turn.change(sentence, [*ways, *buttons])


async def shown(turn: Turn, broadcast: Broadcast, note: Sentence | None = None) -> tuple[Sentence, Buttons]:
    """Likewise, for who puts it into a message of their own."""
    await turn.session.flush()
    officer = await staff.officer_of(turn.session, turn.person)
    if broadcast.state in sheets.COMPOSED:
        return await sheets.sheet(turn.session, turn.house.district, broadcast, officer, turn.now, note)
    sentence, buttons = await broadcast_running.screen(turn, broadcast)
    return (say("broadcast.noted", note=note, told=sentence) if note else sentence), buttons


# Doors.


async def reads(context: Context) -> Broadcast:
    """The one that a button names, to be looked at. Raises NotForYou."""
    turn = context.turn
    return await drafts.access(turn.session, turn.person, number_in(context), reads=True)


async def acts(context: Context) -> Broadcast:
    """The one that a button names, locked. Raises NotForYou; who taps on does not want to type any more."""
    broadcast = await drafts.access(context.turn.session, context.turn.person, number_in(context))
    await steps.leave(context.turn, "broadcast.")
    return broadcast


async def composes(context: Context) -> Broadcast:
    """Likewise one that is still composed. Raises WrongState too."""
    broadcast = await drafts.access_draft(context.turn.session, context.turn.person, number_in(context))
    await steps.leave(context.turn, "broadcast.")
    return broadcast


async def still(turn: Turn, state: steps.State) -> Broadcast | None:
    """The draft that a step is about, locked; None where somebody sent or dropped it meanwhile, which is said.

    Raises NotForYou. The step is over then, so that nothing waits for words that can never be kept.
    """
    try:
        return await drafts.access_draft(turn.session, turn.person, state["broadcast"])
    except WrongState as refusal:
        await steps.end(turn)
        await turn.reply(refusal.sentence, [[Button(say("button.broadcast_open"), "broadcast", state["broadcast"])]])
        return None


def way_out(state: steps.State) -> Buttons:
    """To the sheet that a step is about, or to the list where there is none yet."""
    number = state.get("broadcast")
    return [[Button(say("button.back"), *(("broadcast", number) if number else ("siaran", 0)))]]


def means_of(turn: Turn) -> Means:
    """What broadcasts are sent by."""
    return Means(turn.house.district, turn.username, turn.house.send_rate)


def back_to(broadcast: Broadcast) -> list[Button]:
    """The row that leads back to its sheet."""
    return [Button(say("button.back"), "broadcast", broadcast.id)]


steps.WAYS_OUT["broadcast."] = way_out
