"""The forecast before an announcement, the row it becomes, and how it goes with it."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from rich.markup import escape
from rich.table import Table

from bot.announcements.wish import BadOption, Options, announcement_of, with_outlets
from bot.app import migrate_or_refuse, read_district_or_refuse
from bot.runlock import is_running
from bot.settings import Settings
from bot.terminal import Bar
from db import bulk, leadership
from db.migrations.upgrade import Unusable, versions
from db.models import Broadcast, BroadcastState, RecipientState
from db.session import Database, Session, open_database, sqlite_file, to_async_url
from db.trouble import is_outside
from domain.broadcasts import announcing, figures, reasons, sending, sheets, telling
from domain.broadcasts.announcing import Announcement
from domain.broadcasts.audience import Count
from domain.broadcasts.figures import Figures
from domain.district import District
from domain.errors import Refusal
from domain.post import plain
from messages import Duration, Sentence

LOOK_EVERY = 0.3
"""Seconds between two looks at the rows."""

LISTED = 20
"""Broadcasts shown by --list."""

OVER = (BroadcastState.FINISHED, BroadcastState.CANCELLED, BroadcastState.MISSED)

GOOD = (RecipientState.SENT, RecipientState.BLOCKED, RecipientState.SKIPPED)
"""What nobody has to look after."""


@dataclass(frozen=True)
class Prepared:
    """What was asked for, and what would come of it."""

    asked: Announcement
    lines: tuple[str, ...]
    """For the terminal."""


async def prepare(settings: Settings, options: Options) -> Prepared:
    """Look at everything, without writing anything. Raises BadOption."""
    district, zone = read_district_or_refuse(settings), ZoneInfo(settings.TIMEZONE)
    asked = announcement_of(options, district, zone)
    now = datetime.now(UTC)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context((await _opened(settings, stack)).reading())
        if not await announcing.has_people(session):
            raise BadOption(f"{_where(settings)} holds nobody yet, so nobody would get it: check DATABASE_URL")
        asked = with_outlets(asked, options.outlets, await sheets.outlets_of(session, asked.office))
        if missing := await announcing.missing_trainings(session, asked):
            raise BadOption(f"--audience pelatihan: there is no training {missing[0]}")
        try:
            count = await announcing.check(session, asked, district, now)
        except Refusal as error:
            raise _as_option(error) from error
        ahead = await announcing.number_ahead(session, asked, now)
    return Prepared(asked, tuple(_forecast(asked, count, ahead, district, settings, zone)))


async def write(settings: Settings, asked: Announcement) -> tuple[int, str, bool]:
    """Write the row; return its number and code, and whether a bot runs that sends it. Raises BadOption."""
    district = read_district_or_refuse(settings)
    async with AsyncExitStack() as stack:
        database = await _opened(settings, stack)
        try:
            async with database.transaction() as session:
                broadcast = await announcing.announce(session, asked, district, datetime.now(UTC))
        except Refusal as error:
            raise _as_option(error) from error
        return broadcast.id, broadcast.code or "", await _has_a_bot(settings, database)


async def steer(settings: Settings, broadcast_id: int, deed: str) -> str:
    """Pause, resume or stop one; what became of it, in a line. Raises BadOption."""
    district = read_district_or_refuse(settings)
    async with AsyncExitStack() as stack:
        database = await _opened(settings, stack)
        try:
            async with database.transaction() as session:
                broadcast = await announcing.steer(session, broadcast_id, deed, district, datetime.now(UTC))
                if broadcast is None:
                    raise BadOption(f"--{deed}: there is no broadcast {broadcast_id}: --list shows the newest")
                return f"broadcast {broadcast_id} is {broadcast.state.value}"
        except Refusal as error:
            raise _as_option(error) from error


async def _opened(settings: Settings, stack: AsyncExitStack) -> Database:
    """Brought up to date, but never made: an announcement is for people whom a bot has met. Raises BadOption."""
    try:
        before, _newest = await versions(settings.database_url)
    except Unusable as error:
        raise BadOption(f"DATABASE_URL: {error}") from error
    if before is None:
        raise BadOption(f"{_where(settings)} is new and empty; nothing is made there: check DATABASE_URL")
    await migrate_or_refuse(settings)
    return await stack.enter_async_context(open_database(settings.database_url))


def _where(settings: Settings) -> str:
    """The database, without its password."""
    file = sqlite_file(to_async_url(settings.database_url))
    return f"the database {file}" if file else "the database that DATABASE_URL names"


async def _has_a_bot(settings: Settings, database: Database) -> bool:
    if database.is_sqlite:
        return is_running(settings.database_url)
    async with database.reading() as session:
        return await leadership.is_led(session)


def _as_option(error: Refusal) -> BadOption:
    return BadOption(" ".join(_english(error.sentence).split()))


def _english(said: Sentence | str) -> str:
    return plain(said.in_language("en")) if isinstance(said, Sentence) else said


def _forecast(
    asked: Announcement, count: Count, ahead: int, district: District, settings: Settings, zone: ZoneInfo
) -> list[str]:
    office = district.office(asked.office)
    lines = [
        f"from {office.short_name if office else asked.office}, topic {asked.topic}: {asked.content.title}",
        "1 person gets it" if count.people == 1 else f"{count.people} people get it",
    ]
    if count.outlets:
        lines.append(f"channels and groups that get it: {count.outlets}")
    if count.unreachable:
        lines.append(f"{count.unreachable} more are meant, but blocked the bot or left Telegram")
    if count.muted:
        lines.append(f"{count.muted} more are meant, but asked not to hear of {asked.topic}")
    when = f"at {asked.starts_at.astimezone(zone):%Y-%m-%d %H:%M %Z}" if asked.starts_at else "at once"
    lasts = _lasts(timedelta(seconds=(count.people + count.outlets) / settings.SEND_RATE))
    lines.append(f"starts {when}, lasts {lasts} at {settings.SEND_RATE:g} a second; quiet hours are not kept")
    if ahead:
        lines.append(f"{ahead} other broadcast{'s go' if ahead > 1 else ' goes'} first")
    return lines


def _lasts(time: timedelta) -> str:
    if time < timedelta(minutes=1):
        return f"about {max(1, round(time.total_seconds()))} s"
    return f"about {Duration(time).in_language('en')}"


async def list_of(settings: Settings) -> Table:
    """The newest broadcasts, and how far each is."""
    zone = ZoneInfo(settings.TIMEZONE)
    table = Table("id", "office", "starts", "state", "done", "of", "what it says")
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context((await _opened(settings, stack)).reading())
        for broadcast in await announcing.newest(session, LISTED):
            done = await figures.figures(session, broadcast)
            starts = f"{(broadcast.starts_at or broadcast.made_at).astimezone(zone):%Y-%m-%d %H:%M}"
            title = _english(telling.title_of(broadcast))
            numbers = str(done.done), str(done.total)
            table.add_row(str(broadcast.id), broadcast.office, starts, broadcast.state.value, *numbers, escape(title))
    return table


# How it goes with it.


@dataclass
class Standing:
    """A broadcast at one moment."""

    state: BroadcastState
    is_over: bool
    why: str
    done: Figures
    reasons: dict[tuple[RecipientState, str], int] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        """Whether nothing is left that somebody has to look after."""
        return self.state is BroadcastState.FINISHED and not (self.done.failed or self.done.uncertain)


async def follow(settings: Settings, broadcast_id: int, tell: Callable[[str], None], bar: Bar) -> Standing:
    """Wait until it is over; *tell* hears where it stands when that changes, *bar* how far it is."""
    told: BroadcastState | None = None
    async with open_database(settings.database_url) as database:
        while True:
            stands = await _look(database, broadcast_id)
            if stands is not None:
                if stands.state is not told:
                    told = stands.state
                    tell(_said_of(broadcast_id, stands))
                bar.show(stands.done.done, stands.done.total)
                if stands.is_over:
                    return stands
            await asyncio.sleep(LOOK_EVERY)


async def _look(database: Database, broadcast_id: int) -> Standing | None:
    """As it stands; None while the database is away."""
    try:
        async with database.reading() as session:
            return await standing(session, broadcast_id)
    except Exception as error:  # whatever it is but the database's being away is raised again
        if not isinstance(error, OSError) and not is_outside(error):
            raise
        return None


async def standing(session: Session, broadcast_id: int) -> Standing:
    """As it stands at this moment."""
    broadcast = await session.get_one(Broadcast, broadcast_id)
    is_over = broadcast.state in OVER and (broadcast.state is BroadcastState.MISSED or bool(broadcast.finished_at))
    reasons = await bulk.reasons(session, broadcast_id) if is_over else {}
    return Standing(broadcast.state, is_over, broadcast.why or "", await figures.figures(session, broadcast), reasons)


def _said_of(broadcast_id: int, stands: Standing) -> str:
    line = f"broadcast {broadcast_id} is {stands.state.value}"
    if stands.state is BroadcastState.PAUSED:
        why = "too many failed" if stands.why == sending.FAILURES else "somebody paused it"
        return f"{line} ({why}): it goes on when it is resumed, here or in /siaran"
    if stands.state is BroadcastState.MISSED:
        return f"{line}: no bot ran at its time, and now it is later than its limit; send or drop it in /siaran"
    if stands.state is BroadcastState.CANCELLED and stands.why == "author left":
        return f"{line}: its author serves no more"
    return line


def report_of(stands: Standing) -> Table:
    """What became of it, by state and reason."""
    table = Table("what became of it", "people", "why")
    numbers = {
        RecipientState.SENT: stands.done.sent,
        RecipientState.BLOCKED: stands.done.blocked,
        RecipientState.FAILED: stands.done.failed,
        RecipientState.UNCERTAIN: stands.done.uncertain,
        RecipientState.SKIPPED: stands.done.skipped,
    }
    for state, number in numbers.items():
        whys = [(why, some) for (whose, why), some in stands.reasons.items() if whose is state and why]
        if number or state is RecipientState.SENT:
            said = "; ".join(f"{_english(reasons.reason_of(why))} ({some})" for why, some in whys)
            table.add_row(state.value, str(number), escape(said))
    return table
