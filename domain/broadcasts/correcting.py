"""Changing what many have already: other words by an edit, or all of it taken back."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import and_, col, or_

from db.models import UNDER_WAY, Broadcast, BroadcastKind, BroadcastState, Person, Recipient, RecipientState
from db.session import Session, note_new
from domain import audit
from domain.audit import Actor
from domain.broadcasts import children, content, states, telling
from domain.broadcasts.content import Content, Frame, content_of, steps
from domain.broadcasts.refusals import NothingLeft, OtherShape, SameWords, WasRecalled, WrongState
from domain.broadcasts.running import REPLACED, STEPS
from domain.broadcasts.sending import DELETABLE_FOR
from domain.district import District
from messages import LANGUAGES, say

CHANGEABLE = (BroadcastState.RUNNING, BroadcastState.PAUSED, BroadcastState.CANCELLED, BroadcastState.FINISHED)


@dataclass(frozen=True)
class Reach:
    """What of a broadcast is out there."""

    have: int
    """Who has it, or a part of it."""
    old: int
    """Of these, whose messages Telegram deletes no more."""
    waiting: int
    uncertain: int
    """Who may have it, without our knowing which message it is."""


async def reach(session: Session, broadcast: Broadcast, now: datetime) -> Reach:
    """As it stands at this moment."""
    state, has_some = col(Recipient.state), col(Recipient.message_ids).is_not(None)
    has_it = or_(has_some, state == RecipientState.SENDING)
    is_old = and_(has_some, col(Recipient.settled_at) <= now - DELETABLE_FOR)
    waits = and_(state.in_(UNDER_WAY), ~has_it)
    uncertain = and_(state == RecipientState.UNCERTAIN, ~has_some)
    counted = select(_number(has_it), _number(is_old), _number(waits), _number(uncertain))
    row = (await (await session.connection()).execute(counted.where(col(Recipient.broadcast_id) == broadcast.id))).one()
    return Reach(*(int(number or 0) for number in row))


def _number(of: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((of, 1), else_=0))


DEEDS = {BroadcastKind.CORRECTION: say("broadcast.deed_correct"), BroadcastKind.RECALL: say("broadcast.deed_recall")}


async def check_may(session: Session, broadcast: Broadcast, kind: BroadcastKind, now: datetime) -> Reach:
    """What a correction or a recall (*kind*) would change.

    Raises WrongState for one that did not set out, WasRecalled, and NothingLeft where nobody has it or will. A recall
    that was stopped half way may be followed by another, and by nothing else.
    """
    is_notice = broadcast.kind is BroadcastKind.NOTICE
    if not is_notice or broadcast.state not in CHANGEABLE or broadcast.started_at is None:
        raise WrongState(DEEDS[kind], broadcast.state)
    if kind is BroadcastKind.RECALL:
        may = await children.may_be_recalled(session, broadcast)
    else:
        may = not await children.is_recalled(session, broadcast)
    if not may:
        raise WasRecalled
    found = await reach(session, broadcast, now)
    if not found.have + found.waiting:
        raise NothingLeft
    return found


# Other words.


def corrected(broadcast: Broadcast, html: str, frame: Frame, today: date) -> Content:
    """Its content with *html* in place of its words. Raises BadContent for what could not be shown, SameWords.

    *frame*: as who still waits gets it; who has it reads below it that it was corrected *today*.
    """
    dated = replace(frame, corrected_on=today)
    old = content_of(broadcast.content)
    new = replace(old, html=html)
    if html == old.html:
        raise SameWords
    content.check(new, dated)
    for language in LANGUAGES:
        for is_public in (False, True):
            before = _shape(old, frame, language, is_public=is_public)
            for around in (frame, dated):
                if _shape(new, around, language, is_public=is_public) != before:
                    raise OtherShape(is_file=before[0][1] == "caption")
    return new


def _shape(one: Content, frame: Frame, language: str, *, is_public: bool) -> list[tuple[str, str]]:
    """Which messages it is made of, and where the words stand."""
    return [(step.method, step.text) for step in steps(one, frame, language, is_public=is_public)]


async def correct(
    session: Session, broadcast: Broadcast, new: Content, person: Person, by: Actor, now: datetime
) -> Broadcast | None:
    """Let everybody who has *broadcast* (by `steering.access`) read *new* instead, and who waits get that at once.

    Returns what carries it out, made by *person*; None where nobody has it yet. Raises as `check_may`.
    """
    found = await check_may(session, broadcast, BroadcastKind.CORRECTION, now)
    await _replace(session, broadcast, now)
    broadcast.replaced = [*broadcast.replaced, broadcast.content]
    broadcast.content, broadcast.version, broadcast.changed_at = new.as_json(), broadcast.version + 1, now
    after = {"version": broadcast.version, "recipients": found.have}
    await audit.record(session, now, by, "broadcast.corrected", f"broadcast:{broadcast.id}", None, after)
    return await _make(session, broadcast, BroadcastKind.CORRECTION, person, now) if found.have else None


# Taken back.


async def recall(
    session: Session, broadcast: Broadcast, person: Person, by: Actor, district: District, now: datetime
) -> Broadcast:
    """Take *broadcast* (by `steering.access`) back from everybody who has it; who waits does not get it.

    Returns what carries it out, made by *person*. Raises as `check_may`.
    """
    found = await check_may(session, broadcast, BroadcastKind.RECALL, now)
    await _replace(session, broadcast, now)
    if broadcast.state in {BroadcastState.RUNNING, BroadcastState.PAUSED}:
        states.move(broadcast, BroadcastState.CANCELLED, now)
        broadcast.why = REPLACED  # of the recall there is a report
        await telling.show_progress(session, broadcast, district, now)
    await telling.steered(session, broadcast, by, "recalled")
    after = {"recipients": found.have}
    await audit.record(session, now, by, "broadcast.recalled", f"broadcast:{broadcast.id}", None, after)
    return await _make(session, broadcast, BroadcastKind.RECALL, person, now)


async def _replace(session: Session, broadcast: Broadcast, now: datetime) -> None:
    """Corrections of *broadcast* that are under way are called off: what comes now says it better."""
    for one in await children.of(session, broadcast, BroadcastKind.CORRECTION, children.GOING):
        child = await states.lock(session, one.id)
        if child is not None and child.state in children.GOING:
            states.move(child, BroadcastState.CANCELLED, now)
            child.why = REPLACED


async def _make(
    session: Session, broadcast: Broadcast, kind: BroadcastKind, person: Person, now: datetime
) -> Broadcast:
    child = Broadcast(
        kind=kind,
        parent_id=broadcast.id,
        office=broadcast.office,
        author_id=person.id,
        topic=broadcast.topic,
        content=broadcast.content,
        version=broadcast.version,
        audience=broadcast.audience,
        # An edit rings nobody's phone.
        keeps_quiet_hours=False,
        state=BroadcastState.SCHEDULED,
        made_at=now,
        changed_at=now,
    )
    session.add(child)
    await session.flush()
    note_new(session, STEPS)
    return child
