"""The race for the last seats: two hundred tap at once, before two processes, on PostgreSQL; ten get one."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.receiver import read_update
from db import inbox
from db.models import (
    Consent,
    Delivery,
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
from db.session import Session, open_database
from domain import consent
from simulator import PretendTelegram, serve
from tests.faults.scene import Scene
from tests.faults.waiting import until
from tests.faults.workers import Workers
from tests.support.running import TOKEN

SEATS, PEOPLE, FEWER = 10, range(1, 201), range(1, 41)
NOW = datetime.now(UTC)
START = NOW + timedelta(days=14)


@pytest.fixture
async def scene(postgres_alone: str) -> AsyncIterator[Scene]:
    telegram = PretendTelegram(token=TOKEN)
    async with serve(telegram) as address, open_database(postgres_alone) as database:
        yield Scene(telegram, address, postgres_alone, database)


async def gather(scene: Scene, people: range) -> int:
    """All of them stand before the summary; every other one had a seat before and gave it up."""
    async with scene.database.transaction() as session:
        given = {"state": TrainingState.OPEN, "seats": SEATS, "starts_at": START, "ends_at": START + timedelta(hours=4)}
        made = {"made_at": NOW, "changed_at": NOW, "next_number": len(people) + 1}
        training = Training(office="diskopum", title="Kemasan", place="MPP", description="Kemasan", **given, **made)
        session.add(training)
        await session.flush()
        session.add(TrainingDay(training_id=training.id, starts_at=START, ends_at=START + timedelta(hours=4)))
        for number in people:
            await _stand(session, training.id, number)
    return training.id


async def _stand(session: Session, training_id: int, number: int) -> None:
    person = Person(telegram_id=number, name=f"Warga {number}", met_at=NOW, last_wrote_at=NOW)
    session.add(person)
    await session.flush()
    session.add(Consent(person_id=person.id, version=consent.VERSION, language="id", given_at=NOW))
    phone = f"+62812{number:08}"
    session.add(Profile(person_id=person.id, name=person.name, kecamatan="Babat", phone=phone, changed_at=NOW))
    form = f"register-{training_id}"
    session.add(Draft(person_id=person.id, form=form, asks=["sure"], at="sure", changed_at=NOW))
    if number % 2:
        had = {"state": SeatState.GONE, "number": number, "code": f"ABC{number:03}", "why": "cancelled"}
        at = {"registered_at": NOW, "changed_at": NOW}
        session.add(Seat(training_id=training_id, person_id=person.id, **had, **at))


def a_tap(scene: Scene, training_id: int, number: int) -> dict[str, Any]:
    """Ya, daftar."""
    user = scene.telegram.person(number).user
    chat = {"id": number, "type": "private", "first_name": user["first_name"]}
    shown = {"message_id": 7, "date": 1_700_000_000, "chat": chat, "from": scene.telegram.bot, "text": "Sudah benar?"}
    tap = {"id": str(number), "from": user, "chat_instance": "1", "message": shown}
    return {"update_id": number, "callback_query": {**tap, "data": f"pick:register-{training_id}.sure.yes"}}


async def race(scene: Scene, workers: Workers, people: range, **order: Any) -> list[Seat]:
    """Let all tap at once before two processes; who has a seat then."""
    training_id = await gather(scene, people)
    both = [
        await workers.start(scene.database_url, scene.address, receives=False, delivers=False, **order) for _ in "12"
    ]
    async with scene.database.transaction() as session:
        taps = [read_update(a_tap(scene, training_id, number)) for number in people]
        assert await inbox.accept(session, taps) == len(people)

    async def is_over() -> bool:
        return not (await scene.counts()).get("waiting")

    await until(is_over, lambda: both[0].said + both[1].said, within=120)
    for worker in both:
        await worker.stop()
    confirmed = select(Seat).where(Seat.training_id == training_id, Seat.state == SeatState.CONFIRMED)
    return await scene.rows(confirmed)


class TestLastSeats:
    async def test_would_be_given_twice_without_the_lock(self, scene: Scene, workers: Workers) -> None:
        """What the lock is for: processes that merely look give away more seats than there are."""
        confirmed = await race(scene, workers, FEWER, unlocked=True)

        assert len(confirmed) > SEATS

    async def test_go_to_exactly_as_many(self, scene: Scene, workers: Workers) -> None:
        """Ten get a seat, each with a number of their own and a ticket; all others are asked whether they will wait."""
        confirmed = await race(scene, workers, PEOPLE)

        assert len(confirmed) == SEATS
        assert len({seat.number for seat in confirmed}) == SEATS
        assert {update.state for update in await scene.updates()} == {UpdateState.FINISHED}
        owed = await scene.rows(select(Delivery).where(col(Delivery.document).is_not(None)))
        assert sorted(row.document["id"] for row in owed) == sorted(seat.id for seat in confirmed)
        asked = [row for row in await scene.deliveries() if "daftar tunggu" in row.arguments.get("text", "")]
        assert len(asked) == len(PEOPLE) - SEATS
        waiting = [seat for seat in await scene.rows(select(Seat)) if seat.state is SeatState.WAITING]
        assert waiting == []
