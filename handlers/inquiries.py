"""Questions to officers, the person's side: "Tanya petugas" under every answer, and /petugas for one's own."""

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from domain import inquiries, post, questions
from domain.errors import StaleButton
from domain.inquiries import AlreadySent, InquiryState, Question, Sent
from domain.opportunities import Opportunity, catalogue
from domain.questions import LONGEST
from handlers import steps, talk
from handlers.cards import NEW_INQUIRY, TOPICS
from handlers.turn import Context, Turn
from messages import Button, Buttons, Html, Sentence, say
from messages.limits import split_html

PREVIEW = 1500
"""UTF-16 units of what will be sent that are shown before."""


# Proposing.


async def propose(_: Update, context: Context) -> None:
    """Tanya petugas: what will be sent, and to whom."""
    turn = context.turn
    question_id, _dot, entry_id = context.tapped.partition(".")
    question = await inquiries.question_of(turn.session, turn.person, int(question_id)) if question_id else None
    await turn.answer_tap()
    await propose_to(turn, question, await _office_of(turn, question, entry_id))


async def propose_new(_: Update, context: Context) -> None:
    """Tanya hal baru: to which office, then what."""
    await context.turn.answer_tap()
    await _choose_office(context.turn, None)


async def propose_to(turn: Turn, question: Question | None = None, office: str | None = None) -> None:
    """Show what will be sent to which office; ask for what is not known yet."""
    question = question or await inquiries.last_question(turn.session, turn.person, turn.now)
    if not await inquiries.is_anybody_there(turn.session, turn.house.district):
        await turn.reply(inquiries.nobody_serves(turn.house.district), [[TOPICS]])
    elif office is None:
        await _choose_office(turn, question)
    elif question is None:
        await _ask_for_words(turn, office)
    else:
        await turn.reply(*await _preview(turn, question, office))


async def _office_of(turn: Turn, question: Question | None, entry_id: str) -> str | None:
    """The office that stands for the entry that was shown, or that is nearest to the question."""
    shelf = await turn.house.library.shelf(turn.session)
    nearest = [question.chosen_id, question.entry_id, *(question.suggestions or [])] if question else []
    entry = next((shelf.entries[id] for id in (entry_id, *nearest) if id and id in shelf.entries), None)
    return entry.office if entry and turn.house.district.office(entry.office) else None


async def _choose_office(turn: Turn, question: Question | None) -> None:
    offices = turn.house.district.offices
    if len(offices) == 1:
        await propose_to(turn, question, offices[0].key)
        return
    lines = tuple(say("inquiry.office", office=office.short_name, does=office.does) for office in offices)
    number = question.id if question else ""
    each = [[Button(office.short_name, "inquire_at", f"{number}.{office.key}")] for office in offices]
    await turn.reply(say("inquiry.choose_office", offices=lines), [*each, [TOPICS]])


async def take_office(_: Update, context: Context) -> None:
    """An office was chosen: show what will be sent there, or ask for it."""
    turn = context.turn
    question_id, _dot, office = context.tapped.partition(".")
    if turn.house.district.office(office) is None:
        raise StaleButton
    await turn.answer_tap()
    if question_id:
        question = await inquiries.question_of(turn.session, turn.person, int(question_id))
        await turn.reply(*await _preview(turn, question, office))
    else:
        await _ask_for_words(turn, office)


async def _ask_for_words(turn: Turn, office: str) -> None:
    await steps.begin(turn, "inquiry.question", office=office)
    name = inquiries.office_name(turn.house.district, office)
    await turn.reply(say("inquiry.write", office=name), [[Button(say("button.not_send"), "unsent", 0)]])


async def ask_about(turn: Turn, one: Opportunity) -> None:
    """Ask for a question about an opportunity, to the office that published it."""
    if not await inquiries.is_anybody_there(turn.session, turn.house.district):
        await turn.reply(inquiries.nobody_serves(turn.house.district), [[TOPICS]])
        return
    await steps.begin(turn, "inquiry.question", office=one.office, opportunity=one.id)
    name = inquiries.office_name(turn.house.district, one.office)
    not_send = Button(say("button.not_send"), "unsent", 0)
    await turn.reply(say("opportunity.write", office=name, title=one.title), [[not_send]])


