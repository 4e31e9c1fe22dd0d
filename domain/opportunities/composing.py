"""The officers' deeds: make a draft, change it, publish it now or later, close it, take it back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import case, col, select

from db.models import Officer, Opportunity, OpportunityKind, OpportunityState, Person, Role
from db.session import Session, note_new
from domain import audit, dates, post, staff
from domain.audit import SYSTEM, Actor
from domain.district import District
from domain.errors import NotForYou
from domain.opportunities import amending, kinds, needs, news, notices, own, states, telling
from domain.opportunities.marks import STEPS
from domain.opportunities.refusals import BadOpportunity, NotComplete, PastDeadline, WrongState
from domain.opportunities.states import COMPOSED
from messages import Button, Date, Moment, Number, Sentence, say

LONGEST_TITLE, LONGEST_SOUGHT, LONGEST_PLACE, LONGEST_SOURCE, LONGEST_WHY = 80, 1_200, 120, 120, 200
"""Characters."""

MOST_CAPACITY = 10_000_000

FIELDS = (
    "kind",
    "title",
    "sought",
    "products",
    "market",
    "needs",
    "capacity",
    "is_strict",
    "kecamatan",
    "place",
    "deadline",
    "source",
    "link",
    "file",
    "is_urgent",
)
"""What an officer sets, in the order of the sheet."""

MATCHED_BY = frozenset({"kind", "products", "market", "needs", "capacity", "is_strict", "kecamatan"})
"""Fields whose change means that it is for others too."""

TOLD = ("deadline", "place", "needs", "capacity", "is_strict")
"""Fields whose change those hear of who are interested (`news.tell_changed`); the last, where anything is asked for."""

GUESSED = ("kind", "market", "products")
"""Fields that always say something: where a post says nothing of them, what stands there is a guess."""

UNSURE = "?"
"""Behind a field's name in `Opportunity.read`: it was not read, and nobody has said yet that the guess is right."""

_LONGEST = {"title": LONGEST_TITLE, "sought": LONGEST_SOUGHT, "place": LONGEST_PLACE, "source": LONGEST_SOURCE}

S = OpportunityState
IN_ORDER = (S.DRAFT, S.SCHEDULED, S.OPEN, S.CLOSED, S.WITHDRAWN)
MOST_OVER = 24
"""So many of those that are over stand in the list."""


# Doors.


async def access(session: Session, person: Person, opportunity_id: int, *, reads: bool = False) -> Opportunity:
    """The opportunity, locked, for an officer of its office. *reads*: nothing is changed, so a reader may too.

    Raises NotForYou for anybody else, and for one there is not.
    """
    one = await session.get(Opportunity, opportunity_id)
    if one is None or one.state is S.DROPPED:
        raise NotForYou
    await staff.access(session, person, office=one.office, reads=reads)
    return one if reads else await states.lock(session, opportunity_id) or one


async def access_draft(session: Session, person: Person, opportunity_id: int) -> Opportunity:
    """Likewise one that is not published yet. Raises WrongState for one that is."""
    one = await access(session, person, opportunity_id)
    if one.state not in COMPOSED:
        raise WrongState(one.state)
    return one


def may_act(officer: Officer | None, opportunity: Opportunity) -> bool:
    """Whether buttons that change it are for them; the deeds themselves decide again."""
    return officer is not None and officer.role is not Role.READER and staff.serves(officer, opportunity.office)


def actor(person: Person) -> Actor:
    """An officer in their private chat, for the audit."""
    return Actor("officer", person.id, "private")


