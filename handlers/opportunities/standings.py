"""One of those who are interested, for officers: what they told; passed on, chosen or not, with words they read."""

from functools import wraps

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import inquiries, post, staff
from domain.errors import Refusal
from domain.forms import phone
from domain.opportunities import Opportunity, OpportunityState, Standing, composing, interested, needs, outcomes
from domain.opportunities.interested import Interested
from domain.opportunities.news import is_back
from domain.opportunities.outcomes import SHARED, Moved, may_move
from domain.opportunities.refusals import AgreedMeanwhile, HasLeft, MayNotShare, StandsOtherwise, WrongState
from handlers import steps
from handlers.opportunities.interested import MANY, left_at, list_of, share_of
from handlers.opportunities.offering import typed_only
from handlers.opportunities.sheet import Handler
from handlers.trainings.sheet import EMPTY, in_rows
from handlers.turn import Context, Turn
from messages import Button, Buttons, Moment, Sentence, say

WHY = "opportunity.interest_why"
"""The step in which an officer writes what somebody is to read beside where they stand."""

STANDINGS = "|".join(standing.value for standing in Standing)


async def show(_: Update, context: Context) -> None:
    """One of them, with what they told, and what may be done."""
    turn = context.turn
    one, who = await outcomes.access(turn.session, turn.person, int(context.tapped), reads=True)
    await steps.leave(turn, "opportunity.")
    await turn.answer_tap()
    await turn.change(*await _one(turn, one, who), _about(who))


def _about(who: Interested) -> post.Note:
    return post.Note(about=who.person.id)


async def _one(turn: Turn, one: Opportunity, who: Interested, note: Sentence | None = None) -> tuple[Sentence, Buttons]:
    profile, row = who.profile, who.interest
    standing = say(f"interest.standing_{row.standing.value}")
    page = say(
        "interested.one",
        name=who.name,
        title=one.title,
        business=(profile.business if profile else None) or EMPTY,
        products=interested.makes(profile, turn.house.district) or EMPTY,
        kecamatan=(profile.kecamatan if profile else None) or EMPTY,
        phone=_phone(who),
        needs=tuple(_needs(one, who)),
        standing=say("interested.standing_why", standing=standing, reason=row.reason) if row.reason else standing,
        share=share_of(who),
    )
    if row.left_as:
        page = say("interested.one_left", page=page, left=left_at(row.left_as))
    return say("interested.noted", note=note, page=page) if note else page, await _under_one(turn, one, who)


def _phone(who: Interested) -> Sentence | str:
    if not who.interest.may_share:
        return say("interested.phone_kept")
    return phone.spoken(who.phone) if who.phone else EMPTY


def _needs(one: Opportunity, who: Interested) -> list[Sentence]:
    met = needs.met(one, who.profile)
    has = [say("interested.has", need=name) for name in needs.names_of(one, met.has)]
    maybe = [say("interested.maybe", need=name) for name in needs.names_of(one, met.maybe)]
    lacks = needs.lacking_lines(one, who.profile, "interested.lacks", "interested.capacity_lacks")
    unknown = [say("interested.has_not_said", need=name) for name in needs.names_of(one, met.unknown)]
    return [*has, *maybe, *lacks, *unknown] or [say("interested.nothing_asked")]


async def _under_one(turn: Turn, one: Opportunity, who: Interested) -> Buttons:
    officer = await staff.officer_of(turn.session, turn.person)
    back = [Button(say("button.back"), "opp_who", f"{one.id}.0")]
    asked = await inquiries.open_at(turn.session, who.person.id, one.office)
    question = [[Button(say("button.their_question", number=asked.id), "queued", asked.id)]] if asked else []
    if not composing.may_act(officer, one):
        return [*question, back]
    consent = [[Button(say("button.ask_consent"), "opp_consent", who.interest.id)]] if _may_ask(one, who) else []
    return [*in_rows(_moves(one, who), 2), *consent, *question, back]


def _may_ask(one: Opportunity, who: Interested) -> bool:
    return not who.interest.may_share and one.state is not OpportunityState.WITHDRAWN


def _moves(one: Opportunity, who: Interested) -> list[Button]:
    """Where they may go; who did not agree is contacted by nobody; what has a reason, or is taken back, is asked."""
    was, found = who.interest.standing, []
    for to in (Standing.PASSED_ON, Standing.CHOSEN, Standing.NOT_CHOSEN, Standing.NEW):
        if may_move(one, was, to) and (who.interest.may_share or to not in SHARED):
            asks = to in {Standing.CHOSEN, Standing.NOT_CHOSEN} or is_back(was, to)
            verb = "opp_stand" if asks else "opp_stood"
            found.append(Button(say(f"button.standing_{to.value}"), verb, f"{who.interest.id}.{to.value}.{was.value}"))
    return found


async def ask_consent(_: Update, context: Context) -> None:
    """Minta izin: they are asked whether their name and number may go on."""
    turn = context.turn
    try:
        who, is_asked = await outcomes.ask_consent(turn.session, turn.person, int(context.tapped), turn.now)
    except AgreedMeanwhile as refusal:
        await _show_meanwhile(turn, int(context.tapped), refusal)
        return
    one = await composing.access(turn.session, turn.person, who.interest.opportunity_id)
    await turn.answer_tap()
    note = say("interested.consent_asked" if is_asked else "interested.consent_asked_before", name=who.name)
    await turn.change(*await _one(turn, one, who, note), _about(who))


