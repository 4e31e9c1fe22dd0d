"""A training's own questions: what an officer asks beyond the profile, and which of them apply."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from domain.errors import Unfit
from domain.forms.checks import MASKED, cleaned
from messages import Number, Sentence, say

Kind = Literal["text", "choice", "yesno", "number"]
KINDS: tuple[Kind, ...] = ("text", "choice", "yesno", "number")
LONGEST_ANSWER = 300
MOST_QUESTIONS = 8
MOST_CHOICES = 10


@dataclass(frozen=True)
class Asked:
    """One question. `only_if`: the key of an earlier one and the answer that makes this one apply."""

    key: str
    text: str
    kind: Kind = "text"
    choices: tuple[str, ...] = ()
    is_required: bool = True
    only_if: tuple[str, str] | None = None

    def plain(self) -> dict[str, Any]:
        """As it is kept in the training's row."""
        condition = {"only_if": list(self.only_if)} if self.only_if else {}
        return {
            "key": self.key,
            "text": self.text,
            "kind": self.kind,
            "choices": list(self.choices),
            "is_required": self.is_required,
            **condition,
        }


def questions_of(plain: Sequence[Mapping[str, Any]]) -> list[Asked]:
    """The questions kept in a training's row. Raises ValueError or KeyError for a form that is none."""
    read: list[Asked] = []
    for one in plain:
        if one["kind"] not in KINDS:
            raise ValueError(f"no kind of question: {one['kind']!r}")
        condition = tuple(one["only_if"]) if one.get("only_if") else None
        if condition and condition[0] not in {before.key for before in read}:
            raise ValueError(f"the question {one['key']!r} depends on none before it: {condition[0]!r}")
        only_if = (str(condition[0]), str(condition[1])) if condition else None
        read.append(
            Asked(one["key"], one["text"], one["kind"], tuple(one.get("choices", ())), one["is_required"], only_if)
        )
    return read


def next_question(questions: Sequence[Asked], answers: Mapping[str, Any]) -> Asked | None:
    """The first that applies and is not answered (a skipped one is answered with None); None when all are."""
    return next((one for one in questions if one.key not in answers and applies(one, answers)), None)


def applies(question: Asked, answers: Mapping[str, Any]) -> bool:
    """Whether it is asked at all, by what was answered before."""
    if question.only_if is None:
        return True
    key, wanted = question.only_if
    return str(answers.get(key)) == wanted


class BadAnswer(Unfit):
    """An answer the question does not take; the sentence says what would do."""


def check(question: Asked, typed: str) -> str | int:
    """The clean answer. Raises BadAnswer."""
    text = cleaned(typed)
    if text.count("•") >= MASKED:
        raise BadAnswer(say("form.identity_number"))
    if question.kind == "number":
        return _number(text)
    if question.kind in {"choice", "yesno"}:
        choices = question.choices if question.kind == "choice" else ("ya", "tidak")
        found = next((choice for choice in choices if choice.casefold() == text.casefold()), None)
        if found is None:
            raise BadAnswer(say("training.tap_a_choice"))
        return found
    if not any(letter.isalnum() for letter in text):
        raise BadAnswer(say("training.answer_in_words"))
    if len(text) > LONGEST_ANSWER:
        raise BadAnswer(say("training.answer_too_long", most=Number(LONGEST_ANSWER)))
    return text


_WHOLE = re.compile(
    r"(?:rp\.?\s*)?(\d{1,12}|[1-9]\d{0,2}(?:[. ]\d{3}){1,3})(?:,(?:-|0{1,2}))?\.?", re.IGNORECASE | re.ASCII
)
"""12, 1.500 and Rp 1.500.000,-: in Indonesian a dot stands between thousands, so always before three digits."""

_BROKEN = re.compile(r"(?:rp\.?\s*)?\d[\d. ]*[.,]\d+", re.IGNORECASE | re.ASCII)


def _number(text: str) -> int:
    """A whole number: what comes in parts, such as 2,5, is not read as another one."""
    if found := _WHOLE.fullmatch(text):
        return int(re.sub(r"\D", "", found[1]))
    raise BadAnswer(say("training.answer_a_whole_number" if _BROKEN.fullmatch(text) else "training.answer_a_number"))


def shown(question: Asked, answer: object) -> Sentence | str:
    """An answer as it is read back."""
    if answer is None:
        return say("training.not_answered")
    if question.kind == "yesno":
        return say("training.yes") if answer == "ya" else say("training.no")
    return str(answer)
