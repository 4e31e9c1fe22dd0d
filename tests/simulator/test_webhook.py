"""Webhooks: the pretend Telegram posts what happens to a small receiver, over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from simulator import Person, PretendTelegram
from tests.simulator.conftest import Bot

Json = dict[str, Any]
ANYWHERE = "http://127.0.0.1:9/hook"  # the port of nobody


@dataclass
class Receiver:
    """What came, and what is answered: *answers* first, then 200; *hold* keeps every answer back."""

    url: str = ""
    came: list[tuple[Json, dict[str, str]]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    held: asyncio.Event = field(default_factory=asyncio.Event)
    under_way: int = 0
    most_under_way: int = 0

    async def handle(self, request: web.Request) -> web.Response:
        self.came.append((await request.json(), dict(request.headers)))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await self.held.wait()
        finally:
            self.under_way -= 1
        return self.answers.pop(0) if self.answers else web.Response()

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update, _ in self.came]


@pytest.fixture
async def receiver(telegram: PretendTelegram) -> AsyncIterator[Receiver]:
    telegram.webhook.first_pause = 0.02
    receiver = Receiver()
    receiver.held.set()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    receiver.held.set()
    await runner.cleanup()


async def until(telegram: PretendTelegram, condition: Callable[[], object]) -> None:
    await telegram.wait_until(condition, timeout=10)


class TestPost:
    async def test_brings_updates_with_the_secret(
        self, bot: Bot, sari: Person, telegram: PretendTelegram, receiver: Receiver
    ) -> None:
        """An update comes as JSON with the secret token in its header, and then no longer waits."""
        await bot.get("setWebhook", url=receiver.url, secret_token="rahasia")

        message = sari.write("halo")
        await until(telegram, lambda: receiver.came and not telegram.pending_updates())

        ((update, headers),) = receiver.came
        assert update["message"] == message
        assert headers["X-Telegram-Bot-Api-Secret-Token"] == "rahasia"
        assert headers["Content-Type"] == "application/json"

    async def test_brings_what_waited_before(
        self, bot: Bot, sari: Person, telegram: PretendTelegram, receiver: Receiver
    ) -> None:
        """What was not fetched by polling is posted as soon as there is a webhook."""
        sari.write("tadi")

        await bot.get("setWebhook", url=receiver.url)
        await until(telegram, lambda: not telegram.pending_updates())

        assert receiver.texts() == ["tadi"]

    async def test_keeps_a_chats_order(
        self, bot: Bot, sari: Person, telegram: PretendTelegram, receiver: Receiver
    ) -> None:
        """The next update of a chat comes only when the one before was taken, refusals in between or not."""
        receiver.answers = [web.Response(status=503), web.Response(), web.Response(status=500)]
        await bot.get("setWebhook", url=receiver.url)

        for text in ("satu", "dua", "tiga"):
            sari.write(text)
        await until(telegram, lambda: not telegram.pending_updates())

        assert receiver.texts() == ["satu", "satu", "dua", "dua", "tiga"]
        assert receiver.most_under_way == 1

    async def test_does_several_chats_at_once(self, bot: Bot, telegram: PretendTelegram, receiver: Receiver) -> None:
        """Chats do not wait for each other, up to max_connections."""
        await bot.get("setWebhook", url=receiver.url, max_connections=3)
        receiver.held.clear()

        for number in range(6):
            telegram.person(1000 + number).write("halo")
        await until(telegram, lambda: receiver.under_way == 3)
        receiver.held.set()
        await until(telegram, lambda: not telegram.pending_updates())

        assert (len(receiver.came), receiver.most_under_way) == (6, 3)

    async def test_keeps_order_for_who_has_no_chat(
        self, bot: Bot, telegram: PretendTelegram, receiver: Receiver
    ) -> None:
        """Without a chat, as with inline queries, a person's updates keep their order; nonsense waits for nobody."""
        receiver.held.clear()
        await bot.get("setWebhook", url=receiver.url)

        for text in ("a", "b"):
            telegram.push({"inline_query": {"id": text, "from": {"id": 5}, "query": text, "offset": ""}})
        telegram.push({"message": 7})
        await until(telegram, lambda: receiver.under_way == 2)

        assert [set(update) - {"update_id"} for update, _ in receiver.came] == [{"inline_query"}, {"message"}]

    async def test_pauses_as_asked(self, bot: Bot, sari: Person, telegram: PretendTelegram, receiver: Receiver) -> None:
        """Retry-After is honoured: the next try waits so long, whatever the pause would have been."""
        receiver.answers = [web.Response(status=503, headers={"Retry-After": "1"})]
        await bot.get("setWebhook", url=receiver.url)
        loop = asyncio.get_running_loop()

        sari.write("halo")
        await until(telegram, lambda: len(receiver.came) == 1)
        first = loop.time()
        await until(telegram, lambda: len(receiver.came) == 2)

        assert loop.time() - first > 0.8

    async def test_gives_up_on_silence(
        self, bot: Bot, sari: Person, telegram: PretendTelegram, receiver: Receiver
    ) -> None:
        """A call without an answer fails and is made again."""
        telegram.webhook.patience = 0.1
        receiver.held.clear()
        await bot.get("setWebhook", url=receiver.url)

        sari.write("halo")
        await until(telegram, lambda: len(receiver.came) >= 2)

        info = await bot.get("getWebhookInfo")
        assert info["last_error_message"] == "Read timeout expired"
        assert telegram.pending_updates() == 1

    async def test_rests_in_an_outage(
        self, bot: Bot, sari: Person, telegram: PretendTelegram, receiver: Receiver
    ) -> None:
        """While Telegram is away it posts nothing, and afterwards all of it."""
        await bot.get("setWebhook", url=receiver.url)
        telegram.outage = True

        sari.write("halo")
        await asyncio.sleep(0.1)
        before = list(receiver.came)
        telegram.outage = False
        await until(telegram, lambda: not telegram.pending_updates())

        assert (before, receiver.texts()) == ([], ["halo"])

    async def test_does_what_the_answer_asks(
        self, bot: Bot, sari: Person, telegram: PretendTelegram, receiver: Receiver
    ) -> None:
        """The body of an answer may be a method call; nonsense in it harms nothing."""
        receiver.answers = [
            web.json_response({"method": "sendMessage", "chat_id": 101, "text": "hai"}),
            web.json_response({"method": "sendMessage", "chat_id": 5, "text": "hai"}),
            web.Response(body=b"{"),
            web.json_response({"method": 5}),
        ]
        await bot.get("setWebhook", url=receiver.url)

        for text in ("satu", "dua", "tiga", "empat"):
            sari.write(text)
        await until(telegram, lambda: not telegram.pending_updates())

        assert sari.texts() == ["hai"]
        assert telegram.calls[-1].description == "Bad Request: chat not found"


