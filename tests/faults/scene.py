"""A pretend Telegram and a database, looked at from outside while bots in other processes work on them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import col, select, update

from db import inbox
from db.clock import clock
from db.models import Delivery, Leadership, ReceivedUpdate
from db.session import Database
from simulator import PretendTelegram
from tests.faults.waiting import until
from tests.support.running import PATIENCE
from tests.support.settling import is_settled


@dataclass
class Scene:
    telegram: PretendTelegram
    address: str
    database_url: str
    database: Database

    async def rows(self, statement: Any) -> list[Any]:
        """Whatever *statement* selects."""
        async with self.database.reading() as session:
            return list((await session.exec(statement)).all())

    async def updates(self) -> list[ReceivedUpdate]:
        return await self.rows(select(ReceivedUpdate).order_by(col(ReceivedUpdate.id)))

    async def counts(self) -> dict[str, int]:
        async with self.database.reading() as session:
            return await inbox.counts(session)

    async def deliveries(self) -> list[Delivery]:
        return await self.rows(select(Delivery).order_by(col(Delivery.id)))

    def sent_to(self, chat_id: int) -> list[str]:
        """The texts Telegram accepted for a chat, as they were sent."""
        calls = [call for call in self.telegram.calls if call.accepted and call.method == "sendMessage"]
        return [call.parameters["text"] for call in calls if call.parameters["chat_id"] == chat_id]

    async def is_settled(self) -> bool:
        """Whether nothing is under way: in Telegram, in the inbox, in the outbox."""
        return await is_settled(self.telegram, self.database)

    async def settled(self, within: float = PATIENCE) -> None:
        await until(self.is_settled, self.telegram.describe, within)

    async def let_claims_run_out(self) -> None:
        """As if the time had passed that a claim lasts, and the leadership among processes."""
        past = clock(timedelta(seconds=-1))
        async with self.database.transaction() as session:
            connection = await session.connection()
            for table in (ReceivedUpdate, Delivery):
                held = col(table.claim_until).is_not(None)
                await connection.execute(update(table).where(held).values(claim_until=past))
            await connection.execute(update(Leadership).values(until=past))
