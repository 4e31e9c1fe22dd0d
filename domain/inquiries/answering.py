"""What officers say to the person: an answer, by hand or saved before, corrected, taken back."""

import html
from datetime import datetime

from db.models import Inquiry, InquiryState, Person, Relay, Role, SavedReply
from db.session import Session
from domain import audit, office_hours, staff
from domain.audit import Actor
from domain.district import District
from domain.errors import NotForYou, Refusal, StaleButton
from domain.inquiries import asking, placing, posting
from domain.inquiries.finding import access, relays_of, shown_at, written_at
from domain.inquiries.promise import ANSWERED_WITHIN
from domain.inquiries.relaying import Written, relay_of, send_to_person, show_again, take_back
from domain.inquiries.words import office_name
from messages import Button, Sentence, say

QUIET_AFTER = ANSWERED_WITHIN
"""Of office time without an officer, and the bot speaks again."""


FOR_GOOD = {"withdrawn", "erased", "merged"}
"""Who closed it so that no officer opens it again."""


class Over(Refusal):
    """A question that is closed: whoever has more to say opens it again first."""

    def __init__(self, inquiry: Inquiry) -> None:
        is_final = inquiry.closed_by in FOR_GOOD
        super().__init__(say("desk.is_over_for_good" if is_final else "desk.is_over", number=inquiry.id))
        self.buttons = [] if is_final else [[Button(say("button.reopen"), "reopen", inquiry.id)]]


class Blocked(Refusal):
    """The person cannot be written to."""

    def __init__(self, inquiry: Inquiry) -> None:
        super().__init__(say("desk.blocked", number=inquiry.id))


class NotTheirs(Refusal):
    """An answer of somebody else."""

    def __init__(self) -> None:
        super().__init__(say("desk.not_your_answer"))


async def why_not(session: Session, district: District, writer: Person, inquiry_id: int) -> Sentence:
    """Why what *writer* wrote under an inquiry did not go to the person, and what to do."""
    officer, inquiry = await staff.officer_of(session, writer), await session.get(Inquiry, inquiry_id)
    if officer is None or inquiry is None:
        return say("desk.not_officer")
    office = office_name(district, inquiry.office)
    if not staff.serves(officer, inquiry.office):
        return say("desk.elsewhere", number=inquiry.id, office=office)
    return say("desk.reads_only", office=office)


def acting(officer: Person, chat_id: int) -> Actor:
    """*officer*, and from where."""
    return Actor("officer", officer.id, "private" if chat_id > 0 else f"group:{chat_id}")


async def answer(
    session: Session, district: District, officer: Person, inquiry_id: int, written: Written, now: datetime
) -> Inquiry:
    """Send an officer's answer to the person, as from the office; from now on they talk with each other.

    Raises NotForYou, Over, Blocked.
    """
    inquiry = await access(session, officer, inquiry_id)
    await _answer(session, district, officer, inquiry, written, acting(officer, written.chat_id), now)
    return inquiry


async def _answer(
    session: Session,
    district: District,
    officer: Person,
    inquiry: Inquiry,
    written: Written,
    actor: Actor,
    now: datetime,
) -> None:
    person = await session.get_one(Person, inquiry.person_id)
    if inquiry.state is InquiryState.CLOSED:
        raise Over(inquiry)
    if not person.is_reachable:
        raise Blocked(inquiry)
    relay = relay_of(inquiry, written, now, officer)
    session.add(relay)
    before = inquiry.state
    await _claim(session, district, inquiry, officer, now)
    await session.flush()
    await send_to_person(session, district, inquiry, relay)
    await audit.record(session, now, actor, "inquiry.answered", subject(inquiry), None, {"relay": relay.id})
    if before is InquiryState.WAITING:
        await posting.show_heads(session, district, inquiry)
        await placing.tend_office(session, district, inquiry.office)


async def _claim(session: Session, district: District, inquiry: Inquiry, officer: Person, now: datetime) -> None:
    hours = await office_hours.of(session, district)
    inquiry.state, inquiry.waits_since = InquiryState.TALKING, None
    inquiry.claimed_by = inquiry.claimed_by or officer.id
    inquiry.answered_at = inquiry.answered_at or now
    inquiry.officer_wrote_at, inquiry.silent_until = now, hours.after(now, QUIET_AFTER)


