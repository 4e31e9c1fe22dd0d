"""Fit the confidence on the district's own examples, each judged by an answerer that has not seen it.

Positives are phrasings left out of their entries, and our development questions. Negatives are the entries'
`not_answered`, the rows of out_of_scope.tsv for fitting, and phrasings of entries left out whole.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.answers.material import (
    NOBODY,
    Example,
    dealt,
    development,
    district_folder,
    out_of_scope,
    part_of,
    read_material,
)
from domain.answering import Answerer, AnsweringData, Verdict
from domain.answering.confidence import ALL_GUESSES, MATTER, RULED
from domain.knowledge.entry import Entry

PARTS = 5
PENALTY = 1.0
PHRASINGS_OF_A_MISSING_ENTRY = 8

WEIGHTS = {"missing entry": 0.3, "elsewhere": 0.3}
"""A whole entry missing is rarer in life than in our folds; and a question one entry does not answer, another may."""

PRECISION = 0.975
"""Of the answers given at once to questions that have one, this share must be right."""

WRONG = 0.04
"""Of the questions nobody answers, at most this share may get an answer at once."""

LOST = 0.03
"""Of the questions near an entry that does not answer them, at most this share may be handed over without guesses.

A guess too many costs a glance; a question handed over costs an officer's time and the person's.
"""

STRAY = frozenset(
    {"other_service", "small_talk", "abuse", "spam", "prompt_injection", "far", "dispute", "missing entry"}
)
"""Kinds of questions that are about no matter of ours; the others without an answer are near one."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """An example with what an answerer that had not seen it made of it."""

    example: Example
    verdict: Verdict
    is_right: bool
    weight: float
    owner: str = NOBODY
    """The entry the question is near, answered by it or not."""

    @property
    def is_about_ours(self) -> bool | None:
        """Whether one of the guesses is about the question's matter; None when we cannot tell."""
        if self.owner:
            return self.owner in self.verdict.suggestions
        return False if self.example.kind in STRAY else None

    @property
    def is_answerable(self) -> bool:
        return self.example.entry != NOBODY

    @property
    def is_held_back(self) -> bool:
        """Whether a rule forbids an answer at once, whatever the confidence."""
        return any(self.verdict.features[name] for name in RULED)


def fit() -> Path:
    """Fit, write calibration.json and return its path."""
    folder = district_folder()
    entries, data = read_material(folder)
    judged = [one for one in judge(entries, data, out_of_scope(folder, "fit"), development()) if one.verdict.features]
    weights = [one.weight for one in judged]
    signs = [one.verdict.features for one in judged]
    answers = _Fit(judged, signs, frozenset(signs[0]) - RULED, [one.is_right for one in judged], weights)
    clear = [one for one in judged if one.is_about_ours is not None]
    signs, truths = [one.verdict.matter for one in clear], [bool(one.is_about_ours) for one in clear]
    matters = _Fit(clear, signs, MATTER, truths, [one.weight for one in clear])
    plain = {
        "answers": answers.plain(),
        "direct": _direct_from(judged, answers.unseen()),
        "matters": matters.plain(),
        "offer": _offer_from(clear, matters.unseen()),
    }
    path = folder / "answering" / "calibration.json"
    path.write_text(json.dumps(plain, indent=1) + "\n", "utf-8")
    return path


class _Fit:
    """A regression over the features called *names*, and what it says of examples it was not fitted on."""

    def __init__(
        self,
        judged: Sequence[Judged],
        signs: Sequence[dict[str, float]],
        names: frozenset[str],
        truths: Sequence[bool],
        weights: Sequence[float],
    ) -> None:
        self._names = sorted(names)
        self._parts = np.array([part_of(one.example.question, PARTS) for one in judged])
        self._features = np.array([[sign[name] for name in self._names] for sign in signs])
        self._truths, self._weights = np.array(truths, dtype=float), np.array(weights)

    def plain(self) -> dict[str, object]:
        """The regression on all examples, as calibration.json has it."""
        slopes, bias = logistic(self._features, self._truths, self._weights)
        rounded = {name: round(float(slope), 4) for name, slope in zip(self._names, slopes, strict=True)}
        return {"bias": round(bias, 4), "weights": rounded}

    def unseen(self) -> Matrix:
        """The probability for each example by a regression fitted without its part."""
        chances = np.zeros(len(self._truths))
        for number in range(PARTS):
            rest, here = self._parts != number, self._parts == number
            slopes, bias = logistic(self._features[rest], self._truths[rest], self._weights[rest])
            chances[here] = 1 / (1 + np.exp(-(self._features[here] @ slopes + bias)))
        return chances


