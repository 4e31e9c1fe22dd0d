"""Processes that share a database, the one that leads them, and what is seen of the leadership from outside."""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import col, select

from benchmarks.processes import OURS, Process, end, free_port, launch
from db.clock import clock
from db.models import Leadership
from db.session import Database

LOOK_EVERY = 0.02


@dataclass(frozen=True)
class Kill:
    """At which time a leader was killed (time.monotonic()), and after how many seconds another one led."""

    at: float
    gap: float


@dataclass
class Replicas:
    """*folder* takes what each process says."""

    settings: dict[str, str]
    database: Database
    folder: Path
    alive: dict[int, Process] = field(default_factory=dict)
    """By the port of each."""

    @property
    def ports(self) -> list[int]:
        return list(self.alive)

    def start(self) -> None:
        port = free_port()
        folder = self.folder / str(port)
        folder.mkdir()
        self.alive[port] = launch(OURS, {**self.settings, "HTTP_PORT": str(port)}, folder)

    def end(self) -> None:
        for process in self.alive.values():
            end(process)

    async def owner(self) -> str | None:
        """Who leads now, if anybody does."""
        async with self.database.reading() as session:
            leads = select(Leadership.owner).where(col(Leadership.until) > clock())
            return (await session.exec(leads)).first()

    async def leader(self, other_than: str | None = None, seconds: float = 60.0) -> str:
        """Wait for a leader. Raises TimeoutError after so many *seconds*."""
        until = time.monotonic() + seconds
        while (owner := await self.owner()) is None or owner == other_than:
            if time.monotonic() > until or self.ended_by_themselves() == len(self.alive):
                raise TimeoutError(f"nobody leads; waited at most {seconds:g} s")
            await asyncio.sleep(LOOK_EVERY)
        return owner

    async def kill_leader(self, patience: float) -> Kill:
        """Kill whoever leads, and wait until another one does. Raises TimeoutError after *patience* seconds."""
        owner = await self.leader()
        port = next(port for port, process in self.alive.items() if f"-{process.pid}-" in owner)
        process = self.alive.pop(port)
        at = time.monotonic()
        process.kill()
        process.wait()
        await self.leader(owner, patience)
        return Kill(at, time.monotonic() - at)

    def ended_by_themselves(self) -> int:
        """How many processes are gone that nobody killed."""
        return sum(process.poll() is not None for process in self.alive.values())

    def said(self) -> str:
        """What all of them said, for a look at what went wrong."""
        return "\n".join(file.read_text("utf-8") for file in sorted(self.folder.glob("*/said")))
