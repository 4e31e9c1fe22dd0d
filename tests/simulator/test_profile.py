"""What the bot says of itself."""

import pytest

from simulator import Person, PretendTelegram
from simulator.schema import check_object
from tests.simulator.conftest import Bot

HELP = [{"command": "bantuan", "description": "Bantuan"}]
START = [{"command": "start", "description": "Mulai"}]


class TestGetMe:
    async def test_has_the_tokens_id(self, bot: Bot) -> None:
        """The bot's id is the number in its token."""
        me = await bot.get("getMe")

        assert (me["id"], me["is_bot"], me["username"]) == (1, True, "demo_bot")
        check_object("User", me)


class TestGetChat:
    async def test_describes_the_private_chat(self, bot: Bot, sari: Person) -> None:
        """A known person's chat is described, an unknown one's is not."""
        chat = await bot.get("getChat", chat_id=sari.id)

        assert (chat["id"], chat["type"], chat["first_name"]) == (101, "private", "Sari")
        assert await bot.refusal("getChat", chat_id=5) == "Bad Request: chat not found"


class TestCommands:
    async def test_are_kept_by_scope_and_language(self, bot: Bot, sari: Person) -> None:
        """Each scope and language has its own list, and get gives exactly that one."""
        scope = {"type": "chat", "chat_id": sari.id}
        await bot.get("setMyCommands", commands=HELP)
        await bot.get("setMyCommands", commands=START, scope=scope, language_code="id")

        assert await bot.get("getMyCommands") == HELP
        assert await bot.get("getMyCommands", scope=scope, language_code="id") == START
        assert await bot.get("getMyCommands", scope=scope) == []

        await bot.get("deleteMyCommands")

        assert await bot.get("getMyCommands") == []

    async def test_are_seen_from_the_narrowest_scope(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """A person's menu is that of their chat, else of private chats, else the default; their language first."""
        profile = telegram.profile
        await bot.get("setMyCommands", commands=HELP)
        default = profile.commands_seen(sari.id, "id")
        await bot.get("setMyCommands", commands=START, scope={"type": "all_private_chats"}, language_code="id")

        assert default == HELP
        assert profile.commands_seen(sari.id, "id") == START
        assert profile.commands_seen(sari.id, "en") == HELP

    async def test_follow_the_scopes_of_groups(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """In a group administrators have their own menu, and a member can; groups have one apart from private chats."""
        budi = telegram.person(102)
        group = telegram.group(-500, "Batik", members=[sari, budi])

        def menus() -> list[str]:
            menus = [telegram.menu(person, group.chat) for person in (sari, budi)]
            return [menu[0]["command"] if menu else "" for menu in menus]

        async def offer(command: str, **scope: object) -> None:
            await bot.get("setMyCommands", commands=[{"command": command, "description": "x"}], scope=scope)

        seen = []
        for command, scope in {
            "pribadi": {"type": "all_private_chats"},
            "umum": {"type": "default"},
            "grup": {"type": "all_group_chats"},
            "semua_admin": {"type": "all_chat_administrators"},
            "sini": {"type": "chat", "chat_id": -500},
            "admin_sini": {"type": "chat_administrators", "chat_id": -500},
            "budi": {"type": "chat_member", "chat_id": -500, "user_id": 102},
        }.items():
            await offer(command, **scope)
            seen.append(menus())

        assert seen == [
            ["", ""],
            ["umum", "umum"],
            ["grup", "grup"],
            ["semua_admin", "grup"],
            ["sini", "sini"],
            ["admin_sini", "sini"],
            ["admin_sini", "budi"],
        ]
        assert telegram.menu(sari, sari.chat)[0]["command"] == "pribadi"

    @pytest.mark.parametrize(
        ("commands", "refusal"),
        [
            ([{"command": "Bantuan", "description": "x"}], "BOT_COMMAND_INVALID"),
            ([{"command": "a" * 33, "description": "x"}], "BOT_COMMAND_INVALID"),
            ([{"command": "a", "description": " "}], "BOT_COMMAND_DESCRIPTION_INVALID"),
            ([{"command": "a", "description": "x" * 257}], "BOT_COMMAND_DESCRIPTION_INVALID"),
            (HELP * 101, "BOT_COMMANDS_TOO_MUCH"),
        ],
    )
    async def test_have_limits(self, bot: Bot, commands: list[dict], refusal: str) -> None:
        """A hundred commands, small letters, a described one each."""
        assert await bot.refusal("setMyCommands", commands=commands) == f"Bad Request: {refusal}"


class TestTexts:
    @pytest.mark.parametrize(
        ("method", "field", "longest"),
        [("Description", "description", 512), ("ShortDescription", "short_description", 120), ("Name", "name", 64)],
    )
    async def test_are_kept_by_language(self, bot: Bot, method: str, field: str, longest: int) -> None:
        """A language without a text of its own has the general one; too long ones are refused."""
        await bot.get(f"setMy{method}", **{field: "umum"})
        await bot.get(f"setMy{method}", **{field: "a" * longest, "language_code": "id"})

        assert await bot.get(f"getMy{method}", language_code="id") == {field: "a" * longest}
        assert await bot.get(f"getMy{method}", language_code="jv") == {field: "umum"}
        assert f"must not exceed {longest} characters" in await bot.refusal(
            f"setMy{method}", **{field: "a" * (longest + 1)}
        )


class TestMenuButton:
    async def test_is_kept_by_chat(self, bot: Bot, sari: Person) -> None:
        """A chat has the button set for it, else the one set for all, else the commands."""
        before = await bot.get("getChatMenuButton")
        await bot.get("setChatMenuButton", menu_button={"type": "default"})
        await bot.get("setChatMenuButton", chat_id=101, menu_button={"type": "commands"})

        assert before == {"type": "commands"}
        assert await bot.get("getChatMenuButton") == {"type": "default"}
        assert await bot.get("getChatMenuButton", chat_id=101) == {"type": "commands"}
