"""What officers do with a question beside answering: hand it on, end it, open it again, take an ID card away."""

from datetime import datetime

from db.models import Inquiry, InquiryState, Person, Relay
from db.session import Session
from domain import audit, post
from domain.district import District
from domain.errors import Refusal, StaleButton
from domain.inquiries import asking, placing, posting, promise
from domain.inquiries.answering import FOR_GOOD, acting, subject
from domain.inquiries.finding import access, copies_of, open_at, relays_of
from domain.inquiries.relaying import remove
from domain.inquiries.words import office_name
from messages import Button, say

TOPICS = [[Button(say("button.topics"), "topics", 0)]]


# Handing on.


async def forward(
    session: Session, district: District, officer: Person, inquiry_id: int, office: str, chat_id: int, now: datetime
) -> Inquiry:
    """Hand an inquiry to another office, with a promise of its own; the person is told.

    Where the person has one open at that office already it goes on in that one, which is returned. Raises NotForYou,
    StaleButton for an office there is none of or a closed inquiry, and NobodyServes.
    """
    inquiry = await access(session, officer, inquiry_id)
    if inquiry.state is InquiryState.CLOSED or inquiry.office == office or district.office(office) is None:
        raise StaleButton
    if not await placing.is_served(session, office):
        raise NobodyThere(office_name(district, office))
    before, name = inquiry.office, office_name(district, office)
    passed = say("desk.passed", number=inquiry.id, office=name, officer=officer.name)
    await posting.leave_place(session, inquiry, passed, now)
    person = await session.get_one(Person, inquiry.person_id)
    other = await open_at(session, person.id, office)
    inquiry.office = office
    if other:
        await _merge(session, inquiry, other, now)
        await post.owe(session, person, say("inquiry.merged", number=inquiry.id, other=other.id, office=name))
    else:
        await _begin_anew(session, district, inquiry, person, now)
    await placing.tend_office(session, district, before)
    change = {"office": before}, {"office": office}
    await audit.record(session, now, acting(officer, chat_id), "inquiry.forwarded", subject(inquiry), *change)
    return other or inquiry


class NobodyThere(Refusal):
    """An office in which nobody would see it."""

    def __init__(self, office: str) -> None:
        super().__init__(say("tap.nobody_there", office=office))


async def _begin_anew(session: Session, district: District, inquiry: Inquiry, person: Person, now: datetime) -> None:
    """It waits at its new office as if it had just been asked there."""
    made = await promise.renew(session, district, inquiry, now)
    inquiry.state, inquiry.waits_since = InquiryState.WAITING, inquiry.waits_since or now
    inquiry.claimed_by = inquiry.answered_at = inquiry.silent_until = None
    await session.flush()
    name = office_name(district, inquiry.office)
    await post.owe(session, person, say("inquiry.forwarded", number=inquiry.id, office=name, promise=made.sentence))
    await placing.post_new(session, district, inquiry)


async def _merge(session: Session, inquiry: Inquiry, other: Inquiry, now: datetime) -> None:
    """What the person wrote goes on in *other*, which is open at the same office."""
    for relay in await relays_of(session, inquiry):
        if not relay.is_answer and not relay.withdrawn_at:
            copy = Relay(**relay.model_dump(exclude={"id", "inquiry_id"}), inquiry_id=other.id)
            session.add(copy)
            await session.flush()
            await posting.pass_to_officers(session, other, copy)
    other.waits_since = other.waits_since or now
    inquiry.state, inquiry.closed_at, inquiry.closed_by = InquiryState.CLOSED, now, "merged"
    inquiry.silent_until = inquiry.waits_since = None
    await session.flush()


# Ending, and opening again.


async def finish(
    session: Session, district: District, officer: Person, inquiry_id: int, chat_id: int, now: datetime
) -> Inquiry:
    """End an inquiry; the person is told that the bot answers again. Raises NotForYou, StaleButton where it is over."""
    inquiry = await access(session, officer, inquiry_id)
    if inquiry.state is InquiryState.CLOSED:
        raise StaleButton
    before = inquiry.state
    person = await session.get_one(Person, inquiry.person_id)
    names = {"number": inquiry.id, "office": office_name(district, inquiry.office)}
    await asking.close(session, district, inquiry, "officer", now)
    if person.is_reachable:
        again = [[Button(say("button.new_inquiry"), "inquire", "new")], *TOPICS]
        await post.owe(session, person, say("inquiry.finished", **names), again)
    actor, change = acting(officer, chat_id), ({"state": before.value}, {"state": "closed"})
    await audit.record(session, now, actor, "inquiry.closed", subject(inquiry), *change)
    return inquiry


async def reopen(
    session: Session, district: District, officer: Person, inquiry_id: int, chat_id: int, now: datetime
) -> Inquiry:
    """Open an inquiry again that was ended too early; the bot stays free until an officer answers.

    Raises NotForYou, and StaleButton for one that is open, that its person took back, or where they have another one.
    """
    inquiry = await access(session, officer, inquiry_id)
    if inquiry.state is not InquiryState.CLOSED or inquiry.closed_by in FOR_GOOD:
        raise StaleButton
    if await open_at(session, inquiry.person_id, inquiry.office):
        raise StaleButton
    inquiry.state, inquiry.closed_at, inquiry.closed_by = InquiryState.WAITING, None, None
    inquiry.waits_since = now
    await promise.renew(session, district, inquiry, now)
    await session.flush()
    await placing.show_anew(session, district, inquiry)
    actor, change = acting(officer, chat_id), ({"state": "closed"}, {"state": "waiting"})
    await audit.record(session, now, actor, "inquiry.reopened", subject(inquiry), *change)
    return inquiry


# ID cards.


async def remove_id_card(
    session: Session, district: District, officer: Person, relay_id: int, chat_id: int, now: datetime
) -> Inquiry:
    """Delete a photo of an ID card wherever it stands, in the person's own chat too, and tell them kindly.

    Raises NotForYou, and StaleButton for what is no photo of a person's, or gone.
    """
    relay = await session.get(Relay, relay_id)
    if relay is None:
        raise StaleButton
    inquiry = await access(session, officer, relay.inquiry_id)
    if relay.is_answer or relay.kind != "photo" or relay.withdrawn_at:
        raise StaleButton
    relay.withdrawn_at, relay.file_id, relay.text = now, None, None
    for copy in await copies_of(session, relay, past=True):
        await remove(session, inquiry, copy, now, say("desk.card_removed", number=inquiry.id))
    person = await session.get_one(Person, inquiry.person_id)
    if relay.message_id is not None:
        await post.owe_call(session, person, "delete_message", {"message_id": relay.message_id})
    await post.owe(session, person, say("inquiry.card_removed", number=inquiry.id))
    await audit.record(session, now, acting(officer, chat_id), "inquiry.id_card_removed", subject(inquiry))
    return inquiry
