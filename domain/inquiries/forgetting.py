"""What of inquiries is kept how long, and what is taken out when a person asks to be forgotten."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, or_, select, update

from db.models import Inquiry, InquiryState, Person, Relay, RelayCopy
from db.session import Session
from domain import post
from domain.inquiries.finding import copies_of, open_of, relays_of
from domain.inquiries.relaying import remove
from messages import FIRST_LANGUAGE, say

FILES_ARE_KEPT = timedelta(hours=24)
TEXTS_ARE_KEPT = timedelta(days=90)

NOWHERE = 0
"""The chat of a relay whose writer is nobody any more."""

AT_ONCE = 500


async def forget(session: Session, now: datetime) -> None:
    """Take files and places out of the officers' chats after 24 hours, and forget their names and, later, all words."""
    passing = col(Relay.kind) != "text"
    left = or_(col(Relay.file_id).is_not(None), (col(Relay.kind) == "location") & col(Relay.text).is_not(None))
    old = select(Relay).where(passing, left, col(Relay.written_at) < now - FILES_ARE_KEPT)
    for relay in (
        await session.exec(old.order_by(col(Relay.id)).limit(AT_ONCE).with_for_update(skip_locked=True))
    ).all():
        await _forget_file(session, relay, now)
    texts: Any = col(Relay.written_at) < now - TEXTS_ARE_KEPT
    await (await session.connection()).execute(
        update(Relay).where(texts, col(Relay.text).is_not(None)).values(text=None)
    )


async def _forget_file(session: Session, relay: Relay, now: datetime) -> None:
    inquiry = await session.get_one(Inquiry, relay.inquiry_id)
    if not relay.is_answer:
        for copy in await copies_of(session, relay, past=True):
            is_file = copy.is_caption or relay.kind == "location"
            if is_file and not copy.is_head:
                await remove(session, inquiry, copy, now, say("desk.file_gone", number=inquiry.id))
    relay.file_id = None
    if relay.kind == "location":
        relay.text = None


async def forget_person(session: Session, person: Person, now: datetime) -> None:
    """Close what the person has open, take what officers were shown of them out of the chats, and empty all words.

    Messages older than Telegram lets us delete say that they are gone. What an officer themselves wrote to others
    stays theirs; where they wrote it is forgotten.
    """
    for inquiry in await open_of(session, person.id):
        inquiry.state, inquiry.closed_at, inquiry.closed_by = InquiryState.CLOSED, now, "erased"
        inquiry.silent_until = inquiry.waits_since = None
    for inquiry in (await session.exec(select(Inquiry).where(Inquiry.person_id == person.id))).all():
        await _take_out(session, inquiry, person, now)
    await _forget_chat(session, person)
    await session.flush()


async def _take_out(session: Session, inquiry: Inquiry, person: Person, now: datetime) -> None:
    for relay in await relays_of(session, inquiry):
        for copy in await copies_of(session, relay, past=True):
            if copy.chat_id == person.telegram_id:
                await session.delete(copy)
            else:
                await remove(session, inquiry, copy, now, say("desk.erased", number=inquiry.id))
        relay.text = relay.file_id = None
    if inquiry.chat_id is not None and inquiry.topic_id is not None:
        place, topic = post.Group(inquiry.chat_id, FIRST_LANGUAGE), {"message_thread_id": inquiry.topic_id}
        note = post.Note(about=person.id)
        await post.owe_call(session, place, "edit_forum_topic", {**topic, "name": f"#{inquiry.id}"}, note)
        if not inquiry.is_topic_closed:
            inquiry.is_topic_closed = True
            await post.owe_call(session, place, "close_forum_topic", topic)


async def _forget_chat(session: Session, person: Person) -> None:
    """Their own chat: where they wrote, and where they were shown something."""
    connection = await session.connection()
    await session.flush()
    here: Any = col(Relay.chat_id) == person.telegram_id
    await connection.execute(update(Relay).where(here).values(chat_id=NOWHERE, message_id=None))
    for copy in (await session.exec(select(RelayCopy).where(RelayCopy.chat_id == person.telegram_id))).all():
        await session.delete(copy)
