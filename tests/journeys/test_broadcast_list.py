"""The list of an office's broadcasts, and who left while they composed one."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import select

from db.models import BroadcastState, Delivery, Role
from domain.knowledge.shelf import Library
from messages import text_of
from tests.support.composing import BACK, MAKE, SEND, alert, begun, composing, every, newest, taps
from tests.support.offices import Offices
from tests.support.training_office import does


@pytest.fixture
async def offices(database_url: str, library: Library, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Offices]:
    async with composing(database_url, library, monkeypatch) as running:
        yield running


class TestList:
    async def test_of_one_office_is_not_the_others(self, offices: Offices) -> None:
        """Neither in the list, nor by a forged tap; an admin sees both, by office."""
        await begun(offices, ">Ada pameran")
        await begun(offices, "Disperindag", ">Ekspor", who=offices.wati)
        broadcast = (await every(offices))[0]
        theirs = await does(offices, offices.budi, ">/siaran")
        await taps(offices, f"broadcast:{broadcast.id}", offices.budi)
        everything = await does(offices, offices.wati, ">/siaran")

        assert "Ekspor" in theirs
        assert "pameran" not in theirs
        assert alert(offices.budi) == text_of("tap.stale", "id")
        assert "Diskopum: konsep" in everything
        assert "Disperindag: konsep" in everything

    async def test_does_not_exist_for_others(self, offices: Offices) -> None:
        """To anybody else it is no command."""
        offices.sari.write("/siaran")
        await offices.settled()

        assert offices.sari.texts() == [text_of("command.unknown", "id")]

    async def test_is_read_by_readers_without_deeds(self, offices: Offices) -> None:
        """They look and preview, and change nothing."""
        await begun(offices, ">Ada pameran")
        await offices.make(offices.tono, Role.READER)
        await does(offices, offices.tono, ">/siaran", "1. 📝 Ada pameran", "👁 Pratinjau")
        await taps(offices, f"broadcast_send:{(await newest(offices)).id}", offices.tono)

        assert not {MAKE, SEND, "🗑 Buang", "📲 Kirim ke saya"} & set(offices.tono.labels())
        assert alert(offices.tono) == text_of("tap.stale", "id")

    async def test_is_leafed_through(self, offices: Offices) -> None:
        """Six on a page, in one message."""
        for number in range(8):
            await begun(offices, f">Kabar {number}")
        first = await does(offices, offices.rini, ">/siaran")
        seen = len(offices.rini.texts())
        second = await does(offices, offices.rini, "Berikutnya »")

        assert first.count("konsep") == 6
        assert second.count("konsep") == 2
        assert len(offices.rini.texts()) == seen

    async def test_lets_one_be_copied_and_dropped(self, offices: Offices) -> None:
        """A copy says the same, without a time; what is dropped is asked about once and is gone from the list."""
        await begun(offices, ">Ada pameran", "🕗 Waktu", ">besok jam 8", "📑 Salin")
        first, copy = await every(offices)
        await does(offices, offices.rini, ">/siaran", "1. 📝 Ada pameran", "🗑 Buang", BACK, "🗑 Buang", "🗑 Ya, buang")
        listed = await does(offices, offices.rini, ">/siaran")

        assert (copy.content, copy.audience) == (first.content, first.audience)
        assert (copy.starts_at, copy.state) == (None, BroadcastState.DRAFT)
        assert [one.state for one in await every(offices)].count(BroadcastState.CANCELLED) == 1
        assert listed.count("Ada pameran") == 1


class TestWhoLeft:
    async def test_is_asked_nothing_more(self, offices: Offices) -> None:
        """Dismissed amid composing, what they write is a question like anybody's, and no old button does anything."""
        await begun(offices, ">Ada pameran")
        broadcast = await newest(offices)
        await offices.dismiss(offices.rini)
        answered = await does(offices, offices.rini, ">cara bikin nib gimana")
        await taps(offices, f"broadcast_send:{broadcast.id}")

        assert "OSS" in answered
        assert alert(offices.rini) == text_of("tap.stale", "id")
        assert (await newest(offices)).content["html"] == "Ada pameran"
        assert not await offices.bot.rows(select(Delivery).where(Delivery.chat_id == offices.sari.id))
