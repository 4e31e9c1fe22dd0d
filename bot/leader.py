"""Which of several processes on one PostgreSQL polls, ticks and sends. On SQLite the only one always does."""

import secrets
from collections.abc import Awaitable, Callable
from time import monotonic

import structlog

from db import leadership
from db.one_at_a_time import begins_alone
from db.session import Database, Session

log = structlog.get_logger()


async def _nothing() -> None: ...


class Leader:
    """This process's view of the leadership; never believes itself leader longer than the row says."""

    def __init__(self, database: Database, owner: str) -> None:
        self._database, self._owner = database, owner
        self._token = secrets.token_hex(8)
        self._until = float("inf") if database.is_sqlite else 0.0
        self.on_take: Callable[[], Awaitable[None]] = _nothing
        self.on_lose: Callable[[], None] = lambda: None
        self._led = database.is_sqlite

    @property
    def leads(self) -> bool:
        """Whether this process leads, by its own clock, which goes on while it is frozen."""
        return monotonic() < self._until

    def only(self, step: Callable[[], Awaitable[bool]]) -> Callable[[], Awaitable[bool]]:
        """A loop's *step* that does nothing while another process leads."""

        async def when_leading() -> bool:
            return await step() if self.leads else False

        return when_leading

    async def renew(self) -> bool:
        """Lead on, or take over when nobody leads. Always False: there is nothing more to do until the next time."""
        if self._database.is_sqlite:
            return False
        asked_at = monotonic()  # before asking, so that our own belief ends first
        async with self._database.transaction() as session:
            leads = await leadership.take_or_renew(session, self._owner, self._token)
        self._until = asked_at + leadership.LASTS.total_seconds() if leads else 0.0
        await self._change(leads)
        return False

    async def _change(self, leads: bool) -> None:
        if leads and not self._led:
            log.info("leading", owner=self._owner)
            await self.on_take()
        if self._led and not leads:
            log.warning("no longer leading", owner=self._owner)
            self.on_lose()
        self._led = leads

    async def holds(self, session: Session) -> bool:
        """Whether this process leads until *session*'s transaction ends, by the row itself."""
        return self._database.is_sqlite or await leadership.holds(session, self._token)

    async def begins_alone(self, session: Session, deed: str) -> bool:
        """Whether this process leads by the row itself, and does *deed* alone until *session*'s transaction ends.

        The row is not held, so *deed* may wait for something: meanwhile this process leads on, or another one takes
        over, which leaves *deed* until then.
        """
        if self._database.is_sqlite:
            return True
        return await begins_alone(session, deed) and await leadership.leads(session, self._token)

    async def resign(self) -> None:
        """At an orderly stop: another one need not wait."""
        if self._database.is_sqlite or not self._led:
            return
        self._until, self._led = 0.0, False
        async with self._database.transaction() as session:
            await leadership.resign(session, self._token)
