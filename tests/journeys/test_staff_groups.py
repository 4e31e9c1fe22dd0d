"""The groups officers work in: bound by a tap, with topics or without, and what befalls them loses no question."""

import pytest
from sqlmodel import select

from bot.staff_rights import note_rights
from db.models import GroupChat, InquiryState, StaffGroup
from domain.knowledge.shelf import Library
from simulator import Group
from tests.conftest import LAMONGAN
from tests.faults.waiting import until
from tests.support.offices import DISKOPUM, DISPERINDAG, ON_SQLITE, Offices
from tests.support.running import running_bot

PLAIN, FORUM = -700, -1_000_000_000_900
BUTTON = "📌 Grup petugas Diskopum"


async def bind(office: Offices, group_id: int = PLAIN, **options: bool) -> Group:
    """Rini adds the bot to a group of officers and taps."""
    group = office.telegram.group(group_id, "Ruang petugas", [office.rini, office.tono, office.wati], "left", **options)
    group.add_bot(by=office.rini)
    await office.settled()
    office.rini.tap(BUTTON, chat=group_id)
    await office.settled()
    return group


async def bindings(office: Offices) -> dict[str, int]:
    return {row.office: row.chat_id for row in await office.bot.rows(select(StaffGroup))}


def heads(group: Group, number: int = 1) -> list[dict]:
    """The messages that show a whole inquiry, the oldest first."""
    return [m for m in group.messages() if m.get("text", "").startswith(f"#{number} · Sari · ")]


class TestBind:
    async def test_by_adding_and_tapping(self, private: Offices) -> None:
        """Whoever serves and adds the bot is offered their office; the tap binds it, and says how topics come."""
        group = await bind(private)

        assert await bindings(private) == {"diskopum": PLAIN}
        assert "Grup ini sekarang grup petugas Diskopum" in group.texts()[-1]
        assert "nyalakan Topik" in group.texts()[-1]
        assert await private.deeds() == [("officer", "group.bound", "office:diskopum")]
        menu = private.telegram.menu(private.rini, group.chat)
        assert [command["command"] for command in menu][:2] == ["selesai", "tarik"]

    async def test_offers_admins_each_office(self, private: Offices) -> None:
        """One button for each office they serve; one group may be that of several."""
        group = private.telegram.group(PLAIN, "Ruang petugas", [private.wati], "left")
        group.add_bot(by=private.wati)
        await private.settled()
        assert group.labels()[:2] == [BUTTON, "📌 Grup petugas Disperindag"]

        for label in group.labels()[:2]:
            private.wati.tap(label, chat=PLAIN)
            await private.settled()
        assert await bindings(private) == {"diskopum": PLAIN, "disperindag": PLAIN}

    async def test_offers_nobody_else(self, private: Offices) -> None:
        """Who is no officer sees the welcome only; a forged tap is refused, as is another office's officer's."""
        group = private.telegram.group(PLAIN, "Warga", [private.sari, private.budi], "left")
        group.add_bot(by=private.sari)
        await private.settled()
        assert group.labels() == []

        for somebody in (private.sari, private.budi):
            somebody.tap_data(group.messages()[-1]["message_id"], "bind:diskopum", chat=PLAIN)
            await private.settled()
            assert somebody.alerts()[-1]["show_alert"]
        assert await bindings(private) == {}

    async def test_when_made_an_administrator(self, private: Offices) -> None:
        """In a group it is in already the bot offers it to the officer who promotes it; topics then come."""
        group = private.telegram.group(FORUM, "Ruang petugas", [private.rini], is_forum=True)
        group.promote_bot(by=private.rini)
        await private.settled()
        private.rini.tap(BUTTON, chat=FORUM)
        await private.settled()

        assert "Setiap pertanyaan mendapat topik sendiri" in group.texts()[-1]

    async def test_posts_what_is_open(self, private: Offices) -> None:
        """Questions that were shown in private come to the group; what stood there says so."""
        number = await private.asks()
        group = await bind(private)

        assert len(heads(group)) == 1
        assert "sekarang ditangani di grup" in private.rini.texts()[0]
        private.tono.write("Bisa.", heads(group)[0]["message_id"], chat=PLAIN)
        await private.settled()
        assert "Bisa." in private.sari.texts()[-1]
        assert (await private.inquiry(number)).chat_id == PLAIN

    async def test_moves_the_office(self, forum: Offices) -> None:
        """Bound elsewhere its open questions move along, with what was said, and the old topic is closed."""
        await forum.asks()
        await forum.answers(1)
        forum.sari.write("Lalu?")
        await forum.settled()
        group = await bind(forum)

        (head,) = heads(group)
        assert "• Rini: Bisa, Bu." in head["text"]
        assert group.texts()[-2:-1] == ["#1 · Sari:\nLalu?"] or "#1 · Sari:\nLalu?" in group.texts()
        assert all(topic.is_closed for topic in forum.group.topics.values())
        assert await bindings(forum) == {"diskopum": PLAIN, "disperindag": DISPERINDAG}


