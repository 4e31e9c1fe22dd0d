"""Answering taps."""

import pytest

from simulator import Person, taps
from tests.simulator.conftest import Bot

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


class TestAnswerCallbackQuery:
    async def test_is_heard_by_who_tapped(self, bot: Bot, sari: Person) -> None:
        """The words of an answer reach the person; an answer without words only ends the waiting."""
        await bot.get("answerCallbackQuery", callback_query_id=sari.tap_data(1, "a"), text="Tercatat", show_alert=True)
        await bot.get("answerCallbackQuery", callback_query_id=sari.tap_data(1, "a"))

        assert sari.alerts() == [{"text": "Tercatat", "show_alert": True}]

    async def test_is_taken_once(self, bot: Bot, sari: Person) -> None:
        """A second answer, or one to a tap that never was, is refused."""
        query_id = sari.tap_data(1, "a")
        await bot.get("answerCallbackQuery", callback_query_id=query_id)

        assert await bot.refusal("answerCallbackQuery", callback_query_id=query_id) == TOO_OLD
        assert await bot.refusal("answerCallbackQuery", callback_query_id="5") == TOO_OLD

    async def test_is_refused_when_late(self, bot: Bot, sari: Person, monkeypatch: pytest.MonkeyPatch) -> None:
        """A tap can be answered for a quarter of a minute."""
        # The bound is a fact of Telegram and no setting; a test cannot wait that long.
        monkeypatch.setattr(taps, "LASTS", -1.0)

        assert await bot.refusal("answerCallbackQuery", callback_query_id=sari.tap_data(1, "a")) == TOO_OLD

    async def test_refuses_long_words(self, bot: Bot, sari: Person) -> None:
        """200 units pass; longer ones are refused, and the tap can still be answered."""
        query_id = sari.tap_data(1, "a")

        assert "MESSAGE_TOO_LONG" in await bot.refusal(
            "answerCallbackQuery", callback_query_id=query_id, text="a" * 201
        )
        assert await bot.get("answerCallbackQuery", callback_query_id=query_id, text="a" * 200)
