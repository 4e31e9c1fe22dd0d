"""Questions: free text and /tanya, the card that answers, the guesses, and whether it helped."""

import re
from collections.abc import Awaitable, Callable

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from domain import people, questions
from domain.answering import Verdict
from domain.district import District
from domain.errors import StaleButton
from domain.opportunities import telling
from domain.questions import Asked
from handlers import genuine, inquiries, profile, program, start, steps, subscriptions, talk
from handlers.broadcasts import anew as broadcast_anew
from handlers.cards import TOPICS, card, entry_buttons, officer_button, under_card
from handlers.opportunities import browsing as opportunities
from handlers.opportunities import offering
from handlers.turn import Context, Turn
from messages import Buttons, Sentence, say

MOST_LETTERS_FOREIGN = 0.5
ASKED_FOR = "ask.question"
"""The step after /tanya."""


async def prompt_or_answer(_: Update, context: Context) -> None:
    """/tanya: with a question, answer it; alone, ask for one."""
    turn = context.turn
    text = re.sub(r"^/\S+\s*", "", turn.message.text or "")
    if text:
        await answer(turn, text)
        return
    interrupted = await steps.under_way(turn)
    if interrupted and interrupted["step"] == ASKED_FOR:
        interrupted = interrupted["interrupted"]
    await steps.begin(turn, ASKED_FOR, interrupted=interrupted)
    await turn.reply(say("ask.prompt"), [[TOPICS]])


async def answer_asked_for(turn: Turn, state: steps.State) -> None:
    """The question after /tanya; what /tanya interrupted goes on after it."""
    conversation = await people.conversation_of(turn.session, turn.person)
    conversation.state = state["interrupted"]
    await answer(turn, turn.message.text or turn.message.caption or "")


async def answer_text(_: Update, context: Context) -> None:
    """Whatever a person writes, or writes under a picture, is a question, unless officers or a step wait for it."""
    turn, text = context.turn, context.turn.message.text or context.turn.message.caption or ""
    if await _heeds_stop(turn):
        return
    if await talk.take(turn):
        await genuine.warn(turn)
        return
    if not await genuine.lets_ask(turn) and (await steps.take(turn) or await _take_post(turn)):
        return
    # A poster of an officer with a fresh draft is meant for that.
    if turn.message.text is not None or not await broadcast_anew.offer(turn):
        await answer(turn, text, may_be_notice=genuine.may_be_notice(turn))


async def _take_post(turn: Turn) -> bool:
    """Whether it is a message that somebody brought, and was told about; an officer's can become an opportunity."""
    await offering.offer(turn)
    return await genuine.take(turn)


async def _heeds_stop(turn: Turn) -> bool:
    """STOP holds where something is to be checked, and while officers talk with somebody, whose talk goes on."""
    awaited = await genuine.awaits(turn)
    if not awaited and not await talk.is_under_way(turn):
        return False
    shelf = await turn.house.library.shelf(turn.session)
    if shelf.answerer.verdict(turn.message.text or "").action != "stop":
        return False
    if awaited:
        await genuine.leave(turn, awaited)
    await subscriptions.stop_for(turn)
    return True


async def answer_edited(_: Update, context: Context) -> None:
    """A corrected question is asked again, a corrected answer taken; Telegram also calls edited what reads the same."""
    turn = context.turn
    text = turn.message.text or ""
    if await talk.correct(turn) or await steps.take(turn):
        return
    known = await questions.is_known(turn.session, turn.person, turn.message.message_id)
    if not known and await broadcast_anew.offer(turn):
        return
    if not await questions.is_repeated(turn.session, turn.person, turn.message.message_id, text):
        await answer(turn, text)


async def answer(turn: Turn, text: str, *, may_be_notice: bool = False) -> None:
    """Answer *text*, or say honestly that we cannot. *may_be_notice*: it may be a hoax that was copied here."""
    if may_be_notice and len(text) > questions.LONGEST:
        await genuine.doubt(turn, await genuine.keep(turn, text))
        return
    if refusal := cannot_read(text):
        await turn.reply(refusal, [[officer_button(), TOPICS]])
        return
    asked = await questions.ask(turn.session, turn.house.library, turn.person, text, turn.now, turn.message.message_id)
    turn.answered_with = asked.verdict.outcome
    if may_be_notice and not asked.entry:
        await genuine.doubt(turn, asked.question.id, entry_buttons(asked.guesses, asked.question.id))
    elif asked.verdict.action:
        await _reply_to_wish(turn, asked.verdict.action)
    else:
        await turn.reply(*_reply_to(asked, turn))


def cannot_read(text: str) -> Sentence | None:
    """What to say to a text that is no question we could read; None for one that is."""
    if len(text) > questions.LONGEST:
        return say("answer.too_long")
    letters = [letter for letter in text if letter.isalpha()]
    foreign = [letter for letter in letters if letter > "\u024f"]
    if letters and len(foreign) > MOST_LETTERS_FOREIGN * len(letters):
        return say("answer.other_script")
    return None if text.strip() else say("answer.no_text")


def _reply_to(asked: Asked, turn: Turn) -> tuple[Sentence, Buttons]:
    verdict, district = asked.verdict, turn.house.district
    near = _near(verdict.near)
    if asked.entry:
        *rows, last = under_card(asked.entry, asked.shelf, asked.question.id)
        return card(asked.entry), [*rows, *near, last]
    if verdict.outcome == "smalltalk":
        return say(f"smalltalk.{verdict.smalltalk}", name=turn.person.name, district=district.name), [[TOPICS]]
    guesses, under = asked.guesses, [officer_button(asked.question.id), TOPICS]
    if guesses:
        return over_guesses(verdict, district), [*entry_buttons(guesses, asked.question.id), *near, under]
    return when_lost(verdict, district), [*near, under]


