"""What meets at one opportunity in the same moment, on PostgreSQL: each waits, and then finds what the other did."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, delete, select, update

from db.models import (
    Delivery,
    DeliveryState,
    Interest,
    MailState,
    Notice,
    NoticeState,
    Opportunity,
    OpportunityMail,
    OpportunityState,
    Person,
    Profile,
    Wishes,
)
from db.session import Session
from domain import erasure
from domain.audit import TERMINAL
from domain.opportunities import composing, interest, mailing, marks, notices, running, states, wishes
from domain.opportunities.refusals import Over, WrongState
from tests.faults.broadcasting import met
from tests.faults.scene import Scene
from tests.support.opportunities import DISTRICT, published, values, without_quiet_hours

NOW = datetime.now(UTC)

pytestmark = pytest.mark.parametrize("database_url", ["postgres_alone"], indirect=True)


@pytest.fixture
async def opportunity_id(scene: Scene) -> int:
    """One that is out, for makers of food; Sari makes some, Budi weaves."""
    ids = await met(scene, 2)
    async with scene.database.transaction() as session:
        await without_quiet_hours(session, NOW)
        found = (await session.exec(select(Person).order_by(col(Person.telegram_id)))).all()
        for person, sector in zip(found, ("makanan", "tenun"), strict=True):
            session.add(Profile(person_id=person.id, sector=sector, changed_at=NOW))
        assert [person.telegram_id for person in found] == list(ids)
        return (await published(session, NOW, products=["makanan"])).id


async def people(scene: Scene) -> list[Person]:
    return await scene.rows(select(Person).order_by(col(Person.telegram_id)))


async def work(scene: Scene) -> None:
    """Until nothing is to be done at this moment."""
    while True:
        async with scene.database.transaction() as session:
            if not await running.advance(session, DISTRICT, NOW):
                return


async def waits(scene: Scene) -> dict[int, NoticeState]:
    """By person."""
    return {row.person_id: row.state for row in await scene.rows(select(Notice))}


@asynccontextmanager
async def meanwhile(scene: Scene, deed: Any, *, is_held: bool = True) -> AsyncIterator[tuple[Session, Any]]:
    """A transaction that is open while *deed*, in another, begins; it has to wait for its end if *is_held*."""
    async with scene.database.transaction() as session:

        async def other() -> Any:
            async with scene.database.transaction() as another:
                return await deed(another)

        begun: list[asyncio.Task[Any]] = []

        def begin() -> None:
            begun.append(asyncio.create_task(other()))

        yield session, begin
        done, _ = await asyncio.wait(begun, timeout=0.4 if is_held else 10.0)
        assert bool(done) is not is_held
    await begun[0]


async def withdraw(session: Session, opportunity_id: int) -> None:
    one = await states.lock(session, opportunity_id)
    assert one
    await composing.withdraw(session, one, "batal", TERMINAL, NOW)


class TestOfficers:
    async def test_publish_once(self, scene: Scene) -> None:
        """Two who publish the same draft: one does, the other reads that it is out."""
        for _ in range(5):
            async with scene.database.transaction() as session:
                id = (await composing.make(session, "disperindag", values(NOW), TERMINAL, DISTRICT, NOW)).id

            async def publish(id: int = id) -> None:
                async with scene.database.transaction() as session:
                    one = await states.lock(session, id)
                    assert one
                    await composing.publish(session, one, TERMINAL, NOW)

            found = await asyncio.gather(publish(), publish(), return_exceptions=True)
            assert sorted(type(one).__name__ for one in found) == ["NoneType", "WrongState"]

    async def test_close_and_withdraw(self, scene: Scene, opportunity_id: int) -> None:
        """Taken back it stays, whoever comes first."""

        async def close() -> None:
            async with scene.database.transaction() as session:
                one = await states.lock(session, opportunity_id)
                assert one
                await composing.close(session, one, "sudah cukup", TERMINAL, NOW)

        async def take_back() -> None:
            async with scene.database.transaction() as session:
                await withdraw(session, opportunity_id)

        closed, withdrawn = await asyncio.gather(close(), take_back(), return_exceptions=True)
        assert withdrawn is None
        assert closed is None or isinstance(closed, WrongState)
        (state,) = await scene.rows(select(Opportunity.state))
        assert state is OpportunityState.WITHDRAWN

    async def test_hold_up_nobody_who_is_looked_at(self, scene: Scene, opportunity_id: int) -> None:
        """Who takes it back and who looks at those who changed never wait crosswise: one for the row of the outbox that
        the other called back, the other for what its notice names.
        """
        sari, budi = await people(scene)
        await work(scene)
        async with scene.database.transaction() as session:
            (await session.get_one(Profile, budi.id)).sector = "makanan"
            await marks.mark(session, sari, NOW)
            await marks.mark(session, budi, NOW)

        async def look(other: Session) -> None:
            assert await wishes.look_next(other, DISTRICT, NOW)

        async with meanwhile(scene, look, is_held=False) as (session, begin):
            one = await states.lock(session, opportunity_id)
            assert one
            begin()
            await asyncio.sleep(0.4)
            await composing.withdraw(session, one, "batal", TERMINAL, NOW)

        assert await waits(scene) == {sari.id: NoticeState.WAITING, budi.id: NoticeState.WAITING}
        await work(scene)
        assert set((await waits(scene)).values()) == {NoticeState.SKIPPED}


class TestMailing:
    async def test_is_found_by_who_takes_it_back(self, scene: Scene, opportunity_id: int) -> None:
        """A message that is being owed while its opportunity is withdrawn is called back."""
        async with scene.database.transaction() as session:
            assert await notices.walk_next(session, DISTRICT, NOW)

        async with meanwhile(scene, lambda other: withdraw(other, opportunity_id)) as (session, begin):
            assert await mailing.mail_next(session, DISTRICT, NOW)
            begin()

        assert await scene.rows(select(Delivery.state)) == [DeliveryState.SKIPPED]
        await work(scene)
        assert set((await waits(scene)).values()) == {NoticeState.SKIPPED}

    async def test_is_called_back_with_its_picture(self, scene: Scene, opportunity_id: int) -> None:
        """Where its words go after a picture neither goes; once the picture went, they follow, and are edited."""
        for is_sent, left in (
            (False, [DeliveryState.SKIPPED] * 2),
            (True, [DeliveryState.SENT, DeliveryState.WAITING]),
        ):
            async with scene.database.transaction() as session:
                await session.exec(delete(Delivery))
                await session.exec(update(Wishes).values(is_changed=False))
                file = {"kind": "photo", "file_id": "x"}
                one = await published(session, NOW, products=["makanan"], sought="kain " * 230, file=file)
                one.cursor = None
                sari = (await people(scene))[0]
                session.add(Notice(opportunity_id=one.id, person_id=sari.id, due_at=NOW))
                await session.flush()
                assert await mailing.mail_next(session, DISTRICT, NOW)
                if is_sent:
                    (await session.exec(select(Delivery).order_by(col(Delivery.id)))).first().state = DeliveryState.SENT
            async with scene.database.transaction() as session:
                await withdraw(session, one.id)
            assert await scene.rows(select(Delivery.state).order_by(col(Delivery.id))) == left

    async def test_finds_that_it_was_taken_back(self, scene: Scene, opportunity_id: int) -> None:
        """Who is about to be told of what is being withdrawn is not."""
        async with scene.database.transaction() as session:
            assert await notices.walk_next(session, DISTRICT, NOW)

        async with meanwhile(scene, lambda other: mailing.mail_next(other, DISTRICT, NOW)) as (session, begin):
            one = await states.lock(session, opportunity_id)
            assert one
            begin()
            await asyncio.sleep(0.3)
            await composing.withdraw(session, one, "batal", TERMINAL, NOW)

        assert await scene.rows(select(Delivery.state)) == []
        assert set((await waits(scene)).values()) == {NoticeState.SKIPPED}

    async def test_counts_what_another_owes_meanwhile(self, scene: Scene, opportunity_id: int) -> None:
        """Two who owe messages to the same person, as while the lead changes: together they keep to the cap."""
        sari, _ = await people(scene)
        async with scene.database.transaction() as session:
            for days in (1, 2):
                at = NOW - timedelta(days=days)
                session.add(OpportunityMail(person_id=sari.id, made_at=at, state=MailState.SENT))
            assert await notices.walk_next(session, DISTRICT, NOW)

        async with meanwhile(scene, lambda other: mailing.mail_next(other, DISTRICT, NOW)) as (session, begin):
            assert await mailing.mail_next(session, DISTRICT, NOW)
            async with scene.database.transaction() as third:
                other_id = (await published(third, NOW, title="Lomba kemasan")).id
                third.add(Notice(opportunity_id=other_id, person_id=sari.id, due_at=NOW))
            begin()

        assert len(await scene.rows(select(OpportunityMail))) == 3
        held = select(Notice.state).where(Notice.opportunity_id == other_id)
        assert await scene.rows(held) == [NoticeState.WAITING]


class TestWalk:
    async def test_is_corrected_by_who_changes_meanwhile(self, scene: Scene, opportunity_id: int) -> None:
        """Whom it passes while they change is looked at once more: who wants it now hears of it, who did does not."""
        sari, budi = await people(scene)

        async def change(other: Session) -> None:
            await wishes.choose(other, sari, "products", ["tenun"], DISTRICT, NOW)
            await wishes.choose(other, budi, "products", ["makanan"], DISTRICT, NOW)

        async with meanwhile(scene, change, is_held=False) as (session, begin):
            assert await notices.walk_next(session, DISTRICT, NOW)
            begin()
        assert await waits(scene) == {sari.id: NoticeState.WAITING}
        await work(scene)

        assert await waits(scene) == {sari.id: NoticeState.SKIPPED, budi.id: NoticeState.OWED}


class TestErasure:
    async def test_takes_back_what_is_being_owed(self, scene: Scene, opportunity_id: int) -> None:
        """Who is erased while a message is being owed to them gets none, and no row knows their chat any more."""
        sari, _ = await people(scene)
        async with scene.database.transaction() as session:
            assert await notices.walk_next(session, DISTRICT, NOW)

        async def erase(other: Session) -> None:
            await erasure.erase(other, await other.get_one(Person, sari.id), NOW)

        async with meanwhile(scene, erase) as (session, begin):
            assert await mailing.mail_next(session, DISTRICT, NOW)
            begin()

        rows = await scene.rows(select(Delivery).where(Delivery.person_id == sari.id))
        assert [(row.state, row.chat_id, row.arguments) for row in rows] == [(DeliveryState.SKIPPED, 0, {})]
        assert await scene.rows(select(OpportunityMail.delivery_id)) == [None]
        assert await waits(scene) == {}


class TestChange:
    async def test_and_a_message_that_was_not_sent(self, scene: Scene, opportunity_id: int) -> None:
        """Who is looked at anew while a message of theirs is put back: one waits for the other, never crosswise."""
        sari, _ = await people(scene)
        await work(scene)

        async def settle(other: Session) -> None:
            (mail,) = (await other.exec(select(OpportunityMail).with_for_update())).all()
            await mailing.put_back(other, [mail], NOW)

        async with meanwhile(scene, settle) as (session, begin):
            await marks.mark(session, sari, NOW)
            begin()
            await asyncio.sleep(0.3)
            await notices.look_again(session, [sari.id], DISTRICT, NOW)

        assert set((await waits(scene)).values()) == {NoticeState.WAITING}

    async def test_is_looked_at_while_a_message_is_settled(self, scene: Scene, opportunity_id: int) -> None:
        """The look at who changed waits for nobody who writes down their messages, and neither for the other."""
        sari, _ = await people(scene)
        await work(scene)
        async with scene.database.transaction() as session:
            await wishes.choose_rhythm(session, sari, "daily", NOW)
            await session.exec(update(Delivery).values(state=DeliveryState.SENDING))

        async def look(other: Session) -> None:
            assert not await wishes.look_next(other, DISTRICT, NOW)

        async with meanwhile(scene, look, is_held=False) as (session, begin):
            (mail,) = (await session.exec(select(OpportunityMail).with_for_update())).all()
            await mailing.put_back(session, [mail], NOW)
            begin()
            await asyncio.sleep(0.3)

        assert (await scene.rows(select(Wishes.is_changed))) == [True]


class TestBerminat:
    async def test_counts_before_the_close(self, scene: Scene, opportunity_id: int) -> None:
        """Who taps while the clock is about to close it is interested; it closes after them."""
        sari, _ = await people(scene)
        late = NOW + timedelta(days=30)

        async def close(other: Session) -> None:
            assert await running.advance(other, DISTRICT, late)

        async with meanwhile(scene, close) as (session, begin):
            one = await session.get_one(Opportunity, opportunity_id)
            assert await interest.express(session, sari, one, NOW)
            begin()

        assert await scene.rows(select(Interest.person_id)) == [sari.id]
        assert await scene.rows(select(Opportunity.state)) == [OpportunityState.CLOSED]

    async def test_is_refused_after_it(self, scene: Scene, opportunity_id: int) -> None:
        """Who taps while it is being closed reads that it is over."""
        sari, _ = await people(scene)

        async def express(other: Session) -> None:
            one = await other.get_one(Opportunity, opportunity_id)
            with pytest.raises(Over):
                await interest.express(other, sari, one, NOW)

        async with meanwhile(scene, express) as (session, begin):
            assert await running.advance(session, DISTRICT, NOW + timedelta(days=30))
            begin()

        assert await scene.rows(select(Interest)) == []
