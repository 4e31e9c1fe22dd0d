"""An opportunity read out of any post: what goes round in groups, as it was written; what is not said stays open."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

from domain.district import District
from domain.opportunities import reading_deadline
from domain.opportunities.kinds import OTHER
from domain.opportunities.reading_capacity import capacity_in
from domain.opportunities.reading_lines import cleaned, place_in, sought_in, source_in, title_in
from domain.opportunities.reading_links import link_in, without_links, without_wide_gaps
from domain.opportunities.reading_markets import market_in
from domain.opportunities.reading_words import (
    KIND_WORDS,
    NEED_WORDS,
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


def read(text: str, links: Sequence[str], district: District, now: datetime, written: datetime | None = None) -> Found:
    """What *text* says, and the addresses hidden under its words (*links*); for whatever text it may be.

    *written*: when it was, as far as that is known; a year that was left out is guessed from it.
    """
    shown = cleaned(text)
    plain = without_wide_gaps(without_links(shown))
    meant = without_other_meanings(plain)
    title = title_in(plain, district)
    market = market_in(meant, district)
    return Found(
        title=title,
        sought=sought_in(plain, district),
        kind=_kind(meant, market, district),
        products=_products(meant, district),
        market=market,
        needs=tuple(key for key, words in NEED_WORDS.items() if any(places(words, meant))) or None,
        capacity=capacity_in(plain),
        kecamatan=_kecamatan(plain, district),
        place=place_in(plain),
        deadline=reading_deadline.deadline(plain, ZoneInfo(district.timezone), now, written),
        source=source_in(plain),
        link=link_in(shown, links),
    )


# What is chosen of a list.

_TITLE_COUNTS = 3
"""What a word of the first lines counts, where one further down counts once."""
_FIRST_LINES = 160


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


_ONLY_FOR = re.compile(
    r"\b(?:khusus|hanya|domisili|berdomisili|warga|only\s+for|kanggo|(?:untuk|bagi)\s+(?:warga|pelaku|umkm|ikm|pengrajin|perajin|usaha))\b",
    re.IGNORECASE,
)
_KEC = re.compile(r"\bkec(?:amatan)?\.?\s*$", re.IGNORECASE)
_CALLED_AFTER = re.compile(
    r"\b(?:pasar|jalan|jln?\.?|gang|gg\.?|stasiun|terminal|pelabuhan|hotel|toko|plaza|mall?|desa|ds\.?|dusun|waduk|pantai|gor|masjid)\s*$",
    re.IGNORECASE,
)
"""Before a name that a market, a street or a village bears too."""
_MOST_CUES, _FURTHEST_NAME = 10, 200


def _kecamatan(text: str, district: District) -> tuple[str, ...] | None:
    """Those named where it is said for whom alone it is; one that is called as the district only as a kecamatan."""
    names = {_letters(name): name for name in district.kecamatan}
    found: set[str] = set()
    for cue in islice(_ONLY_FOR.finditer(text), _MOST_CUES):
        behind = text[cue.end() : cue.end() + _FURTHEST_NAME]
        sentence = re.split(r"\n|(?<![kK]ec)[.!;](?:\s|$)", behind, maxsplit=1)[0]
        for named in pattern(tuple(name.lower() for name in district.kecamatan)).finditer(sentence):
            name, before = names.get(_letters(named[0])), sentence[: named.start()]
            is_name = named[0][0].isupper() and name != district.short_name and not _CALLED_AFTER.search(before)
            if name and (is_name or _KEC.search(before)):
                found.add(name)
    return tuple(name for name in district.kecamatan if name in found) or None


def _letters(name: str) -> str:
    return "".join(letter for letter in name.lower().removesuffix("nya") if letter.isalpha())
