"""The real bot in processes of its own, which can be killed, frozen, and told to die at a certain step.

Run as a program it reads a JSON line and answers with one: {"start": {...}} starts a bot and tells its pid,
{"wait": 123} tells how that one ended. A bot is forked, since importing everything takes longer than the rest.
"""

import asyncio
import functools
import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import MessageHandler, filters

from bot import logs
from bot.app import STOP_SECONDS, App, open_app, run
from db.models import Training
from db.session import Session, open_database
from domain.knowledge.shelf import Library
from domain.trainings import seats
from tests.faults.programs.steps import Steps
from tests.support.running import settings_for

Order = dict[str, Any]

RUNNING = "the bot runs"
"""Stands in the log once the loops run."""


def main() -> None:
    library = Library()
    for line in sys.stdin:
        order = json.loads(line)
        if "start" in order:
            answer: Any = _fork(order["start"], library)
        elif "warm" in order:
            answer = asyncio.run(_warm(order["warm"], library))
        else:
            answer = os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1])
        print(json.dumps(answer), flush=True)  # noqa: T201 -- whoever started this reads it


async def _warm(url: str, library: Library) -> None:
    """Let all bots share one shelf, which takes a while to build."""
    async with open_database(url) as database, database.reading() as session:
        await library.shelf(session)


def _fork(order: Order, library: Library) -> int:
    if pid := os.fork():
        return pid
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(0)
    logs.configure("text", order.get("level", "info"))
    for name, value in order.get("constants", {}).items():
        set_constant(name, value)
    if order.get("unlocked"):
        seats.lock = _merely_look
    code = 1
    try:
        asyncio.run(_serve(order, library))
        code = 0
    finally:
        # Not sys.exit: this is a copy of the program above, whose loop must not go on.
        os._exit(code)


async def _merely_look(session: Session, training_id: int) -> Training:
    """What `domain.trainings.seats.lock` would be without the lock."""
    return await session.get_one(Training, training_id, populate_existing=True)


def set_constant(name: str, value: Any) -> None:
    """Set "db.inbox.CLAIM_LASTS" and the like; for a duration *value* is seconds."""
    module_name, _, constant = name.rpartition(".")
    module = importlib.import_module(module_name)
    is_duration = isinstance(getattr(module, constant), timedelta)
    setattr(module, constant, timedelta(seconds=value) if is_duration else value)


async def _serve(order: Order, library: Library) -> None:
    changes = {"DISTRICT_DIR": Path(order["district"]), **order.get("settings", {})}
    settings = settings_for(order["telegram"], order["database"], **changes)
    if order.get("whole"):
        await run(settings, functools.partial(_tell, order))
        return
    steps = Steps(Path(order["arm"]))
    steps.watch()
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    async with open_app(settings, library=library) as app:
        _equip(order, app)
        app.start(**{name: order.get(name, True) for name in ("receives", "dispatches", "delivers")})
        os.write(2, f"{RUNNING}\n".encode())
        await stopping.wait()
        await app.stop(order.get("stop_seconds", STOP_SECONDS))


async def _tell(order: Order, app: App, _: str) -> None:
    _equip(order, app)
    os.write(2, f"{RUNNING}\n".encode())


def _equip(order: Order, app: App) -> None:
    """Let it meet what no bot should meet."""
    for words, deed in (("^mati$", _die), ("^gagal", _fail), ("^macet$", _block), ("^lambat$", _dawdle(1000))):
        app.application.add_handler(MessageHandler(filters.Regex(words), deed), group=1)
    if seconds := order.get("slow"):
        app.application.add_handler(MessageHandler(filters.ALL, _dawdle(seconds)), group=2)


def _dawdle(seconds: float) -> Callable[[object, object], Awaitable[None]]:
    """Makes each turn last longer."""

    async def dawdle(_: object, __: object) -> None:
        os.write(2, b"a turn dawdles\n")
        await asyncio.sleep(seconds)

    return dawdle


async def _die(_: object, __: object) -> None:
    """What a picture that exhausts the memory does."""
    os.kill(os.getpid(), signal.SIGKILL)


async def _block(_: object, __: object) -> None:
    """What a computation does that nobody took out of the loop."""
    os.write(2, b"the loop is blocked\n")
    time.sleep(1000)  # noqa: ASYNC251 -- meant


async def _fail(update: Update, _: object) -> None:
    """A fault in a handler, whose error quotes what somebody wrote."""
    raise ValueError(update.effective_message and update.effective_message.text)


if __name__ == "__main__":
    main()
