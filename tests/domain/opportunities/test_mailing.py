"""What goes into a message about opportunities, in which order, and how it counts."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select, update

from db.models import Delivery, DeliveryState, Opportunity, OpportunityKind, OpportunityMail, OpportunityState, Person
from db.session import Database, open_database
from domain.audit import TERMINAL
from domain.opportunities import composing, mailing, needs, notices, running, states, telling
from messages import LANGUAGES
from messages.limits import TEXT, split_html
from tests.conftest import sqlite_url
from tests.support.opportunities import DISTRICT, published, values, without_quiet_hours

NOW = datetime(2026, 11, 26, 3, tzinfo=UTC)


@pytest.fixture
async def database(sqlite_made: Path, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """Two people, and no quiet hours."""
    async with open_database(sqlite_url(request, tmp_path)) as database:
        async with database.transaction() as session:
            await without_quiet_hours(session, NOW)
            for number in (101, 102):
                session.add(Person(telegram_id=number, name="Contoh", met_at=NOW, last_wrote_at=NOW))
        yield database


async def work(database: Database, now: datetime = NOW) -> None:
    """Until nothing is to be done."""
    while True:
        async with database.transaction() as session:
            if not await running.advance(session, DISTRICT, now):
                return


async def settle(database: Database) -> None:
    """All that is owed arrives."""
    async with database.transaction() as session:
        waits = col(Delivery.state) == DeliveryState.WAITING
        await session.exec(update(Delivery).where(waits).values(state=DeliveryState.SENT, message_ids=[7]))


async def rows(database: Database, statement: Any) -> list[Any]:
    async with database.reading() as session:
        return list((await session.exec(statement)).all())


class TestLength:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_fits_one_message(self, language: str) -> None:
        """The longest there may be is one message, so that editing it replaces all of it."""
        some = {
            "title": "A" * composing.LONGEST_TITLE,
            "sought": "A" * composing.LONGEST_SOUGHT,
            "place": "A" * composing.LONGEST_PLACE,
            "source": "A" * composing.LONGEST_SOURCE,
            "link": f"https://contoh.id/{'a' * (telling.LONGEST_LINK - 18)}",
            "products": list(DISTRICT.sectors),
            "kecamatan": list(DISTRICT.kecamatan),
            "needs": list(needs.PAPERS),
            "capacity": composing.MOST_CAPACITY,
            "is_strict": True,
        }
        composing.check(some, DISTRICT, NOW)
        kept = {"made_at": NOW, "changed_at": NOW, "state": OpportunityState.OPEN}
        one = Opportunity(id=1, office="disperindag", kind=OpportunityKind.BUYER, **values(NOW, **some), **kept)

        assert len(split_html(telling.mail([one], None, DISTRICT, NOW)[0].in_language(language), TEXT)) == 1


class TestOrder:
    async def test_news_goes_before_edits(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        """What somebody is to hear never waits until what others have was edited."""
        async with database.transaction() as session:
            id = (await published(session, NOW)).id
        for _ in range(2):
            await work(database)
            await settle(database)
        monkeypatch.setattr("domain.opportunities.mailing.MOST_OWED", 1)
        monkeypatch.setattr("domain.opportunities.amending.MOST_OWED", 1)
        async with database.transaction() as session:
            one = await states.lock(session, id)
            assert one
            await composing.change(session, one, {"place": "Babat"}, TERMINAL, DISTRICT, NOW)
            await published(session, NOW, title="Besok tutup", is_urgent=True)

        methods = []
        for _ in range(4):
            await work(database)
            methods += await rows(database, select(Delivery.method).where(Delivery.state == DeliveryState.WAITING))
            await settle(database)

        assert methods == ["send_message"] * 2 + ["edit_message_text"] * 2


class TestRound:
    async def test_looks_at_so_many(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever has more due than one round looks at has a round alone, and the others the next."""
        monkeypatch.setattr(mailing, "LOOKED_AT", 3)
        for seconds in range(3):
            at = NOW + timedelta(seconds=seconds)
            async with database.transaction() as session:
                await published(session, at, title=f"Pembeli {seconds}")
                while await notices.walk_next(session, DISTRICT, at):
                    pass
        heard = []
        for _ in range(2):
            async with database.transaction() as session:
                assert await mailing.mail_next(session, DISTRICT, NOW + timedelta(seconds=5))
            heard.append(await rows(database, select(OpportunityMail.person_id).order_by(col(OpportunityMail.id))))

        assert heard == [[1], [1, 2]]
