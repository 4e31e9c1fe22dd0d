"""What comes of an interest: officers say how far each has come, they hear it once, and tell of orders later."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from db.models import (
    AuditEntry,
    Interest,
    InterestAnswer,
    Occurrence,
    Opportunity,
    OpportunityState,
    Person,
    Profile,
    Standing,
)
from db.session import Session
from db.upsert import insert_new
from domain import audit, post
from domain.audit import Actor
from domain.district import District
from domain.errors import NotForYou, StaleButton
from domain.opportunities import asleep, composing, interested, news
from domain.opportunities.asleep import Nights
from domain.opportunities.interested import Interested
from domain.opportunities.refusals import (
    AgreedMeanwhile,
    BadOpportunity,
    HasLeft,
    MayNotShare,
    StandsOtherwise,
    WrongState,
)
from messages import Button, Buttons, Number, say

BANDS = ("none", "under_1", "to_10", "to_50", "over_50", "unsaid")
"""Orders in rupiah: none yet, below a million, up to ten, up to fifty, above; and who would rather not say."""

LONGEST_REASON = 300
"""Characters."""

LISTED = "interest.listed"
"""The deed of who asked for the list."""

A_MOMENT = timedelta(minutes=1)

S = Standing

SHARED = frozenset({S.PASSED_ON, S.CHOSEN})
"""Who stands there is contacted by others, so that they must have agreed to it."""


@dataclass(frozen=True)
class Moved:
    """What became of one deed."""

    one: Interested
    is_new: bool = True
    """False: they stood so before, and hear nothing."""
    told_at: datetime | None = None
    """When they hear it: at once, or once their quiet hours are over. None: they cannot be reached."""


@dataclass(frozen=True)
class PassedOn:
    """What became of passing on all that are new."""

    passed: int
    untold: int
    """Of them, who cannot be reached."""
    later: int
    """Of them, who hear it once their quiet hours are over."""
    kept: int
    """New ones who have not agreed that their number goes on, so that they stay."""


# Doors.


async def access(
    session: Session, officer: Person, interest_id: int, *, reads: bool = False
) -> tuple[Opportunity, Interested]:
    """Somebody's interest, for an officer of the opportunity's office; locked, unless *reads*.

    Raises NotForYou, and HasLeft for who is not interested any more, or is erased.
    """
    row = await session.get(Interest, interest_id)
    if row is None:
        raise NotForYou
    # The opportunity first, as everybody locks them.
    opportunity = await composing.access(session, officer, row.opportunity_id, reads=reads)
    theirs = interested.select_all().where(Interest.id == interest_id)
    if not reads:
        theirs = theirs.with_for_update(of=Interest).execution_options(populate_existing=True)
    found = (await session.exec(theirs)).first()
    if found is None:
        person = await session.get_one(Person, row.person_id)
        name = Interested(row, person, await session.get(Profile, row.person_id)).name
        raise HasLeft(row.opportunity_id, None if person.erased_at else name)
    return opportunity, Interested(*found)


def may_move(opportunity: Opportunity, before: Standing, to: Standing) -> bool:
    """Whether somebody who stands at *before* may be moved there; consent aside.

    Who read that they were chosen is never as new as if they had not.
    """
    if opportunity.state is OpportunityState.WITHDRAWN or before is to or (before, to) == (S.CHOSEN, S.NEW):
        return False
    return not news.is_back(before, to) or opportunity.state is OpportunityState.OPEN


def reason(typed: str) -> str:
    """Why, in an officer's words. Raises BadOpportunity for none, or too many."""
    words = " ".join(typed.split())
    if not any(letter.isalnum() for letter in words) or len(words) > LONGEST_REASON:
        raise BadOpportunity(say("interested.reason_needed", most=Number(LONGEST_REASON)))
    return words


# How far they have come.


async def move(
    session: Session,
    officer: Person,
    interest_id: int,
    to: Standing,
    why: str | None,
    district: District,
    now: datetime,
    *,
    was: Standing | None = None,
) -> Moved:
    """Let somebody stand there from now on, *why* in words where there is something to say; they hear it once.

    *was*: as the officer saw it. Raises NotForYou, HasLeft, StandsOtherwise where somebody moved them meanwhile,
    MayNotShare, and WrongState for what cannot be taken back any more.
    """
    opportunity, one = await access(session, officer, interest_id)
    before = one.interest.standing
    if before is to and (why is None or why == one.interest.reason):
        return Moved(one, is_new=False)
    if was is not None and was is not before:
        raise StandsOtherwise(one.name, before)
    if before is not to and not may_move(opportunity, before, to):
        raise WrongState(opportunity.state)
    if to in SHARED and not one.interest.may_share:
        raise MayNotShare(one.name)
    nights = await asleep.nights(session, [one.person.id], district, now)
    return Moved(one, told_at=await _move(session, officer, opportunity, one, to, why, nights, district, now))


