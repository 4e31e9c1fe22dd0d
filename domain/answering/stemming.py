"""A light stemmer for Indonesian and Javanese that only ever arrives at words the knowledge base uses."""

from collections.abc import Collection
from itertools import product

_ENDINGS = ("nya", "ipun", "nipun", "ku", "mu", "lah", "kah", "pun", "ne", "e")
_SUFFIXES = ("kan", "aken", "ake", "an", "in", "no", "ke", "en", "i")
_PREFIXES = (
    # What is taken away, and what may have melted into it: menulis is tulis, nyilih is silih.
    ("dipun", ("",)),
    ("meng", ("", "k")),
    ("meny", ("s", "c")),
    ("mem", ("", "p")),
    ("men", ("", "t")),
    ("me", ("",)),
    ("peng", ("", "k")),
    ("peny", ("s", "c")),
    ("pem", ("", "p")),
    ("pen", ("", "t")),
    ("per", ("",)),
    ("pe", ("",)),
    ("ber", ("",)),
    ("be", ("",)),
    ("ter", ("",)),
    ("di", ("",)),
    ("ke", ("",)),
    ("se", ("",)),
    ("tak", ("",)),
    ("nge", ("",)),
    ("ng", ("", "k")),
    ("ny", ("s", "c")),
    ("n", ("", "t")),
    ("m", ("", "p")),
)
_SHORTEST = 3
_SHORTEST_WITHOUT_PREFIX = 4
"""Three letters would make `las` (welding) of `kelas` (class)."""


def stem(word: str, roots: Collection[str]) -> str:
    """Return the shortest of *roots* that *word* can be built from, or the word itself."""
    if len(word) < _SHORTEST_WITHOUT_PREFIX:
        return word
    trunks = {base for end in _without(word, _ENDINGS) for base in _without(end, _SUFFIXES)}
    found = [trunk for trunk in trunks if trunk in roots]
    for trunk in trunks:
        found += [root for root in _unprefixed(trunk) if root in roots]
    return min(found, key=lambda root: (len(root), root), default=word)


def without_ending(word: str) -> list[str]:
    """The word without a possessive or particle ending: `carane` and `caranya` give `cara`."""
    return [base for base in _without(word, _ENDINGS) if base != word]


def _without(word: str, endings: tuple[str, ...]) -> list[str]:
    shorter = [word[: -len(end)] for end in endings if word.endswith(end) and len(word) - len(end) >= _SHORTEST]
    return [word, *shorter]


def _unprefixed(trunk: str) -> list[str]:
    once = [head + trunk[len(prefix) :] for prefix, heads in _PREFIXES if trunk.startswith(prefix) for head in heads]
    twice = [
        head + base[len(prefix) :]
        for base, (prefix, heads) in product(once, _PREFIXES)
        if base.startswith(prefix) and len(base) > 6
        for head in heads
    ]
    return [root for root in once + twice if len(root) >= _SHORTEST_WITHOUT_PREFIX]
