"""What the two queues hold of one person, emptied; the rows stay, for the figures."""

import html
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, Text, and_, cast, exists, or_, select, update

from db.clock import clock
from db.models import UNSETTLED, Delivery, DeliveryState, Lane, ReceivedUpdate, UpdateState
from db.session import Session

REASON = "erased"

NOWHERE = 0
"""The chat of a row whose person is nobody any more."""

_inbox: Table = ReceivedUpdate.__table__  # type: ignore[attr-defined]  # SQLModel adds it at run time
_outbox: Table = Delivery.__table__  # type: ignore[attr-defined]  # as above

_TAKING_AWAY = ("delete_message", "delete_messages")
"""Calls that are made all the more."""

# An under-way row that waits for itself is never claimed again, whatever its call came to.
_was_under_way = _outbox.c.after_id == _outbox.c.id
_WORDS: dict[str, Any] = {"arguments": {}, "verb_arguments": None, "document": None}
_SKIPPED: dict[str, Any] = {"state": DeliveryState.SKIPPED, "reason": REASON, "settled_at": clock()}
_ADDRESS: dict[str, Any] = {"chat_id": NOWHERE, "edits": None, "message_ids": None}


@dataclass(frozen=True)
class Arrived:
    """Messages with a person's words that reached somebody else after all, and of which no verb hears."""

    chat_id: int
    message_ids: list[int]


# The outbox.


async def empty_outbox(session: Session, person_id: int, chat_id: int) -> None:
    """Withdraw what waits for a person or tells of them, and empty the rest.

    What is being sent at this moment cannot be called back: it is marked, and `sweep_outbox` deals with it.
    """
    theirs = or_(_outbox.c.person_id == person_id, _outbox.c.chat_id == chat_id)
    tells_others = and_(_outbox.c.about_id == person_id, _outbox.c.method.not_in(_TAKING_AWAY))
    await _empty(session, or_(theirs, tells_others), theirs)


async def empty_rows(session: Session, rows: Collection[int]) -> None:
    """Likewise what is owed to a person by these rows."""
    theirs = _outbox.c.id.in_(rows)
    await _empty(session, theirs, theirs)


async def _empty(session: Session, concerned: ColumnElement[bool], theirs: ColumnElement[bool]) -> None:
    # In the order in which the deliverer settles, so that neither waits for the other for ever.
    await _run(session, select(_outbox.c.id).where(concerned).order_by(_outbox.c.id).with_for_update())
    under_way = _outbox.c.state.in_([DeliveryState.CLAIMED, DeliveryState.SENDING])
    await _run(session, update(_outbox).where(concerned, under_way).values(after_id=_outbox.c.id))
    await _run(session, update(_outbox).where(concerned, _outbox.c.state == DeliveryState.WAITING).values(**_SKIPPED))
    await _run(session, update(_outbox).where(concerned).values(**_WORDS))
    await _run(session, update(_outbox).where(theirs, _outbox.c.state.not_in(UNSETTLED)).values(reason=None))
    await _run(session, update(_outbox).where(theirs).values(**_ADDRESS))


async def sweep_outbox(session: Session, person_id: int) -> tuple[bool, list[Arrived]]:
    """Empty what was being sent when the person was erased, or was owed at that very moment.

    Returns whether nothing is under way any more, and what reached somebody else meanwhile, each once.
    """
    theirs = _outbox.c.person_id == person_id
    concerned = or_(theirs, _outbox.c.about_id == person_id)
    # Nothing that may still be sent is locked: the deliverer passes over what it finds locked, and looks again late.
    back = and_(concerned, _was_under_way, _outbox.c.state == DeliveryState.WAITING)
    await _run(session, update(_outbox).where(back).values(**_SKIPPED))
    settled = and_(concerned, _outbox.c.state.not_in(UNSETTLED))
    arrived = await _arrived(session, person_id)
    await _run(session, update(_outbox).where(settled, _was_under_way).values(after_id=None))
    await _run(session, update(_outbox).where(settled).values(**_WORDS))
    await _run(session, update(_outbox).where(settled, theirs).values(**_ADDRESS))
    # The answer to their last tap holds no word of theirs.
    under_way = and_(concerned, _outbox.c.state.in_(UNSETTLED), _outbox.c.lane > Lane.TAP)
    return not (await _run(session, select(exists().where(under_way)))).scalar_one(), arrived


