"""A registration is decided at its last tap, whatever happened since it was begun, and waits as long as it must."""

from collections.abc import AsyncIterator

import pytest

from db.models import SeatState, TrainingState
from domain.knowledge.shelf import Library
from messages import text_of
from simulator import PretendTelegram
from tests.support.filling import NUMBER, Filling, at_once
from tests.support.running import TOKEN
from tests.support.training import PIRT, Town, at_summary, town_at, wib

__all__ = ["at_once"]
pytestmark = pytest.mark.usefixtures("at_once")

ASKED = [question.plain() for question in PIRT]


@pytest.fixture
async def town(database_url: str, library: Library) -> AsyncIterator[Town]:
    async with town_at(database_url, library) as here:
        yield here


@pytest.fixture
async def sari(town: Town) -> Filling:
    """The bot knows what a training needs of her."""
    return await town.someone()


class TestDecidedAgain:
    async def test_closed_meanwhile(self, town: Town, sari: Filling) -> None:
        """At the last tap it is said, with where to go on; what is typed next is a question again."""
        for values, words, ways in (
            ({"state": TrainingState.CLOSED}, "sudah ditutup", ["button.open_trainings", "button.officer"]),
            ({"state": TrainingState.CANCELLED}, "dibatalkan", ["button.open_trainings", "button.trainings"]),
            (
                {"starts_at": wib("2026-11-24 08:59")},
                "sedang berjalan",
                ["button.my_trainings", "button.open_trainings"],
            ),
        ):
            number = await town.training()
            await at_summary(sari)
            await town.change(number, **values)

            (said,) = await sari.taps("button.yes_register")

            assert words in said
            assert sari.buttons == [sari.label(way) for way in ways]
            assert await town.states(number) == []
        assert "NIB" in (await sari.writes("cara bikin nib gimana"))[0]

    async def test_called_off_meanwhile(self, town: Town, sari: Filling) -> None:
        """Whoever has a seat or a place in line of one that is off is told that, and no more that it is theirs."""
        number = await town.training()
        await town.fill(number, 1, first=sari.person.id)
        await sari.writes("/pelatihan")
        at = sari.person.messages()[-1]["message_id"]
        await town.change(number, state=TrainingState.CANCELLED)

        await sari.does(lambda: sari.person.tap_data(at, f"register:{number}"))

        assert "dibatalkan" in sari.person.texts()[-1]

    async def test_filled_meanwhile_offers_the_line(self, town: Town, sari: Filling) -> None:
        """Somebody else took the last seat: she is told, and asked whether she will wait."""
        number = await town.training(1)
        await at_summary(sari)
        await town.fill(number, 1)

        (said,) = await sari.taps("button.yes_register")
        assert "Kursi terakhir baru saja diambil" in said
        assert "nomor 1 di daftar tunggu" in said
        assert await town.seat(sari, number) is None
        await sari.taps("button.yes_join_line")

        assert await town.states(number) == [SeatState.CONFIRMED, SeatState.WAITING]

    async def test_filled_meanwhile_without_a_line(self, town: Town, sari: Filling) -> None:
        """She is told that it is full, and where others are."""
        number = await town.training(1, has_waiting_list=False)
        await at_summary(sari)
        await town.fill(number, 1)

        (said,) = await sari.taps("button.yes_register")

        assert "sudah penuh" in said
        assert await town.states(number) == [SeatState.CONFIRMED]

    async def test_free_meanwhile(self, town: Town, sari: Filling) -> None:
        """Who agreed to wait gets the seat that has become free."""
        number = await town.training(1)
        await town.fill(number, 1)
        await at_summary(sari)
        await town.leaves(number, 501)

        await sari.taps("button.yes_join_line")

        assert await town.states(number) == [SeatState.GONE, SeatState.CONFIRMED]

    async def test_not_for_them(self, town: Town) -> None:
        """The kecamatan that is answered is another: said at once, and the question stays for who mistapped."""
        number = await town.training(kecamatan=["Babat"])
        sari = await town.someone(name="Sri", phone=NUMBER)
        await at_summary(sari)

        assert "khusus untuk pelaku usaha di Babat" in (await sari.taps("Brondong"))[-1]
        assert await sari.profile() == {"name": "Sri", "phone": NUMBER}
        await sari.taps("Babat")
        await sari.taps("button.yes_register")

        assert await town.states(number) == [SeatState.CONFIRMED]

    async def test_moved_away_meanwhile(self, town: Town, sari: Filling) -> None:
        """The profile was changed between summary and tap: the rule holds all the same."""
        number = await town.training(kecamatan=["Babat"])
        await at_summary(sari)
        at = sari.person.messages()[-1]["message_id"]
        await sari.writes("/profil")
        await sari.taps("Kecamatan")
        await sari.taps("Brondong")

        await sari.does(lambda: sari.person.tap_data(at, f"pick:register-{number}.sure.yes"))

        assert "khusus untuk" in sari.person.texts()[-1]
        assert await town.states(number) == []

    async def test_already_in(self, town: Town, sari: Filling) -> None:
        """Registered, in line, or offered a seat: each is told, wherever they tap."""
        number = await town.training(1)
        await at_summary(sari)
        at = sari.person.messages()[-1]["message_id"]
        await town.fill(number, 1, first=sari.person.id)

        await sari.taps("button.yes_register")
        assert "Anda sudah terdaftar di Kemasan" in sari.person.texts()[-1]
        await sari.does(lambda: sari.person.tap_data(at, f"register:{number}"))
        assert "Anda sudah terdaftar di Kemasan" in sari.person.texts()[-1]
        assert await town.states(number) == [SeatState.CONFIRMED]

    async def test_in_line_already(self, town: Town, sari: Filling) -> None:
        """An old message's button of who stands in line says so."""
        number = await town.training(1)
        await town.fill(number, 1)
        await town.fill(number, 1, first=sari.person.id)
        await sari.writes("/pelatihan")
        at = sari.person.messages()[-1]["message_id"]

        await sari.does(lambda: sari.person.tap_data(at, f"register:{number}"))
        assert "sudah ada di daftar tunggu" in sari.person.texts()[-1]
        await sari.does(lambda: sari.person.tap_data(at, f"pick:register-{number}.sure.line"))
        assert sari.person.alerts()[-1]["text"] == text_of("tap.in_line", "id")

    async def test_an_old_button_begins_anew(self, town: Town, sari: Filling) -> None:
        """Ya under a summary that was dropped leads to a new summary, not to a seat."""
        number = await town.training()
        await at_summary(sari)
        at = sari.person.messages()[-1]["message_id"]
        await sari.writes("/batal")

        await sari.does(lambda: sari.person.tap_data(at, f"pick:register-{number}.sure.yes"))

        assert "Sudah benar semua?" in sari.person.texts()[-2]
        assert await town.states(number) == []

    async def test_forged(self, town: Town, sari: Filling) -> None:
        """What the form does not offer it does not take."""
        number = await town.training()
        await at_summary(sari)
        at = sari.person.messages()[-1]["message_id"]
        picks = [f"pick:register-{number}.{data}" for data in ("sure.no", "sure.change.x", "nothing.yes", "name.Sri")]
        forged = [*picks, "pick:register-999.sure.yes", f"change:{number}.products", "change:999.name", "change:x.name"]

        for data in forged:
            await sari.does(lambda data=data: sari.person.tap_data(at, data))

        assert [alert["text"] for alert in sari.person.alerts()] == [text_of("tap.stale", "id")] * len(forged)
        assert await town.states(number) == []


