"""The lines of a post: its title, and what stands behind a word that names it; said, not shouted."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice

from domain.district import District
from domain.opportunities import reading_days
from domain.opportunities.reading_words import pattern

LONGEST = 5_000
"""Characters that are read: more than one message of Telegram's holds."""

LONGEST_TITLE, LONGEST_SOUGHT, LONGEST_PLACE, LONGEST_SOURCE = 80, 300, 120, 80


_STRUCK = re.compile(r"(?<!\w)~(?=\S)[^~\n]{1,80}(?<=\S)~(?!\w)")
_MARKS = re.compile(r"(?<!\w)[*_~`]{1,3}(?=\S)|(?<=\S)[*_~`]{1,3}(?!\w)")
_FIRST_WITH_VOWEL_SIGNS = "\u0590"


def cleaned(text: str) -> str:
    """*text* in plain letters: bold ones of mathematics made ordinary, what is not seen taken out, lines kept."""
    struck = _STRUCK.sub(" ", "\n".join(text[:LONGEST].splitlines()))
    kept: list[str] = []
    for letter in unicodedata.normalize("NFKC", struck)[:LONGEST]:
        category = unicodedata.category(letter)
        is_sign = category in {"Mn", "Me"} and not (kept and kept[-1].isalpha() and kept[-1] >= _FIRST_WITH_VOWEL_SIGNS)
        if letter != "\n" and (category in {"Cf", "Cc", "Cs", "Co", "Cn"} or is_sign):
            if letter == "\t":
                kept.append(" ")
            continue
        kept.append(letter)
    return _MARKS.sub("", "".join(kept))


# Its title.

