"""One message for all that is due to somebody: decided again, within the weekly cap, outside quiet hours, once."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func
from sqlmodel import col, select, update

from db import outbox
from db.models import (
    UNSETTLED,
    Delivery,
    DeliveryState,
    MailState,
    Notice,
    NoticeState,
    Opportunity,
    OpportunityMail,
    OpportunityState,
    Person,
    Profile,
)
from db.outbox import Settlement
from db.session import Session, note_new
from domain import post
from domain.district import District
from domain.opportunities import marks, notices, rhythm, seekers, telling
from domain.opportunities.marks import STEPS
from domain.opportunities.matching import Table
from domain.opportunities.notices import CLOSED, FAILED, FURTHER, SEEN, STOPPED, UNFIT, WITHDRAWN
from domain.opportunities.rhythm import WEEK, Timing
from domain.opportunities.seekers import Hearer
from domain.post import Note
from messages import Buttons, Sentence

MOST_OWED = 60
"""Messages under way at most, a few seconds' worth: what is owed later is decided later."""

LOOKED_AT = 600
"""Due notices looked at for one round of messages; more only where they are one person's."""

MOST_NAMED = 10
"""Opportunities that one message names, each with its button; of further ones it says how many there are."""

MAILED = "opportunity.mailed"
"""The verb that hears what became of a message."""


Due = tuple[Notice, Opportunity]
"""Somebody is to hear of it by now."""


async def mail_next(session: Session, district: District, now: datetime) -> bool:
    """Owe a message to the next people to whom something is due; False where there is nobody, or no room."""
    room = MOST_OWED - await outbox.waiting_in_bulk(session)
    if room <= 0:
        return False
    first = await _first_due(session, now)
    if away := [id for id, is_reachable in first.items() if not is_reachable]:
        # By itself, so that whoever comes back at this moment waits for little.
        return await _set_aside(session, away, now)
    ids = await _next(session, list(first)[:room], now)
    if not ids:
        return False
    await _lock_opportunities(session, ids, now)
    due = await _due(session, ids, now)
    # Once these are locked: another process that owed meanwhile to the same people is over by now.
    timing, hearers = await rhythm.timing(session, district), await seekers.named(session, ids)
    recent, answered = await _recent(session, ids, now), await notices.answered(session, ids)
    letters = []
    for id, rows in due.items():
        going = _decide(rows, hearers.get(id), recent[id], answered, timing, now)
        if going:
            letters.append(_letter(id, hearers[id], going, timing, now))
    await _owe(session, letters, district, now)
    note_new(session, STEPS)
    return True


async def _first_due(session: Session, now: datetime) -> dict[int, bool]:
    """Whose notices fell due first, in that order, and whether they can be reached."""
    due = select(Notice.person_id).where(Notice.state == NoticeState.WAITING, col(Notice.due_at) <= now)
    # Who changed while a message of theirs is under way hears nothing more before they were looked at.
    due = due.where(~marks.is_changed(col(Notice.person_id)))
    # Just as the index has them, so that nothing is sorted.
    due = due.order_by(col(Notice.due_at), col(Notice.person_id)).limit(LOOKED_AT)
    ids = list(dict.fromkeys((await session.exec(due)).all()))
    people = select(Person.id, Person.is_reachable).where(col(Person.id).in_(ids))
    is_reachable = dict((await session.exec(people)).all()) if ids else {}
    return {id: is_reachable[id] for id in ids}


async def _next(session: Session, person_ids: Sequence[int], now: datetime) -> list[int]:
    """As many of the first of them as have LOOKED_AT notices due together, at least one; by id."""
    due = select(Notice.person_id, func.count()).where(col(Notice.person_id).in_(person_ids))
    due = due.where(Notice.state == NoticeState.WAITING, col(Notice.due_at) <= now).group_by(col(Notice.person_id))
    numbers = dict((await session.exec(due)).all()) if person_ids else {}
    before = accumulate((numbers.get(id, 0) for id in person_ids), initial=0)
    # Each letter is for all that is due to somebody.
    return sorted(id for id, others in zip(person_ids, before, strict=False) if others < LOOKED_AT)


