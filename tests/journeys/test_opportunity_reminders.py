"""What the clock tells the interested: three days before, that it is over, and later: any orders? Each once, by day."""

import asyncio
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from db.models import AuditEntry, Occurrence, Standing
from domain import erasure, people
from domain.audit import TERMINAL
from domain.knowledge.shelf import Library
from domain.opportunities import composing, interest, reminders, states, wishes
from domain.opportunities.outcomes import move
from simulator import Person as Somebody
from tests.conftest import LAMONGAN
from tests.support.composing import alert, taps
from tests.support.desk import Clock
from tests.support.interests import interested, row_of, tick
from tests.support.offices import ON_SQLITE, Offices, staffed
from tests.support.opportunities import DISTRICT, owner, person_of, publish, told
from tests.support.running import running_bot
from tests.support.training_office import does

S = Standing
REMINDED, OVER, ASKED = "Tiga hari lagi ditutup", "sudah ditutup", "Sudah dapat pesanan"
DEADLINE = "2026-12-01 16:00"
DAY = "2026-11-28"
"""Three days before it."""


def said(somebody: Somebody, words: str) -> int:
    return sum(words in text for text in somebody.texts())


def at(text: str) -> Any:
    return Clock.showing(text).now()


async def show(offices: Offices, moment: str) -> None:
    """What happens by then, and at that minute."""
    offices.clock.show(moment)
    await told(offices)
    await tick(offices)


async def stand(offices: Offices, row: int, to: Standing) -> None:
    async with offices.bot.database.transaction() as session:
        budi = await session.merge(await person_of(offices.bot, offices.budi))
        await move(session, budi, row, to, None, DISTRICT, offices.now())
    await offices.settled()


async def end(offices: Offices, number: int, *, withdraws: bool = False) -> None:
    async with offices.bot.database.transaction() as session:
        one = await states.lock(session, number)
        assert one
        deed = composing.withdraw if withdraws else composing.close
        await deed(session, one, "pembelinya batal", TERMINAL, offices.now())
    await told(offices)


async def change_deadline(offices: Offices, number: int, moment: str) -> None:
    async with offices.bot.database.transaction() as session:
        one = await states.lock(session, number)
        assert one
        await composing.change(session, one, {"deadline": at(moment)}, TERMINAL, DISTRICT, offices.now())
    await told(offices)


async def unreachable(offices: Offices, somebody: Somebody) -> None:
    async with offices.bot.database.transaction() as session:
        await people.mark_unreachable(session, (await person_of(offices.bot, somebody)).id, "blocked")


async def missed(offices: Offices) -> int:
    entries = select(AuditEntry).where(AuditEntry.deed == "opportunity.reminder_missed")
    return len(await offices.bot.rows(entries))


