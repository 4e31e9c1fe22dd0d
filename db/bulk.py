"""The bulk line: who is still to get a broadcast, and what became of each.

prepare -> claim -> begin -> settle. Only the process that leads sends, so a claim names that process (its token) and
has no end of its own: whoever takes over deals with what it finds.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, case, func, insert, select, update

from db.clock import clock
from db.models import UNDER_WAY, Person, Profile, Recipient, RecipientState
from db.session import Session, note_new
from db.storable import sound

QUEUE = "bulk"
"""Rung when there is something new to send."""

FIRST = datetime.fromtimestamp(0, UTC)
"""The place in line of who has had a part of it and awaits the rest."""

_line: Table = Recipient.__table__  # type: ignore[attr-defined]  # SQLModel adds it at run time
_person: Table = Person.__table__  # type: ignore[attr-defined]  # as above
_profile: Table = Profile.__table__  # type: ignore[attr-defined]  # as above


@dataclass(frozen=True, slots=True)
class Claimed:
    """One who comes next, with what is written into their message."""

    id: int
    broadcast_id: int
    person_id: int | None
    chat_id: int
    step: int
    attempts: int
    target_ids: list[int] | None
    message_ids: list[int] | None
    target_at: datetime | None
    """When the messages it is about were sent."""
    version: int | None
    """Of the words they have already."""
    language: str
    name: str
    business: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one call."""

    id: int
    state: RecipientState
    message_ids: list[int] | None = None
    """All the recipient has so far."""
    reason: str | None = None
    not_before: datetime = FIRST
    """For one that waits again."""
    step: int = 0
    """For one that waits again: how many calls are made."""
    version: int | None = None
    """Of the words they have, or may have, now."""
    moved_to: int | None = None
    """The supergroup that their group became."""


async def write_down(session: Session, broadcast_id: int, rows: Select[Any], not_before: datetime) -> int:
    """Add a recipient for each of *rows* (person_id, chat_id, target_ids, target_at); return how many.

    Raises IntegrityError where one of them is in the broadcast already: it is a cursor that keeps them apart.
    """
    found = rows.subquery()
    state = bindparam("state", RecipientState.WAITING, type_=_line.c.state.type)
    values = select(
        bindparam("broadcast", broadcast_id, type_=_line.c.broadcast_id.type),
        found.c.person_id,
        found.c.chat_id,
        found.c.target_ids,
        found.c.target_at,
        state,
        bindparam("not_before", not_before, type_=_line.c.not_before.type),
        bindparam("step", 0),
        bindparam("attempts", 0),
    )
    columns = [
        "broadcast_id",
        "person_id",
        "chat_id",
        "target_ids",
        "target_at",
        "state",
        "not_before",
        "step",
        "attempts",
    ]
    done = await (await session.connection()).execute(insert(_line).from_select(columns, values))
    return int(done.rowcount)


def _next_in_line() -> Select[Any]:
    address = func.coalesce(_line.c.chat_id, _person.c.telegram_id)
    return (
        select(
            _line.c.id,
            _line.c.broadcast_id,
            _line.c.person_id,
            address.label("chat_id"),
            _line.c.step,
            _line.c.attempts,
            _line.c.target_ids,
            _line.c.message_ids,
            _line.c.target_at,
            _line.c.version,
            func.coalesce(_person.c.language, "").label("language"),
            func.coalesce(_profile.c.name, _person.c.name, "").label("name"),
            func.coalesce(_profile.c.business, "").label("business"),
        )
        .select_from(_line.outerjoin(_person, _person.c.id == _line.c.person_id))
        .outerjoin(_profile, _profile.c.person_id == _line.c.person_id)
        .where(
            _line.c.broadcast_id == bindparam("broadcast"),
            _line.c.state == RecipientState.WAITING,
            _line.c.not_before <= bindparam("now", type_=_line.c.not_before.type),
        )
        .order_by(_line.c.not_before, _line.c.id)
        .limit(bindparam("most"))
    )


# What every message needs is built once: building a statement takes longer than running it.
_NEXT_IN_LINE = _next_in_line()
_CLAIM = (
    update(_line)
    # Once more, since somebody may have called it off between the look and this.
    .where(_line.c.id.in_(bindparam("rows", expanding=True)), _line.c.state == RecipientState.WAITING)
    .values(state=RecipientState.CLAIMED, claim_token=bindparam("token"))
    .returning(_line.c.id)
)
_OURS = (_line.c.id.in_(bindparam("rows", expanding=True)), _line.c.claim_token == bindparam("token"))
_BEGIN = (
    update(_line)
    .where(*_OURS, _line.c.state == RecipientState.CLAIMED)
    .values(state=RecipientState.SENDING, attempts=_line.c.attempts + 1, version=bindparam("edition"))
    .returning(_line.c.id)
)
_BACK = (
    update(_line)
    .where(*_OURS, _line.c.state == RecipientState.CLAIMED)
    .values(state=RecipientState.WAITING, claim_token=None, not_before=bindparam("rest"))
)
_UNDER_WAY = (
    select(_line.c.id, _line.c.attempts)
    .where(*_OURS, _line.c.state == RecipientState.SENDING)
    .order_by(_line.c.id)
    .with_for_update()
)
# How long they have had the first of it: that is what may be too old to be deleted.
_AT = bindparam("at", type_=_line.c.settled_at.type)
_SINCE = case((_line.c.message_ids.is_not(None), func.coalesce(_line.c.settled_at, _AT)), else_=_AT)
_SETTLE = (
    update(_line)
    .where(_line.c.id == bindparam("row"))
    .values(
        state=bindparam("became"),
        message_ids=bindparam("told"),
        reason=bindparam("said"),
        step=bindparam("made"),
        version=bindparam("edition"),
        not_before=bindparam("rest"),
        settled_at=_SINCE,
        claim_token=None,
    )
)


