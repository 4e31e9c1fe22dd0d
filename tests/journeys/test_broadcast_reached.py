"""Whom a broadcast reached and whom it did not: who left meanwhile, what officers are told, and what was missed."""

import asyncio
import io
from datetime import UTC, datetime, timedelta
from typing import Any

from openpyxl import load_workbook

from db.models import BroadcastState, Outlet, Profile, RecipientState, Role
from domain import erasure, keeping
from domain.broadcasts import topics
from domain.broadcasts.audience import Audience
from simulator import Person as Somebody
from tests.support.broadcasting import (
    broadcast,
    by_state,
    ended,
    is_settled,
    met,
    now,
    opens,
    over,
    person_of,
    recipients,
    told,
    under_way,
    until,
)
from tests.support.offices import Offices
from tests.support.training_office import does

PAUSE, RESUME, STOP, SURELY = "⏸ Jeda", "▶️ Lanjutkan", "⏹ Hentikan", "⏹ Ya, hentikan"
FAILED, UNCERTAIN, SENT = RecipientState.FAILED, RecipientState.UNCERTAIN, RecipientState.SENT
BLOCKED, SKIPPED = RecipientState.BLOCKED, RecipientState.SKIPPED


class TestReport:
    async def test_list_of_the_unreached_has_names_and_phones(self, offices: Offices) -> None:
        """An XLSX with whom to call: with all that they told of themselves, or by name; who had blocked before too."""
        people = await met(offices.bot, 6)
        await profiled(offices, people[0], "Sari <Melati>", "=Keripik", "Babat", "+6281234567890")
        for somebody in people[:2]:
            somebody.blocks_bot()
        await offices.settled()
        offices.telegram.fail("sendMessage", kind="400", chat_id=people[2].id, description="Bad Request: strange")
        offices.telegram.fail("sendMessage", kind="reset_after", chat_id=people[3].id)
        await erased(offices, people[5])
        number = await broadcast(offices.bot, author=offices.rini)
        await over(offices, number)

        await does(offices, offices.rini, "📋 Siapa yang tak terjangkau")
        lines = unreached_lines(offices)

        assert lines[0] == ["No", "Nama", "Usaha", "Kecamatan", "Telepon", "Kenapa"]
        by_name = {line[1]: line[2:] for line in lines[1:]}
        assert by_name["Sari <Melati>"][:3] == ["=Keripik", "Babat", "0812-3456-7890"]
        assert set(by_name) == {"Sari <Melati>", "Orang 2", "Orang 3", "Orang 4"}
        assert by_name["Orang 2"][:3] == [None, None, None]
        assert by_name["Orang 3"][3] == "alasan teknis: Strange"
        assert by_name["Orang 4"][3] == "Telegram tidak menjawab"
        assert "broadcast.unreached_listed" in [deed for _, deed, _ in await offices.deeds()]

    async def test_list_leaves_the_chat_after_a_day(self, offices: Offices) -> None:
        """It holds personal data."""
        people = await met(offices.bot, 2)
        people[0].blocks_bot()
        await offices.settled()
        await over(offices, await broadcast(offices.bot, author=offices.rini))
        for _ in range(2):
            offices.rini.tap("📋 Siapa yang tak terjangkau")
        await offices.settled()
        assert sum("document" in message for message in offices.rini.messages()) == 1

        offices.clock.at += timedelta(days=30)
        async with offices.bot.database.transaction() as session:
            await keeping.forget_old(session, datetime.now(UTC) + timedelta(days=2))
        await offices.settled()

        assert not any("document" in message for message in offices.rini.messages())

    async def test_is_for_readers_without_buttons(self, offices: Offices) -> None:
        """A reader sees how it went, but neither the list nor what changes it; the other office sees nothing."""
        people = await met(offices.bot, 3)
        people[0].blocks_bot()
        await offices.settled()
        number = await broadcast(offices.bot, author=offices.rini)
        await over(offices, number)
        await offices.make(offices.tono, Role.READER)

        assert "Laporan siaran" in await opens(offices, offices.tono, number)
        assert offices.tono.labels()[-1:] == ["📚 Semua siaran"]
        assert "📋 Siapa yang tak terjangkau" not in offices.tono.labels()
        assert "Laporan siaran" not in await opens(offices, offices.budi, number)
        assert "Laporan siaran" in await opens(offices, offices.wati, number)


