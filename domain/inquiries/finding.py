"""Finding an inquiry: by its number through the door that checks, by a message that shows it, by who asked."""

import re
from enum import Enum

from sqlmodel import col, select

from db.models import Inquiry, InquiryState, Officer, Person, Relay, RelayCopy, Role
from db.session import Session
from domain import staff
from domain.errors import NotForYou, StaleButton

_NUMBER = re.compile(r"#(\d{1,18}) · ")
_NAMED = re.compile(r"#(\d{1,18})\b")


class Audience(Enum):
    """Where officers see an inquiry, which decides what they can do under it."""

    GROUP = "group"
    OFFICER = "officer"
    READER = "reader"


def number_at_start(text: str) -> int | None:
    """The number of the inquiry that a text for officers shows: every such text begins with "#12 · "."""
    found = _NUMBER.match(text)
    return int(found[1]) if found else None


async def access(session: Session, officer: Person, inquiry_id: int, *, reads: bool = False) -> Inquiry:
    """The inquiry on which *officer* may act, locked until the transaction ends. *reads*: as staff.access has it.

    Raises NotForYou, for a number there is none of too.
    """
    seen = await session.get(Inquiry, inquiry_id)
    if seen is None:
        raise NotForYou
    office = seen.office
    await staff.access(session, officer, office=office, reads=reads)
    inquiry = await _locked(session, inquiry_id)
    if inquiry.office != office:  # forwarded while we waited for it
        await staff.access(session, officer, office=inquiry.office, reads=reads)
    return inquiry


async def own(session: Session, person: Person, inquiry_id: int) -> Inquiry:
    """The person's own open inquiry, locked. Raises StaleButton for any other."""
    inquiry = await session.get(Inquiry, inquiry_id)
    if inquiry is None or inquiry.person_id != person.id:
        raise StaleButton
    inquiry = await _locked(session, inquiry_id)
    if inquiry.state is InquiryState.CLOSED:
        raise StaleButton
    return inquiry


async def _locked(session: Session, inquiry_id: int) -> Inquiry:
    return await session.get_one(Inquiry, inquiry_id, with_for_update=True, populate_existing=True)


async def open_at(session: Session, person_id: int, office: str) -> Inquiry | None:
    """The person's open inquiry at *office*, locked."""
    theirs = select(Inquiry).where(
        Inquiry.person_id == person_id, Inquiry.office == office, Inquiry.state != InquiryState.CLOSED
    )
    return (await session.exec(theirs.order_by(col(Inquiry.id)).limit(1).with_for_update())).first()


async def open_of(session: Session, person_id: int) -> list[Inquiry]:
    """All open inquiries of a person, locked, the oldest first."""
    theirs = select(Inquiry).where(Inquiry.person_id == person_id, Inquiry.state != InquiryState.CLOSED)
    return list((await session.exec(theirs.order_by(col(Inquiry.id)).with_for_update())).all())


async def talk_of(session: Session, person: Person) -> Inquiry | None:
    """The inquiry in which officers talk with the person; of several the one in which they wrote last."""
    theirs = select(Inquiry).where(Inquiry.person_id == person.id, Inquiry.state == InquiryState.TALKING)
    return (await session.exec(theirs.order_by(col(Inquiry.officer_wrote_at).desc()).limit(1))).first()


async def written_at(session: Session, chat_id: int, message_id: int) -> Relay | None:
    """What was passed on of a message that somebody wrote."""
    found = select(Relay).where(Relay.chat_id == chat_id, Relay.message_id == message_id)
    return (await session.exec(found.order_by(col(Relay.id).desc()).limit(1))).first()


async def shown_at(session: Session, chat_id: int, message_id: int) -> Relay | None:
    """What a message of the bot's shows."""
    found = select(Relay).join(RelayCopy, col(RelayCopy.relay_id) == col(Relay.id))
    here = found.where(RelayCopy.chat_id == chat_id, RelayCopy.message_id == message_id)
    return (await session.exec(here.order_by(col(Relay.id).desc()).limit(1))).first()


