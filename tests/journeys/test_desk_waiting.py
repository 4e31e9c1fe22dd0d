"""What waits for officers: in one summary, after the promise, in private; and for how long anything is kept."""

from datetime import timedelta

from sqlmodel import select

from db.models import Inquiry, InquiryState, Person, Relay, RelayCopy
from domain import inquiries, keeping
from tests.support.offices import DISKOPUM, QUESTION, Offices


class TestMany:
    async def test_are_one_summary(self, office: Offices) -> None:
        """From the eleventh on they are counted in one message, which follows the number; five more by a tap."""
        for number in range(1, 14):
            await office.asks(who=office.telegram.person(1000 + number, first_name=f"W{number}"))
        heads = [text for text in office.group.texts() if text.startswith("#")]
        summary = office.group.texts()[-1]

        assert len(heads) == 10
        assert summary.startswith("📥 13 pertanyaan menunggu; yang tertua sejak Selasa, 24 November pukul 09.00")
        assert len([text for text in office.group.texts() if text.startswith("📥")]) == 1

        office.rini.tap("Tampilkan 5 berikutnya", chat=DISKOPUM)
        await office.settled()
        assert {f"#{number}" for number in range(1, 14)} == {
            text.split(" ")[0] for text in office.group.texts() if text.startswith("#")
        }
        assert "sudah ditampilkan satu per satu" in next(text for text in office.group.texts() if text[0] == "📥")

    async def test_are_single_again_below(self, office: Offices) -> None:
        """When ten or fewer wait, those that were only counted are shown by themselves."""
        for number in range(1, 13):
            await office.asks(who=office.telegram.person(1000 + number, first_name=f"W{number}"))
        for number in (1, 2):
            await office.answers(number)

        assert office.head(11)["text"].startswith("#11 · W11")
        assert office.head(12)["text"].startswith("#12 · W12")
        assert not any("pertanyaan menunggu" in text for text in office.group.texts())


class TestClock:
    async def test_reminds_once(self, office: Offices) -> None:
        """When the promise has passed: the officers once, two office hours later the admins once."""
        number = await office.asks()
        office.clock.show("2026-11-24 13:00")
        for _ in range(2):
            await office.bot.app.tick()
        await office.settled()

        assert [text for text in office.group.texts() if "⏰" in text] == [
            "#1 · ⏰ Penanya masih menunggu, padahal dijanjikan paling lambat Selasa, 24 November pukul 13.00. "
            "Balas pesan ini untuk menjawab."
        ]
        assert office.wati.texts() == []

        office.clock.show("2026-11-25 08:00")
        for _ in range(2):
            await office.bot.app.tick()
        await office.settled()

        told = [text for text in office.wati.texts() if text.startswith(("⏰", "#"))]
        assert "#1 di Diskopum belum juga dijawab" in told[0]
        assert told[1].startswith("#1 · Sari · Diskopum")
        assert len(told) == 2
        told = [deed for _, deed, _ in await office.deeds() if deed.startswith("inquiry")]
        assert told == ["inquiry.reminded", "inquiry.escalated"]

        await office.bot.reply_after(office.wati, lambda: office.wati.tap("✍️ Jawab"))
        office.wati.write("Maaf lama, Bu.")
        await office.settled()
        assert "Maaf lama, Bu." in office.sari.texts()[-1]
        assert office.group.texts()[-1] == "#1 · Petugas Diskopum (Wati):\nMaaf lama, Bu."
        assert "✅ Dijawab Wati" in office.head(number)["text"]

    async def test_a_reply_to_the_reminder_answers(self, office: Offices) -> None:
        """It begins with the number, so it is a reply to the question."""
        await office.asks()
        office.clock.show("2026-11-24 13:00")
        await office.bot.app.tick()
        await office.settled()

        office.rini.write("Sudah bisa.", office.group.messages()[-1]["message_id"], chat=DISKOPUM)
        await office.settled()

        assert "Sudah bisa." in office.sari.texts()[-1]

    async def test_of_several_in_one(self, office: Offices) -> None:
        """Several late ones are one reminder with their numbers."""
        for number in (1, 2, 3):
            await office.asks(who=office.telegram.person(1000 + number, first_name=f"W{number}"))
        office.clock.show("2026-11-24 13:30")
        await office.bot.app.tick()
        await office.settled()

        assert "⏰ 3 pertanyaan sudah lewat dari janji: #1, #2, #3." in office.group.texts()[-1]

    async def test_not_of_what_is_answered(self, office: Offices) -> None:
        """Who was answered in time is nobody's reminder."""
        number = await office.asks()
        await office.answers(number)
        office.clock.show("2026-11-24 12:30")
        await office.bot.app.tick()
        await office.settled()

        assert not any("⏰" in text for text in office.group.texts())


