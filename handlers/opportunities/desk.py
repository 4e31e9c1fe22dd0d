"""Officers' opportunities, reached from /peluang: their list, one of them, and its way: out, closed, taken back."""

from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import dates, post, staff
from domain.broadcasts import moments
from domain.opportunities import (
    Opportunity,
    OpportunityState,
    composing,
    counting,
    feed_news,
    rhythm,
    states,
    telling,
    typed,
)
from domain.opportunities.refusals import WrongState
from domain.staff import Officer, Role
from domain.trainings.desk import offices_of
from handlers import steps
from handlers.opportunities.offering import typed_only
from handlers.opportunities.sheet import (
    acts,
    back_to,
    reads,
    show,
    shows_standing,
    stamp,
    stands_now,
    states_name,
    still,
)
from handlers.pages import leaf, page_of
from handlers.turn import Context, Turn, rest_of
from messages import Button, Buttons, Moment, Number, Sentence, say
from messages.limits import cut

WHEN, WHY = "opportunity.when", "opportunity.why"

ON_A_PAGE, LINE = 6, 60

S = OpportunityState
SIGNS = {S.DRAFT: "📝", S.SCHEDULED: "🕗", S.OPEN: "🟢", S.CLOSED: "🔒", S.WITHDRAWN: "❌"}


def under_list(officer: Officer) -> Buttons:
    """Rows under everybody's /peluang, for who serves."""
    manage = [Button(say("button.opportunity_manage"), "opp_desk", 0), feed_news.LIST]
    if officer.role is Role.READER:
        return [manage]
    return [[Button(say("button.opportunity_new"), "opp_new", 0)], manage]


async def list_page(_: Update, context: Context) -> None:
    """Theirs: drafts, what is out, and what ended last."""
    turn = context.turn
    officer = await staff.access(turn.session, turn.person, reads=True)
    await steps.leave(turn, "opportunity.")
    await turn.answer_tap()
    await turn.change(*await _list(turn, officer, int(context.tapped)))


async def _list(turn: Turn, officer: Officer, page: int) -> tuple[Sentence, Buttons]:
    offices = [office.key for office in offices_of(officer, turn.house.district)]
    every = await composing.of_offices(turn.session, offices)
    shown, page, pages = page_of(every, page, ON_A_PAGE)
    numbered = list(enumerate(shown, 1 + page * ON_A_PAGE))
    lines = tuple(_line(turn, one, number) for number, one in numbered)
    each = [
        [Button(f"{number}. {SIGNS[one.state]} {_title(turn, one)}", "opp_sheet", one.id)] for number, one in numbered
    ]
    new = [] if officer.role is Role.READER else [[Button(say("button.opportunity_new"), "opp_new", 0)]]
    rows = [*each, *leaf("opp_desk", "", page, pages), *new, [feed_news.LIST], [telling.ALL]]
    return (say("opportunity.list", lines=lines) if lines else say("opportunity.list_empty")), rows


def _line(turn: Turn, one: Opportunity, number: int) -> Sentence:
    blanks = {"number": number, "sign": SIGNS[one.state], "title": cut(_title(turn, one), LINE)}
    if one.deadline is None:
        return say("opportunity.list_line", state=states_name(one), **blanks)
    deadline = Moment(one.deadline, turn.house.district.timezone, turn.now)
    return say("opportunity.list_line_until", state=states_name(one), deadline=deadline, **blanks)


def _title(turn: Turn, one: Opportunity) -> str:
    return one.title or say("opportunity.untitled").in_language(turn.person.language)


async def open_one(_: Update, context: Context) -> None:
    """As it stands."""
    one = await reads(context)
    await steps.leave(context.turn, "opportunity.")
    await context.turn.answer_tap()
    await show(context.turn, one)


# Out.


async def check(_: Update, context: Context) -> None:
    """Periksa: as people see it, and how many it fits; what is still missing is said instead."""
    turn, one = context.turn, await _composed(context)
    composing.unless_complete(one)
    composing.unless_past(one, turn.now)
    await turn.answer_tap()
    if composing.is_guess(one, "products"):
        all_of = [Button(say("button.opportunity_sure_all"), "opp_sure", one.id)]
        some = [Button(say("button.opportunity_choose_products"), "opp_several", f"{one.id}.products.0")]
        await turn.change(say("opportunity.products_unsure"), [all_of, some, back_to(one)])
        return
    await _show_check(turn, one)


