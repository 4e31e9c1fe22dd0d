"""What commands say: lines, tables, and the one line with which they refuse."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

WRONG_SETTINGS = 2
"""The exit code of wrong settings and options."""

FAULTS = 1
"""The exit code of a file with faults."""


def write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def refuse(message: str) -> NoReturn:
    sys.stderr.write(f"{message}\n")
    raise SystemExit(WRONG_SETTINGS)


def content_of(file: Path) -> bytes:
    """What stands in it; where it cannot be read, say so and end."""
    try:
        return file.read_bytes()
    except OSError as error:
        refuse(f"{file}: cannot be read ({error.strerror or error}): check its name and permissions")


def refuse_faults(faults: Sequence[object]) -> None:
    """With any, name each and end: nothing of their file was imported."""
    for fault in faults:
        write(str(fault))
    if faults:
        sys.stderr.write(
            f"{len(faults)} faults, so nothing was imported: mend them in the file, then import it again\n"
        )
        raise SystemExit(FAULTS)


def show(table: Any) -> None:
    from rich.console import Console  # noqa: PLC0415 -- heavy

    # Where output is no terminal, rich would squeeze the table into 80 columns.
    Console(width=None if sys.stdout.isatty() else 160).print(table)


@dataclass
class Bar:
    """How far something is, drawn anew in its place; where output is no terminal only what is said stands there."""

    _drawn: Any
    _task: Any

    def show(self, done: int, total: int) -> None:
        self._drawn.update(self._task, completed=done, total=total or None)

    def say(self, line: str) -> None:
        """A line above it."""
        if sys.stdout.isatty():
            self._drawn.console.print(line, markup=False, highlight=False)
        else:
            write(line)


@contextmanager
def progress() -> Iterator[Bar]:
    """A bar while the block runs."""
    from rich.progress import (  # noqa: PLC0415 -- heavy
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskProgressColumn,
        TimeRemainingColumn,
    )

    columns = (BarColumn(), TaskProgressColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, disable=not sys.stdout.isatty()) as drawn:
        yield Bar(drawn, drawn.add_task("", total=None))
