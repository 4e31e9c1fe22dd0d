"""What people do in their chat with the bot and in groups. It happens at once and lands in the queue of updates."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from simulator.chats import Chat, Watcher, buttons_of
from simulator.reactions import ALLOWED
from simulator.sending import Sender, found, text_content

if TYPE_CHECKING:
    from simulator.telegram import PretendTelegram

Json = dict[str, Any]


class Person(Sender):
    """Somebody with Telegram. Their private chat with the bot has the same id as they.

    ``has_started`` False is somebody who never pressed START: the bot may not write to them first.
    """

    def __init__(self, telegram: "PretendTelegram", user: Json, chat: Chat) -> None:
        super().__init__(telegram, user, chat)
        self.watchers: set[Watcher] = set()
        self._alerts: list[Json] = []

    # What they do beside sending; chats and errors as in Sender.

    def edit(self, message_id: int, text: str, *, chat: int | None = None, html: bool = False) -> Json:
        """Change one of their own texts or captions."""
        place = self._telegram.chat_of(self, chat)
        old = self._own(place, message_id)
        content = text_content(text, html)
        if "text" not in old:
            content = {"caption": content["text"], "caption_entities": content.get("entities", [])}
        forgotten = {"text", "entities", "caption", "caption_entities"}
        message = {name: value for name, value in old.items() if name not in forgotten}
        message |= {"edit_date": self._telegram.now(), **{name: value for name, value in content.items() if value}}
        place.put(message)
        if place.hears(message):
            self._telegram.updates.add(f"edited_{place.update_kind}", message)
        return message

    def delete(self, message_id: int, *, chat: int | None = None) -> None:
        """Take a message away for everybody: any in their own chat, in a group one of theirs, an administrator any.

        The bot is not told, and finds out when it edits the message or replies to it.
        """
        place = self._telegram.chat_of(self, chat)
        found(place, message_id)
        gathering = self._telegram.gathering(place.id)
        is_own = place.author_of(message_id) == self.id
        if gathering and not is_own and not gathering.may(self.id, "can_delete_messages"):
            raise LookupError(f"message {message_id} is not of person {self.id}")
        place.remove(message_id)

    def react(self, message_id: int, emoji: str | None = "👍", *, chat: int | None = None) -> None:
        """Put a sign under a message in place of their last one, or none. A bot hears of it that asked for such
        updates, in a group only as an administrator, of those in a channel never.
        """
        place = self._telegram.chat_of(self, chat)
        found(place, message_id)
        if emoji is not None and emoji not in ALLOWED:
            raise ValueError(f"nobody can react with {emoji!r}")
        old = place.peoples_reactions.get(message_id, {}).get(self.id, [])
        new = [{"type": "emoji", "emoji": emoji}] if emoji else []
        place.react(message_id, new, self.id)
        group = self._telegram.groups.get(place.id)
        if place is self.chat or (group and group.is_admin(self._telegram.bot["id"])):
            who = {"actor_chat": place.info} if group and self._is_anonymous(place) else {"user": self.user}
            change = {"chat": place.info, "message_id": message_id, **who, "date": self._telegram.now()}
            self._telegram.updates.add("message_reaction", {**change, "old_reaction": old, "new_reaction": new})

    def tap(self, label: str, *, chat: int | None = None, thread: int | None = None) -> str:
        """Tap the inline button with that label on the newest message that has one; returns the query's id.

        Raises LookupError naming the labels there are, and for buttons that ask the bot nothing, such as links.
        """
        place = self._telegram.chat_of(self, chat)
        for message in reversed(place.inside(thread)):
            for button in buttons_of(message):
                if button["text"] == label:
                    if "callback_data" not in button:
                        raise LookupError(f"the button {label!r} asks the bot nothing: {button}")
                    return self._tap(place, message, button["callback_data"])
        raise LookupError(f"no button {label!r} in chat {place.id}; there are {labels_of(place.inside(thread))}")

    def tap_data(self, message_id: int, data: str, *, chat: int | None = None) -> str:
        """Send a tap with any data, as a forging client can; returns the query's id."""
        place = self._telegram.chat_of(self, chat)
        gone = {"chat": place.info, "message_id": message_id, "date": 0}  # as Telegram quotes what it cannot see
        return self._tap(place, place.messages.get(message_id, gone), data)

    def inline(self, query: str, offset: str = "", *, chat: int | None = None) -> str:
        """Type ``@bot query`` in a chat; returns the query's id. The answer is in ``inline_answer()``."""
        return self._telegram.inline.ask(self, query, offset, self._telegram.chat_of(self, chat)).query_id

    def choose(self, result: str, *, chat: int | None = None, thread: int | None = None) -> Json:
        """Send one of the results offered last, by its title or id, into a chat. Raises LookupError naming them."""
        place, query = self._telegram.chat_of(self, chat), self._telegram.inline.newest(self)
        offered = query.answer["results"] if query and query.answer else []
        for one in offered:
            if query and result in (one["id"], one.get("title")):
                return self._telegram.inline.choose(query, one["id"], place, self._where(place, None, thread))
        raise LookupError(f"no result {result!r}; there are {[one.get('title', one['id']) for one in offered]}")

    # What they see.

    def texts(self) -> list[str]:
        """What the bot's messages now show, first to last; "" for a picture without words."""
        own = self.id
        return [
            message.get("text") or message.get("caption") or ""
            for message in self.chat.messages.values()
            if message["from"]["id"] != own
        ]

    def messages(self) -> list[Json]:
        """All messages of the chat as the Bot API writes them, first to last."""
        return list(self.chat.messages.values())

    def alerts(self) -> list[Json]:
        """What the bot answered to their taps with words: {"text", "show_alert"}, first to last."""
        return list(self._alerts)

    def inline_answer(self) -> Json | None:
        """What answerInlineQuery gave for the query they typed last; None while there is no answer."""
        query = self._telegram.inline.newest(self)
        return query.answer if query else None

    def labels(self) -> list[str]:
        """The labels of all inline buttons in the chat, first to last."""
        return labels_of(self.messages())

    def hear(self, query_id: str, text: str, show_alert: bool) -> None:
        """The bot's answer to a tap arrives; without words it only ends the waiting."""
        if text:
            self._alerts.append({"text": text, "show_alert": show_alert})
        self.tell({"event": "answer", "query_id": query_id, "text": text, "show_alert": show_alert})

    def tell(self, event: Json) -> None:
        """What only they get to see, whatever chat they look at."""
        for watcher in list(self.watchers):
            watcher(event)

    def _own(self, place: Chat, message_id: int) -> Json:
        message = found(place, message_id)
        if place.author_of(message_id) != self.id or not {"text", "caption"} & set(message):
            raise LookupError(f"message {message_id} is no text of person {self.id}")
        return message

    def _tap(self, place: Chat, message: Json, data: str) -> str:
        query_id = self._telegram.taps.add(self)
        name = self._telegram.inline.name_of(place.id, message["message_id"])
        self._telegram.updates.add(
            "callback_query",
            {
                "id": query_id,
                "from": self.user,
                **({"inline_message_id": name} if name else {"message": message}),
                "chat_instance": str(-7_000_000_000_000_000_000 - abs(place.id)),
                "data": data,
            },
        )
        return query_id


def labels_of(messages: Iterable[Json]) -> list[str]:
    return [button["text"] for message in messages for button in buttons_of(message)]
