"""Failures to order, and what a bot then meets."""

import asyncio

import aiohttp
import pytest

from simulator import Person, PretendTelegram
from tests.simulator.conftest import Bot

GONE = (aiohttp.ClientConnectionError, aiohttp.ClientOSError)


async def send(bot: Bot, text: str = "halo", chat_id: int = 101) -> dict:
    return await bot.call("sendMessage", chat_id=chat_id, text=text)


class TestFail:
    async def test_429_says_when_to_come_back(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """A 429 has retry_after in its body and its header, as often as ordered, and sends nothing."""
        telegram.fail("sendMessage", times=2, kind="429", retry_after=7)

        async with bot.session.post(bot.url("sendMessage"), json={"chat_id": 101, "text": "x"}) as response:
            first, status, header = await response.json(), response.status, response.headers["Retry-After"]
        second, third = await send(bot), await send(bot)

        assert (status, header) == (429, "7")
        assert first == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 7",
            "parameters": {"retry_after": 7},
        }
        assert (second["ok"], third["ok"]) == (False, True)
        assert sari.texts() == ["halo"]

    @pytest.mark.parametrize("kind", ["400", "401", "403", "404", "409", "500"])
    async def test_answers_in_telegrams_shape(
        self, bot: Bot, sari: Person, telegram: PretendTelegram, kind: str
    ) -> None:
        """Errors of Telegram's own have its JSON, with a description of your own if you like."""
        telegram.fail(kind=kind, description="Bad: luck")

        assert await send(bot) == {"ok": False, "error_code": int(kind), "description": "Bad: luck"}
        assert (telegram.calls[0].status, telegram.calls[0].accepted) == (int(kind), False)
        assert sari.texts() == []

    async def test_502_is_no_json(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """A gateway between answers with a page of its own."""
        telegram.fail(kind="502")

        async with bot.session.post(bot.url("sendMessage"), json={"chat_id": 101, "text": "x"}) as response:
            assert (response.status, response.content_type) == (502, "text/html")
            assert "502 Bad Gateway" in await response.text()
        assert sari.texts() == []

    @pytest.mark.parametrize(
        ("kind", "texts"),
        [("reset_before", []), ("reset_after", ["halo"]), ("timeout", []), ("timeout_after", ["halo"])],
    )
    async def test_gives_no_answer(
        self, bot: Bot, sari: Person, telegram: PretendTelegram, kind: str, texts: list[str]
    ) -> None:
        """A broken connection or silence tells the bot nothing of whether the message was taken."""
        telegram.fail(kind=kind)

        is_silent = kind.startswith("timeout")
        with pytest.raises(TimeoutError if is_silent else GONE):
            async with asyncio.timeout(0.2 if is_silent else 10):
                await send(bot)

        assert sari.texts() == texts
        assert (telegram.calls[0].status, telegram.calls[0].accepted) == (0, bool(texts))

    async def test_hits_what_it_is_ordered_for(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """A failure waits for its method and its chat; without a method it spares getUpdates."""
        telegram.person(102)
        telegram.fail("sendMessage", kind="403", chat_id=102)

        assert (await send(bot))["ok"]
        assert (await bot.call("getMe"))["ok"]
        assert not (await send(bot, chat_id=102))["ok"]

        telegram.fail(kind="500")

        assert (await bot.call("getUpdates"))["ok"]
        assert not (await bot.call("getMe"))["ok"]

    async def test_hits_getupdates_when_named(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """Polling fails when it is meant, and loses nothing by it."""
        sari.write("halo")
        for kind in ("409", "502", "reset_after"):
            telegram.fail("getUpdates", kind=kind)

        assert (await bot.call("getUpdates"))["error_code"] == 409
        async with bot.session.get(bot.url("getUpdates")) as response:
            assert response.status == 502
        with pytest.raises(GONE):
            await bot.session.post(bot.url("getUpdates"), json={})
        assert len(await bot.get("getUpdates")) == 1

    def test_knows_its_kinds(self, telegram: PretendTelegram) -> None:
        """A kind that is none is a mistake of the test, and the error names those there are."""
        with pytest.raises(ValueError, match="timeout_after"):
            telegram.fail(kind="503")


class TestOutage:
    async def test_refuses_connections(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """In an outage connections are refused outright, and afterwards the same address answers again."""
        telegram.outage = True
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ClientConnectorError):
                await session.get(bot.url("getMe"))

        telegram.outage = False

        async with aiohttp.ClientSession() as session, session.get(bot.url("getMe")) as response:
            assert response.status == 200

    async def test_ends_what_was_under_way(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """Open polls are cut off, and what happened in the meantime is there afterwards."""
        poll = asyncio.create_task(bot.call("getUpdates", timeout=30))
        await asyncio.sleep(0.05)

        telegram.outage = True
        with pytest.raises(GONE):
            await asyncio.wait_for(poll, 5)
        sari.write("halo")
        telegram.outage = False

        assert len(await bot.get("getUpdates")) == 1

    async def test_can_come_and_go_at_once(self, bot: Bot, telegram: PretendTelegram) -> None:
        """However quickly it is switched, the last word counts."""
        for _ in range(3):
            telegram.outage = True
            telegram.outage = False

        async with aiohttp.ClientSession() as session, session.get(bot.url("getMe")) as response:
            assert response.status == 200
