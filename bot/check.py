"""`python -m bot check`: is everything as `run` needs it?"""

import html
import string
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from rich.table import Table
from telegram import Bot
from telegram.error import InvalidToken, TelegramError

from bot.app import read_district_or_refuse
from bot.ask import read_shelf_or_refuse
from bot.settings import BadSetting, Settings
from bot.telegram_request import TelegramRequest
from db.migrations.upgrade import Unusable, versions
from handlers.commands import COMMANDS
from messages import LANGUAGES, catalogue

CLOCK_MAY_BE_OFF = 30.0
"""Seconds: more, and promises of times become untrue."""


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
    try:
        timeout = aiohttp.ClientTimeout(total=10)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(settings.TELEGRAM_API_URL) as answer:
            theirs = parsedate_to_datetime(answer.headers["Date"])
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError):
        return Finding("clock", "left out", "Telegram told no time")
    off = (datetime.now(UTC) - theirs).total_seconds()
    if abs(off) > CLOCK_MAY_BE_OFF:
        mend = f"the clock is off by {off:.0f} s: switch on time synchronisation (timedatectl set-ntp true)"
        return Finding("clock", "wrong", mend, mend)
    return Finding("clock", "ok", f"within {max(1, round(abs(off)))} s of Telegram's")


async def _catalogues(_: Settings) -> Finding:
    keys = {
        language: {message.id: _blanks(message) for message in catalogue(language) if message.id}
        for language in LANGUAGES
    }
    first = next(iter(keys.values()))
    for language, found in keys.items():
        if found != first:
            mend = f"messages/{language}.po: its keys or blanks differ from the first language's"
            return Finding("catalogues", "wrong", mend, mend)
        if missing := [name for name in COMMANDS if f"command.{name}" not in found]:
            mend = f"messages/{language}.po: command.{missing[0]} is missing"
            return Finding("catalogues", "wrong", mend, mend)
    return Finding("catalogues", "ok", f"{', '.join(LANGUAGES)}: {len(first)} sentences")


def _blanks(message: Any) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in string.Formatter().parse(str(message.string)) if name)


async def _knowledge(settings: Settings) -> Finding:
    shelf, _ = read_shelf_or_refuse(settings)
    today = datetime.now(UTC).date().isoformat()
    overdue = sum(entry.review_by < today for entry in shelf.entries.values())
    return Finding("knowledge", "ok", f"{len(shelf.entries)} entries, {overdue} overdue for review")
