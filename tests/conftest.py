"""Both databases, made once by the migrations and copied for each test, and the bot that runs on them."""

import asyncio
import gc
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import FrameType

import pytest

from db.migrations.upgrade import migrate
from db.session import open_database
from domain.district import read_district
from domain.knowledge.seed import seed
from domain.knowledge.shelf import Library
from tests.support.compiling import compiled_once
from tests.support.emptied import CONTENT, Databases
from tests.support.postgres import address_of, running_postgres, tell
from tests.support.reading import files_read_once
from tests.support.running import RunningBot, running_bot

LAMONGAN = Path(__file__).parent.parent / "districts" / "lamongan"


def pytest_xdist_auto_num_workers() -> int:
    """Two for each core: half of the time a test waits, for a process to end, a server, or a lease to run out."""
    return max(1, len(os.sched_getaffinity(0)) * 2) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def pytest_collection_finish() -> None:
    """What is imported and collected stays: each full collection of garbage would go through all of it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)  # the usual ones look through all that a hundred bots share a dozen times a second


@pytest.fixture(scope="session", autouse=True)
def _files_read_once() -> Iterator[None]:
    """Each of a thousand bots would read the same files: each state of one is read by the real reader, once."""
    with files_read_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Each of a thousand bots would compile the same 600 statements, in a seventh of its time."""
    with compiled_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def _interrupted_as_ever() -> Iterator[None]:
    """Each run of a loop would set SIGINT's handler and look at it, and Python 3.11 spells a whole task for that."""

    def interrupt(number: int, frame: FrameType | None) -> None:  # not the default itself, else asyncio sets its own
        signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, interrupt)
    yield
    signal.signal(signal.SIGINT, before)


async def _make(url: str) -> None:
    await migrate(url)
    async with open_database(url) as database, database.transaction() as session:
        await seed(session, read_district(LAMONGAN))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A server with a database that holds tables and first content."""
    with running_postgres() as server:
        asyncio.run(tell(server, f"CREATE DATABASE {CONTENT}"))
        asyncio.run(_make(address_of(server, CONTENT)))
        yield server


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: str) -> Databases:
    """Its databases for tests."""
    databases = Databases(postgres_server)
    databases.keep()
    return databases


@pytest.fixture(scope="session")
def sqlite_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that holds tables and first content."""
    file = tmp_path_factory.mktemp("made") / "made.db"
    asyncio.run(_make(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with tables and first content, of each kind in turn."""
    if request.param == "sqlite":
        yield sqlite_url(request, tmp_path)
    else:
        with request.getfixturevalue("postgres_databases").one() as address:
            yield address


def sqlite_url(request: pytest.FixtureRequest, folder: Path) -> str:
    shutil.copy(request.getfixturevalue("sqlite_made"), folder / "bot.db")
    return f"sqlite+aiosqlite:///{folder / 'bot.db'}"


@pytest.fixture(scope="session")
def library() -> Library:
    """One for all tests, since every copied database holds the same content."""
    return Library()


@pytest.fixture
async def bot(database_url: str, library: Library) -> AsyncIterator[RunningBot]:
    """The real bot, running, on each database."""
    async with running_bot(database_url, LAMONGAN, library=library) as running:
        yield running
