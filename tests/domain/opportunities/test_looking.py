"""Whoever changed is looked at anew: at once, or as soon as what is under way to them is settled; nobody else waits."""

import pytest
from sqlmodel import col, func, select

from db import outbox
from db.models import Delivery, DeliveryState, Lane, Notice, NoticeState, Opportunity, OpportunityMail, Person, Wishes
from db.outbox import Owed, Settlement
from db.session import Database
from domain.audit import TERMINAL
from domain.broadcasts import topics
from domain.opportunities import composing, forgetting, interest, mailing, marks, notices, wishes
from tests.domain.opportunities.crowd import NOW, locked, rows, work
from tests.support.opportunities import DISTRICT, published

FILE = {"kind": "photo", "file_id": "x"}


async def only(database: Database, person_id: int = 1) -> None:
    """Nobody else hears of anything."""
    async with database.transaction() as session:
        for person in (await session.exec(select(Person).where(Person.id != person_id))).all():
            await topics.mute_all(session, person, NOW)
    await work(database)


async def claimed(database: Database) -> list[Owed]:
    async with database.transaction() as session:
        return await outbox.claim(session, "test", 50, [Lane.BULK])


async def settled(database: Database, owed: Owed, state: DeliveryState) -> None:
    """Telegram answered, as the deliverer writes it down."""
    async with database.transaction() as session:
        settlement = Settlement(owed, state)
        assert await outbox.settle(session, [settlement]) == [True]
        if owed.verb and state is not DeliveryState.WAITING:
            await mailing.mailed(session, owed.verb_arguments or {}, settlement, NOW)


async def picture(database: Database, state: DeliveryState) -> None:
    """One person is owed a picture and the words that have no room under it; what became of the picture."""
    await only(database)
    async with database.transaction() as session:
        await published(session, NOW, sought="kain " * 230, file=FILE)
    await work(database)
    (file,) = await claimed(database)
    await settled(database, file, state)


async def stop(database: Database) -> None:
    async with database.transaction() as session:
        await topics.mute_all(session, await session.get_one(Person, 1), NOW)
    await work(database)


async def stands(database: Database) -> tuple[list[DeliveryState], list[NoticeState], bool]:
    """What is owed, what waits, and whether they are still to be looked at."""
    owed = await rows(database, select(Delivery.state).order_by(col(Delivery.id)))
    notice = await rows(database, select(Notice.state).where(Notice.person_id == 1))
    return owed, notice, (await rows(database, select(Wishes.is_changed).where(Wishes.person_id == 1)))[0]


class TestUnderWay:
    @pytest.mark.parametrize("state", [DeliveryState.WAITING, DeliveryState.SENT])
    async def test_is_heard_once_the_call_is_over(self, database: Database, state: DeliveryState) -> None:
        """A STOP while the call is under way: it goes no more should it come back, and they are looked at."""
        await only(database)
        async with database.transaction() as session:
            await published(session, NOW)
        await work(database)
        (owed,) = await claimed(database)
        await stop(database)
        assert (await stands(database))[2]

        await settled(database, owed, state)
        if state is DeliveryState.WAITING:
            # Claimed again before anybody could look: it is too late for it by now.
            (again,) = await claimed(database)
            assert again.expires_at is not None
            assert again.expires_at <= NOW
            await settled(database, again, DeliveryState.SKIPPED)
        await work(database)

        is_sent = state is DeliveryState.SENT
        told = (DeliveryState.SENT, NoticeState.TOLD) if is_sent else (DeliveryState.SKIPPED, NoticeState.SKIPPED)
        assert await stands(database) == ([told[0]], [told[1]], False)

    async def test_holds_up_nobody(self, database: Database) -> None:
        """While the words wait behind their picture the person waits, and the rest of the work goes on."""
        await picture(database, DeliveryState.SENT)
        async with database.transaction() as session:
            await topics.hear(session, await session.get_one(Person, 2), ["pasar"], NOW)
            await marks.mark(session, await session.get_one(Person, 1), NOW)
            urgent = await published(session, NOW, title="Mendesak", is_urgent=True)
        await work(database)

        heard = select(Notice.state).where(Notice.opportunity_id == urgent.id).order_by(col(Notice.person_id))
        assert await rows(database, heard) == [NoticeState.WAITING, NoticeState.OWED]
        words, *_ = await claimed(database)
        await settled(database, words, DeliveryState.SENT)
        await work(database)
        assert await rows(database, heard) == [NoticeState.OWED, NoticeState.OWED]

    async def test_is_called_back_without_its_picture(self, database: Database) -> None:
        """Where the picture could not be sent, nothing keeps the words."""
        await picture(database, DeliveryState.FAILED)
        await stop(database)

        assert await stands(database) == ([DeliveryState.FAILED, DeliveryState.SKIPPED], [NoticeState.SKIPPED], False)

    @pytest.mark.parametrize("went", [False, True])
    async def test_goes_no_more_with_its_picture(self, database: Database, went: bool) -> None:
        """Taken back while its picture is in its call: should that come back neither goes; once it went the words
        follow.
        """
        await only(database)
        async with database.transaction() as session:
            id = (await published(session, NOW, sought="kain " * 230, file=FILE)).id
        await work(database)
        (picture,) = await claimed(database)
        async with database.transaction() as session:
            await composing.withdraw(session, await locked(session, id), "batal", TERMINAL, NOW)
        await settled(database, picture, DeliveryState.SENT if went else DeliveryState.WAITING)

        methods = []
        for _ in range(2):
            for owed in await claimed(database):
                async with database.reading() as session:
                    follows = await outbox.follows(session, owed.id)
                is_late = owed.expires_at is not None and owed.expires_at <= NOW and not follows
                methods += [] if is_late else [owed.method]
                await settled(database, owed, DeliveryState.SKIPPED if is_late else DeliveryState.SENT)
        await work(database)

        assert methods == (["send_message"] if went else [])
        notice = select(Notice.state).where(Notice.person_id == 1)
        assert await rows(database, notice) == [NoticeState.TOLD if went else NoticeState.SKIPPED]


