"""Answering inline queries."""

import re
from typing import Any

from simulator.keyboards import check_keyboard
from simulator.media import media_content
from simulator.methods.media import file_of
from simulator.methods.posts import caption_of, text_of
from simulator.refusals import bad_request
from simulator.telegram import PretendTelegram

Json = dict[str, Any]

MOST_RESULTS = 50
LONGEST_ID = 64  # bytes, of results and of next_offset
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
MEDIA = {"gif": "animation", "mpeg4_gif": "animation"}
FILES = {"photo", "document", "video", "voice", "audio", "sticker", *MEDIA}


def answer_inline_query(telegram: PretendTelegram, given: Json) -> bool:
    """What is offered is checked as a whole: one bad result and none is shown."""
    results = given["results"]
    if len(results) > MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [result["id"] for result in results]
    if not all(1 <= len(result_id.encode()) <= LONGEST_ID for result_id in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(given.get("next_offset", "").encode()) > LONGEST_ID:
        raise bad_request("NEXT_OFFSET_INVALID")
    _check_button(given.get("button"))
    contents = {result["id"]: _content(telegram, result) for result in results}
    query = telegram.inline.answerable(given["inline_query_id"])
    query.answer, query.contents = given, contents
    query.person.tell({"event": "inline", "query_id": query.query_id, "query": query.text, "answer": given})
    return True


def _content(telegram: PretendTelegram, result: Json) -> Json:
    """The fields of the message that a result becomes."""
    if not result.get("title", "-").strip():
        raise bad_request("can't parse inline query result: title must be non-empty")
    check_keyboard(result.get("reply_markup"))
    content = _words(telegram, result)
    markup = result.get("reply_markup")
    return {**content, "reply_markup": markup} if markup else content


def _words(telegram: PretendTelegram, result: Json) -> Json:
    given = result.get("input_message_content", result)
    if "message_text" in given:
        return text_of({**given, "text": given["message_text"]})
    if "phone_number" in given:
        return {"contact": _chosen(given, "phone_number", "first_name", "last_name")}
    if "latitude" in given:
        place = _chosen(given, "latitude", "longitude")
        if "address" in given:
            return {"venue": {"location": place, **_chosen(given, "title", "address")}, "location": place}
        return {"location": place}
    kind = str(result["type"])
    if kind not in FILES:
        raise bad_request(f"the simulator does not support inline results of type {kind}")
    file = str(result.get(f"{kind}_file_id") or result.get(f"{kind}_url"))
    return {**media_content(file_of(telegram, MEDIA.get(kind, kind), file)), **caption_of(result)}


def _chosen(given: Json, *names: str) -> Json:
    return {name: given[name] for name in names if name in given}


def _check_button(button: Json | None) -> None:
    if button is None:
        return
    if not button["text"].strip() or ("start_parameter" in button) == ("web_app" in button):
        raise bad_request("can't parse inline query results button")
    if "start_parameter" in button and not START_PARAMETER.fullmatch(button["start_parameter"]):
        raise bad_request("START_PARAM_INVALID")


METHODS = {"answerInlineQuery": answer_inline_query}
