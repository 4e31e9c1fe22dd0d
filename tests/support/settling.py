"""Whether all that people did is dealt with, asked of Telegram and of the database."""

from sqlmodel import col, exists, or_, select

from db.models import UNSETTLED, Delivery, ReceivedUpdate, UpdateState
from db.session import Database
from simulator import PretendTelegram

POLL = 0.025
"""Seconds between two looks. Each costs what a small turn costs, and a thousand tests wait a dozen times."""

_UNDER_WAY = select(
    or_(
        exists().where(col(ReceivedUpdate.state) == UpdateState.WAITING),
        exists().where(col(Delivery.state).in_(UNSETTLED)),
    )
)


async def is_settled(telegram: PretendTelegram, database: Database) -> bool:
    """Whether Telegram has nothing more for the bot, and nothing waits in inbox and outbox."""
    if telegram.pending_updates():
        return False
    async with database.reading() as session:
        return not (await session.exec(_UNDER_WAY)).one()
