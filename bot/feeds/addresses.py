"""Which addresses may be opened: the public internet's, and those that tests let through."""

import asyncio
import re
import socket
from collections.abc import Set
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.feeds.troubles import HasPassword, NoAddress, NotPublic, OtherPort, UnknownHost

LONGEST = 1_000
"""Characters."""

PORTS = (80, 443)

_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\xa0\\]")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)
"""What some read as (a part of) an IP address, when it ends a host."""

_UNICAST = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")
_NOT_FOR_THE_PUBLIC = tuple(
    map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "2001:db8::/32", "3fff::/20"))
)
"""Beside what `is_global` knows in every Python: protocols', a relay's, a cloud's metadata, and documentation's."""


def checked(address: str | URL, allowed: Set[str] = frozenset()) -> URL:
    """*address* as it is to be opened, without its fragment; *allowed* names what is let through ("host:port").

    Where a name leads is looked at when it is resolved. Raises BadAddress.
    """
    url = _parsed(address)
    if url.scheme not in {"http", "https"} or not url.raw_host or url.port is None:
        raise NoAddress
    if url.raw_user is not None or url.raw_password is not None:
        raise HasPassword
    if f"{url.raw_host}:{url.port}" in allowed:
        return url
    if url.port not in PORTS:
        raise OtherPort
    if is_number(url.raw_host) and not is_public(url.raw_host):
        raise NotPublic
    return url


def _parsed(address: str | URL) -> URL:
    if len(str(address)) > LONGEST or _UNSEEN.search(str(address)):
        raise NoAddress
    try:
        url = URL(address).with_fragment(None)
        # yarl looks at some parts only when it is asked for them.
        return url if url.is_absolute() and url.port and url.raw_host else URL()
    except ValueError:
        raise NoAddress from None


def is_number(host: str) -> bool:
    """Whether it is no name: an IP address, or one of the old notations for them (2130706433, 127.1, 0x7f.1)."""
    return ":" in host or bool(_NUMBER.fullmatch(host.rstrip(".").rpartition(".")[2]))


def is_public(text: str) -> bool:
    """Whether it is an IP address, in its plain notation, that the whole internet shares."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and (inner := _carried(address)):
        address = inner
    if isinstance(address, IPv6Address) and address not in _UNICAST:
        return False
    if address.is_multicast or not address.is_global:
        return False
    return not any(address in network for network in _NOT_FOR_THE_PUBLIC)


def _carried(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a gateway, or the system itself, would make of it."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


class PublicOnly(AbstractResolver):
    """Resolves names for aiohttp, which connects to just these addresses: what was looked at is what is opened.

    A name that leads inside by one of its addresses is not opened by the others either.
    """

    def __init__(self, allowed: Set[str] = frozenset()) -> None:
        self._allowed = allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises NotPublic and UnknownHost."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise UnknownHost from None
        is_allowed = f"{host}:{port}" in self._allowed
        if not is_allowed and not all(is_public(str(where[0])) for *_, where in found):
            raise NotPublic
        numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
        return [
            ResolveResult(hostname=host, host=str(where[0]), port=port, family=kind, proto=protocol, flags=numeric)
            for kind, _, protocol, _, where in found
        ]

    async def close(self) -> None:
        """Nothing is kept."""