async def _set_aside(session: Session, person_ids: Sequence[int], now: datetime) -> bool:
    """What is due to people who cannot be reached waits until they can be; False where they are coming back now."""
    # Held until this is over, so that whoever comes back is marked after it; who is on the way is left alone.
    away = select(Person.id).where(col(Person.id).in_(person_ids), ~col(Person.is_reachable)).order_by(col(Person.id))
    ids = (await session.exec(away.with_for_update(read=True, skip_locked=True))).all()
    due = update(Notice).where(col(Notice.person_id).in_(ids), col(Notice.state) == NoticeState.WAITING)
    due = due.where(col(Notice.due_at) <= now)
    await (await session.connection()).execute(due.values(due_at=notices.ASIDE))
    note_new(session, STEPS)
    return bool(ids)


async def _lock_opportunities(session: Session, person_ids: Sequence[int], now: datetime) -> None:
    """Whoever takes one back meanwhile waits, and then finds the messages that name it."""
    due = select(Notice.opportunity_id).where(
        col(Notice.person_id).in_(person_ids), Notice.state == NoticeState.WAITING, col(Notice.due_at) <= now
    )
    # Before the notices, as a tap on Berminat locks them.
    theirs = select(Opportunity.id).where(col(Opportunity.id).in_(due)).order_by(col(Opportunity.id))
    await session.exec(theirs.with_for_update(read=True))


async def _due(session: Session, person_ids: Sequence[int], now: datetime) -> dict[int, list[Due]]:
    """By person what is due to them, urgent ones first, then what ends first."""
    theirs = select(Notice, Opportunity).join(Opportunity, col(Opportunity.id) == col(Notice.opportunity_id))
    theirs = theirs.where(col(Notice.person_id).in_(person_ids), Notice.state == NoticeState.WAITING)
    theirs = theirs.where(col(Notice.due_at) <= now).order_by(col(Notice.id))
    due: dict[int, list[Due]] = {id: [] for id in person_ids}
    for notice, one in (await session.exec(theirs.with_for_update(of=Notice))).all():
        due[notice.person_id].append((notice, one))
    for rows in due.values():
        rows.sort(key=lambda row: telling.place(row[1]))
    return due


async def _recent(session: Session, person_ids: Sequence[int], now: datetime) -> dict[int, list[datetime]]:
    """By person when the messages came that count for this week, in order."""
    counts = select(OpportunityMail.person_id, OpportunityMail.made_at).where(
        col(OpportunityMail.person_id).in_(person_ids),
        col(OpportunityMail.counts),
        col(OpportunityMail.made_at) > now - WEEK,
        OpportunityMail.state != MailState.FAILED,
    )
    recent: dict[int, list[datetime]] = {id: [] for id in person_ids}
    for id, at in (await session.exec(counts.order_by(col(OpportunityMail.made_at)))).all():
        recent[id].append(at)
    return recent


def _decide(
    due: Sequence[Due],
    hearer: Hearer | None,
    recent: Sequence[datetime],
    answered: Set[tuple[int, int]],
    timing: Timing,
    now: datetime,
) -> list[Due]:
    """What of *due* may go to somebody now; the rest is skipped or held back."""
    if hearer is None:
        _skip([notice for notice, _ in due], STOPPED)
        return []
    if until := timing.quiet_until(hearer.quiet, now):
        _hold([notice for notice, _ in due], until)
        return []
    going = _still(due, hearer, answered, now)
    if len(recent) < timing.cap:
        return going
    has_room = timing.due_from(hearer.rhythm, recent[-timing.cap] + WEEK, hearer.quiet)
    _hold([notice for notice, one in going if not one.is_urgent], has_room)
    return [(notice, one) for notice, one in going if one.is_urgent]


def _still(due: Sequence[Due], hearer: Hearer, answered: Set[tuple[int, int]], now: datetime) -> list[Due]:
    """Those of *due* that can still be taken, fit, and were not answered yet; the others are skipped."""
    fitting = {one.id for one in Table(one for _, one in due).fits(hearer.seeker)}
    going = []
    for notice, one in due:
        if reason := _over(one, now):
            _skip([notice], reason)
        elif (notice.person_id, one.id) in answered:
            _skip([notice], SEEN)
        elif one.id not in fitting:
            _skip([notice], UNFIT)
        else:
            going.append((notice, one))
    return going