def judge(
    entries: Sequence[Entry], data: AnsweringData, rejects: Sequence[Example], questions: Sequence[Example]
) -> Iterator[Judged]:
    """Every example, judged in turn by answerers from which it was left out."""
    whole = replace(data, calibration=ALL_GUESSES)
    for part in range(PARTS):
        held = [one for one in rejects if part_of(one.question, PARTS) == part]
        kept = tuple(one.question for one in rejects if one not in held)
        shorter = replace(whole, rejects=kept)
        answerer = Answerer([_without(entry, part) for entry in entries], shorter)
        for entry in entries:
            for text in dealt(entry.phrasings, part, PARTS):
                yield _judged(answerer, Example(text, entry.id, "phrasing"))
            for text in dealt(entry.not_answered, part, PARTS):
                yield _judged(answerer, Example(text, NOBODY, "not answered"), entry.id)
        yield from (_judged(answerer, one) for one in held)
        yield from _missing_entries(entries, shorter, part)
    answerer = Answerer(entries, whole)
    yield from (_judged(answerer, one) for one in questions)


def logistic(features: Matrix, right: Matrix, weights: Matrix) -> tuple[Matrix, float]:
    """Penalised logistic regression by Newton's method: slopes for features as they come, and the bias."""
    mean, spread = features.mean(0), features.std(0) + 1e-9
    scaled = np.column_stack([np.ones(len(features)), (features - mean) / spread])
    penalty = np.diag([1e-6, *[PENALTY] * features.shape[1]])
    slopes = np.zeros(scaled.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-scaled @ slopes))
        gradient = scaled.T @ (weights * (right - chance)) - penalty @ slopes
        curvature = (scaled * (weights * chance * (1 - chance))[:, None]).T @ scaled + penalty
        step = np.linalg.solve(curvature, gradient)
        slopes += step
        if np.abs(step).max() < 1e-9:
            break
    own = slopes[1:] / spread
    return own, float(slopes[0] - own @ mean)


def _direct_from(judged: Sequence[Judged], unseen: Matrix) -> float:
    """The lowest probability to answer from that keeps both promises; 1 when none does."""
    steps = [round(0.01 * step, 2) for step in range(50, 100)]
    return next((step for step in steps if _keeps_promises(judged, unseen, step)), 1.0)


def _offer_from(judged: Sequence[Judged], unseen: Matrix) -> float:
    """The highest probability to offer guesses from that loses few of the questions near an entry."""
    near = [not one.is_answerable and bool(one.is_about_ours) for one in judged]
    found = unseen[np.array(near)]
    return round(float(np.quantile(found, LOST)), 3)


def _keeps_promises(judged: Sequence[Judged], unseen: Matrix, threshold: float) -> bool:
    pairs = [(one, chance >= threshold and not one.is_held_back) for one, chance in zip(judged, unseen, strict=True)]
    given = [one.is_right for one, is_given in pairs if is_given and one.is_answerable]
    strays = [is_given for one, is_given in pairs if not one.is_answerable and one.example.kind != "missing entry"]
    return bool(given) and sum(given) / len(given) >= PRECISION and sum(strays) / len(strays) <= WRONG


def _without(entry: Entry, part: int) -> Entry:
    phrasings = set(dealt(entry.phrasings, part, PARTS))
    unanswered = set(dealt(entry.not_answered, part, PARTS))
    return replace(
        entry,
        phrasings=tuple(text for text in entry.phrasings if text not in phrasings),
        not_answered=tuple(text for text in entry.not_answered if text not in unanswered),
    )


def _missing_entries(entries: Sequence[Entry], data: AnsweringData, part: int) -> Iterator[Judged]:
    gone = [entry for entry in entries if part_of(entry.id, PARTS) == part]
    answerer = Answerer([entry for entry in entries if entry not in gone], data)
    for entry in gone:
        for text in list(dealt(entry.phrasings, 0, 1))[:PHRASINGS_OF_A_MISSING_ENTRY]:
            yield _judged(answerer, Example(text, NOBODY, "missing entry"))


def _judged(answerer: Answerer, example: Example, owner: str = NOBODY) -> Judged:
    verdict = answerer.verdict(example.question)
    first = next(iter(verdict.suggestions), None)
    weight = WEIGHTS.get(example.kind, 1.0)
    if owner and first != owner:
        weight = WEIGHTS["elsewhere"]
    return Judged(example, verdict, first == example.entry, weight, owner or example.entry)