class TestPrivate:
    async def test_each_officer_is_asked(self, private: Offices) -> None:
        """Without a group the office's officers see it in private; who answers claims it before the others."""
        number = await private.asks()

        for officer in (private.rini, private.tono):
            assert officer.texts()[0].startswith("#1 · Sari · Diskopum")
            assert officer.labels() == ["✍️ Jawab", "💬 Balasan siap", "↪️ Teruskan", "✅ Selesai"]
        assert private.budi.texts() == private.wati.texts() == []

        await private.bot.reply_after(private.rini, lambda: private.rini.tap("✍️ Jawab"))
        wrote = private.rini.write("Bisa, Bu.")
        await private.settled()

        assert "Bisa, Bu." in private.sari.texts()[-1]
        assert private.rini.chat.reactions[wrote["message_id"]]
        assert "✅ Dijawab Rini" in private.tono.texts()[0]
        assert (await private.inquiry(number)).state is InquiryState.TALKING

    async def test_goes_on_with_who_answered(self, private: Offices) -> None:
        """What the person writes then goes to that officer; a reply to it is an answer, and can be taken back."""
        number = await private.asks()
        private.rini.write("Bisa.", private.rini.messages()[0]["message_id"])
        await private.settled()
        private.sari.sends("photo", caption="ini")
        await private.settled()

        assert private.rini.messages()[-1]["caption"].startswith("#1 · Sari:\nini")
        assert private.rini.labels()[-2:] == ["✍️ Jawab", "🪪 Ini KTP"]
        assert len(private.tono.texts()) == 1
        wrote = private.rini.write("Bagus.", private.rini.messages()[-1]["message_id"])
        await private.settled()
        assert private.sari.texts()[-1] == "Petugas Diskopum:\nBagus."
        private.rini.write("/tarik", wrote["message_id"])
        await private.settled()
        assert "Bagus." not in "".join(private.sari.texts())
        assert (await private.inquiry(number)).state is InquiryState.TALKING

    async def test_two_answer_at_once(self, private: Offices) -> None:
        """Both reach the person; one has claimed it."""
        await private.asks()
        for officer in (private.rini, private.tono):
            officer.write("Bisa.", officer.messages()[0]["message_id"])
        await private.settled()

        assert sum("Bisa." in text for text in private.sari.texts()) == 2
        (inquiry,) = await private.inquiries()
        assert inquiry.claimed_by is not None

    async def test_is_handed_on(self, private: Offices) -> None:
        """Teruskan shows it to the other office's officers, and here that it went."""
        await private.asks()
        private.tono.tap("↪️ Teruskan")
        await private.settled()

        assert private.budi.texts()[0].startswith("#1 · Sari · Disperindag")
        assert private.rini.texts() == ["#1 · Diteruskan ke Disperindag oleh Tono."]

    async def test_who_serves_no_more_sees_nothing_new(self, private: Offices) -> None:
        """A dismissed officer's chat shows nothing that is written after it, and takes no answer."""
        await private.asks()
        await private.dismiss(private.tono)
        private.sari.write("Tambahan", private.sari.messages()[-1]["message_id"])
        await private.settled()

        assert len(private.tono.texts()) == 1
        assert len(private.rini.texts()) == 2
        assert "belum terdaftar" in await private.bot.reply_after(
            private.tono, lambda: private.tono.write("Bisa", private.tono.messages()[0]["message_id"])
        )

    async def test_an_answer_after_all_not(self, private: Offices) -> None:
        """Batal after Jawab, and a kind that cannot be passed on."""
        await private.asks()
        await private.bot.reply_after(private.rini, lambda: private.rini.tap("✍️ Jawab"))

        assert "tidak bisa diteruskan" in await private.bot.reply_after(
            private.rini, lambda: private.rini.sends("sticker")
        )
        private.rini.tap("Batal")
        await private.settled()
        assert "belum ada yang dikirim" in "".join(private.rini.texts())
        await private.bot.says(private.rini, QUESTION)
        assert len(private.sari.texts()) == 2

    async def test_is_answered_after_it_was_closed(self, private: Offices) -> None:
        """An officer who began before it was over is told, and can open it again."""
        await private.asks()
        await private.bot.reply_after(private.rini, lambda: private.rini.tap("✍️ Jawab"))
        private.tono.tap("✅ Selesai")
        await private.settled()

        assert "sudah selesai" in await private.bot.says(private.rini, "Bisa.")
        private.rini.tap("🔓 Buka lagi")
        await private.settled()
        assert private.rini.labels().count("✍️ Jawab") == 1

    async def test_admins_where_no_officer_is(self, private: Offices) -> None:
        """An office without officers of its own is seen to by the admins."""
        for officer in (private.rini, private.tono):
            await private.dismiss(officer)

        await private.asks()

        assert private.wati.texts()[0].startswith("#1 · Sari · Diskopum")

    async def test_waits_for(self, private: Offices) -> None:
        """What waits for an officer: their office's, the oldest first, those that are answered last."""
        for number in (1, 2, 3):
            private.clock.show(f"2026-11-24 09:0{number}")
            await private.asks(who=private.telegram.person(1000 + number, first_name=f"W{number}"))
        private.rini.write("Bisa.", private.rini.messages()[0]["message_id"])
        await private.settled()

        async with private.bot.database.reading() as session:
            everybody = (await session.exec(select(Person))).all()
            found = {
                person.name: [one.id for one in await inquiries.waiting_for(session, person)] for person in everybody
            }
        assert (found["Rini"], found["Wati"], found["Budi"], found["W1"]) == ([2, 3, 1], [2, 3, 1], [], [])


