"""What a person does with their questions to officers: send, add, correct, withdraw, end, look at them."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, or_, select

from db.models import Inquiry, InquiryState, Person, Question, Relay
from db.session import Session
from domain import office_hours
from domain.district import District
from domain.errors import Refusal, StaleButton
from domain.inquiries import placing, posting, promise
from domain.inquiries.finding import open_at, own, relays_of
from domain.inquiries.forgetting import FILES_ARE_KEPT
from domain.inquiries.promise import Promise
from domain.inquiries.relaying import Written, relay_of, show_again, tell_officers
from domain.inquiries.words import office_name
from domain.questions import FOLLOWS_WITHIN
from messages import Html, Moment, Sentence, say
from messages.limits import split_html

MOST_UNANSWERED = 20
"""So many messages of one person may wait for an answer: a group takes 20 a minute, for all of them."""

SHOWN_FOR = timedelta(days=30)
"""How long a closed question stays on the list of one's own."""

MOST_SHOWN = 5

IN_THE_LIST = 200
"""UTF-16 units of a question there."""


@dataclass(frozen=True)
class Sent:
    """A question that went to the officers."""

    inquiry: Inquiry
    promise: Promise
    is_new: bool
    """Else it was added to the one that is open at that office."""


@dataclass(frozen=True)
class AlreadySent:
    """A question that had gone to the officers before: the button was tapped twice."""

    inquiry: Inquiry


class TooManyWaiting(Refusal):
    """More than officers could read: they answer first."""

    def __init__(self) -> None:
        super().__init__(say("inquiry.too_many"))


class NobodyServes(Refusal):
    """Nobody would see the question, so the honest answer is where to go."""

    def __init__(self, district: District) -> None:
        super().__init__(say("tap.nobody_serves", place=district.help_desk.name))


def nobody_serves(district: District) -> Sentence:
    """The same at more length, where nothing was begun yet."""
    desk = district.help_desk
    return say("action.officer", place=desk.name, address=desk.address)


async def question_of(session: Session, person: Person, question_id: int) -> Question:
    """The person's own question, with its words. Raises StaleButton for any other, and where they are forgotten."""
    question = await session.get(Question, question_id)
    if question is None or question.person_id != person.id or not question.text:
        raise StaleButton
    return question


def as_html(question: Question) -> str:
    """Its words, which are kept without formatting."""
    return html.escape(question.text or "", quote=False)


async def last_question(session: Session, person: Person, now: datetime) -> Question | None:
    """What they asked the bot last, if that was a moment ago and was a question."""
    recent = select(Question).where(
        Question.person_id == person.id,
        Question.asked_at > now - FOLLOWS_WITHIN,
        col(Question.outcome).in_(["answer", "suggestions", "handover"]),
        col(Question.text).is_not(None),
    )
    return (await session.exec(recent.order_by(col(Question.id).desc()).limit(1))).first()


async def keep_text(session: Session, person: Person, text: str, message_id: int, now: datetime) -> Question:
    """Keep a question that the bot could not read, being too long or in another script, for the officers."""
    question = Question(person_id=person.id, text=text, message_id=message_id, outcome="handover", asked_at=now)
    session.add(question)
    await session.flush()
    return question


async def send(
    session: Session, district: District, person: Person, office: str, question_id: int, now: datetime
) -> Sent | AlreadySent:
    """Send one's question to the officers of *office*; where one is open there already it is added to that.

    Raises StaleButton for a question that is not theirs or an office there is none of, NobodyServes, TooManyWaiting.
    """
    question = await question_of(session, person, question_id)
    if before := await _sent_before(session, question):
        return AlreadySent(before)
    if district.office(office) is None:
        raise StaleButton
    if not await placing.is_served(session, office):
        raise NobodyServes(district)
    written = Written("text", person.telegram_id, question.message_id, as_html(question))
    if inquiry := await open_at(session, person.id, office):
        await add(session, inquiry, written, now, question)
        return Sent(inquiry, await _promise_of(session, district, inquiry, now), is_new=False)
    made = await promise.make(session, district, now)
    inquiry = Inquiry(
        person_id=person.id,
        office=office,
        question_id=question.id,
        opened_at=now,
        waits_since=now,
        promised_at=made.by,
    )
    session.add(inquiry)
    await session.flush()
    await _keep(session, inquiry, written, now, question)
    await placing.post_new(session, district, inquiry)
    return Sent(inquiry, made, is_new=True)


async def _sent_before(session: Session, question: Question) -> Inquiry | None:
    sent = select(Inquiry).join(Relay, col(Relay.inquiry_id) == col(Inquiry.id)).where(Relay.question_id == question.id)
    return (await session.exec(sent.limit(1))).first()


async def _promise_of(session: Session, district: District, inquiry: Inquiry, now: datetime) -> Promise:
    """What was promised before, as far as that still lies ahead."""
    made = await promise.make(session, district, now)
    is_ahead = inquiry.promised_at > now
    return Promise(min(inquiry.promised_at, made.by) if is_ahead else made.by, made.opens, now, made.zone)


async def _keep(
    session: Session, inquiry: Inquiry, written: Written, now: datetime, question: Question | None = None
) -> Relay:
    relay = relay_of(inquiry, written, now)
    relay.question_id = question.id if question else None
    session.add(relay)
    await session.flush()
    return relay


