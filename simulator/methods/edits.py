"""Changing messages in place."""

from typing import Any

from simulator.keyboards import check_keyboard
from simulator.methods.media import shown
from simulator.methods.posts import caption_of, options_of, text_of
from simulator.refusals import bad_request
from simulator.telegram import PretendTelegram

Json = dict[str, Any]

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
TEXT_FIELDS = {"text", "entities", "link_preview_options", "reply_markup"}
REPLACEABLE = ("photo", "video", "animation", "audio", "document")
CAPTION_FIELDS = {"caption", "caption_entities", "reply_markup", "show_caption_above_media"}
MEDIA_FIELDS = {*REPLACEABLE, *TEXT_FIELDS, *CAPTION_FIELDS, "has_media_spoiler"}


def edit_message_text(telegram: PretendTelegram, given: Json) -> Json | bool:
    if "text" not in given:
        raise bad_request("message text is empty")
    content = text_of(given)
    message = _message_to_edit(telegram, given)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _replace(telegram, given, message, TEXT_FIELDS, {**content, **options_of(given), **_keyboard(given)})


def edit_message_caption(telegram: PretendTelegram, given: Json) -> Json | bool:
    content = caption_of(given)
    message = _message_to_edit(telegram, given)
    if "text" in message:
        raise bad_request("there is no caption in the message to edit")
    return _replace(telegram, given, message, CAPTION_FIELDS, {**content, **options_of(given), **_keyboard(given)})


def edit_message_media(telegram: PretendTelegram, given: Json) -> Json | bool:
    """Another picture, file, video or sound, with its own caption, in the place of one or of a text."""
    media, keyboard = given["media"], _keyboard(given)
    message = _message_to_edit(telegram, given)
    old = next((kind for kind in (*REPLACEABLE, "text") if kind in message), None)
    if old is None:
        raise bad_request("there is no media in the message to edit")
    kind = str(media["type"])
    if "media_group_id" in message and old != kind and not {old, kind} <= {"photo", "video"}:
        raise bad_request("can't change media type in the album")
    content = {**shown(telegram, kind, {**media, kind: media["media"]}), **caption_of(media), **options_of(media)}
    return _replace(telegram, given, message, MEDIA_FIELDS, {**content, **keyboard})


def edit_message_reply_markup(telegram: PretendTelegram, given: Json) -> Json | bool:
    keyboard = _keyboard(given)
    return _replace(telegram, given, _message_to_edit(telegram, given), {"reply_markup"}, keyboard)


def _message_to_edit(telegram: PretendTelegram, given: Json) -> Json:
    if "inline_message_id" in given:
        chat_id, message_id = telegram.inline.place_of(given["inline_message_id"])
        if message_id not in telegram.chats[chat_id].messages:
            raise bad_request("MESSAGE_ID_INVALID")
        return telegram.chats[chat_id].messages[message_id]
    if "chat_id" not in given:
        raise bad_request("chat_id is empty")
    if "message_id" not in given:
        raise bad_request("message identifier is not specified")
    chat, channel, bot_id = (
        telegram.open_chat(given["chat_id"]),
        telegram.channels.get(given["chat_id"]),
        telegram.bot["id"],
    )
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    may_edit = channel.may_change(bot_id, message, "can_edit_messages") if channel else message["from"]["id"] == bot_id
    if not may_edit:
        raise bad_request("message can't be edited")
    return message


def _keyboard(given: Json) -> Json:
    """The new keyboard; without one an edit takes the old keyboard away."""
    markup = given.get("reply_markup")
    check_keyboard(markup)
    return {"reply_markup": markup} if markup and any(markup["inline_keyboard"]) else {}


def _replace(telegram: PretendTelegram, given: Json, message: Json, fields: set[str], content: Json) -> Json | bool:
    """Put *content* in place of the message's *fields*. Raises Refused when that changes nothing.

    Of a message that was sent inline only True is told, since its chat may be none of the bot's business.
    """
    if all(message.get(name) == content.get(name) for name in fields):
        raise bad_request(NOT_MODIFIED)
    kept = {name: value for name, value in message.items() if name not in fields}
    edited = {**kept, "edit_date": telegram.now(), **content}
    telegram.chats[message["chat"]["id"]].put(edited)
    return True if "inline_message_id" in given else edited


METHODS = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
}
