"""Some people to whom opportunities go, and the bot's work done for them by hand."""

from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select, update

from db.models import MailState, Notice, NoticeState, Opportunity, OpportunityMail
from db.session import Database, Session
from domain.opportunities import running, states
from tests.support.opportunities import DISTRICT, published

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)
PEOPLE = 25


async def work(database: Database, now: datetime = NOW) -> None:
    """Until nothing is to be done, and nobody looks whether there is."""
    await go_on(database, now)
    async with database.reading() as session:
        assert not await running.is_due(session, now)


async def go_on(database: Database, now: datetime = NOW) -> None:
    """Until nothing can be done, as where there is no room."""
    for _ in range(300):
        async with database.transaction() as session:
            if not await running.advance(session, DISTRICT, now):
                break
    else:
        raise AssertionError("it goes on and on")


async def told(database: Database, **details: Any) -> int:
    """One that everybody was told of; its id."""
    async with database.transaction() as session:
        id = (await published(session, NOW, **details)).id
    await work(database)
    async with database.transaction() as session:
        for mail in (await session.exec(select(OpportunityMail))).all():
            mail.state, mail.message_id, mail.delivery_id = MailState.SENT, mail.id, None
        await session.exec(update(Notice).where(col(Notice.state) == NoticeState.OWED).values(state=NoticeState.TOLD))
    return id


async def locked(session: Session, id: int) -> Opportunity:
    one = await states.lock(session, id)
    assert one
    return one


async def rows(database: Database, statement: Any) -> list[Any]:
    async with database.reading() as session:
        return list((await session.exec(statement)).all())
