"""A broadcast as it will look, shown to who composes or approves it: the very calls that will send it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.models import Broadcast, Person, Profile
from db.outbox import Settlement
from db.session import Session
from domain import post
from domain.broadcasts.content import PIN, Frame, arguments_of, content_of, steps
from domain.broadcasts.sending import Press
from domain.district import District
from domain.post import Group, Note

CODE = "CONTOH"
"""In place of a code: what carries it was sent to nobody."""

SENT = "broadcast.sample_sent"
"""The verb that pins a sample once it is there."""


@dataclass(frozen=True)
class Sample:
    """A broadcast, and what stands around it."""

    broadcast: Broadcast
    district: District
    username: str

    @property
    def frame(self) -> Frame:
        return Press(self.district, self.username).frame(self.broadcast, CODE)

    async def show(self, session: Session, to: Person | Group, language: str, *, is_real: bool = False) -> None:
        """Owe it to somebody as who reads *language* gets it; *is_real*: silent and pinned as it will be."""
        content, is_public = content_of(self.broadcast.content), isinstance(to, Group)
        name, business = await _blanks(session, to)
        is_silent, is_pinned = is_real and self.broadcast.is_silent, is_real and self.broadcast.is_pinned
        every = steps(content, self.frame, language, is_public=is_public, is_silent=is_silent)
        for number, step in enumerate(step for step in every if step.method != PIN):
            arguments = arguments_of(step, name, business, content.fallbacks, language)
            pins = is_pinned and number == 0 and isinstance(to, Person)
            await post.owe_call(session, to, step.method, arguments, _pinning(to) if pins else post.PLAIN)


def _pinning(to: Person | Group) -> Note:
    person_id = to.id if isinstance(to, Person) else None
    return Note(verb=SENT, verb_arguments={"person": person_id})


async def _blanks(session: Session, to: Person | Group) -> tuple[str, str]:
    """Name and business, as they will be filled in."""
    if isinstance(to, Group):
        return "", ""
    profile = await session.get(Profile, to.id)
    return (profile and profile.name) or to.name, (profile and profile.business) or ""


async def sent(session: Session, arguments: Mapping[str, Any], settlement: Settlement, now: datetime) -> None:
    """It is there: pin it, as it will be."""
    person = await session.get(Person, arguments["person"])
    if person is not None and settlement.message_ids:
        pin = {"message_id": settlement.message_ids[0], "disable_notification": True}
        await post.owe_call(session, person, PIN, pin)
