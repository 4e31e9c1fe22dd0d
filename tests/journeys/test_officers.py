"""Officers: an admin sees them and dismisses at once, one admin stays, and the menu comes and goes with the role."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlmodel import col, select

from db.models import Delivery, DeliveryState, Person, Role
from domain import appointments, people
from domain.errors import LastAdmin, NotForYou
from domain.knowledge.shelf import Library
from domain.secret_tokens import hash_of
from handlers.commands import COMMANDS, IN_GROUPS, IN_STAFF_GROUPS, OFFICERS
from messages import text_of
from simulator import Person as Somebody
from simulator import PretendTelegram
from tests.conftest import LAMONGAN
from tests.journeys.conftest import with_an_admin
from tests.support.running import TOKEN, RunningBot, running_bot
from tests.support.serving import (
    ADMIN,
    DISMISS,
    SURELY,
    Clock,
    alert,
    appoint,
    audited,
    menu,
    met,
    officers,
    open_list,
    taps,
)

STALE = text_of("tap.stale", "id")


@pytest.fixture
async def bot(database_url: str, library: Library, clock: Clock) -> AsyncIterator[RunningBot]:
    """A bot with one admin by setting, on each database; nothing it asks of Telegram is refused."""
    async with with_an_admin(database_url, library, clock) as running:
        yield running


@pytest.fixture
async def admin(bot: RunningBot) -> Somebody:
    return await met(bot, ADMIN, "Wulan")


class TestDismiss:
    async def test_takes_effect_on_the_next_tap(self, bot: RunningBot, admin: Somebody) -> None:
        """What a dismissed admin has open before them is dead at once, and they are told."""
        budi = await met(bot, 102, "Budi")
        await appoint(bot, budi, Role.ADMIN)
        await open_list(bot, budi)
        await open_list(bot, admin)

        assert "Berhentikan Budi (admin semua dinas)?" in await taps(bot, admin, "Budi", DISMISS)
        assert "Budi" not in await taps(bot, admin, SURELY)
        budi.tap("➕ Tambah petugas")
        await bot.settled()

        assert alert(admin) == text_of("tap.dismissed", "id")
        assert alert(budi) == STALE
        assert budi.texts()[-1] == text_of("officer.dismissed", "id")
        assert set(await officers(bot)) == {ADMIN}

    async def test_is_audited(self, bot: RunningBot, admin: Somebody) -> None:
        """Who dismissed whom, from what, and where, by our ids."""
        await appoint(bot, await met(bot, 101, "Sari"))
        await open_list(bot, admin)
        await taps(bot, admin, "Sari", DISMISS, SURELY)

        ids = dict(await bot.rows(select(Person.telegram_id, Person.id)))
        (entry,) = await audited(bot, "officer.dismissed")
        assert (entry.actor, entry.actor_id, entry.place) == ("officer", ids[ADMIN], "private")
        assert (entry.subject, entry.after) == (f"person:{ids[101]}", None)
        assert entry.before == {"role": "officer", "office": "diskopum"}

    async def test_asks_first(self, bot: RunningBot, admin: Somebody) -> None:
        """One tap dismisses nobody, and the way back changes nothing."""
        await appoint(bot, await met(bot, 101, "Sari"))
        await open_list(bot, admin)
        await taps(bot, admin, "Sari", DISMISS)

        assert "Sari, petugas Diskopum" in await taps(bot, admin, "⬅️ Kembali")
        assert 101 in await officers(bot)

    async def test_not_of_whom_the_setting_names(self, bot: RunningBot, admin: Somebody) -> None:
        """One of ADMIN_IDS is taken out there: the alert says so, also to another admin."""
        await appoint(bot, await met(bot, 102, "Budi"), Role.ADMIN)
        await open_list(bot, bot.person(102))
        await taps(bot, bot.person(102), "Wulan", DISMISS)

        assert "ADMIN_IDS" in alert(bot.person(102))
        assert ADMIN in await officers(bot)

    async def test_of_who_is_none_any_more(self, bot: RunningBot, admin: Somebody) -> None:
        """A second tap on the same button says that it is done."""
        await appoint(bot, await met(bot, 101, "Sari"))
        await open_list(bot, admin)
        await taps(bot, admin, "Sari", DISMISS)
        shown = admin.messages()[-1]
        data = shown["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        await taps(bot, admin, SURELY)
        admin.tap_data(shown["message_id"], data)
        await bot.settled()

        assert alert(admin) == text_of("tap.not_serving", "id")
        assert len(await audited(bot, "officer.dismissed")) == 1

    async def test_of_oneself(self, bot: RunningBot, admin: Somebody) -> None:
        """An admin by link may leave, as long as another stays."""
        budi = await met(bot, 102, "Budi")
        await appoint(bot, budi, Role.ADMIN)
        await open_list(bot, budi)

        assert await taps(bot, budi, "Budi", DISMISS, SURELY) == text_of("officer.dismissed_self", "id")
        assert set(await officers(bot)) == {ADMIN}


class TestLastAdmin:
    """Without ADMIN_IDS, where admins are made by links alone."""

    @pytest.fixture
    async def bot(self, database_url: str, library: Library, clock: Clock) -> AsyncIterator[RunningBot]:
        async with running_bot(database_url, LAMONGAN, now=clock, library=library) as running:
            yield running

    async def first(self, bot: RunningBot, *numbers: int) -> list[int]:
        """Make admins, the first as the terminal does; returns our ids of them."""
        ids: list[int] = []
        for number in numbers:
            person = await met(bot, number, f"Admin {number}")
            async with bot.database.transaction() as session:
                known = await people.addressee(session, person.id, bot.app.house.now())
                maker = await session.get_one(Person, ids[0]) if ids else None
                now = bot.app.house.now()
                make = appointments.make_link(session, maker, Role.ADMIN, "", now) if maker else None
                token = await (make or appointments.make_first_link(session, now))
                assert token
                await appointments.open_link(session, known, hash_of(token), now)
                ids.append(known.id)
        await bot.settled()
        return ids

    async def test_cannot_leave(self, bot: RunningBot) -> None:
        """Whoever is the only admin is told to appoint another one first."""
        await self.first(bot, 201)
        admin = bot.person(201, "Admin 201")
        await open_list(bot, admin)
        await taps(bot, admin, "Admin 201", DISMISS)

        assert alert(admin) == text_of("tap.last_admin", "id")
        assert set(await officers(bot)) == {201}

    async def test_stays_when_two_dismiss_each_other(self, bot: RunningBot) -> None:
        """Of two who do it at the same moment one succeeds, and the other is none any more."""
        one, two = await self.first(bot, 201, 202)

        async def dismiss(who: int, whom: int) -> str:
            try:
                async with bot.database.transaction() as session:
                    admin = await session.get_one(Person, who)
                    await appointments.dismiss(session, admin, whom, bot.app.house.now())
            except (NotForYou, LastAdmin) as refused:
                return type(refused).__name__
            return "done"

        became = await asyncio.gather(dismiss(one, two), dismiss(two, one))

        assert sorted(became) == ["NotForYou", "done"]
        assert len(await officers(bot)) == 1


class TestList:
    async def test_is_reached_from_the_queue(self, bot: RunningBot, admin: Somebody) -> None:
        """/antrean, Pengaturan, Petugas, and back, in one message."""
        await bot.says(admin, "/antrean")
        messages = len(admin.messages())

        assert "Wulan, admin semua dinas" in await taps(bot, admin, "⚙️ Pengaturan", "👥 Petugas")
        await taps(bot, admin, "⬅️ Kembali")
        assert "👥 Petugas" in admin.labels()
        assert len(admin.messages()) == messages

    async def test_names_everybody_with_their_role(self, bot: RunningBot, admin: Somebody) -> None:
        """Admins first, then by office; a name is a name, whatever stands in it."""
        await appoint(bot, await met(bot, 101, "Sari"), Role.READER, "disperindag")
        await appoint(bot, await met(bot, 102, "<i>Budi</i> & Co"))

        shown = await open_list(bot, admin)

        lines = [line for line in shown.splitlines() if line.startswith("•")]
        assert lines == [
            "• Wulan, admin semua dinas",
            "• <i>Budi</i> & Co, petugas Diskopum",
            "• Sari, pengamat Disperindag",
        ]
        assert "sejak 30 November 2026" in await taps(bot, admin, "Sari")

    async def test_is_leafed_through(self, bot: RunningBot, admin: Somebody) -> None:
        """More than fit on a page are on the next, in the same message."""
        for number in range(301, 309):
            await appoint(bot, await met(bot, number, f"Orang {number}"))
        messages = len(admin.messages())

        assert "halaman 1 dari 2" in await open_list(bot, admin)
        assert "Orang 308" in await taps(bot, admin, "Berikutnya »")
        assert len(admin.messages()) == messages

    async def test_leaves_no_names_behind(self, bot: RunningBot, admin: Somebody) -> None:
        """The rows that carried the list are emptied once it was sent."""
        await appoint(bot, await met(bot, 101, "Sari"))
        await open_list(bot, admin)

        sent = await bot.rows(select(Delivery).where(col(Delivery.state) == DeliveryState.SENT))
        assert [row for row in sent if row.chat_id == ADMIN and "Sari" in json.dumps(row.arguments)] == []


class TestMenu:
    async def test_comes_and_goes_with_the_role(self, bot: RunningBot, admin: Somebody) -> None:
        """Officers' commands stand before everybody's in their own chat, and are taken away with the role."""
        await appoint(bot, await met(bot, 101, "Sari"))
        assert menu(bot, 101) == [*OFFICERS, *COMMANDS]

        await open_list(bot, admin)
        await taps(bot, admin, "Sari", DISMISS, SURELY)

        assert menu(bot, 101) == []

    async def test_is_in_the_language_they_read(self, bot: RunningBot, admin: Somebody) -> None:
        """Who chooses another language has the menu in it."""
        sari = await met(bot, 101, "Sari")
        await appoint(bot, sari)
        await bot.says(sari, "/bahasa")
        await taps(bot, sari, "English")

        shown = bot.telegram.profile.commands_seen(101, "id")
        assert [one["description"] for one in shown] == [
            text_of(f"command.{name}", "en") for name in (*OFFICERS, *COMMANDS)
        ]

    async def test_of_an_admin_by_setting_waits_for_them(self, bot: RunningBot) -> None:
        """Telegram takes no menu for a chat that nobody opened: it comes with their first /start."""
        assert bot.telegram.profile.commands_seen(ADMIN, "id") == []
        await met(bot, ADMIN, "Wulan")

        assert menu(bot, ADMIN) == [*OFFICERS, *COMMANDS]

    async def test_is_nobody_elses(self, bot: RunningBot, admin: Somebody) -> None:
        """Others have everybody's, and no menu of their own is set."""
        await met(bot, 101, "Sari")
        await bot.says(bot.person(), "/bahasa")
        await taps(bot, bot.person(), "English")

        assert menu(bot, 101) == []

    async def test_goes_when_the_setting_names_them_no_more(self, database_url: str, library: Library) -> None:
        """Taken out of ADMIN_IDS, an admin is none after the next start, and their menu is everybody's."""
        async with running_bot(database_url, LAMONGAN, library=library, ADMIN_IDS=(ADMIN, 202)) as before:
            await met(before, 202, "Budi")
            assert menu(before, 202) == [*OFFICERS, *COMMANDS]
            telegram = before.telegram
        async with running_bot(database_url, LAMONGAN, telegram, library=library, ADMIN_IDS=(ADMIN,)) as after:
            await after.settled()

            assert menu(after, 202) == []
            assert set(await officers(after)) == {ADMIN}
            assert [entry.place for entry in await audited(after, "officer.dismissed")] == ["settings"]

    async def test_of_the_first_staff_group(self, database_url: str, library: Library) -> None:
        """STAFF_CHAT_ID is bound to every office once, audited, and the group has the officers' commands."""
        telegram = PretendTelegram(token=TOKEN)
        telegram.group(-500, "Petugas", members=[telegram.person(101)])
        for _ in range(2):
            given: dict[str, Any] = {"library": library, "STAFF_CHAT_ID": -500}
            async with running_bot(database_url, LAMONGAN, telegram, **given) as bot:
                await bot.settled()
                bound = await audited(bot, "group.bound")

        assert [(entry.subject, entry.after) for entry in bound] == [
            ("office:diskopum", {"chat_id": -500}),
            ("office:disperindag", {"chat_id": -500}),
        ]
        assert menu(bot, -500, 101) == [*IN_STAFF_GROUPS, *IN_GROUPS]
        assert [call.method for call in telegram.calls].count("setMyCommands") == 1

    async def test_not_of_a_group_the_bot_has_left(self, database_url: str, library: Library) -> None:
        """A start binds no office to a group in which the bot is no more."""
        telegram = PretendTelegram(token=TOKEN)
        group = telegram.group(-500, "Petugas", members=[telegram.person(101)])
        async with running_bot(database_url, LAMONGAN, telegram, library=library) as before:
            group.remove_bot()
            await before.settled()
        async with running_bot(database_url, LAMONGAN, telegram, library=library, STAFF_CHAT_ID=-500) as after:
            assert await audited(after, "group.bound") == []
