"""What somebody says to an opportunity: interested, not for me and why, or not any more; and may their number go on."""

from datetime import datetime

from sqlmodel import select

from db.models import Interest, InterestAnswer, Opportunity, Person, Standing
from db.session import Session
from db.upsert import insert_new
from domain import audit
from domain.audit import Actor
from domain.opportunities import notices, states, telling
from domain.opportunities.refusals import NotInterested, Over
from messages import Button, say

WHYS = ("product", "capacity", "price", "papers", "distance", "time", "other")
"""Why something does not suit somebody, each with its name in the catalogue."""

A = InterestAnswer


async def of(session: Session, person: Person, opportunity_id: int, *, lock: bool = False) -> Interest | None:
    """What *person* said to it; None for nothing yet."""
    theirs = select(Interest).where(Interest.opportunity_id == opportunity_id, Interest.person_id == person.id)
    return (await session.exec(theirs.with_for_update() if lock else theirs)).first()


async def express(session: Session, person: Person, opportunity: Opportunity, now: datetime) -> bool:
    """They are interested; False when they had said so before. Raises Over."""
    await _unless_open(session, opportunity, now)
    return await _answer(session, person, opportunity, A.INTERESTED, now)


async def decline(
    session: Session, person: Person, opportunity: Opportunity, now: datetime, why: str | None = None
) -> bool:
    """It does not suit them, *why* by a key of WHYS; False when they had said just that, and where they said why before
    and do not now. Raises Over, and KeyError.
    """
    if why is not None and why not in WHYS:
        raise KeyError(why)
    await _unless_open(session, opportunity, now)
    return await _answer(session, person, opportunity, A.DECLINED, now, why)


async def withdraw(session: Session, person: Person, opportunity: Opportunity, now: datetime) -> None:
    """They are not interested any more: officers see them no longer. Raises NotInterested for who was not."""
    theirs = await interested(session, person, opportunity.id)
    theirs.answer, theirs.answered_at, theirs.may_share = A.WITHDRAWN, now, None
    await _record(session, person, opportunity, "interest.withdrawn", now)


async def let_share(
    session: Session, person: Person, opportunity: Opportunity, now: datetime, *, may_share: bool
) -> None:
    """Whether their name, number and products may go to who seeks. Raises NotInterested for who is not."""
    theirs = await interested(session, person, opportunity.id)
    if theirs.may_share != may_share:
        theirs.may_share = may_share
        await _record(session, person, opportunity, "interest.shared" if may_share else "interest.kept", now)


async def interested(session: Session, person: Person, opportunity_id: int) -> Interest:
    """Their interest, locked. Raises NotInterested."""
    theirs = await of(session, person, opportunity_id, lock=True)
    if theirs is None or theirs.answer is not A.INTERESTED:
        raise NotInterested
    return theirs


async def _unless_open(session: Session, opportunity: Opportunity, now: datetime) -> None:
    # Locked, so that nobody is interested in what closes at the same moment without being told.
    locked = await states.lock(session, opportunity.id)
    if locked is None or locked.state not in states.SHOWN or not telling.is_open(locked, now):
        raise Over(telling.over(locked or opportunity), [[telling.ALL]])


async def _answer(
    session: Session,
    person: Person,
    opportunity: Opportunity,
    answer: InterestAnswer,
    now: datetime,
    why: str | None = None,
) -> bool:
    row = {
        "opportunity_id": opportunity.id,
        "person_id": person.id,
        "answer": answer,
        "why": why,
        "standing": Standing.NEW,
        "answered_at": now,
    }
    is_new = await insert_new(session, Interest.__table__, [row], unique=["opportunity_id", "person_id"])  # type: ignore[attr-defined]  # SQLModel adds it
    if not is_new:
        theirs = await of(session, person, opportunity.id, lock=True)
        # "Tidak cocok" tapped once more takes no reason back.
        if theirs is None or (theirs.answer is answer and why in {None, theirs.why}):
            return False
        if theirs.answer is not answer:
            theirs.answer, theirs.answered_at, theirs.may_share = answer, now, None
            # Whoever comes back begins anew: what was passed on was what they took back.
            theirs.standing, theirs.reason, theirs.standing_at = Standing.NEW, None, None
        theirs.why = why
    await notices.seen(session, person, opportunity.id)
    await _record(session, person, opportunity, f"interest.{answer.value}", now)
    return True


async def _record(session: Session, person: Person, opportunity: Opportunity, deed: str, now: datetime) -> None:
    await session.flush()
    await audit.record(session, now, Actor("person", person.id, "private"), deed, f"opportunity:{opportunity.id}")


def button(opportunity: Opportunity) -> Button:
    """Leads to its card."""
    return Button(say("button.opportunity_see"), "opp", opportunity.id)
