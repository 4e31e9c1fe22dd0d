"""Messages that say what is not so any more: called back while they wait, edited where they have arrived."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists
from sqlmodel import col, select, update

from db import outbox
from db.models import (
    Delivery,
    DeliveryState,
    Interest,
    MailState,
    Notice,
    Opportunity,
    OpportunityMail,
    Person,
    Profile,
)
from db.session import Session
from domain import post
from domain.district import District
from domain.opportunities import notices, telling
from domain.opportunities.mailing import MOST_OWED, put_back
from domain.opportunities.notices import FURTHER
from domain.post import Note

SHORTER = (600, 450, 300, 150)
"""UTF-16 units that are left of what is sought where a file's caption has no room for all."""

CALLED_BACK = "called back"
"""Why a row of the outbox was skipped."""


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
    """Take back those messages of *which* that still wait to be sent; whether there were any."""
    owed = select(OpportunityMail.id, Delivery.id, Delivery.after_id)
    owed = owed.join(Delivery, col(Delivery.id) == OpportunityMail.delivery_id)
    owed = owed.where(which, OpportunityMail.state == MailState.OWED)
    ids = []
    # The rows of the outbox first, as the deliverer locks them.
    for id, row, file in (await session.exec(owed.order_by(col(Delivery.id)))).all():
        # No file that went already is left without its words.
        if file is not None and not await outbox.skip_row(session, file, CALLED_BACK):
            continue
        if await outbox.skip_row(session, row, CALLED_BACK):
            ids.append(id)
    if ids:
        gone = select(OpportunityMail).where(col(OpportunityMail.id).in_(ids)).order_by(col(OpportunityMail.id))
        gone = gone.with_for_update().execution_options(populate_existing=True)
        await put_back(session, (await session.exec(gone)).all(), now)
    await session.flush()
    return bool(ids)


async def still_owed(session: Session, person_ids: Sequence[int]) -> set[int]:
    """For whom of them a message waits that may yet be called back."""
    waits = exists().where(
        col(Delivery.id) == OpportunityMail.delivery_id, col(Delivery.state) == DeliveryState.WAITING
    )
    owed = select(OpportunityMail.person_id).where(col(OpportunityMail.person_id).in_(person_ids))
    owed = owed.where(OpportunityMail.state == MailState.OWED, waits.correlate(OpportunityMail))
    return set((await session.exec(owed)).all())


async def edit_next(session: Session, district: District, now: datetime) -> bool:
    """Owe the edits of messages that say what is not so any more; False where there are none, or no room."""
    room = MOST_OWED - await outbox.waiting_in_bulk(session)
    stale = select(OpportunityMail).where(col(OpportunityMail.is_stale), col(OpportunityMail.message_id).is_not(None))
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
    note = Note(is_bulk=True)
    await post.owe_edit(session, person, mail.message_id, sentence, buttons, note, is_caption=mail.has_file)
