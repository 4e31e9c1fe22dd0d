"""The database's own clock, which all replicas share, as an SQL expression."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import types
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class clock(FunctionElement[datetime]):  # noqa: N801 -- reads as an SQL function, like sqlalchemy.func's
    """`clock()` is now; `clock(timedelta(seconds=30))` is half a minute from now."""

    type = types.DateTime(timezone=True)
    inherit_cache = False  # the offset is no bound parameter

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        super().__init__()
        self.seconds = ahead.total_seconds()


@compiles(clock, "sqlite")
def _on_sqlite(element: clock, *_: Any, **__: Any) -> str:
    # As SQLAlchemy writes a datetime: microseconds, of which SQLite's clock fills three digits.
    return f"(strftime('%Y-%m-%d %H:%M:%f', 'now', '{element.seconds:+.3f} seconds') || '000')"


@compiles(clock, "postgresql")
def _on_postgresql(element: clock, *_: Any, **__: Any) -> str:
    # Not now(): that stands still within a transaction.
    return f"(clock_timestamp() + interval '{element.seconds:.3f} seconds')"
