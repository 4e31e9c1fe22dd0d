"""/data: what is kept about me, in words; take it out as a file, take the consent back, or have all of it erased."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import CallbackQueryHandler, CommandHandler, filters

from domain import consent, erasure, personal_data, post, profile, questions, staff
from domain.erasure import Farewell
from domain.errors import StaleButton
from domain.personal_data import Summary
from handlers.cards import TOPICS
from handlers.officers import title_of
from handlers.turn import Context, Turn
from messages import Button, Buttons, Date, Number, Sentence, say

MOST_INTERESTS = 10
"""Named one by one before they are erased; the message has to stay short enough to be read."""

BACK = Button(say("button.data"), "data", "show")


async def show(_: Update, context: Context) -> None:
    """/data: what is kept, and what can be done about it."""
    await show_to(context.turn)


async def show_to(turn: Turn) -> None:
    """What is kept, and what can be done about it."""
    await turn.reply(*await _overview(turn))


async def show_again(_: Update, context: Context) -> None:
    """Back from a question: the same in its place."""
    await context.turn.answer_tap()
    await context.turn.change(*await _overview(context.turn))


async def _overview(turn: Turn) -> tuple[Sentence, Buttons]:
    kept = await personal_data.summary(turn.session, turn.person)
    lines = [*_of_person(turn), await _of_profile(turn), *_of_deeds(turn, kept)]
    if officer := await staff.officer_of(turn.session, turn.person):
        lines.append(say("data.role", role=title_of(turn, officer.role, officer.office)))
    withdraw = [[Button(say("button.data_withdraw"), "data", "withdraw")]] if kept.consented_at else []
    take, erase_all = Button(say("button.data_file"), "data", "file"), Button(say("button.data_erase"), "erase", "ask")
    return say("data.overview", lines=tuple(lines)), [[take], *withdraw, [erase_all]]


def _of_person(turn: Turn) -> Iterator[Sentence]:
    person = turn.person
    yield say("data.account", name=person.name, language=say("language.name"), since=_day(turn, person.met_at))
    yield say("data.messages")


async def _of_profile(turn: Turn) -> Sentence:
    known = await profile.values(turn.session, turn.person)
    fields = [field for field in profile.form(turn.house.district).fields if field.name in known]
    lines = tuple(say("profile.line", label=field.label, value=field.show(known[field.name])) for field in fields)
    return say("data.profile", lines=lines) if lines else say("data.no_profile")


def _of_deeds(turn: Turn, kept: Summary) -> Iterator[Sentence]:
    """Lines for what there is; what there is not is not spoken of."""
    if kept.consented_at:
        yield say("data.consent", date=_day(turn, kept.consented_at))
    if kept.has_drafts:
        yield say("data.draft")
    if kept.is_in_register:
        yield say("data.register")
    if kept.newest_text_at:
        until = _day(turn, kept.newest_text_at + questions.TEXTS_ARE_KEPT)
        yield say("data.questions", number=Number(kept.questions), until=until)
    elif kept.questions:
        yield say("data.questions_without_words", number=Number(kept.questions))
    if kept.inquiries:
        yield say("data.inquiries", number=Number(kept.inquiries), open=Number(len(kept.open_inquiries)))
    if kept.trainings:
        yield say("data.trainings", number=Number(kept.trainings), ahead=Number(len(kept.seats_ahead)))
    yield from _of_opportunities(kept)


def _of_opportunities(kept: Summary) -> Iterator[Sentence]:
    if kept.has_wishes:
        yield say("data.wishes")
    if kept.interests:
        still_open = Number(sum(one.is_open for one in kept.interests))
        shared = Number(sum(one.may_share for one in kept.interests))
        yield say("data.interests", number=Number(len(kept.interests)), open=still_open, shared=shared)
    if kept.declined:
        yield say("data.declined", number=Number(kept.declined))
    if kept.orders:
        yield say("data.orders", number=Number(kept.orders))


def _day(turn: Turn, moment: datetime) -> Date:
    return Date(moment.astimezone(ZoneInfo(turn.house.district.timezone)).date().isoformat())


async def send_file(_: Update, context: Context) -> None:
    """All of it as a file, made when it is sent."""
    turn = context.turn
    await turn.answer_tap(say("tap.data_file"))
    await post.owe_document(turn.session, turn.person, personal_data.DOCUMENT, turn.person.id, say("data.file_caption"))


# The consent.


async def ask_to_withdraw(_: Update, context: Context) -> None:
    """What goes with the consent; asked once more."""
    turn = context.turn
    await turn.answer_tap()
    surely = Button(say("button.withdraw_surely"), "data", "withdrawn")
    await turn.change(say("data.withdraw_ask"), [[surely], [BACK]])


async def withdraw(_: Update, context: Context) -> None:
    """The consent is taken back, and the profile goes with it."""
    turn = context.turn
    await turn.answer_tap()
    withdrawn = await consent.withdraw(turn.session, turn.person, turn.now)
    sentence = say("data.withdrawn") if withdrawn else say("data.withdrawn_before")
    await turn.change(sentence, [[BACK], [TOPICS]])


# Erasure.


async def ask_to_erase(_: Update, context: Context) -> None:
    """What is lost, and that it cannot be undone; asked once more. The button names whom it erases."""
    turn = context.turn
    await erasure.may_be_erased(turn.session, turn.person)
    await turn.answer_tap()
    kept = await personal_data.summary(turn.session, turn.person)
    surely = Button(say("button.erase_surely"), "erase", turn.person.id)
    lost = [*_lost(turn, kept)]
    if officer := await staff.officer_of(turn.session, turn.person):
        lost.append(say("erase.lost_role", role=title_of(turn, officer.role, officer.office)))
    await turn.change(
        say("erase.ask", lines=tuple(lost)), [[surely], [Button(say("button.erase_not"), "data", "show")]]
    )


def _lost(turn: Turn, kept: Summary) -> Iterator[Sentence]:
    yield say("erase.lost_account")
    for inquiry in kept.open_inquiries:
        office = turn.house.district.office(inquiry.office)
        name = office.short_name if office else inquiry.office
        yield say("erase.lost_inquiry", number=str(inquiry.id), office=name)
    for title in kept.seats_ahead:
        yield say("erase.lost_seat", title=title)
    pursued = [one for one in kept.interests if one.is_open or one.is_passed_on]
    for one in pursued[:MOST_INTERESTS]:
        yield say("erase.lost_passed_on" if one.is_passed_on else "erase.lost_interest", title=one.title)
    if more := pursued[MOST_INTERESTS:]:
        yield say("erase.lost_more_interests", number=Number(len(more)))


async def erase(_: Update, context: Context) -> None:
    """Erased; told in the place of the question, once nothing of them is left anywhere."""
    turn = context.turn
    person, is_asked = turn.person, str(turn.person.id) == context.tapped
    if not is_asked and person.met_at != turn.now:
        raise StaleButton  # of who they were before
    farewell = Farewell(person.telegram_id, person.language, turn.tapped_message_id)
    # A second tap on the button meets them anew: nothing of that is kept either, and they are told once.
    await erasure.erase(turn.session, person, turn.now, farewell if is_asked else None, turn.house.district)
    await turn.answer_tap(say("tap.erasing"))


HANDLERS = [
    CommandHandler("data", show, filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE),
    CallbackQueryHandler(show_again, pattern=r"^data:(show)$"),
    CallbackQueryHandler(send_file, pattern=r"^data:(file)$"),
    CallbackQueryHandler(ask_to_withdraw, pattern=r"^data:(withdraw)$"),
    CallbackQueryHandler(withdraw, pattern=r"^data:(withdrawn)$"),
    CallbackQueryHandler(ask_to_erase, pattern=r"^erase:(ask)$"),
    CallbackQueryHandler(erase, pattern=r"^erase:(\d{1,18})$"),
]
