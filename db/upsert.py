"""INSERT … ON CONFLICT DO NOTHING, which SQLAlchemy keeps apart for each database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from db.session import Session


async def insert_new(session: Session, table: Table, rows: Sequence[Mapping[str, Any]], unique: list[str]) -> int:
    """Insert those *rows*, all with the same columns, whose *unique* columns are not there yet; return how many."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(table) if on_sqlite else postgresql.insert(table)
    new = insert.on_conflict_do_nothing(index_elements=unique).returning(*table.primary_key)
    # Rows given apart from the statement: written into it, it would be compiled anew for each number of rows.
    return len((await (await session.connection()).execute(new, list(rows))).all())
