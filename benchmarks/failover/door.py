"""What stands before several processes that receive by webhook, as a proxy would."""

import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

PASSED_ON = ("Content-Type", "X-Telegram-Bot-Api-Secret-Token")


@asynccontextmanager
async def door(ports: Callable[[], list[int]]) -> AsyncIterator[str]:
    """While the block runs, pass what comes to one of *ports* that takes it; gives the address. 502 when none does,
    or when one dies with the call in its hands."""
    async with aiohttp.ClientSession() as session:

        async def pass_on(request: web.Request) -> web.Response:
            body = await request.read()
            headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
            for port in random.sample(ports(), len(ports())):
                try:
                    async with session.post(
                        f"http://127.0.0.1:{port}{request.path}", data=body, headers=headers
                    ) as answer:
                        return web.Response(body=await answer.read(), status=answer.status)
                except aiohttp.ClientConnectorError:
                    continue
                except aiohttp.ClientError:
                    break
            return web.Response(status=502)

        app = web.Application()
        app.router.add_post("/{path:.*}", pass_on)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()