class TestRemind:
    async def test_is_for_who_is_interested_three_days_before(self, offices: Offices) -> None:
        """At eight on that day, once; not for who only was told, declined or took it back."""
        number = await publish(offices, deadline=at(DEADLINE), needs=["pirt"])
        others = [offices.telegram.person(300 + place, first_name=f"Warga {place}") for place in range(3)]
        await interested(offices, offices.sari, number, pirt="no")
        for somebody in others:
            await owner(offices, somebody)
        async with offices.bot.database.transaction() as session:
            first, second, _ = [await session.merge(await person_of(offices.bot, one)) for one in others]
            one = await states.lock(session, number)
            assert one
            await interest.decline(session, first, one, offices.now(), "time")
            await interest.express(session, second, one, offices.now())
            await interest.withdraw(session, second, one, offices.now())
        for moment, times in ((f"{DAY} 07:59", 0), (f"{DAY} 08:00", 1), (f"{DAY} 08:01", 1), ("2026-11-29 08:00", 1)):
            await show(offices, moment)
            assert said(offices.sari, REMINDED) == times, moment

        assert [said(somebody, REMINDED) for somebody in others] == [0, 0, 0]
        words = next(text for text in offices.sari.texts() if REMINDED in text)
        assert "Selasa pukul 16.00" in words
        assert "PIRT" in words
        assert "📖 Cara urus PIRT" in offices.sari.labels()
        assert await missed(offices) == 0

    async def test_is_not_for_who_has_just_answered(self, offices: Offices) -> None:
        """Who says so after the reminder's time has just read it all; nor for who was not chosen."""
        number = await publish(offices, deadline=at(DEADLINE))
        ani = offices.telegram.person(102, first_name="Ani")
        await stand(offices, await interested(offices, ani, number), S.NOT_CHOSEN)
        offices.clock.show(f"{DAY} 08:30")
        await interested(offices, offices.sari, number)
        await tick(offices)

        assert (said(offices.sari, REMINDED), said(ani, REMINDED)) == (0, 0)

    async def test_may_be_late_until_the_evening(self, offices: Offices) -> None:
        """A bot that was away says it when it is back that day; the next day it is noted as missed, once."""
        number = await publish(offices, deadline=at(DEADLINE))
        later = await publish(offices, deadline=at("2026-12-02 16:00"), title="Pameran di Babat")
        for one in (number, later):
            await interested(offices, offices.sari, one)
        await show(offices, f"{DAY} 20:59")
        assert said(offices.sari, REMINDED) == 1
        for moment in ("2026-11-29 21:00", "2026-11-29 21:01", "2026-11-30 09:00"):
            await show(offices, moment)

        assert said(offices.sari, REMINDED) == 1
        assert await missed(offices) == 1

    @ON_SQLITE
    async def test_waits_for_ones_own_quiet_hours(self, offices: Offices) -> None:
        """Until they are over, still on that day; where they last all day it was missed. So with end and orders."""
        number = await publish(offices, deadline=at(DEADLINE))
        long = offices.telegram.person(102, first_name="Ani")
        rows = [await interested(offices, somebody, number) for somebody in (offices.sari, long)]
        for somebody, hours in ((offices.sari, ("07.00", "12.00")), (long, ("07.00", "21.30"))):
            async with offices.bot.database.transaction() as session:
                person = await session.merge(await person_of(offices.bot, somebody))
                await wishes.choose_quiet(session, person, hours, offices.now())
        for moment, times in ((f"{DAY} 11:59", (0, 0)), (f"{DAY} 12:00", (1, 0)), (f"{DAY} 21:30", (1, 0))):
            await show(offices, moment)
            assert (said(offices.sari, REMINDED), said(long, REMINDED)) == times, moment
        assert await missed(offices) == 1
        await stand(offices, rows[0], S.PASSED_ON)
        for day, words in (("2026-12-02", OVER), ("2026-12-13", ASKED)):
            await show(offices, f"{day} 08:00")
            assert said(offices.sari, words) == 0
            await show(offices, f"{day} 12:00")
            assert said(offices.sari, words) == 1

    async def test_is_of_open_ones_only(self, offices: Offices) -> None:
        """Closed or withdrawn before, nothing is sent of it, and nothing was missed."""
        for withdraws in (False, True):
            number = await publish(offices, deadline=at(DEADLINE), title=f"Peluang {withdraws}")
            await interested(offices, offices.sari, number)
            await end(offices, number, withdraws=withdraws)
        for moment in (f"{DAY} 08:00", "2026-11-29 09:00"):
            await show(offices, moment)

        assert said(offices.sari, REMINDED) == 0
        assert await missed(offices) == 0

    async def test_follows_a_deadline_that_moves(self, offices: Offices) -> None:
        """To another day: reminded before that one; so near that its time is past: the change itself has said it."""
        number = await publish(offices, deadline=at(DEADLINE))
        await interested(offices, offices.sari, number)
        await show(offices, f"{DAY} 08:00")
        await change_deadline(offices, number, "2026-12-05 16:00")
        await show(offices, "2026-12-02 08:00")
        assert said(offices.sari, REMINDED) == 2

        await change_deadline(offices, number, "2026-12-04 16:00")
        for moment in ("2026-12-02 08:01", "2026-12-03 09:00"):
            await show(offices, moment)
        assert said(offices.sari, REMINDED) == 2
        assert said(offices.sari, "Ada perubahan pada peluang") == 2
        assert await missed(offices) == 0

    async def test_skips_whom_nobody_reaches(self, offices: Offices) -> None:
        """Who blocked the bot, and who is erased, is owed nothing."""
        number = await publish(offices, deadline=at(DEADLINE))
        ani = offices.telegram.person(102, first_name="Ani")
        for somebody in (offices.sari, ani):
            await interested(offices, somebody, number)
        await unreachable(offices, offices.sari)
        async with offices.bot.database.transaction() as session:
            await erasure.erase(session, await session.merge(await person_of(offices.bot, ani)), offices.now())
        await show(offices, f"{DAY} 08:00")
        await show(offices, "2026-12-02 08:00")

        assert [said(somebody, words) for somebody in (offices.sari, ani) for words in (REMINDED, OVER)] == [0] * 4

    async def test_two_ticks_at_once_remind_once(self, offices: Offices) -> None:
        """Whoever writes the occurrence sends it; and so with the end and the question of orders."""
        number = await publish(offices, deadline=at(DEADLINE))
        somebodies = [offices.telegram.person(300 + place, first_name=f"Warga {place}") for place in range(5)]
        rows = [await interested(offices, somebody, number) for somebody in somebodies]
        for row in rows:
            await stand(offices, row, S.PASSED_ON)
        for moment, deed, words in (
            (f"{DAY} 08:00", reminders.remind, REMINDED),
            ("2026-12-02 08:00", reminders.tell_ends, OVER),
            ("2026-12-08 09:30", reminders.ask_orders, ASKED),
        ):
            offices.clock.show(moment)
            await told(offices)

            async def once(deed: Any = deed) -> None:
                async with offices.bot.database.transaction() as session:
                    await deed(session, DISTRICT, offices.now())

            await asyncio.gather(*(once() for _ in range(4)))
            await offices.settled()
            assert [said(somebody, words) for somebody in somebodies] == [1] * 5, words

    async def test_goes_on_where_many_wait(self, offices: Offices, monkeypatch: Any) -> None:
        """No more than so many in one transaction; the next minute does the rest."""
        monkeypatch.setattr(reminders, "AT_ONCE", 2)  # so that five are many
        number = await publish(offices, deadline=at(DEADLINE))
        somebodies = [offices.telegram.person(300 + place, first_name=f"Warga {place}") for place in range(5)]
        for somebody in somebodies:
            await interested(offices, somebody, number)
        reached = []
        for minute in range(4):
            await show(offices, f"{DAY} 08:0{minute}")
            reached.append(sum(said(somebody, REMINDED) for somebody in somebodies))

        assert reached == [2, 4, 5, 5]


