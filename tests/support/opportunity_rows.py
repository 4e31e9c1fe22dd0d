"""Opportunities in a database where nothing runs: one that is open, one that was answered, one that is not out yet."""

from datetime import datetime, timedelta

from db.models import Interest, InterestAnswer, Opportunity, OpportunityKind, OpportunityState, Person
from db.session import Session


async def put_offered(session: Session, now: datetime) -> dict[str, int]:
    """Diskopum's, by what tests call them."""
    given = {"office": "diskopum", "kind": OpportunityKind.BUYER, "sought": "Camilan", "source": "Toko Contoh"}
    given |= {"needs": ["nib"], "capacity": 100, "deadline": now + timedelta(days=7), "made_at": now, "changed_at": now}
    states = {"open": OpportunityState.OPEN, "wanted": OpportunityState.OPEN, "unpublished": OpportunityState.DRAFT}
    made = {name: Opportunity(**given, title=name, state=state) for name, state in states.items()}
    session.add_all(made.values())
    await session.flush()
    return {name: one.id for name, one in made.items()}


async def put_interest(session: Session, person: Person, opportunity_id: int, now: datetime) -> None:
    """Let *person* be interested in it."""
    said = {"answer": InterestAnswer.INTERESTED, "answered_at": now}
    session.add(Interest(opportunity_id=opportunity_id, person_id=person.id, **said))
