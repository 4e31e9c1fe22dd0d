"""A message as words to be compared: what copying, forwarding and phones change of it by themselves is taken off."""

import html
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

LONGEST = 5_000
"""Characters that are compared: more than one message of Telegram's holds."""

TARGET, ENDS = "\x01", "\x02"
CODE = "#code"
BLANK = "#blank"

_LINKED = re.compile(r'<a href="([^"]*)">(.*?)</a>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\u20e3]"
)
_FORWARDED = re.compile(
    r"^[\W_]*(?:(?:pesan\s+)?(?:diteruskan|forwarded)(?:\s+(?:berkali-kali|many times|message))?|fwd?|fw)\s*:?[\W_]*$"
    r"|^[\W_]*(?:diteruskan dari|forwarded from)\b.*$",
    re.IGNORECASE | re.MULTILINE,
)
_CORRECTED = re.compile(
    r"(?:✏|^)[^\w\n]*(?:diralat|corrected on)\s+\d{1,2}\s+[^\W\d]+\s+\d{4}(?!\d)", re.IGNORECASE | re.MULTILINE
)
"""What stands below words that we corrected."""

_FROM_CHAT = re.compile(
    r"^\s*(?:\[[\d/.:, \-]{6,24}(?:\s?[ap]m)?\]\s?|\d{1,2}/\d{1,2}/\d{2,4},? \d{1,2}[.:]\d{2}(?:\s?[ap]m)? - )"
    r"[^:\n]{1,40}: ?",
    re.IGNORECASE | re.MULTILINE,
)
"""What WhatsApp puts before messages that are copied together, or exported: when, and who."""

