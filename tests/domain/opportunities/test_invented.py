"""Invented opportunities: for every country of whatever district, plainly no real ones, and published once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from db.models import Opportunity, OpportunityKind, OpportunityState
from db.session import open_database
from domain.district import District, read_district
from domain.opportunities import kinds
from domain.opportunities.invented import ABROAD, AT_HOME, EXAMPLE, SOURCE, invent
from tests.conftest import LAMONGAN

NOW = datetime(2026, 11, 26, 5, tzinfo=UTC)
DISTRICT = read_district(LAMONGAN)


async def published(url: str, district: District) -> list[Opportunity]:
    async with open_database(url) as database, database.transaction() as session:
        await invent(session, district, NOW)
        return list((await session.exec(select(Opportunity).order_by(col(Opportunity.id)))).all())


class TestInvented:
    async def test_are_for_every_country_and_kind(self, database_url: str) -> None:
        """Each country of the founding article has its own, home has several; all kinds and offices are among them."""
        found = await published(database_url, DISTRICT)

        assert set(DISTRICT.countries) == set(ABROAD)
        assert [one.market for one in found] == [*DISTRICT.countries, *[kinds.HOME] * len(AT_HOME)]
        assert {one.kind for one in found} == set(OpportunityKind)
        assert {one.office for one in found} == {office.key for office in DISTRICT.offices}
        assert {one.state for one in found} == {OpportunityState.OPEN}
        assert all(one.products for one in found if one.market != kinds.HOME and one.kind is not OpportunityKind.FAIR)

    async def test_are_plainly_no_real_ones(self, database_url: str) -> None:
        """Title and source say so, and no link leads anywhere."""
        found = await published(database_url, DISTRICT)

        assert all(one.title.startswith(EXAMPLE) and one.source == SOURCE and one.is_invented for one in found)
        assert all(one.link is None and one.file is None for one in found)

    async def test_hold_in_any_district(self, database_url: str) -> None:
        """With sectors and countries nobody thought of they are for those."""
        other = replace(
            DISTRICT,
            offices=DISTRICT.offices[:1],
            kecamatan=("Kota",),
            sectors={"batik": "Batik", "makanan": "Kuliner"},
            countries={"BR": "Brasil", "MY": "Malaysia"},
        )
        brazil, malaysia, *rest = await published(database_url, other)

        assert (brazil.market, brazil.title) == ("BR", f"{EXAMPLE}pembeli di Brasil cari produk daerah")
        assert malaysia.products == ["makanan"]
        assert len(rest) == len(AT_HOME)

    async def test_come_again_only_once_all_are_over(self, database_url: str) -> None:
        """A second start adds none, as long as one is open."""
        await published(database_url, DISTRICT)
        async with open_database(database_url) as database, database.transaction() as session:
            again = await invent(session, DISTRICT, NOW + timedelta(days=40))
            later = await invent(session, DISTRICT, NOW + timedelta(days=60))

        assert (again, later) == (0, len(ABROAD) + len(AT_HOME))
