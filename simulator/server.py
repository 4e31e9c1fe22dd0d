"""Serves the pretend Telegram over HTTP: the Bot API, the chat page and the control API at one address."""

import asyncio
import errno
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from simulator.bot_api import BotApi, reset
from simulator.chat_page import FIRST_PEOPLE, ChatPage
from simulator.control import Control
from simulator.requests import LARGEST_BODY
from simulator.telegram import PretendTelegram

NEXT_PORTS = 100  # how many ports beyond a taken one are tried
BACKLOG = 1024

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def serve(
    telegram: PretendTelegram,
    host: str = "127.0.0.1",
    port: int = 0,
    people: Iterable[Mapping[str, Any]] | None = None,
) -> AsyncIterator[str]:
    """Serve *telegram* while the block runs; its address, as "http://127.0.0.1:43210".

    Port 0 is any free one; a port that is taken is passed over for the next free one. *people* are those the chat
    page shows side by side when its address names nobody: ``{"id": 101, "name": "Sari"}``, if need be with a
    ``"language_code"``.
    """
    runner = web.AppRunner(_app(telegram, people), access_log=None, handler_cancellation=True, shutdown_timeout=1.0)
    await runner.setup()
    listening = Listening(telegram, runner, *_free_address(host, port))
    telegram.outage_changed = listening.follow_outage
    try:
        listening.follow_outage()
        async with telegram.webhook.opened():
            yield f"http://{listening.host}:{listening.port}"
    finally:
        telegram.outage_changed = lambda: None
        await listening.close()
        await runner.cleanup()


@dataclass
class Listening:
    """The door. In an outage it is really shut, so that a bot's connections are refused, not merely broken."""

    telegram: PretendTelegram
    runner: web.AppRunner
    host: str
    port: int
    reserved: socket.socket  # bound and never listening: nobody else gets the port while the door is shut
    server: asyncio.Server | None = None
    opening: asyncio.Task[None] | None = None

    def follow_outage(self) -> None:
        if self.telegram.outage:
            self._shut()
        elif self.server is None and self.opening is None:
            # The socket listens at once, only accepting starts a moment later: nobody is refused any more.
            self.opening = asyncio.get_running_loop().create_task(self._accept(self._listen()))

    async def close(self) -> None:
        """Shut for good. Open polls are cut off, since waiting for them would take as long as they wait."""
        if self.opening:
            await self.opening
        self._shut()
        self.reserved.close()

    def _listen(self) -> socket.socket:
        listener = _bound(self.host, self.port)
        listener.listen(BACKLOG)
        return listener

    async def _accept(self, listener: socket.socket) -> None:
        handler = self.runner.server
        if handler is None:
            raise RuntimeError("the runner was not set up")
        self.server = await asyncio.get_running_loop().create_server(handler, sock=listener, backlog=BACKLOG)
        self.opening = None
        if self.telegram.outage:  # it began in the meantime
            self._shut()

    def _shut(self) -> None:
        if self.server:
            self.server.close()
            self.server = None
        for connection in self.runner.server.connections if self.runner.server else []:
            reset(connection.transport)


def _free_address(host: str, port: int) -> tuple[str, int, socket.socket]:
    candidates = [0] if port == 0 else range(port, min(port + NEXT_PORTS, 65536))
    for candidate in candidates:
        try:
            reserved = _bound(host, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            continue
        return host, reserved.getsockname()[1], reserved
    raise OSError(errno.EADDRINUSE, f"no free port from {port} on")


def _bound(host: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    bound.setblocking(False)
    return bound


def _app(telegram: PretendTelegram, people: Iterable[Mapping[str, Any]] | None) -> web.Application:
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_in_telegrams_shape])
    bot_api = BotApi(telegram)
    telegram.webhook.obey = bot_api.obey
    for part in (bot_api, ChatPage(telegram, [dict(person) for person in people or FIRST_PEOPLE]), Control(telegram)):
        part.add_to(app)
    return app


@web.middleware
async def _in_telegrams_shape(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What nobody answers (unknown paths, wrong HTTP methods) is answered as Telegram would."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        body = {"ok": False, "error_code": error.status, "description": error.reason}
        return web.Response(body=json.dumps(body).encode(), status=error.status, content_type="application/json")
