"""The bots that are compared, and how each is started."""

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.replies.telegram import ROOT, TOKEN
from tests.support.postgres import NoPostgres, fresh_database, running_postgres

Opened = AbstractContextManager["subprocess.Popen[bytes]"]


@dataclass(frozen=True)
class Contestant:
    """A bot: what the table calls it, and how to open it at Telegram's address."""

    name: str
    open: Callable[[str], Opened]


def contestants() -> Iterator[Contestant]:
    """Ours first. PostgreSQL is started only while its turn lasts, so that it costs the others nothing."""
    yield Contestant("ours, SQLite", _ours_on_sqlite)
    yield Contestant("ours, PostgreSQL", _ours_on_postgresql)
    ptb = f"python-telegram-bot {version('python-telegram-bot')}"
    yield Contestant(f"{ptb}, as it comes", lambda address: _peer("echo_ptb", address, "0"))
    yield Contestant(f"{ptb}, concurrent_updates=256", lambda address: _peer("echo_ptb", address, "256"))
    yield Contestant(f"aiogram {version('aiogram')}", lambda address: _peer("echo_aiogram", address))


class Unavailable(Exception):
    """This bot cannot run here; the text says why."""


@contextlib.contextmanager
def _ours_on_sqlite(address: str) -> "Iterator[subprocess.Popen[bytes]]":
    with tempfile.TemporaryDirectory(prefix="umkm-bench-") as folder:
        url = f"sqlite+aiosqlite:///{folder}/bot.db"
        with _running([sys.executable, "-m", "bot", "run"], _settings(address, url)) as process:
            yield process


@contextlib.contextmanager
def _ours_on_postgresql(address: str) -> "Iterator[subprocess.Popen[bytes]]":
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(running_postgres())
        except NoPostgres as error:
            raise Unavailable(str(error)) from error
        url = stack.enter_context(fresh_database(server, f"bench_{secrets.token_hex(4)}"))
        yield stack.enter_context(_running([sys.executable, "-m", "bot", "run"], _settings(address, url)))


def _settings(address: str, database_url: str) -> dict[str, str]:
    return {
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": address,
        "DATABASE_URL": database_url,
        "DISTRICT_DIR": str(ROOT / "districts" / "lamongan"),
        "HTTP_PORT": "0",
        "SEND_RATE": "1000",
        "ALLOW_PAID_BROADCAST": "yes",
        "LOG_LEVEL": "warning",
    }


def _peer(program: str, address: str, *arguments: str) -> Opened:
    return _running([sys.executable, "-m", f"benchmarks.replies.{program}", address, TOKEN, *arguments], {})


@contextlib.contextmanager
def _running(program: list[str], settings: dict[str, str]) -> "Iterator[subprocess.Popen[bytes]]":
    """A process in a folder of its own, so that no .env of the developer's is read.

    An Unavailable raised in the block is raised on with the end of what the process said.
    """
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "TMPDIR") if name in os.environ}
    environment |= {"PYTHONPATH": str(ROOT), **settings}
    with tempfile.TemporaryDirectory(prefix="umkm-bench-") as folder:
        said = Path(folder) / "said"
        with said.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 -- our own programs
                program, env=environment, cwd=folder, stdout=output, stderr=output
            )
        try:
            yield process
        except Unavailable as reason:
            raise Unavailable(f"{reason}; it said {said.read_text('utf-8')[-500:]!r}") from None
        finally:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