async def ask_why(_: Update, context: Context) -> None:
    """Dipilih, Belum: with words that they read, or without. Back: whether it is meant, since they read of it."""
    turn = context.turn
    number, to, was = _tapped(context)
    _opportunity, who = await outcomes.access(turn.session, turn.person, number)
    if who.interest.standing is not was:
        await _show_meanwhile(turn, number, StandsOtherwise(who.name, who.interest.standing))
        return
    await turn.answer_tap()
    if is_back(was, to):
        surely = [Button(say("button.standing_back"), "opp_stood", f"{number}.{to.value}.{was.value}")]
        standing = say(f"interest.standing_{to.value}")
        question = say("interested.ask_back", name=who.name, standing=standing)
        await turn.change(question, [surely, *_leave(number)], _about(who))
        return
    await steps.begin(turn, WHY, interest=number, to=to.value, was=was.value)
    without = [Button(say("button.without_words"), "opp_stood", f"{number}.{to.value}.{was.value}")]
    await turn.change(say(f"interested.ask_{to.value}", name=who.name), [without, *_leave(number)], _about(who))


def _tapped(context: Context) -> tuple[int, Standing, Standing]:
    number, to, was = context.tapped.split(".")
    return int(number), Standing(to), Standing(was)


def _leave(number: int) -> Buttons:
    return [[Button(say("button.leave_it"), "opp_interest", number)]]


async def move(_: Update, context: Context) -> None:
    """It is meant, without words."""
    turn = context.turn
    number, to, was = _tapped(context)
    try:
        moved = await _move(turn, number, to, was, None)
    except StandsOtherwise as refusal:
        await _show_meanwhile(turn, number, refusal)
        return
    await steps.leave(turn, "opportunity.")
    await turn.answer_tap()
    await _show_moved(turn, moved)


async def take_why(turn: Turn, state: steps.State) -> None:
    """The words were written: they are moved, and read them."""
    number, to, was = state["interest"], Standing(state["to"]), Standing(state["was"])
    try:
        await outcomes.access(turn.session, turn.person, number)
        why = outcomes.reason(turn.message.text or "")
        moved = await _move(turn, number, to, was, why)
    except HasLeft as refusal:
        await _show_left(turn, refusal)
    except (MayNotShare, StandsOtherwise, WrongState) as refusal:  # which other words would not help
        await _show_meanwhile(turn, number, refusal)
    else:
        await steps.end(turn)
        await _show_moved(turn, moved)


async def _show_left(turn: Turn, refusal: HasLeft) -> None:
    """They are not among them any more: who is interested now, in the message that was tapped."""
    one = await composing.access(turn.session, turn.person, refusal.opportunity_id, reads=True)
    await steps.leave(turn, "opportunity.")
    await turn.answer_tap()
    await turn.change(*await list_of(turn, one, 0, refusal.sentence), MANY)


def _shows_left(handler: Handler) -> Handler:
    """*handler* of a button; where somebody left meanwhile, the message that was tapped shows who has not."""

    @wraps(handler)
    async def tapped(update: Update, context: Context) -> None:
        try:
            await handler(update, context)
        except HasLeft as refusal:
            await _show_left(context.turn, refusal)

    return tapped


async def _show_meanwhile(turn: Turn, number: int, refusal: Refusal) -> None:
    """Something was first: how they stand now, in the message that was tapped."""
    one, who = await outcomes.access(turn.session, turn.person, number)
    await steps.leave(turn, "opportunity.")
    await turn.answer_tap()
    await turn.change(*await _one(turn, one, who, refusal.sentence), _about(who))


async def _move(turn: Turn, number: int, to: Standing, was: Standing, why: str | None) -> Moved:
    district = turn.house.district
    return await outcomes.move(turn.session, turn.person, number, to, why, district, turn.now, was=was)


async def _show_moved(turn: Turn, moved: Moved) -> None:
    one, who = await outcomes.access(turn.session, turn.person, moved.one.interest.id)
    standing = say(f"interest.standing_{who.interest.standing.value}")
    note = say("interested.stood", name=who.name, standing=standing)
    if moved.is_new:
        note = _told(turn, moved, name=who.name, standing=standing)
    await turn.change(*await _one(turn, one, who, note), _about(who))


def _told(turn: Turn, moved: Moved, **blanks: Sentence | str) -> Sentence:
    if moved.told_at is None:
        return say("interested.moved_untold", **blanks)
    if moved.told_at <= turn.now:
        return say("interested.moved", **blanks)
    at = Moment(moved.told_at, turn.house.district.timezone, turn.now)
    return say("interested.moved_later", moment=at, **blanks)


_MOVE = rf"(\d{{1,18}}\.(?:{STANDINGS})\.(?:{STANDINGS}))"

HANDLERS = [
    CallbackQueryHandler(_shows_left(show), pattern=r"^opp_interest:(\d{1,18})$"),
    CallbackQueryHandler(_shows_left(ask_consent), pattern=r"^opp_consent:(\d{1,18})$"),
    CallbackQueryHandler(_shows_left(ask_why), pattern=rf"^opp_stand:{_MOVE}$"),
    CallbackQueryHandler(_shows_left(move), pattern=rf"^opp_stood:{_MOVE}$"),
]

steps.STEPS[WHY] = steps.MEDIA_STEPS[WHY] = typed_only(take_why)
steps.WAYS_OUT[WHY] = lambda state: _leave(state["interest"])
