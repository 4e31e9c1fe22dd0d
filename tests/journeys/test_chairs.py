"""Where every chair is taken: an officer decides whether there is one more; who stands at the door hears it."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import select

from db.models import Person, SeatState, WalkIn
from domain.audit import TERMINAL
from domain.knowledge.shelf import Library
from domain.trainings import editing
from simulator import Person as Somebody
from tests.support.offices import Offices, staffed
from tests.support.training_office import (
    days_of,
    does,
    hours,
    opens,
    put_training,
    seat_of,
    seated,
    states,
    training_of,
)

DAY = "2026-12-01"
CONFIRMED, HELD, WAITING, GONE = SeatState.CONFIRMED, SeatState.HELD, SeatState.WAITING, SeatState.GONE


@pytest.fixture
async def offices(database_url: str, library: Library) -> AsyncIterator[Offices]:
    """Officers without groups; nothing they ask of Telegram is refused."""
    async with staffed(database_url, library, groups=False) as running:
        yield running
        assert [call for call in running.telegram.calls if call.status >= 400] == []


class TestBringIn:
    """An officer lets somebody of the line in before the others."""

    async def asked(self, offices: Offices) -> tuple[int, str]:
        """A seat is free, and the officer is asked why Cici comes before Budi; then Budi is offered it."""
        training_id = await put_training(offices, number=1)
        sari, _budi, cici = await seated(offices, training_id, "Sari", "Budi", "Cici")
        seat = await seat_of(offices, training_id, cici)
        async with offices.bot.database.transaction() as session:
            hers = await session.get_one(type(seat), (await seat_of(offices, training_id, sari)).id)
            hers.state = GONE
        await does(offices, offices.rini, ">/pelatihan")
        offices.rini.tap_data(offices.rini.messages()[-1]["message_id"], f"bring_in:{seat.id}")
        await offices.settled()
        said = offices.rini.texts()[-1]
        await offices.bot.app.tick()
        await offices.settled()
        return training_id, said

    async def test_adds_no_chair_that_nobody_agreed_to(self, offices: Offices) -> None:
        """The seat that was free is offered to somebody before the reason came: it is said, and the officer decides."""
        training_id, asked = await self.asked(offices)
        said = await does(offices, offices.rini, ">pendamping kelompok")

        assert "ditambah" not in asked
        assert "baru saja ditawarkan kepada orang lain" in said
        assert "dari 1 menjadi 2" in said
        assert (await training_of(offices, training_id)).seats == 1
        assert await states(offices, training_id) == {"Sari": GONE, "Budi": HELD, "Cici": WAITING}
        await does(offices, offices.rini, "➕ Tambah satu kursi")
        assert (await training_of(offices, training_id)).seats == 2
        assert await states(offices, training_id) == {"Sari": GONE, "Budi": HELD, "Cici": CONFIRMED}

    async def test_leaves_it_where_the_officer_does(self, offices: Offices) -> None:
        """Tidak jadi leaves chairs and line; the button of before is over then."""
        training_id, _ = await self.asked(offices)
        await does(offices, offices.rini, ">pendamping kelompok")
        asked = offices.rini.messages()[-1]
        more = asked["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
        await does(offices, offices.rini, "Tidak jadi")
        offices.rini.tap_data(asked["message_id"], more)
        await offices.settled()

        assert "tidak berlaku" in offices.rini.alerts()[-1]["text"]
        assert (await training_of(offices, training_id)).seats == 1
        assert (await states(offices, training_id))["Cici"] is WAITING

    @pytest.mark.parametrize(
        ("state", "said"),
        [(HELD, "baru saja ditawari"), (CONFIRMED, "sudah punya kursi"), (GONE, "tidak ada di daftar")],
    )
    async def test_says_what_was_decided_meanwhile(self, offices: Offices, state: SeatState, said: str) -> None:
        """Offered, seated or out before the reason came: which, that the words were not sent, and the list."""
        training_id = await put_training(offices, number=1)
        _sari, budi = await seated(offices, training_id, "Sari", "Budi")
        seat = await seat_of(offices, training_id, budi)
        await does(offices, offices.rini, ">/pelatihan")
        offices.rini.tap_data(offices.rini.messages()[-1]["message_id"], f"bring_in:{seat.id}")
        await offices.settled()
        async with offices.bot.database.transaction() as session:
            (await session.get_one(type(seat), seat.id)).state = state
        told = await does(offices, offices.rini, ">pendamping kelompok")

        assert said in told
        assert "tidak dikirim: pendamping kelompok" in told
        assert offices.rini.labels()[-1] == "👥 Peserta"


class TestWalkIn:
    """Somebody without a seat stands at the door of a full room."""

    async def refused(self, offices: Offices) -> tuple[int, Somebody]:
        training_id = await put_training(offices, number=1, days=(hours(DAY),))
        await seated(offices, training_id, "Sari")
        offices.clock.show("2026-12-01 08:10")
        joko = offices.telegram.person(400, first_name="Joko")
        await opens(offices, joko, f"langsung_{training_id}")
        await does(offices, offices.rini, "🚪 Persilakan masuk")
        return training_id, joko

    async def test_hears_that_it_is_full(self, offices: Offices) -> None:
        """They are told, once, and the officer where a chair may be had."""
        _, joko = await self.refused(offices)
        await does(offices, offices.rini, "🚪 Persilakan masuk")

        assert [text for text in joko.texts() if "Semua kursi Kemasan terisi" in text] == [joko.texts()[-1]]
        assert "Semua kursi terisi" in offices.rini.texts()[-1]
        assert {"🪑 Cadangan hari ini", "🪑 Ubah kursi"} <= set(offices.rini.labels())

    async def test_stands_by_and_gets_the_seat_of_who_does_not_come(self, offices: Offices) -> None:
        """As a place in the line, though registration is over; the officer finds them there."""
        training_id, joko = await self.refused(offices)
        said = await does(offices, joko, "🪑 Tunggu jadi cadangan")
        await does(offices, offices.rini, "🪑 Cadangan hari ini", "1. Joko", "1. Sari", "🪑 Ya, alihkan kursinya")

        assert "cadangan nomor 1" in said
        assert await states(offices, training_id) == {"Sari": GONE, "Joko": CONFIRMED}

    async def test_is_let_in_where_only_an_earlier_day_was_full(self, offices: Offices) -> None:
        """The names of the first day take up no chair of the second; nor where the number of seats is set again."""
        days = (hours(DAY), hours("2026-12-02"))
        training_id = await put_training(offices, number=2, days=days)
        await seated(offices, training_id, "Sari")
        offices.clock.show("2026-12-01 08:10")
        await does(offices, offices.rini, ">/hadir", "🚶 Peserta langsung", "✍️ Tulis nama (tanpa HP)", ">Pak Kertas")
        offices.clock.show("2026-12-02 08:10")
        joko = offices.telegram.person(400, first_name="Joko")
        await opens(offices, joko, f"langsung_{training_id}")
        await does(offices, offices.rini, "🚪 Persilakan masuk")

        assert await states(offices, training_id) == {"Sari": CONFIRMED, "Joko": CONFIRMED}
        async with offices.bot.database.transaction() as session:
            await editing.resize(session, training_id, 2, TERMINAL, offices.bot.app.house.district, offices.now())

    async def test_is_refused_by_the_words_of_the_door_where_another_day_is_full(self, offices: Offices) -> None:
        """A chair free this morning, and somebody's on paper in the afternoon: officer and walk-in both hear it."""
        training_id = await put_training(offices, number=2, days=(hours(DAY), hours(DAY, 13, 16)))
        await seated(offices, training_id, "Sari")
        morning, afternoon = await days_of(offices, training_id)
        offices.clock.show("2026-12-01 11:50")
        joko = offices.telegram.person(400, first_name="Joko")
        await opens(offices, joko, f"langsung_{training_id}")
        async with offices.bot.database.transaction() as session:
            session.add(WalkIn(day_id=afternoon.id, name="Pak Kertas", at=offices.now()))
            person = (await session.exec(select(Person).where(Person.telegram_id == 400))).one()
        offices.rini.tap_data(offices.rini.messages()[-1]["message_id"], f"let_in:{morning.id}.{person.id}")
        await offices.settled()

        assert "Semua kursi terisi" in offices.rini.texts()[-1]
        assert "Semua kursi Kemasan terisi" in joko.texts()[-1]
        assert await states(offices, training_id) == {"Sari": CONFIRMED}

    async def test_in_line_hears_where_they_stand(self, offices: Offices) -> None:
        """Who stands by and asks again is told their place."""
        training_id, joko = await self.refused(offices)
        await does(offices, joko, "🪑 Tunggu jadi cadangan")
        offices.clock.show("2026-12-01 08:25")
        await opens(offices, joko, f"langsung_{training_id}")
        await does(offices, offices.rini, "🚪 Persilakan masuk")

        assert "nomor 1 di daftar tunggu" in joko.texts()[-1]

    async def test_cannot_stand_by_unasked(self, offices: Offices) -> None:
        """The button works for whom an officer could not let in, while the doors are open, and for nobody else."""
        training_id, joko = await self.refused(offices)
        tini = offices.telegram.person(401, first_name="Tini")
        await does(offices, tini, ">/pelatihan")
        tini.tap_data(tini.messages()[-1]["message_id"], "stand_by:1")
        await offices.settled()
        offices.clock.show("2026-12-01 15:01")
        late = await does(offices, joko, "🪑 Tunggu jadi cadangan")

        assert "tidak berlaku" in tini.alerts()[-1]["text"]
        assert "sudah ditutup" in late
        assert await states(offices, training_id) == {"Sari": CONFIRMED}

    async def test_of_a_training_by_internet_is_at_no_door(self, offices: Offices) -> None:
        """There is no table to wait at: they are told of the link, and no officer is asked."""
        link = "https://meet.example.id/kelas"
        training_id = await put_training(offices, days=(hours(DAY),), place="", online_link=link)
        offices.clock.show("2026-12-01 08:10")
        joko = offices.telegram.person(400, first_name="Joko")
        (said,) = await opens(offices, joko, f"langsung_{training_id}")

        assert "lewat internet" in said
        assert link not in said
        assert offices.rini.texts() == []
