"""At the door: what officers type of who is there, by code and by number."""

from collections.abc import AsyncIterator

import pytest

from db.models import Seat, SeatState
from domain.knowledge.shelf import Library
from domain.trainings.numbers import MOST_NUMBERS
from tests.support.at_door import DAY, a_reader, code_of, marked, two_days
from tests.support.offices import ON_SQLITE, Offices, staffed
from tests.support.training_office import does, hours, put_training, seat_of, seated


@pytest.fixture
async def offices(database_url: str, library: Library) -> AsyncIterator[Offices]:
    """Officers without groups; nothing they ask of Telegram is refused."""
    async with staffed(database_url, library, groups=False) as running:
        yield running
        assert [call for call in running.telegram.calls if call.status >= 400] == []


class TestTyped:
    @pytest.mark.parametrize("how", ["/hadir {}", "{}", " {} "])
    async def test_code_marks_its_holder(self, offices: Offices, how: str) -> None:
        """After /hadir or alone, in small letters and with a dash."""
        training_id, (sari,) = await two_days(offices, "Sari")
        code = (await code_of(offices, training_id, sari)).lower()
        said = await does(offices, offices.rini, ">" + how.format(f"{code[:3]}-{code[3:]}"))

        assert "Sari hadir" in said

    async def test_code_that_nobody_has(self, offices: Offices) -> None:
        """After /hadir it is named; another office's is none, and who only reads is told so."""
        training_id, (sari,) = await two_days(offices, "Sari")
        code, reader = await code_of(offices, training_id, sari), await a_reader(offices)

        assert "Tiket «AAAAAA» tidak ditemukan" in await does(offices, offices.rini, ">/hadir AAAAAA")
        assert f"Tiket «{code}» tidak ditemukan" in await does(offices, offices.budi, f">/hadir {code}")
        assert "petugas dinas ini" in await does(offices, reader, f">/hadir {code}")
        assert await marked(offices) == []

    async def test_words_of_six_letters_are_questions(self, offices: Offices) -> None:
        """A word that is no ticket is answered like any question, before and after a day was chosen."""
        await two_days(offices, "Sari")
        asked = await does(offices, offices.rini, ">ekspor")
        await does(offices, offices.rini, ">/hadir")
        later = await does(offices, offices.rini, ">cara bikin nib gimana")
        again = await does(offices, offices.rini, ">ekspor")

        assert "Tiket" not in asked + later + again
        assert "NIB" in later

    async def test_by_a_person_is_a_question(self, offices: Offices) -> None:
        """For anybody but officers there is neither the command nor any code."""
        training_id, (sari,) = await two_days(offices, "Sari")
        code = await code_of(offices, training_id, sari)
        unknown = await does(offices, sari, ">/tidakada")

        assert await does(offices, sari, f">/hadir {code}") == unknown
        await does(offices, sari, f">{code}", ">hadir 1 2 3")
        assert await marked(offices) == []

    async def test_numbers_after_a_day_was_chosen(self, offices: Offices) -> None:
        """Marked, marked before and unknown ones are named; the bare numbers do as well; twice changes nothing."""
        await two_days(offices, "Sari", "Budi", "Cici")
        shown = await does(offices, offices.rini, ">/hadir")
        first = await does(offices, offices.rini, ">hadir 3, 1 dan 99")
        again = await does(offices, offices.rini, ">1 2")

        assert "0 dari 3 hadir" in shown
        assert first.splitlines()[1:] == ["✅ Ditandai hadir: 3, 1", "❓ Tidak ada di daftar: 99", "", "2 dari 3 hadir"]
        assert again.splitlines()[1:3] == ["✅ Ditandai hadir: 2", "☑️ Sudah ditandai sebelumnya: 1"]
        assert await marked(offices) == [(1, 1), (1, 2), (1, 3)]

    async def test_many_numbers_are_no_identity_number(self, offices: Offices) -> None:
        """A list with sixteen digits and more arrives as it was typed."""
        await two_days(offices, *(f"Warga {number}" for number in range(1, 15)), number=14)
        await does(offices, offices.rini, ">/hadir", ">hadir 1 2 3 4 5 6 7 8 9 10 11 12 13 14")

        assert len(await marked(offices)) == 14

    async def test_too_many_numbers_mark_nobody(self, offices: Offices) -> None:
        """More than are taken at once are refused whole, with how many may be sent; so many are taken."""
        await two_days(offices, "Sari")
        await does(offices, offices.rini, ">/hadir")
        numbers = [str(number) for number in range(1, MOST_NUMBERS + 2)]
        refused = await does(offices, offices.rini, f">hadir {' '.join(numbers)}")
        before = await marked(offices)
        await does(offices, offices.rini, f">hadir {' '.join(numbers[:-1])}")

        assert f"paling banyak {MOST_NUMBERS} nomor" in refused
        assert before == []
        assert await marked(offices) == [(1, 1)]

    async def test_numbers_after_a_day_without_signal(self, offices: Offices) -> None:
        """The day before can be chosen and typed in; without choosing, the one whose doors are open is meant."""
        await two_days(offices, "Sari", "Budi")
        offices.clock.show("2026-12-02 07:30")
        await does(offices, offices.rini, ">hadir 1", ">/hadir", "📅 Hari lain")
        await does(offices, offices.rini, "2. Kemasan", ">hadir 2")

        assert await marked(offices) == [(1, 2), (2, 1)]

    async def test_numbers_with_two_doors_open_ask_which(self, offices: Offices) -> None:
        """Of two trainings at a time neither is guessed."""
        await two_days(offices, "Sari")
        await put_training(offices, "Halal", days=(hours(DAY, 9, 12),))
        said = await does(offices, offices.rini, ">hadir 1")

        assert "Pilih harinya" in said
        assert await marked(offices) == []

    async def test_numbers_wait_for_the_day(self, offices: Offices) -> None:
        """What was typed before a day was chosen is marked by the tap on it."""
        await two_days(offices, "Sari", "Budi")
        await put_training(offices, "Halal", days=(hours(DAY, 9, 12),))
        asked = await does(offices, offices.rini, ">hadir 1 2")
        said = await does(offices, offices.rini, "1. Kemasan")

        assert "nomor 1, 2 langsung ditandai" in asked
        assert "Ditandai hadir: 1, 2" in said
        assert await marked(offices) == [(1, 1), (1, 2)]

    async def test_numbers_after_the_only_day_need_no_choice(self, offices: Offices) -> None:
        """In the evening, of the one day that was: it is meant."""
        training_id = await put_training(offices)
        await seated(offices, training_id, "Sari")
        offices.clock.show(f"{DAY} 20:00")
        await does(offices, offices.rini, ">hadir 1")

        assert await marked(offices) == [(1, 1)]

    async def test_number_of_who_cancelled_says_so(self, offices: Offices) -> None:
        """It stands on the printed list: the name, and that they cancelled."""
        training_id, (sari, _) = await two_days(offices, "Sari", "Budi")
        async with offices.bot.database.transaction() as session:
            (await session.get_one(Seat, (await seat_of(offices, training_id, sari)).id)).state = SeatState.GONE
        said = await does(offices, offices.rini, ">hadir 1 2 9")

        assert "Nomor 1 (Sari) sudah batal" in said
        assert "Tidak ada di daftar: 9" in said
        assert await marked(offices) == [(1, 2)]

    async def test_codes_on_the_page_of_yesterday_are_of_yesterday(self, offices: Offices) -> None:
        """As numbers are, and like them for seven days."""
        training_id, (sari, budi) = await two_days(offices, "Sari", "Budi")
        sari_code, budi_code = [await code_of(offices, training_id, one) for one in (sari, budi)]
        offices.clock.show("2026-12-02 07:30")
        await does(offices, offices.rini, ">/hadir", "📅 Hari lain", "2. Kemasan", f">{sari_code}")
        before = await marked(offices)
        offices.clock.show("2026-12-08 12:30")
        late = await does(offices, offices.rini, f">{budi_code}"), await does(offices, offices.rini, ">hadir 2")

        assert before == [(1, 1)]
        assert all("sudah ditutup" in said for said in late)
        assert await marked(offices) == [(1, 1)]

    async def test_the_page_of_the_day_before_is_left_at_the_next_door(self, offices: Offices) -> None:
        """Opened at its own door and forgotten: on the next morning codes and numbers are of that morning."""
        training_id, (sari, _) = await two_days(offices, "Sari", "Budi")
        await does(offices, offices.rini, ">/hadir")
        offices.clock.show("2026-12-02 07:30")
        await does(offices, offices.rini, f">{await code_of(offices, training_id, sari)}", ">hadir 2")

        assert await marked(offices) == [(2, 1), (2, 2)]

    async def test_numbers_before_the_doors_open(self, offices: Offices) -> None:
        """Nobody is there a week early."""
        training_id = await put_training(offices)
        await seated(offices, training_id, "Sari")
        await does(offices, offices.rini, ">/hadir", "1. Kemasan")

        assert "belum mulai" in await does(offices, offices.rini, ">hadir 1")
        assert await marked(offices) == []

    async def test_half_a_list_says_how(self, offices: Offices) -> None:
        """What begins like a list and is none is not taken for a question."""
        await two_days(offices, "Sari")
        await does(offices, offices.rini, ">/hadir")

        for half in ("hadir 3,x", "hadir 3-", "hadir", "/hadir 3-5-7"):
            assert "Ketik nomor" in await does(offices, offices.rini, f">{half}")
        assert "terbalik" in await does(offices, offices.rini, ">hadir 3-1")
        assert await marked(offices) == []

    @ON_SQLITE
    @pytest.mark.parametrize("how", ["hadir 1-3", "Hadir no. 1, 2 dan 3", "hadir nomor 1 s/d 3", "/hadir no 1-2, 3"])
    @pytest.mark.parametrize("is_chosen", [True, False])
    async def test_lists_as_people_write_them(self, offices: Offices, how: str, is_chosen: bool) -> None:
        """Ranges, "no." and "dan" are understood, with a chosen day or the only one whose doors are open."""
        await two_days(offices, "Sari", "Budi", "Cici")
        if is_chosen:
            await does(offices, offices.rini, ">/hadir")
        await does(offices, offices.rini, f">{how}")

        assert await marked(offices) == [(1, 1), (1, 2), (1, 3)]

    async def test_the_word_alone(self, offices: Offices) -> None:
        """Without a chosen day it opens the door whose day it is; half a list says how; a question is a question."""
        await two_days(offices, "Sari")

        assert "0 dari 1 hadir" in await does(offices, offices.rini, ">Hadir")
        await does(offices, offices.rini, ">/batal")
        assert "Ketik nomor" in await does(offices, offices.rini, ">hadir 3,x")
        assert "Ketik nomor" not in await does(offices, offices.rini, ">hadir pelatihan kapan ya")
        await does(offices, offices.rini, ">/hadir")
        assert "Ketik nomor" not in await does(offices, offices.rini, ">hadir di pelatihan kapan ya")

    async def test_the_word_alone_without_a_day(self, offices: Offices) -> None:
        """Where no door is open the days to come are shown."""
        await put_training(offices)

        assert "Pilih harinya" in await does(offices, offices.rini, ">hadir")
        assert "Pilih harinya, lalu nomor 3" in await does(offices, offices.rini, ">hadir 3-7")
