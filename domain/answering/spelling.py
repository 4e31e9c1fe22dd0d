"""What an unknown word was probably meant to be, among the words we know."""

from collections import defaultdict
from collections.abc import Mapping

_SHORT = 4
_LONG = 6
_LONGEST = 25
_VOWELS = frozenset("aeiou")


class Spelling:
    """An index over known words and how often each is used, by consonants and by leaving out one letter."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self._uses = words
        self._skeletons: dict[str, list[str]] = defaultdict(list)
        self._nearly: dict[str, list[str]] = defaultdict(list)
        for word in sorted(words):
            if len(word) < _SHORT or not word.isalpha():
                continue
            self._skeletons[skeleton(word)].append(word)
            for form in _with_one_left_out(word):
                self._nearly[form].append(word)

    def meant(self, word: str) -> str | None:
        """Return the closest known word, the most used of equals, or None when nothing is close enough."""
        if not word.isalpha() or not word.isascii() or not 2 < len(word) <= _LONGEST:
            return None
        candidates = self._by_letters(word) | self._by_consonants(word)
        return min(candidates, key=lambda other: (candidates[other], -self._uses[other], other), default=None)

    def _by_letters(self, word: str) -> dict[str, float]:
        bound = 1 if len(word) < _LONG else 2
        near = {other for form in _with_one_left_out(word) for other in self._nearly.get(form, ())}
        found = {}
        for other in near:
            # Three letters are too few to guess from, unless one more makes a word: yag, yang.
            if len(word) < _SHORT and len(other) != len(word) + 1:
                continue
            starts_alike = other[0] == word[0] or other[:2] == word[1::-1]
            distance = edits(word, other)
            if distance <= bound and starts_alike:
                found[other] = float(distance)
        return found

    def _by_consonants(self, word: str) -> dict[str, float]:
        """Words that were shortened by leaving out vowels: bntuan, bantuan."""
        vowels = sum(letter in _VOWELS for letter in word)
        if vowels and (len(word) < _SHORT or vowels > len(word) / 3):
            return {}
        longer = [other for other in self._skeletons.get(skeleton(word), ()) if len(word) < len(other) <= len(word) + 4]
        return {other: 0.5 + 0.4 * (len(other) - len(word)) for other in longer if other[0] == word[0]}


def skeleton(word: str) -> str:
    """The consonants of *word*, doubles once: what is left of it in a text message."""
    bare = [letter for letter in word if letter not in _VOWELS]
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
