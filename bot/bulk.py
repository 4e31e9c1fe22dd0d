"""broadcast -> Telegram: the bulk lane, in what replies leave of the send budget. Only in the process that leads."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, TelegramError

from bot.loops import LOOK_EVERY, Bell, end
from bot.outcomes import LONGEST_BACK_OFF
from bot.pace import Pace
from bot.rests import Rests
from bot.telegram_request import READ_TIMEOUT, FloodLimit, NotSent, Offline, TelegramRequest
from db import bulk
from db.bulk import Claimed, Outcome
from db.models import Lane, RecipientState
from db.session import Database, Session
from domain.broadcasts import sending, telling
from domain.broadcasts.content import PIN
from domain.broadcasts.sending import Call, Press

log = structlog.get_logger()

AHEAD = 2.0
"""Seconds' worth of people taken from the line at a time: looking for the next costs more than the next."""

MOST_AHEAD = 500

WORTH = 0.01
"""Seconds' worth of slots that make a transaction worth its while, where there are many a second."""

SETTLED_AT_ONCE = 500

SETTLE_EVERY = 0.05
"""Seconds, so that a settlement is worth its transaction; what is not settled at a kill is uncertain."""

OURS_REST = 1.0

_GONE = ("chat not found", "user is deactivated", "bot was kicked", "bot can't initiate conversation")
_SILENCED = ("need administrator rights", "rights to send text messages", "have no rights to send a message")
"""What Telegram says where a channel or group does not let the bot write."""

_LOST = ("message to edit not found", "message_id_invalid", "message to delete not found")
_SAME = "message is not modified"


async def _always(_: Session) -> bool:
    return True


