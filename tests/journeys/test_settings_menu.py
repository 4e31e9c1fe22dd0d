"""Pengaturan: what admins set in the chat, in one message, and only they."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from sqlmodel import select

from db.models import AuditEntry, Conversation, HouseRule, Officer, Role
from domain import office_hours
from domain.knowledge.shelf import Library
from domain.office_hours import OfficeHours
from messages import say
from simulator import Person as Somebody
from tests.conftest import LAMONGAN
from tests.support.desk import Clock, appoint
from tests.support.offices import ON_SQLITE
from tests.support.running import RunningBot, running_bot

ADMIN = 201
WEEK = ["• Senin: 08.00-15.00", "• Jumat: 08.00-11.00", "• Sabtu: tutup"]


@pytest.fixture
def clock() -> Clock:
    return Clock.showing("2026-12-20 10:00")


@pytest.fixture
async def office(database_url: str, library: Library, clock: Clock) -> AsyncIterator[RunningBot]:
    """A bot with an admin who opened the settings, shortly before Christmas."""
    async with running_bot(database_url, LAMONGAN, now=clock.now, library=library, ADMIN_IDS=(ADMIN,)) as bot:
        await bot.says(admin_of(bot), "/antrean")
        await tap(bot, "⚙️ Pengaturan")
        yield bot
        assert [call for call in bot.telegram.calls if call.status >= 400] == []


def admin_of(bot: RunningBot) -> Somebody:
    return bot.person(ADMIN, "Bu Admin")


async def tap(bot: RunningBot, *labels: str) -> str:
    """What the newest message says once the admin tapped *labels*, one after the other."""
    for label in labels:
        admin_of(bot).tap(label)
        await bot.settled()
    return admin_of(bot).texts()[-1]


async def calendar(bot: RunningBot) -> OfficeHours:
    async with bot.database.reading() as session:
        return await office_hours.of(session, bot.app.house.district)


@ON_SQLITE
class TestOverview:
    async def test_shows_what_holds(self, office: RunningBot) -> None:
        """Hours and the next holidays, those to be checked marked, and the ways on, in the queue's message."""
        text = admin_of(office).texts()[-1]

        assert all(line in text.splitlines() for line in WEEK)
        assert "• Kamis, 24 Desember 2026: Cuti Bersama Hari Raya Natal ❓ perlu dicek" in text
        assert "Isra" not in text
        assert admin_of(office).labels()[-7:] == [
            "🕗 Jam menjawab", "📅 Hari libur", "👥 Petugas", "💬 Balasan siap", "📢 Aturan siaran",
            "📣 Aturan peluang", "⬅️ Kembali",
        ]  # fmt: skip
        assert len(admin_of(office).texts()) == 1

    async def test_leads_back_and_on(self, office: RunningBot) -> None:
        """To the queue, to the officers, in the same message."""
        assert "menunggu" in await tap(office, "⬅️ Kembali")
        assert "bertugas" in await tap(office, "⚙️ Pengaturan", "👥 Petugas")
        assert len(admin_of(office).texts()) == 1


