"""A bot's library takes the simulator for Telegram."""

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import Forbidden, RetryAfter
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, ContextTypes, MessageHandler, filters

from simulator import Person, PretendTelegram
from simulator.media import KINDS
from tests.simulator.conftest import Bot

Context = ContextTypes.DEFAULT_TYPE


async def echo(update: Update, _: Context) -> None:
    keyboard = InlineKeyboardMarkup.from_button(InlineKeyboardButton("Ya", callback_data="1"))
    await update.effective_message.reply_html("<b>hai</b>", reply_markup=keyboard, do_quote=True)


async def confirm(update: Update, _: Context) -> None:
    await update.callback_query.answer("Siap", show_alert=True)
    await update.callback_query.edit_message_text("sip")


def application(address: str) -> Application:
    builder = ApplicationBuilder().token("1:test").base_url(f"{address}/bot").base_file_url(f"{address}/file/bot")
    application = builder.build()
    application.add_handlers([MessageHandler(filters.ALL, echo), CallbackQueryHandler(confirm)])
    return application


class TestPythonTelegramBot:
    async def test_talks_with_people(
        self, bot: Bot, sari: Person, telegram: PretendTelegram, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Polling, replies, taps, edits and every kind of message work as with Telegram, and so do refusals."""
        monkeypatch.setenv("PTB_TIMEDELTA", "true")  # else it warns of its own future whenever it meets a 429
        running = application(bot.address)
        async with running:
            await running.start()
            await running.updater.start_polling(timeout=5)
            sari.write("halo")
            await telegram.wait_until(lambda: sari.texts() == ["hai"])
            sari.tap("Ya")
            await telegram.wait_until(lambda: sari.texts() == ["sip"] and sari.alerts())
            for kind in KINDS:
                sari.sends(kind)
            await telegram.wait_until(lambda: len(sari.texts()) == 1 + len(KINDS))

            sari.blocks_bot()
            with pytest.raises(Forbidden):
                await running.bot.send_message(101, "halo")
            telegram.fail(kind="429", retry_after=4)
            with pytest.raises(RetryAfter):
                await running.bot.get_me()
            await running.updater.stop()
            await running.stop()
