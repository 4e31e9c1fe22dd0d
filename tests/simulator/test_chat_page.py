"""What the chat page gets and sends, without a browser."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from simulator import Person, PretendTelegram, serve
from tests.simulator.conftest import Bot

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480) + bytes(5)


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
            ("/page/phone.js", "text/javascript"),
            ("/page/messages.css", "text/css"),
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
        (person,), (chat,) = snapshot["people"], snapshot["chats"]
        assert person["user"]["first_name"] == "Sari"
        assert [message["text"] for message in chat["messages"]] == ["halo"]
        assert person["chats"] == [{"id": 101, "commands": [{"command": "bantuan", "description": "Bantuan"}]}]
        assert person["description"] == "Halo!"

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
        assert [told[0]["chat"], told[3]["person"]] == [101, 101]

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

        assert snapshot["people"][0]["user"]["first_name"] == "Budi"
        assert "can't initiate" in await bot.refusal("sendMessage", chat_id=102, text="x")

    async def test_show_several_people_and_their_groups(self, bot: Bot, telegram: PretendTelegram) -> None:
        """people asks for several; a group that is made is told at once, and what is said there comes once."""
        async with events(bot, "?people=101,102") as stream:
            before = await anext(stream)
            group = telegram.group(-500, "Batik", members=[101, 102])
            after = await anext(stream)
            group.write(telegram.person(102), "halo")
            told = await anext(stream)

        assert [person["user"]["id"] for person in before["people"]] == [101, 102]
        assert [chat["id"] for chat in before["chats"]] == [101, 102]
        assert [[chat["id"] for chat in person["chats"]] for person in after["people"]] == [[101, -500], [102, -500]]
        assert (told["event"], told["chat"], told["message"]["text"]) == ("message", -500, "halo")

    async def test_tell_when_the_bot_has_read(self, bot: Bot, sari: Person) -> None:
        """A message has its second tick once the bot fetched it; what the bot never gets has it at once."""
        sari.write("halo")
        async with events(bot) as stream:
            snapshot = await anext(stream)
            await bot.get("getUpdates")
            told = await anext(stream)

        assert snapshot["chats"][0]["read"] == []
        assert (told["event"], told["message_id"]) == ("read", 1)

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


class TestFirstPeople:
    async def test_are_given_to_serve(self, telegram: PretendTelegram) -> None:
        """Who shows the page may say whom it shows, when its address names nobody."""
        people = [{"id": 101, "name": "Sari"}, {"id": 201, "name": "Petugas", "language_code": "jv"}]
        async with serve(telegram, people=people) as address, aiohttp.ClientSession() as session:
            bot = Bot(address, session)
            async with events(bot) as stream:
                both = await anext(stream)
            async with events(bot, "?person=201") as stream:
                one = await anext(stream)

        named = [(person["user"]["first_name"], person["user"]["language_code"]) for person in both["people"]]
        assert named == [("Sari", "id"), ("Petugas", "jv")]
        assert [person["user"]["first_name"] for person in one["people"]] == ["Petugas"]


class TestDeeds:
    async def test_become_updates(self, bot: Bot) -> None:
        """What is done on the page reaches the bot."""
        assert (await post(bot, "write", person=101, text="halo")).status == 200
        assert (await post(bot, "tap", person=101, message_id=1, data="a")).status == 200
        assert (await post(bot, "share", person=101, what="contact")).status == 200
        assert (await post(bot, "share", person=101, what="location")).status == 200

        assert len(await bot.get("getUpdates")) == 4

    async def test_are_a_persons_own(self, bot: Bot, sari: Person) -> None:
        """Replies, edits, deletions, files, inline queries, blocking and language: all that the phone has."""
        sent = await bot.get("sendMessage", chat_id=101, text="Tanya")
        for what, asked in {
            "write": {"text": "jawab", "reply_to": sent["message_id"]},
            "edit": {"message_id": sent["message_id"] + 1, "text": "jawaban"},
            "send": {"kind": "sticker"},
            "inline": {"query": "jam"},
            "language": {"language": "jv"},
            "block": {"is_blocked": True},
        }.items():
            assert (await post(bot, what, person=101, **asked)).status == 200, what
        reply, edit, sticker, query, block = await bot.get("getUpdates")

        assert reply["message"]["reply_to_message"]["text"] == "Tanya"
        assert edit["edited_message"]["text"] == "jawaban"
        assert "sticker" in sticker["message"]
        assert query["inline_query"]["query"] == "jam"
        assert block["my_chat_member"]["from"]["language_code"] == "jv"
        assert (await post(bot, "block", person=101, is_blocked=False)).status == 200
        assert (await post(bot, "delete", person=101, message_id=2)).status == 200
        assert 2 not in sari.chat.messages

    async def test_upload_files(self, bot: Bot, sari: Person) -> None:
        """A picture becomes a photo, anything else a document by its name; both can be seen again."""
        for name, content in {"a.png": PNG, "daftar.csv": b"a,b"}.items():
            query = {"person": "101", "chat": "101", "name": name}
            async with bot.session.post(f"{bot.address}/page/upload", params=query, data=content) as response:
                assert response.status == 200
        photo, document = sari.messages()

        assert (photo["photo"][-1]["width"], photo["photo"][-1]["height"]) == (640, 480)
        assert (document["document"]["file_name"], document["document"]["file_size"]) == ("daftar.csv", 3)
        async with bot.session.get(f"{bot.address}/page/file/{document['document']['file_id']}") as response:
            assert await response.read() == b"a,b"
        async with bot.session.post(f"{bot.address}/page/upload", params={"person": "101"}) as response:
            assert response.status == 400

    async def test_make_and_manage_groups(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """A group is made with the bot in it; its menu promotes, demotes, removes, adds and migrates."""
        async with bot.session.post(
            f"{bot.address}/page/group", json={"person": 101, "title": "Batik", "members": [102]}
        ) as response:
            chat = (await response.json())["chat"]
        for what in ("promote", "demote", "remove", "add", "migrate"):
            assert (await post(bot, "manage", person=101, chat=chat, what=what)).status == 200, what

        statuses = [
            update["my_chat_member"]["new_chat_member"]["status"]
            for update in await bot.get("getUpdates")
            if "my_chat_member" in update
        ]
        assert statuses == ["member", "administrator", "member", "left", "member", "member"]
        assert telegram.groups[chat].migrated_to in telegram.groups
        assert (await post(bot, "manage", person=101, chat=chat, what="destroy")).status == 400
        assert (await post(bot, "manage", person=103, chat=chat, what="add")).status == 400

    async def test_reach_into_staff_groups(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """A group with topics is made and managed, in it one reacts and forwards; what is not there is refused."""
        made = {"person": 101, "title": "Petugas", "is_forum": True}
        async with bot.session.post(f"{bot.address}/page/group", json=made) as response:
            chat = (await response.json())["chat"]
        group = telegram.groups[chat]
        there = {"person": 101, "chat": chat}
        async with bot.session.post(
            f"{bot.address}/page/topic", json={**there, "what": "create", "name": "A"}
        ) as response:
            thread = (await response.json())["thread"]
        for what, asked in (
            ("write", {"text": "halo", "thread": thread}),
            ("react", {"message_id": thread + 1, "emoji": "👍"}),
            ("forward", {"message_id": thread + 1, "to": 101}),
            ("topic", {"what": "rename", "thread": thread, "name": "B"}),
            ("topic", {"what": "close", "thread": thread}),
            ("topic", {"what": "reopen", "thread": thread}),
            ("manage", {"what": "add_person", "whom": 102}),
            ("manage", {"what": "promote_person", "whom": 102}),
            ("manage", {"what": "demote_person", "whom": 102}),
            ("manage", {"what": "hide"}),
            ("manage", {"what": "show"}),
        ):
            assert (await post(bot, what, **there, **asked)).status == 200, (what, asked)

        assert group.chat.reactions_under(thread + 1) == [{"type": "emoji", "emoji": "👍", "by": 101}]
        assert sari.messages()[0]["forward_origin"]["sender_user"]["id"] == 101
        assert group.topics[thread].name == "B"
        for what, asked in (
            ("topic", {"what": "close", "thread": 999}),
            ("topic", {"what": "paint", "thread": thread}),
            ("topic", {"what": "create", "name": " "}),
            ("write", {"text": "halo", "thread": 999}),
            ("react", {"message_id": 999, "emoji": "👍"}),
            ("react", {"message_id": thread + 1, "emoji": "✅"}),
            ("forward", {"message_id": 999, "to": 101}),
        ):
            assert (await post(bot, what, **there, **asked)).status == 400, (what, asked)
        assert (await post(bot, "topic", **there, what="delete", thread=thread)).status == 200
        assert (await post(bot, "manage", **there, what="topics")).status == 200
        assert not group.is_forum

    async def test_order_troubles(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """The drawer slows answers down, has calls refused, shuts the door for a while, and ends it all."""
        await post(bot, "trouble", person=101, what="slow", seconds=0.1)
        await post(bot, "trouble", person=101, what="429", times=2, seconds=7)
        refused = await bot.call("sendMessage", chat_id=101, text="halo")
        slow = telegram.latency
        await post(bot, "trouble", person=101, what="none")
        sent = await bot.get("sendMessage", chat_id=101, text="halo")
        await post(bot, "trouble", person=101, what="outage", seconds=0.1)
        await telegram.wait_until(lambda: telegram.outage)
        await telegram.wait_until(lambda: not telegram.outage)

        assert (slow, refused["parameters"]["retry_after"]) == (0.1, 7)
        assert sent["text"] == "halo"
        assert (await post(bot, "trouble", person=101, what="flood")).status == 400

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
            ("write", {"person": 101, "text": "a", "reply_to": 7}),
            ("write", {"person": 101, "text": "a", "chat": -5}),
            ("edit", {"person": 101, "text": "a"}),
            ("send", {"person": 101, "kind": "money"}),
            ("choose", {"person": 101, "result": "1"}),
            ("language", {"person": 101, "language": "bahasa"}),
            ("group", {"person": 101, "title": " "}),
            ("trouble", {"person": 101, "what": "slow", "seconds": "x"}),
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
