"""Which other place a question names: the answer there is another one."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from domain.answering.cues import Cues, form_of, line_of

_TOWARDS = r"(?: (?:di|dari|ke|asal) )?"


class Places:
    """Finds the other districts and towns a text is about.

    A place is only passed by when a lead stands before it: the buyer from Surabaya changes nothing here.
    """

    def __init__(
        self, other: Mapping[str, Iterable[str]], leads: Iterable[str], words: Callable[[str], list[str]]
    ) -> None:
        self._other = Cues(other, words)
        forms = sorted({form for lead in leads if (form := form_of(lead, words))}, key=lambda form: (-len(form), form))
        self._passed_by = re.compile(f"(?:{'|'.join(forms)}){_TOWARDS}$") if forms else None

    def other(self, words: Sequence[str]) -> str | None:
        """The first other place the question is about, by its usual name."""
        line = line_of(words)
        for name, start in sorted(self._other.places(line), key=lambda found: (found[1], found[0])):
            if self._passed_by is None or not self._passed_by.search(line[:start]):
                return name
        return None

    def without(self, words: Sequence[str]) -> list[str]:
        """The words that are no part of another place's name."""
        return self._other.without(words, [name for name, _ in self._other.places(line_of(words))])