def _over(one: Opportunity, now: datetime) -> str | None:
    if one.state is OpportunityState.WITHDRAWN:
        return WITHDRAWN
    is_open = one.state is OpportunityState.OPEN and one.deadline is not None and one.deadline > now
    return None if is_open else CLOSED


@dataclass(frozen=True)
class Letter:
    """A message to be owed."""

    mail: OpportunityMail
    going: Sequence[Due]
    expires_at: datetime


def _letter(person_id: int, hearer: Hearer, going: Sequence[Due], timing: Timing, now: datetime) -> Letter:
    counts = not all(one.is_urgent for _, one in going)
    # What could not be sent by then is decided anew.
    ends = [*(one.deadline for _, one in going), timing.quiet_from(hearer.quiet, now)]
    mail = OpportunityMail(person_id=person_id, made_at=now, counts=counts)
    return Letter(mail, going, min(end for end in ends if end is not None))


async def _owe(session: Session, letters: Sequence[Letter], district: District, now: datetime) -> None:
    # Read and written together: each statement by itself would take longer than all it does.
    session.add_all(letter.mail for letter in letters)
    await session.flush()
    ids = [letter.mail.person_id for letter in letters]
    people = {one.id: one for one in (await session.exec(select(Person).where(col(Person.id).in_(ids)))).all()}
    theirs = select(Profile).where(col(Profile.person_id).in_(ids))
    profiles = {one.person_id: one for one in (await session.exec(theirs)).all()}
    rows = []
    for letter in letters:
        person, told = people[letter.mail.person_id], [one for _, one in letter.going[:MOST_NAMED]]
        further = len(letter.going) - len(told)
        text = telling.mail(told, profiles.get(person.id), district, now, further=further)
        rows.append(await _enqueue(session, person, letter, told, text))
    for letter, row in zip(letters, rows, strict=True):
        letter.mail.delivery_id, letter.mail.has_file = row.id, _has_file(row.method)
        for place, (notice, _) in enumerate(letter.going):
            notice.state, notice.mail_id = NoticeState.OWED, letter.mail.id
            notice.reason = None if place < MOST_NAMED else FURTHER
    await session.flush()


async def _enqueue(
    session: Session, person: Person, letter: Letter, told: Sequence[Opportunity], text: tuple[Sentence, Buttons]
) -> Delivery:
    sentence, buttons = text
    note = Note(verb=MAILED, verb_arguments={"mail": letter.mail.id}, is_bulk=True, expires_at=letter.expires_at)
    file = told[0].file if len(told) == 1 else None
    if file:
        return await post.owe_under(session, person, file["kind"], file["file_id"], sentence, buttons, note)
    return await post.owe(session, person, sentence, buttons, note)


def _has_file(method: str) -> bool:
    return method != "send_message"


def _skip(skipped: Sequence[Notice], reason: str) -> None:
    for notice in skipped:
        notice.state, notice.reason = NoticeState.SKIPPED, reason


def _hold(held: Sequence[Notice], until: datetime) -> None:
    for notice in held:
        notice.due_at = until


# What became of it.


async def mailed(session: Session, arguments: Mapping[str, Any], settlement: Settlement, now: datetime) -> None:
    """Telegram's answer to a message: who was not reached is to hear of it all the same, once they can be."""
    mail = await session.get(OpportunityMail, arguments.get("mail"), with_for_update=True)
    if mail is not None and mail.state is MailState.OWED:
        # A file that Telegram has no more was left out.
        mail.has_file = _has_file(settlement.owed.method)
        await _end(session, mail, settlement.state, settlement.message_ids, now)