class TestTopics:
    async def test_are_one_for_each_inquiry(self, forum: Offices) -> None:
        """Named by number and person; all that concerns it stands in it, and plain talk there goes nowhere."""
        number = await forum.asks()
        thread = forum.group.topic("#1 · Sari")
        forum.rini.write("Siapa tahu?", chat=DISKOPUM, thread=thread)
        await forum.settled()
        assert (await forum.inquiry(number)).state is InquiryState.WAITING

        await forum.answers(number)
        forum.sari.write("Terima kasih")
        await forum.settled()

        assert forum.group.texts(thread)[-1] == "#1 · Sari:\nTerima kasih"
        assert forum.group.texts() == forum.group.texts(thread)

    async def test_closed_by_hand_are_opened(self, forum: Offices) -> None:
        """What the person writes then opens the topic again."""
        number = await forum.asks()
        thread = forum.group.topic("#1 · Sari")
        await forum.answers(number)
        forum.group.close_topic(thread, by=forum.rini)
        await forum.settled()

        forum.sari.write("Satu lagi")
        await forum.settled()

        assert not forum.group.topics[thread].is_closed
        assert forum.group.texts(thread)[-1] == "#1 · Sari:\nSatu lagi"

    async def test_closed_unheard_are_opened(self, forum: Offices) -> None:
        """Also where the bot learns it only from a refusal."""
        number = await forum.asks()
        await forum.answers(number)
        thread = forum.group.topic("#1 · Sari")
        forum.telegram.fail("sendMessage", kind="400", chat_id=DISKOPUM, description="Bad Request: TOPIC_CLOSED")
        forum.telegram.groups[DISKOPUM].topics[thread].is_closed = True

        forum.sari.write("Satu lagi")
        await forum.settled()

        assert not forum.group.topics[thread].is_closed
        assert forum.group.texts(thread)[-1] == "#1 · Sari:\nSatu lagi"

    async def test_deleted_by_hand_are_made_anew(self, forum: Offices) -> None:
        """A new topic with the whole question and what waits; nothing of it is lost."""
        number = await forum.asks()
        await forum.answers(number)
        forum.group.delete_topic(forum.group.topic("#1 · Sari"), by=forum.rini)

        forum.sari.write("Masih ada?")
        await forum.settled()

        thread = forum.group.topic("#1 · Sari")
        assert forum.group.texts(thread)[0].startswith("#1 · Sari · Diskopum")
        assert forum.group.texts(thread)[-1] == "#1 · Sari:\nMasih ada?"
        forum.tono.write("Masih.", heads(forum.group)[-1]["message_id"], chat=DISKOPUM)
        await forum.settled()
        assert "Masih." in forum.sari.texts()[-1]

    async def test_deleted_before_it_is_answered(self, forum: Offices) -> None:
        """A head that is to change and is gone brings its topic back, and leaves nothing in General."""
        number = await forum.asks()
        thread = forum.group.topic("#1 · Sari")
        head = forum.head(number)["message_id"]
        forum.rini.write("Bisa.", head, chat=DISKOPUM)
        forum.group.delete_topic(thread, by=forum.rini)
        await forum.settled()

        new = forum.group.topic("#1 · Sari")
        assert forum.group.texts() == forum.group.texts(new)
        assert "✅ Dijawab Rini" in forum.group.texts(new)[0]

    async def test_refused_are_done_without(self, forum: Offices) -> None:
        """Without the right to make any, the question comes as a message, to be answered by a reply."""
        forum.group.chat.info = {**forum.group.chat.info}
        forum.telegram.fail(
            "createForumTopic",
            kind="400",
            chat_id=DISKOPUM,
            description="Bad Request: not enough rights to create a topic",
        )
        number = await forum.asks()
        await forum.answers(number)

        assert forum.group.topics == {}
        assert "Bisa, Bu." in forum.sari.texts()[-1]

    async def test_switched_on_and_off(self, private: Offices) -> None:
        """Whether a group has topics is told with each message, and followed."""
        group = await bind(private, FORUM)
        group.promote_bot(by=private.rini)
        await private.asks()
        assert group.topics == {}

        group.switch_topics(on=True)
        private.rini.write("Bisa.", heads(group)[0]["message_id"], chat=FORUM)
        await private.settled()
        tari = private.telegram.person(102, first_name="Tari")
        await private.asks(who=tari)
        assert group.topic("#2 · Tari")

        group.switch_topics(on=False)
        private.rini.write("Bisa juga.", group.messages()[-1]["message_id"], chat=FORUM)
        await private.settled()
        assert "Bisa juga." in tari.texts()[-1]

    async def test_of_two_at_once(self, forum: Offices) -> None:
        """Two people who ask at the same moment get a topic each."""
        tari = forum.telegram.person(102, first_name="Tari")
        for somebody in (forum.sari, tari):
            await forum.bot.says(somebody, "cara bikin nib gimana")
            await forum.bot.reply_after(somebody, lambda somebody=somebody: somebody.tap("🙋 Tanya petugas"))
        for somebody in (forum.sari, tari):
            somebody.tap("📨 Kirim")
        await forum.settled()

        for name in ("Sari", "Tari"):
            thread = forum.group.topic(name)
            assert f"· {name} ·" in forum.group.texts(thread)[0]


