"""A freed seat goes to the next in line: offered at once, taken, left, run out; and who comes says so on the eve."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import select

from db.models import Occurrence, SeatState, TrainingState
from domain.knowledge.shelf import Library
from messages import LANGUAGES, text_of
from simulator import PretendTelegram
from tests.support.filling import Filling, at_once
from tests.support.running import TOKEN
from tests.support.training import Town, town_at

__all__ = ["at_once"]
pytestmark = pytest.mark.usefixtures("at_once")

CONFIRMED, HELD, WAITING, GONE = SeatState.CONFIRMED, SeatState.HELD, SeatState.WAITING, SeatState.GONE
FOREIGN = "untuk orang lain"


@pytest.fixture
async def town(database_url: str, library: Library) -> AsyncIterator[Town]:
    async with town_at(database_url, library) as here:
        yield here


@pytest.fixture
async def sari(town: Town) -> Filling:
    """She has the only seat."""
    return await town.someone()


@pytest.fixture
async def budi(town: Town) -> Filling:
    """He is the first in line."""
    return await town.someone(102)


@pytest.fixture
async def wati(town: Town) -> Filling:
    """She is the second."""
    return await town.someone(103)


@pytest.fixture
async def number(town: Town, sari: Filling, budi: Filling, wati: Filling) -> int:
    """A training with one seat, in two weeks."""
    training = await town.training(1)
    for person in (sari, budi, wati):
        await town.fill(training, 1, first=person.person.id)
    return training


async def gives_up(who: Filling) -> None:
    """By /jadwal."""
    await who.writes("/jadwal")
    await who.taps("button.give_up")
    await who.taps("button.yes_give_up")


def last(who: Filling) -> str:
    """What they read last."""
    return who.person.texts()[-1]


async def taps_data(who: Filling, at: int, data: str) -> list[str]:
    """Tap what a message of before holds, whatever it shows now."""
    return await who.does(lambda: who.person.tap_data(at, data))


class TestOffer:
    async def test_comes_at_once_with_all_that_matters(
        self, town: Town, sari: Filling, budi: Filling, wati: Filling, number: int
    ) -> None:
        """Who is next hears of the freed seat at once: training, day, place, until when; nobody else does."""
        await gives_up(sari)

        for words in ("Ada kursi untuk Anda", "Kemasan", "Senin, 7 Desember 2026", "MPP Lamongan"):
            assert words in last(budi)
        # 24 waking hours from Tuesday at nine end on Wednesday at six in the evening.
        assert "sampai besok pukul 18.00" in last(budi)
        assert wati.person.texts() == []
        assert await town.states(number) == [GONE, HELD, WAITING]

    async def test_taken_gives_the_ticket(self, town: Town, sari: Filling, budi: Filling, number: int) -> None:
        """Ya: confirmed; a second tap says that it is theirs already."""
        await gives_up(sari)
        at = budi.person.messages()[-1]["message_id"]
        seat = await town.seat(budi, number)
        assert seat

        await budi.taps("button.accept_seat")
        assert await town.states(number) == [GONE, CONFIRMED, WAITING]
        assert "Kode" in budi.person.messages()[-1]["caption"]
        await budi.does(lambda: budi.person.tap_data(at, f"accept:{seat.id}.1"))

        assert "sudah jadi milik Anda" in last(budi)
        assert len([message for message in budi.person.messages() if "photo" in message]) == 1

    async def test_left_goes_to_the_next(
        self, town: Town, sari: Filling, budi: Filling, wati: Filling, number: int
    ) -> None:
        """Tidak jadi: the next one hears of it at once; a second tap, or Ya after it, says that it was let go."""
        await gives_up(sari)
        at = budi.person.messages()[-1]["message_id"]
        seat = await town.seat(budi, number)
        assert seat

        assert "orang berikutnya" in (await budi.taps("button.decline_seat"))[0]
        assert "Ada kursi untuk Anda" in last(wati)
        assert await town.states(number) == [GONE, GONE, HELD]
        for verb in ("decline", "accept"):
            await budi.does(lambda verb=verb: budi.person.tap_data(at, f"{verb}:{seat.id}.1"))
            assert "sudah Anda lepas" in last(budi)

    async def test_of_the_last_in_line_names_no_next(
        self, town: Town, sari: Filling, budi: Filling, wati: Filling, number: int
    ) -> None:
        """The first of two is told of the next person, the last of none; nor when they leave it."""
        await gives_up(sari)
        assert "ke orang berikutnya" in last(budi)
        await budi.taps("button.decline_seat")
        assert "tidak kami simpan lagi" in last(wati)
        assert "berikutnya" not in last(wati) + (await wati.taps("button.decline_seat"))[0]

    async def test_that_ran_out_goes_to_the_next(
        self, town: Town, sari: Filling, budi: Filling, wati: Filling, number: int
    ) -> None:
        """Both hear of it; a tap on the old offer says so, whether the clock has been by or not."""
        await gives_up(sari)
        town.clock.show("2026-11-25 18:00")
        await budi.taps("button.accept_seat")
        assert "sudah habis" in last(budi)
        at = budi.person.messages()[-2]["message_id"]
        assert await town.states(number) == [GONE, HELD, WAITING]

        await town.goes_on("2026-11-25 18:01")
        assert "sudah habis" in last(budi)
        assert "Ada kursi untuk Anda" in last(wati)
        assert await town.states(number) == [GONE, GONE, HELD]
        seat = await town.seat(budi, number)
        assert seat
        await budi.does(lambda: budi.person.tap_data(at, f"accept:{seat.id}.1"))
        assert "sudah habis" in last(budi)

    async def test_of_before_does_nothing(
        self, town: Town, sari: Filling, budi: Filling, wati: Filling, number: int
    ) -> None:
        """Who let an offer run out and is offered another one later cannot take it by the old button."""
        await gives_up(sari)
        old = budi.person.messages()[-1]["message_id"]
        seat = await town.seat(budi, number)
        assert seat
        await town.goes_on("2026-11-25 18:01")
        await town.fill(number, 1, first=102)
        await town.goes_on("2026-11-27 18:01")
        assert "Ada kursi untuk Anda" in last(budi)

        await budi.does(lambda: budi.person.tap_data(old, f"accept:{seat.id}.1"))
        assert "tawaran lama" in last(budi)
        assert (await town.states(number))[1] is HELD
        await budi.does(lambda: budi.person.tap_data(old, f"accept:{seat.id}.2"))

        assert (await town.states(number))[1] is CONFIRMED

    async def test_of_somebody_else(self, town: Town, sari: Filling, budi: Filling, wati: Filling, number: int) -> None:
        """A button made up about another's seat says so, and nothing changes; numbers of nothing are stale."""
        await gives_up(sari)
        seat = await town.seat(budi, number)
        assert seat
        before = await town.states(number)
        await wati.writes("/jadwal")
        at = wati.person.messages()[-1]["message_id"]

        one, offer = seat.id, f"{seat.id}.1"
        foreign = [f"accept:{offer}", f"decline:{offer}", f"coming:{one}", f"not_coming:{one}.1", f"seat:{one}"]
        foreign += [f"ticket:{one}", f"calendar:{one}", f"give_up:{one}", f"gone:{one}.held", f"dates:{one}"]
        for data in [*foreign, f"move:{one}.{number}", f"move_line:{one}.{number}"]:
            said = await wati.does(lambda data=data: wati.person.tap_data(at, data))
            assert FOREIGN in said[-1], data
            assert wati.buttons == ["📅 Jadwal saya"]
        for data in ("accept:999.1", f"accept:{one}", "coming:999", f"gone:{one}.x", "seat:x", "move:999.1"):
            await wati.does(lambda data=data: wati.person.tap_data(at, data))
            assert "tidak berlaku" in wati.person.alerts()[-1]["text"], data

        assert await town.states(number) == before

    async def test_never_made(self, town: Town, sari: Filling, budi: Filling, number: int) -> None:
        """A forged number of an offer to come does nothing."""
        seat = await town.seat(budi, number)
        assert seat
        await budi.writes("/jadwal")
        at = budi.person.messages()[-1]["message_id"]

        await budi.does(lambda: budi.person.tap_data(at, f"accept:{seat.id}.7"))

        assert "tidak berlaku" in budi.person.alerts()[-1]["text"]
        assert await town.states(number) == [CONFIRMED, WAITING, WAITING]

    async def test_of_a_training_that_is_off(self, town: Town, sari: Filling, budi: Filling, number: int) -> None:
        """Cancelled or begun meanwhile: no seat by an old offer."""
        await gives_up(sari)
        await town.change(number, state=TrainingState.CANCELLED)
        await budi.taps("button.accept_seat")
        assert "dibatalkan" in last(budi)

        await town.change(number, state=TrainingState.RUNNING)
        await budi.does(lambda: budi.person.tap_data(budi.person.messages()[0]["message_id"], "accept:2.1"))
        assert "sedang berjalan" in last(budi)
        assert (await town.states(number))[1] is HELD

    async def test_survives_a_restart(self, database_url: str, library: Library) -> None:
        """Timers are rows: what runs out while nothing runs ends at the first tick, and once."""
        telegram = PretendTelegram(token=TOKEN)
        async with town_at(database_url, library, telegram=telegram) as town:
            sari, budi = await town.someone(), await town.someone(102)
            number = await town.training(1)
            for person in (sari, budi):
                await town.fill(number, 1, first=person.person.id)
            await gives_up(sari)
        async with town_at(database_url, library, at="2026-11-26 12:00", telegram=telegram) as town:
            budi = Filling(town.bot, telegram.person(102))
            await town.goes_on("2026-11-26 12:00")
            await town.goes_on("2026-11-26 12:01")

            assert [text for text in budi.person.texts() if "sudah habis" in text] == [last(budi)]
            assert await town.states(number) == [GONE, GONE]


