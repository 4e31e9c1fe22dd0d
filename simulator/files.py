"""Files that were sent: what the Bot API tells of them, and their bytes where somebody brought some."""

import itertools
import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

SMALL = "s"  # ends the id of a photo's small size
PHOTO_SIZE = (800, 600)  # of a photo whose bytes we cannot read, in pixels


@dataclass(frozen=True, slots=True)
class Stored:
    file_id: str
    file_unique_id: str
    kind: str  # photo, document, voice, …
    path: str  # below /file/bot<token>/
    filename: str
    content_type: str
    content: bytes = field(repr=False)
    details: Json = field(default_factory=dict)  # duration, width, …, that stay with it wherever it is sent

    def described(self) -> Json:
        return {"file_id": self.file_id, "file_unique_id": self.file_unique_id, "file_size": len(self.content)}


@dataclass
class Files:
    by_id: dict[str, Stored] = field(default_factory=dict)
    by_path: dict[str, Stored] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def store(
        self, kind: str, content: bytes = b"", filename: str = "", content_type: str = "", details: Json | None = None
    ) -> Stored:
        number = next(self._numbers)
        # As long and as opaque as Telegram's, so that nobody finds out too late what fits into a column.
        file_id = f"BQACAgUAAxk{secrets.token_urlsafe(48)}"
        path = f"{kind}s/file_{number}{_suffix(kind, filename)}"
        stored = Stored(file_id, f"AgAD{number:012d}", kind, path, filename, content_type, content, details or {})
        self.by_id[file_id] = self.by_path[path] = stored
        if kind == "photo":
            self.by_id[file_id + SMALL] = stored  # of its small size, which nobody makes smaller here
        return stored


def image_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG picture in pixels; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    return _jpeg_size(content) if content.startswith(b"\xff\xd8") else None


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 < len(content) and content[place] == 0xFF:
        marker, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # a start of frame
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        place += 2 + length
    return None


def _suffix(kind: str, filename: str) -> str:
    if kind == "photo":
        return ".jpg"
    _, dot, ending = filename.rpartition(".")
    return f".{ending}" if dot and ending.isalnum() else ""
