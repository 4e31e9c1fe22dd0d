"""What a question asks about its matter (a price, a phone number, a date), and whether an entry holds that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.answering.cues import Cues
from domain.answering.verdict import ASKED
from domain.knowledge.entry import Entry

STRICT = frozenset({"address", "phone", "hours", "email", "instalment", "status", "official", "job", "next"})
"""Asked for one of these, an entry without it is no answer at all, however well it fits otherwise."""

SOFT = frozenset({"price", "rate", "duration", "date", "quota"})
"""Asked for one of these, an entry without it may still help, but should say that it is missing."""


@dataclass(frozen=True)
class AttributeCues:
    """The phrases by which an attribute is asked, and those that only look like it."""

    asked: tuple[str, ...]
    unless: tuple[str, ...] = ()


class Attributes:
    """Finds the attributes a question asks, and remembers which each entry can answer."""

    def __init__(self, cues: Mapping[str, AttributeCues], words: Callable[[str], list[str]]) -> None:
        named = {name: cues[name] for name in ASKED if name in cues}
        self._asked = Cues({name: cue.asked for name, cue in named.items()}, words)
        self._unless = Cues({name: cue.unless for name, cue in named.items()}, words)

    def asked(self, words: Sequence[str]) -> list[str]:
        """The attributes asked in *words*, in the order of ASKED."""
        spared = self._unless.found(words)
        return [name for name in self._asked.found(words) if name not in spared]

    def without(self, words: Sequence[str], names: Sequence[str]) -> list[str]:
        """The words that do not belong to asking for the attributes of these names."""
        return self._asked.without(words, names)

    def held(self, entry: Entry, phrasings: Sequence[Sequence[str]]) -> frozenset[str]:
        """What the entry holds by its own word, or answers because one of its own phrasings asks it."""
        return frozenset(entry.holds) | {name for words in phrasings for name in self.asked(words)}


def missing(asked: Sequence[str], held: frozenset[str]) -> str | None:
    """The first strict attribute that is asked and not held, else None."""
    return next((name for name in asked if name in STRICT and name not in held), None)


def missing_softly(asked: Sequence[str], held: frozenset[str]) -> str | None:
    """The first attribute of SOFT that is asked and not held, when nothing asked is held."""
    if any(name in held for name in asked):
        return None
    return next((name for name in asked if name in SOFT), None)
