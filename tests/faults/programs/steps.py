"""The steps at which a process can be killed: each commit that changes something, each call, before and after."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from bot.telegram_request import TelegramRequest
from db.session import Database, Session

UNCOUNTED = {"getUpdates", "getMe", "deleteWebhook", "leadership", "lane_pause"}
"""Calls and tables that have nothing to do with an update."""


class Steps:
    """Counts down from the number it was armed with and kills the process at nought.

    Armed by SIGUSR1, with the number in *file*, which then goes.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._left: int | None = None

    def watch(self) -> None:
        """Look at every transaction and every call from now on."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self._arm)
        event.listen(Engine, "after_cursor_execute", _count_changes)
        Database._begin = self._watched(Database._begin)  # type: ignore[method-assign]  # the seam of this program
        TelegramRequest._send = self._announced(TelegramRequest._send)  # type: ignore[method-assign]  # as above

    def _arm(self) -> None:
        self._left = int(self._file.read_text())
        self._file.unlink()

    def _reach(self, step: str) -> None:
        if self._left is None:
            return
        os.write(2, f"step: {step}\n".encode())
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def _watched(self, begin: Any) -> Any:
        @asynccontextmanager
        async def watched(database: Database) -> AsyncIterator[Session]:
            async with begin(database) as session:
                info = (await session.connection()).info
                info["changed"] = set()
                yield session
                changed = " and ".join(sorted(info["changed"]))
                if changed:
                    self._reach(f"before the commit of {changed}")
            if changed:
                self._reach(f"after the commit of {changed}")

        return watched

    def _announced(self, send: Any) -> Any:
        async def announced(request: TelegramRequest, url: str, *arguments: Any) -> Any:
            method = url.rpartition("/")[2]
            if method in UNCOUNTED:
                return await send(request, url, *arguments)
            self._reach(f"before {method}")
            answer = await send(request, url, *arguments)
            self._reach(f"after {method}")
            return answer

        return announced


def _count_changes(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
    verb, *words = statement.split()
    if verb in {"INSERT", "UPDATE", "DELETE"} and cursor.rowcount > 0:
        table = words[0] if verb == "UPDATE" else words[1]
        name = table.strip('("')
        if name not in UNCOUNTED:
            connection.info.setdefault("changed", set()).add(f"{verb.lower()} {name}")
