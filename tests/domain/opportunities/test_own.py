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
from domain import people
from domain.audit import TERMINAL
from domain.broadcasts.quiet import QUIET_HOURS
from domain.opportunities import asleep, composing, marks, news, own, reminders
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
        assert owed.verb == marks.OWN_TOLD
        await own.told(session, owed.verb_arguments or {}, settlement, now)


async def unreachable(database: Database, owed: Owed | None = None) -> None:
    """They blocked the bot, which *owed* found where given; of what waits the deliverer finds it."""
    async with database.transaction() as session:
        if owed:
            assert await outbox.settle(session, [Settlement(owed, DeliveryState.FAILED, "blocked")]) == [True]
        await people.mark_unreachable(session, 1, "blocked")
        if owed:
            settlement = Settlement(owed, DeliveryState.FAILED, "blocked")
            await own.told(session, owed.verb_arguments or {}, settlement, NOW)
    for other in await claimed(database):
        await skipped(database, other, NOW)


async def back(database: Database) -> None:
    async with database.transaction() as session:
        await people.recognise(session, 101, "Contoh", NOW)


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

        # Another one of the same opportunity, whose row was found later.
        async with database.transaction() as session:
            await own.told(session, owed.verb_arguments or {}, Settlement(owed, DeliveryState.SKIPPED), EVENING)
        await act(database, remind, EVENING + timedelta(minutes=2))
        assert len(await rows(database, missed)) == 1

    async def test_ends_with_the_deadline(self, database: Database, interest_id: int) -> None:
        """Where that is nearer than the night, it is then."""
        soon = NOW + timedelta(hours=2)
        async with database.transaction() as session:
            (await session.get_one(Opportunity, 1)).deadline = soon
        await act(database, tell, NOW)

        assert [owed.expires_at for owed in await claimed(database)] == [soon]

    async def test_tells_the_change_since_they_last_heard(self, database: Database, interest_id: int) -> None:
        """Of several that were too late, and of what changed by night, they read from what they knew to what is so."""
        owed = []
        for days in (1, 2, 3):
            at = NOW if days < 3 else NOW.replace(hour=15)
            async with database.transaction() as session:
                one, later = await locked(session, 1), {"deadline": DEADLINE + timedelta(days=days)}
                await composing.change(session, one, later, TERMINAL, DISTRICT, at)
            if days == 1:
                owed += await claimed(database)
        async with database.transaction() as session:
            await outbox.unclaim(session, owed)
        # The later one first, as where the lanes of both differ.
        waiting = sorted(await rows(database, select(Delivery.id)), reverse=True)
        async with database.transaction() as session:
            for id in waiting:
                row = await session.get_one(Delivery, id)
                owed_then = {name: getattr(row, name) for name in Owed.__dataclass_fields__ if name != "token"}
                settlement = Settlement(Owed(**owed_then, token=""), DeliveryState.SKIPPED)
                row.state = DeliveryState.SKIPPED
                await own.told(session, row.verb_arguments or {}, settlement, NOW.replace(hour=15))
        async with database.transaction() as session:
            await news.tell_waiting(session, DISTRICT, NOW.replace(hour=23))

        (text,) = [row.arguments["text"] for row in await claimed(database)]
        assert "dari Selasa pukul 10.00 menjadi <b>Jumat, 4 Desember" in text

    async def test_leaves_what_may_have_come(self, database: Database, interest_id: int) -> None:
        """One whose fate nobody knew, and that is too late then, is not told anew: it may be there."""
        await act(database, end, NOW)
        await claimed(database)
        async with database.transaction() as session:
            await outbox.recover(session, everything=True)
        (owed,) = await claimed(database)
        await skipped(database, owed, NOW.replace(hour=14))
        await act(database, end, NOW.replace(hour=23))

        assert await states(database) == [DeliveryState.SKIPPED]


class TestUnreachable:
    @pytest.mark.parametrize("is_called", [True, False])
    @pytest.mark.parametrize(("deed", "at"), [(end, NOW), (tell, NOW), (ask, NOW + timedelta(days=15))])
    async def test_hears_it_once_back(
        self, database: Database, interest_id: int, deed: Any, at: datetime, is_called: bool
    ) -> None:
        """Who blocked the bot hears it once they are back, whether that very call found it or another one; until then
        nothing is owed.
        """
        await act(database, deed, at)
        await unreachable(database, (await claimed(database))[0] if is_called else None)
        gone = DeliveryState.FAILED if is_called else DeliveryState.SKIPPED
        for _ in range(2):
            await act(database, deed, at)
            assert await states(database) == [gone]

        await back(database)
        for _ in range(2):
            await act(database, deed, at)
            assert await states(database) == [gone, DeliveryState.WAITING]

    async def test_hears_no_old_news(self, database: Database, interest_id: int) -> None:
        """Of what is long over nobody is told how far they had come."""
        await act(database, tell, NOW)
        await unreachable(database)
        await act(database, end, NOW)
        await back(database)
        await act(database, tell, NOW + timedelta(days=31))

        assert await states(database) == [DeliveryState.SKIPPED]
        assert await rows(database, select(Interest.news)) == [None]


class TestNotSoAnyMore:
    @pytest.mark.parametrize("deed", [remind, tell])
    async def test_is_called_back(self, database: Database, interest_id: int, deed: Any) -> None:
        """Of one that is withdrawn while it waits they hear that alone."""
        await act(database, deed, REMINDED_AT)
        async with database.transaction() as session:
            await composing.withdraw(session, await locked(session, 1), "batal", TERMINAL, REMINDED_AT)

        assert await states(database) == [DeliveryState.SKIPPED]

    @pytest.mark.parametrize("deed", [remind, tell])
    async def test_goes_no_more_once_its_call_comes_back(self, database: Database, interest_id: int, deed: Any) -> None:
        """What is in its call meanwhile and comes back goes no more, and is not told anew either."""
        await act(database, deed, REMINDED_AT)
        (owed,) = await claimed(database)
        async with database.transaction() as session:
            await composing.withdraw(session, await locked(session, 1), "batal", TERMINAL, REMINDED_AT)
            await outbox.unclaim(session, [owed])

        (owed,) = await claimed(database)
        assert owed.expires_at is not None
        assert owed.expires_at <= REMINDED_AT
        assert owed.verb is None

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