class TestInfo:
    async def test_tells_the_last_error(
        self, bot: Bot, sari: Person, telegram: PretendTelegram, receiver: Receiver
    ) -> None:
        """getWebhookInfo counts what waits and names what went wrong last."""
        receiver.answers = [web.Response(status=503, headers={"Retry-After": "100"})]
        await bot.get("setWebhook", url=receiver.url, max_connections=2, allowed_updates=["message"])
        sari.write("satu")
        sari.write("dua")
        await until(telegram, lambda: telegram.webhook.last_error)

        info = await bot.get("getWebhookInfo")

        assert info["pending_update_count"] == 2
        assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
        assert abs(info["last_error_date"] - telegram.now()) < 60
        assert (info["max_connections"], info["allowed_updates"]) == (2, ["message"])

    async def test_tells_of_a_shut_door(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """So it is when nobody listens there."""
        await bot.get("setWebhook", url=ANYWHERE)

        sari.write("halo")
        await until(telegram, lambda: telegram.webhook.last_error)

        assert (await bot.get("getWebhookInfo"))["last_error_message"] == "Connection refused"


class TestSwitch:
    async def test_keeps_what_waits(
        self, bot: Bot, sari: Person, telegram: PretendTelegram, receiver: Receiver
    ) -> None:
        """Going back to polling loses nothing, unless it is asked to."""
        await bot.get("setWebhook", url=ANYWHERE)
        sari.write("halo")

        await bot.get("deleteWebhook")
        kept = await bot.get("getUpdates")
        await bot.get("setWebhook", url=receiver.url, drop_pending_updates=True)
        sari.write("baru")
        await until(telegram, lambda: not telegram.pending_updates())

        assert [update["message"]["text"] for update in kept] == ["halo"]
        assert receiver.texts() == ["baru"]

    async def test_disturbs_nothing_when_it_changes_nothing(
        self, bot: Bot, sari: Person, telegram: PretendTelegram, receiver: Receiver
    ) -> None:
        """Setting the same webhook again, as every replica does at its start, breaks no call under way."""
        receiver.held.clear()
        await bot.get("setWebhook", url=receiver.url, secret_token="a")
        sari.write("halo")
        await until(telegram, lambda: receiver.under_way)

        await bot.get("setWebhook", url=receiver.url, secret_token="a")
        receiver.held.set()
        await until(telegram, lambda: not telegram.pending_updates())

        assert receiver.texts() == ["halo"]

    @pytest.mark.parametrize("url", ["https://example.org/hook", "https://10.0.0.1/", "https://[::", "ftp://127.0.0.1"])
    async def test_calls_nobody_else(self, bot: Bot, url: str) -> None:
        """Addresses beyond this machine are refused."""
        assert "bad webhook" in await bot.refusal("setWebhook", url=url)

    async def test_checks_the_secret(self, bot: Bot) -> None:
        """A secret token is of letters, digits, _ and -."""
        assert "unallowed characters" in await bot.refusal("setWebhook", url=ANYWHERE, secret_token="a b")
