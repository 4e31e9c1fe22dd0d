"""Who is in a training, for its officers: seen, and moved with a reason that they read."""

from collections.abc import AsyncIterator

import pytest
from sqlmodel import select

from db.models import AuditEntry, SeatState
from domain.knowledge.shelf import Library
from tests.support.offices import Offices, staffed
from tests.support.training_office import (
    does,
    hours,
    managed,
    put_training,
    seat_of,
    seated,
    states,
    training_of,
)


@pytest.fixture
async def offices(database_url: str, library: Library) -> AsyncIterator[Offices]:
    """Officers without groups; nothing they ask of Telegram is refused."""
    async with staffed(database_url, library, groups=False) as running:
        yield running
        assert [call for call in running.telegram.calls if call.status >= 400] == []


class TestParticipants:
    async def test_stand_in_order_and_the_same_phone_is_shown(self, offices: Offices) -> None:
        """By number, then the line; who gave the phone of another is marked, and both stay."""
        training_id = await put_training(offices)
        await seated(offices, training_id, "Sari & Co", "Budi", phone="+6281234500999")
        await seated(offices, training_id, "Cici")
        shown = await managed(offices, training_id, "👥 Peserta")
        one = await does(offices, offices.rini, "1. Sari & Co")

        lines = [line.strip() for line in shown.splitlines()]
        assert lines.index("1. Sari & Co · terdaftar") < lines.index("2. Budi · terdaftar")
        assert "🕐1 Cici · menunggu, urutan 1" in lines
        assert "⚠️ nomor HP sama dengan Budi" in lines
        assert "0812-3450-0999" in one
        assert "juga dipakai Budi" in one

    async def test_are_taken_out_with_a_reason(self, offices: Offices) -> None:
        """They read why, the seat goes on to the next in line, and the audit names neither."""
        training_id = await put_training(offices, number=1)
        sari, budi = await seated(offices, training_id, "Sari", "Budi")
        await managed(offices, training_id, "👥 Peserta", "1. Sari", "⛔ Keluarkan")
        refused = await does(offices, offices.rini, ">.")
        said = await does(offices, offices.rini, ">sudah pernah ikut")

        assert "Tulis alasannya" in refused
        assert "1 orang di daftar tunggu ditawari" in said
        assert "sudah pernah ikut" in sari.texts()[-1]
        assert "Ada kursi untuk Anda" in budi.texts()[-1]
        assert await states(offices, training_id) == {"Sari": SeatState.GONE, "Budi": SeatState.HELD}
        moved = await offices.bot.rows(select(AuditEntry).where(AuditEntry.deed == "seat.moved"))
        assert [row.after for row in moved] == [{"training": training_id, "state": "gone"}]
        assert (await seat_of(offices, training_id, sari)).why == "sudah pernah ikut"

    async def test_come_in_past_the_line_with_a_reason(self, offices: Offices) -> None:
        """One more seat is put up for them, which is said before; the line stays, and they get their ticket."""
        training_id = await put_training(offices, number=1)
        _sari, budi, cici = await seated(offices, training_id, "Sari", "Budi", "Cici")
        asked = await managed(offices, training_id, "👥 Peserta", "🕐2 Cici", "⬆️ Masukkan")
        await does(offices, offices.rini, ">pendamping kelompok")

        assert "dari 1 menjadi 2" in asked
        assert "mendahului 1 orang" in asked
        assert await states(offices, training_id) == {
            "Sari": SeatState.CONFIRMED,
            "Budi": SeatState.WAITING,
            "Cici": SeatState.CONFIRMED,
        }
        assert (await training_of(offices, training_id)).seats == 2
        assert any("memberi Anda kursi" in text for text in cici.texts())
        assert (await seat_of(offices, training_id, cici)).code in cici.texts()[-1]
        assert budi.texts() == []

    async def test_is_moved_to_another_date(self, offices: Offices) -> None:
        """After the deadline too, with a reason: they hear date and reason with a ticket; the old seat goes on."""
        training_id = await put_training(offices, number=1, cancel_until=hours("2026-11-24").starts_at)
        sari, budi = await seated(offices, training_id, "Sari", "Budi")
        later = await put_training(offices, days=(hours("2026-12-08"),))
        await managed(offices, training_id, "👥 Peserta", "1. Sari", "🔄 Pindah tanggal")
        asked = await does(offices, offices.rini, "1. 8 Desember 2026")
        said = await does(offices, offices.rini, ">ruang kami pakai")

        assert "Selasa, 8 Desember 2026" in asked
        assert "Sari sudah dipindahkan" in said
        told = next(text for text in sari.texts() if "memindahkan" in text)
        assert "8 Desember" in told
        assert "ruang kami pakai" in told
        assert "Kode" in sari.messages()[-1]["caption"]
        assert await states(offices, training_id) == {"Sari": SeatState.GONE, "Budi": SeatState.HELD}
        assert await states(offices, later) == {"Sari": SeatState.CONFIRMED}
        assert "Ada kursi untuk Anda" in budi.texts()[-1]

    async def test_stays_where_the_other_date_has_filled_up(self, offices: Offices) -> None:
        """While the reason was written: they keep what they have, and the words are not lost silently."""
        training_id = await put_training(offices, number=1)
        (sari,) = await seated(offices, training_id, "Sari")
        later = await put_training(offices, number=1, days=(hours("2026-12-08"),))
        await managed(offices, training_id, "👥 Peserta", "1. Sari", "🔄 Pindah tanggal", "1. 8 Desember 2026")
        await seated(offices, later, "Budi")
        said = await does(offices, offices.rini, ">ruang kami pakai")

        assert "tetap di sini" in said
        assert "ruang kami pakai" in said
        assert await states(offices, training_id) == {"Sari": SeatState.CONFIRMED}
        assert sari.texts() == []

    async def test_who_left_meanwhile_stays_out(self, offices: Offices) -> None:
        """A reason written too late moves nobody, and says so."""
        training_id = await put_training(offices)
        (sari,) = await seated(offices, training_id, "Sari")
        await managed(offices, training_id, "👥 Peserta", "1. Sari", "⛔ Keluarkan")
        async with offices.bot.database.transaction() as session:
            seat = await session.get_one(type(await seat_of(offices, training_id, sari)), 1)
            seat.state = SeatState.GONE
        said = await does(offices, offices.rini, ">sudah pernah ikut")

        assert "tidak ada di daftar" in said
        assert sari.texts() == []
        assert "NIB" in await does(offices, offices.rini, ">cara bikin nib gimana")

    async def test_are_leafed_through(self, offices: Offices) -> None:
        """Ten on a page."""
        training_id = await put_training(offices, number=12)
        await seated(offices, training_id, *(f"Warga {number}" for number in range(1, 13)))
        first = await managed(offices, training_id, "👥 Peserta")
        second = await does(offices, offices.rini, "Berikutnya »")

        assert "Warga 10 " in first
        assert "Warga 11 " not in first
        assert "Halaman 2 dari 2" in second
        assert "Warga 12 " in second
