"""A site is not trusted: neither how long it takes, nor how much it says, nor where it sends one."""

import asyncio
import socket
import tracemalloc
from typing import Any

import pytest
from aiohttp import web

from bot.feeds.fetching import Limits, Marks, fetch
from bot.feeds.troubles import (
    BadCertificate,
    Busy,
    Forbidden,
    Gone,
    NoConnection,
    NotPublic,
    NotRead,
    OtherPort,
    RoundAndRound,
    TooLarge,
    TooSlow,
)
from tests.support.news_site import NewsSite, news_site, rss


@pytest.fixture
def limits(site: NewsSite) -> Limits:
    """The usual ones, but that they let the site through."""
    return Limits(allowed=site.allowed)


def soon(site: NewsSite) -> Limits:
    return Limits(seconds=0.2, allowed=site.allowed)


class TestFetch:
    async def test_brings_what_stands_there(self, site: NewsSite, limits: Limits) -> None:
        """Body, kind, and the marks that tell whether it changes."""
        url = site.says("/feed", rss("Pameran"), ETag='"v1"', Last_Modified="Mon, 23 Nov 2026 01:00:00 GMT")
        fetched = await fetch(url, limits=limits)

        assert fetched is not None
        assert (fetched.body, fetched.content_type) == (rss("Pameran"), "application/rss+xml")
        assert fetched.marks == Marks('"v1"', "Mon, 23 Nov 2026 01:00:00 GMT")

    async def test_unpacks(self, site: NewsSite, limits: Limits) -> None:
        """What is sent compressed comes unpacked."""
        fetched = await fetch(site.says_zipped("/feed", rss("Pameran")), limits=limits)

        assert fetched is not None
        assert fetched.body == rss("Pameran")

    async def test_says_that_nothing_changed(self, site: NewsSite, limits: Limits) -> None:
        """The marks go back to the site as they came; 304 is nothing new."""
        url = site.says_status("/feed", 304)

        assert await fetch(url, Marks('"v1"', "Mon, 23 Nov 2026 01:00:00 GMT"), limits) is None
        assert site.headers[-1]["If-None-Match"] == '"v1"'
        assert site.headers[-1]["If-Modified-Since"] == "Mon, 23 Nov 2026 01:00:00 GMT"

    @pytest.mark.parametrize("mark", ["é" * 3, "x" * 501, ""])
    async def test_keeps_no_odd_marks(self, site: NewsSite, limits: Limits, mark: str) -> None:
        """What a row could not hold, or what is too long to be one, is no mark."""
        fetched = await fetch(site.says("/feed", rss(), ETag=mark), limits=limits)

        assert fetched is not None
        assert fetched.marks == Marks()

    async def test_keeps_no_cookies(self, site: NewsSite, monkeypatch: pytest.MonkeyPatch) -> None:
        """None goes from one answer to the next question."""
        host = f"kabar.example:{lead_here(monkeypatch, site)}"
        site.says_status("/first", 302, **{"Location": "/feed", "Set-Cookie": "who=us; Path=/"})
        site.says("/feed", rss())

        assert await fetch(f"http://{host}/first", limits=Limits(allowed={host}))
        assert site.asked == ["/first", "/feed"]
        assert "Cookie" not in site.headers[-1]

    async def test_uses_no_proxy(self, site: NewsSite, limits: Limits, monkeypatch: pytest.MonkeyPatch) -> None:
        """One of the environment would resolve names in its own way."""
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

        assert await fetch(site.says("/feed", rss()), limits=limits)


def lead_here(monkeypatch: pytest.MonkeyPatch, site: NewsSite) -> int:
    """Let each name lead to this machine; returns the site's port. Of a number no cookie would be kept anyway."""
    port = int(site.host.partition(":")[2])

    def getaddrinfo(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)  # no test may depend on a real name server
    return port


