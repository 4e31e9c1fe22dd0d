"""How Alembic reaches the database: through the connection it was given, or DATABASE_URL for its own command line."""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import db.models  # noqa: F401 -- fills SQLModel.metadata
from db.session import one_off_engine, to_async_url


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


async def run_by_url(url: str) -> None:
    engine = one_off_engine(to_async_url(url))
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


if given := context.config.attributes.get("connection"):
    run(given)
else:
    asyncio.run(run_by_url(os.environ["DATABASE_URL"]))