class TestEnd:
    async def test_is_told_with_how_they_stand(self, offices: Offices) -> None:
        """At midnight nobody is woken; in the morning each reads that it is over, and what that means for them."""
        number = await publish(offices, deadline=at("2026-12-01 00:00"))
        words = {
            S.NEW: "tercatat di dinas",
            S.PASSED_ON: "sudah diteruskan kepada",
            S.CHOSEN: "termasuk yang dipilih",
            S.NOT_CHOSEN: "belum terpilih",
        }
        somebodies = {}
        for place, standing in enumerate(words):
            somebodies[standing] = offices.telegram.person(300 + place, first_name=f"Warga {place}")
            row = await interested(offices, somebodies[standing], number)
            if standing is not S.NEW:
                await stand(offices, row, standing)
        for moment, times in (("2026-12-01 00:01", 0), ("2026-12-01 06:00", 1), ("2026-12-01 06:01", 1)):
            await show(offices, moment)
            assert [said(somebody, OVER) for somebody in somebodies.values()] == [times] * 4, moment

        for standing, somebody in somebodies.items():
            assert words[standing] in somebody.texts()[-1]
            assert "batas waktunya lewat" in somebody.texts()[-1]

    async def test_of_a_withdrawn_one_is_that_alone(self, offices: Offices) -> None:
        """That it was withdrawn and why, beside the message that is edited; also for who had heard that it closed."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number)
        await stand(offices, row, S.PASSED_ON)
        await end(offices, number)
        await tick(offices)
        assert said(offices.sari, OVER) == 1
        offices.clock.at += timedelta(hours=1)
        await end(offices, number, withdraws=True)
        for _ in range(2):
            await tick(offices)
        offices.clock.at += timedelta(days=20)
        await tick(offices)

        assert said(offices.sari, "ditarik kembali oleh dinas") == 1
        assert "pembelinya batal" in offices.sari.texts()[-1]
        assert said(offices.sari, ASKED) == 0

    async def test_waits_for_who_cannot_be_reached(self, offices: Offices) -> None:
        """Who comes back within a month still hears of it; later it is no news."""
        number = await publish(offices, deadline=at(DEADLINE))
        ani = offices.telegram.person(102, first_name="Ani")
        for somebody in (offices.sari, ani):
            await interested(offices, somebody, number)
            await unreachable(offices, somebody)
        await show(offices, "2026-12-02 08:00")
        offices.clock.show("2026-12-20 08:00")
        await does(offices, offices.sari, ">/start")
        await tick(offices)
        offices.clock.show("2027-01-20 08:00")
        await does(offices, ani, ">/start")
        await tick(offices)

        assert (said(offices.sari, OVER), said(ani, OVER)) == (1, 0)

    async def test_waits_for_who_blocked_the_bot(self, offices: Offices) -> None:
        """Telegram's refusal of that very message is how the bot learns of it: once back they hear it all the same."""
        number = await publish(offices, deadline=at(DEADLINE))
        await interested(offices, offices.sari, number)
        offices.sari.has_blocked = True
        await end(offices, number)
        for moment in ("2026-11-28 10:00", "2026-11-28 11:00"):
            await show(offices, moment)
        assert not (await person_of(offices.bot, offices.sari)).is_reachable
        assert said(offices.sari, OVER) == 0

        offices.sari.unblocks_bot()
        offices.sari.write("/start")
        await offices.settled()
        for moment in ("2026-11-29 10:00", "2026-11-29 11:00"):
            await show(offices, moment)
        assert said(offices.sari, OVER) == 1