class TestWhoLeaves:
    async def test_is_skipped_with_the_reason(self, slow: Offices) -> None:
        """Who stops, leaves the audience, is erased or out of reach while they wait gets nothing, and why is told."""
        people = await met(slow.bot, 40)
        for somebody in people:
            await profiled(slow, somebody, "X", "Y", "Babat", None)
        number = await under_way(slow, people, audience=Audience(kecamatan=("Babat",)))
        await opens(slow, slow.rini, number, PAUSE)
        await until(lambda: is_settled(slow, number))
        stops, moves, goes, blocks = people[-4:]
        async with slow.bot.database.transaction() as session:
            await topics.mute(session, await person_of(session, stops), ["umum"], slow.now())
            (await session.get_one(Profile, (await person_of(session, moves)).id)).kecamatan = "Turi"
        blocks.blocks_bot()
        await erased(slow, goes)
        await slow.settled()
        await does(slow, slow.rini, RESUME)
        await over(slow, number)

        report = slow.rini.texts()[-1]
        assert await by_state(slow.bot, number) == {SENT: 36, SKIPPED: 4}
        assert [somebody.texts() for somebody in (stops, moves, goes, blocks)] == [[]] * 4
        for why in ("berhenti mengikuti", "tidak lagi termasuk", "dihapus atas permintaan", "tidak bisa dihubungi"):
            assert f"{why}" in report

    async def test_is_a_channel_the_bot_was_taken_out_of(self, offices: Offices) -> None:
        """It gets what people get, with buttons that work there; once gone, it is skipped, as the report says."""
        people = await met(offices.bot, 2)
        channel = offices.telegram.channel(CHANNEL, "Diskopum", [offices.rini])
        await bound(offices, CHANNEL, "Diskopum")
        outlets = Audience(outlets=(CHANNEL,))
        await over(offices, await broadcast(offices.bot, author=offices.rini, audience=outlets))
        channel.remove_bot()
        second = await broadcast(offices.bot, author=offices.rini, audience=outlets)
        await over(offices, second)
        third = await broadcast(offices.bot, author=offices.rini, audience=outlets)
        await over(offices, third)

        assert len(channel.messages()) - len([m for m in channel.messages() if "text" not in m]) == 1
        assert "💬 Tanya bot" in str(channel.messages())
        assert (await by_state(offices.bot, second))[RecipientState.SKIPPED] == 1
        assert "tidak lagi boleh menulis di saluran" in offices.rini.texts()[-1]
        assert [len(somebody.texts()) for somebody in people] == [3, 3]


class TestQuietHours:
    async def test_falling_while_it_runs_let_it_rest(self, slow: Offices) -> None:
        """At nine in the evening it rests, says so, and goes on by itself at six."""
        slow.clock.show("2026-11-24 20:59")
        people = await met(slow.bot, 40)
        number = await under_way(slow, people, keeps_quiet_hours=True)
        slow.clock.show("2026-11-24 21:00")
        await until(lambda: rests(slow, number))
        have = len(told(people))
        resting = await opens(slow, slow.rini, number)
        assert have < 40
        assert "istirahat" in resting
        assert "besok pukul 06.00" in resting

        slow.clock.show("2026-11-25 05:59")
        await asyncio.sleep(0.7)
        assert len(told(people)) == have
        slow.clock.show("2026-11-25 06:00")
        await over(slow, number)

        assert [len(somebody.texts()) for somebody in people] == [1] * 40


class TestMissed:
    async def test_can_be_sent_after_all(self, offices: Offices) -> None:
        """Asked once with the number; then it goes out, however late."""
        people = await met(offices.bot, 3)
        number = await missed(offices)
        assert "seharusnya berangkat" in offices.rini.texts()[-1]

        asked = await does(offices, offices.rini, "📤 Kirim sekarang")
        assert "7 orang" in asked
        await does(offices, offices.rini, "📤 Ya, kirim")
        assert await over(offices, number) is BroadcastState.FINISHED

        assert [len(somebody.texts()) for somebody in people] == [1] * 3

    async def test_can_be_dropped(self, offices: Offices) -> None:
        """Asked once; then nobody gets it."""
        people = await met(offices.bot, 3)
        number = await missed(offices)
        await does(offices, offices.tono, "🗑 Buang", SURELY)

        assert (await now(offices.bot, number)).state is BroadcastState.CANCELLED
        assert told(people) == []
        assert "tidak jadi dikirim" in offices.tono.texts()[-1]

    async def test_goes_out_though_its_author_left(self, offices: Offices) -> None:
        """Who sends it answers for it."""
        people = await met(offices.bot, 3)
        number = await missed(offices)
        await offices.dismiss(offices.rini)
        await does(offices, offices.tono, "📤 Kirim sekarang", "📤 Ya, kirim")
        await over(offices, number)

        assert len(told(people)) == 3


# Scenes.

CHANNEL = -1_000_000_000_901


async def missed(offices: Offices) -> int:
    """One of an hour ago that allowed for half an hour."""
    starts_at = offices.now() - timedelta(hours=1)
    number = await broadcast(offices.bot, author=offices.rini, starts_at=starts_at, late_limit=30)
    await ended(offices.bot, number)
    await offices.settled()
    return number


async def rests(offices: Offices, number: int) -> bool:
    waiting = [row for row in await recipients(offices.bot, number) if row.state is RecipientState.WAITING]
    is_quiet = await is_settled(offices, number) and RecipientState.CLAIMED not in await by_state(offices.bot, number)
    return is_quiet and all(row.not_before > offices.now() for row in waiting)


async def profiled(
    offices: Offices, somebody: Somebody, name: str, business: str, kecamatan: str, phone: str | None
) -> None:
    async with offices.bot.database.transaction() as session:
        given = {"name": name, "business": business, "kecamatan": kecamatan, "phone": phone}
        person = await person_of(session, somebody)
        session.add(Profile(person_id=person.id, changed_at=offices.now(), **given))


async def erased(offices: Offices, somebody: Somebody) -> None:
    async with offices.bot.database.transaction() as session:
        await erasure.erase(session, await person_of(session, somebody), offices.now())


async def bound(offices: Offices, chat_id: int, title: str, *, is_channel: bool = True) -> None:
    given = {"office": "diskopum", "title": title, "is_channel": is_channel}
    async with offices.bot.database.transaction() as session:
        session.add(Outlet(chat_id=chat_id, bound_at=offices.now(), **given))


def unreached_lines(offices: Offices) -> list[list[Any]]:
    """The rows of the file that Rini got last."""
    message = next(one for one in reversed(offices.rini.messages()) if "document" in one)
    stored = offices.telegram.files.by_id[message["document"]["file_id"]]
    sheet = load_workbook(io.BytesIO(stored.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]
