"""An opportunity read out of any post: what goes round in groups, as it was written; what is not said stays open."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.district import District
from domain.opportunities import reading_days
from domain.opportunities.reading_lines import cleaned, place_in, sought_in, source_in, title_in
from domain.opportunities.reading_words import (
    HOME_WORDS,
    KIND_WORDS,
    NEED_WORDS,
    SHARP,
    pattern,
    places,
    without_other_meanings,
)
from messages import LINK

LONGEST_LINK = 500
"""Characters."""


@dataclass(frozen=True)
class Found:
    """What was read; None for what is not said."""

    title: str | None = None
    sought: str | None = None
    kind: str | None = None
    products: tuple[str, ...] | None = None
    """Keys of the district's sectors, in the order of its file."""
    market: str | None = None
    """"home", or a country's code."""
    needs: tuple[str, ...] | None = None
    capacity: int | None = None
    """Pieces or kilograms a month."""
    kecamatan: tuple[str, ...] | None = None
    """Those for which alone it is."""
    place: str | None = None
    deadline: datetime | None = None
    """May be over."""
    source: str | None = None
    link: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of those that were read."""
        return tuple(field.name for field in fields(self) if getattr(self, field.name) is not None)


def read(text: str, links: Sequence[str], district: District, now: datetime) -> Found:
    """What *text* says, and the addresses hidden under its words (*links*); for whatever text it may be."""
    shown = cleaned(text)
    plain = _without_links(shown)
    meant = without_other_meanings(plain)
    title = title_in(plain, district)
    market = _market(meant, district)
    return Found(
        title=title,
        sought=sought_in(plain, district),
        kind=_kind(meant, market, district),
        products=_products(meant, district),
        market=market,
        needs=tuple(key for key, words in NEED_WORDS.items() if any(places(words, meant))) or None,
        capacity=_capacity(plain),
        kecamatan=_kecamatan(plain, district),
        place=place_in(plain),
        deadline=reading_days.deadline(plain, ZoneInfo(district.timezone), now),
        source=source_in(plain),
        link=_link(shown, links),
    )


# What is chosen of a list.

_TITLE_COUNTS = 3
"""What a word of the first lines counts, where one further down counts once."""
_FIRST_LINES = 160
_FROM_THERE = re.compile(
    r"(?:\b(?:dari|asal|ke|pasar|tujuan|negara|to|from|seka|saka|menyang)\s+(?:negara\s+|pasar\s+)?)$",
    re.IGNORECASE,
)


def _kind(text: str, market: str | None, district: District) -> str | None:
    """That whose words are said most, the first lines' more; a buyer abroad is one of export."""
    score: dict[str, float] = {}
    for kind, words in KIND_WORDS.items():
        for found in places(words, text):
            weight = _TITLE_COUNTS if found.start() < _FIRST_LINES else 1
            score[kind] = score.get(kind, 0) + weight * (2 if kind in SHARP else 1)
    if not score:
        return None
    kind = max(score, key=lambda one: score[one])
    return "export" if kind == "buyer" and market in district.countries else kind


def _products(text: str, district: District) -> tuple[str, ...] | None:
    return tuple(key for key, words in district.sector_words.items() if any(places(words, text))) or None


def _market(text: str, district: District) -> str | None:
    """The country named most, one that buyers come from or goods go to before others; "home" where that is said."""
    score: dict[str, tuple[int, int]] = {}
    for code, words in district.country_words.items():
        for found in places(words, text):
            is_there = _FROM_THERE.search(text[max(0, found.start() - 30) : found.start()])
            before, first = score.get(code, (0, -found.start()))
            score[code] = before + (_TITLE_COUNTS if is_there else 1), first
    if score:
        return max(score, key=lambda code: score[code])
    return "home" if any(places(HOME_WORDS, text)) else None


_ONLY_FOR = re.compile(
    r"\b(?:khusus|hanya|domisili|berdomisili|warga|only\s+for|kanggo|(?:untuk|bagi)\s+(?:warga|pelaku|umkm|ikm|pengrajin|perajin|usaha))\b",
    re.IGNORECASE,
)
_KEC = re.compile(r"\bkec(?:amatan)?\.?\s*$", re.IGNORECASE)


def _kecamatan(text: str, district: District) -> tuple[str, ...] | None:
    """Those named where it is said for whom alone it is; one that is called as the district only as a kecamatan."""
    found: set[str] = set()
    for cue in _ONLY_FOR.finditer(text):
        sentence = re.split(r"\n|(?<![kK]ec)[.!;](?:\s|$)", text[cue.end() : cue.end() + 200], maxsplit=1)[0]
        for name in district.kecamatan:
            for named in pattern((name.lower(),)).finditer(sentence):
                is_kec = bool(_KEC.search(sentence[: named.start()]))
                if is_kec or (named[0][0].isupper() and name != district.short_name):
                    found.add(name)
    return tuple(name for name in district.kecamatan if name in found) or None


