"""What is answered to an opportunity by a tap: interested, not for me and why, or a question to its office."""

from dataclasses import replace

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import consent, profile
from domain.errors import StaleButton
from domain.forms.fields import Answers, Form
from domain.opportunities import Interest, InterestAnswer, Opportunity, OpportunityState, catalogue, interest, telling
from domain.opportunities.refusals import NotInterested, Over
from handlers import consent as agreement
from handlers import forms, inquiries
from handlers.form_questions import line
from handlers.opportunities import wishes
from handlers.opportunities.card import MINE, redraw, show_card, show_here
from handlers.turn import Context, Turn
from messages import Button, Buttons, Sentence, say

FORM = "oppshare"
"""Asks for the name and number that may be passed on, and names what follows the agreement."""

NEEDED = ("name", "phone")
SHARED = (*NEEDED, "products")
"""What goes to who seeks, by field of the profile."""

BETTER_BY_SETTINGS = ("product", "distance")
"""Why something did not suit, where /langganan lets one say what would."""


# Berminat.


async def say_yes(_: Update, context: Context) -> None:
    """Berminat: noted at once; then may they be named to who seeks? Tapped twice it is one interest."""
    turn = context.turn
    one = await catalogue.one(turn.session, int(context.tapped))
    is_new = await interest.express(turn.session, turn.person, one, turn.now)
    await turn.answer_tap(say("tap.interested" if is_new else "tap.interested_before"))
    await redraw(turn, one)
    if is_new:
        await turn.reply(*await _may_share(turn, one))


async def take_back(_: Update, context: Context) -> None:
    """Batal minat; who was passed on or chosen is asked once more. Tapped twice it says the same."""
    turn = context.turn
    one = await catalogue.one(turn.session, int(context.tapped))
    theirs = await interest.of(turn.session, turn.person, one.id)
    if theirs and interest.is_far(theirs):
        await _ask_leave(turn, one, theirs)
    else:
        await _leave_it(turn, one)


async def take_back_surely(_: Update, context: Context) -> None:
    """Ya, batal."""
    await _leave_it(context.turn, await catalogue.one(context.turn.session, int(context.tapped)))


async def _leave_it(turn: Turn, one: Opportunity) -> None:
    await interest.withdraw(turn.session, turn.person, one, turn.now)
    theirs = await interest.of(turn.session, turn.person, one.id)
    is_known = theirs is not None and theirs.left_as is not None
    await turn.answer_tap(say("tap.interest_back_known" if is_known else "tap.interest_back"))
    await redraw(turn, one)


async def _ask_leave(turn: Turn, one: Opportunity, theirs: Interest) -> None:
    sure = [Button(say("button.leave_surely"), "opp_leave", one.id)]
    stay = [Button(say("button.leave_it"), "opp_stay", one.id)]
    await turn.answer_tap()
    await show_here(turn, say(f"opportunity.ask_leave_{theirs.standing.value}", title=one.title), [sure, stay])


async def stay(_: Update, context: Context) -> None:
    """Tidak jadi: the card as it stands."""
    await context.turn.answer_tap()
    await redraw(context.turn, await catalogue.one(context.turn.session, int(context.tapped)))


# May their number go on?


async def ask_may_share(_: Update, context: Context) -> None:
    """Izin meneruskan data: what would be passed on, and how that stands."""
    turn = context.turn
    try:
        one = await _with_interest(turn, context.tapped)
    except NotInterested as refusal:
        await _say_left(turn, refusal)
        return
    await turn.answer_tap()
    await turn.reply(*await _may_share(turn, one))


async def _say_left(turn: Turn, refusal: NotInterested) -> None:
    """In place of the buttons of before."""
    await turn.answer_tap()
    await show_here(turn, refusal.sentence, refusal.buttons)


