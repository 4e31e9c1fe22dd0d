"""How officers put together a training's own questions, and what a question may be."""

import secrets
from collections.abc import Sequence

from domain.trainings.editing import BadTraining
from domain.trainings.questions import MOST_CHOICES, MOST_QUESTIONS, Asked
from messages import Number, say
from messages.limits import BUTTON_LABEL

LONGEST_QUESTION = 200
YES_NO = ("ya", "tidak")


def words(typed: str) -> str:
    """A question's words. Raises BadTraining."""
    text = " ".join(typed.split())
    if not any(letter.isalnum() for letter in text):
        raise BadTraining(say("training.words_needed"))
    if len(text) > LONGEST_QUESTION:
        raise BadTraining(say("training.question_too_long", most=Number(LONGEST_QUESTION)))
    return text


def choices(typed: str) -> tuple[str, ...]:
    """What may be answered, a line each, each short enough for a button. Raises BadTraining."""
    found = [" ".join(line.split()) for line in typed.splitlines() if line.strip()]
    once = {line.casefold() for line in found}
    is_fit = all(len(line) <= BUTTON_LABEL and any(letter.isalnum() for letter in line) for line in found)
    if not (is_fit and len(once) == len(found) and 2 <= len(found) <= MOST_CHOICES):
        raise BadTraining(say("training.choices_needed", most=Number(MOST_CHOICES), longest=Number(BUTTON_LABEL)))
    return tuple(found)


def unless_full(questions: Sequence[Asked]) -> None:
    """Raises BadTraining where no further question may be asked."""
    if len(questions) >= MOST_QUESTIONS:
        raise BadTraining(say("training.too_many_questions", most=Number(MOST_QUESTIONS)))


def new_key() -> str:
    """A key that no question has or had: answers to a dropped one must not be read as answers to another."""
    return f"q{secrets.token_hex(4)}"


def conditions(questions: Sequence[Asked]) -> list[tuple[Asked, str]]:
    """The answers that a further question may depend on: those that are chosen from a list."""
    return [
        (one, answer)
        for one in questions
        if one.kind in {"choice", "yesno"}
        for answer in (one.choices if one.kind == "choice" else YES_NO)
    ]


def without(questions: Sequence[Asked], key: str) -> list[Asked]:
    """*questions* but for one. Raises BadTraining where a later one depends on it."""
    for other in questions:
        if other.only_if and other.only_if[0] == key:
            raise BadTraining(say("training.question_needed", other=other.text))
    return [one for one in questions if one.key != key]
