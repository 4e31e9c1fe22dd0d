"""What is done for a whole district goes in slices, finds all, and passes over who cannot be reached."""

import random
from datetime import timedelta

import pytest
from sqlmodel import col, delete, select, update

from db import outbox
from db.models import Delivery, DeliveryState, Lane, Notice, NoticeState, OpportunityMail, Person, Profile, Wishes
from db.outbox import Settlement
from db.session import Database
from domain import people
from domain.audit import TERMINAL
from domain.opportunities import amending, composing, counting, kinds, mailing, notices, running, sweeping
from domain.opportunities.needs import CAPACITIES, PAPERS
from tests.domain.opportunities.crowd import NOW, PEOPLE, locked, rows, told, work
from tests.support.opportunities import DISTRICT, published


class TestSweep:
    async def test_goes_on_where_it_was(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        """A change marks every message that names it, some in a transaction; one that has no number is left out."""
        monkeypatch.setattr(notices, "SLICE", 10)
        id = await told(database)
        async with database.transaction() as session:
            (await session.get_one(OpportunityMail, 1)).message_id = None
            await composing.change(session, await locked(session, id), {"place": "Babat"}, TERMINAL, DISTRICT, NOW)

        stale = []
        for _ in range(3):
            async with database.transaction() as session:
                assert await sweeping.sweep_next(session, DISTRICT, NOW)
            stale.append(len(await rows(database, select(OpportunityMail.id).where(col(OpportunityMail.is_stale)))))
        assert stale == [9, 19, 24]
        async with database.transaction() as session:
            assert not await sweeping.sweep_next(session, DISTRICT, NOW)

    async def test_skips_what_waits_of_one_that_ends(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        """In slices too; nobody hears of it meanwhile, nor after."""
        monkeypatch.setattr(notices, "SLICE", 10)
        async with database.transaction() as session:
            one = await published(session, NOW)
        for _ in range(3):
            async with database.transaction() as session:
                await notices.walk_next(session, DISTRICT, NOW)
        async with database.transaction() as session:
            await composing.withdraw(session, await locked(session, one.id), "batal", TERMINAL, NOW)
        await work(database)

        found = await rows(database, select(Notice.state, Notice.reason))
        assert found == [(NoticeState.SKIPPED, notices.WITHDRAWN)] * PEOPLE
        assert await rows(database, select(OpportunityMail)) == []

    async def test_lets_nothing_wait_that_became_urgent(self, database: Database) -> None:
        """Whoever waits for a digest waits no longer."""
        async with database.transaction() as session:
            for person in (await session.exec(select(Person))).all():
                session.add(Wishes(person_id=person.id, rhythm="weekly", changed_at=NOW))
            one = await published(session, NOW)
        await work(database)
        assert await rows(database, select(OpportunityMail)) == []
        async with database.transaction() as session:
            await composing.change(session, await locked(session, one.id), {"is_urgent": True}, TERMINAL, DISTRICT, NOW)
        await work(database)

        assert len(await rows(database, select(OpportunityMail))) == PEOPLE


class TestUnreachable:
    async def test_are_passed_over_once_and_hear_when_they_are_back(self, database: Database) -> None:
        """What is due to them is nothing to do, until they write: then they hear of what is still open."""
        async with database.transaction() as session:
            await session.exec(update(Person).values(is_reachable=False))
            await published(session, NOW, deadline=NOW + timedelta(days=1), title="Lekas")
            open_one = await published(session, NOW)
        await work(database)
        async with database.reading() as session:
            assert not await running.is_due(session, NOW)

        later = NOW + timedelta(days=2)
        async with database.transaction() as session:
            await people.recognise(session, 101, "Sari", later)
        await work(database, later)

        (mail,) = await rows(database, select(OpportunityMail))
        of_it = select(Notice.opportunity_id).where(Notice.mail_id == mail.id)
        assert await rows(database, of_it) == [open_one.id]

    async def test_read_that_it_was_taken_back_once_they_are_back(self, database: Database) -> None:
        """What they have goes on saying that it is open as long as nobody can reach them, and no longer."""
        id = await told(database)
        async with database.transaction() as session:
            await session.exec(update(Person).where(col(Person.id) == 1).values(is_reachable=False))
            await composing.withdraw(session, await locked(session, id), "batal", TERMINAL, NOW)
        await work(database)
        edited = select(Delivery.person_id).where(col(Delivery.edits).is_not(None), Delivery.person_id == 1)
        assert await rows(database, edited) == []

        async with database.transaction() as session:
            await people.recognise(session, 101, "Sari", NOW)
        await work(database)
        assert await rows(database, edited) == [1]

    @pytest.mark.parametrize("is_called", [True, False])
    async def test_lose_no_edit(self, database: Database, is_called: bool) -> None:
        """That they are away may be found by that very edit, or by something else while it waits: it is owed anew."""
        id = await told(database)
        async with database.transaction() as session:
            await session.exec(delete(Delivery))
            await composing.withdraw(session, await locked(session, id), "batal", TERMINAL, NOW)
        await work(database)
        async with database.transaction() as session:
            owed = await outbox.claim(session, "test", 1, [Lane.BULK]) if is_called else []
            await outbox.settle(session, [Settlement(one, DeliveryState.FAILED, "blocked") for one in owed])
            await people.mark_unreachable(session, 1, "blocked")
            owed = owed or await outbox.claim(session, "test", 1, [Lane.BULK])
            (first,) = owed
            assert is_called or (first.expires_at is not None and first.expires_at < NOW)
            skipped = Settlement(first, DeliveryState.FAILED if is_called else DeliveryState.SKIPPED)
            await outbox.settle(session, [skipped])
            await amending.edited(session, first.verb_arguments or {}, skipped, NOW)
        await work(database)
        waits = select(Delivery.id).where(Delivery.person_id == 1, Delivery.state == DeliveryState.WAITING)
        assert await rows(database, waits) == []

        async with database.transaction() as session:
            await people.recognise(session, 101, "Sari", NOW)
        await work(database)
        assert len(await rows(database, waits)) == 1

    async def test_hold_up_nobody(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        """However many of them come first, the others are told."""
        monkeypatch.setattr(mailing, "LOOKED_AT", 5)
        async with database.transaction() as session:
            await session.exec(update(Person).where(col(Person.id) < PEOPLE).values(is_reachable=False))
            await published(session, NOW)
        await work(database)

        assert await rows(database, select(OpportunityMail.person_id)) == [PEOPLE]


class TestCount:
    @pytest.mark.parametrize("seed", range(5))
    async def test_is_as_many_as_are_told(self, database: Database, seed: int) -> None:
        """What is counted before it is out is whom it is matched with after."""
        chance = random.Random(seed)  # noqa: S311 -- no secret
        sectors, home, papers = ["tenun", "makanan", None], ["Babat", "Turi", None], ["yes", "no", None]
        async with database.transaction() as session:
            for person in (await session.exec(select(Person))).all():
                said = {paper: chance.choice(papers) for paper in PAPERS}
                session.add(
                    Profile(
                        person_id=person.id,
                        sector=chance.choice(sectors),
                        kecamatan=chance.choice(home),
                        capacity=chance.choice([*CAPACITIES, None]),
                        changed_at=NOW,
                        **said,
                    )
                )
                lists = {
                    "products": ["makanan"],
                    "markets": [kinds.HOME],
                    "kinds": ["fair"],
                    "kecamatan": ["Turi"],
                }
                own = {name: value for name, value in lists.items() if chance.random() < 0.15}
                if chance.random() < 0.8:
                    session.add(Wishes(person_id=person.id, changed_at=NOW, **own))
            for _ in range(12):
                one = await composing.make(
                    session,
                    "disperindag",
                    {
                        "title": "Pembeli",
                        "sought": "Camilan.",
                        "source": "Toko",
                        "deadline": NOW + timedelta(days=7),
                        "products": chance.choice([None, ["tenun"], ["makanan", "tenun"]]),
                        "kecamatan": chance.choice([None, ["Babat"]]),
                        "market": chance.choice([kinds.HOME, "JP"]),
                        "needs": chance.choice([[], ["nib"], ["nib", "halal"]]),
                        "capacity": chance.choice([None, 100, 3_000]),
                        "is_strict": chance.choice([True, False]),
                    },
                    TERMINAL,
                    DISTRICT,
                    NOW,
                )
                counted = await counting.count(session, one)
                await composing.publish(session, one, TERMINAL, NOW)
                await notices.walk_next(session, DISTRICT, NOW)
                matched = (await session.exec(select(Notice.id).where(Notice.opportunity_id == one.id))).all()
                assert counted == len(matched)
