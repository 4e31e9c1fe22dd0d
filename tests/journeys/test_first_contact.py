"""An entrepreneur meets the bot: /start, links, help, cancelling, and everything that is no text."""

import pytest
from sqlmodel import select

from db.models import Person
from tests.support.offices import ON_SQLITE
from tests.support.running import RunningBot


class TestStart:
    async def test_welcomes_by_name(self, bot: RunningBot) -> None:
        """Whoever sends /start is greeted by name and told what to do next."""
        sari = bot.person()

        reply = await bot.says(sari, "/start")

        assert "Halo, Sari!" in reply
        assert "Tulis saja pertanyaan Anda" in reply
        assert "📚 Lihat topik" in sari.labels()

    async def test_follows_a_link(self, bot: RunningBot) -> None:
        """A link to an entry shows the entry at once."""
        assert "Membuat NIB lewat OSS" in await bot.says(bot.person(), "/start P05")

    @ON_SQLITE
    @pytest.mark.parametrize("payload", ["P999", "kelas_7", "'; DROP TABLE person; --", "💥"])
    async def test_is_kind_about_a_dead_link(self, bot: RunningBot, payload: str) -> None:
        """A link that leads nowhere is said so, with the way on."""
        sari = bot.person()

        assert "sudah tidak berlaku" in await bot.says(sari, f"/start {payload}")
        assert "📚 Lihat topik" in sari.labels()

    async def test_survives_strange_names(self, bot: RunningBot) -> None:
        """Control characters and markup in a name break neither message nor database."""
        strange = bot.person(102, name="<b>Bu\u0000di</b>\u202e")

        assert "Halo, <b>Budi</b>" in await bot.says(strange, "/start")


class TestHelp:
    async def test_names_every_command(self, bot: RunningBot) -> None:
        """/bantuan lists each command with what it does."""
        reply = await bot.says(bot.person(), "/bantuan")

        assert all(f"/{command} – " in reply for command in ("start", "tanya", "program", "bantuan", "batal"))

    async def test_unknown_command_leads_on(self, bot: RunningBot) -> None:
        """A command that does not exist is answered with what does."""
        assert "/bantuan" in await bot.says(bot.person(), "/siaran halo")


class TestCancel:
    async def test_nothing_to_cancel(self, bot: RunningBot) -> None:
        """/batal with nothing begun says so and leads on."""
        assert "Tidak ada yang perlu dibatalkan" in await bot.says(bot.person(), "/batal")

    async def test_drops_what_was_begun(self, bot: RunningBot) -> None:
        """/batal after /tanya drops the question that was to come."""
        sari = bot.person()
        await bot.says(sari, "/tanya")

        assert "dibatalkan" in await bot.says(sari, "/batal")
        assert "Tidak ada yang perlu dibatalkan" in await bot.says(sari, "/batal")


class TestOtherKinds:
    @ON_SQLITE
    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("sticker", "Tulis saja pertanyaan Anda"),
            ("dice", "Tulis saja pertanyaan Anda"),
            ("voice", "pesan suara belum bisa"),
            ("audio", "pesan suara belum bisa"),
            ("video_note", "pesan suara belum bisa"),
            ("photo", "Gambar dan video belum bisa"),
            ("video", "Gambar dan video belum bisa"),
            ("animation", "Gambar dan video belum bisa"),
            ("story", "Gambar dan video belum bisa"),
            ("document", "Berkas belum bisa"),
            ("location", "belum saya perlukan"),
            ("contact", "belum saya perlukan"),
            ("poll", "belum saya mengerti"),
        ],
    )
    async def test_gets_a_sentence_that_helps(self, bot: RunningBot, kind: str, expected: str) -> None:
        """What we cannot read is said kindly, with the way on."""
        sari = bot.person()

        assert expected in await bot.reply_after(sari, lambda: sari.sends(kind))
        assert "📚 Lihat topik" in sari.labels()

    async def test_a_caption_is_a_question(self, bot: RunningBot) -> None:
        """Words under a picture are answered like any question."""
        sari = bot.person()

        assert "KUR" in await bot.reply_after(sari, lambda: sari.sends("photo", caption="syarat KUR apa saja"))

    async def test_a_forward_is_a_question(self, bot: RunningBot) -> None:
        """A forwarded text is answered: many ask whether what went round is true."""
        sari = bot.person()

        reply = await bot.reply_after(sari, lambda: sari.forward("daftar bantuan BPUM 2,4 juta klik di sini"))

        assert "BPUM" in reply

    async def test_service_messages_are_met_with_silence(self, bot: RunningBot) -> None:
        """A pinned message or a new picture of the chat asks nothing of us."""
        sari = bot.person()
        first = sari.write("/start")
        pinned = {name: value for name, value in first.items() if name not in {"text", "entities"}}
        bot.telegram.push({"message": {**pinned, "message_id": 1000, "pinned_message": first}})
        await bot.settled()

        assert len(sari.texts()) == 1


class TestSilence:
    async def test_in_groups(self, bot: RunningBot) -> None:
        """In a group nobody who does not ask the bot is answered; a command is."""
        sari = bot.person()
        group = bot.telegram.group(-1001234567890, "Warga", members=[sari], bot="administrator")
        sari.write("halo semua", chat=group.id)
        sari.write("syarat KUR", chat=group.id)
        await bot.settled()
        assert group.texts() == []

        sari.write("/start", chat=group.id)
        await bot.settled()
        assert len(group.texts()) == 1

    @ON_SQLITE
    @pytest.mark.parametrize(
        "update",
        [
            {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": True,
                      "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
                      "allows_revoting": False, "members_only": False}},
            {"brand_new_kind": {"chat": {"id": 101, "type": "private"}, "from": {"id": 101, "first_name": "S"}}},
            {"message": {"message_id": 5, "date": 1_800_000_000, "chat": {"id": 9, "type": "private"},
                         "from": {"id": 9, "is_bot": True, "first_name": "Bot"}, "text": "halo"}},
        ],
    )  # fmt: skip
    async def test_to_what_asks_nothing(self, bot: RunningBot, update: dict[str, object]) -> None:
        """A poll's count, a kind Telegram has yet to invent, another bot: finished without a word."""
        bot.telegram.push(update)
        await bot.settled()

        assert (await bot.inbox_counts()) == {"finished": 1}
        assert await bot.outbox_counts() == {}


class TestBlock:
    async def test_who_blocks_is_unreachable_until_they_write(self, bot: RunningBot) -> None:
        """Whoever blocks the bot is owed nothing more; their next message brings them back."""
        sari = bot.person()
        await bot.says(sari, "/start")
        sari.blocks_bot()
        await bot.settled()
        assert [person.is_reachable for person in await bot.rows(select(Person))] == [False]

        sari.unblocks_bot()
        assert "Halo, Sari!" in await bot.says(sari, "/start")
        assert [person.is_reachable for person in await bot.rows(select(Person))] == [True]