async def _may_share(turn: Turn, one: Opportunity) -> tuple[Sentence, Buttons]:
    theirs = await interest.interested(turn.session, turn.person, one.id)
    known = await profile.values(turn.session, turn.person)
    fields = [field for field in profile.form(turn.house.district).fields if field.name in SHARED]
    lines = tuple(
        line("profile.line", field.label, field.show(known[field.name]))
        if field.name in known
        else say("profile.empty_line", label=field.label)
        for field in fields
    )
    sentence = say("opportunity.ask_share", source=one.source, title=one.title, lines=lines)
    if theirs.may_share is not None:
        state = say("opportunity.shares_now") if theirs.may_share else say("opportunity.keeps_now")
        sentence = say("opportunity.with_state", card=sentence, state=state)
    yes, no = (Button(say(f"button.share_{answer}"), "opp_share", f"{one.id}.{answer}") for answer in ("yes", "no"))
    return sentence, [[yes, no]]


async def share(_: Update, context: Context) -> None:
    """Ya, boleh, or Jangan dulu; a name or number that is not known is asked for first."""
    turn = context.turn
    number, _dot, answer = context.tapped.partition(".")
    try:
        one = await _with_interest(turn, number)
    except NotInterested as refusal:
        await _say_left(turn, refusal)
        return
    await _take_share(turn, one, answer)


async def _take_share(turn: Turn, one: Opportunity, answer: str) -> None:
    missing = await profile.missing(turn.session, turn.person, NEEDED)
    await turn.answer_tap()
    if answer == "no":
        await interest.let_share(turn.session, turn.person, one, turn.now, may_share=False)
        yes = Button(say("button.share_yes"), "opp_share", f"{one.id}.yes")
        await turn.change(say("opportunity.not_shared", title=one.title), [[yes], [interest.button(one)]])
    elif not missing:
        await turn.change(*await _let_share(turn, one))
    elif await consent.has_consent(turn.session, turn.person):
        await forms.begin(turn, f"{FORM}-{one.id}", missing)
    else:
        await agreement.ask(turn, f"{FORM}-{one.id}")


async def _let_share(turn: Turn, one: Opportunity) -> tuple[Sentence, Buttons]:
    await interest.let_share(turn.session, turn.person, one, turn.now, may_share=True)
    return say("opportunity.shared", source=one.source, title=one.title), [[interest.button(one)], [MINE]]


async def _with_interest(turn: Turn, number: str) -> Opportunity:
    """One in which they are interested. Raises NotInterested, and Over for one that was taken back."""
    one = await catalogue.one(turn.session, int(number or 0))
    await interest.interested(turn.session, turn.person, one.id)
    if one.state is OpportunityState.WITHDRAWN:
        raise Over(telling.over(one), [[telling.ALL]])
    return one


async def _go_on(turn: Turn, about: str) -> None:
    """They agreed to what is kept: ask for what is missing, or there is nothing more to ask."""
    one = await _with_interest(turn, about)
    if missing := await profile.missing(turn.session, turn.person, NEEDED):
        await forms.begin(turn, f"{FORM}-{one.id}", missing)
    else:
        await turn.reply(*await _let_share(turn, one))


async def _form(turn: Turn, about: str) -> Form | None:
    try:
        await _with_interest(turn, about)
    except (NotInterested, Over, StaleButton):
        return None
    asked = (field for field in profile.form(turn.house.district).fields if field.name in NEEDED)
    return Form(tuple(replace(field, is_optional=False) for field in asked))


async def _known(turn: Turn, _: str) -> Answers:
    return await profile.values(turn.session, turn.person)


async def _finish(turn: Turn, about: str, answers: Answers) -> None:
    one = await _with_interest(turn, about)
    await profile.save(turn.session, turn.person, answers, turn.now)
    await turn.reply(*await _let_share(turn, one))


async def _leave(turn: Turn, about: str) -> None:
    await show_card(turn, await catalogue.one(turn.session, int(about or 0)))


forms.KINDS[FORM] = forms.Kind("peluang", _form, _known, _finish, _leave, cancelled="opportunity.form_cancelled")
agreement.AFTER[FORM] = _go_on