class TestMigrate:
    @pytest.mark.parametrize("is_answered", [False, True])
    async def test_posts_what_is_open_again(self, private: Offices, is_answered: bool) -> None:
        """The group became a supergroup, in which no message has its number: the questions come again, both told."""
        group = await bind(private)
        await private.asks()
        if is_answered:
            private.rini.write("Bisa, Bu.", heads(group)[0]["message_id"], chat=PLAIN)
            await private.settled()
            private.sari.write("Lalu?")
            await private.settled()

        new = group.migrate(FORUM, by=private.rini)
        await private.settled()

        assert await bindings(private) == {"diskopum": FORUM}
        assert len(heads(new)) == 1
        assert ("system", "group.moved", "office:diskopum") in await private.deeds()
        if is_answered:
            assert "• Rini: Bisa, Bu." in heads(new)[0]["text"]
            assert new.texts()[-1] == "#1 · Sari:\nLalu?"
        private.tono.write("Datang saja.", heads(new)[0]["message_id"], chat=FORUM)
        await private.settled()
        assert "Datang saja." in private.sari.texts()[-1]

    async def test_while_something_waits(self, private: Offices) -> None:
        """What was owed to the old group when it moved comes once, in the new one."""
        group = await bind(private)
        private.telegram.fail("sendMessage", kind="429", retry_after=1, chat_id=PLAIN)
        await private.bot.says(private.sari, "cara bikin nib gimana")
        await private.bot.reply_after(private.sari, lambda: private.sari.tap("🙋 Tanya petugas"))
        private.sari.tap("📨 Kirim")

        async def is_refused() -> bool:
            return any(call.status == 429 for call in private.telegram.calls)

        await until(is_refused)
        new = group.migrate(FORUM, by=private.rini)
        await private.settled()

        assert len(heads(new)) == 1
        assert heads(group) == []

    async def test_renamed_loses_nothing(self, private: Offices) -> None:
        """A new title is noted, and answers go on."""
        group = await bind(private)
        await private.asks()
        group.rename("Meja depan", by=private.rini)
        private.rini.write("Bisa.", heads(group)[0]["message_id"], chat=PLAIN)
        await private.settled()

        assert "Bisa." in private.sari.texts()[-1]
        assert [row.title for row in await private.bot.rows(select(GroupChat))] == ["Meja depan"]


