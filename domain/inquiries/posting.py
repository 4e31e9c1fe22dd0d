"""What officers see of an inquiry: its head in their group and topic, or in their own chats, and what follows it."""

from datetime import datetime

from sqlmodel import col, select

from db.models import (
    GroupChat,
    GroupState,
    Inquiry,
    Person,
    Relay,
    RelayCopy,
)
from db.session import Session
from domain import post, staff
from domain.district import District
from domain.inquiries import words
from domain.inquiries.finding import heads_of, listening, relays_of
from domain.inquiries.relaying import place_of, remove, send_to_officers
from domain.post import Note
from messages import FIRST_LANGUAGE, Buttons, Sentence


async def post_in_group(session: Session, district: District, inquiry: Inquiry, chat_id: int) -> None:
    """Post an inquiry in a group, in a topic of its own where the group has topics that we may make."""
    await set_aside(session, inquiry, chat_id)
    inquiry.chat_id, inquiry.topic_id, inquiry.topic_row = chat_id, None, None
    if await may_make_topics(session, chat_id):
        await _owe_topic(session, inquiry, chat_id)
    else:
        await owe_head(session, district, inquiry, chat_id)


async def may_make_topics(session: Session, chat_id: int) -> bool:
    group = await session.get(GroupChat, chat_id)
    return group is not None and group.is_forum and group.may_manage_topics


async def _owe_topic(session: Session, inquiry: Inquiry, chat_id: int) -> None:
    note = Note(about=inquiry.person_id, verb="inquiry.topic_made", verb_arguments={"inquiry": inquiry.id})
    name = topic_name(inquiry, await session.get_one(Person, inquiry.person_id))
    row = await post.owe_call(session, post.Group(chat_id, FIRST_LANGUAGE), "create_forum_topic", {"name": name}, note)
    inquiry.topic_row, inquiry.is_topic_closed = row.id, False


def topic_name(inquiry: Inquiry, asker: Person) -> str:
    """Plain text, as Telegram takes it there."""
    return f"#{inquiry.id} · {asker.name}"


async def owe_head(session: Session, district: District, inquiry: Inquiry, chat_id: int, tries: int = 0) -> None:
    """Owe the message that shows the whole inquiry; what the person wrote since follows once it is there."""
    first = (await relays_of(session, inquiry))[0]
    copy = RelayCopy(relay_id=first.id, is_head=True, chat_id=chat_id)
    session.add(copy)
    await session.flush()
    place = await place_of(session, chat_id, inquiry)
    sentence, buttons = await words.head(session, district, inquiry, chat_id)
    arguments = {"copy": copy.id, "edits": first.edits, "tries": tries}
    note = Note(about=inquiry.person_id, verb="inquiry.shown", verb_arguments=arguments)
    copy.row_id = (await post.owe(session, place, sentence, buttons, note)).id


async def show_heads(session: Session, district: District, inquiry: Inquiry) -> None:
    """Let every head show how the inquiry stands now."""
    for copy in await heads_of(session, inquiry):
        await show_head(session, district, inquiry, copy)


async def show_head(session: Session, district: District, inquiry: Inquiry, copy: RelayCopy) -> None:
    """Let one head show how the inquiry stands now; one that is just being sent is shown again when it is there."""
    if copy.message_id is None:
        return
    place = await place_of(session, copy.chat_id, inquiry)
    sentence, buttons = await words.head(session, district, inquiry, copy.chat_id)
    arguments = {"copy": copy.id, "inquiry": inquiry.id}
    note = Note(about=inquiry.person_id, verb="inquiry.head_shown", verb_arguments=arguments)
    await post.owe_edit(session, place, copy.message_id, sentence, buttons, note)


async def buttons_of(session: Session, district: District, inquiry: Inquiry, chat_id: int) -> Buttons:
    """What stands under the inquiry's head in a chat."""
    _, buttons = await words.head(session, district, inquiry, chat_id)
    return buttons


async def send_waiting(session: Session, inquiry: Inquiry, chat_id: int) -> None:
    """Owe in one chat of officers what the person wrote and no officer has answered yet, if it does not stand there."""
    relays = await relays_of(session, inquiry)
    answered = max((relay.id for relay in relays if relay.is_answer and not relay.withdrawn_at), default=0)
    for relay in relays:
        # The head itself shows the first question, but not the whole of a long one.
        is_in_head = relay is relays[0] and not words.is_cut(relay)
        if relay.is_answer or relay.withdrawn_at or relay.id < answered or is_in_head:
            continue
        if not await _stands_in(session, relay, chat_id):
            await send_to_officers(session, inquiry, relay, chat_id)


