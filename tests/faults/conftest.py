"""What the fault tests share: processes to kill, a Telegram and a database to look at from outside."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from db.session import open_database
from domain.knowledge.shelf import Library
from simulator import PretendTelegram, serve
from tests.conftest import LAMONGAN
from tests.faults.scene import Scene
from tests.faults.workers import Workers
from tests.support.emptied import Databases
from tests.support.running import TOKEN, RunningBot, running_bot


@pytest.fixture(scope="session", autouse=True)
def _plain_tracebacks() -> Iterator[None]:
    """As the product has them: those with local variables take a third of a second each."""
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.stdlib.add_log_level, plain])
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def worker_program(tmp_path_factory: pytest.TempPathFactory, sqlite_made: Path) -> Iterator[Workers]:
    workers = Workers(tmp_path_factory.mktemp("workers"))
    workers.open()
    workers.warm(f"sqlite+aiosqlite:///{sqlite_made}")
    yield workers
    workers.close()


@pytest.fixture
def workers(worker_program: Workers) -> Iterator[Workers]:
    """Starts bots in processes of their own."""
    yield worker_program
    worker_program.end_all()


@pytest.fixture
async def scene(database_url: str) -> AsyncIterator[Scene]:
    """A Telegram and a database without a bot, on each database."""
    telegram = PretendTelegram(token=TOKEN)
    async with serve(telegram) as address, open_database(database_url) as database:
        yield Scene(telegram, address, database_url, database)


@pytest.fixture
def sqlite_alone(sqlite_made: Path, tmp_path: Path) -> str:
    """A fresh SQLite database, for rules that do not concern the database."""
    shutil.copy(sqlite_made, tmp_path / "bot.db")
    return f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"


@pytest.fixture
def postgres_alone(postgres_databases: Databases) -> Iterator[str]:
    """A PostgreSQL database that holds first content and nothing else, for rules that concern no other."""
    with postgres_databases.one() as address:
        yield address


@pytest.fixture(params=["sqlite_alone", "postgres_alone"], ids=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database that holds first content and nothing else, of each kind in turn."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
async def sqlite_bot(sqlite_alone: str, library: Library) -> AsyncIterator[RunningBot]:
    """The real bot on it."""
    async with running_bot(sqlite_alone, LAMONGAN, library=library) as running:
        yield running


@pytest.fixture
def said() -> Iterator[list[Any]]:
    """What is logged, line by line."""
    with capture_logs() as lines:
        yield lines
