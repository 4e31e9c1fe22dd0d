"""From a draft to a broadcast that sets out: checked once more, given its code, and above a number approved by a second
officer.
"""

from datetime import datetime

from sqlmodel import col, select

from db.models import Broadcast, BroadcastState, Person
from db.session import Session, note_new
from domain import audit, post, rules, staff
from domain.broadcasts import audience, codes, content, drafts, forecast, moments, running, states, telling
from domain.broadcasts.forecast import Forecast, Means
from domain.broadcasts.refusals import Changed, DeadTraining, NobodyElse, NobodyThere, PastTime, WrongState, YourOwn
from domain.broadcasts.samples import Sample
from domain.district import District
from domain.errors import NotForYou, Unfit
from domain.post import Note
from messages import Button, Buttons, Moment, Number, Sentence, say

MOST = 1_000_000

LONGEST_WHY = 300


def _check_number(number: int) -> int:
    if not 0 <= number <= MOST:
        raise Unfit(say("broadcast.approval_wrong", most=Number(MOST)))
    return number


APPROVAL_NUMBER = rules.add("approval_number", 500, check=_check_number)
"""A broadcast to more people than that is approved by a second officer."""


async def needs_approval(session: Session, told: Forecast) -> bool:
    """Whether a second officer has to look at it first."""
    return told.number > await rules.read(session, APPROVAL_NUMBER)


async def approval_words(session: Session, told: Forecast) -> Sentence | None:
    """Why a second officer has to look at it first; None where nobody has to."""
    number = await rules.read(session, APPROVAL_NUMBER)
    if told.number <= number:
        return None
    return say("broadcast.approval_many", number=Number(number)) if number else say("broadcast.approval_every")


async def check(session: Session, means: Means, broadcast: Broadcast, person: Person, now: datetime) -> Forecast:
    """What would come of it. Raises BadContent, NotTheirs, NobodyThere and PastTime for what cannot be sent."""
    said = drafts.said_by(broadcast)
    content.check(said, drafts.frame(means.district, means.username, broadcast))
    officer = await staff.officer_of(session, person)
    if officer is None:
        raise NotForYou
    chosen = audience.audience_of(broadcast.audience)
    await audience.check_theirs(session, chosen, officer, means.district)
    if broadcast.starts_at is not None:
        moments.check(broadcast.starts_at, now)
    told = await forecast.of(session, means, broadcast, now)
    if dead := await drafts.dead_training(session, said, told.begins_at):
        raise DeadTraining(broadcast.id, dead, is_draft=broadcast.state is BroadcastState.DRAFT)
    if told.number == 0:
        raise NobodyThere
    return told


async def confirm(session: Session, means: Means, broadcast: Broadcast, person: Person, now: datetime) -> Forecast:
    """*person* means it: from now on it is theirs, and waits for its time, or for a second officer.

    *broadcast*: a draft, locked. Raises what `check` raises, NobodyElse and WrongState.
    """
    told = await check(session, means, broadcast, person, now)
    broadcast.author_id, broadcast.approved_by, broadcast.why = person.id, None, None
    broadcast.progress_message_id = broadcast.progress_at = None
    if broadcast.code is None:
        broadcast.code = await _new_code(session)
    if await needs_approval(session, told):
        await _propose(session, means, broadcast, person, told, now)
    else:
        await _schedule(session, broadcast, person, told, now)
    return told


async def _new_code(session: Session) -> str:
    """One that no broadcast has or had."""
    while True:
        code = codes.new()
        if (await session.exec(select(Broadcast.id).where(col(Broadcast.code) == code))).first() is None:
            return code


async def _schedule(session: Session, broadcast: Broadcast, by: Person, told: Forecast, now: datetime) -> None:
    states.move(broadcast, BroadcastState.SCHEDULED, now)
    starts_at = broadcast.starts_at.isoformat() if broadcast.starts_at else None
    after = {"people": told.people, "outlets": told.outlets, "starts_at": starts_at}
    deed, subject = ("broadcast.sent" if starts_at is None else "broadcast.scheduled"), f"broadcast:{broadcast.id}"
    await audit.record(session, now, drafts.actor(by), deed, subject, None, after)
    note_new(session, running.STEPS)


# The second officer.


async def _propose(
    session: Session, means: Means, broadcast: Broadcast, author: Person, told: Forecast, now: datetime
) -> None:
    others = await _others(session, broadcast.office, author)
    if not others:
        office = means.district.office(broadcast.office)
        number = await rules.read(session, APPROVAL_NUMBER)
        raise NobodyElse(office.short_name if office else broadcast.office, number)
    states.move(broadcast, BroadcastState.PROPOSED, now)
    await session.flush()
    after = {"people": told.people, "outlets": told.outlets}
    subject = f"broadcast:{broadcast.id}"
    await audit.record(session, now, drafts.actor(author), "broadcast.proposed", subject, None, after)
    sample = Sample(broadcast, means.district, means.username)
    for one in others:
        await sample.show(session, one, one.language)
        words = {"name": author.name, "title": telling.title_of(broadcast)}
        asked = say("broadcast.asks_approval", **words, forecast=in_words(told, broadcast, means.district, now))
        await post.owe(session, one, asked, under_proposed(broadcast), Note(about=author.id))


