"""An opportunity as its officers see it: every field, what was read in a post, what is missing; and the doors."""

import hashlib
import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from functools import wraps
from typing import Any

from telegram import Update

from domain import staff
from domain.opportunities import Opportunity, OpportunityState, composing, figures, kinds, needs, states, warnings
from domain.opportunities.refusals import WrongState
from handlers import steps
from handlers.trainings.sheet import in_rows, yes_no
from handlers.turn import Context, Turn, number_in
from messages import Button, Buttons, Moment, Number, Sentence, say
from messages.limits import cut

S = OpportunityState

LONGEST_SHOWN = 300
"""Of what is sought, in UTF-16 units."""

ONE_OF, SEVERAL, SWITCHED = ("kind", "market"), ("products", "needs", "kecamatan"), ("is_strict", "is_urgent")
"""Fields that are chosen by buttons; the others are typed or sent."""

EMPTY, ALL, NONE = say("manage.empty"), say("manage.all"), say("opportunity.nothing_asked")


async def show(turn: Turn, one: Opportunity, note: Sentence | None = None) -> None:
    """Let the message that was tapped, or a new one, show it as it is now; over it *note*, what was done."""
    sentence, buttons = await shown(turn, one, note)
    await turn.change(sentence, buttons)


async def shown(turn: Turn, one: Opportunity, note: Sentence | None = None) -> tuple[Sentence, Buttons]:
    """Likewise, for who puts it into a message of their own."""
    await turn.session.flush()
    officer = await staff.officer_of(turn.session, turn.person)
    office = turn.house.district.office(one.office)
    lines = _lines(turn, one)
    if one.state not in states.COMPOSED:
        lines += ["", *figures.lines(await figures.of(turn.session, one.id))]
    blanks = {
        "office": office.short_name if office else one.office,
        "state": states_name(one),
        "lines": tuple(lines),
    }
    told = say("opportunity.sheet_noted", note=note, **blanks) if note else say("opportunity.sheet", **blanks)
    return told, under(one, may_act=composing.may_act(officer, one))


def states_name(one: Opportunity) -> Sentence:
    """Where it stands."""
    return state_name(one.state)


def state_name(state: OpportunityState) -> Sentence:
    return say(f"opportunity.state_{state.value}")


def _lines(turn: Turn, one: Opportunity) -> list[Sentence | str]:
    fields = [_line(one, name, value()) for name, value in _values(turn, one).items()]
    return [*fields, *_notes(turn, one)]


def _line(one: Opportunity, name: str, value: Sentence | Moment | str) -> Sentence:
    """A field and what stands there; while it is composed, whether it is missing, was read in a post, or guessed."""
    label, key = composing.field_name(name), "opportunity.sheet_line"
    if one.state in states.COMPOSED:
        if name in composing.missing(one):
            return say("opportunity.sheet_missing", label=label)
        if name in one.read:
            key = "opportunity.sheet_read"
        elif composing.is_guess(one, name):
            key = "opportunity.sheet_guessed"
    return say(key, label=label, value=value)


def _notes(turn: Turn, one: Opportunity) -> list[Sentence | str]:
    """What is to be known of it beside its fields."""
    lines: list[Sentence | str] = []
    if one.state in states.COMPOSED:
        lines += ["", say("opportunity.sheet_legend")] if one.read else []
        if composing.is_past(one, turn.now):
            lines += ["", say("opportunity.sheet_passed")]
        lines += [say(f"opportunity.warn_{warning}") for warning in warnings.of(one)]
    if one.state is S.OPEN and one.cursor is not None:
        lines += ["", say("opportunity.sheet_matching")]
    if one.state is S.SCHEDULED and one.publish_at:
        lines += ["", say("opportunity.sheet_publish_at", moment=_moment(turn, one.publish_at))]
    if one.state in {S.CLOSED, S.WITHDRAWN}:
        why = one.why_closed or say("opportunity.why_deadline")
        lines += ["", say("opportunity.sheet_why", why=why)]
    return lines


def _values(turn: Turn, one: Opportunity) -> Mapping[str, Callable[[], Sentence | Moment | str]]:
    """What stands there, by field, in the order of the sheet."""
    district = turn.house.district
    shown: Mapping[str, Callable[[], Sentence | Moment | str]] = {
        "kind": lambda: kinds.name_of(one.kind),
        "title": lambda: one.title or EMPTY,
        "sought": lambda: cut(one.sought, LONGEST_SHOWN) or EMPTY,
        "products": lambda: kinds.products_name(one.products, district),
        "market": lambda: kinds.market_name(one.market, district),
        "needs": lambda: _joined(turn, one) if one.needs else NONE,
        "capacity": lambda: say("opportunity.a_month", number=Number(one.capacity)) if one.capacity else NONE,
        "is_strict": lambda: say("opportunity.strict") if one.is_strict else say("opportunity.may_follow"),
        "kecamatan": lambda: ", ".join(one.kecamatan or ()) or ALL,
        "place": lambda: one.place or EMPTY,
        "deadline": lambda: _moment(turn, one.deadline) if one.deadline else EMPTY,
        "source": lambda: one.source or EMPTY,
        "link": lambda: one.link or EMPTY,
        "file": lambda: say("manage.is_there") if one.file else EMPTY,
        "is_urgent": lambda: yes_no(is_so=one.is_urgent),
    }
    return {name: shown[name] for name in composing.FIELDS}


