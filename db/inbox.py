"""The inbox: Telegram's updates, stored before they are acknowledged, claimed chat by chat.

accept -> claim -> finish | fail; what fails too often is parked with its error.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import Select, Table, Update, and_, bindparam, delete, exists, func, or_, select, update

from db.clock import clock
from db.models import ReceivedUpdate, UpdateState
from db.session import Session, note_new
from db.upsert import insert_new

CLAIM_LASTS = timedelta(seconds=30)
MOST_ATTEMPTS = 3
RETRY_AFTER = (timedelta(seconds=1), timedelta(seconds=5))
"""How long a failed update rests before its second and its third try."""

INLINE = "inline_query"
"""What somebody types after the bot's name, told with every few letters: kept no longer than it takes to answer."""

_inbox: Table = ReceivedUpdate.__table__  # type: ignore[attr-defined]  # SQLModel adds it at run time


class ClaimLost(Exception):
    """Somebody else holds this update by now; what was done for it must be undone."""


@dataclass(frozen=True)
class Accepted:
    """An update as it is to be stored: text already without identity numbers."""

    update_id: int | None
    queue_key: int
    kind: str
    payload: Any
    fault: str | None = None
    """Why it can never be handled; it is then parked at once."""


@dataclass(frozen=True)
class Claim:
    """One chat's oldest unfinished update, ours until the claim runs out."""

    id: int
    update_id: int | None
    queue_key: int
    kind: str
    payload: Any
    attempts: int
    token: str
    is_suspect: bool = False
    """It was claimed before and never settled: it may have ended its process."""

    @property
    def is_tried_too_often(self) -> bool:
        return self.attempts > MOST_ATTEMPTS


async def accept(session: Session, updates: Sequence[Accepted]) -> int:
    """Store each update once, however often Telegram repeats it; return how many were new."""
    note_new(session, "inbox")
    now = datetime.now(UTC)
    rows = [
        {
            "update_id": accepted.update_id,
            "queue_key": accepted.queue_key,
            "kind": accepted.kind,
            "payload": accepted.payload,
            "received_at": now,
            "state": UpdateState.PARKED if accepted.fault else UpdateState.WAITING,
            "attempts": 0,
            "error": accepted.fault,
            "settled_at": now if accepted.fault else None,
        }
        for accepted in updates
    ]
    return await insert_new(session, _inbox, rows, unique=["update_id"]) if rows else 0


def _claimable() -> Select[Any]:
    """The oldest unfinished updates of up to `most` chats that nobody holds and that may be tried now."""
    older = _inbox.alias()
    waiting = _inbox.c.state == UpdateState.WAITING
    is_oldest = ~exists().where(
        older.c.queue_key == _inbox.c.queue_key,
        older.c.state == UpdateState.WAITING,
        older.c.id < _inbox.c.id,
    )
    free = or_(_inbox.c.claim_until.is_(None), _inbox.c.claim_until < clock())
    due = or_(_inbox.c.not_before.is_(None), _inbox.c.not_before < clock())
    is_suspect = and_(_inbox.c.attempts > 0, _inbox.c.error.is_(None)).label("is_suspect")
    found = select(_inbox.c.id, is_suspect).where(and_(waiting, is_oldest, free, due))
    return found.order_by(_inbox.c.id).limit(bindparam("most")).with_for_update(skip_locked=True)


# What every turn needs is built once: building a statement takes longer than running it.
_CLAIMABLE = _claimable()
_CLAIM = (
    update(_inbox)
    .where(_inbox.c.id.in_(bindparam("rows", expanding=True)))
    .values(
        # Counted here, in the claim's own transaction, so that an update that kills the process is parked too.
        attempts=_inbox.c.attempts + 1,
        error=None,
        claim_owner=bindparam("owner"),
        claim_token=bindparam("token"),
        claim_until=clock(CLAIM_LASTS),
    )
    .returning(*(_inbox.c[name] for name in ("id", "update_id", "queue_key", "kind", "payload", "attempts")))
)


async def claim(session: Session, owner: str, most: int, *, is_idle: bool = True) -> list[Claim]:
    """Claim the oldest unfinished update of up to *most* chats, none of which anybody else holds.

    A suspect is claimed by itself, and only by who *is_idle*: the updates beside it would end with the process
    too, try after try, until they were parked for nothing.
    """
    candidates = (await (await session.connection()).execute(_CLAIMABLE, {"most": most})).all()
    alone = bool(candidates) and bool(candidates[0].is_suspect)
    if alone:
        candidates = candidates[:1] if is_idle else []
    ids = [row.id for row in takewhile(lambda row: alone or not row.is_suspect, candidates)]
    if not ids:
        return []
    token = secrets.token_hex(8)
    taken = {"rows": ids, "owner": owner, "token": token}
    rows = (await (await session.connection()).execute(_CLAIM, taken)).all()
    claims = [Claim(**row._mapping, token=token, is_suspect=alone) for row in rows]
    return sorted(claims, key=lambda claimed: claimed.id)


