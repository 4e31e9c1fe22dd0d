"""Every sentence the bot says: one gettext catalogue per language, keyed by journey and moment."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LANGUAGES = ("id", "jv", "en")
FIRST_LANGUAGE = "id"
LINK = re.compile(r"https://[\w.-]+(?:[/?#][^\s<>\"]*)?", re.ASCII)
OTHER_CODES = {"jw": "jv", "jav": "jv"}
"""How some clients call a language of ours: Javanese had another code once, and has one of three letters."""


@dataclass(frozen=True)
class Sentence:
    """A sentence still to be put into someone's language. Its values may be sentences, or tuples of them (lines)."""

    key: str
    values: dict[str, object] = field(default_factory=dict)

    def in_language(self, language: str) -> str:
        """Fill the sentence in, as Telegram's HTML. Values are escaped here, and nowhere else.

        A language we lack becomes the first one. Raises KeyError for a key in no catalogue, or a blank without value.
        """
        language = language if language in LANGUAGES else FIRST_LANGUAGE
        filled = {name: _as_html(value, language) for name, value in self.values.items()}
        return text_of(self.key, language).format(**filled)


def _as_html(value: object, language: str) -> str:
    if isinstance(value, Sentence):
        return value.in_language(language)
    if isinstance(value, Html):
        return value.text
    if isinstance(value, tuple):
        return "\n".join(_as_html(line, language) for line in value)
    if isinstance(value, Date | Day | Duration | Hours | Moment | Number | Rupiah | Weekday):
        return html.escape(value.in_language(language), quote=False)
    return html.escape(str(value), quote=False)


@dataclass(frozen=True)
class Html:
    """Text that is Telegram's HTML already, made by us of somebody's words and their formatting: not escaped again."""

    text: str


@dataclass(frozen=True)
class Button:
    """A button under a message: what it says, and the verb and id that come back when it is tapped, or a link.

    Raises ValueError for both, for neither, and for a link that is not https.
    """

    label: Sentence | str
    verb: str = ""
    id: str | int = ""
    url: str = ""
    """Opened by the client; the bot hears nothing of it, so it works for anybody, in any chat."""

    def __post_init__(self) -> None:
        if bool(self.verb) == bool(self.url):
            raise ValueError(f"the button {self.label!r} needs a verb or a link")
        if self.url and not LINK.fullmatch(self.url):
            raise ValueError(f"the link of button {self.label!r} is none: {self.url!r}")

    @property
    def data(self) -> str:
        return f"{self.verb}:{self.id}"


Buttons = Sequence[Sequence[Button]]
"""Rows of buttons."""


@dataclass(frozen=True)
class Key:
    """A key in the place of the phone's own keyboard: pressed, it sends its words, or the person's own contact."""

    label: Sentence | str
    asks_contact: bool = False


@dataclass(frozen=True)
class Keyboard:
    """Keys, in rows, that stay until another Keyboard comes; one without rows takes them away. Private chats only."""

    rows: Sequence[Sequence[Key]] = ()
    hint: Sentence | None = None
    """Shown where one types, at most 64 characters."""


NO_KEYBOARD = Keyboard()


def say(key: str, **values: object) -> Sentence:
    """The sentence called *key*, with its blanks."""
    return Sentence(key, values)


def text_of(key: str, language: str) -> str:
    """The catalogue's text for *key*, blanks unfilled. Raises KeyError when even the first language has none."""
    for spoken in (language, FIRST_LANGUAGE):
        message = catalogue(spoken).get(key) if spoken in LANGUAGES else None
        # What a translator has not got to yet is empty, and is better read in the first language than not at all.
        if message is not None and message.string:
            return str(message.string)
    raise KeyError(f"no sentence {key!r} in the catalogue")


def language_of_client(code: str | None) -> str:
    """The language for a client that names its own as Telegram does ("en", "en-GB"); the first one when unknown.

    Malay and Sundanese clients are met in Indonesian too, since their speakers here read it.
    """
    spoken = re.split("[-_]", str(code or "").lower(), maxsplit=1)[0]
    spoken = OTHER_CODES.get(spoken, spoken)
    return spoken if spoken in LANGUAGES else FIRST_LANGUAGE


@cache
def catalogue(language: str) -> Catalog:
    """Read as it stands in the tree: translators edit the .po file, and nothing needs compiling."""
    with Path(__file__).with_name(f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


# At the end, since they write dates and numbers in the languages above.
from messages.formats import Date, Day, Duration, Hours, Moment, Number, Rupiah, Weekday  # noqa: E402 -- see the line above

__all__ = [
    "FIRST_LANGUAGE",
    "LANGUAGES",
    "NO_KEYBOARD",
    "Button",
    "Buttons",
    "Date",
    "Day",
    "Duration",
    "Hours",
    "Html",
    "Key",
    "Keyboard",
    "Moment",
    "Number",
    "Rupiah",
    "Sentence",
    "Weekday",
    "catalogue",
    "language_of_client",
    "say",
    "text_of",
]
