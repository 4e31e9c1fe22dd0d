"""/program: leafing through topics and entries in one message."""

from telegram import BotCommandScopeAllPrivateChats

from bot.profile import set_profile
from handlers.commands import COMMANDS
from tests.support.running import RunningBot


class TestProgram:
    async def test_everything_happens_in_one_message(self, bot: RunningBot) -> None:
        """Topics, a topic's entries, a card and the way back all show in the same message."""
        sari = bot.person()
        assert "halaman 1 dari 3" in await bot.says(sari, "/program")

        sari.tap("Berikutnya »")
        await bot.settled()
        assert "halaman 2 dari 3" in sari.texts()[-1]

        sari.tap("« Sebelumnya")
        await bot.settled()
        sari.tap("NIB dan izin usaha")
        await bot.settled()
        assert "NIB dan izin usaha" in sari.texts()[-1]

        sari.tap("Membuat NIB lewat OSS")
        await bot.settled()
        assert "Sumber:" in sari.texts()[-1]

        sari.tap("⬅️ Kembali")
        await bot.settled()
        sari.tap("⬅️ Kembali")
        await bot.settled()
        assert "halaman 1 dari 3" in sari.texts()[-1]
        assert len(sari.texts()) == 1

    async def test_every_entry_can_be_reached(self, bot: RunningBot) -> None:
        """Every entry of the district stands under a topic that /program lists."""
        sari = bot.person()
        await bot.says(sari, "/program")
        topics = set()
        for _ in range(3):
            topics |= {label for label in sari.labels() if "«" not in label and "»" not in label}
            if "Berikutnya »" in sari.labels():
                sari.tap("Berikutnya »")
                await bot.settled()

        shelf = await bot.shelf()
        titles = bot.app.house.district.topics
        assert topics == {titles[entry.topic] for entry in shelf.entries.values()}

    async def test_quick_taps_end_where_the_last_one_points(self, bot: RunningBot) -> None:
        """Of several quick taps the last one's page shows, and no tap is left turning."""
        sari = bot.person()
        await bot.says(sari, "/program")
        message_id = sari.messages()[-1]["message_id"]
        for page in (1, 2, 1, 2, 0, 1):
            sari.tap_data(message_id, f"topics:{page}")
        await bot.settled()

        assert "halaman 2 dari 3" in sari.texts()[-1]
        answered = [call for call in bot.telegram.calls if call.method == "answerCallbackQuery" and call.status == 200]
        assert len(answered) == 6


class TestProfile:
    async def test_sets_commands_and_descriptions(self, bot: RunningBot) -> None:
        """Every command stands in Telegram's menu, and the descriptions are set; a second time nothing is called."""
        await set_profile(bot.app.application.bot, bot.app.house.district)
        commands = await bot.app.application.bot.get_my_commands(BotCommandScopeAllPrivateChats())
        first = len(bot.telegram.calls)
        await set_profile(bot.app.application.bot, bot.app.house.district)

        assert [command.command for command in commands] == list(COMMANDS)
        asked = [call.method for call in bot.telegram.calls[first:] if "My" in call.method]
        assert asked
        assert all(method.startswith("getMy") for method in asked)


class TestParameters:
    async def test_nothing_is_refused(self, bot: RunningBot) -> None:
        """Over a whole conversation Telegram refuses no call and knows every parameter."""
        sari = bot.person()
        for text in ("/start", "/bantuan", "/program", "cara bikin nib gimana", "nomor WA diskopum", "halo", "/batal"):
            await bot.says(sari, text)
        sari.tap("👍 Membantu")
        await bot.settled()

        assert [call for call in bot.telegram.calls if call.status != 200] == []
