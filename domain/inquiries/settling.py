"""What Telegram said: where each message stands now, that it arrived, or why it did not, and what follows from that."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import col, select

from db.models import (
    DeliveryState,
    GroupChat,
    GroupSummary,
    Inquiry,
    InquiryState,
    Person,
    Relay,
    RelayCopy,
)
from db.outbox import Settlement
from db.session import Session
from domain import post
from domain.district import District
from domain.inquiries import placing, posting
from domain.inquiries.finding import open_of
from domain.inquiries.relaying import note_arrival, place_of, send_to_officers, show_again
from messages import FIRST_LANGUAGE, Sentence, say

MOST_TRIES = 2

Verb = Callable[[Session, dict[str, Any], Settlement, datetime], Awaitable[None]]


def verbs(district: District) -> Mapping[str, Verb]:
    """By the name a row of the outbox gives."""
    return {
        "inquiry.shown": partial(_shown, district),
        "inquiry.head_shown": partial(_head_shown, district),
        "inquiry.topic_made": partial(_topic_made, district),
        "inquiry.summarised": _summarised,
    }


async def _shown(
    district: District, session: Session, arguments: dict[str, Any], settlement: Settlement, now: datetime
) -> None:
    """A message that shows a relay, or a whole inquiry, was sent or was not."""
    copy = await session.get(RelayCopy, arguments.get("copy", 0), with_for_update=True)
    if copy is None:
        await _remove_unwanted(session, settlement)
        return
    relay = await session.get_one(Relay, copy.relay_id)
    inquiry = await session.get_one(Inquiry, relay.inquiry_id, with_for_update=True)
    if settlement.state is DeliveryState.SENT and settlement.message_ids:
        copy.chat_id, copy.message_id, copy.sent_at = settlement.owed.chat_id, settlement.message_ids[-1], now
        await session.flush()
        await _follow_arrival(session, district, inquiry, relay, copy, arguments, now)
    elif relay.is_answer:
        await _follow_lost_answer(session, district, inquiry, relay, copy, settlement, now)
    else:
        await _follow_lost_copy(session, district, inquiry, relay, copy, settlement, arguments["tries"])


async def _remove_unwanted(session: Session, settlement: Settlement) -> None:
    """What was taken back while it was being sent is taken away now."""
    for message_id in settlement.message_ids or []:
        place = await place_of(session, settlement.owed.chat_id)
        await post.owe_call(session, place, "delete_message", {"message_id": message_id})


async def _follow_arrival(
    session: Session,
    district: District,
    inquiry: Inquiry,
    relay: Relay,
    copy: RelayCopy,
    arguments: dict[str, Any],
    now: datetime,
) -> None:
    if copy.is_past:
        return
    if copy.is_head:
        if inquiry.state is not InquiryState.CLOSED:
            await posting.send_waiting(session, inquiry, copy.chat_id)
        if await _has_changed(session, inquiry, relay, arguments):
            await posting.show_head(session, district, inquiry, copy)
    elif relay.edits != arguments["edits"]:
        await show_again(session, district, inquiry, relay, now)
    is_echo = relay.is_answer and copy.chat_id < 0
    if copy.is_last and not is_echo:
        await note_arrival(session, relay, now)


async def _has_changed(session: Session, inquiry: Inquiry, first: Relay, arguments: dict[str, Any]) -> bool:
    """Whether the head, which was made a while ago, tells how the inquiry stands now."""
    return first.edits != arguments["edits"] or inquiry.state is not InquiryState.WAITING


async def _follow_lost_copy(
    session: Session,
    district: District,
    inquiry: Inquiry,
    relay: Relay,
    copy: RelayCopy,
    settlement: Settlement,
    tries: int,
) -> None:
    """What the officers were to see did not reach them: its topic is closed or gone, or the chat takes nothing."""
    said, chat_id, is_head = (settlement.reason or "").casefold(), copy.chat_id, copy.is_head
    await session.delete(copy)
    await session.flush()
    if copy.is_past or inquiry.state is InquiryState.CLOSED or inquiry.chat_id != chat_id:
        return
    if "topic_closed" in said and not is_head and tries < MOST_TRIES:
        inquiry.is_topic_closed = True  # so that it is opened first
        await send_to_officers(session, inquiry, relay, chat_id, tries + 1)
    elif "thread not found" in said or "topic_closed" in said or "topic_deleted" in said:
        await _lose_topic(session, district, inquiry, is_new=is_head)
    elif is_head and settlement.state is DeliveryState.FAILED and not await _is_gone(session, chat_id):
        # The group takes nothing of ours: better seen in private than by nobody.
        await posting.post_privately(session, district, inquiry)


async def _lose_topic(session: Session, district: District, inquiry: Inquiry, *, is_new: bool) -> None:
    """The topic is gone: post the inquiry anew, without one where a new one was refused at once."""
    if inquiry.chat_id is None:
        return
    chat_id = inquiry.chat_id
    if is_new:
        await _make_no_topics(session, chat_id)
    await posting.forget_copies(session, inquiry, chat_id)
    await posting.post_in_group(session, district, inquiry, chat_id)


async def _is_gone(session: Session, chat_id: int) -> bool:
    return await posting.is_left(session, chat_id)


async def _make_no_topics(session: Session, chat_id: int) -> None:
    group = await session.get(GroupChat, chat_id)
    if group is not None:
        group.may_manage_topics = False


async def _follow_lost_answer(
    session: Session,
    district: District,
    inquiry: Inquiry,
    relay: Relay,
    copy: RelayCopy,
    settlement: Settlement,
    now: datetime,
) -> None:
    """An answer, or its echo in the group, did not arrive: the officers are told of the former."""
    person = await session.get_one(Person, inquiry.person_id)
    is_echo = copy.chat_id != person.telegram_id
    await session.delete(copy)
    await session.flush()
    if is_echo or relay.withdrawn_at:
        return
    if not person.is_reachable:
        await note_unreachable(session, person, now)
    elif relay.failed_at is None:
        relay.failed_at = now
        is_uncertain = settlement.state is DeliveryState.UNCERTAIN
        sentence = say("desk.uncertain" if is_uncertain else "desk.failed", number=inquiry.id)
        await _tell_author(session, inquiry, relay, sentence, person)


async def note_unreachable(session: Session, person: Person, now: datetime) -> None:
    """The person blocked the bot: whoever answers them is told which answers did not arrive, each once.

    What waits for them was skipped, and no row of it is heard of again.
    """
    for inquiry in await open_of(session, person.id):
        waiting = select(Relay).where(
            Relay.inquiry_id == inquiry.id,
            col(Relay.is_answer),
            col(Relay.arrived_at).is_(None),
            col(Relay.failed_at).is_(None),
            col(Relay.withdrawn_at).is_(None),
        )
        for relay in (await session.exec(waiting)).all():
            relay.failed_at = now
            await _tell_author(session, inquiry, relay, say("desk.blocked", number=inquiry.id), person)


async def _tell_author(session: Session, inquiry: Inquiry, relay: Relay, sentence: Sentence, about: Person) -> None:
    """Tell whoever wrote an answer what became of it, under what they wrote."""
    place = await place_of(session, relay.chat_id, inquiry if relay.chat_id == inquiry.chat_id else None)
    if isinstance(place, post.Group) and relay.message_id is not None:
        place = post.Group(place.chat_id, place.language, relay.message_id, place.thread_id)
    await post.owe(session, place, sentence, note=post.Note(about=about.id))


async def _head_shown(
    district: District, session: Session, arguments: dict[str, Any], settlement: Settlement, now: datetime
) -> None:
    """A head was changed. One that was deleted by hand came as a new message: it stands there from now on, or in a
    topic that was deleted with it, nowhere."""
    copy = await session.get(RelayCopy, arguments.get("copy", 0), with_for_update=True)
    ids = settlement.message_ids or []
    if copy is None or not ids or copy.message_id == ids[-1]:
        return
    inquiry = await session.get_one(Inquiry, arguments["inquiry"], with_for_update=True)
    if inquiry.topic_id is None or inquiry.chat_id != copy.chat_id:
        copy.message_id, copy.sent_at = ids[-1], now
        return
    place = post.Group(copy.chat_id, FIRST_LANGUAGE)
    await post.owe_call(session, place, "delete_message", {"message_id": ids[-1]})
    if inquiry.state is InquiryState.CLOSED:
        await session.delete(copy)
    else:
        await _lose_topic(session, district, inquiry, is_new=False)


async def _topic_made(
    district: District, session: Session, arguments: dict[str, Any], settlement: Settlement, _: datetime
) -> None:
    """An inquiry's topic is there, or Telegram made none; either way its head follows."""
    inquiry = await session.get(Inquiry, arguments.get("inquiry", 0), with_for_update=True)
    chat_id = settlement.owed.chat_id
    if inquiry is None:
        return
    if settlement.state is DeliveryState.SENT and settlement.message_ids:
        if (
            inquiry.state is InquiryState.CLOSED
            or inquiry.chat_id != chat_id
            or inquiry.topic_row != settlement.owed.id
        ):
            place, topic = post.Group(chat_id, FIRST_LANGUAGE), {"message_thread_id": settlement.message_ids[-1]}
            # It was named for them, and nobody knows of it from now on.
            await post.owe_call(session, place, "edit_forum_topic", {**topic, "name": f"#{inquiry.id}"})
            await post.owe_call(session, place, "close_forum_topic", topic)
            return
        inquiry.topic_id = settlement.message_ids[-1]
    elif inquiry.state is InquiryState.CLOSED or inquiry.chat_id != chat_id or await posting.is_left(session, chat_id):
        return
    else:
        await _make_no_topics(session, chat_id)
    inquiry.topic_row = None
    await session.flush()
    await posting.owe_head(session, district, inquiry, chat_id)


async def _summarised(session: Session, arguments: dict[str, Any], settlement: Settlement, _: datetime) -> None:
    """The summary stands somewhere; one that nobody needs any more says so."""
    ids = settlement.message_ids or []
    if not ids:
        return
    chat_id = settlement.owed.chat_id
    summary = await session.get(GroupSummary, arguments["chat"], with_for_update=True)
    if summary is None:
        await placing.close_summary(session, chat_id, ids[-1])
    else:
        summary.message_id = ids[-1]