async def confirm_all(_: Update, context: Context) -> None:
    """Ya, semua produk: no post said so, and now the officer does; then as Periksa."""
    turn, one = context.turn, await _composed(context)
    by = composing.actor(turn.person)
    await composing.change(turn.session, one, {"products": None}, by, turn.house.district, turn.now)
    composing.unless_complete(one)
    composing.unless_past(one, turn.now)
    await turn.answer_tap()
    await _show_check(turn, one)


async def _show_check(turn: Turn, one: Opportunity) -> None:
    card = telling.card(one, None, turn.house.district, turn.now)
    if one.file:
        await post.owe_under(turn.session, turn.person, one.file["kind"], one.file["file_id"], card)
    people = await counting.count(turn.session, one)
    about = f"{one.id}.{stamp(one)}"
    now = Button(say("button.opportunity_publish"), "opp_publish", f"{about}.{people}")
    later = Button(say("button.opportunity_later"), "opp_later", about)
    shown = say("opportunity.check_file") if one.file else card
    told = await _with_quiet(turn, say("opportunity.check", card=shown, people=Number(people)))
    await (turn.reply if one.file else turn.change)(told, [[now], [later], back_to(one)])


async def _with_quiet(turn: Turn, told: Sentence) -> Sentence:
    """*told*, and when news goes out, where that is not now."""
    until = (await rhythm.timing(turn.session, turn.house.district)).quiet_until(None, turn.now)
    if until is None:
        return told
    return say("opportunity.with_quiet", told=told, moment=Moment(until, turn.house.district.timezone, turn.now))


async def _composed(context: Context) -> Opportunity:
    one = await acts(context)
    return await composing.access_draft(context.turn.session, context.turn.person, one.id)


async def publish(_: Update, context: Context) -> None:
    """Terbitkan sekarang: just what was checked, and nothing that somebody changed meanwhile."""
    turn, one = context.turn, await _composed(context)
    checked, _dot, people = rest_of(context).partition(".")
    await turn.answer_tap()
    if checked != stamp(one):
        await show(turn, one, say("opportunity.changed_meanwhile"))
        return
    await composing.publish(turn.session, one, composing.actor(turn.person), turn.now)
    await show(turn, one, await _with_quiet(turn, say("opportunity.published", people=Number(int(people)))))


async def ask_when(_: Update, context: Context) -> None:
    """Terbitkan nanti: the time is typed."""
    turn, one = context.turn, await _composed(context)
    await turn.answer_tap()
    if rest_of(context) != stamp(one):
        await show(turn, one, say("opportunity.changed_meanwhile"))
        return
    composing.unless_past(one, turn.now)
    await steps.begin(turn, WHEN, opportunity=one.id, stamp=rest_of(context))
    example = dates.in_numbers(dates.example(turn.now.astimezone(_zone(turn))))
    await turn.change(say("opportunity.ask_when", numbers=example), [back_to(one)])


def _zone(turn: Turn) -> ZoneInfo:
    return ZoneInfo(turn.house.district.timezone)


async def take_when(turn: Turn, state: steps.State) -> None:
    """It was typed."""
    one = await still(turn, state)
    if one is None:
        return
    if note := _too_late(turn, one, state):
        await steps.end(turn)
        await show(turn, one, note)
        return
    at = moments.read(turn.message.text or "", _zone(turn), turn.now)
    await composing.schedule(turn.session, one, at, composing.actor(turn.person), turn.now)
    await steps.end(turn)
    moment = Moment(at, turn.house.district.timezone, turn.now)
    await show(turn, one, say("opportunity.scheduled", moment=moment))


def _too_late(turn: Turn, one: Opportunity, state: steps.State) -> Sentence | None:
    """Why no time for it is taken any more; None where one is."""
    if one.state not in states.COMPOSED:
        return stands_now(one.state)
    if state["stamp"] != stamp(one):
        return say("opportunity.changed_meanwhile")
    return say("opportunity.deadline_over") if composing.is_past(one, turn.now) else None


