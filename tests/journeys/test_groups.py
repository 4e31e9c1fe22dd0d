"""In a group: who asks the bot is answered there, what is personal goes on in private, and the group is followed."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import col, select

from db.models import Conversation, Delivery, DeliveryState, GroupChat, GroupState, Lane, Person, Question
from domain import post
from domain.knowledge.shelf import Library
from messages import LANGUAGES, say, text_of
from simulator.groups import ANONYMOUS, Group
from tests.conftest import LAMONGAN
from tests.faults.waiting import until
from tests.support.offices import ON_SQLITE
from tests.support.running import RunningBot, running_bot

QUESTION = "cara bikin nib gimana"
TITLE = "Membuat NIB lewat OSS"
GROUP, SUPERGROUP = -500, -1_000_000_000_700
HOW = "Di grup, sebut @demo_bot"
WELCOME = "Halo semua!"


def warga(bot: RunningBot, group_id: int = GROUP, role: str = "member") -> Group:
    """A group of Sari and Budi, and the bot."""
    return bot.telegram.group(group_id, "Warga", members=[bot.person(), bot.person(102, "Budi")], bot=role)


async def says(bot: RunningBot, group: Group, text: str, **options: object) -> list[str]:
    """What the bot says in the group to a text of Sari's."""
    seen = len(group.texts())
    bot.person().write(text, chat=group.id, **options)
    await bot.settled()
    return group.texts()[seen:]


def links(group: Group) -> list[str]:
    """Where the buttons under the newest message lead."""
    rows = group.messages()[-1].get("reply_markup", {}).get("inline_keyboard", [])
    return [button["url"] for row in rows for button in row]


@pytest.fixture
async def refused(database_url: str, library: Library) -> AsyncIterator[RunningBot]:
    """A bot whose calls Telegram may refuse."""
    async with running_bot(database_url, LAMONGAN, library=library) as running:
        yield running


class TestAnswer:
    @pytest.mark.parametrize("text", [f"@demo_bot {QUESTION}", f"{QUESTION} @Demo_Bot", f"/tanya {QUESTION}"])
    @pytest.mark.parametrize("group_id", [GROUP, SUPERGROUP])
    async def test_to_who_names_or_commands_the_bot(self, bot: RunningBot, text: str, group_id: int) -> None:
        """A mention, wherever it stands, and /tanya are answered with the card, as a reply to the question."""
        group = warga(bot, group_id)

        (reply,) = await says(bot, group, text)

        assert TITLE in reply.splitlines()[0]
        assert "Sumber:" in reply
        assert group.messages()[-1]["reply_to_message"]["text"] == text
        assert bot.person().texts() == []

    async def test_to_who_replies_to_it(self, bot: RunningBot) -> None:
        """A reply to a card goes on about that card, whoever asked for it."""
        group = warga(bot)
        await says(bot, group, f"@demo_bot {QUESTION}")

        bot.person(102).write("syaratnya apa saja", group.messages()[-1]["message_id"], chat=GROUP)
        await bot.settled()

        assert len(group.texts()) == 2
        assert "NIB" in group.texts()[1]

    async def test_to_a_mention_under_somebodys_question(self, bot: RunningBot) -> None:
        """The bot's name alone, as a reply to somebody's question, hands that question on."""
        group = warga(bot, role="administrator")
        asked = bot.person(102).write(QUESTION, chat=GROUP)

        (reply,) = await says(bot, group, "@demo_bot", reply_to=asked["message_id"])

        assert TITLE in reply

    async def test_to_a_caption(self, bot: RunningBot) -> None:
        """Words under a picture count as words."""
        group = warga(bot)
        bot.person().sends("photo", caption=f"@demo_bot {QUESTION}", chat=GROUP)
        await bot.settled()

        assert TITLE in group.texts()[0]

    async def test_in_its_topic(self, bot: RunningBot) -> None:
        """In a forum the answer stands in the topic of the question; being in a topic is no reply to the bot."""
        group = bot.telegram.group(SUPERGROUP, "Forum", [bot.person()], "administrator", is_forum=True)
        topic = await bot.app.application.bot.create_forum_topic(SUPERGROUP, "Izin")

        assert await says(bot, group, "halo semua", thread=topic.message_thread_id) == []
        await says(bot, group, f"@demo_bot {QUESTION}", thread=topic.message_thread_id)

        assert group.messages()[-1]["message_thread_id"] == topic.message_thread_id

    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_in_the_language_of_who_asks(self, bot: RunningBot, language: str) -> None:
        """Each is answered in their own language, whatever the others speak."""
        group = warga(bot)
        bot.person(language_code=language)

        (reply,) = await says(bot, group, "/bantuan")

        assert text_of("group.how", language).split("{")[0] in reply

    async def test_whoever_writes_as_the_group(self, bot: RunningBot) -> None:
        """An anonymous administrator and a channel are answered like anybody, in Indonesian."""
        group = warga(bot)
        (reply,) = await says(bot, group, f"@demo_bot {QUESTION}", is_anonymous=True)
        channel = {"id": -1_000_000_000_900, "type": "channel", "title": "Kabar"}
        asked = {**group.messages()[0], "message_id": 900, "sender_chat": channel}
        bot.telegram.push({"message": asked})
        bot.telegram.push({"message": {**asked, "message_id": 901, "is_automatic_forward": True}})
        await bot.settled()

        assert group.texts() == [reply, reply]
        assert ANONYMOUS["id"] not in await bot.rows(select(Person.telegram_id))

    @pytest.mark.parametrize("text", ["resep rendang yang empuk bagaimana", "nomor telepon dinas koperasi berapa"])
    async def test_is_honest(self, bot: RunningBot, text: str) -> None:
        """What is not known is said, with links for the way on."""
        group = warga(bot)

        (reply,) = await says(bot, group, f"@demo_bot {text}")

        assert "belum punya" in reply
        assert links(group)[-1] == "https://t.me/demo_bot?start=program"

    @ON_SQLITE
    @pytest.mark.parametrize(
        "text",
        ["halo", "bicara dengan petugas", "bantuan", "lihat program", "batal", "Как открыть", "nib " * 900],
    )
    async def test_always_says_something(self, bot: RunningBot, text: str) -> None:
        """Talk, wishes, other scripts and endless texts get a sentence each."""
        assert len(await says(bot, warga(bot), f"@demo_bot {text}")) == 1

    @ON_SQLITE
    @pytest.mark.parametrize("text", ["@demo_bot", "/tanya", "/bantuan", "/start", "/start@demo_bot", "/apa@demo_bot"])
    async def test_explains_how_to_ask(self, bot: RunningBot, text: str) -> None:
        """Who asks for nothing yet is told how to."""
        (reply,) = await says(bot, warga(bot), text)

        assert HOW in reply