class TestEve:
    """A reminder asks on the eve; another one after a change."""

    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_asks_and_thanks(self, town: Town, language: str) -> None:
        """Hadir is noted and confirmed in words, and the way out stays."""
        sari = await town.someone(language=language)
        number = await town.training(1)
        await town.fill(number, 1, first=sari.person.id)
        await town.goes_on("2026-12-06 08:00")

        said = (await sari.taps("button.coming"))[-1]

        assert said == text_of("offer.see_you", language).format(title="Kemasan").replace("<b>", "").replace("</b>", "")
        seat = await town.seat(sari, number)
        assert seat
        assert seat.is_coming
        assert sari.label("button.not_coming") in sari.person.labels()

    async def test_who_cannot_come_makes_room(
        self, town: Town, sari: Filling, budi: Filling, wati: Filling, number: int
    ) -> None:
        """Tidak bisa gives the seat to the next at once, after the deadline too; a second tap says that it is done."""
        await town.change(number, cancel_until=town.clock.now())
        await town.goes_on("2026-12-06 08:00")
        at = sari.person.messages()[-1]["message_id"]
        seat = await town.seat(sari, number)
        assert seat
        assert "Besok: Kemasan" in last(sari)
        assert "nomor 2 di daftar tunggu" in last(wati)

        await sari.taps("button.not_coming")
        assert "tidak lagi terdaftar" in last(sari)
        assert "sampai hari ini pukul 09.00" in last(budi)
        assert await town.states(number) == [GONE, HELD, WAITING]
        for verb in ("not_coming", "coming"):
            await sari.does(lambda verb=verb: sari.person.tap_data(at, f"{verb}:{seat.id}"))
            assert "sudah tidak terdaftar" in last(sari)

    async def test_after_a_change_the_line_stays_or_leaves(
        self, town: Town, sari: Filling, budi: Filling, number: int
    ) -> None:
        """Tetap ikut keeps the place in line and tells it; Tidak bisa leaves it."""
        await town.moves_to(number, "2026-12-08 08:00")

        await budi.taps("button.still_coming")
        assert "tetap nomor 1 di daftar tunggu" in last(budi)
        await budi.taps("button.not_coming")

        assert await town.states(number) == [CONFIRMED, GONE, WAITING]

    async def test_of_the_past(self, town: Town, sari: Filling, number: int) -> None:
        """Once it has begun the old buttons say that it goes on, then that it is past, and the seat stays."""
        await town.goes_on("2026-12-06 08:00")
        for at, words in (("2026-12-07 08:00", "sedang berjalan"), ("2026-12-07 12:01", "sudah lewat")):
            await town.goes_on(at)
            eve = next(message for message in sari.person.messages() if "Besok" in message["text"])["message_id"]
            seat = await town.seat(sari, number)
            assert seat
            for verb in ("not_coming", "coming"):
                await taps_data(sari, eve, f"{verb}:{seat.id}.{seat.asking}")
                assert words in last(sari)
        assert (await town.states(number))[0] is CONFIRMED


