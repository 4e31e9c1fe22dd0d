"""Waiting for what another task or process does."""

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any

from tests.support.running import PATIENCE


async def until(holds: Callable[[], Any], complaint: Callable[[], Any] = str, within: float = PATIENCE) -> None:
    """Until *holds*, awaited if need be, is true. Raises TimeoutError with *complaint* after *within* seconds."""
    deadline = time.monotonic() + within
    while True:
        answer = holds()
        if await answer if inspect.isawaitable(answer) else answer:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(complaint())
        await asyncio.sleep(0.01)
