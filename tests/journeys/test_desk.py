"""What officers do with a question: who may, what they take back, hand on, and hear of what did not arrive."""

from datetime import timedelta

import pytest
from sqlmodel import select

from db.models import InquiryState, Relay, Role, StaffGroup
from simulator import Person as Somebody
from tests.faults.waiting import until
from tests.support.offices import DISKOPUM, DISPERINDAG, ON_SQLITE, QUESTION, Offices


@ON_SQLITE
class TestMay:
    async def test_only_officers(self, office: Offices) -> None:
        """A member of the group who is none is told what to do; nothing goes to the person."""
        guest = office.telegram.person(300, first_name="Tamu")
        office.group.add(guest)
        number = await office.asks()

        await office.answers(number, who=guest)

        assert "Anda belum terdaftar sebagai petugas" in office.group.texts()[-1]
        assert len(office.sari.texts()) == 2

    async def test_only_of_that_office(self, office: Offices) -> None:
        """An officer of the other office is told where the question is."""
        office.group.add(office.budi)
        number = await office.asks()

        await office.answers(number, who=office.budi)

        assert "pertanyaan #1 ditangani Diskopum" in office.group.texts()[-1]
        assert len(office.sari.texts()) == 2

    async def test_no_readers(self, office: Offices) -> None:
        """Who may only read is told so."""
        await office.make(office.tono, Role.READER)
        number = await office.asks()

        await office.answers(number, who=office.tono)

        assert "Anda hanya bisa membaca" in office.group.texts()[-1]
        assert len(office.sari.texts()) == 2

    async def test_admins_of_every_office(self, office: Offices) -> None:
        """An admin answers for any."""
        number = await office.asks()

        await office.answers(number, who=office.wati)

        assert "Bisa, Bu." in office.sari.texts()[-1]

    async def test_nobody_anonymous(self, office: Offices) -> None:
        """Who writes as the group is asked to write as themselves."""
        office.group.promote(office.tono, is_anonymous=True)
        number = await office.asks()

        await office.answers(number, who=office.tono)

        assert "admin anonim" in office.group.texts()[-1]
        assert len(office.sari.texts()) == 2

    @pytest.mark.parametrize("label", ["💬 Balasan siap", "↪️ Teruskan", "✅ Selesai"])
    async def test_tap(self, office: Offices, label: str) -> None:
        """The buttons are officers' of that office; for others they are out of date."""
        office.group.add(office.budi)
        guest = office.telegram.person(300, first_name="Tamu")
        office.group.add(guest)
        number = await office.asks()

        for somebody in (guest, office.budi):
            somebody.tap(label, chat=DISKOPUM)
            await office.settled()
            assert "sudah tidak berlaku" in somebody.alerts()[-1]["text"]
        assert (await office.inquiry(number)).state is InquiryState.WAITING

    @pytest.mark.parametrize("command", ["/selesai", "/tarik"])
    async def test_command(self, office: Offices, command: str) -> None:
        """For anybody else the commands do not exist, here or in private."""
        guest = office.telegram.person(300, first_name="Tamu")
        office.group.add(guest)
        number = await office.asks()
        before = office.group.texts()

        guest.write(command, office.head(number)["message_id"], chat=DISKOPUM)
        await office.settled()

        assert office.group.texts() == before
        assert "Perintah itu belum ada" in await office.bot.says(guest, command)

    async def test_in_another_group(self, office: Offices) -> None:
        """Where no office works a reply to the bot is a question like any other."""
        group = office.telegram.group(-600, "Warga", [office.rini])
        office.rini.write(f"@demo_bot {QUESTION}", chat=-600)
        await office.settled()
        office.rini.write("syaratnya apa saja", group.messages()[-1]["message_id"], chat=-600)
        await office.settled()

        assert "NIB" in group.texts()[-1]

    @pytest.mark.parametrize("data", ["answer:9", "replies:9", "ready:1.9", "forward_to:1.nowhere", "close:9",
                                      "reopen:1", "idcard:9", "heads:9", "bind:nowhere", "saved_one:9"])  # fmt: skip
    async def test_forged(self, office: Offices, data: str) -> None:
        """What is not there is refused politely, to an officer as well."""
        await office.asks()
        office.rini.tap_data(office.head(1)["message_id"], data, chat=DISKOPUM)
        await office.settled()

        assert [alert["show_alert"] for alert in office.rini.alerts()] == [True]


