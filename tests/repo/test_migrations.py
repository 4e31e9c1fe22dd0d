"""The migrations, taken together, make what the models describe."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlmodel import SQLModel

import db.models  # noqa: F401 -- fills SQLModel.metadata
from db.migrations.upgrade import configuration
from db.session import one_off_engine, to_async_url


class TestMigrations:
    async def test_lead_to_the_models(self, database_url: str) -> None:
        """A database brought to the newest version has every table, column and index of the models, and no other."""
        engine = one_off_engine(to_async_url(database_url))
        async with engine.connect() as connection:
            differences = await connection.run_sync(_differences)
        await engine.dispose()

        assert differences == []

    def test_are_one_line(self) -> None:
        """There is one newest version: two heads would leave it to chance which one a database gets."""
        assert len(ScriptDirectory.from_config(configuration()).get_heads()) == 1


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, SQLModel.metadata))
