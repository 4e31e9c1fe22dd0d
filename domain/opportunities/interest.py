"""What somebody says to an opportunity: interested, not for me and why, or not any more; and may their number go on."""

from datetime import datetime

from sqlmodel import select

from db.models import Interest, InterestAnswer, Opportunity, Person, Profile, Standing
from db.session import Session
from db.upsert import insert_new
from domain import audit, post, staff
from domain.audit import Actor
from domain.opportunities import amending, states, telling
from domain.opportunities.refusals import NotInterested, Over
from domain.post import Note
from messages import Button, say

WHYS = ("product", "capacity", "price", "papers", "distance", "time", "other")
"""Why something does not suit somebody, each with its name in the catalogue."""

A = InterestAnswer

FAR = (Standing.PASSED_ON, Standing.CHOSEN)
"""Where somebody counts on them."""


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


async def withdraw(session: Session, person: Person, opportunity: Opportunity, now: datetime) -> bool:
    """They are not interested any more: officers see them no longer, and hear of it where they counted on them.

    False for who took it back before. Raises NotInterested for who never was.
    """
    theirs = await of(session, person, opportunity.id, lock=True)
    if theirs is not None and theirs.answer is A.WITHDRAWN:
        return False
    if theirs is None or theirs.answer is not A.INTERESTED:
        raise NotInterested(opportunity.id)
    await _leave(session, person, opportunity, theirs)
    theirs.answer, theirs.answered_at, theirs.may_share = A.WITHDRAWN, now, None
    await _record(session, person, opportunity, "interest.withdrawn", now)
    return True


def is_far(theirs: Interest | None) -> bool:
    """Whether somebody counts on them: they are interested, and were passed on or chosen."""
    return theirs is not None and theirs.answer is A.INTERESTED and theirs.standing in FAR


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
        raise NotInterested(opportunity_id)
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
            if theirs.answer is A.INTERESTED:
                await _leave(session, person, opportunity, theirs)
            theirs.answer, theirs.answered_at, theirs.may_share = answer, now, None
            if answer is A.INTERESTED:
                await _begin_anew(session, person, opportunity, theirs)
        theirs.why = why
    await amending.seen(session, person, opportunity.id, now)
    await _record(session, person, opportunity, f"interest.{answer.value}", now)
    return True


async def _begin_anew(session: Session, person: Person, opportunity: Opportunity, theirs: Interest) -> None:
    """What was passed on was what they took back; whoever passed it on must know."""
    was, theirs.standing, theirs.reason, theirs.standing_at = theirs.standing, Standing.NEW, None, None
    if was in FAR:
        one = [Button(say("button.interested_one"), "opp_interest", theirs.id)]
        await _tell_office(session, person, opportunity, "interested.came_back", was, one)


async def _leave(session: Session, person: Person, opportunity: Opportunity, theirs: Interest) -> None:
    """Nothing waits to be told to them any more; who counts on them must know."""
    theirs.news = theirs.news_at = None
    if is_far(theirs):
        theirs.left_as = theirs.standing
        everybody = [Button(say("button.interested"), "opp_who", f"{opportunity.id}.0")]
        await _tell_office(session, person, opportunity, "interested.left", theirs.standing, everybody)


async def _tell_office(
    session: Session, person: Person, opportunity: Opportunity, key: str, standing: Standing, way: list[Button]
) -> None:
    profile = await session.get(Profile, person.id)
    name = (profile.name if profile else None) or person.name
    stood = say(f"interest.standing_{standing.value}")
    sentence = say(key, name=name, title=opportunity.title, standing=stood)
    for officer in await staff.officers_of(session, opportunity.office):
        await post.owe(session, officer, sentence, [way], Note(about=person.id))


async def _record(session: Session, person: Person, opportunity: Opportunity, deed: str, now: datetime) -> None:
    await session.flush()
    await audit.record(session, now, Actor("person", person.id, "private"), deed, f"opportunity:{opportunity.id}")


def button(opportunity: Opportunity) -> Button:
    """Leads to its card."""
    return Button(say("button.opportunity_see"), "opp", opportunity.id)
