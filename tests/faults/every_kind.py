"""An update of every kind the Bot API has, and a message of every content, built from simulator/schema.json."""

import json
from functools import cache
from typing import Any, cast

from simulator.schema import SCHEMA

Json = dict[str, Any]

ARRAY_OF = "Array of "
DATE = 1_700_000_000
QUESTION = "cara bikin nib gimana"
BOT = {"id": 1000, "is_bot": True, "first_name": "Demo", "username": "demo_bot"}

TOLD_TOO: dict[str, Json] = {
    "Chat": {"type": "private", "first_name": "Sari"},
    "User": {"is_bot": False, "first_name": "Sari", "language_code": "id"},
}
"""What else, or other than the least, Telegram says of a thing."""

_ABOUT_MESSAGES = """
    author_signature business_connection_id caption caption_entities chat date direct_messages_topic edit_date
    effect_id entities ephemeral_message_id external_reply forward_origin from guest_bot_caller_chat
    guest_bot_caller_user guest_query_id has_media_spoiler has_protected_content is_automatic_forward is_from_offline
    is_paid_post is_topic_message link_preview_options media_group_id message_id message_thread_id paid_star_count
    quote receiver_user reply_markup reply_to_checklist_task_id reply_to_message reply_to_poll_option_id
    reply_to_story sender_boost_count sender_business_bot sender_chat sender_tag show_caption_above_media
    suggested_post_info via_bot
"""
ABOUT_MESSAGES = frozenset(_ABOUT_MESSAGES.split())
"""The fields of a message that say something about it; every other one is what it holds."""


@cache
def types() -> dict[str, dict[str, Json]]:
    """The Bot API's types: name -> field -> {type, required[, value]}."""
    return cast("dict[str, dict[str, Json]]", json.loads(SCHEMA.read_text(encoding="utf-8"))["types"])


def contents() -> list[str]:
    """What a message can hold: a text, a photo, news of a gift, ..."""
    return [name for name in types()["Message"] if name not in ABOUT_MESSAGES]


def least(kind: str, number: int, name: str = "") -> Any:
    """The least that the Bot API calls a *kind*; whoever and whatever has an id has *number* for it."""
    if kind.startswith(ARRAY_OF):
        return [least(kind.removeprefix(ARRAY_OF), number, name)]
    first = kind.partition(" or ")[0]
    if first in types():
        entries = types()[first].items()
        made = {field: _value(entry, number, field) for field, entry in entries if entry["required"]}
        return made | TOLD_TOO.get(first, {})
    numbers = {"Integer": DATE if name.endswith("date") else number, "Float": 1.0, "Boolean": True}
    return numbers.get(first, "x")


def _value(entry: Json, number: int, name: str) -> Any:
    return entry["value"] if "value" in entry else least(entry["type"], number, name)


def field(kind: str, name: str, number: int) -> Any:
    """What the field *name* of a *kind* holds at the least."""
    return _value(types()[kind][name], number, name)


def message(number: int, **content: Any) -> Json:
    """A message that somebody wrote in private."""
    return {**least("Message", number), "from": least("User", number), **content}


def update_of(kind: str, number: int) -> Json:
    """An update of *kind* as Telegram would tell it of the person *number*."""
    content = least(types()["Update"][kind]["type"], number)
    return {kind: content | _plausible(number).get(kind, {})}


def _plausible(number: int) -> dict[str, Json]:
    """What an update of each kind hardly ever lacks."""
    user = least("User", number)
    written = {"from": user, "text": QUESTION}
    on_business = {**written, "business_connection_id": "b"}
    channel = {"id": -(10**12) - number, "type": "channel", "title": "Kabar Warga"}
    posted = {"chat": channel, "sender_chat": channel, "text": QUESTION}
    group = {"id": -(10**12) - number, "type": "supergroup", "title": "Warga"}
    banned, member = least("ChatMemberBanned", number), least("ChatMemberMember", number)
    return {
        "message": written,
        "edited_message": {**written, "edit_date": DATE + 1},
        "guest_message": {**written, "guest_query_id": "g"},
        "business_message": on_business,
        "edited_business_message": on_business,
        "channel_post": posted,
        "edited_channel_post": posted,
        "callback_query": {
            "id": str(number),
            "message": {**message(number, text="x"), "from": BOT},
            "data": "entry:P05",
        },
        "inline_query": {"id": str(number), "query": QUESTION, "chat_type": "sender"},
        "message_reaction": {"user": user},
        "poll_answer": {"user": user},
        "chat_member": {"chat": group},
        "chat_join_request": {"chat": group},
        "chat_boost": {"chat": channel},
        "removed_chat_boost": {"chat": channel},
        "message_reaction_count": {"chat": channel},
        "my_chat_member": {"old_chat_member": {**banned, "user": BOT}, "new_chat_member": {**member, "user": BOT}},
    }