class TestRefuse:
    async def test_this_machine(self, site: NewsSite) -> None:
        """Without a test's leave nothing here is opened."""
        site.says("/feed", rss())
        port = site.host.partition(":")[2]
        for host, trouble in (("127.0.0.1", NotPublic), ("localhost", NotPublic), ("[::ffff:127.0.0.1]", NotPublic)):
            with pytest.raises(trouble):
                await fetch(f"http://{host}/feed")
            with pytest.raises(OtherPort):
                await fetch(f"http://{host}:{port}/feed")
        assert site.asked == []

    async def test_slow_heads(self, site: NewsSite) -> None:
        """A site that does not begin to answer is left."""

        async def rest(_: web.Request) -> web.StreamResponse:
            await asyncio.Event().wait()
            raise AssertionError

        site.answers["/feed"] = rest
        with pytest.raises(TooSlow):
            await fetch(site.url("/feed"), limits=soon(site))

    async def test_dripping_bodies(self, site: NewsSite) -> None:
        """Byte after byte does not keep us: the time is for all of it."""

        async def drip(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            while True:
                await response.write(b" ")
                await asyncio.sleep(0.01)

        site.answers["/feed"] = drip
        with pytest.raises(TooSlow):
            await fetch(site.url("/feed"), limits=soon(site))

    async def test_slow_redirects(self, site: NewsSite) -> None:
        """Nor do redirects begin it anew."""

        async def send_on(request: web.Request) -> web.StreamResponse:
            await asyncio.sleep(0.15)
            return web.Response(status=302, headers={"Location": f"{request.path}x"})

        for number in range(4):
            site.answers["/" + "x" * number] = send_on
        with pytest.raises(TooSlow):
            await fetch(site.url("/"), limits=Limits(seconds=0.4, redirects=50, allowed=site.allowed))

    async def test_what_is_said_to_be_huge(self, site: NewsSite) -> None:
        """Its length is believed, and it is not read."""
        with pytest.raises(TooLarge):
            await fetch(site.says("/feed", b" " * 5_000), limits=Limits(size=4_999, allowed=site.allowed))

    async def test_what_does_not_end(self, site: NewsSite, limits: Limits) -> None:
        """What goes on after the bound is cut off while it comes."""
        written = 0

        async def pour(request: web.Request) -> web.StreamResponse:
            nonlocal written
            response = web.StreamResponse()
            await response.prepare(request)
            while written < 50_000_000:
                await response.write(b" " * 50_000)
                written += 50_000
            return response

        site.answers["/feed"] = pour
        with pytest.raises(TooLarge):
            await fetch(site.url("/feed"), limits=limits)
        assert written < 20_000_000  # what lay in buffers on the way

    async def test_gzip_bombs(self, site: NewsSite, limits: Limits) -> None:
        """200 MB packed into 200 kB are never unpacked together."""
        url = site.says_zipped("/feed", b"\0" * 200_000_000)
        tracemalloc.start()
        try:
            with pytest.raises(TooLarge):
                await fetch(url, limits=limits)
            highest = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

        assert highest < 20_000_000

    async def test_up_to_the_bound(self, site: NewsSite) -> None:
        """What just fits is read."""
        url = site.says("/feed", b"x" * 5_000)

        assert await fetch(url, limits=Limits(size=5_000, allowed=site.allowed))

    async def test_broken_packing(self, site: NewsSite, limits: Limits) -> None:
        """What cannot be unpacked is no answer."""
        with pytest.raises(NoConnection):
            await fetch(site.says("/feed", b"no gzip at all", Content_Encoding="gzip"), limits=limits)

    @pytest.mark.parametrize(
        ("status", "trouble"),
        [
            *((401, Forbidden), (403, Forbidden), (451, Forbidden), (404, Gone), (410, Gone), (400, Busy)),
            *((429, Busy), (500, Busy), (503, Busy), (204, Busy), (206, Busy), (300, Busy), (305, Busy)),
        ],
    )
    async def test_what_is_no_answer(self, site: NewsSite, limits: Limits, status: int, trouble: type[NotRead]) -> None:
        """Each is told by what an officer can do about it."""
        with pytest.raises(trouble):
            await fetch(site.says_status("/feed", status), limits=limits)

    async def test_nobody_there(self) -> None:
        """A site that is off is told as such."""
        async with news_site() as gone:
            pass
        with pytest.raises(NoConnection):
            await fetch(gone.url("/feed"), limits=Limits(allowed=gone.allowed))

    async def test_another_protocol(self, site: NewsSite, limits: Limits) -> None:
        """What cannot show to be the site is not believed."""
        with pytest.raises(BadCertificate):
            await fetch(f"https://{site.host}/feed", limits=limits)

    @pytest.mark.parametrize("answer", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\nA: " + b"a" * 99_999 + b"\r\n\r\n"])
    async def test_what_does_not_speak_http(self, answer: bytes) -> None:
        """Whatever else answers is left."""

        async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(answer)
            writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        async with server:
            host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
            with pytest.raises(NoConnection):
                await fetch(f"http://{host}/", limits=Limits(allowed={host}))


class TestFollow:
    async def test_redirects(self, site: NewsSite, limits: Limits) -> None:
        """Relative ones and whole ones; where it ended is told."""
        site.says_status("/old", 301, Location="/older")
        site.says_status("/older", 307, Location=site.url("/feed"))
        site.says("/feed", rss("Pameran"))
        fetched = await fetch(site.url("/old"), limits=limits)

        assert fetched is not None
        assert fetched.address == site.url("/feed")

    async def test_not_round_and_round(self, site: NewsSite, limits: Limits) -> None:
        """A loop is told when it closes."""
        site.says_status("/a", 302, Location="/b")
        site.says_status("/b", 302, Location="/a#again")
        with pytest.raises(RoundAndRound):
            await fetch(site.url("/a"), limits=limits)
        assert site.asked == ["/a", "/b"]

    async def test_not_for_ever(self, site: NewsSite, limits: Limits) -> None:
        """Five are followed, the sixth is not."""
        for number in range(9):
            site.says_status(f"/{number}", 302, Location=f"/{number + 1}")
        with pytest.raises(RoundAndRound):
            await fetch(site.url("/0"), limits=limits)
        assert len(site.asked) == 6

    async def test_not_elsewhere_on_this_machine(self, site: NewsSite, limits: Limits) -> None:
        """Another port here, other notations and other schemes are refused as if they were typed."""
        async with news_site() as other:
            other.says("/feed", rss())
            for target in (other.url("/feed"), "http://127.0.0.1/", "http://localhost/", "http://2130706433/"):
                with pytest.raises((NotPublic, OtherPort)):
                    await fetch(site.says_status("/feed", 302, Location=target), limits=limits)
            for target in ("file:///etc/passwd", "gopher://127.0.0.1/", "", "http://[", "//"):
                with pytest.raises((Busy, RoundAndRound)):
                    await fetch(site.says_status("/feed", 302, Location=target), limits=limits)
            assert other.asked == []

    async def test_not_nowhere(self, site: NewsSite, limits: Limits) -> None:
        """A redirect without an address is no answer."""
        with pytest.raises(Busy):
            await fetch(site.says_status("/feed", 302), limits=limits)
