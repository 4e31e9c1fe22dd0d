"""The process is killed at each step of a registration and of an offer: people go on where they were."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from db.models import (
    Consent,
    DeliveryState,
    Draft,
    Person,
    Profile,
    Seat,
    SeatState,
    Training,
    TrainingDay,
    TrainingState,
    UpdateState,
)
from domain import consent, people
from domain.trainings import seats
from domain.trainings.questions import Asked
from simulator import Person as Somebody
from tests.faults.scene import Scene
from tests.faults.workers import Worker, Workers
from tests.support.running import PATIENCE
from tests.support.training import ZONE

STEPS = range(3, 60)
"""The first two are the storing of the update, which is killed elsewhere."""

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite_alone"], indirect=True)
"""The steps are the same, and each start takes a second on the other."""

ORDER = {"constants": {"bot.pace.PRIVATE_BURST": 10_000}}
"""Chats take as much as they are sent."""

YEAR = Asked("tahun", "Mulai usaha tahun berapa?", "number")


async def a_training(scene: Scene, number_of_seats: int, questions: list[Asked]) -> int:
    now = datetime.now(UTC)
    starts_at = now + timedelta(days=14)
    values: dict[str, Any] = {"title": "Kemasan", "place": "MPP", "description": "Kemasan", "state": TrainingState.OPEN}
    when = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=4), "made_at": now, "changed_at": now}
    asked = [one.plain() for one in questions]
    async with scene.database.transaction() as session:
        training = Training(office="diskopum", seats=number_of_seats, questions=asked, **values, **when)
        session.add(training)
        await session.flush()
        session.add(TrainingDay(training_id=training.id, starts_at=starts_at, ends_at=starts_at + timedelta(hours=4)))
    return training.id


async def someone(scene: Scene, number: int, training_id: int | None = None) -> Somebody:
    """Known, and registered if *training_id* is given."""
    who, now = scene.telegram.person(number, first_name=f"Warga {number}"), datetime.now(UTC)
    who.has_started = True
    async with scene.database.transaction() as session:
        person = await people.recognise(session, who.id, who.user["first_name"], now, "id")
        session.add(Consent(person_id=person.id, version=consent.VERSION, language="id", given_at=now))
        details = {"name": person.name, "kecamatan": "Babat", "phone": f"+62812{number:08}"}
        session.add(Profile(person_id=person.id, changed_at=now, **details))
        if training_id is not None:
            await seats.register(session, training_id, person, now, ZONE)
    return who


async def does(scene: Scene, deed: Callable[[], Any]) -> None:
    deed()
    await scene.settled()


async def is_killed(scene: Scene, bot: Worker) -> bool:
    """Whether it died before everything was settled."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if not bot.is_alive:
            assert await bot.ended() == -signal.SIGKILL
            return True
        if await scene.is_settled():
            return False
        await asyncio.sleep(0.01)
    raise TimeoutError(bot.said)


async def killed_at_each_step(
    scene: Scene,
    workers: Workers,
    prepare: Callable[[int], Awaitable[Callable[[], Any]]],
    check: Callable[[int, str, bool], Awaitable[None]],
) -> list[str]:
    """Prepare a deed, do it, be killed on the way, go on by another process, and check; the steps it took.

    *check* hears the number of the step, what it was, and whether a call was on the wire.
    """
    bot = await workers.start(scene.database_url, scene.address, **ORDER)
    passed: list[str] = []
    # On PostgreSQL a start takes longer, and every third step is enough.
    for number in STEPS if scene.database.is_sqlite else STEPS[::3]:
        deed = await prepare(number)
        await scene.settled()
        await bot.arm(number)
        deed()
        if not await is_killed(scene, bot):
            break
        passed.extend(bot.steps())  # the last is where it died
        is_sending = any(row.state is DeliveryState.SENDING for row in await scene.deliveries())
        await scene.let_claims_run_out()
        bot = await workers.start(scene.database_url, scene.address, **ORDER)
        await scene.settled()
        await check(number, passed[-1], is_sending)
    assert {update.state for update in await scene.updates()} == {UpdateState.FINISHED}
    return passed


async def seats_of(scene: Scene, training_id: int, who: int) -> list[Seat]:
    theirs = select(Seat).join(Person, col(Person.id) == col(Seat.person_id))
    return await scene.rows(theirs.where(Person.telegram_id == who, Seat.training_id == training_id))


def tickets(who: Somebody) -> int:
    return sum("photo" in message for message in who.messages())


def check_passed(steps: list[str], *kinds: str) -> None:
    """That each of these is among the steps, each of which was the last in its turn; their order differs by run."""
    for kind in kinds:
        assert any(kind in step for step in steps), steps


