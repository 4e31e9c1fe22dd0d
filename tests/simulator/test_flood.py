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

    async def test_lifts_the_limit_only_from_what_is_paid(self, bot: Bot, telegram: PretendTelegram) -> None:
        """allow_paid_broadcast counts for the message that carries it; one without is held to thirty a second."""
        telegram.has_everyone = telegram.flood_limits = True

        def message(chat_id: int) -> dict:
            return {"chat_id": chat_id, "text": "halo"}

        paid = [await bot.call("sendMessage", allow_paid_broadcast=True, **message(chat)) for chat in range(1, 61)]
        telegram.flood.set_limit("overall", burst=1, rate=0.01)
        first, second = [await bot.call("sendMessage", **message(chat)) for chat in (61, 62)]
        third = await bot.call("sendMessage", allow_paid_broadcast=True, **message(63))

        assert all(answer["ok"] for answer in paid)
        assert (first["ok"], second.get("error_code"), third["ok"]) == (True, 429, True)

    def test_counts_every_message_of_an_album(self) -> None:
        """Three albums of ten are thirty messages; one that is larger than the burst passes when nothing else did."""
        flood = Flood()
        for chat_id in (1, 2, 3):
            flood.charge("sendMediaGroup", chat_id, now=100.0, messages=10)
        with pytest.raises(Refused):
            flood.charge("sendMessage", 4, now=100.0)

        flood.set_limit("overall", burst=3)
        flood.charge("sendMediaGroup", 5, now=200.0, messages=10)
        with pytest.raises(Refused):
            flood.charge("sendMessage", 6, now=200.1)

    def test_spares_what_is_no_message(self) -> None:
        """Answers to taps, chat actions and deletions are not counted; edits are."""
        flood = Flood()
        for method in ("answerCallbackQuery", "sendChatAction", "deleteMessage") * 50:
            flood.charge(method, 1, now=100.0)
        for _ in range(20):
            flood.charge("editMessageText", 1, now=100.0)

        with pytest.raises(Refused):
            flood.charge("editMessageText", 1, now=100.0)

    @pytest.mark.parametrize("step", [0.001, 0.01, 1 / 30, 0.1])
    def test_can_be_ordered(self, step: float) -> None:
        """With a rate of 30 and a burst of 3, no second sees more than 33 pass, whatever the pace of trying."""
        flood = Flood()
        flood.set_limit("overall", rate=30, burst=3, penalty=0)
        passed = []
        for number in range(round(5 / step)):
            now = 100 + number * step
            passed += [now] * sent(flood, [number * 10 + one for one in range(5)], now)

        assert max(sum(start <= at < start + 1 for at in passed) for start in passed) <= 33
        assert len(passed) >= 29 * 5

    @pytest.mark.parametrize("limit", [{"rate": 0}, {"burst": 0.5}, {"penalty": -1}, {"rate": float("nan")}])
    def test_is_ordered_in_numbers_that_can_be(self, limit: dict) -> None:
        """A limit nothing could ever pass is a mistake."""
        with pytest.raises(ValueError, match="a limit has"):
            Flood().set_limit("overall", **limit)

    async def test_is_off_until_wanted(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """Without flood_limits any pace passes; with it the 22nd message in a chat does not."""
        for _ in range(40):
            await bot.get("sendMessage", chat_id=101, text="halo")

        telegram.flood_limits = True
        answers = [await bot.call("sendMessage", chat_id=101, text="halo") for _ in range(25)]

        assert answers[-1]["error_code"] == 429
        assert answers[-1]["parameters"]["retry_after"] >= 1
        assert len(sari.texts()) == 40 + sum(answer["ok"] for answer in answers)