async def of_offices(session: Session, offices: Sequence[str]) -> list[Opportunity]:
    """What these offices compose and have open, and what ended last."""
    theirs = select(Opportunity).where(col(Opportunity.office).in_(offices), Opportunity.state != S.DROPPED)
    place = case(*((col(Opportunity.state) == state, place) for place, state in enumerate(IN_ORDER)), else_=99)
    is_over = col(Opportunity.state).in_([S.CLOSED, S.WITHDRAWN])
    standing = theirs.where(~is_over).order_by(
        place, col(Opportunity.deadline).is_(None), col(Opportunity.deadline), col(Opportunity.id).desc()
    )
    over = theirs.where(is_over).order_by(col(Opportunity.closed_at).desc(), col(Opportunity.id).desc())
    return [*(await session.exec(standing)).all(), *(await session.exec(over.limit(MOST_OVER))).all()]


# Making and changing.


async def make(
    session: Session,
    office: str,
    values: Mapping[str, Any],
    by: Actor,
    district: District,
    now: datetime,
    *,
    read: Sequence[str] = (),
    is_invented: bool = False,
) -> Opportunity:
    """A draft with *values*, by field; those in *read* were read out of a post, and those of GUESSED that were not are
    marked as such where anything was. Raises BadOpportunity.
    """
    given = {"kind": OpportunityKind.BUYER, "title": "", **_clean(values)}
    check(given, district, now)
    one = Opportunity(
        office=office,
        author_id=by.person_id,
        read=[*read, *(f"{name}{UNSURE}" for name in GUESSED if read and name not in read)],
        made_at=now,
        changed_at=now,
        is_invented=is_invented,
        **given,
    )
    session.add(one)
    await session.flush()
    await audit.record(session, now, by, "opportunity.made", f"opportunity:{one.id}", None, {"title": one.title})
    return one


async def change(
    session: Session, opportunity: Opportunity, values: Mapping[str, Any], by: Actor, district: District, now: datetime
) -> list[str]:
    """Set *values*, by field, of a locked opportunity; returns the fields that are others now. Raises BadOpportunity.

    What people were told is edited, whom it fits now hears of it, and who is interested what of TOLD is other now.
    """
    if opportunity.state not in (*COMPOSED, S.OPEN):
        raise WrongState(opportunity.state)
    values = _clean(values)
    check(values, district, now)
    _unless_before_publishing(opportunity, values, district, now)
    before = {name: getattr(opportunity, name) for name, value in values.items() if getattr(opportunity, name) != value}
    changed = list(before)
    for name in changed:
        setattr(opportunity, name, values[name])
    opportunity.read = [name for name in opportunity.read if name.removesuffix(UNSURE) not in values]
    if changed and opportunity.state is S.OPEN:
        unless_complete(opportunity)
        opportunity.version += 1
        # Who was skipped because its deadline had passed hears of it after all.
        if {*MATCHED_BY, "deadline"} & set(changed):
            opportunity.cursor = 0
        await session.flush()
        await amending.outdate(session, opportunity, now)
        told = {name: before[name] for name in told_of(opportunity, changed)}
        await news.tell_changed(session, opportunity, told, district, now)
        if "is_urgent" in changed and opportunity.is_urgent:
            notices.sweep(session, opportunity)
    if changed:
        opportunity.changed_at = now
        subject = f"opportunity:{opportunity.id}"
        await audit.record(session, now, by, "opportunity.changed", subject, None, {"changed": changed})
    await session.flush()
    return changed


def told_of(opportunity: Opportunity, changed: Sequence[str]) -> list[str]:
    """Of the fields that *changed* those of which who is interested hears."""
    says_how_strict = bool(needs.asked_by(opportunity))
    return [name for name in changed if name in TOLD and (name != "is_strict" or says_how_strict)]


def _unless_before_publishing(
    opportunity: Opportunity, values: Mapping[str, Any], district: District, now: datetime
) -> None:
    """Raises BadOpportunity for a deadline by which it would not be out yet."""
    at, deadline = opportunity.publish_at, values.get("deadline")
    if opportunity.state is S.SCHEDULED and at is not None and deadline is not None and deadline <= at:
        moment = Moment(at, district.timezone, now)
        raise BadOpportunity(say("opportunity.deadline_before_publish", moment=moment))


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    # None chosen is no choice: for nobody at all it would be published in vain.
    return {name: None if name in {"products", "kecamatan"} and not value else value for name, value in values.items()}


