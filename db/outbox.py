"""The outbox: every call we owe Telegram, kept until it was accepted, refused or given up.

enqueue -> claim -> sent | retry_later | give_up. Per chat one call is in flight, in order, and a retry holds
its chat; replies go before bulk, and answers to taps wait for nobody.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Table,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from db.clock import clock
from db.models import UNSETTLED, Delivery, DeliveryState, Lane
from db.models.columns import STRUCTURE
from db.session import Session, note_new
from db.storable import sound

METHODS = frozenset(
    {
        "answer_callback_query",
        "answer_inline_query",
        "close_forum_topic",
        "create_forum_topic",
        "delete_message",
        "delete_messages",
        "delete_my_commands",
        "edit_forum_topic",
        "edit_message_caption",
        "edit_message_reply_markup",
        "edit_message_text",
        "pin_chat_message",
        "reopen_forum_topic",
        "send_audio",
        "send_chat_action",
        "send_document",
        "send_location",
        "send_media_group",
        "send_message",
        "send_photo",
        "send_video",
        "send_voice",
        "set_message_reaction",
        "set_my_commands",
    }
)
"""Methods of python-telegram-bot's Bot that a row may name."""

CLAIM_LASTS = timedelta(seconds=60)
"""Longer than any call may take, so that a claim that ran out means its deliverer is gone."""

TAP_IS_STALE_AFTER = timedelta(seconds=10)
"""Telegram forgets a tap soon; what its answer had to say then comes as a message."""

CALLED_BACK = "called back"
"""Why a row was skipped that said what is not so any more."""

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

_outbox: Table = Delivery.__table__  # type: ignore[attr-defined]  # SQLModel adds it at run time
_waiting = _outbox.c.state == DeliveryState.WAITING
_KEPT = case((_outbox.c.is_secret, literal({}, STRUCTURE)), else_=_outbox.c.arguments)
"""What stays of a row that is settled: of a secret nothing."""


@dataclass(frozen=True)
class Owed:
    """A call that is ours to make, until the claim runs out."""

    id: int
    chat_id: int
    person_id: int | None
    lane: int
    method: str
    arguments: dict[str, Any]
    document: dict[str, Any] | None
    edits: str | None
    verb: str | None
    verb_arguments: dict[str, Any] | None
    is_secret: bool
    is_plain: bool
    attempts: int
    unknowns: int
    goes_again: bool
    created_at: datetime
    expires_at: datetime | None
    token: str


_COLUMNS = [_outbox.c[field.name] for field in fields(Owed) if field.name != "token"]


async def enqueue(session: Session, delivery: Delivery) -> Delivery:
    """Owe one call; it leaves after this transaction commits. Raises ValueError for a method not on the list."""
    if delivery.method not in METHODS:
        raise ValueError(f"{delivery.method} is not a method the outbox knows")
    if delivery.edits:
        await _overtake(session, delivery.edits)
    session.add(delivery)
    await session.flush()
    note_new(session, "outbox")
    return delivery


async def _overtake(session: Session, edits: str) -> None:
    """Of several changes to one message that still wait only the newest is worth sending."""
    await _skip(session, _outbox.c.edits == edits, "overtaken")