def subject(inquiry: Inquiry) -> str:
    """As the audit names it."""
    return f"inquiry:{inquiry.id}"


async def use_saved(
    session: Session, district: District, officer: Person, inquiry_id: int, saved_id: int, chat_id: int, now: datetime
) -> Inquiry:
    """Answer with one of the office's saved replies. Raises NotForYou, StaleButton, Over, Blocked."""
    inquiry = await access(session, officer, inquiry_id)
    saved = await session.get(SavedReply, saved_id)
    if saved is None or saved.office != inquiry.office:
        raise StaleButton
    # Written in no chat: where the office has a group, it is shown there as any answer from elsewhere.
    written = Written("text", officer.telegram_id, None, html.escape(saved.text, quote=False))
    await _answer(session, district, officer, inquiry, written, acting(officer, chat_id), now)
    await posting.show_heads(session, district, inquiry)  # in the place of the list of replies
    return inquiry


# Correcting and withdrawing an answer.


async def correct(session: Session, district: District, writer: Person, written: Written, now: datetime) -> bool:
    """Let what was passed on, either way, say what its writer made of it; False where the bot has to do with it, too.

    Raises NotForYou for an officer who serves no more.
    """
    relay = await written_at(session, written.chat_id, written.message_id or 0)
    if relay is None:
        return False
    if relay.is_answer:
        return await _correct_answer(session, district, writer, relay, written, now)
    return await asking.correct(session, district, writer, relay, written, now)


async def _correct_answer(
    session: Session, district: District, officer: Person, relay: Relay, written: Written, now: datetime
) -> bool:
    if relay.author_id != officer.id or relay.withdrawn_at:
        return True
    inquiry = await access(session, officer, relay.inquiry_id)
    is_replaced = relay.file_id != written.file_id
    if asking.amend(relay, written):
        await session.flush()
        await show_again(session, district, inquiry, relay, now, is_replaced=is_replaced)
        actor, after = acting(officer, written.chat_id), {"relay": relay.id}
        await audit.record(session, now, actor, "inquiry.answer_changed", subject(inquiry), None, after)
    return True


async def withdraw_answer(
    session: Session, district: District, officer: Person, chat_id: int, message_id: int, now: datetime
) -> Sentence:
    """Take an answer back, found by what the officer wrote or by its echo in the group. What became of it, in words.

    Raises NotForYou where there is no answer, NotTheirs for another officer's (an admin may).
    """
    relay = await written_at(session, chat_id, message_id) or await shown_at(session, chat_id, message_id)
    if relay is None or not relay.is_answer:
        raise NotForYou
    inquiry = await access(session, officer, relay.inquiry_id)
    if relay.author_id != officer.id and not await _is_admin(session, officer):
        raise NotTheirs
    if relay.withdrawn_at:
        return say("desk.withdrawn", number=inquiry.id)
    instead = say("inquiry.answer_withdrawn", office=office_name(district, inquiry.office))
    is_gone = await take_back(session, inquiry, relay, now, instead)
    await session.flush()
    await _unclaim(session, district, inquiry, now)
    actor, after = acting(officer, chat_id), {"relay": relay.id}
    await audit.record(session, now, actor, "inquiry.answer_withdrawn", subject(inquiry), None, after)
    return say("desk.withdrawn" if is_gone else "desk.withdrawn_late", number=inquiry.id)


async def _is_admin(session: Session, officer: Person) -> bool:
    found = await staff.officer_of(session, officer)
    return found is not None and found.role is Role.ADMIN


async def _unclaim(session: Session, district: District, inquiry: Inquiry, now: datetime) -> None:
    """Where no answer is left, the question waits again."""
    if inquiry.state is not InquiryState.TALKING:
        return
    relays = await relays_of(session, inquiry)
    if any(relay.is_answer and not relay.withdrawn_at for relay in relays):
        return
    inquiry.state, inquiry.claimed_by, inquiry.answered_at = InquiryState.WAITING, None, None
    inquiry.silent_until, inquiry.waits_since = None, inquiry.opened_at
    await session.flush()
    await posting.show_heads(session, district, inquiry)
    await placing.tend_office(session, district, inquiry.office)
