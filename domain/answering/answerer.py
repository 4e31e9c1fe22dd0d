"""One question in, one verdict out."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from domain.answering.attributes import STRICT, Attributes, missing
from domain.answering.confidence import Calibration
from domain.answering.data import AnsweringData
from domain.answering.normalise import Normaliser, chunks
from domain.answering.places import Places
from domain.answering.ranking import Ranking, Word
from domain.answering.smalltalk import SmallTalk, unworded
from domain.answering.spelling import Spelling
from domain.answering.verdict import Verdict
from domain.knowledge.entry import Entry

_SYNONYM = 0.55
_CORRECTED = 0.9
_FROM_CONTEXT = 0.8
"""How much a word counts that the person did not type, or not like that."""

_TOPICAL_SHARE = 0.3
"""A word of more than this share of the entries says nothing about the matter: usaha, umkm, lamongan."""

_GUESSES = 3


@dataclass(frozen=True)
class Reading:
    """A question taken apart."""

    words: list[str]
    weighted: list[Word]
    asked: list[str]
    place: str | None


class Answerer:
    """Finds the entry a question is about and says how sure that is; built anew when entries change."""

    def __init__(self, entries: Sequence[Entry], knowledge: AnsweringData) -> None:
        self._entries = sorted(entries, key=lambda entry: entry.id)
        self._ids = [entry.id for entry in self._entries]
        self._lexicon = knowledge.lexicon
        self._calibration: Calibration = knowledge.calibration
        self._normaliser = _normaliser(self._entries, knowledge)
        words = self._normaliser.words
        self._phrasings = [[words(text) for text in entry.phrasings] for entry in self._entries]
        self._ranking = Ranking(
            [
                [words(entry.title), words(entry.body), *phrasings]
                for entry, phrasings in zip(self._entries, self._phrasings, strict=True)
            ]
        )
        self._index_samples(knowledge)
        self._ordinary = frozenset(word for text in knowledge.lexicon.ordinary for word in words(text))
        self._spelling = Spelling(word for word in self._ranking.words if word not in self._ordinary)
        self._synonyms = {
            source: [target for text in targets for target in words(text)]
            for key, targets in knowledge.lexicon.synonyms.items()
            for source in words(key)
        }
        self._attributes = Attributes(knowledge.attributes, words)
        self._held = [
            self._attributes.held(entry, phrasings)
            for entry, phrasings in zip(self._entries, self._phrasings, strict=True)
        ]
        self._places = Places(knowledge.own_places, knowledge.other_places, knowledge.passing_places, words)
        self._talk = SmallTalk(knowledge.smalltalk, knowledge.actions, words)

    def verdict(self, question: str, *, about: Entry | None = None) -> Verdict:
        """Decide what becomes of *question*; *about* is the entry last shown, for questions like `syaratnya?`."""
        words = self._normaliser.words(question)
        if not words:
            # Only particles is a nod ("nggih"); no Latin word at all is emoji or another script.
            talk = "acknowledgement" if chunks(question) else unworded(question)
            return Verdict("smalltalk", smalltalk=talk)
        heard = self._talk.heard(words, self._is_topical, self._ordinary.__contains__)
        if heard.action:
            return Verdict("action", action=heard.action)
        if heard.smalltalk:
            return Verdict("smalltalk", smalltalk=heard.smalltalk)
        if not self._entries:
            return Verdict("handover")
        return self._answer(self._read(heard.rest, about), about)

    def _answer(self, reading: Reading, about: Entry | None) -> Verdict:
        scores = self._scores(reading, about)
        order = sorted(range(len(scores)), key=lambda number: (-scores[number], self._ids[number]))
        best = order[0]
        features = self._features(reading, scores, order)
        confidence = self._calibration.probability(features)
        lacks = missing(reading.asked, self._held[best])
        if reading.place and not self._names(best, reading.place):
            lacks = "place"
        guesses = tuple(self._ids[number] for number in order[:_GUESSES] if scores[number] > 0)
        common = {"confidence": confidence, "missing": lacks, "features": features}
        place = reading.place if lacks == "place" else None
        if confidence < self._calibration.guess or not guesses:
            return Verdict("handover", place=place, **common)
        if lacks or confidence < self._calibration.direct:
            return Verdict("suggestions", suggestions=guesses, place=place, **common)
        return Verdict("answer", entry=guesses[0], suggestions=guesses[1:], place=place, **common)

    def _index_samples(self, knowledge: AnsweringData) -> None:
        """One document a phrasing, then one a question that is not answered."""
        words = self._normaliser.words
        self._owner = [number for number, texts in enumerate(self._phrasings) for _ in texts]
        rejects = [text for entry in self._entries for text in entry.not_answered] + list(knowledge.rejects)
        samples = [text for texts in self._phrasings for text in texts] + [words(text) for text in rejects]
        self._samples = Ranking([[text] for text in samples], letter_groups=())
        self._leanings = _leanings(samples[: len(self._owner)], samples[len(self._owner) :])

    def _read(self, words: Sequence[str], about: Entry | None) -> Reading:
        known = list(words)
        weighted = self._weighted(known)
        asked = self._attributes.asked(known)
        if about and not any(self._is_topical(word) for word in known):
            weighted += [Word(word, _FROM_CONTEXT) for word in self._normaliser.words(about.title)]
        return Reading(known, weighted, asked, self._places.other(known))

    def _weighted(self, words: Sequence[str]) -> list[Word]:
        weighted = []
        for word in words:
            weighted.append(Word(word))
            if not self._ranking.knows(word) and word not in self._ordinary and (meant := self._spelling.meant(word)):
                weighted.append(Word(meant, _CORRECTED))
            synonyms = [other for other in self._synonyms.get(word, ()) if other not in words]
            weighted += [Word(other, _SYNONYM) for other in synonyms if self._ranking.knows(other)]
        return weighted

    def _scores(self, reading: Reading, about: Entry | None) -> list[float]:
        return self._ranking.scores(reading.weighted)

    def _is_topical(self, word: str) -> bool:
        holders = len(self._ranking.holders(word))
        return 0 < holders <= max(1, _TOPICAL_SHARE * len(self._entries)) and word not in self._ordinary

    def _names(self, number: int, place: str) -> bool:
        return all(number in self._ranking.holders(word) for word in self._normaliser.words(place))

    def _features(self, reading: Reading, scores: Sequence[float], order: Sequence[int]) -> dict[str, float]:
        best = order[0]
        top = scores[best]
        second = scores[order[1]] if len(order) > 1 else 0.0
        held = self._held[best]
        return {
            "top": top,
            "margin": (top - second) / top if top else 0.0,
            "length": min(len(reading.words), 20) / 10,
            "lacking": float(missing(reading.asked, held) is not None),
            "lacking softly": float(any(name not in held for name in reading.asked if name not in STRICT)),
            "holding": float(any(name in held for name in reading.asked)),
            "elsewhere": float(reading.place is not None and not self._names(best, reading.place)),
            **self._coverage(reading, best),
            **self._neighbours(reading, best),
            **self._leaning(reading, best),
        }

    def _coverage(self, reading: Reading, best: int) -> dict[str, float]:
        """How much of what was asked the best entry speaks of, and how telling what it does not is."""
        total = covered = unknown = strongest = 0.0
        for word in reading.words:
            weight = self._ranking.rarity(word) * (0.3 if word in self._ordinary else 1.0)
            total += weight
            if best in self._ranking.holders(word):
                covered += weight
            else:
                strongest = max(strongest, weight)
                unknown += weight if not self._ranking.knows(word) else 0.0
        total = total or 1.0
        return {"coverage": covered / total, "unknown": unknown / total, "strongest": strongest / 5}

    def _neighbours(self, reading: Reading, best: int) -> dict[str, float]:
        """The likeness of the nearest phrasing of the best entry, of the others, and of what nobody answers."""
        likeness = self._samples.scores(reading.weighted)
        own = other = reject = 0.0
        for number, value in enumerate(likeness):
            if number >= len(self._owner):
                reject = max(reject, value)
            elif self._owner[number] == best:
                own = max(own, value)
            else:
                other = max(other, value)
        return {"near": own, "near other": other, "near reject": reject}


    def _leaning(self, reading: Reading, best: int) -> dict[str, float]:
        """How much the words the best entry does not use are those of questions nobody answers."""
        strange = [self._leanings.get(word, 0.0) for word in set(reading.words) if best not in self._ranking.holders(word)]
        return {"leaning": sum(strange), "leaning most": max(strange, default=0.0)}


def _leanings(answered: Sequence[Sequence[str]], rejected: Sequence[Sequence[str]]) -> dict[str, float]:
    """For each word, the log odds of meeting it in a question that is not answered, cut to -2..3."""
    yes = Counter(word for words in answered for word in set(words))
    no = Counter(word for words in rejected for word in set(words))
    prior = math.log((len(answered) + 1) / (len(rejected) + 1))
    odds = {word: math.log((no[word] + 0.5) / (yes[word] + 0.5)) + prior for word in {*yes, *no}}
    return {word: max(-2.0, min(3.0, value)) for word, value in odds.items()}


def _normaliser(entries: Sequence[Entry], knowledge: AnsweringData) -> Normaliser:
    """A normaliser that stems towards the words the entries themselves use."""
    surface = Normaliser(knowledge.lexicon).surface
    texts = [text for entry in entries for text in (entry.title, entry.body, *entry.phrasings)]
    return Normaliser(knowledge.lexicon, {word for text in texts for word in surface(text)})
