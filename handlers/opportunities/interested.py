"""Who is interested in an opportunity, for its officers: paged, passed on all at once, as a file."""

from telegram import Update
from telegram.ext import CallbackQueryHandler

from domain import post, staff
from domain.errors import StaleButton
from domain.opportunities import (
    Opportunity,
    OpportunityState,
    Standing,
    composing,
    interested,
    outcomes,
    telling,
)
from domain.opportunities.interested import DOCUMENT, Interested
from domain.staff import Role
from handlers import steps
from handlers.opportunities.sheet import back_to
from handlers.pages import leaf, page_of
from handlers.trainings.sheet import in_rows
from handlers.turn import Context, Turn
from messages import Button, Buttons, Number, Sentence, say

ON_A_PAGE = 8

MANY = post.Note(is_secret=True)
"""A list names many people, so nothing of it is kept once it was sent."""

SIGNS = {Standing.NEW: "🆕", Standing.PASSED_ON: "📨", Standing.CHOSEN: "🎉", Standing.NOT_CHOSEN: "▫️"}


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
    await turn.change(*await list_of(turn, one, int(page or 0)), MANY)


async def list_of(turn: Turn, one: Opportunity, page: int, note: Sentence | None = None) -> tuple[Sentence, Buttons]:
    """A page of them, under *note*."""
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
    line = say("interested.line", number=number, name=who.name, about=known, standing=standing, share=share_of(who))
    if who.interest.left_as:
        line = say("interested.line_left", line=line, left=left_at(who.interest.left_as))
    lacks = ", ".join(need.in_language(turn.person.language) for need in interested.lacking(one, profile))
    return say("interested.line_lacks", line=line, lacks=lacks) if lacks else line


def left_at(standing: Standing) -> Sentence:
    """How far they had come when they left, before they came back."""
    return say("interested.left_as", standing=say(f"interest.standing_{standing.value}"))


def share_of(who: Interested) -> Sentence:
    """Whether their name and number may go on."""
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
    question = say("interested.ask_pass_on", title=one.title, number=Number(going))
    if kept := len(new) - going:
        question = say("interested.ask_pass_on_some", question=question, kept=Number(kept))
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
    await turn.change(*await list_of(turn, one, 0, _done(done)), MANY)


def _done(done: outcomes.PassedOn) -> Sentence:
    """What became of it, without what nobody is in."""
    note = say("interested.passed_on", number=Number(done.passed))
    if done.untold:
        note = say("interested.passed_on_untold", note=note, number=Number(done.untold))
    if done.later:
        note = say("interested.passed_on_later", note=note, number=Number(done.later))
    if done.kept:
        note = say("interested.passed_on_kept", note=note, number=Number(done.kept))
    return note


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


HANDLERS = [
    CallbackQueryHandler(show_news, pattern=r"^opp_news:(\d{1,3})$"),
    CallbackQueryHandler(show_all, pattern=r"^opp_who:(\d{1,18}(?:\.\d{1,4})?)$"),
    CallbackQueryHandler(ask_pass_on, pattern=r"^opp_pass_new:(\d{1,18})$"),
    CallbackQueryHandler(pass_on_new, pattern=r"^opp_passed_new:(\d{1,18})$"),
    CallbackQueryHandler(send_file, pattern=r"^opp_file:(\d{1,18})$"),
]
