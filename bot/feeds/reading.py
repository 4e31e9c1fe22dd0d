"""A program of its own that `parsing` runs: a feed on its input, its items as JSON on its output.

It imports nothing of ours, knows no setting, and is bounded by the system: what is made to be endless ends here.
"""

import calendar
import hashlib
import html
import io
import json
import re
import resource
import sys
import unicodedata
from collections import Counter
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin
from xml.sax import SAXException

import feedparser
from feedparser.api import LooseFeedParser, StrictFeedParser

MEMORY = 400_000_000
"""Bytes of address space."""

MOST_ITEMS = 200
LONGEST_TEXT = 3_000
LONGEST_TITLE = 300
LONGEST_LINK = 1_000
LONGEST_KEY = 200
"""Characters."""

_PAGE = re.compile(rb"\s*(?:(?><!--.*?-->)\s*)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_MEANT = re.compile(rb"<(rss|feed|rdf:rdf|channel)\b", re.IGNORECASE)
_ENDS = re.compile(rb"</\s*(rss|feed|rdf:rdf)\s*>\s*(<!--.*)?\s*$", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"<[a-z/!]", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_REFERENCE = re.compile(rb"&#(x[0-9a-f]{1,8}|[0-9]{1,8});", re.IGNORECASE)
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Let a text be read in another order than it is written."""

# Guids and links stay as they were written: made whole with the address, all would be new once the site redirects.
for parser in (LooseFeedParser, StrictFeedParser):
    parser.can_be_relative_uri = parser.can_be_relative_uri - {"id", "link"}

START = 1_000
"""Bytes in which a page, or a feed, says what it is."""


class Malformed(Exception):
    """Nothing, or a feed that broke before its first item."""


class NoFeed(Exception):
    """Something else."""


def read(body: bytes, content_type: str, address: str) -> dict[str, Any]:
    """Title and items, newest first as far as it says. Raises Malformed and NoFeed."""
    if not body.strip():
        raise Malformed
    if _PAGE.match(body[:START]):
        raise NoFeed
    headers = {"content-type": content_type, "content-location": address}
    body = _REFERENCE.sub(_if_lawful, body)
    # What is marked up becomes plain text below, so that nobody has to make it safe before.
    found = feedparser.parse(
        io.BytesIO(body), response_headers=headers, resolve_relative_uris=False, sanitize_html=False
    )
    entries = found.entries
    if isinstance(found.get("bozo_exception"), SAXException):
        if not _ENDS.search(body[-START:]):
            entries = entries[:-1]  # cut off: nobody knows how the last one went on
        if not entries and not _MEANT.search(body[:START]):
            raise NoFeed
        if not entries:
            raise Malformed
    elif not found.get("version") and not entries:
        raise NoFeed
    return {
        "title": _line(found.feed, "title"),
        "link": _link_of(found.feed, address),
        "items": _items(entries, address),
    }


def _if_lawful(reference: re.Match[bytes]) -> bytes:
    """Nothing for a sign that XML does not know: many sites send them, and a reader would stop there."""
    digits = reference[1]
    number = int(digits[1:], 16) if digits[:1] in b"xX" else int(digits)
    is_lawful = (
        number in {9, 10, 13} or 32 <= number < 0xD800 or 0xE000 <= number < 0xFFFE or 0x10000 <= number < 0x110000
    )
    return reference[0] if is_lawful else b""


def _items(entries: list[Any], address: str) -> list[dict[str, Any]]:
    """Each once, and none that says nothing."""
    items: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in entries:
        key, item = _item(entry, address)
        if item["title"] or item["text"]:
            items.setdefault((key, item["title"]), item)
    shared = Counter(key for key, _ in items)
    for (key, _), item in items.items():
        if shared[key] > 1:  # what several are called names none of them
            item["keys"] = item["keys"][-1:]
    return _newest_first(list(items.values()))[:MOST_ITEMS]


def _newest_first(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One without a moment stays with the one it stands under; the document's order where none has one."""
    moment = next((item["published"] for item in items if item["published"]), 0)
    moments = [moment := item["published"] or moment for item in items]
    return [items[place] for place in sorted(range(len(items)), key=lambda place: -moments[place])]


def _item(entry: Any, address: str) -> tuple[str, dict[str, Any]]:
    """By what it calls itself, and what it says."""
    title, text, link = _line(entry, "title"), _text_of(entry), _link_of(entry, address)
    guid = str(entry.get("id") or "").strip()
    key = _key(guid or (link and str(entry["link"]).strip()), title, text)
    whole = f"{key}\n{title}"
    # A link alone may be that of the list in which all of them stand, one after the other.
    keys = [key, whole] if guid or not link else [whole]
    return key, {"keys": keys, "title": title, "link": link, "text": text, "published": _moment(entry)}


def _key(named: str | None, title: str, text: str) -> str:
    """What tells an item from others; a hash where it names nothing, or nothing that a row can hold."""
    if named and len(named) <= LONGEST_KEY and named.isprintable():
        return named
    return hashlib.sha256((named or f"{title}\n{text}").encode(errors="replace")).hexdigest()


def _link_of(entry: Any, address: str) -> str | None:
    link = _whole(str(entry.get("link") or "").strip(), address)
    return link if len(link) <= LONGEST_LINK and _LINK.fullmatch(link) and link.isprintable() else None


def _whole(link: str, address: str) -> str:
    """A guid may be the link."""
    try:
        return urljoin(address, link) if link else ""
    except ValueError:
        return ""


def _moment(entry: Any) -> int | None:
    """Seconds since 1970."""
    for name in ("published_parsed", "updated_parsed"):
        if moment := entry.get(name):
            try:
                return calendar.timegm(moment)
            except (ValueError, OverflowError):
                continue
    return None


def _line(of: Any, name: str) -> str:
    shown = _plain(str(of.get(name) or ""), str((of.get(f"{name}_detail") or {}).get("type")))
    return _cut(" ".join(shown.split()), LONGEST_TITLE)


def _text_of(entry: Any) -> str:
    """The longest of what it tells, since many feeds tell it in short too."""
    told = [*(entry.get("content") or []), entry.get("summary_detail") or {}]
    texts = [_plain(str(one.get("value") or ""), str(one.get("type"))) for one in told]
    return _cut(max(texts, key=len, default=""), LONGEST_TEXT)


def _plain(text: str, kind: str) -> str:
    """*text* without markup, its white space tidied."""
    if kind != "text/plain" or _MARKUP.search(text):
        words = _Words()
        words.feed(text)
        words.close()
        text = "".join(words.found)
    else:
        text = html.unescape(text)
    text = _TURNS.sub("", text)
    lines = (" ".join(line.split()) for line in text.splitlines())
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs", "Co"})


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    begun = text[: most - 1]
    return (begun.rsplit(maxsplit=1)[0] if " " in begun[-50:] else begun) + "…"


class _Words(HTMLParser):
    """Collects what is to be read of HTML."""

    SILENT = frozenset({"script", "style", "head", "template", "iframe", "svg"})
    LINES = frozenset({"br", "div", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "figcaption", "dt"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in self.SILENT:
            self._silent += 1
        elif tag in {"p", "ul", "ol", "table", "blockquote"}:
            self.found.append("\n\n")
        elif tag == "li":
            self.found.append("\n• ")
        elif tag in self.LINES:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in {"p", "ul", "ol", "table", "blockquote"}:
            self.found.append("\n\n")
        elif tag in self.LINES and tag != "br":
            self.found.append("\n")
        elif tag in {"td", "th"}:
            self.found.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            # In HTML a line's end is white space as any other.
            self.found.append(re.sub(r"\s+", " ", data))


def main() -> None:
    """A line of JSON, then the feed; answers with a line of JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    head, _, body = sys.stdin.buffer.read().partition(b"\n")
    asked = json.loads(head)
    seconds = max(1, int(asked["seconds"]))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))  # whoever asked may be gone by then
    try:
        answer = read(body, asked["content_type"], asked["address"])
    except (Malformed, NoFeed) as refusal:
        answer = {"refused": type(refusal).__name__}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
