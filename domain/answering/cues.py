"""Plain cue phrases, as an officer writes them, looked for among normalised words."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

GAP = "..."
"""Stands for up to three words in a cue: `nama ... kepala`."""

NUMBER = "#"
"""Stands for any number in a cue: `umur # tahun`."""

Words = Sequence[str]


class Cues:
    """Cue phrases under names; finds which names a text speaks of."""

    def __init__(self, phrases: Mapping[str, Iterable[str]], words: Callable[[str], list[str]]) -> None:
        self._patterns = {name: _pattern(cues, words) for name, cues in phrases.items()}

    def found(self, text: Words) -> list[str]:
        """The names with a cue in *text*, in the order they were given."""
        line = _line(text)
        return [name for name, pattern in self._patterns.items() if pattern and pattern.search(line)]

    def without(self, text: Words, names: Iterable[str]) -> list[str]:
        """The words of *text* that no cue of *names* covers."""
        line = _line(text)
        for name in names:
            if pattern := self._patterns.get(name):
                line = pattern.sub(" ", line)
        return line.split()


def _line(text: Words) -> str:
    # Doubled spaces, so that neighbouring cues do not fight over the space between them.
    return "".join(f" {word} " for word in text)


def _pattern(cues: Iterable[str], words: Callable[[str], list[str]]) -> re.Pattern[str] | None:
    # Longest first: of `selamat` and `selamat pagi` the whole greeting is taken away.
    found = sorted({form for cue in cues if (form := _form(cue, words))}, key=lambda form: (-len(form), form))
    return re.compile("|".join(found)) if found else None


def _form(cue: str, words: Callable[[str], list[str]]) -> str:
    form = ""
    for part in re.split(r"(\.\.\.|#)", cue):
        if part == GAP:
            form += r"(?: \S+ ){0,3}?"
        elif part == NUMBER:
            form += r" \d[\d,]* "
        else:
            form += "".join(f" {re.escape(word)} " for word in words(part))
    return form
