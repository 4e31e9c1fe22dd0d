"""Invented people: where they may be made, and that everybody can tell them from real ones."""

from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.seeding import is_loopback, seed_people
from bot.settings import BadSetting
from db.models import Person
from tests.bot.test_command_line import elsewhere, run
from tests.support.keeping import add, rows, settings_of, somebody
from tests.support.running import settings_for

FIRST = 900_000_000_000


class TestSeed:
    async def test_invents_people_marked_as_such(self, database_url: str) -> None:
        """As many as asked for, with ids that count up, names and each of our languages; all of them marked."""
        added = await seed_people(settings_of(database_url), 7635, FIRST)
        people = await rows(database_url, select(Person).order_by(col(Person.telegram_id)))
        languages = Counter(person.language for person in people)

        assert added == 7635
        assert [person.telegram_id for person in people] == list(range(FIRST, FIRST + 7635))
        assert all(person.is_invented and person.is_reachable and " " in person.name for person in people)
        assert languages["id"] > languages["jv"] > languages["en"] > 0

    async def test_a_second_time_changes_nothing(self, database_url: str) -> None:
        """The same people asked for again are the same people; more of them are added to."""
        await seed_people(settings_of(database_url), 20, FIRST)
        before = await rows(database_url, select(Person).order_by(col(Person.id)))

        assert await seed_people(settings_of(database_url), 20, FIRST) == 0
        assert await seed_people(settings_of(database_url), 25, FIRST) == 5
        after = await rows(database_url, select(Person).order_by(col(Person.id)))
        assert after[:20] == before

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
