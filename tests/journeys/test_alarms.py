"""What admins are told of in Telegram: once when it begins, once when it is over, and nobody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from bot import loops, receiver
from db.models import Person, Role
from db.session import open_database
from domain.alarms import PARKED_IS_OVER_AFTER, Alarms, open_alarms
from domain.knowledge.shelf import Library
from domain.people import NEVER
from tests.conftest import LAMONGAN, sqlite_url
from tests.faults.waiting import until
from tests.support.desk import appoint
from tests.support.running import RunningBot, running_bot

ADMIN, SECOND_ADMIN = 900, 901


@dataclass
class Clock:
    """The bot's, which a test puts forward, or wrong."""

    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True)
class Disk:
    """A disk of a hundred bytes."""

    free: int
    total: int = 100


@pytest.fixture
def clock() -> Clock:
    return Clock()


@asynccontextmanager
async def watched_bot(url: str, library: Library, clock: Clock, **settings: Any) -> AsyncIterator[RunningBot]:
    """A bot with an admin, who knows it, and a disk with room."""
    given = {"ADMIN_IDS": (ADMIN,), **settings}
    async with running_bot(url, LAMONGAN, now=clock.now, library=library, **given) as bot:
        put_in(bot, Disk(free=50))
        await bot.says(bot.person(ADMIN, "Bu Admin"), "/batal")
        yield bot


@pytest.fixture
async def watched(database_url: str, library: Library, clock: Clock) -> AsyncIterator[RunningBot]:
    """On each database."""
    async with watched_bot(database_url, library, clock) as bot:
        yield bot


