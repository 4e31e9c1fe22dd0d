"""While an officer is asked for words, a post that comes is a post."""

import pytest
from sqlmodel import col, select

from db.models import Opportunity
from tests.journeys.test_opportunity_composing import OF_POST, made, newest
from tests.support.offices import ON_SQLITE, Offices
from tests.support.training_office import does


class TestTyping:
    @ON_SQLITE
    @pytest.mark.parametrize("label", ["Judul", "Tempat", "Yang dicari", "Batas waktu"])
    async def test_takes_no_post(self, offices: Offices, label: str) -> None:
        """What is forwarded meanwhile is no field: it may become an opportunity of its own, or typing goes on."""
        one = await made(offices)
        await does(offices, offices.rini, label)
        offices.rini.forward("Bazar UMKM Contoh, batas 9 Desember 2026")
        await offices.settled()

        assert "bukan ketikan Anda sendiri" in offices.rini.texts()[-1]
        same = await newest(offices)
        assert (same.title, same.place, same.sought, same.deadline) == (one.title, one.place, one.sought, one.deadline)
        await does(offices, offices.rini, ">12 Desember 2026")
        assert "✅" in offices.rini.texts()[-1]

    @ON_SQLITE
    async def test_ends_where_a_post_is_made_one(self, offices: Offices) -> None:
        """What is typed after that is no field of the opportunity before."""
        first = await made(offices)
        await does(offices, offices.rini, "Tempat")
        offices.rini.sends("photo", "Bazar UMKM Contoh, batas 9 Desember 2026")
        await offices.settled()
        await does(offices, offices.rini, OF_POST, ">terima kasih")

        assert (await newest(offices)).title.startswith("Bazar UMKM Contoh")
        kept = (await offices.bot.rows(select(Opportunity).where(col(Opportunity.id) == first.id)))[0]
        assert kept.place == "Balai Contoh"
