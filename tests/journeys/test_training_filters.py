"""/pelatihan and /daftar as somebody leafs through them: by sector, for who is new, page by page and back."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import select

from db.models import Attendance, TrainingDay, TrainingState
from domain.knowledge.shelf import Library
from messages import text_of
from tests.support.filling import Filling, at_once
from tests.support.training import Town, town_at

__all__ = ["at_once"]
pytestmark = pytest.mark.usefixtures("at_once")

WEAVER = {"name": "Wati", "kecamatan": "Babat", "phone": "+6281234500997", "sector": "tenun"}
COOK = {"name": "Budi", "kecamatan": "Babat", "phone": "+6281234500998", "sector": "makanan"}


@pytest.fixture
async def town(database_url: str, library: Library) -> AsyncIterator[Town]:
    """Three trainings for all, then four for weavers, then one for who is new."""
    async with town_at(database_url, library) as here:
        for number in range(1, 4):
            await here.training(title=f"Kelas {number}", days=f"2026-12-{number:02} 08:00")
        for number in range(4, 8):
            await here.training(title=f"Tenun {number}", days=f"2026-12-{number:02} 08:00", sectors=["tenun"])
        await here.training(title="Pemula", days="2026-12-09 08:00", is_for_new=True)
        yield here


def titles(who: Filling) -> list[str]:
    """What stands on the buttons that lead to a training."""
    return [label for label in who.buttons if label[0].isdigit()]


async def was_there(town: Town, who: Filling) -> None:
    """They were at a training that is over."""
    old = await town.training(title="Dulu", days="2026-11-25 08:00")
    await town.fill(old, 1, first=who.person.id)
    seat = await town.seat(who, old)
    assert seat
    async with town.bot.database.transaction() as session:
        (day,) = await session.exec(select(TrainingDay.id).where(TrainingDay.training_id == old))
        session.add(Attendance(day_id=day, seat_id=seat.id, at=town.clock.now()))
    await town.change(old, state=TrainingState.DONE)


@pytest.mark.parametrize("command", ["/pelatihan", "/daftar"])
class TestLeafing:
    async def test_goes_through_what_fits(self, town: Town, command: str) -> None:
        """Five on a page, numbered on; each button opens the one it names; there is no page after the last."""
        wati = await town.someone(103, **WEAVER)
        await wati.writes(command)
        first = titles(wati)
        await wati.taps("button.next")
        second = titles(wati)

        assert first == ["1. Kelas 1", "2. Kelas 2", "3. Kelas 3", "4. Tenun 4", "5. Tenun 5"]
        assert second == ["6. Tenun 6", "7. Tenun 7", "8. Pemula"]
        assert wati.label("button.next") not in wati.buttons
        (said,) = await wati.taps("7. Tenun 7")
        assert "Tenun 7" in said
        assert "Tenun 6" not in said

    async def test_leaves_out_other_sectors(self, town: Town, command: str) -> None:
        """A cook is shown none for weavers, and the numbers go on without a gap, on one page."""
        budi = await town.someone(102, **COOK)
        await budi.writes(command)

        assert titles(budi) == ["1. Kelas 1", "2. Kelas 2", "3. Kelas 3", "4. Pemula"]
        assert budi.label("button.next") not in budi.buttons

    async def test_leaves_out_what_is_for_who_is_new(self, town: Town, command: str) -> None:
        """Who was at one that is over sees none for newcomers."""
        wati = await town.someone(103, **WEAVER)
        await was_there(town, wati)
        await wati.writes(command)
        await wati.taps("button.next")

        assert titles(wati) == ["6. Tenun 6", "7. Tenun 7"]

    async def test_beyond_the_last_page(self, town: Town, command: str) -> None:
        """A page of before, when there were more, or a made-up one shows the last there is."""
        wati = await town.someone(103, **WEAVER)
        await wati.writes(command)
        at, verb = wati.person.messages()[-1]["message_id"], "trainings" if command == "/pelatihan" else "signup"
        await wati.does(lambda: wati.person.tap_data(at, f"{verb}:999"))

        assert titles(wati) == ["6. Tenun 6", "7. Tenun 7", "8. Pemula"]


class TestBack:
    async def test_leads_to_the_page_one_came_from(self, town: Town) -> None:
        """Who opens a card on the second page and goes back is on the second page."""
        wati = await town.someone(103, **WEAVER)
        await wati.writes("/pelatihan")
        await wati.taps("button.next")
        before = wati.buttons
        await wati.taps("8. Pemula")
        await wati.taps("button.trainings")

        assert wati.buttons == before


class TestOthers:
    async def test_are_counted_with_why_and_what_to_mend(self, town: Town) -> None:
        """How many there are for others, and a button to the profile, which then decides anew."""
        budi = await town.someone(102, **COOK)
        (said,) = await budi.writes("/pelatihan")
        assert "4 pelatihan lain bukan untuk Anda" in said

        await budi.taps("button.mend_profile")
        await budi.taps("profile.sector")
        await budi.taps("Tenun ikat dan batik")
        (said,) = await budi.writes("/pelatihan")

        assert "pelatihan lain" not in said
        assert titles(budi)[-1] == "5. Tenun 5"

    async def test_for_who_is_new_are_counted_too(self, town: Town) -> None:
        """The one for newcomers is among them, in words that do not blame the profile alone."""
        wati = await town.someone(103, **WEAVER)
        await was_there(town, wati)

        (said,) = await wati.writes("/pelatihan")

        assert "1 pelatihan lain bukan untuk Anda" in said
        assert "belum pernah ikut" in said

    async def test_by_link_say_why_and_mend_it_there(self, town: Town) -> None:
        """The card of one for weavers says so to a cook, with the detail to mend under it."""
        budi = await town.someone(102, **COOK)
        (card,) = await budi.writes("/start pelatihan_4")
        assert "khusus untuk usaha Tenun ikat dan batik" in card
        assert budi.label("button.register") not in budi.buttons

        await budi.taps("button.mend_profile")
        await budi.taps("Tenun ikat dan batik")
        await budi.writes("/start pelatihan_4")

        assert budi.buttons[0] == text_of("button.register", "id")

    async def test_where_there_are_only_such(self, town: Town) -> None:
        """Nothing fits: how many there are for others, and the way to the profile."""
        for number in (1, 2, 3, 8):
            await town.change(number, state=TrainingState.CANCELLED)
        budi = await town.someone(102, **COOK)

        (said,) = await budi.writes("/pelatihan")

        assert "4 yang ada untuk" in said
        assert budi.buttons == ["✏️ Perbaiki profil", "📚 Lihat topik"]
