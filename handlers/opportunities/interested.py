"""Who is interested in an opportunity, for its officers: paged, passed on, chosen or not, with words they read."""

from functools import wraps

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import inquiries, post, staff
from domain.errors import Refusal, StaleButton
from domain.forms import phone
from domain.opportunities import (
    Opportunity,
    OpportunityState,
    Standing,
    composing,
    interested,
    needs,
    outcomes,
    telling,
)
from domain.opportunities.interested import DOCUMENT, Interested
from domain.opportunities.news import is_back
from domain.opportunities.outcomes import SHARED, Moved, may_move
from domain.opportunities.refusals import AgreedMeanwhile, HasLeft, MayNotShare, StandsOtherwise, WrongState
from domain.staff import Role
from handlers import steps
from handlers.opportunities.offering import typed_only
from handlers.opportunities.sheet import Handler, back_to
from handlers.pages import leaf, page_of
from handlers.trainings.sheet import EMPTY, in_rows
from handlers.turn import Context, Turn
from messages import Button, Buttons, Moment, Number, Sentence, say

WHY = "opportunity.interest_why"
"""The step in which an officer writes what somebody is to read beside where they stand."""

ON_A_PAGE = 8

MANY = post.Note(is_secret=True)
"""A list names many people, so nothing of it is kept once it was sent."""

SIGNS = {Standing.NEW: "🆕", Standing.PASSED_ON: "📨", Standing.CHOSEN: "🎉", Standing.NOT_CHOSEN: "▫️"}

STANDINGS = "|".join(standing.value for standing in Standing)


# All of them.


async def show_news(_: Update, context: Context) -> None:
    """Opportunities of theirs with people whom nobody has dealt with yet."""
    turn = context.turn
    officer = await staff.access(turn.session, turn.person, reads=True)
    offices = None if officer.role is Role.ADMIN else [officer.office]
    new = await interested.waiting(turn.session, offices, turn.now)
    await turn.answer_tap()
    shown, page, pages = page_of(new, int(context.tapped), ON_A_PAGE)
    numbered = list(enumerate(shown, 1 + page * ON_A_PAGE))
    rows = [[Button(f"{number}. {one.title}", "opp_who", f"{one.id}.0")] for number, (one, _) in numbered]
    lines = tuple(
        say("interested.news_line", number=number, title=one.title, people=Number(people))
        for number, (one, people) in numbered
    )
    queue = [Button(say("button.queue"), "queue", 0)]
    sentence = say("interested.news", lines=lines) if new else say("interested.no_news")
    await turn.change(sentence, [*rows, *leaf("opp_news", "", page, pages), queue])


async def show_all(_: Update, context: Context) -> None:
    """A page of them: those nobody has dealt with first."""
    turn = context.turn
    number, _dot, page = context.tapped.partition(".")
    one = await composing.access(turn.session, turn.person, int(number), reads=True)
    await steps.leave(turn, "opportunity.")
    await turn.answer_tap()
    await turn.change(*await _list(turn, one, int(page or 0)), MANY)


async def _list(turn: Turn, one: Opportunity, page: int, note: Sentence | None = None) -> tuple[Sentence, Buttons]:
    everybody = await interested.of(turn.session, one.id)
    shown, page, pages = page_of(everybody, page, ON_A_PAGE)
    numbered = list(enumerate(shown, 1 + page * ON_A_PAGE))
    each = [
        Button(f"{number}. {SIGNS[who.interest.standing]} {who.name}", "opp_interest", who.interest.id)
        for number, who in numbered
    ]
    rows = [*in_rows(each, 2), *leaf("opp_who", f"{one.id}.", page, pages), *await _under_list(turn, one, everybody)]
    sentence = say("interested.none", title=one.title)
    if everybody:
        lines = telling.spaced([_line(turn, one, who, number) for number, who in numbered])
        new = sum(who.interest.standing is Standing.NEW for who in everybody)
        blanks = {"title": one.title, "number": Number(len(everybody)), "new": Number(new), "lines": lines}
        sentence = say("interested.list", page=page + 1, pages=pages, **blanks)
    return say("interested.noted", note=note, page=sentence) if note else sentence, rows


async def _under_list(turn: Turn, one: Opportunity, everybody: list[Interested]) -> Buttons:
    officer = await staff.officer_of(turn.session, turn.person)
    back = back_to(one)
    paper = [Button(say("button.interested_file"), "opp_file", one.id)]
    files = [paper] if any(who.interest.may_share for who in everybody) else []
    is_new = any(who.interest.standing is Standing.NEW and who.interest.may_share for who in everybody)
    if not is_new or one.state is OpportunityState.WITHDRAWN or not composing.may_act(officer, one):
        return [*files, back]
    return [[Button(say("button.pass_on_new"), "opp_pass_new", one.id)], *files, back]


