"""From a line of people to calls: who comes next, whether they are still to get it, and what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, select, update

from db import bulk
from db.bulk import Claimed, Outcome
from db.models import UNDER_WAY, Broadcast, BroadcastKind, BroadcastState, Person, RecipientState
from db.session import Session
from domain import people
from domain.broadcasts import audience, outlets, quiet, states
from domain.broadcasts.content import PIN, Content, Frame, Step, arguments_of, content_of, filled, steps
from domain.district import District
from domain.post import NO_PREVIEW
from messages import FIRST_LANGUAGE, say

DELETABLE_FOR = timedelta(hours=47, minutes=55)
"""Telegram deletes for 48 hours what a bot sent; a little less, since clocks differ."""

ENOUGH_FAILURES, TOO_MANY = 10, 0.2
"""So many failures, and such a part of all that were sent, pause a broadcast: something is wrong with it."""

WRONG = (RecipientState.FAILED, RecipientState.UNCERTAIN)
"""What counts as a failure there: of a gateway that answers in Telegram's place everything becomes uncertain."""

FAILURES = "failures"
"""Why such a one stands still."""

STOPPED = "process stopped"
"""Why nobody knows of a call that was cut off at an orderly stop."""

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
    version: int | None
    """Of the words they will have then."""
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
        corrected_on = None
        if broadcast.kind is BroadcastKind.CORRECTION:
            corrected_on = broadcast.made_at.astimezone(ZoneInfo(self.district.timezone)).date()
        return Frame(name, code or broadcast.code or "", self.username, broadcast.topic, corrected_on)

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
        version = broadcast.version if step.text else row.version
        return Call(row, step.method, arguments, step.cost, version, len(every), step.method == PIN)

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
            # Telegram counts no deletions; a whole district's at once would be tempting it all the same.
            arguments: dict[str, Any] = {"chat_id": row.chat_id, "message_ids": ids}
            return Call(row, "delete_messages", arguments, 1, broadcast.version, 1, is_repeatable=True)
        language = row.language or FIRST_LANGUAGE
        said = next(step for step in self._steps(broadcast, content, frame, row) if step.text)
        if is_recall:
            text = say("broadcast.withdrawn", office=frame.office, code=frame.code).in_language(language)
            markup: Any = {"inline_keyboard": []}
        else:
            text = filled(said.arguments[said.text], row.name, row.business, content.fallbacks, language)
            markup = said.arguments["reply_markup"]
        arguments = {"chat_id": row.chat_id, "message_id": ids[-1], "parse_mode": "HTML", "reply_markup": markup}
        if _stands_alone(content, ids):
            arguments |= {"text": text, "link_preview_options": NO_PREVIEW}
            method = "edit_message_text"
        else:
            arguments["caption"] = text
            method = "edit_message_caption"
        return Call(row, method, arguments, 1, broadcast.version, row.step + 1, is_repeatable=True)


def _stands_alone(content: Content, ids: Sequence[int]) -> bool:
    """Whether the last of these messages holds the words by themselves, and not under a file.

    Decided by what somebody has, not by the language they read now: that may be another than when it was sent.
    """
    return bool(content.place) or not content.files or len(ids) > len(content.files)


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
            made = press.calls(broadcast, await _parents_code(session, broadcast), going, now)
            begun = await bulk.begin(session, token, {call.row.id: call.version for call in made})
            calls += [call for call in made if call.row.id in begun]
    return calls


async def _parents_code(session: Session, broadcast: Broadcast) -> str | None:
    parent = await session.get(Broadcast, broadcast.parent_id) if broadcast.parent_id else None
    return parent.code if parent else None


async def _going(
    session: Session, press: Press, token: str, broadcast: Broadcast, rows: list[Claimed], now: datetime
) -> list[Claimed]:
    if broadcast.state is not BroadcastState.RUNNING:
        await bulk.put_back(session, token, [row.id for row in rows], now)
        return []
    until = await quiet.until(session, press.district, now) if broadcast.keeps_quiet_hours else None
    if until is not None:
        await bulk.put_back(session, token, [row.id for row in rows if row.step == 0], until)
        await bulk.rest(session, broadcast.id, until)
        rows = [row for row in rows if row.step > 0]  # half of it is there already
    gone = await _gone(session, broadcast, rows)
    if gone:
        await bulk.skip(session, gone, now)
    left_out = {id for ids in gone.values() for id in ids}
    return [row for row in rows if row.id not in left_out]