async def claim(session: Session, token: str, broadcast_id: int, most: int, now: datetime) -> list[Claimed]:
    """Take up to *most* who come next in a broadcast; nothing is sent yet."""
    connection = await session.connection()
    given = {"broadcast": broadcast_id, "now": now, "most": most}
    rows = (await connection.execute(_NEXT_IN_LINE, given)).all()
    if not rows:
        return []
    taken = set((await connection.execute(_CLAIM, {"rows": [row.id for row in rows], "token": token})).scalars())
    return [Claimed(**row._mapping) for row in rows if row.id in taken]


async def readdressed(session: Session, claimed: list[Claimed]) -> list[Claimed]:
    """The same, to where channels and groups are now: one may have become a supergroup since it was claimed."""
    public = [row.id for row in claimed if row.person_id is None]
    if not public:
        return claimed
    found = await (await session.connection()).execute(
        select(_line.c.id, _line.c.chat_id).where(_line.c.id.in_(public))
    )
    now_at: dict[int, int] = dict(found.all())
    return [replace(row, chat_id=now_at.get(row.id, row.chat_id)) for row in claimed]


async def begin(session: Session, token: str, versions: Mapping[int, int | None]) -> set[int]:
    """Mark those as under way whose calls are made once this is committed; return which of them were still ours.

    *versions*: by row, of the words it will have then.
    """
    connection = await session.connection()
    begun: set[int] = set()
    for edition in set(versions.values()):
        rows = [row for row, version in versions.items() if version == edition]
        given = {"rows": rows, "token": token, "edition": edition}
        begun |= set((await connection.execute(_BEGIN, given)).scalars())
    return begun


async def put_back(session: Session, token: str, rows: Collection[int], not_before: datetime = FIRST) -> None:
    """Claimed and not called: they wait again."""
    if rows:
        given = {"rows": list(rows), "token": token, "rest": not_before}
        await (await session.connection()).execute(_BACK, given)


async def skip(session: Session, rows: Mapping[str, Sequence[int]], now: datetime) -> None:
    """By reason, those who do not get it after all; whatever is under way stays."""
    for reason, ids in rows.items():
        which = _line.c.id.in_(ids) & _line.c.state.in_([RecipientState.WAITING, RecipientState.CLAIMED])
        await _skip(session, which, reason, now)


async def skip_some(session: Session, broadcast_id: int, reason: str, now: datetime, most: int) -> int:
    """Skip up to *most* of those who still wait in a broadcast; return how many."""
    stands = _line.c.state.in_([RecipientState.WAITING, RecipientState.CLAIMED])
    some = select(_line.c.id).where(_line.c.broadcast_id == broadcast_id, stands).limit(most)
    return await _skip(session, _line.c.id.in_(some), reason, now)


async def _skip(session: Session, which: ColumnElement[bool], reason: str, now: datetime) -> int:
    since = case((_line.c.message_ids.is_not(None), func.coalesce(_line.c.settled_at, now)), else_=now)
    skipped = {"state": RecipientState.SKIPPED, "reason": reason, "settled_at": since, "claim_token": None}
    done = await (await session.connection()).execute(update(_line).where(which).values(**skipped))
    return int(done.rowcount)


async def settle(
    session: Session, token: str, outcomes: Sequence[Outcome], attempts: Mapping[int, int], now: datetime
) -> set[int]:
    """Write down what became of calls, any number at the price of two statements; return whose claims still held.

    *attempts*: by row, which call of its it was. One that is made anew by now is not settled by what became of the
    last: a settlement may come late, and twice where the database took the first and was lost before it said so.
    """
    if not outcomes:
        return set()
    connection = await session.connection()
    under_way = await connection.execute(_UNDER_WAY, {"rows": [one.id for one in outcomes], "token": token})
    held = {id for id, attempt in under_way if attempts[id] == attempt}
    if rows := [_row(one, now) for one in outcomes if one.id in held]:
        await connection.execute(_SETTLE, rows)
    return held


def _row(one: Outcome, now: datetime) -> dict[str, Any]:
    return {
        "row": one.id,
        "became": one.state,
        "told": one.message_ids,
        "said": sound(one.reason) if one.reason else None,
        "made": one.step,
        "edition": one.version,
        "rest": one.not_before,
        "at": None if one.state in UNDER_WAY and not one.message_ids else now,
    }


