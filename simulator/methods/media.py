"""Sending photos, files, albums, contacts and places, and fetching what was sent."""

import secrets
from collections.abc import Callable
from typing import Any

from simulator.files import Stored, image_size
from simulator.forwards import album_id
from simulator.media import TAKES_CAPTION, media_content
from simulator.methods.posts import caption_of, post
from simulator.refusals import bad_request
from simulator.schema import Upload
from simulator.telegram import PretendTelegram

Json = dict[str, Any]

LARGEST_FETCHED = 20 * 2**20  # bytes
LARGEST_PHOTO = 10 * 2**20  # bytes
FEWEST_IN_ALBUM, MOST_IN_ALBUM = 2, 10
DETAILS = {"duration", "width", "height", "length", "performer", "title"}  # told of a file as they were given
PLACE_FIELDS = ("latitude", "longitude", "horizontal_accuracy", "live_period", "heading", "proximity_alert_radius")
LARGEST_SIDES = 10_000  # width and height together


def send_photo(telegram: PretendTelegram, given: Json) -> Json:
    return post(telegram, given, {**shown(telegram, "photo", given), **caption_of(given)})


def _sender(kind: str) -> Callable[[PretendTelegram, Json], Json]:
    def send(telegram: PretendTelegram, given: Json) -> Json:
        caption = caption_of(given) if kind in TAKES_CAPTION else {}
        return post(telegram, given, {**shown(telegram, kind, given), **caption})

    return send


def send_media_group(telegram: PretendTelegram, given: Json) -> list[Json]:
    """An album: several messages that share a media_group_id. All of it is checked before any is sent."""
    album = given["media"]
    if not FEWEST_IN_ALBUM <= len(album) <= MOST_IN_ALBUM:
        raise bad_request(f"an album must have {FEWEST_IN_ALBUM} to {MOST_IN_ALBUM} items")
    kinds = {item["type"] for item in album}
    if not kinds <= {"photo", "video"} and len(kinds) > 1:
        raise bad_request("documents and audio files can't be mixed with other types in an album")
    contents = [
        {**shown(telegram, item["type"], {**item, item["type"]: item["media"]}), **caption_of(item)} for item in album
    ]
    together = {"media_group_id": album_id()}
    return [post(telegram, given, {**content, **together}) for content in contents]


def send_contact(telegram: PretendTelegram, given: Json) -> Json:
    told = ("phone_number", "first_name", "last_name", "vcard")
    return post(telegram, given, {"contact": {name: given[name] for name in told if name in given}})


def send_dice(telegram: PretendTelegram, given: Json) -> Json:
    return post(telegram, given, {"dice": {"emoji": given.get("emoji", "🎲"), "value": 1 + secrets.randbelow(6)}})


def send_location(telegram: PretendTelegram, given: Json) -> Json:
    return post(telegram, given, {"location": _place(given)})


def send_venue(telegram: PretendTelegram, given: Json) -> Json:
    told = {name: given[name] for name in ("title", "address")}
    return post(telegram, given, {"venue": {"location": _place(given), **told}, "location": _place(given)})


def get_file(telegram: PretendTelegram, given: Json) -> Json:
    stored = telegram.files.by_id.get(given["file_id"])
    if stored is None:
        raise bad_request("invalid file_id")
    if len(stored.content) > LARGEST_FETCHED:
        raise bad_request("file is too big")
    return {**stored.described(), "file_path": stored.path}


def _place(given: Json) -> Json:
    if abs(given["latitude"]) > 90 or abs(given["longitude"]) > 180:
        raise bad_request("location is invalid")
    return {name: given[name] for name in PLACE_FIELDS if name in given}


def shown(telegram: PretendTelegram, kind: str, given: Json) -> Json:
    """The fields of a message that shows the file given for *kind*. Raises Refused for what is none."""
    stored = file_of(telegram, kind, given[kind], {name: given[name] for name in DETAILS & set(given)})
    if kind == "photo":
        _check_photo(stored)
    spoiler = {"has_media_spoiler": True} if given.get("has_spoiler") else {}
    return {**media_content(stored), **spoiler}


def _check_photo(stored: Stored) -> None:
    sides = image_size(stored.content)
    if len(stored.content) > LARGEST_PHOTO:
        raise bad_request(f"file of size {len(stored.content)} bytes is too big for a photo")
    if stored.content and sides is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sides and (sum(sides) > LARGEST_SIDES or max(sides) > 20 * min(sides)):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def file_of(telegram: PretendTelegram, kind: str, given: str | Upload, details: Json | None = None) -> Stored:
    """The file that was uploaded, sent before, or lies behind an address (which nobody fetches here).

    *details* are told of a new one; what was sent before keeps its own.
    """
    if isinstance(given, Upload):
        if not given.content:
            raise bad_request("file must be non-empty")
        return telegram.files.store(kind, given.content, given.filename, given.content_type, details)
    if given.startswith(("http://", "https://")):
        return telegram.files.store(kind, filename=given.rpartition("/")[2], details=details)
    stored = telegram.files.by_id.get(given)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    return stored


METHODS = {
    "sendPhoto": send_photo,
    "sendDocument": _sender("document"),
    "sendVideo": _sender("video"),
    "sendAnimation": _sender("animation"),
    "sendAudio": _sender("audio"),
    "sendVoice": _sender("voice"),
    "sendVideoNote": _sender("video_note"),
    "sendSticker": _sender("sticker"),
    "sendMediaGroup": send_media_group,
    "sendContact": send_contact,
    "sendDice": send_dice,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "getFile": get_file,
}
