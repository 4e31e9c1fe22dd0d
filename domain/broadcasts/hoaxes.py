"""Messages that people report: kept once a person and message, told to officers once and when they become many."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import col, func, select

from db.models import Broadcast, BroadcastState, HoaxReport, Occurrence, Person
from db.session import Session
from db.upsert import insert_new
from domain import audit, post, staff
from domain.audit import Actor
from domain.broadcasts import telling
from domain.broadcasts.audience import Audience
from domain.broadcasts.content import Content
from domain.broadcasts.verdicts import Verdict
from domain.broadcasts.wording import without_dangers, words
from domain.district import District
from domain.errors import NotForYou, Refusal, StaleButton
from domain.post import Note
from messages import FIRST_LANGUAGE, Button, Buttons, Number, Sentence, say
from messages.limits import cut

TOLD_AT = (1, 5, 20, 100)
"""Reports of one message of which officers are told."""

MOST_A_DAY = 10
"""Reports of one person: more would be a game."""

QUOTED = 1_500
"""Characters of a message that officers see."""

QUOTED_IN_DRAFT = 600
TOPIC = "umum"

_BRACES = str.maketrans("{}", "()")
_EPOCH = datetime.fromtimestamp(0, UTC)


class TooManyReports(Refusal):
    """Somebody who reports without end."""

    def __init__(self) -> None:
        super().__init__(say("hoax.too_many", most=Number(MOST_A_DAY)))


@dataclass(frozen=True)
class Reported:
    """What became of a report."""

    is_new: bool
    """False: they had reported this message before."""
    offices: tuple[str, ...]
    """Keys of those who are told of it."""


def fingerprint(text: str) -> str:
    """The same for messages whose words are the same."""
    keys = " ".join(word.key for word in words(text))
    return hashlib.sha256((keys or text.strip()).encode()).hexdigest()


async def report(
    session: Session, district: District, person: Person, text: str, verdict: Verdict, now: datetime
) -> Reported:
    """Keep that *person* reports *text*, which is what *verdict* says. Raises TooManyReports."""
    print_of_it = await _rebutted(session, verdict) or fingerprint(text)
    broadcast = verdict.broadcast if verdict.outcome == "changed" else None
    offices = (broadcast.office,) if broadcast else tuple(office.key for office in district.offices)
    theirs = select(HoaxReport.id).where(HoaxReport.person_id == person.id)
    if (await session.exec(theirs.where(HoaxReport.fingerprint == print_of_it).limit(1))).first():
        return Reported(is_new=False, offices=offices)
    lately = select(func.count()).where(
        HoaxReport.person_id == person.id, col(HoaxReport.reported_at) > now - timedelta(days=1)
    )
    if (await session.exec(lately)).one() >= MOST_A_DAY:
        raise TooManyReports
    row = HoaxReport(
        person_id=person.id,
        broadcast_id=broadcast.id if broadcast else None,
        fingerprint=print_of_it,
        text=text,
        reported_at=now,
    )
    session.add(row)
    await session.flush()
    await _tell(session, district, row, offices, now)
    return Reported(is_new=True, offices=offices)


async def _rebutted(session: Session, verdict: Verdict) -> str | None:
    """Of the hoax that was rebutted, so that reports of it count on, though a word of it was changed."""
    if verdict.outcome != "hoax" or verdict.broadcast is None:
        return None
    its = select(HoaxReport.fingerprint).where(HoaxReport.rebuttal_id == verdict.broadcast.id)
    return (await session.exec(its.order_by(col(HoaxReport.id)).limit(1))).first()


async def _tell(session: Session, district: District, row: HoaxReport, offices: tuple[str, ...], now: datetime) -> None:
    """Tell officers when it is the first, or there are as many as they want to hear of."""
    number = (await session.exec(select(func.count()).where(HoaxReport.fingerprint == row.fingerprint))).one()
    reached = max(step for step in TOLD_AT if step <= number)
    done = {"what": f"hoax:{row.fingerprint}:{reached}", "at": _EPOCH, "done_at": now}
    # Two who report at the same moment each count themselves only.
    if not await insert_new(session, Occurrence.__table__, [done], unique=["what", "at"]):  # type: ignore[attr-defined]  # SQLModel adds it
        return
    sentence = await _told(session, row, number)
    first = select(func.min(HoaxReport.id)).where(
        HoaxReport.fingerprint == row.fingerprint, col(HoaxReport.text).is_not(None)
    )
    # Whichever notice is tapped, the draft is one.
    button = Button(say("button.rebut"), "broadcast_rebut", (await session.exec(first)).one() or row.id)
    told: set[int] = set()
    for office in offices:
        await _owe(session, office, sentence, [[button]], Note(about=row.person_id), told)


async def _owe(session: Session, office: str, sentence: Sentence, buttons: Buttons, note: Note, told: set[int]) -> None:
    """In the office's group, else to each of its officers; each place once, though it serves several offices."""
    group = await staff.group_of(session, office)
    if group is not None:
        if group.chat_id not in told:
            told.add(group.chat_id)
            await post.owe(session, post.Group(group.chat_id, FIRST_LANGUAGE), sentence, buttons, note)
        return
    for officer in await staff.officers_of(session, office):
        if officer.telegram_id not in told:
            told.add(officer.telegram_id)
            await post.owe(session, officer, sentence, buttons, note)


