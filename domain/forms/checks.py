"""What people type into a form, made clean, or refused with the sentence that helps."""

import re
import unicodedata
from collections.abc import Mapping

from domain.errors import Unfit
from messages import LANGUAGES, Number, Sentence, say

MASKED = 16
"""So many bullets are an identity number that was struck before it was stored (`bot.identity_numbers`)."""

_UNSEEN = {"Cc", "Cf", "Cs", "Cn", "Co"}
_BETWEEN_ITEMS = re.compile(r"[,;\n•]+")
_BEFORE_ITEM = re.compile(r"^\s*(?:[-*–]|\d{1,2}[.)])\s*")
_OF_AN_AREA = re.compile(r"^(?:kecamatan|kec\.?)\s+")


def words(text: str, most: int) -> str:
    """*text* in one line, as it was typed but for what cannot be seen. Raises Unfit for what holds no words."""
    return _words(cleaned(text), most)


def items(text: str, most: int, longest: int) -> list[str]:
    """What *text* lists, by commas or lines, each once. Raises Unfit for too many, and as `words`."""
    if text.count("•") >= MASKED:
        raise Unfit(say("form.identity_number"))
    parts = [cleaned(_BEFORE_ITEM.sub("", part)) for part in _BETWEEN_ITEMS.split(text)]
    listed = list({part.casefold(): part for part in parts if part}.values())
    if not listed:
        raise Unfit(say("form.no_words"))
    if len(listed) > most:
        raise Unfit(say("form.too_many", most=Number(most), number=Number(len(listed))))
    return [_words(part, longest) for part in listed]


def one_of(text: str, options: Mapping[str, Sentence | str]) -> str:
    """The value of the option that was typed. Raises Unfit for anything else."""
    if text.count("•") >= MASKED:
        raise Unfit(say("form.identity_number"))
    typed = _OF_AN_AREA.sub("", cleaned(text).casefold())
    for value, label in options.items():
        if typed in {value.casefold(), *_readings(label)}:
            return value
    raise Unfit(say("form.choose"))


def _readings(label: Sentence | str) -> set[str]:
    """What a button may say, in whichever language somebody reads it."""
    if isinstance(label, str):
        return {label.casefold()}
    return {cleaned(label.in_language(language)).casefold() for language in LANGUAGES}


def cleaned(text: str) -> str:
    """*text* composed, on one line, without what shows nowhere or turns the line around."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    kept = "".join(letter for letter in spaced if unicodedata.category(letter) not in _UNSEEN)
    return " ".join(kept.split())


def _words(text: str, most: int) -> str:
    if text.count("•") >= MASKED:
        raise Unfit(say("form.identity_number"))
    if len(text) > most:
        raise Unfit(say("form.too_long", most=Number(most), length=Number(len(text))))
    if not any(letter.isalpha() for letter in text):
        raise Unfit(say("form.no_words"))
    if text.endswith("?"):
        raise Unfit(say("form.is_question"))
    return text
