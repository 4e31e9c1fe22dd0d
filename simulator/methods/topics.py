"""A forum's topics, as the bot makes and changes them."""

from typing import Any

from simulator.groups import Group
from simulator.refusals import bad_request
from simulator.telegram import PretendTelegram

Json = dict[str, Any]

LOOKS = ("name", "icon_color", "icon_custom_emoji_id")


def create_forum_topic(telegram: PretendTelegram, given: Json) -> Json:
    topic = _group(telegram, given).forum.create(telegram.bot, _looks(given))
    return {"message_thread_id": topic.thread, **topic.looks}


def edit_forum_topic(telegram: PretendTelegram, given: Json) -> bool:
    _group(telegram, given).forum.edit(telegram.bot, given["message_thread_id"], _looks(given))
    return True


def close_forum_topic(telegram: PretendTelegram, given: Json) -> bool:
    _group(telegram, given).forum.set_closed(telegram.bot, given["message_thread_id"], is_closed=True)
    return True


def reopen_forum_topic(telegram: PretendTelegram, given: Json) -> bool:
    _group(telegram, given).forum.set_closed(telegram.bot, given["message_thread_id"], is_closed=False)
    return True


def delete_forum_topic(telegram: PretendTelegram, given: Json) -> bool:
    _group(telegram, given).forum.delete(telegram.bot, given["message_thread_id"])
    return True


def unpin_all_forum_topic_messages(telegram: PretendTelegram, given: Json) -> bool:
    group, thread = _group(telegram, given), given["message_thread_id"]
    group.require_right("can_pin_messages", "not enough rights to manage pinned messages in the chat")
    inside = {message["message_id"] for message in group.messages(thread)}
    group.chat.pin([pinned for pinned in group.chat.pinned if pinned not in inside])
    return True


def _looks(given: Json) -> Json:
    return {name: given[name] for name in LOOKS if name in given}


def _group(telegram: PretendTelegram, given: Json) -> Group:
    chat = telegram.open_chat(given["chat_id"])
    if chat.id not in telegram.groups:
        raise bad_request("the chat is not a forum")
    return telegram.groups[chat.id]


METHODS = {
    "createForumTopic": create_forum_topic,
    "editForumTopic": edit_forum_topic,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "deleteForumTopic": delete_forum_topic,
    "unpinAllForumTopicMessages": unpin_all_forum_topic_messages,
}
