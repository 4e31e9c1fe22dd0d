"""An entrepreneur asks, is answered, guesses with us, and tells us whether it helped."""

import pytest
from sqlmodel import select

from db.models import Question
from tests.support.offices import ON_SQLITE
from tests.support.running import RunningBot


class TestAsk:
    @pytest.mark.parametrize(
        ("question", "title"),
        [
            ("cara bikin nib gimana", "Membuat NIB lewat OSS"),
            ("piye carane ngurus halal gratis", "gratis"),
        ],
    )
    async def test_answers_in_their_own_words(self, bot: RunningBot, question: str, title: str) -> None:
        """A question in everyday words, Indonesian or Javanese, brings the entry with source and date."""
        reply = await bot.says(bot.person(), question)

        assert title.lower() in reply.splitlines()[0].lower()
        assert "Sumber:" in reply
        assert "Diperiksa terakhir:" in reply

    async def test_tanya_with_the_question(self, bot: RunningBot) -> None:
        """/tanya followed by a question answers it."""
        assert "Membuat NIB" in await bot.says(bot.person(), "/tanya cara bikin nib gimana")

    async def test_tanya_alone_asks_for_one(self, bot: RunningBot) -> None:
        """/tanya alone asks for the question, and what is written next is answered."""
        sari = bot.person()

        assert "apa yang ingin Anda tanyakan" in await bot.says(sari, "/tanya")
        assert "Membuat NIB" in await bot.says(sari, "cara bikin nib gimana")

    async def test_keeps_question_and_outcome(self, bot: RunningBot) -> None:
        """Every question is kept with what became of it."""
        await bot.says(bot.person(), "cara bikin nib gimana")

        (question,) = await bot.rows(select(Question))
        assert (question.text, question.outcome, question.entry_id) == ("cara bikin nib gimana", "answer", "P05")
        assert 0 < question.confidence <= 1

    async def test_is_honest_when_lost(self, bot: RunningBot) -> None:
        """What no entry answers is said honestly, with a place to go and the topics."""
        sari = bot.person()

        reply = await bot.says(sari, "resep rendang padang yang empuk bagaimana")

        assert "belum punya jawaban" in reply
        assert "Mal Pelayanan Publik" in reply
        assert sari.labels() == ["🙋 Tanya petugas", "📚 Lihat topik"]

    async def test_says_which_datum_is_missing(self, bot: RunningBot) -> None:
        """An attribute no entry holds is named, never filled with something else."""
        reply = await bot.says(bot.person(), "nomor WA Dinas Koperasi Lamongan berapa")

        assert "belum punya datanya" in reply

    async def test_a_greeting_gets_a_greeting(self, bot: RunningBot) -> None:
        """Greetings and thanks get a human reply."""
        sari = bot.person()

        assert "Halo juga, Sari" in await bot.says(sari, "halo kak")
        assert "Sama-sama" in await bot.says(sari, "matur suwun nggih")

    async def test_escapes_what_people_write(self, bot: RunningBot) -> None:
        """Markup in a question is text, not markup."""
        await bot.says(bot.person(), "<b>halal</b> & <script>alert(1)</script> \\ ' \" %s {0} {name}")
        await bot.settled()

        assert (await bot.outbox_counts()) == {"sent": 1}


class TestStrangeTexts:
    @ON_SQLITE
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("😀😀😀", "Tulis saja"),
            ("Как открыть бизнес", "huruf Latin"),
            ("如何办理营业执照", "huruf Latin"),
            ("كيف أحصل على رخصة", "huruf Latin"),
            ("....???", "tulis"),
            ("nib " * 1000, "panjang sekali"),
            ("a" * 4000, "panjang sekali"),
        ],
    )
    async def test_gets_a_sentence_that_helps(self, bot: RunningBot, text: str, expected: str) -> None:
        """Emoji only, another script, endless text: a helpful sentence, never an error."""
        assert expected in await bot.says(bot.person(), text)

    async def test_ten_thousand_characters(self, bot: RunningBot) -> None:
        """More than a client would send is answered all the same."""
        sari = bot.person()
        first = sari.write("/start")
        await bot.settled()
        longest = {**first, "message_id": 999, "text": "syarat kur " * 1000, "entities": []}

        assert "panjang sekali" in await bot.reply_after(sari, lambda: bot.telegram.push({"message": longest}))

    async def test_a_zero_byte(self, bot: RunningBot) -> None:
        """A zero byte or half a surrogate, which PostgreSQL takes nowhere, loses nothing."""
        sari = bot.person()
        first = sari.write("/start")
        await bot.settled()
        for number, text in enumerate(("cara bikin\u0000 nib gimana", "cara bikin \ud83d nib gimana"), 900):
            broken = {**first, "message_id": number, "text": text, "entities": []}

            assert "NIB" in await bot.reply_after(sari, lambda broken=broken: bot.telegram.push({"message": broken}))


class TestGuesses:
    async def test_a_guess_is_tapped(self, bot: RunningBot) -> None:
        """When unsure the bot offers up to three guesses; a tapped one is shown and remembered."""
        sari = bot.person()
        await bot.says(sari, "nomor telepon dinas koperasi berapa")
        guesses = [label for label in sari.labels() if label not in {"🙋 Tanya petugas", "📚 Lihat topik"}]
        assert 1 <= len(guesses) <= 3

        card = await bot.reply_after(sari, lambda: sari.tap(guesses[0]))

        assert "Sumber:" in card
        (question,) = await bot.rows(select(Question))
        assert question.chosen_id == question.suggestions[0]

    async def test_a_related_entry_is_one_tap_away(self, bot: RunningBot) -> None:
        """Under a card stand related entries."""
        sari = bot.person()
        await bot.says(sari, "cara bikin nib gimana")

        card = await bot.reply_after(sari, lambda: sari.tap(sari.labels()[0]))

        assert "Sumber:" in card
        assert "Membuat NIB lewat OSS" not in card.splitlines()[0]


