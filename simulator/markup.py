"""Reads the HTML of parse_mode, as strictly as Telegram does and with its words for what is wrong."""

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from simulator.entities import ordered, utf16_length
from simulator.refusals import bad_request

Json = dict[str, Any]

SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
CHARACTER = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]+));?")
LINK = re.compile(r"(?:(?:https?|ftp|tg|mailto|tel|tonsite)://?|[^\s/]+\.[^\s/]+)\S*", re.IGNORECASE)
USER_LINK = re.compile(r"tg://user\?id=(\d+)")
NAME_ENDS = frozenset(" \t\n\r\f\v>")


def read_html(source: str) -> tuple[str, list[Json]]:
    """The plain text and its entities. Raises Refused where the HTML is broken or has a tag Telegram lacks."""
    if "<" not in source and "&" not in source:
        return source, []
    reading = _Reading(source)
    reading.read()
    return "".join(reading.pieces), ordered(reading.entities)


@dataclass
class _Tag:
    name: str
    offset: int  # where its text starts, in UTF-16 units
    first_piece: int
    value: str  # its link, language, class or emoji


@dataclass
class _Reading:
    source: str
    place: int = 0
    length: int = 0  # of what was read so far, in UTF-16 units
    pieces: list[str] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)
    open_tags: list[_Tag] = field(default_factory=list)
    last_code: tuple[Json, str] = ({}, "")  # and its language

    def read(self) -> None:
        while self.place < len(self.source):
            match self.source[self.place]:
                case "<" if self.source.startswith("</", self.place):
                    self._close_tag()
                case "<":
                    self._open_tag()
                case "&":
                    self._add(self._character())
                case _:
                    self._add(self._plain())
        if self.open_tags:
            self._fail(f'Can\'t find end tag corresponding to start tag "{self.open_tags[-1].name}"')

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += utf16_length(text)

    def _plain(self) -> str:
        start = self.place
        ends = (self.source.find(mark, start) for mark in "<&")
        self.place = min((end for end in ends if end >= 0), default=len(self.source))
        return self.source[start : self.place]

    def _character(self) -> str:
        """What a character entity stands for. Telegram leaves those it does not know as they are."""
        match = CHARACTER.match(self.source, self.place)
        if match:
            decimal, hexadecimal, name = match.groups()
            code = int(decimal) if decimal else int(hexadecimal or "0", 16)
            is_text = 0 < code < 0xD800 or 0xDFFF < code <= 0x10FFFF
            if name in CHARACTERS or is_text:
                self.place = match.end()
                return CHARACTERS[name] if name else chr(code)
        self.place += 1
        return "&"

    def _open_tag(self) -> None:
        begin = self.place
        name = self._name(begin + 1).lower()
        if self.place >= len(self.source):
            self._fail("Unclosed start tag", begin)
        if name not in SIMPLE_TAGS:
            self._fail(f'Unsupported start tag "{name}"', begin)
        attributes = self._attributes(name, begin)
        if name == "span" and attributes.get("class") != "tg-spoiler":
            self._fail('Tag "span" must have class "tg-spoiler"', begin)
        if name == "blockquote" and any(tag.name == "blockquote" for tag in self.open_tags):
            self._fail("Nested blockquote entities are not allowed", begin)
        self.open_tags.append(_Tag(name, self.length, len(self.pieces), _value(name, attributes)))

    def _name(self, start: int) -> str:
        self.place = start
        while self.place < len(self.source) and self.source[self.place] not in NAME_ENDS:
            self.place += 1
        return self.source[start : self.place]

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            self._skip_space()
            if self.place >= len(self.source):
                self._fail("Unclosed start tag", begin)
            if self.source[self.place] == ">":
                self.place += 1
                return found
            name, value = self._attribute(tag, begin)
            found[name] = value

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        start = self.place
        while self.place < len(self.source) and self.source[self.place] not in NAME_ENDS | {"="}:
            self.place += 1
        name = self.source[start : self.place].lower()
        if not name:
            self._fail(f'Empty attribute name in the tag "{tag}"', begin)
        self._skip_space()
        if not self.source.startswith("=", self.place):
            return name, ""
        self.place += 1
        self._skip_space()
        if self.place >= len(self.source):
            self._fail("Unclosed start tag", begin)
        return name, self._attribute_value(begin)

    def _attribute_value(self, begin: int) -> str:
        quote = self.source[self.place]
        if quote not in "\"'":
            return self._bare_value()
        self.place += 1
        parts = []
        while self.place < len(self.source) and self.source[self.place] != quote:
            if self.source[self.place] == "&":
                parts.append(self._character())
            else:
                parts.append(self.source[self.place])
                self.place += 1
        if self.place >= len(self.source):
            self._fail("Unclosed start tag", begin)
        self.place += 1
        return "".join(parts)

    def _bare_value(self) -> str:
        start = self.place
        while self.place < len(self.source) and (self.source[self.place].isalnum() or self.source[self.place] in ".-"):
            self.place += 1
        if self.place >= len(self.source) or self.source[self.place] not in NAME_ENDS:
            self._fail("Unexpected end of name token", start)
        return self.source[start : self.place]

    def _close_tag(self) -> None:
        begin = self.place
        if not self.open_tags:
            self._fail("Unexpected end tag", begin)
        name = self._name(begin + 2).lower()
        self._skip_space()
        if not self.source.startswith(">", self.place):
            self._fail("Unclosed end tag", begin)
        tag = self.open_tags.pop()
        if name and name != tag.name:
            self._fail("Unmatched end tag", begin, f', expected "</{tag.name}>", found "</{name}>"')
        self.place += 1
        if self.length > tag.offset:
            self._end(tag)

    def _end(self, tag: _Tag) -> None:
        entity: Json = {"type": SIMPLE_TAGS[tag.name], "offset": tag.offset, "length": self.length - tag.offset}
        match tag.name:
            case "a":
                if not _link(entity, tag.value or "".join(self.pieces[tag.first_piece :])):
                    return
            case "tg-emoji":
                if not tag.value.isdecimal():
                    raise bad_request("can't parse entities: Invalid custom emoji identifier specified")
                entity["custom_emoji_id"] = tag.value
            case "blockquote" if tag.value:
                entity["type"] = "expandable_blockquote"
            case "code":
                self.last_code = (entity, tag.value)
            case "pre":
                self._take_in_code(entity)
        self.entities.append(entity)

    def _take_in_code(self, outer: Json) -> None:
        """<pre><code class="language-…"> is one entity, if the two enclose the same text."""
        inner, language = self.last_code
        if language and (inner["offset"], inner["length"]) == (outer["offset"], outer["length"]):
            self.entities.remove(inner)
            outer["language"] = language

    def _skip_space(self) -> None:
        while self.place < len(self.source) and self.source[self.place].isspace():
            self.place += 1

    def _fail(self, what: str, place: int | None = None, more: str = "") -> NoReturn:
        where = "" if place is None else f" at byte offset {len(self.source[:place].encode())}"
        raise bad_request(f"can't parse entities: {what}{where}{more}")


def _value(name: str, attributes: dict[str, str]) -> str:
    match name:
        case "a":
            return attributes.get("href", "").strip()
        case "code":
            language = attributes.get("class", "")
            return language.removeprefix("language-") if language.startswith("language-") else ""
        case "tg-emoji":
            return attributes.get("emoji-id", "")
        case "blockquote":
            return "expandable" if "expandable" in attributes else ""
    return ""


def _link(entity: Json, target: str) -> bool:
    """Make *entity* a link to *target*; False for what Telegram does not take for one and shows as plain text."""
    user = USER_LINK.fullmatch(target)
    if user:
        # The person's name is not known here; Telegram shows the marked text anyway.
        entity.update(type="text_mention", user={"id": int(user[1]), "is_bot": False, "first_name": "-"})
        return True
    if not LINK.fullmatch(target):
        return False
    entity["url"] = target if "://" in target or target.startswith(("mailto:", "tel:")) else f"http://{target}"
    return True
