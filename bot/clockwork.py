"""What the clock asks of the domain each minute; what is due stands in rows, so that it happens once."""

from collections.abc import Awaitable, Callable

from db.session import Session
from handlers.turn import House

Deed = Callable[[Session, House], Awaitable[None]]

DEEDS: tuple[Deed, ...] = ()
"""Each in a transaction of its own, by the leader only."""
