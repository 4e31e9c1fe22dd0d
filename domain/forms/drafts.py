"""Forms that somebody has begun: rows, so that a restart, another replica and a week leave them where they are."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, delete, select

from db.models import Draft, Person
from db.session import Session
from domain.forms.fields import Field, Form

__all__ = ["Draft", "asked", "begin", "current", "drop", "drop_all", "find", "forget", "move", "newest", "put"]

LAST = timedelta(days=14)
"""After their last answer; what was answered and never handed in goes then."""


async def begin(session: Session, person: Person, form: str, asks: Sequence[str], now: datetime) -> Draft:
    """Ask the fields *asks*, from the first on. One begun before keeps its answers, and the rest of its questions."""
    draft = await find(session, person, form, now)
    if draft is None:
        draft = Draft(person_id=person.id, form=form, asks=list(asks), at=asks[0], changed_at=now)
        session.add(draft)
    else:
        draft.asks = [*draft.asks, *(name for name in asks if name not in draft.asks)]
        draft.at, draft.tapped, draft.changed_at = asks[0], None, now
    return draft


async def find(session: Session, person: Person, form: str, now: datetime) -> Draft | None:
    """What *person* has begun of *form*, locked; one that is too old is none, and goes."""
    draft = await session.get(Draft, (person.id, form), with_for_update=True)
    if draft is not None and now - draft.changed_at > LAST:
        await drop(session, draft)
        return None
    return draft


async def newest(session: Session, person: Person, now: datetime) -> Draft | None:
    """What *person* began or answered last."""
    theirs = select(Draft).where(Draft.person_id == person.id, col(Draft.changed_at) >= now - LAST)
    return (await session.exec(theirs.order_by(col(Draft.changed_at).desc()).limit(1).with_for_update())).first()


async def drop(session: Session, draft: Draft) -> None:
    """Let go of it, answers and all."""
    await session.delete(draft)
    await session.flush()


async def drop_all(session: Session, person: Person) -> None:
    """Let go of every form *person* has begun."""
    theirs: Any = col(Draft.person_id) == person.id
    await session.exec(delete(Draft).where(theirs))


async def forget(session: Session, now: datetime) -> None:
    """Delete what nobody went on with for 14 days."""
    old: Any = col(Draft.changed_at) < now - LAST
    await session.exec(delete(Draft).where(old))


def asked(form: Form, draft: Draft) -> list[Field]:
    """The fields to be asked, by the answers there are; those a newer version of the form lacks are left out."""
    known = (form.field(name) for name in draft.asks)
    return [one for one in known if one is not None and one.applies(draft.answers)]


def current(form: Form, draft: Draft) -> Field | None:
    """The field whose answer is awaited; None when nothing is left to ask."""
    fields = asked(form, draft)
    here = next((one for one in fields if one.name == draft.at), None)
    return here or next((one for one in fields if one.name not in draft.answers), None)


def put(draft: Draft, name: str, value: Any, now: datetime, message_id: int | None = None) -> None:
    """Note the answer to a field, typed as *message_id* where it was."""
    draft.answers = {**draft.answers, name: value}
    draft.typed = {field: id for field, id in draft.typed.items() if field != name}
    if message_id is not None:
        draft.typed = {**draft.typed, name: message_id}
    draft.changed_at = now


def move(form: Form, draft: Draft, steps: int, now: datetime) -> Field | None:
    """Go *steps* on or back among the fields; None past the last one, and before the first one no further."""
    fields = asked(form, draft)
    names = [one.name for one in fields]
    place = (names.index(draft.at) if draft.at in names else -1) + steps
    if place >= len(fields):
        return None
    there = fields[max(place, 0)]
    draft.at, draft.changed_at = there.name, now
    return there