async def take_words(turn: Turn, state: steps.State) -> None:
    """The question was typed: show what will be sent."""
    text, message_id = turn.message.text or "", turn.message.message_id
    await steps.end(turn)
    if number := state.get("opportunity"):
        about = await catalogue.one(turn.session, number)
        asked = say("opportunity.question", title=about.title, question=text)
        words = post.plain(asked.in_language(turn.person.language))
        question = await inquiries.keep_text(turn.session, turn.person, words, message_id, turn.now)
        await turn.reply(*await _preview(turn, question, state["office"], about))
        return
    if len(text) > LONGEST:
        question = await inquiries.keep_text(turn.session, turn.person, text, message_id, turn.now)
    else:
        library = turn.house.library
        question = (await questions.ask(turn.session, library, turn.person, text, turn.now, message_id)).question
    await turn.reply(*await _preview(turn, question, state["office"]))


async def _preview(
    turn: Turn, question: Question, office: str, about: Opportunity | None = None
) -> tuple[Sentence, Buttons]:
    shown = split_html(inquiries.as_html(question), PREVIEW)
    blanks = {
        "office": inquiries.office_name(turn.house.district, office),
        "name": turn.person.name,
        "question": Html(shown[0] + ("…" if shown[1:] else "")),
    }
    before = await inquiries.open_at(turn.session, turn.person.id, office)
    sentence = say("inquiry.preview_more", **blanks, number=before.id) if before else say("inquiry.preview", **blanks)
    send = Button(say("button.send"), "send", f"{question.id}.{office}")
    again = ("opp_ask", about.id) if about else ("rewrite", office)
    rewrite = Button(say("button.rewrite"), *again)
    return sentence, [[send], [rewrite, Button(say("button.not_send"), "unsent", 0)]]


# Sending.


async def send(_: Update, context: Context) -> None:
    """Kirim: it goes to the officers, with an honest promise."""
    turn = context.turn
    question_id, _dot, office = context.tapped.partition(".")
    match await inquiries.send(turn.session, turn.house.district, turn.person, office, int(question_id), turn.now):
        case AlreadySent(inquiry):
            await turn.answer_tap(say("tap.sent_before", number=inquiry.id))
        case Sent() as sent:
            await turn.answer_tap()
            await turn.change(_confirmation(turn, sent), talk.under_own(sent.inquiry))


def _confirmation(turn: Turn, sent: Sent) -> Sentence:
    office = inquiries.office_name(turn.house.district, sent.inquiry.office)
    key = "inquiry.sent" if sent.is_new else "inquiry.added"
    return say(key, number=sent.inquiry.id, office=office, promise=sent.promise.sentence)


async def rewrite(_: Update, context: Context) -> None:
    """Tulis lain: another question to the same office."""
    turn, office = context.turn, context.tapped
    if turn.house.district.office(office) is None:
        raise StaleButton
    await turn.answer_tap()
    await turn.change_buttons([])
    await _ask_for_words(turn, office)


async def drop(_: Update, context: Context) -> None:
    """Batal: nothing is sent."""
    turn = context.turn
    state = await steps.under_way(turn)
    if state and state["step"] == "inquiry.question":
        await steps.end(turn)
    await turn.answer_tap()
    await turn.change(say("inquiry.not_sent"), [[TOPICS]])


# One's own.


async def list_own(_: Update, context: Context) -> None:
    """/petugas: what I asked, who has it, what is promised."""
    await list_own_to(context.turn)


async def list_own_to(turn: Turn) -> None:
    """What they asked officers, and what they can do about it."""
    found = await inquiries.mine(turn.session, turn.person, turn.now)
    if not found:
        await turn.reply(say("inquiry.none"), [[NEW_INQUIRY], [TOPICS]])
        return
    lines = [await inquiries.about(turn.session, turn.house.district, one, turn.now) for one in found]
    rows = [talk.own_deeds(one, is_numbered=True) for one in found if one.state is not InquiryState.CLOSED]
    await turn.reply(say("inquiry.list", lines=tuple(lines)), [*rows, [NEW_INQUIRY], [TOPICS]])


