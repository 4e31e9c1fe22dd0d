"""Opportunities: buyers, fairs, tenders, export leads and contests that find who can take them."""

from db.models import (
    Interest,
    InterestAnswer,
    MailState,
    Notice,
    NoticeState,
    Opportunity,
    OpportunityKind,
    OpportunityMail,
    OpportunityState,
    Standing,
    Wishes,
)

__all__ = [
    "Interest",
    "InterestAnswer",
    "MailState",
    "Notice",
    "NoticeState",
    "Opportunity",
    "OpportunityKind",
    "OpportunityMail",
    "OpportunityState",
    "Standing",
    "Wishes",
]
