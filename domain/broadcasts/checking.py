"""Whether what somebody brought is what we said: compared word by word; and found without its code by its words."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import takewhile

from domain.broadcasts.content import Content, Frame, address_of
from domain.broadcasts.wording import BLANK, Word, optional, plain_words, words
from messages import LANGUAGES, Html, say

BLANK_LIMIT = 40
"""Characters that may stand in a blank's place."""

RUN = 3
"""Words in a row that are looked for together."""

RELATED = 0.28
"""Part of the shorter text's runs from which on one is made of the other. Measured on invented messages among 1,000 of
ours (tests/domain/test_checking.py): of what is made of ours the least is 0.33, of other people's the most 0.23.
"""

FEWEST_SHARED = 3
"""Runs that must be shared: two texts share one or two by chance."""

_ASKING = frozenset(
    (
        *("ini", "itu", "iki", "iku", "apa", "apakah", "opo", "aku", "saya", "sy", "mau", "tanya", "takok", "nanya"),
        *("ngecek", "cek", "cekkan", "mengecek", "periksa", "tolong", "tulung", "mohon", "minta", "asli", "palsu"),
        *("benar", "bener", "tenan", "beneran", "betul", "resmi", "hoax", "hoaks", "valid", "tidak", "gak", "ga"),
        *("nggak", "ngga", "enggak", "ndak", "ora", "bukan", "kah", "tah", "ya", "yo", "ye", "toh", "to", "sih"),
        *("min", "admin", "kak", "pak", "bu", "mbak", "mas", "bapak", "ibu", "pengumuman", "info", "berita"),
        *("pesan", "kabar", "dari", "dinas", "bot", "katanya", "dapat", "dpt", "terusan", "grup", "group", "wa"),
        *("whatsapp", "kode", "kodenya", "halo", "hai", "permisi", "is", "this", "it", "real", "true", "fake"),
        *("genuine", "please", "check", "hello", "hi", "dong", "nih", "atau"),
    )
)
"""What people write around a message when they ask about it: nobody is cheated by it."""

_IN_DOUBT = frozenset(
    (
        *("apa", "apakah", "opo", "asli", "palsu", "benar", "bener", "tenan", "beneran", "betul", "resmi", "hoax"),
        *("hoaks", "valid", "cek", "cekkan", "ngecek", "mengecek", "periksa", "takok", "tanya", "kah", "real"),
        *("true", "fake", "genuine", "check"),
    )
)
"""Of them, those that make a question of it."""

_MONEY_BEFORE = frozenset({"rp", "idr", "rupiah"})
_MONEY_AFTER = frozenset(
    {"ribu", "rb", "juta", "jt", "miliar", "milyar", "rupiah", "yuta", "ewu", "million", "thousand"}
)
_MONTHS = frozenset(
    (
        *("januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober"),
        *("november", "desember", "pebruari", "nopember", "jan", "feb", "mar", "apr", "jun", "jul", "agu", "ags"),
        *("agt", "sep", "okt", "nov", "des", "january", "february", "march", "may", "june", "july", "august"),
        *("october", "december"),
    )
)
_DATE = re.compile(r"\d{1,2}-\d{1,2}-\d{2}")
_TIME = re.compile(r"\d{1,2}\.\d{2}")
_ACCOUNT = 8
"""Digits from which on a number is one to call or to pay to."""

_LURES = frozenset({"ktp", "nik", "otp", "transfer", "rekening", "norek"})
"""What cheats ask for by name."""

_TURNED = frozenset({"tidak", "bukan", "gak", "ga", "nggak", "enggak", "ora", "dudu", "not", "batal", "palsu", "hoax"})
"""Words that turn ours around."""

_PAYING = frozenset(
    {"bayar", "bayari", "membayar", "dibayar", "biaya", "dana", "uang", "duit", "kirim", "pay", "money"}
)
"""Words that make something else of it, without a number."""


Runs = frozenset[tuple[str, ...]]
"""Words in a row."""


@dataclass(frozen=True)
class Piece:
    """Neighbouring words that became one thing."""

    what: str
    """same, added or left (out)."""
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.shown for word in self.words)


@dataclass(frozen=True)
class Change:
    """What people are cheated with: a link, a number to call or pay to, an amount, a day, an hour, another number."""

    kind: str
    """One of CHANGES."""
    was: str
    """As we said it; empty where we said nothing."""
    now: str
    """As it stands there; empty where it was left out."""


