"""Telegram -> inbox, by webhook: 200 only after the update is committed; many calls share one commit."""

import asyncio
import hmac
import json
from collections.abc import Callable
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import TelegramError

from bot.leader import Leader
from bot.receiver import ALLOWED_UPDATES, Receiver, read_update
from bot.settings import Settings
from db import inbox
from db.session import Database

log = structlog.get_logger()

PATH = "/telegram"
LARGEST_BODY = 1_000_000
"""Bytes; Telegram's updates are a few thousand."""

STORED_AT_ONCE = 500
DEEPEST_INBOX = 20_000
"""Waiting updates above which Telegram is asked to come again later: it keeps them for a day."""

COME_AGAIN_AFTER = 10
"""Seconds."""


class Webhook:
    """Takes what Telegram posts. `store_next` is a loop's step; a call is answered when its commit is done."""

    def __init__(self, database: Database, secret: str) -> None:
        self._database, self._secret = database, secret
        self._waiting: list[tuple[Any, asyncio.Future[None]]] = []
        self._depth = 0
        self.ring: Callable[[], None] = lambda: None
        self.on_stored: Callable[[list[inbox.Accepted]], None] = lambda updates: None

    def route(self) -> Route:
        return Route(PATH, self.take, methods=["POST"])

    async def take(self, request: Request) -> Response:
        """One update: 401 without the secret, 4xx for what is no update, 503 when too much waits or nothing can be
        stored, 200 after the commit."""
        try:
            update = await self._read(request)
        except _Refused as refused:
            return PlainTextResponse(f"{refused.why}\n", refused.status)
        if self._depth > DEEPEST_INBOX:
            return _later("too much waits")
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((update, stored))
        self.ring()
        try:
            await stored
        except _NotStored:
            return _later("cannot be stored now")
        return PlainTextResponse("ok\n")

    async def _read(self, request: Request) -> Any:
        given = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise _Refused(401, "the secret is missing or wrong")
        if not request.headers.get("content-type", "").startswith("application/json"):
            raise _Refused(415, "only application/json")
        body = await _body(request)
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as error:
            raise _Refused(400, "no JSON") from error

    async def store_next(self) -> bool:
        """Store what was posted since the last time, in one transaction; whether there was anything.

        Raises what the database raises, after telling Telegram to come again.
        """
        batch, self._waiting = self._waiting[:STORED_AT_ONCE], self._waiting[STORED_AT_ONCE:]
        if not batch:
            return False
        try:
            accepted = [read_update(update) for update, _ in batch]
            async with self._database.transaction() as session:
                await inbox.accept(session, accepted)
                self._depth = await inbox.depth(session)
        except Exception:
            for _, stored in batch:
                if not stored.done():
                    stored.set_exception(_NotStored())
            raise
        self.on_stored(accepted)
        for _, stored in batch:
            if not stored.done():
                stored.set_result(None)
        return True


class _Refused(Exception):
    """What was posted is no update from Telegram."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class _NotStored(Exception):
    """The commit failed; Telegram comes again."""


def _later(why: str) -> Response:
    return PlainTextResponse(f"{why}\n", 503, headers={"Retry-After": str(COME_AGAIN_AFTER)})


async def _body(request: Request) -> bytes:
    """The body. Raises _Refused as soon as it is larger than any update."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _Refused(413, "too large")
    return body


ASK_EVERY = 15.0
"""Seconds between looks at Telegram, in place of a poll's answers."""

TRY_AGAIN_AFTER = 1.0
"""Seconds, while another process leads or Telegram does not answer."""


async def keep_webhook(bot: Bot, settings: Settings, receiver: Receiver, leader: Leader) -> None:
    """While we receive by webhook: have it set by the leader, and see that Telegram is there and content.

    What waits at Telegram stays, whichever way updates come.
    """
    if settings.RECEIVE != "webhook":
        return
    is_set = False
    while True:
        try:
            if not leader.leads:
                is_set = False
                await asyncio.sleep(TRY_AGAIN_AFTER)
                continue
            if not is_set:
                await bot.set_webhook(
                    settings.PUBLIC_URL.rstrip("/") + PATH,
                    secret_token=settings.WEBHOOK_SECRET.get_secret_value(),
                    allowed_updates=list(ALLOWED_UPDATES),
                    drop_pending_updates=False,
                )
                is_set = True
                log.info("webhook set")
            information = await bot.get_webhook_info()
            receiver.note_good_answer()
            if information.last_error_message:
                log.warning("Telegram could not deliver", error=information.last_error_message)
        except TelegramError as error:
            log.warning("webhook not seen to", error=str(error))
        await asyncio.sleep(ASK_EVERY if is_set else TRY_AGAIN_AFTER)
