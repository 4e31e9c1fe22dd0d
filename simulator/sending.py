"""What people send: words, files, places, contacts; in their own name or their group's, into a topic, as a reply."""

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from simulator.chats import Chat
from simulator.entities import find_entities, utf16_length
from simulator.files import image_size
from simulator.groups import ANONYMOUS
from simulator.media import TAKES_CAPTION, content_of, media_content
from simulator.refusals import Refused
from simulator.threads import origin_of, placed

if TYPE_CHECKING:
    from simulator.telegram import PretendTelegram

Json = dict[str, Any]

LONGEST_TEXT = 4096  # UTF-16 units; a client cuts longer ones


class Sender:
    """In the group *chat* where that is given, else in their chat with the bot; *thread* is the topic of a forum,
    *reply_to* a message_id of that chat. An administrator who is anonymous writes as the group itself, unless
    *is_anonymous* says otherwise.

    Raises LookupError for what is not there, or not theirs to do, and ValueError for what no client sends.
    """

    def __init__(self, telegram: "PretendTelegram", user: Json, chat: Chat) -> None:
        self._telegram = telegram
        self.user = user
        self.chat = chat
        self.has_started = True
        self.has_blocked = False

    @property
    def id(self) -> int:
        return int(self.user["id"])

    def write(
        self,
        text: str,
        reply_to: int | None = None,
        *,
        chat: int | None = None,
        thread: int | None = None,
        is_anonymous: bool | None = None,
    ) -> Json:
        """Send a text. Whoever had blocked the bot unblocks it first.

        Raises ValueError for a text no client would send.
        """
        place = self._telegram.chat_of(self, chat)
        return self._say(place, self._text(text), reply_to, thread, is_anonymous)

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

    def sends(
        self,
        kind: str,
        caption: str | None = None,
        *,
        chat: int | None = None,
        thread: int | None = None,
        reply_to: int | None = None,
        is_anonymous: bool | None = None,
        **details: Any,
    ) -> Json:
        """Send something else: sticker, photo, voice, document, video, location, contact, poll, …

        *details* are fields of it, as ``sends("contact", phone_number="+62…", user_id=101)``.
        """
        place = self._telegram.chat_of(self, chat)
        content = content_of(self._telegram.files, kind, details, place.info)
        if caption is not None and kind not in TAKES_CAPTION:
            raise ValueError(f"a {kind} takes no caption")
        return self._say(place, {**content, **_caption(caption)}, reply_to, thread, is_anonymous)

    def sends_album(
        self,
        kinds: Iterable[str] = ("photo", "photo"),
        caption: str | None = None,
        *,
        chat: int | None = None,
        thread: int | None = None,
    ) -> list[Json]:
        """Send several photos, videos or files as one; the caption stands under the first."""
        place, album = self._telegram.chat_of(self, chat), _album_id()
        words = [_caption(caption)]
        contents = [content_of(self._telegram.files, kind, {}, place.info) for kind in kinds]
        return [
            self._say(place, {**content, **(words.pop() if words else {}), "media_group_id": album}, None, thread)
            for content in contents
        ]

    def sends_file(
        self,
        content: bytes,
        filename: str,
        content_type: str,
        caption: str | None = None,
        *,
        chat: int | None = None,
        thread: int | None = None,
        reply_to: int | None = None,
        album: str | None = None,
    ) -> Json:
        """Send a real file: a picture as a photo, anything else as a document; those with one *album* are one."""
        kind = "photo" if image_size(content) else "document"
        stored = self._telegram.files.store(kind, content, filename, content_type)
        together = {"media_group_id": album} if album else {}
        shown = {**media_content(stored), **_caption(caption), **together}
        return self._say(self._telegram.chat_of(self, chat), shown, reply_to, thread)

    def forward(
        self, text: str, sender_name: str = "Orang lain", *, chat: int | None = None, thread: int | None = None
    ) -> Json:
        """Forward a text of somebody whose account stays hidden."""
        origin = {"type": "hidden_user", "sender_user_name": sender_name, "date": self._telegram.now() - 60}
        return self._say(
            self._telegram.chat_of(self, chat), {**self._text(text), "forward_origin": origin}, None, thread
        )

    def forward_message(
        self, message_id: int, *, source: int | None = None, chat: int | None = None, thread: int | None = None
    ) -> Json:
        """Forward a message of one of their chats (*source*) to one of their chats, another's contact for one."""
        old = found(self._telegram.chat_of(self, source), message_id)
        left = {"message_id", "from", "chat", "date", "edit_date", "sender_chat", "via_bot", "reply_markup"}
        left |= {"message_thread_id", "is_topic_message", "reply_to_message", "external_reply", "quote"}
        content = {name: value for name, value in old.items() if name not in left}
        shown = {**content, "forward_origin": origin_of(old)}
        return self._say(self._telegram.chat_of(self, chat), shown, None, thread)

    def blocks_bot(self) -> Json:
        return self._changes_membership(to_blocked=True)

    def unblocks_bot(self) -> Json:
        return self._changes_membership(to_blocked=False)

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
            self._telegram.updates.add(place.update_kind, message)
        else:
            place.mark_read(message["message_id"])
        return message

    def _say(
        self,
        place: Chat,
        content: Json,
        reply_to: int | None = None,
        thread: int | None = None,
        is_anonymous: bool | None = None,
    ) -> Json:
        replied = None if reply_to is None else found(place, reply_to)
        where = self._where(place, replied, thread)
        if is_anonymous is None:
            is_anonymous = self._is_anonymous(place)
        sender = self._as_group(place) if is_anonymous else self.user
        message = self._telegram.compose(place, sender, {**where, **content})
        if is_anonymous:
            message["sender_chat"] = place.info
            place.authors[message["message_id"]] = self.id
        return self.places(place, message)

    def _where(self, place: Chat, replied: Json | None, thread: int | None) -> Json:
        channel = self._telegram.channels.get(place.id)
        if channel and not channel.may(self.id, "can_post_messages"):
            raise LookupError(f"person {self.id} may not post in channel {place.id}")
        try:
            return placed(self._telegram, place, self.id, replied, thread)
        except Refused as refused:
            raise LookupError(f"{refused.description}, for person {self.id} in chat {place.id}") from None

    def _is_anonymous(self, place: Chat) -> bool:
        group = self._telegram.groups.get(place.id)
        return group is not None and bool(group.members[self.id].get("is_anonymous"))

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


def _caption(caption: str | None) -> Json:
    if caption is None:
        return {}
    entities = find_entities(caption)
    return {"caption": caption, "caption_entities": entities} if entities else {"caption": caption}


def _album_id() -> str:
    return str(13_000_000_000_000_000 + secrets.randbelow(10**15))


def found(place: Chat, message_id: int) -> Json:
    if message_id not in place.messages:
        raise LookupError(f"no message {message_id} in chat {place.id}; there are {list(place.messages)}")
    return place.messages[message_id]
