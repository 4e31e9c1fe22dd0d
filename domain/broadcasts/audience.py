"""Who a broadcast is for: kept as conditions, looked at when it is composed, when it starts, and for each once more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, not_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel import select as model_select

from db.models import (
    Attendance,
    Broadcast,
    MutedTopic,
    Officer,
    Outlet,
    Person,
    Profile,
    Role,
    Seat,
    SeatState,
    StaffGroup,
    Training,
)
from db.models.columns import STRUCTURE
from db.session import Session
from domain import people
from domain.broadcasts.refusals import NotTheirs
from domain.broadcasts.topics import EVERYTHING
from domain.district import District

IN_TRAINING: Mapping[str, tuple[SeatState, ...]] = {
    "participants": (SeatState.CONFIRMED,),
    "waiting": (SeatState.WAITING, SeatState.HELD),
}
"""Whom of a training a broadcast may be for."""


@dataclass(frozen=True)
class Audience:
    """Conditions that all hold; of each list any one. Without any: everybody who can be written to."""

    kecamatan: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    trainings: tuple[tuple[int, str], ...] = ()
    """Training and who of it, a key of IN_TRAINING; any of them."""
    never_trained: bool = False
    """Only who was at no training yet."""
    outlets: tuple[int, ...] = ()
    """Channels and groups (chat ids) that get it too."""
    people: bool = True
    """False: only the outlets."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def is_everybody(self) -> bool:
        return self.people and replace(self, outlets=()) == Audience()


def audience_of(kept: Mapping[str, Any]) -> Audience:
    """As it was kept by `as_json`."""
    return Audience(
        kecamatan=tuple(kept.get("kecamatan", ())),
        sectors=tuple(kept.get("sectors", ())),
        languages=tuple(kept.get("languages", ())),
        trainings=tuple((int(id), str(who)) for id, who in kept.get("trainings", ())),
        never_trained=bool(kept.get("never_trained", False)),
        outlets=tuple(kept.get("outlets", ())),
        people=bool(kept.get("people", True)),
    )


# What holds of a person, as SQL.


def _reachable() -> ColumnElement[bool]:
    wrote = col(Person.last_wrote_at) > people.NEVER
    return and_(col(Person.is_reachable), col(Person.erased_at).is_(None), wrote)


def _known_unreachable() -> ColumnElement[bool]:
    wrote = col(Person.last_wrote_at) > people.NEVER
    return and_(not_(col(Person.is_reachable)), col(Person.erased_at).is_(None), wrote)


def _hears_of(topic: str) -> ColumnElement[bool]:
    muted = exists().where(col(MutedTopic.person_id) == col(Person.id), col(MutedTopic.topic).in_([topic, EVERYTHING]))
    return not_(muted)


def _belongs(audience: Audience) -> ColumnElement[bool]:
    """Whether a person is whom the conditions mean, reachable or not."""
    conditions: list[ColumnElement[bool]] = []
    theirs = col(Profile.person_id) == col(Person.id)
    if audience.kecamatan:
        conditions.append(exists().where(theirs, col(Profile.kecamatan).in_(audience.kecamatan)))
    if audience.sectors:
        conditions.append(exists().where(theirs, col(Profile.sector).in_(audience.sectors)))
    if audience.languages:
        conditions.append(col(Person.language).in_(audience.languages))
    if audience.trainings:
        conditions.append(or_(*(_sits_in(id, who) for id, who in audience.trainings)))
    if audience.never_trained:
        conditions.append(not_(_was_at_one()))
    return and_(literal(True), *conditions)


def _sits_in(training_id: int, who: str) -> ColumnElement[bool]:
    states = IN_TRAINING[who]
    theirs = col(Seat.person_id) == col(Person.id)
    return exists().where(theirs, col(Seat.training_id) == training_id, col(Seat.state).in_(states))


def _was_at_one() -> ColumnElement[bool]:
    theirs = and_(col(Seat.person_id) == col(Person.id), col(Attendance.seat_id) == col(Seat.id))
    return exists().where(theirs)


def wanted(audience: Audience, topic: str) -> ColumnElement[bool]:
    """Who is to get it: meant, reachable, and hears of the topic."""
    if not audience.people:
        return literal(False)
    return and_(_reachable(), _hears_of(topic), _belongs(audience))


def out_of_reach(audience: Audience, topic: str) -> ColumnElement[bool]:
    """Who would get it, had they not blocked the bot or left Telegram."""
    if not audience.people:
        return literal(False)
    return and_(_known_unreachable(), _hears_of(topic), _belongs(audience))


# Counting.


@dataclass(frozen=True)
class Count:
    """How many are meant."""

    people: int
    """Who will get it."""
    unreachable: int
    """Meant, but they blocked the bot or left Telegram."""
    muted: int
    """Meant, but they asked not to be told of this."""
    outlets: int


async def count(session: Session, audience: Audience, topic: str) -> Count:
    """How many *audience* means at this moment."""
    outlets = len(await reachable_outlets(session, audience.outlets))
    if not audience.people:
        return Count(0, 0, 0, outlets)
    means, hears = _belongs(audience), _hears_of(topic)

    counted = select(
        _number(and_(_reachable(), hears)),
        _number(and_(_known_unreachable(), hears)),
        _number(and_(_reachable(), not_(hears))),
    )
    row = (await (await session.connection()).execute(counted.where(means))).one()
    return Count(int(row[0] or 0), int(row[1] or 0), int(row[2] or 0), outlets)


