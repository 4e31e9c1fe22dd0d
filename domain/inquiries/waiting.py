"""What the clock does about inquiries: remind officers, then admins; end a silence; keep each where it belongs."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

from db.models import Inquiry, InquiryState, Person, Role
from db.session import Session
from domain import audit, office_hours, post, staff
from domain.audit import SYSTEM
from domain.district import District
from domain.inquiries import asking, placing, posting, promise
from domain.inquiries.answering import subject
from domain.inquiries.finding import heads_of
from domain.inquiries.relaying import tell_officers
from domain.inquiries.words import dated, office_name
from messages import FIRST_LANGUAGE, Button, Number, say

ESCALATED_AFTER = timedelta(hours=2)
"""Of office time past the promise."""

AT_ONCE = 100
"""So many in one tick; the others in the next."""

MOST_NUMBERS = 10
"""So many are named in one reminder."""

MOST_SINGLE_ALARMS = 3
"""So many are shown to an admin one by one; of more only the number is told."""


async def waiting_for(session: Session, officer: Person) -> Sequence[Inquiry]:
    """The open questions of this officer's office: those that wait for an answer first, the oldest of them first.

    Nothing for anybody else.
    """
    found = await staff.officer_of(session, officer)
    if found is None:
        return []
    theirs = select(Inquiry).where(Inquiry.state != InquiryState.CLOSED)
    if found.role is not Role.ADMIN:
        theirs = theirs.where(Inquiry.office == found.office)
    is_answered = col(Inquiry.waits_since).is_(None)
    return (await session.exec(theirs.order_by(is_answered, col(Inquiry.waits_since), col(Inquiry.id)))).all()


async def tend(session: Session, district: District, now: datetime) -> None:
    """What is due: each thing once, whichever process does it."""
    await placing.tend(session, district)
    await _end_silences(session, district, now)
    await _remind(session, district, now)
    await _escalate(session, district, now)


# Silence.


async def _end_silences(session: Session, district: District, now: datetime) -> None:
    quiet = select(Inquiry).where(Inquiry.state == InquiryState.TALKING, col(Inquiry.silent_until) <= now)
    due = quiet.order_by(col(Inquiry.id)).limit(AT_ONCE).with_for_update(skip_locked=True)
    for inquiry in (await session.exec(due)).all():
        await end_silence(session, district, inquiry, now)


async def end_silence(session: Session, district: District, inquiry: Inquiry, now: datetime) -> None:
    """No officer has written for long, so the bot speaks again; both sides are told.

    Where the person wrote last the question waits on, with a new promise; else it is over.
    """
    person = await session.get_one(Person, inquiry.person_id)
    names = {"number": inquiry.id, "office": office_name(district, inquiry.office)}
    buttons = [[Button(say("button.new_inquiry"), "inquire", "new")], [Button(say("button.topics"), "topics", 0)]]
    if inquiry.waits_since is None:
        await tell_officers(session, inquiry, say("desk.quiet", number=inquiry.id), person)
        await asking.close(session, district, inquiry, "quiet", now)
        if person.is_reachable:
            await post.owe(session, person, say("inquiry.quiet", **names), buttons)
        deed, after = "inquiry.closed", "closed"
    else:
        inquiry.state, inquiry.silent_until = InquiryState.WAITING, None
        made = await promise.renew(session, district, inquiry, now)
        await session.flush()
        await tell_officers(session, inquiry, say("desk.waits_again", number=inquiry.id), person)
        await posting.show_heads(session, district, inquiry)
        await placing.tend_office(session, district, inquiry.office)
        if person.is_reachable:
            await post.owe(session, person, say("inquiry.waits_again", **names, promise=made.sentence), buttons)
        deed, after = "inquiry.silence_ended", "waiting"
    change = {"state": "talking"}, {"state": after}
    await audit.record(session, now, SYSTEM, deed, subject(inquiry), *change)


# Reminders.


async def _remind(session: Session, district: District, now: datetime) -> None:
    """Tell the officers of each office, once, what was promised and is not answered."""
    late = select(Inquiry).where(
        Inquiry.state == InquiryState.WAITING, col(Inquiry.promised_at) <= now, col(Inquiry.reminded_at).is_(None)
    )
    due = late.order_by(col(Inquiry.id)).limit(AT_ONCE).with_for_update(skip_locked=True)
    by_office: dict[str, list[Inquiry]] = {}
    for inquiry in (await session.exec(due)).all():
        inquiry.reminded_at = now
        by_office.setdefault(inquiry.office, []).append(inquiry)
        await audit.record(session, now, SYSTEM, "inquiry.reminded", subject(inquiry))
    for office, inquiries in by_office.items():
        await _remind_office(session, district, office, inquiries)


async def _remind_office(session: Session, district: District, office: str, inquiries: list[Inquiry]) -> None:
    group = await staff.group_of(session, office)
    shown = [inquiry for inquiry in inquiries if await heads_of(session, inquiry)]
    if group is None or (len(inquiries) == 1 and shown):
        for inquiry in shown:
            await _remind_of(session, district, inquiry)
        return
    numbers = ", ".join(f"#{inquiry.id}" for inquiry in inquiries[:MOST_NUMBERS])
    sentence = say("desk.late_ones", count=Number(len(inquiries)), numbers=numbers)
    await post.owe(session, post.Group(group.chat_id, FIRST_LANGUAGE), sentence)


async def _remind_of(session: Session, district: District, inquiry: Inquiry) -> None:
    person = await session.get_one(Person, inquiry.person_id)
    promised = dated(district, inquiry.promised_at)
    await tell_officers(session, inquiry, say("desk.late", number=inquiry.id, promised=promised), person)


async def _escalate(session: Session, district: District, now: datetime) -> None:
    """Tell each admin privately, once, what is still not answered after the reminder."""
    late = select(Inquiry).where(
        Inquiry.state == InquiryState.WAITING,
        col(Inquiry.reminded_at).is_not(None),
        col(Inquiry.escalated_at).is_(None),
    )
    due = late.order_by(col(Inquiry.id)).limit(AT_ONCE).with_for_update(skip_locked=True)
    hours = await office_hours.of(session, district)
    found = (await session.exec(due)).all()
    overdue = [inquiry for inquiry in found if hours.after(inquiry.promised_at, ESCALATED_AFTER) <= now]
    for inquiry in overdue:
        inquiry.escalated_at = now
        await audit.record(session, now, SYSTEM, "inquiry.escalated", subject(inquiry))
    for admin in await staff.officers_of(session) if overdue else []:
        await _alarm(session, district, admin, overdue)


async def _alarm(session: Session, district: District, admin: Person, overdue: list[Inquiry]) -> None:
    if len(overdue) > MOST_SINGLE_ALARMS:
        queue = [[Button(say("button.queue"), "queue", 0)]]
        await post.owe(session, admin, say("desk.overdue_many", number=Number(len(overdue))), queue)
        return
    for inquiry in overdue:
        office = office_name(district, inquiry.office)
        await post.owe(session, admin, say("desk.overdue", number=inquiry.id, office=office))
        await posting.show_privately(session, district, admin, inquiry)
