"""Processes that benchmarks start: our bot, or any other program, and what the system tells of them."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOKEN = "1000:bench"
OURS = (sys.executable, "-m", "bot", "run")

Process = subprocess.Popen[bytes]


class Unavailable(Exception):
    """Something cannot run here; the text says why."""


def our_settings(address: str, database_url: str, **changes: str) -> dict[str, str]:
    """Of our bot at Telegram's *address*, quiet and without a brake."""
    return {
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": address,
        "DATABASE_URL": database_url,
        "DISTRICT_DIR": str(ROOT / "districts" / "lamongan"),
        "HTTP_PORT": "0",
        "SEND_RATE": "1000",
        "ALLOW_PAID_BROADCAST": "yes",
        "LOG_LEVEL": "warning",
        **changes,
    }


def launch(program: tuple[str, ...], settings: dict[str, str], folder: Path) -> Process:
    """Start *program* in *folder*, so that no .env of the developer's is read; what it says stands in `said` there."""
    environment = {name: os.environ[name] for name in ("PATH", "LANG", "HOME", "TMPDIR") if name in os.environ}
    environment |= {"PYTHONPATH": str(ROOT), **settings}
    with (folder / "said").open("wb") as said:
        return subprocess.Popen(program, env=environment, cwd=folder, stdout=said, stderr=said)  # noqa: S603 -- our own


@contextlib.contextmanager
def running(program: tuple[str, ...], settings: dict[str, str]) -> Iterator[Process]:
    """*program* while the block runs. An Unavailable raised there is raised on with the end of what it said."""
    with tempfile.TemporaryDirectory(prefix="umkm-bench-") as folder:
        process = launch(program, settings, Path(folder))
        try:
            yield process
        except Unavailable as reason:
            said = (Path(folder) / "said").read_text("utf-8")
            raise Unavailable(f"{reason}; it said {said[-500:]!r}") from None
        finally:
            end(process)


def end(process: Process) -> None:
    """Gently; after 15 seconds not."""
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def cpu_seconds(pid: int) -> float | None:
    """CPU time of the process so far, all threads; None where there is no /proc. Measured within one life, since
    the figure that a parent gets at the end would count the start-up too."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def megabytes(pid: int) -> float | None:
    """Memory the process occupies (RSS); None where there is no /proc."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("utf-8").split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
