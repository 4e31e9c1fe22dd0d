"""Invented people: where they may be made, and that everybody can tell them from real ones."""

from collections import Counter
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.seeding import is_loopback, seed_people
from bot.settings import BadSetting
from db.models import Person, Profile, Wishes
from db.session import open_database
from domain.district import read_district
from domain.opportunities import counting, needs, notices
from domain.opportunities.invented import AT_HOME
from domain.opportunities.rhythm import RHYTHMS
from tests.conftest import LAMONGAN
from tests.support.commands import elsewhere, run
from tests.support.keeping import add, rows, settings_of, somebody
from tests.support.running import settings_for

FIRST = 900_000_000_000
DISTRICT = read_district(LAMONGAN)


class TestSeed:
    async def test_invents_people_marked_as_such(self, database_url: str) -> None:
        """As many as asked for, with ids that count up, names and each of our languages; all of them marked."""
        added = await seed_people(settings_of(database_url), 7635, FIRST)
        people = await rows(database_url, select(Person).order_by(col(Person.telegram_id)))
        languages = Counter(person.language for person in people)

        assert added == (7635, 0)
        assert [person.telegram_id for person in people] == list(range(FIRST, FIRST + 7635))
        assert all(person.is_invented and person.is_reachable and " " in person.name for person in people)
        assert languages["id"] > languages["jv"] > languages["en"] > 0

    async def test_a_second_time_changes_nothing(self, database_url: str) -> None:
        """The same people asked for again are the same people; more of them are added to."""
        await seed_people(settings_of(database_url), 20, FIRST)
        before = await rows(database_url, select(Person).order_by(col(Person.id)))

        assert await seed_people(settings_of(database_url), 20, FIRST) == (0, 0)
        assert await seed_people(settings_of(database_url), 25, FIRST) == (5, 0)
        after = await rows(database_url, select(Person).order_by(col(Person.id)))
        assert after[:20] == before

    async def test_gives_them_businesses_as_varied_as_the_district(self, database_url: str) -> None:
        """Every sector, kecamatan, paper and capacity is among them, nothing said too; the same people are the same."""
        await seed_people(settings_of(database_url), 2000, FIRST)
        first = await rows(database_url, select(Profile).order_by(col(Profile.person_id)))
        wished = await rows(database_url, select(Wishes))
        await seed_people(settings_of(database_url), 2000, FIRST)

        assert 1500 < len(first) < 1700
        assert {one.sector for one in first} == set(DISTRICT.sectors)
        assert {one.kecamatan for one in first} == set(DISTRICT.kecamatan)
        assert {one.capacity for one in first} == {*needs.CAPACITIES, None}
        assert {(one.nib, one.halal) for one in first} == set(product((needs.YES, needs.NO, None), repeat=2))
        assert {one.rhythm for one in wished} == set(RHYTHMS)
        assert {None, "JP"} <= {market for one in wished for market in one.markets or [None]}
        assert await rows(database_url, select(Profile).order_by(col(Profile.person_id))) == first

    async def test_publishes_opportunities_that_fit_some(self, database_url: str) -> None:
        """Asked for, one for each country and some at home are out, and each fits some of the people and not all."""
        seeded = await seed_people(settings_of(database_url), 500, FIRST, opportunities=True)
        again = await seed_people(settings_of(database_url), 500, FIRST, opportunities=True)
        async with open_database(database_url) as database, database.reading() as session:
            counts = [await counting.count(session, one) for one in await notices.open_ones(session, datetime.now(UTC))]

        assert seeded == (500, len(DISTRICT.countries) + len(AT_HOME))
        assert again == (0, 0)
        assert len(counts) == seeded[1]
        assert all(0 < count < 500 for count in counts)

    async def test_never_among_real_people(self, database_url: str) -> None:
        """Where a single real person is kept nobody is invented."""
        await add(database_url, somebody(5))

        with pytest.raises(BadSetting, match="DATABASE_URL: real people"):
            await seed_people(settings_of(database_url), 3, FIRST)
        assert len(await rows(database_url, select(Person))) == 1

    async def test_whom_it_invented_are_not_real(self, database_url: str) -> None:
        """A person the bot meets is not marked."""
        await add(database_url, somebody(5))

        (met,) = await rows(database_url, select(Person))
        assert met.is_invented is False

    @pytest.mark.parametrize(
        "address",
        [
            "https://api.telegram.org",
            "http://10.0.0.5:8081",
            "http://127.0.0.1@example.org",
            "http://localhost.example.org",
        ],
    )
    async def test_never_on_telegram(self, tmp_path: Path, address: str) -> None:
        """Messages to invented people would reach whoever has such an id: only a Telegram on this machine will do."""
        settings = settings_for(address, f"sqlite:///{tmp_path / 'bot.db'}")

        with pytest.raises(BadSetting, match="TELEGRAM_API_URL: "):
            await seed_people(settings, 3, FIRST)
        assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240 -- nothing else runs here

    @pytest.mark.parametrize("address", ["http://127.0.0.1:8081", "http://localhost:1", "http://[::1]:80/x"])
    def test_where_telegram_is_pretended(self, address: str) -> None:
        """However this machine is called, it is this machine."""
        assert is_loopback(address)

    def test_command(self, tmp_path: Path) -> None:
        """`seed` makes the database if need be and says how many; at Telegram itself it ends with 2 and one line."""
        given = ("seed", "--people", "30", "--first-chat-id", "900")
        done = run(*given, cwd=tmp_path, **elsewhere(tmp_path), TELEGRAM_API_URL="http://127.0.0.1:1")
        refused = run(*given, cwd=tmp_path, **elsewhere(tmp_path))

        assert (done.returncode, done.stdout) == (0, "30 people invented, 0 were there already\n")
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
        assert refused.stderr.startswith("TELEGRAM_API_URL: ")
