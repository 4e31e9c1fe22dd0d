"""An opportunity of Diskopum, and who is interested in it, as the chat would leave them there."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from db.models import Interest, InterestAnswer, Opportunity, OpportunityKind, OpportunityState, Person, Standing
from db.session import Session

TITLE = "Toko oleh-oleh cari pemasok"


async def put_interested(session: Session, now: datetime) -> dict[str, int]:
    """One that is open, with somebody new who agreed that their number goes on, and somebody who did not; our ids."""
    one = Opportunity(
        office="diskopum",
        kind=OpportunityKind.BUYER,
        title=TITLE,
        sought="Camilan kering.",
        source="Toko Contoh",
        deadline=now + timedelta(days=7),
        state=OpportunityState.OPEN,
        published_at=now,
        made_at=now,
        changed_at=now,
    )
    people = [Person(telegram_id=number, name="Warga", met_at=now, last_wrote_at=now) for number in (191, 192)]
    session.add_all([one, *people])
    await session.flush()
    agreed = await put_interest(session, people[0], now, may_share=True)
    silent = await put_interest(session, people[1], now)
    return {"pursued": one.id, "new_interest": agreed, "silent_interest": silent}


async def put_interest(session: Session, person: Person, now: datetime, **details: Any) -> int:
    """*person* is interested in it; our id of that."""
    opportunity_id = (await session.exec(select(Opportunity.id).where(Opportunity.title == TITLE))).one()
    said = {"opportunity_id": opportunity_id, "answer": InterestAnswer.INTERESTED, "answered_at": now}
    row = Interest(person_id=person.id, **said, **details)
    session.add(row)
    await session.flush()
    return row.id


async def put_passed_on(session: Session, person: Person, now: datetime) -> int:
    """Likewise one that was passed on."""
    details = {"may_share": True, "standing": Standing.PASSED_ON, "standing_at": now}
    return await put_interest(session, person, now, **details)