class TestSilence:
    @ON_SQLITE
    @pytest.mark.parametrize(
        "text", [QUESTION, "@warga_bot halo", "/tanya@warga_bot nib", "/siaran", "@demo_bot_2 nib"]
    )
    async def test_to_what_is_not_for_us(self, bot: RunningBot, text: str) -> None:
        """People, other bots and commands nobody knows are left alone, even where the bot hears all."""
        assert await says(bot, warga(bot, role="administrator"), text) == []

    async def test_to_replies_without_words(self, bot: RunningBot) -> None:
        """A sticker under a card is no question; nor is an edit, which Telegram sends for many reasons."""
        group = warga(bot, role="administrator")
        await says(bot, group, f"@demo_bot {QUESTION}")
        bot.person().edit(group.messages()[0]["message_id"], "@demo_bot syarat KUR", chat=GROUP)
        bot.person().sends("sticker", chat=GROUP)
        await bot.settled()

        assert len(group.texts()) == 1

    async def test_to_another_bot(self, bot: RunningBot) -> None:
        """Another bot that names ours is not answered: two bots would never end."""
        group = warga(bot)
        await says(bot, group, f"@demo_bot {QUESTION}")
        other = {"id": 77, "is_bot": True, "first_name": "Lain", "username": "lain_bot"}
        bot.telegram.push({"message": {**group.messages()[0], "message_id": 950, "from": other}})
        await bot.settled()

        assert len(group.texts()) == 1


