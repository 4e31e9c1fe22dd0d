"""The bot's command menu and descriptions at Telegram, set only where they differ."""

import asyncio

import structlog
from telegram import Bot, BotCommand
from telegram.error import TelegramError

from domain.district import District
from handlers.commands import COMMANDS
from messages import FIRST_LANGUAGE, say
from messages.limits import DESCRIPTION, SHORT_DESCRIPTION, cut

log = structlog.get_logger()

TRY_AGAIN_AFTER = 60.0


async def keep_profile(bot: Bot, district: District) -> None:
    """Set what differs; while Telegram refuses or is away, try again later."""
    while True:
        try:
            await set_profile(bot, district)
        except TelegramError as error:
            log.warning("profile not set; trying again later", error=str(error))
            await asyncio.sleep(TRY_AGAIN_AFTER)
        else:
            return


async def set_profile(bot: Bot, district: District) -> None:
    """Raises TelegramError."""
    commands = [BotCommand(name, say(f"command.{name}").in_language(FIRST_LANGUAGE)) for name in COMMANDS]
    if tuple(await bot.get_my_commands()) != tuple(commands):
        await bot.set_my_commands(commands)
    description = cut(say("profile.description", district=district.name).in_language(FIRST_LANGUAGE), DESCRIPTION)
    if (await bot.get_my_description()).description != description:
        await bot.set_my_description(description)
    short = cut(say("profile.short_description", district=district.name).in_language(FIRST_LANGUAGE), SHORT_DESCRIPTION)
    if (await bot.get_my_short_description()).short_description != short:
        await bot.set_my_short_description(short)
