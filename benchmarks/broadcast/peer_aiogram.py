"""A peer: aiogram that echoes and, told "mulai", sends to many by the loop of its documentation: one after another,
a rest of 0.05 s after each, and as long as Telegram says after a 429.

Arguments: Telegram's address, the token, the first chat and how many.
"""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter
from aiogram.types import Message

TEXT = "Ada pameran UMKM di alun-alun hari Sabtu pukul 08.00. Daftar di dinas, gratis."
REST = 0.05


async def send(bot: Bot, chat_id: int) -> None:
    try:
        await bot.send_message(chat_id, TEXT)
    except TelegramRetryAfter as error:
        await asyncio.sleep(error.retry_after)
        await send(bot, chat_id)
    except TelegramAPIError as error:
        print(f"not sent: {error}", flush=True)


async def main() -> None:
    address, token, first, number = sys.argv[1:]
    dispatcher = Dispatcher()
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(address)))
    under_way: set[asyncio.Task[None]] = set()

    async def send_all() -> None:
        for chat_id in range(int(first), int(first) + int(number)):
            await send(bot, chat_id)
            await asyncio.sleep(REST)

    async def answer(message: Message) -> None:
        if message.text == "mulai":
            under_way.add(asyncio.create_task(send_all()))
        elif message.text:
            await message.answer(message.text)

    dispatcher.message.register(answer)
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main())