class TestPrivacy:
    @pytest.mark.parametrize("command", ["bahasa", "batal", "program"])
    async def test_leads_to_the_private_chat(self, bot: RunningBot, command: str) -> None:
        """A personal command is met with one sentence and a button, whose link does there what was wanted."""
        group = warga(bot)

        (reply,) = await says(bot, group, f"/{command}@demo_bot")

        assert reply == text_of("group.private", "id")
        (link,) = links(group)
        assert link == f"https://t.me/demo_bot?start={command}"
        wanted = await bot.says(bot.person(), f"/{command}")
        assert await bot.says(bot.person(), f"/start {command}") == wanted

    async def test_cards_carry_links_only(self, bot: RunningBot) -> None:
        """Buttons in a group lead each person to their own chat; no tap of one changes what another sees."""
        group = warga(bot)
        await says(bot, group, f"@demo_bot {QUESTION}")

        assert all(link.startswith("https://t.me/demo_bot?start=") for link in links(group))
        payload = links(group)[0].partition("=")[2]
        assert "Sumber:" in await bot.says(bot.person(102), f"/start {payload}")

    async def test_keeps_nothing_of_who_asks(self, bot: RunningBot) -> None:
        """Who asks in a group is neither met nor reachable, and the question is not kept."""
        await says(bot, warga(bot), f"@demo_bot {QUESTION}")

        assert await bot.rows(select(Person)) == []
        assert await bot.rows(select(Question)) == []
        assert await bot.rows(select(Delivery.person_id)) == [None]

    async def test_does_not_bring_back_who_blocked(self, bot: RunningBot) -> None:
        """Who blocked the bot and writes in a group stays unreachable; who unblocks it is reachable at once."""
        sari = bot.person()
        await bot.says(sari, "/batal")
        sari.blocks_bot()
        assert len(await says(bot, warga(bot), f"@demo_bot {QUESTION}")) == 1
        assert await bot.rows(select(Person.is_reachable)) == [False]

        sari.unblocks_bot()
        await bot.settled()
        assert await bot.rows(select(Person.is_reachable)) == [True]

    async def test_private_talk_plays_no_part(self, bot: RunningBot) -> None:
        """A short question in a group is not about what was read in private, nor the other way round."""
        sari = bot.person()
        group = warga(bot)
        await bot.says(sari, QUESTION)
        before = await bot.rows(select(Conversation.entry_id))

        (reply,) = await says(bot, group, "@demo_bot syaratnya apa saja")

        assert "NIB" not in reply.splitlines()[0]
        await says(bot, group, "@demo_bot syarat KUR apa saja")
        assert await bot.rows(select(Conversation.entry_id)) == before

    @pytest.mark.parametrize("data", ["topics:0", "language:en", "entry:P05", "helpful:1", "guess:1.P05", "x"])
    async def test_a_forged_tap_changes_nothing(self, bot: RunningBot, data: str) -> None:
        """A tap made up in a group gets a polite alert, only its maker sees it, and nothing changes."""
        group, sari = warga(bot), bot.person()
        await bot.says(sari, QUESTION)
        await says(bot, group, "/bantuan")

        sari.tap_data(group.messages()[-1]["message_id"], data, chat=GROUP)
        await bot.settled()

        assert "sudah tidak berlaku" in sari.alerts()[-1]["text"]
        assert (len(group.texts()), len(sari.texts())) == (1, 1)
        assert await bot.rows(select(Person.language)) == ["id"]
        assert await bot.rows(select(Question.was_helpful)) == [None]


