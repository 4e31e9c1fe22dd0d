"""Who serves, and the doors through which every deed of an officer goes: look up, authorise, lock."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col, or_, select

from db.models import Officer, Person, Role, StaffGroup
from db.session import Session
from domain import audit, people
from domain.audit import Actor
from domain.errors import NotForYou

__all__ = ["Officer", "Role", "access", "appoint_first", "group_of", "officer_of", "officers_of", "offices_of_group"]


async def officer_of(session: Session, person: Person) -> Officer | None:
    """What *person* is here; None for everybody but officers."""
    return None if person.id is None else await session.get(Officer, person.id)


def serves(officer: Officer, office: str) -> bool:
    """Whether *office* (a key) is theirs; an admin's are all."""
    return officer.role is Role.ADMIN or officer.office == office


async def access(
    session: Session, person: Person, *, office: str | None = None, reads: bool = False, admin: bool = False
) -> Officer:
    """The officer who may do this, locked until the transaction ends, so that a dismissal waits or was before.

    *office*: only of this office (admins: of all). *reads*: nothing is changed, so a reader may too. *admin*: admins
    only. Raises NotForYou.
    """
    officer = None if person.id is None else await session.get(Officer, person.id, with_for_update=True)
    if officer is None or (admin and officer.role is not Role.ADMIN):
        raise NotForYou
    if (officer.role is Role.READER and not reads) or (office is not None and not serves(officer, office)):
        raise NotForYou
    return officer


async def officers_of(session: Session, office: str | None = None, *, readers: bool = False) -> list[Person]:
    """Who serves *office* (None: the admins), reachable ones; without its own officers, the admins do."""
    roles = [Role.OFFICER, *([Role.READER] if readers else [])]
    theirs = col(Officer.role) == Role.ADMIN
    if office is not None:
        theirs = (col(Officer.office) == office) & col(Officer.role).in_(roles)
    statement = select(Person).join(Officer, col(Officer.person_id) == col(Person.id)).where(theirs)
    found = list((await session.exec(statement.order_by(col(Person.id)))).all())
    return found or (await officers_of(session) if office is not None else [])


async def group_of(session: Session, office: str) -> StaffGroup | None:
    """The group in which *office* works."""
    return await session.get(StaffGroup, office)


async def offices_of_group(session: Session, chat_id: int) -> list[str]:
    """The keys of the offices that work in this group; none for any other group."""
    theirs = select(StaffGroup.office).where(col(StaffGroup.chat_id) == chat_id).order_by(StaffGroup.office)
    return list((await session.exec(theirs)).all())


async def appoint_first(session: Session, telegram_ids: Iterable[int], now: datetime) -> None:
    """Make admins of those ADMIN_IDS names, and of nobody else by that setting: who was taken out of it is none now."""
    named = [await people.addressee(session, telegram_id, now) for telegram_id in telegram_ids]
    ids = {person.id for person in named}
    wanted = or_(col(Officer.is_first), col(Officer.person_id).in_(ids))
    kept = {one.person_id: one for one in (await session.exec(select(Officer).where(wanted).with_for_update())).all()}
    for person_id, officer in kept.items():
        if person_id not in ids:
            await session.delete(officer)
            await audit.record(session, now, SETTINGS, "officer.dismissed", f"person:{person_id}", {"role": "admin"})
    for person in named:
        officer = kept.get(person.id) or Officer(person_id=person.id, role=Role.ADMIN, appointed_at=now)
        if not officer.is_first or officer.role is not Role.ADMIN:
            officer.role, officer.office, officer.is_first = Role.ADMIN, "", True
            session.add(officer)
            await audit.record(
                session, now, SETTINGS, "officer.appointed", f"person:{person.id}", None, {"role": "admin"}
            )
    await session.flush()


SETTINGS = Actor("system", place="settings")
"""ADMIN_IDS and STAFF_CHAT_ID, read at each start."""
