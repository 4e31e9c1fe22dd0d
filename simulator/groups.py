"""Groups and supergroups: who is in them, what the bot hears there, and what befalls them.

Privacy mode is on, as for any new bot: in a group the bot hears commands (but not ``/cmd@another_bot``), mentions of
its name, replies to its messages, what was sent through it inline, and service messages. An administrator hears
everything, and so does a bot with ``telegram.bot_reads_all``.

An administrator with the right ``is_anonymous`` writes as the group itself, unless told otherwise.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from simulator.chats import Chat, buttons_of
from simulator.entities import text_of_entity
from simulator.forum import Forum, Topic
from simulator.refusals import Refused, bad_request
from simulator.threads import begins_topic

if TYPE_CHECKING:
    from simulator.people import Person
    from simulator.telegram import PretendTelegram

Json = dict[str, Any]

SUPERGROUPS_BELOW = -(10**12)
ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
ADMINISTRATOR: Json = {
    "status": "administrator",
    "can_be_edited": False,
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_delete_messages": True,
    "can_manage_video_chats": True,
    "can_restrict_members": True,
    "can_promote_members": False,
    "can_change_info": True,
    "can_invite_users": True,
    "can_pin_messages": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
    "can_send_welcome_messages": False,
    "can_manage_topics": True,
}
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


class Group:
    """Made by PretendTelegram.group. *by* is who does a thing; without it, the group's owner."""

    def __init__(self, telegram: "PretendTelegram", chat: Chat) -> None:
        self._telegram = telegram
        self.chat = chat
        self.members: dict[int, Json] = {}  # by user id: ChatMember without its user
        self.forum = Forum(telegram, self)
        self.migrated_to: int | None = None
        chat.hears = self._hears

    @property
    def id(self) -> int:
        return self.chat.id

    @property
    def is_forum(self) -> bool:
        return bool(self.chat.info.get("is_forum"))

    # What people do. Raises LookupError for what they may not.

    def write(self, person: "Person", text: str, reply_to: int | None = None, **options: Any) -> Json:
        """Have *person* write here; *options* as Person.write has them."""
        return person.write(text, reply_to, chat=self.id, **options)

    def add_bot(self, by: "Person | None" = None) -> Json:
        return self._add(self._telegram.bot, self._actor(by))

    def remove_bot(self, by: "Person | None" = None) -> Json:
        return self._remove(self._telegram.bot, self._actor(by))

    def promote_bot(self, by: "Person | None" = None, **rights: bool) -> Json:
        """Make the bot an administrator; *rights* that differ, as ``can_delete_messages=False``."""
        return self._change(self._telegram.bot, self._actor(by), {**ADMINISTRATOR, **rights})

    def demote_bot(self, by: "Person | None" = None) -> Json:
        return self._change(self._telegram.bot, self._actor(by), MEMBER)

    def add(self, person: "Person", by: "Person | None" = None) -> Json:
        """By another, or by themselves, as with an invitation link."""
        return self._add(person.user, self._actor(by))

    def remove(self, person: "Person", by: "Person | None" = None) -> Json:
        """By another; by themselves is leaving."""
        return self._remove(person.user, self._actor(by))

    def promote(self, person: "Person", by: "Person | None" = None, **rights: bool) -> Json:
        """Make an administrator; *rights* that differ, as ``is_anonymous=True``, which alone an owner can lack."""
        if self.members.get(person.id, LEFT)["status"] == "creator":
            return self._change(
                person.user, self._actor(by), {**OWNER, "is_anonymous": rights.get("is_anonymous", False)}
            )
        return self._change(person.user, self._actor(by), {**ADMINISTRATOR, **rights})

    def demote(self, person: "Person", by: "Person | None" = None) -> Json:
        return self._change(person.user, self._actor(by), MEMBER)

    def rename(self, title: str, by: "Person | None" = None) -> Json:
        self.chat.info = {**self.chat.info, "title": title}
        self.chat.tell({"event": "chat", "chat": self.chat.info})
        return self.say(self._actor(by), {"new_chat_title": title})

    def create_topic(self, name: str, by: "Person | None" = None) -> int:
        """Its message_thread_id."""
        topic: Topic = self._try(self.forum.create, self._actor(by), {"name": name})
        return topic.thread

    def rename_topic(self, thread: int, name: str, by: "Person | None" = None) -> None:
        self._try(self.forum.edit, self._actor(by), thread, {"name": name})

    def close_topic(self, thread: int, by: "Person | None" = None) -> None:
        self._try(self.forum.set_closed, self._actor(by), thread, is_closed=True)

    def reopen_topic(self, thread: int, by: "Person | None" = None) -> None:
        self._try(self.forum.set_closed, self._actor(by), thread, is_closed=False)

    def delete_topic(self, thread: int, by: "Person | None" = None) -> None:
        self._try(self.forum.delete, self._actor(by), thread)

    def switch_topics(self, *, on: bool) -> None:
        """Make a supergroup a forum, or an ordinary one again."""
        if self.chat.info["type"] != "supergroup":
            raise LookupError(f"chat {self.id} is no supergroup, which alone can have topics")
        plain = {name: value for name, value in self.chat.info.items() if name != "is_forum"}
        self.chat.info = {**plain, "is_forum": True} if on else plain
        self._telegram.reshaped()

    def migrate(self, new_id: int | None = None, by: "Person | None" = None) -> "Group":
        """Become a supergroup, which is another chat; the bot's calls for the old one are refused from now on.

        The bot is told that it joined the new chat, never that it left the old one, and gets a message in each.
        """
        if self.chat.info["type"] != "group" or self.migrated_to:
            raise ValueError(f"chat {self.id} is no group that can become a supergroup")
        new_id = new_id or SUPERGROUPS_BELOW + self.id
        actor = self._actor(by)
        new = self._telegram.group(new_id, self.chat.info["title"], bot="left")
        bot = self._telegram.bot
        new.members = {user_id: member for user_id, member in self.members.items() if user_id != bot["id"]}
        if self.is_in(bot["id"]):
            new._change(bot, actor, self.members[bot["id"]])
        self.say(actor, {"migrate_to_chat_id": new_id})
        self.migrated_to = new_id
        new.say(ANONYMOUS, {"sender_chat": new.chat.info, "migrate_from_chat_id": self.id})
        self._telegram.reshaped()
        return new

    # What they see.

    def messages(self, thread: int | None = None) -> list[Json]:
        """All messages, or those of one topic, first to last."""
        return self.chat.inside(thread)

    def texts(self, thread: int | None = None) -> list[str]:
        """What the bot's messages now show, first to last; "" for a picture without words."""
        shown = (message for message in self.chat.inside(thread) if message["from"] == self._telegram.bot)
        return [message.get("text") or message.get("caption") or "" for message in shown if not SERVICE & set(message)]

    def labels(self, thread: int | None = None) -> list[str]:
        """The labels of all inline buttons, first to last."""
        return [button["text"] for message in self.chat.inside(thread) for button in buttons_of(message)]

    @property
    def topics(self) -> dict[int, Topic]:
        """By message_thread_id, the oldest first."""
        return self.forum.topics

    def topic(self, name: str) -> int:
        """The message_thread_id of the topic that has *name* in its name. Raises LookupError naming those there are."""
        for thread, topic in self.topics.items():
            if name in topic.name:
                return thread
        raise LookupError(f"no topic {name!r} in {self.id}; there are {[topic.name for topic in self.topics.values()]}")

    # What the rest of the simulator asks for.

    def member(self, user_id: int) -> Json:
        """The ChatMember of somebody, "left" for who is none. Raises Refused for who does not exist."""
        user = self._telegram.user(user_id)
        return {**self.members.get(user_id, LEFT), "user": user}

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
        if self.migrated_to:
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self.migrated_to,
            )
        kind, bot_id = self.chat.info["type"], self._telegram.bot["id"]
        if bot_id not in self.members:
            raise bad_request("chat not found")
        if self.members[bot_id].get("has_left_itself"):
            raise Refused(403, f"Forbidden: bot is not a member of the {kind} chat")
        if not self.is_in(bot_id):
            raise Refused(403, f"Forbidden: bot was kicked from the {kind} chat")

    def require_right(self, right: str, description: str) -> None:
        if not self.may(self._telegram.bot["id"], right):
            raise bad_request(description)

    def leave(self) -> None:
        """The bot goes by itself."""
        bot = self._telegram.bot
        self.chat.put(self._telegram.compose(self.chat, bot, {"left_chat_member": bot}))
        self._change(bot, bot, LEFT)
        self.members[bot["id"]] = {**LEFT, "has_left_itself": True}

    def say(self, actor: Json, content: Json) -> Json:
        """A service message, which the bot hears if it is here."""
        return self.put_service(self._telegram.compose(self.chat, actor, content))

    def put_service(self, message: Json) -> Json:
        self.chat.put(message)
        if self._hears(message):
            self._telegram.updates.add("message", message)
        return message

    def _try(self, deed: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """What Telegram refuses the bot with words, a person's client does not offer."""
        try:
            return deed(*arguments, **options)
        except Refused as refused:
            raise LookupError(f"{refused.description}, in group {self.id}") from None

    def _add(self, user: Json, by: Json) -> Json:
        self._change(user, by, MEMBER)
        return self.say(by, {"new_chat_members": [user]})

    def _remove(self, user: Json, by: Json) -> Json:
        # Only supergroups remember whom they threw out; elsewhere the person is merely no longer there.
        is_ban = self.chat.info["type"] == "supergroup" and user["id"] != by["id"]
        message = self._telegram.compose(self.chat, by, {"left_chat_member": user})
        was_heard = self._hears(message)
        self._change(user, by, KICKED if is_ban else LEFT)
        self.chat.put(message)
        if was_heard:
            self._telegram.updates.add("message", message)
        return message

    def _change(self, user: Json, by: Json, new: Json) -> Json:
        bot_id = self._telegram.bot["id"]
        old = {name: value for name, value in self.members.get(user["id"], LEFT).items() if name != "has_left_itself"}
        change: Json = {"chat": self.chat.info, "from": by, "date": self._telegram.now()}
        change["old_chat_member"] = {**old, "user": user}
        change["new_chat_member"] = {**new, "user": user}
        self.members[user["id"]] = new
        if user["id"] == bot_id:
            self._telegram.updates.add("my_chat_member", change)
        elif self.is_admin(bot_id):
            self._telegram.updates.add("chat_member", change)
        self._telegram.reshaped()
        return change

    def _hears(self, message: Json) -> bool:
        bot = self._telegram.bot
        if self.migrated_to or not self.is_in(bot["id"]):
            return False
        if self.is_admin(bot["id"]) or self._telegram.bot_reads_all or SERVICE & set(message):
            return True
        replied, via = message.get("reply_to_message", {}), message.get("via_bot", {})
        if begins_topic(replied):  # that a topic is the bot's makes nothing said there a reply to it
            replied = {}
        if bot["id"] in (replied.get("from", {}).get("id"), via.get("id")):
            return True
        return any(_is_for(bot["username"], words) for words in _addressed(message))

    def _actor(self, by: "Person | None") -> Json:
        if by is not None:
            return by.user
        owner = next((key for key, member in self.members.items() if member["status"] == "creator"), None)
        if owner is None:
            raise LookupError(f"nobody owns group {self.id}; say by whom")
        return self._telegram.user(owner)


def _addressed(message: Json) -> list[str]:
    """The commands and mentions of a text or caption."""
    text = message.get("text") or message.get("caption") or ""
    entities = message.get("entities") or message.get("caption_entities") or []
    return [text_of_entity(text, entity) for entity in entities if entity["type"] in ("bot_command", "mention")]


def _is_for(username: str, words: str) -> bool:
    _, at, named = words.partition("@")
    return not at or named.lower() == username.lower()
