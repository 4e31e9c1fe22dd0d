"""Forums: topics, who may do what in them, and where a message stands."""

import pytest

from simulator import Group, Person, PretendTelegram
from simulator.schema import check_object
from tests.simulator.conftest import Bot

FORUM = -1_000_000_000_700


@pytest.fixture
def rini(telegram: PretendTelegram) -> Person:
    return telegram.person(201, first_name="Rini")


@pytest.fixture
def budi(telegram: PretendTelegram) -> Person:
    """A plain member."""
    return telegram.person(202, first_name="Budi")


@pytest.fixture
def forum(telegram: PretendTelegram, rini: Person, budi: Person) -> Group:
    return telegram.group(FORUM, "Petugas", members=[rini, budi], bot="administrator", is_forum=True)


async def topic_of(bot: Bot, name: str = "Sari, batik") -> dict:
    """A new topic of the bot's, as a call names it."""
    made = await bot.get("createForumTopic", chat_id=FORUM, name=name)
    return {"chat_id": FORUM, "message_thread_id": made["message_thread_id"]}


async def newest(bot: Bot) -> dict:
    update = (await bot.get("getUpdates", offset=-1))[0]
    check_object("Update", update)
    return update["message"]


class TestTopics:
    async def test_hold_their_own_messages(self, bot: Bot, rini: Person, forum: Group) -> None:
        """Messages of a topic carry its number, replies inherit it, and each can be looked at by itself."""
        topic, other = await topic_of(bot), await topic_of(bot, "Lain")
        thread = topic["message_thread_id"]

        sent = await bot.get("sendMessage", **topic, text="Tanya")
        answer = rini.write("Jawab", reply_to=sent["message_id"], chat=FORUM)
        reply = {"message_id": answer["message_id"]}
        follow = await bot.get("sendMessage", chat_id=FORUM, text="Sip", reply_parameters=reply)
        await bot.get("sendMessage", **other, text="Lain")
        await bot.get("sendMessage", chat_id=FORUM, text="Umum")

        assert {message["message_thread_id"] for message in (sent, answer, follow)} == {thread}
        assert sent["is_topic_message"] is True
        assert forum.texts(thread) == ["Tanya", "Sip"]
        assert forum.texts() == ["Tanya", "Sip", "Lain", "Umum"]
        assert forum.topic("batik") == thread
        with pytest.raises(LookupError, match="Sari, batik"):
            forum.topic("Wati")
        for message in forum.messages():
            check_object("Message", message)

    async def test_tell_the_bot_of_its_own_deeds_too(self, bot: Bot, forum: Group) -> None:
        """Created, renamed, closed and opened: a service message each time, whoever did it; deleting makes none."""
        topic = await topic_of(bot)
        await bot.get("editForumTopic", **topic, name="Dua")
        await bot.get("closeForumTopic", **topic)
        await bot.get("reopenForumTopic", **topic)
        await bot.get("deleteForumTopic", **topic)

        updates = await bot.get("getUpdates")

        for update in updates:
            check_object("Update", update)
        told = [name for update in updates for name in update["message"] if name.startswith("forum_topic")]
        assert told == ["forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened"]
        assert {update["message"]["from"]["id"] for update in updates} == {1}
        assert forum.messages() == []

    async def test_are_what_they_are(self, bot: Bot, forum: Group) -> None:
        """What is already so is refused, as is what is no topic: Telegram's General is none either."""
        topic = await topic_of(bot)
        gone = await topic_of(bot, "Lain")

        await bot.get("closeForumTopic", **topic)
        assert await bot.refusal("closeForumTopic", **topic) == "Bad Request: TOPIC_NOT_MODIFIED"
        await bot.get("editForumTopic", **topic, name="Dua")
        assert await bot.refusal("editForumTopic", **topic, name="Dua") == "Bad Request: TOPIC_NOT_MODIFIED"
        assert await bot.refusal("createForumTopic", chat_id=FORUM, name=" ") == "Bad Request: name must be non-empty"
        await bot.get("deleteForumTopic", **gone)
        general = {"chat_id": FORUM, "message_thread_id": 1}
        for call, given in (("sendMessage", {"text": "x"}), ("closeForumTopic", {}), ("deleteForumTopic", {})):
            for where in (gone, general):
                assert await bot.refusal(call, **where, **given) == "Bad Request: message thread not found", call

    async def test_need_a_forum(self, bot: Bot, rini: Person, forum: Group, telegram: PretendTelegram) -> None:
        """Elsewhere none is made, and a number of one is passed over; not so in a private chat."""
        topic = await topic_of(bot)
        telegram.group(-500, members=[rini])
        forum.switch_topics(on=False)

        refused = [await bot.refusal("createForumTopic", chat_id=chat, name="Satu") for chat in (FORUM, -500, 201)]
        sent = await bot.get("sendMessage", **topic, text="Masih sampai")

        assert set(refused) == {"Bad Request: the chat is not a forum"}
        assert "message_thread_id" not in sent
        assert await bot.refusal("sendMessage", chat_id=201, message_thread_id=5, text="x") == (
            "Bad Request: message thread not found"
        )
        forum.switch_topics(on=True)
        assert (await bot.get("sendMessage", **topic, text="Lagi"))["is_topic_message"]
        with pytest.raises(ValueError, match="only a supergroup"):
            telegram.group(-501, is_forum=True)


