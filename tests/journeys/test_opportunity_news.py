"""What those who are interested hear of their matter: at once, after their quiet hours, and of what is changed."""

from datetime import timedelta

import pytest

from db.models import Standing
from domain.opportunities.outcomes import move
from domain.opportunities.refusals import StandsOtherwise
from tests.support.composing import taps
from tests.support.interests import change, interested, opens, row_of, sleeps, tick, withdraw
from tests.support.offices import ON_SQLITE, Offices
from tests.support.opportunities import DISTRICT, owner, person_of, publish, told
from tests.support.training_office import does

S = Standing
PHONE = "+6281234500999"


@ON_SQLITE
class TestNight:
    """What officers do while somebody sleeps."""

    async def test_is_told_when_their_quiet_hours_are_over(self, offices: Offices) -> None:
        """Their own before the house's: all that happened meanwhile, as it is by then; the officer reads when."""
        number = await publish(offices, deadline=offices.now() + timedelta(days=30))
        row = await interested(offices, offices.sari, number, name="Sari W")
        ani = offices.telegram.person(102, first_name="Ani")
        await interested(offices, ani, number, name="Ani A")
        await sleeps(offices, offices.sari, "07.00", "12.00")
        before = len(offices.sari.texts()), len(ani.texts())
        offices.clock.show("2026-11-25 08:00")
        said = await opens(offices, number, "1. 🆕 Sari W", "📨 Diteruskan")
        assert "jadi dikabari hari ini pukul 12.00" in said
        await does(offices, offices.budi, "🎉 Dipilih", "Tanpa pesan")
        await opens(offices, number, "1. 🆕 Ani A", "📨 Diteruskan")
        await change(offices, number, place="Gresik")
        for moment, more in (("2026-11-25 11:59", 0), ("2026-11-25 12:00", 2), ("2026-11-25 12:01", 2)):
            offices.clock.show(moment)
            await tick(offices)
            assert len(offices.sari.texts()) == before[0] + more, moment

        chosen, changed = offices.sari.texts()[-2:]
        assert "Selamat, Anda dipilih" in chosen
        assert "Tempat: Gresik (tadinya belum disebut)" in changed
        assert len(ani.texts()) == before[1] + 2
        assert (await row_of(offices, row)).news is None

    async def test_says_nothing_of_what_was_put_right(self, offices: Offices) -> None:
        """Moved and moved back, changed and changed back within the night: nothing is told."""
        number = await publish(offices, deadline=offices.now() + timedelta(days=30), place="Babat")
        await interested(offices, offices.sari, number, name="Sari W")
        offices.clock.show("2026-11-24 23:00")
        seen = len(offices.sari.texts())
        await opens(offices, number, "1. 🆕 Sari W", "📨 Diteruskan", "↩️ Kembali ke baru", "↩️ Ya, kirim ralat")
        for place in ("Gresik", "Babat"):
            await change(offices, number, place=place)
        offices.clock.show("2026-11-25 06:00")
        await tick(offices)

        assert len(offices.sari.texts()) == seen

    async def test_does_not_wait_beyond_the_deadline(self, offices: Offices) -> None:
        """What would be too late in the morning is told at once; what was withdrawn meanwhile is told as that alone."""
        number = await publish(offices, deadline=offices.now() + timedelta(hours=20))
        later = await publish(offices, deadline=offices.now() + timedelta(days=9))
        await interested(offices, offices.sari, number, name="Sari W")
        await interested(offices, offices.sari, later, name="Sari W")
        offices.clock.show("2026-11-25 01:30")
        await opens(offices, number, "1. 🆕 Sari W", "📨 Diteruskan")
        assert "sudah diteruskan" in offices.sari.texts()[-1]
        seen = len(offices.sari.texts())
        said = await opens(offices, later, "📨 Teruskan semua yang baru", "📨 Ya, teruskan")
        assert "1 di antaranya sedang jam tenang" in said
        assert "belum mengizinkan" not in said
        await withdraw(offices, later)
        await told(offices)
        offices.clock.show("2026-11-25 06:00")
        await told(offices)
        await tick(offices)

        over = offices.sari.texts()[seen:]
        assert sum("ditarik kembali" in text and "walaupun sudah diteruskan" in text for text in over) == 1
        assert not any("📨 Minat Anda sudah diteruskan" in text for text in over)


class TestMeanwhile:
    async def test_another_officer_moved_them(self, offices: Offices) -> None:
        """While the words were written it was decided otherwise: nothing is done, and how they stand is said."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number, name="Sari W")
        await opens(offices, number, "1. 🆕 Sari W", "🙏 Belum")
        await opens(offices, number, "1. 🆕 Sari W", "🎉 Dipilih", "Tanpa pesan", who=offices.wati)
        seen = len(offices.sari.texts())
        said = await does(offices, offices.budi, ">belum cukup")

        assert "petugas lain sudah mengubahnya: Sari W sekarang dipilih" in said
        assert len(offices.sari.texts()) == seen
        assert (await row_of(offices, row)).standing is S.CHOSEN
        assert "NIB" in await does(offices, offices.budi, ">cara bikin nib gimana")

        await opens(offices, number, "1. 🎉 Sari W")
        await taps(offices, f"opp_interest:{row}", offices.wati)
        await does(offices, offices.wati, "🙏 Belum", "Tanpa pesan")
        said = await does(offices, offices.budi, "🙏 Belum")
        assert "Sari W sekarang belum" in said
        assert "Status: belum" in said

    async def test_a_button_of_before_is_no_decision(self, offices: Offices) -> None:
        """A domain deed that saw something else is refused with what is."""
        number = await publish(offices)
        row = await interested(offices, offices.sari, number)
        async with offices.bot.database.transaction() as session:
            budi = await session.merge(await person_of(offices.bot, offices.budi))
            await move(session, budi, row, S.CHOSEN, None, DISTRICT, offices.now(), was=S.NEW)
        async with offices.bot.database.transaction() as session:
            budi = await session.merge(await person_of(offices.bot, offices.budi))
            with pytest.raises(StandsOtherwise):
                await move(session, budi, row, S.PASSED_ON, None, DISTRICT, offices.now(), was=S.NEW)


class TestChange:
    async def test_is_told_to_the_interested(self, offices: Offices) -> None:
        """Deadline, place and needs, old and new in one message; who only was told of it gets no message more."""
        other = offices.telegram.person(102, first_name="Ani")
        await owner(offices, other)
        number = await publish(offices, place="Pasar Babat", needs=["nib"])
        await interested(offices, offices.sari, number, may_share=None)
        before = len(offices.sari.texts()), len(other.texts())
        later = offices.now() + timedelta(days=10)
        await change(offices, number, deadline=later, place="Balai Desa", needs=["nib", "halal"], title="Cari camilan")

        assert (len(offices.sari.texts()), len(other.texts())) == (before[0] + 1, before[1])
        said = offices.sari.texts()[-1]
        assert "dari Selasa, 1 Desember pukul 09.00 menjadi Jumat, 4 Desember pukul 09.00" in said
        assert "Tempat: Balai Desa (tadinya Pasar Babat)" in said
        assert said.count("NIB") == 2
        assert said.count("sertifikat halal") == 1

    async def test_of_anything_else_is_not(self, offices: Offices) -> None:
        """A better title is edited where it was told; nobody gets a message for it."""
        number = await publish(offices, needs=["nib", "halal"])
        await interested(offices, offices.sari, number)
        seen = len(offices.sari.texts())
        await change(offices, number, title="Cari camilan", needs=["halal", "nib"])

        assert len(offices.sari.texts()) == seen
