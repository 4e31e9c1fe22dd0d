"""Odd moments of a broadcast's line: half of it is there, a group became another one, a process ended."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from bot.app import open_app
from bot.rests import Rests
from db.models import Broadcast, BroadcastState, Lane, Outlet, Recipient, RecipientState
from db.session import open_database
from domain.audit import TERMINAL
from domain.broadcasts import steering, topics
from domain.broadcasts.audience import Audience
from domain.broadcasts.content import Content
from domain.knowledge.shelf import Library
from tests.support.broadcasting import (
    broadcast,
    by_state,
    cleared,
    is_settled,
    met,
    now,
    opens,
    person_of,
    recipients,
    told,
    under_way,
    until,
)
from tests.support.offices import Offices, staffed

PLACE = Content("Pameran jam 8.", place=(-7.1, 112.4))
SENT, WAITING, SKIPPED = RecipientState.SENT, RecipientState.WAITING, RecipientState.SKIPPED


@pytest.fixture
async def offices(database_url: str, library: Library) -> AsyncIterator[Offices]:
    """Officers without groups; the pretend Telegram goes by their clock."""
    async with staffed(database_url, library, groups=False) as running:
        running.telegram.clock = lambda: running.now().timestamp()
        yield running


async def only_waits(offices: Offices, number: int, most: int = 1) -> bool:
    counted = await by_state(offices.bot, number)
    return set(counted) <= {SENT, WAITING} and counted.get(WAITING) == most


async def half_sent(offices: Offices, method: str, chat_id: int, **details: object) -> int:
    """A broadcast that all have but for one, whose second call Telegram put off by ten seconds."""
    offices.telegram.fail(method, kind="429", retry_after=10, chat_id=chat_id)
    number = await broadcast(offices.bot, author=offices.rini, **details)
    await until(lambda: only_waits(offices, number))
    return number


async def newest_child(offices: Offices, number: int) -> int:
    theirs = select(Broadcast.id).where(Broadcast.parent_id == number).order_by(col(Broadcast.id).desc())
    return (await offices.bot.rows(theirs))[0]


class TestHalf:
    async def test_of_it_is_corrected_too(self, offices: Offices) -> None:
        """Who has the words and only awaits the pin is corrected too, and does not pass for having the new ones."""
        first, second = await met(offices.bot, 2)
        number = await half_sent(offices, "pinChatMessage", second.id, is_pinned=True)
        await opens(offices, offices.rini, number, "✏️ Ralat isinya", ">Pameran batal.", "✏️ Ya, ralat")
        child = await newest_child(offices, number)
        await cleared(offices.bot, child)
        offices.clock.at += timedelta(seconds=20)
        await cleared(offices.bot, number)

        assert "Pameran batal." in first.texts()[0]
        assert "Pameran batal." in second.texts()[0]
        assert await by_state(offices.bot, child) == {SENT: 6}

    async def test_of_it_is_as_old_as_its_first_message(self, offices: Offices) -> None:
        """Begun three days ago and ended now, it is said to be withdrawn: Telegram would delete nothing silently."""
        _first, second = await met(offices.bot, 2)
        number = await half_sent(offices, "pinChatMessage", second.id, is_pinned=True)
        await opens(offices, offices.rini, number, "⏸ Jeda")
        offices.clock.at += timedelta(days=3)
        await opens(offices, offices.rini, number, "▶️ Lanjutkan")
        await cleared(offices.bot, number)
        await offices.settled()
        await opens(offices, offices.rini, number, "↩️ Tarik kembali", "↩️ Ya, tarik kembali")
        await cleared(offices.bot, await newest_child(offices, number))

        assert "Pengumuman ini ditarik" in second.texts()[0]

    async def test_of_it_is_followed_by_the_rest_in_quiet_hours(self, offices: Offices) -> None:
        """A place without its words would lie there until morning."""
        offices.clock.show("2026-11-24 20:59")
        _first, second = await met(offices.bot, 2)
        number = await half_sent(offices, "sendMessage", second.id, content=PLACE, keeps_quiet_hours=True)
        offices.clock.show("2026-11-24 21:01")
        await cleared(offices.bot, number)

        assert "Pameran jam 8." in second.texts()[-1]

    async def test_of_it_goes_to_nobody_who_stopped(self, offices: Offices) -> None:
        """A stop holds for what waits at that moment, the rest of something too."""
        _first, second = await met(offices.bot, 2)
        number = await half_sent(offices, "sendMessage", second.id, content=PLACE)
        async with offices.bot.database.transaction() as session:
            await topics.mute(session, await person_of(session, second), [topics.EVERYTHING], offices.now())
        offices.clock.at += timedelta(seconds=20)
        await cleared(offices.bot, number)

        assert (await by_state(offices.bot, number))[SKIPPED] == 1
        assert second.texts() == [""]


class TestGroup:
    async def test_that_became_another_is_followed(self, offices: Offices) -> None:
        """Surely nothing was sent, and Telegram names the new number: it goes there, whether an update tells of it or
        not.
        """
        await met(offices.bot, 1)
        group = offices.telegram.group(-500, "Diskopum", [offices.rini])
        moved_to = group.migrate().id
        await offices.settled()
        async with offices.bot.database.transaction() as session:
            given = {"office": "diskopum", "title": "Diskopum", "is_channel": False}
            session.add(Outlet(chat_id=-500, bound_at=offices.now(), **given))
        number = await broadcast(offices.bot, author=offices.rini, audience=Audience(outlets=(-500,)))
        await until(lambda: _is_known(offices, moved_to))
        offices.clock.at += timedelta(minutes=2)
        await cleared(offices.bot, number)

        assert set(await by_state(offices.bot, number)) == {SENT}
        assert any("Ada pameran" in text for text in offices.telegram.groups[moved_to].texts())


async def _is_known(offices: Offices, chat_id: int) -> bool:
    return bool(await offices.bot.rows(select(Outlet).where(Outlet.chat_id == chat_id)))


class TestProcess:
    async def test_that_ended_does_not_pause_it(self, offices: Offices) -> None:
        """What is uncertain because we were cut off says nothing against the broadcast."""
        people = await met(offices.bot, 30)
        last, held = people[-2:]
        offices.telegram.fail("sendMessage", kind="429", retry_after=1, chat_id=last.id)
        offices.telegram.fail("sendMessage", kind="429", retry_after=1, chat_id=held.id, times=2)
        number = await broadcast(offices.bot, author=offices.rini)
        await until(lambda: only_waits(offices, number, 2))
        rows = [row.id for row in await recipients(offices.bot, number) if row.state is SENT]
        async with offices.bot.database.transaction() as session:
            cut_off = update(Recipient).where(col(Recipient.id).in_(rows[:20]))
            await (await session.connection()).execute(cut_off.values(state=RecipientState.SENDING))
        await offices.bot.app.bulk.recover()
        offices.telegram.fail("sendMessage", kind="400", chat_id=last.id)
        offices.clock.at += timedelta(seconds=20)
        await until(lambda: has_failed(offices, number))
        assert (await now(offices.bot, number)).state is BroadcastState.RUNNING

        offices.clock.at += timedelta(seconds=20)
        await cleared(offices.bot, number)
        assert (await by_state(offices.bot, number))[RecipientState.UNCERTAIN] == 20


async def has_failed(offices: Offices, number: int) -> bool:
    return RecipientState.FAILED in await by_state(offices.bot, number)


class TestRests:
    def test_are_each_lanes_own(self) -> None:
        """A reply and a bulk message told to slow down within a moment delay neither lane; two of one lane do."""
        rests = Rests()
        rests.note(Lane.BULK, 1, 5.0)
        rests.note(Lane.REPLY, 2, 5.0)
        assert (rests.left(Lane.BULK), rests.left(Lane.REPLY)) == (0, 0)

        rests.note(Lane.BULK, 3, 5.0)
        assert rests.left(Lane.BULK) > 4
        assert rests.left(Lane.REPLY) == 0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
class TestReplicas:
    async def test_take_over_in_the_middle(self, slow: Offices, library: Library) -> None:
        """The one that leads stops orderly while it sends: the other goes on, nobody is left out or told twice."""
        people = await met(slow.bot, 40)
        async with open_app(slow.bot.settings, now=slow.clock.now, library=library) as other:
            other.start()
            number = await broadcast(slow.bot, author=slow.rini)
            await slow.telegram.wait_until(lambda: len(told(people)) >= 5, timeout=10)
            await slow.bot.app.stop()
            at_handover = len(told(people))
            await cleared(slow.bot, number)
            await other.stop()

        assert at_handover < 40
        assert [len(somebody.texts()) for somebody in people] == [1] * 40
        assert set(await by_state(slow.bot, number)) == {SENT}

    async def test_pause_what_the_other_sends(self, slow: Offices) -> None:
        """A deed done in a process that does not send holds at once for the one that does."""
        people = await met(slow.bot, 40)
        number = await under_way(slow, people)
        async with open_database(slow.bot.settings.database_url) as database, database.transaction() as session:
            officer = await person_of(session, slow.rini)
            row = await steering.access(session, officer, number)
            await steering.pause(session, row, TERMINAL, slow.bot.app.house.district, slow.now())
        await until(lambda: is_settled(slow, number))
        have = len(told(people))
        await asyncio.sleep(0.5)

        assert have < 40
        assert len(told(people)) == have
