"""Sending words, and taking messages away."""

from typing import TYPE_CHECKING, Any

from simulator.methods.posts import post, text_of
from simulator.refusals import bad_request

if TYPE_CHECKING:
    from simulator.chats import Chat
    from simulator.telegram import PretendTelegram

Json = dict[str, Any]

DELETABLE_FOR = 48 * 3600  # seconds
MOST_DELETED = 100  # in one call
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def send_message(telegram: "PretendTelegram", given: Json) -> Json:
    return post(telegram, given, text_of(given))


def send_chat_action(telegram: "PretendTelegram", given: Json) -> bool:
    if given["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    telegram.open_chat(given["chat_id"]).tell({"event": "action", "action": given["action"]})
    return True


def delete_message(telegram: "PretendTelegram", given: Json) -> bool:
    chat = telegram.chat(given["chat_id"])
    if given["message_id"] not in chat.messages:
        raise bad_request("message to delete not found")
    if not _is_deletable(telegram, chat, given["message_id"]):
        raise bad_request("message can't be deleted")
    chat.remove(given["message_id"])
    return True


def delete_messages(telegram: "PretendTelegram", given: Json) -> bool:
    """Those that cannot be deleted, or are not there, are skipped without a word, as Telegram does."""
    chat = telegram.chat(given["chat_id"])
    if not given["message_ids"]:
        raise bad_request("message identifiers are not specified")
    if len(given["message_ids"]) > MOST_DELETED:
        raise bad_request("too many message identifiers specified")
    for message_id in given["message_ids"]:
        if message_id in chat.messages and _is_deletable(telegram, chat, message_id):
            chat.remove(message_id)
    return True


def set_message_reaction(telegram: "PretendTelegram", given: Json) -> bool:
    chat = telegram.open_chat(given["chat_id"])
    if given["message_id"] not in chat.messages:
        raise bad_request("message to react not found")
    reactions = given.get("reaction", [])
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    # The Bot API shows reactions on no message, so they are kept apart from it.
    chat.react(given["message_id"], reactions)
    return True


def _is_deletable(telegram: "PretendTelegram", chat: "Chat", message_id: int) -> bool:
    message = chat.messages[message_id]
    group = telegram.groups.get(chat.id)
    if group and message["from"]["id"] != telegram.bot["id"]:
        return bool(group.member(telegram.bot["id"]).get("can_delete_messages"))
    return telegram.now() - int(message["date"]) <= DELETABLE_FOR


METHODS = {
    "sendMessage": send_message,
    "sendChatAction": send_chat_action,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "setMessageReaction": set_message_reaction,
}
