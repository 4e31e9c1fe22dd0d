"""Calls the bot's webhook as Telegram does: one chat's updates in order, chats beside each other, again until taken.

An answer of 200 to 299 takes the update out of the queue; anything else, or none, is tried again after a pause that
doubles, or after the Retry-After that was asked for. Only addresses of this machine are ever called.
"""

import asyncio
import ipaddress
import json
import math
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp

from simulator.updates import Waiting

if TYPE_CHECKING:
    from simulator.telegram import PretendTelegram

Json = dict[str, Any]
Key = tuple[str, Any]

MOST_CONNECTIONS = 100
USUAL_CONNECTIONS = 40
LONGEST_RETRY_AFTER = 3600  # seconds; a longer one is not believed


class WebhookCaller:
    """While it is open, every update that waits is posted to the webhook that is set.

    Tests shorten ``first_pause``; ``obey`` gets the method call an answer's body may carry.
    """

    def __init__(self, telegram: "PretendTelegram") -> None:
        self._telegram = telegram
        self.first_pause = 1.0  # seconds before the second try of an update; doubles with each
        self.longest_pause = 60.0
        self.patience = 60.0  # seconds until a call without an answer has failed
        self.obey: Callable[[str, Json], None] = lambda _, __: None  # set by whoever serves the Bot API
        self.last_error: tuple[int, str] | None = None  # when, in unix seconds, and what
        self._session: aiohttp.ClientSession | None = None
        self._free = asyncio.Semaphore(USUAL_CONNECTIONS)
        self._lanes: dict[Key, deque[Waiting]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Call while the block runs."""
        async with aiohttp.ClientSession() as session:
            self._session = session
            self._telegram.updates.added = self._add
            self.begin()
            try:
                yield
            finally:
                self._telegram.updates.added = lambda _: None
                self._session = None
                await asyncio.gather(*self._stop(), return_exceptions=True)

    def begin(self) -> None:
        """Start anew, with the webhook as it is now set; without one, stop. What is under way is broken off."""
        self._stop()
        self.last_error = None
        webhook = self._telegram.updates.webhook
        if not webhook or self._session is None:
            return
        self._free = asyncio.Semaphore(connections(webhook))
        for waiting in self._telegram.updates.waiting():
            self._add(waiting)

    def _stop(self) -> list[asyncio.Task[None]]:
        stopped = list(self._tasks)
        for task in stopped:
            task.cancel()
        self._tasks.clear()
        self._lanes = {}
        return stopped

    def _add(self, waiting: Waiting) -> None:
        if not self._telegram.updates.webhook or self._session is None:
            return
        key = key_of(waiting)
        if key in self._lanes:
            self._lanes[key].append(waiting)
            return
        self._lanes[key] = deque([waiting])
        task = asyncio.get_running_loop().create_task(self._empty(key, self._lanes))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _empty(self, key: Key, lanes: dict[Key, deque[Waiting]]) -> None:
        """Post the updates of one chat, each until it is taken."""
        lane = lanes[key]
        while lane:
            pause = self.first_pause
            while (asked := await self._post(lane[0])) is not None:
                await asyncio.sleep(asked or pause)
                pause = min(2 * pause, self.longest_pause)
            lane.popleft()
        del lanes[key]

    async def _post(self, waiting: Waiting) -> float | None:
        """Post it once. None when it was taken, else the seconds the bot asks to wait, 0 when it asks for none."""
        async with self._free:
            await self._telegram.wait_until(lambda: not self._telegram.outage, timeout=math.inf)
            try:
                status, headers, body = await self._call(waiting)
            except (TimeoutError, aiohttp.ClientError, ValueError) as error:
                return self._failed(_told(error))
        if not 200 <= status < 300:
            return self._failed(f"Wrong response from the webhook: {status} {headers['reason']}", headers["retry"])
        self._telegram.updates.take(waiting)
        self._obey(body)
        return None

    async def _call(self, waiting: Waiting) -> tuple[int, dict[str, str], bytes]:
        webhook = self._telegram.updates.webhook
        headers = {"Content-Type": "application/json", "User-Agent": "simulator"}
        if webhook.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook["secret_token"]
        if self._session is None:
            raise ValueError("nobody calls webhooks now")
        async with self._session.post(
            webhook["url"],
            data=json.dumps(waiting.update).encode(),
            headers=headers,
            allow_redirects=False,
            ssl=False,  # a certificate for this machine is nobody's but its own
            timeout=aiohttp.ClientTimeout(self.patience),
        ) as response:
            told = {"reason": response.reason or "", "retry": response.headers.get("Retry-After", "")}
            return response.status, told, await response.read()

    def _failed(self, what: str, retry_after: str = "") -> float:
        self.last_error = (self._telegram.now(), what)
        self._telegram.changed()
        return (
            float(min(int(retry_after), LONGEST_RETRY_AFTER))
            if retry_after.isascii() and retry_after.isdecimal()
            else 0
        )

    def _obey(self, body: bytes) -> None:
        """An answer may be a method call, which is done and whose result nobody hears."""
        try:
            asked = json.loads(body) if body.startswith(b"{") else {}
        except ValueError:
            return
        method = asked.pop("method", None)
        if isinstance(method, str):
            self.obey(method, asked)


def connections(webhook: Json) -> int:
    return min(max(int(webhook.get("max_connections", USUAL_CONNECTIONS)), 1), MOST_CONNECTIONS)


def is_own_address(url: str) -> bool:
    """Whether *url* leads to this machine; nothing else is called."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def key_of(waiting: Waiting) -> Key:
    """What updates must share to be posted one after another: the chat, without one the person."""
    update = waiting.update if isinstance(waiting.update, dict) else {}
    contents = [content for content in update.values() if isinstance(content, dict)]
    for content in contents:
        message = content.get("message")
        for holder in (content, message if isinstance(message, dict) else {}):
            if isinstance(holder.get("chat"), dict):
                return "chat", str(holder["chat"].get("id"))
        for name in ("from", "user"):
            if isinstance(content.get(name), dict):
                return "user", str(content[name].get("id"))
    return "update", waiting.place


def _told(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "Read timeout expired"
    return "Connection refused" if isinstance(error, aiohttp.ClientConnectorError) else f"Connection failed: {error}"