class TestLeave:
    async def test_tells_the_officers(self, private: Offices) -> None:
        """Removed: the office has no group, its officers are told and answer in private; a new group gets them."""
        group = await bind(private)
        await private.asks()
        group.remove_bot(by=private.wati)
        await private.settled()

        assert await bindings(private) == {}
        assert "tidak lagi ada di grup “Ruang petugas”" in private.tono.texts()[0]
        assert private.tono.texts()[1].startswith("#1 · Sari · Diskopum")
        assert private.budi.texts() == []
        assert ("system", "group.unbound", "office:diskopum") in await private.deeds()
        private.tono.write("Bisa.", private.tono.messages()[1]["message_id"])
        await private.settled()
        assert "Bisa." in private.sari.texts()[-1]

        other = await bind(private, FORUM)
        assert "• Tono: Bisa." in heads(other)[0]["text"]

    async def test_learnt_from_a_refusal(self, private: Offices) -> None:
        """Where Telegram never told, the first 403 does, and the question is shown in private within a minute."""
        group = await bind(private)
        group.members[private.telegram.bot["id"]] = {"status": "kicked", "until_date": 0}
        await private.asks()
        await private.bot.app.tick()
        await private.settled()

        assert await bindings(private) == {}
        assert any(text.startswith("#1 · Sari · Diskopum") for text in private.rini.texts())

    async def test_a_group_that_takes_nothing(self, private: Offices) -> None:
        """Where the bot may not write, officers see the question in private."""
        await bind(private)
        private.telegram.fail(
            "sendMessage", kind="400", chat_id=PLAIN, description="Bad Request: not enough rights to send text messages"
        )
        await private.asks()

        assert any(text.startswith("#1 · Sari · Diskopum") for text in private.rini.texts())


@ON_SQLITE
class TestFirstGroup:
    async def test_is_what_the_setting_names(self, database_url: str, library: Library) -> None:
        """STAFF_CHAT_ID is the first group of every office; what the bot may do there is asked at the start."""
        async with running_bot(
            database_url, LAMONGAN, library=library, STAFF_CHAT_ID=DISKOPUM, ADMIN_IDS=(200,)
        ) as bot:
            wati = bot.person(200, "Wati")
            group = bot.telegram.group(DISKOPUM, "Petugas", [wati], "administrator", is_forum=True)
            await note_rights(bot.app.application.bot, bot.database, bot.app.house.now)
            sari = bot.person()
            await bot.says(sari, "cara bikin nib gimana")
            await bot.reply_after(sari, lambda: sari.tap("🙋 Tanya petugas"))
            sari.tap("📨 Kirim")
            await bot.settled()

            assert group.texts(group.topic("#1 · Sari"))[0].startswith("#1 · Sari · Diskopum")

    async def test_is_told_to_be_left(self, database_url: str, library: Library) -> None:
        """A group the bot is not in is none."""
        async with running_bot(
            database_url, LAMONGAN, library=library, STAFF_CHAT_ID=DISKOPUM, ADMIN_IDS=(200,)
        ) as bot:
            bot.telegram.group(DISKOPUM, "Petugas", [bot.person(200, "Wati")], "left")
            await note_rights(bot.app.application.bot, bot.database, bot.app.house.now)
            await bot.app.tick()

            assert await bot.rows(select(StaffGroup)) == []