CHANGES = ("link", "account", "amount", "date", "hour", "number")
"""The gravest first."""


@dataclass(frozen=True)
class Difference:
    """What distinguishes a text from ours."""

    pieces: tuple[Piece, ...]
    shared: int
    """Words of ours that stand in it."""
    theirs: int
    """Words that are not our frame's and no question about it."""
    relation: float
    """0 to 1: how much of the shorter one's runs of words the other has."""

    @property
    def is_same(self) -> bool:
        return all(piece.what == "same" for piece in self.pieces)

    @property
    def is_part(self) -> bool:
        """Whether nothing but its beginning or its end is missing, and nothing stands there that we did not say."""
        whats = [piece.what for piece in self.pieces]
        return self.shared > 0 and whats in (["same", "left"], ["left", "same"], ["left", "same", "left"])

    @property
    def is_added_to(self) -> bool:
        """Whether all of it stands there, and before or after it what nobody can be cheated with: a greeting."""
        whats = [piece.what for piece in self.pieces]
        added = [word for piece in self.pieces if piece.what == "added" for word in piece.words]
        is_around = whats in (["same", "added"], ["added", "same"], ["added", "same", "added"])
        is_harmless = all(word.kind == "word" and word.key not in _TURNED | _PAYING for word in added)
        return is_around and is_harmless and not has_lure(added)

    @property
    def changes(self) -> list[Change]:
        """What people are cheated with, the gravest first."""
        found = dict.fromkeys(_changes(self.pieces))
        return sorted(found, key=lambda change: CHANGES.index(change.kind))


@dataclass(frozen=True)
class Ours:
    """A text as we said it, as words; without and with what may stand around it."""

    body: tuple[Word, ...]
    runs: Runs
    frames: tuple[tuple[tuple[Word, ...], tuple[Word, ...]], ...]
    """What may stand before and after it: for each language, from Telegram and for WhatsApp."""


def ours(content: Content, frame: Frame) -> list[Ours]:
    """The texts of a broadcast: what it says, and what stands under single files of an album."""
    buttons = tuple(_buttons(content, frame))
    frames = tuple((before, (*after, *buttons)) for before, after in _frames(frame.office, frame.username))
    texts = [content.html, *(file.html for file in content.files if file.html)]
    return [Ours(body_of(html), runs_of_body(html), frames) for html in texts]


@lru_cache(maxsize=8192)
def body_of(html: str) -> tuple[Word, ...]:
    """The words of an officer's text; kept, since each question is compared with all of them."""
    return tuple(words(html, has_blanks=True))


@lru_cache(maxsize=64)
def _frames(office: str, username: str) -> tuple[tuple[tuple[Word, ...], tuple[Word, ...]], ...]:
    mark = "\x03"
    blanks = {"office": office, "username": username, "text": Html(mark), "code": "22222-22222"}
    link = f"https://t.me/{username}?start=cek_x"
    told = [say("broadcast.framed", **blanks), say("broadcast.whatsapp", **blanks, link=link)]
    parts = (sentence.in_language(language).partition(mark) for sentence in told for language in LANGUAGES)
    return tuple((tuple(optional(words(before))), tuple(optional(words(after)))) for before, _, after in parts)


def _buttons(content: Content, frame: Frame) -> Iterator[Word]:
    for link in content.buttons:
        yield from optional(words(f"{link.label}: {address_of(link, frame)}"))


def compare(theirs: Sequence[Word], said: Ours) -> Difference:
    """What became of our text in *theirs*."""
    before, after = _frame_of(theirs, said)
    pieces = _without_asking(list(_joined(_judged([*before, *said.body, *after], theirs))))
    framed = Counter(word.key for word in (*before, *after))
    own = Counter(word.key for word in theirs if word.key not in _ASKING) - framed
    shared = sum(len([w for w in piece.words if not w.is_optional]) for piece in pieces if piece.what == "same")
    return Difference(tuple(pieces), shared, own.total(), relation(runs_of(theirs), said.runs))


def _frame_of(theirs: Sequence[Word], said: Ours) -> tuple[Sequence[Word], Sequence[Word]]:
    """The frame that *theirs* has most of."""
    there = {word.key for word in theirs}

    def share(frame: tuple[Sequence[Word], Sequence[Word]]) -> float:
        keys = {word.key for part in frame for word in part}
        return len(keys & there) / max(1, len(keys))

    return max(said.frames, key=share)


