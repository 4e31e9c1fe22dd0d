"""What every method that sends or edits shares: the words with their markup, the answer's place, the keyboard."""

from typing import Any

from simulator.channels import Channel
from simulator.chats import Chat
from simulator.entities import add_found, trimmed, utf16_length
from simulator.keyboards import check_keyboard
from simulator.markup import read_html
from simulator.refusals import bad_request
from simulator.telegram import PretendTelegram
from simulator.threads import placed

Json = dict[str, Any]

LONGEST_TEXT = 4096  # UTF-16 units, after the markup was read
LONGEST_CAPTION = 1024
LONGEST_SOURCE = 1 << 15  # bytes, before
KEPT_AS_GIVEN = {"link_preview_options", "show_caption_above_media", "has_media_spoiler"}


def text_of(given: Json) -> Json:
    """The fields a text message gets from what was given. Raises Refused for empty, long or broken ones."""
    if not given["text"]:
        raise bad_request("message text is empty")
    text, entities = _formatted(given["text"], given, "entities")
    if not text:
        raise bad_request("text must be non-empty")
    if utf16_length(text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption_of(given: Json) -> Json:
    """Likewise for a caption, which may be missing."""
    caption, entities = _formatted(given.get("caption", ""), given, "caption_entities")
    if utf16_length(caption) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    if not caption:
        return {}
    return {"caption": caption, "caption_entities": entities} if entities else {"caption": caption}


def post(telegram: PretendTelegram, given: Json, content: Json) -> Json:
    """Send *content* as the bot, to the chat and with the keyboard, reply and options that were given."""
    check_keyboard(given.get("reply_markup"))
    chat = telegram.open_chat(given["chat_id"])
    if chat.is_channel:
        _refuse_in_channel(telegram.channels[chat.id], given)
    replied, quote = _replied(telegram, chat, given)
    place = placed(telegram, chat, telegram.bot["id"], replied, given.get("message_thread_id"))
    content = {**place, **quote, **content, **options_of(given)}
    markup = given.get("reply_markup", {})
    if "inline_keyboard" in markup:
        content["reply_markup"] = markup
    message = telegram.compose(chat, telegram.bot, content)
    if given.get("disable_notification"):
        chat.silent.add(message["message_id"])
    chat.put(message)
    if "keyboard" in markup or "remove_keyboard" in markup:
        chat.show_keyboard(markup if "keyboard" in markup else None)
    elif "force_reply" in markup:
        chat.show_keyboard({**markup, "message_id": message["message_id"]})
    return message


def _refuse_in_channel(channel: Channel, given: Json) -> None:
    channel.require_posting()
    if "reply_markup" in given and "inline_keyboard" not in given["reply_markup"]:
        raise bad_request("inline keyboard expected")  # readers have no input to put another under


def options_of(given: Json) -> Json:
    """The fields of a message that are as they were given."""
    options = {name: given[name] for name in KEPT_AS_GIVEN if name in given}
    if given.get("protect_content"):
        options["has_protected_content"] = True
    if "message_effect_id" in given:
        options["effect_id"] = given["message_effect_id"]
    return options


def _replied(telegram: PretendTelegram, chat: Chat, given: Json) -> tuple[Json | None, Json]:
    """The message replied to, and the fields of what is quoted of it."""
    reply = given.get("reply_parameters")
    if not reply or "message_id" not in reply:
        return None, {}
    replied = telegram.chat(reply.get("chat_id", chat.id)).messages.get(reply["message_id"])
    if replied is None:
        if reply.get("allow_sending_without_reply"):
            return None, {}
        raise bad_request("message to be replied not found")
    if "quote" not in reply:
        return replied, {}
    if reply["quote"] not in (replied.get("text") or replied.get("caption") or ""):
        raise bad_request("QUOTE_TEXT_INVALID")
    return replied, {"quote": {"text": reply["quote"], "position": reply.get("quote_position", 0), "is_manual": True}}


def _formatted(source: str, given: Json, entities_name: str) -> tuple[str, list[Json]]:
    """A text and its entities: those of its HTML or those given, and what Telegram finds by itself."""
    if len(source.encode()) > LONGEST_SOURCE:
        raise bad_request("text is too long")
    mode = given.get("parse_mode", "").lower()
    if mode == "html":
        text, entities = read_html(source)
    elif mode in ("", "none"):
        text, entities = source, _checked(source, given.get(entities_name, []))
    elif mode in ("markdown", "markdownv2"):
        raise bad_request(f"the simulator does not support parse_mode {given['parse_mode']}, only HTML")
    else:
        raise bad_request("unsupported parse_mode")
    text, entities = trimmed(text, entities)
    return text, add_found(text, entities)


def _checked(text: str, entities: list[Json]) -> list[Json]:
    length = utf16_length(text)
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > length:
            raise bad_request(f"entity beginning at UTF-16 offset {entity['offset']} ends after the end of the text")
    return entities