async def _told(session: Session, row: HoaxReport, number: int) -> Sentence:
    quoted = cut(row.text or "", QUOTED)
    if number > 1:
        return say("hoax.told_again", number=Number(number), text=quoted)
    if row.broadcast_id is None:
        return say("hoax.told", text=quoted)
    broadcast = await session.get_one(Broadcast, row.broadcast_id)
    return say("hoax.told_of_ours", text=quoted, title=telling.title_of(broadcast), code=broadcast.code or "")


# Answered by a broadcast.


@dataclass(frozen=True)
class Rebuttal:
    """The broadcast that answers a hoax, a draft at first."""

    broadcast: Broadcast
    is_new: bool
    """False: somebody has made it before."""


async def rebut(
    session: Session, district: District, person: Person, report_id: int, place: str, now: datetime
) -> Rebuttal:
    """Make a draft that answers a reported message, once. *place*: as in `domain.audit`. Raises NotForYou, StaleButton
    for a message whose words are gone.
    """
    officer = await staff.access(session, person)
    row = await session.get(HoaxReport, report_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotForYou
    original = await session.get(Broadcast, row.broadcast_id) if row.broadcast_id else None
    office = original.office if original else officer.office or district.offices[0].key
    await staff.access(session, person, office=office)
    before = await session.get(Broadcast, row.rebuttal_id) if row.rebuttal_id else None
    if before is not None and before.state is not BroadcastState.CANCELLED:
        return Rebuttal(before, is_new=False)
    if row.text is None:
        raise StaleButton
    draft = Broadcast(
        office=office,
        author_id=person.id,
        topic=TOPIC,
        content=_content(row.text, original).as_json(),
        audience=Audience().as_json(),
        made_at=now,
        changed_at=now,
    )
    session.add(draft)
    await session.flush()
    row.rebuttal_id = draft.id
    actor = Actor("officer", person.id, place)
    await audit.record(session, now, actor, "broadcast.drafted", f"broadcast:{draft.id}", None, {"report": row.id})
    return Rebuttal(draft, is_new=True)


def _content(text: str, original: Broadcast | None) -> Content:
    """What the draft says: the hoax, of which nothing can be followed, called or paid to, and what is true."""
    quoted = cut(harmless(text), QUOTED_IN_DRAFT)
    if original is None:
        return Content(html=say("hoax.draft", text=quoted).in_language(FIRST_LANGUAGE))
    words_of_ours = {"title": telling.title_of(original), "code": original.code or ""}
    return Content(html=say("hoax.draft_of_ours", text=quoted, **words_of_ours).in_language(FIRST_LANGUAGE))


def harmless(text: str) -> str:
    """*text* without links and without numbers to call or to pay to; braces would be taken for blanks."""
    return without_dangers(text, say("hoax.link_taken").in_language(FIRST_LANGUAGE)).translate(_BRACES)
