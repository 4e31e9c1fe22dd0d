"""Messages sent on: what goes along with them, and whose they were first."""

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.telegram import PretendTelegram

Json = dict[str, Any]

LEFT_BEHIND = {
    *("message_id", "from", "chat", "date", "edit_date", "sender_chat", "via_bot", "reply_markup", "media_group_id"),
    *("message_thread_id", "is_topic_message", "reply_to_message", "external_reply", "quote", "effect_id"),
    *("has_protected_content", "forward_origin"),
}


def carried(message: Json) -> Json:
    """The fields that go along: words and what was attached."""
    return {name: value for name, value in message.items() if name not in LEFT_BEHIND}


def carried_together(messages: Iterable[Json]) -> list[Json]:
    """Likewise of several, whose albums stay albums, each with a new name."""
    albums: dict[str, str] = {}
    contents = []
    for message in messages:
        content = carried(message)
        if "media_group_id" in message:
            content["media_group_id"] = albums.setdefault(message["media_group_id"], album_id())
        contents.append(content)
    return contents


def origin_of(telegram: "PretendTelegram", message: Json) -> Json:
    """Whose message it was first, as a forwarded one tells."""
    if "forward_origin" in message:
        return dict(message["forward_origin"])
    date = message["date"]
    if message["chat"]["type"] == "channel":
        return {"type": "channel", "chat": message["chat"], "message_id": message["message_id"], "date": date}
    if "sender_chat" in message:
        return {"type": "chat", "sender_chat": message["sender_chat"], "date": date}
    sender = message["from"]
    person = telegram.people.get(sender["id"])
    if person and person.is_hidden:
        return {"type": "hidden_user", "sender_user_name": sender["first_name"], "date": date}
    return {"type": "user", "sender_user": sender, "date": date}


def album_id() -> str:
    return str(13_000_000_000_000_000 + secrets.randbelow(10**15))
