"""Telling trouble with the database itself from a fault in what we asked of it."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_PASSING = ("40001", "40P01", "55P03", "57P01", "57P02", "57P03", "25P03", "53300")
"""PostgreSQL: serialisation, deadlock, lock not available, shutting down, idle too long, too many connections."""


class NoConnection(Exception):
    """The database could not be reached, or was busy for too long."""


def is_outside(error: BaseException) -> bool:
    """Whether the database was away or busy: the same may well succeed a little later."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, NoConnection | PoolTimeout)
    if error.connection_invalidated:
        return True
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
    if code is not None:
        return code in _PASSING or str(code).startswith("08")
    return isinstance(error, OperationalError | InterfaceError) and _is_busy(str(error.orig).casefold())


def _is_busy(said: str) -> bool:
    return any(sign in said for sign in ("locked", "busy", "unable to open", "disk", "readonly"))
