"""Where each open inquiry stands: by itself, only counted where too many wait, or in private; and kept there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, exists, func, or_
from sqlmodel import col, select

from db import outbox
from db.models import (
    UNSETTLED,
    Delivery,
    GroupSummary,
    Inquiry,
    InquiryState,
    Relay,
    RelayCopy,
    StaffGroup,
)
from db.session import Session
from db.upsert import insert_new
from domain import post, staff
from domain.district import District
from domain.inquiries import words
from domain.inquiries.finding import heads_of
from domain.inquiries.posting import is_left, post_in_group, post_privately, set_aside, show_heads, unname_topic
from domain.inquiries.relaying import open_topic
from domain.post import Note
from messages import FIRST_LANGUAGE, Button, Number, say

MOST_SINGLE = 10
"""So many may wait in one group and each be shown there by itself: a group takes 20 messages a minute."""

NEXT = 5
"""So many are shown by a tap on the summary."""

AT_ONCE = 100
"""So many inquiries are looked after in one tick."""

_summaries: Table = GroupSummary.__table__  # type: ignore[attr-defined]  # SQLModel adds it at run time


async def is_served(session: Session, office: str) -> bool:
    """Whether anybody would see a question to this office."""
    return await staff.group_of(session, office) is not None or bool(await staff.officers_of(session, office))


async def is_anybody_there(session: Session, district: District) -> bool:
    """Whether any office is served."""
    for office in district.offices:
        if await is_served(session, office.key):
            return True
    return False


async def post_new(session: Session, district: District, inquiry: Inquiry) -> None:
    """Show an inquiry to its officers: in their group, by itself or counted in the summary, else to each privately."""
    group = await _locked_group(session, inquiry.office)
    if group is None:
        await post_privately(session, district, inquiry)
    else:
        await tend_group(session, district, group.chat_id)


async def _locked_group(session: Session, office: str) -> StaffGroup | None:
    """The office's group; who counts what waits there takes turns."""
    return await session.get(StaffGroup, office, with_for_update=True, populate_existing=True)


async def tend_office(session: Session, district: District, office: str) -> None:
    """As `tend_group`, in the group of an office, if it has one."""
    if group := await staff.group_of(session, office):
        await tend_group(session, district, group.chat_id)


async def tend_group(session: Session, district: District, chat_id: int) -> None:
    """Show each inquiry that waits to be shown in this group, or where too many wait the summary of them.

    To be called whenever one more or one less waits there.
    """
    offices = await staff.offices_of_group(session, chat_id)
    waiting, oldest = await _waiting(session, offices)
    unseen = await _unseen(session, offices, AT_ONCE)
    if not unseen or waiting <= MOST_SINGLE:
        for inquiry in unseen:
            await post_in_group(session, district, inquiry, chat_id)
        await _drop_summary(session, chat_id)
    else:
        await _summarise(session, district, chat_id, waiting, oldest or unseen[0].opened_at)


async def post_next(session: Session, district: District, chat_id: int, offices: Sequence[str]) -> int:
    """Show the NEXT oldest of *offices* that were only counted; returns how many there were."""
    unseen = await _unseen(session, offices, NEXT)
    for inquiry in unseen:
        await post_in_group(session, district, inquiry, chat_id)
    await session.flush()
    await tend_group(session, district, chat_id)
    return len(unseen)


async def show_anew(session: Session, district: District, inquiry: Inquiry) -> None:
    """Show an inquiry that is open again: where it was, or where its office works by now."""
    group = await staff.group_of(session, inquiry.office)
    if inquiry.chat_id == (group.chat_id if group else None) and await heads_of(session, inquiry):
        await open_topic(session, inquiry)
        await show_heads(session, district, inquiry)
        await tend_office(session, district, inquiry.office)
        return
    await unname_topic(session, inquiry)
    await set_aside(session, inquiry)
    inquiry.chat_id = inquiry.topic_id = inquiry.topic_row = None
    await session.flush()
    await post_new(session, district, inquiry)


# How many wait.


async def _waiting(session: Session, offices: Sequence[str]) -> tuple[int, datetime | None]:
    """How many wait, and since when the oldest."""
    columns = select(func.count(), func.min(Inquiry.waits_since))
    number, oldest = (await session.exec(columns.where(_of(offices), Inquiry.state == InquiryState.WAITING))).one()
    return int(number), oldest


