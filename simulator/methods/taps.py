"""Answering taps on inline buttons."""

from typing import Any

from simulator.entities import utf16_length
from simulator.refusals import bad_request
from simulator.telegram import PretendTelegram

Json = dict[str, Any]

LONGEST_ANSWER = 200


def answer_callback_query(telegram: PretendTelegram, given: Json) -> bool:
    text = given.get("text", "")
    if utf16_length(text) > LONGEST_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    person = telegram.taps.answer(given["callback_query_id"])
    person.hear(given["callback_query_id"], text, show_alert=given.get("show_alert", False))
    return True


METHODS = {"answerCallbackQuery": answer_callback_query}
