"""`python -m bot check`: is everything as `run` needs it?"""

import html
import string
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError
from rich.table import Table
from telegram import Bot, ChatMember
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from bot.app import read_district_or_refuse
from bot.ask import read_shelf_or_refuse
from bot.settings import BadSetting, Settings
from bot.telegram_request import TelegramRequest
from bot.watch import CLOCK_MAY_BE_OFF, seconds_off
from db.migrations.upgrade import Unusable, versions
from db.session import Session, open_database
from domain import staff
from domain.staff import Role
from handlers.commands import COMMANDS, IN_STAFF_GROUPS, OFFICERS
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
        ("officers", _officers),
        ("staff groups", _staff_groups),
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
    try:
        async with _bot_of(settings) as bot:
            me = await bot.get_me()
    except InvalidToken:
        mend = "BOT_TOKEN: Telegram refuses it: copy it again from BotFather"
        return Finding("telegram", "wrong", "the token is refused", mend)
    except TelegramError as error:
        mend = f"TELEGRAM_API_URL: {settings.TELEGRAM_API_URL} does not answer: check address and connection"
        return Finding("telegram", "wrong", str(error), mend)
    return Finding("telegram", "ok", f"@{me.username}")


@asynccontextmanager
async def _bot_of(settings: Settings) -> AsyncIterator[Bot]:
    request = TelegramRequest()
    try:
        await request.initialize()
        yield Bot(settings.token, base_url=f"{settings.TELEGRAM_API_URL}/bot", request=request)
    finally:
        await request.shutdown()


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


async def _officers(settings: Settings) -> Finding:
    async with _kept(settings) as session:
        counted = await staff.numbers(session) if session else dict.fromkeys(Role, 0)
    named = len(set(settings.ADMIN_IDS))
    if not (counted[Role.ADMIN] or named):
        return Finding("officers", "ok", "no admin yet: `run` prints a link that makes the first")
    said = f"{counted[Role.ADMIN]} admins, {counted[Role.OFFICER]} officers, {counted[Role.READER]} readers"
    return Finding("officers", "ok", f"{said}; ADMIN_IDS names {named}" if named else said)


async def _staff_groups(settings: Settings) -> Finding:
    async with _kept(settings) as session:
        groups = {group.office: group.chat_id for group in await staff.groups(session)} if session else {}
    if settings.STAFF_CHAT_ID is not None:  # as `run` will bind them
        offices = [office.key for office in read_district_or_refuse(settings).offices]
        groups = dict.fromkeys(offices, settings.STAFF_CHAT_ID) | groups
    if not groups:
        return Finding("staff groups", "ok", "none: questions go to each officer's private chat")
    if not settings.token:
        return Finding("staff groups", "left out", f"{', '.join(groups)}: asked of Telegram, which needs BOT_TOKEN")
    try:
        async with _bot_of(settings) as bot:
            me = await bot.get_me()
            there = {chat_id: await _rights(bot, me.id, chat_id) for chat_id in sorted(set(groups.values()))}
    except TelegramError as error:
        return Finding("staff groups", "left out", f"Telegram does not tell: {error}")
    said = "; ".join(f"{office} in {chat_id}: {there[chat_id] or NOT_IN_IT}" for office, chat_id in groups.items())
    if outside := [f"{office} ({chat_id})" for office, chat_id in groups.items() if there[chat_id] is None]:
        mend = f"the bot is not in the group of {', '.join(outside)}: add it there, or let the office work in another"
        return Finding("staff groups", "wrong", said, mend)
    return Finding("staff groups", "ok", said)


NOT_IN_IT = "the bot is not in it"


async def _rights(bot: Bot, bot_id: int, chat_id: int) -> str | None:
    """What the bot may do in a group; None where it is not. Raises TelegramError for other trouble."""
    try:
        member = await bot.get_chat_member(chat_id, bot_id)
        is_forum = (await bot.get_chat(chat_id)).is_forum
    except (BadRequest, Forbidden):
        return None
    if member.status in {ChatMember.LEFT, ChatMember.BANNED} or not getattr(member, "is_member", True):
        return None
    topics = bool(is_forum) and bool(getattr(member, "can_manage_topics", False))
    may_delete = bool(getattr(member, "can_delete_messages", False))
    return f"{'a topic each' if topics else 'replies, no topics'}, may {'' if may_delete else 'not '}delete messages"


@asynccontextmanager
async def _kept(settings: Settings) -> AsyncIterator[Session | None]:
    """What the database holds; None where `run` has yet to make it or to bring it to the newest version."""
    try:
        before, newest = await versions(settings.database_url)
    except Unusable as error:
        raise BadSetting(f"DATABASE_URL: {error}") from error
    if before != newest:
        yield None
        return
    async with open_database(settings.database_url) as database, database.reading() as session:
        yield session


async def _catalogues(_: Settings) -> Finding:
    first = _sentences(FIRST_LANGUAGE)
    commands = (*COMMANDS, *OFFICERS, *IN_STAFF_GROUPS)
    needed = first | {f"command.{name}": frozenset[str]() for name in commands}
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
