"""What people do in their chat with the bot and in groups. It happens at once and lands in the queue of updates."""

import itertools
from typing import TYPE_CHECKING, Any

from simulator.chats import Chat, Watcher
from simulator.entities import find_entities, utf16_length
from simulator.files import image_size
from simulator.groups import ANONYMOUS
from simulator.media import TAKES_CAPTION, content_of, media_content

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
        self.watchers: set[Watcher] = set()
        self._alerts: list[Json] = []

    @property
    def id(self) -> int:
        return int(self.user["id"])

    # What they do; in the group *chat* where that is given, else in their chat with the bot.

    def write(
        self,
        text: str,
        reply_to: int | None = None,
        *,
        chat: int | None = None,
        thread: int | None = None,
        is_anonymous: bool = False,
    ) -> Json:
        """Send a text; *reply_to* is a message_id of that chat. Whoever had blocked the bot unblocks it first.

        *thread* is a forum's topic; *is_anonymous* is an administrator who writes as the group itself.
        Raises ValueError for a text no client would send, LookupError when there is no message to reply to.
        """
        place = self._telegram.chat_of(self, chat)
        content = {**self._text(text), **_reply(place, reply_to)}
        if thread is not None:
            content |= {"message_thread_id": thread, "is_topic_message": True}
        return self._say(place, content, self._as_group(place) if is_anonymous else self.user)

    def edit(self, message_id: int, text: str, *, chat: int | None = None) -> Json:
        """Change one of their own texts or captions."""
        place = self._telegram.chat_of(self, chat)
        old = self._own(place, message_id)
        content = self._text(text)
        if "text" not in old:
            content = {"caption": content["text"], "caption_entities": content.get("entities", [])}
        forgotten = {"text", "entities", "caption", "caption_entities"}
        message = {name: value for name, value in old.items() if name not in forgotten}
        message |= {"edit_date": self._telegram.now(), **{name: value for name, value in content.items() if value}}
        place.put(message)
        if place.hears(message):
            self._telegram.updates.add("edited_message", message)
        return message

    def delete(self, message_id: int, *, chat: int | None = None) -> None:
        """Take one of their own messages away; the bot is not told."""
        place = self._telegram.chat_of(self, chat)
        if _found(place, message_id)["from"]["id"] != self.id:
            raise LookupError(f"message {message_id} is not of person {self.id}")
        place.remove(message_id)

    def tap(self, label: str, *, chat: int | None = None) -> str:
        """Tap the inline button with that label on the newest message that has one; returns the query's id.

        Raises LookupError naming the labels there are, and for buttons that ask the bot nothing, such as links.
        """
        place = self._telegram.chat_of(self, chat)
        for message in reversed(place.messages.values()):
            for button in buttons_of(message):
                if button["text"] == label:
                    if "callback_data" not in button:
                        raise LookupError(f"the button {label!r} asks the bot nothing: {button}")
                    return self._tap(place, message, button["callback_data"])
        raise LookupError(f"no button {label!r} in chat {place.id}; there are {labels_of(place)}")

    def tap_data(self, message_id: int, data: str, *, chat: int | None = None) -> str:
        """Send a tap with any data, as a forging client can; returns the query's id."""
        place = self._telegram.chat_of(self, chat)
        gone = {"chat": place.info, "message_id": message_id, "date": 0}  # as Telegram quotes what it cannot see
        return self._tap(place, place.messages.get(message_id, gone), data)

    def press(self, label: str, *, chat: int | None = None) -> Json:
        """Press a button of the reply keyboard, which sends its words, their contact or their place."""
        place = self._telegram.chat_of(self, chat)
        keys = [key for row in (place.keyboard or {}).get("keyboard", []) for key in row]
        buttons = [{"text": key} if isinstance(key, str) else key for key in keys]
        button = next((button for button in buttons if button["text"] == label), None)
        if button is None:
            raise LookupError(f"no key {label!r} in chat {place.id}; there are {[b['text'] for b in buttons]}")
        if button.get("request_contact"):
            return self.shares_contact()
        if button.get("request_location"):
            return self.shares_location()
        return self.write(label, chat=chat)

    def shares_contact(self, phone_number: str | None = None) -> Json:
        """Their own contact, as a key with request_contact sends it."""
        phone_number = phone_number or f"+62{self.id:010d}"
        return self.sends("contact", phone_number=phone_number, first_name=self.user["first_name"], user_id=self.id)

    def shares_location(self, latitude: float = -7.1174, longitude: float = 112.4142) -> Json:
        return self.sends("location", latitude=latitude, longitude=longitude)

    def sends(self, kind: str, caption: str | None = None, *, chat: int | None = None, **details: Any) -> Json:
        """Send something else: sticker, photo, voice, document, video, location, contact, poll, …

        *details* are fields of it, as ``sends("contact", phone_number="+62…", user_id=101)``.
        """
        place = self._telegram.chat_of(self, chat)
        content = content_of(self._telegram.files, kind, details, place.info)
        if caption is not None:
            if kind not in TAKES_CAPTION:
                raise ValueError(f"a {kind} takes no caption")
            content |= {"caption": caption}
            entities = find_entities(caption)
            content |= {"caption_entities": entities} if entities else {}
        return self._say(place, content)

    def sends_file(
        self, content: bytes, filename: str, content_type: str, caption: str | None = None, *, chat: int | None = None
    ) -> Json:
        """Send a real file: a picture as a photo, anything else as a document."""
        kind = "photo" if image_size(content) else "document"
        stored = self._telegram.files.store(kind, content, filename, content_type)
        words = {} if caption is None else {"caption": caption, "caption_entities": find_entities(caption)}
        return self._say(self._telegram.chat_of(self, chat), {**media_content(stored), **words})

    def forward(self, text: str, sender_name: str = "Orang lain", *, chat: int | None = None) -> Json:
        """Forward a text of somebody whose account stays hidden."""
        origin = {"type": "hidden_user", "sender_user_name": sender_name, "date": self._telegram.now() - 60}
        return self._say(self._telegram.chat_of(self, chat), {**self._text(text), "forward_origin": origin})

    def inline(self, query: str, offset: str = "", *, chat: int | None = None) -> str:
        """Type ``@bot query`` in a chat; returns the query's id. The answer is in ``inline_answer()``."""
        return self._telegram.inline.ask(self, query, offset, self._telegram.chat_of(self, chat)).query_id

    def choose(self, result: str, *, chat: int | None = None) -> Json:
        """Send one of the results offered last, by its title or id, into a chat. Raises LookupError naming them."""
        place, query = self._telegram.chat_of(self, chat), self._telegram.inline.newest(self)
        offered = query.answer["results"] if query and query.answer else []
        for one in offered:
            if query and result in (one["id"], one.get("title")):
                return self._telegram.inline.choose(query, one["id"], place)
        raise LookupError(f"no result {result!r}; there are {[one.get('title', one['id']) for one in offered]}")

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

    def inline_answer(self) -> Json | None:
        """What answerInlineQuery gave for the query they typed last; None while there is no answer."""
        query = self._telegram.inline.newest(self)
        return query.answer if query else None

    def labels(self) -> list[str]:
        """The labels of all inline buttons in the chat, first to last."""
        return labels_of(self.chat)

    def hear(self, query_id: str, text: str, show_alert: bool) -> None:
        """The bot's answer to a tap arrives; without words it only ends the waiting."""
        if text:
            self._alerts.append({"text": text, "show_alert": show_alert})
        self.tell({"event": "answer", "query_id": query_id, "text": text, "show_alert": show_alert})

    def tell(self, event: Json) -> None:
        """What only they get to see, whatever chat they look at."""
        for watcher in list(self.watchers):
            watcher(event)

    def places(self, place: Chat, message: Json) -> Json:
        """Put a message of theirs into a chat, and tell the bot if it is to hear of it."""
        if place is self.chat:
            if self.has_blocked:
                self.unblocks_bot()
            self.has_started = True
        if place.keyboard and "keyboard" not in place.keyboard:
            place.show_keyboard(None)  # a forced reply is over with whatever is sent
        place.put(message)
        if place.hears(message):
            self._telegram.updates.add("message", message)
        else:
            place.mark_read(message["message_id"])
        return message

    def _say(self, place: Chat, content: Json, sender: Json | None = None) -> Json:
        message = self._telegram.compose(place, sender or self.user, content)
        if sender and sender["id"] != self.id:
            message["sender_chat"] = place.info
        return self.places(place, message)

    def _as_group(self, place: Chat) -> Json:
        group = self._telegram.groups.get(place.id)
        if group is None or not group.is_admin(self.id):
            raise LookupError(f"person {self.id} is no administrator of chat {place.id}")
        return ANONYMOUS

    def _text(self, text: str) -> Json:
        text = text.strip()
        if not text or utf16_length(text) > LONGEST_TEXT:
            raise ValueError(f"a client sends 1 to {LONGEST_TEXT} units of text, not {utf16_length(text)}")
        entities = find_entities(text)
        return {"text": text, "entities": entities} if entities else {"text": text}

    def _own(self, place: Chat, message_id: int) -> Json:
        message = _found(place, message_id)
        if message["from"]["id"] != self.id or not {"text", "caption"} & set(message):
            raise LookupError(f"message {message_id} is no text of person {self.id}")
        return message

    def _tap(self, place: Chat, message: Json, data: str) -> str:
        query_id = self._telegram.new_query(self)
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
        self._telegram.reshaped()
        return change


def buttons_of(message: Json) -> list[Json]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return list(itertools.chain.from_iterable(rows))


def labels_of(chat: Chat) -> list[str]:
    return [button["text"] for message in chat.messages.values() for button in buttons_of(message)]


def quoted(message: Json) -> Json:
    """A message as another one quotes it: without what it itself replies to."""
    return {name: value for name, value in message.items() if name != "reply_to_message"}


def _reply(place: Chat, message_id: int | None) -> Json:
    if message_id is None:
        return {}
    replied = _found(place, message_id)
    topic: Json = {name: replied[name] for name in ("message_thread_id", "is_topic_message") if name in replied}
    return {"reply_to_message": quoted(replied), **topic}


def _found(place: Chat, message_id: int) -> Json:
    if message_id not in place.messages:
        raise LookupError(f"no message {message_id} in chat {place.id}; there are {list(place.messages)}")
    return place.messages[message_id]
