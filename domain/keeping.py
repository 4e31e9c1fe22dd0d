"""How long things are kept."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, delete, select, update

from db import inbox, outbox
from db.models import AppointmentLink, Conversation, Delivery, DeliveryState, Occurrence, OpenedInvitation, Person
from db.session import Session
from domain import inquiries, personal_data, post, questions
from domain.broadcasts import forgetting as broadcasts
from domain.broadcasts import unreached
from domain.forms import drafts
from domain.opportunities import forgetting as opportunities
from domain.opportunities import interested
from domain.post import Group
from domain.trainings import door, papers
from domain.trainings import forgetting as trainings

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

KEPT: Mapping[str, timedelta | None] = {
    "alarm": None,
    "answering_part": None,
    "attendance": None,
    "appointment_link": 30 * DAY,  # after it was used up or ran out; the audit has the deed
    "audit": None,
    "broadcast": None,
    "broadcast_schedule": None,
    "consent": None,
    "conversation": None,
    "conversation.state": 14 * DAY,
    "data_version": None,
    "database_name": None,
    "delivery": 90 * DAY,
    "delivery.document": 24 * HOUR,  # then the file is taken out of the chat
    "draft": drafts.LAST,
    "erasure": None,
    "feed": None,
    "feed_item": None,
    "group_chat": None,
    "group_summary": None,
    "hoax_report": None,
    "hoax_report.text": broadcasts.REPORTS_ARE_KEPT,
    "house_rule": None,
    "inquiry": None,
    "interest": None,
    "knowledge_entry": None,
    "lane_pause": None,
    "leadership": None,
    "muted_topic": None,
    "notice": opportunities.NOTICES_ARE_KEPT,
    "occurrence": 365 * DAY,
    "officer": None,
    "opened_invitation": 14 * DAY,
    "opportunity": None,
    "opportunity_mail": opportunities.NOTICES_ARE_KEPT,
    "outlet": None,
    "person": None,
    "profile": None,
    "question": None,
    "question.text": questions.TEXTS_ARE_KEPT,
    "received_update": 7 * DAY,
    "received_update.payload": 48 * HOUR,
    "recipient": broadcasts.RECEIPTS_ARE_KEPT,
    "registered_business": None,
    "relay": None,
    "relay.file_id": 24 * HOUR,
    "relay.text": 90 * DAY,
    "relay_copy": None,
    "saved_reply": None,
    "seat": None,
    "seat.answers": trainings.ANSWERS_ARE_KEPT,  # after the training's end
    "staff_group": None,
    "training": None,
    "training_day": None,
    "walk_in": None,
    "walk_in.name": 90 * DAY,
    "wishes": None,
}
"""Each table, and each column that is emptied before its row goes: how long after it was done with. None: for good, or
until its person is erased (`domain.erasure`)."""


TAKEN_BACK = (personal_data.DOCUMENT, *papers.PERSONAL, unreached.DOCUMENT, interested.DOCUMENT)
"""Files that leave the chat again; tickets and posters stay."""


async def forget_old(session: Session, now: datetime) -> None:
    """Empty and delete what is older than we promised to keep."""
    await inbox.forget(session, now - _kept("received_update.payload"), now - _kept("received_update"))
    await _take_back_files(session, now - _kept("delivery.document"))
    await outbox.forget(session, now - _kept("delivery"))
    await questions.forget(session, now)
    await inquiries.forget(session, now)
    await drafts.forget(session, now)
    await trainings.forget(session, now)
    await broadcasts.forget(session, now)
    await opportunities.forget(session, now)
    await door.forget_names(session, now - _kept("walk_in.name"))
    await _forget_steps(session, now - _kept("conversation.state"))
    await _delete(session, AppointmentLink, col(AppointmentLink.until) < now - _kept("appointment_link"))
    await _delete(session, OpenedInvitation, col(OpenedInvitation.opened_at) < now - _kept("opened_invitation"))
    await _delete(session, Occurrence, col(Occurrence.done_at) < now - _kept("occurrence"))


def _kept(what: str) -> timedelta:
    lasts = KEPT[what]
    assert lasts, "asked only for what goes"  # noqa: S101 -- for the type checker
    return lasts


async def _take_back_files(session: Session, before: datetime) -> None:
    """Delete from the chats the files with people's details that we made and sent before *before*."""
    sent = select(Delivery).where(col(Delivery.document).is_not(None), col(Delivery.state) == DeliveryState.SENT)
    for row in (await session.exec(sent.where(col(Delivery.settled_at) < before))).all():
        if row.message_ids and (row.document or {}).get("kind") in TAKEN_BACK:
            place = Group(row.chat_id, "")
            await post.owe_call(session, place, "delete_messages", {"message_ids": row.message_ids})
        row.document = None
    await session.flush()


async def _forget_steps(session: Session, before: datetime) -> None:
    """Drop what people began and did not go on with; whoever writes goes on with it, or ends it."""
    silent = select(Person.id).where(col(Person.last_wrote_at) < before)
    left = col(Conversation.person_id).in_(silent) & col(Conversation.state).is_not(None)
    await (await session.connection()).execute(update(Conversation).where(left).values(state=None))


async def _delete(session: Session, table: Any, old: Any) -> None:
    await (await session.connection()).execute(delete(table).where(old))
