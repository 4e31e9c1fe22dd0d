"""What concerns one's own matter comes in time or is told anew, and a kill in the middle of the call loses none."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.outcomes import failed
from bot.telegram_request import Unknown
from db import outbox
from db.models import (
    AuditEntry,
    Delivery,
    DeliveryState,
    HouseRule,
    Interest,
    InterestAnswer,
    Lane,
    Opportunity,
    Person,
    Standing,
)
from db.outbox import Owed, Settlement
from db.session import Database, Session
from domain.audit import TERMINAL
from domain.broadcasts.quiet import QUIET_HOURS
from domain.opportunities import asleep, composing, news, own, reminders
from domain.opportunities.interested import Interested
from tests.domain.opportunities.crowd import NOW, locked, rows
from tests.support.opportunities import DISTRICT, published

REMINDED_AT = datetime(2026, 11, 28, 1, tzinfo=UTC)
EVENING = datetime(2026, 11, 28, 14, tzinfo=UTC)
DEADLINE = datetime(2026, 12, 1, 3, tzinfo=UTC)


@pytest.fixture
async def interest_id(database: Database) -> int:
    """Of somebody who was passed on, in one that ends in five days; by night the house is quiet."""
    async with database.transaction() as session:
        rule = await session.get_one(HouseRule, QUIET_HOURS.name)
        rule.value = ["21.00", "06.00"]
        one = await published(session, NOW, deadline=DEADLINE)
        said = {"answer": InterestAnswer.INTERESTED, "answered_at": NOW, "standing": Standing.PASSED_ON}
        row = Interest(opportunity_id=one.id, person_id=1, standing_at=NOW, **said)
        session.add(row)
        await session.flush()
        return row.id


async def remind(session: Session, now: datetime) -> None:
    await reminders.remind(session, DISTRICT, now)


async def end(session: Session, now: datetime) -> None:
    one = await locked(session, 1)
    if one.closed_at is None:
        await composing.close(session, one, "sudah cukup", TERMINAL, now)
    await reminders.tell_ends(session, DISTRICT, now)


async def ask(session: Session, now: datetime) -> None:
    await reminders.ask_orders(session, DISTRICT, now)


async def tell(session: Session, now: datetime) -> None:
    """They were new; later what waits to be told."""
    row, one = await session.get_one(Interest, 1), await session.get_one(Opportunity, 1)
    if row.news is None and await _untold(session):
        nights = await asleep.nights(session, [1], DISTRICT, now)
        person = Interested(row, await session.get_one(Person, 1), None)
        await news.tell_moved(session, one, person, Standing.NEW, nights, DISTRICT, now, is_bulk=True)
    else:
        await news.tell_waiting(session, DISTRICT, now)


async def _untold(session: Session) -> bool:
    return (await session.exec(select(Delivery.id))).first() is None


async def act(database: Database, deed: Any, now: datetime) -> None:
    async with database.transaction() as session:
        await deed(session, now)


async def claimed(database: Database) -> list[Owed]:
    async with database.transaction() as session:
        return await outbox.claim(session, "test", 50, [Lane.REPLY, Lane.BULK])


async def skipped(database: Database, owed: Owed, now: datetime) -> None:
    """It was too late for it, as the deliverer finds."""
    assert owed.expires_at is not None
    assert owed.expires_at <= now
    async with database.transaction() as session:
        settlement = Settlement(owed, DeliveryState.SKIPPED, "too late")
        assert await outbox.settle(session, [settlement]) == [True]
        assert owed.verb == own.TOLD
        await own.told(session, owed.verb_arguments or {}, settlement, now)


async def states(database: Database) -> list[DeliveryState]:
    return await rows(database, select(Delivery.state).order_by(col(Delivery.id)))


NIGHT = timedelta(hours=22)


class TestTooLate:
    @pytest.mark.parametrize(
        ("deed", "at"),
        [(end, NOW), (tell, NOW), (ask, NOW + timedelta(days=15))],
    )
    async def test_is_told_anew(self, database: Database, interest_id: int, deed: Any, at: datetime) -> None:
        """What was not sent before their night comes after it, once."""
        await act(database, deed, at)
        (owed,) = await claimed(database)
        night, morning = at.replace(hour=14), at.replace(hour=23)
        assert owed.expires_at == night
        await skipped(database, owed, night)
        for now in (night, morning, morning):
            await act(database, deed, now)
            expected = [DeliveryState.SKIPPED] if now == night else [DeliveryState.SKIPPED, DeliveryState.WAITING]
            assert await states(database) == expected, now

    async def test_for_a_reminder_is_written_down(self, database: Database, interest_id: int) -> None:
        """It is no use after that evening: nobody is told the next day that three are left."""
        await act(database, remind, REMINDED_AT)
        (owed,) = await claimed(database)
        assert owed.expires_at == EVENING
        await act(database, remind, EVENING)
        missed = select(AuditEntry).where(AuditEntry.deed == "opportunity.reminder_missed")
        assert await rows(database, missed) == []

        await skipped(database, owed, EVENING)
        for _ in range(2):
            await act(database, remind, EVENING + timedelta(minutes=1))
        assert len(await rows(database, missed)) == 1
        assert await states(database) == [DeliveryState.SKIPPED]

    async def test_ends_with_the_deadline(self, database: Database, interest_id: int) -> None:
        """Where that is nearer than the night, it is then."""
        soon = NOW + timedelta(hours=2)
        async with database.transaction() as session:
            (await session.get_one(Opportunity, 1)).deadline = soon
        await act(database, tell, NOW)

        assert [owed.expires_at for owed in await claimed(database)] == [soon]


class TestNotSoAnyMore:
    @pytest.mark.parametrize("deed", [remind, tell])
    async def test_is_called_back(self, database: Database, interest_id: int, deed: Any) -> None:
        """Of one that is withdrawn while it waits they hear that alone."""
        await act(database, deed, REMINDED_AT)
        async with database.transaction() as session:
            await composing.withdraw(session, await locked(session, 1), "batal", TERMINAL, REMINDED_AT)

        assert await states(database) == [DeliveryState.SKIPPED]

    async def test_is_reminded_of_the_new_deadline(self, database: Database, interest_id: int) -> None:
        """A reminder that waits goes no more once its deadline is another."""
        await act(database, remind, REMINDED_AT)
        async with database.transaction() as session:
            one = await locked(session, 1)
            later = {"deadline": DEADLINE + timedelta(days=9)}
            await composing.change(session, one, later, TERMINAL, DISTRICT, REMINDED_AT)

        assert await states(database) == [DeliveryState.SKIPPED, DeliveryState.WAITING]


class TestKilled:
    @pytest.mark.parametrize("is_stopped", [False, True])
    async def test_goes_once_more(self, database: Database, interest_id: int, is_stopped: bool) -> None:
        """In the bulk lane too, whether the process was killed or stopped; as a reply, and as often."""
        await act(database, tell, NOW)
        for left in (DeliveryState.WAITING, DeliveryState.UNCERTAIN):
            (owed,) = await claimed(database)
            assert owed.lane == Lane.BULK
            async with database.transaction() as session:
                if is_stopped:
                    # No time to wait for the back-off.
                    settlement = failed(owed, Unknown("stopped")).settlement
                    settlement = Settlement(owed, settlement.state, changes=settlement.changes)
                    assert await outbox.settle(session, [settlement]) == [True]
                else:
                    await outbox.recover(session, everything=True)
            assert await states(database) == [left]
