"""Erasing a person: the row stays for the figures, as a number that is nobody's; and again, where a backup is older.

erase -> sweep, until nothing is under way any more -> finish, with their farewell, once the list outside has them.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select, update

from db import forgetting
from db.models import (
    Consent,
    Conversation,
    DatabaseName,
    Erasure,
    Inquiry,
    Officer,
    OpenedInvitation,
    Person,
    Profile,
    Question,
    RegisteredBusiness,
    Relay,
    RelayCopy,
    StaffGroup,
)
from db.outbox import Settlement
from db.session import Session, note_new
from db.upsert import insert_new
from domain import appointments, audit, inquiries, people, post
from domain.audit import Actor
from domain.broadcasts import forgetting as broadcasts
from domain.district import District
from domain.errors import LastAdmin, MustStay, NamedBySetting
from domain.forms import drafts
from domain.forms.phone import spoken
from domain.opportunities import forgetting as opportunities
from domain.post import Group, Note
from domain.trainings import forgetting as trainings
from messages import say

QUEUE = "erasures"
"""Rung when there is something to finish."""

BY_LIST = Actor("system", place="restore")
"""The list outside the database, read at each start and after each restore."""

SHORTEST_NAME = 3
"""Characters; what is shorter stands in every text."""

TOLD = "erasure.told"
"""The verb that hears what became of a farewell."""


@dataclass(frozen=True)
class Farewell:
    """Where somebody is told that they are erased, who has no row of their own by then."""

    chat_id: int
    language: str
    message_id: int | None = None
    """The message that says it; None: a new one."""


async def may_be_erased(session: Session, person: Person) -> None:
    """Raises MustStay for an admin whom the setting names, or without whom there would be none."""
    try:
        await appointments.may_resign(session, person)
    except NamedBySetting as error:
        raise MustStay(say("tap.erase_named")) from error
    except LastAdmin as error:
        raise MustStay(say("tap.erase_last_admin")) from error


async def erase(
    session: Session,
    person: Person,
    now: datetime,
    farewell: Farewell | None = None,
    district: District | None = None,
) -> None:
    """Take out all that is kept of *person*, who asked for it; from now on they are a number.

    *farewell*: where they are told, once it is true everywhere. *district*: whoever waits for their seats is told at
    once; without it within a minute. Raises MustStay.
    """
    await may_be_erased(session, person)
    await _take_out(session, person, now, district)
    session.add(Erasure(person_id=person.id, erased_at=now, farewell=asdict(farewell) if farewell else None))
    themselves = Actor("person", person.id, "private")
    await audit.record(session, now, themselves, "person.erased", f"person:{person.id}")
    note_new(session, QUEUE)


async def erase_again(session: Session, listed: Mapping[int, datetime], now: datetime) -> int:
    """Erase those once more whom an older backup brought back; return how many.

    *listed*: when each, by our id, was erased. Whoever was met after that is somebody else with the same number.
    """
    again = 0
    for person_id in sorted(listed):
        person = await session.get(Person, person_id, with_for_update=True, populate_existing=True)
        erased_at = listed[person_id]
        if person is None or person.erased_at is not None or person.met_at >= erased_at:
            continue
        await _take_out(session, person, now, erased_at=erased_at)
        session.add(Erasure(person_id=person_id, erased_at=erased_at))
        await audit.record(session, now, BY_LIST, "person.erased_again", f"person:{person_id}")
        again += 1
    return again


async def _take_out(
    session: Session,
    person: Person,
    now: datetime,
    district: District | None = None,
    *,
    erased_at: datetime | None = None,
) -> None:
    """*erased_at*: where it was done before; what waited by then from them is answered no more."""
    telegram_id = person.telegram_id
    await session.flush()
    await forgetting.empty_outbox(session, person.id, telegram_id)
    await forgetting.empty_lists(session, await _chats_of_officers(session), await _names(session, person))
    # What these owe now is owed on purpose: withdrawn copies, an officer's menu.
    await inquiries.forget_person(session, person, now)
    await appointments.resign(session, person, now)
    await trainings.forget_person(session, person, now, district)
    await broadcasts.forget_person(session, person)
    await opportunities.forget_person(session, person)
    await drafts.drop_all(session, person)
    await forgetting.empty_inbox(session, telegram_id, before=erased_at)
    for table in (Conversation, Profile, Consent, OpenedInvitation):
        for row in (await session.exec(select(table).where(col(table.person_id) == person.id))).all():
            await session.delete(row)
    await session.flush()
    await _empty_rows(session, person.id)
    person.telegram_id, person.name, person.is_reachable = -person.id, "", False
    person.erased_at = erased_at or now
    await session.flush()


async def _chats_of_officers(session: Session) -> list[int]:
    private = select(Person.telegram_id).join(Officer, col(Officer.person_id) == col(Person.id))
    return [*(await session.exec(private)).all(), *(await session.exec(select(StaffGroup.chat_id))).all()]


async def _names(session: Session, person: Person) -> set[str]:
    """What lists would call them by."""
    profile = await session.get(Profile, person.id)
    phone = profile.phone if profile else None
    called = {person.name, *((profile.name, profile.business) if profile else ())}
    if phone:
        called |= {phone, *([read] if isinstance(read := spoken(phone), str) else [])}
    return {name for name in called if name and len(name) >= SHORTEST_NAME} - {people.clean_name("")}


async def _empty_rows(session: Session, person_id: int) -> None:
    connection = await session.connection()
    await connection.execute(
        update(Question).where(col(Question.person_id) == person_id).values(text=None, message_id=None)
    )
    # The office's number stays, so that its next register does not bring them back.
    nobody = {"name": "", "business": None, "sector": None, "products": None, "phone": None}
    void = {"token_hash": None, "until": None}
    theirs = col(RegisteredBusiness.person_id) == person_id
    await connection.execute(update(RegisteredBusiness).where(theirs).values(**nobody, **void))


# Afterwards.


async def unfinished(session: Session) -> list[Erasure]:
    """Whom nothing may be told yet, first come first."""
    waiting = select(Erasure).where(col(Erasure.listed_at).is_(None))
    return list((await session.exec(waiting.order_by(col(Erasure.erased_at), col(Erasure.person_id)))).all())


async def sweep(session: Session, erasure: Erasure) -> bool:
    """Empty what was under way while they were erased; whether nothing is any more."""
    is_over, arrived = await forgetting.sweep_outbox(session, erasure.person_id)
    for copy in arrived:
        await post.owe_call(
            session,
            Group(copy.chat_id, ""),
            "delete_messages",
            {"message_ids": copy.message_ids},
            Note(about=erasure.person_id),
        )
    chats = await _chats_told(session, erasure.person_id)
    has_no_quote = await forgetting.sweep_inbox(session, chats, erasure.erased_at)
    return is_over and has_no_quote and not arrived


async def _chats_told(session: Session, person_id: int) -> set[int]:
    """Where their words stood before others, who may have quoted them."""
    theirs = col(Inquiry.person_id) == person_id
    posted = select(Inquiry.chat_id).where(theirs, col(Inquiry.chat_id).is_not(None))
    copied = select(RelayCopy.chat_id).join(Relay, col(Relay.id) == col(RelayCopy.relay_id))
    copied = copied.join(Inquiry, col(Inquiry.id) == col(Relay.inquiry_id)).where(theirs)
    groups = {int(chat_id or 0) for chats in (posted, copied) for chat_id in (await session.exec(chats)).all()}
    return (groups | await forgetting.chats_told(session, person_id)) - {forgetting.NOWHERE}


async def finish(session: Session, person_id: int, now: datetime) -> None:
    """They stand in the list outside, and nowhere else: owe them their farewell."""
    erasure = await session.get_one(Erasure, person_id, with_for_update=True)
    if erasure.listed_at is not None:
        return
    erasure.listed_at, farewell, erasure.farewell = now, erasure.farewell, None
    if farewell:
        await _say_farewell(session, Farewell(**farewell))


async def _say_farewell(session: Session, farewell: Farewell) -> None:
    place, sentence = Group(farewell.chat_id, farewell.language), say("erase.done")
    note = Note(verb=TOLD, is_secret=True)
    if farewell.message_id is None:
        await post.owe(session, place, sentence, (), note)
    else:
        await post.owe_edit(session, place, farewell.message_id, sentence, (), note)


async def told(session: Session, _: dict[str, Any], settlement: Settlement, __: datetime) -> None:
    """The farewell was heard, or never will be: its row forgets whose chat it went to."""
    await forgetting.forget_address(session, settlement.owed.id)


# The name by which the list outside knows this database.


async def name_of_database(session: Session) -> str | None:
    """As it is in every backup; None where it has none yet and nobody was met.

    Where people were met before there were names, it is made of when the first one was: so a backup from those days,
    which holds no name, is known again.
    """
    if found := await session.get(DatabaseName, 1):
        return found.name
    first = (await session.exec(select(Person.met_at).order_by(col(Person.id)).limit(1))).first()
    return hashlib.sha256(first.isoformat().encode()).hexdigest()[:16] if first else None


async def name_database(session: Session) -> None:
    """Give it its name, for good."""
    name = await name_of_database(session) or secrets.token_hex(8)
    await insert_new(session, DatabaseName.__table__, [{"id": 1, "name": name}], unique=["id"])  # type: ignore[attr-defined]  # SQLModel adds it
