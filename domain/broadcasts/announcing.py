"""A broadcast from the terminal: whoever has it decides, so it needs no second officer and keeps no quiet hours."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, or_, select

from db.models import Broadcast, BroadcastState, Person, Training
from db.session import Session, note_new
from domain import audit
from domain.audit import TERMINAL
from domain.broadcasts import audience, codes, content, moments, repeating, running, schedule, states, steering
from domain.broadcasts.audience import Audience, Count
from domain.broadcasts.content import Content, Frame
from domain.broadcasts.refusals import NobodyThere, PastTime
from domain.district import District
from domain.errors import Unfit
from messages import say

LONGEST_USERNAME = "x" * 32
"""In the place of the bot's own name, which the terminal need not know: as long as Telegram lets one be."""


@dataclass(frozen=True)
class Announcement:
    """What is to be told, and whom."""

    office: str
    """Its key."""
    topic: str
    content: Content
    audience: Audience
    starts_at: datetime | None = None
    """None: at once."""
    is_silent: bool = False
    is_pinned: bool = False
    late_limit: int | None = None
    """Minutes after its time in which it still starts; None: however late."""


async def check(session: Session, asked: Announcement, district: District, now: datetime) -> Count:
    """Whom it would reach at this moment. Raises BadContent, PastTime, Unfit and NobodyThere for what cannot be."""
    office = district.office(asked.office)
    name = office.short_name if office else asked.office
    content.check(asked.content, Frame(name, codes.new(), LONGEST_USERNAME, asked.topic))
    if asked.starts_at is not None and asked.starts_at <= now:
        raise PastTime
    if asked.starts_at is not None and asked.starts_at - now > moments.FURTHEST:
        raise Unfit(say("broadcast.too_far"))
    count = await audience.count(session, asked.audience, asked.topic)
    if not count.people + count.outlets:
        raise NobodyThere
    return count


async def announce(session: Session, asked: Announcement, district: District, now: datetime) -> Broadcast:
    """Confirm it: it sets out by itself when its time has come. Raises what `check` raises."""
    count = await check(session, asked, district, now)
    broadcast = Broadcast(
        office=asked.office,
        topic=asked.topic,
        content=asked.content.as_json(),
        audience=asked.audience.as_json(),
        is_silent=asked.is_silent,
        is_pinned=asked.is_pinned,
        keeps_quiet_hours=False,
        state=BroadcastState.SCHEDULED,
        code=codes.new(),
        made_at=now,
        changed_at=now,
        starts_at=asked.starts_at,
        late_limit=asked.late_limit if asked.starts_at else None,
    )
    session.add(broadcast)
    await session.flush()
    starts_at = asked.starts_at.isoformat() if asked.starts_at else None
    after = {"approved": "terminal", "people": count.people, "outlets": count.outlets, "starts_at": starts_at}
    after["keeps_quiet_hours"] = False
    deed = "broadcast.sent" if starts_at is None else "broadcast.scheduled"
    await audit.record(session, now, TERMINAL, deed, f"broadcast:{broadcast.id}", None, after)
    note_new(session, running.STEPS)
    return broadcast


async def number_ahead(session: Session, asked: Announcement, now: datetime) -> int:
    """How many other broadcasts go first: under way, or due before it."""
    begun = col(Broadcast.state).in_([BroadcastState.PREPARING, BroadcastState.RUNNING])
    due = or_(col(Broadcast.starts_at).is_(None), col(Broadcast.starts_at) <= (asked.starts_at or now))
    first = or_(begun, (col(Broadcast.state) == BroadcastState.SCHEDULED) & due)
    return int((await session.exec(select(func.count()).select_from(Broadcast).where(first))).one())


async def missing_trainings(session: Session, asked: Announcement) -> list[int]:
    """Of the trainings its audience names those that there are not."""
    named = {id for id, _ in asked.audience.trainings}
    there = await session.exec(select(Training.id).where(col(Training.id).in_(named)))
    return sorted(named - set(there.all()))


async def newest(session: Session, most: int) -> list[Broadcast]:
    """Whatever was confirmed, of officers and of the terminal, the newest first."""
    drafts = (BroadcastState.DRAFT, BroadcastState.PROPOSED)
    found = select(Broadcast).where(col(Broadcast.state).not_in(drafts)).order_by(col(Broadcast.id).desc())
    return list((await session.exec(found.limit(most))).all())


async def has_people(session: Session) -> bool:
    """Whether anybody ever wrote to the bot whose database this is."""
    return (await session.exec(select(Person.id).limit(1))).first() is not None


async def steer(session: Session, broadcast_id: int, deed: str, district: District, now: datetime) -> Broadcast | None:
    """Let it "pause", "resume" or "stop", as the terminal's deed; None where there is no such broadcast.

    One that has not set out yet is dropped by a stop; of a schedule only this date. Raises WrongState.
    """
    broadcast = await states.lock(session, broadcast_id)
    if broadcast is None:
        return None
    if deed == "stop" and broadcast.state in schedule.PENDING:
        if broadcast.schedule_id is not None:
            await repeating.skip(session, broadcast.id, TERMINAL, district, now)
        else:
            states.move(broadcast, BroadcastState.CANCELLED, now)
            broadcast.finished_at = now
            await audit.record(session, now, TERMINAL, "broadcast.dropped", f"broadcast:{broadcast.id}")
        return broadcast
    act = {"pause": steering.pause, "resume": steering.resume, "stop": steering.stop}[deed]
    await act(session, broadcast, TERMINAL, district, now)
    return broadcast