async def hear_next(session: Session, _: District, now: datetime) -> bool:
    """Settle messages whose row of the outbox was settled without their verb; False where there are none.

    So are the rows of who blocked the bot, and of calls that were under way when their process ended.
    """
    lost = select(OpportunityMail, Delivery).outerjoin(Delivery, col(Delivery.id) == OpportunityMail.delivery_id)
    lost = lost.where(is_lost()).order_by(col(OpportunityMail.id)).limit(MOST_OWED)
    rows = (await session.exec(lost.with_for_update(of=OpportunityMail))).all()
    for mail, row in rows:
        # Of a row that is gone nobody knows anything any more.
        state, message_ids = (DeliveryState.UNCERTAIN, None) if row is None else (row.state, row.message_ids)
        mail.has_file = mail.has_file if row is None else _has_file(row.method)
        await _end(session, mail, state, message_ids, now)
    return bool(rows)


def is_lost() -> ColumnElement[bool]:
    """Whether a message is owed by no row of the outbox."""
    under_way = exists().where(col(Delivery.id) == OpportunityMail.delivery_id, col(Delivery.state).in_(UNSETTLED))
    return and_(col(OpportunityMail.state) == MailState.OWED, ~under_way.correlate(OpportunityMail))


async def _end(
    session: Session, mail: OpportunityMail, state: DeliveryState, message_ids: Sequence[int] | None, now: datetime
) -> None:
    if state in {DeliveryState.SENT, DeliveryState.UNCERTAIN}:
        is_sent = state is DeliveryState.SENT
        mail.state = MailState.SENT if is_sent else MailState.UNCERTAIN
        mail.message_id = message_ids[-1] if is_sent and message_ids else None
        # The week counts from when it came, not from when it was owed.
        mail.made_at = now
        if mail.message_id is None:
            mail.is_stale = False  # nobody knows what to edit
        await _settle(session, mail, {"state": NoticeState.TOLD, "told_at": now}, col(Notice.reason).is_(None))
        await _settle(session, mail, {"state": NoticeState.TOLD})
    elif state is DeliveryState.SKIPPED or not await _is_reachable(session, mail):
        await put_back(session, [mail], now)
    else:
        mail.state, mail.is_stale = MailState.FAILED, False
        await _make_room(session, [mail], now)
        await _settle(session, mail, {"state": NoticeState.SKIPPED, "reason": FAILED})
    note_new(session, STEPS)
    await session.flush()


async def put_back(session: Session, mails: Sequence[OpportunityMail], now: datetime) -> None:
    """They were not sent and will not be: what stood in them, due as it was, is decided anew."""
    for mail in mails:
        mail.state, mail.is_stale = MailState.FAILED, False
    await _make_room(session, mails, now)
    ids = [mail.id for mail in mails]
    theirs = update(Notice).where(col(Notice.mail_id).in_(ids), col(Notice.state) == NoticeState.OWED)
    await (await session.connection()).execute(theirs.values(state=NoticeState.WAITING, mail_id=None, reason=None))


async def _make_room(session: Session, mails: Sequence[OpportunityMail], now: datetime) -> None:
    """What the cap held back because of *mails* waits for them no longer.

    Before their notices change: everybody locks an outbox's row, its message, somebody's wishes and then their notices.
    """
    for person_id in sorted({mail.person_id for mail in mails}):
        person = await session.get_one(Person, person_id)
        if person.erased_at is None:
            await marks.mark(session, person, now)


async def _is_reachable(session: Session, mail: OpportunityMail) -> bool:
    person = await session.get(Person, mail.person_id, populate_existing=True)
    return person is not None and person.is_reachable


async def _settle(
    session: Session, mail: OpportunityMail, values: Mapping[str, Any], *which: ColumnElement[bool]
) -> None:
    theirs = update(Notice).where(col(Notice.mail_id) == mail.id, col(Notice.state) == NoticeState.OWED, *which)
    await (await session.connection()).execute(theirs.values(**values))


async def is_one(session: Session, person: Person, message_id: int) -> bool:
    """Whether that message in their chat is one of these, which goes on saying what it told them of."""
    theirs = select(OpportunityMail.id).where(OpportunityMail.person_id == person.id)
    return (await session.exec(theirs.where(OpportunityMail.message_id == message_id).limit(1))).first() is not None