class TestMembership:
    async def states(self, bot: RunningBot) -> dict[int, tuple[str, str, int | None]]:
        await bot.settled()
        groups = await bot.rows(select(GroupChat))
        return {group.telegram_id: (group.title, group.state.value, group.migrated_to) for group in groups}

    @pytest.mark.parametrize("group_id", [GROUP, SUPERGROUP])
    async def test_is_followed(self, bot: RunningBot, group_id: int) -> None:
        """Added, promoted, demoted, renamed and removed: known each time, and one sentence at the beginning."""
        group, seen = warga(bot, group_id, "left"), []
        for deed in (
            group.add_bot,
            group.promote_bot,
            group.demote_bot,
            lambda: group.rename("Warga Paciran"),
            group.remove_bot,
        ):
            deed()
            seen.append((await self.states(bot))[group_id][:2])

        assert [state for _, state in seen] == ["member", "administrator", "member", "member", "left"]
        assert [title for title, _ in seen] == ["Warga"] * 3 + ["Warga Paciran"] * 2
        (welcome,) = group.texts()
        assert WELCOME in welcome
        assert "@demo_bot" in welcome

    async def test_is_welcomed_each_time(self, bot: RunningBot) -> None:
        """Who throws the bot out and takes it back reads again how to ask."""
        group = warga(bot, role="left")
        for deed in (group.add_bot, group.remove_bot, group.add_bot):
            deed()
            await bot.settled()

        assert len(group.texts()) == 2

    async def test_an_unknown_group_is_noted(self, bot: RunningBot) -> None:
        """A group that the bot was in before it kept any is known from the first question on."""
        await says(bot, warga(bot), f"@demo_bot {QUESTION}")

        assert await self.states(bot) == {GROUP: ("Warga", "member", None)}

    @pytest.mark.parametrize("role", ["member", "administrator"])
    async def test_follows_into_the_supergroup(self, bot: RunningBot, role: str) -> None:
        """A group that becomes a supergroup is the same group: its role stays, nobody is welcomed twice."""
        group = warga(bot, role="left")
        group.add_bot()
        if role == "administrator":
            group.promote_bot()
        await bot.settled()
        new = group.migrate(SUPERGROUP)

        assert await self.states(bot) == {GROUP: ("Warga", "left", SUPERGROUP), SUPERGROUP: ("Warga", role, None)}
        assert TITLE in (await says(bot, new, f"@demo_bot {QUESTION}"))[0]
        assert len(new.texts()) == 1

    async def test_what_waits_moves_along(self, bot: RunningBot) -> None:
        """What is owed to the old chat goes to the new one, in order, and replies to nothing there."""
        group = warga(bot)
        async with bot.database.transaction() as session:
            await hold(bot, session, GROUP)
        new = group.migrate(SUPERGROUP)
        await handled(bot)
        await release(bot)

        assert new.texts() == [text_of("group.private", "id")] * 2
        assert not any("reply_to_message" in message for message in new.messages())
        assert group.texts() == []

    async def test_what_would_change_a_message_stays_behind(self, bot: RunningBot) -> None:
        """In the new chat the number of a message is another one's: edits, deletions and signs are not made there."""
        group = warga(bot)
        async with bot.database.transaction() as session:
            await hold(bot, session, GROUP)
            place = post.Group(GROUP, "id")
            await post.owe_edit(session, place, 5, say("group.private"))
            await post.owe_call(session, place, "delete_message", {"message_id": 5})
            await post.owe_call(session, place, "set_message_reaction", {"message_id": 5, "reaction": "👍"})
            await post.owe_call(session, place, "close_forum_topic", {"message_thread_id": 5})
        group.migrate(SUPERGROUP)
        await handled(bot)
        await release(bot)

        skipped = await bot.rows(select(Delivery.method).where(col(Delivery.state) == DeliveryState.SKIPPED))
        assert {"edit_message_text", "delete_message", "set_message_reaction", "close_forum_topic"} <= set(skipped)

    async def test_what_waits_is_skipped_when_removed(self, bot: RunningBot) -> None:
        """Nothing is sent to a group that removed the bot."""
        group = warga(bot)
        async with bot.database.transaction() as session:
            await hold(bot, session, GROUP)
        group.remove_bot()
        await handled(bot)
        await release(bot)

        assert await bot.outbox_counts() == {"skipped": 2, "sent": 1}

    async def test_a_refusal_is_the_groups(self, refused: RunningBot) -> None:
        """A 403 from a group says that the bot is gone from it, and nothing of who asked."""
        group, sari = warga(refused), refused.person()
        await refused.says(sari, "/batal")
        refused.telegram.fail("sendMessage", kind="403", chat_id=GROUP)
        sari.write(f"@demo_bot {QUESTION}", chat=GROUP)
        await refused.settled()

        assert await self.states(refused) == {GROUP: ("Warga", "left", None)}
        assert await refused.rows(select(Person.is_reachable)) == [True]
        assert TITLE in (await says(refused, group, f"@demo_bot {QUESTION}"))[0]
        assert await refused.rows(select(GroupChat.state)) == [GroupState.MEMBER]

    async def test_telegram_tells_of_the_move_first(self, refused: RunningBot) -> None:
        """A call that meets the move before the bot heard of it goes to the new chat."""
        group = warga(refused)
        new = group.migrate(SUPERGROUP)
        await refused.settled()
        async with refused.database.transaction() as session:
            await post.owe(session, post.Group(GROUP, "id", 1), say("group.private"))
        await refused.settled()

        assert new.texts()[-1] == text_of("group.private", "id")


async def hold(bot: RunningBot, session: object, chat_id: int) -> None:
    """Two messages owed to a chat that wait for a call which is under way for ever."""
    first = Delivery(
        chat_id=1,
        lane=Lane.REPLY,
        method="send_message",
        arguments={},
        created_at=bot.app.house.now(),
        state=DeliveryState.CLAIMED,
    )
    session.add(first)
    await session.flush()
    for _ in range(2):
        row = await post.owe(session, post.Group(chat_id, "id", 1), say("group.private"))
        row.after_id = first.id


async def handled(bot: RunningBot) -> None:
    """Until the bot has taken in all that happened, whatever it still owes."""

    async def is_handled() -> bool:
        return not bot.telegram.pending_updates() and "waiting" not in await bot.inbox_counts()

    await until(is_handled)


async def release(bot: RunningBot) -> None:
    async with bot.database.transaction() as session:
        held = (await session.exec(select(Delivery).where(col(Delivery.state) == DeliveryState.CLAIMED))).one()
        held.state = DeliveryState.SENT
    await bot.settled()
