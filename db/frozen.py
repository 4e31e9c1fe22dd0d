"""Ending the transactions of processes that froze on PostgreSQL, so that their locks do not outlive their claims.

PostgreSQL's own `idle_in_transaction_session_timeout` ends most of them. It misses a process that froze between
preparing a statement and executing it: the driver asks for the one with Flush, not Sync, and to the server such a
session is active, for ever.
"""

from datetime import timedelta

from sqlalchemy import text

from db.session import WRITING, Session

LONGEST_TRANSACTION = timedelta(seconds=25)
"""Longer than any turn may take, shorter than a claim of the inbox lasts."""

_END = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND usename = current_user AND application_name = :writing"
    " AND xact_start < clock_timestamp() - make_interval(secs => :seconds)"
    # Who waits for a lock is the victim.
    " AND wait_event_type IS DISTINCT FROM 'Lock' AND pid <> pg_backend_pid()"
)


async def end_frozen(session: Session) -> int:
    """End each of our writing transactions that is open for too long; return how many. PostgreSQL only."""
    parameters = {"writing": WRITING, "seconds": LONGEST_TRANSACTION.total_seconds()}
    return len((await (await session.connection()).execute(_END, parameters)).all())
