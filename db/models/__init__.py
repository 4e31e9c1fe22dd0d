"""All tables, imported here so that Alembic sees every one."""

from db.models.alarms import Alarm
from db.models.broadcasts import (
    UNDER_WAY,
    Broadcast,
    BroadcastKind,
    BroadcastSchedule,
    BroadcastState,
    HoaxReport,
    MutedTopic,
    Outlet,
    Recipient,
    RecipientState,
)
from db.models.erasures import DatabaseName, Erasure
from db.models.groups import GroupChat, GroupState
from db.models.inquiries import GroupSummary, Inquiry, InquiryState, Relay, RelayCopy, SavedReply
from db.models.knowledge import AnsweringPart, DataVersion, KnowledgeEntry
from db.models.leadership import LanePause, Leadership
from db.models.people import Conversation, Person, Question
from db.models.profiles import Consent, Draft, OpenedInvitation, Profile, RegisteredBusiness
from db.models.queues import UNSETTLED, Delivery, DeliveryState, Lane, ReceivedUpdate, UpdateState
from db.models.schedule import HouseRule, Occurrence
from db.models.staff import AppointmentLink, AuditEntry, Officer, Role, StaffGroup
from db.models.trainings import Attendance, Seat, SeatState, Training, TrainingDay, TrainingState, WalkIn

__all__ = [
    "UNDER_WAY",
    "UNSETTLED",
    "Alarm",
    "AnsweringPart",
    "AppointmentLink",
    "Attendance",
    "AuditEntry",
    "Broadcast",
    "BroadcastKind",
    "BroadcastSchedule",
    "BroadcastState",
    "Consent",
    "Conversation",
    "DataVersion",
    "DatabaseName",
    "Delivery",
    "DeliveryState",
    "Draft",
    "Erasure",
    "GroupChat",
    "GroupState",
    "GroupSummary",
    "HoaxReport",
    "HouseRule",
    "Inquiry",
    "InquiryState",
    "KnowledgeEntry",
    "Lane",
    "LanePause",
    "Leadership",
    "MutedTopic",
    "Occurrence",
    "Officer",
    "OpenedInvitation",
    "Outlet",
    "Person",
    "Profile",
    "Question",
    "ReceivedUpdate",
    "Recipient",
    "RecipientState",
    "RegisteredBusiness",
    "Relay",
    "RelayCopy",
    "Role",
    "SavedReply",
    "Seat",
    "SeatState",
    "StaffGroup",
    "Training",
    "TrainingDay",
    "TrainingState",
    "UpdateState",
    "WalkIn",
]
