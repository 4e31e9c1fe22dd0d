"""A training's own questions as fields of a form (`domain.forms`), and what was answered to them."""

import hashlib
import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from db.models import Training
from domain.forms.fields import Answers, Field, choice
from domain.trainings import questions
from domain.trainings.questions import Asked
from messages import say, text_of


def name_of(question: Asked) -> str:
    """What its field is called. A question that was changed meanwhile is another one, and is asked anew."""
    plain = json.dumps(question.plain(), sort_keys=True)
    return f"q{hashlib.sha256(plain.encode()).hexdigest()[:8]}"


def fields_of(training: Training, language: str) -> list[Field]:
    """The questions in their order; what the buttons of yes and no say is in *language*."""
    asked = questions.questions_of(training.questions)
    return [_field(one, asked, language) for one in asked]


def _field(question: Asked, every: Sequence[Asked], language: str) -> Field:
    name, label = name_of(question), say("register.label", text=question.text)

    def applies(answers: Answers) -> bool:
        return questions.applies(question, _plain(every, answers))

    details: dict[str, Any] = {"is_optional": not question.is_required, "applies": applies}
    if question.kind == "yesno":
        options = {"ya": text_of("training.yes", language), "tidak": text_of("training.no", language)}
        return choice(name, label, label, options, columns=2, **details)
    if question.kind == "choice":
        # By number, since a button holds 64 bytes.
        return choice(name, label, label, {str(n): text for n, text in enumerate(question.choices)}, **details)
    words = say("register.number", text=question.text) if question.kind == "number" else label
    return Field(name, label, words, partial(questions.check, question), **details)


def answers_of(training: Training, answers: Answers) -> dict[str, Any]:
    """By the questions' keys, as they are kept with a seat; what does not apply is left out."""
    asked = questions.questions_of(training.questions)
    plain = _plain(asked, answers)
    return {one.key: plain[one.key] for one in asked if one.key in plain and questions.applies(one, plain)}


def _plain(asked: Sequence[Asked], answers: Answers) -> dict[str, Any]:
    found = {one.key: (one, answers[name]) for one in asked if (name := name_of(one)) in answers}
    return {key: one.choices[int(value)] if one.kind == "choice" else value for key, (one, value) in found.items()}


def unanswered(training: Training, answers: Answers) -> list[str]:
    """The fields of questions that must be answered, apply, and are not."""
    asked = questions.questions_of(training.questions)
    plain = _plain(asked, answers)
    return [name_of(one) for one in asked if one.is_required and one.key not in plain and questions.applies(one, plain)]


def depending_on(training: Training, name: str) -> list[str]:
    """The fields of questions that the answer to the field called *name* decides about."""
    asked = questions.questions_of(training.questions)
    key = next((one.key for one in asked if name_of(one) == name), None)
    return [name_of(one) for one in asked if key is not None and one.only_if and one.only_if[0] == key]
