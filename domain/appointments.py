"""How somebody becomes an officer and stops being one: by a link opened once, by a setting, by dismissal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, or_, select

from db.models import AppointmentLink, Officer, Person, Role
from db.session import Session
from domain import audit, menus, people, post
from domain.audit import SETTINGS, TERMINAL, Actor
from domain.errors import LastAdmin, LinkExpired, LinkUnknown, LinkUsed, NamedBySetting, NotForYou, NotServing
from domain.opportunities import marks
from domain.secret_tokens import hash_of, new_token
from domain.staff import Serving, access
from messages import Button, say

LINK_LASTS = timedelta(hours=24)


@dataclass(frozen=True)
class Appointed:
    """Somebody opened a link and serves now as it says."""

    officer: Officer
    maker: Person | None
    """The admin who made the link; None where the terminal did."""


@dataclass(frozen=True)
class Unchanged:
    """Somebody opened a link and is already more, or just that."""

    officer: Officer


# Appointing, by a link that is opened once.


async def make_link(session: Session, admin: Person, role: Role, office: str, now: datetime) -> str:
    """The token of a link that makes whoever opens it first *role* of *office* (a key; of no meaning for admins).

    It holds for LINK_LASTS, and as long as *admin* is one. Raises NotForYou.
    """
    await access(session, admin, admin=True)
    return await _make_link(session, role, office, now, Actor("officer", admin.id, "private"))


async def make_first_link(session: Session, now: datetime) -> str | None:
    """The token of a link that makes the first admin; None where there is an admin.

    Of several such links only the newest opens, so that of replicas that start at once only one has made a valid one.
    """
    if await _admins(session):
        return None
    return await _make_link(session, Role.ADMIN, "", now, TERMINAL)


async def _make_link(session: Session, role: Role, office: str, now: datetime, maker: Actor) -> str:
    token, office = new_token(), "" if role is Role.ADMIN else office
    link = AppointmentLink(
        token_hash=hash_of(token),
        role=role,
        office=office,
        made_at=now,
        made_by=maker.person_id,
        until=now + LINK_LASTS,
    )
    session.add(link)
    await audit.record(session, now, maker, "officer.link_made", after=_kept(role, office))
    return token


async def open_link(session: Session, person: Person, token_hash: str, now: datetime) -> Appointed | Unchanged:
    """Appoint *person* as the link says; who is an admin, or just that already, leaves it to somebody else.

    Raises LinkUnknown, LinkUsed and LinkExpired.
    """
    # The lock makes two who open it at once take turns, so that it appoints one.
    link = await session.get(AppointmentLink, token_hash, with_for_update=True)
    if link is None:
        raise LinkUnknown
    officer = await session.get(Officer, person.id, with_for_update=True, populate_existing=True)
    has_it = officer is not None and (officer.role, officer.office) == (link.role, link.office)
    if link.used_at and not (has_it and link.used_by == person.id):
        raise LinkUsed
    if not link.used_at and not await _holds(session, link, now):
        raise LinkExpired
    if officer and (has_it or officer.role is Role.ADMIN):
        return Unchanged(officer)
    link.used_at, link.used_by = now, person.id
    appointed = await _appoint(session, person, officer, link, now)
    return Appointed(appointed, await session.get(Person, link.made_by) if link.made_by else None)


async def _holds(session: Session, link: AppointmentLink, now: datetime) -> bool:
    """Whether a link that nobody used still opens."""
    if link.until <= now:
        return False
    if link.made_by is not None:
        maker = await session.get(Officer, link.made_by)
        return maker is not None and maker.role is Role.ADMIN
    by_terminal = select(AppointmentLink).where(col(AppointmentLink.made_by).is_(None))
    newest = by_terminal.order_by(col(AppointmentLink.made_at).desc(), AppointmentLink.token_hash).limit(1)
    return not await _admins(session) and (await session.exec(newest)).one() is link


async def _appoint(
    session: Session, person: Person, officer: Officer | None, link: AppointmentLink, now: datetime
) -> Officer:
    before = _kept(officer.role, officer.office) if officer else None
    officer = officer or Officer(person_id=person.id, role=link.role, appointed_at=now)
    officer.role, officer.office = link.role, link.office
    officer.appointed_at, officer.appointed_by = now, link.made_by
    session.add(officer)
    after = {**_kept(link.role, link.office), "by": f"person:{link.made_by}" if link.made_by else "terminal"}
    actor = Actor("person", person.id, "private")
    await audit.record(session, now, actor, "officer.appointed", f"person:{person.id}", before, after)
    await menus.refresh(session, person)
    return officer


# Dismissing.


async def dismissable(session: Session, admin: Person, person_id: int) -> Serving:
    """The officer *person_id*, whom *admin* may dismiss, locked as all admins are.

    Raises NotForYou, NotServing, NamedBySetting (for one of ADMIN_IDS) and LastAdmin.
    """
    # All of them, in one order: two who dismiss each other at once take turns, and one stays.
    admins = await _admins(session, is_locked=True)
    if admin.id not in {one.person_id for one in admins}:
        raise NotForYou
    officer = await session.get(Officer, person_id, with_for_update=True, populate_existing=True)
    if officer is None:
        raise NotServing
    if officer.is_first:
        raise NamedBySetting
    if officer.role is Role.ADMIN and len(admins) == 1:
        raise LastAdmin
    return Serving(await session.get_one(Person, person_id), officer)


async def dismiss(session: Session, admin: Person, person_id: int, now: datetime) -> Person:
    """Take the role away from *person_id* at once, tell them, and return them. Raises what `dismissable` does."""
    one = await dismissable(session, admin, person_id)
    await _take_away(session, one.person, one.officer, now, Actor("officer", admin.id, "private"))
    if person_id != admin.id and one.person.is_reachable:
        topics = Button(say("button.topics"), "topics", 0)
        await post.owe(session, one.person, say("officer.dismissed"), [[topics]])
    return one.person


async def may_resign(session: Session, person: Person) -> None:
    """Raises NamedBySetting for one of ADMIN_IDS, and LastAdmin; for everybody else nothing. All admins are locked."""
    admins = await _admins(session, is_locked=True)
    officer = await session.get(Officer, person.id, with_for_update=True, populate_existing=True)
    if officer and officer.is_first:
        raise NamedBySetting
    if officer and officer.role is Role.ADMIN and len(admins) == 1:
        raise LastAdmin


async def resign(session: Session, person: Person, now: datetime) -> None:
    """Let go of one's own role, if there is one; `may_resign` was asked before."""
    if officer := await session.get(Officer, person.id, with_for_update=True, populate_existing=True):
        await _take_away(session, person, officer, now, Actor("person", person.id, "private"))


