"""Trainings: what is offered, who has a seat, who waits, who was there."""

from db.models import Seat, SeatState, Training, TrainingDay, TrainingState

__all__ = ["Seat", "SeatState", "Training", "TrainingDay", "TrainingState"]
