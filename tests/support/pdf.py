"""What stands on the pages of a PDF that we wrote: its texts, its black squares, its links."""

import base64
import re
import zlib
from dataclasses import dataclass

_STREAM = re.compile(rb"/ASCII85Decode /FlateDecode \] /Length \d+\s*>>\s*stream\r?\n(.*?)endstream", re.DOTALL)
_TEXT = re.compile(rb"\(((?:\\.|[^\\()])*)\) Tj", re.DOTALL)
_SQUARES = re.compile(rb"n ((?:[\d.]+ [\d.]+ [\d.]+ [\d.]+ re\s+)+)f", re.DOTALL)
_ESCAPE = re.compile(rb"\\(\d{3}|.)", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """One page, as it is drawn."""

    text: str
    """In one line, since lines are broken where the paper ends."""
    squares: list[tuple[float, float, float, float]]
    """Of the one shape made of rectangles: x, y, width, height."""


def pages_of(pdf: bytes) -> list[Page]:
    """Each page of *pdf*."""
    return [_page(zlib.decompress(base64.a85decode(packed.strip(), adobe=False))) for packed in _packed(pdf)]


def links_in(pdf: bytes) -> list[str]:
    """Where its pages can be clicked, in order."""
    return [link.decode() for link in re.findall(rb"/URI \((.*?)\)", pdf)]


def code_on(page: Page, count: int) -> list[list[int]]:
    """The QR code of *count* by *count* squares that its shape is."""
    left, bottom = min(x for x, *_ in page.squares), min(y for _, y, *_ in page.squares)
    square = page.squares[0][3]
    matrix = [[0] * count for _ in range(count)]
    for x, y, width, _ in page.squares:
        row = count - 1 - round((y - bottom) / square)
        first = round((x - left) / square)
        matrix[row][first : first + round(width / square)] = [1] * round(width / square)
    return matrix


def _packed(pdf: bytes) -> list[bytes]:
    return [packed.strip().removesuffix(b"~>") for packed in _STREAM.findall(pdf)]


def _page(drawn: bytes) -> Page:
    texts = [_ESCAPE.sub(_unescaped, text).decode("cp1252") for text in _TEXT.findall(drawn)]
    shapes = _SQUARES.findall(drawn)
    numbers = [float(number) for number in re.findall(rb"[\d.]+", max(shapes, key=len, default=b""))]
    squares = [tuple(numbers[start : start + 4]) for start in range(0, len(numbers), 4)]
    return Page(" ".join(" ".join(texts).split()), squares)  # type: ignore[arg-type]  # four at a time


def _unescaped(found: "re.Match[bytes]") -> bytes:
    what = found[1]
    return bytes([int(what, 8)]) if what.isdigit() else what