class TestButtonOfBefore:
    """A button is about one registration for one date; of another it says what is true now, and asks anew."""

    async def old(self, town: Town, sari: Filling, number: int) -> tuple[int, int, int]:
        """The message of the eve: its number, the seat it is about, and what it asked about."""
        await town.goes_on("2026-12-06 08:00")
        seat = await town.seat(sari, number)
        assert seat
        return sari.person.messages()[-1]["message_id"], seat.id, seat.asking

    @pytest.mark.parametrize("verb", ["coming", "not_coming"])
    async def test_of_another_registration(self, town: Town, sari: Filling, verb: str) -> None:
        """Who gave the seat up and registered anew is neither taken out nor noted as coming by the old message."""
        number = await town.training(2)
        await town.fill(number, 1, first=101)
        at, seat_id, asking = await self.old(town, sari, number)
        await gives_up(sari)
        await town.fill(number, 1, first=101)

        (said,) = await taps_data(sari, at, f"{verb}:{seat_id}.{asking}")

        assert "dari pesan lama" in said
        assert "Anda terdaftar. Nomor 1" in said
        seat = await town.seat(sari, number)
        assert seat
        assert (seat.state, seat.is_coming) == (CONFIRMED, None)
        await taps_data(sari, at, f"{verb}:{seat_id}.{seat.asking}")
        seat = await town.seat(sari, number)
        assert seat
        assert (seat.state, seat.is_coming) == ((CONFIRMED, True) if verb == "coming" else (GONE, False))

    @pytest.mark.parametrize("verb", ["coming", "not_coming"])
    async def test_of_another_date(self, town: Town, sari: Filling, verb: str) -> None:
        """An answer to the old date is none to the new one, which it names; the buttons there work."""
        number = await town.training(2)
        await town.fill(number, 1, first=101)
        at, seat_id, asking = await self.old(town, sari, number)
        await town.moves_to(number, "2026-12-21 13:00")

        (said,) = await taps_data(sari, at, f"{verb}:{seat_id}.{asking}")

        assert "Senin, 21 Desember 2026, 13.00" in said
        assert "tetap ikut?" in said
        seat = await town.seat(sari, number)
        assert seat
        assert (seat.state, seat.is_coming) == (CONFIRMED, None)
        assert "kami catat Anda hadir" in (await sari.taps("button.still_coming"))[-1]

    async def test_of_another_place(self, town: Town, sari: Filling) -> None:
        """Where it is held is another: who said yes to the old place is asked anew."""
        number = await town.training(2)
        await town.fill(number, 1, first=101)
        at, seat_id, asking = await self.old(town, sari, number)
        await town.changes(number, place="BLK Lamongan")

        (said,) = await taps_data(sari, at, f"not_coming:{seat_id}.{asking}")

        assert "BLK Lamongan" in said
        assert await town.states(number) == [CONFIRMED]

    async def test_of_the_form_of_before(self, town: Town, sari: Filling, budi: Filling, number: int) -> None:
        """Messages sent before buttons told what they are about are answered as old ones: with or without a seat."""
        at, seat_id, _ = await self.old(town, sari, number)
        for verb in ("coming", "not_coming"):
            said = await taps_data(sari, at, f"{verb}:{seat_id}")
            assert not said or "Anda terdaftar" in said[0]
        assert "dari pesan lama" in sari.person.texts()[-1]
        waits = await town.seat(budi, number)
        assert waits
        last_of_his = budi.person.messages()[-1]["message_id"]
        (said,) = await taps_data(budi, last_of_his, f"not_coming:{waits.id}")
        assert "nomor 1 dari 2 di daftar tunggu" in said
        assert await town.states(number) == [CONFIRMED, WAITING, WAITING]

        await sari.taps("button.not_coming")
        (said,) = await taps_data(budi, last_of_his, f"coming:{waits.id}")
        assert "Kami simpan sampai" in said
        assert budi.label("button.accept_seat") in budi.person.labels()

    async def test_that_gives_up_by_schedule(self, town: Town, sari: Filling) -> None:
        """Ya, batalkan of an earlier registration asks once more."""
        number = await town.training(2)
        await town.fill(number, 1, first=101)
        await sari.writes("/jadwal")
        await sari.taps("button.give_up")
        at = sari.person.messages()[-1]["message_id"]
        seat = await town.seat(sari, number)
        assert seat
        await sari.taps("button.yes_give_up")
        await town.fill(number, 1, first=101)

        await taps_data(sari, at, f"gone:{seat.id}.confirmed.{seat.asking}")

        assert await town.states(number) == [CONFIRMED]


