"""`python -m bot init`: the first settings, tried before they are written."""

import os
from pathlib import Path

from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.app import read_district_or_refuse
from bot.settings import BadSetting, Settings, read_settings
from bot.telegram_request import TelegramRequest


async def write_first_settings(token: str, district: str, file: Path) -> str:
    """Try *token* at Telegram and write *file*, readable by its owner only; return what to say.

    Other lines of an existing file stay. Raises BadSetting, and then nothing is written.
    """
    settings = read_settings(BOT_TOKEN=token, DISTRICT_DIR=Path(district))
    settings.require_token()
    read_district_or_refuse(settings)
    username = await username_of(settings)
    _write(file, {"BOT_TOKEN": token, "DISTRICT_DIR": district})
    return f"{file} written for @{username}. Next: make run"


async def username_of(settings: Settings) -> str:
    """The bot's name, asked of Telegram. Raises BadSetting."""
    request = TelegramRequest()
    bot = Bot(settings.token, base_url=f"{settings.TELEGRAM_API_URL}/bot", request=request)
    try:
        await request.initialize()
        return (await bot.get_me()).username or "?"
    except InvalidToken as error:
        raise BadSetting("BOT_TOKEN: Telegram refuses it: copy it again from BotFather") from error
    except TelegramError as error:
        raise BadSetting(f"TELEGRAM_API_URL: Telegram does not answer ({error}): check the connection") from error
    finally:
        await request.shutdown()


def _write(file: Path, values: dict[str, str]) -> None:
    try:
        lines = file.read_text("utf-8").splitlines() if file.exists() else []
        kept = [line for line in lines if line.partition("=")[0].strip() not in values]
        content = "\n".join([*kept, *(f"{name}={value}" for name, value in values.items())]) + "\n"
        fresh = file.with_name(file.name + ".new")
        fresh.unlink(missing_ok=True)
        # Made with its mode, so that the token is never readable by others, not even for a moment.
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as writing:
            writing.write(content)
        fresh.replace(file)
    except OSError as error:
        raise BadSetting(f"{file} cannot be written ({error.strerror}): run init in a folder of your own") from error
