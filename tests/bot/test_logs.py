"""The log: whoever's error it is, nobody's words, phone or row of a table stand in it."""

import subprocess
import sys

import pytest

from tests.repo.tree import ROOT

PROGRAM = """
import logging, structlog
from bot import logs
logs.configure({form!r}, "debug")
row = "refused\\nDETAIL:  Failing row contains (1, Melatiwangi)."
try:
    try:
        int("usaha Melatiwangi 0812-3450-0777")
    except ValueError as error:
        raise KeyError("Melatiwangi") from error
except KeyError as error:
    structlog.get_logger().error("turn failed", exc_info=error, attempt=2)
    logging.getLogger("somebody").error("failed too", exc_info=True)
structlog.get_logger().warning("told", error=row)
try:
    open("/nowhere/at/all")
except OSError as error:
    structlog.get_logger().warning("no such file", exc_info=error)
"""


class TestLog:
    @pytest.mark.parametrize("form", ["text", "json"])
    def test_tells_where_and_not_what_was_said(self, form: str) -> None:
        """An error tells its kind and its place; its words only where they speak of files and connections."""
        told = subprocess.run(  # noqa: S603 -- our own program
            [sys.executable, "-c", PROGRAM.format(form=form)], cwd=ROOT, capture_output=True, text=True, check=True
        ).stderr

        assert "Melatiwangi" not in told
        assert "0777" not in told
        assert told.count("KeyError") == told.count("ValueError") == 2
        assert "<string>" in told or '\\"<string>\\"' in told
        assert "/nowhere/at/all" in told
        assert "DETAIL: <row>" in told
