"""What people do in their chat with the bot. Everything is done at once and lands in the bot's queue of updates."""

import itertools
from typing import TYPE_CHECKING, Any

from simulator.chats import Chat
from simulator.entities import find_entities, utf16_length
from simulator.media import TAKES_CAPTION, content_of

if TYPE_CHECKING:
    from simulator.telegram import PretendTelegram

Json = dict[str, Any]

LONGEST_TEXT = 4096  # UTF-16 units; a client cuts longer ones


class Person:
    """Somebody with Telegram. Their private chat with the bot has the same id as they.

    ``has_started`` False is somebody who never pressed START: the bot may not write to them first.
    """

    def __init__(self, telegram: "PretendTelegram", user: Json, chat: Chat) -> None:
        self._telegram = telegram
        self.user = user
        self.chat = chat
        self.has_started = True
        self.has_blocked = False
        self._alerts: list[Json] = []

    @property
    def id(self) -> int:
        return int(self.user["id"])

    # What they do.

    def write(self, text: str, reply_to: int | None = None) -> Json:
        """Send a text; *reply_to* is a message_id of this chat. Whoever had blocked the bot unblocks it first.

        Raises ValueError for a text no client would send, LookupError when there is no message to reply to.
        """
        return self._say(**self._text(text), **self._reply(reply_to))

    def edit(self, message_id: int, text: str) -> Json:
        """Change one of their own texts or captions."""
        old = self._own(message_id)
        content = self._text(text)
        if "text" not in old:
            content = {"caption": content["text"], "caption_entities": content.get("entities", [])}
        forgotten = {"text", "entities", "caption", "caption_entities"}
        message = {name: value for name, value in old.items() if name not in forgotten}
        message |= {"edit_date": self._telegram.now(), **{name: value for name, value in content.items() if value}}
        self.chat.put(message)
        self._telegram.updates.add("edited_message", message)
        return message

    def tap(self, label: str) -> str:
        """Tap the inline button with that label on the newest message that has one; returns the query's id.

        Raises LookupError naming the labels there are, and for buttons that ask the bot nothing, such as links.
        """
        for message in reversed(self.chat.messages.values()):
            for button in buttons_of(message):
                if button["text"] == label:
                    if "callback_data" not in button:
                        raise LookupError(f"the button {label!r} asks the bot nothing: {button}")
                    return self._tap(message, button["callback_data"])
        raise LookupError(f"no button {label!r} in chat {self.id}; there are {self.labels()}")

    def tap_data(self, message_id: int, data: str) -> str:
        """Send a tap with any data, as a forging client can; returns the query's id."""
        gone = {"chat": self.chat.info, "message_id": message_id, "date": 0}  # as Telegram quotes what it cannot see
        return self._tap(self.chat.messages.get(message_id, gone), data)

    def sends(self, kind: str, caption: str | None = None, **details: Any) -> Json:
        """Send something else: sticker, photo, voice, document, video, location, contact, poll, …

        *details* are fields of it, as ``sends("contact", phone_number="+62…", user_id=101)``.
        """
        content = content_of(self._telegram.files, kind, details, self.chat.info)
        if caption is not None:
            if kind not in TAKES_CAPTION:
                raise ValueError(f"a {kind} takes no caption")
            content |= {"caption": caption}
            entities = find_entities(caption)
            content |= {"caption_entities": entities} if entities else {}
        return self._say(**content)

    def forward(self, text: str, sender_name: str = "Orang lain") -> Json:
        """Forward a text of somebody whose account stays hidden."""
        origin = {"type": "hidden_user", "sender_user_name": sender_name, "date": self._telegram.now() - 60}
        return self._say(**self._text(text), forward_origin=origin)

    def blocks_bot(self) -> Json:
        return self._changes_membership(to_blocked=True)

    def unblocks_bot(self) -> Json:
        return self._changes_membership(to_blocked=False)

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

    def labels(self) -> list[str]:
        """The labels of all inline buttons in the chat, first to last."""
        return [button["text"] for message in self.chat.messages.values() for button in buttons_of(message)]

    def hear(self, query_id: str, text: str, show_alert: bool) -> None:
        """The bot's answer to a tap arrives; without words it only ends the waiting."""
        if text:
            self._alerts.append({"text": text, "show_alert": show_alert})
        self.chat.tell({"event": "answer", "query_id": query_id, "text": text, "show_alert": show_alert})

    def _say(self, **content: Any) -> Json:
        if self.has_blocked:
            self.unblocks_bot()
        self.has_started = True
        message = self._telegram.compose(self.chat, self.user, content)
        self.chat.put(message)
        self._telegram.updates.add("message", message)
        return message

    def _text(self, text: str) -> Json:
        text = text.strip()
        if not text or utf16_length(text) > LONGEST_TEXT:
            raise ValueError(f"a client sends 1 to {LONGEST_TEXT} units of text, not {utf16_length(text)}")
        entities = find_entities(text)
        return {"text": text, "entities": entities} if entities else {"text": text}

    def _reply(self, message_id: int | None) -> Json:
        if message_id is None:
            return {}
        return {"reply_to_message": quoted(self._found(message_id))}

    def _found(self, message_id: int) -> Json:
        if message_id not in self.chat.messages:
            raise LookupError(f"no message {message_id} in chat {self.id}; there are {list(self.chat.messages)}")
        return self.chat.messages[message_id]

    def _own(self, message_id: int) -> Json:
        message = self._found(message_id)
        if message["from"]["id"] != self.id or not {"text", "caption"} & set(message):
            raise LookupError(f"message {message_id} is no text of person {self.id}")
        return message

    def _tap(self, message: Json, data: str) -> str:
        query_id = self._telegram.new_query(self)
        self._telegram.updates.add(
            "callback_query",
            {
                "id": query_id,
                "from": self.user,
                "message": message,
                "chat_instance": str(-7_000_000_000_000_000_000 - self.id),
                "data": data,
            },
        )
        return query_id

    def _changes_membership(self, *, to_blocked: bool) -> Json:
        self.has_blocked = to_blocked
        member: Json = {"user": self._telegram.bot, "status": "member"}
        banned: Json = {"user": self._telegram.bot, "status": "kicked", "until_date": 0}
        change = {
            "chat": self.chat.info,
            "from": self.user,
            "date": self._telegram.now(),
            "old_chat_member": member if to_blocked else banned,
            "new_chat_member": banned if to_blocked else member,
        }
        self._telegram.updates.add("my_chat_member", change)
        return change


def buttons_of(message: Json) -> list[Json]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return list(itertools.chain.from_iterable(rows))


def quoted(message: Json) -> Json:
    """A message as another one quotes it: without what it itself replies to."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}