async def _unseen(session: Session, offices: Sequence[str], most: int) -> list[Inquiry]:
    """Open inquiries that nobody is shown yet, nor about to be, the oldest first; those in other hands are left out."""
    unseen = select(Inquiry).where(_of(offices), Inquiry.state != InquiryState.CLOSED, ~_is_shown())
    in_order = unseen.order_by(col(Inquiry.id)).limit(most).with_for_update(skip_locked=True)
    return list((await session.exec(in_order)).all())


def _of(offices: Sequence[str]) -> ColumnElement[bool]:
    return col(Inquiry.office).in_(offices)


def _is_shown() -> ColumnElement[bool]:
    """Whether a head or a topic stands where it belongs, or is on its way there."""
    goes_on = col(Delivery.state).in_(UNSETTLED)
    is_sent = or_(
        col(RelayCopy.message_id).is_not(None), exists().where(col(Delivery.id) == col(RelayCopy.row_id), goes_on)
    )
    in_private = and_(col(Inquiry.chat_id).is_(None), col(RelayCopy.chat_id) > 0)
    head = exists().where(
        col(Relay.inquiry_id) == col(Inquiry.id),
        col(RelayCopy.relay_id) == col(Relay.id),
        col(RelayCopy.is_head),
        ~col(RelayCopy.is_past),
        or_(col(RelayCopy.chat_id) == col(Inquiry.chat_id), in_private),
        is_sent,
    )
    return or_(head, exists().where(col(Delivery.id) == col(Inquiry.topic_row), goes_on))


async def _summarise(session: Session, district: District, chat_id: int, waiting: int, oldest: datetime) -> None:
    """Owe the summary, or that the one there is tells the numbers as they are now."""
    summary = await _summary(session, chat_id)
    sentence = say("desk.many", number=Number(waiting), since=words.dated(district, oldest))
    buttons = [[Button(say("button.next_five"), "more", 0)]]
    place = post.Group(chat_id, FIRST_LANGUAGE)
    note = Note(verb="inquiry.summarised", verb_arguments={"chat": chat_id})
    if summary.message_id is not None:
        await post.owe_edit(session, place, summary.message_id, sentence, buttons, note)
    elif summary.row_id is None or not await _is_under_way(session, summary.row_id):
        summary.row_id = (await post.owe(session, place, sentence, buttons, note)).id


async def _summary(session: Session, chat_id: int) -> GroupSummary:
    await insert_new(session, _summaries, [{"chat_id": chat_id}], unique=["chat_id"])
    return await session.get_one(GroupSummary, chat_id, with_for_update=True, populate_existing=True)


async def _is_under_way(session: Session, row_id: int) -> bool:
    row = await session.get(Delivery, row_id, populate_existing=True)
    return row is not None and row.state in UNSETTLED


async def _drop_summary(session: Session, chat_id: int) -> None:
    summary = await session.get(GroupSummary, chat_id, with_for_update=True)
    if summary is None:
        return
    if summary.message_id is not None:
        await close_summary(session, chat_id, summary.message_id)
    elif summary.row_id is not None:
        await outbox.skip_row(session, summary.row_id, "no longer many")
    await session.delete(summary)


async def forget_summary(session: Session, chat_id: int) -> None:
    """The summary of a chat whose messages are lost is none any more."""
    if summary := await session.get(GroupSummary, chat_id, with_for_update=True):
        await session.delete(summary)


async def close_summary(session: Session, chat_id: int, message_id: int) -> None:
    """Owe that the summary says there is nothing more that is only counted."""
    await post.owe_edit(session, post.Group(chat_id, FIRST_LANGUAGE), message_id, say("desk.few"))


# Looking after all of them.


async def tend(session: Session, district: District) -> None:
    """See to it that every open inquiry stands where its officers are, whatever happened to a group or a message."""
    for office in district.offices:
        group = await staff.group_of(session, office.key)
        if group is not None and await is_left(session, group.chat_id):
            continue  # given up in a moment, by domain.staff_groups
        if group is not None:
            await tend_group(session, district, group.chat_id)
            continue
        for inquiry in await _unseen(session, [office.key], NEXT):
            await post_privately(session, district, inquiry)