_NUMBER = r"(?P<number>[0-9]{1,3}(?:[.,][0-9]{3}){1,2}|[0-9]{1,7}(?:,[0-9])?)(?![0-9])"
_UNIT = (
    r"(?P<unit>pcs|pc|pieces?|potong|buah|biji|lembar|helai|units?|bungkus|packs?|botol|toples|stel|pasang|kg|kilo(?:gram)?|tons?"
    r"|kuintal|kwintal|kodi|lusin|dozens?)\b"
)
_EACH = (
    r"(?P<each>(?:(?:\s+[^\W\d]+){0,3}\s+|\s*)(?:/|per|setiap|tiap|saben|a|each|se)\s*"
    r"(?P<period>bulan|bln|month|mo|sasi|wulan|minggu|week)\b)"
)
_AMOUNT = re.compile(rf"{_NUMBER}\s*(?P<thousand>ribu|rb|k)?\s*{_UNIT}{_EACH}?", re.IGNORECASE)
_CAN = re.compile(
    r"\b(?:kapasitas|kapasitase|capacity|mampu|sanggup|able\s+to)\b[^\n.;]{0,60}?(?:[0-9.,]+\s*[-–]\s*)?$",
    re.IGNORECASE,
)
_LARGER = {
    "ton": 1000,
    "tons": 1000,
    "kuintal": 100,
    "kwintal": 100,
    "kodi": 20,
    "lusin": 12,
    "dozen": 12,
    "dozens": 12,
}
_WEEKS = 4
_MOST_CAPACITY = 10_000_000


def _capacity(text: str) -> int | None:
    """Of a month; of a week four times it. An amount without either is one where it is said to be what one can make."""
    for found in _AMOUNT.finditer(text):
        if not found["each"] and not _CAN.search(text[max(0, found.start() - 80) : found.start()]):
            continue
        amount = _amount(found["number"]) * (1000 if found["thousand"] else 1) * _LARGER.get(found["unit"].lower(), 1)
        is_weekly = (found["period"] or "").lower() in {"minggu", "week"}
        capacity = int(amount * (_WEEKS if is_weekly else 1))
        if 0 < capacity <= _MOST_CAPACITY:
            return capacity
    return None


def capacity_of(typed: str) -> int | None:
    """A capacity as one types it alone: "500", "1.500 pcs", "1,5 ton sebulan"; None for none."""
    text = " ".join(typed.split())
    if re.fullmatch(_NUMBER, text):
        number = int(_amount(text))
        return number if 0 < number <= _MOST_CAPACITY else None
    return _capacity(f"kapasitas {text}")


def _amount(digits: str) -> float:
    """ "1.000" and "1,000" are a thousand, "1,5" is one and a half."""
    if re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]{3})+", digits):
        return float(re.sub(r"[.,]", "", digits))
    return float(digits.replace(",", "."))


# Its link.

_LINK = re.compile(
    r"(?<![\w@.])(?:https?://[^\s<>\"]+|(?:www\.)?[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,4}"
    r"\.(?:id|com|net|org|gle|ly|me|link|site|info|io|app|gov|jp|uk|au|my|kr|tw|in|cn|tr)(?![\w.-]*@)(?![\w-])(?:/[^\s<>\"]*)?)",
    re.IGNORECASE,
)


_REGISTERS = re.compile(r"(?:daftar|regist|formulir|form|link|apply|submit|klik|tautan|ndaftar)\w*", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"^https?://(?:www\.)?(?:maps\.|goo\.gl/maps|google\.[a-z.]+/maps|wa\.me|api\.whatsapp\.|chat\.whatsapp\.|t\.me|instagram\."
    r"|facebook\.|fb\.|youtu|tiktok\.|x\.com|twitter\.)",
    re.IGNORECASE,
)
_NEAR = 60


_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,64}")


def _without_links(text: str) -> str:
    return _ADDRESS.sub(lambda found: " " * len(found[0]), _LINK.sub(lambda found: " " * len(found[0]), text))


def _link(text: str, links: Sequence[str]) -> str | None:
    """One beside "daftar" first, then those under words, then the others; maps and chats only where nothing else is."""
    ranked: list[tuple[int, str]] = []
    for found in _LINK.finditer(text):
        before = text[max(0, found.start() - _NEAR) : found.start()]
        ranked.append((0 if _REGISTERS.search(before) else 2, found[0]))
    ranked += [(1, link) for link in links[:50]]
    usable = [(rank + (10 if _ELSEWHERE.search(link) else 0), link) for rank, link in _usable(ranked)]
    return min(usable, key=lambda pair: pair[0])[1] if usable else None


def _usable(ranked: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    for rank, typed in ranked:
        link = typed.strip().rstrip(".,;:!?)]}'\"*_~")
        if not re.match(r"https?://", link, re.IGNORECASE):
            link = f"https://{link}"
        if len(link) <= LONGEST_LINK and is_link(link):
            yield rank, link


def is_link(address: str) -> bool:
    """Whether a message may carry it: https, and a host with a dot."""
    return bool(LINK.fullmatch(address)) and "." in address.partition("://")[2].strip(".").partition("/")[0]
