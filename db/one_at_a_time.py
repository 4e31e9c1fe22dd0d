"""Deeds that find no row to lock, because they make it, and yet must not happen twice at once."""

from sqlalchemy import func, select

from db.session import Session


async def one_at_a_time(session: Session, deed: str) -> None:
    """Wait until nobody else does *deed*, and keep others from it until this transaction ends."""
    if session.get_bind().dialect.name == "postgresql":  # on SQLite nobody else writes meanwhile
        lock = func.pg_advisory_xact_lock(func.hashtext(deed))
        await (await session.connection()).execute(select(lock))


async def begins_alone(session: Session, deed: str) -> bool:
    """Keep others from *deed* until this transaction ends; False where somebody does it at this moment."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    lock = func.pg_try_advisory_xact_lock(func.hashtext(deed))
    return bool((await (await session.connection()).execute(select(lock))).scalar_one())
