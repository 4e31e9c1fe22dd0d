"""What each way of failing on the wire says about the call: surely not made, unknown, or refused."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot import telegram_request
from bot.telegram_request import FloodLimit, NotSent, Offline, TelegramRequest, Unknown

TOKEN = "1234:secret-of-the-bot"
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def request_() -> AsyncIterator[TelegramRequest]:
    request = TelegramRequest()
    await request.initialize()
    yield request
    await request.shutdown()


@asynccontextmanager
async def serving(answer: Answer) -> AsyncIterator[str]:
    """The address of a server that meets each connection with *answer*."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot{TOKEN}/sendMessage"


def saying(status: int, body: str) -> Answer:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status} Whatever\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write((head + body).encode())
        writer.close()

    return answer


async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


def refusal(code: int, description: str = "why", **parameters: int) -> str:
    return json.dumps({"ok": False, "error_code": code, "description": description, "parameters": parameters})


async def failure_of(request: TelegramRequest, url: str) -> TelegramError:
    """The error of a call; the token stands in none."""
    with pytest.raises(TelegramError) as caught:
        await request.call(url, {"chat_id": 1}, read_timeout=0.2)
    assert TOKEN not in str(caught.value)
    return caught.value


class TestCall:
    async def test_refused_is_surely_not_made(self, request_: TelegramRequest) -> None:
        """Where nobody listens no call is made."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            error = await failure_of(request_, f"http://127.0.0.1:{taken.getsockname()[1]}/bot{TOKEN}/getMe")

        assert isinstance(error, Offline)

    async def test_no_connection_in_time_is_surely_not_made(
        self, request_: TelegramRequest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A connection that does not come about in time carries no call."""
        monkeypatch.setattr(telegram_request, "CONNECT_TIMEOUT", 0.1)  # nobody wants to wait for five seconds
        with socket.socket() as full, socket.socket() as first, socket.socket() as second:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            for earlier in (first, second):  # they fill the queue, so that nobody answers the next one
                earlier.setblocking(False)
                earlier.connect_ex(full.getsockname())
            error = await failure_of(request_, f"http://127.0.0.1:{full.getsockname()[1]}/bot{TOKEN}/getMe")

        assert isinstance(error, Offline)

    @pytest.mark.parametrize("answer", [hang_up, say_nothing])
    async def test_no_answer_is_unknown(self, request_: TelegramRequest, answer: Answer) -> None:
        """A request that left and was not answered may have been carried out."""
        async with serving(answer) as url:
            assert isinstance(await failure_of(request_, url), Unknown)

    @pytest.mark.parametrize("status", [301, 400, 403, 404, 413, 429, 500, 502, 503])
    async def test_a_gateways_page_is_unknown(self, request_: TelegramRequest, status: int) -> None:
        """A page without Telegram's JSON says nothing, whatever its code: a proxy's 403 blocks nobody."""
        async with serving(saying(status, "<html>Sorry</html>")) as url:
            assert isinstance(await failure_of(request_, url), Unknown)

    async def test_a_flood_limit_tells_how_long(self, request_: TelegramRequest) -> None:
        """429 is surely not carried out, and says when to come again."""
        async with serving(saying(429, refusal(429, retry_after=7))) as url:
            error = await failure_of(request_, url)

        assert isinstance(error, FloodLimit)
        assert error.seconds == 7

    @pytest.mark.parametrize(
        ("code", "kind"), [(500, NotSent), (401, InvalidToken), (404, InvalidToken), (413, BadRequest)]
    )
    async def test_telegrams_own_refusals(
        self, request_: TelegramRequest, code: int, kind: type[TelegramError]
    ) -> None:
        """With Telegram's JSON it is known that nothing was carried out, and whose fault it was."""
        async with serving(saying(code, refusal(code))) as url:
            error = await failure_of(request_, url)

        assert isinstance(error, kind)
        assert not isinstance(error, Unknown)
