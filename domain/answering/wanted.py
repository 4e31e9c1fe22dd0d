"""Wishes inside a text that no entry answers: `ada yang cari keripik` wants the opportunities."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.answering.cues import Cues
from domain.answering.verdict import ACTIONS

_MOST_WORDS = 14
"""A longer text tells of more than a wish."""


@dataclass(frozen=True)
class WishCues:
    """The phrases by which something is wanted, those that only look like it, and those that are near enough to it."""

    asked: tuple[str, ...]
    unless: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


class Wanted:
    """Finds what is wanted in a text, or what may help beside an answer."""

    def __init__(self, cues: Mapping[str, WishCues], words: Callable[[str], list[str]]) -> None:
        named = {name: cues[name] for name in ACTIONS if name in cues}
        self._asked = Cues({name: cue.asked for name, cue in named.items()}, words)
        self._unless = Cues({name: cue.unless for name, cue in named.items()}, words)
        self._near = Cues({name: cue.near for name, cue in named.items()}, words)

    def found(self, words: Sequence[str]) -> str | None:
        """The first of ACTIONS that *words* wish for."""
        if len(words) > _MOST_WORDS:
            return None
        spared = self._unless.found(words)
        return next((name for name in self._asked.found(words) if name not in spared), None)

    def near(self, words: Sequence[str]) -> str | None:
        """The first of ACTIONS that *words* do not wish for, but that may help, too."""
        return next(iter(self._near.found(words) or self._asked.found(words)), None)
