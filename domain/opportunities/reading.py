"""An opportunity read out of any post: what goes round in groups, as it was written; what is not said stays open."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.district import District
from domain.opportunities import reading_days
from domain.opportunities.kinds import OTHER
from domain.opportunities.reading_lines import cleaned, place_in, sought_in, source_in, title_in
from domain.opportunities.reading_links import link_in, without_links
from domain.opportunities.reading_words import (
    HOME_WORDS,
    KIND_WORDS,
    NEED_WORDS,
    OTHER_COUNTRIES,
    SHARP,
    pattern,
    places,
    without_other_meanings,
)


@dataclass(frozen=True)
class Found:
    """What was read; None for what is not said."""

    title: str | None = None
    sought: str | None = None
    kind: str | None = None
    products: tuple[str, ...] | None = None
    """Keys of the district's sectors, in the order of its file."""
    market: str | None = None
    """"home", a country's code, or "other" for a country the district does not name."""
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
    plain = without_links(shown)
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
        link=link_in(shown, links),
    )


# What is chosen of a list.

_TITLE_COUNTS = 3
"""What a word of the first lines counts, where one further down counts once."""
_FIRST_LINES = 160
_FROM_THERE = re.compile(
    r"(?:\b(?:dari|asal|ke|pasar|tujuan|negara|to|from|seka|saka|menyang)\s+(?:negara\s+|pasar\s+)?)$",
    re.IGNORECASE,
)
_BUYER = r"(?:buyers?|pembeli|importers?|importir|retailers?|toko|market|company|perusahaan|distributors?)"
_BUYER_BEFORE, _BUYER_AFTER = (
    re.compile(rf"\b{_BUYER}\s+$", re.IGNORECASE),
    re.compile(rf"\s+{_BUYER}\b", re.IGNORECASE),
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
    return "export" if kind == "buyer" and market in {*district.countries, OTHER} else kind


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
    if any(_is_of_trade(text, found) for found in places(OTHER_COUNTRIES, text)):
        return OTHER
    return "home" if any(places(HOME_WORDS, text)) else None


def _is_of_trade(text: str, country: re.Match[str]) -> bool:
    """Whether goods go there or somebody there buys: a country is named for much else."""
    before, after = text[max(0, country.start() - 30) : country.start()], text[country.end() : country.end() + 20]
    return bool(_FROM_THERE.search(before) or _BUYER_BEFORE.search(before) or _BUYER_AFTER.match(after))


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


_DIGITS = r"[0-9]{1,3}(?:[.,][0-9]{3}){1,2}|[0-9]{1,7}(?:,[0-9])?"
_NUMBER = rf"(?P<number>{_DIGITS})(?![0-9])"
_FROM = (
    rf"(?<![0-9.,/-])(?P<low>{_DIGITS})(?![0-9])\s*(?P<low_thousand>ribu|rb|k)?"
    r"\s*(?:[-–—]|s\.?\s?/?\s?d\.?|sampai|hingga|to)\s*"
)
_UNIT = (
    r"(?P<unit>pcs|pc|pieces?|potong|buah|biji|lembar|helai|units?|bungkus|packs?|botol|toples|stel|pasang|kg|kilo(?:gram)?|tons?"
    r"|kuintal|kwintal|kodi|lusin|dozens?)\b"
)
_PERIODS = {
    4: ("minggu", "week", "weekly"),
    25: ("hari", "dina", "day", "daily"),
    1 / 12: ("tahun", "taun", "thn", "year", "yearly", "annually"),
}
"""By what an amount of each is multiplied to be one of a month: a month has 25 working days."""
_TIMES = {word: times for times, words in _PERIODS.items() for word in words}
_EACH = (
    r"(?:(?:(?:\s+[^\W\d]+){0,3}\s+|\s*)(?:/|per|setiap|tiap|saben|a|each|se)\s*"
    r"(?P<period>bulan|bln|month|mo|sasi|wulan|minggu|week|hari|dina|day|tahun|taun|thn|year)\b"
    r"|\s+(?P<adverb>monthly|weekly|daily|yearly|annually)\b)"
)
_AMOUNT = re.compile(rf"(?:{_FROM})?{_NUMBER}\s*(?P<thousand>ribu|rb|k)?\s*{_UNIT}(?P<each>{_EACH})?", re.IGNORECASE)
_CAN = re.compile(
    r"\b(?:kapasitas|kapasitase|capacity|mampu|sanggup|able\s+to)\b[^\n.;]{0,60}?$",
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
_MOST_CAPACITY = 10_000_000


def _capacity(text: str) -> int | None:
    """Of a month, the least where it is from so many to so many. An amount of no period is one where it is said to be
    what one can make.
    """
    for found in _AMOUNT.finditer(text):
        if not found["each"] and not _CAN.search(text[max(0, found.start() - 80) : found.start()]):
            continue
        amount = _least(found) * _LARGER.get(found["unit"].lower(), 1)
        period = (found["period"] or found["adverb"] or "").lower()
        capacity = int(amount * _TIMES.get(period, 1) + 1e-6)  # a twelfth of 3,600 is 300
        if 0 < capacity <= _MOST_CAPACITY:
            return capacity
    return None


def _least(found: re.Match[str]) -> float:
    most = _amount(found["number"]) * (1000 if found["thousand"] else 1)
    if not found["low"]:
        return most
    # "5-10 ribu" is from five thousand on.
    least = _amount(found["low"]) * (1000 if found["low_thousand"] or found["thousand"] else 1)
    return least if 0 < least < most else most


def capacity_of(typed: str) -> int | None:
    """A capacity as one types it alone: "500", "1.500 pcs", "300 per hari", "1,5 ton sebulan"; None for none."""
    text = " ".join(typed.split())
    if bare := _AMOUNT_ALONE.fullmatch(text):
        text = f"{bare['amount']} pcs {bare['rest'] or ''}"
    return _capacity(f"kapasitas {text}")


_AMOUNT_ALONE = re.compile(rf"(?P<amount>(?:{_FROM})?{_NUMBER}\s*(?:ribu|rb|k)?)(?P<rest>{_EACH})?", re.IGNORECASE)


def _amount(digits: str) -> float:
    """ "1.000" and "1,000" are a thousand, "1,5" is one and a half."""
    if re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]{3})+", digits):
        return float(re.sub(r"[.,]", "", digits))
    return float(digits.replace(",", "."))