class TestHours:
    async def test_are_set_by_the_day(self, office: RunningBot) -> None:
        """A day is tapped, its hours are typed, the menu shows them, and they hold."""
        asked = await tap(office, "🕗 Jam menjawab", "Jumat")
        assert "Jam hari Jumat" in asked
        assert "08.00-11.00" in asked

        reply = await office.says(admin_of(office), "8.30 sampai 11")
        await office.settled()

        assert "Jumat: 08.30-11.00" in reply
        assert "• Jumat: 08.30-11.00" in admin_of(office).texts()[0]
        assert str((await calendar(office)).week[4]) == "08.30-11.00"
        assert "Jam petugas" in await tap(office, "⬅️ Kembali")
        (changed,) = await office.rows(select(AuditEntry).where(AuditEntry.deed == "rule.changed"))
        assert changed.after == {"value": {"4": "08.30-11.00"}}

    async def test_may_be_none(self, office: RunningBot) -> None:
        """A day is closed by its button or by the word, but never the last one."""
        await tap(office, "🕗 Jam menjawab", "Senin")
        assert "• Senin: tutup" in await tap(office, "Tutup hari itu")
        await tap(office, "Selasa")
        await office.says(admin_of(office), "tutup")
        for day in ("Rabu", "Kamis"):
            await tap(office, "⬅️ Kembali", day, "Tutup hari itu")
        await tap(office, "Jumat", "Tutup hari itu")

        assert "tidak ada lagi hari buka" in admin_of(office).alerts()[-1]["text"]
        assert [day is None for day in (await calendar(office)).week] == [True] * 4 + [False, True, True]

    async def test_that_cannot_be_read_are_asked_again(self, office: RunningBot) -> None:
        """Each slip gets a sentence that helps, and the next try counts; also a correction of the same message."""
        await tap(office, "🕗 Jam menjawab", "Senin")

        assert "belum bisa saya baca" in await office.says(admin_of(office), "pagi")
        assert "tidak sesudah" in await office.says(admin_of(office), "15-8")
        wrong = admin_of(office).write("8-25")
        await office.settled()
        assert "00.00 sampai 23.59" in admin_of(office).texts()[-1]
        await office.reply_after(admin_of(office), lambda: admin_of(office).edit(wrong["message_id"], "8-14"))

        assert str((await calendar(office)).week[0]) == "08.00-14.00"

    @pytest.mark.parametrize("way_out", ["/batal", "⬅️ Kembali"])
    async def test_need_not_be_typed(self, office: RunningBot, way_out: str) -> None:
        """/batal and the way back end the asking: what is written then is a question."""
        await tap(office, "🕗 Jam menjawab", "Senin")
        if way_out == "/batal":
            await office.says(admin_of(office), way_out)
        else:
            await tap(office, way_out)

        assert "OSS" in await office.says(admin_of(office), "cara bikin nib gimana")
        assert await office.rows(select(HouseRule)) == []

    async def test_are_asked_for_over_a_restart(self, database_url: str, library: Library, clock: Clock) -> None:
        """What was begun in one process is typed to the next, and the old menu follows."""
        given = {"now": clock.now, "library": library, "ADMIN_IDS": (ADMIN,)}
        async with running_bot(database_url, LAMONGAN, **given) as first:
            await first.says(admin_of(first), "/antrean")
            await tap(first, "⚙️ Pengaturan", "🕗 Jam menjawab", "Senin")

        async with running_bot(database_url, LAMONGAN, telegram=first.telegram, **given) as second:
            await second.says(admin_of(second), "09.00-12.00")
            await second.settled()

            assert "• Senin: 09.00-12.00" in admin_of(second).texts()[0]


