"""The channels and groups in which offices announce: offered to an officer, bound by a tap, lost, renamed, moved."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import col, func, select, update

from db.models import Broadcast, Outlet, Person, Recipient, RecipientState
from db.session import Session
from db.upsert import insert_new
from domain import audit, post, staff
from domain.audit import SYSTEM, Actor
from domain.broadcasts.refusals import OutletOutOfReach, OutletTaken, StaffWorkHere
from domain.district import District
from domain.errors import StaleButton
from messages import Button, say

OFFERED = ""
"""The office of one that nobody uses: an officer was asked, or let it go."""

TITLE_LIMIT = 128

_OVER = (RecipientState.SENT, RecipientState.SKIPPED)


async def of(session: Session, offices: Sequence[str]) -> list[Outlet]:
    """Those of *offices* (keys), by title; out of reach or not."""
    theirs = select(Outlet).where(col(Outlet.office).in_([key for key in offices if key != OFFERED]))
    return list((await session.exec(theirs.order_by(func.lower(col(Outlet.title)), col(Outlet.chat_id)))).all())


async def office_of(session: Session, chat_id: int) -> str:
    """The key of the office that announces there now; OFFERED for no office."""
    outlet = await session.get(Outlet, chat_id)
    return outlet.office if outlet and _is_live(outlet) else OFFERED


async def offer(session: Session, person: Person, chat_id: int, title: str, now: datetime) -> bool:
    """Keep until they answer that *person* is asked whether a channel is to be one; False where it is one already."""
    outlet = await _new(session, person, chat_id, title, now, is_channel=True)
    if _is_live(outlet):
        return False
    outlet.office, outlet.title, outlet.bound_by, outlet.lost_at = OFFERED, title[:TITLE_LIMIT], person.id, None
    return True


async def restore(session: Session, person: Person, chat_id: int, now: datetime) -> Outlet | None:
    """One that was lost is one again, since an officer of its office lets the bot write there; None where none was."""
    outlet, officer = await _locked(session, chat_id), await staff.officer_of(session, person)
    if outlet is None or officer is None or outlet.office == OFFERED or outlet.lost_at is None:
        return None
    if not staff.serves(officer, outlet.office):
        return None
    outlet.lost_at, outlet.bound_by = None, person.id
    await _record(session, person, outlet, "outlet.bound", now, after={"office": outlet.office})
    return outlet


async def bind(
    session: Session, district: District, person: Person, office: str, chat_id: int, now: datetime
) -> Outlet:
    """Let *office* announce in what *person* was asked about.

    Raises NotForYou, StaleButton where they were not asked, OutletTaken, OutletOutOfReach and StaffWorkHere.
    """
    await _access(session, district, person, office)
    outlet = await _locked(session, chat_id)
    if outlet is None or outlet.bound_by != person.id:
        raise StaleButton
    await _bind(session, district, person, outlet, office, now)
    return outlet


async def bind_here(
    session: Session, district: District, person: Person, office: str, chat_id: int, title: str, now: datetime
) -> Outlet:
    """Let *office* announce in the group in which *person* taps. Raises NotForYou, OutletTaken and StaffWorkHere."""
    await _access(session, district, person, office)
    outlet = await _new(session, person, chat_id, title, now, is_channel=False)
    outlet.title = title[:TITLE_LIMIT]
    if outlet.lost_at is not None:  # the tap shows that the bot is there
        outlet.office, outlet.lost_at = OFFERED, None
    await _bind(session, district, person, outlet, office, now)
    return outlet


async def _access(session: Session, district: District, person: Person, office: str) -> None:
    if district.office(office) is None:
        raise StaleButton
    await staff.access(session, person, office=office)


async def _bind(
    session: Session, district: District, person: Person, outlet: Outlet, office: str, now: datetime
) -> None:
    if working := await staff.offices_of_group(session, outlet.chat_id):
        raise StaffWorkHere(_name(district, working[0]))
    if outlet.lost_at is not None:
        raise OutletOutOfReach(outlet.title)
    if outlet.office == office:
        return  # a second tap
    officer = await staff.access(session, person, office=office)
    if _is_live(outlet) and not staff.serves(officer, outlet.office):
        raise OutletTaken(outlet.title, _name(district, outlet.office))
    before = {"office": outlet.office} if outlet.office else None
    outlet.office, outlet.bound_by, outlet.bound_at = office, person.id, now
    await _record(session, person, outlet, "outlet.bound", now, before, {"office": office})


async def asked_about(session: Session, person: Person, chat_id: int) -> Outlet:
    """What *person* was asked about and has not answered yes to. Raises StaleButton."""
    outlet = await session.get(Outlet, chat_id)
    if outlet is None or outlet.office != OFFERED or outlet.bound_by != person.id:
        raise StaleButton
    return outlet


def _is_live(outlet: Outlet) -> bool:
    return outlet.office != OFFERED and outlet.lost_at is None


async def unbind(session: Session, person: Person, chat_id: int, now: datetime) -> tuple[Outlet, str]:
    """Announce there no more; *person* may take it back. The key of the office that did is returned with it.

    Raises NotForYou, and StaleButton where no office does.
    """
    found = await session.get(Outlet, chat_id)
    if found is None or found.office == OFFERED:
        raise StaleButton
    office = found.office
    await staff.access(session, person, office=office)
    outlet = await _locked(session, chat_id)
    if outlet is None or outlet.office != office:
        raise StaleButton
    outlet.office, outlet.bound_by = OFFERED, person.id
    await _record(session, person, outlet, "outlet.unbound", now, {"office": office})
    return outlet, office


async def _record(
    session: Session,
    person: Person,
    outlet: Outlet,
    deed: str,
    now: datetime,
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
) -> None:
    actor = Actor("officer", person.id, "private" if outlet.is_channel else f"group:{outlet.chat_id}")
    await audit.record(session, now, actor, deed, f"chat:{outlet.chat_id}", before, after)


async def missed_by(session: Session, broadcast: Broadcast) -> list[str]:
    """Titles of those whom a broadcast that is over did not reach."""
    theirs = select(Outlet.title).join(Recipient, col(Recipient.chat_id) == col(Outlet.chat_id))
    missed = theirs.where(Recipient.broadcast_id == broadcast.id, col(Recipient.state) != RecipientState.SENT)
    return list((await session.exec(missed.order_by(col(Outlet.title)))).all())


# What befalls them.


async def lose(session: Session, chat_id: int, now: datetime) -> None:
    """The bot may not write there any more: the office is told, once."""
    outlet = await _locked(session, chat_id)
    if outlet is None or outlet.lost_at is not None:
        return
    outlet.lost_at = now
    if outlet.office == OFFERED:
        return
    await audit.record(session, now, SYSTEM, "outlet.lost", f"chat:{chat_id}", {"office": outlet.office})
    said = say("outlet.lost", title=outlet.title)
    for officer in await staff.officers_of(session, outlet.office):
        await post.owe(session, officer, said, [[Button(say("button.outlets"), "outlets", 0)]])


async def rename(session: Session, chat_id: int, title: str) -> None:
    """It has another title; of what is no outlet nothing is kept."""
    outlet = await _locked(session, chat_id)
    if outlet is not None:
        outlet.title = title[:TITLE_LIMIT]


async def migrate(session: Session, chat_id: int, new_chat_id: int, now: datetime) -> None:
    """A group became a supergroup: what is still to be sent there goes to the new one. Told twice it is the same."""
    outlet = await _locked(session, chat_id)
    if outlet is not None:
        if await _locked(session, new_chat_id) is None:
            session.add(Outlet(**{**outlet.model_dump(), "chat_id": new_chat_id}))
        await session.delete(outlet)
        change = {"chat_id": chat_id}, {"chat_id": new_chat_id}
        await audit.record(session, now, SYSTEM, "outlet.moved", f"chat:{chat_id}", *change)
        await _move_audiences(session, chat_id, new_chat_id)
    await _move_recipients(session, chat_id, new_chat_id, now)


async def _move_recipients(session: Session, chat_id: int, new_chat_id: int, now: datetime) -> None:
    connection = await session.connection()
    has_new = select(Recipient.broadcast_id).where(col(Recipient.chat_id) == new_chat_id)
    open_ones = update(Recipient).where(col(Recipient.chat_id) == chat_id, col(Recipient.state).not_in(_OVER))
    moved = open_ones.where(col(Recipient.broadcast_id).not_in(has_new.scalar_subquery()))
    await connection.execute(moved.values(chat_id=new_chat_id))
    # The new one gets it already: the old one is not to be asked for ever.
    gone = {"state": RecipientState.SKIPPED, "reason": "outlet lost", "settled_at": now, "claim_token": None}
    await connection.execute(open_ones.values(**gone))


async def _move_audiences(session: Session, chat_id: int, new_chat_id: int) -> None:
    """Whatever names it: drafts, what is to start, what is copied later."""
    kept = (await session.exec(select(Broadcast.id, Broadcast.audience).order_by(col(Broadcast.id)))).all()
    for broadcast_id in [id for id, audience in kept if chat_id in audience.get("outlets", ())]:
        broadcast = await session.get_one(Broadcast, broadcast_id, with_for_update=True, populate_existing=True)
        named = [new_chat_id if id == chat_id else id for id in broadcast.audience["outlets"]]
        broadcast.audience = {**broadcast.audience, "outlets": list(dict.fromkeys(named))}


async def _new(
    session: Session, person: Person, chat_id: int, title: str, now: datetime, *, is_channel: bool
) -> Outlet:
    row = {"chat_id": chat_id, "office": OFFERED, "title": title[:TITLE_LIMIT], "is_channel": is_channel}
    row |= {"bound_by": person.id, "bound_at": now}
    await insert_new(session, Outlet.__table__, [row], unique=["chat_id"])  # type: ignore[attr-defined]  # SQLModel adds it
    return await session.get_one(Outlet, chat_id, with_for_update=True, populate_existing=True)


async def _locked(session: Session, chat_id: int) -> Outlet | None:
    return await session.get(Outlet, chat_id, with_for_update=True, populate_existing=True)


def _name(district: District, office: str) -> str:
    known = district.office(office)
    return known.short_name if known else office