async def is_overtaken(session: Session, claimed: Claim) -> bool:
    """Whether only the newest of its kind counts, and a newer one of the same person waits already."""
    if claimed.kind != INLINE:
        return False
    newer = _inbox.alias()
    same = and_(newer.c.queue_key == claimed.queue_key, newer.c.kind == INLINE, newer.c.id > claimed.id)
    waits = select(exists().where(same, newer.c.state == UpdateState.WAITING))
    return bool((await (await session.connection()).execute(waits)).scalar_one())


async def finish(session: Session, claimed: Claim) -> None:
    """Tick the update off. Raises ClaimLost when somebody else took it meanwhile, to undo the turn."""
    await _settle(session, claimed, _FINISH_AND_FORGET if claimed.kind == INLINE else _FINISH)


async def park(session: Session, claimed: Claim, error: str) -> None:
    """Give the update up, kept with its *error*."""
    await _settle(session, claimed, _settlement(state=UpdateState.PARKED, settled_at=clock(), error=error[:2000]))


async def retry_later(session: Session, claimed: Claim, error: str) -> None:
    """Let the update go for another try after a rest that grows; its chat waits with it."""
    rest = RETRY_AFTER[min(claimed.attempts, len(RETRY_AFTER)) - 1]
    await _settle(session, claimed, _settlement(not_before=clock(rest), error=error[:2000]))


async def release(session: Session, claimed: Claim) -> None:
    """Let the update go untried: the trouble was outside, so no attempt is counted."""
    untried = {"attempts": _inbox.c.attempts - 1, "not_before": clock(timedelta(seconds=1))}
    await _settle(session, claimed, _settlement(**untried))


def _settlement(**values: Any) -> Update:
    ours = and_(_inbox.c.id == bindparam("row"), _inbox.c.claim_token == bindparam("token"))
    still_waits = _inbox.c.state == UpdateState.WAITING
    no_claim = {"claim_owner": None, "claim_token": None, "claim_until": None}
    return update(_inbox).where(ours, still_waits).values(**no_claim, **values)


_FINISH = _settlement(state=UpdateState.FINISHED, settled_at=clock(), error=None)
_FINISH_AND_FORGET = _settlement(state=UpdateState.FINISHED, settled_at=clock(), error=None, payload=None)


async def _settle(session: Session, claimed: Claim, settlement: Update) -> None:
    done = await (await session.connection()).execute(settlement, {"row": claimed.id, "token": claimed.token})
    if done.rowcount == 0:
        raise ClaimLost(claimed.id)


async def free_all_claims(session: Session) -> int:
    """At the start of the only process of a database: nobody holds anything. Returns how many were held."""
    held = and_(_inbox.c.state == UpdateState.WAITING, _inbox.c.claim_token.is_not(None))
    freed = await (await session.connection()).execute(
        update(_inbox).where(held).values(claim_owner=None, claim_token=None, claim_until=None)
    )
    return int(freed.rowcount)


async def depth(session: Session) -> int:
    """How many updates wait."""
    waiting = select(func.count()).where(_inbox.c.state == UpdateState.WAITING)
    return int((await (await session.connection()).execute(waiting)).scalar_one())


async def counts(session: Session) -> dict[str, int]:
    """How many updates stand in each state."""
    rows = await (await session.connection()).execute(select(_inbox.c.state, func.count()).group_by(_inbox.c.state))
    return {str(state.value): int(number) for state, number in rows}


async def backlog(session: Session) -> tuple[dict[str, int], float]:
    """How many updates wait and are parked, by state, and for how many seconds the oldest has waited."""
    states = (UpdateState.WAITING, UpdateState.PARKED)
    numbers, waited = {state.value: 0 for state in states}, 0.0
    by_state = select(_inbox.c.state, func.count(), func.min(_inbox.c.received_at)).group_by(_inbox.c.state)
    for state, number, oldest in await (await session.connection()).execute(by_state.where(_inbox.c.state.in_(states))):
        numbers[state.value] = int(number)
        if state is UpdateState.WAITING:
            waited = max(0.0, (datetime.now(UTC) - oldest).total_seconds())
    return numbers, waited


async def parked_since(session: Session, moment: datetime | None) -> tuple[int, datetime | None]:
    """How many updates were parked after *moment* (None: ever, as far as they are kept), and when the last one was."""
    parked = _inbox.c.state == UpdateState.PARKED
    after = and_(parked, _inbox.c.settled_at > moment) if moment else parked
    found = await (await session.connection()).execute(select(func.count(), func.max(_inbox.c.settled_at)).where(after))
    number, last = found.one()
    return int(number), last


async def forget(session: Session, payloads_before: datetime, rows_before: datetime) -> None:
    """Empty the payload of what was settled before the one time, delete what was settled before the other."""
    settled = _inbox.c.state != UpdateState.WAITING
    await (await session.connection()).execute(
        update(_inbox)
        .where(settled, _inbox.c.settled_at < payloads_before, _inbox.c.payload.is_not(None))
        .values(payload=None)
    )
    await (await session.connection()).execute(delete(_inbox).where(settled, _inbox.c.settled_at < rows_before))
