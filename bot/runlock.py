"""One `run` at a time on one SQLite file: two would each take the other's claims for leftovers of a crash."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.settings import BadSetting
from db.session import sqlite_file, to_async_url


@contextmanager
def only_run(url: str) -> Iterator[None]:
    """Hold the lock while the block runs. Raises BadSetting when another process holds it; PostgreSQL needs none."""
    file = sqlite_file(to_async_url(url))
    if file is None:
        yield
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = _lock_of(file).open("w")
    except OSError as error:
        raise BadSetting(f"DATABASE_URL: {file.parent} cannot be written ({error.strerror})") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BadSetting(
                f"DATABASE_URL: another `run` works on {file}: stop it, or use PostgreSQL for several"
            ) from error
        yield


def is_running(url: str) -> bool:
    """Whether a `run` works on this SQLite file at this moment."""
    file = sqlite_file(to_async_url(url))
    if file is None or not _lock_of(file).exists():
        return False
    with _lock_of(file).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _lock_of(file: Path) -> Path:
    return file.with_name(file.name + ".lock")