def _line(turn: Turn, one: Opportunity, who: Interested, number: int) -> Sentence:
    profile = who.profile
    about = [profile.business, interested.makes(profile, turn.house.district), profile.kecamatan] if profile else []
    known = " · ".join(part for part in about if part) or say("interested.unknown")
    standing = say(f"interest.standing_{who.interest.standing.value}")
    line = say("interested.line", number=number, name=who.name, about=known, standing=standing, share=_share(who))
    if who.interest.left_as:
        line = say("interested.line_left", line=line, left=_left(who.interest.left_as))
    lacks = ", ".join(need.in_language(turn.person.language) for need in interested.lacking(one, profile))
    return say("interested.line_lacks", line=line, lacks=lacks) if lacks else line


def _left(standing: Standing) -> Sentence:
    return say("interested.left_as", standing=say(f"interest.standing_{standing.value}"))


def _share(who: Interested) -> Sentence:
    if who.interest.may_share is None:
        return say("interested.share_unasked")
    return say("interested.share_yes") if who.interest.may_share else say("interested.share_no")


async def ask_pass_on(_: Update, context: Context) -> None:
    """Teruskan semua yang baru: how many will hear it, and who stays."""
    turn = context.turn
    one = await composing.access(turn.session, turn.person, int(context.tapped))
    everybody = await interested.of(turn.session, one.id)
    new = [who for who in everybody if who.interest.standing is Standing.NEW]
    going = sum(bool(who.interest.may_share) for who in new)
    if not going:
        raise StaleButton
    await turn.answer_tap()
    sure = [Button(say("button.pass_on_surely"), "opp_passed_new", one.id)]
    question = say("interested.ask_pass_on", title=one.title, number=Number(going), kept=Number(len(new) - going))
    await turn.change(question, [sure, [Button(say("button.leave_it"), "opp_who", f"{one.id}.0")]])


async def pass_on_new(_: Update, context: Context) -> None:
    """It is meant: each of them hears it."""
    turn, district = context.turn, context.turn.house.district
    done = await outcomes.pass_on_new(turn.session, turn.person, int(context.tapped), district, turn.now)
    one = await composing.access(turn.session, turn.person, int(context.tapped))
    if not done.passed:  # a second tap, or a colleague's first: what stands there stays
        await turn.answer_tap(say("interested.none_new"), alert=True)
        return
    await turn.answer_tap()
    note = say("interested.passed_on", number=Number(done.passed), kept=Number(done.kept), untold=Number(done.untold))
    if done.later:
        note = say("interested.passed_on_later", note=note, number=Number(done.later))
    await turn.change(*await _list(turn, one, 0, note), MANY)


async def send_file(_: Update, context: Context) -> None:
    """Daftar XLSX: those who agreed; it leaves the chat again after a day."""
    turn = context.turn
    one = await composing.access(turn.session, turn.person, int(context.tapped), reads=True)
    everybody = await interested.of(turn.session, one.id)
    if not any(who.interest.may_share for who in everybody):
        raise StaleButton
    await turn.answer_tap(say("tap.paper_comes"))
    if await outcomes.note_list(turn.session, turn.person, one, turn.now):
        await post.owe_document(turn.session, turn.person, DOCUMENT, one.id, say("interested.file", title=one.title))


# One of them.


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
        share=_share(who),
    )
    if row.left_as:
        page = say("interested.one_left", page=page, left=_left(row.left_as))
    return say("interested.noted", note=note, page=page) if note else page, await _under_one(turn, one, who)


def _phone(who: Interested) -> Sentence | str:
    if not who.interest.may_share:
        return say("interested.phone_kept")
    return phone.spoken(who.phone) if who.phone else EMPTY


def _needs(one: Opportunity, who: Interested) -> list[Sentence]:
    met = needs.met(one, who.profile)
    has = [say("interested.has", need=name) for name in needs.names_of(one, met.has)]
    maybe = [say("interested.maybe", need=name) for name in needs.names_of(one, met.maybe)]
    lacks = [say("interested.lacks", need=name) for name in needs.names_of(one, met.lacks)]
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
    await turn.change(*await _list(turn, one, 0, refusal.sentence), MANY)


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
    CallbackQueryHandler(show_news, pattern=r"^opp_news:(\d{1,3})$"),
    CallbackQueryHandler(show_all, pattern=r"^opp_who:(\d{1,18}(?:\.\d{1,4})?)$"),
    CallbackQueryHandler(ask_pass_on, pattern=r"^opp_pass_new:(\d{1,18})$"),
    CallbackQueryHandler(pass_on_new, pattern=r"^opp_passed_new:(\d{1,18})$"),
    CallbackQueryHandler(send_file, pattern=r"^opp_file:(\d{1,18})$"),
    CallbackQueryHandler(_shows_left(show), pattern=r"^opp_interest:(\d{1,18})$"),
    CallbackQueryHandler(_shows_left(ask_consent), pattern=r"^opp_consent:(\d{1,18})$"),
    CallbackQueryHandler(_shows_left(ask_why), pattern=rf"^opp_stand:{_MOVE}$"),
    CallbackQueryHandler(_shows_left(move), pattern=rf"^opp_stood:{_MOVE}$"),
]

steps.STEPS[WHY] = steps.MEDIA_STEPS[WHY] = typed_only(take_why)
steps.WAYS_OUT[WHY] = lambda state: _leave(state["interest"])
