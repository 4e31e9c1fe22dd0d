"""Telegram's limits on sending. The clock is given, so nothing waits."""

import pytest

from simulator import Person, PretendTelegram
from simulator.flood import Flood
from simulator.refusals import Refused
from tests.simulator.conftest import Bot


def sent(flood: Flood, chat_ids: list[int], now: float, *, is_paid: bool = False) -> int:
    """How many of these sendMessage calls pass at that moment."""
    passed = 0
    for chat_id in chat_ids:
        try:
            flood.charge("sendMessage", chat_id, now=now, is_paid=is_paid)
        except Refused:
            continue
        passed += 1
    return passed


class TestFlood:
    def test_allows_thirty_a_second_in_all(self) -> None:
        """Thirty messages to thirty people pass at once, and thirty more each second."""
        flood = Flood()

        assert sent(flood, list(range(30)), now=100.0) == 30
        assert sent(flood, list(range(30)), now=101.0) == 30

    def test_refuses_all_for_a_while_beyond(self) -> None:
        """Whoever goes beyond is refused until retry_after is over; trying on makes it no longer."""
        flood = Flood()
        sent(flood, list(range(30)), now=100.0)

        with pytest.raises(Refused) as refused:
            flood.charge("sendMessage", 77, now=100.0)

        assert refused.value.parameters == {"retry_after": 3}
        assert sent(flood, [78], now=102.9) == 0
        assert sent(flood, [78], now=103.0) == 1

    def test_allows_one_a_second_in_a_chat_after_a_burst(self) -> None:
        """Twenty messages to one person pass, then about one a second; others do not suffer."""
        flood = Flood()

        assert sent(flood, [1] * 21, now=100.0) == 20
        assert sent(flood, [2], now=100.0) == 1
        assert sent(flood, [1], now=105.0) == 1

    def test_allows_twenty_a_minute_in_a_group(self) -> None:
        """Twenty messages to a group pass; the next one after its share of the minute."""
        flood = Flood()

        assert sent(flood, [-5] * 21, now=100.0) == 20
        assert sent(flood, [-5], now=104.0) == 0
        assert sent(flood, [-5], now=105.1) == 1

    def test_allows_a_thousand_to_who_pays(self) -> None:
        """A paid broadcast has its own, larger limit."""
        assert sent(Flood(), list(range(1001)), now=100.0, is_paid=True) == 1000

    def test_spares_what_is_no_message(self) -> None:
        """Answers to taps, chat actions and deletions are not counted; edits are."""
        flood = Flood()
        for method in ("answerCallbackQuery", "sendChatAction", "deleteMessage") * 50:
            flood.charge(method, 1, now=100.0)
        for _ in range(20):
            flood.charge("editMessageText", 1, now=100.0)

        with pytest.raises(Refused):
            flood.charge("editMessageText", 1, now=100.0)

    async def test_is_off_until_wanted(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """Without flood_limits any pace passes; with it the 22nd message in a chat does not."""
        for _ in range(40):
            await bot.get("sendMessage", chat_id=101, text="halo")

        telegram.flood_limits = True
        answers = [await bot.call("sendMessage", chat_id=101, text="halo") for _ in range(25)]

        assert answers[-1]["error_code"] == 429
        assert answers[-1]["parameters"]["retry_after"] >= 1
        assert len(sari.texts()) == 40 + sum(answer["ok"] for answer in answers)
