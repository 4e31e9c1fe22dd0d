"""What people do, and what they see."""

import time

import pytest

from simulator import Person, PretendTelegram
from simulator.schema import check_object
from tests.simulator.conftest import Bot
from tests.simulator.test_media import JPEG


async def newest(bot: Bot) -> dict:
    return (await bot.get("getUpdates", offset=-1))[0]


class TestPerson:
    def test_is_made_once(self, telegram: PretendTelegram) -> None:
        """Asking again gives the same person, renamed when something else is given."""
        first = telegram.person(7, first_name="Budi")

        assert telegram.person(7) is first
        assert telegram.person(7, first_name="Budiman", username="budi").user == {
            "id": 7,
            "is_bot": False,
            "first_name": "Budiman",
            "language_code": "id",
            "username": "budi",
        }


class TestWrite:
    async def test_marks_commands_in_utf16(self, bot: Bot, sari: Person) -> None:
        """A command is an entity, its place counted in UTF-16 units, wherever it stands."""
        sari.write("😀 /daftar@demo_bot ya")

        message = (await newest(bot))["message"]

        assert message["entities"] == [{"type": "bot_command", "offset": 3, "length": 16}]

    async def test_marks_links(self, bot: Bot, sari: Person) -> None:
        """An address is an entity without the full stop after it; a date or a slash between words is none."""
        sari.write("lihat lamongankab.go.id. Besok 12.30, pria/wanita")

        assert (await newest(bot))["message"]["entities"] == [{"type": "url", "offset": 6, "length": 17}]

    async def test_has_sender_chat_and_seconds(self, bot: Bot, sari: Person) -> None:
        """A private chat has the person's id; dates are unix seconds."""
        sari.write("halo")

        message = (await newest(bot))["message"]

        assert message["from"] == {"id": 101, "is_bot": False, "first_name": "Sari", "language_code": "id"}
        assert message["chat"] == {"id": 101, "first_name": "Sari", "type": "private"}
        assert abs(message["date"] - time.time()) < 60
        assert "entities" not in message

    async def test_quotes_what_it_replies_to(self, bot: Bot, sari: Person) -> None:
        """A reply carries the message it answers, but not that one's own reply."""
        first = sari.write("satu")
        second = sari.write("dua", reply_to=first["message_id"])
        sari.write("tiga", reply_to=second["message_id"])

        quoted = (await newest(bot))["message"]["reply_to_message"]

        assert quoted["text"] == "dua"
        assert "reply_to_message" not in quoted

    @pytest.mark.parametrize("text", ["", "   ", "a" * 4097])
    def test_refuses_what_no_client_sends(self, sari: Person, text: str) -> None:
        """Empty and overlong texts are a mistake of the test."""
        with pytest.raises(ValueError, match="a client sends"):
            sari.write(text)


class TestEdit:
    async def test_keeps_the_message_and_its_past(self, bot: Bot, sari: Person) -> None:
        """An edit is an edited_message of the same id; the first update still shows the old text."""
        message = sari.write("helo")
        sari.edit(message["message_id"], "halo")

        old, new = await bot.get("getUpdates")

        assert old["message"]["text"] == "helo"
        assert new["edited_message"]["text"] == "halo"
        assert new["edited_message"]["message_id"] == message["message_id"]
        assert new["edited_message"]["edit_date"] >= message["date"]


class TestTap:
    async def test_finds_the_newest_button(self, bot: Bot, sari: Person) -> None:
        """A tap is found by its label, on the newest message that has it, and quotes that message."""
        for data in ("lama", "baru"):
            keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": data}]]}
            message = await bot.get("sendMessage", chat_id=101, text=data, reply_markup=keyboard)

        query_id = sari.tap("Ya")
        query = (await newest(bot))["callback_query"]

        assert (query["id"], query["data"]) == (query_id, "baru")
        assert query["message"] == message
        assert query["from"]["id"] == 101
        assert isinstance(query["chat_instance"], str)

    async def test_names_the_labels_there_are(self, bot: Bot, sari: Person) -> None:
        """A label nobody showed is a mistake of the test, and the error helps to see which."""
        keyboard = {
            "inline_keyboard": [[{"text": "Ya", "callback_data": "1"}, {"text": "Peta", "url": "https://a.id"}]]
        }
        await bot.get("sendMessage", chat_id=101, text="?", reply_markup=keyboard)

        with pytest.raises(LookupError, match=r"Ya.*Peta"):
            sari.tap("Tidak")
        with pytest.raises(LookupError, match="asks the bot nothing"):
            sari.tap("Peta")


class TestForward:
    async def test_tells_the_origin(self, bot: Bot, sari: Person) -> None:
        """A forwarded message has a forward_origin with its own date."""
        sari.forward("kabar", sender_name="Pak Lurah")

        origin = (await newest(bot))["message"]["forward_origin"]

        assert origin["type"] == "hidden_user"
        assert origin["sender_user_name"] == "Pak Lurah"


