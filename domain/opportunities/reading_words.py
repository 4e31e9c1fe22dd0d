"""The languages' own words for what an opportunity is, asks and gives; a district's are in its file."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

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

_SAID_OTHERWISE = re.compile(
    r"barang\s*(?:dan|&|/|-)?\s*jasa|halal\s+bi\s*-?\s*halal|bahasa\s+\w+|\w+\s+language"
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


def without_other_meanings(text: str) -> str:
    """*text* with blanks where our words mean something else: each word stays where it was."""
    return _SAID_OTHERWISE.sub(lambda found: " " * len(found[0]), text)


def places(words: tuple[str, ...], text: str) -> Iterator[re.Match[str]]:
    """Where one of *words* stands in *text* and is meant."""
    if words:
        for found in pattern(words).finditer(text):
            if not _TURNED.search(text[max(0, found.start() - 50) : found.start()]):
                yield found


@lru_cache(maxsize=256)
def pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of *words* as a whole one, the longest first; between its parts a blank, a dash or nothing."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(_spelt(words))})(?:-?nya)?(?!\w)", re.IGNORECASE)


def _spelt(words: Iterable[str]) -> Iterator[str]:
    for word in sorted(words, key=len, reverse=True):
        yield r"[\s.–-]{0,2}".join(re.escape(part) for part in re.split(r"[\s-]+", word) if part)
