"""The entries, indexed: which of them a question is about, and by what signs we judge how sure that is."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from domain.answering.attributes import STRICT, Attributes, missing
from domain.answering.data import AnsweringData
from domain.answering.normalise import Normaliser, Sentence
from domain.answering.places import Places
from domain.answering.ranking import Ranking, Word
from domain.knowledge.entry import Entry

_SYNONYM = 0.55
_CORRECTED = 0.9
_TYPED = 0.5
"""How much a word counts that was not typed like that: a synonym, a correction, and what was corrected."""

_TOPICAL_SHARE = 0.3
"""A word of more than this share of the entries says nothing about the matter: usaha, umkm, lamongan."""

_ORDINARY_WEIGHT = 0.3
_LEAST_LEANING, _MOST_LEANING = -2.0, 3.0


@dataclass(frozen=True)
class Reading:
    """A question taken apart: its words, those it is ranked by, the attributes asked, another place named."""

    words: Sequence[str]
    weighted: Sequence[Word]
    asked: Sequence[str]
    place: str | None


@dataclass(frozen=True)
class Guess:
    """The entries in order of likeness, by number, and the signs that the first is right."""

    order: Sequence[int]
    features: dict[str, float]


class Index:
    """Everything about the entries that a question is compared with."""

    def __init__(self, entries: Sequence[Entry], knowledge: AnsweringData) -> None:
        self.entries = sorted(entries, key=lambda entry: entry.id)
        self.normaliser = _normaliser(self.entries, knowledge)
        words = self.normaliser.words
        phrasings = [[words(text) for text in entry.phrasings] for entry in self.entries]
        self._ranking = Ranking(
            [
                [words(entry.title), words(entry.body), *texts]
                for entry, texts in zip(self.entries, phrasings, strict=True)
            ]
        )
        self._attributes = Attributes(knowledge.attributes, words)
        self._places = Places(knowledge.other_places, knowledge.passing_places, words)
        self.held = [self._attributes.held(entry, texts) for entry, texts in zip(self.entries, phrasings, strict=True)]
        self._ordinary = frozenset(word for text in knowledge.lexicon.ordinary for word in words(text))
        self._synonyms = _synonyms(self.normaliser, knowledge)
        self._index_samples(phrasings, knowledge)

    def _index_samples(self, phrasings: Sequence[Sequence[Sequence[str]]], knowledge: AnsweringData) -> None:
        """One document a phrasing, then one a question that is not answered."""
        unanswered = [text for entry in self.entries for text in entry.not_answered]
        answered = [text for texts in phrasings for text in texts]
        rejected = [self.normaliser.words(text) for text in (*unanswered, *knowledge.rejects)]
        self._owner = [number for number, texts in enumerate(phrasings) for _ in texts]
        self._first_stray = len(answered) + len(unanswered)
        self._samples = Ranking([[text] for text in (*answered, *rejected)], letter_groups=())
        self._leanings = _leanings(answered, rejected)

    def number_of(self, entry: Entry) -> int | None:
        """The place of the entry of the same id, None when it is not here any more."""
        return next((number for number, other in enumerate(self.entries) if other.id == entry.id), None)

    def is_topical(self, word: str) -> bool:
        """Whether the word belongs to the matter of some entries, not of most."""
        holders = len(self._ranking.holders(word))
        return 0 < holders <= max(1, _TOPICAL_SHARE * len(self.entries)) and word not in self._ordinary

    def is_ordinary(self, word: str) -> bool:
        """Whether the word is an everyday one that says nothing about a matter."""
        return word in self._ordinary

    def holds_word(self, number: int, word: str) -> bool:
        """Whether the entry of this number uses the word."""
        return number in self._ranking.holders(word)

    def names_place(self, number: int, place: str) -> bool:
        """Whether the entry of this number speaks of the place itself."""
        return all(self.holds_word(number, word) for word in self.normaliser.words(place))

    def read(self, sentence: Sentence) -> Reading:
        """Take the sentence apart."""
        words = sentence.words
        return Reading(words, self._weighted(sentence), self._attributes.asked(words), self._places.other(words))

    def asking(self, words: Sequence[str]) -> tuple[list[str], list[str]]:
        """The attributes asked, and the words that do not serve to ask for them."""
        asked = self._attributes.asked(words)
        return asked, self._attributes.without(words, asked)

    def without(self, reading: Reading, lacks: str) -> Reading:
        """The reading without the words that ask for what is lacking, unless nothing would be left."""
        strip = self._places.without if lacks == "place" else partial(self._attributes.without, names=[lacks])
        words = strip(reading.words)
        if not words:
            return reading
        kept = [word for word in reading.weighted if word.text in words or word.source in words]
        return replace(reading, words=words, weighted=kept)

    def guess(self, reading: Reading) -> Guess:
        """Rank all entries; there must be one."""
        scores = self._ranking.scores(reading.weighted)
        order = sorted(range(len(scores)), key=lambda number: (-scores[number], number))
        best = order[0]
        top, second = scores[best], scores[order[1]] if len(order) > 1 else 0.0
        features = {
            "top": top,
            "margin": (top - second) / top if top else 0.0,
            "length": min(len(reading.words), 20) / 10,
            **self._asking(reading, best),
            **self._coverage(reading, best),
            **self._neighbours(reading, best),
            **self._leaning(reading, best),
        }
        return Guess([number for number in order if scores[number] > 0], features)

    def _weighted(self, sentence: Sentence) -> list[Word]:
        weighted = []
        for word in sentence.words:
            if typed := sentence.typed.get(word):
                weighted += [Word(word, _CORRECTED), Word(typed, _TYPED, word)]
            elif self._ranking.knows(word) or word not in self._ordinary:
                weighted.append(Word(word))
            synonyms = [other for other in self._synonyms.get(word, ()) if other not in sentence.words]
            weighted += [Word(other, _SYNONYM, word) for other in synonyms if self._ranking.knows(other)]
        return weighted

    def _asking(self, reading: Reading, best: int) -> dict[str, float]:
        """Whether the best entry holds what is asked about, and speaks of the place that is named."""
        held = self.held[best]
        softly = [name for name in reading.asked if name not in STRICT]
        return {
            "lacking": float(missing(reading.asked, held) is not None),
            "lacking softly": float(any(name not in held for name in softly)),
            "holding": float(any(name in held for name in reading.asked)),
            "elsewhere": float(self._is_elsewhere(reading)),
        }

    def _is_elsewhere(self, reading: Reading) -> bool:
        """Whether another place is named that the entry the question is about does not speak of."""
        if reading.place is None:
            return False
        # Judged without the place's own name, which would lead to whatever entry mentions it.
        scores = self._ranking.scores(self.without(reading, "place").weighted)
        best = max(range(len(scores)), key=lambda number: (scores[number], -number))
        return not self.names_place(best, reading.place)

    def _coverage(self, reading: Reading, best: int) -> dict[str, float]:
        """How much of what was asked the best entry speaks of, and how telling what it does not is."""
        total = covered = unknown = strongest = 0.0
        for word in reading.words:
            weight = self._ranking.rarity(word) * (_ORDINARY_WEIGHT if word in self._ordinary else 1.0)
            total += weight
            if self.holds_word(best, word):
                covered += weight
            else:
                strongest = max(strongest, weight)
                unknown += weight if not self._ranking.knows(word) else 0.0
        total = total or 1.0
        return {
            "coverage": covered / total,
            "evidence": min(covered, 30.0) / 10,
            "unknown": unknown / total,
            "strongest": strongest / 5,
        }

    def _neighbours(self, reading: Reading, best: int) -> dict[str, float]:
        """The likeness of the nearest phrasing of the best entry, of the others, and of what nobody answers.

        What is near an entry and not answered counts among the last, but is no stray.
        """
        own = other = reject = stray = 0.0
        for number, value in enumerate(self._samples.scores(reading.weighted)):
            if number >= self._first_stray:
                stray = max(stray, value)
            elif number >= len(self._owner):
                reject = max(reject, value)
            elif self._owner[number] == best:
                own = max(own, value)
            else:
                other = max(other, value)
        return {"near": own, "near other": other, "near reject": max(reject, stray), "near stray": stray}

    def _leaning(self, reading: Reading, best: int) -> dict[str, float]:
        """How much the words the best entry does not use are those of questions nobody answers."""
        strange = [self._leanings.get(word, 0.0) for word in set(reading.words) if not self.holds_word(best, word)]
        return {"leaning": math.fsum(strange), "leaning most": max(strange, default=0.0)}


def _leanings(answered: Sequence[Sequence[str]], rejected: Sequence[Sequence[str]]) -> dict[str, float]:
    """For each word, the log odds of meeting it in a question that is not answered, cut at both ends."""
    yes = Counter(word for words in answered for word in set(words))
    no = Counter(word for words in rejected for word in set(words))
    prior = math.log((len(answered) + 1) / (len(rejected) + 1))
    odds = {word: math.log((no[word] + 0.5) / (yes[word] + 0.5)) + prior for word in {*yes, *no}}
    return {word: max(_LEAST_LEANING, min(_MOST_LEANING, value)) for word, value in odds.items()}


def _synonyms(normaliser: Normaliser, knowledge: AnsweringData) -> dict[str, list[str]]:
    """For each word, what else it may mean; several spellings of one word put theirs together."""
    merged: dict[str, set[str]] = {}
    for key, others in knowledge.lexicon.synonyms.items():
        for word in normaliser.words(key):
            merged.setdefault(word, set()).update(other for text in others for other in normaliser.words(text))
    # Sorted, since the database does not keep the order of the file and replicas must agree.
    return {word: sorted(others - {word}) for word, others in merged.items()}


def _normaliser(entries: Sequence[Entry], knowledge: AnsweringData) -> Normaliser:
    """A normaliser that stems and corrects towards the words the entries themselves use."""
    texts = [text for entry in entries for text in (entry.title, entry.body, *entry.phrasings)]
    return Normaliser(knowledge.lexicon, texts, [*knowledge.cues, *knowledge.rejects])
