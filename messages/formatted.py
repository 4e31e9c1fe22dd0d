"""Somebody's words with the formatting they gave them, as Telegram's HTML made by us."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from messages import Html

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "text_link": "a",
}
"""What is kept; the rest (mentions, commands, custom emoji) reads the same without."""

_LINK = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Span:
    """Formatting as Telegram tells it: where, in UTF-16 units, and what."""

    kind: str
    offset: int
    length: int
    url: str = ""
    """Of a text_link."""


@dataclass(frozen=True)
class _Piece:
    begins: int
    ends: int
    tag: str
    opening: str


def html_of(text: str, spans: Iterable[Span] = ()) -> Html:
    """*text* escaped, with those *spans* that can be kept; whatever they are, the HTML is well formed."""
    places = _places(text)
    pieces = _apart(sorted(_pieces(spans, places), key=lambda piece: (piece.begins, -piece.ends)))
    edges = sorted({0, len(text), *(edge for piece in pieces for edge in (piece.begins, piece.ends))})
    written, is_open = "", list[_Piece]()
    for begins, ends in zip(edges, [*edges[1:], len(text)], strict=True):
        written += _close(is_open, begins)
        for piece in (piece for piece in pieces if piece.begins == begins):
            written += piece.opening
            is_open.append(piece)
        written += html.escape(text[begins:ends], quote=False)
    return Html(written)


def _close(is_open: list[_Piece], at: int) -> str:
    """Close what ends *at*; what was opened within it and goes on is opened again."""
    first = next((number for number, piece in enumerate(is_open) if piece.ends <= at), None)
    if first is None:
        return ""
    within = is_open[first:]
    going_on = [piece for piece in within if piece.ends > at]
    is_open[first:] = going_on
    closed = "".join(f"</{piece.tag}>" for piece in reversed(within))
    return closed + "".join(piece.opening for piece in going_on)


def _pieces(spans: Iterable[Span], places: list[int]) -> Iterable[_Piece]:
    for span in spans:
        tag, end = _TAGS.get(span.kind), span.offset + span.length
        if tag is None or span.offset < 0 or span.length <= 0 or end >= len(places):
            continue
        if tag == "a" and not _LINK.fullmatch(span.url):
            continue
        begins, ends = places[span.offset], places[end]
        if begins < ends:
            yield _Piece(begins, ends, tag, _opening(span, tag))


def _apart(pieces: Iterable[_Piece]) -> list[_Piece]:
    """Without those that overlap another of their kind: Telegram refuses a quote within a quote."""
    kept: list[_Piece] = []
    for piece in pieces:
        if not any(other.tag == piece.tag and other.ends > piece.begins for other in kept):
            kept.append(piece)
    return kept


def _opening(span: Span, tag: str) -> str:
    if tag == "a":
        return f'<a href="{html.escape(span.url)}">'
    return "<blockquote expandable>" if span.kind == "expandable_blockquote" else f"<{tag}>"


def _places(text: str) -> list[int]:
    """For each UTF-16 unit, and the end, which character it belongs to: an edge within one goes before it."""
    places = []
    for number, letter in enumerate(text):
        places += [number] * (2 if ord(letter) > 0xFFFF else 1)
    return [*places, len(text)]
