"""Logging: one line an event, for people or as JSON, in which no token, no phone number and nobody's words stand."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any, Literal, TextIO

import structlog

_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{10,}")
_IN_ADDRESS = re.compile(r"/bot[^/\s\"']+")
# Indonesian numbers as people write them: 0812-3456-789, +62 812 3456 789, 0322 311456.
_PHONE = re.compile(r"(?<![\d:])(?:\+?62|0)(?:[\s.\-]?\d){8,13}(?!\d)")
# PostgreSQL shows the whole row that a constraint refused, names and all.
_ROW = re.compile(r"DETAIL: .*")
_TELL_NOTHING_OF_PEOPLE = ("aiohttp", "aiosqlite", "alembic", "asyncpg", "sqlalchemy", "sqlite3", "telegram")
"""Packages whose errors speak of connections and statements; others may quote what somebody wrote."""


def redact(text: str) -> str:
    """*text* without tokens and phone numbers."""
    return _PHONE.sub("<phone>", _IN_ADDRESS.sub("/bot<token>", _TOKEN.sub("<token>", text)))


def _cut_rows(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: _without_row(value) if isinstance(value, str) else value for name, value in event.items()}


def _without_row(text: str) -> str:
    return _ROW.sub("DETAIL: <row>", text)


def _without_words(error: BaseException) -> str:
    """The traceback, in which an error tells its kind, and its words only where they are nobody's."""
    return "\n".join(reversed([part for link in _chain(error) for part in (_named(link), *_where(link))]))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    met: set[int] = set()
    while error is not None and id(error) not in met:
        met.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _where(error: BaseException) -> list[str]:
    return ["".join(traceback.format_tb(error.__traceback__)).rstrip("\n")] if error.__traceback__ else []


def _named(error: BaseException) -> str:
    kind = type(error)
    is_plain = isinstance(error, OSError) or kind.__module__.partition(".")[0] in _TELL_NOTHING_OF_PEOPLE
    return f"{kind.__qualname__}: {_without_row(str(error))}" if is_plain else kind.__qualname__


def _write_traceback(out: TextIO, exc_info: Any) -> None:
    out.write(f"\n{_without_words(exc_info[1])}")


def _json_traceback(exc_info: Any) -> str:
    return _without_words(exc_info[1])


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """The last step of every line, whichever library wrote it."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def configure(log_format: Literal["text", "json"], level: str) -> None:
    """Send everything that is logged, ours and the libraries', to standard error in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _cut_rows,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        cache_logger_on_first_use=False,
    )
    as_json = log_format == "json"
    # Not the rich ones, which show local variables, and with them what people wrote.
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=_write_traceback)
    renderer: Any = structlog.processors.JSONRenderer() if as_json else plain
    last = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
    if as_json:
        last.insert(1, structlog.processors.ExceptionRenderer(_json_traceback))
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(foreign_pre_chain=shared, processors=last))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for noisy in (
        "httpx",
        "httpcore",
        "aiohttp.access",
        "aiosqlite",
        "apscheduler",
        "telegram",
        "uvicorn",
        "asyncio",
        "alembic",
    ):
        logging.getLogger(noisy).setLevel(logging.WARNING)
