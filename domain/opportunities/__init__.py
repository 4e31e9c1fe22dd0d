"""Opportunities: buyers, fairs, tenders, export leads and contests that find who can take them."""

from db.models import (
    Feed,
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
    "Feed",
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
