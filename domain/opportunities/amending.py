"""Messages that say what is not so any more: called back while they wait, edited where they have arrived."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select, update

from db import outbox
from db.models import (
    UNSETTLED,
    Delivery,
    DeliveryState,
    Interest,
    MailState,
    Notice,
    NoticeState,
    Opportunity,
    OpportunityMail,
    Person,
    Profile,
)
from db.outbox import Settlement
from db.session import Session, note_new
from domain import post
from domain.district import District
from domain.opportunities import notices, telling
from domain.opportunities.mailing import MOST_OWED, put_back
from domain.opportunities.marks import EDITED, STEPS
from domain.opportunities.notices import FURTHER
from domain.post import Note

SHORTER = (600, 450, 300, 150)
"""UTF-16 units that are left of what is sought where a file's caption has no room for all."""


async def outdate(session: Session, opportunity: Opportunity, now: datetime) -> None:
    """*opportunity* is not as people were told: what waits is called back, what they have is to be edited."""
    named = exists().where(col(Notice.mail_id) == OpportunityMail.id, col(Notice.opportunity_id) == opportunity.id)
    concerned = named.correlate(OpportunityMail)
    # No more are owed at a time than MOST_OWED; those who have it may be a whole district, and are swept.
    await call_back(session, concerned, now)
    under_way = update(OpportunityMail).where(concerned, col(OpportunityMail.state) == MailState.OWED)
    await (await session.connection()).execute(under_way.values(is_stale=True))
    opportunity.is_outdated = True
    notices.sweep(session, opportunity)


async def call_back(session: Session, which: ColumnElement[bool], now: datetime) -> bool:
    """Take back those messages of *which* that still wait to be sent; whether there were any.

    One whose call is under way goes no more should the call come back; words whose picture went go all the same.
    """
    owed = select(OpportunityMail.id, Delivery.id, _file.id, _can_wait())
    owed = owed.join(Delivery, col(Delivery.id) == OpportunityMail.delivery_id)
    owed = owed.outerjoin(_file, col(_file.id) == Delivery.after_id)
    owed = owed.where(which, OpportunityMail.state == MailState.OWED, _is_under_way(Delivery))
    ids = []
    # The rows of the outbox first, as the deliverer locks them.
    for id, row, file, waits in (await session.exec(owed.order_by(col(Delivery.id)))).all():
        if waits and await _take_back(session, row, file):
            ids.append(id)
        else:
            for one in (file, row):
                if one is not None:
                    await outbox.expire_row(session, one, now)
    if ids:
        gone = select(OpportunityMail).where(col(OpportunityMail.id).in_(ids)).order_by(col(OpportunityMail.id))
        gone = gone.with_for_update().execution_options(populate_existing=True)
        await put_back(session, (await session.exec(gone)).all(), now)
    await session.flush()
    return bool(ids)


_file = aliased(Delivery)
"""The row of a picture after which a message's words go."""


def _is_under_way(row: Any) -> ColumnElement[bool]:
    return col(row.state).in_(UNSETTLED)


def _can_wait() -> ColumnElement[bool]:
    """Whether a row waits, with its file where there is one: no file that went already is left without its words."""
    gone = [DeliveryState.WAITING, DeliveryState.SKIPPED, DeliveryState.FAILED]
    return and_(col(Delivery.state) == DeliveryState.WAITING, or_(col(_file.id).is_(None), col(_file.state).in_(gone)))


async def _take_back(session: Session, row: int, file: int | None) -> bool:
    if file is not None and not await outbox.skip_row(session, file, outbox.CALLED_BACK):
        kept = await session.exec(select(Delivery.state).where(Delivery.id == file))
        if kept.first() not in {DeliveryState.SKIPPED, DeliveryState.FAILED}:
            return False
    return await outbox.skip_row(session, row, outbox.CALLED_BACK)


def under_way(person_id: Any, *, can_wait: bool = False) -> ColumnElement[bool]:
    """Whether a message to them is not settled yet; *can_wait*: and may be called back."""
    owed = select(OpportunityMail.id).join(Delivery, col(Delivery.id) == OpportunityMail.delivery_id)
    owed = owed.outerjoin(_file, col(_file.id) == Delivery.after_id)
    owed = owed.where(col(OpportunityMail.person_id) == person_id, OpportunityMail.state == MailState.OWED)
    return owed.where(_can_wait() if can_wait else _is_under_way(Delivery)).exists()