def _number(of: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((of, 1), else_=0))


async def counts_by(session: Session, audience: Audience, topic: str, facet: str) -> dict[str, int]:
    """By each value of *facet* (kecamatan, sectors, languages): how many would get it, were it the only one chosen."""
    # By another name, since the conditions look into profiles themselves.
    theirs = aliased(Profile)
    columns: dict[str, Any] = {
        "kecamatan": theirs.kecamatan,
        "sectors": theirs.sector,
        "languages": Person.language,
    }
    others = replace(audience, **{facet: ()}, people=True)  # type: ignore[arg-type]  # each facet is a tuple
    counted = select(columns[facet], func.count()).select_from(Person)
    counted = counted.outerjoin(theirs, col(theirs.person_id) == col(Person.id))
    counted = counted.where(wanted(others, topic)).group_by(columns[facet])
    rows = (await (await session.connection()).execute(counted)).all()
    return {str(value): int(number) for value, number in rows if value is not None}


async def counts_by_training(session: Session, audience: Audience, topic: str) -> dict[tuple[int, str], int]:
    """By training and who of it: how many would get it, were they the only ones chosen of trainings."""
    theirs = aliased(Seat)
    others = replace(audience, trainings=(), people=True)
    columns = (col(theirs.training_id), col(theirs.state))
    counted = select(*columns, func.count()).select_from(Person)
    counted = counted.join(theirs, col(theirs.person_id) == col(Person.id))
    counted = counted.where(wanted(others, topic)).group_by(*columns)
    found: dict[tuple[int, str], int] = {}
    for training_id, state, number in (await (await session.connection()).execute(counted)).all():
        for who in (who for who, states in IN_TRAINING.items() if state in states):
            found[training_id, who] = found.get((training_id, who), 0) + int(number)
    return found


async def reachable_outlets(session: Session, chat_ids: Iterable[int]) -> list[Outlet]:
    """Of these channels and groups those in which the bot may write."""
    works = exists().where(col(StaffGroup.chat_id) == col(Outlet.chat_id))  # where officers work nothing is announced
    stands = model_select(Outlet).where(col(Outlet.chat_id).in_(list(chat_ids)), col(Outlet.lost_at).is_(None))
    stands = stands.where(col(Outlet.office) != "", not_(works))
    return list((await session.exec(stands.order_by(col(Outlet.chat_id)))).all())


async def check_theirs(session: Session, audience: Audience, officer: Officer | None, district: District) -> None:
    """Raises NotTheirs where a training or outlet is the other office's. *officer*: None for the terminal."""
    if officer is None or officer.role is Role.ADMIN:
        return
    ids = [id for id, _ in audience.trainings]
    trainings = select(col(Training.office)).where(col(Training.id).in_(ids))
    outlets = select(col(Outlet.office)).where(col(Outlet.chat_id).in_(audience.outlets))
    for offices in (trainings, outlets):
        for key in (await (await session.connection()).execute(offices)).scalars():
            if key != officer.office:
                office = district.office(key)
                raise NotTheirs(office.short_name if office else key)


# Those of one broadcast.


def of(broadcast: Broadcast, after: int, most: int) -> Select[Any]:
    """The next *most* people by id *after* one, as `db.bulk.write_down` takes them."""
    columns: tuple[Any, ...] = (
        col(Person.id).label("person_id"),
        literal(None, Person.__table__.c.id.type).label("chat_id"),  # type: ignore[attr-defined]  # SQLModel adds it
        literal(None, STRUCTURE).label("target_ids"),
        literal(None, Person.__table__.c.met_at.type).label("target_at"),  # type: ignore[attr-defined]  # as above
    )
    chosen = wanted(audience_of(broadcast.audience), broadcast.topic)
    return select(*columns).where(col(Person.id) > after, chosen).order_by(col(Person.id)).limit(most)


async def still(session: Session, broadcast: Broadcast, person_ids: Sequence[int]) -> set[int]:
    """Of these people those who are still to get it: decided again when it is sent."""
    chosen = select(col(Person.id)).where(col(Person.id).in_(person_ids))
    chosen = chosen.where(wanted(audience_of(broadcast.audience), broadcast.topic))
    return set((await (await session.connection()).execute(chosen)).scalars())


async def why_not(session: Session, broadcast: Broadcast, person_ids: Sequence[int]) -> dict[str, list[int]]:
    """By reason, these people who are not to get it any more."""
    columns: tuple[Any, ...] = (
        col(Person.id),
        col(Person.is_reachable),
        col(Person.erased_at),
        _hears_of(broadcast.topic),
    )
    found: dict[str, list[int]] = {}
    rows = (await (await session.connection()).execute(select(*columns).where(col(Person.id).in_(person_ids)))).all()
    for id, is_reachable, erased_at, hears in rows:
        gone = "unreachable" if not is_reachable else "left audience"
        reason = "erased" if erased_at else gone if hears else "stopped"
        found.setdefault(reason, []).append(id)
    return found
