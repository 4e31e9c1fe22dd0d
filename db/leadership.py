"""The leader among replicas: one row, by the database's clock."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, Table, delete, or_, select, type_coerce, update

from db.clock import clock
from db.models import LanePause, Leadership
from db.session import Session
from db.upsert import insert_new

LASTS = timedelta(seconds=6)
RENEW_EVERY = timedelta(seconds=2)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

_row: Table = Leadership.__table__  # type: ignore[attr-defined]  # SQLModel adds it at run time
_pauses: Table = LanePause.__table__  # type: ignore[attr-defined]  # SQLModel adds it at run time


async def take_or_renew(session: Session, owner: str, token: str) -> bool:
    """Lead for another six seconds, when we lead already or nobody does; whether we lead."""
    await insert_new(session, _row, [{"id": 1, "owner": owner, "token": "", "until": LONG_AGO}], unique=["id"])
    free = or_(_row.c.token == token, _row.c.until < clock())
    done = await (await session.connection()).execute(
        update(_row).where(_row.c.id == 1, free).values(owner=owner, token=token, until=clock(LASTS))
    )
    return bool(done.rowcount)


async def holds(session: Session, token: str) -> bool:
    """Whether *token* leads, held until this transaction ends: nobody can take over in between.

    Nor can it renew: only for transactions that wait for nothing.
    """
    found = await (await session.connection()).execute(_ours(token).with_for_update(read=True))
    return found.first() is not None


async def leads(session: Session, token: str) -> bool:
    """Whether *token* leads at this moment; the leader may renew and another one take over all the same."""
    return (await (await session.connection()).execute(_ours(token))).first() is not None


def _ours(token: str) -> Select[tuple[int]]:
    return select(_row.c.id).where(_row.c.id == 1, _row.c.token == token, _row.c.until > clock())


async def is_led(session: Session) -> bool:
    """Whether anybody leads at this moment."""
    led = select(_row.c.id).where(_row.c.id == 1, _row.c.until > clock())
    return (await (await session.connection()).execute(led)).first() is not None


async def resign(session: Session, token: str) -> None:
    """Let another one lead at once, instead of after six seconds."""
    await (await session.connection()).execute(
        update(_row).where(_row.c.id == 1, _row.c.token == token).values(until=clock(-LASTS))
    )


async def pause_lane(session: Session, lane: int, wait: timedelta) -> None:
    """Let *lane* rest, for this leader and the next."""
    await insert_new(session, _pauses, [{"lane": lane, "until": LONG_AGO}], unique=["lane"])
    await (await session.connection()).execute(update(_pauses).where(_pauses.c.lane == lane).values(until=clock(wait)))


async def lane_pauses(session: Session) -> dict[int, float]:
    """By lane, the seconds it still rests."""
    connection = await session.connection()
    await connection.execute(delete(_pauses).where(_pauses.c.until < clock()))
    now = type_coerce(clock(), _pauses.c.until.type)
    rows = await connection.execute(select(_pauses.c.lane, _pauses.c.until, now.label("now")))
    return {row.lane: max(0.0, (row.until - row.now).total_seconds()) for row in rows}
