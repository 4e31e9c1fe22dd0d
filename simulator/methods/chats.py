"""What chats are, who is in them, and what is pinned there."""

from typing import Any

from simulator.members import SERVICE, Gathering
from simulator.refusals import bad_request
from simulator.telegram import PretendTelegram

Json = dict[str, Any]

GIFTS = {
    "unlimited_gifts": True,
    "limited_gifts": True,
    "unique_gifts": True,
    "premium_subscription": True,
    "gifts_from_channels": True,
}
PERMISSIONS = {
    "can_send_messages": True,
    "can_send_photos": True,
    "can_send_documents": True,
    "can_invite_users": True,
    "can_pin_messages": False,
    "can_change_info": False,
}


def get_chat(telegram: PretendTelegram, given: Json) -> Json:
    chat = telegram.chat(given["chat_id"])
    told = {**chat.info, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": GIFTS}
    if chat.is_group:
        told["permissions"] = PERMISSIONS
    if chat.pinned:
        told["pinned_message"] = chat.messages[chat.pinned[-1]]
    return told


def get_chat_member(telegram: PretendTelegram, given: Json) -> Json:
    chat, user_id = telegram.chat(given["chat_id"]), given["user_id"]
    gathering = telegram.gathering(chat.id)
    if gathering:
        return gathering.member(user_id)
    user = telegram.user(user_id)
    return {"status": "member" if user_id in (chat.id, telegram.bot["id"]) else "left", "user": user}


def get_chat_administrators(telegram: PretendTelegram, given: Json) -> list[Json]:
    """Without other bots, as Telegram says; ours is told of itself."""
    gathering = _gathering(telegram, given, "there are no administrators in the private chat")
    return [gathering.member(user_id) for user_id in gathering.members if gathering.is_admin(user_id)]


def get_chat_member_count(telegram: PretendTelegram, given: Json) -> int:
    chat = telegram.chat(given["chat_id"])
    gathering = telegram.gathering(chat.id)
    return sum(gathering.is_in(user_id) for user_id in gathering.members) if gathering else 2


def leave_chat(telegram: PretendTelegram, given: Json) -> bool:
    _gathering(telegram, given, "chat member status can't be changed in private chats").leave()
    return True


def pin_chat_message(telegram: PretendTelegram, given: Json) -> bool:
    chat = telegram.open_chat(given["chat_id"])
    _require_pinning(telegram, chat.id)
    message_id = given["message_id"]
    if message_id not in chat.messages:
        raise bad_request("message to pin not found")
    if SERVICE & set(chat.messages[message_id]):
        raise bad_request("message can't be pinned")
    if message_id in chat.pinned:
        chat.pinned.remove(message_id)
    chat.pin([*chat.pinned, message_id])
    pinned = {name: value for name, value in chat.messages[message_id].items() if name != "reply_to_message"}
    notice = telegram.compose(chat, telegram.bot, {"pinned_message": pinned})
    chat.put(notice)
    telegram.updates.add(chat.update_kind, notice)  # of a bot's own deeds, this one is told to it too
    return True


def unpin_chat_message(telegram: PretendTelegram, given: Json) -> bool:
    """Without a message, the one pinned last."""
    chat = telegram.open_chat(given["chat_id"])
    _require_pinning(telegram, chat.id)
    message_id = given.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pin([pinned for pinned in chat.pinned if pinned != message_id])
    return True


def unpin_all_chat_messages(telegram: PretendTelegram, given: Json) -> bool:
    chat = telegram.open_chat(given["chat_id"])
    _require_pinning(telegram, chat.id)
    chat.pin([])
    return True


def _require_pinning(telegram: PretendTelegram, chat_id: int) -> None:
    gathering = telegram.gathering(chat_id)
    if gathering:
        gathering.require_right(gathering.pinning_right, "not enough rights to manage pinned messages in the chat")


def _gathering(telegram: PretendTelegram, given: Json, otherwise: str) -> Gathering:
    gathering = telegram.gathering(telegram.chat(given["chat_id"]).id)
    if gathering is None:
        raise bad_request(otherwise)
    return gathering


METHODS = {
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "unpinAllChatMessages": unpin_all_chat_messages,
}