class BulkLane:
    """Takes people from the line, calls Telegram for each, and settles in groups."""

    def __init__(
        self,
        request: TelegramRequest,
        api: str,
        database: Database,
        pace: Pace,
        press: Press,
        owner: str,
        *,
        rate: float,
        in_flight: int,
        rests: Rests,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """*api*: the address with the token, to which a method's name is added."""
        self._request, self._api, self._database, self._pace, self._press = request, api, database, pace, press
        self._token, self._most, self._rests, self._now = owner, in_flight, rests, now
        self._ahead = max(1, min(MOST_AHEAD, int(rate * AHEAD)))
        self._rate, self._worth = rate, max(1, int(rate * WORTH))
        self._line: deque[Claimed] = deque()
        self._calls: dict[asyncio.Task[None], Call] = {}
        self._outcomes: list[tuple[Claimed, Outcome]] = []
        self._beginning: list[Claimed] = []
        self._settling, self._taking = asyncio.Lock(), asyncio.Lock()
        self._look_again = 0.0
        self._ours_until = 0.0
        self._is_away = False
        self.bell, self.settle_bell = Bell(), Bell()
        self.may_send: Callable[[Session], Awaitable[bool]] = _always
        """Whether this process leads, until the session's transaction ends."""
        self.on_call: Callable[[Call, RecipientState, float], None] = lambda call, state, seconds: None
        """Hears of each call, what became of it, and its seconds."""

    # Taking and calling.

    async def send_next(self) -> bool:
        """Call for those who may be told now; whether there was anybody."""
        slots = self._pace.room(Lane.BULK)
        room = min(self._most - len(self._calls), slots)
        if room <= 0 or slots < self._worth or monotonic() < self._ours_until or self._rests.left(Lane.BULK):
            return False
        # What is taken while `recover` looks would seem to it somebody else's.
        async with self._taking:
            return await self._send(room)

    async def _send(self, room: int) -> bool:
        if not self._line and (monotonic() < self._look_again or not await self._take_ahead()):
            return False
        batch, resting = self._take(room)
        try:
            calls = await self._begin(batch, resting)
        except BaseException:
            self._line.extendleft(reversed([*batch, *(row for row, _ in resting)]))
            raise
        for call in calls:
            self._pace.spend(Lane.BULK, call.row.chat_id, call.cost)
            task = asyncio.create_task(self._call(call))
            self._calls[task] = call
            task.add_done_callback(self._called)
        self.settle_bell.ring()
        return True

    async def _begin(self, batch: list[Claimed], resting: list[tuple[Claimed, float]]) -> list[Call]:
        """Mark those of *batch* as under way who are still to get it."""
        # Known before it is committed, so that `recover` takes them for nobody else's.
        self._beginning = batch
        try:
            async with self._database.transaction(bulk=True) as session:
                if not await self.may_send(session):
                    self._line.clear()
                    return []
                for row, wait in resting:
                    await bulk.put_back(session, self._token, [row.id], self._now() + timedelta(seconds=wait))
                return await sending.begin(session, self._press, self._token, batch, self._now())
        finally:
            self._beginning = []  # whoever is to be called is so before anybody else comes to run

    def wake(self) -> None:
        """Somebody is new in line, or may go on."""
        self._look_again = 0.0
        self.bell.ring()

    def rest(self) -> float:
        """Seconds until it is worth looking again, when nothing rings before."""
        now = monotonic()
        some = (self._worth - 1) / self._rate
        waits = [self._ours_until - now, self._rests.left(Lane.BULK), self._pace.wait(Lane.BULK) + some]
        if not self._line:
            waits.append(self._look_again - now)
        # All of it must be over; a call that ends, or somebody new in line, rings.
        return max(0.001, min(LOOK_EVERY, max(waits)))

    async def _take_ahead(self) -> bool:
        """Let those who come next stand ready; whether there was anybody."""
        now = self._now()
        async with self._database.transaction(bulk=True) as session:
            if not await self.may_send(session):
                return False
            self._line.extend(await sending.claim(session, self._token, self._ahead, now))
        # Rung when somebody is added; who rests until their time rings for nobody.
        self._look_again = 0.0 if self._line else monotonic() + LOOK_EVERY
        return bool(self._line)

    def _take(self, room: int) -> tuple[list[Claimed], list[tuple[Claimed, float]]]:
        """Up to *room* whose chat takes a message now, and those whose chat must rest, with the seconds."""
        batch: list[Claimed] = []
        resting: list[tuple[Claimed, float]] = []
        while self._line and len(batch) < room:
            row = self._line.popleft()
            wait = self._pace.chat_wait(row.chat_id)
            if wait > 0:
                resting.append((row, wait))
            else:
                batch.append(row)
        return batch, resting

    async def _call(self, call: Call) -> None:
        began = monotonic()
        try:
            answer = await self._request.call(f"{self._api}/{_spelled(call.method)}", call.arguments, READ_TIMEOUT)
            outcome = _succeeded(call, answer)
            self._note_back()
        except TelegramError as error:
            outcome = self._failed(call, error)
        except asyncio.CancelledError:
            # Cut off at a stop: known now, so that nobody has to look for it afterwards.
            self._outcomes.append((call.row, _unknown(call, sending.STOPPED, self._now())))
            raise
        self._outcomes.append((call.row, outcome))
        is_half = outcome.state is RecipientState.WAITING and outcome.step > call.row.step
        self.on_call(call, RecipientState.SENT if is_half else outcome.state, monotonic() - began)

    def _failed(self, call: Call, error: TelegramError) -> Outcome:
        row, reason, now = call.row, str(error)[:300], self._now()
        match error:
            case Offline() | InvalidToken() | Conflict():
                self._note_away(reason)
                outcome = _waits(row, now, reason)
            case FloodLimit():
                self._rests.note(Lane.BULK, row.chat_id, error.seconds)
                # Telegram counts from when it said so; a little more never hurts.
                outcome = _waits(row, now + timedelta(seconds=error.seconds + 0.1), reason)
            case NotSent():
                wait = min(LONGEST_BACK_OFF, 2.0 ** min(row.attempts, 10))
                outcome = _waits(row, now + timedelta(seconds=wait), reason)
            case ChatMigrated():
                outcome = replace(_waits(row, now, reason), moved_to=error.new_chat_id)
            case Forbidden() if call.method == PIN:
                outcome = _went_on(call, row.message_ids, reason)  # they have it
            case Forbidden():
                outcome = _stays(row, RecipientState.BLOCKED, reason)
            case BadRequest():
                outcome = _refused(call, reason, now)
            case _:
                outcome = _unknown(call, reason, now)
        return outcome

    def _note_away(self, reason: str) -> None:
        self._ours_until = monotonic() + OURS_REST
        if not self._is_away:
            self._is_away = True
            log.error("cannot send; the broadcast waits", error=reason)

    def _note_back(self) -> None:
        if self._is_away:
            self._is_away = False
            log.info("sending the broadcast again")

    def _called(self, task: asyncio.Task[None]) -> None:
        del self._calls[task]
        self.bell.ring()

    # Settling.

    async def settle_next(self) -> bool:
        """Write down what became of the calls made so far. Always False: the next time is `rest_of_settling` away."""
        # One at a time: at a stop the loop and `drain` would both settle the same.
        async with self._settling:
            settling = self._outcomes[:SETTLED_AT_ONCE]
            if not settling:
                return False
            # Of two calls for one row, which there are when it was taken from us meanwhile, the later counts.
            who, newest = {row.id: row for row, _ in settling}, {one.id: one for _, one in settling}
            outcomes, now = [*newest.values()], self._now()
            async with self._database.transaction(bulk=True) as session:
                paused = await sending.settle(session, self._token, outcomes, who, now)
                for broadcast_id in paused:
                    await telling.paused(session, broadcast_id, self._press.district, now)
                await self._rests.keep(session)
            # Only now: while the database is away the outcomes stay.
            del self._outcomes[: len(settling)]
        self.wake()
        return False

    def rest_of_settling(self) -> float:
        """Seconds between two settlements, or two looks for one."""
        return SETTLE_EVERY if self._outcomes or self._calls else LOOK_EVERY

    async def take_over(self) -> None:
        """Go on where another process stopped."""
        self._line.clear()
        await self.recover()
        async with self._database.transaction() as session:
            await self._rests.take_over(session)

    async def recover(self) -> bool:
        """Deal with what another process, or a lost connection to the database, left in the middle."""
        async with self._taking, self._database.transaction() as session:
            if not await self.may_send(session):
                return False  # it froze since it last led: what it finds is another's, who is alive
            waiting, uncertain = await sending.recover(session, self._known())
        if waiting or uncertain:
            log.warning("a broadcast was cut off", waiting_again=waiting, uncertain=uncertain)
        return False

    def _known(self) -> list[int]:
        """Whose fate this process knows or will know."""
        called = (call.row for call in self._calls.values())
        settling = (row for row, _ in self._outcomes)
        return [row.id for row in (*self._line, *self._beginning, *called, *settling)]

    async def drain(self, seconds: float) -> None:
        """Wait for the calls under way, at most *seconds*, settle what is known, and put back what was not called."""
        await end(self._calls, seconds)
        while self._outcomes:
            await self.settle_next()
        if self._line:
            async with self._database.transaction() as session:
                await bulk.put_back(session, self._token, [row.id for row in self._line], self._now())
            self._line.clear()


def _spelled(method: str) -> str:
    """As the Bot API spells it: "send_message" is sendMessage."""
    first, *rest = method.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _succeeded(call: Call, answer: Any) -> Outcome:
    answers = answer if isinstance(answer, list) else [answer]
    new = [one["message_id"] for one in answers if isinstance(one, dict) and isinstance(one.get("message_id"), int)]
    ids = [*(call.row.message_ids or []), *new] or None
    return _went_on(call, ids)


def _went_on(call: Call, ids: list[int] | None, reason: str | None = None) -> Outcome:
    """The call is made: the recipient has all of it, or awaits the next."""
    step, version = call.row.step + 1, call.version
    if call.is_last:
        return Outcome(call.row.id, RecipientState.SENT, ids, reason, step=step, version=version)
    return Outcome(call.row.id, RecipientState.WAITING, ids, reason, step=step, version=version)


def _waits(row: Claimed, not_before: datetime, reason: str) -> Outcome:
    return Outcome(row.id, RecipientState.WAITING, row.message_ids, reason, not_before, row.step, row.version)


def _stays(row: Claimed, state: RecipientState, reason: str) -> Outcome:
    """They have no more than before."""
    return Outcome(row.id, state, row.message_ids, reason, step=row.step, version=row.version)


def _unknown(call: Call, reason: str, now: datetime) -> Outcome:
    row = call.row
    if call.is_repeatable:
        return _waits(row, now + timedelta(seconds=1), reason)
    return Outcome(row.id, RecipientState.UNCERTAIN, row.message_ids, reason, step=row.step, version=call.version)


def _refused(call: Call, reason: str, now: datetime) -> Outcome:
    said, row = reason.casefold(), call.row
    if call.method == PIN or _SAME in said:
        return _went_on(call, row.message_ids, reason)  # it stands there, and that is what counts
    if call.method == "delete_messages":
        return replace(_waits(row, now, reason), step=1)  # said to be withdrawn instead
    if call.is_repeatable and any(sign in said for sign in _LOST):
        return _went_on(call, row.message_ids, reason)  # the person has taken it away
    if any(sign in said for sign in _GONE) or (row.person_id is None and any(sign in said for sign in _SILENCED)):
        return _stays(row, RecipientState.BLOCKED, reason)
    return _stays(row, RecipientState.FAILED, reason)
