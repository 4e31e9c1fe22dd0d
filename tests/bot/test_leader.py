"""Several processes on one PostgreSQL: one leads, and another goes on when it is gone."""

import asyncio
import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import text, update

from bot.app import open_app
from bot.leader import Leader
from bot.wiring import matching
from db import leadership
from db.clock import clock
from db.migrations.upgrade import migrate
from db.models import Leadership
from db.session import Database, open_database
from domain.district import read_district
from domain.knowledge.seed import seed
from domain.knowledge.shelf import Library
from domain.knowledge.tables import Imported
from domain.opportunities import states
from simulator import PretendTelegram, serve
from tests.conftest import LAMONGAN
from tests.support.emptied import Databases
from tests.support.opportunities import published, until
from tests.support.postgres import fresh_database
from tests.support.running import TOKEN, settings_for


@pytest.fixture
def shared_url(postgres_databases: Databases) -> Iterator[str]:
    """A fresh PostgreSQL database, which several processes may share."""
    with postgres_databases.one() as address:
        yield address


@pytest.fixture
def empty_url(postgres_server: str) -> Iterator[str]:
    """A PostgreSQL database without any table."""
    with fresh_database(postgres_server, f"empty_{secrets.token_hex(4)}") as address:
        yield address


async def depose(database: Database) -> None:
    """Let six seconds pass for the row."""
    async with database.transaction() as session:
        await (await session.connection()).execute(update(Leadership).values(until=clock(-leadership.LASTS)))


async def somebody_waits(database: Database) -> bool:
    """For a row that another transaction holds."""
    waits = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    async with database.reading() as session:
        return bool((await (await session.connection()).execute(waits)).scalar_one())


class TestRenew:
    async def test_only_one_leads(self, shared_url: str) -> None:
        """However many ask at once, one leads; it leads on, and the others wait."""
        async with open_database(shared_url) as database:
            leaders = [Leader(database, f"process {number}") for number in range(5)]
            await asyncio.gather(*(leader.renew() for leader in leaders))
            first = [leader.leads for leader in leaders]
            await asyncio.gather(*(leader.renew() for leader in leaders))

            assert first.count(True) == 1
            assert [leader.leads for leader in leaders] == first

    async def test_without_the_row_both_would_lead(self, shared_url: str) -> None:
        """What the row prevents: two that look and then write both believe that nobody leads."""
        async with open_database(shared_url) as database:
            async with database.transaction() as one, database.transaction() as other:
                seen = [await one.get(Leadership, 1), await other.get(Leadership, 1)]

            assert seen == [None, None]

    async def test_another_takes_over_when_it_runs_out(self, shared_url: str) -> None:
        """A leader that does not renew is deposed, and knows it when it asks; its token holds nothing more."""
        async with open_database(shared_url) as database:
            old, new = Leader(database, "old"), Leader(database, "new")
            taken: list[str] = []

            async def take() -> None:
                taken.append("new")

            new.on_take = take
            old.on_lose = lambda: taken.append("old lost")
            await old.renew()
            await depose(database)
            await new.renew()
            async with database.transaction() as session:
                held = [await old.holds(session), await new.holds(session)]
            await old.renew()

            assert held == [False, True]
            assert taken == ["new", "old lost"]
            assert (old.leads, new.leads) == (False, True)

    async def test_resigns_at_a_stop(self, shared_url: str) -> None:
        """At an orderly stop another one leads at once."""
        async with open_database(shared_url) as database:
            old, new = Leader(database, "old"), Leader(database, "new")
            await old.renew()
            await old.resign()
            await new.renew()

            assert (old.leads, new.leads) == (False, True)

    async def test_on_sqlite_the_only_one_leads(self, tmp_path: object) -> None:
        """One process on one file needs no row."""
        async with open_database(f"sqlite:///{tmp_path}/x.db") as database:
            leader = Leader(database, "only")
            await leader.renew()

            assert leader.leads

    async def test_who_was_deposed_matches_nobody(self, shared_url: str, library: Library) -> None:
        """Who still believes to lead, by their own clock, does nothing to opportunities: another one does."""
        telegram = PretendTelegram(token=TOKEN)
        async with serve(telegram) as address:
            settings = settings_for(address, shared_url, DISTRICT_DIR=LAMONGAN)
            async with open_app(settings, library=library) as app:
                match = app.leader.only(matching(app))
                await app.leader.renew()
                async with app.database.transaction() as session:
                    await published(session, app.house.now())
                await depose(app.database)
                other = Leader(app.database, "other")
                await other.renew()
                assert app.leader.leads

                assert not await match()
                await other.resign()
                await app.leader.renew()
                assert await match()

    async def test_waits_while_the_lead_goes_on(self, shared_url: str, library: Library) -> None:
        """Matching that waits for somebody holds up nobody who renews, sends or takes over; the one that takes over
        matches nothing before it is over.
        """
        telegram = PretendTelegram(token=TOKEN)
        async with serve(telegram) as address:
            settings = settings_for(address, shared_url, DISTRICT_DIR=LAMONGAN)
            async with open_app(settings, library=library) as app, open_app(settings, library=library) as other:
                await app.leader.renew()
                async with app.database.transaction() as session:
                    one = await published(session, app.house.now())
                    one.deadline = app.house.now()
                async with app.database.transaction() as officer:
                    assert await states.lock(officer, one.id)
                    waiting = asyncio.create_task(matching(app)())
                    await until(lambda: somebody_waits(other.database))

                    await asyncio.wait_for(app.leader.renew(), timeout=5)
                    assert app.leader.leads
                    await depose(other.database)
                    await asyncio.wait_for(other.leader.renew(), timeout=5)
                    assert other.leader.leads
                    assert not await asyncio.wait_for(matching(other)(), timeout=5)
                    assert not waiting.done()
                assert await waiting
                assert not await matching(app)()
                assert await matching(other)()


class TestReplicas:
    async def test_those_that_start_together_fill_the_database_once(self, empty_url: str) -> None:
        """At a first start, or with new entries, each replica would bring the same: they take turns."""
        await migrate(empty_url)
        async with open_database(empty_url) as database:

            async def fill() -> Imported:
                async with database.transaction() as session:
                    return await seed(session, read_district(LAMONGAN))

            done = await asyncio.gather(*(fill() for _ in range(3)))

        assert sorted(one.added for one in done)[:2] == [0, 0]
        assert sorted(one.unchanged for one in done)[1:] == [max(one.added for one in done)] * 2

    async def test_one_polls_and_sends_while_all_answer(self, shared_url: str, library: Library) -> None:
        """Two bots on one database: every question is answered once, and the other goes on when the first stops."""
        telegram = PretendTelegram(token=TOKEN)
        telegram.flood_limits = False
        async with serve(telegram) as address:
            settings = settings_for(address, shared_url, DISTRICT_DIR=LAMONGAN)
            async with open_app(settings, library=library) as second:
                async with open_app(settings, library=library) as first:
                    first.start()
                    await telegram.wait_until(lambda: first.leader.leads)
                    second.start()
                    people = [telegram.person(200 + number, f"Orang {number}") for number in range(20)]
                    for person in people:
                        person.write("/start")
                    await telegram.wait_until(lambda: all(person.texts() for person in people), timeout=20)
                    assert not second.leader.leads
                    await first.stop()
                await telegram.wait_until(lambda: second.leader.leads, timeout=10)
                for person in people:
                    person.write("/batal")
                await telegram.wait_until(lambda: all(len(person.texts()) == 2 for person in people), timeout=20)
                await second.stop()

        assert all(len(person.texts()) == 2 for person in people)
