"""A chat: its messages as they now stand, and who watches them (the chat page)."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Watcher = Callable[[Json], None]  # told {"event": "message" | "deleted" | "action" | "read" | …, …}


@dataclass
class Keeping:
    """How much a chat remembers, the same for all of them."""

    messages: int | None = None  # the last so many, None for all; who sends to 100,000 chats needs none


@dataclass(eq=False, slots=True)
class Chat:
    """*info* is what the Bot API says of the chat within a message; private chats share their message numbers.

    A stored message is never changed in place: an edit puts another dict there, since updates quote the old one.
    """

    info: Json
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    keeping: Keeping = field(default_factory=Keeping)
    messages: dict[int, Json] = field(default_factory=dict)
    keyboard: Json | None = None  # the reply keyboard that stands under the input
    reactions: dict[int, list[Json]] = field(default_factory=dict)  # the bot's own, by message_id
    peoples_reactions: dict[int, dict[int, list[Json]]] = field(default_factory=dict)  # by message_id and person
    authors: dict[int, int] = field(default_factory=dict)  # by message_id: who wrote what is in another name
    silent: set[int] = field(default_factory=set)  # by message_id: what the bot sent without a sound
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

    @property
    def is_channel(self) -> bool:
        return bool(self.info["type"] == "channel")

    @property
    def update_kind(self) -> str:
        """The update that tells of a message here; with ``edited_`` before it, of an edit."""
        return "channel_post" if self.is_channel else "message"

    def inside(self, thread: int | None = None) -> list[Json]:
        """All messages, or those of one topic, first to last."""
        return [
            message
            for message in self.messages.values()
            if thread is None or message.get("message_thread_id") == thread
        ]

    def put(self, message: Json) -> None:
        """Store a message, or its new version."""
        message_id = message["message_id"]
        self.messages[message_id] = message
        while self.keeping.messages is not None and len(self.messages) > self.keeping.messages:
            self._forget(next(iter(self.messages)))
        if self.watchers:
            self.tell({"event": "message", "message": message, "author": self.authors.get(message_id)})

    def author_of(self, message_id: int) -> int:
        """Who wrote a message, in whatever name."""
        author = self.authors.get(message_id)
        return int(self.messages[message_id]["from"]["id"]) if author is None else author

    def remove(self, message_id: int) -> None:
        self._forget(message_id)
        self.tell({"event": "deleted", "message_id": message_id})

    def react(self, message_id: int, reactions: list[Json], person_id: int | None = None) -> None:
        """Put what stands under a message from a person, or from the bot."""
        if person_id is None:
            self.reactions[message_id] = reactions
        else:
            self.peoples_reactions.setdefault(message_id, {})[person_id] = reactions
        self.tell({"event": "reactions", "message_id": message_id, "reactions": self.reactions_under(message_id)})

    def reactions_under(self, message_id: int) -> list[Json]:
        """All of them, each with ``by``: a person's id, or None for the bot."""
        bots: list[tuple[int | None, list[Json]]] = [(None, self.reactions.get(message_id, []))]
        everyone = [*bots, *self.peoples_reactions.get(message_id, {}).items()]
        return [{**given, "by": by} for by, reactions in everyone for given in reactions]

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

    def _forget(self, message_id: int) -> None:
        del self.messages[message_id]
        self.read.discard(message_id)
        self.silent.discard(message_id)
        self.authors.pop(message_id, None)
        self.reactions.pop(message_id, None)
        self.peoples_reactions.pop(message_id, None)
        if message_id in self.pinned:
            self.pin([pinned for pinned in self.pinned if pinned != message_id])

    def tell(self, event: Json) -> None:
        for watcher in list(self.watchers):
            watcher(event)


def buttons_of(message: Json) -> list[Json]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return list(itertools.chain.from_iterable(rows))
