"""What a broadcast says: taken over as the officer wrote it, and turned into the calls that send it."""

import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from domain.broadcasts.refusals import BadLink, BrokenBlank, HeavyFile, TooLong, UnknownBlank
from domain.post import NO_PREVIEW, keyboard, plain
from messages import LANGUAGES, LINK, Button, Date, Html, Sentence, say
from messages.limits import CAPTION, TEXT, cut, units

BLANKS = ("nama", "usaha")
"""What may be written into a text, in braces; without a value the officer's fallback stands there, else ours."""

BLANK_LIMIT = 40
"""Characters of a value: so much is left for it when the length is checked."""

HEAVIEST = 20
"""Megabytes of a file: beyond that a cheap phone does not load it, and many have bought little data."""

TITLE = 60
"""UTF-16 units of a title in lists."""

MOST_BUTTONS = 6

_BLANK = re.compile(r"\{([^{}\n]{0,40})\}")
_TAG = re.compile(r"<[^>]+>")
_LINKED = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_STRUCK = re.compile(r"<s>\s*(.*?)\s*</s>", re.DOTALL)

FILES: Mapping[str, str] = {"photo": "send_photo", "document": "send_document", "video": "send_video"}
"""The method for each kind of file."""


@dataclass(frozen=True)
class File:
    """A file that Telegram has already."""

    kind: str
    """One of FILES."""
    file_id: str
    html: str = ""
    """What stands under it, in an album in which several say something."""


