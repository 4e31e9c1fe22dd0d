"""What chats are, who is in them, and what is pinned there."""

from typing import Any

from simulator.groups import Group
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
    if chat.id in telegram.groups:
        return telegram.groups[chat.id].member(user_id)
    user = telegram.user(user_id)
    return {"status": "member" if user_id in (chat.id, telegram.bot["id"]) else "left", "user": user}


def get_chat_administrators(telegram: PretendTelegram, given: Json) -> list[Json]:
    """Without other bots, as Telegram says; ours is told of itself."""
    group = _group(telegram, given, "there are no administrators in the private chat")
    return [group.member(user_id) for user_id in group.members if group.is_admin(user_id)]


def get_chat_member_count(telegram: PretendTelegram, given: Json) -> int:
    chat = telegram.chat(given["chat_id"])
    if chat.id not in telegram.groups:
        return 2
    group = telegram.groups[chat.id]
    return sum(group.is_in(user_id) for user_id in group.members)


def leave_chat(telegram: PretendTelegram, given: Json) -> bool:
    _group(telegram, given, "chat member status can't be changed in private chats").leave()
    return True


def pin_chat_message(telegram: PretendTelegram, given: Json) -> bool:
    chat = telegram.open_chat(given["chat_id"])
    _require_pinning(telegram, chat.id)
    message_id = given["message_id"]
    if message_id not in chat.messages:
        raise bad_request("message to pin not found")
    if message_id in chat.pinned:
        chat.pinned.remove(message_id)
    chat.pin([*chat.pinned, message_id])
    pinned = {name: value for name, value in chat.messages[message_id].items() if name != "reply_to_message"}
    notice = telegram.compose(chat, telegram.bot, {"pinned_message": pinned})
    chat.put(notice)
    telegram.updates.add("message", notice)  # of a bot's own deeds, this one is told to it too
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
    if chat_id in telegram.groups:
        telegram.groups[chat_id].require_right(
            "can_pin_messages", "not enough rights to manage pinned messages in the chat"
        )


def _group(telegram: PretendTelegram, given: Json, otherwise: str) -> Group:
    chat = telegram.chat(given["chat_id"])
    if chat.id not in telegram.groups:
        raise bad_request(otherwise)
    return telegram.groups[chat.id]


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
