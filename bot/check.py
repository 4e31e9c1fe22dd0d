"""`python -m bot check`: is everything as `run` needs it?"""

import html
import string
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError
from rich.table import Table
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.app import read_district_or_refuse
from bot.ask import read_shelf_or_refuse
from bot.settings import BadSetting, Settings
from bot.telegram_request import TelegramRequest
from bot.watch import CLOCK_MAY_BE_OFF, seconds_off
from db.migrations.upgrade import Unusable, versions
from handlers.commands import COMMANDS
from messages import FIRST_LANGUAGE, LANGUAGES, catalogue


@dataclass(frozen=True)
class Finding:
    """One line of the table."""

    name: str
    state: str
    """ok, wrong or left out"""
    said: str
    mend: str = ""

    @property
    def is_wrong(self) -> bool:
        return self.state == "wrong"


async def check_all(settings: Settings) -> list[Finding]:
    """Every check, in order; one that fails keeps none of the others from being made."""
    checks: tuple[tuple[str, Callable[[Settings], Coroutine[Any, Any, Finding]]], ...] = (
        ("settings", _settings),
        ("database", _database),
        ("telegram", _telegram),
        ("clock", _clock),
        ("catalogues", _catalogues),
        ("knowledge", _knowledge),
    )
    findings = []
    for name, look in checks:
        try:
            findings.append(await look(settings))
        except BadSetting as error:
            findings.append(Finding(name, "wrong", str(error), str(error)))
    return findings


def table_of(findings: list[Finding]) -> Table:
    """The findings for a terminal."""
    table = Table("check", "state", "what was found", show_lines=False)
    for finding in findings:
        colour = {"ok": "green", "wrong": "red"}.get(finding.state, "yellow")
        table.add_row(finding.name, f"[{colour}]{finding.state}[/]", html.unescape(finding.said))
    return table


async def _settings(settings: Settings) -> Finding:
    district = read_district_or_refuse(settings)
    return Finding("settings", "ok", f"{district.name}, {settings.SEND_RATE:g} messages a second, {settings.TIMEZONE}")


async def _database(settings: Settings) -> Finding:
    try:
        before, newest = await versions(settings.database_url)
    except Unusable as error:
        return Finding("database", "wrong", str(error), f"DATABASE_URL: {error}")
    if before == newest:
        return Finding("database", "ok", f"at version {newest}, the newest")
    return Finding("database", "ok", f"{f'at version {before}' if before else 'empty'}; `run` brings it to {newest}")


async def _telegram(settings: Settings) -> Finding:
    if not settings.token:
        return Finding("telegram", "left out", "no BOT_TOKEN; get one from BotFather, then `python -m bot init`")
    request = TelegramRequest()
    bot = Bot(settings.token, base_url=f"{settings.TELEGRAM_API_URL}/bot", request=request)
    try:
        await request.initialize()
        me = await bot.get_me()
    except InvalidToken:
        mend = "BOT_TOKEN: Telegram refuses it: copy it again from BotFather"
        return Finding("telegram", "wrong", "the token is refused", mend)
    except TelegramError as error:
        mend = f"TELEGRAM_API_URL: {settings.TELEGRAM_API_URL} does not answer: check address and connection"
        return Finding("telegram", "wrong", str(error), mend)
    finally:
        await request.shutdown()
    return Finding("telegram", "ok", f"@{me.username}")


async def _clock(settings: Settings) -> Finding:
    if not settings.token:
        return Finding("clock", "left out", "compared with Telegram's, which needs BOT_TOKEN")
    off = await seconds_off(settings.TELEGRAM_API_URL, lambda: datetime.now(UTC))
    if off is None:
        return Finding("clock", "left out", "Telegram told no time")
    if abs(off) > CLOCK_MAY_BE_OFF:
        mend = f"the clock is off by {off:.0f} s: switch on time synchronisation (timedatectl set-ntp true)"
        return Finding("clock", "wrong", mend, mend)
    return Finding("clock", "ok", f"within {max(1, round(abs(off)))} s of Telegram's")


async def _catalogues(_: Settings) -> Finding:
    first = _sentences(FIRST_LANGUAGE)
    needed = first | {f"command.{name}": frozenset[str]() for name in COMMANDS}
    for language in LANGUAGES:
        if faults := _faults(needed, _sentences(language)):
            mend = f"messages/{language}.po: {faults[0]}" + (f" (and {len(faults) - 1} more)" if faults[1:] else "")
            return Finding("catalogues", "wrong", mend, mend)
    return Finding("catalogues", "ok", f"{', '.join(LANGUAGES)}: {len(first)} sentences")


def _faults(needed: dict[str, frozenset[str]], found: dict[str, frozenset[str]]) -> list[str]:
    """What a translator must mend."""
    missing = [f"{key} is missing" for key in needed if key not in found]
    wrong = [f"{key} has not the blanks it needs" for key in needed if found.get(key, needed[key]) != needed[key]]
    return missing + wrong + [f"{key} is said by nobody" for key in found if key not in needed]


def _sentences(language: str) -> dict[str, frozenset[str]]:
    """The blanks of each sentence that has a text. Raises BadSetting for a file that cannot be read."""
    try:
        messages = [message for message in catalogue(language) if message.id and message.string]
        return {str(message.id): _blanks(message) for message in messages}
    except (OSError, ValueError, PoFileError) as error:
        raise BadSetting(f"messages/{language}.po: cannot be used: {error}") from error


def _blanks(message: Message) -> frozenset[str]:
    try:
        return frozenset(name for _, name, _, _ in string.Formatter().parse(str(message.string)) if name)
    except ValueError as error:
        raise ValueError(f"{message.id}: {error}") from error


async def _knowledge(settings: Settings) -> Finding:
    shelf, _ = read_shelf_or_refuse(settings)
    today = datetime.now(UTC).date().isoformat()
    overdue = sum(entry.review_by < today for entry in shelf.entries.values())
    return Finding("knowledge", "ok", f"{len(shelf.entries)} entries, {overdue} overdue for review")
