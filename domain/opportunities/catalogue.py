"""What is offered to somebody: what fits them first, then the rest."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from db.models import Interest, InterestAnswer, Opportunity, Person
from db.session import Session
from domain.errors import StaleButton
from domain.opportunities import notices, seekers
from domain.opportunities.matching import Table
from domain.opportunities.states import SHOWN


@dataclass(frozen=True)
class Offered:
    """An open opportunity, and how it stands with who looks."""

    opportunity: Opportunity
    fits: bool
    answer: InterestAnswer | None = None


async def offered_to(session: Session, person: Person, now: datetime) -> list[Offered]:
    """All that is open: what fits *person* first, what they said does not suit them last; within that what ends first.

    Who muted the topic sees what would fit them all the same: they came by themselves.
    """
    standing = await notices.open_ones(session, now)
    fitting = {one.id for one in Table(standing).fits(await seekers.seeker_of(session, person))}
    theirs = select(Interest).where(Interest.person_id == person.id)
    answers = {row.opportunity_id: row.answer for row in (await session.exec(theirs)).all()}
    found = [Offered(one, one.id in fitting, answers.get(one.id)) for one in standing]
    return sorted(found, key=lambda one: (one.answer is InterestAnswer.DECLINED, not one.fits))


async def one(session: Session, opportunity_id: int) -> Opportunity:
    """One that people may know of. Raises StaleButton for any other."""
    found = await session.get(Opportunity, opportunity_id)
    if found is None or found.state not in SHOWN:
        raise StaleButton
    return found


async def mine(session: Session, person: Person) -> list[tuple[Interest, Opportunity]]:
    """What *person* is interested in, the newest answer first."""
    theirs = select(Interest, Opportunity).join(Opportunity, col(Opportunity.id) == col(Interest.opportunity_id))
    theirs = theirs.where(Interest.person_id == person.id, Interest.answer == InterestAnswer.INTERESTED)
    return list((await session.exec(theirs.order_by(col(Interest.answered_at).desc(), col(Interest.id)))).all())
