"""Drafts: what officers compose, kept at every step until it is confirmed or dropped; and the list of an office's."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import case, col, or_, select

from db.models import Broadcast, BroadcastKind, BroadcastState, Officer, Person, Role, Training, TrainingState
from db.session import Session
from domain import audit, staff
from domain.audit import Actor
from domain.broadcasts import codes, content, states
from domain.broadcasts.content import MOST_BUTTONS, Content, Frame, Link, content_of
from domain.broadcasts.refusals import BadButton, BadLink, WrongState
from domain.broadcasts.sending import Press
from domain.broadcasts.topics import TOPICS
from domain.district import District
from domain.errors import NotForYou, StaleButton
from messages import LINK, Number, say
from messages.limits import BUTTON_LABEL, cut

TRAININGS_SHOWN = (TrainingState.OPEN, TrainingState.CLOSED, TrainingState.RUNNING, TrainingState.DONE)
"""Those whose participants can be written to."""

LATE_LIMIT = 120
"""Minutes after its time in which one still sets out, unless its officer says otherwise."""

FRESH = timedelta(minutes=30)
"""So long after its last change a draft is what its officer still works on."""

MOST_OVER = 24
"""So many of those that are over, or were missed, stand in the list."""

S = BroadcastState
IN_ORDER = (S.PROPOSED, S.DRAFT, S.SCHEDULED, S.PREPARING, S.RUNNING, S.PAUSED, S.MISSED, S.FINISHED, S.CANCELLED)
"""As the list shows them: first what somebody must do something about."""

_BUTTON = re.compile(
    r"\s*(?P<label>.*?)\s*(?:[-–—:=|>]+\s*|\s)(?P<link>[a-z]+://\S.*|www\.\S.*)", re.IGNORECASE | re.DOTALL
)


async def access(session: Session, person: Person, broadcast_id: int, *, reads: bool = False) -> Broadcast:
    """The broadcast, locked, for an officer of its office. *reads*: nothing is changed, so a reader may too.

    Raises NotForYou for anybody else, and for a broadcast there is not.
    """
    broadcast = await session.get(Broadcast, broadcast_id)
    if broadcast is None:
        raise NotForYou
    await staff.access(session, person, office=broadcast.office, reads=reads)
    return broadcast if reads else await states.lock(session, broadcast_id) or broadcast


async def access_draft(session: Session, person: Person, broadcast_id: int) -> Broadcast:
    """Likewise one that is still composed. Raises WrongState for one that is not."""
    broadcast = await access(session, person, broadcast_id)
    if broadcast.state is not BroadcastState.DRAFT:
        raise WrongState(say("broadcast.deed_change"), broadcast.state)
    return broadcast


def actor(person: Person) -> Actor:
    """An officer in their private chat, for the audit."""
    return Actor("officer", person.id, "private")


async def of_offices(session: Session, offices: Sequence[str]) -> list[Broadcast]:
    """What these offices compose, have under way, and sent last; what was dropped before it was confirmed is gone."""
    theirs = select(Broadcast).where(col(Broadcast.office).in_(offices), Broadcast.kind == BroadcastKind.NOTICE)
    is_over = col(Broadcast.state).in_([S.FINISHED, S.CANCELLED, S.MISSED])
    theirs = theirs.where(or_(col(Broadcast.state) != S.CANCELLED, col(Broadcast.code).is_not(None)))
    place = case(*((col(Broadcast.state) == state, place) for place, state in enumerate(IN_ORDER)), else_=99)
    standing = theirs.where(~is_over).order_by(place, col(Broadcast.starts_at), col(Broadcast.id).desc())
    over = theirs.where(is_over).order_by(col(Broadcast.changed_at).desc(), col(Broadcast.id).desc()).limit(MOST_OVER)
    return [*(await session.exec(standing)).all(), *(await session.exec(over)).all()]


async def fresh(session: Session, person: Person, now: datetime) -> Broadcast | None:
    """The draft that *person* worked on last, and just now; None for none."""
    theirs = select(Broadcast).where(Broadcast.author_id == person.id, Broadcast.state == S.DRAFT)
    recent = theirs.where(col(Broadcast.changed_at) >= now - FRESH)
    return (await session.exec(recent.order_by(col(Broadcast.changed_at).desc()).limit(1))).first()


def stamp(broadcast: Broadcast) -> str:
    """Eight letters that change with whatever it says, to whom, and when: a question answered is about just that."""
    told = [broadcast.content, broadcast.audience, broadcast.topic, broadcast.is_silent, broadcast.is_pinned]
    times = [broadcast.starts_at.timestamp() if broadcast.starts_at else None, broadcast.late_limit]
    written = json.dumps([*told, *times], sort_keys=True, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:8]


# Composing.


def new(person: Person, office: str, now: datetime) -> Broadcast:
    """One without content, not in the database yet."""
    return Broadcast(office=office, author_id=person.id, topic=TOPICS[0], made_at=now, changed_at=now)


def frame(district: District, username: str, broadcast: Broadcast, code: str | None = None) -> Frame:
    """What will stand around it; before there is a code, as long as it will be."""
    return Press(district, username).frame(broadcast, code or broadcast.code or "X" * (codes.LENGTH + 1))


def put(broadcast: Broadcast, said: Content, around: Frame, now: datetime) -> None:
    """Let it say this from now on. Raises BadContent."""
    content.check(said, around)
    broadcast.content, broadcast.changed_at = said.as_json(), now


def joined(old: Content, said: Content) -> Content:
    """*said* in place of what *old* said, with its buttons and what stands in empty blanks."""
    return replace(said, buttons=old.buttons, fallbacks=old.fallbacks)


def album(files: Sequence[content.File], captions: Sequence[str]) -> Content:
    """Several files as one: the only caption follows them as text, of several each keeps its own."""
    written = [caption for caption in captions if caption]
    if len(written) > 1:
        return Content(files=tuple(replace(file, html=html) for file, html in zip(files, captions, strict=True)))
    return Content(html="".join(written), files=tuple(replace(file, html="") for file in files))


async def copy(session: Session, broadcast: Broadcast, person: Person, now: datetime) -> Broadcast:
    """A draft that says the same to the same people, without a time."""
    values: Mapping[str, Any] = {
        name: getattr(broadcast, name) for name in ("office", "topic", "content", "audience", "is_silent", "is_pinned")
    }
    row = Broadcast(**values, author_id=person.id, made_at=now, changed_at=now)
    session.add(row)
    await session.flush()
    origin = {"from": broadcast.id}
    await audit.record(session, now, actor(person), "broadcast.copied", f"broadcast:{row.id}", None, origin)
    return row


async def drop(session: Session, broadcast: Broadcast, person: Person, now: datetime) -> None:
    """It is not sent. Raises WrongState for one that has set out."""
    if broadcast.state not in {S.DRAFT, S.PROPOSED, S.SCHEDULED, S.MISSED}:
        raise WrongState(say("broadcast.deed_cancel"), broadcast.state)
    states.move(broadcast, S.CANCELLED, now)
    broadcast.finished_at = now
    await audit.record(session, now, actor(person), "broadcast.dropped", f"broadcast:{broadcast.id}")


async def reopen(session: Session, broadcast: Broadcast, person: Person, now: datetime) -> None:
    """Composed again: who approved it approved something else. Raises WrongState for one that has set out."""
    if broadcast.state not in {S.PROPOSED, S.SCHEDULED}:
        raise WrongState(say("broadcast.deed_change"), broadcast.state)
    states.move(broadcast, S.DRAFT, now)
    broadcast.approved_by, broadcast.why = None, None
    await audit.record(session, now, actor(person), "broadcast.reopened", f"broadcast:{broadcast.id}")


# Buttons.


def link_of(typed: str) -> Link:
    """A button as it is typed: "Label - https://…". Raises BadButton, BadLink."""
    found = _BUTTON.fullmatch(typed)
    label = " ".join(found["label"].split()) if found else ""
    if found is None or not label:
        raise BadButton(say("broadcast.button_unreadable"))
    url = found["link"].strip()
    if not LINK.fullmatch(url):
        raise BadLink(url)
    if len(label) > BUTTON_LABEL:
        blanks = {"length": Number(len(label)), "most": Number(BUTTON_LABEL)}
        raise BadButton(say("broadcast.label_too_long", **blanks))
    return Link(label, url)


def with_button(old: Content, link: Link) -> Content:
    """*old* with one more button. Raises BadButton where there are enough, or one like it."""
    if len(old.buttons) >= MOST_BUTTONS:
        raise BadButton(say("broadcast.buttons_full", most=Number(MOST_BUTTONS)))
    if link in old.buttons:
        raise BadButton(say("broadcast.button_twice"))
    return replace(old, buttons=(*old.buttons, link))


def to_training(label: str, training: Training) -> Link:
    """A button that leads to its registration; *label*: what stands before its title."""
    return Link(cut(f"{label} {training.title}", BUTTON_LABEL), training_id=training.id)


async def announced(session: Session, office: str) -> list[Training]:
    """The office's trainings that people see, the next one first."""
    return await _trainings(session, office, (TrainingState.OPEN, TrainingState.CLOSED))