def _near(wish: str | None) -> Buttons:
    """The way to the opportunities, where the question is of trade."""
    return [[telling.ALL]] if wish == "opportunities" else []


async def _reply_to_wish(turn: Turn, action: str) -> None:
    """A wish that is no question: what the command of that name does."""
    if does := WISHES.get(action):
        await does(turn)
    else:
        await turn.reply(say("ask.prompt"), [[TOPICS]])


async def ask_checked(_: Update, context: Context) -> None:
    """Tanyakan isinya: what was checked is a question after all."""
    turn = context.turn
    question = await questions.own(turn.session, turn.person, int(context.tapped))
    await turn.answer_tap()
    await answer(turn, (question.text or "")[: questions.LONGEST])


def over_guesses(verdict: Verdict, district: District) -> Sentence:
    """What stands over the guesses: why none of them is given as the answer."""
    if verdict.missing == "place":
        return say("answer.missing_place", district=district.name, place=verdict.place)
    if verdict.missing:
        attribute, desk = say(f"attribute.{verdict.missing}"), district.help_desk
        return say("answer.missing_attribute", attribute=attribute, place=desk.name, address=desk.address)
    return say("answer.guesses")


def when_lost(verdict: Verdict, district: District) -> Sentence:
    """That there is no answer, and where to go."""
    desk = district.help_desk
    if verdict.missing == "place":
        return say("answer.lost_place", district=district.name, place=verdict.place)
    if verdict.missing:
        attribute = say(f"attribute.{verdict.missing}")
        return say("answer.lost_attribute", attribute=attribute, place=desk.name, address=desk.address)
    return say("answer.lost", place=desk.name, address=desk.address)


async def show_entry(_: Update, context: Context) -> None:
    """A related entry, asked for by its button."""
    turn = context.turn
    shelf = await turn.house.library.shelf(turn.session)
    entry = shelf.entries.get(context.tapped)
    if entry is None:
        raise StaleButton
    await turn.answer_tap()
    await questions.show(turn.session, turn.person, entry.id, turn.now)
    await turn.reply(card(entry), under_card(entry, shelf))


async def take_guess(_: Update, context: Context) -> None:
    """One of our guesses was meant: show it, and remember which."""
    turn = context.turn
    question_id, _dot, entry_id = context.tapped.partition(".")
    shelf = await turn.house.library.shelf(turn.session)
    entry = shelf.entries.get(entry_id)
    if entry is None:
        raise StaleButton
    await questions.choose(turn.session, turn.person, int(question_id), entry_id, turn.now)
    await turn.answer_tap()
    await turn.reply(card(entry), under_card(entry, shelf, int(question_id)))


async def rate(_: Update, context: Context) -> None:
    """Membantu or Belum, once a question; the two buttons go and what else might help stays."""
    turn = context.turn
    was_helpful = (turn.tap.data or "").startswith("helpful:")
    question = await questions.rate(turn.session, turn.person, int(context.tapped), was_helpful=was_helpful)
    if question is None:
        await turn.answer_tap(say("feedback.already"))
        return
    await turn.answer_tap(say("feedback.thanks") if was_helpful else None)
    shelf = await turn.house.library.shelf(turn.session)
    shown = shelf.entries.get(question.chosen_id or question.entry_id or "")
    *rows, last = under_card(shown, shelf, question.id, is_rated=True) if shown else [[TOPICS]]
    near = _near(shelf.answerer.near(question.text or ""))
    await turn.change_buttons([*rows, *near, last])
    if not was_helpful:
        others = [
            shelf.entries[id] for id in question.suggestions or [] if id in shelf.entries and id != shown_id(shown)
        ]
        officer = officer_button(question.id, shown)
        await turn.reply(say("feedback.sorry"), [*entry_buttons(others, question.id), [officer, TOPICS]])


def shown_id(entry: object) -> str | None:
    return getattr(entry, "id", None)


WISHES: dict[str, Callable[[Turn], Awaitable[None]]] = {
    "officer": inquiries.propose_to,
    "help": start.explain_to,
    "stop": subscriptions.stop_for,
    "start": start.greet,
    "cancel": start.cancel_for,
    "check": genuine.ask_for,
    "interests": opportunities.show_mine_to,
    "opportunities": opportunities.show_list_to,
    "follow": subscriptions.show_to,
    "profile": profile.show_to,
    "program": program.list_topics_to,
}
"""What each of ACTIONS does; the others ask for the question."""

PRIVATE = filters.ChatType.PRIVATE
NEW = filters.UpdateType.MESSAGE

HANDLERS = [
    CommandHandler("tanya", prompt_or_answer, PRIVATE & NEW),
    CallbackQueryHandler(show_entry, pattern=r"^entry:(P\d{1,4})$"),
    CallbackQueryHandler(take_guess, pattern=r"^guess:(\d{1,18}\.P\d{1,4})$"),
    CallbackQueryHandler(ask_checked, pattern=r"^check_ask:(\d{1,18})$"),
    CallbackQueryHandler(rate, pattern=r"^(?:un)?helpful:(\d{1,18})$"),
]

# After every command, since a command is text too.
TEXT_HANDLERS = [
    MessageHandler(PRIVATE & NEW & (filters.TEXT | filters.CAPTION) & ~filters.COMMAND, answer_text),
    MessageHandler(PRIVATE & filters.UpdateType.EDITED_MESSAGE & filters.TEXT & ~filters.COMMAND, answer_edited),
]

steps.STEPS[ASKED_FOR] = steps.MEDIA_STEPS[ASKED_FOR] = answer_asked_for
