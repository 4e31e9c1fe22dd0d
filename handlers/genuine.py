"""/cek: whether a message is from the offices, word for word, changed, withdrawn or a hoax; and reporting it."""

import re
from datetime import datetime, timedelta

from telegram import Message, Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from domain import people, post, questions, staff
from domain.broadcasts import answering, drafts, hoaxes, verdicts
from domain.broadcasts.checking import has_lure
from domain.broadcasts.verdicts import Verdict
from domain.broadcasts.wording import LONGEST, readable, words
from handlers import steps
from handlers.cards import TOPICS, officer_button, private_link
from handlers.turn import GROUPS, Context, Turn
from handlers.writing import html_written
from messages import Button, Buttons, Number, Sentence, say
from messages.formatted import html_of

ASKED_FOR = "check.what"
"""The step after /cek."""

NOTICE = 120
"""Characters from which on what is forwarded is a notice rather than somebody's question."""

PASTED = 200
"""Characters from which on what is written may be a notice that was copied; from NOTICE on where it lures."""

AWAITED_FOR = timedelta(minutes=15)
"""How long what follows /cek is taken for what is to be checked."""

_OFFICIAL = re.compile(r"\b(?:pemberitahuan|pengumuman|surat|undangan)\s+(?:resmi|penting)\b", re.IGNORECASE)

FEWEST_WORDS = 5
"""Of what may be a piece of an announcement; fewer, one finds anywhere."""

AGAIN = Button(say("button.check_again"), "check", "new")


async def check(_: Update, context: Context) -> None:
    """/cek: with a code or a message, written after it or replied to; alone, asks for one."""
    turn = context.turn
    written = _after_command(turn.message)
    replied = turn.message.reply_to_message
    if not written and replied is not None:
        written = html_written(replied)
    if written:
        await answer(turn, written)
    else:
        await ask_for(turn)


async def ask_again(_: Update, context: Context) -> None:
    """Another one, by its button."""
    await context.turn.answer_tap()
    await ask_for(context.turn)


async def ask_for(turn: Turn) -> None:
    """Ask for what is to be checked; what that interrupts goes on after it."""
    interrupted = await steps.under_way(turn)
    if interrupted and interrupted["step"] == ASKED_FOR:
        interrupted = interrupted["interrupted"]
    await steps.begin(turn, ASKED_FOR, interrupted=interrupted)
    await turn.reply(say("check.ask"), [[officer_button(), TOPICS]])


async def open_link(turn: Turn, code: str) -> None:
    """The link below an announcement: what we said under its code."""
    await answer(turn, code)


async def take_what(turn: Turn, state: steps.State) -> None:
    """What was asked for; what cannot be compared is asked for again."""
    written = html_written(turn.message)
    if refusal := _cannot_compare(written):
        await turn.reply(refusal, [[officer_button(), TOPICS]])
        return
    await leave(turn, state)
    await answer(turn, written)


async def leave(turn: Turn, state: steps.State) -> None:
    """Nothing is to be checked any more; what /cek interrupted goes on."""
    conversation = await people.conversation_of(turn.session, turn.person)
    conversation.state = state["interrupted"]


async def awaits(turn: Turn) -> steps.State | None:
    """The step after /cek, where somebody is in it; one that waited too long ends here."""
    state = await steps.under_way(turn)
    if state is None or state["step"] != ASKED_FOR:
        return None
    if turn.now - datetime.fromisoformat(state["at"]) <= AWAITED_FOR:
        return state
    await leave(turn, state)
    return None


async def lets_ask(turn: Turn) -> bool:
    """Whether it is a question, though something is to be checked: short, typed, with nothing to call, pay or open,
    and no words of ours. The step ends then.
    """
    state, written = await awaits(turn), html_written(turn.message)
    text = readable(written)
    if state is None or turn.message.forward_origin is not None or turn.message.text is None or len(text) >= NOTICE:
        return False
    brought = words(written)
    if not brought or any(word.kind != "word" for word in brought) or verdicts.may_be_code(text):
        return False
    if await verdicts.find(turn.session, turn.house.district, turn.username, written, turn.now) is not None:
        return False
    await leave(turn, state)
    return True


async def answer(turn: Turn, written: str) -> None:
    """Say what becomes of *written* (HTML), which somebody asks about."""
    if refusal := _cannot_compare(written):
        await turn.reply(refusal, [[AGAIN, officer_button()]])
        return
    house = turn.house
    await _tell(turn, written, await verdicts.judge(turn.session, house.district, turn.username, written, turn.now))


