"""A forum's topics: threads within a supergroup, each with a name."""

from typing import Any

from simulator.groups import Group
from simulator.refusals import bad_request
from simulator.telegram import PretendTelegram

Json = dict[str, Any]

LONGEST_NAME = 128
COLOUR = 7322096


def create_forum_topic(telegram: PretendTelegram, given: Json) -> Json:
    group = _forum(telegram, given)
    if not 1 <= len(given["name"].strip()) <= LONGEST_NAME:
        raise bad_request("TOPIC_TITLE_EMPTY" if not given["name"].strip() else "TOPIC_TITLE_TOO_LONG")
    looks: Json = {"name": given["name"], "icon_color": given.get("icon_color", COLOUR)}
    if "icon_custom_emoji_id" in given:
        looks["icon_custom_emoji_id"] = given["icon_custom_emoji_id"]
    notice = telegram.compose(group.chat, telegram.bot, {"forum_topic_created": looks, "is_topic_message": True})
    thread = notice["message_thread_id"] = notice["message_id"]
    group.chat.put(notice)
    group.topics[thread] = {**looks, "is_closed": False}
    return {"message_thread_id": thread, **looks}


def edit_forum_topic(telegram: PretendTelegram, given: Json) -> bool:
    group, topic = _topic(telegram, given)
    changed: Json = {name: given[name] for name in ("name", "icon_custom_emoji_id") if name in given}
    if all(topic.get(name) == value for name, value in changed.items()):
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.update(changed)
    _notify(telegram, group, given, {"forum_topic_edited": changed})
    return True


def close_forum_topic(telegram: PretendTelegram, given: Json) -> bool:
    return _set_closed(telegram, given, is_closed=True)


def reopen_forum_topic(telegram: PretendTelegram, given: Json) -> bool:
    return _set_closed(telegram, given, is_closed=False)


def delete_forum_topic(telegram: PretendTelegram, given: Json) -> bool:
    """With all its messages."""
    group, _ = _topic(telegram, given)
    thread = given["message_thread_id"]
    for message in [message for message in group.messages() if message.get("message_thread_id") == thread]:
        group.chat.remove(message["message_id"])
    del group.topics[thread]
    return True


def _set_closed(telegram: PretendTelegram, given: Json, *, is_closed: bool) -> bool:
    group, topic = _topic(telegram, given)
    if topic["is_closed"] == is_closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic["is_closed"] = is_closed
    _notify(telegram, group, given, {"forum_topic_closed" if is_closed else "forum_topic_reopened": {}})
    return True


def _notify(telegram: PretendTelegram, group: Group, given: Json, what: Json) -> None:
    place = {"message_thread_id": given["message_thread_id"], "is_topic_message": True}
    group.chat.put(telegram.compose(group.chat, telegram.bot, {**what, **place}))


def _topic(telegram: PretendTelegram, given: Json) -> tuple[Group, Json]:
    group = _forum(telegram, given)
    if given["message_thread_id"] not in group.topics:
        raise bad_request("message thread not found")
    return group, group.topics[given["message_thread_id"]]


def _forum(telegram: PretendTelegram, given: Json) -> Group:
    chat = telegram.open_chat(given["chat_id"])
    if not chat.info.get("is_forum"):
        raise bad_request("the chat is not a forum")
    group = telegram.groups[chat.id]
    group.require_right("can_manage_topics", "not enough rights to manage topics")
    return group


METHODS = {
    "createForumTopic": create_forum_topic,
    "editForumTopic": edit_forum_topic,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "deleteForumTopic": delete_forum_topic,
}
