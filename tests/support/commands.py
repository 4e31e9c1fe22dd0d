"""`python -m bot …` in processes of their own, forked from one that has imported everything already.

Run as a program it reads a JSON line and answers with one: an order (arguments, folder, environment, files for what
goes in and out) starts a command and tells its pid, {"wait": 123} tells how that one ended.
"""

import atexit
import importlib
import json
import os
import runpy
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 60.0

HEAVY = ("bot.app", "bot.announcements.announcing", "bot.people.invitations", "bot.trainings.table", "bot.seeding")
"""What commands import once they run; half of what most of them take."""


def environment(**settings: str) -> dict[str, str]:
    """Only what a process needs, and *settings*."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), **settings}


def elsewhere(folder: Path) -> dict[str, str]:
    """Settings for a process whose folder is not the repository, so that no .env of ours is read."""
    return {"DISTRICT_DIR": str(ROOT / "districts" / "lamongan"), "DATABASE_URL": f"sqlite:///{folder}/bot.db"}


def run(*arguments: str, cwd: Path = ROOT, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """A command, its exit code and what it printed. Raises TimeoutError."""
    with tempfile.TemporaryDirectory() as folder:
        files = {name: str(Path(folder, name)) for name in ("given", "out", "err")}
        Path(files["given"]).write_text(given)
        pid = _ask({"arguments": arguments, "cwd": str(cwd), "environment": environment(**settings), **files})
        code = _ask({"wait": pid})
        if code is None:
            raise TimeoutError(f"{arguments}: {Path(files['err']).read_text()}")
        out, err = (Path(files[name]).read_text() for name in ("out", "err"))
        return subprocess.CompletedProcess(arguments, code, out, err)


def _ask(question: dict[str, Any]) -> Any:
    program = _program()
    assert program.stdin
    assert program.stdout
    program.stdin.write(json.dumps(question) + "\n")
    program.stdin.flush()
    return json.loads(program.stdout.readline())


@cache
def _program() -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.support.commands"]
    program = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 -- ours
    atexit.register(program.communicate)
    return program


# The program.


def main() -> None:
    importlib.import_module("bot.command_line")
    for name in HEAVY:
        importlib.import_module(name)
    for line in sys.stdin:
        order = json.loads(line)
        answer = _wait(order["wait"]) if "wait" in order else _fork(order)
        print(json.dumps(answer), flush=True)  # noqa: T201 -- whoever started this reads it


def _fork(order: dict[str, Any]) -> int:
    if pid := os.fork():
        return pid
    for place, (name, flags) in enumerate(
        (("given", os.O_RDONLY), ("out", os.O_WRONLY | os.O_CREAT), ("err", os.O_WRONLY | os.O_CREAT))
    ):
        os.dup2(os.open(order[name], flags), place)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 -- what was read ahead is not this command's
    os.environ.clear()
    os.environ.update(order["environment"])
    os.chdir(order["cwd"])
    sys.argv = ["bot", *order["arguments"]]
    code = 1
    try:
        runpy.run_module("bot", run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 -- as an interpreter would
        sys.excepthook(*sys.exc_info())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _wait(pid: int) -> int | None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    return None


if __name__ == "__main__":
    main()
