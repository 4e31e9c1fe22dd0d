"""The record of calls, and how fast answers come."""

import time

from simulator import Person, PretendTelegram
from tests.simulator.conftest import Bot


class TestCalls:
    async def test_are_kept_in_order_but_for_polls(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """Each call is there with its typed parameters, its status, its refusal and when it came."""
        started = time.monotonic()
        await bot.call("getMe")
        await bot.call("getUpdates")
        await bot.call("sendMessage", chat_id="101", text="halo")
        await bot.call("sendMessage", chat_id=5, text="halo")

        calls = telegram.calls

        assert [(call.method, call.status, call.accepted) for call in calls] == [
            ("getMe", 200, True),
            ("sendMessage", 200, True),
            ("sendMessage", 400, False),
        ]
        assert calls[1].parameters == {"chat_id": 101, "text": "halo"}
        assert calls[2].description == "Bad Request: chat not found"
        assert started <= calls[0].at <= calls[1].at <= time.monotonic()


class TestLatency:
    async def test_delays_the_answer_not_the_deed(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """With latency a message stands in the chat before the bot hears of it."""
        telegram.latency = 0.1
        started = time.monotonic()

        await bot.get("sendMessage", chat_id=101, text="halo")

        assert time.monotonic() - started >= 0.1
        assert telegram.calls[0].at - started < 0.1 or sari.texts() == ["halo"]
