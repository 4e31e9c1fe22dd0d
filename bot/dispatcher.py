"""inbox -> handlers. One update is one transaction: its effects, its replies and its tick-off."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any

import structlog
from telegram import Update
from telegram.ext import Application

from bot.form import FORMS, faults
from bot.loops import end
from db import inbox
from db.inbox import Claim, ClaimLost
from db.session import Database, Session
from db.storable import is_id, sound
from db.trouble import is_outside
from domain import people, post
from domain.errors import Refusal
from domain.post import Group
from handlers.turn import House, Turn, begin, current_turn
from messages import Button, Buttons, Sentence, say

log = structlog.get_logger()

AT_ONCE = 16
"""Turns under way in one process; on SQLite they take turns at the writer anyway."""


TURN_SECONDS = 20.0
"""A turn awaits nothing but the database; one that lasts longer hangs, and on SQLite everybody with it."""


class Malformed(Exception):
    """An update that python-telegram-bot cannot read; no further try would change that."""


class CutOff(Exception):
    """A turn that an orderly stop did not wait for."""


class Dispatcher:
    """Claims chats and lets the handlers answer their oldest update."""

    def __init__(
        self, application: Application[Any, Any, Any, Any, Any, Any], database: Database, house: House, owner: str
    ) -> None:
        self._application, self._database, self._house, self._owner = application, database, house, owner
        self._under_way: set[asyncio.Task[None]] = set()
        self._has_suspect = False
        self._not_let_go: list[tuple[Claim, Exception]] = []
        self.on_done: Any = lambda: None
        self.on_turn: Callable[[Turn | None, str, float], None] = lambda turn, outcome, seconds: None
        """Hears of each turn that ended: ok, refused, failed, parked or lost, after so many seconds."""

    async def dispatch_next(self) -> bool:
        """Take what can be taken now; whether there was anything."""
        free = 0 if self._has_suspect else AT_ONCE - len(self._under_way)
        if free <= 0:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            return True
        await self._let_go()
        async with self._database.transaction() as session:
            claims = await inbox.claim(session, self._owner, free, is_idle=not self._under_way)
        self._has_suspect = any(claimed.is_suspect for claimed in claims)
        for claimed in claims:
            task = asyncio.create_task(self._handle(claimed))
            self._under_way.add(task)
            task.add_done_callback(self._finished)
        return bool(claims)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._has_suspect = False  # it was the only one
        self.on_done()

    async def drain(self, seconds: float) -> None:
        """Let the turns under way end, at most *seconds*; what is cut off then is undone and comes again."""
        await end(self._under_way, seconds)
        await self._let_go()

    async def _handle(self, claimed: Claim) -> None:
        began = monotonic()
        failure = await self._try(claimed)
        turn = current_turn.get(None)  # now, since a refusal begins another one
        outcome = "ok"
        if isinstance(failure, Refusal):
            outcome = await self._refuse(claimed, failure)
        elif failure:
            outcome = await self._settle(claimed, failure)
        self.on_turn(turn, outcome, monotonic() - began)

    async def _try(self, claimed: Claim) -> Exception | None:
        """Answer; what kept us from it, if anything did."""
        if claimed.is_tried_too_often:
            return RuntimeError("the process ended during each try")
        try:
            await self._answer(claimed)
        except Exception as error:  # noqa: BLE001 -- the one place for turns: whatever a handler raises
            return error
        except asyncio.CancelledError:
            self._not_let_go.append((claimed, CutOff()))
            raise
        return None

    async def _answer(self, claimed: Claim) -> None:
        async with self._database.transaction() as session:
            async with asyncio.timeout(TURN_SECONDS):
                await self._take_turn(session, claimed)
            await inbox.finish(session, claimed)

    async def _take_turn(self, session: Session, claimed: Claim) -> None:
        if await inbox.is_overtaken(session, claimed):
            return
        turn = await self._begin(session, claimed)
        if turn:
            await self._application.process_update(turn.update)
            if turn.failure:
                raise turn.failure
            await turn.answer_tap()

    async def _begin(self, session: Session, claimed: Claim) -> Turn | None:
        form = FORMS.get(claimed.kind)
        if form is None:
            return None  # never asked for, at least not by this version: none of ours, so nothing of it is read
        told = claimed.payload[claimed.kind]
        if fault := next(faults(told, form, claimed.kind), None):
            raise Malformed(fault)
        try:
            # By itself: whatever else stands in the update has no form.
            update = Update.de_json({"update_id": claimed.update_id, claimed.kind: told}, self._application.bot)
        except Exception as error:
            raise Malformed(f"{type(error).__name__}: {error}") from error
        turn = await begin(session, update, self._house)
        if turn:
            current_turn.set(turn)
        return turn

    async def _refuse(self, claimed: Claim, refusal: Refusal) -> str:
        """What the handler did is undone; only the refusal itself is kept. Returns how the turn ended."""
        log.info("refused", update_id=claimed.update_id, refusal=type(refusal).__name__)
        try:
            async with self._database.transaction() as session:
                turn = await self._begin(session, claimed)
                if turn:
                    await _say_no(turn, refusal)
                await inbox.finish(session, claimed)
        except Exception as error:  # noqa: BLE001 -- as above
            return await self._settle(claimed, error)
        return "refused"

    async def _settle(self, claimed: Claim, error: Exception) -> str:
        """Let a failed update go: untried when the trouble was outside, for another try, or parked for good.

        Returns how the turn ended: failed, parked or lost.
        """
        if isinstance(error, ClaimLost):
            log.warning("claim lost: the turn was undone", update_id=claimed.update_id)
            return "lost"
        outcome = "failed"
        try:
            async with self._database.transaction() as session:
                if is_outside(error):
                    log.warning("database away or busy", update_id=claimed.update_id, error=type(error).__name__)
                    await inbox.release(session, claimed)
                elif isinstance(error, Malformed) or claimed.attempts >= inbox.MOST_ATTEMPTS:
                    await self._park(session, claimed, error)
                    outcome = "parked"
                else:
                    log.warning("turn failed", update_id=claimed.update_id, attempt=claimed.attempts, exc_info=error)
                    await inbox.retry_later(session, claimed, describe(error))
        except ClaimLost:
            log.warning("claim lost: somebody else has the update", update_id=claimed.update_id)
            return "lost"
        except Exception as second:  # noqa: BLE001 -- as above; the next look at the inbox tries once more
            log.warning("could not let go of an update", update_id=claimed.update_id, error=type(second).__name__)
            self._not_let_go.append((claimed, second))
            return "failed"
        return outcome

    async def _let_go(self) -> None:
        """Let those go that could not be: untried when the trouble was outside, else parked and no more said."""
        while self._not_let_go:
            claimed, error = self._not_let_go[0]
            try:
                async with self._database.transaction() as session:
                    if is_outside(error) or isinstance(error, CutOff):
                        await inbox.release(session, claimed)
                    else:
                        await inbox.park(session, claimed, describe(error))
            except ClaimLost:
                log.warning("claim lost: somebody else has the update", update_id=claimed.update_id)
            del self._not_let_go[0]

    async def _park(self, session: Session, claimed: Claim, error: Exception) -> None:
        log.error("update parked", update_id=claimed.update_id, attempts=claimed.attempts, exc_info=error)
        await inbox.park(session, claimed, describe(error))
        if writer := _private_writer(claimed.payload):
            person = await people.recognise(session, *writer, self._house.now())
            await post.owe(session, person, *_APOLOGY)


async def _say_no(turn: Turn, refusal: Refusal) -> None:
    """To a tap as an alert; what does not fit into one, or leads on, as a message, but never before a whole group."""
    fits = not refusal.buttons and post.fits_a_tap(refusal.sentence, turn.person.language)
    is_alert = isinstance(turn.place, Group) or fits
    if turn.update.callback_query and is_alert:
        await turn.answer_tap(refusal.sentence, alert=True)
        return
    await turn.answer_tap()
    # Where many read along, a button would be everybody's.
    await turn.reply(refusal.sentence, () if isinstance(turn.place, Group) else refusal.buttons)


_APOLOGY: tuple[Sentence, Buttons] = (say("trouble.parked"), [[Button(say("button.topics"), "topics", 0)]])


def describe(error: BaseException) -> str:
    """The error as it is kept: its kind and words, as every database takes them."""
    return sound(f"{type(error).__name__}: {error}")[:500]


def _private_writer(payload: Any) -> tuple[int, str] | None:
    """Who wrote in a private chat (Telegram id, name), read without trusting the update's form."""
    for kind in ("message", "edited_message", "callback_query"):
        content = payload.get(kind) if isinstance(payload, dict) else None
        if not isinstance(content, dict):
            continue
        message = content.get("message", content)
        chat = message.get("chat") if isinstance(message, dict) else None
        writer = content.get("from")
        if not isinstance(chat, dict) or chat.get("type") != "private" or not isinstance(writer, dict):
            continue
        if is_id(writer.get("id")) and writer["id"] == chat.get("id"):
            return writer["id"], str(writer.get("first_name", ""))
    return None
