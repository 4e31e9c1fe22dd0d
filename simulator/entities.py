"""What Telegram finds in a text by itself: commands, links, mentions. Offsets and lengths are in UTF-16 units."""

import re
from typing import Any

Json = dict[str, Any]

FOUND = re.compile(
    r"""
      (?P<bot_command> (?<![\w/<>]) / [A-Za-z0-9_]{1,64} (?:@[A-Za-z0-9_]{3,32})? (?![\w/<>]) )
    | (?P<url> (?<![\w@./]) https?:// [^\s<>"]+ )
    | (?P<email> (?<![\w.+-]) [\w.+-]+ @ (?:[\w-]+\.)+ [A-Za-z]{2,} (?!\w) )
    | (?P<domain> (?<![\w@./-]) (?:[A-Za-z0-9-]+\.)+ (?:id|com|org|net|me|info) (?![\w-]) (?:/[^\s<>"]*)? )
    | (?P<mention> (?<!\w) @ [A-Za-z0-9_]{2,32} (?!\w) )
    | (?P<hashtag> (?<![\w#]) \# (?=\w*[^\W\d_]) \w{1,256} (?![\w#]) )
    """,
    re.VERBOSE,
)
MARKS = re.compile(r"[/@#]|\.[A-Za-z]")  # without one of these there is nothing to find
CLOSING = ".,:;!?)]}'\""  # ends a sentence more often than a link
NOT_INSIDE = {"code", "pre", "text_link", "text_mention"}  # Telegram looks for nothing within these


def utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def text_of_entity(text: str, entity: Json) -> str:
    encoded = text.encode("utf-16-le", "surrogatepass")
    start = 2 * int(entity["offset"])
    return encoded[start : start + 2 * int(entity["length"])].decode("utf-16-le", "surrogatepass")


def find_entities(text: str) -> list[Json]:
    """The entities in a text, first to last."""
    if not MARKS.search(text):
        return []
    return [_entity(text, match) for match in FOUND.finditer(text)]


def add_found(text: str, marked: list[Json]) -> list[Json]:
    """The entities somebody marked, and those Telegram finds beside and within them."""
    found = find_entities(text)
    taken = [(entity["offset"], entity["offset"] + entity["length"]) for entity in marked if _bars(entity)]
    free = [
        entity
        for entity in found
        if all(entity["offset"] + entity["length"] <= start or entity["offset"] >= end for start, end in taken)
    ]
    return ordered([*marked, *free])


def ordered(entities: list[Json]) -> list[Json]:
    """By place, the outer ones before those inside them."""
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """A text without the white space around it, as Telegram stores it, and its entities moved along."""
    kept = text.strip()
    if len(kept) == len(text):
        return text, entities
    before = utf16_length(text[: len(text) - len(text.lstrip())])
    length = utf16_length(kept)
    moved = []
    for entity in entities:
        start = max(entity["offset"] - before, 0)
        end = min(entity["offset"] + entity["length"] - before, length)
        if end > start:
            moved.append({**entity, "offset": start, "length": end - start})
    return kept, moved


def _bars(entity: Json) -> bool:
    return entity["type"] in NOT_INSIDE


def _entity(text: str, match: re.Match[str]) -> Json:
    kind, whole = match.lastgroup or "", match.group()
    if kind in ("url", "domain"):
        kind, whole = "url", whole.rstrip(CLOSING)
    return {"type": kind, "offset": utf16_length(text[: match.start()]), "length": utf16_length(whole)}
