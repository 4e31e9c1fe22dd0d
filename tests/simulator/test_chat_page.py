"""What the chat page gets and sends, without a browser."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from simulator import Person, PretendTelegram
from tests.simulator.conftest import Bot


@asynccontextmanager
async def events(bot: Bot, query: str = "") -> AsyncIterator[AsyncIterator[dict]]:
    """The page's stream of events, from the snapshot on."""
    async with bot.session.get(f"{bot.address}/page/events{query}") as response:
        yield _read(response)


async def _read(response: aiohttp.ClientResponse) -> AsyncIterator[dict]:
    async for line in response.content:
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))


async def post(bot: Bot, what: str, /, **asked: object) -> aiohttp.ClientResponse:
    async with bot.session.post(f"{bot.address}/page/{what}", json=asked) as response:
        await response.read()
        return response


class TestFiles:
    @pytest.mark.parametrize(
        ("path", "kind"),
        [
            ("/", "text/html"),
            ("/?person=102&name=Budi", "text/html"),
            ("/page/chat.css", "text/css"),
            ("/page/chat.js", "text/javascript"),
            ("/page/render.js", "text/javascript"),
            ("/favicon.ico", "image/svg+xml"),
        ],
    )
    async def test_are_served(self, bot: Bot, path: str, kind: str) -> None:
        """The page and what it needs are there, and may load nothing from elsewhere."""
        async with bot.session.get(f"{bot.address}{path}") as response:
            assert (response.status, response.content_type) == (200, kind)
            assert "default-src 'self'" in response.headers["Content-Security-Policy"]

    @pytest.mark.parametrize("path", ["/page/schema.json", "/page/..%2Fschema.json", "/page/file/nothing", "/page/"])
    async def test_are_only_these(self, bot: Bot, path: str) -> None:
        """Nothing else of the machine can be fetched."""
        async with bot.session.get(f"{bot.address}{path}") as response:
            assert response.status == 404


class TestEvents:
    async def test_begin_with_the_whole_chat(self, bot: Bot, sari: Person) -> None:
        """A page that opens, or comes back, first gets all that is there."""
        sari.write("halo")
        await bot.get("setMyCommands", commands=[{"command": "bantuan", "description": "Bantuan"}])
        await bot.get("setMyDescription", description="Halo!")

        async with events(bot) as stream:
            snapshot = await anext(stream)

        assert snapshot["event"] == "snapshot"
        assert snapshot["person"]["first_name"] == "Sari"
        assert [message["text"] for message in snapshot["messages"]] == ["halo"]
        assert snapshot["commands"] == [{"command": "bantuan", "description": "Bantuan"}]
        assert snapshot["description"] == "Halo!"

    async def test_tell_what_changes(self, bot: Bot, sari: Person) -> None:
        """Messages, edits, deletions, typing and answers to taps arrive one by one."""
        async with events(bot) as stream:
            await anext(stream)
            sent = await bot.get("sendMessage", chat_id=101, text="satu")
            await bot.get("editMessageText", chat_id=101, message_id=sent["message_id"], text="dua")
            await bot.get("sendChatAction", chat_id=101, action="typing")
            await bot.get("answerCallbackQuery", callback_query_id=sari.tap_data(1, "a"), text="Siap")
            await bot.get("deleteMessage", chat_id=101, message_id=sent["message_id"])
            told = [await anext(stream) for _ in range(5)]

        assert [event["event"] for event in told] == ["message", "message", "action", "answer", "deleted"]
        assert told[1]["message"]["text"] == "dua"
        assert told[3]["text"] == "Siap"

    async def test_leave_no_watcher_behind(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """When a page is closed the chat forgets it."""
        async with events(bot) as stream:
            await anext(stream)
            assert len(sari.chat.watchers) == 1

        await telegram.wait_until(lambda: not sari.chat.watchers)

    async def test_are_about_whom_the_page_is_for(self, bot: Bot, telegram: PretendTelegram) -> None:
        """person and name make somebody new, whom the bot cannot write to before they started it."""
        async with events(bot, "?person=102&name=Budi") as stream:
            snapshot = await anext(stream)

        assert snapshot["person"]["first_name"] == "Budi"
        assert "can't initiate" in await bot.refusal("sendMessage", chat_id=102, text="x")

    @pytest.mark.parametrize("person", ["x", "-1", "0", "9" * 30, "²"])
    async def test_need_a_number(self, bot: Bot, person: str) -> None:
        """A person that is no number is refused."""
        async with bot.session.get(f"{bot.address}/page/events", params={"person": person}) as response:
            assert response.status == 400

    async def test_cut_off_a_page_that_falls_behind(self, bot: Bot, sari: Person) -> None:
        """A page that does not read is cut off rather than kept in memory without end."""
        async with events(bot) as stream:
            await anext(stream)
            for number in range(2000):
                sari.chat.tell({"event": "action", "action": "typing", "number": number})
            rest = [event async for event in stream]

        assert len(rest) < 2000
        await asyncio.sleep(0)
        assert not sari.chat.watchers


class TestDeeds:
    async def test_become_updates(self, bot: Bot) -> None:
        """What is done on the page reaches the bot."""
        assert (await post(bot, "write", person=101, text="halo")).status == 200
        assert (await post(bot, "tap", person=101, message_id=1, data="a")).status == 200
        assert (await post(bot, "share", person=101, what="contact")).status == 200
        assert (await post(bot, "share", person=101, what="location")).status == 200

        assert len(await bot.get("getUpdates")) == 4

    @pytest.mark.parametrize(
        ("what", "asked"),
        [
            ("write", {}),
            ("write", {"person": 101, "text": ""}),
            ("write", {"person": 101, "text": "a" * 5000}),
            ("write", {"person": "x", "text": "a"}),
            ("write", {"person": [], "text": "a"}),
            ("tap", {"person": 101, "message_id": "1", "data": "a"}),
            ("tap", {"person": 101, "message_id": 1}),
            ("share", {"person": 101, "what": "money"}),
        ],
    )
    async def test_are_checked(self, bot: Bot, what: str, asked: dict) -> None:
        """What a page cannot send is refused, and harms nothing."""
        assert (await post(bot, what, **asked)).status == 400
        assert await bot.get("getUpdates") == []

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"[" * 50_000])
    async def test_are_json(self, bot: Bot, body: bytes) -> None:
        """So is what is no JSON object."""
        async with bot.session.post(f"{bot.address}/page/write", data=body) as response:
            assert response.status == 400
