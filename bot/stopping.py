"""SIGTERM and SIGINT stop the process: orderly if it can, and in time in any case."""

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger()

LAST_MOMENT = 9.5
"""Seconds after the signal; who sent it kills at ten. What is under way is then undone, and comes again at the next
start, as after any kill."""


@contextmanager
def stop_signals() -> Iterator[asyncio.Event]:
    """An event that either signal sets; the process ends by the last moment, whatever hangs in it."""
    loop, stopping = asyncio.get_running_loop(), asyncio.Event()
    last = threading.Timer(LAST_MOMENT, _end)
    last.daemon = True

    def stop(*_: object) -> None:
        loop.call_soon_threadsafe(stopping.set)
        if last.ident is None:
            last.start()

    # Not the loop's own handlers, which a loop that hangs would never run.
    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stopping
    finally:
        last.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)


def _end() -> None:
    log.error("could not stop in time; what was under way goes on at the next start")
    os._exit(0)
