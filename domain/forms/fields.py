"""A form: its questions in order, and what each takes for an answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from domain.forms import checks
from messages import Sentence

Answers = Mapping[str, Any]
"""Clean values, by field; plain JSON only."""

Question = Sentence | Callable[[Answers], Sentence]
"""Its words, or what makes them of what is known by then."""


def _always(_: Answers) -> bool:
    return True


@dataclass(frozen=True)
class Field:
    """One question."""

    name: str
    """At most 24 of a-z, 0-9 and _: buttons name it."""
    label: Sentence
    """What it is called in lists and on buttons."""
    question: Question
    check: Callable[[str], Any]
    """Makes the clean value of what was typed; raises Unfit with the sentence that helps."""
    show: Callable[[Any], Sentence | str] = str
    """How a clean value reads."""
    options: Mapping[str, Sentence | str] = field(default_factory=dict)
    """Of a choice: what its buttons say, by value."""
    columns: int = 1
    """Of its buttons."""
    accepts: frozenset[str] = frozenset()
    """Values beside the options: of buttons that were offered when things stood otherwise."""
    is_optional: bool = True
    asks_contact: bool = False
    """The phone's own number will do: a key offers to send it."""
    applies: Callable[[Answers], bool] = _always
    """Whether it is asked at all, by the answers before it."""


@dataclass(frozen=True)
class Form:
    """The fields that may be asked; which of them are, a draft says."""

    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        return next((one for one in self.fields if one.name == name), None)


def choice(
    name: str,
    label: Sentence,
    question: Question,
    options: Mapping[str, Sentence | str],
    columns: int = 1,
    **details: Any,
) -> Field:
    """A field whose answer is one of *options*, tapped or typed."""
    return Field(
        name,
        label,
        question,
        check=partial(checks.one_of, options=options),
        # What is kept may be an option no more.
        show=lambda value: options.get(value, str(value)),
        options=options,
        columns=columns,
        **details,
    )
