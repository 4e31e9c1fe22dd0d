"""Where in a chat a message stands: what it replies to, and in which topic of a forum.

In a topic every message replies to something: without another, to the service message that began the topic. In a
supergroup without topics a reply carries its thread's number all the same. Bots that take either for a reply to
themselves, or for a topic, are mistaken.
"""

from typing import TYPE_CHECKING, Any

from simulator.forwards import origin_of
from simulator.refusals import bad_request

if TYPE_CHECKING:
    from simulator.chats import Chat
    from simulator.telegram import PretendTelegram

Json = dict[str, Any]


def placed(
    telegram: "PretendTelegram", chat: "Chat", sender_id: int, replied: Json | None = None, thread: int | None = None
) -> Json:
    """The fields of a new message that replies to *replied*, in the topic *thread* (None: in that of *replied*).

    Raises Refused for a topic that is not there, or closed to who sends.
    """
    own = replied if replied is not None and replied["chat"]["id"] == chat.id else None
    group = telegram.groups.get(chat.id)
    if group is None or not group.is_forum:
        if group is None and thread is not None:
            raise bad_request("message thread not found")
        return _replying(telegram, replied, chat) | _thread_of_replies(own, chat)
    there = own.get("message_thread_id") if own else None
    if thread is None:
        thread = there
    if thread is None:
        return _replying(telegram, replied, chat)
    fields = group.forum.entered(sender_id, thread)
    if there != thread:  # Telegram quotes across topics as across chats
        return fields | {"reply_to_message": group.chat.messages[thread]} | _replying_elsewhere(telegram, replied)
    return fields | _replying(telegram, replied, chat)


def quoted(message: Json) -> Json:
    """A message as another one quotes it: without what it itself replies to."""
    return {name: value for name, value in message.items() if name not in ("reply_to_message", "external_reply")}


def begins_topic(message: Json) -> bool:
    return "forum_topic_created" in message


def _replying(telegram: "PretendTelegram", replied: Json | None, chat: "Chat") -> Json:
    if replied is None:
        return {}
    return (
        {"reply_to_message": quoted(replied)}
        if replied["chat"]["id"] == chat.id
        else _replying_elsewhere(telegram, replied)
    )


def _replying_elsewhere(telegram: "PretendTelegram", replied: Json | None) -> Json:
    if replied is None:
        return {}
    told = {"chat": replied["chat"], "message_id": replied["message_id"]} if replied["chat"]["id"] < 0 else {}
    return {"external_reply": {"origin": origin_of(telegram, replied), **told}}


def _thread_of_replies(replied: Json | None, chat: "Chat") -> Json:
    if replied is None or chat.info["type"] != "supergroup":
        return {}
    return {"message_thread_id": replied.get("message_thread_id", replied["message_id"])}
