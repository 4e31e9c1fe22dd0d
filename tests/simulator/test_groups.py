"""Groups: what the bot hears in them, what it may do, and what befalls them."""

import pytest

from simulator import Group, Person, PretendTelegram
from simulator.schema import check_object
from tests.simulator.conftest import Bot

HERE = -500


@pytest.fixture
def budi(telegram: PretendTelegram) -> Person:
    return telegram.person(102, first_name="Budi")


@pytest.fixture
def group(telegram: PretendTelegram, sari: Person, budi: Person) -> Group:
    return telegram.group(HERE, "Paguyuban Batik", members=[sari, budi])


async def heard(bot: Bot) -> list[str]:
    return [update["message"]["text"] for update in await bot.get("getUpdates")]


async def kinds(bot: Bot) -> list[str]:
    """Each update's kind; of service messages, what they tell."""
    told = []
    for update in await bot.get("getUpdates"):
        check_object("Update", update)
        (kind,) = set(update) - {"update_id"}
        rest = set(update[kind]) - {"message_id", "from", "chat", "date"}
        told.append("/".join(sorted(rest)) if kind == "message" else kind)
    return told


class TestPrivacy:
    async def test_lets_the_bot_hear_what_is_meant_for_it(self, bot: Bot, sari: Person, group: Group) -> None:
        """Commands, mentions and replies to it come; talk among people and commands to other bots do not."""
        sent = await bot.get("sendMessage", chat_id=HERE, text="Halo semua")
        group.write(sari, "Siapa ikut pameran?")
        group.write(sari, "/jadwal@bot_lain")
        group.write(sari, "tanya @bot_lain saja")
        group.write(sari, "/jadwal")
        group.write(sari, "/jadwal@demo_bot")
        group.write(sari, "😀 @Demo_Bot jam buka?")
        group.write(sari, "terima kasih", reply_to=sent["message_id"])

        assert await heard(bot) == ["/jadwal", "/jadwal@demo_bot", "😀 @Demo_Bot jam buka?", "terima kasih"]

    @pytest.mark.parametrize("how", ["administrator", "switched off"])
    async def test_ends_for_administrators(
        self, bot: Bot, sari: Person, group: Group, telegram: PretendTelegram, how: str
    ) -> None:
        """An administrator hears everything, and so does a bot without privacy mode."""
        if how == "administrator":
            group.promote_bot()
            await bot.get("getUpdates", offset=-1)
        telegram.bot_reads_all = how == "switched off"
        group.write(sari, "Siapa ikut pameran?")
        updates = await bot.get("getUpdates")

        assert updates[-1]["message"]["text"] == "Siapa ikut pameran?"
        assert (await bot.get("getMe"))["can_read_all_group_messages"] is (how == "switched off")

    async def test_holds_for_edits_too(self, bot: Bot, sari: Person, group: Group) -> None:
        """An edit is heard if the text it leads to is."""
        message = group.write(sari, "halo")
        sari.edit(message["message_id"], "halo semua", chat=HERE)
        sari.edit(message["message_id"], "halo @demo_bot", chat=HERE)

        (update,) = await bot.get("getUpdates")

        assert update["edited_message"]["text"] == "halo @demo_bot"


class TestWrite:
    async def test_tells_who_and_where(self, bot: Bot, sari: Person, group: Group) -> None:
        """A group's message has the group's chat and the writer, and is not in their private chat."""
        group.write(sari, "/start")

        (update,) = await bot.get("getUpdates")

        assert update["message"]["chat"] == {"id": HERE, "title": "Paguyuban Batik", "type": "group"}
        assert update["message"]["from"]["id"] == sari.id
        assert sari.messages() == []
        check_object("Update", update)

    async def test_is_for_members(self, telegram: PretendTelegram, group: Group) -> None:
        """Who is in the group writes there, nobody else."""
        with pytest.raises(LookupError, match="in no chat"):
            group.write(telegram.person(999), "halo")

    async def test_can_hide_an_administrator(self, bot: Bot, sari: Person, budi: Person, group: Group) -> None:
        """An anonymous administrator writes as the group itself; a plain member cannot."""
        group.write(sari, "/jadwal", is_anonymous=True)

        (update,) = await bot.get("getUpdates")

        assert update["message"]["from"]["username"] == "GroupAnonymousBot"
        assert update["message"]["sender_chat"] == group.chat.info
        check_object("Update", update)
        with pytest.raises(LookupError, match="no administrator"):
            group.write(budi, "halo", is_anonymous=True)

    async def test_taps_and_sends_like_elsewhere(self, bot: Bot, sari: Person, group: Group) -> None:
        """Buttons in a group are tapped by anybody there, and their answers reach who tapped."""
        keyboard = {"inline_keyboard": [[{"text": "Ikut", "callback_data": "1"}]]}
        await bot.get("sendMessage", chat_id=HERE, text="?", reply_markup=keyboard)

        await bot.get("answerCallbackQuery", callback_query_id=sari.tap("Ikut", chat=HERE), text="Siap")
        sari.sends("photo", caption="@demo_bot ini", chat=HERE)
        tap, photo = await bot.get("getUpdates")

        assert tap["callback_query"]["message"]["chat"]["id"] == HERE
        assert photo["message"]["caption"] == "@demo_bot ini"
        assert sari.alerts() == [{"text": "Siap", "show_alert": False}]
        assert group.texts() == ["?"]