async def add(
    session: Session, inquiry: Inquiry, written: Written, now: datetime, question: Question | None = None
) -> None:
    """Pass on what the person wrote besides, in an open inquiry that is locked. Raises TooManyWaiting."""
    waiting = 0
    for relay in await relays_of(session, inquiry):
        waiting = 0 if relay.is_answer else waiting + 1
    if waiting >= MOST_UNANSWERED:
        raise TooManyWaiting
    relay = await _keep(session, inquiry, written, now, question)
    inquiry.waits_since = inquiry.waits_since or now
    await posting.pass_to_officers(session, inquiry, relay)


async def file_hint(session: Session, district: District, written: Written, now: datetime) -> Sentence | None:
    """What to know of a file that is deleted before the office opens; None for any other."""
    if written.kind == "text":
        return None
    opens = (await office_hours.of(session, district)).next_open(now)
    if opens - now < FILES_ARE_KEPT:
        return None
    return say("inquiry.file_goes", opens=Moment(opens, district.timezone, now))


async def correct(
    session: Session, district: District, person: Person, relay: Relay, written: Written, now: datetime
) -> bool:
    """Let what was passed on say what the person made of it; False where the bot has to do with it, too.

    That is a question to the bot that is not answered by anybody yet.
    """
    if relay.withdrawn_at:
        return False
    seen = await session.get_one(Inquiry, relay.inquiry_id)
    if seen.person_id != person.id or seen.state is InquiryState.CLOSED:
        return False
    inquiry = await own(session, person, relay.inquiry_id)
    is_replaced = relay.file_id != written.file_id
    if amend(relay, written):
        await session.flush()
        await show_again(session, district, inquiry, relay, now, is_replaced=is_replaced)
        if relay is (await relays_of(session, inquiry))[0]:
            await posting.show_heads(session, district, inquiry)
    return not (relay.question_id and inquiry.state is InquiryState.WAITING)


def amend(relay: Relay, written: Written) -> bool:
    """Take over what was changed; whether anything was. A place that moves stays where it was when it was sent."""
    if relay.kind == "location" or relay.kind != written.kind:
        return False
    if (relay.text or "", relay.file_id) == (written.text, written.file_id):
        return False
    relay.text, relay.file_id, relay.edits = written.text, written.file_id, relay.edits + 1
    return True


# Ending it.


async def withdraw(session: Session, district: District, person: Person, inquiry_id: int, now: datetime) -> Inquiry:
    """Take one's question back: the officers see that it needs no answer. Raises StaleButton for one that is over."""
    inquiry = await own(session, person, inquiry_id)
    await close(session, district, inquiry, "withdrawn", now)
    return inquiry


async def leave(session: Session, district: District, person: Person, inquiry_id: int, now: datetime) -> Inquiry:
    """End the talk and go back to the bot; the officers are told. Raises StaleButton for one that is over."""
    inquiry = await own(session, person, inquiry_id)
    await tell_officers(session, inquiry, say("desk.left", number=inquiry.id), person)
    await close(session, district, inquiry, "person", now)
    return inquiry


async def close(session: Session, district: District, inquiry: Inquiry, closed_by: str, now: datetime) -> None:
    """It is over: the heads say by whom, the topic is closed, and the bot speaks again."""
    inquiry.state, inquiry.closed_at, inquiry.closed_by = InquiryState.CLOSED, now, closed_by
    inquiry.silent_until = inquiry.waits_since = None
    await session.flush()
    await posting.show_heads(session, district, inquiry)
    await posting.close_topic(session, inquiry)
    await placing.tend_office(session, district, inquiry.office)


# Looking at them.


async def mine(session: Session, person: Person, now: datetime) -> Sequence[Inquiry]:
    """The person's open questions, and those of the last weeks, the newest first."""
    theirs = select(Inquiry).where(
        Inquiry.person_id == person.id,
        or_(Inquiry.state != InquiryState.CLOSED, col(Inquiry.closed_at) > now - SHOWN_FOR),
    )
    is_over = col(Inquiry.state) == InquiryState.CLOSED
    return (await session.exec(theirs.order_by(is_over, col(Inquiry.id).desc()).limit(MOST_SHOWN))).all()


async def about(session: Session, district: District, inquiry: Inquiry, now: datetime) -> Sentence:
    """One's own question in a few lines: what it was, who has it, what is promised."""
    first = (await relays_of(session, inquiry))[0]
    beginning = split_html(first.text or "…", IN_THE_LIST)
    return say(
        "inquiry.mine",
        number=inquiry.id,
        office=office_name(district, inquiry.office),
        question=Html(beginning[0] + ("…" if beginning[1:] else "")),
        standing=_standing(district, inquiry, now),
    )


def _standing(district: District, inquiry: Inquiry, now: datetime) -> Sentence:
    match inquiry.state:
        case InquiryState.CLOSED:
            is_withdrawn = inquiry.closed_by == "withdrawn"
            return say("inquiry.is_withdrawn" if is_withdrawn else "inquiry.is_over")
        case InquiryState.TALKING:
            return say("inquiry.is_talking")
    if inquiry.promised_at <= now:
        return say("inquiry.is_late")
    return say("inquiry.promise", by=Moment(inquiry.promised_at, district.timezone, now))