class TestRights:
    async def test_are_needed_but_for_ones_own(self, bot: Bot, rini: Person, forum: Group) -> None:
        """Without can_manage_topics a bot makes none and changes only its own; deleting takes can_delete_messages."""
        own = await topic_of(bot)
        theirs = {"chat_id": FORUM, "message_thread_id": forum.create_topic("Rapat", by=rini)}
        forum.promote_bot(can_manage_topics=False, can_delete_messages=False)

        refused = [
            await bot.refusal("createForumTopic", chat_id=FORUM, name="Satu"),
            await bot.refusal("editForumTopic", **theirs, name="Dua"),
            await bot.refusal("closeForumTopic", **theirs),
            await bot.refusal("deleteForumTopic", **theirs),
        ]

        assert refused == [
            "Bad Request: not enough rights to create a topic",
            "Bad Request: not enough rights to edit the topic",
            "Bad Request: not enough rights to close or open the topic",
            "Bad Request: not enough rights to delete the topic",
        ]
        for call, given in (("editForumTopic", {"name": "Dua"}), ("closeForumTopic", {}), ("deleteForumTopic", {})):
            assert await bot.get(call, **own, **given), call

    async def test_shut_closed_topics(self, bot: Bot, rini: Person, budi: Person, forum: Group) -> None:
        """In a closed topic write its maker and who manages topics; the others are refused."""
        own = await topic_of(bot)
        theirs = forum.create_topic("Rapat", by=rini)
        await bot.get("closeForumTopic", **own)
        forum.close_topic(theirs, by=rini)

        assert await bot.get("sendMessage", chat_id=FORUM, message_thread_id=theirs, text="x")
        forum.promote_bot(can_manage_topics=False)

        assert await bot.get("sendMessage", **own, text="Selesai")
        assert (
            await bot.refusal("sendMessage", chat_id=FORUM, message_thread_id=theirs, text="x")
            == "Bad Request: TOPIC_CLOSED"
        )
        assert rini.write("Satu lagi", chat=FORUM, thread=theirs)
        with pytest.raises(LookupError, match="TOPIC_CLOSED"):
            budi.write("Saya juga", chat=FORUM, thread=theirs)
        forum.reopen_topic(theirs)
        assert budi.write("Saya juga", chat=FORUM, thread=theirs)

    async def test_are_a_persons_too(self, budi: Person, forum: Group, rini: Person) -> None:
        """What a member's client does not offer is a mistake of the test."""
        thread = forum.create_topic("Rapat")
        for deed in (
            lambda: forum.create_topic("Satu", by=budi),
            lambda: forum.rename_topic(thread, "Satu", by=budi),
            lambda: forum.close_topic(thread, by=budi),
            lambda: forum.delete_topic(thread, by=budi),
        ):
            with pytest.raises(LookupError, match="not enough rights"):
                deed()
        forum.promote(budi)
        forum.rename_topic(thread, "Dua", by=budi)
        forum.delete_topic(thread, by=budi)

        assert forum.topics == {}

    async def test_are_told_of_the_bot_itself(self, bot: Bot, forum: Group) -> None:
        """getChatMember says which rights the bot has, and that it lost some."""
        before = await bot.get("getChatMember", chat_id=FORUM, user_id=1)
        forum.promote_bot(can_manage_topics=False)
        after = await bot.get("getChatMember", chat_id=FORUM, user_id=1)

        check_object("ChatMemberAdministrator", before)
        rights = ("can_manage_topics", "can_delete_messages", "can_pin_messages")
        assert [before[right] for right in rights] == [True, True, True]
        assert [after[right] for right in rights] == [False, True, True]