class TestKeep:
    async def test_files_for_a_day(self, office: Offices) -> None:
        """After 24 hours what the person sent is deleted at the officers', and its name is forgotten on both ways."""
        number = await office.asks()
        await office.answers(number)
        office.sari.sends("photo", caption="ini")
        office.sari.shares_location()
        await office.settled()
        office.rini.sends("document", chat=DISKOPUM, reply_to=office.head(number)["message_id"])
        await office.settled()
        office.clock.at += timedelta(hours=25)

        async with office.bot.database.transaction() as session:
            await keeping.forget_old(session, office.now())
        await office.settled()

        bots = [message for message in office.group.messages() if message["from"]["is_bot"]]
        assert not any({"photo", "location"} & set(message) for message in bots)
        assert "document" in office.sari.messages()[-1]
        assert {relay.file_id for relay in await office.bot.rows(select(Relay))} == {None}
        assert [relay.text for relay in await office.bot.rows(select(Relay).where(Relay.kind == "location"))] == [None]

    async def test_words_for_ninety_days(self, office: Offices) -> None:
        """Then they are emptied; the number stays for the figures."""
        number = await office.asks()
        await office.answers(number)
        office.clock.at += timedelta(days=91)

        async with office.bot.database.transaction() as session:
            await keeping.forget_old(session, office.now())

        assert {relay.text for relay in await office.bot.rows(select(Relay))} == {None}
        assert len(await office.bot.rows(select(Inquiry))) == 1

    async def test_nothing_of_who_asks_to_be_forgotten(self, office: Offices) -> None:
        """What the officers were shown is deleted, old messages say that it is gone, and all words are emptied."""
        number = await office.asks()
        await office.answers(number, "Bisa, Bu Sari.")
        office.clock.at += timedelta(hours=60)
        office.sari.write("Nama saya Sari Wulandari", office.sari.messages()[-1]["message_id"])
        await office.settled()

        async with office.bot.database.transaction() as session:
            person = (await session.exec(select(Person).where(Person.telegram_id == 101))).one()
            await inquiries.forget_person(session, person, office.now())
        await office.settled()

        bots = [message for message in office.group.messages() if message["from"]["is_bot"]]
        assert [message["text"] for message in bots] == ["#1 · Dihapus atas permintaan penanyanya."]
        inquiry = await office.inquiry(number)
        assert (inquiry.state, inquiry.closed_by) == (InquiryState.CLOSED, "erased")
        relays = await office.bot.rows(select(Relay))
        assert {(relay.text, relay.file_id) for relay in relays} == {(None, None)}
        assert 101 not in {relay.chat_id for relay in relays}
        assert 101 not in {copy.chat_id for copy in await office.bot.rows(select(RelayCopy))}