class TestSurvival:
    async def test_restart_replica_and_a_week(self, database_url: str, library: Library) -> None:
        """Begun, left for a week, and gone on with at another process: nothing is asked twice."""
        telegram = PretendTelegram(token=TOKEN)
        async with town_at(database_url, library, telegram=telegram) as town:
            number = await town.training(days="2026-12-21 08:00", questions=ASKED[2:])
            sari = await town.someone()
            await at_summary(sari)
            await sari.taps("Kerupuk")
        async with town_at(database_url, library, at="2026-12-01 09:00", telegram=telegram) as town:
            sari = Filling(town.bot, telegram.person(101))
            await sari.writes("cara bikin nib gimana")
            await sari.writes(f"/start pelatihan_{number}")
            (said,) = await sari.taps("button.register")
            assert "Mulai usaha tahun berapa?" in said
            await sari.writes("2020")
            await sari.taps("button.yes_register")

            seat = await town.seat(sari, number)
            assert seat
            assert seat.answers == {"jenis": "Kerupuk", "tahun": 2020}

    async def test_other_deeds_come_between(self, town: Town, sari: Filling) -> None:
        """Commands and cards leave the form where it is, and its buttons still work."""
        number = await town.training(questions=ASKED[2:3])
        await at_summary(sari)
        at = sari.person.messages()[-1]["message_id"]
        await sari.writes("/jadwal")
        await sari.writes("/program")

        await sari.does(lambda: sari.person.tap_data(at, f"register:{number}"))
        await sari.taps("Keripik")
        await sari.taps("button.yes_register")

        assert await town.states(number) == [SeatState.CONFIRMED]

    async def test_two_trainings_at_once(self, town: Town, sari: Filling) -> None:
        """Each registration is a form of its own."""
        one = await town.training(title="Satu", questions=ASKED[2:3])
        other = await town.training(title="Dua", days="2026-12-08 08:00", questions=ASKED[2:3])
        await at_summary(sari, "1. Satu")
        first = sari.person.messages()[-1]["message_id"]
        await at_summary(sari, "2. Dua")
        await sari.taps("Kerupuk")
        await sari.taps("button.yes_register")

        await sari.does(lambda: sari.person.tap_data(first, f"register:{one}"))
        await sari.taps("Keripik")
        await sari.taps("button.yes_register")

        assert [seat.answers for number in (one, other) if (seat := await town.seat(sari, number))] == [
            {"jenis": "Keripik"},
            {"jenis": "Kerupuk"},
        ]
