"""HTTP to Telegram over aiohttp, under python-telegram-bot's own interface; errors say whether a call was made.

NetworkError (python-telegram-bot's)
    NotSent          surely not carried out: DNS, refused, no connection in time, 5xx with Telegram's JSON
        Offline      there was no connection at all: the trouble is ours, not the message's
        FloodLimit   429, with the seconds to wait
    Unknown          nobody knows: read time-out, reset, a gateway's page without Telegram's JSON
"""

import json
from typing import Any

import aiohttp
from telegram._utils.defaultvalue import DEFAULT_NONE
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 20.0
"""Seconds; together well under the time a claim of the outbox lasts."""

REDIRECT = 300
FORBIDDEN = 403
CONFLICT = 409
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500
TOLD_APART = frozenset({400, 401, 403, 404, CONFLICT})
"""Refusals for which python-telegram-bot has an error each; it takes any other for trouble in the network."""


class NotSent(NetworkError):
    """Telegram surely did not carry this out: it may be tried again."""


class Offline(NotSent):
    """No connection came about."""


class FloodLimit(NotSent):
    """Telegram wants fewer messages: this chat, or all, rest for *seconds*."""

    def __init__(self, description: str, seconds: float) -> None:
        super().__init__(description)
        self.seconds = seconds


class Unknown(NetworkError):
    """The request left, and no good answer came: it may have been carried out."""


class TelegramRequest(BaseRequest):
    """Calls the Bot API over one pool of connections. Raises NotSent and Unknown as described above."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return READ_TIMEOUT

    async def initialize(self) -> None:
        if self._session is None:
            # How many calls are under way is the deliverer's decision, so the pool sets no bound of its own.
            connector = aiohttp.TCPConnector(limit=0, ttl_dns_cache=60)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def renew(self) -> None:
        """Throw every connection away and begin anew: heals a pool in which one got stuck."""
        await self.shutdown()
        await self.initialize()

    async def call(self, url: str, parameters: dict[str, Any], read_timeout: float) -> Any:
        """Telegram's result, as plain JSON, before python-telegram-bot reads it.

        Raises InvalidToken, Conflict, Forbidden, ChatMigrated, NotSent, Unknown, or BadRequest for any other refusal.
        """
        body = json.dumps(parameters).encode()
        code, payload = await self._send(url, body, {"Content-Type": "application/json"}, read_timeout)
        answer = _answer(payload) or {}
        if answer.get("ok"):
            return answer.get("result")
        description = str(answer.get("description") or f"HTTP {code}")
        raise _told(code, description, answer)

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = DEFAULT_NONE,
        write_timeout: Any = DEFAULT_NONE,
        connect_timeout: Any = DEFAULT_NONE,
        pool_timeout: Any = DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        seconds = read_timeout if isinstance(read_timeout, int | float) else READ_TIMEOUT
        body, headers = _body(request_data)
        return await self._send(url, body, headers, seconds)

    async def _send(self, url: str, body: Any, headers: dict[str, str], read_timeout: float) -> tuple[int, bytes]:
        if self._session is None:
            raise Offline("the connections are closed")
        # `connect` bounds the look-up of the name too, `sock_connect` would not.
        timeout = aiohttp.ClientTimeout(
            total=CONNECT_TIMEOUT + read_timeout, connect=CONNECT_TIMEOUT, sock_read=read_timeout
        )
        try:
            async with self._session.post(url, data=body, headers=headers, timeout=timeout) as response:
                payload, code = await response.read(), response.status
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            # aiohttp's own words name the host only, never the path that holds the token.
            raise Offline(f"no connection to Telegram: {type(error).__name__}") from None
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            raise Unknown(f"no answer from Telegram: {type(error).__name__}") from None
        _refuse(code, payload)
        return code, payload


def _body(request_data: RequestData | None) -> tuple[Any, dict[str, str]]:
    if request_data is None:
        return None, {}
    if not request_data.contains_files:
        return json.dumps(request_data.parameters).encode(), {"Content-Type": "application/json"}
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in (request_data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form, {}


def _refuse(code: int, payload: bytes) -> None:
    """Raises for what python-telegram-bot would not tell apart."""
    if code < REDIRECT:
        return
    answer = _answer(payload)
    if answer is None:
        # Whatever its code: a proxy's 403 must not count as a person who blocked the bot.
        raise Unknown(f"a gateway answered {code} in Telegram's place")
    description = str(answer.get("description") or f"HTTP {code}")
    if code == TOO_MANY_REQUESTS:
        raise FloodLimit(description, _seconds(answer))
    if code >= SERVER_ERROR:
        raise NotSent(description)
    if code not in TOLD_APART:
        raise BadRequest(description)


def _told(code: int, description: str, answer: dict[str, Any]) -> TelegramError:
    """As python-telegram-bot would tell it."""
    parameters = answer.get("parameters")
    moved_to = parameters.get("migrate_to_chat_id") if isinstance(parameters, dict) else None
    if isinstance(moved_to, int):
        return ChatMigrated(moved_to)
    if code in {401, 404}:
        return InvalidToken(description)
    if code == FORBIDDEN:
        return Forbidden(description)
    return Conflict(description) if code == CONFLICT else BadRequest(description)


def _seconds(answer: dict[str, Any]) -> float:
    parameters = answer.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(seconds) if isinstance(seconds, int | float) else 1.0


def _answer(payload: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(payload)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) and "ok" in answer else None