async def reopen(_: Update, context: Context) -> None:
    """Batal terbit: a draft again."""
    turn, one = context.turn, await acts(context)
    await composing.reopen(turn.session, one, composing.actor(turn.person), turn.now)
    await turn.answer_tap()
    await show(turn, one, say("opportunity.reopened"))


# Away.


async def ask_drop(_: Update, context: Context) -> None:
    """Buang: asked once."""
    turn, one = context.turn, await _composed(context)
    await turn.answer_tap()
    sure = [Button(say("button.broadcast_drop_surely"), "opp_dropped", one.id)]
    await turn.change(say("opportunity.ask_drop", title=_title(turn, one)), [sure, back_to(one)])


async def drop(_: Update, context: Context) -> None:
    """It is meant."""
    turn, one = context.turn, await _composed(context)
    await composing.drop(turn.session, one, composing.actor(turn.person), turn.now)
    await turn.answer_tap()
    back = [Button(say("button.back"), "opp_desk", 0)]
    await turn.change(say("opportunity.dropped", title=_title(turn, one)), [back])


async def ask_close(_: Update, context: Context) -> None:
    """Tutup: why, in words that people read; they are the yes."""
    await _ask_why(context, S.CLOSED, say("opportunity.ask_close"))


async def ask_withdraw(_: Update, context: Context) -> None:
    """Tarik: likewise."""
    await _ask_why(context, S.WITHDRAWN, say("opportunity.ask_withdraw"))


async def _ask_why(context: Context, to: OpportunityState, question: Sentence) -> None:
    turn, one = context.turn, await acts(context)
    _unless_gone(one, to)
    await turn.answer_tap()
    await steps.begin(turn, WHY, opportunity=one.id, to=to.value)
    leave = [Button(say("button.leave_it"), "opp_sheet", one.id)]
    await turn.change(say("opportunity.about", title=one.title, question=question), [leave])


def _unless_gone(one: Opportunity, to: OpportunityState) -> None:
    if to not in states.MOVES[one.state]:
        raise WrongState(one.state, [back_to(one)])


async def take_why(turn: Turn, state: steps.State) -> None:
    """It was typed: so be it."""
    one = await composing.access(turn.session, turn.person, state["opportunity"])
    to, why = OpportunityState(state["to"]), typed.read("why", turn.message.text or "", turn.house.district, turn.now)
    if to not in states.MOVES[one.state]:
        await steps.end(turn)
        await show(turn, one, WrongState(one.state).sentence)
        return
    end = composing.close if to is S.CLOSED else composing.withdraw
    await end(turn.session, one, why, composing.actor(turn.person), turn.now)
    await steps.end(turn)
    await show(turn, one, say("opportunity.closed_now") if to is S.CLOSED else say("opportunity.withdrawn_now"))


_STAMPED = r"\d{1,18}\.[0-9a-f]{8}"

HANDLERS = [
    CallbackQueryHandler(list_page, pattern=r"^opp_desk:(\d{1,3})$"),
    CallbackQueryHandler(open_one, pattern=r"^opp_sheet:(\d{1,18})$"),
    CallbackQueryHandler(shows_standing(check), pattern=r"^opp_check:(\d{1,18})$"),
    CallbackQueryHandler(shows_standing(confirm_all), pattern=r"^opp_sure:(\d{1,18})$"),
    CallbackQueryHandler(shows_standing(publish), pattern=rf"^opp_publish:({_STAMPED}\.\d{{1,9}})$"),
    CallbackQueryHandler(shows_standing(ask_when), pattern=rf"^opp_later:({_STAMPED})$"),
    CallbackQueryHandler(shows_standing(reopen), pattern=r"^opp_reopen:(\d{1,18})$"),
    CallbackQueryHandler(shows_standing(ask_drop), pattern=r"^opp_drop:(\d{1,18})$"),
    CallbackQueryHandler(shows_standing(drop), pattern=r"^opp_dropped:(\d{1,18})$"),
    CallbackQueryHandler(shows_standing(ask_close), pattern=r"^opp_close:(\d{1,18})$"),
    CallbackQueryHandler(shows_standing(ask_withdraw), pattern=r"^opp_withdraw:(\d{1,18})$"),
]

steps.STEPS[WHEN] = steps.MEDIA_STEPS[WHEN] = typed_only(take_when)
steps.STEPS[WHY] = steps.MEDIA_STEPS[WHY] = typed_only(take_why)
