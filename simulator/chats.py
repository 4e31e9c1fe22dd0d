"""A chat: its messages as they now stand, and who watches them (the chat page)."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Watcher = Callable[[Json], None]  # told {"event": "message" | "deleted" | "action" | "read" | …, …}


@dataclass(eq=False)
class Chat:
    """*info* is what the Bot API says of the chat within a message; private chats share their message numbers.

    A stored message is never changed in place: an edit puts another dict there, since updates quote the old one.
    """

    info: Json
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    messages: dict[int, Json] = field(default_factory=dict)
    keyboard: Json | None = None  # the reply keyboard that stands under the input
    reactions: dict[int, list[Json]] = field(default_factory=dict)  # the bot's own, by message_id
    read: set[int] = field(default_factory=set)  # by message_id, of those people sent
    pinned: list[int] = field(default_factory=list)  # by message_id, the newest last
    hears: Callable[[Json], bool] = lambda _: True  # whether the bot is told of such a message of a person
    watchers: set[Watcher] = field(default_factory=set)

    @property
    def id(self) -> int:
        return int(self.info["id"])

    @property
    def is_group(self) -> bool:
        return self.info["type"] in ("group", "supergroup")

    def put(self, message: Json) -> None:
        """Store a message, or its new version."""
        self.messages[message["message_id"]] = message
        self.tell({"event": "message", "message": message})

    def remove(self, message_id: int) -> None:
        del self.messages[message_id]
        self.read.discard(message_id)
        if message_id in self.pinned:
            self.pin([pinned for pinned in self.pinned if pinned != message_id])
        self.tell({"event": "deleted", "message_id": message_id})

    def react(self, message_id: int, reactions: list[Json]) -> None:
        self.reactions[message_id] = reactions
        self.tell({"event": "reactions", "message_id": message_id, "reactions": reactions})

    def pin(self, message_ids: list[int]) -> None:
        self.pinned = message_ids
        self.tell({"event": "pinned", "pinned": message_ids})

    def mark_read(self, message_id: Any) -> None:
        """A message of a person reached who it is for: its second tick."""
        if isinstance(message_id, int) and message_id in self.messages and message_id not in self.read:
            self.read.add(message_id)
            self.tell({"event": "read", "message_id": message_id})

    def show_keyboard(self, keyboard: Json | None) -> None:
        self.keyboard = keyboard
        self.tell({"event": "keyboard", "keyboard": keyboard})

    def tell(self, event: Json) -> None:
        for watcher in list(self.watchers):
            watcher(event)
