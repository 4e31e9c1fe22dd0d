"""Who opens a letter's link: what the office has is shown to them, and once they agree it is theirs."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import select

from db.models import OpenedInvitation, Person, RegisteredBusiness
from db.session import Session
from domain import audit, profile, staff
from domain.audit import Actor
from domain.district import District
from domain.errors import (
    AlreadyInvited,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    InvitationYours,
    InvitedOfficer,
    StaleButton,
)


async def open_link(
    session: Session, person: Person, token_hash: str, district: District, now: datetime
) -> RegisteredBusiness:
    """The business to which the letter was sent; its person_id tells whether *person* has claimed it already.

    Raises InvitationUnknown, InvitationUsed, InvitationExpired, InvitedOfficer and AlreadyInvited.
    """
    found = select(RegisteredBusiness).where(RegisteredBusiness.token_hash == token_hash)
    business = (await session.exec(found.with_for_update())).first()
    if business is None:
        raise InvitationUnknown
    await _check(session, person, business, district, now)
    if business.person_id is None:
        letter = OpenedInvitation(business_id=business.id, person_id=person.id, token_hash=token_hash, opened_at=now)
        await session.merge(letter)
    return business


async def opened(
    session: Session, person: Person, business_id: int, district: District, now: datetime
) -> RegisteredBusiness:
    """The business whose letter *person* opened, locked, so that of two who claim it at once the second finds it taken.

    Raises StaleButton for who did not open its newest letter, InvitationYours, and what `open_link` does.
    """
    # Anew, since it may have been read without the lock before in this transaction.
    business = await session.get(RegisteredBusiness, business_id, with_for_update=True, populate_existing=True)
    if business is not None and business.person_id == person.id:
        raise InvitationYours
    letter = await session.get(OpenedInvitation, (business_id, person.id))
    if business is None or letter is None or letter.token_hash != business.token_hash:
        raise StaleButton
    await _check(session, person, business, district, now)
    return business


async def _check(
    session: Session, person: Person, business: RegisteredBusiness, district: District, now: datetime
) -> None:
    if business.person_id == person.id:
        return
    if business.person_id is not None:
        raise InvitationUsed
    if business.until is None or now.astimezone(ZoneInfo(district.timezone)).date() > business.until:
        raise InvitationExpired
    if await staff.officer_of(session, person):
        raise InvitedOfficer
    other = select(RegisteredBusiness.id).where(RegisteredBusiness.person_id == person.id)
    if (await session.exec(other)).first() is not None:
        raise AlreadyInvited


async def known_of(session: Session, person: Person, business: RegisteredBusiness) -> dict[str, Any]:
    """What their profile will say, by field: what they told themselves goes before what the office has."""
    office = {name: getattr(business, name) for name in profile.BASICS}
    return {**{name: value for name, value in office.items() if value}, **await profile.values(session, person)}


async def decline(session: Session, person: Person, business: RegisteredBusiness, now: datetime) -> None:
    """It is not theirs: the link stays good for whose it is, and nothing is kept but that it was opened in vain."""
    await _forget_opened(session, person, business)
    await audit.record(session, now, _themselves(person), "register.declined", f"business:{business.id}")


async def claim(session: Session, person: Person, business: RegisteredBusiness, now: datetime) -> None:
    """It is theirs (`opened` has checked and locked it): fill their profile from it. Raises NotAgreed."""
    told = await profile.values(session, person)
    known = await known_of(session, person, business)
    filled = {name: value for name, value in known.items() if name not in told}
    await profile.save(session, person, filled, now)
    business.person_id, business.came_at = person.id, now
    await _forget_opened(session, person, business)
    after = {"business": business.id, "filled": list(filled)}
    await audit.record(session, now, _themselves(person), "register.claimed", f"person:{person.id}", None, after)


async def _forget_opened(session: Session, person: Person, business: RegisteredBusiness) -> None:
    if letter := await session.get(OpenedInvitation, (business.id, person.id)):
        await session.delete(letter)


def _themselves(person: Person) -> Actor:
    return Actor("person", person.id, "private")
