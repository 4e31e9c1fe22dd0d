"""An opportunity of Diskopum, and who is interested in it, as the chat would leave them there."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from db.models import Interest, InterestAnswer, Opportunity, OpportunityKind, OpportunityState, Person, Standing
from db.session import Session
from domain.audit import TERMINAL
from domain.opportunities import composing, interest, states, wishes
from simulator import Person as Somebody
from tests.support.composing import taps
from tests.support.offices import Offices
from tests.support.opportunities import DISTRICT, interest_of, owner, person_of, told
from tests.support.training_office import does

TITLE = "Kafe cari kerupuk"


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


async def interested(
    offices: Offices, somebody: Somebody, opportunity_id: int, *, may_share: bool | None = True, **profile: Any
) -> int:
    """*somebody*, an entrepreneur with that profile, says in a running bot that they are interested; our id of that."""
    person_id = await owner(offices, somebody, **profile)
    async with offices.bot.database.transaction() as session:
        person, one = await session.get_one(Person, person_id), await session.get_one(Opportunity, opportunity_id)
        await interest.express(session, person, one, offices.now())
        if may_share is not None:
            await interest.let_share(session, person, one, offices.now(), may_share=may_share)
    return await interest_id(offices, somebody, opportunity_id)


async def interest_id(offices: Offices, somebody: Somebody, opportunity_id: int) -> int:
    person = await person_of(offices.bot, somebody)
    found = await interest_of(offices.bot, person.id, opportunity_id)
    assert found
    return found.id


async def row_of(offices: Offices, interest_id: int) -> Interest:
    return (await offices.bot.rows(select(Interest).where(Interest.id == interest_id)))[0]


async def opens(offices: Offices, opportunity_id: int, *deeds: str, who: Somebody | None = None) -> str:
    """An officer opens the list of who is interested, and goes on from there; what the newest message says then."""
    officer = who or offices.budi
    if not officer.texts():
        await does(offices, officer, ">/start")
    await taps(offices, f"opp_who:{opportunity_id}", officer)
    return await does(offices, officer, *deeds)


async def tick(offices: Offices) -> None:
    """What the leader does each minute, and what comes of it."""
    await offices.bot.app.tick()
    await told(offices)


async def change(offices: Offices, number: int, **values: Any) -> None:
    """An officer changes *values* of what is out."""
    async with offices.bot.database.transaction() as session:
        one = await states.lock(session, number)
        assert one
        await composing.change(session, one, values, TERMINAL, DISTRICT, offices.now())
    await offices.settled()


async def withdraw(offices: Offices, number: int) -> None:
    """Its office takes it back."""
    async with offices.bot.database.transaction() as session:
        one = await states.lock(session, number)
        assert one
        await composing.withdraw(session, one, "batal", TERMINAL, offices.now())
    await offices.settled()


async def sleeps(offices: Offices, somebody: Somebody, *hours: str) -> None:
    """They have set quiet hours of their own."""
    async with offices.bot.database.transaction() as session:
        person = await session.merge(await person_of(offices.bot, somebody))
        await wishes.choose_quiet(session, person, hours, offices.now())