def _without_asking(pieces: list[Piece]) -> list[Piece]:
    """Without the question that somebody put before or after what they ask about."""
    if pieces and pieces[0].what == "added":
        pieces[0] = Piece("added", _cut(pieces[0].words))
    if pieces and pieces[-1].what == "added":
        pieces[-1] = Piece("added", _cut(pieces[-1].words[::-1])[::-1])
    return [piece for piece in pieces if piece.words]


def _cut(edge: tuple[Word, ...]) -> tuple[Word, ...]:
    """What follows the question at the beginning of *edge*; "tidak" alone is none, and turns our words around."""
    asked = list(takewhile(lambda word: word.key in _ASKING, edge))
    return edge[len(asked) :] if any(word.key in _IN_DOUBT for word in asked) else edge


def has_lure(those: Sequence[Word]) -> bool:
    """Whether there is money in it, a link, a number to call or to pay to, or what else cheats ask for."""
    keys = {word.key for word in those}
    if keys & (_MONEY_BEFORE | _MONEY_AFTER | _LURES) or any(word.kind == "link" for word in those):
        return True
    digits = (re.sub(r"[^\d•]", "", word.key) for word in those if word.kind == "number")
    return any(len(one) >= _ACCOUNT for one in digits)


def is_asking(word: str) -> bool:
    """Whether it belongs to a question about a message, and not to the message."""
    return word.strip("/.,;:!?…\"'()").casefold() in _ASKING


def is_only_asking(brought: Sequence[Word]) -> bool:
    """Whether nothing is left of it without our code and the question about it."""
    return not [word for word in brought if word.kind != "code" and word.key not in _ASKING]


def _judged(whole: Sequence[Word], theirs: Sequence[Word]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, [word.key for word in whole], [word.key for word in theirs], autojunk=False)
    for deed, i1, i2, j1, j2 in matcher.get_opcodes():
        if deed == "equal":
            yield from (Piece("same", (mine,)) for mine in whole[i1:i2])
        else:
            yield from _changed(whole[i1:i2], theirs[j1:j2])


def _changed(mine: Sequence[Word], theirs: Sequence[Word]) -> Iterator[Piece]:
    """What was left out and what was added in one place, once what fills a blank is taken as the blank."""
    filled, rest = _fill(mine, theirs)
    has_link = any(word.kind == "link" for word in rest)
    left = [word for word in mine if not word.is_optional and word.key != BLANK]
    if has_link:
        # One that may be missing was not left out, but it was replaced.
        left = [word for word in mine if word in left or (word.is_optional and word.kind == "link")]
    if filled:
        yield Piece("same", tuple(filled))
    yield from (Piece("left", (word,)) for word in left)
    yield from (Piece("added", (word,)) for word in rest if word.kind != "code")


def _fill(mine: Sequence[Word], theirs: Sequence[Word]) -> tuple[list[Word], list[Word]]:
    """The words of *theirs* that may stand in the blanks of *mine*, and the others."""
    blanks = sum(word.key == BLANK for word in mine)
    if not blanks:
        return [], list(theirs)
    is_all = all(word.key == BLANK or word.is_optional for word in mine)
    may_fill = [word for word in theirs if _may_fill(word)]
    room = blanks * BLANK_LIMIT if is_all else BLANK_LIMIT
    if is_all and len(may_fill) == len(theirs) and len(" ".join(word.shown for word in theirs)) <= room:
        return list(theirs), []
    # Something beside the name was changed: the name is where the blank is, and as short as names are.
    first = mine[0].key == BLANK
    most = 2 * blanks if is_all else blanks
    kept = theirs[:most] if first else theirs[-most:]
    if not all(_may_fill(word) for word in kept):
        return [], list(theirs)
    return list(kept), list(theirs[most:] if first else theirs[:-most])


