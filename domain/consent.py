"""Consent: asked once before the first personal detail, by versions of its words, and taken back at any time."""

from datetime import datetime

from sqlmodel import col, select

from db.models import Consent, Person, Profile
from db.session import Session
from domain import audit
from domain.audit import Actor
from domain.forms import drafts
from domain.opportunities import forgetting as opportunities
from domain.opportunities import marks
from domain.trainings import forgetting as trainings
from messages import Sentence, say

VERSION = 2
"""Of the words in `words`. To be raised when purpose, fields or time change: then everybody is asked again."""


def words(offices: str) -> Sentence:
    """What is agreed to; *offices* are those whose officers see it, by their short names."""
    return say("consent.ask", offices=offices)


async def has_consent(session: Session, person: Person) -> bool:
    """Whether they agreed to the words as they are now."""
    return await _standing(session, person, VERSION) is not None


async def had_consent(session: Session, person: Person) -> bool:
    """Whether they agreed to any words that still stand: who did is told that these are new ones."""
    return await _standing(session, person) is not None


async def give(session: Session, person: Person, now: datetime) -> bool:
    """Note that they agree; False when they had done so already."""
    if await has_consent(session, person):
        return False
    session.add(Consent(person_id=person.id, version=VERSION, language=person.language, given_at=now))
    await audit.record(session, now, _themselves(person), "consent.given", _subject(person), None, {"version": VERSION})
    return True


async def withdraw(session: Session, person: Person, now: datetime) -> bool:
    """Take the agreement back, and with it go the profile, every form begun, what was answered in those handed in,
    and that their number may go on to who seeks; False when there is none.

    The rows of consent stay, since they show on what ground details were kept, and until when.
    """
    standing = select(Consent).where(Consent.person_id == person.id, col(Consent.withdrawn_at).is_(None))
    given = (await session.exec(standing.with_for_update())).all()
    for consent in given:
        consent.withdrawn_at = now
    if profile := await session.get(Profile, person.id):
        await session.delete(profile)
    await drafts.drop_all(session, person)
    await trainings.forget_answers(session, person)
    await opportunities.forget_permissions(session, person)
    await marks.mark(session, person, now)
    if given:
        before = {"versions": [consent.version for consent in given]}
        await audit.record(session, now, _themselves(person), "consent.withdrawn", _subject(person), before)
    return bool(given)


async def _standing(session: Session, person: Person, version: int | None = None) -> Consent | None:
    theirs = select(Consent).where(Consent.person_id == person.id, col(Consent.withdrawn_at).is_(None))
    if version is not None:
        theirs = theirs.where(Consent.version == version)
    return (await session.exec(theirs.limit(1))).first()


def _themselves(person: Person) -> Actor:
    return Actor("person", person.id, "private")


def _subject(person: Person) -> str:
    return f"person:{person.id}"
