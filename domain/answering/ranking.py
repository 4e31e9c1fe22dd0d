"""Which entries a question is about: word, word-pair and letter-group TF-IDF, one document an entry."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Weights = Mapping[str, float]
"""Features of a text and how much each counts."""

_LETTER_GROUPS = (3,)
"""Lengths of the letter groups compared; adding 2 and 4 measured the same and takes thrice the time."""

_KINDS = {"w": 2.0, "p": 1.5, "c": 0.5}
"""How much a word, a pair of neighbours and a group of letters count; letters are for what is misspelt."""


@dataclass(frozen=True)
class Word:
    """A word of the question; a softened one counts less (a synonym, a corrected spelling)."""

    text: str
    weight: float = 1.0
    source: str = ""
    """The word of the question it stands for, when it is another."""


class Ranking:
    """An index over documents, each a list of texts, each text a list of words."""

    def __init__(
        self, documents: Sequence[Sequence[Sequence[str]]], letter_groups: Sequence[int] = _LETTER_GROUPS
    ) -> None:
        self._groups = letter_groups
        counted = [self._count(texts) for texts in documents]
        self.size = len(documents)
        seen = Counter(feature for counts in counted for feature in counts)
        self._idf = {feature: _KINDS[feature[0]] * self._rarity(df) for feature, df in seen.items()}
        self._unseen = _KINDS["w"] * self._rarity(0)
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, counts in enumerate(counted):
            weights = {name: (1 + math.log(count)) * self._idf[name] for name, count in counts.items()}
            norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            for name, weight in weights.items():
                self._postings[name].append((number, weight / norm))

    @property
    def words(self) -> set[str]:
        """Every word of every document."""
        return {feature[2:] for feature in self._idf if feature[0] == "w"}

    def rarity(self, word: str) -> float:
        """How telling a word is, 1 (in every entry) upwards; a word of no entry is as telling as can be."""
        return self._idf.get(f"w {word}", self._unseen) / _KINDS["w"]

    def holders(self, word: str) -> frozenset[int]:
        """The documents that have the word."""
        return frozenset(number for number, _ in self._postings.get(f"w {word}", ()))

    def knows(self, word: str) -> bool:
        return f"w {word}" in self._idf

    def scores(self, words: Sequence[Word]) -> list[float]:
        """The likeness of every document to the question, 0 to 1, in the documents' order."""
        weights = self._weighted(words)
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        totals = [0.0] * self.size
        for name, weight in weights.items():
            for number, held in self._postings.get(name, ()):
                totals[number] += weight * held / norm
        return totals

    def _rarity(self, documents: int) -> float:
        return math.log((1 + self.size) / (1 + documents)) + 1.0

    def _count(self, texts: Iterable[Sequence[str]]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for words in texts:
            for word in words:
                counts.update(_features_of(word, self._groups))
            counts.update(f"p {left} {right}" for left, right in pairwise(words))
        return counts

    def _weighted(self, words: Sequence[Word]) -> dict[str, float]:
        counts: dict[str, float] = defaultdict(float)
        for word in words:
            for name in _features_of(word.text, self._groups):
                counts[name] += word.weight
        hard = [word.text for word in words if word.weight >= 1.0]
        for left, right in pairwise(hard):
            counts[f"p {left} {right}"] += 1.0
        return {
            name: _damped(count) * self._idf.get(name, self._unseen)
            for name, count in counts.items()
            if name in self._idf or name[0] == "w"
        }


def _features_of(word: str, letter_groups: Sequence[int]) -> list[str]:
    """The word itself and its groups of letters, borders marked."""
    marked = f"_{word}_"
    groups = {marked[at : at + size] for size in letter_groups for at in range(len(marked) - size + 1)}
    return [f"w {word}", *(f"c {group}" for group in sorted(groups))]


def _damped(count: float) -> float:
    return 1 + math.log(count) if count > 1 else count
