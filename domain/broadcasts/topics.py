"""What people may hear of, and do not want to: everybody hears of everything until they say otherwise."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, delete, func, or_, select

from db.models import MutedTopic, Person
from db.session import Session
from db.upsert import insert_new
from domain.opportunities import marks
from messages import Sentence, say

TOPICS = ("umum", "pelatihan", "fasilitas", "pasar")
"""News of the offices, trainings, facilities and help, markets and fairs; each has its name in the catalogue."""

EVERYTHING = "*"
"""In place of a topic: of nothing at all, whatever topics there will be."""


async def muted(session: Session, person: Person) -> set[str]:
    """Which topics *person* does not want to hear of; EVERYTHING alone for all."""
    theirs = select(MutedTopic.topic).where(col(MutedTopic.person_id) == person.id)
    found = set((await session.exec(theirs)).all())
    return {EVERYTHING} if EVERYTHING in found else found


async def mute(session: Session, person: Person, topics: Sequence[str], now: datetime) -> None:
    """From now on they hear nothing of *topics*; what waits for them at this moment does not reach them either."""
    rows = [{"person_id": person.id, "topic": topic, "muted_at": now} for topic in topics]
    await insert_new(session, MutedTopic.__table__, rows, unique=["person_id", "topic"])  # type: ignore[attr-defined]  # SQLModel adds it
    await marks.mark(session, person, now)


async def hear(session: Session, person: Person, topics: Sequence[str], now: datetime) -> None:
    """They hear of *topics* again; whoever had stopped everything goes on not hearing of the others."""
    stopped_all = await muted(session, person) == {EVERYTHING}
    gone = [*topics, EVERYTHING]
    theirs = delete(MutedTopic).where(col(MutedTopic.person_id) == person.id, col(MutedTopic.topic).in_(gone))
    await (await session.connection()).execute(theirs)
    if stopped_all and set(topics) < set(TOPICS):
        await mute(session, person, [topic for topic in TOPICS if topic not in topics], now)
    await marks.mark(session, person, now)


async def mute_all(session: Session, person: Person, now: datetime) -> None:
    """They stop everything, what waits for them at this moment too."""
    await mute(session, person, [EVERYTHING], now)


async def hear_again(session: Session, person: Person, now: datetime) -> None:
    """They hear again of what they heard of before they stopped everything; of all where that was nothing."""
    theirs = col(MutedTopic.person_id) == person.id
    connection = await session.connection()
    await connection.execute(delete(MutedTopic).where(theirs, col(MutedTopic.topic) == EVERYTHING))
    if await muted(session, person) >= set(TOPICS):
        await connection.execute(delete(MutedTopic).where(theirs))
    await marks.mark(session, person, now)


async def numbers(session: Session) -> dict[str, int]:
    """How many do not want to hear of each topic; under EVERYTHING, and nowhere else, those who stopped all."""
    stopped_all = select(MutedTopic.person_id).where(col(MutedTopic.topic) == EVERYTHING)
    alone = or_(col(MutedTopic.topic) == EVERYTHING, col(MutedTopic.person_id).not_in(stopped_all))
    counted = select(MutedTopic.topic, func.count()).where(alone).group_by(MutedTopic.topic)
    found = dict((await session.exec(counted)).all())
    return {topic: found.get(topic, 0) for topic in (EVERYTHING, *TOPICS)}


def name_of(topic: str) -> Sentence:
    """How people call it."""
    return say(f"broadcast.topic_{topic}")