async def shown_by(session: Session, chat_id: int, message_id: int, text: str) -> int | None:
    """The number of the inquiry that a message of the bot's in a chat of officers shows; by its text where it is
    one that was sent twice."""
    relay = await shown_at(session, chat_id, message_id)
    return relay.inquiry_id if relay else number_at_start(text)


async def meant_by(session: Session, person: Person, chat_id: int, message_id: int, text: str) -> Inquiry | None:
    """The person's own inquiry that a message of the bot's in their chat is about: an answer, or one that names it."""
    relay = await shown_at(session, chat_id, message_id)
    named = _NAMED.search(text.partition("\n")[0])
    number = relay.inquiry_id if relay else int(named[1]) if named else None
    inquiry = None if number is None else await session.get(Inquiry, number)
    return inquiry if inquiry and inquiry.person_id == person.id else None


async def in_topic(session: Session, chat_id: int, topic_id: int) -> Inquiry | None:
    """The newest inquiry whose topic this is."""
    there = select(Inquiry).where(Inquiry.chat_id == chat_id, Inquiry.topic_id == topic_id)
    return (await session.exec(there.order_by(col(Inquiry.id).desc()).limit(1))).first()


async def relays_of(session: Session, inquiry: Inquiry) -> list[Relay]:
    """All that was said, first to last."""
    theirs = select(Relay).where(Relay.inquiry_id == inquiry.id).order_by(col(Relay.id))
    return list((await session.exec(theirs)).all())


async def copies_of(session: Session, relay: Relay, *, past: bool = False) -> list[RelayCopy]:
    """Where a relay is shown, part by part; *past*: and where it was before."""
    theirs = select(RelayCopy).where(RelayCopy.relay_id == relay.id)
    theirs = theirs if past else theirs.where(~col(RelayCopy.is_past))
    return list((await session.exec(theirs.order_by(col(RelayCopy.chat_id), col(RelayCopy.id)))).all())


async def heads_of(session: Session, inquiry: Inquiry) -> list[RelayCopy]:
    """The messages that show the whole inquiry: in its group, or in the chats of officers, as far as they still serve.

    Whoever was dismissed sees nothing new.
    """
    heads = select(RelayCopy).join(Relay, col(Relay.id) == col(RelayCopy.relay_id))
    theirs = heads.where(Relay.inquiry_id == inquiry.id, col(RelayCopy.is_head), ~col(RelayCopy.is_past))
    found = (await session.exec(theirs.order_by(col(RelayCopy.id)))).all()
    return [copy for copy in found if copy.chat_id < 0 or await _may_see(session, inquiry, copy.chat_id)]


async def _may_see(session: Session, inquiry: Inquiry, telegram_id: int) -> bool:
    officer = await officer_in(session, telegram_id)
    return officer is not None and staff.serves(officer, inquiry.office)


async def officer_in(session: Session, chat_id: int) -> Officer | None:
    """Whoever serves, of a private chat."""
    theirs = select(Officer).join(Person, col(Person.id) == col(Officer.person_id))
    return (await session.exec(theirs.where(Person.telegram_id == chat_id))).first()


async def kind_of(session: Session, chat_id: int) -> Audience:
    """Who reads along in a chat of officers."""
    if chat_id < 0:
        return Audience.GROUP
    officer = await officer_in(session, chat_id)
    return Audience.OFFICER if officer and officer.role is not Role.READER else Audience.READER


async def listening(session: Session, inquiry: Inquiry) -> list[int]:
    """The chats of officers that hear what the person writes: the group, and in private whoever answered, else all."""
    chats = list(dict.fromkeys(copy.chat_id for copy in await heads_of(session, inquiry) if copy.message_id))
    claimer = await session.get(Person, inquiry.claimed_by) if inquiry.claimed_by else None
    if claimer is None or claimer.telegram_id not in chats:
        return chats
    return [chat_id for chat_id in chats if chat_id < 0 or chat_id == claimer.telegram_id]
