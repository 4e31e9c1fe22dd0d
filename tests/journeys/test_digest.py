"""The morning digest: once, in the morning of a working day, to officers for whom something waits."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlmodel import col, select

from db.models import AuditEntry, Occurrence, Person, Role
from domain import digest, people
from domain.knowledge.shelf import Library
from simulator import Person as Somebody
from tests.conftest import LAMONGAN
from tests.support.desk import Clock, appoint, put_inquiry
from tests.support.running import RunningBot, running_bot

ADMIN = 201
THURSDAY, FRIDAY, SATURDAY, MONDAY = "2026-11-26", "2026-11-27", "2026-11-28", "2026-11-30"
CHRISTMAS_EVE, BEFORE_IT = "2026-12-24", "2026-12-23"


@pytest.fixture
def clock() -> Clock:
    return Clock.showing(f"{THURSDAY} 06:00")


@pytest.fixture
async def office(database_url: str, library: Library, clock: Clock) -> AsyncIterator[RunningBot]:
    """A bot with an officer of Diskopum, whom a question waits for since yesterday's closing."""
    clock.show("2026-11-25 15:00")
    async with running_bot(database_url, LAMONGAN, now=clock.now, library=library) as bot:
        await appoint(bot, officer_of(bot), Role.OFFICER)
        await put_inquiry(bot, bot.person(), "cara bikin nib?")
        clock.show(f"{THURSDAY} 06:00")
        yield bot


def officer_of(bot: RunningBot) -> Somebody:
    return bot.person(301, "Bu Petugas")


async def tick(bot: RunningBot) -> None:
    await bot.app.tick()
    await bot.settled()


def digests(somebody: Somebody) -> list[str]:
    return [text for text in somebody.texts() if "Selamat pagi" in text]


class TestTime:
    async def test_is_half_past_seven(self, office: RunningBot, clock: Clock) -> None:
        """Not before, then once, and on the next working day again."""
        told = []
        for moment in (f"{THURSDAY} 07:29", f"{THURSDAY} 07:30", f"{THURSDAY} 07:31", f"{FRIDAY} 07:35"):
            clock.show(moment)
            await tick(office)
            told.append(len(digests(officer_of(office))))

        assert told == [0, 1, 1, 2]
        first = digests(officer_of(office))[0]
        assert "1 pertanyaan belum dijawab, yang terlama sejak Rabu, 25 November pukul 15.00" in first

    @pytest.mark.parametrize("day", [SATURDAY, CHRISTMAS_EVE])
    async def test_is_on_working_days(self, office: RunningBot, clock: Clock, day: str) -> None:
        """At weekends and on holidays nothing comes, whatever waits."""
        for moment in (BEFORE_IT if day == CHRISTMAS_EVE else FRIDAY, day):
            clock.show(f"{moment} 08:00")
            await tick(office)

        assert len(digests(officer_of(office))) == 1

    async def test_may_be_late(self, office: RunningBot, clock: Clock) -> None:
        """A bot that was not running at half past seven tells it before noon."""
        clock.show(f"{THURSDAY} 11:59")
        await tick(office)

        assert len(digests(officer_of(office))) == 1

    @pytest.mark.parametrize("moment", [f"{THURSDAY} 12:00", f"{FRIDAY} 06:00"])
    async def test_is_skipped_when_too_late(self, office: RunningBot, clock: Clock, moment: str) -> None:
        """From noon on it is no news any more: it is skipped, and the audit says so once."""
        clock.show(moment)
        for _ in range(2):
            await tick(office)

        assert digests(officer_of(office)) == []
        skipped = await office.rows(select(AuditEntry).where(AuditEntry.deed == "digest.skipped"))
        assert [entry.actor for entry in skipped] == ["system"]


