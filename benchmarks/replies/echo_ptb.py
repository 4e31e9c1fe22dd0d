"""A peer: stock python-telegram-bot that echoes. Arguments: Telegram's address, the token, concurrent_updates."""

import sys

from telegram import Update
from telegram.ext import ApplicationBuilder, ContextTypes, MessageHandler, filters


async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


def main() -> None:
    address, token, concurrent = sys.argv[1:]
    builder = ApplicationBuilder().token(token).base_url(f"{address}/bot")
    if int(concurrent):
        builder = builder.concurrent_updates(int(concurrent))
    application = builder.build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main()
