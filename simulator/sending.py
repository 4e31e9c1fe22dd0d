"""What people send: words, files, places, contacts; in their own name or their group's, into a topic, as a reply."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from simulator.chats import Chat
from simulator.entities import add_found, trimmed, utf16_length
from simulator.files import image_size
from simulator.forwards import album_id, carried, carried_together, origin_of
from simulator.groups import ANONYMOUS
from simulator.markup import read_html
from simulator.media import TAKES_CAPTION, content_of, media_content
from simulator.refusals import Refused
from simulator.threads import placed

if TYPE_CHECKING:
    from simulator.telegram import PretendTelegram

Json = dict[str, Any]

LONGEST_TEXT = 4096  # UTF-16 units; a client cuts longer ones


class Sender:
    """In the group *chat* where that is given, else in their chat with the bot; *thread* is the topic of a forum,
    *reply_to* a message_id of that chat. An administrator who is anonymous writes as the group itself, unless
    *is_anonymous* says otherwise. With *html* words are marked up as in the Bot API's parse_mode.

    Raises LookupError for what is not there, or not theirs to do, and ValueError for what no client sends.
    """

    def __init__(self, telegram: "PretendTelegram", user: Json, chat: Chat) -> None:
        self._telegram = telegram
        self.user = user
        self.chat = chat
        self.has_started = True
        self.has_blocked = False
        self.is_hidden = False  # forwards of their messages tell a name only

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
        html: bool = False,
    ) -> Json:
        """Send a text. Whoever had blocked the bot unblocks it first.

        Raises ValueError for a text no client would send.
        """
        place = self._telegram.chat_of(self, chat)
        return self._say(place, text_content(text, html), reply_to, thread, is_anonymous)

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
        html: bool = False,
        **details: Any,
    ) -> Json:
        """Send something else: sticker, photo, voice, document, video, location, contact, poll, …

        *details* are fields of it, as ``sends("contact", phone_number="+62…", user_id=101)``.
        """
        place = self._telegram.chat_of(self, chat)
        content = content_of(self._telegram.files, kind, details, place.info)
        if caption is not None and kind not in TAKES_CAPTION:
            raise ValueError(f"a {kind} takes no caption")
        return self._say(place, {**content, **_caption(caption, html)}, reply_to, thread, is_anonymous)

    def sends_album(
        self,
        kinds: Iterable[str] = ("photo", "photo"),
        caption: str | None = None,
        *,
        chat: int | None = None,
        thread: int | None = None,
        html: bool = False,
    ) -> list[Json]:
        """Send several photos, videos or files as one; the caption stands under the first."""
        place, album = self._telegram.chat_of(self, chat), album_id()
        words = [_caption(caption, html)]
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
        html: bool = False,
    ) -> Json:
        """Send a real file: a picture as a photo, anything else as a document; those with one *album* are one."""
        kind = "photo" if image_size(content) else "document"
        stored = self._telegram.files.store(kind, content, filename, content_type)
        together = {"media_group_id": album} if album else {}
        shown = {**media_content(stored), **_caption(caption, html), **together}
        return self._say(self._telegram.chat_of(self, chat), shown, reply_to, thread)

    def forward(
        self,
        text: str,
        sender_name: str = "Orang lain",
        *,
        of: int | None = None,
        chat: int | None = None,
        thread: int | None = None,
        html: bool = False,
    ) -> Json:
        """Forward a text of somebody whose account stays hidden, or *of* a person, the bot, a channel or a group."""
        origin = {"type": "hidden_user", "sender_user_name": sender_name, "date": self._telegram.now() - 60}
        if of is not None:
            origin = origin_of(self._telegram, self._unseen(of))
        return self._say(
            self._telegram.chat_of(self, chat), {**text_content(text, html), "forward_origin": origin}, None, thread
        )

    def forward_message(
        self, message_id: int, *, source: int | None = None, chat: int | None = None, thread: int | None = None
    ) -> Json:
        """Forward a message of one of their chats (*source*) to one of their chats, another's contact for one."""
        old = found(self._telegram.chat_of(self, source), message_id)
        shown = {**carried(old), "forward_origin": origin_of(self._telegram, old)}
        return self._say(self._telegram.chat_of(self, chat), shown, None, thread)

    def forward_messages(
        self,
        message_ids: Iterable[int],
        *,
        source: int | None = None,
        chat: int | None = None,
        thread: int | None = None,
    ) -> list[Json]:
        """Likewise several at once, of which an album stays one."""
        place = self._telegram.chat_of(self, source)
        old = [found(place, message_id) for message_id in message_ids]
        shown = [
            {**content, "forward_origin": origin_of(self._telegram, message)}
            for message, content in zip(old, carried_together(old), strict=True)
        ]
        return [self._say(self._telegram.chat_of(self, chat), content, None, thread) for content in shown]

    def hides_account(self, *, is_hidden: bool = True) -> None:
        """From now on forwards of their messages tell their name only, as they may have it in Telegram's settings."""
        self.is_hidden = is_hidden

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

    def _unseen(self, sender_id: int) -> Json:
        """The head of a message that somebody sent where the bot was not."""
        head: Json = {"message_id": 1, "date": self._telegram.now() - 60}
        gathering = self._telegram.gathering(sender_id)
        if gathering:
            return {**head, "chat": gathering.chat.info, "sender_chat": gathering.chat.info}
        if sender_id not in (self._telegram.bot["id"], *self._telegram.people):
            raise LookupError(f"nobody has the id {sender_id}")
        return {**head, "chat": {"type": "private"}, "from": self._telegram.user(sender_id)}

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


def text_content(text: str, html: bool = False) -> Json:
    text, entities = _marked(text, html)
    if not text or utf16_length(text) > LONGEST_TEXT:
        raise ValueError(f"a client sends 1 to {LONGEST_TEXT} units of text, not {utf16_length(text)}")
    return {"text": text, "entities": entities} if entities else {"text": text}


def _caption(caption: str | None, html: bool = False) -> Json:
    if caption is None:
        return {}
    caption, entities = _marked(caption, html)
    return {"caption": caption, "caption_entities": entities} if entities else {"caption": caption}


def _marked(text: str, html: bool) -> tuple[str, list[Json]]:
    """A text as a client sends it, with what was marked in it and what Telegram finds by itself."""
    try:
        text, entities = trimmed(*(read_html(text) if html else (text, [])))
    except Refused as refused:
        raise ValueError(refused.description) from None
    return text, add_found(text, entities)


def found(place: Chat, message_id: int) -> Json:
    if message_id not in place.messages:
        raise LookupError(f"no message {message_id} in chat {place.id}; there are {list(place.messages)}")
    return place.messages[message_id]
