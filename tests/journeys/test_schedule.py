"""/jadwal: one's own trainings, their papers, giving a seat back, another date, and what goes with who is erased."""

import io
from collections.abc import AsyncIterator

import pytest
from icalendar import Calendar
from sqlmodel import col, select

from db.models import Delivery, DeliveryState, Seat, SeatState, TrainingState
from domain.knowledge.shelf import Library
from domain.trainings import notices, seats
from messages import LANGUAGES, text_of
from messages.limits import BUTTON_LABEL
from tests.support.filling import Filling, at_once
from tests.support.training import PIRT, Town, town_at

__all__ = ["at_once"]
pytestmark = pytest.mark.usefixtures("at_once")

CONFIRMED, HELD, WAITING, GONE = SeatState.CONFIRMED, SeatState.HELD, SeatState.WAITING, SeatState.GONE


@pytest.fixture
async def town(database_url: str, library: Library) -> AsyncIterator[Town]:
    async with town_at(database_url, library) as here:
        yield here


@pytest.fixture
async def sari(town: Town) -> Filling:
    return await town.someone()


@pytest.fixture
async def budi(town: Town) -> Filling:
    return await town.someone(102)


async def registered(town: Town, training: int, *who: Filling) -> None:
    for person in who:
        await town.fill(training, 1, first=person.person.id)


def last(who: Filling) -> str:
    return who.person.texts()[-1]


class TestOverview:
    async def test_without_any(self, sari: Filling) -> None:
        """Says so, and where there are some."""
        assert "belum terdaftar" in (await sari.writes("/jadwal"))[0]
        assert sari.buttons == ["✅ Yang bisa didaftari", "🎓 Semua pelatihan"]

    async def test_tells_seat_position_and_offer(self, town: Town, sari: Filling, budi: Filling) -> None:
        """Each with what one has in it; a tap shows number and code, or which number in line of how many."""
        await registered(town, await town.training(title="Punya"), sari)
        waited = await town.training(1, "2026-12-08 08:00", title="Antre")
        await registered(town, waited, budi)
        await town.fill(waited, 1)
        await registered(town, waited, sari)
        await town.fill(waited, 1, first=601)
        offered = await town.training(1, "2026-12-09 08:00", title="Tawaran")
        await registered(town, offered, budi, sari)
        await town.leaves(offered, 102)
        await town.goes_on("2026-11-24 09:01")

        (said,) = await sari.writes("/jadwal")
        assert [said.count(words) for words in ("✅ Anda terdaftar", "⏳ Anda di", "🎉 Ada kursi")] == [1, 1, 1]
        count = len(sari.person.messages())
        (said,) = await sari.taps("1. Punya")
        assert "Nomor 1, kode" in said
        await sari.taps("button.all_mine")
        (said,) = await sari.taps("2. Antre")
        assert "nomor 2 dari 3 di daftar tunggu" in said
        await sari.taps("button.all_mine")
        (said,) = await sari.taps("3. Tawaran")
        assert "Kami simpan sampai besok pukul 18.01" in said
        assert len(sari.person.messages()) == count
        await sari.taps("button.accept_seat")

        assert await town.states(offered) == [GONE, CONFIRMED]

    async def test_leaves_out_what_is_over(self, town: Town, sari: Filling) -> None:
        """Done, cancelled, given up: none of them is on the schedule; one that runs is, without a way out."""
        for state in (TrainingState.DONE, TrainingState.CANCELLED):
            number = await town.training(title=state.value)
            await registered(town, number, sari)
            await town.change(number, state=state)
        running = await town.training(title="Berlangsung", days="2026-11-24 10:00")
        await registered(town, running, sari)
        await town.goes_on("2026-11-24 10:01")

        (said,) = await sari.writes("/jadwal")

        assert said.startswith("Berlangsung")
        assert sari.buttons == ["🎫 Tiket", "📅 Kalender", "🎓 Lihat pelatihan"]

    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_in_each_language(self, town: Town, language: str) -> None:
        """Every label is short enough, and every view has its words."""
        sari = await town.someone(language=language)
        number = await town.training(1)
        await town.training(1, "2026-12-08 08:00")
        await registered(town, number, sari)
        await sari.writes("/jadwal")
        for label in ("button.other_date", "button.back", "button.give_up", "button.keep_seat"):
            await sari.taps(label)

        (said,) = await sari.taps("button.give_up")

        assert said == text_of("schedule.give_up", language).format(title="Kemasan").replace("<b>", "").replace(
            "</b>", ""
        )
        assert all(len(label) <= BUTTON_LABEL for label in sari.person.labels())


