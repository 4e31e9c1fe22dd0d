"""How sure we are that the best guess answers the question: a small logistic regression."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Calibration:
    """Fitted by `python -m benchmarks.answers fit`; weights are for features as they come."""

    bias: float = -4.0
    weights: Mapping[str, float] = field(default_factory=lambda: {"top": 6.0, "margin": 3.0, "coverage": 3.0})
    direct: float = 0.7
    """From this confidence the entry is shown at once."""
    guess: float = 0.1
    """From this confidence the best guesses are offered; below it a person is asked."""

    def probability(self, features: Mapping[str, float]) -> float:
        """The probability that the first entry answers, 0 to 1."""
        total = self.bias + sum(weight * features.get(name, 0.0) for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
