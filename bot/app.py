"""The only place where everything is put together and taken down."""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic

import structlog
from telegram.error import InvalidToken, TelegramError
from telegram.ext import ApplicationBuilder, ContextTypes

import handlers
from bot import clockwork, health, scheduler, wiring
from bot.bulk import BulkLane
from bot.deliverer import IN_FLIGHT, IN_FLIGHT_PAID, Deliverer
from bot.dispatcher import Dispatcher
from bot.documents import documents_of
from bot.erasures import ErasedList, Erasures, erase_again
from bot.feeds.watching import Feeds
from bot.leader import Leader
from bot.loops import LONGEST_REST, Loop, end
from bot.metrics import Metrics, page_of
from bot.nightly import NightlyBackup
from bot.pace import FREE_LIMIT, Pace
from bot.profile import keep_profile
from bot.receiver import Receiver
from bot.rests import Rests
from bot.runlock import only_run
from bot.settings import BadSetting, Settings
from bot.staff_rights import keep_rights
from bot.stopping import stop_signals
from bot.telegram_request import TelegramRequest
from bot.verbs import verbs_of
from bot.watch import Watch
from bot.webhook import Webhook, keep_webhook
from db import inbox, outbox
from db.listening import listen
from db.migrations.upgrade import Unusable, migrate
from db.session import Database, open_database
from domain import appointments, erasure, keeping, staff
from domain.alarms import Alarms
from domain.broadcasts import sending
from domain.broadcasts.sending import Press
from domain.district import BadDistrict, District, read_district
from domain.knowledge.seed import BadKnowledge, seed
from domain.knowledge.shelf import Library
from handlers.turn import BotApplication, Context, House

log = structlog.get_logger()

STOP_SECONDS = 8.0
"""For an orderly stop, of the ten that SIGTERM leaves us."""

HANGS_AFTER = 15.0
"""Seconds after which a loop that did not come round counts as hanging."""


class StoppedEarly(Exception):
    """Told to stop before everything ran."""


