"""A broadcast under way and afterwards, for its officers: how far it is, pause, stop, report, once more."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import audit, post
from domain.audit import Actor
from domain.broadcasts import Broadcast, BroadcastState, RecipientState, audience, figures, steering, telling, unreached
from domain.errors import NotForYou
from handlers.turn import Context, Turn
from messages import Button, Buttons, Number, Sentence, say

UNDER_WAY = (BroadcastState.PREPARING, BroadcastState.RUNNING, BroadcastState.PAUSED)


async def screen(turn: Turn, broadcast: Broadcast) -> tuple[Sentence, Buttons]:
    """How *broadcast* stands and what may be done with it, once it has set out, was stopped or missed."""
    sentence, buttons = await _screen(turn, broadcast)
    may_act = await telling.may_act(turn.session, turn.person)
    return sentence, buttons if may_act else telling.only_looking(buttons)


async def _screen(turn: Turn, broadcast: Broadcast) -> tuple[Sentence, Buttons]:
    session, district, everything = turn.session, turn.house.district, [Button(_LIST, "siaran", 0)]
    if broadcast.state in UNDER_WAY:
        sentence, buttons = await telling.progress(session, broadcast, district, turn.now)
        # The author's own message is changed again in a moment, whatever it shows.
        is_followed = turn.tapped_message_id == broadcast.progress_message_id and turn.person.id == broadcast.author_id
        return sentence, buttons if is_followed else [*buttons, everything]
    if broadcast.state is BroadcastState.MISSED:
        sentence, buttons = telling.of_missed(broadcast, district, turn.now)
        return sentence, [*buttons, everything]
    if broadcast.started_at is None:
        again = Button(say("button.copy"), "broadcast_copy", broadcast.id)
        return say("broadcast.never_left", title=telling.title_of(broadcast)), [[again], everything]
    return await telling.report(session, broadcast, district, turn.now)


_LIST = say("button.broadcast_list")


async def show_again(turn: Turn, broadcast: Broadcast) -> None:
    """Let the message that was tapped show it as it stands now."""
    await turn.answer_tap()
    await turn.session.flush()
    await turn.change(*await screen(turn, broadcast))


def actor(turn: Turn) -> Actor:
    return Actor("officer", turn.person.id, "private")


# While it is under way.


async def pause(_: Update, context: Context) -> None:
    """Jeda; tapped twice it shows how it stands, as the others do."""
    turn = context.turn
    broadcast = await steering.access(turn.session, turn.person, int(context.tapped))
    if broadcast.state is not BroadcastState.PAUSED:
        await steering.pause(turn.session, broadcast, actor(turn), turn.house.district, turn.now)
    await show_again(turn, broadcast)


async def resume(_: Update, context: Context) -> None:
    """Lanjutkan."""
    turn = context.turn
    broadcast = await steering.access(turn.session, turn.person, int(context.tapped))
    if broadcast.state is not BroadcastState.RUNNING:
        await steering.resume(turn.session, broadcast, actor(turn), turn.house.district, turn.now)
    await show_again(turn, broadcast)


async def ask_stop(_: Update, context: Context) -> None:
    """Hentikan: how many have it, and how many will not."""
    turn = context.turn
    broadcast = await steering.access(turn.session, turn.person, int(context.tapped))
    if broadcast.state not in steering.STOPPABLE:
        await turn.answer_tap(say("tap.broadcast_over"), alert=True)
        return
    done = await figures.figures(turn.session, broadcast)
    blanks = {"title": telling.title_of(broadcast), "sent": Number(done.sent), "left": Number(done.under_way)}
    question = say(f"broadcast.ask_stop_{broadcast.kind.value}", **blanks)
    if broadcast.state is BroadcastState.MISSED:
        question = say("broadcast.ask_drop_missed", **blanks)
    await ask(turn, question, Button(say("button.broadcast_stop_surely"), "broadcast_stopped", broadcast.id))


async def ask(turn: Turn, question: Sentence, surely: Button) -> None:
    """In a message of its own, since the one that was tapped may be the one that is kept current."""
    await turn.answer_tap()
    keep = Button(say("button.broadcast_leave"), "broadcast", surely.id)
    await turn.reply(question, [[surely], [keep]])


async def stop(_: Update, context: Context) -> None:
    """It is stopped for good."""
    turn = context.turn
    broadcast = await steering.access(turn.session, turn.person, int(context.tapped))
    if broadcast.state is not BroadcastState.CANCELLED:
        await steering.stop(turn.session, broadcast, actor(turn), turn.house.district, turn.now)
    await show_again(turn, broadcast)


# Afterwards.


async def retry(_: Update, context: Context) -> None:
    """Ulangi yang gagal: they surely have nothing, so nobody is asked."""
    await _try_again(context.turn, int(context.tapped), RecipientState.FAILED)


async def ask_uncertain(_: Update, context: Context) -> None:
    """Kirim ulang yang tak pasti: some may get it twice, so it is asked."""
    turn = context.turn
    broadcast = await steering.access(turn.session, turn.person, int(context.tapped))
    done = await figures.figures(turn.session, broadcast)
    question = say("broadcast.ask_uncertain", title=telling.title_of(broadcast), number=Number(done.uncertain))
    surely = Button(say("button.broadcast_send_again"), "broadcast_uncertain_ok", broadcast.id)
    await ask(turn, question, surely)


async def resend(_: Update, context: Context) -> None:
    """They get it, maybe once more."""
    await _try_again(context.turn, int(context.tapped), RecipientState.UNCERTAIN)


async def _try_again(turn: Turn, broadcast_id: int, which: RecipientState) -> None:
    broadcast = await steering.access(turn.session, turn.person, broadcast_id)
    if broadcast.state is not BroadcastState.RUNNING:
        await steering.try_again(turn.session, broadcast, which, actor(turn), turn.house.district, turn.now)
    await show_again(turn, broadcast)


async def go_on(_: Update, context: Context) -> None:
    """Lanjutkan ralat, Tarik sisanya: what was stopped goes on with those who were left."""
    turn = context.turn
    broadcast = await steering.access_child(turn.session, turn.person, int(context.tapped))
    if broadcast.state not in UNDER_WAY:
        await steering.go_on(turn.session, broadcast, actor(turn), turn.house.district, turn.now)
    await show_again(turn, broadcast)


async def send_unreached(_: Update, context: Context) -> None:
    """Siapa yang tak terjangkau: names and phones, for who may act; it leaves the chat again after a day."""
    turn = context.turn
    broadcast = await steering.access(turn.session, turn.person, int(context.tapped))
    if not (number := await unreached.number(turn.session, broadcast)):
        raise unreached.Nobody
    await turn.answer_tap(say("tap.paper_comes"))
    if await unreached.is_on_its_way(turn.session, turn.person, broadcast, turn.now):
        return
    caption = say("broadcast.unreached", title=telling.title_of(broadcast), number=Number(number))
    await post.owe_document(turn.session, turn.person, unreached.DOCUMENT, broadcast.id, caption)
    await audit.record(turn.session, turn.now, actor(turn), unreached.LISTED, f"broadcast:{broadcast.id}")


# What was missed.


async def ask_late(_: Update, context: Context) -> None:
    """Kirim sekarang: to how many."""
    turn = context.turn
    broadcast = await steering.access(turn.session, turn.person, int(context.tapped))
    if broadcast.state is not BroadcastState.MISSED:
        raise NotForYou
    whom = await audience.count(turn.session, audience.audience_of(broadcast.audience), broadcast.topic)
    question = say("broadcast.ask_late", title=telling.title_of(broadcast), number=Number(whom.people))
    await ask(turn, question, Button(say("button.broadcast_late_surely"), "broadcast_late_ok", broadcast.id))


async def send_late(_: Update, context: Context) -> None:
    """It sets out, late as it is."""
    turn = context.turn
    broadcast = await steering.access(turn.session, turn.person, int(context.tapped))
    if broadcast.started_at is not None:
        await show_again(turn, broadcast)
        return
    if broadcast.state is not BroadcastState.SCHEDULED:
        await steering.send_late(turn.session, broadcast, turn.person, actor(turn), turn.now)
    await turn.answer_tap()
    follow = [Button(say("button.broadcast_refresh"), "broadcast", broadcast.id)]
    await turn.change(say("broadcast.sets_out", title=telling.title_of(broadcast)), [follow])


HANDLERS = [
    CallbackQueryHandler(pause, pattern=r"^broadcast_pause:(\d{1,18})$"),
    CallbackQueryHandler(resume, pattern=r"^broadcast_resume:(\d{1,18})$"),
    CallbackQueryHandler(ask_stop, pattern=r"^broadcast_stop:(\d{1,18})$"),
    CallbackQueryHandler(stop, pattern=r"^broadcast_stopped:(\d{1,18})$"),
    CallbackQueryHandler(retry, pattern=r"^broadcast_retry:(\d{1,18})$"),
    CallbackQueryHandler(ask_uncertain, pattern=r"^broadcast_uncertain:(\d{1,18})$"),
    CallbackQueryHandler(resend, pattern=r"^broadcast_uncertain_ok:(\d{1,18})$"),
    CallbackQueryHandler(go_on, pattern=r"^broadcast_go_on:(\d{1,18})$"),
    CallbackQueryHandler(send_unreached, pattern=r"^broadcast_unreached:(\d{1,18})$"),
    CallbackQueryHandler(ask_late, pattern=r"^broadcast_late:(\d{1,18})$"),
    CallbackQueryHandler(send_late, pattern=r"^broadcast_late_ok:(\d{1,18})$"),
]
