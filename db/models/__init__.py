"""All tables, imported here so that Alembic sees every one."""

from db.models.alarms import Alarm
from db.models.groups import GroupChat, GroupState
from db.models.knowledge import AnsweringPart, DataVersion, KnowledgeEntry
from db.models.leadership import LanePause, Leadership
from db.models.people import Conversation, Person, Question
from db.models.queues import UNSETTLED, Delivery, DeliveryState, Lane, ReceivedUpdate, UpdateState

__all__ = [
    "UNSETTLED",
    "Alarm",
    "AnsweringPart",
    "Conversation",
    "DataVersion",
    "Delivery",
    "DeliveryState",
    "GroupChat",
    "GroupState",
    "KnowledgeEntry",
    "Lane",
    "LanePause",
    "Leadership",
    "Person",
    "Question",
    "ReceivedUpdate",
    "UpdateState",
]
