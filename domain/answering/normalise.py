"""From what people type to the words we compare: one spelling, one language, one form."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from domain.answering.spelling import Spelling
from domain.answering.stemming import stem, without_ending

LONGEST = 2_000
"""Characters read of a message; what a person wants to know stands before that."""

MOST_WORDS = 80

_CHUNK = re.compile(r"[a-z]+(?:['’-][a-z]+)*|\d+(?:[.,]\d+)*")
_ELONGATED = re.compile(r"([a-z])\1{2,}")
_REPEATED = re.compile(r"\b([a-z]{3,})2(?=[a-z]*\b)")
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]000)+|\d+000")
_CLITICS = frozenset({"nya", "ku", "mu", "e", "ne", "an", "ipun", "lah", "kah"})


@dataclass(frozen=True)
class Lexicon:
    """Words officers can edit; every value is the standard Indonesian word we compare by."""

    slang: dict[str, str] = field(default_factory=dict)
    javanese: dict[str, str] = field(default_factory=dict)
    phrases: dict[str, str] = field(default_factory=dict)
    """Several words that are one notion: `nomor induk berusaha` is nib."""
    synonyms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Words that also count, softly, when this one is asked: `keripik` is also makanan."""
    particles: frozenset[str] = frozenset()
    ordinary: frozenset[str] = frozenset()
    """Everyday words that say nothing about the matter; not stemmed, and not held against an entry."""
    whole: frozenset[str] = frozenset()
    """Words that only look derived: `pakaian` (clothes) is not from `pakai` (use)."""

    @property
    def standard_words(self) -> set[str]:
        values = [*self.slang.values(), *self.javanese.values(), *self.phrases.values()]
        return {word for value in values for word in value.split()}


@dataclass(frozen=True)
class Sentence:
    """A text as words, stemmed, in order; and what some of them were typed as."""

    words: list[str]
    typed: dict[str, str]
    """For a word that was corrected, the spelling it came in."""


class Normaliser:
    """Turns text into words, given the lexicon and the texts whose words stems and corrections may lead to.

    The words of *familiar* are right as they stand, but say nothing about the matter (places, cues).
    """

    def __init__(self, lexicon: Lexicon, texts: Iterable[str] = (), familiar: Iterable[str] = ()) -> None:
        self._lexicon = lexicon
        self._map = {**lexicon.javanese, **lexicon.slang}
        self._phrases = _by_first_word(self._mapped_phrases())
        self._whole = lexicon.whole | lexicon.ordinary
        self._roots: frozenset[str] = self._whole | lexicon.standard_words
        uses = Counter(word for text in texts for word in chunks(text))
        self._roots |= {word for chunk in uses for word in self._standard(chunk).split()}
        known = [*self._map, *self._roots, *lexicon.particles, *lexicon.synonyms]
        known += [chunk for text in familiar for chunk in chunks(text)]
        self._spelling = Spelling(Counter(set(known)) + uses)
        self._known = frozenset(known) | frozenset(uses)
        self._stem = lru_cache(maxsize=20_000)(self._stem_of)
        self._meant = lru_cache(maxsize=20_000)(self._meant_by)

    def words(self, text: str) -> list[str]:
        """The words of *text* that carry meaning, in order, stemmed; at most MOST_WORDS."""
        return self._worded(chunks(text))

    def sentence(self, text: str) -> Sentence:
        """The words of *text* with unknown ones corrected where a known one is near."""
        raw = chunks(text)[:MOST_WORDS]
        meant = {chunk: word for chunk in raw if (word := self._meant(chunk))}
        typed = {word: chunk for chunk, correct in meant.items() for word in self._worded([correct])}
        return Sentence(self._worded([meant.get(chunk, chunk) for chunk in raw]), typed)

    def _worded(self, raw: Sequence[str]) -> list[str]:
        return [self._stem(word) for word in self._merged(self._mapped(raw))][:MOST_WORDS]

    def _mapped_phrases(self) -> Iterable[tuple[list[str], str]]:
        for key, value in self._lexicon.phrases.items():
            words = self._mapped(chunks(key))
            # A phrase of which a particle leaves one word would swallow that word everywhere.
            if len(words) > 1 or len(chunks(key)) == 1:
                yield words, value

    def _mapped(self, raw: Iterable[str]) -> list[str]:
        particles = self._lexicon.particles
        standard = [word for chunk in raw if chunk not in particles for word in self._standard(chunk).split()]
        return [word for word in standard if word not in particles]

    def _standard(self, word: str) -> str:
        if found := self._map.get(word):
            return self._map.get(found, found)
        if word in self._lexicon.ordinary or word in self._lexicon.whole:
            return word
        for base in without_ending(word):
            if found := self._map.get(base):
                return found
        return word

    def _merged(self, words: list[str]) -> list[str]:
        merged: list[str] = []
        at = 0
        while at < len(words):
            for phrase, value in self._phrases.get(words[at], ()):
                if words[at : at + len(phrase)] == phrase:
                    merged += value.split()
                    at += len(phrase)
                    break
            else:
                merged.append(words[at])
                at += 1
        return merged

    def _stem_of(self, word: str) -> str:
        return stem(word, self._roots, self._whole)

    def _meant_by(self, chunk: str) -> str | None:
        if chunk in self._known or self._standard(chunk) != chunk or self._stem_of(chunk) != chunk:
            return None
        return self._spelling.meant(chunk)


def chunks(text: str) -> list[str]:
    """The raw words and numbers of *text*, lower case, without accents, elongation or clitics."""
    plain = _plain(text[:LONGEST])
    plain = _REPEATED.sub(r"\1 ", plain)
    return [part for chunk in _CHUNK.findall(plain) for part in _parts(chunk)]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return _ELONGATED.sub(r"\1", bare)


def _parts(chunk: str) -> list[str]:
    if chunk[0].isdigit():
        return _number(chunk)
    parts = re.split(r"['’-]", chunk)
    if len(parts) == 1:
        return parts
    if len(parts[0]) == 1:
        return ["".join(parts)]
    kept = [part for index, part in enumerate(parts) if index == 0 or part not in _CLITICS]
    return list(dict.fromkeys(kept))


def _number(digits: str) -> list[str]:
    if _THOUSANDS.fullmatch(digits):
        value = int(re.sub(r"\D", "", digits))
        for unit, name in ((10**9, "miliar"), (10**6, "juta"), (1_000, "ribu")):
            if value >= unit and value % unit == 0:
                return [str(value // unit), name]
        return [str(value)]
    return [digits.replace(".", ",").rstrip(",")]


def _by_first_word(phrases: Iterable[tuple[list[str], str]]) -> dict[str, list[tuple[list[str], str]]]:
    found: dict[str, list[tuple[list[str], str]]] = {}
    for words, value in phrases:
        if words:
            found.setdefault(words[0], []).append((words, value))
    for alternatives in found.values():
        alternatives.sort(key=lambda pair: (-len(pair[0]), pair))
    return found
