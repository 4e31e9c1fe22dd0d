"""outbox -> Telegram. A call happens between two transactions, never inside one."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from telegram import Bot, InputFile, InputMediaDocument, InputMediaPhoto, InputMediaVideo
from telegram.error import TelegramError

from bot.loops import LOOK_EVERY, Bell, end
from bot.outcomes import Ours, Verdict, failed, succeeded
from bot.pace import Pace
from bot.rests import Rests
from bot.telegram_request import NotSent, Unknown
from db import outbox
from db.models import UNSETTLED, Delivery, DeliveryState, Lane
from db.outbox import TAP_IS_STALE_AFTER, Owed, Settlement
from db.session import Database, Session
from db.trouble import is_outside
from domain import groups, people

log = structlog.get_logger()

IN_FLIGHT, IN_FLIGHT_PAID = 32, 128
"""Calls under way at most, up to SEND_RATE 30 and above."""

OURS_REST = timedelta(seconds=1)
SETTLED_AT_ONCE = 200

_ITEMS = {"photo": InputMediaPhoto, "video": InputMediaVideo, "document": InputMediaDocument}
"""What an album's items are to the library, by their type."""

AnswerVerb = Callable[[Session, dict[str, Any], Settlement, datetime], Awaitable[None]]
"""A domain verb that hears in the settling transaction what became of its call, when that is final:
(session, its arguments, the settlement, now). The id of a topic that was made stands where message ids do."""

Rendering = Callable[[Session, int], Awaitable["File | None"]]
"""Makes the file a row names, by its id; None where there is nothing any more to make it of."""


@dataclass(frozen=True)
class File:
    """What a row's document became."""

    name: str
    content: bytes


