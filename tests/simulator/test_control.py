"""The control API, which tests and benchmarks of another process use."""

import asyncio
import json
import time
from typing import Any

import aiohttp
import pytest

from simulator import Person, PretendTelegram
from tests.simulator.conftest import Bot

CHANNEL = -1_000_000_000_900


async def control(bot: Bot, name: str, **asked: Any) -> dict:
    async with bot.session.post(f"{bot.address}/control/{name}", json=asked) as response:
        return await response.json()


class TestDo:
    async def test_does_what_people_do_in_bulk(self, bot: Bot, telegram: PretendTelegram) -> None:
        """People are made by the hundred, and their deeds come in the order given."""
        await control(bot, "people", first_id=1000, count=300)
        deeds = [{"person": 1000 + number, "do": "write", "text": f"halo {number}"} for number in range(300)]

        answer = await control(bot, "do", deeds=deeds)

        assert [message["text"] for message in answer["results"]] == [deed["text"] for deed in deeds]
        assert telegram.pending_updates() == 300
        assert telegram.person(1299).user["first_name"] == "Orang 1299"

    async def test_taps_and_forges(self, bot: Bot, sari: Person) -> None:
        """Whatever a Person can do can be done from outside."""
        keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "1"}]]}
        message = await bot.get("sendMessage", chat_id=101, text="?", reply_markup=keyboard)

        answer = await control(
            bot,
            "do",
            deeds=[
                {"person": 101, "do": "tap", "label": "Ya"},
                {"person": 101, "do": "tap_data", "message_id": message["message_id"], "data": "x"},
                {"person": 101, "do": "sends", "kind": "contact", "user_id": 101},
                {"person": 101, "do": "blocks_bot"},
            ],
        )

        assert len(answer["results"]) == 4
        kinds = [next(iter(set(update) - {"update_id"})) for update in await bot.get("getUpdates")]
        assert kinds == ["callback_query", "callback_query", "message", "my_chat_member"]

    async def test_makes_groups_and_acts_in_them(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """Groups are made, written in, and changed; what stands in them can be read."""
        await control(bot, "groups", groups=[{"group_id": -500, "title": "Batik", "members": [101]}])
        await bot.get("sendMessage", chat_id=-500, text="halo semua")

        answer = await control(
            bot,
            "do",
            deeds=[
                {"person": 101, "do": "write", "text": "/jadwal", "chat": -500},
                {"group": -500, "do": "promote_bot", "by": 101},
                {"group": -500, "do": "migrate"},
            ],
        )
        chats = await control(bot, "chats")

        assert answer["results"][0]["chat"]["id"] == -500
        assert answer["results"][2] == telegram.groups[-500].migrated_to
        assert chats["chats"]["-500"]["texts"] == ["halo semua"]
        assert (await control(bot, "do", deeds=[{"group": -500, "do": "refuse_outsider"}]))["ok"] is False

    @pytest.mark.parametrize(
        ("name", "asked"),
        [
            ("do", {}),
            ("do", {"deeds": [{"person": 101, "do": "__init__"}]}),
            ("do", {"deeds": [{"person": -1, "do": "write", "text": "x"}]}),
            ("do", {"deeds": [{"person": 101, "do": "write"}]}),
            ("do", {"deeds": [{"person": 101, "do": "tap", "label": "Tidak"}]}),
            ("do", {"deeds": [5]}),
            ("settings", {"colour": 1}),
            ("fail", {"kind": "503"}),
            ("people", {"people": [{"id": "x"}, 5]}),
            ("outage", {}),
        ],
    )
    async def test_says_what_is_impossible(self, bot: Bot, name: str, asked: dict) -> None:
        """What cannot be done is a 400 with the reason."""
        answer = await control(bot, name, **asked)

        assert answer["ok"] is False
        assert answer["description"]

    async def test_makes_channels_and_posts_there(self, bot: Bot, sari: Person) -> None:
        """Channels are made, posted in and changed like groups."""
        await control(bot, "channels", channels=[{"channel_id": CHANNEL, "title": "Kabar", "members": [101]}])
        await bot.get("sendMessage", chat_id=CHANNEL, text="halo semua")

        answer = await control(
            bot,
            "do",
            deeds=[
                {"person": 101, "do": "write", "text": "Pameran besok", "chat": CHANNEL},
                {"channel": CHANNEL, "do": "add_bot", "by": 101, "can_edit_messages": False},
                {"channel": CHANNEL, "do": "remove_bot"},
            ],
        )

        assert answer["results"][0]["sender_chat"]["id"] == CHANNEL
        assert (await control(bot, "chats"))["chats"][str(CHANNEL)]["texts"] == ["halo semua"]
        assert (await control(bot, "do", deeds=[{"channel": CHANNEL, "do": "leave"}]))["ok"] is False


class TestState:
    async def test_tells_calls_chats_and_counts(self, bot: Bot, sari: Person) -> None:
        """What the bot did can be read, from any call on."""
        await bot.get("getMe")
        await bot.get("sendMessage", chat_id=101, text="halo")
        sari.write("hai")

        calls = await control(bot, "calls", since=1)
        chats = await control(bot, "chats", people=[101])
        state = await control(bot, "state")

        assert [call["method"] for call in calls["calls"]] == ["sendMessage"]
        assert calls["next"] == 2
        assert chats["chats"]["101"]["texts"] == ["halo"]
        assert (state["calls"], state["pending_updates"]) == (2, 1)
        assert (state["accepted"], state["refused"]) == ({"getMe": 1, "sendMessage": 1}, {})
        assert "Sari" in state["description"]

    async def test_waits_for_what_is_asked(self, bot: Bot, sari: Person) -> None:
        """wait answers when enough calls were accepted and few enough updates wait, or says it did not happen."""
        wait = asyncio.create_task(control(bot, "wait", calls=2, method="sendMessage", pending_updates=0, timeout=5))
        await bot.call("sendMessage", chat_id=5, text="halo")
        for _ in range(2):
            await bot.get("sendMessage", chat_id=101, text="halo")

        assert (await wait)["is_so"] is True
        assert (await control(bot, "wait", calls=3, method="sendMessage", timeout=0.01))["is_so"] is False


class TestArrivals:
    async def test_are_told_and_cleared(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """Each accepted call has its time, method, chat and number of messages; refused ones have none."""
        before = time.monotonic()
        photo = {"type": "photo", "media": "https://a.id/a.png"}
        await bot.get("sendMessage", chat_id=101, text="halo")
        await bot.refusal("sendMessage", chat_id=999, text="halo")
        await bot.get("sendMediaGroup", chat_id=101, media=[photo] * 3)
        await bot.get("getMe")

        told = await control(bot, "arrivals", clear=True)

        assert [told["methods"][place] for place in told["method"]] == ["sendMessage", "sendMediaGroup", "getMe"]
        assert (told["chat_id"], told["messages"], told["next"]) == ([101, 101, 0], [1, 3, 1], 0)
        assert before <= told["at"][0] <= told["at"][1] <= told["at"][2] <= time.monotonic()
        assert (await control(bot, "state"))["refused"] == {"400": 1}
        assert (await control(bot, "arrivals"))["at"] == []
        assert len(telegram.calls) == 4

    async def test_are_told_from_where_one_left_off(self, bot: Bot, sari: Person) -> None:
        """*next* of one answer is *since* of the next; methods keep their places."""
        await bot.get("sendMessage", chat_id=101, text="halo")
        seen = await control(bot, "arrivals")
        await bot.get("getMe")

        told = await control(bot, "arrivals", since=seen["next"])

        assert [told["methods"][place] for place in told["method"]] == ["getMe"]


class TestSettings:
    async def test_are_answered_as_they_can_be_given(self, bot: Bot, telegram: PretendTelegram) -> None:
        """What settings answers can be given back, and nothing changes."""
        changed = await control(bot, "settings", flood={"overall": {"rate": 30, "burst": 3}}, keep_messages=2)
        del changed["ok"]

        assert await control(bot, "settings", **changed) == {"ok": True, **changed}
        assert changed["flood"]["overall"] == {"rate": 30, "burst": 3, "penalty": 3}
        assert changed["flood"]["paid"]["rate"] == 1000
        assert (changed["keep_messages"], telegram.keeping.messages) == (2, 2)

    @pytest.mark.parametrize(
        "given",
        [
            {"flood": {"all": {}}},
            {"flood": {"overall": {"rate": 0}}},
            {"flood": {"overall": {"pace": 1}}},
            {"flood": 3},
            {"latency": "slow"},
        ],
    )
    async def test_are_refused_with_the_reason(self, bot: Bot, given: dict) -> None:
        """What is no setting, or no value for one, is a 400."""
        assert (await control(bot, "settings", **given))["ok"] is False

    async def test_let_everyone_be_there(self, bot: Bot, telegram: PretendTelegram) -> None:
        """Any positive id is a person who started the bot, unless something else was said of them; no other id is."""
        budi = telegram.person(102, first_name="Budi")
        budi.blocks_bot()
        await control(bot, "settings", has_everyone=True)

        assert (await bot.get("sendMessage", chat_id=555, text="halo"))["chat"]["id"] == 555
        assert "blocked" in await bot.refusal("sendMessage", chat_id=102, text="halo")
        assert "chat not found" in await bot.refusal("sendMessage", chat_id=-555, text="halo")

    async def test_make_nobody_of_everyone_who_leaves_nothing(self, bot: Bot, telegram: PretendTelegram) -> None:
        """Where no messages are kept, a run to 100,000 chats makes no people; their numbers go on rising."""
        await control(bot, "settings", has_everyone=True, keep_messages=0, keep_calls=False)

        sent = [await bot.get("sendMessage", chat_id=chat, text="halo") for chat in (555, 556, 555)]

        assert telegram.people == telegram.chats == {}
        assert [message["message_id"] for message in sent] == [1, 2, 3]
        assert [message["chat"]["id"] for message in sent] == [555, 556, 555]

    async def test_forget_messages_and_calls(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """Only the last messages of a chat are kept, or none, and of calls only their number."""
        await control(bot, "settings", keep_messages=2, keep_calls=False)
        sent = [await bot.get("sendMessage", chat_id=101, text=str(number)) for number in range(4)]
        await bot.get("pinChatMessage", chat_id=101, message_id=sent[-1]["message_id"])
        left = sari.texts()
        await control(bot, "settings", keep_messages=0)
        await bot.get("sendMessage", chat_id=101, text="x")

        assert left[0] == "3"
        assert sent[3]["message_id"] > sent[2]["message_id"]
        assert "pinned_message" not in await bot.get("getChat", chat_id=101)
        assert sari.messages() == []
        assert telegram.calls == []
        assert (await control(bot, "wait", calls=5, method="sendMessage", timeout=1))["is_so"] is True

    async def test_leave_the_checks_out(self, bot: Bot, sari: Person) -> None:
        """Without schema checks forms are read as before and what must be there must; unknown names do not matter."""
        await control(bot, "settings", schema_checks=False)
        keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "1"}]]}
        form = {"chat_id": "101", "text": "17", "disable_notification": "true", "reply_markup": json.dumps(keyboard)}
        async with bot.session.post(bot.url("sendMessage"), data=form) as response:
            message = (await response.json())["result"]

        assert (message["chat"]["id"], message["text"], message["reply_markup"]) == (101, "17", keyboard)
        assert sari.chat.silent == {message["message_id"]}
        assert await bot.get("sendMessage", chat_id=101, text="x", colour="red")
        assert await bot.refusal("sendMessage", chat_id=101) == "Bad Request: message text is empty"
        assert "can't parse reply_markup" in await bot.refusal("sendMessage", chat_id=101, text="x", reply_markup="{")

    async def test_changes_pace_and_failures(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """Latency, limits, raw updates and failures can be set from outside."""
        answer = await control(bot, "settings", latency=0.01, flood_limits=True)
        await control(bot, "fail", kind="429", method="sendMessage", retry_after=9)
        await control(bot, "push", updates=[{"update_id": 3, "nonsense": 1}])

        assert (answer["latency"], answer["flood_limits"]) == (0.01, True)
        assert "retry after 9" in await bot.refusal("sendMessage", chat_id=101, text="x")
        assert await bot.get("getUpdates") == [{"update_id": 3, "nonsense": 1}]

    async def test_goes_away_and_comes_back(self, bot: Bot, telegram: PretendTelegram) -> None:
        """An outage ordered from outside ends by itself."""
        await control(bot, "outage", seconds=0.1)
        await telegram.wait_until(lambda: telegram.outage)
        async with aiohttp.ClientSession() as session:
            with pytest.raises(aiohttp.ClientConnectorError):
                await session.get(bot.url("getMe"))

        await telegram.wait_until(lambda: not telegram.outage)

        assert await bot.get("getMe")
