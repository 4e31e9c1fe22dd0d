"""Messages sent on, by people and by the bot, and what they tell of where they came from."""

from collections.abc import Callable

import pytest

from simulator import Channel, Group, Person, PretendTelegram
from simulator.schema import check_object
from tests.simulator.conftest import Bot

GROUP, CHANNEL = -500, -1_000_000_000_900


@pytest.fixture
def budi(telegram: PretendTelegram) -> Person:
    return telegram.person(102, first_name="Budi")


@pytest.fixture
def group(telegram: PretendTelegram, sari: Person, budi: Person) -> Group:
    return telegram.group(GROUP, "Paguyuban", members=[sari, budi])


@pytest.fixture
def channel(telegram: PretendTelegram, sari: Person, budi: Person) -> Channel:
    return telegram.channel(CHANNEL, "Kabar", members=[budi, sari])


async def newest(bot: Bot) -> dict:
    (update,) = await bot.get("getUpdates", offset=-1)
    check_object("Update", update)
    return update["message"]


class TestForward:
    @pytest.mark.parametrize(
        ("of", "kind", "field"),
        [
            (102, "user", "sender_user"),
            (1, "user", "sender_user"),
            (GROUP, "chat", "sender_chat"),
            (CHANNEL, "channel", "chat"),
        ],
    )
    @pytest.mark.usefixtures("budi", "group", "channel")
    async def test_names_whose_it_was(self, bot: Bot, sari: Person, of: int, kind: str, field: str) -> None:
        """What was written where the bot is not can be of a person, the bot, a group or a channel."""
        sari.forward("kabar", of=of)

        origin = (await newest(bot))["forward_origin"]

        assert (origin["type"], origin[field]["id"]) == (kind, of)

    async def test_knows_only_who_is_there(self, sari: Person) -> None:
        """Nobody's message is a mistake of the test."""
        with pytest.raises(LookupError, match="nobody has the id"):
            sari.forward("kabar", of=999)


class TestForwardMessage:
    async def test_of_the_bot_and_a_channel(self, bot: Bot, sari: Person, channel: Channel) -> None:
        """A message of the bot is its own; a post is the channel's, with its number there; buttons stay behind."""
        keyboard = {"inline_keyboard": [[{"text": "Ya", "callback_data": "1"}]]}
        said = await bot.get("sendMessage", chat_id=101, text="Halo", reply_markup=keyboard)
        post = await bot.get("sendMessage", chat_id=CHANNEL, text="Pameran")
        sari.forward_message(said["message_id"])
        own = await newest(bot)
        sari.forward_message(post["message_id"], source=CHANNEL)
        channels = await newest(bot)

        assert own["forward_origin"]["sender_user"]["id"] == 1
        assert "reply_markup" not in own
        assert channels["forward_origin"]["chat"]["id"] == CHANNEL
        assert channels["forward_origin"]["message_id"] == post["message_id"]
        assert "sender_chat" not in channels

    async def test_of_who_hides_and_who_is_anonymous(self, bot: Bot, sari: Person, budi: Person, group: Group) -> None:
        """Who hides their account is a name; an anonymous administrator is the group."""
        budi.hides_account()
        hidden = group.write(budi, "satu")
        anonymous = group.write(sari, "dua", is_anonymous=True)
        sari.forward_message(hidden["message_id"], source=GROUP, chat=101)
        first = await newest(bot)
        sari.forward_message(anonymous["message_id"], source=GROUP, chat=101)
        second = await newest(bot)

        assert (first["forward_origin"]["type"], first["forward_origin"]["sender_user_name"]) == ("hidden_user", "Budi")
        assert "sender_user" not in first["forward_origin"]
        assert (second["forward_origin"]["type"], second["forward_origin"]["sender_chat"]["id"]) == ("chat", GROUP)

    async def test_keeps_albums_together(self, bot: Bot, sari: Person) -> None:
        """An album forwarded as a whole is a new album; one picture of it is none."""
        album = sari.sends_album(["photo", "video"], caption="Stan")
        numbers = [message["message_id"] for message in album]

        again = sari.forward_messages(numbers)
        alone = sari.forward_message(numbers[0])

        assert len({message["media_group_id"] for message in [*album, *again]}) == 2
        assert [message["video"]["file_id"] for message in (album[1], again[1])] == [album[1]["video"]["file_id"]] * 2
        assert alone["caption"] == "Stan"
        assert "media_group_id" not in alone


