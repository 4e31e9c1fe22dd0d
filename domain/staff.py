"""Who serves, and the doors through which every deed of an officer goes: look up, authorise, lock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from db.models import GroupChat, GroupState, Officer, Person, Role, StaffGroup
from db.session import Session
from db.upsert import insert_new
from domain import audit, menus
from domain.audit import SETTINGS
from domain.errors import NotForYou, NotServing
from messages import FIRST_LANGUAGE

__all__ = [
    "Officer",
    "Role",
    "Serving",
    "access",
    "bind_first",
    "group_of",
    "groups",
    "look_up",
    "numbers",
    "officer_of",
    "officers_of",
    "offices_of_group",
    "roster",
    "serves",
]


@dataclass(frozen=True)
class Serving:
    """An officer, and who it is."""

    person: Person
    officer: Officer


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
    officer = None
    if person.id is not None:
        # Anew, since it may have been read without the lock before in this transaction.
        officer = await session.get(Officer, person.id, with_for_update=True, populate_existing=True)
    if officer is None or (admin and officer.role is not Role.ADMIN):
        raise NotForYou
    if (officer.role is Role.READER and not reads) or (office is not None and not serves(officer, office)):
        raise NotForYou
    return officer


async def officers_of(session: Session, office: str | None = None, *, readers: bool = False) -> list[Person]:
    """Who serves *office* (None: the admins) and can be reached; without its own officers, the admins do."""
    roles = [Role.OFFICER, *([Role.READER] if readers else [])]
    theirs = col(Officer.role) == Role.ADMIN
    if office is not None:
        theirs = (col(Officer.office) == office) & col(Officer.role).in_(roles)
    serving = select(Person).join(Officer, col(Officer.person_id) == col(Person.id))
    statement = serving.where(theirs, col(Person.is_reachable)).order_by(col(Person.id))
    found = list((await session.exec(statement)).all())
    return found or (await officers_of(session) if office is not None else [])


async def roster(session: Session, admin: Person) -> list[Serving]:
    """All who serve, admins first, then by office. Raises NotForYou for anybody but admins."""
    await access(session, admin, admin=True)
    statement = select(Person, Officer).join(Officer, col(Officer.person_id) == col(Person.id))
    # An admin's office is empty, and that sorts first.
    in_order = statement.order_by(Officer.office, col(Officer.role), Person.name, col(Person.id))
    return [Serving(person, officer) for person, officer in (await session.exec(in_order)).all()]


async def numbers(session: Session) -> dict[Role, int]:
    """How many there are of each role."""
    counted = select(Officer.role, func.count()).group_by(Officer.role)
    found = dict((await session.exec(counted)).all())
    return {role: found.get(role, 0) for role in Role}


async def look_up(session: Session, admin: Person, person_id: int) -> Serving:
    """The officer *person_id*. Raises NotForYou for anybody but admins, and NotServing."""
    await access(session, admin, admin=True)
    officer = await session.get(Officer, person_id)
    if officer is None:
        raise NotServing
    return Serving(await session.get_one(Person, person_id), officer)


# The groups in which offices work.


async def groups(session: Session) -> list[StaffGroup]:
    """Every office's group."""
    return list((await session.exec(select(StaffGroup).order_by(StaffGroup.office))).all())


async def group_of(session: Session, office: str) -> StaffGroup | None:
    """The group in which *office* works."""
    return await session.get(StaffGroup, office)


async def offices_of_group(session: Session, chat_id: int) -> list[str]:
    """The keys of the offices that work in this group; none for any other group."""
    theirs = select(StaffGroup.office).where(col(StaffGroup.chat_id) == chat_id).order_by(StaffGroup.office)
    return list((await session.exec(theirs)).all())


async def bind_first(session: Session, chat_id: int | None, offices: Iterable[str], now: datetime) -> None:
    """Let those of *offices* (keys) that work in no group yet work in the one STAFF_CHAT_ID names, if it names one.

    Not in one that the bot has left: what it would say there nobody reads.
    """
    known = None if chat_id is None else await session.get(GroupChat, chat_id)
    if chat_id is None or (known and known.state is GroupState.LEFT):
        return
    rows = [{"office": office, "chat_id": chat_id, "bound_at": now} for office in offices]
    # One by one, since another replica may start at this moment; each binding is recorded by whoever made it.
    bound = [row for row in rows if await insert_new(session, StaffGroup.__table__, [row], unique=["office"])]  # type: ignore[attr-defined]  # SQLModel adds it
    for row in bound:
        await audit.record(session, now, SETTINGS, "group.bound", f"office:{row['office']}", None, {"chat_id": chat_id})
    if bound:
        await menus.show_in_group(session, chat_id, FIRST_LANGUAGE)