_GREETING = re.compile(
    r"(?:(?:as+alam\w*\s*['’]?\s*alai?kum|wass?alam\w*)(?:\s+w[ra][\w.]*)*(?:\s+wb\b\.?)?"
    r"|selamat\s+(?:pagi|siang|sore|malam)|sugeng\s+\w+|met\s+(?:pagi|siang|sore|malam)|good\s+(?:morning|day|afternoon|evening)"
    r"|(?:hal+o|hai|hi|hello|dear|salam|yth|kepada\s+yth|kpd\s+yth|monggo|permisi|mohon|izin|ijin|bantu|tolong)\b\.?"
    r"|(?:share|sharing|info(?:rmasi|kan)?|pengumuman|penting|urgent|forward(?:ed)?(?:\s+many\s+times)?|fwd?|diteruskan"
    r"|(?:ana\s+|ono\s+|ada\s+)?kabar\s+(?:apik|baik|gembira)|peluang|breaking|news|viral|hot)\b"
    r"|(?:bapak|ibu|bpk|bp|pak|bu|bund[ao]|kakak|kak|sobat|sahabat|rekan|teman|all|everyone|sirs?|madams?|partners?|friends|team|admin|min|semua(?:nya)?"
    r"|(?:bapak|ibu|rekan|teman)[\s/-]+(?:ibu|rekan|teman)|sedoyo|sedaya|(?:se)?dulur|para|pelaku|usaha|umkm|ikm|grup|yang\s+terhormat|sekalian)\b)"
    r"[\s,.:;!?/&()\[\]–-]*",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(r"(?:kepada\s+|kpd\s+)?yth\b.{0,60}", re.IGNORECASE)
_LABEL = re.compile(r"(?:judul|title|perihal|hal|tema|subject|nama\s+(?:kegiatan|acara))\s*:\s*", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"(?:(?:info(?:rmasi)?|peluang|pasar|usaha|umkm|ikm|pengumuman|pemberitahuan|undangan|penting|resmi|terbaru|lagi|hari\s+ini"
    r"|bisnis|kerja\s?sama|untuk|para|pelaku|ada|good\s+news|opportunity|market|announcement|open|booking|registration|tenant|request|for|quotation)\W*)+|(?:nomor|no|lampiran|sifat)\b\W.*",
    re.IGNORECASE,
)
_INITIALS = frozenset(
    (
        *("UMKM", "UKM", "IKM", "NIB", "PIRT", "BPOM", "BUMN", "BUMD", "BUMDES", "ASN", "PNS", "PT", "CV", "UD", "SNI"),
        *("LPSE", "LKPP", "QRIS", "KUR", "RI", "TNI", "GOR", "JCC", "JIEXPO", "ICE", "BSD", "HUT", "UK", "USA", "US"),
        *(
            "OVOP",
            "PKK",
            "APBD",
            "APBN",
            "DIY",
            "DKI",
            "FGD",
            "B2B",
            "F&B",
            "MOQ",
            "OEM",
            "FOB",
            "II",
            "III",
            "IV",
            "NTB",
        ),
        *("NTT", "BRI", "BNI", "BI", "OJK", "WIB", "TKDN", "SMK", "SMA", "KADIN", "HIPMI", "IWAPI", "RFQ"),
    )
)
_NAMES = ("Indonesia", "Jawa Timur", "Jawa Tengah", "Jawa Barat", "Jawa", "Surabaya", "Jakarta", "Malang", "Gresik")
_SHOUTED = 0.8
"""Part of a line's letters that are capitals, from which on it is shouted."""
FEWEST_LETTERS = 3


_TAG = re.compile(r"^\W*\[[^\]\n]{1,30}\](?=.*\w)")
"""As "[DIPERPANJANG]": it says of the title what the deadline says."""
_SENTENCE = re.compile(
    r"(?P<first>.{12,80}?[^\W\d_)]{2})(?<!\bkec)(?<!\bkab)(?<!\bjl)(?<!\bjln)(?<!\bds)(?<!\bno)[.!]\s", re.IGNORECASE
)
_CALL = re.compile(r"(?<![\s,.!:–-])[\s,.!:–-]+(?:info|daftar|link|klik|registrasi|di\s+sini)[\s:]*$", re.IGNORECASE)


def title_in(text: str, district: District) -> str | None:
    """The first line that says something, and no more of it than a title holds."""
    fallback: str | None = None
    for line in text.split("\n"):
        shown = bare(_TAG.sub("", line))
        if letters_in(shown) < FEWEST_LETTERS or _ADDRESSED.fullmatch(shown):
            continue
        fallback = fallback or shown
        if not letters_in(_after_names(_ungreeted(shown), district)):
            continue
        greeted = _after_greeting(shown)
        said = _first_sentence(greeted if greeted == shown else _after_names(greeted, district))
        if letters_in(said) >= FEWEST_LETTERS and not _SAYS_NOTHING.fullmatch(said):
            return _cut(spoken(said, district), LONGEST_TITLE)
    return _cut(spoken(fallback, district), LONGEST_TITLE) if fallback else None


def letters_in(line: str) -> int:
    return sum(letter.isalpha() for letter in line)


def _first_sentence(line: str) -> str:
    """What a title needs of a line of several, without "Info:" where a link followed."""
    found = _SENTENCE.match(line)
    said = _CALL.sub("", found["first"] if found else line)
    return said if letters_in(said) >= FEWEST_LETTERS else line


def bare(line: str) -> str:
    """Without pictures, bullets and decoration; blanks between words single."""
    return undecorated(line).strip(" -–—:;,.!>»()[]").strip()


def undecorated(line: str) -> str:
    """Likewise, with the marks of a sentence."""
    kept = "".join(
        " " if unicodedata.category(letter) in {"So", "Sk"} or letter in "═=_*~•●▪►▶|#" else letter for letter in line
    )
    return " ".join(kept.split())


def _after_greeting(line: str) -> str:
    """What remains behind the greeting and "info penting"; all of it where a sentence goes on."""
    rest = _ungreeted(line)
    if label := _LABEL.match(rest):
        rest = rest[label.end() :]
    is_sentence = rest and rest != line and not re.search(r"[,.:;!?)\]–-]\s*$", line[: len(line) - len(rest)])
    # "Info bazar" and "Peluang ekspor" are titles as they stand; after "Halo," only what follows is.
    return line if is_sentence and _GREETING.match(line) and _is_title_word(line) else rest.strip(" -–:")


def _ungreeted(line: str) -> str:
    while (found := _GREETING.match(line)) and found.end():
        line = line[found.end() :]
    return line


def _after_names(line: str, district: District) -> str:
    """Without the names of those who are greeted, where no sentence goes on: "Lamongan!", "warga Kec. Babat, "."""
    found = _greeted((district.short_name, *district.kecamatan)).match(line)
    if not found or (re.match(r"[^\W_]", line[found.end() :]) and not _NAMES_END.search(found[0])):
        return line
    return line[found.end() :].lstrip(" ,.:;!–—-")


@lru_cache(maxsize=8)
def _greeted(names: tuple[str, ...]) -> re.Pattern[str]:
    named = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(
        rf"(?:(?:{named}|(?:se-?)?(?:kab|kabupaten|kec|kecamatan|kota)|di|ing|ning|dan|lan|se(?:kitar(?:nya|e)?)?|wilayah|warga|masyarakat"
        r"|yang|(?:ing)?kang|saya|kami|kula|ku|hormati|berbahagia|tercinta|sekalian|semua(?:nya)?|kabeh)(?!\w)\.?[\s,/&()-]*)+",
        re.IGNORECASE,
    )


_NAMES_END = re.compile(r"(?:,|\s-|(?<!\bkab)(?<!\bkec)\.)\s*$", re.IGNORECASE)


def _is_title_word(line: str) -> bool:
    return bool(re.match(r"(?:peluang|info\w*|pengumuman|para|pelaku|umkm|ikm)\b", line, re.IGNORECASE))


def spoken(line: str, district: District) -> str:
    """Shouted lines as one says them; the first letter large."""
    letters = [letter for letter in line if letter.isalpha()]
    if letters and sum(letter.isupper() for letter in letters) >= _SHOUTED * len(letters):
        line = _unshouted(line, district)
    return line[:1].upper() + line[1:]


def _unshouted(line: str, district: District) -> str:
    quiet = re.sub(r"[\w&]+", lambda found: found[0] if found[0].upper() in _INITIALS else found[0].lower(), line)
    names = (*_NAMES, district.short_name, *district.kecamatan, *district.countries.values(), *_cities(district))
    by_small = {name.lower(): name for name in names}
    return pattern(tuple(by_small)).sub(lambda found: by_small.get(found[0].lower(), found[0]), quiet)


def _cities(district: District) -> Iterator[str]:
    for words in district.country_words.values():
        yield from (word.title() for word in words if len(word) > 3)


def _cut(text: str, most: int) -> str:
    """At most so many characters, ended at a word."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    whole = kept.rpartition(" ")[0] if not text[most - 1].isspace() else kept
    return (whole or kept).rstrip(" ,.:;-–&(") + "…"


# What stands after a word that names it.

_LEAD = r"(?:^|\n)[^\w\n(]{0,12}"
_PLACE = re.compile(
    rf"(?:📍|🏢|🏛|{_LEAD}(?:tempat(?:\s+(?:acara|pelaksanaan|kegiatan))?|lokasi(?:\s+(?:acara|pameran))?|alamat|venue|location"
    r"|place|where|panggonan(?:e)?|papan)\b(?=\s*[:=]))[\s:=*]*",
    re.IGNORECASE,
)
_PLACE_IN_SENTENCE = re.compile(
    r"\b(?:bertempat\s+di|berlokasi\s+di|di|ing|ning|at|nang)\s+(?=(?:the\s+)?(?:gedung|pendopo|alun-?\s?alun|gor|aula|hotel|balai"
    r"|kantor|mall?|plaza|lapangan|stadion|convention|grand|jiexpo|jcc|taman|terminal|wisata|museum|pasar)\b)",
    re.IGNORECASE,
)
_LABEL_BEFORE_PLACE = re.compile(r"(?:tempat|lokasi|alamat|venue|location|place)\s*[:=]\s*", re.IGNORECASE)
_PLACE_ENDS = re.compile(
    r"[\n;|]|(?<!\blt)(?<!\blantai)(?<!\bjl)(?<!\bjln)(?<!\bno)(?<!\bkec)(?<!\bkab)(?<!\bds)\.(?:\s|$)|[!?](?:\s|$)|(?<!\s),?\s+(?:pada|mulai|wiwit|sejak|nganti|ngantos|tekan|sampai|hingga|tanggal|tgl|pukul|jam|pkl|hari|paling|batas|daftar|pendaftaran|dengan|untuk|yang|mohon|ayo|on|from)\b"
    r"|[\U0001F300-\U0001FAFF\u2600-\u27BF]",
    re.IGNORECASE,
)
_HANDED_IN = re.compile(
    r"\b(?:daftar|kirim(?:kan)?|dikirim|kumpulkan|dikumpulkan|diambil|ambil|serahkan)\b(?!\s+(?:bazaa?r|pameran|lomba|expo))[^\n.!;]*$",
    re.IGNORECASE,
)
"""Before where one registers or hands in, which is not where it is held."""
_SOURCE = re.compile(
    rf"(?:{_LEAD}|\(|[.!]\s+)(?:sumber|source|penyelenggara|organi[sz]er|diselenggarakan\s+oleh|info\s+dari|dari)\b\s*[:=]\s*"
    r"|\b(?:diselenggarakan\s+oleh|info(?:rmasi)?\s+dari)\s+",
    re.IGNORECASE,
)
_SOUGHT = re.compile(
    rf"{_LEAD}(?:produk|barang|item|product)s?\s+(?:yang\s+)?(?:dicari|dibutuhkan|diminati|wanted|needed)\s*[:=]\s*"
    rf"|{_LEAD}(?:dicari|kebutuhan|dibutuhkan|mencari|sought|needed|wanted|produk|kategori(?:\s+produk)?)\s*[:=]\s*",
    re.IGNORECASE,
)
_SOUGHT_IN_SENTENCE = re.compile(
    r"\b(?:sedang\s+)?(?:dicari|mencari|cari|nyari|(?:di|mem)?butuh(?:kan)?|digoleki|nggoleki|golek|looking\s+for|seeks?|seeking|in\s+need\s+of)\s+"
    r"(?:suppliers?\s*(?:of\b|for\b|[-–:])\s*)?"
    r"(?!tahu\b|info\b|link\b|sebelum\b|paling\b|segera\b)",
    re.IGNORECASE,
)


_MOST_LABELS, _FURTHEST = 20, 300
"""Labels that are tried, and characters that are read behind each: a text may be made to cost time."""


def _labelled(label: re.Pattern[str], text: str, most: int, ends: str = r"[\n)|]") -> str | None:
    """What stands behind the first *label* that something stands behind."""
    for found in islice(label.finditer(text), _MOST_LABELS):
        said = bare(re.split(ends, text[found.end() : found.end() + _FURTHEST].lstrip(), maxsplit=1)[0])
        if any(letter.isalnum() for letter in said):
            return _cut(said, most)
    return None


def source_in(text: str) -> str | None:
    """Who it is from, where that is said."""
    return _labelled(_SOURCE, text, LONGEST_SOURCE, r"[\n)|:;]|\.(?:\s|$)")


def place_in(text: str) -> str | None:
    """Where it is held."""
    labels = chain(islice(_PLACE.finditer(text), _MOST_LABELS), islice(_PLACE_IN_SENTENCE.finditer(text), _MOST_LABELS))
    for found in labels:
        behind = text[found.end() : found.end() + _FURTHEST].lstrip()
        behind = _LABEL_BEFORE_PLACE.sub("", behind, count=1) if found[0].strip(" :=") else ""
        said = bare(_PLACE_ENDS.split(reading_days.before_first(behind), maxsplit=1)[0])
        is_door = bool(_HANDED_IN.search(text[max(0, found.start() - 80) : found.start()]))
        if letters_in(said) >= FEWEST_LETTERS and not is_door:
            return _cut(said, LONGEST_PLACE)
    return None


def sought_in(text: str, district: District) -> str | None:
    """What is sought, in the post's own words."""
    found = sought_from(text)
    if found is None:
        return None
    ends = r"[\n)|]" if found.is_labelled else r"\n|(?<![kK]ec)[.!?;](?:\s|$)"
    said = bare(re.split(ends, text[found.starts :], maxsplit=1)[0])
    return _cut(spoken(said, district), LONGEST_SOUGHT)


@dataclass(frozen=True)
class Sought:
    """Where in a post what is sought begins, and whether a label such as "Dicari:" says so."""

    starts: int
    is_labelled: bool


def sought_from(text: str) -> Sought | None:
    """None where nothing says what is sought."""
    for found in islice(_SOUGHT.finditer(text), _MOST_LABELS):
        behind = text[found.end() : found.end() + _FURTHEST]
        starts = found.end() + len(behind) - len(behind.lstrip())
        if any(letter.isalnum() for letter in bare(re.split(r"[\n)|]", behind.lstrip(), maxsplit=1)[0])):
            return Sought(starts, is_labelled=True)
    for found in islice(_SOUGHT_IN_SENTENCE.finditer(text), _MOST_LABELS):
        behind = text[found.end() : found.end() + _FURTHEST]
        said = bare(re.split(r"\n|(?<![kK]ec)[.!?;](?:\s|$)", behind, maxsplit=1)[0])
        if letters_in(said) >= FEWEST_LETTERS:
            return Sought(found.end(), is_labelled=False)
    return None
