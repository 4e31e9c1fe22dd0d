"""outbox -> Telegram. A call happens between two transactions, never inside one."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.loops import LOOK_EVERY, Bell, end
from bot.outcomes import Ours, Verdict, failed, succeeded
from bot.pace import Pace
from db import outbox
from db.models import Delivery, DeliveryState, Lane
from db.outbox import TAP_IS_STALE_AFTER, Owed, Settlement
from db.session import Database, Session
from db.trouble import is_outside
from domain import people

log = structlog.get_logger()

IN_FLIGHT, IN_FLIGHT_PAID = 32, 128
"""Calls under way at most, up to SEND_RATE 30 and above."""

OURS_REST = timedelta(seconds=1)
SETTLED_AT_ONCE = 200

AnswerVerb = Callable[[Session, dict[str, Any], list[int]], Awaitable[None]]
"""A domain verb that takes Telegram's answer in the settling transaction: (session, its arguments, message ids)."""


class Deliverer:
    """Claims what is owed, calls Telegram, and settles in groups."""

    def __init__(
        self,
        bot: Bot,
        database: Database,
        pace: Pace,
        owner: str,
        *,
        in_flight: int = IN_FLIGHT,
        verbs: dict[str, AnswerVerb] | None = None,
    ) -> None:
        self._bot, self._database, self._pace, self._owner = bot, database, pace, owner
        self._most = in_flight
        self._verbs = verbs or {}
        self._calls: dict[asyncio.Task[None], int] = {}
        self._verdicts: list[Verdict] = []
        self._settling = asyncio.Lock()
        self._lane_rests_until = dict.fromkeys(Lane, 0.0)
        self._last_flood = (0.0, 0)
        self._ours_until = 0.0
        self._is_away = False
        self._look_again = 0.0
        self.settle_bell = Bell()
        self.on_room: Callable[[], None] = lambda: None

    # Claiming and calling.

    async def deliver_next(self) -> bool:
        """Send what may go now; whether there was anything."""
        if len(self._calls) >= self._most or monotonic() < self._ours_until:
            return False
        async with self._database.transaction() as session:
            claimed = await self._claim(session)
            owed = await self._hold_back(session, claimed)
            if not claimed:
                rest = await outbox.seconds_until_due(session)
                self._look_again = monotonic() + (rest if rest is not None else 60.0)
        for one in owed:
            self._pace.spend(Lane(one.lane), one.chat_id)
            call = asyncio.create_task(self._call(one))
            self._calls[call] = one.id
            call.add_done_callback(self._called)
        return bool(claimed)

    def rest(self) -> float:
        """Seconds until it is worth looking again, when nothing rings before."""
        now = monotonic()
        if self._ours_until > now:
            return max(0.01, self._ours_until - now)
        waits = [self._look_again - now, self._pace.wait(Lane.REPLY), self._pace.wait(Lane.BULK)]
        return max(0.005, min((wait for wait in waits if wait > 0), default=LOOK_EVERY))

    async def _claim(self, session: Session) -> list[Owed]:
        """What may go now: taps and replies, then bulk as far as its own room goes."""
        free = self._most - len(self._calls)
        room = {lane: self._pace.room(lane) for lane in Lane if monotonic() >= self._lane_rests_until[lane]}
        first = [lane for lane in (Lane.TAP, Lane.REPLY) if room.get(lane)]
        # Taps are free: with no slot left for a reply they alone may go.
        most = min(free, room[Lane.REPLY]) if Lane.REPLY in first else free
        claimed = await outbox.claim(session, self._owner, most, first) if first else []
        bulk = min(free, room.get(Lane.BULK, 0)) - len(claimed)
        return claimed + await outbox.claim(session, self._owner, bulk, [Lane.BULK]) if bulk > 0 else claimed

    async def _hold_back(self, session: Session, owed: list[Owed]) -> list[Owed]:
        """Let those rest whose chat has had enough for the moment, and drop answers to taps that came too late."""
        going = []
        for one in owed:
            wait = self._pace.chat_wait(one.chat_id) if one.lane != Lane.TAP else 0.0
            if wait > 0:
                await outbox.unclaim(session, [one], timedelta(seconds=wait))
            elif one.lane == Lane.TAP and datetime.now(UTC) - one.created_at > TAP_IS_STALE_AFTER:
                await self._settle_one(session, Verdict(Settlement(one, DeliveryState.SKIPPED, "the tap is too old")))
            else:
                going.append(one)
        return going

    async def _call(self, owed: Owed) -> None:
        try:
            answer = await getattr(self._bot, owed.method)(**owed.arguments)
            verdict = succeeded(owed, answer)
            self._note_back()
        except TelegramError as error:
            verdict = self._after(owed, error)
        except (TypeError, ValueError) as error:
            # python-telegram-bot itself refuses the arguments: nothing was sent, and nothing ever will be.
            verdict = Verdict(Settlement(owed, DeliveryState.FAILED, f"{type(error).__name__}: {error}"[:500]))
        self._verdicts.append(verdict)
        self.settle_bell.ring()

    def _after(self, owed: Owed, error: TelegramError) -> Verdict:
        try:
            verdict = failed(owed, error)
        except Ours as ours:
            self._note_away(ours)
            changes = {"attempts": owed.attempts - 1}
            return Verdict(Settlement(owed, DeliveryState.WAITING, str(ours), changes=changes))
        if verdict.flood_wait is not None:
            self._note_flood(owed, verdict.flood_wait)
        elif verdict.settlement.state is DeliveryState.FAILED:
            log.warning("not delivered", row=owed.id, method=owed.method, reason=str(error))
        return verdict

    def _note_flood(self, owed: Owed, seconds: float) -> None:
        """One chat's 429 delays that chat; a second chat's within a second delays the lane, never the other one."""
        now = monotonic()
        at, chat = self._last_flood
        self._last_flood = (now, owed.chat_id)
        log.warning("told to slow down", lane=Lane(owed.lane).name.lower(), seconds=seconds)
        if chat not in {0, owed.chat_id} and now - at < 1.0:
            self._lane_rests_until[Lane(owed.lane)] = now + seconds

    def _note_away(self, ours: Ours) -> None:
        self._ours_until = monotonic() + OURS_REST.total_seconds()
        if not self._is_away:
            self._is_away = True
            log.error("cannot send; what we owe waits", error=str(ours))

    def _note_back(self) -> None:
        if self._is_away:
            self._is_away = False
            log.info("sending again")

    def _called(self, call: asyncio.Task[None]) -> None:
        del self._calls[call]
        self.on_room()

    # Settling.

    async def settle_next(self) -> bool:
        """Write down what became of the calls made so far; whether there were any."""
        # One at a time: at a stop the loop and `drain` would both settle the same.
        async with self._settling:
            verdicts = self._verdicts[:SETTLED_AT_ONCE]
            if not verdicts:
                return False
            async with self._database.transaction() as session:
                for verdict in verdicts:
                    await self._settle_one(session, verdict)
            # Only now: while the database is away the verdicts stay.
            del self._verdicts[: len(verdicts)]
        self.on_room()
        return True

    async def _settle_one(self, session: Session, verdict: Verdict) -> None:
        settlement = verdict.settlement
        owed = settlement.owed
        if not await outbox.settle(session, settlement):
            log.warning("claim ran out before the call was settled", row=owed.id)
            return
        if verdict.is_unreachable and owed.person_id is not None:
            await people.mark_unreachable(session, owed.person_id, settlement.reason or "unreachable")
        if owed.lane == Lane.TAP and settlement.state is DeliveryState.SKIPPED:
            await _say_in_chat(session, owed)
        if owed.verb and settlement.state is DeliveryState.SENT:
            await self._tell(session, owed, settlement.message_ids or [])

    async def _tell(self, session: Session, owed: Owed, message_ids: list[int]) -> None:
        """Hand Telegram's answer to the domain verb the row names; its failure undoes nothing but itself."""
        verb = self._verbs.get(owed.verb or "")
        if verb is None:
            log.error("no such verb", row=owed.id, verb=owed.verb)
            return
        try:
            async with session.begin_nested():
                await verb(session, owed.verb_arguments or {}, message_ids)
        except Exception as error:
            if is_outside(error):
                raise
            # What Telegram did stays done, and the calls settled beside it must not wait for this one.
            log.error("a verb failed on Telegram's answer", row=owed.id, verb=owed.verb, exc_info=error)

    async def recover(self) -> bool:
        """Deal with calls whose deliverer went away."""
        self._pace.tidy()
        async with self._database.transaction() as session:
            known = [*self._calls.values(), *(verdict.settlement.owed.id for verdict in self._verdicts)]
            found = await outbox.recover(session, everything=False, known=known)
        if found:
            log.warning("calls of a deliverer that went away", calls=found)
        return False

    async def drain(self, seconds: float) -> None:
        """Wait for the calls under way, at most *seconds*, and settle what is known."""
        await end(self._calls, seconds)
        while await self.settle_next():
            pass


async def _say_in_chat(session: Session, owed: Owed) -> None:
    """What the answer to a tap had to say comes as a message, since the tap is forgotten."""
    if text := owed.arguments.get("text"):
        message = Delivery(
            chat_id=owed.chat_id,
            person_id=owed.person_id,
            lane=Lane.REPLY,
            method="send_message",
            arguments={"chat_id": owed.chat_id, "text": text},
            created_at=datetime.now(UTC),
        )
        await outbox.enqueue(session, message)
