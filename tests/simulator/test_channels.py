"""Channels: who posts there, what the bot may do, and how it hears of it."""

import pytest

from simulator import Channel, Person, PretendTelegram
from simulator.schema import check_object
from tests.simulator.conftest import Bot

HERE = -1_000_000_000_900
NEEDS_RIGHTS = "Bad Request: need administrator rights in the channel chat"


@pytest.fixture
def budi(telegram: PretendTelegram) -> Person:
    return telegram.person(102, first_name="Budi")


@pytest.fixture
def channel(telegram: PretendTelegram, sari: Person, budi: Person) -> Channel:
    """Sari owns it, Budi reads it, the bot is its administrator."""
    return telegram.channel(HERE, "Kabar UMKM", members=[sari, budi])


class TestPost:
    async def test_is_in_the_channels_name(self, bot: Bot, channel: Channel) -> None:
        """What the bot posts has the channel as sender and nobody it is from."""
        message = await bot.get("sendMessage", chat_id=HERE, text="<b>Halo</b> semua", parse_mode="HTML")

        assert message["sender_chat"] == message["chat"] == {"id": HERE, "title": "Kabar UMKM", "type": "channel"}
        assert "from" not in message
        assert channel.messages() == [message]
        assert channel.texts() == ["Halo semua"]
        assert await bot.get("getUpdates") == []
        check_object("Message", message)

    async def test_takes_pictures_and_albums(self, bot: Bot, channel: Channel) -> None:
        """Every kind of message can be a post."""
        photo = {"type": "photo", "media": "https://a.id/a.png"}

        album = await bot.get("sendMediaGroup", chat_id=HERE, media=[photo, photo])
        await bot.get("sendPhoto", chat_id=HERE, photo="https://a.id/a.png", caption="Pameran")

        assert all("from" not in message for message in album)
        assert channel.texts() == ["", "", "Pameran"]

    async def test_has_inline_keyboards_only(self, bot: Bot, channel: Channel, budi: Person) -> None:
        """Readers tap buttons under a post; there is no input to put another keyboard under."""
        keyboard = {"inline_keyboard": [[{"text": "Ikut", "callback_data": "1"}]]}
        message = await bot.get("sendMessage", chat_id=HERE, text="?", reply_markup=keyboard)
        budi.tap("Ikut", chat=HERE)

        (update,) = await bot.get("getUpdates")

        assert update["callback_query"]["message"] == message
        assert update["callback_query"]["from"]["id"] == budi.id
        check_object("Update", update)
        assert "inline keyboard expected" in await bot.refusal(
            "sendMessage", chat_id=HERE, text="?", reply_markup={"keyboard": [["Ya"]]}
        )

    async def test_needs_the_right(self, bot: Bot, channel: Channel) -> None:
        """An administrator without can_post_messages posts nothing."""
        channel.add_bot(can_post_messages=False)

        assert await bot.refusal("sendMessage", chat_id=HERE, text="x") == NEEDS_RIGHTS
        assert await bot.refusal("sendPhoto", chat_id=HERE, photo="https://a.id/a.png") == NEEDS_RIGHTS
        assert channel.messages() == []

    @pytest.mark.parametrize(
        ("is_banned", "refusal"),
        [
            (False, "Forbidden: bot is not a member of the channel chat"),
            (True, "Forbidden: bot was kicked from the channel chat"),
        ],
    )
    async def test_needs_the_bot_to_be_there(self, bot: Bot, channel: Channel, is_banned: bool, refusal: str) -> None:
        """Who was removed can neither post, edit nor delete, until added again."""
        sent = await bot.get("sendMessage", chat_id=HERE, text="satu")
        channel.remove_bot(is_banned=is_banned)
        place = {"chat_id": HERE, "message_id": sent["message_id"]}

        assert (await bot.call("sendMessage", chat_id=HERE, text="dua"))["error_code"] == 403
        assert await bot.refusal("sendMessage", chat_id=HERE, text="dua") == refusal
        assert await bot.refusal("editMessageText", text="dua", **place) == refusal
        assert await bot.refusal("deleteMessage", **place) == refusal
        channel.add_bot()
        assert await bot.get("editMessageText", text="dua", **place)

    async def test_needs_a_channel_it_knows(self, bot: Bot, telegram: PretendTelegram, sari: Person) -> None:
        """A channel the bot never was in does not exist for it."""
        telegram.channel(HERE, members=[sari], bot="left")

        assert await bot.refusal("sendMessage", chat_id=HERE, text="x") == "Bad Request: chat not found"