class TestOrders:
    async def test_are_asked_for_once(self, offices: Offices) -> None:
        """Two weeks after they were passed on or chosen, by day; not of who is new or was not chosen."""
        number = await publish(offices, deadline=at("2026-12-20 16:00"))
        standings = (S.PASSED_ON, S.CHOSEN, S.NOT_CHOSEN, S.NEW)
        somebodies = [offices.telegram.person(300 + place, first_name=f"Warga {place}") for place in range(4)]
        offices.clock.show("2026-11-24 20:30")
        for somebody, standing in zip(somebodies, standings, strict=True):
            row = await interested(offices, somebody, number)
            if standing is not S.NEW:
                await stand(offices, row, standing)
        for moment, times in (("2026-12-08 20:29", 0), ("2026-12-08 22:00", 0), ("2026-12-09 06:00", 1)):
            await show(offices, moment)
            assert [said(one, ASKED) for one in somebodies] == [times, times, 0, 0], moment
        await show(offices, "2026-12-25 08:00")
        assert [said(one, ASKED) for one in somebodies] == [1, 1, 0, 0]

    async def test_are_told_in_one_tap_and_changed_later(self, offices: Offices) -> None:
        """The band is kept and thanked for; the button changes it at any time."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number)
        await stand(offices, row, S.PASSED_ON)
        await show(offices, "2026-12-09 08:00")
        none = await does(offices, offices.sari, "Belum ada")
        assert (await row_of(offices, row)).orders == "none"
        some = await does(offices, offices.sari, "✏️ Ubah jawaban", "Rp1–10 juta")

        assert "Pesanan kadang datang belakangan" in none
        assert "ikut senang" in some
        found = await row_of(offices, row)
        assert (found.orders, found.orders_at) == ("to_10", offices.now())
        assert {"📣 Semua peluang", "💬 Tanya"} <= set(offices.sari.labels())

    async def test_are_only_ones_own(self, offices: Offices) -> None:
        """Another's, a band there is none of, and one that was never passed on find no button."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number)
        ani = offices.telegram.person(102, first_name="Ani")
        new = await interested(offices, ani, number)
        await stand(offices, row, S.CHOSEN)
        await does(offices, ani, ">/start")
        for data in (f"opp_order:{row}.to_10", f"opp_orders:{row}", f"opp_order:{new}.to_10", f"opp_order:{row}.all"):
            await taps(offices, data, ani)
            assert "sudah tidak berlaku" in alert(ani), data

        assert [(await row_of(offices, one)).orders for one in (row, new)] == [None, None]

    async def test_are_not_asked_of_who_told(self, offices: Offices) -> None:
        """Who told before they were asked is left in peace; so is whoever took it back."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number)
        ani = offices.telegram.person(102, first_name="Ani")
        gone = await interested(offices, ani, number)
        for one in (row, gone):
            await stand(offices, one, S.PASSED_ON)
        await taps(offices, f"opp_order:{row}.over_50", offices.sari)
        async with offices.bot.database.transaction() as session:
            opportunity = await states.lock(session, number)
            assert opportunity
            person = await session.merge(await person_of(offices.bot, ani))
            await interest.withdraw(session, person, opportunity, offices.now())
        await show(offices, "2026-12-09 08:00")

        assert (said(offices.sari, ASKED), said(ani, ASKED)) == (0, 0)
        assert (await row_of(offices, row)).orders == "over_50"


class TestRestart:
    async def test_repeats_nothing(self, database_url: str, library: Library) -> None:
        """What one process has said the next one knows, whatever it was."""
        async with staffed(database_url, library, groups=False) as offices:
            number = await publish(offices, deadline=at(DEADLINE))
            row = await interested(offices, offices.sari, number)
            await stand(offices, row, S.PASSED_ON)
            for moment in (f"{DAY} 08:00", "2026-12-02 08:00", "2026-12-09 08:00"):
                await show(offices, moment)
            before = offices.sari.texts()
        assert [said(offices.sari, words) for words in (REMINDED, OVER, ASKED)] == [1, 1, 1]

        telegram, now = offices.telegram, offices.clock.now
        async with running_bot(database_url, LAMONGAN, telegram, now=now, library=library) as second:
            for _ in range(2):
                await second.app.tick()
            await second.settled()
            done = await second.rows(select(Occurrence).where(col(Occurrence.what).startswith("opp_remind:")))

        assert offices.sari.texts() == before
        assert sorted(one.what.rpartition(":")[2] for one in done) == [str(row), "over"]
