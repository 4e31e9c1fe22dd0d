"""What Telegram takes, in its own units, and how a text is cut to it."""

import re

TEXT = 4096
"""UTF-16 units of a message, counted without tags and with entities read."""
CAPTION = 1024
CALLBACK_DATA = 64
"""Bytes."""
START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
ALERT = 200
DESCRIPTION = 512
SHORT_DESCRIPTION = 120
BUTTON_LABEL = 28
"""Characters that a phone of 360 points shows whole; our own bound."""

_PART = re.compile(r"<(/?)([a-z-]+)[^>]*>|&(?:[a-z]+|#\d+|#x[0-9a-fA-F]+);|\s+|[^<&\s]+|.", re.DOTALL)


def units(text: str) -> int:
    """Length of *text* as Telegram counts: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """At most *limit* UTF-16 units of *text*, with an ellipsis where something was left out."""
    if units(text) <= limit:
        return text
    kept = text
    while units(kept) > limit - 1:
        kept = kept[: limit - 1] if len(kept) > limit - 1 else kept[:-1]
    return kept.rstrip() + "…"


def split_html(text: str, limit: int = TEXT) -> list[str]:
    """Cut Telegram HTML into messages of at most *limit* visible UTF-16 units; never within a tag or an entity.

    Tags open at a cut are closed there and opened again in the next message.
    """
    messages: list[str] = []
    open_tags: list[tuple[str, str]] = []
    written, visible = "", 0
    for part in _pieces(text, limit):
        tag = _PART.fullmatch(part) if part.startswith("<") else None
        if tag is not None and tag[2]:
            written += part
            _follow(open_tags, tag)
            continue
        size = 1 if part.startswith("&") and len(part) > 1 else units(part)
        if visible + size > limit:
            messages.append(written.rstrip() + "".join(f"</{name}>" for name, _ in reversed(open_tags)))
            written, visible = "".join(whole for _, whole in open_tags), 0
            if part.isspace():
                continue
        written, visible = written + part, visible + size
    return [*messages, written] if visible or not messages else messages


def _pieces(text: str, limit: int) -> list[str]:
    """Tags, entities, spaces and words; a word longer than a message is cut into characters."""
    pieces: list[str] = []
    for found in _PART.finditer(text):
        part = found[0]
        pieces.extend(part if units(part) > limit and not part.startswith(("<", "&")) else [part])
    return pieces


def _follow(open_tags: list[tuple[str, str]], tag: re.Match[str]) -> None:
    if not tag[1]:
        open_tags.append((tag[2], tag[0]))
    elif open_tags and open_tags[-1][0] == tag[2]:
        open_tags.pop()