class TestWhoGetsIt:
    async def test_nobody_gets_an_empty_one(self, office: RunningBot, clock: Clock) -> None:
        """Officers of another office, readers and people hear nothing; what came later waits for the next morning.

        What was answered and is only not closed yet is no news.
        """
        disperindag, reader = office.person(302, "Pak Dagang"), office.person(303, "Bu Pengamat")
        await appoint(office, disperindag, Role.OFFICER, "disperindag")
        await appoint(office, reader, Role.READER)
        await put_inquiry(office, office.person(104, "Didi"), "sudah dibalas", "disperindag", is_answered=True)
        clock.show(f"{THURSDAY} 07:30")
        await tick(office)
        clock.show(f"{THURSDAY} 07:45")
        await put_inquiry(office, office.person(102, "Budi"), "cara ekspor?", "disperindag")
        await tick(office)

        assert len(digests(officer_of(office))) == 1
        assert [digests(one) for one in (disperindag, reader, office.person())] == [[], [], []]

        clock.show(f"{FRIDAY} 07:30")
        await tick(office)
        assert len(digests(disperindag)) == 1

    async def test_is_not_sent_to_whom_we_cannot_reach(self, office: RunningBot, clock: Clock) -> None:
        """Who blocked the bot is owed nothing."""
        async with office.database.transaction() as session:
            person = (await session.exec(select(Person).where(Person.telegram_id == 301))).one()
            await people.mark_unreachable(session, person.id, "blocked")
        clock.show(f"{THURSDAY} 07:30")
        await tick(office)

        assert digests(officer_of(office)) == []

    async def test_tells_admins_of_trouble(self, database_url: str, library: Library, clock: Clock) -> None:
        """Admins hear of alarms too; one who was appointed later that day of nothing."""
        async with running_bot(database_url, LAMONGAN, now=clock.now, library=library, ADMIN_IDS=(ADMIN,)) as bot:
            await bot.says(bot.person(ADMIN, "Bu Admin"), "/batal")
            async with bot.database.transaction() as session:
                await bot.app.alarms.raise_alarm(session, "backup", "disk")
            clock.show(f"{THURSDAY} 07:30")
            await tick(bot)

            assert "1 gangguan" in digests(bot.person(ADMIN))[0]

    async def test_is_not_for_who_was_appointed_later(self, database_url: str, library: Library, clock: Clock) -> None:
        """A first start in the afternoon neither sends the morning's digest nor notes it as skipped."""
        clock.show(f"{THURSDAY} 13:00")
        async with running_bot(database_url, LAMONGAN, now=clock.now, library=library, ADMIN_IDS=(ADMIN,)) as bot:
            await bot.says(bot.person(ADMIN, "Bu Admin"), "/batal")
            await put_inquiry(bot, bot.person(), "cara bikin nib?")
            await tick(bot)

            assert digests(bot.person(ADMIN)) == []
            assert await bot.rows(select(AuditEntry).where(AuditEntry.deed == "digest.skipped")) == []


class TestOnce:
    async def test_a_restart_does_not_repeat_it(self, database_url: str, library: Library, clock: Clock) -> None:
        """What a process has sent the next one knows."""
        async with running_bot(database_url, LAMONGAN, now=clock.now, library=library) as first:
            await appoint(first, officer_of(first), Role.OFFICER)
            await put_inquiry(first, first.person(), "cara bikin nib?")
            clock.show(f"{THURSDAY} 07:30")
            await tick(first)
            assert len(digests(officer_of(first))) == 1

        clock.show(f"{THURSDAY} 07:40")
        async with running_bot(
            database_url, LAMONGAN, telegram=first.telegram, now=clock.now, library=library
        ) as second:
            await tick(second)
            assert len(digests(officer_of(second))) == 1

    async def test_two_ticks_at_once_send_one(self, office: RunningBot, clock: Clock) -> None:
        """Whoever writes the occurrence sends it; the other waits for that, and finds it done."""
        await appoint(office, office.person(302, "Pak Petugas"), Role.OFFICER)
        clock.show(f"{THURSDAY} 07:30")

        async def send() -> None:
            async with office.database.transaction() as session:
                await digest.send_due(session, office.app.house.district, clock.now())

        await asyncio.gather(*(send() for _ in range(4)))
        await office.settled()

        assert [len(digests(office.person(number))) for number in (301, 302)] == [1, 1]
        assert len(await office.rows(select(Occurrence).where(col(Occurrence.what).startswith("digest:")))) == 2


class TestButton:
    async def test_opens_the_queue(self, office: RunningBot, clock: Clock) -> None:
        """From the digest it is one tap to what waits."""
        clock.show(f"{THURSDAY} 07:30")
        await tick(office)
        officer_of(office).tap("📋 Buka antrean")
        await office.settled()

        (queue,) = [text for text in officer_of(office).texts() if text.startswith("Yang menunggu Anda")]
        assert "cara bikin nib?" in queue
        assert digests(officer_of(office)) == []

    async def test_speaks_the_officers_language(self, office: RunningBot, clock: Clock) -> None:
        """As all that the bot says."""
        async with office.database.transaction() as session:
            person = (await session.exec(select(Person).where(Person.telegram_id == 301))).one()
            people.choose_language(person, "en", clock.now())
        clock.show(f"{THURSDAY} 07:30")
        await tick(office)

        (told,) = [text for text in officer_of(office).texts() if "Good morning" in text]
        assert "since Wednesday, 25 November at 15:00" in told
