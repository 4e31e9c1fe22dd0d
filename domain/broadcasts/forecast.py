"""How long a broadcast will take, before anybody confirms it: reckoned from what is to be sent, and at what pace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, or_, select

from db.models import Broadcast, BroadcastKind, BroadcastState
from db.session import Session
from domain.broadcasts import audience, figures, quiet
from domain.broadcasts.content import content_of, messages_of
from domain.broadcasts.quiet import Quiet
from domain.broadcasts.sending import Press
from domain.district import District

PERSON_TAKES, GROUP_TAKES = (5, 1.0), (20, 60.0)
"""A person's chat: so many at once, then one each so many seconds. A group's: so many in any so many seconds."""


@dataclass(frozen=True)
class Means:
    """What broadcasts are sent by: whose they are, the bot's own name, and messages a second."""

    district: District
    username: str
    send_rate: float


@dataclass(frozen=True)
class Job:
    """So many messages, to be sent from a moment on."""

    messages: int
    starts_at: datetime
    keeps_quiet_hours: bool = True


@dataclass(frozen=True)
class Forecast:
    """What would come of it, were it confirmed now."""

    people: int
    unreachable: int
    muted: int
    outlets: int
    messages: int
    """In all, as Telegram counts them."""
    begins_at: datetime
    ends_at: datetime
    is_held: bool
    """It would set out in quiet hours, and begins when they are over."""
    waits_for_others: bool
    """Others that were confirmed before it go first."""
    rests: Quiet | None
    """Quiet hours in which it stands still on its way; None where it is over before."""

    @property
    def number(self) -> int:
        return self.people + self.outlets


# Reckoning.


def sent_by(begins: datetime, seconds: float, hours: Quiet | None) -> datetime:
    """When so many *seconds* of sending are over that begin at *begins*; in quiet hours nothing is sent."""
    at = begins
    while True:
        if hours is not None:
            at = hours.over(at) or at
        done, rests_at = at + timedelta(seconds=seconds), hours.following(at) if hours else None
        if rests_at is None or done <= rests_at:
            return done
        seconds -= (rests_at - at).total_seconds()
        at = rests_at


def turn_of(own: Job, ahead: Sequence[Job], rate: float, now: datetime, hours: Quiet) -> datetime:
    """When it is *own*'s turn: each of those *ahead* that sets out before it is sent first, one after another.

    *rate*: messages a second.
    """
    at = now
    for job in sorted(ahead, key=lambda job: job.starts_at):
        if job.starts_at <= own.starts_at:
            at = sent_by(max(at, job.starts_at), job.messages / rate, hours if job.keeps_quiet_hours else None)
    begins = max(at, own.starts_at)
    return (hours.over(begins) or begins) if own.keeps_quiet_hours else begins


def end_of(own: Job, begins: datetime, rate: float, hours: Quiet, slowest: float = 0.0) -> datetime:
    """When the last message of *own* is sent. *slowest*: seconds that a single chat needs for all it gets."""
    kept = hours if own.keeps_quiet_hours else None
    return max(sent_by(begins, own.messages / rate, kept), sent_by(begins, slowest, kept))


def chat_needs(messages: int, *, is_group: bool) -> float:
    """Seconds until one chat has taken so many messages."""
    most, seconds = GROUP_TAKES if is_group else PERSON_TAKES
    if is_group:
        return max(0, (messages - 1) // most) * seconds
    return max(0, messages - most) * seconds


# Of one broadcast.


async def of(session: Session, means: Means, broadcast: Broadcast, now: datetime) -> Forecast:
    """Of *broadcast* as it stands, by what is under way and scheduled now."""
    rate, press, chosen = (
        means.send_rate,
        Press(means.district, means.username),
        audience.audience_of(broadcast.audience),
    )
    count = await audience.count(session, chosen, broadcast.topic)
    content, frame = content_of(broadcast.content), press.frame(broadcast)
    each, each_public = messages_of(content, frame), messages_of(content, frame, is_public=True)
    messages = count.people * each + count.outlets * each_public
    own = Job(messages, max(now, broadcast.starts_at or now), broadcast.keeps_quiet_hours)
    hours, ahead = await quiet.hours(session, means.district), await _ahead(session, press, broadcast, now)
    begins = turn_of(own, ahead, rate, now, hours)
    rests_at = hours.following(begins) if own.keeps_quiet_hours else None
    slowest = max(
        chat_needs(each, is_group=False) if count.people else 0.0,
        chat_needs(each_public, is_group=True) if count.outlets else 0.0,
    )
    ends = end_of(own, begins, rate, hours, slowest)
    return Forecast(
        count.people,
        count.unreachable,
        count.muted,
        count.outlets,
        messages,
        begins,
        ends,
        is_held=own.keeps_quiet_hours and hours.over(own.starts_at) is not None,
        waits_for_others=any(job.messages and job.starts_at <= own.starts_at for job in ahead)
        and begins > (hours.over(own.starts_at) or own.starts_at),
        rests=hours if rests_at is not None and rests_at < ends else None,
    )


async def _ahead(session: Session, press: Press, broadcast: Broadcast, now: datetime) -> list[Job]:
    """What is left of those under way, and what was confirmed before it and sets out by then."""
    begun = col(Broadcast.state).in_([BroadcastState.PREPARING, BroadcastState.RUNNING])
    start = broadcast.starts_at or now
    due = or_(col(Broadcast.starts_at).is_(None), col(Broadcast.starts_at) <= start)
    waiting = (col(Broadcast.state) == BroadcastState.SCHEDULED) & due
    others = select(Broadcast).where(or_(begun, waiting), col(Broadcast.id) != broadcast.id)
    return [await _left(session, press, other, now) for other in (await session.exec(others)).all()]


async def _left(session: Session, press: Press, other: Broadcast, now: datetime) -> Job:
    starts_at = now if other.started_at else max(now, other.starts_at or now)
    if other.state is BroadcastState.RUNNING:
        number = (await figures.figures(session, other)).under_way
    elif other.kind is BroadcastKind.NOTICE:
        count = await audience.count(session, audience.audience_of(other.audience), other.topic)
        number = count.people + count.outlets
    else:
        number = other.total
    each = messages_of(content_of(other.content), press.frame(other)) if other.kind is BroadcastKind.NOTICE else 1
    return Job(number * each, starts_at, other.keeps_quiet_hours)
