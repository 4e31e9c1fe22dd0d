"""Seats and the line: never one too many, nobody twice, and in order, whatever happens in whatever order."""

import asyncio
import itertools
import shutil
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlmodel import col, func, select

from db.models import Person, Seat, SeatState, Training, TrainingState
from db.session import Database, Session, open_database
from domain.errors import Refusal
from domain.trainings import seats

ZONE = ZoneInfo("Asia/Jakarta")
NOON = datetime(2026, 11, 2, 5, tzinfo=UTC)
PEOPLE = 7
_numbers = itertools.count(1)


async def make(session: Session, number_of_seats: int = 2, **details: Any) -> Training:
    """An open training in three weeks, and people to fill it."""
    given = {"state": TrainingState.OPEN, "starts_at": NOON + timedelta(days=21), "title": "Kemasan"} | details
    training = Training(office="diskopum", seats=number_of_seats, made_at=NOON, changed_at=NOON, **given)
    session.add(training)
    for number in range(1, PEOPLE + 1):
        session.add(Person(telegram_id=number, name=f"Warga {number}", met_at=NOON, last_wrote_at=NOON))
    await session.flush()
    return training


class Seating(RuleBasedStateMachine):
    """Random orders of register, cancel, offer, accept, decline, expire, resize, remove and bring in."""

    url: ClassVar[Callable[[], str]]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.now = NOON
        # Outside the loop, since making one on PostgreSQL runs a loop of its own.
        self.database = self.runner.run(self.opened(type(self).url()))
        self.line: list[int] = []
        """Our own reckoning of who waits, in order."""

    async def opened(self, url: str) -> Database:
        self.context = open_database(url)
        database = await self.context.__aenter__()
        async with database.transaction() as session:
            training = await make(session)
            self.training_id = training.id
            self.people = list((await session.exec(select(Person).order_by(col(Person.id)))).all())
        return database

    def teardown(self) -> None:
        self.runner.run(self.context.__aexit__(None, None, None))
        self.runner.close()

    def act(self, deed: Callable[[Session], Coroutine[Any, Any, Any]]) -> Any:
        """Do *deed*; a refusal undoes it, as a turn does."""

        async def do() -> Any:
            try:
                async with self.database.transaction() as session:
                    return await deed(session)
            except Refusal as refusal:
                return refusal

        return self.runner.run(do())

    def all_seats(self) -> list[Seat]:
        async def read(session: Session) -> list[Seat]:
            return list((await session.exec(select(Seat).order_by(col(Seat.id)))).all())

        return list(self.act(read))

    def held(self) -> list[Seat]:
        return [seat for seat in self.all_seats() if seat.state is SeatState.HELD]

    def offered(self, found: Any) -> None:
        """What our reckoning says of those who were offered a seat: they were next, in order."""
        if not isinstance(found, Refusal):
            ids = [seat.person_id for seat in found]
            assert ids == self.line[: len(ids)]
            self.line = self.line[len(ids) :]

    who = st.integers(0, PEOPLE - 1)

    @rule(who=who)
    def register(self, who: int) -> None:
        person = self.people[who]
        outcome = self.act(lambda session: seats.register(session, self.training_id, person, self.now, ZONE))
        if isinstance(outcome, seats.Waitlisted):
            self.line.append(person.id)
            assert outcome.position == len(self.line)

    @rule(who=who)
    def give_up(self, who: int) -> None:
        person = self.people[who]
        outcome = self.act(lambda session: seats.give_up(session, self.training_id, person, self.now, ZONE))
        if not isinstance(outcome, Refusal):
            self.line = [id for id in self.line if id != person.id]
        self.offered(outcome)

    @precondition(lambda self: self.held())
    @rule(which=st.integers(0, PEOPLE), accepts=st.booleans(), stale=st.booleans())
    def answer(self, which: int, accepts: bool, stale: bool) -> None:
        held = self.held()
        seat = held[which % len(held)]
        person = next(one for one in self.people if one.id == seat.person_id)
        offer = seat.offer - 1 if stale else seat.offer
        if accepts:
            outcome = self.act(lambda session: seats.accept(session, seat.id, offer, person, self.now))
        else:
            outcome = self.act(lambda session: seats.decline(session, seat.id, offer, person, self.now, ZONE))
            self.offered(outcome)
        assert isinstance(outcome, Refusal) == (stale or self.now >= (seat.offer_until or self.now))

    @rule(hours=st.integers(1, 40))
    def wait_and_expire(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        outcome = self.act(lambda session: seats.expire(session, self.training_id, self.now, ZONE))
        self.offered(outcome[1])

    @rule(number=st.integers(0, 5))
    def resize(self, number: int) -> None:
        self.offered(self.act(lambda session: seats.resize(session, self.training_id, number, self.now, ZONE)))

    @rule(who=who)
    def take_away(self, who: int) -> None:
        person_id = self.people[who].id
        seat = next((one for one in self.all_seats() if one.person_id == person_id), None)
        if seat is None:
            return
        outcome = self.act(lambda session: seats.take_away(session, seat.id, "aturan", self.now, ZONE))
        if not isinstance(outcome, Refusal):
            self.line = [id for id in self.line if id != person_id]
            self.offered(outcome[1])

    @rule(who=who)
    def bring_in(self, who: int) -> None:
        person = self.people[who]
        outcome = self.act(lambda session: seats.bring_in(session, self.training_id, person, self.now))
        if not isinstance(outcome, Refusal):
            self.line = [id for id in self.line if id != person.id]

    @invariant()
    def never_one_too_many(self) -> None:
        async def look(session: Session) -> tuple[int, int, list[int]]:
            training = await session.get_one(Training, self.training_id)
            taken = select(func.count()).where(col(Seat.state).in_(seats.TAKEN))
            line = [seat.person_id for seat in await seats.waiting(session, training)]
            return training.seats, int((await session.exec(taken)).one()), line

        number, taken, line = self.act(look)
        assert taken <= number
        assert line == self.line
        # Nobody waits while a seat is free.
        assert not line or taken == number or self.now >= NOON + timedelta(days=21)

    @invariant()
    def nobody_twice(self) -> None:
        people = [seat.person_id for seat in self.all_seats()]
        assert len(people) == len(set(people))
        numbers = [seat.number for seat in self.all_seats() if seat.number]
        assert len(numbers) == len(set(numbers))


class TestAnyOrder:
    @pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
    def test_keeps_the_promises(self, kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
        """Held and confirmed never exceed the seats, the line keeps its order, nobody is in twice."""
        if kind == "sqlite":
            made = request.getfixturevalue("sqlite_made")

            def fresh() -> str:
                file = tmp_path / f"{next(_numbers)}.db"
                shutil.copy(made, file)
                return f"sqlite+aiosqlite:///{file}"

            examples = 25
        else:
            databases = request.getfixturevalue("postgres_databases")

            def fresh() -> str:
                with databases.one() as address:  # each example is over when the next one asks
                    return str(address)

            examples = 10

        class Here(Seating):
            url = staticmethod(fresh)

        run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis leaves it untyped
            Here,
            settings=settings(
                max_examples=examples,
                stateful_step_count=30,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
