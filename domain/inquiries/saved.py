"""Saved replies: what an office answers often, kept by its officers."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, func, select

from db.models import Inquiry, Person, SavedReply
from db.session import Session
from domain import audit, staff
from domain.audit import Actor
from domain.errors import Refusal, StaleButton
from domain.inquiries.finding import access
from messages import say
from messages.limits import BUTTON_LABEL, units

MOST = 20
"""Of one office: as many as one finds one's way among."""

LONGEST = 3000
"""Characters."""


async def of_inquiry(session: Session, officer: Person, inquiry_id: int) -> tuple[Inquiry, Sequence[SavedReply]]:
    """The replies that would answer an inquiry. Raises NotForYou."""
    inquiry = await access(session, officer, inquiry_id)
    return inquiry, await _of_office(session, inquiry.office)


async def of_office(session: Session, officer: Person, office: str) -> Sequence[SavedReply]:
    """An office's replies, by title. Raises NotForYou."""
    await staff.access(session, officer, office=office, reads=True)
    return await _of_office(session, office)


async def _of_office(session: Session, office: str) -> Sequence[SavedReply]:
    theirs = select(SavedReply).where(SavedReply.office == office)
    return (await session.exec(theirs.order_by(SavedReply.title, col(SavedReply.id)))).all()


async def get(session: Session, officer: Person, saved_id: int) -> SavedReply:
    """One reply. Raises NotForYou, StaleButton for one that is gone."""
    saved = await session.get(SavedReply, saved_id)
    if saved is None:
        raise StaleButton
    await staff.access(session, officer, office=saved.office, reads=True)
    return saved


def check_title(title: str) -> str:
    """*title* as it is kept. Raises Refusal for one that does not fit on a button."""
    title = " ".join(title.split())
    if not title or units(title) > BUTTON_LABEL:
        raise Refusal(say("saved.title_too_long", most=BUTTON_LABEL))
    return title


async def add(session: Session, officer: Person, office: str, title: str, text: str, now: datetime) -> SavedReply:
    """Keep a reply for an office. Raises NotForYou, and Refusal for what is too long or one too many."""
    await staff.access(session, officer, office=office)
    number = select(func.count()).select_from(SavedReply).where(SavedReply.office == office)
    if (await session.exec(number)).one() >= MOST:
        raise Refusal(say("saved.too_many", most=MOST))
    if not text.strip() or len(text) > LONGEST:
        raise Refusal(say("saved.text_too_long", most=LONGEST))
    saved = SavedReply(office=office, title=check_title(title), text=text.strip(), made_by=officer.id, made_at=now)
    session.add(saved)
    await session.flush()
    after = {"office": office, "title": saved.title}
    await audit.record(session, now, _by(officer), "saved_reply.added", f"saved_reply:{saved.id}", None, after)
    return saved


async def delete(session: Session, officer: Person, saved_id: int, now: datetime) -> SavedReply:
    """Drop a reply. Raises NotForYou, StaleButton for one that is gone."""
    saved = await session.get(SavedReply, saved_id, with_for_update=True)
    if saved is None:
        raise StaleButton
    await staff.access(session, officer, office=saved.office)
    await session.delete(saved)
    before = {"office": saved.office, "title": saved.title}
    await audit.record(session, now, _by(officer), "saved_reply.deleted", f"saved_reply:{saved.id}", before)
    return saved


def _by(officer: Person) -> Actor:
    return Actor("officer", officer.id, "private")
