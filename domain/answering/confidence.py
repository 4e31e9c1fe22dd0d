"""How sure we are: two small logistic regressions, one for answering at once, one for offering guesses."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

RULED = frozenset({"elsewhere", "lacking"})
"""Features by which a rule already forbids an answer at once; the first regression leaves them out."""

MATTER = frozenset({"top", "margin", "coverage", "unknown", "strongest", "evidence", "length", "near", "near stray"})
"""Features of what a question is about, whatever it asks there; the second regression uses these."""


@dataclass(frozen=True)
class Regression:
    """Weights are for features as they come."""

    bias: float = -4.0
    weights: Mapping[str, float] = field(default_factory=lambda: {"top": 6.0, "margin": 3.0, "coverage": 3.0})

    def probability(self, features: Mapping[str, float]) -> float:
        """Between 0 and 1."""
        total = self.bias + sum(weight * features.get(name, 0.0) for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@dataclass(frozen=True)
class Calibration:
    """Fitted by `python -m benchmarks.answers fit`."""

    answers: Regression = field(default_factory=Regression)
    """Whether the first entry answers the question."""
    matters: Regression = field(default_factory=Regression)
    """Whether one of the first three is about the same matter, even if it does not hold what is asked."""
    direct: float = 0.8
    """From this probability of an answer the entry is shown at once."""
    offer: float = 0.2
    """From this probability that the matter is ours, guesses are offered; below it a person is asked."""


ALL_GUESSES = Calibration(direct=2.0, offer=-1.0)
"""Answers nothing at once and hands nothing over: for looking at the ranking alone."""
