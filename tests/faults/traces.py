"""A name and a phone number that betray themselves wherever they are kept, and where to look for them."""

from sqlalchemy import text

from db.session import Database, sqlite_file

NAME, PHONE = "Sari Mélatiwangi", "081234500777"
SIGNS = ("latiwangi", "81234500777", "812-3450-0777")
"""Of her name what is written the same in JSON; of her phone what all ways of writing it end with."""


def traces(kept: bytes) -> list[bytes]:
    """Where her name or her phone stands, in UTF-8 or in UTF-16."""
    found = [(kept.find(sign.encode(way)), len(sign)) for sign in SIGNS for way in ("utf-8", "utf-16-le")]
    return [kept[max(0, place - 60) : place + 2 * length + 40] for place, length in found if place >= 0]


async def everything_kept(database: Database) -> bytes:
    """Each byte of the files in the database's folder, or each row of its tables as text."""
    if file := sqlite_file(database.url):
        return b"".join(path.read_bytes() for path in sorted(file.parent.rglob("*")) if path.is_file())
    async with database.reading() as session:
        connection = await session.connection()
        tables = await connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        rows = [await connection.execute(text(f'SELECT row_to_json(t)::text FROM "{name}" t')) for (name,) in tables]  # noqa: S608 -- our own tables
        return "\n".join(row[0] for found in rows for row in found).encode()