@dataclass
class App:
    """Everything that runs. `start` and `stop` may be called once each."""

    settings: Settings
    database: Database
    house: House
    application: BotApplication
    receiver: Receiver
    webhook: Webhook
    dispatcher: Dispatcher
    deliverer: Deliverer
    bulk: BulkLane
    leader: Leader
    loops: list[Loop] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    listening: asyncio.Task[None] | None = None
    metrics: Metrics = field(init=False)
    alarms: Alarms = field(init=False)
    watch: Watch = field(init=False)
    erasures: Erasures = field(init=False)
    feeds: Feeds = field(init=False)

    def __post_init__(self) -> None:
        """Let the parts tell the figures and the watch what happens."""
        receiver, leader = self.receiver, self.leader
        self.metrics = Metrics(silence=lambda: receiver.seconds_since_good, leads=lambda: leader.leads)
        self.alarms = Alarms(self.settings.ADMIN_IDS, self.house.now)
        self.watch = Watch(self.settings, self.database, receiver, leader, self.alarms, self.checks())
        self.erasures = Erasures(self.database, ErasedList(self.settings.ERASED_LIST), self.house.now)
        self.feeds = Feeds(self.database, self.house, self.settings.TELEGRAM_API_URL)
        receiver.on_return = self.watch.note_return
        receiver.on_stored = self.webhook.on_stored = self.metrics.count_updates
        self.dispatcher.on_turn = self.metrics.count_turn
        self.deliverer.on_call = self.metrics.count_send
        self.bulk.on_call = self.metrics.count_bulk

    def start(self, *, receives: bool = True, dispatches: bool = True, delivers: bool = True) -> None:
        """Let the loops run: all of them, or those a process is to have."""
        wanted = wiring.Wanted(receives, dispatches, delivers)
        self.loops = wiring.wire(self, wanted)
        self.tasks = [asyncio.create_task(loop.run(), name=loop.name) for loop in self.loops]
        if not self.database.is_sqlite:
            self.listening = asyncio.create_task(listen(self.database.url, self.database.on_new))

    async def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Take nothing new, finish what is under way, and leave the rest to the next start."""
        for loop in self.loops:
            loop.stop()
        self.receiver.stop()
        try:
            async with asyncio.timeout(seconds):
                # The loops first: one in the middle of its step may still claim, and what it claims must be drained.
                await end(self.tasks, seconds / 4)
                await self.dispatcher.drain(seconds / 4)
                await asyncio.gather(self.deliverer.drain(seconds / 4), self.bulk.drain(seconds / 4))
                await self.leader.resign()
        except TimeoutError:
            log.warning("stopped before everything under way had ended; it goes on at the next start")
        finally:
            if self.listening:
                self.listening.cancel()
                await asyncio.gather(self.listening, return_exceptions=True)

    def ticks(self) -> list[scheduler.Tick]:
        """What the clock asks each minute; each by itself, so that one that fails keeps none of the others."""
        return [self._tick_of(deed) for deed in clockwork.DEEDS]

    def _tick_of(self, deed: clockwork.Deed) -> scheduler.Tick:
        async def tick() -> None:
            if self.leader.leads:
                async with self.database.transaction() as session:
                    await deed(session, self.house)

        tick.__name__ = deed.__name__  # for the log
        return tick

    async def tick(self) -> None:
        """Do at once what a leader does each minute. Raises whatever a deed raises."""
        for deed in clockwork.DEEDS:
            async with self.database.transaction() as session:
                await deed(session, self.house)

    def checks(self) -> dict[str, health.Check]:
        """What /readyz asks."""
        return {"database": self._database_fault, "telegram": self._telegram_fault, "loops": self._loops_fault}

    async def _database_fault(self) -> str | None:
        try:
            async with asyncio.timeout(3), self.database.reading() as session:
                await inbox.counts(session)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the answer is "not ready"
            return type(error).__name__
        return None

    async def _telegram_fault(self) -> str | None:
        seconds = self.receiver.seconds_since_good
        return None if self.receiver.hears or not self.leader.leads else f"no good answer for {seconds:.0f} s"

    async def _loops_fault(self) -> str | None:
        # The receiver may wait for Telegram as long as a poll lasts; its own check is the one above.
        late = [
            loop.name
            for loop in self.loops
            if loop.name != "receiver" and monotonic() - loop.beat_at > HANGS_AFTER + loop.takes
        ]
        ended = [task.get_name() for task in self.tasks if task.done()]
        return f"{', '.join([*late, *ended])} not running" if late or ended else None


@asynccontextmanager
async def open_app(
    settings: Settings,
    stopping: asyncio.Event | None = None,
    now: Callable[[], datetime] | None = None,
    library: Library | None = None,
) -> AsyncIterator[App]:
    """Put everything together, without letting it run: database migrated and seeded, Telegram reached.

    Raises BadSetting naming a setting and the mend, and StoppedEarly when *stopping* is set while Telegram is away.
    """
    settings.require_token()
    district = read_district_or_refuse(settings)
    async with AsyncExitStack() as stack:
        stack.enter_context(only_run(settings.database_url))
        await migrate_or_refuse(settings)
        database = await stack.enter_async_context(open_database(settings.database_url))
        library = library or Library()
        await _prepare(database, district, library)
        house = House(district, library, now or (lambda: datetime.now(UTC)), settings.SEND_RATE)
        await erase_again(database, ErasedList(settings.ERASED_LIST), house.now())
        async with database.transaction() as session:
            await erasure.name_database(session)
        await _appoint(database, settings, house)
        request, polling = TelegramRequest(), TelegramRequest()
        for connections in (request, polling):
            # By hand too, since python-telegram-bot closes them only where Telegram was reached.
            stack.push_async_callback(connections.shutdown)
        application = _application(settings, request, polling)
        await _until_telegram_answers(application, stopping or asyncio.Event())
        stack.push_async_callback(application.shutdown)
        yield _assemble(settings, database, house, application, request, polling)


def _assemble(
    settings: Settings,
    database: Database,
    house: House,
    application: BotApplication,
    request: TelegramRequest,
    polling: TelegramRequest,
) -> App:
    district, bot = house.district, application.bot
    owner = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
    is_paid = settings.SEND_RATE > FREE_LIMIT
    in_flight = IN_FLIGHT_PAID if is_paid else IN_FLIGHT
    pace, rests = Pace(settings.SEND_RATE), Rests()
    api = f"{settings.TELEGRAM_API_URL}/bot{settings.token}"
    return App(
        settings,
        database,
        house,
        application,
        Receiver(polling, api, database),
        Webhook(database, settings.WEBHOOK_SECRET.get_secret_value()),
        Dispatcher(application, database, house, owner),
        Deliverer(
            bot,
            database,
            pace,
            owner,
            in_flight=in_flight,
            rests=rests,
            verbs=verbs_of(house),
            documents=documents_of(house, bot.username),
            now=house.now,
        ),
        BulkLane(
            request,
            api,
            database,
            pace,
            Press(district, bot.username, is_paid),
            owner,
            rate=settings.SEND_RATE,
            in_flight=in_flight,
            rests=rests,
            now=house.now,
        ),
        Leader(database, owner),
    )


def _application(settings: Settings, request: TelegramRequest, polling: TelegramRequest) -> BotApplication:
    builder = (
        ApplicationBuilder()
        .token(settings.token)
        .base_url(f"{settings.TELEGRAM_API_URL}/bot")
        .base_file_url(f"{settings.TELEGRAM_API_URL}/file/bot")
        .request(request)
        .get_updates_request(polling)
        .context_types(ContextTypes(context=Context))
        .updater(None)
        .job_queue(None)
    )
    application: BotApplication = builder.build()
    handlers.add_to(application)
    return application


async def _until_telegram_answers(application: BotApplication, stopping: asyncio.Event) -> None:
    """Raises BadSetting when Telegram refuses the token; while Telegram is away, waits."""
    told = asyncio.create_task(stopping.wait())
    rest = 0.5
    try:
        while not await _reach(application, told):
            log.warning("Telegram is away; waiting", again_in_seconds=rest)
            await asyncio.wait({told}, timeout=rest)
            rest = min(LONGEST_REST, rest * 2)
    finally:
        told.cancel()


async def _reach(application: BotApplication, told: asyncio.Task[bool]) -> bool:
    reaching = asyncio.create_task(application.initialize())
    await asyncio.wait({reaching, told}, return_when=asyncio.FIRST_COMPLETED)
    if not reaching.done():
        reaching.cancel()
        raise StoppedEarly
    try:
        reaching.result()
    except InvalidToken as error:
        raise BadSetting("BOT_TOKEN: Telegram refuses it: copy it again from BotFather") from error
    except TelegramError:
        if told.done():
            raise StoppedEarly from None
        return False
    return True


async def _prepare(database: Database, district: District, library: Library) -> None:
    """What a start owes the database: first content, and what a crash left behind."""
    try:
        async with database.transaction() as session:
            await seed(session, district)
    except BadKnowledge as error:
        raise BadSetting(f"DISTRICT_DIR: {error}") from error
    async with database.reading() as session:
        await library.shelf(session)  # so that nobody's first question waits for it
    if database.is_sqlite:
        # The only process of this file: whatever is claimed, nobody works on it.
        async with database.transaction() as session:
            held = await inbox.free_all_claims(session)
            under_way = await outbox.recover(session, everything=True)
            waiting, uncertain = await sending.recover(session)
        if held or under_way or waiting or uncertain:
            cut_off = {"waiting_again": waiting, "uncertain": uncertain}
            log.info("going on after a crash", updates=held, calls=under_way, broadcast=cut_off)


async def _appoint(database: Database, settings: Settings, house: House) -> None:
    """Make admins of those whom ADMIN_IDS names, and a staff group of the one STAFF_CHAT_ID names."""
    async with database.transaction() as session:
        await appointments.appoint_first(session, settings.ADMIN_IDS, house.now())
        offices = [office.key for office in house.district.offices]
        await staff.bind_first(session, settings.STAFF_CHAT_ID, offices, house.now())


async def migrate_or_refuse(settings: Settings) -> tuple[str | None, str]:
    """Bring the database to the newest version. Raises BadSetting when it cannot be used."""
    try:
        return await migrate(settings.database_url)
    except Unusable as error:
        raise BadSetting(f"DATABASE_URL: {error}") from error


def read_district_or_refuse(settings: Settings) -> District:
    """Raises BadSetting when the district's folder cannot be used."""
    try:
        return read_district(settings.DISTRICT_DIR)
    except BadDistrict as error:
        raise BadSetting(f"DISTRICT_DIR: {error}") from error


