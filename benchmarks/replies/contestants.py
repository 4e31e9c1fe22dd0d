"""The bots that are compared, and how each is started."""

import contextlib
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.metadata import version

from benchmarks.processes import OURS, TOKEN, Process, Unavailable, our_settings, running
from tests.support.postgres import NoPostgres, fresh_database, running_postgres

Opened = AbstractContextManager[Process]


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


@contextlib.contextmanager
def _ours_on_sqlite(address: str) -> Iterator[Process]:
    with tempfile.TemporaryDirectory(prefix="umkm-bench-") as folder:
        url = f"sqlite+aiosqlite:///{folder}/bot.db"
        with running(OURS, our_settings(address, url)) as process:
            yield process


@contextlib.contextmanager
def _ours_on_postgresql(address: str) -> Iterator[Process]:
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(running_postgres())
        except NoPostgres as error:
            raise Unavailable(str(error)) from error
        url = stack.enter_context(fresh_database(server, f"bench_{secrets.token_hex(4)}"))
        yield stack.enter_context(running(OURS, our_settings(address, url)))


def _peer(program: str, address: str, *arguments: str) -> Opened:
    return running((sys.executable, "-m", f"benchmarks.replies.{program}", address, TOKEN, *arguments), {})
