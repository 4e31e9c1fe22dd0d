"""The languages' own words for what an opportunity is, asks and gives; a district's are in its file."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

KIND_WORDS: dict[str, tuple[str, ...]] = {
    "buyer": (
        *("buyer", "pembeli", "dicari", "mencari", "cari", "dibutuhkan", "membutuhkan", "butuh", "supplier"),
        *("pemasok", "suplier", "suppliers", "sourcing", "looking for", "seeks", "seeking", "wanted"),
        *("nyari", "golek", "nggoleki", "digoleki", "permintaan produk", "order rutin", "suplai"),
        *("business matching", "temu bisnis", "rfq", "request for quotation"),
    ),
    "fair": (
        *("pameran", "bazar", "bazaar", "expo", "ekspo", "fair", "exhibition", "trade show", "festival"),
        *("booth", "stan", "stand", "tenant", "gelar produk", "pasar murah", "pasar tani", "pasar rakyat"),
        *("car free day", "cfd"),
    ),
    "tender": (
        *("tender", "lelang", "e-katalog", "katalog elektronik", "e-catalogue", "e-purchasing", "pengadaan"),
        *("lpse", "lkpp", "procurement", "penunjukan langsung", "surat penawaran"),
    ),
    "export": (
        *("ekspor", "export", "eksportir", "exporter", "importir", "importer", "importers"),
        *("pasar luar negeri", "misi dagang", "trade mission"),
    ),
    "contest": (
        *("lomba", "kompetisi", "sayembara", "kontes", "competition", "contest", "award", "awards"),
        *("kejuaraan", "challenge", "balapan"),
    ),
}
"""Those of an event or a tender say more than those of who seeks or sells there: see SHARP."""

SHARP = ("tender", "contest", "fair")
"""Kinds whose words are seldom said of anything else."""

NEED_WORDS: dict[str, tuple[str, ...]] = {
    "nib": ("nib", "nomor induk berusaha", "business identification number"),
    "halal": ("halal",),
    "pirt": ("pirt", "p-irt", "spp-irt", "pangan industri rumah tangga"),
}

HOME_WORDS = (
    "dalam negeri",
    "domestik",
    "pasar lokal",
    "pasar nasional",
    "domestic",
    "local market",
    "e-katalog",
    "lkpp",
)
"""What is sold in this country."""

OTHER_COUNTRIES = (
    *("belanda", "netherlands", "holland", "dutch", "jerman", "germany", "german", "prancis", "perancis", "france"),
    *("french", "italia", "italy", "italian", "spanyol", "spain", "spanish", "belgia", "belgium", "swiss", "polandia"),
    *("eropa", "uni eropa", "europe", "european", "rusia", "russia", "kanada", "canada", "canadian", "meksiko"),
    *("brasil", "brazil", "chili", "arab saudi", "saudi", "saudi arabia", "dubai", "uni emirat arab", "uea", "uae"),
    *("qatar", "kuwait", "oman", "yordania", "mesir", "egypt", "maroko", "timur tengah", "middle east", "nigeria"),
    *("afrika", "afrika selatan", "africa", "singapura", "singapore", "thailand", "vietnam", "filipina", "philippines"),
    *("brunei", "brunei darussalam", "timor leste", "kamboja", "hong kong", "pakistan", "bangladesh", "sri lanka"),
    *("selandia baru", "new zealand", "iran", "irak", "korea utara", "north korea", "papua nugini", "guinea"),
)
"""Countries and regions that are led to now and then; those a district names are its own."""

_SAID_OTHERWISE = re.compile(
    r"barang\s*(?:dan|&|/|-)?\s*jasa|halal\s+bi\s*(?:-\s*)?halal|bahasa\s+\w+|(?<!\w)\w{1,20}\s+language"
    r"|(?:gratis|free|dapat|disediakan|tersedia|plus)\s+snack|snack\s+box|\b(?:resto(?:ran)?|masakan|menu|kedai|ala|gaya)\s+\w+",
    re.IGNORECASE,
)
"""Words of ours that mean something else there."""

_TURNED = re.compile(
    r"(?:\b(?:bukan|tanpa|kecuali|selain|non|dudu|except|without|no)|\b(?:tidak|tdk|gak|ga|nggak|ora|not)\s+"
    r"(?:perlu|harus|wajib|usah|required)|\bbelum)[\s-]+(?:(?:punya|memiliki|ada|sertifikat|izin|harus|produk)\s+){0,2}$",
    re.IGNORECASE,
)
"""What stands before a word that is not meant."""
_TURNED_AFTER = re.compile(
    r"\s+(?:(?:tidak|tdk|gak|ga|nggak|ora|not)\s+(?:di)?(?:perlu(?:kan)?|harus|wajib|usah|required|needed)|bukan\s+syarat)\b",
    re.IGNORECASE,
)
"""What stands after one."""


def without_other_meanings(text: str) -> str:
    """*text* with blanks where our words mean something else: each word stays where it was."""
    return _SAID_OTHERWISE.sub(lambda found: " " * len(found[0]), text)


def places(words: tuple[str, ...], text: str) -> Iterator[re.Match[str]]:
    """Where one of *words* stands in *text* and is meant: no more than the first so many."""
    meant = (found for found in pattern(words).finditer(text) if _is_meant(text, found)) if words else ()
    yield from islice(meant, _MOST_PLACES)


_MOST_PLACES = 100
"""More of them are no post's, and only cost time."""


def _is_meant(text: str, found: re.Match[str]) -> bool:
    is_turned = _TURNED.search(text[max(0, found.start() - 50) : found.start()])
    return not is_turned and not _TURNED_AFTER.match(text, found.end())


@lru_cache(maxsize=256)
def pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of *words* as a whole one, the longest first; between its parts a blank, a dash or nothing."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(_spelt(words))})(?:-?nya)?(?!\w)", re.IGNORECASE)


def _spelt(words: Iterable[str]) -> Iterator[str]:
    for word in sorted(words, key=len, reverse=True):
        yield r"[\s.–-]{0,2}".join(re.escape(part) for part in re.split(r"[\s-]+", word) if part)
