"""Letters and posters as files: who gets one, the links in them, and that only their owner reads them."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app import migrate_or_refuse, read_district_or_refuse
from bot.first_settings import username_of
from bot.people.letters import LINK, Letter, letters_of, text_of
from bot.people.posters import posters_of
from bot.settings import Settings
from db.session import Database, open_database
from domain import register
from domain.district import District
from domain.register import LINK_LASTS, RegisterChanged
from domain.secret_tokens import new_token
from messages import LANGUAGES

_USERNAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}")


class BadOption(Exception):
    """What was asked for cannot be done; one line that names the mend."""


@dataclass(frozen=True)
class Wish:
    """Which letters or posters are asked for."""

    kecamatan: str
    """All of them when empty."""
    username: str
    """The bot's; asked of Telegram when empty."""
    language: str
    again: bool = False
    """Also for those who have had a letter, whose link opens nothing then."""


@dataclass(frozen=True)
class Written:
    """The letters of a kecamatan."""

    kecamatan: str
    letters: int
    file: Path | None
    """None where there was nobody to write to."""
    have_one: int
    """Who was left out, since they have had a letter."""


async def write_letters(settings: Settings, folder: Path, wish: Wish, tell: Callable[[Written], None]) -> None:
    """Write letters into *folder*, a file for each kecamatan and beside it the texts for WhatsApp.

    *tell* hears of each. Raises BadOption; what was told before that stays, and its links are good.
    """
    district = read_district_or_refuse(settings)
    wanted = _wanted(wish, district)
    username = await _username(settings, wish)
    now = datetime.now(UTC)
    day = now.astimezone(ZoneInfo(district.timezone)).date().isoformat()
    files = {name: folder / f"undangan-{register.source_of(name)[4:]}-{day}.pdf" for name in wanted}
    _make(folder)
    await migrate_or_refuse(settings)
    async with open_database(settings.database_url) as database:
        for name, file in files.items():
            tell(await _write_of(database, name, file, username, wish, district, now))


async def _write_of(
    database: Database, kecamatan: str, file: Path, username: str, wish: Wish, district: District, now: datetime
) -> Written:
    async with database.reading() as session:
        everybody = await register.waiting(session, kecamatan)
    chosen = [one for one in everybody if wish.again or one.invited_at is None]
    have_one = len(everybody) - len(chosen)
    if not chosen:
        return Written(kecamatan, 0, None, have_one)
    tokens = {one: new_token() for one in chosen}
    until = now.astimezone(ZoneInfo(district.timezone)).date() + LINK_LASTS
    letters = [Letter(one, LINK.format(username=username, token=tokens[one]), until) for one in chosen]
    contents = {
        file: letters_of(letters, district, wish.language),
        file.with_suffix(".txt"): "\n".join(text_of(one, district, wish.language) for one in letters).encode(),
    }
    # On paper before the links are good, and under their names only once they are.
    with _private_files(contents):
        try:
            async with database.transaction(bulk=True) as session:
                await register.note_letters(session, kecamatan, tokens, until, now)
        except RegisterChanged as error:
            raise BadOption(f"{kecamatan}: others made letters at this moment; start again") from error
    return Written(kecamatan, len(chosen), file, have_one)


async def write_posters(settings: Settings, file: Path, wish: Wish) -> int:
    """Write a poster a page into *file*; return how many. Raises BadOption."""
    district = read_district_or_refuse(settings)
    wanted = _wanted(wish, district)
    content = posters_of(wanted, await _username(settings, wish), district, wish.language)
    _make(file.parent)
    try:
        file.write_bytes(content)  # noqa: ASYNC240 -- nothing else waits in this process
    except OSError as error:
        raise BadOption(f"--to: {file} cannot be written: {error.strerror}") from error
    return len(wanted)


def _wanted(wish: Wish, district: District) -> list[str]:
    if wish.language not in LANGUAGES:
        raise BadOption(f"--language: give one of {', '.join(LANGUAGES)}")
    if not wish.kecamatan:
        return sorted(district.kecamatan)
    try:
        return [register.kecamatan_meant(wish.kecamatan, district)]
    except ValueError as error:
        raise BadOption(f'--kecamatan: "{wish.kecamatan}" {error}') from error


async def _username(settings: Settings, wish: Wish) -> str:
    if wish.username:
        username = wish.username.removeprefix("@")
        if not _USERNAME.fullmatch(username):
            raise BadOption(f"--bot: {wish.username} is no bot's name: give it as Telegram shows it, ending in bot")
        return username
    if not settings.token:
        raise BadOption("--bot: give the bot's name, or set BOT_TOKEN so that it can be asked of Telegram")
    return await username_of(settings)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadOption(f"--to: {folder} cannot be made: {error.strerror}") from error


@contextmanager
def _private_files(contents: Mapping[Path, bytes]) -> Iterator[None]:
    """Write *contents*, readable by their owner only; they take their names when the block ends well, else they go."""
    fresh = {file: file.with_name(f"{file.name}.new") for file in contents}
    try:
        for file, content in contents.items():
            if file.exists():
                raise BadOption(f"--to: {file} is there already: move it away or name another folder")
            fresh[file].unlink(missing_ok=True)
            with os.fdopen(os.open(fresh[file], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as writing:
                writing.write(content)
        yield
        for file, written in fresh.items():
            written.rename(file)
    except OSError as error:
        raise BadOption(f"--to: {error.filename} cannot be written: {error.strerror}") from error
    finally:
        for written in fresh.values():
            written.unlink(missing_ok=True)