class TestHolidays:
    async def test_are_leafed_through(self, office: RunningBot) -> None:
        """Those that come, six a page, each with its button; one that is to be checked says so."""
        text = await tap(office, "📅 Hari libur")

        assert text.count("•") == 6
        assert "24 Desember 2026 ❓" in admin_of(office).labels()
        assert "Idul Fitri" in await tap(office, "Berikutnya »")

    async def test_are_checked(self, office: RunningBot) -> None:
        """Compared with the decree, one is right, and no more marked."""
        asked = await tap(office, "📅 Hari libur", "24 Desember 2026 ❓")
        assert "belum dicek" in asked

        text = await tap(office, "✅ Sudah benar")

        assert "• Kamis, 24 Desember 2026: Cuti Bersama Hari Raya Natal\n" in text
        assert "Sudah dicek" in await tap(office, "24 Desember 2026")
        assert "✅ Sudah benar" not in admin_of(office).labels()

    async def test_are_removed(self, office: RunningBot) -> None:
        """On one that was struck the office works; a second tap on it is out of date."""
        await tap(office, "📅 Hari libur", "24 Desember 2026 ❓")
        assert "24 Desember" not in await tap(office, "🗑 Hapus, masuk kerja")

        assert (await calendar(office)).is_working_day(date(2026, 12, 24))
        admin_of(office).tap_data(admin_of(office).messages()[-1]["message_id"], "holiday_off:2026-12-24")
        await office.settled()
        assert admin_of(office).alerts()[-1]["text"] == say("tap.stale").in_language("id")

    async def test_are_added(self, office: RunningBot) -> None:
        """Typed with a name or without; it holds at once, and counts as checked."""
        assert "Ketik tanggalnya" in await tap(office, "📅 Hari libur", "➕ Tambah hari libur")

        assert "belum bisa saya baca" in await office.says(admin_of(office), "lusa")
        assert "tidak ada di kalender" in await office.says(admin_of(office), "31 Feb 2027")
        assert "sudah lewat" in await office.says(admin_of(office), "1-12-2026")
        reply = await office.says(admin_of(office), "21 Des 2026 Haul")
        await office.settled()

        assert "Senin, 21 Desember 2026: Haul" in reply
        assert "• Senin, 21 Desember 2026: Haul\n" in admin_of(office).texts()[0]
        assert not (await calendar(office)).is_working_day(date(2026, 12, 21))

    async def test_there_may_be_none(self, database_url: str, library: Library, clock: Clock) -> None:
        """After the last one that is known there is nothing to list, and one can be added."""
        clock.show("2028-06-01 10:00")
        async with running_bot(database_url, LAMONGAN, now=clock.now, library=library, ADMIN_IDS=(ADMIN,)) as bot:
            await bot.says(admin_of(bot), "/antrean")

            assert "Belum ada hari libur" in await tap(bot, "⚙️ Pengaturan")
            assert "Belum ada hari libur" in await tap(bot, "📅 Hari libur")
            assert "➕ Tambah hari libur" in admin_of(bot).labels()

    @pytest.mark.parametrize("data", ["holiday:2026-02-30", "holiday_ok:9999-99-99", "holiday_off:2026-12-23"])
    async def test_forged_are_refused(self, office: RunningBot, data: str) -> None:
        """A day that is none, or no holiday, is a stale button."""
        admin_of(office).tap_data(admin_of(office).messages()[-1]["message_id"], data)
        await office.settled()

        assert admin_of(office).alerts()[-1]["text"] == say("tap.stale").in_language("id")
        assert await office.inbox_counts() == {"finished": 3}


@ON_SQLITE
class TestForNobodyElse:
    @pytest.mark.parametrize("role", [None, Role.READER, Role.OFFICER])
    async def test_is_closed(self, office: RunningBot, role: Role | None) -> None:
        """Whatever officers, readers or people tap is out of date, and nothing changes."""
        somebody = office.person(301, "Bu Petugas")
        if role:
            await appoint(office, somebody, role)
        await office.says(somebody, "/bantuan")
        taps = (
            *("settings:0", "hours:0", "day:0", "shut:0", "holidays:0", "holiday:2026-12-24"),
            *("holiday_ok:2026-12-24", "holiday_off:2026-12-24", "holiday_new:0"),
        )
        for data in taps:
            somebody.tap_data(somebody.messages()[-1]["message_id"], data)
        await office.settled()

        stale = say("tap.stale").in_language("id")
        assert [alert["text"] for alert in somebody.alerts()] == [stale] * len(taps)
        assert await office.rows(select(HouseRule)) == []

    async def test_is_closed_to_who_was_dismissed_meanwhile(self, office: RunningBot) -> None:
        """What was asked for while they were an admin is a question now, like all they write after it."""
        await tap(office, "🕗 Jam menjawab", "Senin")
        async with office.database.transaction() as session:
            await session.delete((await session.exec(select(Officer))).one())

        assert "OSS" in await office.says(admin_of(office), "cara bikin nib gimana")
        assert (await office.rows(select(Conversation)))[0].state is None
        assert await office.rows(select(HouseRule)) == []
