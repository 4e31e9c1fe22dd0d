"""A peer: python-telegram-bot that echoes and, told "mulai", sends to many as its AIORateLimiter is documented.

Arguments: Telegram's address, the token, the first chat and how many.
"""

import asyncio
import sys

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ApplicationBuilder, ContextTypes, MessageHandler, filters

TEXT = "Ada pameran UMKM di alun-alun hari Sabtu pukul 08.00. Daftar di dinas, gratis."


async def send(bot: Bot, chat_id: int) -> None:
    try:
        await bot.send_message(chat_id, TEXT)
    except TelegramError as error:
        print(f"not sent: {error}", flush=True)


def main() -> None:
    address, token, first, number = sys.argv[1:]
    under_way: set[asyncio.Task[None]] = set()

    async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        if not update.message or not update.message.text:
            return
        if update.message.text == "mulai":
            # The limiter is what paces them: so its documentation has it.
            for chat_id in range(int(first), int(first) + int(number)):
                task = asyncio.create_task(send(context.bot, chat_id))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
            return
        await update.message.reply_text(update.message.text)

    limiter = AIORateLimiter(max_retries=3)
    builder = ApplicationBuilder().token(token).base_url(f"{address}/bot").rate_limiter(limiter)
    application = builder.concurrent_updates(True).build()
    application.add_handler(MessageHandler(filters.TEXT, answer))
    application.run_polling()


if __name__ == "__main__":
    main()
