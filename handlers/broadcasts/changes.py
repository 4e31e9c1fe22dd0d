"""Correcting what many have already, and taking it back, by its officers."""

from datetime import date
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain.broadcasts import Broadcast, BroadcastKind, children, correcting, steering, telling
from domain.broadcasts.content import Content, Frame, content_of
from domain.broadcasts.correcting import Reach
from domain.broadcasts.refusals import WasOvertaken
from domain.broadcasts.sending import Press
from domain.errors import StaleButton
from handlers import steps, writing
from handlers.broadcasts.running import actor, ask, show_again
from handlers.turn import Context, Turn
from messages import Button, Html, Number, Sentence, say

CORRECT = "broadcast.correcting"
"""The step in which an officer writes the new words; once they are there, it holds them."""


# Other words.


async def ask_words(_: Update, context: Context) -> None:
    """Ralat: the words as they are, and the new ones are awaited."""
    turn = context.turn
    broadcast = await steering.access(turn.session, turn.person, int(context.tapped))
    found = await correcting.check_may(turn.session, broadcast, BroadcastKind.CORRECTION, turn.now)
    await steps.begin(turn, CORRECT, broadcast=broadcast.id)
    await turn.answer_tap()
    old = content_of(broadcast.content).html
    blanks = {"old": Html(old) if old else "–", "number": Number(found.have)}
    sentence = say("broadcast.ask_words_waiting" if found.waiting else "broadcast.ask_words", **blanks)
    await turn.reply(sentence, [[_leave(broadcast)]])


def _leave(broadcast: Broadcast) -> Button:
    return Button(say("button.broadcast_leave"), "broadcast_correct_no", broadcast.id)


async def leave(_: Update, context: Context) -> None:
    """Tidak jadi: nothing is awaited any more."""
    turn = context.turn
    broadcast = await steering.access(turn.session, turn.person, int(context.tapped))
    await steps.leave(turn, "broadcast.")
    await turn.answer_tap()
    opens = [Button(say("button.broadcast_open"), "broadcast", broadcast.id)]
    await turn.change(say("broadcast.not_changed", title=telling.title_of(broadcast)), [opens])


async def take_words(turn: Turn, state: steps.State) -> None:
    """The new words were written: they are shown below the old ones, and it is asked once more."""
    broadcast = await steering.access(turn.session, turn.person, state["broadcast"])
    found = await correcting.check_may(turn.session, broadcast, BroadcastKind.CORRECTION, turn.now)
    written = writing.written(turn.message)
    new = correcting.corrected(broadcast, written.text if written else "", _frame(turn, broadcast), _today(turn))
    await steps.begin(turn, CORRECT, broadcast=broadcast.id, html=new.html, version=broadcast.version)
    surely = Button(say("button.broadcast_correct_surely"), "broadcast_correct_ok", broadcast.id)
    await turn.reply(_beside(broadcast, new, found), [[surely], [_leave(broadcast)]])


def _frame(turn: Turn, broadcast: Broadcast) -> Frame:
    return Press(turn.house.district, turn.username).frame(broadcast)


def _today(turn: Turn) -> date:
    return turn.now.astimezone(ZoneInfo(turn.house.district.timezone)).date()


async def take_file(turn: Turn, state: steps.State) -> None:
    """A picture or a file: only words can be changed."""
    broadcast = await steering.access(turn.session, turn.person, state["broadcast"])
    await turn.reply(say("broadcast.only_words"), [[_leave(broadcast)]])


def _beside(broadcast: Broadcast, new: Content, found: Reach) -> Sentence:
    old = content_of(broadcast.content).html
    blanks = {"old": Html(old) if old else "–", "new": Html(new.html), "lines": _effects(found)}
    return say("broadcast.ask_correct", **blanks)


def _effects(found: Reach) -> tuple[Sentence, ...]:
    """What will come of it, a line for each kind of people there are."""
    lines = {
        "changed": (found.have, say("broadcast.effect_changed", number=Number(found.have))),
        "new": (found.waiting, say("broadcast.effect_new", number=Number(found.waiting))),
        "uncertain": (found.uncertain, say("broadcast.effect_uncertain", number=Number(found.uncertain))),
    }
    return tuple(line for number, line in lines.values() if number)


