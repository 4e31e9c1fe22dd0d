"""The bot's command menus and descriptions at Telegram, in every language, set only where they differ."""

import asyncio
from collections.abc import Sequence

import structlog
from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from domain.district import District
from handlers.commands import COMMANDS, IN_GROUPS
from messages import FIRST_LANGUAGE, LANGUAGES, say
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
    """Set menu and descriptions for each language; the first one is for everybody else too. Raises TelegramError."""
    if await bot.get_my_commands():
        # What holds everywhere would also show in groups, where most of it leads elsewhere.
        await bot.delete_my_commands()
    for language in LANGUAGES:
        code = None if language == FIRST_LANGUAGE else language
        await _set_menu(bot, BotCommandScopeAllPrivateChats(), COMMANDS, language, code)
        await _set_menu(bot, BotCommandScopeAllGroupChats(), IN_GROUPS, language, code)
        await _set_descriptions(bot, district, language, code)


async def _set_menu(bot: Bot, scope: BotCommandScope, names: Sequence[str], language: str, code: str | None) -> None:
    commands = [BotCommand(name, say(f"command.{name}").in_language(language)) for name in names]
    if tuple(await bot.get_my_commands(scope, code)) != tuple(commands):
        await bot.set_my_commands(commands, scope, code)


async def _set_descriptions(bot: Bot, district: District, language: str, code: str | None) -> None:
    description = cut(say("profile.description", district=district.name).in_language(language), DESCRIPTION)
    if (await bot.get_my_description(code)).description != description:
        await bot.set_my_description(description, code)
    short = cut(say("profile.short_description", district=district.name).in_language(language), SHORT_DESCRIPTION)
    if (await bot.get_my_short_description(code)).short_description != short:
        await bot.set_my_short_description(short, code)