def _claimable() -> Select[Any]:
    """Up to `most` calls of `lanes` that may go now."""
    other = _outbox.alias()
    is_under_way = other.c.state.in_([DeliveryState.CLAIMED, DeliveryState.SENDING])
    goes_before = and_(
        other.c.state == DeliveryState.WAITING,
        or_(
            other.c.lane < _outbox.c.lane,
            and_(other.c.lane == _outbox.c.lane, other.c.id < _outbox.c.id),
        ),
    )
    in_line = and_(other.c.chat_id == _outbox.c.chat_id, other.c.lane > Lane.TAP)
    is_blocked = exists().where(in_line, or_(is_under_way, goes_before))
    awaited = _outbox.alias()
    waits_for_row = exists().where(awaited.c.id == _outbox.c.after_id, awaited.c.state.in_(UNSETTLED))
    due = or_(_outbox.c.not_before.is_(None), _outbox.c.not_before <= clock())
    return (
        select(_outbox.c.id)
        .where(_waiting, due, _outbox.c.lane.in_(bindparam("lanes", expanding=True)))
        .where(or_(_outbox.c.lane == Lane.TAP, ~is_blocked), or_(_outbox.c.after_id.is_(None), ~waits_for_row))
        .order_by(_outbox.c.lane, _outbox.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )


# What every call needs is built once: building a statement takes longer than running it.
_CLAIMABLE = _claimable()
_CLAIM = (
    update(_outbox)
    .where(_outbox.c.id.in_(bindparam("rows", expanding=True)))
    .values(
        state=DeliveryState.SENDING,
        attempts=_outbox.c.attempts + 1,
        claim_owner=bindparam("owner"),
        claim_token=bindparam("token"),
        claim_until=clock(CLAIM_LASTS),
    )
    .returning(*_COLUMNS)
)


async def claim(session: Session, owner: str, most: int, lanes: Iterable[int]) -> list[Owed]:
    """Claim up to *most* calls that may go now, marked as under way; at most one of each chat.

    They are marked *sending* in this transaction, before the call, so that after a kill it is known which
    calls may have been made.
    """
    connection = await session.connection()
    ids = (await connection.execute(_CLAIMABLE, {"most": most, "lanes": list(lanes)})).scalars().all()
    if not ids:
        return []
    token = secrets.token_hex(8)
    rows = (await connection.execute(_CLAIM, {"rows": ids, "owner": owner, "token": token})).all()
    owed = [Owed(**row._mapping, token=token) for row in rows]
    return sorted(owed, key=lambda one: (one.lane, one.id))


@dataclass(frozen=True)
class Settlement:
    """What became of one call."""

    owed: Owed
    state: DeliveryState
    reason: str | None = None
    message_ids: list[int] | None = None
    wait: timedelta | None = None
    """For a row that goes back to waiting: how long it rests, and its chat with it."""
    changes: Mapping[str, Any] | None = None
    """Columns that change before the next try (a lost edit becomes a message, a broken form goes plain)."""

    @property
    def is_plainly_sent(self) -> bool:
        """Nothing but "sent" and the ids of the messages is to be written, as for nearly all calls."""
        is_bare = self.reason is None and not self.changes and not self.owed.is_secret
        return is_bare and self.state is DeliveryState.SENT

    @property
    def claim(self) -> tuple[int, str]:
        return self.owed.id, self.owed.token


_NO_CLAIM: dict[str, Any] = {"claim_owner": None, "claim_token": None, "claim_until": None}
_UNDER_WAY = (
    select(_outbox.c.id, _outbox.c.claim_token)
    .where(_outbox.c.id.in_(bindparam("rows", expanding=True)), _outbox.c.state == DeliveryState.SENDING)
    .order_by(_outbox.c.id)
    .with_for_update()
)
_SENT = (
    update(_outbox)
    .where(_outbox.c.id == bindparam("row"))
    .values(state=DeliveryState.SENT, settled_at=clock(), message_ids=bindparam("told"), reason=None, **_NO_CLAIM)
)


async def settle(session: Session, settlements: Sequence[Settlement]) -> list[bool]:
    """Write down what became of calls; False for each whose claim had run out, since somebody else decides it."""
    held = await _settle_sent(session, [one for one in settlements if one.is_plainly_sent])
    return [one.claim in held if one.is_plainly_sent else await _settle_one(session, one) for one in settlements]


async def _settle_sent(session: Session, sent: Sequence[Settlement]) -> set[tuple[int, str]]:
    """Settle any number at the price of two statements; return the claims that were still ours."""
    if not sent:
        return set()
    connection = await session.connection()
    under_way = await connection.execute(_UNDER_WAY, {"rows": [one.owed.id for one in sent]})
    held = {(int(row.id), str(row.claim_token)) for row in under_way}
    told = [{"row": one.owed.id, "told": one.message_ids} for one in sent if one.claim in held]
    if told:
        await connection.execute(_SENT, told)
    return held


async def _settle_one(session: Session, settlement: Settlement) -> bool:
    owed = settlement.owed
    reason = sound(settlement.reason) if settlement.reason else None
    values: dict[str, Any] = {"state": settlement.state, "reason": reason, **_NO_CLAIM}
    if settlement.state in UNSETTLED:
        values["not_before"] = clock(settlement.wait or timedelta())
    else:
        values |= {"settled_at": clock(), "message_ids": settlement.message_ids}
        if owed.is_secret:
            values["arguments"] = {}
    ours = and_(_outbox.c.id == owed.id, _outbox.c.claim_token == owed.token, _outbox.c.state == DeliveryState.SENDING)
    done = await (await session.connection()).execute(
        update(_outbox).where(ours).values(**values, **(settlement.changes or {}))
    )
    return bool(done.rowcount)


async def unclaim(session: Session, owed: Sequence[Owed], wait: timedelta = timedelta()) -> None:
    """Put rows back that were claimed and not called: nothing happened to them."""
    rows = [Settlement(one, DeliveryState.WAITING, wait=wait, changes={"attempts": one.attempts - 1}) for one in owed]
    await settle(session, rows)


async def recover(session: Session, *, everything: bool, known: Collection[int] = ()) -> int:
    """Deal with calls that were under way when their deliverer went away; return how many there were.

    Nobody knows whether they arrived: a reply goes once more, bulk is left to a person's decision unless it says that
    it goes again, and what harms nobody twice (an edit, a deletion, a reaction) goes again. *everything*: claims that
    have not run out yet too, for the only process of a database at its start. *known*: rows whose fate the asking
    process knows or will know; while the database is away it cannot settle them, and their claims run out.
    """
    gone = and_(_outbox.c.state == DeliveryState.SENDING, _outbox.c.id.not_in(known))
    if not everything:
        gone = and_(gone, _outbox.c.claim_until < clock())
    harmless = or_(_outbox.c.edits.is_not(None), _outbox.c.method.in_(REPEATABLE))
    as_reply = or_(_outbox.c.lane != Lane.BULK, _outbox.c.goes_again)
    once_more = or_(harmless, and_(as_reply, _outbox.c.unknowns == 0))
    no_claim = {"claim_owner": None, "claim_token": None, "claim_until": None}
    again = update(_outbox).where(gone, once_more)
    back = await (await session.connection()).execute(
        again.values(state=DeliveryState.WAITING, unknowns=_outbox.c.unknowns + 1, **no_claim)
    )
    lost = await (await session.connection()).execute(
        update(_outbox)
        # Said again, since a claim may run out between the two statements.
        .where(gone, ~once_more)
        .values(state=DeliveryState.UNCERTAIN, reason="process ended", settled_at=clock(), arguments=_KEPT, **no_claim)
    )
    return int(back.rowcount + lost.rowcount)


REPEATABLE = (
    "answer_callback_query",
    "answer_inline_query",
    "close_forum_topic",
    "delete_message",
    "delete_messages",
    "delete_my_commands",
    "edit_forum_topic",
    "pin_chat_message",
    "reopen_forum_topic",
    "send_chat_action",
    "set_message_reaction",
    "set_my_commands",
)
"""Calls that change nothing when made twice; edits are told by `edits`."""


async def follows(session: Session, row: int) -> bool:
    """Whether a row goes after another that went, or may have gone."""
    before = _outbox.alias()
    went = before.c.state.in_([DeliveryState.SENT, DeliveryState.UNCERTAIN])
    found = select(before.c.id).join(_outbox, _outbox.c.after_id == before.c.id).where(_outbox.c.id == row, went)
    return (await (await session.connection()).execute(found)).first() is not None


async def skip_waiting(session: Session, person_id: int, reason: str, *, heard: Collection[str] = ()) -> int:
    """Skip all that waits for a person who cannot be reached; return how many rows.

    Those whose verb is one of *heard* are too late from now on: the deliverer skips them, and the verb hears of it.
    """
    theirs = _outbox.c.person_id == person_id
    is_heard = and_(_outbox.c.verb.is_not(None), _outbox.c.verb.in_(heard))
    if heard:
        expiring = update(_outbox).where(theirs, _waiting, is_heard).values(expires_at=LONG_AGO)
        await (await session.connection()).execute(expiring)
    return await _skip(session, and_(theirs, ~is_heard), reason)


async def skip_waiting_in(session: Session, chat_id: int, reason: str) -> int:
    """Skip all that waits for a chat; return how many rows."""
    return await _skip(session, _outbox.c.chat_id == chat_id, reason)


async def skip_row(session: Session, row: int, reason: str) -> bool:
    """Take one row back; False when it waits no longer."""
    return bool(await _skip(session, _outbox.c.id == row, reason))


async def expire_row(session: Session, row: int, at: datetime, *, is_silent: bool = False) -> None:
    """A row that is not settled goes no more from *at* on, nor should its call that is under way come back.

    *is_silent*: nor does its verb hear of that then.
    """
    silence: dict[str, Any] = {"verb": None, "verb_arguments": None} if is_silent else {}
    ends = case((_outbox.c.expires_at < at, _outbox.c.expires_at), else_=at)
    expiring = update(_outbox).where(_outbox.c.id == row, _outbox.c.state.in_(UNSETTLED))
    await (await session.connection()).execute(expiring.values(expires_at=ends, **silence))


async def _skip(session: Session, which: ColumnElement[bool], reason: str) -> int:
    skipped = {"state": DeliveryState.SKIPPED, "reason": reason, "settled_at": clock(), "arguments": _KEPT}
    done = await (await session.connection()).execute(update(_outbox).where(which, _waiting).values(**skipped))
    return int(done.rowcount)


async def move_waiting(session: Session, chat_id: int, new_chat_id: int) -> int:
    """Let what waits for a chat go to the one it became; return how many rows.

    What would change a message or a topic is skipped: in the other chat its number is another one's.
    """
    connection = await session.connection()
    columns = (_outbox.c.id, _outbox.c.method, _outbox.c.arguments)
    theirs = select(*columns).where(_outbox.c.chat_id == chat_id, _waiting)
    rows = (await connection.execute(theirs.order_by(_outbox.c.id).with_for_update())).all()
    for row in rows:
        if stays_behind(row.method, row.arguments):
            await skip_row(session, row.id, STAYED_BEHIND)
            continue
        arguments = in_other_chat(row.arguments, new_chat_id)
        await connection.execute(
            update(_outbox).where(_outbox.c.id == row.id).values(chat_id=new_chat_id, arguments=arguments)
        )
    note_new(session, "outbox")
    return len(rows)


STAYED_BEHIND = "chat migrated, and its messages have other numbers there"


def stays_behind(method: str, arguments: Mapping[str, Any]) -> bool:
    """Whether a call is about a message or a topic that is there already."""
    is_about_topic = method.endswith("_forum_topic") and "message_thread_id" in arguments
    return is_about_topic or "message_id" in arguments or "message_ids" in arguments


def in_other_chat(arguments: Mapping[str, Any], chat_id: int) -> dict[str, Any]:
    """*arguments* for a chat in which messages and topics have other numbers."""
    kept = {name: value for name, value in arguments.items() if name not in {"reply_parameters", "message_thread_id"}}
    return {**kept, "chat_id": chat_id} if "chat_id" in kept else kept


async def rest(session: Session, waits: Mapping[int, timedelta]) -> None:
    """Let rows (by id) rest, and their chats with them, because a chat takes only so many messages."""
    for row, wait in waits.items():
        await (await session.connection()).execute(
            update(_outbox).where(_outbox.c.id == row, _waiting).values(not_before=clock(wait))
        )


async def counts(session: Session) -> dict[str, int]:
    """How many rows stand in each state."""
    rows = await (await session.connection()).execute(select(_outbox.c.state, func.count()).group_by(_outbox.c.state))
    return {str(state.value): int(number) for state, number in rows}


async def backlog(session: Session) -> tuple[dict[tuple[int, str], int], dict[int, float]]:
    """How many unsettled calls there are, by lane and state, and by lane for how many seconds the oldest has waited."""
    numbers = {(int(lane), state.value): 0 for lane in Lane for state in UNSETTLED}
    waited = {int(lane): 0.0 for lane in Lane}
    columns = (_outbox.c.lane, _outbox.c.state)
    unsettled = select(*columns, func.count(), func.min(_outbox.c.created_at)).where(_outbox.c.state.in_(UNSETTLED))
    for lane, state, number, oldest in await (await session.connection()).execute(unsettled.group_by(*columns)):
        numbers[lane, state.value] = int(number)
        if state is DeliveryState.WAITING:
            waited[lane] = max(0.0, (datetime.now(UTC) - oldest).total_seconds())
    return numbers, waited


async def waiting_in_bulk(session: Session) -> int:
    """How many unsettled calls there are in the bulk lane."""
    unsettled = select(func.count()).where(_outbox.c.lane == Lane.BULK, _outbox.c.state.in_(UNSETTLED))
    return int((await (await session.connection()).execute(unsettled)).scalar_one())


async def seconds_until_due(session: Session) -> float | None:
    """How long until the next row that rests may go; None when none rests."""
    first = await (await session.connection()).execute(
        # What is due and was not claimed waits for something else, which rings when it is over.
        select(func.min(_outbox.c.not_before)).where(_waiting, _outbox.c.not_before > clock())
    )
    due = first.scalar()
    return None if due is None else max(0.0, (due - datetime.now(UTC)).total_seconds())


async def forget(session: Session, before: datetime) -> None:
    """Delete what was settled before *before*."""
    await (await session.connection()).execute(
        delete(_outbox).where(_outbox.c.state.not_in(UNSETTLED), _outbox.c.settled_at < before)
    )
