"""/healthz: the process is alive. /readyz: database, Telegram and loops really work."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from bot.settings import BadSetting

Check = Callable[[], Awaitable[str | None]]
"""Says what is wrong, or None."""


def pages(checks: Mapping[str, Check], routes: Sequence[Route] = ()) -> Starlette:
    """The two pages, and *routes* beside them; *checks* are asked anew at each call of /readyz."""

    async def alive(_: Request) -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    async def ready(_: Request) -> JSONResponse:
        wrong = {name: await check() for name, check in checks.items()}
        is_ready = not any(wrong.values())
        said = {name: fault or "ok" for name, fault in wrong.items()}
        return JSONResponse({"ready": is_ready, **said}, status_code=200 if is_ready else 503)

    return Starlette(routes=[Route("/healthz", alive), Route("/readyz", ready), *routes])


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The process has one way to stop, which is not uvicorn's."""
        yield


@asynccontextmanager
async def serving(app: Starlette, host: str, port: int) -> AsyncIterator[str]:
    """Serve *app* while the block runs; gives its address. Raises BadSetting when the port is taken."""
    listening = _listen(host, port)
    server = _Server(
        uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2)
    )
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield f"http://{host}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise BadSetting(f"HTTP_HOST: {host} is no address of this machine: write 127.0.0.1 or 0.0.0.0") from error
        raise BadSetting(f"HTTP_PORT: {host}:{port} cannot be used ({error.strerror}): choose another port") from error
    listening.listen(100)
    listening.setblocking(False)
    return listening
