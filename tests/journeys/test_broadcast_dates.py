"""A broadcast that comes again, under a moved clock: none is lost, none comes twice, and what is too late is missed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import pytest
import time_machine
from sqlmodel import select

from db.models import AuditEntry, Broadcast, BroadcastState, Officer
from domain import audit
from domain.broadcasts import repeating, schedule, states
from domain.broadcasts.content import Content
from domain.broadcasts.rhythm import Rhythm
from domain.knowledge.shelf import Library
from simulator import PretendTelegram
from tests.conftest import LAMONGAN
from tests.support.broadcasting import broadcast, ended, met, until
from tests.support.repeating import DAILY, kept, local, occurrences, officer, schedule_of, shown, stands
from tests.support.running import TOKEN, RunningBot, running_bot

S = BroadcastState
FINISHED, MISSED, COMES, CANCELLED = S.FINISHED, S.MISSED, S.SCHEDULED, S.CANCELLED
THURSDAY = "2026-11-26 10:00"


class House:
    """One Telegram and one database, on which a bot is started again and again, at whatever time it is."""

    def __init__(self, database_url: str, library: Library) -> None:
        self.database_url, self.library = database_url, library
        self.telegram = PretendTelegram(token=TOKEN)

    @asynccontextmanager
    async def bot(self, at: str) -> AsyncIterator[RunningBot]:
        """A bot that runs from *at* on, by the time in Lamongan; its clock goes on from there."""
        with time_machine.travel(local(at)):
            async with running_bot(self.database_url, LAMONGAN, self.telegram, library=self.library) as bot:
                yield bot

    def got(self, number: int = 1001) -> int:
        """How many broadcasts somebody has."""
        return sum("Ada pameran" in text for text in self.telegram.person(number).texts())

    def told(self, number: int = 201) -> list[str]:
        """What somebody heard beside broadcasts."""
        every = self.telegram.person(number).texts()
        return [text for text in every if not text.startswith("📢") and "Tanda" not in text]


@pytest.fixture
def house(database_url: str, library: Library) -> House:
    return House(database_url, library)


async def until_stands(bot: RunningBot, schedule_id: int, *wanted: tuple[str, BroadcastState]) -> None:
    """Wait until its occurrences stand so."""

    async def is_so() -> bool:
        return await stands(bot, schedule_id) == list(wanted)

    try:
        await until(is_so)
    except TimeoutError:
        assert await stands(bot, schedule_id) == list(wanted)
    await bot.settled()


async def passes(bot: RunningBot) -> None:
    """The bot has looked at its broadcasts twice since now: one that is due at once is over."""
    for _ in range(2):
        await ended(bot, await broadcast(bot, "Tanda"))
    await bot.settled()


class TestRestart:
    async def test_before_the_time_sends_at_the_time(self, house: House) -> None:
        """A bot that is started anew before the time sends nothing until then, and then once."""
        async with house.bot(THURSDAY) as bot:
            await met(bot, 1)
            number = await kept(bot)
        async with house.bot("2026-11-27 07:59") as bot:
            await passes(bot)
            assert house.got() == 0
            with time_machine.travel(local("2026-11-27 08:00")):
                await until_stands(bot, number, ("27-11 08.00", FINISHED), ("28-11 08.00", COMES))

        assert house.got() == 1

    async def test_at_the_time_sends_once(self, house: House) -> None:
        """Started at that very moment, and once more just after: it comes once."""
        async with house.bot(THURSDAY) as bot:
            await met(bot, 1)
            number = await kept(bot)
        for _ in range(2):
            async with house.bot("2026-11-27 08:00") as bot:
                await until_stands(bot, number, ("27-11 08.00", FINISHED), ("28-11 08.00", COMES))
                await passes(bot)

        assert house.got() == 1

    async def test_after_the_time_sends_late(self, house: House) -> None:
        """Within its limit it goes out late, and the next one keeps its hour."""
        async with house.bot(THURSDAY) as bot:
            await met(bot, 1)
            number = await kept(bot, late_limit=120)
        async with house.bot("2026-11-27 09:59") as bot:
            await until_stands(bot, number, ("27-11 08.00", FINISHED), ("28-11 08.00", COMES))

        assert house.got() == 1

    async def test_too_late_misses(self, house: House) -> None:
        """Beyond its limit it is missed; its officers are told, with when the next one comes."""
        async with house.bot(THURSDAY) as bot:
            await met(bot, 1)
            rini = await officer(bot)
            number = await kept(bot, late_limit=120, author=rini)
        async with house.bot("2026-11-27 10:01") as bot:
            await until_stands(bot, number, ("27-11 08.00", MISSED), ("28-11 08.00", COMES))

        assert house.got() == 0
        (told,) = house.told()
        assert "Siaran berulang Ada pameran UMKM terlewat: seharusnya berangkat hari ini pukul 08.00" in told
        assert "Yang berikutnya berangkat besok pukul 08.00" in told


class TestLongStop:
    async def test_misses_each_date_and_tells_once(self, house: House) -> None:
        """Every date that passed is a row; the officers hear of all in one message."""
        async with house.bot(THURSDAY) as bot:
            await met(bot, 1)
            await officer(bot)
            number = await kept(bot, late_limit=60)
            with time_machine.travel(local("2026-12-01 12:00")):
                missed = [(f"{day} 08.00", MISSED) for day in ("27-11", "28-11", "29-11", "30-11", "01-12")]
                await until_stands(bot, number, *missed, ("02-12 08.00", COMES))
                await passes(bot)

        assert house.got() == 0
        (told,) = house.told()
        assert "terlewat 5 kali, dari Jumat, 27 November pukul 08.00 sampai hari ini pukul 08.00" in told

    async def test_of_two_within_their_limit_the_newer_is_sent(self, house: House) -> None:
        """Nobody gets the same news twice at once, however late it may be."""
        async with house.bot(THURSDAY) as bot:
            await met(bot, 1)
            await officer(bot)
            number = await kept(bot, late_limit=None)
            with time_machine.travel(local("2026-11-29 12:00")):
                missed = [("27-11 08.00", MISSED), ("28-11 08.00", MISSED)]
                await until_stands(bot, number, *missed, ("29-11 08.00", FINISHED), ("30-11 08.00", COMES))

        assert house.got() == 1
        told = house.told()[0]
        assert "terlewat 2 kali" in told
        assert "Yang terbaru (hari ini pukul 08.00) masih dalam batas waktunya" in told

    async def test_writes_down_the_newest_four_hundred(self, house: House) -> None:
        """After years the newest 400 are written down, beside the one that stood there."""
        async with house.bot(THURSDAY) as bot:
            number = await kept(bot, late_limit=60)
            with time_machine.travel(local("2028-12-01 12:00")):

                async def is_made() -> bool:
                    return len(await occurrences(bot, number)) == schedule.MOST_MISSED + 2

                await until(is_made)
                every = await stands(bot, number)

        assert every[0] == ("27-11 08.00", MISSED)
        assert every[-2:] == [("01-12 08.00", MISSED), ("02-12 08.00", COMES)]

    async def test_leaves_one_that_may_be_sent_by_hand(self, house: House) -> None:
        """A missed one that an officer sends after all goes out beside the schedule and makes no date of its own."""
        async with house.bot(THURSDAY) as bot:
            await met(bot, 1)
            number = await kept(bot, late_limit=60)
            with time_machine.travel(local("2026-11-27 12:00")):
                await until_stands(bot, number, ("27-11 08.00", MISSED), ("28-11 08.00", COMES))
                async with bot.database.transaction() as session:
                    missed = await session.get_one(Broadcast, (await occurrences(bot, number))[0].id)
                    states.move(missed, COMES, bot.app.house.now())
                    missed.late_limit = None
                await until_stands(bot, number, ("27-11 08.00", FINISHED), ("28-11 08.00", COMES))

        assert house.got() == 1

    async def test_with_the_end_in_it_ends_the_schedule(self, house: House) -> None:
        """Past its last day nothing comes any more, and the officers hear so."""
        async with house.bot(THURSDAY) as bot:
            await officer(bot)
            number = await kept(bot, late_limit=60, ends_on=date(2026, 11, 28))
            with time_machine.travel(local("2026-12-01 12:00")):
                await until_stands(bot, number, ("27-11 08.00", MISSED), ("28-11 08.00", MISSED))
                assert (await schedule_of(bot, number)).stopped_at

        (told,) = house.told()
        assert "Itu tanggal terakhirnya" in told


class TestClock:
    async def test_set_back_an_hour_sends_nothing_twice(self, house: House) -> None:
        """An hour that comes twice has its broadcast once; the next day has its own."""
        async with house.bot("2026-11-27 07:00") as bot:
            await met(bot, 1)
            number = await kept(bot)
            with time_machine.travel(local("2026-11-27 08:00")):
                await until_stands(bot, number, ("27-11 08.00", FINISHED), ("28-11 08.00", COMES))
            with time_machine.travel(local("2026-11-27 07:05")):
                await passes(bot)
            with time_machine.travel(local("2026-11-27 08:00")):
                await passes(bot)
            assert house.got() == 1
            with time_machine.travel(local("2026-11-28 08:00")):
                await until_stands(
                    bot, number, *[(f"{day} 08.00", FINISHED) for day in ("27-11", "28-11")], ("29-11 08.00", COMES)
                )

        assert house.got() == 2

    async def test_set_back_makes_no_date_anew(self, house: House) -> None:
        """What is made while the clock is back comes after the last date there is, not after the clock."""
        async with house.bot("2026-11-27 07:00") as bot:
            number = await kept(bot)
            with time_machine.travel(local("2026-11-27 08:00")):
                await until_stands(bot, number, ("27-11 08.00", FINISHED), ("28-11 08.00", COMES))
            with time_machine.travel(local("2026-11-27 07:05")):
                _, coming = await occurrences(bot, number)
                async with bot.database.transaction() as session:
                    states.move(await session.get_one(Broadcast, coming.id), CANCELLED, bot.app.house.now())
                await until_stands(
                    bot, number, ("27-11 08.00", FINISHED), ("28-11 08.00", CANCELLED), ("29-11 08.00", COMES)
                )

    async def test_that_ran_ahead_loses_none(self, house: House) -> None:
        """A restart with a clock an hour ahead sends early and not again; the day after nothing is lacking."""
        async with house.bot(THURSDAY) as bot:
            await met(bot, 1)
            number = await kept(bot)
        async with house.bot("2026-11-27 08:20") as bot:
            await until_stands(bot, number, ("27-11 08.00", FINISHED), ("28-11 08.00", COMES))
        async with house.bot("2026-11-27 07:20") as bot:
            await passes(bot)
        async with house.bot("2026-11-28 08:00") as bot:
            await until_stands(
                bot, number, *[(f"{day} 08.00", FINISHED) for day in ("27-11", "28-11")], ("29-11 08.00", COMES)
            )

        assert house.got() == 2


class TestNext:
    async def test_is_as_the_one_before_was_confirmed(self, house: House) -> None:
        """Content, audience and options are copied; what is changed in the pending one holds for those after it,
        but for its own time and how late it may be."""
        async with house.bot("2026-11-27 07:00") as bot:
            await met(bot, 1)
            number = await kept(bot, is_silent=True, topic="pasar")
            first = (await occurrences(bot, number))[0]
            async with bot.database.transaction() as session:
                pending = await session.get_one(Broadcast, first.id)
                pending.content = Content(html="Ada pameran lain.").as_json()
                pending.late_limit = 30
            with time_machine.travel(local("2026-11-27 08:00")):
                await until_stands(bot, number, ("27-11 08.00", FINISHED), ("28-11 08.00", COMES))
            sent, coming = await occurrences(bot, number)

        assert coming.content == sent.content
        assert coming.content["html"] == "Ada pameran lain."
        assert (coming.topic, coming.is_silent, coming.late_limit, coming.audience) == (
            "pasar",
            True,
            120,
            sent.audience,
        )
        assert (coming.version, coming.replaced, coming.total, coming.cursor) == (1, [], 0, 0)
        assert coming.code
        assert coming.code != sent.code

    async def test_knows_nothing_of_a_correction(self, house: House) -> None:
        """What is corrected in one occurrence touches only that."""
        async with house.bot("2026-11-27 07:00") as bot:
            await met(bot, 1)
            number = await kept(bot, DAILY)
            with time_machine.travel(local("2026-11-27 08:00")):
                await until_stands(bot, number, ("27-11 08.00", FINISHED), ("28-11 08.00", COMES))
            sent, coming = await occurrences(bot, number)
            async with bot.database.transaction() as session:
                corrected = await session.get_one(Broadcast, sent.id)
                corrected.replaced, corrected.version = [corrected.content], 2
                corrected.content = Content(html="Ralat.").as_json()
                # Dropped in a way that knows nothing of schedules, so the next is made as the last sure one was.
                states.move(await session.get_one(Broadcast, coming.id), CANCELLED, bot.app.house.now())
            await until_stands(
                bot, number, ("27-11 08.00", FINISHED), ("28-11 08.00", CANCELLED), ("29-11 08.00", COMES)
            )
            assert (await occurrences(bot, number))[-1].content == sent.content

    async def test_is_not_made_of_a_first_one_that_was_dropped(self, house: House) -> None:
        """Of a draft nobody knows whether it was meant: the schedule is over."""
        async with house.bot("2026-11-27 07:00") as bot:
            number = await kept(bot, needs_approval=True)
            (first,) = await occurrences(bot, number)
            assert first.state is S.PROPOSED
            async with bot.database.transaction() as session:
                states.move(await session.get_one(Broadcast, first.id), CANCELLED, bot.app.house.now())

            async def is_over() -> bool:
                return (await schedule_of(bot, number)).stopped_at is not None

            await until(is_over)
            assert await stands(bot, number) == [("27-11 08.00", CANCELLED)]

    async def test_is_none_after_the_last_day(self, house: House) -> None:
        """With the last one the schedule is over, and its author hears so."""
        async with house.bot("2026-11-27 07:00") as bot:
            await met(bot, 1)
            rini = await officer(bot)
            number = await kept(bot, author=rini, ends_on=date(2026, 11, 27))
            with time_machine.travel(local("2026-11-27 08:00")):
                await until_stands(bot, number, ("27-11 08.00", FINISHED))
            assert (await schedule_of(bot, number)).stopped_at
            deeds = await bot.rows(select(AuditEntry.deed).order_by(AuditEntry.id))

        assert house.got() == 1
        assert any("sudah sampai tanggal terakhirnya" in text for text in house.told())
        assert "schedule.stopped" in deeds

    async def test_does_not_come_when_its_author_left(self, house: House) -> None:
        """Nobody stands for it: it is cancelled, its schedule is over, and the officers hear of it once."""
        async with house.bot("2026-11-27 07:00") as bot:
            await met(bot, 1)
            rini, tono = await officer(bot), await officer(bot, 202, "Tono")
            number = await kept(bot, author=rini)
            async with bot.database.transaction() as session:
                whose = (await occurrences(bot, number))[0].author_id
                await session.delete(await session.get_one(Officer, whose))
            with time_machine.travel(local("2026-11-27 08:00")):
                await until_stands(bot, number, ("27-11 08.00", CANCELLED))
            assert (await schedule_of(bot, number)).stopped_at

        assert house.got() == 0
        assert "sudah bukan petugas" in tono.texts()[-1]


class TestApproval:
    async def test_is_asked_once(self, house: House) -> None:
        """Until the second officer approves nothing is sent; those after it carry the approval on."""
        async with house.bot("2026-11-27 07:00") as bot:
            await met(bot, 1)
            rini, tono = await officer(bot), await officer(bot, 202, "Tono")
            number = await kept(bot, author=rini, needs_approval=True)
            with time_machine.travel(local("2026-11-27 08:10")):
                await passes(bot)
                assert house.got() == 0
                async with bot.database.transaction() as session:
                    first = await states.lock(session, (await occurrences(bot, number))[0].id)
                    assert first
                    states.move(first, COMES, bot.app.house.now())
                    first.approved_by = (await session.exec(select(Officer.person_id))).all()[-1]
                await until_stands(bot, number, ("27-11 08.00", FINISHED), ("28-11 08.00", COMES))
            sent, coming = await occurrences(bot, number)

        assert coming.approved_by == sent.approved_by is not None
        assert tono.id != rini.id

    async def test_is_still_lacking_after_a_skip(self, house: House) -> None:
        """Dropping the one that waits for approval approves nothing."""
        async with house.bot("2026-11-26 10:00") as bot:
            number = await kept(bot, needs_approval=True)
            (first,) = await occurrences(bot, number)
            async with bot.database.transaction() as session:
                now = bot.app.house.now()
                await repeating.skip(session, first.id, audit.TERMINAL, bot.app.house.district, now)

            assert await stands(bot, number) == [("27-11 08.00", CANCELLED), ("28-11 08.00", S.PROPOSED)]


class TestOneDate:
    async def test_that_is_missed_is_told_as_ever(self, house: House) -> None:
        """A broadcast without a schedule has the late rule too."""
        async with house.bot(THURSDAY) as bot:
            await officer(bot)
            number = await broadcast(bot, starts_at=local("2026-11-26 07:00"), late_limit=120)
            row = await ended(bot, number)
            await bot.settled()

        assert row.state is MISSED
        assert "Masih perlu? Kirim sekarang, atau buang." in house.told()[0]

    def test_is_shown_in_lamongan(self) -> None:
        """What these tests show of moments is the time of the place."""
        assert shown(local("2026-11-27 08:00")) == "27-11 08.00"
        assert Rhythm("daily", "08.00") == DAILY
