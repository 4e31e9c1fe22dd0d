"""Column types that mean the same on SQLite and PostgreSQL."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Enum, Integer

BIG: Any = BigInteger()
"""Telegram's ids do not fit PostgreSQL's INTEGER."""

# SQLite counts up by itself only in a column called INTEGER.
BIG_KEY: Any = BigInteger().with_variant(Integer, "sqlite")

# JSON's null is SQL's NULL, so that "no payload any more" is one thing.
STRUCTURE: Any = JSON(none_as_null=True)


def one_of(states: type[StrEnum]) -> Any:
    """A text column that holds the values of *states*; without this SQLModel would store their names."""
    return Enum(states, native_enum=False, length=20, values_callable=lambda members: [m.value for m in members])
