"""An entrepreneur meets the bot."""

from tests.support.running import RunningBot


class TestStart:
    async def test_welcomes_by_name(self, bot: RunningBot) -> None:
        """Whoever sends /start is greeted by name and told what to do next."""
        sari = bot.person()

        reply = await bot.says(sari, "/start")

        assert "Halo, Sari!" in reply
        assert "Tulis saja pertanyaan Anda" in reply


class TestAsk:
    async def test_answers_in_their_own_words(self, bot: RunningBot) -> None:
        """A question in everyday words brings the entry, its source and its date."""
        reply = await bot.says(bot.person(), "cara bikin nib gimana")

        assert "Membuat NIB lewat OSS" in reply
        assert "Sumber:" in reply
        assert "Diperiksa terakhir: November 2025" in reply
