"""The pretend Telegram as a process of its own, and what the benchmark asks of it."""

import contextlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.processes import ROOT, TOKEN

FROM_OUR_SIDE = 5.0
"""Seconds beyond those that Telegram itself may take for a control call."""


@dataclass(frozen=True)
class Reply:
    """A message the bot sent: in which chat, its text, and when it arrived (time.monotonic() of this machine)."""

    chat_id: int
    text: str
    at: float


@dataclass(frozen=True)
class Arrival:
    """An accepted call: when it arrived (time.monotonic() of this machine), in which chat, as how many messages."""

    at: float
    chat_id: int
    messages: int
    method: str


@dataclass(frozen=True)
class Telegram:
    """The control API of a pretend Telegram at *address*."""

    address: str

    def write(self, messages: list[tuple[int, str]]) -> None:
        """Let people (by id) write; all of it is in the bot's queue at once."""
        self._ask("do", deeds=[{"person": person, "do": "write", "text": text} for person, text in messages])

    def meet(self, people: range) -> None:
        self._ask("people", people=[{"id": number, "first_name": "Sari"} for number in people])

    def calls(self) -> int:
        """How many calls there were so far."""
        return int(self._ask("state")["calls"])

    def wait_for(self, calls: int, seconds: float) -> bool:
        """Until so many sendMessage were accepted since the beginning; False when they do not come in time."""
        return bool(self._ask("wait", seconds, calls=calls, method="sendMessage", timeout=seconds)["is_so"])

    def replies(self, since: int = 0) -> list[Reply]:
        """What was accepted since call number *since*, in the order of its arrival."""
        calls = self._ask("calls", since=since, method="sendMessage")["calls"]
        return [
            Reply(int(call["parameters"]["chat_id"]), str(call["parameters"]["text"]), float(call["at"]))
            for call in calls
            if call["accepted"]
        ]

    def arrivals(self) -> list[Arrival]:
        """Every message that was accepted since the last time this was asked, in the order of its arrival."""
        told = self._ask("arrivals", clear=True)
        names = told["methods"]
        columns = zip(told["at"], told["chat_id"], told["messages"], told["method"], strict=True)
        return [Arrival(at, chat_id, cost, names[method]) for at, chat_id, cost, method in columns]

    def refused(self) -> dict[str, int]:
        """How many calls were refused, by status."""
        return {str(status): int(number) for status, number in self._ask("state")["refused"].items()}

    def accepted(self, method: str) -> int:
        """How many calls of *method* were accepted."""
        return int(self._ask("state")["accepted"].get(method, 0))

    def _ask(self, name: str, seconds: float = 30.0, **asked: Any) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 -- our own process on the loopback
            f"{self.address}/control/{name}", json.dumps(asked).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=seconds + FROM_OUR_SIDE) as answer:  # noqa: S310 -- as above
            told: dict[str, Any] = json.loads(answer.read())
        return told


@contextlib.contextmanager
def pretend_telegram(latency: float, *options: str) -> Iterator[Telegram]:
    """A Telegram whose answers take *latency* seconds; without flood limits, unless *options* order them."""
    program = [sys.executable, "-m", "simulator", "--port", "0", "--token", TOKEN, "--latency", str(latency), *options]
    process = subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603 -- our own program
    try:
        assert process.stdout
        yield Telegram(process.stdout.readline().strip())
    finally:
        process.terminate()
        process.wait(10)
