"""Sending photos, documents and places, and fetching what was sent."""

from typing import Any

from simulator.files import Stored, image_size
from simulator.media import media_content
from simulator.methods.posts import caption_of, post
from simulator.refusals import bad_request
from simulator.schema import Upload
from simulator.telegram import PretendTelegram

Json = dict[str, Any]

LARGEST_PHOTO = 10 * 2**20  # bytes
LARGEST_SIDES = 10_000  # width and height together


def send_photo(telegram: PretendTelegram, given: Json) -> Json:
    stored = _file(telegram, "photo", given["photo"])
    sides = image_size(stored.content)
    if len(stored.content) > LARGEST_PHOTO:
        raise bad_request(f"file of size {len(stored.content)} bytes is too big for a photo")
    if stored.content and sides is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sides and (sum(sides) > LARGEST_SIDES or max(sides) > 20 * min(sides)):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return post(telegram, given, {**media_content(stored), **caption_of(given)})


def send_document(telegram: PretendTelegram, given: Json) -> Json:
    stored = _file(telegram, "document", given["document"])
    return post(telegram, given, {**media_content(stored), **caption_of(given)})


def send_location(telegram: PretendTelegram, given: Json) -> Json:
    return post(telegram, given, {"location": _place(given)})


def send_venue(telegram: PretendTelegram, given: Json) -> Json:
    told = {name: given[name] for name in ("title", "address")}
    return post(telegram, given, {"venue": {"location": _place(given), **told}, "location": _place(given)})


def get_file(telegram: PretendTelegram, given: Json) -> Json:
    stored = telegram.files.by_id.get(given["file_id"])
    if stored is None:
        raise bad_request("invalid file_id")
    return {**stored.described(), "file_path": stored.path}


def _place(given: Json) -> Json:
    if abs(given["latitude"]) > 90 or abs(given["longitude"]) > 180:
        raise bad_request("location is invalid")
    return {"latitude": given["latitude"], "longitude": given["longitude"]}


def _file(telegram: PretendTelegram, kind: str, given: str | Upload) -> Stored:
    """The file that was uploaded, sent before, or lies behind an address (which nobody fetches here)."""
    if isinstance(given, Upload):
        if not given.content:
            raise bad_request("file must be non-empty")
        return telegram.files.store(kind, given.content, given.filename, given.content_type)
    if given.startswith(("http://", "https://")):
        return telegram.files.store(kind, filename=given.rpartition("/")[2])
    stored = telegram.files.by_id.get(given)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    return stored


METHODS = {
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendLocation": send_location,
    "sendVenue": send_venue,
    "getFile": get_file,
}
