"""Groups and supergroups: who is in them, what the bot hears there, and what befalls them.

Privacy mode is on, as for any new bot: in a group the bot hears commands (but not ``/cmd@another_bot``), mentions of
its name, replies to its messages, what was sent through it inline, and service messages. An administrator hears
everything, and so does a bot with ``telegram.bot_reads_all``.

An administrator with the right ``is_anonymous`` writes as the group itself, unless told otherwise.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from simulator.chats import Chat
from simulator.entities import text_of_entity
from simulator.forum import Forum, Topic
from simulator.members import KICKED, LEFT, MEMBER, OWNER, SERVICE, Gathering
from simulator.refusals import Refused
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


class Group(Gathering):
    """Made by PretendTelegram.group. *by* is who does a thing; without it, the group's owner."""

    def __init__(self, telegram: "PretendTelegram", chat: Chat) -> None:
        super().__init__(telegram, chat)
        self.forum = Forum(telegram, self)

    @property
    def is_forum(self) -> bool:
        return bool(self.chat.info.get("is_forum"))

    # What people do. Raises LookupError for what they may not.

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

    def refuse_outsider(self) -> None:
        """Raise Refused unless the bot may act here."""
        if self.migrated_to:
            raise Refused(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self.migrated_to,
            )
        super().refuse_outsider()

    def leave(self) -> None:
        """The bot goes by itself."""
        bot = self._telegram.bot
        self.chat.put(self._telegram.compose(self.chat, bot, {"left_chat_member": bot}))
        super().leave()

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


def _addressed(message: Json) -> list[str]:
    """The commands and mentions of a text or caption."""
    text = message.get("text") or message.get("caption") or ""
    entities = message.get("entities") or message.get("caption_entities") or []
    return [text_of_entity(text, entity) for entity in entities if entity["type"] in ("bot_command", "mention")]


def _is_for(username: str, words: str) -> bool:
    _, at, named = words.partition("@")
    return not at or named.lower() == username.lower()
