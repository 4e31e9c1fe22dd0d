"""Chats of several: who is in them, what they may do there, and how the bot is told when that changes."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from simulator.chats import Chat, buttons_of
from simulator.refusals import Refused, bad_request

if TYPE_CHECKING:
    from simulator.people import Person
    from simulator.telegram import PretendTelegram

Json = dict[str, Any]

MEMBER: Json = {"status": "member"}
OWNER: Json = {"status": "creator", "is_anonymous": False}
LEFT: Json = {"status": "left"}
KICKED: Json = {"status": "kicked", "until_date": 0}
SERVICE = {
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "pinned_message",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
}


class Gathering(ABC):
    """What groups and channels share. *by* is who does a thing; without it, the owner."""

    pinning_right = "can_pin_messages"

    def __init__(self, telegram: "PretendTelegram", chat: Chat) -> None:
        self._telegram = telegram
        self.chat = chat
        self.members: dict[int, Json] = {}  # by user id: ChatMember without its user
        self.migrated_to: int | None = None  # only ever of a group
        chat.hears = self._hears

    @property
    def id(self) -> int:
        return self.chat.id

    # What people do and see.

    def write(self, person: "Person", text: str, reply_to: int | None = None, **options: Any) -> Json:
        """Have *person* write here; *options* as Person.write has them."""
        return person.write(text, reply_to, chat=self.id, **options)

    def rename(self, title: str, by: "Person | None" = None) -> Json:
        self.chat.info = {**self.chat.info, "title": title}
        self.chat.tell({"event": "chat", "chat": self.chat.info})
        return self.say(self._actor(by), {"new_chat_title": title})

    def messages(self, thread: int | None = None) -> list[Json]:
        """All messages, or those of one topic, first to last."""
        return self.chat.inside(thread)

    def texts(self, thread: int | None = None) -> list[str]:
        """What the bot's messages now show, first to last; "" for a picture without words."""
        bot_id, inside = self._telegram.bot["id"], self.chat.inside(thread)
        shown = (message for message in inside if self.chat.author_of(message["message_id"]) == bot_id)
        return [message.get("text") or message.get("caption") or "" for message in shown if not SERVICE & set(message)]

    def labels(self, thread: int | None = None) -> list[str]:
        """The labels of all inline buttons, first to last."""
        return [button["text"] for message in self.chat.inside(thread) for button in buttons_of(message)]

    # What the rest of the simulator asks for.

    def member(self, user_id: int) -> Json:
        """The ChatMember of somebody, "left" for who is none. Raises Refused for who does not exist."""
        user = self._telegram.user(user_id)
        return {**self._standing(user_id), "user": user}

    def is_in(self, user_id: int) -> bool:
        return self.members.get(user_id, LEFT)["status"] not in ("left", "kicked")

    def is_admin(self, user_id: int) -> bool:
        return self.members.get(user_id, LEFT)["status"] in ("administrator", "creator")

    def may(self, user_id: int, right: str) -> bool:
        """Whether somebody has an administrator's right, which an owner always has."""
        member = self.members.get(user_id, LEFT)
        return member["status"] == "creator" or bool(member.get(right))

    def refuse_outsider(self) -> None:
        """Raise Refused unless the bot may act here."""
        kind, bot_id = self.chat.info["type"], self._telegram.bot["id"]
        if bot_id not in self.members:
            raise bad_request("chat not found")
        if self.members[bot_id].get("is_out_in_peace"):
            raise Refused(403, f"Forbidden: bot is not a member of the {kind} chat")
        if not self.is_in(bot_id):
            raise Refused(403, f"Forbidden: bot was kicked from the {kind} chat")

    def require_right(self, right: str, description: str) -> None:
        if not self.may(self._telegram.bot["id"], right):
            raise bad_request(description)

    def leave(self) -> None:
        """The bot goes by itself."""
        bot = self._telegram.bot
        self._change(bot, bot, {**LEFT, "is_out_in_peace": True})

    def say(self, actor: Json, content: Json) -> Json:
        """A service message, which the bot hears if it is here."""
        return self.put_service(self._telegram.compose(self.chat, actor, content))

    def put_service(self, message: Json) -> Json:
        self.chat.put(message)
        if self._hears(message):
            self._telegram.updates.add(self.chat.update_kind, message)
        return message

    @abstractmethod
    def _hears(self, message: Json) -> bool:
        """Whether the bot is told of a message that is not its own."""

    def _standing(self, user_id: int) -> Json:
        """As the Bot API tells it: whether who left was thrown out is between us and the refusals."""
        member = self.members.get(user_id, LEFT)
        return {name: value for name, value in member.items() if name != "is_out_in_peace"}

    def _change(self, user: Json, by: Json, new: Json) -> Json:
        bot_id = self._telegram.bot["id"]
        change: Json = {"chat": self.chat.info, "from": by, "date": self._telegram.now()}
        change["old_chat_member"] = {**self._standing(user["id"]), "user": user}
        self.members[user["id"]] = new
        change["new_chat_member"] = {**self._standing(user["id"]), "user": user}
        if user["id"] == bot_id:
            self._telegram.updates.add("my_chat_member", change)
        elif self.is_admin(bot_id):
            self._telegram.updates.add("chat_member", change)
        self._telegram.reshaped()
        return change

    def _actor(self, by: "Person | None") -> Json:
        if by is not None:
            return by.user
        owner = next((key for key, member in self.members.items() if member["status"] == "creator"), None)
        if owner is None:
            raise LookupError(f"nobody owns chat {self.id}; say by whom")
        return self._telegram.user(owner)
