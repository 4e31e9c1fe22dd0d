"""Appointing: a link makes one person an officer, once and within a day, and its token is kept nowhere."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlmodel import SQLModel, col, select
from structlog.testing import capture_logs

from db.models import AppointmentLink, Person, Role
from domain.knowledge.shelf import Library
from domain.secret_tokens import hash_of, new_token
from messages import text_of
from simulator import Person as Somebody
from tests.journeys.conftest import with_an_admin
from tests.support.running import RunningBot
from tests.support.serving import (
    ADMIN,
    DISMISS,
    SURELY,
    Clock,
    alert,
    appoint,
    audited,
    link_for,
    met,
    officers,
    open_list,
    opens,
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


class TestLink:
    @pytest.mark.parametrize("role", Role)
    async def test_appoints_whoever_opens_it(self, bot: RunningBot, admin: Somebody, role: Role) -> None:
        """Role and office by buttons, a message to forward, and whoever opens its link is that from now on."""
        token = await link_for(bot, admin, role, "Disperindag")
        told, invitation = admin.texts()[-2:]

        welcome = await opens(bot, bot.person(), token)

        title = {"admin": "admin semua dinas", "officer": "petugas Disperindag", "reader": "pengamat Disperindag"}
        assert "24 jam" in told
        assert title[role] in invitation
        assert f"Mulai sekarang Anda {title[role]}" in welcome
        assert (await officers(bot))[101] == (role.value, "" if role is Role.ADMIN else "disperindag")
        assert f"Sari, {title[role]}" in await open_list(bot, admin)

    async def test_tells_the_admin_who_opened_it(self, bot: RunningBot, admin: Somebody) -> None:
        """Who came is told to who made the link, with the way to dismiss somebody whom the link was not for."""
        await opens(bot, bot.person(name="Sari & <b>Budi</b>"), await link_for(bot, admin))

        assert "Sari & <b>Budi</b> sudah membuka tautan Anda" in admin.texts()[-1]
        assert "Berhentikan Sari & <b>Budi</b> (petugas Diskopum)?" in await taps(bot, admin, DISMISS)

    async def test_appoints_once(self, bot: RunningBot, admin: Somebody) -> None:
        """Who comes second is told to ask for another one, and is nothing."""
        token = await link_for(bot, admin)
        await opens(bot, bot.person(), token)

        assert "sudah dipakai" in await opens(bot, bot.person(102, "Budi"), token)
        assert 102 not in await officers(bot)

    async def test_lasts_a_day(self, bot: RunningBot, admin: Somebody, clock: Clock) -> None:
        """Up to 24 hours it opens, after them it does not."""
        first, second = await link_for(bot, admin), await link_for(bot, admin)
        clock.go_on(hours=23, minutes=59)
        assert "Selamat bertugas" in await opens(bot, bot.person(), first)
        clock.go_on(minutes=1)

        assert "tidak berlaku" in await opens(bot, bot.person(102, "Budi"), second)
        assert 102 not in await officers(bot)

    async def test_goes_with_its_maker(self, bot: RunningBot, admin: Somebody) -> None:
        """A link of an admin who is none any more opens nothing."""
        other = await met(bot, 102, "Budi")
        await appoint(bot, other, Role.ADMIN)
        token = await link_for(bot, other)
        await open_list(bot, admin)
        await taps(bot, admin, "Budi", DISMISS, SURELY)

        assert "tidak berlaku" in await opens(bot, bot.person(), token)
        assert set(await officers(bot)) == {ADMIN}

    async def test_that_was_never_made(self, bot: RunningBot) -> None:
        """A forged, cut or lengthened link is unknown."""
        for token in (new_token(), "", "x", "x" * 40, "ñ" * 32, "a b"):
            assert "tidak saya kenal" in await opens(bot, bot.person(), token)

    async def test_by_what_the_table_holds(self, bot: RunningBot, admin: Somebody) -> None:
        """Who has seen the hash cannot open the link with it."""
        await link_for(bot, admin)
        (kept,) = await bot.rows(select(AppointmentLink.token_hash))

        assert "tidak saya kenal" in await opens(bot, bot.person(), kept)

    async def test_opened_by_an_admin_stays_good(self, bot: RunningBot, admin: Somebody) -> None:
        """An admin who tries the link stays admin, is told so, and the one it is for can still open it."""
        token = await link_for(bot, admin)

        assert "Anda sudah admin" in await opens(bot, admin, token)
        assert (await officers(bot))[ADMIN] == ("admin", "")
        assert "Selamat bertugas" in await opens(bot, bot.person(), token)

    async def test_opened_by_who_is_that_already(self, bot: RunningBot, admin: Somebody) -> None:
        """Nothing changes and the link stays good; the same for a link that was tapped twice."""
        first, second = await link_for(bot, admin), await link_for(bot, admin)
        await opens(bot, bot.person(), first)

        assert "memang sudah petugas Diskopum" in await opens(bot, bot.person(), second)
        assert "memang sudah petugas Diskopum" in await opens(bot, bot.person(), first)
        assert "Selamat bertugas" in await opens(bot, bot.person(102, "Budi"), second)

    async def test_opened_by_another_officer_changes_them(self, bot: RunningBot, admin: Somebody) -> None:
        """An officer is moved to the other office; the audit tells from what to what, and by whose link."""
        await opens(bot, bot.person(), await link_for(bot, admin))
        await opens(bot, bot.person(), await link_for(bot, admin, Role.READER, "Disperindag"))

        entry = (await audited(bot, "officer.appointed"))[-1]
        maker = (await bot.rows(select(Person.id).where(col(Person.telegram_id) == ADMIN)))[0]
        assert (await officers(bot))[101] == ("reader", "disperindag")
        assert entry.before == {"role": "officer", "office": "diskopum"}
        assert entry.after == {"role": "reader", "office": "disperindag", "by": f"person:{maker}"}

    async def test_opened_by_who_was_dismissed(self, bot: RunningBot, admin: Somebody) -> None:
        """The link that once appointed them does not bring them back."""
        token = await link_for(bot, admin)
        await opens(bot, bot.person(), token)
        await open_list(bot, admin)
        await taps(bot, admin, "Sari", DISMISS, SURELY)

        assert "sudah dipakai" in await opens(bot, bot.person(), token)
        assert 101 not in await officers(bot)

    async def test_opened_by_many_at_once(self, bot: RunningBot, admin: Somebody) -> None:
        """Of those who open it at the same moment one is appointed, and each of the others is told."""
        token = await link_for(bot, admin)
        several = [await met(bot, number, f"Orang {number}") for number in range(301, 309)]
        for person in several:
            person.write(f"/start petugas_{token}")
        await bot.settled()

        said = [person.texts()[-1] for person in several]
        assert sorted("Selamat bertugas" in text for text in said) == [False] * 7 + [True]
        assert sum("sudah dipakai" in text for text in said) == 7
        assert len(await officers(bot)) == 2

    async def test_is_for_admins_to_make(self, bot: RunningBot, admin: Somebody) -> None:
        """An officer who forges the taps that make a link gets none."""
        sari = await met(bot, 101, "Sari")
        await appoint(bot, sari)
        for data in ("officers:0", "appoint:role", "appoint:officer", "appoint:admin", "appoint:officer.diskopum"):
            sari.tap_data(sari.messages()[-1]["message_id"], data)
            await bot.settled()

            assert alert(sari) == STALE
        assert len(sari.alerts()) == 5
        assert len(await bot.rows(select(AppointmentLink))) == 1

    async def test_is_for_an_office_there_is(self, bot: RunningBot, admin: Somebody) -> None:
        """No forged tap makes a link for an office that is none."""
        for data in ("appoint:officer.nothing", "appoint:officer", "appoint:admin.diskopum"):
            admin.tap_data(admin.messages()[-1]["message_id"], data)
            await bot.settled()

        assert await bot.rows(select(AppointmentLink)) == []


class TestToken:
    async def test_is_kept_nowhere(self, bot: RunningBot, admin: Somebody) -> None:
        """Whatever is done with the link, no table and no line of the log holds its token once it was sent."""
        with capture_logs() as said:
            token = await link_for(bot, admin)
            link = admin.messages()[-1]
            admin.write("ini tautannya", link["message_id"])
            admin.forward(link["text"])
            admin.tap_data(link["message_id"], "officers:0")
            sari = bot.person()
            sari.write(f"https://t.me/demo_bot?start=petugas_{token} ini benar?")
            sari.write(f"/start Petugas_{token}")
            sari.sends("photo", caption=f"petugas_{token}")
            await opens(bot, sari, token)
            await opens(bot, bot.person(102, "Budi"), token)

        kept = await everything_in_tables(bot)
        assert f"petugas_{hash_of(token)}" in kept
        assert token not in kept
        assert token not in json.dumps(said, default=str)

    async def test_is_long(self) -> None:
        """192 bits, none like another, as Telegram's links take them, and hashed to the same length."""
        tokens = {new_token() for _ in range(1000)}

        assert len(tokens) == 1000
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{32}", token) for token in tokens | {hash_of(one) for one in tokens})


async def everything_in_tables(bot: RunningBot) -> str:
    rows: list[Any] = []
    for table in SQLModel.metadata.sorted_tables:
        async with bot.database.reading() as session:
            rows += [dict(row._mapping) for row in await (await session.connection()).execute(table.select())]
    return json.dumps(rows, default=str)
