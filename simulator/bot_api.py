"""The Bot API over HTTP: /bot<token>/<method>, and the failures that were ordered for it."""

import asyncio
import json
import socket
import struct
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from simulator.failures import ACCEPTED_FIRST, Failure
from simulator.methods import METHODS
from simulator.record import Call, messages_in
from simulator.refusals import Refused
from simulator.requests import read_parameters
from simulator.schema import check_call, is_known, read_call
from simulator.telegram import PretendTelegram
from simulator.updates import LIMIT, LONGEST_WAIT, kinds_of

Json = dict[str, Any]

GATEWAY_PAGE = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>502 Bad Gateway</body>\r\n</html>\r\n"
CANONICAL = {name.lower(): name for name in (*METHODS, "getUpdates")}


@dataclass(frozen=True)
class BotApi:
    telegram: PretendTelegram

    def add_to(self, app: web.Application) -> None:
        app.router.add_route("*", "/bot{token:[^/]*}/{method:.*}", self.handle)
        app.router.add_get("/file/bot{token:[^/]*}/{path:.*}", self.handle_file)

    async def handle(self, request: web.Request) -> web.Response:
        """One call. Answers in Telegram's shape whatever was sent."""
        at = time.monotonic()
        try:
            method = self._method(request)
            given = await read_parameters(request)
        except Refused as unreadable:
            return _refusal(unreadable)
        failure = self.telegram.failures.take(method, _chat_id(given))
        if method == "getUpdates":
            return await self._get_updates(request, given, failure)
        answer = self._call(method, given, failure, at)
        self.telegram.changed()
        if self.telegram.latency:
            await asyncio.sleep(self.telegram.latency)
        await _break_off(request, failure)
        return answer

    async def handle_file(self, request: web.Request) -> web.Response:
        """The bytes of a file, by the path getFile gave."""
        if request.match_info["token"] != self.telegram.token:
            return _refusal(Refused(401, "Unauthorized"))
        stored = self.telegram.files.by_path.get(request.match_info["path"])
        if stored is None:
            return _refusal(Refused(404, "Not Found"))
        return web.Response(body=stored.content, content_type="application/octet-stream")

    def obey(self, method: str, given: Json) -> None:
        """A call that came as a webhook's answer. What becomes of it is only seen in the calls, as with Telegram."""
        known = CANONICAL.get(method.lower())
        if known and known != "getUpdates":
            self._call(known, given, self.telegram.failures.take(known, _chat_id(given)), time.monotonic())
            self.telegram.changed()

    def _method(self, request: web.Request) -> str:
        if request.match_info["token"] != self.telegram.token:
            raise Refused(401, "Unauthorized")
        asked = request.match_info["method"]
        method = asked if asked in METHODS else CANONICAL.get(asked.lower())
        if method:
            return method
        if is_known(asked):
            raise Refused(404, f"Not Found: the Bot API has {asked}, but the simulator does not support it")
        raise Refused(404, "Not Found: method not found")

    def _call(self, method: str, given: Json, failure: Failure | None, at: float) -> web.Response:
        """Do what is asked, or fail as ordered. Every call is remembered."""
        call, record = Call(method, given, 200, at), self.telegram.record
        record.begin(call)
        answer = self._fail(call, failure) if failure and failure.kind not in ACCEPTED_FIRST else self._do(call)
        if failure and failure.kind in ACCEPTED_FIRST:
            call.status, call.description = 0, failure.kind
        record.end(call)
        return answer

    def _do(self, call: Call) -> web.Response:
        try:
            read = check_call if self.telegram.schema_checks else read_call
            call.parameters = read(call.method, call.parameters)
            self._charge(call)
            result = METHODS[call.method](self.telegram, call.parameters)
        except Refused as refused:
            call.status, call.description, call.accepted = refused.status, refused.description, False
            return _refusal(refused)
        return _json(200, {"ok": True, "result": result})

    def _fail(self, call: Call, failure: Failure) -> web.Response:
        refused = failure.refusal()
        call.accepted = False
        call.description = refused.description if refused else failure.kind
        if refused:
            call.status = refused.status
            return _refusal(refused)
        call.status = 502 if failure.kind == "502" else 0
        return _gateway_page()

    def _charge(self, call: Call) -> None:
        chat_id = call.parameters.get("chat_id")
        if self.telegram.flood_limits and isinstance(chat_id, int):
            is_paid = call.parameters.get("allow_paid_broadcast", False)
            messages = messages_in(call)
            self.telegram.flood.charge(call.method, chat_id, now=call.at, messages=messages, is_paid=is_paid)

    async def _get_updates(self, request: web.Request, given: Json, failure: Failure | None) -> web.Response:
        if failure and failure.kind not in ACCEPTED_FIRST:
            refused = failure.refusal()
            await _break_off(request, failure)
            return _refusal(refused) if refused else _gateway_page()
        updates = self.telegram.updates
        try:
            asked = check_call("getUpdates", given)
            if "allowed_updates" in asked:
                updates.allowed = kinds_of(asked["allowed_updates"])
            limit = min(max(asked.get("limit", LIMIT), 1), LIMIT)
            seconds = min(max(asked.get("timeout", 0), 0), LONGEST_WAIT)
            result = await updates.poll(asked.get("offset", 0), limit, seconds)
        except Refused as refused:
            return _refusal(refused)
        await _break_off(request, failure)
        return _json(200, {"ok": True, "result": result})


def _json(status: int, body: Json, headers: dict[str, str] | None = None) -> web.Response:
    content = json.dumps(body).encode()
    return web.Response(body=content, status=status, headers=headers, content_type="application/json")


def _refusal(refused: Refused) -> web.Response:
    retry_after = refused.parameters.get("retry_after")
    return _json(refused.status, refused.body(), {"Retry-After": str(retry_after)} if retry_after else None)


def _gateway_page() -> web.Response:
    return web.Response(text=GATEWAY_PAGE, status=502, content_type="text/html")


async def _break_off(request: web.Request, failure: Failure | None) -> None:
    """Never return if the ordered failure is one of no answer: the handler ends when the connection does."""
    if failure is None or not failure.kind.startswith(("timeout", "reset")):
        return
    if failure.kind.startswith("reset"):
        reset(request.transport)
    await asyncio.get_running_loop().create_future()


def reset(transport: asyncio.BaseTransport | None) -> None:
    """Break a connection so that the other side hears "connection reset by peer"."""
    if isinstance(transport, asyncio.Transport) and not transport.is_closing():
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


def _chat_id(given: Json) -> int | None:
    """The chat a call is about, before anything was checked."""
    asked = str(given.get("chat_id", ""))
    return int(asked) if asked.removeprefix("-").isdecimal() and len(asked) < 20 else None