# Tidak cocok.


async def say_no(_: Update, context: Context) -> None:
    """Tidak cocok: noted at once, and why in one more tap; on a message of before it takes no interest back."""
    turn = context.turn
    one = await catalogue.one(turn.session, int(context.tapped))
    theirs = await interest.of(turn.session, turn.person, one.id)
    if theirs and theirs.answer is InterestAnswer.INTERESTED and telling.is_open(one, turn.now):
        await _keep(turn, one, theirs)
        return
    await interest.decline(turn.session, turn.person, one, turn.now)
    await turn.answer_tap()
    each = [Button(telling.why_name(why), "opp_why", f"{one.id}.{why}") for why in interest.WHYS]
    rows = [each[start : start + 2] for start in range(0, len(each), 2)]
    rows[-1].append(Button(say("button.skip"), "opp_why", f"{one.id}.skip"))
    await show_here(turn, say("opportunity.ask_why", title=one.title), [*rows, [telling.yes_after(one)]])


async def _keep(turn: Turn, one: Opportunity, theirs: Interest) -> None:
    if interest.is_far(theirs):
        await _ask_leave(turn, one, theirs)
    else:
        await turn.answer_tap(say("tap.interested_still"))
        await redraw(turn, one)


async def say_why(_: Update, context: Context) -> None:
    """Why it does not suit them, or that they would rather not say."""
    turn = context.turn
    number, _dot, why = context.tapped.partition(".")
    one = await catalogue.one(turn.session, int(number))
    theirs = await interest.of(turn.session, turn.person, one.id)
    # They may have come round meanwhile, by another message.
    if theirs is None or theirs.answer is not InterestAnswer.DECLINED or why not in (*interest.WHYS, "skip"):
        raise StaleButton
    await interest.decline(turn.session, turn.person, one, turn.now, None if why == "skip" else why)
    await turn.answer_tap()
    await show_here(turn, *_declined(turn, one, why))


def _declined(turn: Turn, one: Opportunity, why: str) -> tuple[Sentence, Buttons]:
    rows: list[list[Button]] = [[telling.yes_after(one)], [telling.ALL]]
    if why == "skip":
        return say("opportunity.declined_bare", title=one.title), rows
    noted = say("opportunity.declined_noted", title=one.title, why=telling.why_name(why))
    if why in BETTER_BY_SETTINGS:
        return say("opportunity.declined_settings", noted=noted), [[wishes.OPEN], *rows]
    if why == "papers":
        rows = [*telling.how_to_get(one.needs, turn.house.district), *rows]
    return noted, rows


# Tanya.


async def ask(_: Update, context: Context) -> None:
    """Tanya: a question to the office that published it, which sees what it is about."""
    turn = context.turn
    one = await catalogue.one(turn.session, int(context.tapped))
    await turn.answer_tap()
    await inquiries.ask_about(turn, one)


HANDLERS = [
    CallbackQueryHandler(say_yes, pattern=r"^opp_yes:(\d{1,18})$"),
    CallbackQueryHandler(take_back, pattern=r"^opp_back:(\d{1,18})$"),
    CallbackQueryHandler(take_back_surely, pattern=r"^opp_leave:(\d{1,18})$"),
    CallbackQueryHandler(stay, pattern=r"^opp_stay:(\d{1,18})$"),
    CallbackQueryHandler(ask_may_share, pattern=r"^opp_may:(\d{1,18})$"),
    CallbackQueryHandler(share, pattern=r"^opp_share:(\d{1,18}\.(?:yes|no))$"),
    CallbackQueryHandler(say_no, pattern=r"^opp_no:(\d{1,18})$"),
    CallbackQueryHandler(say_why, pattern=r"^opp_why:(\d{1,18}\.[a-z]{1,16})$"),
    CallbackQueryHandler(ask, pattern=r"^opp_ask:(\d{1,18})$"),
]