LEFT_ALTOGETHER = ("erased", "stopped", "unreachable")
"""Reasons for which somebody does not get the rest either of what they have half of."""


async def _gone(session: Session, broadcast: Broadcast, rows: Sequence[Claimed]) -> dict[str, list[int]]:
    """By reason, the rows of those who are not to get it any more."""
    by_person = {row.person_id: row for row in rows if row.person_id is not None}
    if broadcast.kind is BroadcastKind.NOTICE:
        there = await audience.still(session, broadcast, list(by_person))
        left = [person_id for person_id in by_person if person_id not in there]
        found = await audience.why_not(session, broadcast, left) if left else {}
    else:
        # What is changed concerns whoever has it; of who was erased nobody knows any more what they have.
        found = {"erased": await _erased(session, list(by_person))}
    gone = {
        reason: [row.id for row in map(by_person.__getitem__, ids) if not row.step or reason in LEFT_ALTOGETHER]
        for reason, ids in found.items()
    }
    if public := [row for row in rows if row.person_id is None]:
        standing = await audience.reachable_outlets(session, [one.chat_id for one in public])
        there = {outlet.chat_id for outlet in standing}
        gone["outlet lost"] = [row.id for row in public if row.chat_id not in there]
    return {reason: ids for reason, ids in gone.items() if ids}


async def _erased(session: Session, person_ids: Sequence[int]) -> list[int]:
    # Looked up anew: a row that was taken before they were erased still holds what they had.
    gone = select(Person.id).where(col(Person.id).in_(person_ids), col(Person.erased_at).is_not(None))
    return list((await session.exec(gone)).all())


async def settle(
    session: Session, token: str, outcomes: Sequence[Outcome], who: Mapping[int, Claimed], now: datetime
) -> list[int]:
    """Write down what became of calls. *who*: the rows, by id. Returns broadcasts that were paused by failures."""
    attempts = {id: row.attempts + 1 for id, row in who.items()}
    held = await bulk.settle(session, token, outcomes, attempts, now)
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
        elif one.state is RecipientState.UNCERTAIN and one.reason == STOPPED:
            await _tolerate(session, row.broadcast_id, 1)
        elif one.state in WRONG:
            failing.add(row.broadcast_id)
    return [id for id in sorted(failing) if await _pause_if_failing(session, id, now)]


async def _pause_if_failing(session: Session, broadcast_id: int, now: datetime) -> bool:
    broadcast = await states.lock(session, broadcast_id)
    if broadcast is None or broadcast.state is not BroadcastState.RUNNING:
        return False
    numbers = await bulk.counts(session, broadcast_id)
    failed = sum(numbers[state] for state in WRONG) - broadcast.tolerated
    called = failed + numbers[RecipientState.SENT]
    if failed < ENOUGH_FAILURES or failed < TOO_MANY * called or not any(numbers[state] for state in UNDER_WAY):
        return False
    states.move(broadcast, BroadcastState.PAUSED, now)
    broadcast.why = FAILURES
    return True


async def wrong(session: Session, broadcast_id: int) -> int:
    """How many failed or are uncertain."""
    numbers = await bulk.counts(session, broadcast_id)
    return sum(numbers[state] for state in WRONG)


async def _tolerate(session: Session, broadcast_id: int, number: int) -> None:
    """So many are wrong through our own end, and say nothing about the broadcast."""
    more = update(Broadcast).where(col(Broadcast.id) == broadcast_id)
    await (await session.connection()).execute(more.values(tolerated=col(Broadcast.tolerated) + number))


async def recover(session: Session, known: Sequence[int] = ()) -> tuple[int, int]:
    """Deal with what another process left in the middle; returns how many wait again, and how many are uncertain."""
    columns = select(Broadcast.id, Broadcast.kind).where(col(Broadcast.finished_at).is_(None))
    begun = columns.where(col(Broadcast.started_at).is_not(None), col(Broadcast.total) > 0)
    waiting = uncertain = 0
    for id, kind in (await session.exec(begun.order_by(col(Broadcast.id)))).all():
        back, lost = await bulk.recover(session, {id: kind is not BroadcastKind.NOTICE}, known)
        if lost:
            await _tolerate(session, id, lost)
        waiting, uncertain = waiting + back, uncertain + lost
    return waiting, uncertain
