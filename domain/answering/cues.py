"""Plain cue phrases, as an officer writes them, looked for among normalised words."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

GAP = "..."
"""Stands for up to five words in a cue: `nama ... kepala`."""

NUMBER = "#"
"""Stands for any number in a cue: `umur # tahun`."""

NOTHING = r"(?!)"

ToWords = Callable[[str], list[str]]


class Cues:
    """Cue phrases under names; finds which names a text speaks of."""

    def __init__(self, phrases: Mapping[str, Iterable[str]], words: ToWords) -> None:
        self._forms = {name: {form_of(cue, words) for cue in cues} - {""} for name, cues in phrases.items()}
        self._patterns = {name: _any_of(forms) for name, forms in self._forms.items() if forms}
        self._joined: dict[frozenset[str], re.Pattern[str]] = {}

    def found(self, text: Sequence[str]) -> list[str]:
        """The names with a cue in *text*, in the order they were given."""
        line = line_of(text)
        return [name for name, pattern in self._patterns.items() if pattern.search(line)]

    def places(self, line: str) -> Iterator[tuple[str, int]]:
        """Each name with a cue in *line*, and where its first one begins."""
        for name, pattern in self._patterns.items():
            if match := pattern.search(line):
                yield name, match.start()

    def without(self, text: Sequence[str], names: Iterable[str]) -> list[str]:
        """The words of *text* that no cue of *names* covers."""
        named = frozenset(names)
        if named not in self._joined:
            # Together, not one by one: the short cue of one name must not cut into the long cue of another.
            self._joined[named] = _any_of({form for name in named for form in self._forms.get(name, ())})
        return self._joined[named].sub(" ", line_of(text)).split()


def line_of(text: Sequence[str]) -> str:
    """The words as one line; doubled spaces, so that neighbouring cues do not fight over the one between them."""
    return "".join(f" {word} " for word in text)


def form_of(cue: str, words: ToWords) -> str:
    """The regular expression of one cue, empty when its words are all particles."""
    form = ""
    for part in re.split(r"(\.\.\.|#)", cue):
        if part == GAP:
            form += r"(?: \S+ ){0,5}?"
        elif part == NUMBER:
            form += r" \d[\d,]* "
        else:
            form += "".join(f" {re.escape(word)} " for word in words(part))
    return form


def _any_of(forms: Iterable[str]) -> re.Pattern[str]:
    # Longest first: of `selamat` and `selamat pagi` the whole greeting is taken away.
    return re.compile("|".join(sorted(forms, key=lambda form: (-len(form), form))) or NOTHING)
