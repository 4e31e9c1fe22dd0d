"""Which other place a question names: the answer there is another one."""

from collections.abc import Callable, Iterable, Mapping

from domain.answering.cues import Cues


class Places:
    """Finds the other districts and towns in a text, and says whether ours is named too."""

    def __init__(
        self,
        own: Iterable[str],
        other: Mapping[str, Iterable[str]],
        unless: Iterable[str],
        words: Callable[[str], list[str]],
    ) -> None:
        self._own = Cues({"own": own}, words)
        self._other = Cues(other, words)
        self._passing = Cues({"passing": unless}, words)

    def other(self, words: list[str]) -> str | None:
        """The first other place the question is about, by its usual name."""
        places = self._other.found(self._passing.without(words, ["passing"]))
        return places[0] if places else None

    def is_ours(self, words: list[str]) -> bool:
        """Whether our own district or a part of it is named."""
        return bool(self._own.found(words))
