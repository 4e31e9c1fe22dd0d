"""PostgreSQL databases that tests take one after another: each is brought back to its first content in between."""

import asyncio
import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import asyncpg

from tests.support.postgres import address_of, tell

CONTENT = "made"
"""The database that holds tables and first content."""

# To make a database takes half a second, to put one back a fiftieth. What is kept stands in a schema of its own, where
# nothing that looks at our tables finds it.
KEEP = """
CREATE SCHEMA kept;
CREATE FUNCTION kept.shape() RETURNS text LANGUAGE sql AS $$
    SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
        SELECT concat_ws(' ', c.oid, c.relname, a.attnum, a.attname, a.atttypid, a.attnotnull,
            a.atthasdef, a.attisdropped) AS part
        FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relnamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', oid, tgname, tgenabled) FROM pg_trigger
        UNION ALL SELECT concat_ws(' ', oid, conname) FROM pg_constraint
        UNION ALL SELECT concat_ws(' ', oid, proname, md5(prosrc)) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT concat_ws(' ', oid, nspname) FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%'
    ) parts
$$;
CREATE FUNCTION kept.differs(name text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE found boolean;
BEGIN
    IF to_regclass('kept.' || quote_ident(name)) IS NULL THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO found;
    ELSE
        EXECUTE format(
            'SELECT (SELECT array_agg(t::text ORDER BY t::text) FROM public.%1$I t)'
            ' IS DISTINCT FROM (SELECT array_agg(t::text ORDER BY t::text) FROM kept.%1$I t)', name) INTO found;
    END IF;
    RETURN found;
END $$;
CREATE FUNCTION kept.restore() RETURNS void LANGUAGE plpgsql AS $$
DECLARE name text;
BEGIN
    SET LOCAL session_replication_role = replica; -- no triggers: neither foreign keys nor the audit that only grows
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND kept.differs(tablename) LOOP
        EXECUTE format('DELETE FROM public.%I', name);
        IF to_regclass('kept.' || quote_ident(name)) IS NOT NULL THEN
            EXECUTE format('INSERT INTO public.%1$I SELECT * FROM kept.%1$I', name);
        END IF;
    END LOOP;
    PERFORM setval(s.seqrelid, n.value, n.is_called)
    FROM pg_sequence s JOIN kept.numbers n ON n.sequence = s.seqrelid::regclass::text;
END $$;
DO $$
DECLARE name text;
DECLARE value bigint;
DECLARE is_called boolean;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND kept.differs(tablename) LOOP
        EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', name);
    END LOOP;
    CREATE TABLE kept.numbers (sequence text, value bigint, is_called boolean);
    FOR name IN SELECT seqrelid::regclass::text FROM pg_sequence LOOP
        EXECUTE format('SELECT last_value, is_called FROM %s', name) INTO value, is_called;
        INSERT INTO kept.numbers VALUES (name, value, is_called);
    END LOOP;
    CREATE TABLE kept.shapes AS SELECT kept.shape() AS shape;
END $$;
"""

END_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
"""Whoever an earlier test left behind; waits for their end, at most ten seconds."""


@dataclass
class Databases:
    """Those of one server; a test that changed the shape of one loses it for all."""

    server: str
    free: list[str] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def keep(self) -> None:
        """Remember what CONTENT holds now as what each is brought back to."""
        asyncio.run(_tell(address_of(self.server, CONTENT), KEEP))

    @contextlib.contextmanager
    def one(self) -> Iterator[str]:
        """The address of a database that holds first content and nothing else, for the block alone."""
        name = self._put_back() or self._make()
        try:
            yield address_of(self.server, name)
        finally:
            self.free.append(name)

    def _put_back(self) -> str | None:
        while self.free:
            name = self.free.pop()
            if asyncio.run(_restore(address_of(self.server, name))):
                return name
            asyncio.run(tell(self.server, f"DROP DATABASE {name} WITH (FORCE)"))
        return None

    def _make(self) -> str:
        name = f"test_{next(self.numbers)}"
        asyncio.run(tell(self.server, f"CREATE DATABASE {name} TEMPLATE {CONTENT} STRATEGY WAL_LOG"))
        return name


async def _restore(address: str) -> bool:
    """Bring the database back to its first content; False where it has another shape, and nothing was changed."""
    connection = await asyncpg.connect(address.replace("+asyncpg", ""))
    try:
        await connection.execute(END_OTHERS)
        if not await connection.fetchval("SELECT shape = kept.shape() FROM kept.shapes"):
            return False
        await connection.execute("SELECT kept.restore()")
        return True
    finally:
        await connection.close()


async def _tell(address: str, statements: str) -> None:
    connection = await asyncpg.connect(address.replace("+asyncpg", ""))
    try:
        await connection.execute(statements)
    finally:
        await connection.close()
