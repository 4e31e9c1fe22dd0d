"""A forum's topics: threads within a supergroup, each with a name; who may make, change, close and enter them.

Whoever made a topic, the bot too, may change and close it, and write there when it is closed; so may administrators
with ``can_manage_topics``. To everybody else a closed topic is shut.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.refusals import bad_request

if TYPE_CHECKING:
    from simulator.groups import Group
    from simulator.telegram import PretendTelegram

Json = dict[str, Any]

LONGEST_NAME = 128
COLOUR = 7322096


@dataclass
class Topic:
    thread: int
    looks: Json  # name, icon_color, icon_custom_emoji_id
    maker_id: int
    is_closed: bool = False

    @property
    def name(self) -> str:
        return str(self.looks["name"])


class Forum:
    """The topics of one group. *actor* is the User whose deed it is; what they may not do raises Refused."""

    def __init__(self, telegram: "PretendTelegram", group: "Group") -> None:
        self._telegram = telegram
        self._group = group
        self.topics: dict[int, Topic] = {}  # by message_thread_id, the oldest first

    def create(self, actor: Json, looks: Json) -> Topic:
        self._require_forum()
        if not self._group.may(actor["id"], "can_manage_topics"):
            raise bad_request("not enough rights to create a topic")
        _check_name(looks["name"])
        looks = {"icon_color": COLOUR, **looks}
        notice = self._telegram.compose(self._group.chat, actor, {"forum_topic_created": looks})
        thread = notice["message_id"]
        self.topics[thread] = Topic(thread, looks, actor["id"])
        self._announce({**notice, **_inside(thread)})
        return self.topics[thread]

    def edit(self, actor: Json, thread: int, changed: Json) -> None:
        topic = self._own(actor, thread, "edit the topic")
        if not changed:
            return
        if "name" in changed:
            _check_name(changed["name"])
        if all(topic.looks.get(name) == value for name, value in changed.items()):
            raise bad_request("TOPIC_NOT_MODIFIED")
        topic.looks = {**topic.looks, **changed}
        self._tell_of(actor, topic, {"forum_topic_edited": changed})

    def set_closed(self, actor: Json, thread: int, *, is_closed: bool) -> None:
        topic = self._own(actor, thread, "close or open the topic")
        if topic.is_closed == is_closed:
            raise bad_request("TOPIC_NOT_MODIFIED")
        topic.is_closed = is_closed
        self._tell_of(actor, topic, {"forum_topic_closed" if is_closed else "forum_topic_reopened": {}})

    def delete(self, actor: Json, thread: int) -> None:
        """With all its messages, and without a word to the bot."""
        self._own(actor, thread, "delete the topic", right="can_delete_messages")
        del self.topics[thread]
        for message in self._group.messages(thread):
            self._group.chat.remove(message["message_id"])
        self._tell_topics()

    def entered(self, sender_id: int, thread: int) -> Json:
        """The fields of a message that is sent into a topic."""
        topic = self._found(thread)
        if topic.is_closed and not self._is_master(sender_id, topic, "can_manage_topics"):
            raise bad_request("TOPIC_CLOSED")
        return {**_inside(thread), "reply_to_message": self._group.chat.messages[thread]}

    def shown(self) -> list[Json]:
        """The topics as a page shows them."""
        return [
            {"thread": topic.thread, "is_closed": topic.is_closed, "maker": topic.maker_id, **topic.looks}
            for topic in self.topics.values()
        ]

    def _require_forum(self) -> None:
        if not self._group.is_forum:
            raise bad_request("the chat is not a forum")

    def _found(self, thread: int) -> Topic:
        if thread not in self.topics:
            raise bad_request("message thread not found")
        return self.topics[thread]

    def _own(self, actor: Json, thread: int, deed: str, right: str = "can_manage_topics") -> Topic:
        self._require_forum()
        topic = self._found(thread)
        if not self._is_master(actor["id"], topic, right):
            raise bad_request(f"not enough rights to {deed}")
        return topic

    def _is_master(self, user_id: int, topic: Topic, right: str) -> bool:
        return topic.maker_id == user_id or self._group.may(user_id, right)

    def _tell_of(self, actor: Json, topic: Topic, what: Json) -> None:
        chat = self._group.chat
        fields = {**_inside(topic.thread), "reply_to_message": chat.messages[topic.thread]}
        self._announce(self._telegram.compose(chat, actor, {**fields, **what}))

    def _announce(self, notice: Json) -> None:
        """Put a service message. Of topics the bot hears its own deeds too."""
        self._group.put_service(notice)
        self._tell_topics()

    def _tell_topics(self) -> None:
        self._group.chat.tell({"event": "topics", "topics": self.shown()})


def _inside(thread: int) -> Json:
    return {"message_thread_id": thread, "is_topic_message": True}


def _check_name(name: str) -> None:
    if not name.strip():
        raise bad_request("name must be non-empty")
    if len(name) > LONGEST_NAME:  # Telegram would cut it
        raise bad_request(f"the simulator takes topic names of at most {LONGEST_NAME} characters, not {len(name)}")