async def _always(_: Session) -> bool:
    return True


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
        rests: Rests | None = None,
        verbs: Mapping[str, AnswerVerb] | None = None,
        documents: Mapping[str, Rendering] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._bot, self._database, self._pace, self._owner = bot, database, pace, owner
        self._most = in_flight
        self._verbs, self._documents, self._now = verbs or {}, documents or {}, now
        self._calls: dict[asyncio.Task[None], int] = {}
        self._verdicts: list[Verdict] = []
        self._settling = asyncio.Lock()
        self._rests = rests or Rests()
        self._ours_until = 0.0
        self._is_away = False
        self._look_again = 0.0
        self.settle_bell = Bell()
        self.may_send: Callable[[Session], Awaitable[bool]] = _always
        """Whether this process leads, until the session's transaction ends."""
        self.on_room: Callable[[], None] = lambda: None
        self.on_call: Callable[[Verdict, float | None], None] = lambda verdict, seconds: None
        """Hears of each call and what became of it, after so many seconds; None for one not made any more."""

    # Claiming and calling.

    async def deliver_next(self) -> bool:
        """Send what may go now; whether there was anything."""
        if len(self._calls) >= self._most or monotonic() < self._ours_until:
            return False
        async with self._database.transaction() as session:
            if not await self.may_send(session):
                return False
            claimed = await self._claim(session)
            owed = await self._hold_back(session, claimed)
            if not claimed:
                rest = await outbox.seconds_until_due(session)
                self._look_again = monotonic() + (rest if rest is not None else 60.0)
        for one in owed:
            # Telegram counts an album by what is in it.
            self._pace.spend(Lane(one.lane), one.chat_id, len(one.arguments.get("media", ())) or 1)
            call = asyncio.create_task(self._call(one))
            self._calls[call] = one.id
            call.add_done_callback(self._called)
        return bool(claimed)

    def rest(self) -> float:
        """Seconds until it is worth looking again, when nothing rings before.

        Never longer than LOOK_EVERY: a row that another transaction held when it was looked for rings for nobody.
        """
        now = monotonic()
        if self._ours_until > now:
            return max(0.01, self._ours_until - now)
        waits = [self._look_again - now, self._pace.wait(Lane.REPLY), self._pace.wait(Lane.BULK)]
        return max(0.005, min((LOOK_EVERY, *(wait for wait in waits if wait > 0))))

    async def _claim(self, session: Session) -> list[Owed]:
        """What may go now: taps and replies, then bulk as far as its own room goes."""
        free = self._most - len(self._calls)
        room = {lane: self._pace.room(lane) for lane in Lane if not self._rests.left(lane)}
        first = [lane for lane in (Lane.TAP, Lane.REPLY) if room.get(lane)]
        # Taps are free: with no slot left for a reply they alone may go.
        most = min(free, room[Lane.REPLY]) if Lane.REPLY in first else free
        claimed = await outbox.claim(session, self._owner, most, first) if first else []
        bulk = min(free, room.get(Lane.BULK, 0)) - len(claimed)
        return claimed + await outbox.claim(session, self._owner, bulk, [Lane.BULK]) if bulk > 0 else claimed

    async def _hold_back(self, session: Session, owed: list[Owed]) -> list[Owed]:
        """Let those rest whose chat has had enough for the moment, and drop what comes too late."""
        going = []
        for one in owed:
            wait = self._pace.chat_wait(one.chat_id) if one.lane != Lane.TAP else 0.0
            if wait > 0:
                await outbox.unclaim(session, [one], timedelta(seconds=wait))
            elif one.lane == Lane.TAP and datetime.now(UTC) - one.created_at > TAP_IS_STALE_AFTER:
                await self._skip(session, one, "the tap is too old")
            elif await self._is_late(session, one):
                await self._skip(session, one, "too late")
            else:
                going.append(one)
        return going

    async def _is_late(self, session: Session, owed: Owed) -> bool:
        if owed.expires_at is None or self._now() < owed.expires_at:
            return False
        # Whoever has the picture gets its words too.
        return not await outbox.follows(session, owed.id)

    async def _skip(self, session: Session, owed: Owed, reason: str) -> None:
        skipped = Verdict(Settlement(owed, DeliveryState.SKIPPED, reason))
        await self._settle(session, [skipped])
        self.on_call(skipped, None)

    async def _call(self, owed: Owed) -> None:
        began = monotonic()
        try:
            verdict = await self._make(owed)
            self._note_back()
        except TelegramError as error:
            verdict = self._after(owed, error)
        except (TypeError, ValueError) as error:
            # python-telegram-bot itself refuses the arguments: nothing was sent, and nothing ever will be.
            verdict = Verdict(Settlement(owed, DeliveryState.FAILED, f"{type(error).__name__}: {error}"[:500]))
        except asyncio.CancelledError:
            # Cut off at a stop: known now, so that nobody has to wait until the claim runs out.
            self._verdicts.append(failed(owed, Unknown("the process stopped in the middle of the call")))
            raise
        self._verdicts.append(verdict)
        self.on_call(verdict, monotonic() - began)
        self.settle_bell.ring()

    async def _make(self, owed: Owed) -> Verdict:
        """Make the call, with the file it names; one that nothing is left of is skipped."""
        arguments = owed.arguments
        if owed.document:
            try:
                async with self._database.reading() as session:
                    file = await self._documents[owed.document["kind"]](session, owed.document["id"])
            except Exception as error:
                if is_outside(error):
                    raise NotSent(f"the file could not be made yet: {type(error).__name__}") from error
                log.error("a file could not be made", row=owed.id, document=owed.document, exc_info=error)
                return Verdict(Settlement(owed, DeliveryState.FAILED, f"file: {type(error).__name__}"))
            if file is None:
                return Verdict(Settlement(owed, DeliveryState.SKIPPED, "nothing left to send"))
            arguments = {**arguments, owed.document["argument"]: InputFile(file.content, file.name)}
        if "media" in arguments:
            arguments = {**arguments, "media": [_item(**item) for item in arguments["media"]]}
        return succeeded(owed, await getattr(self._bot, owed.method)(**arguments))

    def _after(self, owed: Owed, error: TelegramError) -> Verdict:
        try:
            verdict = failed(owed, error)
        except Ours as ours:
            self._note_away(ours)
            changes = {"attempts": owed.attempts - 1}
            return Verdict(Settlement(owed, DeliveryState.WAITING, str(ours), changes=changes))
        if verdict.flood_wait is not None:
            self._rests.note(Lane(owed.lane), owed.chat_id, verdict.flood_wait)
        elif verdict.settlement.state is DeliveryState.FAILED:
            log.warning("not delivered", row=owed.id, method=owed.method, reason=str(error))
        return verdict

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
                await self._settle(session, verdicts)
                await self._rests.keep(session)
            # Only now: while the database is away the verdicts stay.
            del self._verdicts[: len(verdicts)]
        self.on_room()
        return True

    async def _settle(self, session: Session, verdicts: Sequence[Verdict]) -> None:
        settled = await outbox.settle(session, [verdict.settlement for verdict in verdicts])
        for verdict, was_ours in zip(verdicts, settled, strict=True):
            if was_ours:
                await self._follow_up(session, verdict)
            else:
                log.warning("claim ran out before the call was settled", row=verdict.settlement.owed.id)

    async def _follow_up(self, session: Session, verdict: Verdict) -> None:
        """What else a settlement means: for the person, for the chat, for the domain verb that waits for it."""
        settlement = verdict.settlement
        owed = settlement.owed
        if verdict.is_unreachable and owed.person_id is not None:
            await people.mark_unreachable(session, owed.person_id, settlement.reason or "unreachable")
        elif verdict.is_unreachable and owed.chat_id < 0:
            await groups.leave(session, owed.chat_id, datetime.now(UTC))
        if owed.lane == Lane.TAP and settlement.state is DeliveryState.SKIPPED:
            await _say_in_chat(session, owed)
        if owed.verb and settlement.state not in UNSETTLED:
            await self._tell(session, settlement)

    async def _tell(self, session: Session, settlement: Settlement) -> None:
        """Hand Telegram's answer to the domain verb the row names; its failure undoes nothing but itself."""
        owed = settlement.owed
        verb = self._verbs.get(owed.verb or "")
        if verb is None:
            log.error("no such verb", row=owed.id, verb=owed.verb)
            return
        try:
            async with session.begin_nested():
                await verb(session, owed.verb_arguments or {}, settlement, self._now())
        except Exception as error:
            if is_outside(error):
                raise
            # What Telegram did stays done, and the calls settled beside it must not wait for this one.
            log.error("a verb failed on Telegram's answer", row=owed.id, verb=owed.verb, exc_info=error)

    async def take_over(self) -> None:
        """Go on where another deliverer stopped: its calls under way, its pauses, and a budget that begins empty."""
        self._pace.begin_empty()
        await self._recover(everything=True)
        async with self._database.transaction() as session:
            await self._rests.take_over(session)

    async def recover(self) -> bool:
        """Deal with calls whose deliverer went away."""
        self._pace.tidy()
        await self._recover(everything=False)
        return False

    async def _recover(self, *, everything: bool) -> None:
        async with self._database.transaction() as session:
            known = [*self._calls.values(), *(verdict.settlement.owed.id for verdict in self._verdicts)]
            found = await outbox.recover(session, everything=everything, known=known)
        if found:
            log.warning("calls of a deliverer that went away", calls=found)

    async def drain(self, seconds: float) -> None:
        """Wait for the calls under way, at most *seconds*, and settle what is known."""
        await end(self._calls, seconds)
        while await self.settle_next():
            pass


def _item(**details: Any) -> InputMediaPhoto | InputMediaVideo | InputMediaDocument:
    item: type[InputMediaPhoto | InputMediaVideo | InputMediaDocument] = _ITEMS[details.pop("type")]
    return item(**details)


async def _say_in_chat(session: Session, owed: Owed) -> None:
    """What the answer to a tap had to say comes as a message, since the tap is forgotten; not before a whole group."""
    if owed.person_id is not None and (text := owed.arguments.get("text")):
        message = Delivery(
            chat_id=owed.chat_id,
            person_id=owed.person_id,
            lane=Lane.REPLY,
            method="send_message",
            arguments={"chat_id": owed.chat_id, "text": text},
            created_at=datetime.now(UTC),
        )
        await outbox.enqueue(session, message)
