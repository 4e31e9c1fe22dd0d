"""What goes into a message about opportunities, in which order, and how it counts."""

from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from db.models import Delivery, DeliveryState, Opportunity, OpportunityKind, OpportunityMail, OpportunityState
from db.session import Database
from domain.audit import TERMINAL
from domain.opportunities import composing, mailing, needs, notices, states, telling
from messages import LANGUAGES
from messages.limits import TEXT, split_html
from tests.domain.opportunities.crowd import NOW, go_on, rows
from tests.support.opportunities import DISTRICT, published, values


@pytest.fixture
def people_number() -> int:
    return 2


async def settle(database: Database) -> None:
    """All that is owed arrives."""
    async with database.transaction() as session:
        waits = col(Delivery.state) == DeliveryState.WAITING
        await session.exec(update(Delivery).where(waits).values(state=DeliveryState.SENT, message_ids=[7]))


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
            await go_on(database)
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
            await go_on(database)
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