class TestForm:
    @ON_SQLITE
    async def test_keeps_its_answers(self, scene: Scene, workers: Workers) -> None:
        """Killed at any step of an answer: it is noted, the summary stands there, and the seat can be taken."""
        training = await a_training(scene, 1000, [YEAR])

        async def prepare(number: int) -> Callable[[], Any]:
            who = await someone(scene, 1000 + number)
            await does(scene, lambda: who.write("/daftar"))
            await does(scene, lambda: who.tap("1. Kemasan"))
            return lambda: who.write("2019")

        async def check(number: int, step: str, _: bool) -> None:
            who = scene.telegram.person(1000 + number)
            assert "Mulai usaha tahun berapa? 2019" in who.texts()[-1], step
            await does(scene, lambda: who.tap("✅ Ya, daftar"))
            (seat,) = await seats_of(scene, training, who.id)
            assert (seat.state, seat.answers) == (SeatState.CONFIRMED, {"tahun": 2019}), step

        steps = await killed_at_each_step(scene, workers, prepare, check)

        check_passed(steps, "update draft", "sendMessage")

    async def test_gives_one_seat(self, scene: Scene, workers: Workers) -> None:
        """Killed at any step of the last tap: one seat, and the ticket, twice only if it was on the wire."""
        training = await a_training(scene, 1000, [])

        async def prepare(number: int) -> Callable[[], Any]:
            who = await someone(scene, 1000 + number)
            await does(scene, lambda: who.write("/daftar"))
            await does(scene, lambda: who.tap("1. Kemasan"))
            return lambda: who.tap("✅ Ya, daftar")

        async def check(number: int, step: str, is_sending: bool) -> None:
            who = scene.telegram.person(1000 + number)
            (seat,) = await seats_of(scene, training, who.id)
            assert seat.state is SeatState.CONFIRMED, step
            assert tickets(who) in ({1, 2} if is_sending else {1}), step
            assert "Anda terdaftar" in "".join(who.texts()[-3:]), step

        steps = await killed_at_each_step(scene, workers, prepare, check)

        if scene.database.is_sqlite:
            check_passed(steps, "insert seat", "sendPhoto")
        numbers = [seat.number for seat in await scene.rows(select(Seat))]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
        assert await scene.rows(select(Draft)) == []


class TestOffer:
    @ON_SQLITE
    async def test_is_made_to_one_and_taken_once(self, scene: Scene, workers: Workers) -> None:
        """Killed at any step of giving up: the next one, and nobody else, is offered the seat, and can take it."""
        trainings: dict[int, int] = {}

        async def prepare(number: int) -> Callable[[], Any]:
            trainings[number] = training = await a_training(scene, 1, [])
            holder, *_ = [await someone(scene, who * 1000 + number, training) for who in (1, 2, 3)]
            await does(scene, lambda: holder.write("/jadwal"))
            await does(scene, lambda: holder.tap("✖️ Batalkan"))
            return lambda: holder.tap("Ya, batalkan")

        async def check(number: int, step: str, _: bool) -> None:
            training = trainings[number]
            found = [(await seats_of(scene, training, who * 1000 + number))[0].state for who in (1, 2, 3)]
            assert found == [SeatState.GONE, SeatState.HELD, SeatState.WAITING], step
            following, last = (scene.telegram.person(who * 1000 + number) for who in (2, 3))
            assert "Ada kursi untuk Anda" in following.texts()[-1], step
            assert last.texts() == [], step
            await does(scene, lambda: following.tap("✅ Ya, saya ambil"))
            assert tickets(following) == 1, step

        steps = await killed_at_each_step(scene, workers, prepare, check)

        check_passed(steps, "update seat", "sendMessage")

    @ON_SQLITE
    async def test_is_taken_once(self, scene: Scene, workers: Workers) -> None:
        """Killed at any step of taking it: the seat is theirs, once, with its ticket."""
        trainings: dict[int, int] = {}

        async def prepare(number: int) -> Callable[[], Any]:
            trainings[number] = training = await a_training(scene, 1, [])
            holder, following = [await someone(scene, who * 1000 + number, training) for who in (1, 2)]
            await does(scene, lambda: holder.write("/jadwal"))
            await does(scene, lambda: holder.tap("✖️ Batalkan"))
            await does(scene, lambda: holder.tap("Ya, batalkan"))
            return lambda: following.tap("✅ Ya, saya ambil")

        async def check(number: int, step: str, is_sending: bool) -> None:
            following = scene.telegram.person(2000 + number)
            (seat,) = await seats_of(scene, trainings[number], following.id)
            assert (seat.state, seat.number) == (SeatState.CONFIRMED, 2), step
            assert tickets(following) in ({1, 2} if is_sending else {1}), step

        steps = await killed_at_each_step(scene, workers, prepare, check)

        check_passed(steps, "update seat", "sendPhoto")
