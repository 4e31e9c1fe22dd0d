"""The groups in which offices work: bound by a tap, moved with a supergroup, given up when the bot is out of them."""

from datetime import datetime

from sqlmodel import col, select, update

from db import outbox
from db.models import GroupChat, GroupState, Inquiry, InquiryState, Person, Relay, RelayCopy, StaffGroup
from db.session import Session
from domain import audit, inquiries, menus, post, staff
from domain.audit import SYSTEM, Actor
from domain.broadcasts import outlets
from domain.broadcasts.refusals import AnnouncedHere
from domain.district import District
from domain.errors import StaleButton
from domain.inquiries import placing, posting
from messages import FIRST_LANGUAGE, Button, Number, Sentence, say

SHOWN_AT_ONCE = 5
"""Of the open questions so many are shown to each officer when their group is gone; the others stand in /antrean."""


async def chats(session: Session) -> list[int]:
    """The groups in which any office works."""
    return list((await session.exec(select(StaffGroup.chat_id).distinct().order_by(col(StaffGroup.chat_id)))).all())


async def may_bind(session: Session, person: Person, district: District) -> list[str]:
    """Keys of the offices for which *person* may say where they work; none for anybody but officers."""
    officer = await staff.officer_of(session, person)
    if officer is None or officer.role is staff.Role.READER:
        return []
    return [office.key for office in district.offices if staff.serves(officer, office.key)]


async def bind(
    session: Session, district: District, person: Person, office: str, chat_id: int, now: datetime
) -> Sentence:
    """Let *office* work in this group from now on; its open questions are posted there. What to say, in words.

    Raises NotForYou, StaleButton for an office there is none of, and AnnouncedHere.
    """
    if district.office(office) is None:
        raise StaleButton
    await staff.access(session, person, office=office)
    if announcing := await outlets.office_of(session, chat_id):
        raise AnnouncedHere(inquiries.office_name(district, announcing))
    row = await session.get(StaffGroup, office, with_for_update=True, populate_existing=True)
    before = row.chat_id if row else None
    row = row or StaffGroup(office=office, chat_id=chat_id, bound_at=now)
    row.chat_id, row.bound_at, row.bound_by = chat_id, now, person.id
    session.add(row)
    await session.flush()
    actor = Actor("officer", person.id, f"group:{chat_id}")
    change = {"chat_id": before} if before else None, {"chat_id": chat_id}
    await audit.record(session, now, actor, "group.bound", f"office:{office}", *change)
    await menus.show_in_group(session, chat_id, FIRST_LANGUAGE)
    if before is not None and before != chat_id and not await staff.offices_of_group(session, before):
        await menus.withdraw_in_group(session, before)
    if before != chat_id:
        await _move_open(session, office, inquiries.office_name(district, office), now)
        await placing.tend_group(session, district, chat_id)
    return await _bound(session, district, office, chat_id)


async def _move_open(session: Session, office: str, name: str, now: datetime) -> None:
    """The open questions of an office leave where they stand, to be posted in its group."""
    for inquiry in await _open_at(session, office):
        moved = say("desk.moved", number=inquiry.id, office=name)
        await posting.leave_place(session, inquiry, moved, now)
    await session.flush()


async def _open_at(session: Session, office: str) -> list[Inquiry]:
    theirs = select(Inquiry).where(Inquiry.office == office, Inquiry.state != InquiryState.CLOSED)
    return list((await session.exec(theirs.order_by(col(Inquiry.id)).with_for_update())).all())


async def _bound(session: Session, district: District, office: str, chat_id: int) -> Sentence:
    name = inquiries.office_name(district, office)
    if await posting.may_make_topics(session, chat_id):
        return say("staff_group.bound", office=name, advice=say("staff_group.has_topics"))
    return say("staff_group.bound", office=name, advice=say("staff_group.without_topics"))


async def move(session: Session, district: District, chat_id: int, new_chat_id: int, now: datetime) -> None:
    """A group became a supergroup, in which no message has the number it had: the open questions are posted again.

    Told twice; the second time there is nothing to do.
    """
    theirs = select(StaffGroup).where(StaffGroup.chat_id == chat_id).order_by(StaffGroup.office).with_for_update()
    rows = (await session.exec(theirs)).all()
    for row in rows:
        row.chat_id = new_chat_id
        change = {"chat_id": chat_id}, {"chat_id": new_chat_id}
        await audit.record(session, now, SYSTEM, "group.moved", f"office:{row.office}", *change)
    await session.flush()
    await _lose_messages(session, chat_id)
    if rows:
        await menus.show_in_group(session, new_chat_id, FIRST_LANGUAGE)
        await placing.tend_group(session, district, new_chat_id)


async def _lose_messages(session: Session, chat_id: int) -> None:
    """Whatever was shown or written in a chat is out of reach."""
    for inquiry in (await session.exec(select(Inquiry).where(Inquiry.chat_id == chat_id).with_for_update())).all():
        inquiry.chat_id = inquiry.topic_id = inquiry.topic_row = None
        inquiry.is_topic_closed = False
    for copy in (await session.exec(select(RelayCopy).where(RelayCopy.chat_id == chat_id))).all():
        if copy.message_id is None and copy.row_id is not None:
            await outbox.skip_row(session, copy.row_id, "its chat is left")
        await session.delete(copy)
    written = update(Relay).where(col(Relay.chat_id) == chat_id).values(message_id=None)
    await (await session.connection()).execute(written)
    await placing.forget_summary(session, chat_id)
    await session.flush()


async def give_up_left(session: Session, district: District, now: datetime) -> None:
    """Offices whose group the bot is out of work in private again: their officers are told, and see what is open.

    To be called when the bot left a group, and by the clock, since Telegram does not always tell.
    """
    left = select(StaffGroup).join(GroupChat, col(GroupChat.telegram_id) == col(StaffGroup.chat_id))
    gone = left.where(GroupChat.state == GroupState.LEFT, col(GroupChat.migrated_to).is_(None))
    rows = (await session.exec(gone.order_by(StaffGroup.office).with_for_update(skip_locked=True))).all()
    for row in rows:
        await session.delete(row)
        before = {"chat_id": row.chat_id}
        await audit.record(session, now, SYSTEM, "group.unbound", f"office:{row.office}", before)
    await session.flush()
    for chat_id in {row.chat_id for row in rows}:
        await _lose_messages(session, chat_id)
    for row in rows:
        await _tell_officers(session, district, row)


async def _tell_officers(session: Session, district: District, row: StaffGroup) -> None:
    """In private, with the oldest open questions; the others are found by /antrean."""
    group = await session.get_one(GroupChat, row.chat_id)
    waiting = await _open_at(session, row.office)
    name = inquiries.office_name(district, row.office)
    said = say("staff_group.gone", office=name, group=group.title, number=Number(len(waiting)))
    queue = [[Button(say("button.queue"), "queue", 0)]]
    for officer in await staff.officers_of(session, row.office):
        await post.owe(session, officer, said, queue)
    for inquiry in waiting[:SHOWN_AT_ONCE]:
        await posting.post_privately(session, district, inquiry)