async def seen(session: Session, person: Person, opportunity_id: int, now: datetime) -> None:
    """They have read it by themselves: nothing is sent of it any more, but for a message that is on its way already."""
    it = col(Notice.opportunity_id) == opportunity_id
    named = exists().where(col(Notice.mail_id) == OpportunityMail.id, it).correlate(OpportunityMail)
    await call_back(session, and_(col(OpportunityMail.person_id) == person.id, named), now)
    waits = (col(Notice.person_id) == person.id) & it & (col(Notice.state) == NoticeState.WAITING)
    skipped = update(Notice).where(waits).values(state=NoticeState.SKIPPED, reason=notices.SEEN)
    await (await session.connection()).execute(skipped)


def can_edit() -> ColumnElement[bool]:
    """Whether a message says what is not so any more, and may say something else by now.

    Of who cannot be reached it may not: it is edited once they are back, also where that edit found that they are away.
    """
    has_left = exists().where(col(Person.id) == OpportunityMail.person_id, ~col(Person.is_reachable))
    is_there = ~has_left.correlate(OpportunityMail)
    return and_(col(OpportunityMail.is_stale), col(OpportunityMail.message_id).is_not(None), is_there)


async def edit_next(session: Session, district: District, now: datetime) -> bool:
    """Owe the edits of messages that say what is not so any more; False where there are none, or no room."""
    room = MOST_OWED - await outbox.waiting_in_bulk(session)
    stale = select(OpportunityMail).where(can_edit())
    stale = stale.order_by(col(OpportunityMail.id)).limit(max(0, room)).with_for_update()
    mails = (await session.exec(stale)).all()
    for mail in mails:
        mail.is_stale = False
        await _edit(session, mail, district, now)
    await session.flush()
    return bool(mails)


async def _edit(session: Session, mail: OpportunityMail, district: District, now: datetime) -> None:
    person, profile = await session.get_one(Person, mail.person_id), await session.get(Profile, mail.person_id)
    if person.erased_at is not None or not person.is_reachable or mail.message_id is None:
        return
    theirs = select(Opportunity, Notice.reason).join(Notice, col(Notice.opportunity_id) == col(Opportunity.id))
    told = (await session.exec(theirs.where(Notice.mail_id == mail.id))).all()
    rows = sorted((one for one, reason in told if reason != FURTHER), key=telling.place)
    further = sum(reason == FURTHER and telling.is_open(one, now) for one, reason in told)
    if not rows:
        return  # forgotten meanwhile
    answered = select(Interest).where(Interest.person_id == mail.person_id, Interest.opportunity_id == rows[0].id)
    interest = (await session.exec(answered)).first() if len(rows) == 1 else None
    sentence, buttons = telling.mail(rows, profile, district, now, interest, further=further)
    for longest in SHORTER if mail.has_file else ():
        # It stays under the file, and until when it can be taken is never what is left out.
        if not post.fits_caption(sentence, person.language):
            sentence, buttons = telling.mail(rows, profile, district, now, interest, longest)
    note = Note(verb=EDITED, verb_arguments={"mail": mail.id}, is_bulk=True)
    await post.owe_edit(session, person, mail.message_id, sentence, buttons, note, is_caption=mail.has_file)


async def edited(session: Session, arguments: Mapping[str, Any], settlement: Settlement, now: datetime) -> None:
    """What became of an edit: who could not be reached has their message edited once they are back."""
    if settlement.state not in {DeliveryState.SKIPPED, DeliveryState.FAILED}:
        return
    mail = await session.get(OpportunityMail, arguments.get("mail"), with_for_update=True)
    if mail is None or mail.message_id is None:
        return
    person = await session.get_one(Person, mail.person_id, populate_existing=True)
    if settlement.state is DeliveryState.SKIPPED or not person.is_reachable:
        mail.is_stale = True
        note_new(session, STEPS)
        await session.flush()
