"""What commands say: lines, tables, and the one line with which they refuse."""

import sys
from typing import Any, NoReturn

WRONG_SETTINGS = 2
"""The exit code of wrong settings and options."""


def write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def refuse(message: str) -> NoReturn:
    sys.stderr.write(f"{message}\n")
    raise SystemExit(WRONG_SETTINGS)


def show(table: Any) -> None:
    from rich.console import Console  # noqa: PLC0415 -- heavy

    # Where output is no terminal, rich would squeeze the table into 80 columns.
    Console(width=None if sys.stdout.isatty() else 160).print(table)