class TestRate:
    async def test_helpful(self, bot: RunningBot) -> None:
        """Membantu is noted once and thanked for; the two buttons go."""
        sari = bot.person()
        await bot.says(sari, "cara bikin nib gimana")
        sari.tap("👍 Membantu")
        await bot.settled()

        assert [alert["text"] for alert in sari.alerts()] == ["Terima kasih, senang bisa membantu!"]
        assert "👍 Membantu" not in sari.labels()
        assert [question.was_helpful for question in await bot.rows(select(Question))] == [True]

    async def test_a_double_tap_counts_once(self, bot: RunningBot) -> None:
        """Two quick taps note one opinion, the first."""
        sari = bot.person()
        await bot.says(sari, "cara bikin nib gimana")
        sari.tap("👍 Membantu")
        sari.tap("👎 Belum")
        await bot.settled()

        assert [question.was_helpful for question in await bot.rows(select(Question))] == [True]
        assert "sudah kami catat" in sari.alerts()[-1]["text"]

    async def test_unhelpful_leads_on(self, bot: RunningBot) -> None:
        """Belum is met with what might help instead."""
        sari = bot.person()
        await bot.says(sari, "cara bikin nib gimana")

        reply = await bot.reply_after(sari, lambda: sari.tap("👎 Belum"))

        assert "Maaf belum pas" in reply
        assert [question.was_helpful for question in await bot.rows(select(Question))] == [False]

    async def test_only_ones_own(self, bot: RunningBot) -> None:
        """Nobody rates somebody else's question: a polite alert, and no effect."""
        sari, budi = bot.person(), bot.person(102, "Budi")
        await bot.says(sari, "cara bikin nib gimana")
        await bot.says(budi, "/start")
        (question,) = await bot.rows(select(Question))
        budi.tap_data(budi.messages()[-1]["message_id"], f"helpful:{question.id}")
        await bot.settled()

        assert budi.alerts() == [
            {"text": "Tombol ini sudah tidak berlaku. Silakan tulis pertanyaan Anda.", "show_alert": True}
        ]
        assert [question.was_helpful for question in await bot.rows(select(Question))] == [None]


class TestForgedTaps:
    @ON_SQLITE
    @pytest.mark.parametrize(
        "data",
        [
            "helpful:999999", "helpful:-1", "helpful:99999999999999999999", "guess:1.P05", "guess:1.P9999",
            "guess:999999999999999999.P05", "open:P9999", "topic:nothing.0", "topic:kur.x", "topics:abc",
            "entry:P05; DROP", "entry:P9999", "", "x", ":", "💥",
        ],
    )  # fmt: skip
    async def test_is_refused_politely(self, bot: RunningBot, data: str) -> None:
        """Forged or stale callback data: a polite alert, no effect."""
        sari = bot.person()
        await bot.says(sari, "/start")
        sari.tap_data(sari.messages()[-1]["message_id"], data)
        await bot.settled()

        assert [alert["show_alert"] for alert in sari.alerts()] == [True]
        assert len(sari.texts()) == 1

    async def test_a_page_out_of_range_is_the_nearest(self, bot: RunningBot) -> None:
        """A page that is no more shows the last one there is."""
        sari = bot.person()
        await bot.says(sari, "/program")
        sari.tap_data(sari.messages()[-1]["message_id"], "topics:999")
        await bot.settled()

        assert "halaman 3 dari 3" in sari.texts()[-1]

    async def test_a_tap_on_a_lost_message(self, bot: RunningBot) -> None:
        """A button of a message that is gone brings its answer as a new message."""
        sari = bot.person()
        await bot.says(sari, "/start")

        assert "Topik yang bisa saya jawab" in await bot.reply_after(sari, lambda: sari.tap_data(77_777, "topics:0"))


class TestEdit:
    async def test_a_corrected_question_is_asked_again(self, bot: RunningBot) -> None:
        """Whoever corrects a question gets the answer to the corrected one."""
        sari = bot.person()
        message = sari.write("cara bikin nib gimana")
        await bot.settled()

        reply = await bot.reply_after(sari, lambda: sari.edit(message["message_id"], "cara daftar merek gimana"))

        assert "merek" in reply.lower()

    async def test_an_edit_that_changes_nothing_is_met_with_silence(self, bot: RunningBot) -> None:
        """Telegram also calls edited what reads the same; that is answered once."""
        sari = bot.person()
        message = sari.write("cara bikin nib gimana")
        await bot.settled()
        sari.edit(message["message_id"], "cara bikin nib gimana")
        await bot.settled()

        assert len(sari.texts()) == 1

    async def test_an_edited_caption_is_met_with_silence(self, bot: RunningBot) -> None:
        """A changed word under a picture asks nothing new."""
        sari = bot.person()
        message = sari.sends("photo", caption="syarat KUR apa saja")
        await bot.settled()
        sari.edit(message["message_id"], "syarat KUR apa")
        await bot.settled()

        assert len(sari.texts()) == 1


class TestFollowUp:
    async def test_a_short_question_is_about_the_entry_last_shown(self, bot: RunningBot) -> None:
        """ "Syarate opo wae" after a card is about that card's matter."""
        sari = bot.person()
        await bot.says(sari, "halal gratis sehati iku opo")
        await bot.says(sari, "syarate opo wae")

        follow_up = (await bot.rows(select(Question)))[-1]
        assert {follow_up.entry_id, *(follow_up.suggestions or [])} & {"P12", "P13"}