def check(values: Mapping[str, Any], district: District, now: datetime) -> None:
    """Raises BadOpportunity for a value that cannot be."""
    for name, longest in _LONGEST.items():
        if len(values.get(name) or "") > longest:
            raise BadOpportunity(say("opportunity.too_long", most=Number(longest), length=Number(len(values[name]))))
    deadline, link, capacity = values.get("deadline"), values.get("link"), values.get("capacity")
    if deadline is not None and deadline <= now:
        example = dates.example(now.astimezone(ZoneInfo(district.timezone)))
        raise BadOpportunity(say("opportunity.deadline_past", day=Date(str(example))))
    if link is not None and link.lower().startswith("http://"):
        raise BadOpportunity(say("opportunity.link_unsafe"))
    if link is not None and len(link) > telling.LONGEST_LINK:
        blanks = {"most": Number(telling.LONGEST_LINK), "length": Number(len(link))}
        raise BadOpportunity(say("opportunity.link_too_long", **blanks))
    if link is not None and not telling.is_link(link):
        raise BadOpportunity(say("opportunity.bad_link", link=link[:100]))
    if capacity is not None and not 1 <= capacity <= MOST_CAPACITY:
        raise BadOpportunity(say("opportunity.bad_capacity", most=Number(MOST_CAPACITY)))
    known: tuple[tuple[str, Sequence[str], Any], ...] = (
        ("products", values.get("products") or (), district.sectors),
        ("kecamatan", values.get("kecamatan") or (), district.kecamatan),
        ("needs", values.get("needs") or (), needs.PAPERS),
        ("market", [values["market"]] if "market" in values else (), kinds.markets_of(district)),
    )
    for name, given, there_are in known:
        if unknown := [one for one in given if one not in there_are]:
            raise BadOpportunity(say("opportunity.unknown_value", field=field_name(name), value=unknown[0][:40]))


def field_name(name: str) -> Sentence:
    """How a field is called."""
    return say(f"opportunity.field_{name}")


def missing(opportunity: Opportunity) -> list[str]:
    """Fields without which it cannot be published."""
    return [name for name in ("title", "sought", "deadline", "source") if not getattr(opportunity, name)]


def is_guess(opportunity: Opportunity, name: str) -> bool:
    """Whether a field says what no post and no officer said."""
    return f"{name}{UNSURE}" in opportunity.read


def unless_complete(opportunity: Opportunity) -> None:
    """Raises NotComplete."""
    if names := missing(opportunity):
        raise NotComplete(tuple(say("opportunity.missing_line", field=field_name(name)) for name in names))


def is_past(opportunity: Opportunity, now: datetime) -> bool:
    """Whether nobody could take it any more."""
    return opportunity.deadline is not None and opportunity.deadline <= now


def unless_past(opportunity: Opportunity, now: datetime) -> None:
    """Raises PastDeadline."""
    if is_past(opportunity, now):
        raise PastDeadline(opportunity.id)


# Publishing and ending.


async def publish(session: Session, opportunity: Opportunity, by: Actor, now: datetime) -> None:
    """Let people know of it from now on. Raises NotComplete, WrongState, PastDeadline, and BadOpportunity
    for products that nobody has named.
    """
    _unless_ready(opportunity, now)
    states.move(opportunity, S.OPEN, now)
    opportunity.published_at, opportunity.publish_at, opportunity.cursor, opportunity.read = now, None, 0, []
    await audit.record(session, now, by, "opportunity.published", f"opportunity:{opportunity.id}")
    note_new(session, STEPS)
    await session.flush()


def _unless_ready(opportunity: Opportunity, now: datetime) -> None:
    if opportunity.state not in COMPOSED:
        raise WrongState(opportunity.state)
    unless_complete(opportunity)
    if is_guess(opportunity, "products"):
        raise BadOpportunity(say("opportunity.products_unsure"))
    unless_past(opportunity, now)


