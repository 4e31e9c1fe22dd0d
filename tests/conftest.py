"""Both databases, made once by the migrations and copied for each test, and the bot that runs on them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from db.migrations.upgrade import migrate
from db.session import open_database
from domain.district import read_district
from domain.knowledge.seed import seed
from domain.knowledge.shelf import Library
from tests.support.emptied import CONTENT, Databases
from tests.support.postgres import address_of, running_postgres, tell
from tests.support.running import RunningBot, running_bot

LAMONGAN = Path(__file__).parent.parent / "districts" / "lamongan"


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
