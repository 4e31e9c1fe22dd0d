"""Where a training stands, and which moves there are. Illegal ones are refused by name."""

from datetime import datetime

from db.models import Training, TrainingState
from domain.errors import Refusal
from messages import Sentence, say

MOVES: dict[TrainingState, frozenset[TrainingState]] = {
    TrainingState.DRAFT: frozenset({TrainingState.OPEN, TrainingState.CANCELLED}),
    TrainingState.OPEN: frozenset({TrainingState.CLOSED, TrainingState.RUNNING, TrainingState.CANCELLED}),
    TrainingState.CLOSED: frozenset({TrainingState.OPEN, TrainingState.RUNNING, TrainingState.CANCELLED}),
    TrainingState.RUNNING: frozenset({TrainingState.DONE, TrainingState.CANCELLED}),
    TrainingState.DONE: frozenset(),
    TrainingState.CANCELLED: frozenset(),
}


class IllegalMove(Refusal):
    """A training cannot go from where it stands to there."""

    def __init__(self, training: Training, to: TrainingState) -> None:
        super().__init__(
            say("training.no_such_move", title=training.title, now=name_of(training.state), to=name_of(to))
        )


def name_of(state: TrainingState) -> Sentence:
    return say(f"training.state_{state.value}")


def move(training: Training, to: TrainingState, now: datetime) -> None:
    """Let *training*, which is locked, stand at *to*. Raises IllegalMove."""
    if to not in MOVES[training.state]:
        raise IllegalMove(training, to)
    training.state, training.changed_at = to, now
