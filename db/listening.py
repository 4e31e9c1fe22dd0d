"""PostgreSQL tells every replica what another one committed; SQLite has one process and needs none of it."""

import asyncio
from collections.abc import Callable, Mapping

from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlmodel.ext.asyncio.session import AsyncSession as Session

CHANNEL = "new_in_queue"
TRY_AGAIN_AFTER = 1.0


async def notify(session: Session, queues: set[str]) -> None:
    """Tell the listeners of *queues*, once this transaction commits."""
    for queue in sorted(queues):
        await (await session.connection()).execute(
            text("SELECT pg_notify(:channel, :queue)"), {"channel": CHANNEL, "queue": queue}
        )


async def listen(url: URL, wake: Mapping[str, Callable[[], None]]) -> None:
    """Call what *wake* holds for a queue whenever something new in it is committed; until cancelled.

    While the connection is away the loops' own looks every half second do.
    """
    import asyncpg  # noqa: PLC0415 -- a run on SQLite does without

    address = url.set(drivername="postgresql").render_as_string(hide_password=False)

    def told(_: object, __: int, ___: str, queue: object) -> None:
        if ring := wake.get(str(queue)):
            ring()

    while True:
        try:
            connection = await asyncpg.connect(address, timeout=10.0)
        except (OSError, asyncpg.PostgresError, TimeoutError):
            await asyncio.sleep(TRY_AGAIN_AFTER)
            continue
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _, lost=lost: lost.set())
        try:
            await connection.add_listener(CHANNEL, told)
            await lost.wait()
        finally:
            await connection.close(timeout=2.0)
