"""Passing messages on: every message of the bot's that shows somebody's words is known, so that it can be changed,
answered and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from db import outbox
from db.models import Delivery, Inquiry, Person, Relay, RelayCopy
from db.session import Session
from domain import post
from domain.district import District
from domain.inquiries import words
from domain.inquiries.finding import copies_of, heads_of, kind_of, listening
from domain.inquiries.words import FILES, Part
from domain.post import Note
from messages import FIRST_LANGUAGE, Sentence

DELETABLE_FOR = timedelta(hours=47)
"""Telegram lets a message be deleted for 48 hours; one of them is for the queue."""

ARRIVED = "👍"


@dataclass(frozen=True)
class Written:
    """What somebody wrote, as far as it can be passed on."""

    kind: str
    """One of words.KINDS."""
    chat_id: int
    message_id: int | None
    text: str = ""
    """HTML made by us; of a location "latitude,longitude"."""
    file_id: str | None = None


def relay_of(inquiry: Inquiry, written: Written, now: datetime, author: Person | None = None) -> Relay:
    """*written* as it is kept; with an *author* it is an officer's answer."""
    return Relay(
        inquiry_id=inquiry.id,
        is_answer=author is not None,
        author_id=author.id if author else None,
        kind=written.kind,
        text=written.text,
        file_id=written.file_id,
        chat_id=written.chat_id,
        message_id=written.message_id,
        written_at=now,
    )


async def place_of(session: Session, chat_id: int, inquiry: Inquiry | None = None) -> Person | post.Group:
    """Where a chat is written to: a person's, or a group's, there in the inquiry's own topic or under its head."""
    if chat_id > 0:
        return (await session.exec(select(Person).where(Person.telegram_id == chat_id))).one()
    if inquiry is None or inquiry.chat_id != chat_id:
        return post.Group(chat_id, FIRST_LANGUAGE)
    if inquiry.topic_id is not None:
        return post.Group(chat_id, FIRST_LANGUAGE, thread_id=inquiry.topic_id)
    heads = [copy.message_id for copy in await heads_of(session, inquiry) if copy.chat_id == chat_id]
    return post.Group(chat_id, FIRST_LANGUAGE, message_id=heads[-1] if heads else None)


async def tell_officers(
    session: Session, inquiry: Inquiry, sentence: Sentence, about: Person | None = None, buttons: Any = ()
) -> None:
    """Say something about the inquiry wherever its officers hear of it."""
    for chat_id in await listening(session, inquiry):
        place = await place_of(session, chat_id, inquiry)
        await post.owe(session, place, sentence, buttons, Note(about=about.id if about else None))


async def send_to_officers(session: Session, inquiry: Inquiry, relay: Relay, chat_id: int, tries: int = 0) -> None:
    """Owe what the person wrote in one chat of officers; a file whose name we no longer keep is passed over."""
    if relay.kind in FILES and relay.file_id is None:
        return
    place = await place_of(session, chat_id, inquiry)
    if chat_id == inquiry.chat_id:
        await open_topic(session, inquiry)
    parts = await words.to_officers(session, inquiry, relay, await kind_of(session, chat_id))
    await _owe(session, place, relay, parts, about=inquiry.person_id, tries=tries)


async def open_topic(session: Session, inquiry: Inquiry) -> None:
    """Owe that the inquiry's topic is open again, if it has one that is closed."""
    if inquiry.chat_id is None or inquiry.topic_id is None or not inquiry.is_topic_closed:
        return
    inquiry.is_topic_closed = False
    place = post.Group(inquiry.chat_id, FIRST_LANGUAGE)
    await post.owe_call(session, place, "reopen_forum_topic", {"message_thread_id": inquiry.topic_id})


async def send_to_person(session: Session, district: District, inquiry: Inquiry, relay: Relay) -> None:
    """Owe an answer to the person, and where it was not written in the inquiry's group, show it there too."""
    person = await session.get_one(Person, inquiry.person_id)
    parts = await words.to_person(session, district, inquiry, relay)
    await _owe(session, person, relay, parts, about=None)
    # What officers write to somebody often names them, too.
    if inquiry.chat_id is not None and inquiry.chat_id != relay.chat_id:
        place = await place_of(session, inquiry.chat_id, inquiry)
        await _owe(session, place, relay, await words.echo(session, district, inquiry, relay), about=person.id)


async def _owe(
    session: Session,
    place: Person | post.Group,
    relay: Relay,
    parts: Sequence[Part],
    *,
    about: int | None,
    tries: int = 0,
) -> None:
    chat_id = place.chat_id if isinstance(place, post.Group) else place.telegram_id
    for number, part in enumerate(parts):
        copy = RelayCopy(
            relay_id=relay.id,
            part=number,
            is_last=number == len(parts) - 1,
            is_caption=part.file is not None,
            chat_id=chat_id,
        )
        session.add(copy)
        await session.flush()
        arguments = {"copy": copy.id, "edits": relay.edits, "tries": tries}
        # What names a file or a place is forgotten with the sending.
        is_secret = part.file is not None or part.location is not None
        note = Note(about=about, verb="inquiry.shown", verb_arguments=arguments, is_secret=is_secret)
        copy.row_id = (await _owe_part(session, place, part, note)).id