class TestWithdraw:
    async def test_within_two_days(self, office: Offices) -> None:
        """/tarik under one's answer takes it away from the person, and the question waits again."""
        number = await office.asks()
        written = await office.answers(number)

        office.rini.write("/tarik", written["message_id"], chat=DISKOPUM)
        await office.settled()

        assert "Bisa, Bu." not in "".join(office.sari.texts())
        assert "sudah ditarik" in office.group.texts()[-1]
        inquiry = await office.inquiry(number)
        assert (inquiry.state, inquiry.claimed_by) == (InquiryState.WAITING, None)
        assert "Dijawab" not in office.head(number)["text"]
        assert (await office.deeds())[-1] == ("officer", "inquiry.answer_withdrawn", "inquiry:1")

    async def test_later(self, office: Offices) -> None:
        """What Telegram lets nobody delete any more says that it was taken back."""
        number = await office.asks()
        await office.answers(number, "Bawa KTP.")
        written = await office.answers(number)
        office.clock.at += timedelta(hours=49)

        office.rini.write("/tarik", written["message_id"], chat=DISKOPUM)
        await office.settled()

        assert "menarik kembali jawaban ini" in office.sari.texts()[-1]
        assert "lebih dari 48 jam" in office.group.texts()[-1]
        assert (await office.inquiry(number)).state is InquiryState.TALKING

    async def test_a_file(self, office: Offices) -> None:
        """A picture goes like a text, with what stands under it."""
        number = await office.asks()
        head = office.head(number)["message_id"]
        written = office.rini.sends("photo", caption="x " * 500, chat=DISKOPUM, reply_to=head)
        await office.settled()
        office.rini.write("/tarik", written["message_id"], chat=DISKOPUM)
        await office.settled()

        assert len(office.sari.texts()) == 2

    async def test_what_is_on_its_way(self, office: Offices) -> None:
        """An answer that was not sent yet is never sent."""
        number = await office.asks()
        office.telegram.fail("sendMessage", times=1, kind="429", retry_after=1, chat_id=101)
        head = office.head(number)["message_id"]
        written = office.rini.write("Salah orang", head, chat=DISKOPUM)
        office.rini.write("/tarik", written["message_id"], chat=DISKOPUM)
        await office.settled()

        assert "Salah orang" not in "".join(office.sari.texts())

    async def test_what_is_just_being_sent(self, office: Offices) -> None:
        """An answer that cannot be called back any more is deleted as soon as it is there."""
        number = await office.asks()
        office.telegram.latency = 0.3
        head = office.head(number)["message_id"]
        written = office.rini.write("Salah orang", head, chat=DISKOPUM)

        async def is_on_its_way() -> bool:
            return (await office.bot.outbox_counts()).get("sending", 0) > 0

        await until(is_on_its_way)
        office.rini.write("/tarik", written["message_id"], chat=DISKOPUM)
        await office.settled()

        assert "deleteMessage" in {call.method for call in office.telegram.calls}
        assert "Salah orang" not in "".join(office.sari.texts())

    async def test_ones_own(self, office: Offices) -> None:
        """Another officer's answer is theirs, or an admin's, to take back."""
        number = await office.asks()
        written = await office.answers(number)

        office.tono.write("/tarik", written["message_id"], chat=DISKOPUM)
        await office.settled()
        assert "jawaban petugas lain" in office.group.texts()[-1]
        assert "Bisa, Bu." in office.sari.texts()[-1]

        office.wati.write("/tarik", written["message_id"], chat=DISKOPUM)
        await office.settled()
        assert "Bisa, Bu." not in "".join(office.sari.texts())

    @pytest.mark.parametrize("command", ["/tarik", "/selesai"])
    async def test_needs_to_know_what(self, office: Offices, command: str) -> None:
        """Alone the command says how it is meant."""
        await office.asks()
        office.rini.write(command, chat=DISKOPUM)
        await office.settled()

        assert command in office.group.texts()[-1]