_LABELLED_CODE = re.compile(
    r"((?:kode\s+asli|genuine\s+code)[^0-9A-Za-z\n]{0,6})"
    r"(?=[0-9A-Za-z \-‐-―−.]{0,13}\d|[A-Z]{4,6}-)[0-9A-Za-z]{4,6}[ \-‐-―−.]{0,3}[0-9A-Za-z]{4,6}(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_CHECK_LINK = re.compile(r"([?&]start=cek)_[\w-]*", re.IGNORECASE)

_ENDINGS = (
    *("id", "com", "net", "org", "me", "link", "site", "xyz", "info", "online", "co", "io", "app", "top"),
    *("click", "ly", "gl", "shop", "store", "biz", "cc", "ru", "tk", "ml", "us", "my", "sg", "live"),
    *("page", "web", "dev", "vip", "win"),
)
_TOKEN = re.compile(
    # First what most are: letters only, between blanks. Looking for a link at each of them takes three times as long.
    r"(?P<plain>(?<!\S)[\"'(*_~“‘]{0,4}[^\W\d_]+[\"')*_~.,;:!?…”’]{0,5}(?!\S))"
    rf"|(?P<target>{TARGET}[^{ENDS}]*{ENDS})"
    r"|(?P<code>#code\b)"
    r"|(?P<blank>\{(?:nama|usaha)\})"
    r"|(?P<link>(?:https?://|www\.)[^\s<>\"{}]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+|@\w{4,}"
    rf"|(?<![\w@.])[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:{'|'.join(_ENDINGS)})(?![\w-])(?:/[^\s<>\"{{}}]*)?)"
    r"|(?P<date>(?<!\d)\d{1,2}(?P<sep>[-/.])\d{1,2}(?P=sep)(?:20)?\d{2}(?![\d.:,]\d|\d))"
    r"|(?P<long>(?<![\d.,])(?:\+\s?)?\d(?:[ \-‐-―().]{0,2}\d){8,}(?![\d]))"
    r"|(?P<struck>(?:•[\s.\-‐-―]{0,3}){4,})"
    r"|(?P<number>\d+(?:[.,:]\d+)*%?)"
    r"|(?P<word>[^\W\d_]+(?:['’ʼ`´][^\W\d_]+)*)",
    re.IGNORECASE,
)
_ORDINARY = re.compile(rf"{TARGET}[^{ENDS}]*{ENDS}|(?:https?://|www\.)\S+|\S*@\S+|\{{\w+\}}|([^\W\d_]+)")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_NOT_DIGIT = re.compile(r"\D+")
_APOSTROPHES = re.compile(r"['’ʼ`´]")
_AROUND = ".,;:!?…()[]{}'\"*_~<>«»“”‘’"
_MARKS = "*_~"
"""WhatsApp's formatting."""

_COUNTRY = "62"
_SHORTEST_PHONE = 10


class Word(NamedTuple):
    """One thing that is compared with its counterpart."""

    shown: str
    key: str
    """Equal for what says the same."""
    kind: str = "word"
    """word, link, number (of any kind: a date, an amount, an account), code or blank."""
    is_optional: bool = False
    """Of ours: it may be missing, since it is our frame or got lost on the way."""


def words(written: str, codes: Iterable[str] = (), *, has_blanks: bool = False) -> list[Word]:
    """The words of a text in Telegram's HTML.

    *codes*: what stands in it, as it was written, for a code of ours. *has_blanks*: it is ours, before it is filled.
    """
    text = _plain(written[: LONGEST * 3])
    text = _CORRECTED.sub("", _FROM_CHAT.sub("", _FORWARDED.sub("", text)))
    text = _LABELLED_CODE.sub(rf"\1 {CODE} ", text)
    for code in codes:
        first, _, second = code.partition("-")
        text = re.sub(
            rf"(?<![0-9A-Za-z_]){first}[ \-‐-―−.]{{0,3}}{second}(?![0-9A-Za-z])", f" {CODE} ", text, flags=re.I
        )
    found = (_word(match) for match in _TOKEN.finditer(text[:LONGEST]))
    return [word for word in found if has_blanks or word.kind != "blank"]


def plain_words(written: str) -> list[str]:
    """The keys of the ordinary words of our own text alone, in a tenth of the time: no links, numbers or blanks."""
    text = _APOSTROPHES.sub("", _plain(written)).casefold()
    return [found for found in _ORDINARY.findall(text) if found]


def readable(written: str) -> str:
    """A text in Telegram's HTML without it, each link's address behind its label."""
    text = _plain(written).replace(f" {TARGET}", f" ({TARGET}").replace(f"{ENDS} ", f"{ENDS})")
    return text.replace(TARGET, "").replace(ENDS, "").strip()


def without_dangers(text: str, instead: str) -> str:
    """*text* with *instead* for each link, and bullets for each number that one could call or pay to."""

    def harmless(found: re.Match[str]) -> str:
        match found.lastgroup:
            case "link" | "target":
                return instead
            case "long":
                return "•" * 8
        return found[0]

    return _TOKEN.sub(harmless, text)


def optional(those: Iterable[Word]) -> list[Word]:
    """The same, though they may be missing."""
    return [word._replace(is_optional=True) for word in those]


def _plain(written: str) -> str:
    """Without tags; where a link leads stands behind its label, unless the label says so."""
    text = _UNSEEN.sub("", written)
    text = html.unescape(_TAG.sub("", _LINKED.sub(_behind_label, text)))
    return unicodedata.normalize("NFKC", text)


def _behind_label(found: re.Match[str]) -> str:
    url, label = html.unescape(found[1]), html.unescape(_TAG.sub("", found[2]))
    return found[2] if _link_key(url) == _link_key(label.strip()) else f"{found[2]} {TARGET}{url}{ENDS} "


def _word(match: re.Match[str]) -> Word:
    kind, shown = str(match.lastgroup), match[0].strip()
    match kind:
        case "plain":
            made = Word(shown.strip(_MARKS), _APOSTROPHES.sub("", shown.strip(_AROUND)).casefold())
        case "target":
            # Where one copies the text without its formatting, only the label is left.
            made = Word(shown[1:-1], _link_key(shown[1:-1]), "link", is_optional=True)
        case "link":
            made = Word(shown.rstrip(_AROUND), _link_key(shown.rstrip(_AROUND)), "link")
        case "code":
            made = Word("", CODE, "code", is_optional=True)
        case "blank":
            made = Word(shown, BLANK, "blank")
        case "word":
            made = Word(shown, _APOSTROPHES.sub("", shown).casefold())
        case _:
            made = Word(shown, _number_key(kind, shown), "number")
    return made


def _link_key(link: str) -> str:
    key = re.sub(r"^(?:https?://)?(?:www\.)?", "", link.strip().casefold()).rstrip("/")
    return _CHECK_LINK.sub(r"\1", key)


def _number_key(kind: str, shown: str) -> str:
    if kind == "date":
        day, month, year = (part.lstrip("0") for part in re.split(r"[-/.]", shown))
        return f"{day}-{month}-{year[-2:]}"
    if kind == "long":
        digits = _NOT_DIGIT.sub("", shown)
        is_phone = digits.startswith(_COUNTRY) and len(digits) >= _SHORTEST_PHONE
        return f"0{digits[2:]}" if is_phone else digits
    if kind == "struck":
        return "•" * shown.count("•")
    if _THOUSANDS.fullmatch(shown):
        return _NOT_DIGIT.sub("", shown)
    return shown.replace(",", ".").replace(":", ".")
