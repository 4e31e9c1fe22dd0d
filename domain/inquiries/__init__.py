"""Questions that officers answer: from the person to the officers of an office, and back.

asking: what a person does · answering, ending: what officers do · posting: what officers see, placing: where ·
relaying: each message that is passed on · waiting: the clock · settling: what Telegram said.
"""

from db.models import Inquiry, InquiryState, Question
from domain.inquiries import saved
from domain.inquiries.answering import Over, answer, correct, use_saved, why_not, withdraw_answer
from domain.inquiries.asking import (
    AlreadySent,
    Sent,
    about,
    add,
    as_html,
    file_hint,
    keep_text,
    last_question,
    leave,
    mine,
    nobody_serves,
    question_of,
    send,
    withdraw,
)
from domain.inquiries.ending import finish, forward, remove_id_card, reopen
from domain.inquiries.finding import access, in_topic, meant_by, number_at_start, open_at, own, shown_by, talk_of
from domain.inquiries.forgetting import forget, forget_person
from domain.inquiries.placing import is_anybody_there, is_served, post_next
from domain.inquiries.posting import buttons_of, note_topic, show_heads, show_privately
from domain.inquiries.relaying import Written
from domain.inquiries.settling import note_unreachable, verbs
from domain.inquiries.waiting import end_silence, tend, waiting_for
from domain.inquiries.words import KINDS, dated, office_name

__all__ = [
    "KINDS",
    "AlreadySent",
    "Inquiry",
    "InquiryState",
    "Over",
    "Question",
    "Sent",
    "Written",
    "about",
    "access",
    "add",
    "answer",
    "as_html",
    "buttons_of",
    "correct",
    "dated",
    "end_silence",
    "file_hint",
    "finish",
    "forget",
    "forget_person",
    "forward",
    "in_topic",
    "is_anybody_there",
    "is_served",
    "keep_text",
    "last_question",
    "leave",
    "meant_by",
    "mine",
    "nobody_serves",
    "note_topic",
    "note_unreachable",
    "number_at_start",
    "office_name",
    "open_at",
    "own",
    "post_next",
    "question_of",
    "remove_id_card",
    "reopen",
    "saved",
    "send",
    "show_heads",
    "show_privately",
    "shown_by",
    "talk_of",
    "tend",
    "use_saved",
    "verbs",
    "waiting_for",
    "why_not",
    "withdraw",
    "withdraw_answer",
]