class TestEdit:
    async def test_of_ones_own_needs_posting(self, bot: Bot, channel: Channel) -> None:
        """The bot changes and deletes its own posts as long as it may post, and no longer."""
        first, second = [await bot.get("sendMessage", chat_id=HERE, text=text) for text in ("satu", "dua")]
        channel.add_bot(can_edit_messages=False, can_delete_messages=False)

        edited = await bot.get("editMessageText", chat_id=HERE, message_id=first["message_id"], text="SATU")
        await bot.get("deleteMessage", chat_id=HERE, message_id=second["message_id"])

        channel.add_bot(can_post_messages=False, can_edit_messages=False, can_delete_messages=False)
        place = {"chat_id": HERE, "message_id": first["message_id"]}

        assert "from" not in edited
        assert await bot.refusal("editMessageText", text="x", **place) == "Bad Request: message can't be edited"
        assert await bot.refusal("deleteMessage", **place) == "Bad Request: message can't be deleted"
        assert channel.texts() == ["SATU"]

    async def test_of_others_needs_rights(self, bot: Bot, channel: Channel, sari: Person) -> None:
        """The owner's posts are changed with can_edit_messages, deleted with can_delete_messages."""
        place = {"chat_id": HERE, "message_id": channel.write(sari, "halo")["message_id"]}
        channel.add_bot(can_edit_messages=False, can_delete_messages=False)

        assert await bot.refusal("editMessageText", text="x", **place) == "Bad Request: message can't be edited"
        assert await bot.refusal("deleteMessage", **place) == "Bad Request: message can't be deleted"
        channel.add_bot()
        assert (await bot.get("editMessageText", text="hai", **place))["text"] == "hai"
        assert await bot.get("deleteMessage", **place) is True

    async def test_ends_after_two_days_for_deleting(
        self, bot: Bot, channel: Channel, telegram: PretendTelegram
    ) -> None:
        """A post is deleted within 48 hours; it is edited later too."""
        place = {"chat_id": HERE}
        place["message_id"] = (await bot.get("sendMessage", chat_id=HERE, text="satu"))["message_id"]
        then = telegram.clock()
        telegram.clock = lambda: then + 48 * 3600 + 2

        assert await bot.refusal("deleteMessage", **place) == "Bad Request: message can't be deleted"
        assert await bot.get("editMessageText", text="batal", **place)


class TestPin:
    async def test_needs_the_right_to_edit(self, bot: Bot, channel: Channel) -> None:
        """In a channel pinning goes with can_edit_messages, and the notice comes as a post."""
        sent = await bot.get("sendMessage", chat_id=HERE, text="Penting", disable_notification=True)
        place = {"chat_id": HERE, "message_id": sent["message_id"]}

        await bot.get("pinChatMessage", **place)
        (update,) = await bot.get("getUpdates")
        channel.add_bot(can_edit_messages=False)

        assert update["channel_post"]["pinned_message"]["text"] == "Penting"
        check_object("Update", update)
        assert channel.chat.silent == {sent["message_id"]}
        assert "not enough rights" in await bot.refusal("unpinChatMessage", **place)


