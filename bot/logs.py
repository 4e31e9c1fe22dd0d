"""Logging: one line an event, for people or as JSON, in which no token and no phone number ever stands."""

import logging
import re
import sys
from typing import Any, Literal

import structlog

_TOKEN = re.compile(r"\d{3,}:[A-Za-z0-9_-]{10,}")
_IN_ADDRESS = re.compile(r"/bot[^/\s\"']+")
# Indonesian numbers as people write them: 0812-3456-789, +62 812 3456 789, 0322 311456.
_PHONE = re.compile(r"(?<![\d:])(?:\+?62|0)(?:[\s.\-]?\d){8,13}(?!\d)")


def redact(text: str) -> str:
    """*text* without tokens and phone numbers."""
    return _PHONE.sub("<phone>", _IN_ADDRESS.sub("/bot<token>", _TOKEN.sub("<token>", text)))


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """The last step of every line, whichever library wrote it."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def configure(log_format: Literal["text", "json"], level: str) -> None:
    """Send everything that is logged, ours and the libraries', to standard error in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
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
    # Plain tracebacks: the rich ones show local variables, and with them what people wrote.
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    renderer: Any = structlog.processors.JSONRenderer() if as_json else plain
    last = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
    if as_json:
        last.insert(1, structlog.processors.format_exc_info)
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
