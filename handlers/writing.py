"""What somebody wrote, as it can be passed on: words with their formatting, a file by its name at Telegram, a place."""

from collections.abc import Sequence

from telegram import Message, MessageEntity

from domain.inquiries import Written
from messages.formatted import Span, html_of


def written(message: Message) -> Written | None:
    """*message* as officers or the person will get it; None for a kind that is not passed on (a sticker, a contact)."""
    if message.text is not None:
        words = html_of(message.text, spans(message.entities)).text
        return Written("text", message.chat_id, message.message_id, words)
    if message.location:
        return _place(message)
    found = _file(message)
    if found is None:
        return None
    kind, file_id = found
    words = html_of(message.caption or "", spans(message.caption_entities)).text
    return Written(kind, message.chat_id, message.message_id, words, file_id)


def html_written(message: Message) -> str:
    """Its words, or those under its file, with their formatting, as Telegram's HTML; links' addresses are in it, and
    those of its buttons stand below.
    """
    if message.text is not None:
        words = html_of(message.text, spans(message.entities)).text
    else:
        words = html_of(message.caption or "", spans(message.caption_entities)).text
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    links = [html_of(f"{button.text}: {button.url}").text for row in rows for button in row if button.url]
    return "\n".join([words, *links])


def _file(message: Message) -> tuple[str, str] | None:
    if message.animation:  # comes as a document too, and is none
        return None
    if message.photo:
        return "photo", message.photo[-1].file_id
    for kind, file in (("document", message.document), ("voice", message.voice), ("video", message.video)):
        if file:
            return kind, file.file_id
    return None


def _place(message: Message) -> Written | None:
    place = message.location
    if place is None or not isinstance(place.latitude, int | float) or not isinstance(place.longitude, int | float):
        return None
    where = f"{place.latitude},{place.longitude}"
    return Written("location", message.chat_id, message.message_id, where)


def spans(entities: Sequence[MessageEntity]) -> list[Span]:
    """Formatting as `messages.formatted` takes it."""
    return [Span(str(entity.type), entity.offset, entity.length, entity.url or "") for entity in entities]


def is_ours(message: Message) -> bool:
    """Whether the bot said it. A forum's topic is "replied to" by all in it, whoever opened it."""
    writer = message.from_user
    return writer is not None and writer.id == message.get_bot().id and message.forum_topic_created is None


def words_of(message: Message) -> str:
    """Its text, or what stands under its picture."""
    return message.text or message.caption or ""