class TestPapers:
    async def test_ticket_comes_again(self, town: Town, sari: Filling) -> None:
        """As often as it is asked for; from an old message too, while the seat is theirs."""
        number = await town.training()
        await registered(town, number, sari)
        await sari.writes("/jadwal")
        at = sari.person.messages()[-1]["message_id"]
        await sari.taps("button.ticket")
        assert "Kode" in sari.person.messages()[-1]["caption"]
        seat = await town.seat(sari, number)
        assert seat
        await town.leaves(number, 101)

        for verb in ("ticket", "calendar", "seat", "give_up", "dates"):
            await sari.does(lambda verb=verb: sari.person.tap_data(at, f"{verb}:{seat.id}"))
            assert "sudah tidak terdaftar di Kemasan" in last(sari)
        await town.change(number, state=TrainingState.CANCELLED)
        await sari.does(lambda: sari.person.tap_data(at, f"ticket:{seat.id}"))
        assert "dibatalkan" in last(sari)

    async def test_calendar_holds_every_day_in_wib(self, town: Town, sari: Filling) -> None:
        """An .ics with a name of plain letters: each day with its hours, place and code, in the district's time."""
        number = await town.training(2, ["2026-12-07 08:00", "2026-12-08 13:00"], title="Kemasan é", address="Jl. 1")
        await registered(town, number, sari)
        await sari.writes("/jadwal")

        await sari.taps("button.calendar")

        document = sari.person.messages()[-1]["document"]
        assert document["file_name"] == f"pelatihan-{number}.ics"
        content = town.bot.telegram.files.by_id[document["file_id"]].content
        events = list(Calendar.from_ical(io.BytesIO(content).read().decode()).walk("VEVENT"))
        seat = await town.seat(sari, number)
        assert seat
        assert [event.decoded("dtstart").isoformat() for event in events] == [
            "2026-12-07T08:00:00+07:00",
            "2026-12-08T13:00:00+07:00",
        ]
        assert {str(event["summary"]) for event in events} == {"Kemasan é"}
        assert {str(event["location"]) for event in events} == {"MPP Lamongan, Jl. 1"}
        assert all(seat.code and seat.code in str(event["description"]) for event in events)
        assert len({str(event["uid"]) for event in events}) == 2

    async def test_of_a_seat_that_went_are_not_made(self, town: Town, sari: Filling) -> None:
        """A ticket that still waits to be sent when its seat goes is not sent."""
        number = await town.training()
        await registered(town, number, sari)
        seat = await town.seat(sari, number)
        assert seat
        async with town.bot.database.transaction() as session:
            mine = await session.get_one(Seat, seat.id)
            await notices.send_ticket(session, mine, town.bot.app.house.district)
            seats.let_go(mine, "cancelled", town.clock.now())
        await town.bot.settled()

        (owed,) = await town.bot.rows(select(Delivery).where(col(Delivery.document).is_not(None)))
        assert owed.state is DeliveryState.SKIPPED
        assert sari.person.messages() == []


