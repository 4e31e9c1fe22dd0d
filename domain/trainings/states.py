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


def postpone(training: Training, now: datetime) -> None:
    """Take *training*, which is locked, back from its first morning: its days lie ahead once more.

    It is open where registration has not ended by its own time, else closed; one that has not begun stays as it is.
    """
    if training.state is TrainingState.RUNNING and training.starts_at is not None and now < training.starts_at:
        has_ended = training.closes_at is not None and training.closes_at <= now
        training.state = TrainingState.CLOSED if has_ended else TrainingState.OPEN
        training.changed_at = now
