"""Starting the bot in processes of its own, and waiting for how they end."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.programs.worker import RUNNING
from tests.faults.waiting import until
from tests.support.running import PATIENCE

ROOT = Path(__file__).parent.parent.parent
DISTRICT = ROOT / "districts" / "lamongan"


@dataclass
class Workers:
    """The program that starts bots, and the bots it started."""

    folder: Path
    program: "subprocess.Popen[str]" = field(init=False)
    started: int = 0
    alive: "list[Worker]" = field(default_factory=list)

    def open(self) -> None:
        self.program = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.programs.worker"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        self.end_all()
        self.program.communicate()

    def end_all(self) -> None:
        """Kill whatever a failed test left behind."""
        for worker in self.alive:
            worker.signal(signal.SIGKILL)
        while self.alive:
            self.alive[0].reap()

    def warm(self, database: str) -> None:
        """Build what answers lean on once for all bots."""
        self.ask({"warm": database})

    async def start(self, database: str, telegram: str, **order: Any) -> "Worker":
        """A bot that runs. *order* as in programs/worker.py; `whole` is the command line's `run`."""
        worker = self.launch(database, telegram, **order)
        await worker.says(RUNNING)
        return worker

    def launch(self, database: str, telegram: str, **order: Any) -> "Worker":
        """A bot that starts."""
        self.started += 1
        log, arm = self.folder / f"{self.started}.log", self.folder / f"{self.started}.arm"
        given = {"database": database, "telegram": telegram, "district": str(DISTRICT), **order}
        pid = self.ask({"start": {**given, "log": str(log), "arm": str(arm)}})
        self.alive.append(Worker(self, pid, log, arm))
        return self.alive[-1]

    def ask(self, question: Any) -> Any:
        assert self.program.stdin
        assert self.program.stdout
        self.program.stdin.write(json.dumps(question) + "\n")
        self.program.stdin.flush()
        return json.loads(self.program.stdout.readline())


@dataclass
class Worker:
    """One process with a bot in it."""

    workers: Workers
    pid: int
    log: Path
    arm_file: Path

    @property
    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    async def says(self, words: str) -> None:
        """Until *words* stand in its log."""
        await until(lambda: words in self.said, lambda: f"no {words!r} in the log:\n{self.said}")

    async def arm(self, step: int) -> None:
        """Let it die at that many steps from now."""
        self.arm_file.write_text(str(step))
        self.signal(signal.SIGUSR1)
        await until(lambda: not self.arm_file.exists(), lambda: f"not armed:\n{self.said}")

    def steps(self) -> list[str]:
        """The steps it took since it was armed."""
        return [line.removeprefix("step: ") for line in self.said.splitlines() if line.startswith("step: ")]

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    @property
    def is_alive(self) -> bool:
        # Not yet waited for, an ended process stays as a zombie.
        return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"

    async def ended(self, within: float = PATIENCE) -> int:
        """Its exit code; minus the signal's number when one killed it."""
        await until(lambda: not self.is_alive, lambda: f"still alive:\n{self.said}", within)
        return self.reap()

    def reap(self) -> int:
        """As `ended`, for one that surely ends."""
        self.workers.alive.remove(self)
        return int(self.workers.ask({"wait": self.pid}))

    async def stop(self) -> None:
        """End it, gently or not: nothing is under way any more."""
        self.signal(signal.SIGKILL)
        await self.ended()
