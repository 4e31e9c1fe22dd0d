"""Every command that exists is in the routing table, in /bantuan, in Telegram's menu and in the README; no other is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram.ext import CommandHandler

from bot.profile import set_profile
from handlers.commands import COMMANDS, IN_GROUPS, IN_STAFF_GROUPS, OFFICERS
from messages import LANGUAGES, catalogue, text_of
from tests.conftest import LAMONGAN, sqlite_url
from tests.repo.tree import read
from tests.support.running import RunningBot, running_bot

NO_COMMAND = "unknown"
"""`command.unknown` is what the bot says of a command that does not exist."""


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """One database: what these tests look at does not depend on it."""
    return sqlite_url(request, tmp_path)


@pytest.fixture
async def bot(database_url: str) -> AsyncIterator[RunningBot]:
    async with running_bot(database_url, LAMONGAN) as running:
        yield running


class TestCommands:
    async def test_are_the_routing_table(self, bot: RunningBot) -> None:
        """What is listed is routed, and what is routed is listed."""
        routed = [
            name
            for group in bot.app.application.handlers.values()
            for handler in group
            if isinstance(handler, CommandHandler)
            for name in handler.commands
        ]

        assert sorted(routed) == sorted((*COMMANDS, *OFFICERS, *IN_STAFF_GROUPS))

    async def test_are_in_the_help(self, bot: RunningBot) -> None:
        """/bantuan names each command with what it does."""
        explained = await bot.says(bot.person(), "/bantuan")

        assert [name for name in COMMANDS if f"/{name} – {text_of(f'command.{name}', 'id')}" not in explained] == []

    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_are_telegrams_menu(self, bot: RunningBot, language: str) -> None:
        """The menu of private chats holds the commands, in their order, each described in the client's language."""
        await set_profile(bot.app.application.bot, bot.app.house.district)

        menu = bot.telegram.profile.commands_seen(bot.person().id, language)

        assert [(one["command"], one["description"]) for one in menu] == [
            (name, text_of(f"command.{name}", language)) for name in COMMANDS
        ]

    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_of_groups_are_their_menu(self, bot: RunningBot, language: str) -> None:
        """A group's menu holds only what is answered there."""
        await set_profile(bot.app.application.bot, bot.app.house.district)

        menu = bot.telegram.profile.commands_seen(-500, language, bot.person().id)

        assert [(one["command"], one["description"]) for one in menu] == [
            (name, text_of(f"command.{name}", language)) for name in IN_GROUPS
        ]

    async def test_hold_nothing_for_all_chats(self, bot: RunningBot) -> None:
        """What an older version set for all chats is taken back: it would also show in groups."""
        await bot.app.application.bot.set_my_commands([("start", "Mulai")])

        await set_profile(bot.app.application.bot, bot.app.house.district)

        assert await bot.app.application.bot.get_my_commands() == ()

    async def test_are_set_only_where_they_differ(self, bot: RunningBot) -> None:
        """A menu or description that is as it should be is left alone; one that is not is set again."""
        telegram, district = bot.app.application.bot, bot.app.house.district
        await set_profile(telegram, district)
        await telegram.set_my_description("Lama", "jv")
        before = len(bot.telegram.calls)

        await set_profile(telegram, district)

        changes = [call for call in bot.telegram.calls[before:] if not call.method.startswith("get")]
        assert [(call.method, call.parameters["language_code"]) for call in changes] == [("setMyDescription", "jv")]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_are_described(self, language: str) -> None:
        """Each has its description in every language, and no description is left of one that is gone."""
        described = {str(message.id) for message in catalogue(language) if str(message.id).startswith("command.")}

        assert described == {f"command.{name}" for name in (*COMMANDS, *OFFICERS, *IN_STAFF_GROUPS, NO_COMMAND)}

    def test_are_in_the_readme(self) -> None:
        """The README tells every command."""
        assert [name for name in COMMANDS if f"`/{name}`" not in read("README.md")] == []