class TestLink:
    async def test_comes_to_the_confirmed_an_hour_before(self, town: Town, sari: Filling, budi: Filling) -> None:
        """On each day, once; never before, never to who waits, and nowhere else."""
        link = "https://meet.example.id/kelas?a=1&b=2"
        days = ["2026-12-07 08:00", "2026-12-08 08:00"]
        number = await town.training(1, days, place="", online_link=link)
        for person in (sari, budi):
            await town.fill(number, 1, first=person.person.id)
        await sari.writes(f"/start pelatihan_{number}")
        await sari.writes("/jadwal")
        await sari.taps("button.ticket")

        def told(who: Filling) -> int:
            return sum(link in text for text in who.person.texts())

        counts = []
        for time in ("07 06:59", "07 07:00", "07 07:01", "07 11:00", "08 06:59", "08 07:30", "08 12:01"):
            await town.goes_on(f"2026-12-{time}")
            counts.append(told(sari))
        assert counts == [0, 1, 1, 1, 1, 2, 2]
        assert told(budi) == 0

    async def test_is_to_be_had_again(self, town: Town, sari: Filling, budi: Filling) -> None:
        """From an hour before each day until its end, by /jadwal and by the confirmed only; else it says when."""
        link = "https://meet.example.id/kelas"
        number = await town.training(1, ["2026-12-07 08:00", "2026-12-08 08:00"], place="", online_link=link)
        for person in (sari, budi):
            await town.fill(number, 1, first=person.person.id)
        seats = [seat for seat in (await town.seat(sari, number), await town.seat(budi, number)) if seat]
        label, had = sari.label("button.link"), []
        for time in ("07 06:59", "07 07:00", "07 11:59", "07 12:00", "08 06:59", "08 11:00"):
            await town.goes_on(f"2026-12-{time}")
            await sari.writes("/jadwal")
            had.append(label in sari.buttons)
        assert had == [False, True, True, False, False, True]
        await sari.taps("button.link")
        assert link in last(sari)

        await budi.writes("/jadwal")
        assert label not in budi.buttons
        at = budi.person.messages()[-1]["message_id"]
        await taps_data(budi, at, f"link:{seats[1].id}")
        assert "daftar tunggu" in last(budi)
        await taps_data(budi, at, f"link:{seats[0].id}")
        assert FOREIGN in last(budi)
        assert not any(link in text for text in budi.person.texts())
        town.clock.show("2026-12-08 06:00")
        await sari.taps("button.link")
        assert "mulai satu jam sebelum" in last(sari)

    @pytest.mark.parametrize("place", ["", "MPP Lamongan"])
    async def test_is_what_the_ticket_tells_of(self, town: Town, sari: Filling, place: str) -> None:
        """By internet only the ticket and the last reminder speak of the link; where there is a place, of the door."""
        number = await town.training(1, place=place, online_link="https://meet.example.id/kelas")
        await town.fill(number, 1, first=sari.person.id)
        await sari.writes("/jadwal")
        await sari.taps("button.ticket")
        caption = sari.person.messages()[-1]["caption"]
        await town.goes_on("2026-12-07 06:00")

        assert ("meja masuk" in caption) == bool(place)
        assert ("Tautannya kami kirim" in caption) != bool(place)
        assert ("Tiketnya ada di" in last(sari)) == bool(place)

    async def test_that_is_changed_comes_again(self, town: Town, sari: Filling) -> None:
        """Who had the old one gets the new one."""
        number = await town.training(1, place="", online_link="https://meet.example.id/lama")
        await town.fill(number, 1, first=sari.person.id)
        await town.goes_on("2026-12-07 07:00")
        await town.change(number, online_link="https://meet.example.id/baru")
        await town.goes_on("2026-12-07 07:30")
        await town.goes_on("2026-12-07 07:31")

        assert [text.count("baru") for text in sari.person.texts()[-2:]] == [0, 1]


class TestClock:
    async def test_reminds_once_and_notes_what_it_missed(self, town: Town, sari: Filling) -> None:
        """Three days before, on the eve, two hours before; what is late and of no use any more is only noted."""
        number = await town.training(1)
        await town.fill(number, 1, first=sari.person.id)
        for time in ("04 08:00", "04 08:01", "06 21:01", "07 06:00", "07 06:01"):
            await town.goes_on(f"2026-12-{time}")

        assert [text.partition(":")[0] for text in sari.person.texts()] == [
            "⏰ Tiga hari lagi",
            "⏰ Sebentar lagi mulai",
        ]
        missed = [what for what in await town.bot.rows(select(Occurrence.what)) if what.endswith("missed")]
        assert missed == [f"remind:eve:{number}:missed"]

    async def test_offers_what_a_restored_backup_left_free(self, town: Town, budi: Filling, number: int) -> None:
        """A seat that is free while somebody waits is offered at the next tick, whoever freed it."""
        await town.leaves(number, 101)
        await town.goes_on("2026-11-24 09:01")

        assert "Ada kursi untuk Anda" in last(budi)
