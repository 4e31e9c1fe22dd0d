"""What a message holds beside text: photos, documents, places, polls, as the Bot API writes them."""

import secrets
from typing import Any

from simulator.files import PHOTO_SIZE, SMALL, Files, Stored, image_size

Json = dict[str, Any]

# What people can send besides text and the media in MEDIA; any field of it can be given otherwise.
EXAMPLES: dict[str, Json] = {
    "location": {"latitude": -7.1174, "longitude": 112.4142},
    "contact": {"phone_number": "+620000000000", "first_name": "Bu Wati"},
    "dice": {"emoji": "🎲", "value": 4},
    "venue": {
        "location": {"latitude": -7.1174, "longitude": 112.4142},
        "title": "Alun-alun Lamongan",
        "address": "Jalan Lamongrejo",
    },
}
MEDIA: dict[str, tuple[str, str, Json]] = {  # kind -> file name, content type, what else is told of it
    "photo": ("", "image/jpeg", {}),
    "document": ("berkas.pdf", "application/pdf", {}),
    "voice": ("", "audio/ogg", {"duration": 3}),
    "audio": ("lagu.mp3", "audio/mpeg", {"duration": 180}),
    "video": ("video.mp4", "video/mp4", {"duration": 5, "width": 640, "height": 480}),
    "video_note": ("", "video/mp4", {"duration": 5, "length": 240}),
    "animation": ("gif.mp4", "video/mp4", {"duration": 2, "width": 320, "height": 240}),
    "sticker": (
        "",
        "image/webp",
        {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👍"},
    ),
}
WITHOUT_NAME_AND_TYPE = {"photo", "sticker", "video_note"}
TAKES_CAPTION = {"photo", "document", "voice", "audio", "video", "animation"}
KINDS = (*MEDIA, *EXAMPLES, "poll", "story")


def content_of(files: Files, kind: str, details: Json, chat: Json) -> Json:
    """The fields a message of *kind* has, as a person's client makes them. Raises ValueError for an unknown kind."""
    if kind in MEDIA:
        filename, content_type, _ = MEDIA[kind]
        return media_content(files.store(kind, b"", filename, content_type, details))
    if kind in EXAMPLES:
        return {kind: {**EXAMPLES[kind], **details}}
    if kind == "poll":
        return {"poll": {**poll("Kapan pelatihannya?", ["Pagi", "Siang"]), **details}}
    if kind == "story":
        return {"story": {"chat": chat, "id": 1, **details}}
    raise ValueError(f"people send no {kind!r}; they send {', '.join(KINDS)}")


def media_content(stored: Stored) -> Json:
    """The fields of a message that shows a stored file."""
    if stored.kind == "photo":
        return {"photo": _photo_sizes(stored)}
    media = {**stored.described(), **MEDIA[stored.kind][2], **stored.details}
    if stored.kind not in WITHOUT_NAME_AND_TYPE:
        media["mime_type"] = stored.content_type
        if stored.filename and stored.kind != "voice":
            media["file_name"] = stored.filename
    if stored.kind == "animation":
        # Telegram tells of an animation twice, for bots older than animations.
        told = ("file_id", "file_unique_id", "file_size", "mime_type", "file_name")
        return {"animation": media, "document": {name: media[name] for name in told}}
    return {stored.kind: media}


def poll(question: str, options: list[str]) -> Json:
    return {
        "id": str(secrets.randbelow(10**18)),
        "question": question,
        "options": [{"persistent_id": secrets.token_hex(4), "text": option, "voter_count": 0} for option in options],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": False,
        "members_only": False,
    }


def _photo_sizes(stored: Stored) -> list[Json]:
    width, height = image_size(stored.content) or PHOTO_SIZE
    whole = {**stored.described(), "width": width, "height": height}
    scale = 90 / max(width, height, 1)
    small = {
        **whole,
        "file_id": stored.file_id + SMALL,
        "file_unique_id": stored.file_unique_id + SMALL,
        "width": max(1, round(width * scale)),
        "height": max(1, round(height * scale)),
    }
    return [small, whole] if scale < 1 else [whole]
