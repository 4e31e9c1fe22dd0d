"""Telegram -> inbox, by long polling: what Telegram tells us is stored before it is acknowledged."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.form import FORMS
from bot.identity_numbers import strike_all
from bot.secret_links import hash_all
from bot.telegram_request import TelegramRequest
from bot.topic_names import strike_topics
from db import inbox
from db.inbox import Accepted
from db.session import Database
from db.storable import is_id, storable

log = structlog.get_logger()

ALLOWED_UPDATES = tuple(FORMS)
"""Said explicitly: Telegram adds kinds with each version, and otherwise remembers whatever was said before."""

POLL_SECONDS = 20
"""How long Telegram may hold a poll open; under SILENT_AFTER, so that an empty answer still counts as a good one."""

GRACE_SECONDS = 5.0
"""How much longer than Telegram holds a poll we wait for its answer; with POLL_SECONDS under SILENT_AFTER."""

SILENT_AFTER = 30.0
"""Seconds without a good answer after which the receiver counts as deaf."""


class Receiver:
    """Polls Telegram and stores; an update is acknowledged by the next poll only."""

    def __init__(self, request: TelegramRequest, api: str, database: Database) -> None:
        self._request, self._database = request, database
        self._api = api
        self._is_prepared = False
        self._offset: int | None = None
        self._last_good = monotonic()
        self._is_silent = False
        self._trouble: type[TelegramError] | None = None
        self._unnumbered: list[Any] = []
        self._poll: asyncio.Task[Any] | None = None
        self.on_return: Callable[[float], None] = lambda seconds: None
        """Hears that Telegram is back, after so many seconds of silence."""
        self.on_stored: Callable[[list[Accepted]], None] = lambda updates: None

    @property
    def seconds_since_good(self) -> float:
        """Since Telegram last gave a good answer."""
        return monotonic() - self._last_good

    @property
    def hears(self) -> bool:
        return self.seconds_since_good < SILENT_AFTER

    def begin(self) -> None:
        """Hear Telegram afresh: another process polled until now, and what it acknowledged is unknown here."""
        self._offset, self._is_prepared = None, False
        self.note_good_answer()

    def stop(self) -> None:
        """End the poll that is under way; what it would have brought comes again."""
        if self._poll:
            self._poll.cancel()

    async def receive_next(self) -> bool:
        """One poll; whether it brought something. Raises what Telegram or the database raise, nothing acknowledged."""
        self._poll = asyncio.ensure_future(self._ask() if self._is_prepared else self._prepare())
        try:
            updates = await self._poll
        except asyncio.CancelledError:
            if self._poll.cancelled():
                return False
            raise
        except TelegramError as error:
            await self._heal(error)
            raise
        self.note_good_answer()
        if not updates:
            # Said once, an acknowledgement holds. Without it a number that jumped down (Telegram's ids start
            # anywhere after a quiet week) would count as acknowledged before we ever saw it.
            self._offset = None
            return False
        await self._store(updates)
        return True

    async def _prepare(self) -> list[Any]:
        """Polling and a webhook exclude each other; what waits at Telegram stays."""
        await self._request.call(f"{self._api}/deleteWebhook", {"drop_pending_updates": False}, GRACE_SECONDS)
        self._is_prepared = True
        return await self._ask()

    async def _ask(self) -> list[Any]:
        # After a failure a poll that is answered at once tells soonest whether Telegram is back.
        held = 0 if self._trouble else POLL_SECONDS
        parameters: dict[str, Any] = {"timeout": held, "allowed_updates": list(ALLOWED_UPDATES)}
        if self._offset is not None:
            parameters["offset"] = self._offset
        answer = await self._request.call(f"{self._api}/getUpdates", parameters, read_timeout=held + GRACE_SECONDS)
        if not isinstance(answer, list):
            raise TelegramError("getUpdates brought no list")
        return answer

    async def _store(self, updates: list[Any]) -> None:
        numbers = [number for update in updates if (number := _update_id(update)) is not None]
        if numbers or updates != self._unnumbered:
            accepted = [read_update(update) for update in updates]
            async with self._database.transaction() as session:
                await inbox.accept(session, accepted)
            self.on_stored(accepted)
        if numbers:
            self._offset = max(numbers) + 1
            return
        if updates != self._unnumbered:
            # They come again and again until one with a number follows, and are stored once.
            log.error("updates without a number cannot be acknowledged", updates=len(updates))
            self._unnumbered = updates
        await asyncio.sleep(1.0)

    def note_good_answer(self) -> None:
        """Telegram answered: to a poll, or to whoever asks in a webhook's place."""
        if self._is_silent:
            log.info("telegram is back", after_seconds=round(self.seconds_since_good))
            self.on_return(self.seconds_since_good)
        self._is_silent, self._last_good, self._trouble = False, monotonic(), None

    async def _heal(self, error: TelegramError) -> None:
        """Say that Telegram is silent, once, and begin with fresh connections: a stuck one looks just the same."""
        if type(error) is not self._trouble:
            self._trouble = type(error)
            if isinstance(error, Conflict):
                log.error("another process polls with the same BOT_TOKEN: stop it", error=str(error))
            if isinstance(error, InvalidToken):
                log.error("Telegram refuses BOT_TOKEN", error=str(error))
        if self.hears:
            return
        if not self._is_silent:
            self._is_silent = True
            log.error("telegram is silent", seconds=round(self.seconds_since_good))
        await self._request.renew()


def read_update(update: Any) -> Accepted:
    """How *update* is stored, whatever it is: without secrets and identity numbers, with the reason when malformed."""
    number = _update_id(update)
    try:
        payload = strike_topics(strike_all(hash_all(storable(update))))
    except RecursionError:
        return Accepted(number, 0, "malformed", None, "nested too deeply")
    if number is None:
        return Accepted(None, 0, "malformed", payload, "no update_id")
    kind = next((name for name in payload if name != "update_id"), None)
    if kind is None or not isinstance(payload[kind], dict):
        return Accepted(number, 0, "malformed", payload, "nothing in it")
    return Accepted(number, queue_key(payload[kind]), str(kind)[:40], payload)


def _update_id(update: Any) -> int | None:
    number = update.get("update_id") if isinstance(update, dict) else None
    # Telegram counts from a positive one. By the next number it is acknowledged, which must be one too, and an
    # offset below nought would throw away what waits.
    return number if is_id(number) and number >= 0 and is_id(number + 1) else None


def queue_key(content: dict[str, Any]) -> int:
    """The chat whose order counts; without a chat the user; without either 0."""
    message = content.get("message")
    for holder, name in ((content, "chat"), (message, "chat"), (content, "from"), (content, "user")):
        found = holder.get(name) if isinstance(holder, dict) else None
        number = found.get("id") if isinstance(found, dict) else None
        if is_id(number):
            return number
    return 0
