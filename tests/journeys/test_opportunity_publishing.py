"""An opportunity goes out at night, with a picture, at its time: what the officer reads of it, and what people get."""

from datetime import timedelta

import pytest

from db.models import OpportunityState
from tests.journeys.test_opportunity_composing import BUYER, CHECK, LATER, NOW, OF_POST, begins, made, newest
from tests.support.composing import taps
from tests.support.offices import ON_SQLITE, Offices
from tests.support.opportunities import buttons, owner, told
from tests.support.training_office import does

pytestmark = ON_SQLITE


class TestPublishing:
    async def test_at_night_says_when_it_goes_out(self, offices: Offices) -> None:
        """An urgent one too: nobody is woken, and the officer does not wonder."""
        await owner(offices, offices.sari, sector="tenun")
        offices.clock.show("2026-11-24 22:30")
        await made(offices)
        assert "baru keluar besok pukul 06.00" in await does(offices, offices.rini, "Mendesak", CHECK)
        assert "baru keluar besok pukul 06.00" in await does(offices, offices.rini, NOW)

    async def test_with_a_file_and_many_words_shows_both(self, offices: Offices) -> None:
        """What is too long for a caption comes after the picture, to the officer as to people, and is edited there;
        what becomes too long under a picture keeps its deadline.
        """
        await owner(offices, offices.sari, sector="tenun")
        await begins(offices)
        offices.rini.sends("photo", BUYER)
        await offices.settled()
        long = "Kain tenun ikat dengan ragam hias khas Parengan. " * 22
        await does(offices, offices.rini, OF_POST, "Yang dicari", f">{long}", CHECK)
        picture, words = offices.rini.messages()[-3:-1]
        assert (bool(picture.get("photo")), picture.get("caption"), long.strip() in words["text"]) == (True, None, True)
        await does(offices, offices.rini, NOW)
        await told(offices)

        picture, words = offices.sari.messages()[-2:]
        assert (bool(picture.get("photo")), picture.get("caption"), long.strip() in words["text"]) == (True, None, True)
        await does(offices, offices.rini, "✏️ Ubah isi", "Yang dicari", ">Kain tenun saja")
        await told(offices)
        assert "Kain tenun saja" in offices.sari.texts()[-1]

    async def test_under_a_file_keeps_its_deadline(self, offices: Offices) -> None:
        """What becomes too long for its caption is shortened where it is long, not at its end."""
        await owner(offices, offices.sari, sector="tenun")
        await begins(offices)
        offices.rini.sends("photo", BUYER)
        await offices.settled()
        await does(offices, offices.rini, OF_POST, CHECK, NOW)
        await told(offices)
        long = "Kain tenun ikat dengan ragam hias khas Parengan. " * 22
        await does(offices, offices.rini, "✏️ Ubah isi", "Yang dicari", f">{long}")
        await told(offices)

        caption = offices.sari.messages()[-1]["caption"]
        assert "…" in caption
        assert "Jumat, 4 Desember" in caption

    async def test_later_is_before_its_deadline(self, offices: Offices) -> None:
        """No deadline is taken by which it would not be out; where the bot was away too long, the office hears once."""
        await does(offices, offices.tono, ">/start")
        await made(offices)
        await does(offices, offices.rini, CHECK, LATER, ">besok jam 8", "Batas waktu", ">besok jam 7")
        assert "terjadwal terbit besok pukul 08.00" in offices.rini.texts()[-1]
        assert (await newest(offices)).state is OpportunityState.SCHEDULED
        await does(offices, offices.rini, "⬅️ Kembali")
        offices.clock.at += timedelta(days=30)
        await told(offices)

        assert (await newest(offices)).state is OpportunityState.DRAFT
        for officer in (offices.rini, offices.tono):
            assert sum("Tidak jadi terbit sendiri" in text for text in officer.texts()) == 1
        assert ("system", "opportunity.missed") in [(who, deed) for who, deed, _ in await offices.deeds()]
        assert "Batas waktunya sudah lewat" in await does(offices, offices.tono, "📣 Buka konsepnya")


class TestTooLate:
    """What an officer has before them is not what stands any more."""

    async def test_a_colleague_has_published_it(self, offices: Offices) -> None:
        """While one types when it is to go out, another lets it out: they read that it is out."""
        one = await made(offices)
        await does(offices, offices.rini, CHECK, LATER)
        await does(offices, offices.tono, ">/start")
        await taps(offices, f"opp_check:{one.id}", offices.tono)
        await does(offices, offices.tono, NOW)
        said = await does(offices, offices.rini, ">besok jam 8")

        assert said.startswith("Peluang ini sudah terbit")
        assert "NIB" in await does(offices, offices.rini, ">cara bikin nib gimana")

    @pytest.mark.parametrize(
        ("before", "deed"),
        [((), CHECK), ((CHECK,), NOW), ((CHECK,), LATER), ((CHECK, LATER), ">besok jam 8")],
    )
    async def test_its_deadline_has_passed(self, offices: Offices, before: tuple[str, ...], deed: str) -> None:
        """Whatever they do towards publishing it, they read so, and a tap leads to the deadline; no step waits."""
        offices.clock.show("2026-12-03 09:00")
        await made(offices)
        await does(offices, offices.rini, *before)
        offices.clock.show("2026-12-06 09:00")
        said = await does(offices, offices.rini, deed)

        assert "Batas waktunya sudah lewat" in said
        assert "Terbitkan?" not in said
        assert {"Batas waktu", "⬅️ Kembali"} <= set(buttons(offices.rini))
        assert "NIB" in await does(offices, offices.rini, ">cara bikin nib gimana")
        await does(offices, offices.rini, "Batas waktu")
        assert any("Misalnya: 16 Desember 2026" in text for text in offices.rini.texts())
        refused = await does(offices, offices.rini, ">5 Desember 2026")
        assert "masih akan datang, misalnya 16 Desember 2026" in refused
        await does(offices, offices.rini, ">16 Desember 2026", CHECK, NOW)
        assert (await newest(offices)).state is OpportunityState.OPEN