class TestMembership:
    async def test_is_told_when_it_changes(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """Added, promoted, demoted and removed: my_chat_member each time, and the service messages people see."""
        group = telegram.group(HERE, "Batik", members=[sari], bot="left")
        before = await bot.refusal("sendMessage", chat_id=HERE, text="halo")
        group.add_bot()
        group.promote_bot()
        group.demote_bot(by=sari)
        group.remove_bot()

        assert before == "Bad Request: chat not found"
        assert await kinds(bot) == [
            "my_chat_member",
            "new_chat_members",
            "my_chat_member",
            "my_chat_member",
            "my_chat_member",
            "left_chat_member",
        ]
        statuses = [
            (
                change["my_chat_member"]["old_chat_member"]["status"],
                change["my_chat_member"]["new_chat_member"]["status"],
            )
            for change in await bot.get("getUpdates")
            if "my_chat_member" in change
        ]
        assert statuses == [
            ("left", "member"),
            ("member", "administrator"),
            ("administrator", "member"),
            ("member", "left"),
        ]

    @pytest.mark.parametrize(("group_id", "kind"), [(HERE, "group"), (-1_000_000_000_500, "supergroup")])
    async def test_is_needed_for_everything(
        self, bot: Bot, sari: Person, telegram: PretendTelegram, group_id: int, kind: str
    ) -> None:
        """Who was thrown out gets a 403 that says so, until added again."""
        group = telegram.group(group_id, "Batik", members=[sari])
        group.remove_bot()

        refused = await bot.call("sendMessage", chat_id=group_id, text="halo")
        asked = await bot.refusal("getChat", chat_id=group_id)
        group.write(sari, "/jadwal")
        group.add_bot()

        assert (refused["error_code"], refused["description"]) == (
            403,
            f"Forbidden: bot was kicked from the {kind} chat",
        )
        assert asked == f"Forbidden: bot was kicked from the {kind} chat"
        assert await bot.get("sendMessage", chat_id=group_id, text="halo lagi")
        assert group.texts() == ["halo lagi"]
        assert "text" not in str(await kinds(bot))

    async def test_ends_by_leaving(self, bot: Bot, group: Group) -> None:
        """leaveChat goes, and is told apart from being thrown out."""
        await bot.get("leaveChat", chat_id=HERE)

        assert await kinds(bot) == ["my_chat_member"]
        assert await bot.refusal("sendMessage", chat_id=HERE, text="x") == (
            "Forbidden: bot is not a member of the group chat"
        )

    async def test_of_people_is_told_to_administrators(self, bot: Bot, group: Group, telegram: PretendTelegram) -> None:
        """Newcomers are service messages; chat_member comes only when asked for, to an administrator."""
        await bot.get("getUpdates", allowed_updates=["message", "chat_member"])
        tini = telegram.person(103, first_name="Tini")
        group.add(tini)
        group.promote_bot()
        group.remove(tini, by=tini)

        assert await kinds(bot) == ["new_chat_members", "chat_member", "left_chat_member"]


class TestAsking:
    async def test_tells_who_is_there(self, bot: Bot, sari: Person, group: Group, telegram: PretendTelegram) -> None:
        """Owner, member, stranger and the bot itself; unknown people are refused."""
        telegram.person(104)
        group.promote_bot()

        asked = [await bot.get("getChatMember", chat_id=HERE, user_id=user) for user in (101, 102, 104, 1)]

        assert [member["status"] for member in asked] == ["creator", "member", "left", "administrator"]
        assert await bot.refusal("getChatMember", chat_id=HERE, user_id=7) == "Bad Request: invalid user_id specified"
        admins = await bot.get("getChatAdministrators", chat_id=HERE)
        assert [admin["user"]["id"] for admin in admins] == [101, 1]
        assert await bot.get("getChatMemberCount", chat_id=HERE) == 3
        for member, kind in zip(asked, ("Owner", "Member", "Left", "Administrator"), strict=True):
            check_object(f"ChatMember{kind}", member)

    async def test_describes_the_chat(self, bot: Bot, sari: Person, group: Group) -> None:
        """getChat has title and type; a private chat has no administrators."""
        chat = await bot.get("getChat", chat_id=HERE)

        assert (chat["title"], chat["type"]) == ("Paguyuban Batik", "group")
        assert "no administrators" in await bot.refusal("getChatAdministrators", chat_id=101)
        assert (await bot.get("getChatMember", chat_id=101, user_id=101))["status"] == "member"
        assert "private chats" in await bot.refusal("leaveChat", chat_id=101)


class TestRename:
    async def test_is_a_service_message(self, bot: Bot, group: Group) -> None:
        """A new title is told, and stands in what comes after."""
        group.rename("Batik Lamongan")

        (update,) = await bot.get("getUpdates")

        assert update["message"]["new_chat_title"] == update["message"]["chat"]["title"] == "Batik Lamongan"


class TestMigrate:
    async def test_moves_to_another_chat(self, bot: Bot, sari: Person, group: Group) -> None:
        """The bot joins the new chat, and both tell of it; calls for the old one are refused and name the new one."""
        new = group.migrate()

        joined, *messages = await bot.get("getUpdates")
        old, born = [update["message"] for update in messages]
        refused = await bot.call("sendMessage", chat_id=HERE, text="halo")
        new.write(sari, "/jadwal")

        assert joined["my_chat_member"]["chat"]["id"] == new.id
        assert (old["chat"]["id"], old["migrate_to_chat_id"]) == (HERE, new.id)
        assert (born["chat"]["id"], born["migrate_from_chat_id"]) == (new.id, HERE)
        assert born["chat"]["type"] == "supergroup"
        for update in (joined, *messages):
            check_object("Update", update)
        assert refused == {
            "ok": False,
            "error_code": 400,
            "description": "Bad Request: group chat was upgraded to a supergroup chat",
            "parameters": {"migrate_to_chat_id": new.id},
        }
        assert await bot.get("sendMessage", chat_id=new.id, text="halo")
        assert (await bot.get("getUpdates"))[-1]["message"]["text"] == "/jadwal"
        with pytest.raises(LookupError):
            group.write(sari, "masih ada?")
        with pytest.raises(ValueError, match="no group"):
            new.migrate()


class TestRights:
    async def test_bound_deleting_and_pinning(self, bot: Bot, sari: Person, group: Group) -> None:
        """A plain member deletes its own messages only and pins nothing; an administrator does both."""
        theirs = group.write(sari, "/jadwal")["message_id"]
        own = (await bot.get("sendMessage", chat_id=HERE, text="Jadwal"))["message_id"]

        assert "can't be deleted" in await bot.refusal("deleteMessage", chat_id=HERE, message_id=theirs)
        assert "not enough rights" in await bot.refusal("pinChatMessage", chat_id=HERE, message_id=own)
        group.promote_bot()
        await bot.get("pinChatMessage", chat_id=HERE, message_id=own)
        pinned = (await bot.get("getChat", chat_id=HERE))["pinned_message"]["message_id"]
        await bot.get("unpinChatMessage", chat_id=HERE)
        await bot.get("deleteMessage", chat_id=HERE, message_id=theirs)

        assert pinned == own
        assert "pinned_message" not in await bot.get("getChat", chat_id=HERE)
        notice = group.messages()[-1]["message_id"]
        assert "can't be pinned" in await bot.refusal("pinChatMessage", chat_id=HERE, message_id=notice)
        assert "not found" in await bot.refusal("unpinChatMessage", chat_id=HERE, message_id=own)
        assert (await kinds(bot))[-1] == "pinned_message"