async def _others(session: Session, office: str, author: Person) -> list[Person]:
    """Who may approve what *author* sends: officers of its office and admins that can be reached."""
    theirs = await staff.officers_of(session, office)
    admins = await staff.officers_of(session)
    found = {person.id: person for person in [*theirs, *admins] if person.id != author.id}
    return [found[id] for id in sorted(found)]


def under_proposed(broadcast: Broadcast) -> Buttons:
    """What a second officer decides by."""
    about = f"{broadcast.id}.{drafts.stamp(broadcast)}"
    yes = Button(say("button.broadcast_approve"), "broadcast_approve", about)
    no = Button(say("button.broadcast_refuse"), "broadcast_refuse", about)
    return [[yes, no], [Button(say("button.broadcast_open"), "broadcast", broadcast.id)]]


async def access_proposed(session: Session, person: Person, broadcast_id: int, stamp: str) -> Broadcast:
    """A proposed one, locked, for a second officer who saw what *stamp* stands for.

    Raises NotForYou, YourOwn, WrongState and Changed.
    """
    broadcast = await drafts.access(session, person, broadcast_id)
    if broadcast.state is not BroadcastState.PROPOSED:
        raise WrongState(say("broadcast.deed_decide"), broadcast.state)
    if broadcast.author_id == person.id:
        raise YourOwn
    if stamp != drafts.stamp(broadcast):
        raise Changed
    return broadcast


async def approve(session: Session, means: Means, broadcast: Broadcast, person: Person, now: datetime) -> Forecast:
    """*person* is the second officer: it waits for its time. Raises what `check` raises."""
    if running.is_too_late(broadcast, now):
        raise PastTime
    starts_at = broadcast.starts_at
    if starts_at is not None and starts_at <= now:
        broadcast.starts_at = None  # looked at a little late: at once, as it would have been without
    told = await check(session, means, broadcast, person, now)
    broadcast.approved_by, broadcast.starts_at = person.id, starts_at
    await audit.record(session, now, drafts.actor(person), "broadcast.approved", f"broadcast:{broadcast.id}")
    await _schedule(session, broadcast, person, told, now)
    if (author := await telling.author_of(session, broadcast)) is not None:
        words = {"name": person.name, "title": telling.title_of(broadcast), "code": broadcast.code or ""}
        await post.owe(session, author, say("broadcast.approved", **words), _to(broadcast), Note(about=person.id))
    return told


async def refuse(session: Session, broadcast: Broadcast, person: Person, why: str, now: datetime) -> None:
    """Back to its author, who reads *why* (plain words). Raises Unfit for words that say nothing."""
    words = " ".join(why.split())
    if not any(letter.isalnum() for letter in words) or len(words) > LONGEST_WHY:
        raise Unfit(say("broadcast.why_needed", most=Number(LONGEST_WHY)))
    states.move(broadcast, BroadcastState.DRAFT, now)
    broadcast.why = words
    await audit.record(session, now, drafts.actor(person), "broadcast.refused", f"broadcast:{broadcast.id}")
    if (author := await telling.author_of(session, broadcast)) is not None:
        told = say("broadcast.refused", name=person.name, title=telling.title_of(broadcast), why=words)
        await post.owe(session, author, told, _to(broadcast), Note(about=person.id))


def _to(broadcast: Broadcast) -> Buttons:
    return [[Button(say("button.broadcast_open"), "broadcast", broadcast.id)]]


# In words.


def in_words(told: Forecast, broadcast: Broadcast, district: District, now: datetime) -> Sentence:
    """How many get it and when it will be over, and who will not."""
    parts = {"unreachable": told.unreachable, "muted": told.muted, "outlets": told.outlets}
    some = {name: _part(name, number) for name, number in parts.items()}
    ends_at = Moment(told.ends_at, district.timezone, now)
    lines = _whys(told, broadcast, district, now)
    if not told.people and told.outlets:
        people = say("broadcast.forecast_only_outlets", number=Number(told.outlets), moment=ends_at)
    else:
        people = say("broadcast.forecast", people=Number(told.people), moment=ends_at, **some)
    return say("broadcast.forecast_lines", forecast=people, lines=lines) if lines else people


def _part(name: str, number: int) -> Sentence | str:
    return say(f"broadcast.forecast_{name}", number=Number(number)) if number else ""


def _whys(told: Forecast, broadcast: Broadcast, district: District, now: datetime) -> tuple[Sentence, ...]:
    """Why it takes longer than one may think."""
    found = []
    if told.messages > told.number:
        found.append(say("broadcast.forecast_many", number=Number(told.messages)))
    if told.waits_for_others:
        found.append(say("broadcast.forecast_waits"))
    if told.is_held:
        found.append(say("broadcast.forecast_held", moment=Moment(told.begins_at, district.timezone, now)))
    if told.rests is not None:
        begins, ends = (f"{clock:%H.%M}" for clock in (told.rests.begins, told.rests.ends))
        found.append(say("broadcast.forecast_rests", begins=begins, ends=ends))
    return tuple(found)
