"""Talk that is no question, and wishes that are commands."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.answering.cues import Cues
from domain.answering.verdict import ACTIONS, SMALLTALK

_POLITE = ("salam", "greeting", "thanks", "apology")
"""What people say before and after a question; taken away, the question remains."""

_WHOLE = frozenset(
    {"acknowledgement", "farewell", "laughter", "test", "help", "cancel", "stop", "start", "program", "interests"}
    | {"opportunities", "follow"}
)
"""Meant only when nothing else is said: `bantuan` asks for help, `bantuan untuk janda` does not."""

_MOST_LOOSE_WORDS = 3
_MOST_IN_ANGER = 12

Judge = Callable[[str], bool]

_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Heard:
    """What kind of talk a message is, if it is no question; and the words a question would be left with."""

    action: str | None
    smalltalk: str | None
    rest: list[str]


class SmallTalk:
    """Recognises greetings, thanks, wishes for a person and the like."""

    def __init__(
        self,
        smalltalk: Mapping[str, Iterable[str]],
        actions: Mapping[str, Iterable[str]],
        offices: Iterable[str],
        words: Callable[[str], list[str]],
    ) -> None:
        self._offices = frozenset(word for office in offices for word in words(office))
        self._smalltalk = Cues({name: smalltalk[name] for name in SMALLTALK if name in smalltalk}, words)
        self._actions = Cues({name: actions[name] for name in ACTIONS if name in actions}, words)

    def heard(self, words: Sequence[str], is_topical: Judge, is_ordinary: Judge) -> Heard:
        """Take *words* apart.

        *is_topical* says whether a word belongs to some entry's matter, *is_ordinary* whether it says nothing at all.
        """
        question = self._smalltalk.without(words, _POLITE)
        if wish := self._wish(words, is_topical) or self._wish(question, is_topical):
            return Heard(wish, None, question)
        kinds = self._smalltalk.found(words)
        rest = self._smalltalk.without(words, kinds)
        if "abuse" in kinds and len(rest) <= _MOST_IN_ANGER and not any(is_topical(word) for word in rest):
            return Heard(None, "abuse", question)
        loose = [kind for kind in kinds if kind not in _WHOLE]
        if kinds and (not rest or (loose and len(rest) <= _MOST_LOOSE_WORDS and all(map(is_ordinary, rest)))):
            return Heard(None, _foremost(loose or kinds), question)
        return Heard(None, None, question or list(words))

    def _wish(self, words: Sequence[str], is_topical: Judge) -> str | None:
        for wish in self._actions.found(words):
            rest = self._actions.without(words, [wish])
            topical = [word for word in rest if is_topical(word) and word not in self._offices]
            if not rest or (wish not in _WHOLE and not topical):
                return wish
        return None


def unworded(text: str) -> str:
    """What a message without a word in Latin letters or digits is: emoji, or unreadable."""
    if _LETTER.search(text):
        return "unreadable"
    return "emoji" if any(unicodedata.category(sign) in {"So", "Sk"} for sign in text) else "unreadable"


def _foremost(kinds: Sequence[str]) -> str:
    order = ("abuse", "identity", "thanks", "salam", "farewell", "wellbeing", "praise")
    return next((kind for kind in order if kind in kinds), kinds[0])