async def correct(_: Update, context: Context) -> None:
    """Ya, ralat: with the words that were shown, unless something else was changed meanwhile."""
    turn = context.turn
    broadcast = await steering.access(turn.session, turn.person, int(context.tapped))
    state = await steps.under_way(turn)
    if state is None and await _is_done_already(turn, broadcast, BroadcastKind.CORRECTION):
        return
    if not state or state["step"] != CORRECT or state["broadcast"] != broadcast.id or "html" not in state:
        raise StaleButton
    if state["version"] != broadcast.version:
        raise WasOvertaken
    new = correcting.corrected(broadcast, state["html"], _frame(turn, broadcast), _today(turn))
    child = await correcting.correct(turn.session, broadcast, new, turn.person, actor(turn), turn.now)
    await steps.end(turn)
    await turn.answer_tap()
    if child is None:
        opens = [Button(say("button.broadcast_open"), "broadcast", broadcast.id)]
        await turn.change(say("broadcast.changed_before", title=telling.title_of(broadcast)), [opens])
    else:
        await _follow(turn, child)


async def _follow(turn: Turn, child: Broadcast) -> None:
    """The message that was tapped becomes the one in which it is followed."""
    child.progress_message_id = turn.tapped_message_id
    refresh = [Button(say("button.broadcast_refresh"), "broadcast", child.id)]
    await turn.change(say("broadcast.sets_out", title=telling.headed(child)), [refresh])


async def _is_done_already(turn: Turn, broadcast: Broadcast, kind: BroadcastKind) -> bool:
    """Whether a tap before this one did it, and it goes on: then that is shown."""
    going = await children.of(turn.session, broadcast, kind, children.GOING)
    if not going:
        return False
    if going[-1].started_at is None:
        await turn.answer_tap()  # "segera berangkat" stands there
    else:
        await show_again(turn, going[-1])
    return True


# Taken back.


async def ask_recall(_: Update, context: Context) -> None:
    """Tarik kembali: from how many, and what becomes of theirs."""
    turn = context.turn
    broadcast = await steering.access(turn.session, turn.person, int(context.tapped))
    found = await correcting.check_may(turn.session, broadcast, BroadcastKind.RECALL, turn.now)
    blanks = {"title": telling.title_of(broadcast), "lines": _losses(found)}
    surely = Button(say("button.broadcast_recall_surely"), "broadcast_recall_ok", broadcast.id)
    await ask(turn, say("broadcast.ask_recall", **blanks), surely)


def _losses(found: Reach) -> tuple[Sentence, ...]:
    lines = {
        "deleted": (found.have - found.old, say("broadcast.loss_deleted", number=Number(found.have - found.old))),
        "old": (found.old, say("broadcast.loss_old", number=Number(found.old))),
        "waiting": (found.waiting, say("broadcast.loss_waiting", number=Number(found.waiting))),
        "uncertain": (found.uncertain, say("broadcast.effect_uncertain", number=Number(found.uncertain))),
    }
    return tuple(line for number, line in lines.values() if number)


async def recall(_: Update, context: Context) -> None:
    """Ya, tarik."""
    turn = context.turn
    broadcast = await steering.access(turn.session, turn.person, int(context.tapped))
    if await _is_done_already(turn, broadcast, BroadcastKind.RECALL):
        return
    by, district = actor(turn), turn.house.district
    child = await correcting.recall(turn.session, broadcast, turn.person, by, district, turn.now)
    await turn.answer_tap()
    await _follow(turn, child)


HANDLERS = [
    CallbackQueryHandler(ask_words, pattern=r"^broadcast_correct:(\d{1,18})$"),
    CallbackQueryHandler(correct, pattern=r"^broadcast_correct_ok:(\d{1,18})$"),
    CallbackQueryHandler(leave, pattern=r"^broadcast_correct_no:(\d{1,18})$"),
    CallbackQueryHandler(ask_recall, pattern=r"^broadcast_recall:(\d{1,18})$"),
    CallbackQueryHandler(recall, pattern=r"^broadcast_recall_ok:(\d{1,18})$"),
]


async def leave_by_word(turn: Turn, state: steps.State) -> None:
    """/batal: nothing is changed, and the broadcast is a tap away."""
    broadcast = await steering.access(turn.session, turn.person, state["broadcast"], reads=True)
    opens = [Button(say("button.broadcast_open"), "broadcast", broadcast.id)]
    await turn.reply(say("broadcast.not_changed", title=telling.title_of(broadcast)), [opens])


steps.STEPS[CORRECT] = take_words
steps.MEDIA_STEPS[CORRECT] = take_file
steps.LEFT[CORRECT] = leave_by_word