async def _arrived(session: Session, person_id: int) -> list[Arrived]:
    # What a verb hears of, its own part of the domain takes away.
    told = and_(_outbox.c.about_id == person_id, _outbox.c.method.startswith("send_"), _outbox.c.verb.is_(None))
    sent = and_(told, _was_under_way, _outbox.c.state == DeliveryState.SENT)
    rows = await _run(session, select(_outbox.c.chat_id, _outbox.c.message_ids).where(sent).order_by(_outbox.c.id))
    return [Arrived(int(row.chat_id), row.message_ids) for row in rows if row.message_ids]


async def empty_lists(session: Session, chat_ids: Collection[int], words: Collection[str]) -> None:
    """Empty what was said in these chats and holds one of *words*: lists that tell of many, and name nobody's row."""
    said = cast(_outbox.c.arguments, Text)
    written = [json.dumps(html.escape(word, quote=False))[1:-1] for word in words]
    holds = or_(*(said.contains(word, autoescape=True) for word in written))
    there = and_(_outbox.c.chat_id.in_(chat_ids), _outbox.c.state.not_in(UNSETTLED))
    if written:
        await _run(session, update(_outbox).where(there, holds).values(arguments={}))


async def forget_address(session: Session, row: int) -> None:
    """The row's call was made, or never will be: it names nobody's chat any more."""
    await _run(session, update(_outbox).where(_outbox.c.id == row).values(**_WORDS, **_ADDRESS, reason=None))


async def chats_told(session: Session, person_id: int) -> set[int]:
    """The chats in which something about the person was said to somebody else, as far as it is kept."""
    told = select(_outbox.c.chat_id).where(_outbox.c.about_id == person_id).distinct()
    return {int(chat_id) for (chat_id,) in await _run(session, told)} - {NOWHERE}


# The inbox.


async def empty_inbox(session: Session, chat_id: int, *, before: datetime | None = None) -> None:
    """Empty what came from a chat and was dealt with, the update in hand too, and whatever else names its person.

    What came after that waits for its turn, as somebody's whom we do not know yet. *before*: what had come by then
    and waits is finished without an answer (in a backup, they were not erased yet when it was made).
    """
    theirs = _inbox.c.queue_key == chat_id
    in_hand = or_(_inbox.c.state != UpdateState.WAITING, _inbox.c.claim_token.is_not(None))
    if before:
        waits = and_(theirs, _inbox.c.state == UpdateState.WAITING, _inbox.c.received_at <= before)
        await _run(session, update(_inbox).where(waits).values(state=UpdateState.FINISHED, settled_at=clock()))
    nothing = {"payload": None, "error": None}
    await _run(session, update(_inbox).where(theirs, in_hand).values(**nothing, queue_key=NOWHERE))
    await _run(session, update(_inbox).where(_names(chat_id), _settled()).values(**nothing))


async def sweep_inbox(session: Session, chat_ids: Collection[int], before: datetime) -> bool:
    """Empty what was dealt with in other chats, in which a person's words may be quoted.

    Returns whether nothing waits there any more that had come *before*.
    """
    there = _inbox.c.queue_key.in_(chat_ids)
    await _run(session, update(_inbox).where(there, _settled()).values(payload=None, error=None))
    waits = and_(there, _inbox.c.state == UpdateState.WAITING, _inbox.c.received_at <= before)
    return not (await _run(session, select(exists().where(waits)))).scalar_one()


def _settled() -> ColumnElement[bool]:
    return and_(_inbox.c.state != UpdateState.WAITING, or_(_inbox.c.payload.is_not(None), _inbox.c.error.is_not(None)))


def _names(telegram_id: int) -> ColumnElement[bool]:
    """Updates of groups, forwards and contacts that name somebody by their Telegram id, as JSON is written here."""
    words = cast(_inbox.c.payload, Text)
    return or_(words.contains(f'id": {telegram_id},'), words.contains(f'id": {telegram_id}}}'))


async def _run(session: Session, statement: Any) -> Any:
    return await (await session.connection()).execute(statement)
