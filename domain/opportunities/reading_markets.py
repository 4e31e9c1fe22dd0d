"""The country a post sells to: where buyers are, not where guests come from or what goods and dishes are called by."""

import re

from domain.district import District
from domain.opportunities.kinds import HOME, OTHER
from domain.opportunities.reading_words import HOME_WORDS, OTHER_COUNTRIES, places

_THERE_COUNTS = 3
"""What a country counts that buyers come from or goods go to, where another counts once."""
_NEAR = 30
_FROM_THERE = re.compile(
    r"(?:\b(?:dari|asal|ke|pasar|tujuan|negara|to|from|seka|saka|menyang)\s+(?:(?:negara|pasar|the)\s+)?)$",
    re.IGNORECASE,
)
_BUYER = (
    r"(?:buyers?|pembeli|importers?|importir|retailers?|toko|market|company|companies|perusahaan|distributors?|brands?"
    r"|klien|customers?)"
)
_BUYER_BEFORE, _BUYER_AFTER = (
    re.compile(
        rf"\b(?:{_BUYER}\s+|(?:ekspor|exports?)\s+(?:\w+\s+){{0,2}}?)(?:(?:in|di|ing|ning|utk|untuk|kanggo)\s+)?"
        r"(?:(?:negara|the)\s+)?$",
        re.IGNORECASE,
    ),
    re.compile(rf"(?:[\s-]+based)?\s+{_BUYER}\b", re.IGNORECASE),
)
_GUEST = (
    r"(?:tamu|peserta|pengunjung|delegasi|juri|narasumber|pembicara|mahasiswa|pelajar|turis|wisatawan|rombongan|dihadiri|ditekani"
    r"|bintang|artis|guests?|visitors?|delegates?|delegations?|speakers?|participants?|tourists?)"
)
_TRIP = (
    r"(?:hadiah\w*|bonus|doorprize|liburan|wisata|jalan-?\s?jalan|studi\s+banding|magang|beasiswa|trip"
    r"|tiket|prizes?|plesir)"
)
_TRADE = (
    rf"(?:{_BUYER}|ekspor|exports?|misi\s+dagang|trade\s+missions?|business\s+matching"
    r"|(?:pameran|e[kx]spo|fair|exhibition)\s+(?:\w+\s+){0,3}(?:di|ke|in)\b)"
)
_WHO = re.compile(rf"\b(?:(?P<guest>{_GUEST}|{_TRIP})|{_TRADE})\b", re.IGNORECASE)
"""Who comes from there, or what leads there: the last one that is said decides."""
_FURTHEST_WHO = 80
_SENTENCE_ENDS = re.compile(r"[.!?;\n]")
_GOODS_BEFORE = re.compile(
    r"\b(?:ayam|daging|kebab|ubi|tauge|kecambah|timun|mentimun|lobak|jeruk|apel|pir|petai|pete|kacang|sawi|cabai|cabe|lombok|kelor"
    r"|bunga|kembang|ikan|kucing|permen|bolu|roti|es|teh|tahu|kasur|bumbu|saus|mi|mie|nasi|sepeda|motor|mobil|mesin|film|drama"
    r"|kampung|kampoeng|rumah\s+makan|gedung|jalan)\s+$",
    re.IGNORECASE,
)
"""What bears a country's name here: a turkey ("ayam turki"), a quarter, a machine."""
_CALLED_AFTER = re.compile(r"[\s-]*(?:town|food)\b", re.IGNORECASE)
_IS_INITIALS = 2
"""Letters of "UK" and "US", which are words of other meanings in small letters."""


def market_in(text: str, district: District) -> str | None:
    """The country named most, one that buyers come from or goods go to before others; "home" where that is said."""
    others = list(places(OTHER_COUNTRIES, text))
    theirs = {place for found in others for place in range(found.start(), found.end())}
    score: dict[str, tuple[int, int]] = {}
    for code, words in district.country_words.items():
        for found in places(words, text):
            # "Korea Utara" is another than the Korea that is meant by itself.
            if found.start() in theirs or not _is_meant(text, found):
                continue
            is_there = _FROM_THERE.search(text[max(0, found.start() - _NEAR) : found.start()])
            before, first = score.get(code, (0, -found.start()))
            score[code] = before + (_THERE_COUNTS if is_there else 1), first
    if score:
        return max(score, key=lambda code: score[code])
    if any(_is_of_trade(text, found) and _is_meant(text, found) for found in others):
        return OTHER
    return HOME if any(places(HOME_WORDS, text)) else None


def _is_meant(text: str, country: re.Match[str]) -> bool:
    """Whether the country itself is, and not for its guests."""
    before = text[max(0, country.start() - _FURTHEST_WHO) : country.start()]
    sentence = _SENTENCE_ENDS.split(before)[-1]
    said = [found["guest"] for found in _WHO.finditer(sentence)]
    is_trade_after = _BUYER_AFTER.match(text[country.end() : country.end() + _NEAR])
    if (said and said[-1] and not is_trade_after) or _CALLED_AFTER.match(text, country.end()):
        return False
    if len(country[0]) <= _IS_INITIALS and not (country[0].isupper() and _is_of_trade(text, country)):
        return False
    return not _GOODS_BEFORE.search(sentence) or bool(_FROM_THERE.search(sentence))


def _is_of_trade(text: str, country: re.Match[str]) -> bool:
    """Whether goods go there or somebody there buys: a country is named for much else."""
    before, after = text[max(0, country.start() - _NEAR) : country.start()], text[country.end() : country.end() + _NEAR]
    return bool(_FROM_THERE.search(before) or _BUYER_BEFORE.search(before) or _BUYER_AFTER.match(after))