class TestPress:
    KEYS = (["Ya", {"text": "Nomor saya", "request_contact": True}], [{"text": "Lokasi", "request_location": True}])

    async def test_sends_what_the_key_asks_for(self, bot: Bot, sari: Person) -> None:
        """A key of the reply keyboard sends its words, the person's own contact, or their place."""
        await bot.get("sendMessage", chat_id=101, text="?", reply_markup={"keyboard": list(self.KEYS)})

        for label in ("Ya", "Nomor saya", "Lokasi"):
            sari.press(label)
        text, contact, place = [update["message"] for update in await bot.get("getUpdates")]

        assert text["text"] == "Ya"
        assert contact["contact"] == {"phone_number": "+620000000101", "first_name": "Sari", "user_id": 101}
        assert set(place["location"]) == {"latitude", "longitude"}
        with pytest.raises(LookupError, match="Nomor saya"):
            sari.press("Tidak")

    async def test_ends_a_forced_reply(self, bot: Bot, sari: Person) -> None:
        """force_reply asks for one answer, after which nothing stands below the input any more."""
        await bot.get("sendMessage", chat_id=101, text="Nama usaha?", reply_markup={"force_reply": True})
        asked = sari.chat.keyboard
        sari.write("Batik Sari")

        assert asked["force_reply"] is True
        assert sari.chat.keyboard is None


