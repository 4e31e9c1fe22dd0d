"""Which addresses are opened, and what is said of the others."""

import socket
from typing import Any

import pytest
from pytest_socket import SocketConnectBlockedError

from bot.feeds.addresses import PublicOnly, checked, is_public
from bot.feeds.fetching import Limits, fetch
from bot.feeds.troubles import BadAddress, HasPassword, NoAddress, NotPublic, OtherPort, UnknownHost
from tests.support.news_site import NewsSite, rss

INSIDE = (
    *("127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),  # noqa: S104
    *("100.64.0.1", "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "::7f00:1"),
    *("64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:c0a8:101::1"),
    *("2001:0:7f00:1::", "100::1", "3fff::1", "5f00::1"),
)

ODD = (
    *("2130706433", "127.1", "127.0.1", "0x7f.1", "0x7f000001", "0177.0.0.1", "017700000001", "127.0.0.01"),
    *("127.0.0.1.", "0", "0x", "8.8.8.8.", "134744072", "127.0.0.0x1", "1.2.3.4.5", "１２７.0.0.1", "①②⑦.0.0.1"),
)


class TestIsPublic:
    @pytest.mark.parametrize("address", INSIDE)
    def test_not_inside(self, address: str) -> None:
        """This machine, networks inside, and what carries an address of theirs in another form are not public."""
        assert not is_public(address)

    @pytest.mark.parametrize(
        "address",
        ["8.8.8.8", "103.28.12.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"],
    )
    def test_the_internet(self, address: str) -> None:
        """What everybody shares is, behind a gateway for IPv6 too."""
        assert is_public(address)


class TestChecked:
    @pytest.mark.parametrize(
        "address",
        [
            *("", "   ", "kabar", "/feed", "ftp://kabar.example/", "file:///etc/passwd", "javascript:alert(1)"),
            *("https://", "http:///feed", "https://kabar .example", "https://kabar.example/a b", "http:\\\\127.0.0.1"),
            *(
                "http://kabar.example:99999/",
                "http://kabar.example:x/",
                "http://[::1/",
                "http://[zz]/",
                "http://a\n.b/",
            ),
            *("https://kabar.example/" + "a" * 1_000, "data:text/xml,<rss/>", "http://\ud800/", "//kabar.example/feed"),
        ],
    )
    def test_opens_http_only(self, address: str) -> None:
        """What is no whole address of http or https is refused, whatever it is made of."""
        with pytest.raises(NoAddress):
            checked(address)

    @pytest.mark.parametrize(
        "address", ["https://a:b@kabar.example/", "https://a@kabar.example/", "http://:b@8.8.8.8/"]
    )
    def test_takes_no_password(self, address: str) -> None:
        """Rows and logs would keep it."""
        with pytest.raises(HasPassword):
            checked(address)

    @pytest.mark.parametrize(
        "address", ["http://kabar.example:8080/", "https://8.8.8.8:22/", "http://kabar.example:1/"]
    )
    def test_takes_usual_ports(self, address: str) -> None:
        """Other ports are seldom meant for the public."""
        with pytest.raises(OtherPort):
            checked(address)

    @pytest.mark.parametrize("host", [*(f"[{one}]" if ":" in one else one for one in INSIDE if "%" not in one), *ODD])
    def test_takes_no_number_inside(self, host: str) -> None:
        """Numbers are looked at before anybody can read them in another way."""
        with pytest.raises(BadAddress):
            checked(f"http://{host}/")

    @pytest.mark.parametrize(
        "address",
        [
            *("https://kabar.example/feed", "http://kabar.example:443/", "https://kabar.example:80/?a=1&b=%20"),
            *(
                "http://8.8.8.8/",
                "http://[2606:4700::1111]/rss",
                "https://dinas-é.example/feed",
                "https://3com.example/",
            ),
        ],
    )
    def test_takes_the_rest(self, address: str) -> None:
        """An ordinary address goes through as it is."""
        assert str(checked(address)).startswith("http")

    def test_lets_through_what_is_allowed(self) -> None:
        """Just that host at just that port."""
        assert checked("http://127.0.0.1:8123/", {"127.0.0.1:8123"}).port == 8123
        with pytest.raises(OtherPort):
            checked("http://127.0.0.1:8124/", {"127.0.0.1:8123"})
        with pytest.raises(NotPublic):
            checked("http://127.0.0.1/", {"127.0.0.1:8123"})


class TestResolve:
    @pytest.mark.parametrize("host", ["localhost", "0x7f.1", "127.1", "2130706433"])
    async def test_looks_where_a_name_leads(self, host: str) -> None:
        """A name that leads to this machine is refused, in whatever notation."""
        with pytest.raises(NotPublic):
            await PublicOnly().resolve(host, 80)

    async def test_a_name_that_leads_nowhere(self) -> None:
        """It is told as such."""
        for host in ("tidak-ada.invalid", "a" * 64 + ".example", "a..example"):
            with pytest.raises(UnknownHost):
                await PublicOnly().resolve(host, 80)

    async def test_one_address_inside_is_enough(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A name with a public address and one inside is not opened at all."""
        _lead(monkeypatch, ["8.8.8.8", "127.0.0.1"])
        with pytest.raises(NotPublic):
            await fetch("http://kabar.example/feed")

    @pytest.mark.filterwarnings("ignore:A test tried to use")
    async def test_opens_what_was_looked_at(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A name is asked for once: what it leads to a moment later opens nothing."""
        asked = _lead(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
        with pytest.raises(SocketConnectBlockedError, match=r"8\.8\.8\.8"):
            await fetch("http://kabar.example/feed")

        assert asked == ["kabar.example"]

    async def test_opens_a_name_that_is_allowed(self, monkeypatch: pytest.MonkeyPatch, site: NewsSite) -> None:
        """Names go by this resolver, and by no other way."""
        site.says("/feed", rss("Pameran"))
        _lead(monkeypatch, ["127.0.0.1"])
        port = site.host.partition(":")[2]

        assert await fetch(f"http://kabar.example:{port}/feed", limits=Limits(allowed={f"kabar.example:{port}"}))


def _lead(monkeypatch: pytest.MonkeyPatch, *addresses: list[str]) -> list[str]:
    """Let names lead to the first of *addresses*, then to the next; returns what was asked."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        there = addresses[min(len(asked), len(addresses)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in there]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)  # no test may depend on a real name server
    return asked