class TestDeleteMessage:
    async def test_leaves_what_began_a_topic(self, bot: Bot, rini: Person, forum: Group) -> None:
        """An administrator deletes anybody's messages, but never the message that a topic hangs on."""
        topic = await topic_of(bot)
        theirs = rini.write("halo", chat=FORUM, thread=topic["message_thread_id"])

        assert await bot.get("deleteMessage", chat_id=FORUM, message_id=theirs["message_id"])
        assert (
            await bot.refusal("deleteMessage", chat_id=FORUM, message_id=topic["message_thread_id"])
            == "Bad Request: message can't be deleted"
        )


class TestReply:
    async def test_in_a_topic_is_always_to_something(self, bot: Bot, rini: Person, forum: Group) -> None:
        """Without a reply of its own a message there replies to what began the topic; a plain one says so."""
        topic = await topic_of(bot)
        sent = await bot.get("sendMessage", **topic, text="Tanya")

        rini.write("halo", chat=FORUM, thread=topic["message_thread_id"])
        plain = await newest(bot)
        rini.write("Jawab", reply_to=sent["message_id"], chat=FORUM)
        reply = await newest(bot)
        rini.write("Umum", chat=FORUM)

        assert plain["reply_to_message"]["forum_topic_created"]["name"] == "Sari, batik"
        assert plain["reply_to_message"]["message_id"] == topic["message_thread_id"]
        assert reply["reply_to_message"]["text"] == "Tanya"
        assert not {"reply_to_message", "message_thread_id"} & set(await newest(bot))

    async def test_is_not_to_the_bot_because_the_topic_is_its(self, bot: Bot, rini: Person, forum: Group) -> None:
        """In privacy mode what is plainly said in a topic of the bot's is not heard."""
        topic = await topic_of(bot)
        sent = await bot.get("sendMessage", **topic, text="Tanya")
        forum.demote_bot()
        await bot.get("getUpdates", offset=-1)

        rini.write("halo", chat=FORUM, thread=topic["message_thread_id"])
        rini.write("Jawab", reply_to=sent["message_id"], chat=FORUM)

        assert [update["message"]["text"] for update in (await bot.get("getUpdates"))[1:]] == ["Jawab"]

    async def test_to_another_topic_stands_beside_it(self, bot: Bot, rini: Person, forum: Group) -> None:
        """What is quoted from another topic or chat is an external_reply."""
        topic, other = await topic_of(bot), await topic_of(bot, "Lain")
        sent = await bot.get("sendMessage", **topic, text="Tanya")
        private = rini.write("halo")

        for reply in ({"message_id": sent["message_id"]}, {"message_id": private["message_id"], "chat_id": 201}):
            message = await bot.get("sendMessage", **other, text="Lihat", reply_parameters=reply)

            check_object("Message", message)
            assert message["external_reply"]["origin"]["type"] == "user"
            assert "forum_topic_created" in message["reply_to_message"]

    async def test_in_a_plain_supergroup_has_a_thread(self, bot: Bot, rini: Person, telegram: PretendTelegram) -> None:
        """There a reply carries the number of what it hangs on, and is in no topic for all that."""
        telegram.group(-1_000_000_000_800, members=[rini])
        first = await bot.get("sendMessage", chat_id=-1_000_000_000_800, text="satu")
        second = rini.write("dua", reply_to=first["message_id"], chat=-1_000_000_000_800)
        third = rini.write("tiga", reply_to=second["message_id"], chat=-1_000_000_000_800)

        assert [message["message_thread_id"] for message in (second, third)] == [first["message_id"]] * 2
        assert "is_topic_message" not in third

    async def test_quotes_what_was_said(self, bot: Bot, rini: Person) -> None:
        """A quote that is not in the message is refused; one from a message that is gone may be let go."""
        said = rini.write("Buka jam berapa?")["message_id"]

        sent = await bot.get(
            "sendMessage", chat_id=201, text="8", reply_parameters={"message_id": said, "quote": "jam"}
        )

        assert sent["quote"]["text"] == "jam"
        assert await bot.refusal(
            "sendMessage", chat_id=201, text="8", reply_parameters={"message_id": said, "quote": "x"}
        ) == ("Bad Request: QUOTE_TEXT_INVALID")
        lost = {"message_id": 999, "allow_sending_without_reply": True}
        assert "reply_to_message" not in await bot.get("sendMessage", chat_id=201, text="8", reply_parameters=lost)