class TestForward:
    async def test_to_the_other_office(self, office: Offices) -> None:
        """At once where there are two: the person is told, the old head says so, the other group gets all of it."""
        number = await office.asks()
        await office.answers(number, "Itu urusan Disperindag.")
        office.sari.write("Baik")
        await office.settled()

        office.rini.tap("↪️ Teruskan", chat=DISKOPUM)
        await office.settled()

        assert office.group.texts()[0] == "#1 · Diteruskan ke Disperindag oleh Rini."
        head = office.head(number, office.other_group)["text"]
        assert head.startswith("#1 · Sari · Disperindag\n\ncara bikin nib gimana")
        assert "• Rini: Itu urusan Disperindag." in head
        assert office.other_group.texts()[1] == "#1 · Sari:\nBaik"
        assert "diteruskan ke petugas Disperindag" in office.sari.texts()[-1]
        assert (await office.deeds())[-1] == ("officer", "inquiry.forwarded", "inquiry:1")

        office.budi.write("Bisa di sini.", office.head(number, office.other_group)["message_id"], chat=DISPERINDAG)
        await office.settled()
        assert office.sari.texts()[-1].startswith("Petugas Disperindag:\nBisa di sini.")

    async def test_leaves_no_name_in_the_old_topic(self, forum: Offices) -> None:
        """Nobody can take the name away once the question has left: the topic keeps its number only."""
        number = await forum.asks()
        forum.rini.tap("↪️ Teruskan", chat=DISKOPUM)
        await forum.settled()

        assert [(one.name, one.is_closed) for one in forum.group.topics.values()] == [(f"#{number}", True)]
        assert [one.name for one in forum.other_group.topics.values()] == [f"#{number} · Sari"]

    async def test_leaves_the_old_group_nothing_to_say(self, office: Offices) -> None:
        """A reply to what stands there still is told where the question is."""
        number = await office.asks()
        old = office.head(number)["message_id"]
        office.rini.tap("↪️ Teruskan", chat=DISKOPUM)
        await office.settled()

        office.tono.write("Bisa", old, chat=DISKOPUM)
        await office.settled()

        assert "pertanyaan #1 ditangani Disperindag" in office.group.texts()[-1]

    async def test_where_one_is_open_already(self, office: Offices) -> None:
        """The two become one, so that nobody is answered twice."""
        await office.asks()
        await office.bot.says(office.sari, "/petugas")
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("✍️ Tanya hal baru"))
        await office.bot.reply_after(office.sari, lambda: office.sari.tap("Disperindag"))
        await office.bot.says(office.sari, "Ada pameran?")
        office.sari.tap("📨 Kirim")
        await office.settled()

        office.rini.tap("↪️ Teruskan", chat=DISKOPUM)
        await office.settled()

        assert [one.state for one in await office.inquiries()] == [InquiryState.CLOSED, InquiryState.WAITING]
        assert office.other_group.texts()[-1] == "#2 · Sari:\ncara bikin nib gimana"
        assert "#1 digabung dengan #2" in office.sari.texts()[-1]

    async def test_to_nobody(self, office: Offices) -> None:
        """An office in which nobody would see it gets nothing."""
        async with office.bot.database.transaction() as session:
            await session.delete(await session.get_one(StaffGroup, "disperindag"))
            await session.flush()
        await office.dismiss(office.budi)
        await office.dismiss(office.wati)
        number = await office.asks()

        office.rini.tap("↪️ Teruskan", chat=DISKOPUM)
        await office.settled()

        assert "belum ada petugas" in office.rini.alerts()[-1]["text"]
        assert (await office.inquiry(number)).office == "diskopum"


@ON_SQLITE
class TestSavedReplies:
    async def test_are_kept_and_used(self, office: Offices) -> None:
        """Made in private, sent by a tap as the answer, shown in the group, and taken back like any answer."""
        number = await office.asks()
        await self.add(office, "Jam buka", "Senin sampai Jumat, 08.00 & tidak <libur>")

        office.rini.tap("💬 Balasan siap", chat=DISKOPUM)
        await office.settled()
        assert office.group.labels() == ["Jam buka", "⬅️ Kembali"]
        office.rini.tap("Jam buka", chat=DISKOPUM)
        await office.settled()

        assert "Senin sampai Jumat, 08.00 & tidak <libur>" in office.sari.texts()[-1]
        assert office.group.texts()[-1].startswith("#1 · Petugas Diskopum (Rini):\nSenin")
        assert office.group.labels() == ["💬 Balasan siap", "↪️ Teruskan", "✅ Selesai"]
        assert (await office.inquiry(number)).state is InquiryState.TALKING

        office.rini.write("/tarik", office.group.messages()[-1]["message_id"], chat=DISKOPUM)
        await office.settled()
        assert "Senin" not in "".join([*office.sari.texts(), *office.group.texts()])

    async def test_can_be_left_alone(self, office: Offices) -> None:
        """Kembali brings the buttons back; without any reply an alert says how to make one."""
        await office.asks()
        office.rini.tap("💬 Balasan siap", chat=DISKOPUM)
        await office.settled()
        assert "Belum ada balasan siap" in office.rini.alerts()[-1]["text"]

        await self.add(office, "Jam buka", "Senin sampai Jumat")
        office.rini.tap("💬 Balasan siap", chat=DISKOPUM)
        await office.settled()
        office.rini.tap("⬅️ Kembali", chat=DISKOPUM)
        await office.settled()
        assert office.group.labels() == ["💬 Balasan siap", "↪️ Teruskan", "✅ Selesai"]

    async def test_are_listed_and_deleted(self, office: Offices) -> None:
        """An officer sees those of their office; deleted ones are gone, and both stand in the audit."""
        await self.add(office, "Jam buka", "Senin sampai Jumat")
        rini = office.rini
        await self.open(office, rini)
        assert "Jam buka" in rini.labels()
        rini.tap("Jam buka")
        await office.settled()
        assert "Senin sampai Jumat" in rini.texts()[-1]
        rini.tap("🗑 Hapus")
        await office.settled()

        assert "belum punya balasan siap" in rini.texts()[-1]
        assert [deed for _, deed, _ in await office.deeds()] == ["saved_reply.added", "saved_reply.deleted"]

    async def test_have_a_short_title(self, office: Offices) -> None:
        """A title that fits on no button is asked for again."""
        await self.begin(office)

        assert "1 sampai 28 huruf" in await office.bot.says(office.rini, "Jam buka kantor kami setiap hari kerja")
        assert "isi balasan “Jam buka”" in await office.bot.says(office.rini, "Jam  buka")

    async def test_are_no_readers_to_make(self, office: Offices) -> None:
        """Who may only read sees them, and no way to change them."""
        await self.add(office, "Jam buka", "Senin sampai Jumat")
        await office.make(office.tono, Role.READER)

        await self.open(office, office.tono)

        assert office.tono.labels() == ["📚 Lihat topik", "Jam buka", "⬅️ Kembali"]

    async def open(self, office: Offices, somebody: Somebody) -> None:
        await office.bot.says(somebody, "/batal")
        somebody.tap_data(99_999, "saved:0")
        await office.settled()

    async def begin(self, office: Offices) -> None:
        await self.open(office, office.rini)
        await office.bot.reply_after(office.rini, lambda: office.rini.tap("➕ Tambah balasan"))

    async def add(self, office: Offices, title: str, text: str) -> None:
        await self.begin(office)
        await office.bot.says(office.rini, title)
        assert "tersimpan" in await office.bot.says(office.rini, text)


