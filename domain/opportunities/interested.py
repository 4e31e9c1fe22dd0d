"""Who is interested in an opportunity, as officers see them, and when they are reminded of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import case, col, func, select

from db.models import Interest, InterestAnswer, Opportunity, OpportunityState, Person, Profile, Standing
from db.session import Session
from domain.district import District
from domain.opportunities import interest, needs
from messages import Button, Buttons, Sentence, say

DOCUMENT = "opportunity_interested"
"""How a row of the outbox names the list of them (XLSX), by the opportunity's id."""

ORDER = {Standing.NEW: 0, Standing.CHOSEN: 1, Standing.PASSED_ON: 2, Standing.NOT_CHOSEN: 3}

WAIT_AFTER_END = timedelta(days=14)
"""So long after an opportunity closed its new ones still wait for an officer."""

BEFORE, MORNING = 3, time(8)
"""Days before the deadline's, and when, they are reminded."""

OVER = "over"
"""In place of an interest's id: the reminder's evening has passed, and was looked back at."""

MISSED = "missed"
"""Likewise: it is written down that somebody was not reminded."""


@dataclass(frozen=True)
class Interested:
    """One of them."""

    interest: Interest
    person: Person
    profile: Profile | None

    @property
    def name(self) -> str:
        """As they gave it, else Telegram's."""
        return (self.profile.name if self.profile else None) or self.person.name

    @property
    def phone(self) -> str:
        """Of who agreed that it goes on; of the others, and of who gave none, nothing."""
        return (self.profile.phone if self.profile and self.interest.may_share else None) or ""

    @property
    def hears(self) -> bool:
        """Whether they can be told anything."""
        return self.person.is_reachable and self.person.erased_at is None


def select_all() -> Any:
    """Everybody who is interested in anything; not who is erased."""
    theirs = (
        select(Interest, Person, Profile)
        .join(Person, col(Person.id) == col(Interest.person_id))
        .outerjoin(Profile, col(Profile.person_id) == col(Interest.person_id))
    )
    return theirs.where(Interest.answer == InterestAnswer.INTERESTED, col(Person.erased_at).is_(None))


async def of(session: Session, opportunity_id: int) -> list[Interested]:
    """All of them: those nobody has dealt with first, then in the order in which they answered."""
    theirs = select_all().where(Interest.opportunity_id == opportunity_id)
    in_order = theirs.order_by(case(ORDER, value=col(Interest.standing)), col(Interest.answered_at), col(Interest.id))
    return [Interested(*row) for row in (await session.exec(in_order)).all()]


async def waiting(session: Session, offices: Sequence[str] | None, now: datetime) -> list[tuple[Opportunity, int]]:
    """Opportunities of these offices (None: of all) with how many nobody has dealt with yet, the one that ends first
    before; not of those withdrawn or long over.
    """
    S = OpportunityState  # noqa: N806 -- as everywhere else
    new = (
        select(Interest.opportunity_id, func.count().label("number"))
        .join(Person, col(Person.id) == col(Interest.person_id))
        .where(Interest.answer == InterestAnswer.INTERESTED, Interest.standing == Standing.NEW)
        .where(col(Person.erased_at).is_(None))
        .group_by(col(Interest.opportunity_id))
        .subquery()
    )
    going = (col(Opportunity.state) == S.OPEN) | (
        (col(Opportunity.state) == S.CLOSED) & (col(Opportunity.closed_at) > now - WAIT_AFTER_END)
    )
    theirs = select(Opportunity, new.c.number).join(new, new.c.opportunity_id == col(Opportunity.id)).where(going)
    if offices is not None:
        theirs = theirs.where(col(Opportunity.office).in_(offices))
    rows = (await session.exec(theirs.order_by(col(Opportunity.deadline), col(Opportunity.id)))).all()
    return [(one, int(number)) for one, number in rows]


def lacking(opportunity: Opportunity, profile: Profile | None) -> tuple[Sentence, ...]:
    """What it asks for and they said they lack, in words."""
    return needs.names_of(opportunity, needs.met(opportunity, profile).lacks)


def makes(profile: Profile | None, district: District) -> str:
    """Their products, else the sector they make them in; "" where they told neither."""
    if profile is None:
        return ""
    return ", ".join(profile.products or ()) or district.sectors.get(profile.sector or "", "")


def ways(opportunity: Opportunity) -> Buttons:
    """Under what they are told: its card, and a person."""
    return [[interest.button(opportunity)], [Button(say("button.opportunity_ask"), "opp_ask", opportunity.id)]]


def may(opportunity: Opportunity) -> list[Button]:
    """Leads to what would be passed on of them, and to their yes or no."""
    return [Button(say("button.may_pass_on"), "opp_may", opportunity.id)]


# The reminder before its deadline.


def reminded_at(opportunity: Opportunity, district: District) -> datetime | None:
    """When they are reminded of its deadline; None where it has none."""
    if opportunity.deadline is None:
        return None
    zone = ZoneInfo(district.timezone)
    day = opportunity.deadline.astimezone(zone).date() - timedelta(days=BEFORE)
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


def occurrence_of(opportunity_id: int, whose: str | int) -> str:
    """Names the occurrence of one reminder, by the interest's id, or OVER, or MISSED."""
    return f"opp_remind:{opportunity_id}:{whose}"