async def recover(session: Session, broadcasts: Mapping[int, bool], known: Collection[int] = ()) -> tuple[int, int]:
    """Deal with what another process left: what was not called waits again, of what was called nobody knows.

    *broadcasts*: those to look at; True for one whose calls harm nobody twice (a correction, a recall): theirs wait
    again too. *known*: rows whose fate the asking process knows or will know. Returns how many wait again and how many
    are uncertain.
    """
    connection = await session.connection()
    others = _line.c.broadcast_id.in_(list(broadcasts)) & _line.c.id.not_in(known)
    is_harmless = _line.c.broadcast_id.in_([id for id, is_repeatable in broadcasts.items() if is_repeatable])
    sending = _line.c.state == RecipientState.SENDING
    again = (_line.c.state == RecipientState.CLAIMED) | (sending & is_harmless)
    waiting = {"state": RecipientState.WAITING, "claim_token": None}
    back = await connection.execute(update(_line).where(others, again).values(**waiting))
    unknown = {"state": RecipientState.UNCERTAIN, "claim_token": None, "reason": "process ended"}
    lost = await connection.execute(update(_line).where(others, sending).values(**unknown, settled_at=clock()))
    return int(back.rowcount), int(lost.rowcount)


async def wait_again(
    session: Session, broadcast_id: int, states: Collection[RecipientState], now: datetime, reason: str | None = None
) -> int:
    """Put those of *states* (for *reason* only, if given) in line once more, because a person decided so; how many."""
    which = (_line.c.broadcast_id == broadcast_id) & _line.c.state.in_(states)
    if reason is not None:
        which &= _line.c.reason == reason
    # Who has a part of it keeps the time at which that came.
    since = case((_line.c.message_ids.is_not(None), _line.c.settled_at), else_=None)
    waiting = {"state": RecipientState.WAITING, "reason": None, "not_before": now, "settled_at": since}
    done = await (await session.connection()).execute(update(_line).where(which).values(**waiting))
    note_new(session, QUEUE)
    return int(done.rowcount)


async def rest(session: Session, broadcast_id: int, until: datetime) -> int:
    """Let all rest *until* then who wait in a broadcast and have nothing of it yet; return how many."""
    which = (_line.c.broadcast_id == broadcast_id) & (_line.c.state == RecipientState.WAITING) & (_line.c.step == 0)
    resting = which & (_line.c.not_before < until)
    done = await (await session.connection()).execute(update(_line).where(resting).values(not_before=until))
    return int(done.rowcount)


async def counts(session: Session, broadcast_id: int) -> dict[RecipientState, int]:
    """How many of a broadcast stand in each state."""
    theirs = select(_line.c.state, func.count()).where(_line.c.broadcast_id == broadcast_id)
    found = {
        state: int(number)
        for state, number in await (await session.connection()).execute(theirs.group_by(_line.c.state))
    }
    return {state: found.get(state, 0) for state in RecipientState}


async def reasons(session: Session, broadcast_id: int) -> dict[tuple[RecipientState, str], int]:
    """How many stand in a state for a reason, the most frequent first."""
    why = func.coalesce(_line.c.reason, "")
    stands = _line.c.state.in_([*set(RecipientState) - {RecipientState.SENT, *UNDER_WAY}])
    counted = select(_line.c.state, why, func.count().label("number")).where(
        _line.c.broadcast_id == broadcast_id, stands
    )
    in_order = counted.group_by(_line.c.state, why).order_by(func.count().desc(), _line.c.state, why)
    return {
        (state, reason): int(number) for state, reason, number in await (await session.connection()).execute(in_order)
    }


async def next_due(session: Session, broadcast_ids: Sequence[int]) -> datetime | None:
    """When the first of those who wait may go; None when nobody waits."""
    waits = (_line.c.broadcast_id.in_(broadcast_ids)) & (_line.c.state == RecipientState.WAITING)
    due = (await (await session.connection()).execute(select(func.min(_line.c.not_before)).where(waits))).scalar()
    return None if due is None else due.replace(tzinfo=due.tzinfo or UTC)


LOOKED_AT, ENOUGH = 200, 10
"""So many of those told last tell the pace, and fewer do not."""


async def pace(session: Session, broadcast_id: int) -> float | None:
    """Recipients a second, of those told last; None while there are too few to tell."""
    told = select(_line.c.settled_at).where(_line.c.broadcast_id == broadcast_id, _line.c.state == RecipientState.SENT)
    # In the order of the index, from its end.
    last = told.order_by(_line.c.not_before.desc(), _line.c.id.desc()).limit(LOOKED_AT)
    times = sorted(at for at in (await (await session.connection()).execute(last)).scalars() if at)
    if len(times) < ENOUGH:
        return None
    seconds = (times[-1] - times[0]).total_seconds()
    return (len(times) - 1) / seconds if seconds > 0 else None