async def _owe_part(session: Session, place: Person | post.Group, part: Part, note: Note) -> Delivery:
    if part.location is not None:
        latitude, longitude = part.location
        arguments: dict[str, Any] = {"latitude": latitude, "longitude": longitude}
        if isinstance(place, post.Group) and place.thread_id is not None:
            arguments["message_thread_id"] = place.thread_id
        if part.buttons:
            arguments["reply_markup"] = post.keyboard(part.buttons, place.language)
        return await post.owe_call(session, place, "send_location", arguments, note)
    if part.file:
        return await post.owe_media(session, place, *part.file, part.sentence, part.buttons, note)
    return await post.owe(session, place, part.sentence, part.buttons, note)


async def show_again(
    session: Session, district: District, inquiry: Inquiry, relay: Relay, now: datetime, *, is_replaced: bool = False
) -> None:
    """Let every copy that stands somewhere show what the relay says now, by another message where it *is_replaced*
    by another file. What is under way follows when it is there."""
    copies = [copy for copy in await copies_of(session, relay) if not copy.is_head]
    for chat_id in dict.fromkeys(copy.chat_id for copy in copies):
        here = [copy for copy in copies if copy.chat_id == chat_id]
        if all(copy.message_id for copy in here):
            await _show_again_in(session, district, inquiry, relay, here, now, is_replaced=is_replaced)


async def _show_again_in(
    session: Session,
    district: District,
    inquiry: Inquiry,
    relay: Relay,
    here: list[RelayCopy],
    now: datetime,
    *,
    is_replaced: bool,
) -> None:
    place = await place_of(session, here[0].chat_id, inquiry)
    parts, about = await _parts_for(session, district, inquiry, relay, here[0].chat_id)
    if not is_replaced and [part.file is not None for part in parts] == [copy.is_caption for copy in here]:
        for part, copy in zip(parts, here, strict=True):
            if part.location is None and copy.message_id:
                note = Note(about=about)
                await post.owe_edit(
                    session, place, copy.message_id, part.sentence, part.buttons, note, is_caption=copy.is_caption
                )
        return
    for copy in here:
        await remove(session, inquiry, copy, now)
    await _owe(session, place, relay, parts, about=about)


async def _parts_for(
    session: Session, district: District, inquiry: Inquiry, relay: Relay, chat_id: int
) -> tuple[list[Part], int | None]:
    """What shows the relay in a chat, and about whom that is."""
    if not relay.is_answer:
        return await words.to_officers(session, inquiry, relay, await kind_of(session, chat_id)), inquiry.person_id
    person = await session.get_one(Person, inquiry.person_id)
    if chat_id == person.telegram_id:
        return await words.to_person(session, district, inquiry, relay), None
    return await words.echo(session, district, inquiry, relay), person.id


async def take_back(
    session: Session, inquiry: Inquiry, relay: Relay, now: datetime, instead: Sentence | None = None
) -> bool:
    """Take all copies of a relay away but the head; False where one was too old and says *instead* now."""
    relay.withdrawn_at = now
    copies = [copy for copy in await copies_of(session, relay, past=True) if not copy.is_head]
    # The pin of a place has no words that could be changed.
    texts = {copy.id for copy in copies if not (relay.kind == "location" and copy.part)}
    gone = [await remove(session, inquiry, copy, now, instead if copy.id in texts else None) for copy in copies]
    return all(gone)


async def remove(
    session: Session, inquiry: Inquiry | None, copy: RelayCopy, now: datetime, instead: Sentence | None = None
) -> bool:
    """Take one message away; one too old for that says *instead* (and returns False), if anything.

    One that is just being sent goes when Telegram has told its number.
    """
    if copy.message_id is None:
        if copy.row_id is not None:
            await outbox.skip_row(session, copy.row_id, "withdrawn")
        await session.delete(copy)
        return True
    place, note = await place_of(session, copy.chat_id, inquiry), Note(about=inquiry.person_id if inquiry else None)
    if copy.sent_at is None or now - copy.sent_at < DELETABLE_FOR:
        await post.owe_call(session, place, "delete_message", {"message_id": copy.message_id}, note)
    elif instead:
        await post.owe_edit(session, place, copy.message_id, instead, note=note, is_caption=copy.is_caption)
        return False
    await session.delete(copy)
    return True


async def note_arrival(session: Session, relay: Relay, now: datetime) -> None:
    """The relay stands where it was to go: its writer sees a sign under what they wrote, once."""
    if relay.arrived_at is not None:
        return
    relay.arrived_at = now
    if relay.message_id is None:
        return
    place = await place_of(session, relay.chat_id)
    await post.owe_call(session, place, "set_message_reaction", {"message_id": relay.message_id, "reaction": ARRIVED})
