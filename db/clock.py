"""The database's own clock, which all replicas share, as an SQL expression."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Double, bindparam, types
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class clock(FunctionElement[datetime]):  # noqa: N801 -- reads as an SQL function, like sqlalchemy.func's
    """`clock()` is now; `clock(timedelta(seconds=30))` is half a minute from now."""

    type = types.DateTime(timezone=True)
    # The offset is a parameter, so statements that differ in nothing else are compiled once.
    inherit_cache = True

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        super().__init__(*([bindparam(None, ahead.total_seconds(), Double)] if ahead else []))


@compiles(clock, "sqlite")
def _on_sqlite(element: clock, compiler: SQLCompiler, **how: Any) -> str:
    # As SQLAlchemy writes a datetime: microseconds, of which SQLite's clock fills three digits.
    offset = f", printf('%+.3f seconds', {compiler.process(element.clauses, **how)})" if len(element.clauses) else ""
    return f"(strftime('%Y-%m-%d %H:%M:%f', 'now'{offset}) || '000')"


@compiles(clock, "postgresql")
def _on_postgresql(element: clock, compiler: SQLCompiler, **how: Any) -> str:
    # Not now(): that stands still within a transaction.
    offset = f" + make_interval(secs => {compiler.process(element.clauses, **how)})" if len(element.clauses) else ""
    return f"(clock_timestamp(){offset})"