class TestHear:
    async def test_what_others_post(self, bot: Bot, channel: Channel, sari: Person) -> None:
        """The owner's posts, edits and pictures come as channel_post and edited_channel_post, from nobody."""
        sent = channel.write(sari, "Pameran besok")
        sari.edit(sent["message_id"], "Pameran lusa", chat=HERE)
        sari.sends("photo", caption="Stan", chat=HERE)

        updates = await bot.get("getUpdates")

        kinds = [next(iter(set(update) - {"update_id"})) for update in updates]
        assert kinds == ["channel_post", "edited_channel_post", "channel_post"]
        for update in updates:
            check_object("Update", update)
        assert all("from" not in update[kind] for update, kind in zip(updates, kinds, strict=True))
        assert updates[0]["channel_post"]["sender_chat"] == channel.chat.info

    async def test_only_what_was_asked_for(self, bot: Bot, channel: Channel, sari: Person) -> None:
        """Without channel_post among the allowed updates, no post comes."""
        await bot.get("getUpdates", allowed_updates=["message", "my_chat_member"])
        channel.write(sari, "halo")
        sari.write("hai")

        assert [update["message"]["text"] for update in await bot.get("getUpdates")] == ["hai"]

    async def test_nothing_when_not_there(self, bot: Bot, channel: Channel, sari: Person) -> None:
        """A removed bot hears of its removal, then of no post."""
        channel.remove_bot()
        channel.write(sari, "halo")

        (update,) = await bot.get("getUpdates")

        assert set(update) == {"update_id", "my_chat_member"}

    async def test_readers_post_nothing(self, channel: Channel, budi: Person, telegram: PretendTelegram) -> None:
        """Who reads a channel, or knows it not, cannot post; an administrator can."""
        with pytest.raises(LookupError, match="may not post"):
            channel.write(budi, "halo")
        with pytest.raises(LookupError, match="in no chat"):
            channel.write(telegram.person(103), "halo")
        channel.promote(budi)

        assert channel.write(budi, "halo")["text"] == "halo"


class TestMembership:
    async def test_of_the_bot_is_told(self, bot: Bot, telegram: PretendTelegram, sari: Person) -> None:
        """Added, given fewer rights, removed and thrown out: my_chat_member each time, by whom, with its rights."""
        channel = telegram.channel(HERE, "Kabar", members=[sari], bot="left")
        channel.add_bot(by=sari)
        channel.add_bot(can_edit_messages=False)
        channel.remove_bot()
        channel.add_bot()
        channel.remove_bot(is_banned=True)

        updates = await bot.get("getUpdates")
        changes = [update["my_chat_member"] for update in updates]

        for update in updates:
            check_object("Update", update)
        assert {change["from"]["id"] for change in changes} == {sari.id}
        assert {change["chat"]["type"] for change in changes} == {"channel"}
        assert [(change["old_chat_member"]["status"], change["new_chat_member"]["status"]) for change in changes] == [
            ("left", "administrator"),
            ("administrator", "administrator"),
            ("administrator", "left"),
            ("left", "administrator"),
            ("administrator", "kicked"),
        ]
        rights = ("can_post_messages", "can_edit_messages", "can_delete_messages")
        assert [changes[1]["new_chat_member"][right] for right in rights] == [True, False, True]

    async def test_can_be_asked_for(self, bot: Bot, channel: Channel) -> None:
        """getChat, getChatMember and getChatAdministrators know a channel."""
        chat = await bot.get("getChat", chat_id=HERE)
        member = await bot.get("getChatMember", chat_id=HERE, user_id=1)
        admins = await bot.get("getChatAdministrators", chat_id=HERE)

        assert (chat["type"], chat["title"]) == ("channel", "Kabar UMKM")
        check_object("ChatMemberAdministrator", member)
        assert [admin["user"]["id"] for admin in admins] == [101, 1]
        assert await bot.get("getChatMemberCount", chat_id=HERE) == 3

    async def test_ends_by_leaving(self, bot: Bot, channel: Channel) -> None:
        """leaveChat leaves no message behind."""
        await bot.get("leaveChat", chat_id=HERE)

        assert channel.messages() == []
        assert "not a member" in await bot.refusal("sendMessage", chat_id=HERE, text="x")

    def test_has_a_channels_id(self, telegram: PretendTelegram) -> None:
        """Ids of channels lie below those of plain groups; asking again gives the same channel."""
        assert telegram.channel(HERE) is telegram.channel(HERE)
        with pytest.raises(ValueError, match="a channel's id"):
            telegram.channel(-900)