async def schedule(session: Session, opportunity: Opportunity, at: datetime, by: Actor, now: datetime) -> None:
    """Publish it *at* that time, by itself. Raises as `publish`, and BadOpportunity for a time that is past or after
    the deadline.
    """
    _unless_ready(opportunity, now)
    if at <= now:
        raise BadOpportunity(say("opportunity.publish_past"))
    if opportunity.deadline is not None and at >= opportunity.deadline:
        raise BadOpportunity(say("opportunity.publish_after_deadline"))
    if opportunity.state is S.DRAFT:
        states.move(opportunity, S.SCHEDULED, now)
    opportunity.publish_at, opportunity.read = at, []
    after = {"publish_at": at.isoformat()}
    await audit.record(session, now, by, "opportunity.scheduled", f"opportunity:{opportunity.id}", None, after)
    await session.flush()


async def reopen(session: Session, opportunity: Opportunity, by: Actor, now: datetime) -> None:
    """Back to a draft: it is not published by itself any more. Raises WrongState."""
    states.move(opportunity, S.DRAFT, now)
    opportunity.publish_at = None
    await audit.record(session, now, by, "opportunity.reopened", f"opportunity:{opportunity.id}")
    await session.flush()


async def miss(session: Session, opportunity: Opportunity, now: datetime) -> None:
    """Its time came, and it could not go out: a draft again, of which its office hears."""
    states.move(opportunity, S.DRAFT, now)
    opportunity.publish_at = None
    await audit.record(session, now, SYSTEM, "opportunity.missed", f"opportunity:{opportunity.id}")
    sheet = [Button(say("button.opportunity_open"), "opp_sheet", opportunity.id)]
    for officer in await staff.officers_of(session, opportunity.office):
        await post.owe(session, officer, say("opportunity.not_published", title=opportunity.title), [sheet])
    await session.flush()


async def drop(session: Session, opportunity: Opportunity, by: Actor, now: datetime) -> None:
    """Throw a draft away. Raises WrongState."""
    states.move(opportunity, S.DROPPED, now)
    await audit.record(session, now, by, "opportunity.dropped", f"opportunity:{opportunity.id}")
    await session.flush()


async def close(session: Session, opportunity: Opportunity, why: str | None, by: Actor, now: datetime) -> None:
    """It can be taken no more; those who are interested hear of it. *why*: an officer's words; None: its deadline has
    passed. Raises WrongState, BadOpportunity.
    """
    await _end(session, opportunity, S.CLOSED, why, by, now)


async def withdraw(session: Session, opportunity: Opportunity, why: str, by: Actor, now: datetime) -> None:
    """Take it back: whoever was told reads so in that very message. Raises WrongState, BadOpportunity."""
    await _end(session, opportunity, S.WITHDRAWN, why, by, now)


async def _end(
    session: Session, opportunity: Opportunity, to: OpportunityState, why: str | None, by: Actor, now: datetime
) -> None:
    if why and len(why) > LONGEST_WHY:
        raise BadOpportunity(say("opportunity.too_long", most=Number(LONGEST_WHY), length=Number(len(why))))
    states.move(opportunity, to, now)
    opportunity.closed_at, opportunity.why_closed, opportunity.cursor = now, why, None
    opportunity.version += 1
    await audit.record(session, now, by, f"opportunity.{to.value}", f"opportunity:{opportunity.id}")
    await session.flush()
    # That it is over is what they hear.
    late = (own.REMINDER, own.NEWS) if to is S.WITHDRAWN else (own.REMINDER,)
    await own.call_back(session, opportunity, now, *late)
    # Nothing is edited because a day is over: the message names that day.
    if why is not None:
        await amending.outdate(session, opportunity, now)
    notices.sweep(session, opportunity)
    await session.flush()
