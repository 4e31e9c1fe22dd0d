"""The link that `run` prints where nobody is an admin: it makes the first one, once, and stands in no log."""

import json
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.first_admin import first_admin_line
from db.models import AppointmentLink, AuditEntry, Officer, Role
from domain.knowledge.shelf import Library
from tests.bot.test_command_line import telegram, wait_for_line
from tests.conftest import LAMONGAN
from tests.support.commands import PATIENCE, elsewhere, environment
from tests.support.running import RunningBot, running_bot
from tests.support.serving import ADMIN, Clock, opens

__all__ = ["telegram"]  # a fixture, used here too

LINE = re.compile(r"Nobody is an admin yet\. Open https://t\.me/demo_bot\?start=petugas_([\w-]{32}) within 24 hours .+")


async def line_of(bot: RunningBot) -> str:
    """The token in the line that is printed."""
    found = LINE.fullmatch(await first_admin_line(bot.app) or "")
    assert found
    return found[1]


async def roles(bot: RunningBot) -> list[Role]:
    return await bot.rows(select(Officer.role))


class TestLine:
    async def test_makes_the_first_admin(self, bot: RunningBot) -> None:
        """Whoever opens it is admin; then there is no such line any more, and the audit tells it all."""
        token = await line_of(bot)

        assert "admin semua dinas" in await opens(bot, bot.person(), token)
        assert await roles(bot) == [Role.ADMIN]
        assert await first_admin_line(bot.app) is None
        told = await bot.rows(select(AuditEntry).order_by(col(AuditEntry.id)))
        assert [(entry.deed, entry.actor, entry.place) for entry in told] == [
            ("officer.link_made", "terminal", "terminal"),
            ("officer.appointed", "person", "private"),
        ]
        assert told[1].after == {"role": "admin", "by": "terminal"}

    async def test_voids_those_before(self, bot: RunningBot) -> None:
        """Of several starts, and of replicas that start at once, only the newest line holds."""
        first, second = await line_of(bot), await line_of(bot)

        assert "tidak berlaku" in await opens(bot, bot.person(), first)
        assert await roles(bot) == []
        assert "Selamat bertugas" in await opens(bot, bot.person(), second)

    async def test_is_void_once_there_is_an_admin(self, database_url: str, library: Library) -> None:
        """A line nobody used is no second way in after ADMIN_IDS named somebody."""
        async with running_bot(database_url, LAMONGAN, library=library) as before:
            token = await line_of(before)
        async with running_bot(database_url, LAMONGAN, library=library, ADMIN_IDS=(ADMIN,)) as after:
            assert await first_admin_line(after.app) is None
            assert "tidak berlaku" in await opens(after, after.person(), token)
            assert len(await roles(after)) == 1

    async def test_lasts_a_day(self, database_url: str, library: Library) -> None:
        """As every such link."""
        clock = Clock()
        async with running_bot(database_url, LAMONGAN, now=clock, library=library) as bot:
            token = await line_of(bot)
            clock.go_on(hours=24)

            assert "tidak berlaku" in await opens(bot, bot.person(), token)

    async def test_keeps_the_hash_only(self, bot: RunningBot) -> None:
        """The table holds what nobody can open anything with."""
        token = await line_of(bot)

        (kept,) = await bot.rows(select(AppointmentLink.token_hash))
        assert kept != token
        assert "tidak saya kenal" in await opens(bot, bot.person(), kept)


class TestRun:
    @pytest.mark.parametrize("admins", ["", "201"])
    def test_prints_it_and_logs_nothing_of_it(self, tmp_path: Path, telegram: str, admins: str) -> None:
        """One line on standard output where no admin is named, else none; no token in the most talkative log."""
        settings = elsewhere(tmp_path) | {"BOT_TOKEN": "1000:test", "TELEGRAM_API_URL": telegram, "HTTP_PORT": "0"}
        settings |= {"LOG_LEVEL": "debug", "LOG_FORMAT": "json", "ADMIN_IDS": admins}
        command = [sys.executable, "-m", "bot", "run"]
        process = subprocess.Popen(  # noqa: S603 -- our own program
            command,
            cwd=tmp_path,
            env=environment(**settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        log = wait_for_line(process, '"running"')
        assert process.stdout
        printed = "" if admins else process.stdout.readline()
        if found := LINE.fullmatch(printed.strip()):
            deed = {"person": 101, "do": "write", "text": f"/start petugas_{found[1]}"}
            tell(telegram, "do", {"deeds": [deed]})
            assert tell(telegram, "wait", {"calls": 1, "method": "sendMessage", "timeout": 20})["is_so"]
        process.send_signal(signal.SIGTERM)
        more, rest = process.communicate(timeout=PATIENCE)

        assert bool(found) is not bool(admins)
        assert more == ""
        assert found is None or found[1] not in "\n".join([*log, rest])


def tell(address: str, what: str, asked: dict[str, object]) -> dict[str, object]:
    request = urllib.request.Request(f"{address}/control/{what}", json.dumps(asked).encode(), method="POST")  # noqa: S310 -- ours
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 -- ours
        return dict(json.load(answer))
