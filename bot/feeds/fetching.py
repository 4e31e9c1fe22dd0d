"""One address fetched, without trusting it: neither where it leads, nor how long it takes, nor how much it says."""

import asyncio
import re
from collections.abc import Set
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from yarl import URL

from bot.feeds.addresses import PublicOnly, checked
from bot.feeds.troubles import (
    BadCertificate,
    Busy,
    Forbidden,
    Gone,
    NoAddress,
    NoConnection,
    RoundAndRound,
    TooLarge,
    TooSlow,
)

REDIRECTS = frozenset({301, 302, 303, 307, 308})
FORBIDDEN = frozenset({401, 402, 403, 407, 451})
GONE = frozenset({404, 410})

HEADERS = {
    "User-Agent": "umkm-bot (reads news feeds, once an hour)",
    "Accept": "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5",
    # What the reader can unpack in bounded steps, whatever else is installed.
    "Accept-Encoding": "gzip, deflate",
}

LONGEST_MARK = 500
_PLAIN = re.compile(r"[\x20-\x7e]+")


@dataclass(frozen=True)
class Limits:
    """How far one fetch may go."""

    seconds: float = 20.0
    """In all, redirects and names with it."""
    size: int = 2_000_000
    """Bytes, after decompression."""
    redirects: int = 5
    allowed: Set[str] = frozenset()
    """What is opened although it is not public, as "host:port"; for tests."""


LIMITS = Limits()


@dataclass(frozen=True)
class Marks:
    """What the site gave to tell whether anything changed since: handed back as it was."""

    etag: str | None = None
    modified: str | None = None


NO_MARKS = Marks()


@dataclass(frozen=True)
class Fetched:
    """What stood there."""

    address: str
    """Where it was in the end."""
    body: bytes
    content_type: str
    marks: Marks


async def fetch(address: str, marks: Marks = NO_MARKS, limits: Limits = LIMITS) -> Fetched | None:
    """What stands at *address* now; None when nothing changed since *marks*. Raises NotRead, and nothing else.

    Cookies and the environment's proxies are not used; each redirect is looked at like the address itself.
    """
    try:
        async with asyncio.timeout(limits.seconds), _session(limits) as session:
            return await _follow(session, checked(address, limits.allowed), marks, limits)
    except TimeoutError:
        raise TooSlow from None
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError):
        raise BadCertificate from None
    except (aiohttp.ClientError, OSError, ValueError):
        raise NoConnection from None


def _session(limits: Limits) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(resolver=PublicOnly(limits.allowed), use_dns_cache=False, force_close=True)
    return aiohttp.ClientSession(
        connector=connector,
        headers=HEADERS,
        timeout=aiohttp.ClientTimeout(total=None),  # the one above bounds everything together
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
    )


async def _follow(session: aiohttp.ClientSession, url: URL, marks: Marks, limits: Limits) -> Fetched | None:
    seen = {url}
    while True:
        async with session.get(url, allow_redirects=False, headers=_asking(marks)) as response:
            if response.status not in REDIRECTS:
                return await _taken(response, limits)
            url = _next(response, limits)
        if url in seen or len(seen) > limits.redirects:
            raise RoundAndRound
        seen.add(url)


def _asking(marks: Marks) -> dict[str, str]:
    asked = {"If-None-Match": marks.etag, "If-Modified-Since": marks.modified}
    return {name: value for name, value in asked.items() if value}


def _next(response: aiohttp.ClientResponse, limits: Limits) -> URL:
    """Where a redirect leads. Raises BadAddress, and Busy where it leads nowhere."""
    try:
        return checked(response.url.join(URL(response.headers["Location"])), limits.allowed)
    except (KeyError, ValueError, NoAddress):
        raise Busy from None


async def _taken(response: aiohttp.ClientResponse, limits: Limits) -> Fetched | None:
    _refuse(response.status)
    if response.status == HTTPStatus.NOT_MODIFIED:
        return None
    if (response.content_length or 0) > limits.size:
        raise TooLarge
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > limits.size:
            raise TooLarge
    headers = response.headers
    kept = Marks(_mark(headers.get("ETag")), _mark(headers.get("Last-Modified")))
    return Fetched(str(response.url), bytes(body), _mark(headers.get("Content-Type")) or "", kept)


def _refuse(status: int) -> None:
    """Raises for what is no answer."""
    if status in FORBIDDEN:
        raise Forbidden
    if status in GONE:
        raise Gone
    if status not in {HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION, HTTPStatus.NOT_MODIFIED}:
        raise Busy


def _mark(value: str | None) -> str | None:
    """A header worth keeping: it goes into a row, and back to the site."""
    return value if value and len(value) <= LONGEST_MARK and _PLAIN.fullmatch(value) else None