async def begin_addition(_: Update, context: Context) -> None:
    """Tambah: what is sent next goes to the officers."""
    turn = context.turn
    inquiry = await inquiries.own(turn.session, turn.person, int(context.tapped))
    await turn.answer_tap()
    await steps.begin(turn, "inquiry.addition", inquiry=inquiry.id)
    await turn.reply(say("inquiry.add_what", number=inquiry.id), [[Button(say("button.not_send"), "unadded", 0)]])


async def take_addition(turn: Turn, state: steps.State) -> None:
    """What is to be added came; another kind than can be passed on is asked for again."""
    try:
        inquiry = await inquiries.own(turn.session, turn.person, state["inquiry"])
    except StaleButton:
        await steps.end(turn)
        await turn.reply(say("inquiry.over_meanwhile", number=state["inquiry"]), [[NEW_INQUIRY], [TOPICS]])
        return
    if await talk.pass_on(turn, inquiry):
        await steps.end(turn)
        await turn.reply(talk.added(turn, inquiry), talk.under_own(inquiry))


async def drop_addition(_: Update, context: Context) -> None:
    """Batal: nothing is added."""
    turn = context.turn
    state = await steps.under_way(turn)
    if state and state["step"] == "inquiry.addition":
        await steps.end(turn)
    await turn.answer_tap()
    await turn.change(say("inquiry.not_added"), [[TOPICS]])


async def withdraw(_: Update, context: Context) -> None:
    """Tarik: the officers need not answer any more."""
    turn = context.turn
    inquiry = await inquiries.withdraw(turn.session, turn.house.district, turn.person, int(context.tapped), turn.now)
    await turn.answer_tap()
    await turn.reply(say("inquiry.withdrawn", number=inquiry.id), [[NEW_INQUIRY], [TOPICS]])


async def leave(_: Update, context: Context) -> None:
    """Selesai, kembali ke bot: the talk is over, the bot answers again."""
    turn = context.turn
    inquiry = await inquiries.leave(turn.session, turn.house.district, turn.person, int(context.tapped), turn.now)
    await turn.answer_tap()
    await turn.reply(say("inquiry.left", number=inquiry.id), [[NEW_INQUIRY], [TOPICS]])


async def pass_over_edit(_: Update, context: Context) -> None:
    """A changed caption or file goes on to whom it was passed on; to the bot it says nothing."""
    await talk.correct(context.turn)


PRIVATE = filters.ChatType.PRIVATE

HANDLERS = [
    CommandHandler("petugas", list_own, PRIVATE & filters.UpdateType.MESSAGE),
    CallbackQueryHandler(propose, pattern=r"^inquire:((?:\d{1,18})?\.(?:P\d{1,4})?)$"),
    CallbackQueryHandler(propose_new, pattern=r"^inquire:(new)$"),
    CallbackQueryHandler(take_office, pattern=r"^inquire_at:((?:\d{1,18})?\.[a-z0-9_]{1,40})$"),
    CallbackQueryHandler(send, pattern=r"^send:(\d{1,18}\.[a-z0-9_]{1,40})$"),
    CallbackQueryHandler(rewrite, pattern=r"^rewrite:([a-z0-9_]{1,40})$"),
    CallbackQueryHandler(drop, pattern=r"^unsent:(0)$"),
    CallbackQueryHandler(drop_addition, pattern=r"^unadded:(0)$"),
    CallbackQueryHandler(begin_addition, pattern=r"^add:(\d{1,18})$"),
    CallbackQueryHandler(withdraw, pattern=r"^withdraw:(\d{1,18})$"),
    CallbackQueryHandler(leave, pattern=r"^leave:(\d{1,18})$"),
]

EDITED_HANDLERS = [MessageHandler(PRIVATE & filters.UpdateType.EDITED_MESSAGE & ~filters.TEXT, pass_over_edit)]
"""After those of texts."""

steps.STEPS["inquiry.question"] = take_words
steps.STEPS["inquiry.addition"] = steps.MEDIA_STEPS["inquiry.addition"] = take_addition
