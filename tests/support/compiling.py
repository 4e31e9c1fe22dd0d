"""What is the same for each of thousands of engines, done once: SQL compiled for a kind of database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

STATEMENTS = 5_000
"""How many compiled ones are kept: more than all tests together have."""


@contextmanager
def compiled_once() -> Iterator[None]:
    """SQLAlchemy keeps what it compiled by engine and by dialect object; here all of a kind are as one.

    Whatever a compiled statement may depend on (driver, version of the server) is compared.
    """
    compiled: Any = LRUCache(STATEMENTS)
    shared = property(lambda _: compiled, lambda _, its_own: None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "_compiled_cache", shared, raising=False)
        patch.setattr(DefaultDialect, "__eq__", _is_alike)
        patch.setattr(DefaultDialect, "__hash__", lambda dialect: hash(type(dialect)))
        yield


def _is_alike(one: DefaultDialect, other: object) -> bool:
    return one is other or (type(one) is type(other) and _traits(one) == _traits(other))


def _traits(dialect: Any) -> tuple[Any, ...]:
    return dialect.server_version_info, dialect.default_schema_name, dialect.paramstyle, dialect.max_identifier_length
