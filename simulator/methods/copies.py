"""Sending on what was sent before: copies, which are the bot's own, and forwards, which say whose they were."""

from typing import Any

from simulator.forwards import carried, carried_together, origin_of
from simulator.members import SERVICE
from simulator.methods.posts import caption_of, post
from simulator.refusals import bad_request
from simulator.telegram import PretendTelegram

Json = dict[str, Any]

MOST = 100  # messages in one call
CAPTION_FIELDS = {"caption", "caption_entities", "show_caption_above_media"}


def copy_message(telegram: PretendTelegram, given: Json) -> Json:
    """With a new caption where one is given; an empty one takes the old away."""
    content = carried(_original(telegram, given, "message to copy not found", "message can't be copied"))
    if "caption" in given and "text" not in content:
        content = {**_without_caption(content), **caption_of(given)}
    return {"message_id": post(telegram, given, content)["message_id"]}


def forward_message(telegram: PretendTelegram, given: Json) -> Json:
    original = _original(telegram, given, "message to forward not found", "message can't be forwarded")
    return post(telegram, given, {**carried(original), "forward_origin": origin_of(telegram, original)})


def copy_messages(telegram: PretendTelegram, given: Json) -> list[Json]:
    contents = carried_together(_originals(telegram, given))
    if given.get("remove_caption"):
        contents = [_without_caption(content) for content in contents]
    return [{"message_id": post(telegram, given, content)["message_id"]} for content in contents]


def forward_messages(telegram: PretendTelegram, given: Json) -> list[Json]:
    originals = _originals(telegram, given)
    contents = zip(originals, carried_together(originals), strict=True)
    shown = [{**content, "forward_origin": origin_of(telegram, original)} for original, content in contents]
    return [{"message_id": post(telegram, given, content)["message_id"]} for content in shown]


def _original(telegram: PretendTelegram, given: Json, missing: str, barred: str) -> Json:
    message = telegram.chat(given["from_chat_id"]).messages.get(given["message_id"])
    if message is None:
        raise bad_request(missing)
    if not _may_go(message):
        raise bad_request(barred)
    return message


def _originals(telegram: PretendTelegram, given: Json) -> list[Json]:
    """Those that are not there, or may not be sent on, are skipped, as Telegram does."""
    numbers: list[int] = given["message_ids"]
    if not 1 <= len(numbers) <= MOST:
        raise bad_request("too many message identifiers specified" if numbers else "there are no messages to forward")
    chat = telegram.chat(given["from_chat_id"])
    found = (chat.messages.get(number) for number in sorted(numbers))
    return [message for message in found if message is not None and _may_go(message)]


def _may_go(message: Json) -> bool:
    return not (SERVICE & set(message) or message.get("has_protected_content"))


def _without_caption(content: Json) -> Json:
    return {name: value for name, value in content.items() if name not in CAPTION_FIELDS}


METHODS = {
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "forwardMessage": forward_message,
    "forwardMessages": forward_messages,
}