async def _take_away(session: Session, person: Person, officer: Officer, now: datetime, actor: Actor) -> None:
    before = _kept(officer.role, officer.office)
    await session.delete(officer)
    await audit.record(session, now, actor, "officer.dismissed", f"person:{person.id}", before)
    await menus.withdraw(session, person)
    # Officers hear of no opportunities; they may again.
    await marks.mark(session, person, now)


async def _admins(session: Session, *, is_locked: bool = False) -> list[Officer]:
    statement = select(Officer).where(col(Officer.role) == Role.ADMIN).order_by(col(Officer.person_id))
    if is_locked:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return list((await session.exec(statement)).all())


def _kept(role: Role, office: str) -> dict[str, Any]:
    """A role as the audit tells it."""
    return {"role": role.value, "office": office} if office else {"role": role.value}


# Admins by the setting, read at each start.


async def appoint_first(session: Session, telegram_ids: Iterable[int], now: datetime) -> None:
    """Make admins of those ADMIN_IDS names, and of nobody else by that setting: who was taken out of it is none now."""
    named = [await people.addressee(session, telegram_id, now) for telegram_id in telegram_ids]
    ids = {person.id for person in named}
    wanted = or_(col(Officer.is_first), col(Officer.person_id).in_(ids))
    in_order = select(Officer).where(wanted).order_by(col(Officer.person_id)).with_for_update()
    kept = {one.person_id: one for one in (await session.exec(in_order)).all()}
    for person_id, officer in kept.items():
        if person_id not in ids:
            person = await session.get_one(Person, person_id)
            await _take_away(session, person, officer, now, SETTINGS)
    for person in named:
        found = kept.get(person.id)
        if found is None or not found.is_first or found.role is not Role.ADMIN:
            await _appoint_by_setting(session, person, found, now)
    await session.flush()


async def _appoint_by_setting(session: Session, person: Person, officer: Officer | None, now: datetime) -> None:
    before = _kept(officer.role, officer.office) if officer else None
    officer = officer or Officer(person_id=person.id, role=Role.ADMIN, appointed_at=now)
    officer.role, officer.office, officer.is_first = Role.ADMIN, "", True
    session.add(officer)
    after = _kept(Role.ADMIN, "")
    await audit.record(session, now, SETTINGS, "officer.appointed", f"person:{person.id}", before, after)
    await menus.refresh(session, person)