@pytest.fixture
def sqlite_alone(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return sqlite_url(request, tmp_path)


@pytest.fixture
async def sqlite_watched(sqlite_alone: str, library: Library, clock: Clock) -> AsyncIterator[RunningBot]:
    """On SQLite only: a server's disk is its own to watch."""
    async with watched_bot(sqlite_alone, library, clock) as bot:
        yield bot


def put_in(bot: RunningBot, disk: Disk) -> None:
    bot.app.watch.disk_usage = lambda _: disk


async def look(bot: RunningBot) -> list[str]:
    """All that the admin was told so far, after two more looks: a second one must change nothing."""
    await bot.app.watch.look()
    await bot.app.watch.look()
    await bot.settled()
    return bot.person(ADMIN).texts()[1:]


class TestDisk:
    async def test_is_told_when_little_is_free(self, sqlite_watched: RunningBot) -> None:
        """Under ten percent free the admin is told; at eleven nothing changes; with room again they are told so."""
        told = []
        for free in (11, 7, 11, 3, 40):
            put_in(sqlite_watched, Disk(free))
            told.append(await look(sqlite_watched))

        began, ended = told[-1]
        assert told == [[], [began], [began], [began], [began, ended]]
        assert "tinggal 7 persen" in began
        assert "40 persen kosong" in ended

    async def test_is_told_to_who_was_made_admin_by_a_link_too(self, sqlite_watched: RunningBot) -> None:
        """Whoever is an admin is told, once, whether a setting names them or not; other officers are not."""
        made, officer = sqlite_watched.person(902, "Bu Made"), sqlite_watched.person(903, "Pak Petugas")
        await appoint(sqlite_watched, made, Role.ADMIN, office="")
        await appoint(sqlite_watched, officer, Role.OFFICER)
        put_in(sqlite_watched, Disk(free=7))

        assert await look(sqlite_watched) == made.texts()[1:]
        assert len(officer.texts()) == 1

    async def test_is_told_again_in_another_episode(self, sqlite_watched: RunningBot) -> None:
        """What comes back after it was over is told anew."""
        for free in (7, 40, 5):
            put_in(sqlite_watched, Disk(free))
            told = await look(sqlite_watched)

        assert len(told) == 3
        assert "tinggal 5 persen" in told[-1]

    async def test_that_cannot_be_asked_is_no_alarm(self, sqlite_watched: RunningBot) -> None:
        """A folder that does not answer is logged, and nothing else is kept from being looked at."""

        def fail(_: Path) -> Disk:
            raise PermissionError

        sqlite_watched.app.watch.disk_usage = fail

        assert await look(sqlite_watched) == []

    async def test_is_asked_for_the_databases_folder(self, sqlite_watched: RunningBot, tmp_path: Path) -> None:
        """The disk that matters is the one the database fills."""
        asked = []
        sqlite_watched.app.watch.disk_usage = lambda folder: asked.append(folder) or Disk(50)
        await sqlite_watched.app.watch.look()

        assert asked == [tmp_path]


class TestEpisode:
    async def test_outlives_a_restart(self, database_url: str, library: Library, clock: Clock) -> None:
        """An alarm that began before a restart is neither told again after it, nor forgotten."""
        async with watched_bot(database_url, library, clock) as bot:
            await raise_backup(bot)
            (began,) = await look(bot)
        assert "Cadangan data gagal dibuat: disk penuh <sda1>." in began
        async with watched_bot(database_url, library, clock) as bot:
            await raise_backup(bot)
            assert await look(bot) == []
            async with bot.database.transaction() as session:
                assert await bot.app.alarms.end_alarm(session, "backup")
            (ended,) = await look(bot)

        assert "berhasil dibuat lagi" in ended

    async def test_is_begun_by_one_replica(self, database_url: str, clock: Clock) -> None:
        """Of several processes that see the same at the same moment one tells it."""
        alarms = Alarms((ADMIN,), clock.now)
        async with open_database(database_url) as database:

            async def begin() -> bool:
                async with database.transaction() as session:
                    return await alarms.raise_alarm(session, "backup", "disk penuh")

            async def end() -> bool:
                async with database.transaction() as session:
                    return await alarms.end_alarm(session, "backup")

            assert sorted(await asyncio.gather(*(begin() for _ in range(5)))) == [False] * 4 + [True]
            assert sorted(await asyncio.gather(*(end() for _ in range(5)))) == [False] * 4 + [True]

    async def test_reaches_every_admin_in_their_language(
        self, database_url: str, library: Library, clock: Clock
    ) -> None:
        """Each admin is told once, in the language they read, and nobody else is."""
        async with watched_bot(database_url, library, clock, ADMIN_IDS=(ADMIN, SECOND_ADMIN)) as bot:
            second, sari = bot.person(SECOND_ADMIN, "Pat", language_code="en"), bot.person()
            await bot.says(second, "/batal")
            await bot.says(sari, "/batal")
            await raise_backup(bot)
            (told,) = await look(bot)

            assert told.startswith("⚠️ Cadangan")
            (in_english,) = second.texts()[1:]
            assert in_english.startswith("⚠️ The backup could not be made: disk penuh")
            assert len(sari.texts()) == 1

    async def test_needs_no_admin(self, database_url: str, library: Library, clock: Clock) -> None:
        """Where no admin is named nobody is told, and the episode is kept all the same."""
        async with watched_bot(database_url, library, clock, ADMIN_IDS=()) as bot:
            await raise_backup(bot)

            assert await look(bot) == []
            async with bot.database.reading() as session:
                assert await open_alarms(session) == ["backup"]

    async def test_does_not_count_as_their_writing(self, database_url: str, clock: Clock) -> None:
        """An admin who never wrote is neither met as a writer nor counted as reachable."""
        async with open_database(database_url) as database, database.transaction() as session:
            await Alarms((ADMIN,), clock.now).raise_alarm(session, "backup", "disk penuh")
            (person,) = (await session.exec(select(Person).where(col(Person.telegram_id) == ADMIN))).all()

            assert (person.last_wrote_at, person.is_reachable) == (NEVER, False)


async def raise_backup(bot: RunningBot) -> None:
    async with bot.database.transaction() as session:
        await bot.app.alarms.raise_alarm(session, "backup", "disk penuh <sda1>")


class TestParked:
    async def test_is_told_with_their_number(self, watched: RunningBot, clock: Clock) -> None:
        """Updates that could not be handled are told with their number; more of them are summed up at the end."""
        push_broken(watched, 2)
        (began,) = await look_after_settling(watched)
        push_broken(watched, 3)
        assert await look_after_settling(watched) == [began]
        clock.ahead = PARKED_IS_OVER_AFTER + timedelta(minutes=1)
        tell_no_time(watched)
        _, ended = await look(watched)

        assert "Ada 2 pesan masuk yang gagal" in began
        assert "isinya saya simpan selama 48 jam" in began
        assert "Seluruhnya tadi 5 pesan" in ended

    async def test_counts_from_what_was_told(self, watched: RunningBot, clock: Clock) -> None:
        """The next episode counts only what was parked since."""
        tell_no_time(watched)
        push_broken(watched, 2)
        await look_after_settling(watched)
        clock.ahead = PARKED_IS_OVER_AFTER + timedelta(minutes=1)
        await look(watched)
        clock.ahead = timedelta()
        push_broken(watched, 1)

        assert "Ada 1 pesan" in (await look_after_settling(watched))[-1]


def push_broken(bot: RunningBot, number: int) -> None:
    """Updates in which there is nothing."""
    for _ in range(number):
        bot.telegram.push({})


def tell_no_time(bot: RunningBot) -> None:
    """Nothing to compare the clock with, so that it may be put forward."""
    bot.app.watch.settings = bot.settings.model_copy(update={"TELEGRAM_API_URL": "http://127.0.0.1:1"})


async def look_after_settling(bot: RunningBot) -> list[str]:
    await bot.settled()
    return await look(bot)


class TestClock:
    @pytest.mark.parametrize("ahead", [timedelta(seconds=45), timedelta(seconds=-45)])
    async def test_is_compared_with_telegrams(self, watched: RunningBot, clock: Clock, ahead: timedelta) -> None:
        """A clock more than half a minute off Telegram's is told with the seconds, and when it is right again."""
        assert await look(watched) == []
        clock.ahead = ahead
        (began,) = await look(watched)
        clock.ahead = timedelta()
        _, ended = await look(watched)

        assert any(f"meleset {seconds} detik" in began for seconds in (44, 45, 46))
        assert "Jam server sudah tepat lagi" in ended


class TestTelegram:
    @pytest.fixture(autouse=True)
    def short_silence(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Half a minute of silence, in half a second."""
        monkeypatch.setattr(loops, "LONGEST_REST", 0.05)
        monkeypatch.setattr(receiver, "POLL_SECONDS", 0)
        monkeypatch.setattr(receiver, "SILENT_AFTER", 0.5)

    @pytest.mark.parametrize("is_seen", [True, False])
    async def test_is_told_when_it_is_back(self, watched: RunningBot, is_seen: bool) -> None:
        """That Telegram was away is told once it is back, with how long, even if nobody looked meanwhile."""
        with capture_logs() as said:
            watched.telegram.outage = True
            await until(lambda: any(line["event"] == "telegram is silent" for line in said))
            if is_seen:
                await watched.app.watch.look()
            watched.telegram.outage = False
            await until(lambda: any(line["event"] == "telegram is back" for line in said))

        (told,) = await look(watched)
        assert told.startswith("✅ Telegram tadi tidak bisa saya hubungi selama 1 menit")