class TestIdCard:
    async def test_goes_from_both_chats(self, office: Offices) -> None:
        """Ini KTP deletes the photo at the officers' and at the person's, forgets its name, and explains kindly."""
        number = await office.asks()
        await office.answers(number)
        wrote = office.sari.sends("photo", caption="KTP saya")
        await office.settled()
        assert "🪪 Ini KTP" in office.group.labels()

        office.tono.tap("🪪 Ini KTP", chat=DISKOPUM)
        await office.settled()

        assert not any("photo" in message for message in [*office.group.messages(), *office.sari.messages()])
        assert wrote["message_id"] not in office.sari.chat.messages
        assert "tidak pernah perlu KTP" in office.sari.texts()[-1]
        (relay,) = [relay for relay in await office.bot.rows(select(Relay)) if relay.kind == "photo"]
        assert (relay.file_id, relay.text) == (None, None)
        assert ("officer", "inquiry.id_card_removed", "inquiry:1") in await office.deeds()
        assert (await office.inquiry(number)).state is InquiryState.TALKING


class TestBlocked:
    async def test_before_the_answer(self, office: Offices) -> None:
        """Who blocked the bot is not written to: the officer is told, and what to do."""
        number = await office.asks()
        office.sari.blocks_bot()
        await office.settled()

        await office.answers(number)

        assert "penanya sudah memblokir bot ini" in office.group.texts()[-1]
        assert (await office.inquiry(number)).state is InquiryState.WAITING

    async def test_while_it_is_sent(self, office: Offices) -> None:
        """Where Telegram tells it only then, each answer that was lost is told of, once, under it."""
        number = await office.asks()
        office.sari.has_blocked = True
        head = office.head(number)["message_id"]
        for text in ("satu", "dua"):
            office.rini.write(text, head, chat=DISKOPUM)
        await office.settled()

        told = [message for message in office.group.messages() if "memblokir" in message.get("text", "")]
        assert {message["reply_to_message"]["text"] for message in told} == {"satu", "dua"}
        assert len(told) == 2

    async def test_what_telegram_refuses(self, office: Offices) -> None:
        """Any other refusal is told, too."""
        number = await office.asks()
        office.telegram.fail("sendMessage", kind="400", chat_id=101, description="Bad Request: PEER_FLOOD")
        await office.answers(number)

        assert "Telegram menolak pesan ini" in office.group.texts()[-1]

    async def test_what_nobody_knows(self, office: Offices) -> None:
        """An answer whose fate is unknown goes once more, and then the officer is told that it is uncertain."""
        number = await office.asks()
        office.telegram.fail("sendMessage", times=2, kind="reset_after", chat_id=101)
        await office.answers(number)
        await office.settled()

        assert "Tidak pasti apakah jawaban ini sampai" in office.group.texts()[-1]
