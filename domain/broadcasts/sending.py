"""From a line of people to calls: who comes next, whether they are still to get it, and what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, func, select

from db import bulk
from db.bulk import Claimed, Outcome
from db.models import Broadcast, BroadcastKind, BroadcastState, RecipientState
from db.session import Session
from domain import people
from domain.broadcasts import audience, outlets, quiet, states
from domain.broadcasts.content import PIN, Content, Frame, Step, arguments_of, content_of, filled, steps
from domain.district import District
from messages import FIRST_LANGUAGE, say

CALLED_OFF = "cancelled"

DELETABLE_FOR = timedelta(hours=47, minutes=55)
"""Telegram deletes for 48 hours what a bot sent; a little less, since clocks differ."""

ENOUGH_FAILURES, TOO_MANY = 10, 0.2
"""So many failures, and such a part of all that were sent, pause a broadcast: something is wrong with it."""

FAILURES = "failures"
"""Why such a one stands still."""

_KEPT_PAGES = 64


@dataclass(frozen=True, slots=True)
class Call:
    """One call to be made, and what it means for whom it goes to."""

    row: Claimed
    method: str
    """As the Bot API's, in Python's spelling."""
    arguments: dict[str, Any]
    cost: int
    """Messages, as Telegram counts them."""
    version: int
    steps: int
    """How many calls there are for each."""
    is_repeatable: bool
    """Made twice it harms nobody."""

    @property
    def is_last(self) -> bool:
        return self.row.step + 1 >= self.steps


@dataclass
class Press:
    """Turns rows into calls; keeps the few pages that everybody gets, which only their blanks tell apart."""

    district: District
    username: str
    is_paid: bool = False
    """Calls may cost Stars, and go beyond the free limit."""
    _pages: dict[tuple[int, int, str, bool], list[Step]] = field(default_factory=dict)

    def frame(self, broadcast: Broadcast, code: str | None = None) -> Frame:
        """What stands around its words. *code*: of the one that it changes."""
        office = self.district.office(broadcast.office)
        name = office.short_name if office else self.district.name
        return Frame(name, code or broadcast.code or "", self.username, broadcast.topic)

    def calls(self, broadcast: Broadcast, code: str | None, rows: Sequence[Claimed], now: datetime) -> list[Call]:
        """The next call for each of *rows*, all of one broadcast; *code*: of the one that it changes."""
        content, frame = content_of(broadcast.content), self.frame(broadcast, code)
        if broadcast.kind is BroadcastKind.NOTICE:
            return [self._sends(broadcast, content, frame, row) for row in rows]
        return [self._changes(broadcast, content, frame, row, now) for row in rows]

    def _sends(self, broadcast: Broadcast, content: Content, frame: Frame, row: Claimed) -> Call:
        every = self._steps(broadcast, content, frame, row)
        step = every[min(row.step, len(every) - 1)]
        language = row.language or FIRST_LANGUAGE
        arguments = arguments_of(step, row.name, row.business, content.fallbacks, language)
        arguments["chat_id"] = row.chat_id
        if step.method == PIN:
            arguments["message_id"] = (row.message_ids or [0])[0]
        elif self.is_paid:
            arguments["allow_paid_broadcast"] = True
        return Call(row, step.method, arguments, step.cost, broadcast.version, len(every), step.method == PIN)

    def _steps(self, broadcast: Broadcast, content: Content, frame: Frame, row: Claimed) -> list[Step]:
        is_public = row.person_id is None
        key = (broadcast.id, broadcast.version, row.language, is_public)
        if key not in self._pages:
            if len(self._pages) >= _KEPT_PAGES:
                self._pages.clear()
            self._pages[key] = steps(
                content,
                frame,
                row.language or FIRST_LANGUAGE,
                is_public=is_public,
                is_silent=broadcast.is_silent,
                is_pinned=broadcast.is_pinned,
            )
        return self._pages[key]

    def _changes(self, broadcast: Broadcast, content: Content, frame: Frame, row: Claimed, now: datetime) -> Call:
        ids = row.target_ids or []
        is_recall = broadcast.kind is BroadcastKind.RECALL
        # What could not be deleted the first time is said to be withdrawn.
        is_young = row.target_at is not None and now - row.target_at < DELETABLE_FOR
        if is_recall and is_young and row.step == 0:
            return Call(row, "delete_messages", {"chat_id": row.chat_id, "message_ids": ids}, 0, 1, 1, True)
        language = row.language or FIRST_LANGUAGE
        said = next(step for step in self._steps(broadcast, content, frame, row) if step.text)
        if is_recall:
            text = say("broadcast.withdrawn", office=frame.office, code=frame.code).in_language(language)
            markup: Any = {"inline_keyboard": []}
        else:
            text = filled(said.arguments[said.text], row.name, row.business, content.fallbacks, language)
            markup = said.arguments["reply_markup"]
        method = "edit_message_text" if said.text == "text" else "edit_message_caption"
        arguments = {"chat_id": row.chat_id, "message_id": ids[-1], said.text: text, "parse_mode": "HTML"}
        if said.text == "text":
            arguments["link_preview_options"] = said.arguments["link_preview_options"]
        return Call(row, method, {**arguments, "reply_markup": markup}, 1, broadcast.version, row.step + 1, True)


async def running(session: Session) -> list[Broadcast]:
    """What is being sent, the oldest first."""
    now_running = select(Broadcast).where(col(Broadcast.state) == BroadcastState.RUNNING)
    return list((await session.exec(now_running.order_by(col(Broadcast.started_at), col(Broadcast.id)))).all())


async def claim(session: Session, token: str, most: int, now: datetime) -> list[Claimed]:
    """Take up to *most* who come next, of the oldest broadcast that has somebody waiting."""
    claimed: list[Claimed] = []
    for broadcast in await running(session):
        if len(claimed) < most:
            claimed += await bulk.claim(session, token, broadcast.id, most - len(claimed), now)
    return claimed


async def begin(session: Session, press: Press, token: str, claimed: Sequence[Claimed], now: datetime) -> list[Call]:
    """The calls to be made for those *claimed* once this is committed; who is not to get it any more is skipped.

    Broadcast, hour and audience are looked at once more, and the broadcast stands still until the commit.
    """
    calls: list[Call] = []
    by_broadcast: dict[int, list[Claimed]] = {}
    for row in claimed:
        by_broadcast.setdefault(row.broadcast_id, []).append(row)
    for broadcast_id, rows in sorted(by_broadcast.items()):
        broadcast = await session.get(Broadcast, broadcast_id, with_for_update={"read": True}, populate_existing=True)
        if broadcast is None:
            continue
        there = await bulk.readdressed(session, rows)
        if going := await _going(session, press, token, broadcast, there, now):
            begun = await bulk.begin(session, token, [row.id for row in going])
            code = await _parents_code(session, broadcast)
            calls += press.calls(broadcast, code, [row for row in going if row.id in begun], now)
    return calls


async def _parents_code(session: Session, broadcast: Broadcast) -> str | None:
    parent = await session.get(Broadcast, broadcast.parent_id) if broadcast.parent_id else None
    return parent.code if parent else None


async def _going(
    session: Session, press: Press, token: str, broadcast: Broadcast, rows: list[Claimed], now: datetime
) -> list[Claimed]:
    ids = [row.id for row in rows]
    if broadcast.state is not BroadcastState.RUNNING:
        await bulk.put_back(session, token, ids, now)
        return []
    until = await quiet.until(session, press.district, now) if broadcast.keeps_quiet_hours else None
    if until is not None:
        await bulk.put_back(session, token, ids, until)
        await bulk.rest(session, broadcast.id, until)
        return []
    if broadcast.kind is not BroadcastKind.NOTICE:
        return rows
    begun = [row for row in rows if row.step > 0]  # they have half of it already
    new = [row for row in rows if row.step == 0]
    gone = await _gone(session, broadcast, new)
    if gone:
        await bulk.skip(session, gone, now)
    left_out = {id for ids in gone.values() for id in ids}
    return begun + [row for row in new if row.id not in left_out]


async def _gone(session: Session, broadcast: Broadcast, rows: Sequence[Claimed]) -> dict[str, list[int]]:
    """By reason, the rows of those who are not to get it any more."""
    by_person = {row.person_id: row.id for row in rows if row.person_id is not None}
    there = await audience.still(session, broadcast, list(by_person))
    left = [person_id for person_id in by_person if person_id not in there]
    found = await audience.why_not(session, broadcast, left) if left else {}
    gone = {reason: [by_person[person_id] for person_id in ids] for reason, ids in found.items()}
    public = [row for row in rows if row.person_id is None]
    standing = {outlet.chat_id for outlet in await audience.reachable_outlets(session, [one.chat_id for one in public])}
    if lost := [row.id for row in public if row.chat_id not in standing]:
        gone["outlet lost"] = lost
    return gone


async def settle(
    session: Session, token: str, outcomes: Sequence[Outcome], who: Mapping[int, Claimed], now: datetime
) -> list[int]:
    """Write down what became of calls. *who*: the rows, by id. Returns broadcasts that were paused by failures."""
    held = await bulk.settle(session, token, outcomes, now)
    failing: set[int] = set()
    for one in outcomes:
        row = who[one.id]
        if one.id not in held:
            continue
        if one.moved_to is not None:
            await outlets.migrate(session, row.chat_id, one.moved_to, now)
        if one.state is RecipientState.BLOCKED and row.person_id is not None:
            await people.mark_unreachable(session, row.person_id, one.reason or "unreachable")
        elif one.state is RecipientState.BLOCKED:
            await outlets.lose(session, row.chat_id, now)
        elif one.state is RecipientState.FAILED:
            failing.add(row.broadcast_id)
    return [id for id in sorted(failing) if await _pause_if_failing(session, id, now)]


async def _pause_if_failing(session: Session, broadcast_id: int, now: datetime) -> bool:
    broadcast = await states.lock(session, broadcast_id)
    if broadcast is None or broadcast.state is not BroadcastState.RUNNING:
        return False
    numbers = await bulk.counts(session, broadcast_id)
    failed = numbers[RecipientState.FAILED] - broadcast.tolerated
    called = failed + numbers[RecipientState.SENT]
    if failed < ENOUGH_FAILURES or failed < TOO_MANY * called:
        return False
    states.move(broadcast, BroadcastState.PAUSED, now)
    broadcast.why = FAILURES
    return True


async def recover(session: Session, known: Sequence[int] = ()) -> tuple[int, int]:
    """Deal with what another process left in the middle; returns how many wait again, and how many are uncertain."""
    columns = select(Broadcast.id, Broadcast.kind).where(col(Broadcast.finished_at).is_(None))
    begun = columns.where(col(Broadcast.started_at).is_not(None), col(Broadcast.total) > 0)
    kinds = {id: kind is not BroadcastKind.NOTICE for id, kind in (await session.exec(begun)).all()}
    return await bulk.recover(session, kinds, known) if kinds else (0, 0)


async def next_due(session: Session) -> datetime | None:
    """When the first of those who wait in a running broadcast may be told."""
    ids = [broadcast.id for broadcast in await running(session)]
    return await bulk.next_due(session, ids) if ids else None


async def number_running(session: Session) -> int:
    """How many broadcasts are being sent."""
    counted = select(func.count()).where(col(Broadcast.state) == BroadcastState.RUNNING)
    return int((await session.exec(counted)).one())
