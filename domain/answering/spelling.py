"""What an unknown word was probably meant to be, among the words the knowledge base uses."""

from collections import defaultdict
from collections.abc import Iterable

_SHORTEST = 4
_LONG = 6
_VOWELS = str.maketrans("", "", "aeiou")


class Spelling:
    """An index over known words, by their consonants and by leaving out one letter."""

    def __init__(self, words: Iterable[str]) -> None:
        self._skeletons: dict[str, list[str]] = defaultdict(list)
        self._nearly: dict[str, list[str]] = defaultdict(list)
        for word in sorted(set(words)):
            if len(word) < _SHORTEST or not word.isalpha():
                continue
            self._skeletons[skeleton(word)].append(word)
            for form in _with_one_left_out(word):
                self._nearly[form].append(word)

    def meant(self, word: str) -> str | None:
        """Return the closest known word, or None when nothing is close enough."""
        if not word.isalpha() or len(word) < 3 or len(word) > 25:
            return None
        candidates = self._by_letters(word) if len(word) >= _SHORTEST else {}
        for other in self._skeletons.get(skeleton(word), ()):
            # People drop vowels (bntuan); only an abbreviation may differ much in length.
            if len(word) < len(other) <= len(word) + 4 and other[0] == word[0]:
                candidates[other] = min(candidates.get(other, 9.0), 0.5 + 0.4 * (len(other) - len(word)))
        if not candidates:
            return None
        return min(candidates, key=lambda other: (candidates[other], other))

    def _by_letters(self, word: str) -> dict[str, float]:
        bound = 1 if len(word) < _LONG else 2
        near = {other for form in _with_one_left_out(word) for other in self._nearly.get(form, ())}
        found = {}
        for other in near:
            distance = edits(word, other)
            starts_alike = other[0] == word[0] or other[:2] == word[1::-1]
            if distance <= bound and starts_alike:
                found[other] = float(distance)
        return found


def skeleton(word: str) -> str:
    """The consonants of *word*, doubles once: what is left of it in a text message."""
    bare = word.translate(_VOWELS)
    return "".join(letter for index, letter in enumerate(bare) if index == 0 or bare[index - 1] != letter)


def edits(left: str, right: str) -> int:
    """The number of letters to insert, delete, change or swap with their neighbour."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _with_one_left_out(word: str) -> set[str]:
    return {word, *(word[:index] + word[index + 1 :] for index in range(len(word)))}