class TestErased:
    async def test_are_owed_nothing(self, database: Database) -> None:
        """What came to be owed after their outbox was emptied, and before this, is emptied too."""
        await only(database)
        async with database.transaction() as session:
            await published(session, NOW)
        await work(database)
        async with database.transaction() as session:
            await forgetting.forget_person(session, await session.get_one(Person, 1))

        assert await rows(database, select(Delivery.state, Delivery.chat_id)) == [(DeliveryState.SKIPPED, 0)]
        assert await rows(database, select(OpportunityMail.delivery_id)) == [None]


class TestSeen:
    async def test_is_called_back(self, database: Database) -> None:
        """Who answers on the card while a message of it waits gets none; the others in it come all the same."""
        await only(database)
        async with database.transaction() as session:
            one, _ = [await published(session, NOW, title=title) for title in ("Satu", "Dua")]
        await work(database)
        async with database.transaction() as session:
            await interest.decline(session, await session.get_one(Person, 1), one, NOW)
        await work(database)

        heard = select(Notice.state, Notice.reason).where(Notice.person_id == 1).order_by(col(Notice.opportunity_id))
        assert await rows(database, heard) == [(NoticeState.SKIPPED, notices.SEEN), (NoticeState.OWED, None)]
        assert await rows(database, select(Delivery.state)) == [DeliveryState.SKIPPED, DeliveryState.WAITING]


class TestMany:
    async def test_are_looked_at_some_at_a_time(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        """So many notices in a transaction and no more; everybody's turn comes."""
        monkeypatch.setattr(notices, "LOOKED_AT", 20)
        async with database.transaction() as session:
            for number in range(8):
                (await published(session, NOW, title=f"Pembeli {number}")).cursor = None
            for person in (await session.exec(select(Person))).all():
                await marks.mark(session, person, NOW)
        left = []
        while True:
            async with database.transaction() as session:
                if not await wishes.look_next(session, DISTRICT, NOW):
                    break
                changed = select(func.count()).select_from(Wishes).where(col(Wishes.is_changed))
                left.append((await session.exec(changed)).one())

        assert left == [22, 19, 16, 13, 10, 7, 4, 1, 0]
        assert await rows(database, select(func.count()).select_from(Notice)) == [200]

    async def test_walks_meet(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        """One that is published while another is on its way joins it where that is: the rest is looked at once."""
        monkeypatch.setattr(notices, "SLICE", 10)
        async with database.transaction() as session:
            await published(session, NOW)
        steps = []
        for step in range(5):
            async with database.transaction() as session:
                if step == 1:
                    await published(session, NOW)
                    # So that the slices of the second would end elsewhere.
                    await topics.mute_all(session, await session.get_one(Person, 5), NOW)
                if not await notices.walk_next(session, DISTRICT, NOW):
                    break
            steps.append(tuple(await rows(database, select(Opportunity.cursor).order_by(col(Opportunity.id)))))

        assert steps == [(10,), (10, 10), (20, 20), (None, None)]
        told = select(Notice.opportunity_id, func.count()).group_by(col(Notice.opportunity_id))
        assert sorted(await rows(database, told)) == [(1, 25), (2, 24)]