class TestSend:
    async def test_goes_into_topics_whatever_it_is(self, bot: Bot, rini: Person, forum: Group) -> None:
        """Files, albums, contacts and forwards of people stand in the topic, as what the bot sends does."""
        thread = (await topic_of(bot))["message_thread_id"]
        there = {"chat": FORUM, "thread": thread}
        rini.sends("photo", caption="Contoh", **there)
        rini.sends_album(["document", "document"], **there)
        rini.sends_file(b"a,b", "daftar.csv", "text/csv", **there)
        rini.sends("contact", phone_number="+6281100000002", first_name="Budi", **there)
        rini.forward_message(rini.write("halo")["message_id"], **there)
        rini.forward("kabar", **there)
        await bot.get("sendMediaGroup", chat_id=FORUM, message_thread_id=thread, media=ALBUM)

        inside = forum.messages(thread)[1:]

        assert len(inside) == 9
        for message in inside:
            check_object("Message", message)

    async def test_taps_where_it_is_meant(self, bot: Bot, rini: Person, forum: Group) -> None:
        """The same label stands in many topics; a tap can say in which."""
        first, second = await topic_of(bot, "Satu"), await topic_of(bot, "Dua")
        for topic in (first, second):
            data = str(topic["message_thread_id"])
            keyboard = {"inline_keyboard": [[{"text": "Selesai", "callback_data": data}]]}
            await bot.get("sendMessage", **topic, text="?", reply_markup=keyboard)

        rini.tap("Selesai", chat=FORUM, thread=first["message_thread_id"])
        tapped = (await bot.get("getUpdates"))[-1]["callback_query"]

        assert tapped["data"] == str(first["message_thread_id"])
        assert forum.labels(first["message_thread_id"]) == ["Selesai"]
        with pytest.raises(LookupError, match="there are \\[\\]"):
            rini.tap("Lain", chat=FORUM, thread=forum.create_topic("Tiga"))


class TestAnonymous:
    async def test_administrators_write_as_the_group(self, bot: Bot, rini: Person, forum: Group) -> None:
        """Who is anonymous writes so wherever they write, edits and deletes it, and taps in their own name."""
        thread = (await topic_of(bot))["message_thread_id"]
        keyboard = {"inline_keyboard": [[{"text": "Selesai", "callback_data": "1"}]]}
        await bot.get("sendMessage", chat_id=FORUM, message_thread_id=thread, text="?", reply_markup=keyboard)
        forum.promote(rini, is_anonymous=True)

        said = rini.write("Saya jawab", chat=FORUM, thread=thread)
        heard = await newest(bot)
        rini.edit(said["message_id"], "Kami jawab", chat=FORUM)
        edited = (await bot.get("getUpdates", offset=-1))[0]["edited_message"]
        rini.tap("Selesai", chat=FORUM)
        tapped = (await bot.get("getUpdates", offset=-1))[0]["callback_query"]

        assert heard["from"]["username"] == "GroupAnonymousBot"
        assert heard["sender_chat"]["id"] == edited["sender_chat"]["id"] == FORUM
        assert tapped["from"]["id"] == rini.id
        assert (await bot.get("getChatMember", chat_id=FORUM, user_id=201))["status"] == "creator"
        assert (await bot.get("getChatMember", chat_id=FORUM, user_id=201))["is_anonymous"] is True
        rini.delete(said["message_id"], chat=FORUM)
        assert "sender_chat" not in rini.write("Rini lagi", chat=FORUM, thread=thread, is_anonymous=False)
        assert "sender_chat" not in rini.write("Pribadi")


ALBUM = [{"type": "photo", "media": "https://a.id/1.jpg"}, {"type": "photo", "media": "https://a.id/2.jpg"}]