async def take(turn: Turn) -> bool:
    """Say whether it is ours, where that is what somebody wants to know who forwards a message or copies one here;
    False where it is a question like any other, and nothing was said.
    """
    message, written = turn.message, html_written(turn.message)
    is_forwarded = message.forward_origin is not None
    text = readable(written)
    if not any(letter.isalnum() for letter in text):
        return is_forwarded and await _say_no_words(turn)
    if is_forwarded or len(text) >= PASTED or may_be_notice(turn) or verdicts.may_hold_code(text):
        verdict = await verdicts.find(turn.session, turn.house.district, turn.username, written, turn.now)
        if verdict is not None:
            await _tell(turn, written, verdict)
            return True
    if is_forwarded and is_from_us(message):
        await turn.reply(say("check.bot_said"), [[officer_button(), TOPICS]])
        return True
    if is_forwarded and len(text) >= NOTICE:
        await _tell(turn, written, Verdict("unknown"))
        return True
    return False


def may_be_notice(turn: Turn) -> bool:
    """Whether what is written may be a notice of somebody's that was copied here: long, and it lures."""
    written = html_written(turn.message)
    return len(readable(written)) >= NOTICE and (has_lure(words(written)) or bool(_OFFICIAL.search(written)))


async def doubt(turn: Turn, question_id: int, guesses: Buttons = ()) -> None:
    """What no answer was found for may be a hoax: warn, and offer to check it. *guesses*: in case it is a question."""
    check_it = [Button(say("button.check_this"), "check_this", question_id)]
    sentence = say("check.doubt_guesses") if guesses else say("check.doubt")
    await turn.reply(sentence, [check_it, *guesses, [officer_button(question_id), TOPICS]])


async def check_this(_: Update, context: Context) -> None:
    """Cek pesan ini: what was taken for a question."""
    turn = context.turn
    question = await questions.own(turn.session, turn.person, int(context.tapped))
    await turn.answer_tap()
    written = html_of(question.text or "").text
    verdict = await verdicts.judge(turn.session, turn.house.district, turn.username, written, turn.now)
    await _tell(turn, written, verdict, question.id)


async def warn(turn: Turn) -> None:
    """While officers talk with somebody what they forward is passed on: what a hoax is they hear all the same."""
    written = html_written(turn.message)
    if turn.message.forward_origin is None or is_from_us(turn.message) or not words(written):
        return
    verdict = await verdicts.judge(turn.session, turn.house.district, turn.username, written, turn.now)
    if verdict.is_suspicious and (verdict.outcome != "unknown" or len(readable(written)) >= NOTICE):
        await _tell(turn, written, verdict)


async def _say_no_words(turn: Turn) -> bool:
    await turn.reply(say("check.no_words"), [[AGAIN, officer_button()]])
    return True


async def _tell(turn: Turn, written: str, verdict: Verdict, question_id: int | None = None) -> None:
    """*question_id*: as which it is kept already."""
    if turn.offer:
        await _tell_in_short(turn, written, verdict)
        return
    sentence = await answering.in_words(turn.session, turn.house.district, verdict, turn.person.language, turn.now)
    if verdict.broadcast is None and verdict.code:
        await turn.reply(sentence, [[AGAIN], [officer_button(), TOPICS]])
    elif not verdict.is_suspicious:
        await turn.reply(sentence, [[AGAIN, TOPICS]])
    else:
        await turn.reply(sentence, _under_suspicious(question_id or await keep(turn, readable(written))))


async def _tell_in_short(turn: Turn, written: str, verdict: Verdict) -> None:
    """To an officer, who brings it for something else: in a sentence, with the way to the whole of it."""
    about = Button(say("button.check_this"), "check_this", await keep(turn, readable(written)))
    verdict_in_short = answering.in_short(turn.house.district, verdict, turn.now)
    await turn.reply(say("check.beside_offer", verdict=verdict_in_short), [[about]])


async def keep(turn: Turn, text: str) -> int:
    """Keep it as what they asked: the buttons only name it."""
    kept = await questions.keep(turn.session, turn.person, text, "check", turn.now, turn.message.message_id)
    return kept.id


def _under_suspicious(question_id: int, *, is_reported: bool = False) -> Buttons:
    report = [[Button(say("button.report_hoax"), "hoax", question_id)]]
    ask = Button(say("button.check_ask"), "check_ask", question_id)
    return [*([] if is_reported else report), [ask], [AGAIN, officer_button(question_id)]]