async def pass_on_new(
    session: Session, officer: Person, opportunity_id: int, district: District, now: datetime
) -> PassedOn:
    """Pass on all that are new and agreed to it. Raises NotForYou, and WrongState for one that was withdrawn."""
    opportunity = await composing.access(session, officer, opportunity_id)
    if opportunity.state is OpportunityState.WITHDRAWN:
        raise WrongState(opportunity.state)
    new = interested.select_all().where(Interest.opportunity_id == opportunity_id, Interest.standing == S.NEW)
    new = new.order_by(col(Interest.id)).with_for_update(of=Interest).execution_options(populate_existing=True)
    everybody = [Interested(*row) for row in (await session.exec(new)).all()]
    going = [one for one in everybody if one.interest.may_share]
    nights = await asleep.nights(session, [one.person.id for one in going], district, now)
    times = [
        await _move(session, officer, opportunity, one, S.PASSED_ON, None, nights, district, now, is_bulk=True)
        for one in going
    ]
    later = sum(at is not None and at > now for at in times)
    return PassedOn(len(going), times.count(None), later, len(everybody) - len(going))


async def _move(
    session: Session,
    officer: Person,
    opportunity: Opportunity,
    one: Interested,
    to: Standing,
    why: str | None,
    nights: Nights,
    district: District,
    now: datetime,
    *,
    is_bulk: bool = False,
) -> datetime | None:
    before, row = one.interest.standing, one.interest
    row.standing, row.reason, row.standing_at, row.left_as = to, why, now, None
    # The reason stands in the row, and goes with the person: the audit never forgets.
    change = ({"standing": before.value}, {"standing": to.value, "opportunity": opportunity.id})
    by = composing.actor(officer)
    await audit.record(session, now, by, f"interest.{to.value}", f"person:{one.person.id}", *change)
    return await news.tell_moved(session, opportunity, one, before, nights, district, now, is_bulk=is_bulk)


# Consent.


async def ask_consent(session: Session, officer: Person, interest_id: int, now: datetime) -> tuple[Interested, bool]:
    """Ask somebody whether their name and number may go on, once for each time they say that they are interested.

    Who it is, and whether they are asked now. Raises NotForYou, HasLeft, AgreedMeanwhile, and WrongState for an
    opportunity that was withdrawn.
    """
    opportunity, one = await access(session, officer, interest_id)
    if opportunity.state is OpportunityState.WITHDRAWN:
        raise WrongState(opportunity.state)
    if one.interest.may_share:
        raise AgreedMeanwhile(one.name)
    row = {"what": f"opp_consent:{interest_id}", "at": one.interest.answered_at, "done_at": now}
    if not one.hears or not await insert_new(session, Occurrence.__table__, [row], unique=["what", "at"]):  # type: ignore[attr-defined]  # SQLModel adds it
        return one, False
    await audit.record(session, now, composing.actor(officer), "interest.consent_asked", f"person:{one.person.id}")
    sentence = say("interest.ask_consent", title=opportunity.title, source=opportunity.source)
    await post.owe(session, one.person, sentence, [interested.may(opportunity), *interested.ways(opportunity)])
    return one, True


# The list of them.


async def note_list(session: Session, officer: Person, opportunity: Opportunity, now: datetime) -> bool:
    """Write down that the officer asked for the list; False where they did so a moment ago, and it is on its way."""
    subject = f"opportunity:{opportunity.id}"
    theirs = select(AuditEntry.id).where(AuditEntry.deed == LISTED, AuditEntry.subject == subject)
    recent = theirs.where(AuditEntry.actor_id == officer.id, col(AuditEntry.at) > now - A_MOMENT)
    if (await session.exec(recent.limit(1))).first() is not None:
        return False
    await audit.record(session, now, composing.actor(officer), LISTED, subject)
    return True


# Orders.


def ask_orders(row: Interest) -> Buttons:
    """What may be said of orders, a button each."""
    bands = [Button(say(f"button.orders_{band}"), "opp_order", f"{row.id}.{band}") for band in BANDS]
    return [bands[:1], bands[1:3], bands[3:5], bands[5:]]


async def orders_of(session: Session, person: Person, interest_id: int) -> tuple[Interest, Opportunity]:
    """Their own interest, locked, of whose orders they may tell.

    Raises StaleButton for another's, for one they took back, and for one that was never passed on.
    """
    row = await session.get(Interest, interest_id, with_for_update=True, populate_existing=True)
    if row is None or row.person_id != person.id or row.answer is not InterestAnswer.INTERESTED:
        raise StaleButton
    if row.asked_at is None and row.standing not in {S.PASSED_ON, S.CHOSEN}:
        raise StaleButton
    return row, await session.get_one(Opportunity, row.opportunity_id)


async def tell_orders(
    session: Session, person: Person, interest_id: int, band: str, now: datetime
) -> tuple[Interest, Opportunity]:
    """What came of it, by a key of BANDS; said again it is what they say now. Raises StaleButton."""
    row, opportunity = await orders_of(session, person, interest_id)
    if band not in BANDS:
        raise StaleButton
    if row.orders != band:
        row.orders, row.orders_at = band, now
        by = Actor("person", person.id, "private")
        await audit.record(session, now, by, "interest.orders_told", f"opportunity:{opportunity.id}")
    return row, opportunity