async def with_people(session: Session, office: str) -> list[Training]:
    """The office's trainings whose participants can be written to, the newest first."""
    return list(reversed(await _trainings(session, office, TRAININGS_SHOWN)))


async def _trainings(session: Session, office: str, some: Sequence[TrainingState]) -> list[Training]:
    theirs = select(Training).where(col(Training.office) == office, col(Training.state).in_(some))
    return list((await session.exec(theirs.order_by(col(Training.starts_at), col(Training.id)))).all())


async def training_of(session: Session, broadcast: Broadcast, training_id: int) -> Training:
    """One of its office's that people see. Raises StaleButton for any other."""
    training = await session.get(Training, training_id)
    if training is None or training.office != broadcast.office or training.state not in TRAININGS_SHOWN:
        raise StaleButton
    return training


async def dead_training(session: Session, said: Content, at: datetime) -> str | None:
    """The title of a training whose registration a button leads to though it is over *at* that moment."""
    for id in (link.training_id for link in said.buttons if link.training_id is not None):
        training = await session.get(Training, id)
        closes_at = training and (training.closes_at or training.starts_at)
        if training is None or training.state is not TrainingState.OPEN or (closes_at and at >= closes_at):
            return training.title if training else f"#{id}"
    return None


def may_act(officer: Officer | None, broadcast: Broadcast) -> bool:
    """Whether buttons that change it are for them; the deeds themselves decide again."""
    return officer is not None and officer.role is not Role.READER and staff.serves(officer, broadcast.office)


def said_by(broadcast: Broadcast) -> Content:
    """What it says."""
    return content_of(broadcast.content)
