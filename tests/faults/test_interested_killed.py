"""The process is killed at each step of passing people on: all are, each hears it, and the officer reads it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlmodel import select

from db.models import (
    AuditEntry,
    Interest,
    InterestAnswer,
    Officer,
    Opportunity,
    OpportunityKind,
    OpportunityState,
    Person,
    Role,
    Standing,
)
from simulator import Person as Somebody
from tests.faults.scene import Scene
from tests.faults.test_register_killed import ON_SQLITE, check_passed, does, killed_at_each_step, someone
from tests.faults.workers import Workers
from tests.support.opportunities import without_quiet_hours

AGO = timedelta(hours=1)


async def person_of(scene: Scene, somebody: Somebody) -> Person:
    return (await scene.rows(select(Person).where(Person.telegram_id == somebody.id)))[0]


async def an_opportunity(scene: Scene, number: int) -> int:
    """One that is open and told to nobody; two are interested and may be passed on."""
    now = datetime.now(UTC)
    kept: dict[str, Any] = {"made_at": now - AGO, "changed_at": now - AGO, "deadline": now + timedelta(days=9)}
    who = [await person_of(scene, await someone(scene, place * 1000 + number)) for place in (1, 2)]
    async with scene.database.transaction() as session:
        one = Opportunity(
            office="diskopum",
            kind=OpportunityKind.BUYER,
            title="Kafe cari kerupuk",
            sought="Kerupuk.",
            source="Kafe Contoh",
            state=OpportunityState.OPEN,
            published_at=now - AGO,
            **kept,
        )
        session.add(one)
        await session.flush()
        said = {"opportunity_id": one.id, "answer": InterestAnswer.INTERESTED, "may_share": True}
        session.add_all(Interest(person_id=person.id, answered_at=now - AGO, **said) for person in who)
        return one.id


class TestPassOn:
    @ON_SQLITE
    async def test_all_are_and_hear_it(self, scene: Scene, workers: Workers) -> None:
        """Killed at any step of the tap: both are passed on; each was told, once more if the call was on the wire."""
        opportunities: dict[int, int] = {}
        officer = await someone(scene, 9000)
        budi = await person_of(scene, officer)
        async with scene.database.transaction() as session:
            await without_quiet_hours(session, datetime.now(UTC))
            session.add(
                Officer(person_id=budi.id, role=Role.OFFICER, office="diskopum", appointed_at=datetime.now(UTC))
            )

        async def prepare(number: int) -> Callable[[], Any]:
            opportunities[number] = one = await an_opportunity(scene, number)
            await does(scene, lambda: officer.write("/antrean"))
            last = officer.messages()[-1]["message_id"]
            await does(scene, lambda: officer.tap_data(last, f"opp_pass_new:{one}"))
            return lambda: officer.tap_data(last, f"opp_passed_new:{one}")

        async def check(number: int, step: str, is_sending: bool) -> None:
            one = opportunities[number]
            rows = await scene.rows(select(Interest).where(Interest.opportunity_id == one))
            assert [row.standing for row in rows] == [Standing.PASSED_ON] * 2, step
            for place in (1, 2):
                texts = scene.telegram.person(place * 1000 + number).texts()
                told = sum("Minat Anda sudah diteruskan" in text for text in texts)
                assert told in ({1, 2} if is_sending else {1}), (step, texts)
            assert "2 orang diteruskan dan dikabari" in officer.texts()[-1], step

        steps = await killed_at_each_step(scene, workers, prepare, check)

        check_passed(steps, "update interest", "sendMessage")
        deeds = await scene.rows(select(AuditEntry).where(AuditEntry.deed == "interest.passed_on"))
        assert len(deeds) == 2 * len(opportunities)
