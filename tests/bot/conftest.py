"""What the tests of backups share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import sqlite_url


@pytest.fixture
def other_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """A database of the other kind, with first content and nobody in it."""
    if database_url.startswith("sqlite"):
        with request.getfixturevalue("postgres_databases").one() as address:
            yield address
    else:
        (tmp_path / "other").mkdir()
        yield sqlite_url(request, tmp_path / "other")