class TestMarkup:
    WORDS = '<b>Tebal</b>, <tg-spoiler>rahasia</tg-spoiler> dan <a href="https://a.id/x">tautan</a> /menu'
    KINDS = ("bold", "spoiler", "text_link", "bot_command")

    @pytest.mark.parametrize(
        "send",
        [
            lambda sari, words: sari.write(words, html=True),
            lambda sari, words: sari.edit(sari.write("x")["message_id"], words, html=True),
            lambda sari, words: sari.sends("video", words, html=True),
            lambda sari, words: sari.sends_album(caption=words, html=True)[0],
            lambda sari, words: sari.sends_file(b"%PDF", "a.pdf", "application/pdf", words, html=True),
            lambda sari, words: sari.forward(words, html=True),
        ],
    )
    def test_becomes_entities(self, sari: Person, send: Callable[[Person, str], dict]) -> None:
        """People's bold, hidden and linked words come as entities, beside those Telegram finds, wherever they write."""
        message = send(sari, self.WORDS)

        assert (message.get("text") or message["caption"]) == "Tebal, rahasia dan tautan /menu"
        entities = message.get("entities") or message["caption_entities"]
        assert tuple(entity["type"] for entity in entities) == self.KINDS
        check_object("Message", message)

    def test_is_only_read_when_asked(self, sari: Person) -> None:
        """What people type is what they mean; broken markup is a mistake of the test."""
        assert sari.write("<b>a</b>")["text"] == "<b>a</b>"
        with pytest.raises(ValueError, match="end tag"):
            sari.write("<b>a", html=True)


class TestCopyMessage:
    async def test_is_the_bots_own(self, bot: Bot, sari: Person, budi: Person) -> None:
        """A copy has the words, marks and files, and nothing of whose they were; a new caption replaces the old."""
        text = sari.write("<b>Halo</b>", html=True)
        photo = sari.sends("photo", "Stan")
        sent = {"chat_id": 102, "from_chat_id": 101}

        first = await bot.get("copyMessage", message_id=text["message_id"], **sent)
        await bot.get("copyMessage", message_id=photo["message_id"], caption="<i>Kami</i>", parse_mode="HTML", **sent)
        await bot.get("copyMessage", message_id=photo["message_id"], caption="", **sent)

        copies = budi.messages()
        assert set(first) == {"message_id"}
        assert (copies[0]["text"], copies[0]["entities"]) == (text["text"], text["entities"])
        assert copies[1]["photo"] == photo["photo"]
        assert [copy.get("caption") for copy in copies[1:]] == ["Kami", None]
        assert all("forward_origin" not in copy and copy["from"]["id"] == 1 for copy in copies)

    async def test_refuses_what_cannot_be_copied(self, bot: Bot, sari: Person) -> None:
        """A missing message, and one whose sender forbade it."""
        sent = await bot.get("sendMessage", chat_id=101, text="rahasia", protect_content=True)
        asked = {"chat_id": 101, "from_chat_id": 101}

        assert "message to copy not found" in await bot.refusal("copyMessage", message_id=77, **asked)
        number = sent["message_id"]
        assert "can't be copied" in await bot.refusal("copyMessage", message_id=number, **asked)
        assert "can't be forwarded" in await bot.refusal("forwardMessage", message_id=number, **asked)


class TestCopyMessages:
    async def test_skips_what_is_gone_and_keeps_albums(self, bot: Bot, sari: Person, budi: Person) -> None:
        """Copies and forwards of an album are albums; numbers without a message are passed over."""
        album = sari.sends_album(caption="Stan")
        asked = {"chat_id": 102, "from_chat_id": 101}
        numbers = [*(message["message_id"] for message in album), 77]

        copied = await bot.get("copyMessages", message_ids=numbers, remove_caption=True, **asked)
        forwarded = await bot.get("forwardMessages", message_ids=numbers, **asked)

        messages = budi.messages()
        assert [message["message_id"] for message in messages] == [one["message_id"] for one in [*copied, *forwarded]]
        assert len({message["media_group_id"] for message in [*album, *messages]}) == 3
        assert [message.get("caption") for message in messages] == [None, None, "Stan", None]
        assert ["forward_origin" in message for message in messages] == [False, False, True, True]
        assert "too many" in await bot.refusal("copyMessages", message_ids=list(range(1, 102)), **asked)
