"""The kinds of update we ask for, and the form each must have: python-telegram-bot itself checks no types."""

from collections.abc import Iterator, Mapping
from typing import Any

from db.storable import is_id

# What the handlers read, by name. A name with a question mark may be missing; whatever else is told may be anything.
_USER = {"id": int, "is_bot": bool, "first_name": str, "last_name?": str, "language_code?": str}
_CHAT = {"id": int, "type": str, "title?": str, "is_forum?": bool}
_ENTITIES = [{"type": str, "offset": int, "length": int, "url?": str, "user?": _USER}]
_FILE = {"file_id": str}
_MESSAGE: dict[str, Any] = {
    "message_id": int,
    "chat": _CHAT,
    "from?": _USER,
    "text?": str,
    "entities?": _ENTITIES,
    "caption?": str,
    "caption_entities?": _ENTITIES,
    "contact?": {"phone_number": str, "user_id?": int},
    "photo?": [_FILE],
    "document?": _FILE,
    "voice?": _FILE,
    "video?": _FILE,
    "sender_chat?": _CHAT,
    "message_thread_id?": int,
    "is_topic_message?": bool,
    "new_chat_title?": str,
    "migrate_to_chat_id?": int,
    "migrate_from_chat_id?": int,
}
_MESSAGE["reply_to_message?"] = dict(_MESSAGE)
_TAPPED = {"message_id": int, "chat": _CHAT}
_RIGHTS = ("can_manage_topics", "can_delete_messages", "can_post_messages", "can_send_messages")
_MEMBER = {"status": str, **{f"{right}?": bool for right in _RIGHTS}}

FORMS: dict[str, Mapping[str, Any]] = {
    "message": _MESSAGE,
    "edited_message": _MESSAGE,
    "callback_query": {"id": str, "from": _USER, "message?": _TAPPED, "data?": str},
    "inline_query": {"id": str, "from": _USER, "query": str},
    "my_chat_member": {"chat": _CHAT, "from": _USER, "old_chat_member": _MEMBER, "new_chat_member": _MEMBER},
}


def faults(content: Any, form: Any, where: str) -> Iterator[str]:
    """What of *content* has not its *form*, one by one: "message.from.id is no int"."""
    if isinstance(form, dict):
        if not isinstance(content, dict):
            yield f"{where} is no object"
            return
        for name, inside in form.items():
            key = name.rstrip("?")
            if key == name or content.get(key) is not None:
                yield from faults(content.get(key), inside, f"{where}.{key}")
    elif isinstance(form, list):
        if not isinstance(content, list):
            yield f"{where} is no list"
            return
        for part in content:
            yield from faults(part, form[0], f"{where}[]")
    elif not (is_id(content) if form is int else isinstance(content, form)):
        yield f"{where} is no {form.__name__}"
