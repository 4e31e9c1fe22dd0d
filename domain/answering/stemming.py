"""A light stemmer for Indonesian and Javanese that only ever arrives at words we know."""

from collections.abc import Collection, Iterator

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


def stem(word: str, roots: Collection[str], whole: Collection[str]) -> str:
    """Take affixes from *word* as long as that leads to one of *roots*; words of *whole* are left as they are."""
    seen = {word}
    while word not in whole:
        shorter = min(
            (root for root in _stripped(word) if root in roots and root not in seen),
            key=lambda root: (-len(root), root),
            default=None,
        )
        if shorter is None:
            return word
        seen.add(shorter)
        word = shorter
    return word


def without_ending(word: str) -> list[str]:
    """The word without a possessive or particle ending: `carane` and `caranya` give `cara`."""
    return list(_cut(word, _ENDINGS))


def _stripped(word: str) -> Iterator[str]:
    """The word with an ending, a suffix and a prefix taken away in every combination; never the word itself."""
    for base in (word, *_cut(word, _ENDINGS)):
        for trunk in (base, *_cut(base, _SUFFIXES)):
            if trunk != word:
                yield trunk
            for prefix, heads in _PREFIXES:
                if trunk.startswith(prefix):
                    for head in heads:
                        root = head + trunk[len(prefix) :]
                        if _SHORTEST_WITHOUT_PREFIX <= len(root) <= len(word):
                            yield root


def _cut(word: str, endings: tuple[str, ...]) -> Iterator[str]:
    for end in endings:
        if word.endswith(end) and len(word) - len(end) >= _SHORTEST:
            yield word[: -len(end)]