def _joined(turn: Turn, one: Opportunity) -> str:
    return ", ".join(needs.name_of(need).in_language(turn.person.language) for need in one.needs)


def _moment(turn: Turn, at: datetime) -> Moment:
    return Moment(at, turn.house.district.timezone, turn.now)


# Buttons.


def under(one: Opportunity, *, may_act: bool) -> Buttons:
    """What may be done with it as it stands; who only reads sees, and changes nothing."""
    id, back = one.id, [Button(say("button.back"), "opp_desk", 0)]
    who = [] if one.state in states.COMPOSED else [[Button(say("button.interested"), "opp_who", f"{id}.0")]]
    if not may_act:
        return [*who, back]
    withdraw = Button(say("button.opportunity_withdraw"), "opp_withdraw", id)
    if one.state in states.COMPOSED:
        check = [Button(say("button.opportunity_check"), "opp_check", id)]
        reopen = [Button(say("button.opportunity_reopen"), "opp_reopen", id)] if one.state is S.SCHEDULED else []
        drop = Button(say("button.broadcast_drop"), "opp_drop", id)
        return [check, *fields_of(one), [*reopen, drop], back]
    if one.state is S.OPEN:
        change = Button(say("button.change_fields"), "opp_fields", id)
        again = Button(say("button.opportunity_refresh"), "opp_sheet", id)
        close = Button(say("button.opportunity_close"), "opp_close", id)
        return [*who, [change, again], [close, withdraw], back]
    return [*who, [withdraw], back] if one.state is S.CLOSED else [*who, back]


def fields_of(one: Opportunity) -> list[list[Button]]:
    """A button for each field, three in a row; one whose name is long has a row of its own."""
    short = [_field(one, name) for name in composing.FIELDS if name != "file"]
    return [*in_rows(short, 3), [_field(one, "file")]]


def _field(one: Opportunity, name: str) -> Button:
    label = composing.field_name(name)
    if name in SWITCHED:  # says what it will be, so that two who tap do not undo each other
        return Button(label, "opp_set", f"{one.id}.{name}.{int(not getattr(one, name))}")
    if name in SEVERAL:
        return Button(label, "opp_several", f"{one.id}.{name}.0")
    return Button(label, "opp_field", f"{one.id}.{name}")


def back_to(one: Opportunity) -> list[Button]:
    """The row that leads back to its sheet."""
    return [Button(say("button.back"), "opp_sheet", one.id)]


# Doors.


async def reads(context: Context) -> Opportunity:
    """The one that a button names, to be looked at. Raises NotForYou."""
    return await composing.access(context.turn.session, context.turn.person, number_in(context), reads=True)


async def acts(context: Context) -> Opportunity:
    """The one that a button names, locked. Raises NotForYou; who taps on does not want to type any more."""
    one = await composing.access(context.turn.session, context.turn.person, number_in(context))
    await steps.leave(context.turn, "opportunity.")
    return one


async def changes(context: Context) -> Opportunity:
    """Likewise one whose fields can be changed still. Raises WrongState."""
    one = await acts(context)
    unless_over(one)
    return one


def stands_now(state: OpportunityState) -> Sentence:
    """Where it stands now: somebody was first, or they tapped twice."""
    return say("opportunity.stands_now", state=state_name(state))


Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]


def shows_standing(handler: Handler) -> Handler:
    """*handler* of a button; where somebody was first, the message that was tapped shows how it stands now."""

    @wraps(handler)
    async def tapped(update: Update, context: Context) -> None:
        try:
            await handler(update, context)
        except WrongState as refusal:
            one = await reads(context)
            await context.turn.answer_tap()
            await show(context.turn, one, stands_now(refusal.state))

    return tapped


def unless_over(one: Opportunity) -> None:
    """Raises WrongState for one that is closed or taken back."""
    if one.state not in (*states.COMPOSED, S.OPEN):
        raise WrongState(one.state, [back_to(one)])


async def still(turn: Turn, state: steps.State) -> Opportunity | None:
    """The one that a step is about, locked; None where it is over by now, which is said, and the step with it.

    Raises NotForYou.
    """
    one = await composing.access(turn.session, turn.person, state["opportunity"])
    if one.state in (*states.COMPOSED, S.OPEN):
        return one
    await steps.end(turn)
    await turn.reply(WrongState(one.state).sentence, [back_to(one)])
    return None


def way_out(state: steps.State) -> Buttons:
    """To the sheet that a step is about, or to the list where there is none yet."""
    number = state.get("opportunity")
    return [[Button(say("button.back"), *(("opp_sheet", number) if number else ("opp_desk", 0)))]]


def stamp(one: Opportunity) -> str:
    """Eight letters that change with whatever it says: a question answered is about just that."""
    told: Sequence[object] = [getattr(one, name) for name in composing.FIELDS]
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:8]


steps.WAYS_OUT["opportunity."] = way_out
