"""The people who write to us."""

import unicodedata
from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from db import outbox
from db.models import Conversation, Person
from db.session import Session
from db.upsert import insert_new
from domain.opportunities import marks
from messages import FIRST_LANGUAGE, language_of_client

NAME_LIMIT = 64
SEEN_IS_KEPT_TO = timedelta(minutes=5)
"""How exact `last_wrote_at` is: not every message is worth a write."""

NEVER = datetime.fromtimestamp(0, UTC)
"""When those wrote last who never wrote: an admin who is told of an alarm first."""


async def recognise(
    session: Session, telegram_id: int, name: str, now: datetime, language_code: str | None = None
) -> Person:
    """Return the person who writes in private behind *telegram_id*, meeting them now if they are new.

    Whoever writes there can be reached again. Their language follows *language_code*, their Telegram's, until they
    choose.
    """
    person = await _find(session, telegram_id)
    if person is None:
        person = await _meet(session, telegram_id, name, now, last_wrote_at=now)
    if not person.is_reachable:
        person.is_reachable = True
        await marks.mark(session, person, now)
    _follow_client(person, language_code)
    if now - person.last_wrote_at > SEEN_IS_KEPT_TO:
        person.last_wrote_at, person.name = now, clean_name(name)
    return person


async def passer_by(
    session: Session, telegram_id: int, name: str, now: datetime, language_code: str | None = None
) -> Person:
    """The person who asks in a group or inline: known people as they are kept, nothing is kept of others.

    Neither makes them met or reachable: to somebody who never wrote in private the bot may not write.
    """
    person = await _find(session, telegram_id)
    if person is None:
        person = Person(telegram_id=telegram_id, name=clean_name(name), met_at=now, last_wrote_at=NEVER)
    _follow_client(person, language_code)
    return person


def _follow_client(person: Person, language_code: str | None) -> None:
    # Telegram leaves the code out at times: that says nothing about them.
    if language_code and person.language_chosen_at is None:
        person.language = language_of_client(language_code)


async def addressee(session: Session, telegram_id: int, now: datetime) -> Person:
    """The person behind *telegram_id*, to whom we write first: neither met as a writer nor as reachable."""
    person = await _find(session, telegram_id)
    return person or await _meet(session, telegram_id, "", now, last_wrote_at=NEVER)


async def _meet(session: Session, telegram_id: int, name: str, now: datetime, *, last_wrote_at: datetime) -> Person:
    row = {"telegram_id": telegram_id, "name": clean_name(name), "met_at": now, "last_wrote_at": last_wrote_at}
    row |= {"language": FIRST_LANGUAGE, "is_reachable": last_wrote_at > NEVER}
    # Another replica may meet the same person in another chat at this moment.
    await insert_new(session, Person.__table__, [row], unique=["telegram_id"])  # type: ignore[attr-defined]  # SQLModel adds it
    person = await _find(session, telegram_id)
    assert person, "just inserted, by us or by another"  # noqa: S101 -- for the type checker
    return person


async def _find(session: Session, telegram_id: int) -> Person | None:
    return (await session.exec(select(Person).where(col(Person.telegram_id) == telegram_id))).first()


def choose_language(person: Person, language: str, now: datetime) -> None:
    """From now on they read *language* (one of messages.LANGUAGES), whatever their Telegram is set to."""
    person.language, person.language_chosen_at = language, now


def clean_name(name: str) -> str:
    """*name* without control characters, which databases and phones take badly, at most 64 characters."""
    kept = "".join(letter for letter in name if unicodedata.category(letter) not in {"Cc", "Cs", "Cn"})
    return kept.strip()[:NAME_LIMIT] or "Bapak/Ibu"


async def mark_unreachable(session: Session, person_id: int, reason: str) -> None:
    """They blocked the bot or left Telegram: skip all that waits for them. Their next message brings them back."""
    person = await session.get(Person, person_id)
    if person:
        person.is_reachable = False
        await outbox.skip_waiting(session, person_id, reason, heard=[marks.OWN_TOLD, marks.EDITED])


async def conversation_of(session: Session, person: Person) -> Conversation:
    """Where this person's conversation stands; a new row when they have none."""
    conversation = await session.get(Conversation, person.id)
    if conversation is None:
        conversation = Conversation(person_id=person.id)
        session.add(conversation)
    return conversation
