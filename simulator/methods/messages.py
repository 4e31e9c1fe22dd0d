"""Sending words, and taking messages away."""

from typing import TYPE_CHECKING, Any

from simulator.members import SERVICE
from simulator.methods.posts import post, text_of
from simulator.reactions import check_reactions
from simulator.refusals import bad_request
from simulator.threads import begins_topic

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
    obstacle = _obstacle(telegram, chat, given["message_id"])
    if obstacle:
        raise bad_request(obstacle)
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
        if message_id in chat.messages and not _obstacle(telegram, chat, message_id):
            chat.remove(message_id)
    return True


def set_message_reaction(telegram: "PretendTelegram", given: Json) -> bool:
    chat = telegram.open_chat(given["chat_id"])
    if given["message_id"] not in chat.messages:
        raise bad_request("message to react not found")
    reactions = given.get("reaction", [])
    check_reactions(reactions)
    # The Bot API shows reactions on no message, so they are kept apart from it.
    chat.react(given["message_id"], reactions)
    return True


def _obstacle(telegram: "PretendTelegram", chat: "Chat", message_id: int) -> str | None:
    """Why the bot cannot delete a message, in Telegram's words; None if it can."""
    message, group = chat.messages[message_id], telegram.groups.get(chat.id)
    is_old = telegram.now() - int(message["date"]) > DELETABLE_FOR
    channel = telegram.channels.get(chat.id)
    if channel:
        may_delete = channel.may_change(telegram.bot["id"], message, "can_delete_messages")
        return None if may_delete and not is_old else "message can't be deleted"
    if group is None:
        return "message can't be deleted for everyone" if is_old else None
    is_service = bool(SERVICE & set(message))
    is_own = message["from"]["id"] == telegram.bot["id"] and not is_service
    if group.chat.info["type"] == "group":
        is_allowed = is_own or group.is_admin(telegram.bot["id"])
        return None if is_allowed and not is_old else "message can't be deleted for everyone"
    is_allowed = is_own or group.may(telegram.bot["id"], "can_delete_messages")
    return None if is_allowed and not is_old and not begins_topic(message) else "message can't be deleted"


METHODS = {
    "sendMessage": send_message,
    "sendChatAction": send_chat_action,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "setMessageReaction": set_message_reaction,
}