Ready = Callable[[App, str], Awaitable[None]]


async def run(settings: Settings, ready: Ready | None = None) -> None:
    """Run until SIGTERM or SIGINT; *ready* is told the health address once everything runs. Raises BadSetting."""
    with stop_signals() as stopping:
        try:
            async with open_app(settings, stopping) as app:
                await _run(app, stopping, ready)
        except StoppedEarly:
            pass
        log.info("stopped")


async def _run(app: App, stopping: asyncio.Event, ready: Ready | None) -> None:
    settings = app.settings
    routes = [page_of(app.metrics, app.database, settings.METRICS_TOKEN.get_secret_value())]
    routes += [app.webhook.route()] if settings.RECEIVE == "webhook" else []
    async with health.serving(health.pages(app.checks(), routes), settings.HTTP_HOST, settings.HTTP_PORT) as address:
        app.start()
        log.info("running", bot=app.application.bot.username, district=app.house.district.name, health=address)
        profile = asyncio.create_task(keep_profile(app.application.bot, app.house.district))
        webhook = asyncio.create_task(keep_webhook(app.application.bot, settings, app.receiver, app.leader))
        rights = asyncio.create_task(keep_rights(app.application.bot, app.database, app.house.now))
        nightly = NightlyBackup(app.database, settings, app.house.now, leads=lambda: app.leader.leads)
        with scheduler.ticking(_hourly(app), settings.TIMEZONE, app.watch.look, nightly.look, *app.ticks()):
            if ready:
                await ready(app, address)
            await stopping.wait()
        log.info("stopping")
        profile.cancel()
        webhook.cancel()
        rights.cancel()
        await app.stop()


def _hourly(app: App) -> Callable[[], Awaitable[None]]:
    async def forget_old() -> None:
        async with app.database.transaction(bulk=True) as session:
            await keeping.forget_old(session, app.house.now())

    return forget_old
