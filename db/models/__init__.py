"""All tables, imported here so that Alembic sees every one."""

from db.models.knowledge import AnsweringPart, DataVersion, KnowledgeEntry
from db.models.people import Conversation, Person, Question
from db.models.queues import UNSETTLED, Delivery, DeliveryState, Lane, ReceivedUpdate, UpdateState

__all__ = [
    "UNSETTLED",
    "AnsweringPart",
    "Conversation",
    "DataVersion",
    "Delivery",
    "DeliveryState",
    "KnowledgeEntry",
    "Lane",
    "Person",
    "Question",
    "ReceivedUpdate",
    "UpdateState",
]