@dataclass(frozen=True)
class Link:
    """A button: to a page, or to a training's registration."""

    label: str
    url: str = ""
    training_id: int | None = None

    @property
    def digest(self) -> str:
        """Eight letters that name it, wherever it stands."""
        return hashlib.sha256(f"{self.label}\n{self.url}\n{self.training_id}".encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Content:
    """What everybody gets, before their own blanks are filled in. Telegram's HTML, made by us of what was written."""

    html: str = ""
    files: tuple[File, ...] = ()
    place: tuple[float, float] | None = None
    """Latitude and longitude."""
    buttons: tuple[Link, ...] = ()
    fallbacks: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not (self.html or self.files or self.place)

    @property
    def kind(self) -> str:
        """text, photo, document, video, album or location."""
        if self.place:
            return "location"
        if len(self.files) > 1:
            return "album"
        return self.files[0].kind if self.files else "text"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def title(self) -> str:
        """Its first words, for lists."""
        said = self.html or next((file.html for file in self.files if file.html), "")
        filled_in = filled(said, "", "", self.fallbacks, LANGUAGES[0])
        line = plain(filled_in).strip().partition("\n")[0].rstrip(" .")
        return _cut_between_words(line, TITLE)


def _cut_between_words(text: str, limit: int) -> str:
    """At most *limit* UTF-16 units; a word is cut only where it alone is too long."""
    shown = cut(text, limit)
    if shown == text:
        return text
    whole = shown.removesuffix("…")
    if not text[len(whole) :].startswith(" "):
        whole = whole.rpartition(" ")[0] or whole
    return whole.rstrip(" .") + "…"


def content_of(kept: Mapping[str, Any]) -> Content:
    """As it was kept by `as_json`."""
    place = kept.get("place")
    return Content(
        html=kept.get("html", ""),
        files=tuple(File(**file) for file in kept.get("files", ())),
        place=(place[0], place[1]) if place else None,
        buttons=tuple(Link(**link) for link in kept.get("buttons", ())),
        fallbacks=kept.get("fallbacks", {}),
    )


@dataclass(frozen=True)
class Frame:
    """What stands around an office's words: who says it, and the code by which anybody can check it."""

    office: str
    """As people know it."""
    code: str
    username: str
    """The bot's own, for links from channels and groups."""
    topic: str
    corrected_on: date | None = None
    """The day on which its words were corrected, said below them."""


@dataclass(frozen=True)
class Step:
    """One call of the Bot API, but for whom it goes to."""

    method: str
    arguments: Mapping[str, Any]
    text: str = ""
    """The name of the argument that holds HTML with blanks."""
    cost: int = 1
    """Messages, as Telegram counts them."""


PIN, ALBUM = "pin_chat_message", "send_media_group"


def check(content: Content, frame: Frame) -> None:
    """Raises BadContent for what could not be sent to everybody in every language."""
    _check_blanks(content)
    for link in content.buttons:
        if link.url and not LINK.fullmatch(link.url):
            raise BadLink(link.url)
    for file in content.files:
        if (under := _length(file.html)) > CAPTION:
            raise TooLong(under, CAPTION)
    length = max(_length(_framed(content, frame, language)) for language in LANGUAGES)
    if length > TEXT:
        frames = length - _length(content.html)
        raise TooLong(_length(content.html), TEXT - frames)


def check_weight(bytes_: int | None) -> None:
    """Raises HeavyFile."""
    megabytes = (bytes_ or 0) / 1_000_000
    if megabytes > HEAVIEST:
        raise HeavyFile(megabytes, HEAVIEST)


def blanks_in(content: Content) -> list[str]:
    """Which blanks stand in it, in the order of BLANKS."""
    written = " ".join([content.html, *(file.html for file in content.files)])
    return [name for name in BLANKS if name in _BLANK.findall(written)]


def messages_of(content: Content, frame: Frame, *, is_public: bool = False) -> int:
    """How many messages it takes, as Telegram counts them, in the language in which it takes most."""
    each = (steps(content, frame, language, is_public=is_public) for language in LANGUAGES)
    return max(sum(step.cost for step in some) for some in each)


def _check_blanks(content: Content) -> None:
    for written in (content.html, *(file.html for file in content.files)):
        names = _BLANK.findall(written)
        if unknown := next((name for name in names if plain(name) not in BLANKS), None):
            raise UnknownBlank(plain(unknown))
        # One that is there for the eye only has a tag between its braces.
        if any(name not in BLANKS for name in names) or len(_BLANK.findall(_TAG.sub("", written))) != len(names):
            raise BrokenBlank(say("broadcast.broken_blank"))
        left = plain(_BLANK.sub(" ", written))
        if (at := next((place for place, letter in enumerate(left) if letter in "{}"), None)) is not None:
            raise BrokenBlank(say("broadcast.loose_brace", near=left[max(0, at - 10) : at + 20].strip()))
    if found := next((link for link in content.buttons if set("{}") & set(link.label)), None):
        raise BrokenBlank(say("broadcast.brace_in_button", label=found.label))


def _length(written: str) -> int:
    """UTF-16 units as people will see them, each blank at its longest."""
    return units(plain(_BLANK.sub("x" * BLANK_LIMIT, written)))


def _framed(content: Content, frame: Frame, language: str) -> str:
    key = "broadcast.framed" if content.html else "broadcast.frame"
    blanks = {"office": frame.office, "code": frame.code, "username": frame.username}
    text: Html | Sentence = Html(content.html)
    if frame.corrected_on is not None:
        text = say("broadcast.corrected_text", text=text, date=Date(str(frame.corrected_on)))
    return say(key, text=text, **blanks).in_language(language)


def steps(
    content: Content,
    frame: Frame,
    language: str,
    *,
    is_public: bool = False,
    is_silent: bool = False,
    is_pinned: bool = False,
) -> list[Step]:
    """The calls that send *content* to one who reads *language*, in order.

    *is_public*: to a channel or group, where buttons are links. A text that does not fit under its file follows it;
    so does the text of an album and of a place, since neither carries buttons.
    """
    text = _framed(content, frame, language)
    markup = keyboard(_buttons(content, frame, is_public=is_public), language)
    quiet = {"disable_notification": True} if is_silent else {}
    said = {"text": text, "parse_mode": "HTML", "link_preview_options": NO_PREVIEW, "reply_markup": markup, **quiet}
    message = Step("send_message", said, text="text")
    pin = [Step(PIN, {"disable_notification": True}, cost=0)] if is_pinned else []
    if content.place:
        latitude, longitude = content.place
        return [Step("send_location", {"latitude": latitude, "longitude": longitude, **quiet}), message, *pin]
    if len(content.files) > 1:
        media = [_item(file) for file in content.files]
        return [Step(ALBUM, {"media": media, **quiet}, cost=len(media)), message, *pin]
    if not content.files:
        return [message, *pin]
    (file,) = content.files
    if _length(text) > CAPTION:
        return [Step(FILES[file.kind], {file.kind: file.file_id, **quiet}), message, *pin]
    under = {"caption": text, "parse_mode": "HTML", "reply_markup": markup}
    return [Step(FILES[file.kind], {file.kind: file.file_id, **under, **quiet}, text="caption"), *pin]


def _item(file: File) -> dict[str, Any]:
    caption = {"caption": file.html, "parse_mode": "HTML"} if file.html else {}
    return {"type": file.kind, "media": file.file_id, **caption}


def _buttons(content: Content, frame: Frame, *, is_public: bool) -> list[list[Button]]:
    rows = [[_button(link, frame, is_public=is_public)] for link in content.buttons]
    if is_public:
        return [*rows, [Button(say("button.to_bot"), url=f"https://t.me/{frame.username}")]]
    return [*rows, [Button(say("button.hear_less"), "follow_less", frame.topic)]]


def _button(link: Link, frame: Frame, *, is_public: bool) -> Button:
    if link.training_id is None:
        return Button(link.label, url=link.url)
    if is_public:
        return Button(link.label, url=f"https://t.me/{frame.username}?start=pelatihan_{link.training_id}")
    return Button(link.label, "training", link.training_id)


def arguments_of(step: Step, name: str, business: str, fallbacks: Mapping[str, str], language: str) -> dict[str, Any]:
    """The arguments of *step* with one person's own values in its blanks."""
    arguments = dict(step.arguments)
    if step.text:
        arguments[step.text] = filled(arguments[step.text], name, business, fallbacks, language)
    elif step.method == ALBUM:
        arguments["media"] = [
            {**item, "caption": filled(item["caption"], name, business, fallbacks, language)}
            if "caption" in item
            else item
            for item in arguments["media"]
        ]
    return arguments


def filled(written: str, name: str, business: str, fallbacks: Mapping[str, str], language: str) -> str:
    """*written* (HTML) with one person's own values in its blanks."""
    if "{" not in written:
        return written
    values = {"nama": name, "usaha": business}

    def value(found: re.Match[str]) -> str:
        blank = found[1]
        own = values.get(blank) or fallbacks.get(blank) or _ours(blank).in_language(language)
        return html.escape(own if len(own) <= BLANK_LIMIT else cut(own, BLANK_LIMIT), quote=False)

    return _BLANK.sub(value, written)


def _ours(blank: str) -> Sentence:
    return say(f"broadcast.blank_{blank}")


def for_whatsapp(content: Content, frame: Frame) -> str:
    """Plain text to be copied elsewhere: no formatting, no blanks, with the code and where it can be checked."""
    written = "\n\n".join(part for part in (*(file.html for file in content.files), content.html) if part)
    text = _without_format(filled(written, "", "", content.fallbacks, LANGUAGES[0]))
    links = [f"{link.label}: {address_of(link, frame)}" for link in content.buttons]
    check_it = f"https://t.me/{frame.username}?start=cek_{frame.code.replace('-', '')}"
    words = {"office": frame.office, "text": text, "code": frame.code, "link": check_it}
    told = plain(say("broadcast.whatsapp", **words).in_language(LANGUAGES[0]))
    return "\n\n".join([told, *links]) if links else told


def _without_format(written: str) -> str:
    """Plain text that still says where each link leads, and what is struck through, as WhatsApp marks it."""

    def shown(found: re.Match[str]) -> str:
        url, label = html.unescape(found[1]), plain(found[2]).strip()
        says_so = label.rstrip("/") in {url.rstrip("/"), url.partition("://")[2].rstrip("/")}
        return found[2] if says_so else f"{found[2]} ({found[1]})"

    return plain(_STRUCK.sub(r"~\1~", _LINKED.sub(shown, written)))


def address_of(link: Link, frame: Frame) -> str:
    if link.training_id is None:
        return link.url
    return f"https://t.me/{frame.username}?start=pelatihan_{link.training_id}"