def _may_fill(word: Word) -> bool:
    """Whether a name may hold it: no link, and no number that one could call or pay to."""
    return word.kind == "word" or (word.kind == "number" and len(word.key) < _ACCOUNT)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one; of what was replaced, first all that was left out, then all that was added."""
    kept: Piece | None = None
    for piece in pieces:
        if kept and kept.what == piece.what:
            kept = Piece(kept.what, (*kept.words, *piece.words))
            continue
        if kept:
            yield kept
        kept = piece
    if kept:
        yield kept


def _changes(pieces: Sequence[Piece]) -> Iterator[Change]:
    """Pairs of what stood there and what stands there now, of each kind; what has no counterpart alone."""
    flat = [(piece.what, word) for piece in pieces for word in piece.words]
    for group in _groups(pieces):
        for kind in CHANGES:
            was = [word.shown for word, at in group["left"] if _kind(flat, at) == kind]
            now = [word.shown for word, at in group["added"] if _kind(flat, at) == kind]
            for place in range(max(len(was), len(now))):
                yield Change(kind, was[place] if place < len(was) else "", now[place] if place < len(now) else "")


def _groups(pieces: Sequence[Piece]) -> Iterator[Mapping[str, list[tuple[Word, int]]]]:
    """What was left out and added between two words that stayed."""
    group: dict[str, list[tuple[Word, int]]] = {"left": [], "added": []}
    at = 0
    for piece in pieces:
        if piece.what == "same":
            if group["left"] or group["added"]:
                yield group
            group = {"left": [], "added": []}
        else:
            group[piece.what] += [(word, at + place) for place, word in enumerate(piece.words)]
        at += len(piece.words)
    if group["left"] or group["added"]:
        yield group


def _kind(flat: Sequence[tuple[str, Word]], at: int) -> str | None:
    """What of CHANGES a word is, by itself and by its neighbours; None for an ordinary word."""
    what, word = flat[at]
    if word.kind == "link":
        return "link"
    if word.kind != "number":
        return None
    neighbours = [other.key for side, other in _around(flat, at) if side in {what, "same"}]
    if "%" in word.key or _MONEY_AFTER & set(neighbours) or _MONEY_BEFORE & set(neighbours):
        return "amount"
    if len(re.sub(r"[^\d•]", "", word.key)) >= _ACCOUNT:
        return "account"
    if _DATE.fullmatch(word.key) or _MONTHS & set(neighbours):
        return "date"
    return "hour" if _TIME.fullmatch(word.key) else "number"


def _around(flat: Sequence[tuple[str, Word]], at: int) -> list[tuple[str, Word]]:
    """The next word on each side that stands in the same text."""
    what = flat[at][0]
    before = next((one for one in reversed(flat[max(0, at - 8) : at]) if one[0] in {what, "same"}), None)
    after = next((one for one in flat[at + 1 : at + 9] if one[0] in {what, "same"}), None)
    return [one for one in (before, after) if one]


# Found without a code.


def runs_of(those: Iterable[Word]) -> Runs:
    """Words in a row, without links, numbers and blanks, which are what is changed first."""
    return _runs([word.key for word in those if word.kind == "word"])


def _runs(plain: Sequence[str]) -> Runs:
    return frozenset(zip(*(plain[place:] for place in range(RUN)), strict=False))


@lru_cache(maxsize=8192)
def runs_of_body(html: str) -> Runs:
    """Those of an officer's text, likewise kept."""
    return _runs(plain_words(html))


def relation(one: Runs, other: Runs) -> float:
    """0 to 1: how much of the shorter one's runs the other has; 0 for too few of them."""
    shared = len(one & other)
    if shared < min(FEWEST_SHARED, max(1, min(len(one), len(other)))):
        return 0.0
    return shared / min(len(one), len(other))


def _without_code(runs: Runs, html: str) -> float:
    """Two words that one says as well are not enough, however short ours is."""
    body = runs_of_body(html)
    return relation(runs, body) if len(runs & body) >= FEWEST_SHARED else 0.0


def likest(
    brought: Sequence[Word], said: Mapping[int, Sequence[str]], most: int = 3, least: float = RELATED
) -> list[int]:
    """Which of *said* (texts in HTML, by their broadcast) *brought* is made of, the likest first; at most so many.

    *least*: what part of the shorter one's runs must be shared.
    """
    runs = runs_of(brought)
    if len(runs) < FEWEST_SHARED:
        return []
    found = {id: max((_without_code(runs, html) for html in texts if html), default=0.0) for id, texts in said.items()}
    return sorted((id for id in found if found[id] >= least), key=lambda id: -found[id])[:most]