class TestGivingUp:
    async def test_asks_once_and_passes_it_on(self, town: Town, sari: Filling, budi: Filling) -> None:
        """Nothing happens at the first tap; at the second the seat goes to the next, who is told at once."""
        number = await town.training(1)
        await registered(town, number, sari, budi)
        await sari.writes("/jadwal")

        assert "orang berikutnya" in (await sari.taps("button.give_up"))[0]
        assert await town.states(number) == [CONFIRMED, WAITING]
        assert "Nomor 1" in (await sari.taps("button.keep_seat"))[0]
        await sari.taps("button.give_up")
        assert "sudah dibatalkan" in (await sari.taps("button.yes_give_up"))[0]

        assert await town.states(number) == [GONE, HELD]
        assert "Ada kursi untuk Anda" in last(budi)

    async def test_names_nobody_where_nobody_waits(self, town: Town, sari: Filling) -> None:
        """There is no next person: neither the question nor the thanks speak of one."""
        await registered(town, await town.training(1), sari)
        await sari.writes("/jadwal")
        asked = (await sari.taps("button.give_up"))[0]
        done = (await sari.taps("button.yes_give_up"))[0]

        assert "Batalkan kursi Anda" in asked
        assert "berikutnya" not in asked + done

    async def test_of_a_place_in_line(self, town: Town, sari: Filling, budi: Filling) -> None:
        """Who leaves the line makes those behind them one nearer."""
        number = await town.training(1)
        await town.fill(number, 1)
        await registered(town, number, sari, budi)
        await sari.writes("/jadwal")
        await sari.taps("button.leave_line")
        assert "sudah keluar" in (await sari.taps("button.yes_leave_line"))[0]

        assert "nomor 1 dari 1" in (await budi.writes("/jadwal"))[0]

    async def test_an_old_question_does_not_take_a_new_seat(self, town: Town, sari: Filling) -> None:
        """Asked whether to leave the line, meanwhile confirmed: the old Ya asks anew."""
        number = await town.training(1)
        await town.fill(number, 1)
        await registered(town, number, sari)
        await sari.writes("/jadwal")
        await sari.taps("button.leave_line")
        asked = sari.person.messages()[-1]["message_id"]
        await town.leaves(number, 501)
        await town.goes_on("2026-11-24 09:01")
        await sari.taps("button.accept_seat")
        seat = await town.seat(sari, number)
        assert seat

        await sari.does(lambda: sari.person.tap_data(asked, f"gone:{seat.id}.waiting"))

        assert await town.states(number) == [GONE, CONFIRMED]
        assert "Batalkan kursi Anda di Kemasan?" in sari.person.texts()[0] + sari.person.texts()[1]

    async def test_after_the_deadline(self, town: Town, sari: Filling) -> None:
        """No more by oneself: whom to tell is said, before and at the tap."""
        number = await town.training(1, cancel_until=town.clock.now())
        await registered(town, number, sari)
        await sari.writes("/jadwal")

        for label in ("button.give_up", "button.other_date"):
            await sari.taps(label)
            assert "0812-0000-0000" in last(sari)

        assert await town.states(number) == [CONFIRMED]

    async def test_may_register_again(self, town: Town, sari: Filling) -> None:
        """The seat is another's by then, so they stand at the end of the line; the number on the list is their own."""
        number = await town.training(1)
        await registered(town, number, sari)
        await town.leaves(number, 101)
        await registered(town, number, sari)

        seat = await town.seat(sari, number)
        assert seat
        assert (seat.state, seat.number) == (CONFIRMED, 1)