async def _stands_in(session: Session, relay: Relay, chat_id: int) -> bool:
    there = select(RelayCopy.id).where(
        RelayCopy.relay_id == relay.id,
        RelayCopy.chat_id == chat_id,
        ~col(RelayCopy.is_head),
        ~col(RelayCopy.is_past),
    )
    return (await session.exec(there.limit(1))).first() is not None


async def pass_to_officers(session: Session, inquiry: Inquiry, relay: Relay) -> None:
    """Owe what the person wrote wherever the inquiry is shown; where it is not yet, it follows its head."""
    for chat_id in await listening(session, inquiry):
        await send_to_officers(session, inquiry, relay, chat_id)


async def set_aside(session: Session, inquiry: Inquiry, chat_id: int | None = None) -> None:
    """What shows the inquiry in a chat (None: in all) belongs to the past: another head takes its place."""
    for copy in await _shown_in(session, inquiry, chat_id):
        copy.is_past = True
    await session.flush()


async def forget_copies(session: Session, inquiry: Inquiry, chat_id: int) -> None:
    """Forget what showed the inquiry in a chat whose messages are lost."""
    for copy in await _shown_in(session, inquiry, chat_id):
        await session.delete(copy)
    await session.flush()


async def _shown_in(session: Session, inquiry: Inquiry, chat_id: int | None) -> list[RelayCopy]:
    asked = select(Relay.id).where(Relay.inquiry_id == inquiry.id, ~col(Relay.is_answer))
    there = select(RelayCopy).where(col(RelayCopy.relay_id).in_(asked))
    there = there if chat_id is None else there.where(RelayCopy.chat_id == chat_id)
    return list((await session.exec(there)).all())


async def leave_place(session: Session, inquiry: Inquiry, instead: Sentence, now: datetime) -> None:
    """Take the inquiry out of the chats where it is shown: its heads say *instead*, its topic is closed."""
    for copy in await heads_of(session, inquiry):
        if copy.message_id is None:
            await remove(session, inquiry, copy, now)
            continue
        place = await place_of(session, copy.chat_id, inquiry)
        await post.owe_edit(session, place, copy.message_id, instead, note=Note(about=inquiry.person_id))
    await unname_topic(session, inquiry)
    await close_topic(session, inquiry)
    await set_aside(session, inquiry)
    inquiry.chat_id = inquiry.topic_id = inquiry.topic_row = None


async def unname_topic(session: Session, inquiry: Inquiry) -> None:
    """Owe that the topic the inquiry is about to leave, if it has one, is called by the number only."""
    if inquiry.chat_id is None or inquiry.topic_id is None:
        return
    # Once it is left nobody knows whose it was. No note about them: erasing them would skip it, and leave the name.
    place = post.Group(inquiry.chat_id, FIRST_LANGUAGE)
    renamed = {"message_thread_id": inquiry.topic_id, "name": f"#{inquiry.id}"}
    await post.owe_call(session, place, "edit_forum_topic", renamed)


async def close_topic(session: Session, inquiry: Inquiry) -> None:
    """Owe that the inquiry's topic is closed, if it has one that is open."""
    if inquiry.chat_id is None or inquiry.topic_id is None or inquiry.is_topic_closed:
        return
    inquiry.is_topic_closed = True
    place = post.Group(inquiry.chat_id, FIRST_LANGUAGE)
    await post.owe_call(session, place, "close_forum_topic", {"message_thread_id": inquiry.topic_id})


async def note_topic(session: Session, chat_id: int, topic_id: int, *, is_closed: bool) -> None:
    """Somebody closed or opened a topic by hand: what the person writes next opens it first."""
    theirs = select(Inquiry).where(Inquiry.chat_id == chat_id, Inquiry.topic_id == topic_id)
    for inquiry in (await session.exec(theirs.with_for_update())).all():
        inquiry.is_topic_closed = is_closed


# Without a group.


async def post_privately(session: Session, district: District, inquiry: Inquiry) -> None:
    """Show an inquiry to each officer of its office, else to the admins, in their own chats."""
    inquiry.chat_id = inquiry.topic_id = inquiry.topic_row = None
    shown = {copy.chat_id for copy in await heads_of(session, inquiry)}
    for officer in await staff.officers_of(session, inquiry.office):
        if officer.telegram_id not in shown:
            await owe_head(session, district, inquiry, officer.telegram_id)


async def show_privately(session: Session, district: District, officer: Person, inquiry: Inquiry) -> None:
    """Show an inquiry, and what waits in it, in an officer's private chat, with all that can be done."""
    await set_aside(session, inquiry, officer.telegram_id)
    await owe_head(session, district, inquiry, officer.telegram_id)


async def is_left(session: Session, chat_id: int) -> bool:
    group = await session.get(GroupChat, chat_id)
    return group is not None and group.state is GroupState.LEFT
