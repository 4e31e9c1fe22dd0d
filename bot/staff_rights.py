"""What the bot is and may do in the staff groups, asked of Telegram at each start: updates tell only what changes."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog
from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from db.session import Database
from db.trouble import is_outside
from domain import groups, staff_groups
from handlers.membership import rights_of
from handlers.turn import GROUPS

log = structlog.get_logger()

TRY_AGAIN_AFTER = 60.0


async def keep_rights(bot: Bot, database: Database, now: Callable[[], datetime]) -> None:
    """Note them; while Telegram or the database is away, try again later."""
    while True:
        try:
            await note_rights(bot, database, now)
        except Exception as error:
            if not isinstance(error, TelegramError) and not is_outside(error):
                raise
            log.warning("rights in staff groups not read; trying again later", error=str(error))
            await asyncio.sleep(TRY_AGAIN_AFTER)
        else:
            return


async def note_rights(bot: Bot, database: Database, now: Callable[[], datetime]) -> None:
    """Ask for each staff group and write it down; one that refuses us is left. Raises TelegramError."""
    async with database.reading() as session:
        chats = await staff_groups.chats(session)
    for chat_id in chats:
        try:
            chat, member = await bot.get_chat(chat_id), await bot.get_chat_member(chat_id, bot.id)
        except (BadRequest, Forbidden) as error:
            log.warning("not in a staff group", chat=chat_id, error=str(error))
            async with database.transaction() as session:
                await groups.leave(session, chat_id, now())
            continue
        if chat.type in GROUPS:
            async with database.transaction() as session:
                await groups.follow(
                    session,
                    chat_id,
                    chat.title or "",
                    now(),
                    is_there=True,
                    is_administrator=member.status == member.ADMINISTRATOR,
                    is_forum=bool(chat.is_forum),
                    rights=rights_of(member),
                )