class TestOtherDate:
    @pytest.fixture
    async def dates(self, town: Town, sari: Filling) -> tuple[int, int]:
        """The same training twice; she has a seat at the first."""
        first, second = await town.training(1), await town.training(1, "2026-12-14 08:00")
        await registered(town, first, sari)
        return first, second

    async def test_seat_for_seat(self, town: Town, sari: Filling, budi: Filling, dates: tuple[int, int]) -> None:
        """She has the new seat and the old one goes to who waits, in one moment; the new ticket comes."""
        first, second = dates
        await registered(town, first, budi)
        await sari.writes("/jadwal")
        assert "Senin, 14 Desember 2026" in (await sari.taps("button.other_date"))[0]

        await sari.taps("1. 14 Desember 2026")

        assert await town.states(first) == [GONE, HELD]
        assert await town.states(second) == [CONFIRMED]
        assert "Ada kursi untuk Anda" in last(budi)
        assert "14 Desember" in sari.person.messages()[-1]["caption"]

    async def test_to_a_full_one_asks_first(self, town: Town, sari: Filling, dates: tuple[int, int]) -> None:
        """The old seat stays until she agrees to the line of the other date."""
        first, second = dates
        await town.fill(second, 2)
        await sari.writes("/jadwal")
        await sari.taps("button.other_date")

        (said,) = await sari.taps("1. 14 Desember 2026")
        assert "nomor 2 di daftar tunggu" in said
        assert await town.states(first) == [CONFIRMED]
        await sari.taps("button.keep_date")
        assert await town.states(second) == [CONFIRMED, WAITING]
        await sari.taps("button.other_date")
        await sari.taps("1. 14 Desember 2026")
        await sari.taps("button.yes_join_line")

        assert await town.states(first) == [GONE]
        assert await town.states(second) == [CONFIRMED, WAITING, WAITING]

    async def test_taken_meanwhile_keeps_the_old_one(self, town: Town, sari: Filling, dates: tuple[int, int]) -> None:
        """The last seat of the other date goes while she looks: nothing is lost."""
        first, second = dates
        await sari.writes("/jadwal")
        await sari.taps("button.other_date")
        await town.change(second, has_waiting_list=False)
        await town.fill(second, 1)

        await sari.taps("1. 14 Desember 2026")

        assert "sudah penuh" in last(sari)
        assert await town.states(first) == [CONFIRMED]

    async def test_only_of_the_same_training(self, town: Town, sari: Filling, dates: tuple[int, int]) -> None:
        """Others are not listed, and a forged tap gets none of them."""
        first, second = dates
        other = await town.training(title="Ekspor", days="2026-12-15 08:00")
        await town.change(second, state=TrainingState.CLOSED)
        await sari.writes("/jadwal")

        (said,) = await sari.taps("button.other_date")
        assert "Belum ada tanggal lain" in said
        seat = await town.seat(sari, first)
        assert seat
        at = sari.person.messages()[-1]["message_id"]
        for to in (other, first, 999):
            await sari.does(lambda to=to: sari.person.tap_data(at, f"move:{seat.id}.{to}"))
            assert "tidak berlaku" in sari.person.alerts()[-1]["text"]
        await sari.does(lambda: sari.person.tap_data(at, f"move_line:{seat.id}.{second}"))

        assert "sudah ditutup" in last(sari)
        assert await town.states(first) == [CONFIRMED]

    async def test_takes_the_answers_along(self, town: Town, sari: Filling, dates: tuple[int, int]) -> None:
        """What the other date asks too goes with her; where it must know more, she is told how."""
        first, second = dates
        await town.change(second, questions=[PIRT[0].plain()])
        await sari.writes("/jadwal")
        await sari.taps("button.other_date")
        await sari.taps("1. 14 Desember 2026")
        assert "belum Anda jawab" in last(sari)
        assert await town.states(first) == [CONFIRMED]

        seat = await town.seat(sari, first)
        assert seat
        async with town.bot.database.transaction() as session:
            (await session.get_one(type(seat), seat.id)).answers = {"pirt": "ya", "lain": "x"}
        await sari.taps("1. 14 Desember 2026")

        moved = await town.seat(sari, second)
        assert moved
        assert moved.answers == {"pirt": "ya"}


class TestPersonalData:
    async def test_is_told_and_goes_with_the_person(self, town: Town, sari: Filling, budi: Filling) -> None:
        """/data tells of the seats; who is erased frees them at once, and nothing of them stands in the row."""
        number = await town.training(1)
        await registered(town, number, sari, budi)
        assert "Pelatihan: 1, yang akan datang: 1" in (await sari.writes("/data"))[0]

        assert "kursi di pelatihan Kemasan" in (await sari.taps("button.data_erase"))[0]
        await sari.taps("button.erase_surely")

        assert await town.states(number) == [GONE, HELD]
        assert "Ada kursi untuk Anda" in last(budi)

    async def test_consent_takes_the_answers_with_it(self, town: Town, sari: Filling) -> None:
        """What was answered to a training goes with the agreement; the seat stays."""
        number = await town.training(1, questions=[PIRT[0].plain()])
        await sari.writes(f"/start pelatihan_{number}")
        await sari.taps("button.register")
        await sari.taps("Ya")
        await sari.taps("button.yes_register")
        await sari.writes("/data")
        await sari.taps("button.data_withdraw")
        await sari.taps("button.withdraw_surely")

        seat = await town.seat(sari, number)
        assert seat
        assert (seat.state, seat.answers) == (CONFIRMED, None)
