"""A site with news, on this machine: what it says at each path is set by the test."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>{title}</title><link>https://kabar.example/</link>{items}</channel></rss>"""

ITEM = """<item><title>{title}</title><link>https://kabar.example/{key}</link><guid isPermaLink="false">{key}</guid>
<pubDate>{day:02} Nov 2026 08:00:00 +0700</pubDate><description>{text}</description></item>"""


def rss(*titles: str, title: str = "Kabar Dagang", text: str = "Keterangan lengkap di situs.") -> bytes:
    """A feed with an item for each of *titles*, each a day older than the one before it."""
    items = (ITEM.format(title=one, key=one.replace(" ", "-"), day=25 - at, text=text) for at, one in enumerate(titles))
    return RSS.format(title=title, items="".join(items)).encode()


@dataclass
class NewsSite:
    """Where it is, what it says, and what was asked of it."""

    host: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    @property
    def allowed(self) -> frozenset[str]:
        return frozenset({self.host})

    def says(self, path: str, body: bytes, kind: str = "application/rss+xml", **headers: str) -> str:
        """Let *body* stand at *path*; returns its address."""

        async def answer(request: web.Request) -> web.StreamResponse:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return web.Response(body=body, headers={"Content-Type": kind, **named})

        self.answers[path] = answer
        return self.url(path)

    def says_status(self, path: str, status: int, **headers: str) -> str:
        async def answer(request: web.Request) -> web.StreamResponse:
            return web.Response(status=status, headers=headers)

        self.answers[path] = answer
        return self.url(path)

    def hangs(self, path: str) -> str:
        """Let *path* take the question, and never answer."""

        async def answer(request: web.Request) -> web.StreamResponse:
            await asyncio.Event().wait()
            return web.Response()

        self.answers[path] = answer
        return self.url(path)

    def says_zipped(self, path: str, body: bytes) -> str:
        return self.says(path, gzip.compress(body), Content_Encoding="gzip")

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        self.headers.append(dict(request.headers))
        answer = self.answers.get(request.path)
        return await answer(request) if answer else web.Response(status=404)


@asynccontextmanager
async def news_site() -> AsyncIterator[NewsSite]:
    site = NewsSite()
    app = web.Application()
    app.router.add_get("/{path:.*}", site.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.host = f"127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        await runner.cleanup()