def _cannot_compare(written: str) -> Sentence | None:
    text = readable(written)
    if not any(letter.isalnum() for letter in text):
        return say("check.no_words")
    if len(text) > LONGEST:
        return say("check.too_long", most=Number(LONGEST))
    is_short = len(text.split()) < FEWEST_WORDS and not any(letter.isdigit() or letter in "/-@" for letter in text)
    return say("check.too_short") if is_short and not verdicts.may_be_code(text) else None


def _after_command(message: Message) -> str:
    return re.sub(r"^/\S+\s*", "", html_written(message))


def is_from_us(message: Message) -> bool:
    """Whether the bot said it first."""
    origin = message.forward_origin
    user = getattr(origin, "sender_user", None)
    return user is not None and user.id == message.get_bot().id


# Reports.


async def report(_: Update, context: Context) -> None:
    """Laporkan ke petugas: once a person and message."""
    turn, district = context.turn, context.turn.house.district
    question = await questions.own(turn.session, turn.person, int(context.tapped))
    text = question.text or ""
    verdict = await verdicts.judge(turn.session, district, turn.username, html_of(text).text, turn.now)
    reported = await hoaxes.report(turn.session, district, turn.person, text, verdict, turn.now)
    await turn.answer_tap()
    if reported.is_new:  # else the button went with the first tap
        await turn.change_buttons(_under_suspicious(question.id, is_reported=True))
    offices = " & ".join(verdicts.office_name(district, office) for office in reported.offices)
    said = say("hoax.thanks" if reported.is_new else "hoax.already", offices=offices)
    await turn.reply(said, [[AGAIN, officer_button(question.id)]])


async def rebut(_: Update, context: Context) -> None:
    """Buat bantahan, for officers, in their group too: a draft, which goes on in private."""
    turn, chat = context.turn, context.turn.update.effective_chat
    is_group = chat is not None and chat.type in GROUPS
    place = f"group:{chat.id}" if chat and is_group else "private"
    district = turn.house.district
    made = await hoaxes.rebut(turn.session, district, turn.person, int(context.tapped), place, turn.now)
    await turn.answer_tap(say("tap.drafted") if is_group else None, alert=is_group)
    office = verdicts.office_name(district, made.broadcast.office)
    said = say("hoax.drafted" if made.is_new else "hoax.drafted_before", office=office)
    way = Button(say("button.broadcast_open"), "broadcast", made.broadcast.id)
    if not drafts.may_act(await staff.officer_of(turn.session, turn.person), made.broadcast):
        said, way = say("hoax.drafted_by_others", office=office), Button(say("button.broadcast_list"), "siaran", 0)
    await post.owe(turn.session, turn.person, said, [[way]])


# In groups.


async def answer_in_group(turn: Turn, written: str) -> None:
    """The verdict in a line, which all may read, and the way to the whole of it."""
    username, district = turn.username, turn.house.district
    if not any(letter.isalnum() for letter in readable(written)):
        await turn.reply(say("check.group_how"), [[private_link(username, "cek", say("button.check_here"))]])
        return
    verdict = await verdicts.judge(turn.session, district, username, written, turn.now)
    code = (verdict.broadcast.code or "").replace("-", "") if verdict.broadcast else ""
    payload = f"cek_{code}" if code else "cek"
    await turn.reply(
        answering.in_short(district, verdict, turn.now), [[private_link(username, payload, say("button.check_here"))]]
    )


def asked_in_group(message: Message) -> str:
    """What stands after the command or, without that, what it replies to."""
    if written := _after_command(message):
        return written
    replied = message.reply_to_message
    return html_written(replied) if replied is not None and replied.forum_topic_created is None else ""


IN_PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE

HANDLERS = [
    CommandHandler("cek", check, IN_PRIVATE),
    CallbackQueryHandler(ask_again, pattern=r"^check:(new)$"),
    CallbackQueryHandler(check_this, pattern=r"^check_this:(\d{1,18})$"),
    CallbackQueryHandler(report, pattern=r"^hoax:(\d{1,18})$"),
]

STAFF_HANDLERS = [CallbackQueryHandler(rebut, pattern=r"^broadcast_rebut:(\d{1,18})$")]
"""Tapped in the groups in which officers work, too: before those of everybody's groups."""

steps.STEPS[ASKED_FOR] = steps.MEDIA_STEPS[ASKED_FOR] = take_what