class TestDelete:
    async def test_is_told_to_nobody(self, bot: Bot, sari: Person) -> None:
        """In their own chat people take away what they like, the bot's messages too; the bot does not hear of it."""
        theirs = sari.write("salah")["message_id"]
        bots = (await bot.get("sendMessage", chat_id=101, text="halo"))["message_id"]

        sari.delete(theirs)
        sari.delete(bots)

        assert sari.messages() == []
        assert len(await bot.get("getUpdates")) == 1
        with pytest.raises(LookupError):
            sari.delete(bots)

    async def test_in_a_group_is_for_ones_own(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """Members take away what they wrote; an administrator anything."""
        budi = telegram.person(102, first_name="Budi")
        group = telegram.group(-500, members=[sari, budi])
        theirs, other = group.write(budi, "satu"), group.write(sari, "dua")

        with pytest.raises(LookupError, match="not of person"):
            budi.delete(other["message_id"], chat=-500)
        budi.delete(theirs["message_id"], chat=-500)
        sari.delete((await bot.get("sendMessage", chat_id=-500, text="x"))["message_id"], chat=-500)

        assert [message["text"] for message in group.messages()] == ["dua"]


class TestReact:
    async def test_is_told_to_who_asked(self, bot: Bot, sari: Person) -> None:
        """A reaction comes only when it is among the allowed updates, with the one it replaces."""
        sent = (await bot.get("sendMessage", chat_id=101, text="halo"))["message_id"]
        sari.react(sent)
        await bot.get("getUpdates", allowed_updates=["message_reaction"])
        sari.react(sent, "🎉")
        sari.react(sent, None)

        first, second = await bot.get("getUpdates")

        for update in (first, second):
            check_object("Update", update)
        assert first["message_reaction"]["old_reaction"] == [{"type": "emoji", "emoji": "👍"}]
        assert first["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "🎉"}]
        assert first["message_reaction"]["user"]["id"] == sari.id
        assert second["message_reaction"]["new_reaction"] == []
        assert sari.chat.reactions_under(sent) == []
        with pytest.raises(ValueError, match="react with"):
            sari.react(sent, "✅")

    async def test_in_a_group_is_told_to_administrators(
        self, bot: Bot, sari: Person, telegram: PretendTelegram
    ) -> None:
        """A plain member hears of none; whoever is anonymous reacts as the group."""
        group = telegram.group(-500, members=[sari])
        await bot.get("getUpdates", allowed_updates=["message_reaction"])
        sent = (await bot.get("sendMessage", chat_id=-500, text="halo"))["message_id"]
        sari.react(sent, chat=-500)
        group.promote_bot()
        group.promote(sari, is_anonymous=True)
        sari.react(sent, "🙏", chat=-500)

        (update,) = await bot.get("getUpdates")

        assert update["message_reaction"]["actor_chat"] == group.chat.info
        assert group.chat.reactions_under(sent) == [{"type": "emoji", "emoji": "🙏", "by": sari.id}]


class TestSends:
    async def test_an_album(self, bot: Bot, sari: Person) -> None:
        """Several pictures that are one come as messages with one media_group_id, the caption with the first."""
        sent = sari.sends_album(["photo", "photo", "video"], caption="Stan di pameran")

        updates = await bot.get("getUpdates")

        for update in updates:
            check_object("Update", update)
        assert [update["message"] for update in updates] == sent
        assert len({message["media_group_id"] for message in sent}) == 1
        assert [message.get("caption") for message in sent] == ["Stan di pameran", None, None]

    async def test_what_the_bot_sends_on(self, bot: Bot, sari: Person) -> None:
        """A person's photo, document and voice are sent on by their file_id; a photo by that of any of its sizes."""
        sari.sends_file(JPEG, "produk.jpg", "image/jpeg")
        sari.sends("document", caption="Daftar harga")
        sari.sends("voice")
        photo, document, voice = [update["message"] for update in await bot.get("getUpdates")]

        for size in photo["photo"]:
            assert (await bot.get("sendPhoto", chat_id=101, photo=size["file_id"]))["photo"][-1] == photo["photo"][-1]
        assert await bot.get("sendDocument", chat_id=101, document=document["document"]["file_id"])
        assert await bot.get("sendVoice", chat_id=101, voice=voice["voice"]["file_id"])
        assert (await bot.get("getFile", file_id=photo["photo"][0]["file_id"]))["file_path"]

    async def test_no_contact_of_ones_own_by_forwarding(self, bot: Bot, sari: Person) -> None:
        """Another's contact is told by its user_id; one's own forwarded on tells whose message it was."""
        mine = sari.shares_contact("+6281100000001")
        sari.sends("contact", phone_number="+6281100000002", first_name="Budi", user_id=102)
        sari.forward_message(mine["message_id"])
        sari.sends("contact", phone_number="+6281100000003", first_name="Toko")

        own, others, forwarded, nobodys = [update["message"] for update in await bot.get("getUpdates")]

        assert own["contact"]["user_id"] == own["from"]["id"]
        assert others["contact"]["user_id"] == 102
        assert forwarded["forward_origin"]["sender_user"]["id"] == sari.id
        assert "user_id" not in nobodys["contact"]
        check_object("Message", forwarded)


class TestBlock:
    async def test_refuses_the_bot(self, bot: Bot, sari: Person) -> None:
        """Who blocked the bot gets nothing from it, and the bot hears of both."""
        sari.blocks_bot()
        refused = await bot.call("sendMessage", chat_id=101, text="halo")
        sari.unblocks_bot()

        assert (refused["error_code"], refused["description"]) == (403, "Forbidden: bot was blocked by the user")
        assert await bot.get("sendMessage", chat_id=101, text="halo")
        changes = [update["my_chat_member"] for update in await bot.get("getUpdates")]
        assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]

    async def test_ends_with_their_next_word(self, bot: Bot, sari: Person) -> None:
        """Writing takes unblocking, so that update comes first."""
        sari.blocks_bot()
        sari.write("halo lagi")

        kinds = [set(update) - {"update_id"} for update in await bot.get("getUpdates")]

        assert kinds == [{"my_chat_member"}, {"my_chat_member"}, {"message"}]

    async def test_waits_for_the_first_word(self, bot: Bot, sari: Person) -> None:
        """A bot cannot write first to somebody who never started it."""
        sari.has_started = False

        assert await bot.refusal("sendMessage", chat_id=101, text="halo") == (
            "Forbidden: bot can't initiate conversation with a user"
        )


class TestPin:
    async def test_is_the_bots_to_do(self, bot: Bot, sari: Person) -> None:
        """In a private chat the bot pins and unpins anybody's message, without any right."""
        theirs, own = sari.write("halo"), await bot.get("sendMessage", chat_id=101, text="Jadwal")
        for message in (theirs, own):
            await bot.get("pinChatMessage", chat_id=101, message_id=message["message_id"], disable_notification=True)
        pinned = list(sari.chat.pinned)
        await bot.get("unpinChatMessage", chat_id=101, message_id=theirs["message_id"])

        assert pinned == [theirs["message_id"], own["message_id"]]
        assert sari.chat.pinned == [own["message_id"]]


class TestSee:
    async def test_shows_edits_in_place_and_deletions_gone(self, bot: Bot, sari: Person) -> None:
        """texts() is what the bot's messages show now, captions too, and nothing of the person's own."""
        sari.write("halo")
        first = await bot.get("sendMessage", chat_id=101, text="satu")
        second = await bot.get("sendMessage", chat_id=101, text="dua")
        await bot.get("sendPhoto", chat_id=101, photo="https://example.org/a.jpg", caption="tiga")
        await bot.get("editMessageText", chat_id=101, message_id=first["message_id"], text="SATU")
        await bot.get("deleteMessage", chat_id=101, message_id=second["message_id"])

        assert sari.texts() == ["SATU", "tiga"]
        assert [message.get("text") for message in sari.messages()] == ["halo", "SATU", None]


class TestWaitUntil:
    async def test_wakes_on_a_change(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """A condition on the chat is seen as soon as it holds."""
        await bot.get("sendMessage", chat_id=101, text="halo")

        await telegram.wait_until(lambda: sari.texts() == ["halo"])

    async def test_tells_how_things_stand(self, bot: Bot, sari: Person, telegram: PretendTelegram) -> None:
        """When it gives up, the error shows the chats, their buttons and the last calls."""
        keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "1"}]]}
        await bot.get("sendMessage", chat_id=101, text="Ikut?", reply_markup=keyboard)

        with pytest.raises(TimeoutError, match=r"(?s)Sari.*Ikut\? \[Ya\].*sendMessage 200"):
            await telegram.wait_until(lambda: False, timeout=0.01)
