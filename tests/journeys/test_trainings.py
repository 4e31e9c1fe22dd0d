"""/pelatihan and /daftar: what is offered, to whom, and each training's card, to look at and to pass on."""

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from db.models import Attendance, TrainingDay, TrainingState
from domain import audit
from domain.knowledge.shelf import Library
from domain.trainings import editing
from messages import LANGUAGES, text_of
from messages.limits import BUTTON_LABEL
from tests.support.filling import Filling, at_once, filling
from tests.support.training import Town, town_at, wib

__all__ = ["at_once"]
pytestmark = pytest.mark.usefixtures("at_once")

STALE = "sudah tidak berlaku"


@pytest.fixture
async def town(database_url: str, library: Library) -> AsyncIterator[Town]:
    async with town_at(database_url, library) as here:
        yield here


@pytest.fixture
async def sari(town: Town) -> Filling:
    return await town.someone()


def url_under(who: Filling, label: str) -> str:
    """The link of the newest button with that label."""
    for message in reversed(who.person.messages()):
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if button["text"] == who.label(label):
                    return str(button["url"])
    raise LookupError(label)


class TestList:
    async def test_tells_dates_and_free_seats(self, town: Town, sari: Filling) -> None:
        """The next one first, each with its day, what is free or who waits, and a button of its own."""
        later = await town.training(3, "2026-12-14 08:00", title="Ekspor")
        full = await town.training(1, ["2026-12-07 08:00", "2026-12-08 08:00"])
        await town.fill(full, 3)
        await town.fill(later, 1)

        (said,) = await sari.writes("/pelatihan")

        assert said.index("1. Kemasan") < said.index("2. Ekspor")
        assert "Senin, 7 Desember 2026, 08.00–12.00 WIB (2 hari)" in said
        assert "Penuh, 2 orang menunggu" in said
        assert "2 dari 3 kursi masih kosong" in said
        assert sari.buttons[:2] == ["1. Kemasan", "2. Ekspor"]

    async def test_pages_in_one_message(self, town: Town, sari: Filling) -> None:
        """The next page comes in the place of the first, and back."""
        for number in range(1, 7):
            await town.training(title=f"Kelas {number}", days=f"2026-12-{number:02} 08:00")
        await sari.writes("/pelatihan")
        count = len(sari.person.messages())

        (said,) = await sari.taps("button.next")
        assert "6. Kelas 6" in said
        assert "Kelas 5" not in said
        (said,) = await sari.taps("button.previous")

        assert "5. Kelas 5" in said
        assert len(sari.person.messages()) == count

    async def test_holds_what_this_person_may_take(self, town: Town, sari: Filling) -> None:
        """Those of another kecamatan or sector are counted and not listed; one they are in is listed all the same."""
        await town.training(title="Untuk Brondong", kecamatan=["Brondong"])
        await town.training(title="Untuk Babat", kecamatan=["Babat", "Brondong"])
        await town.training(title="Tenun", sectors=["tenun"])

        (said,) = await sari.writes("/pelatihan")
        assert "Untuk Babat" in said
        assert "Tenun" in said  # her sector is not known yet
        assert "Untuk Brondong" not in said
        assert "1 pelatihan lain" in said

        budi = await town.someone(102, name="Budi", kecamatan="Babat", phone="+6281234500998", sector="kuliner")
        (said,) = await budi.writes("/pelatihan")
        assert "2 pelatihan lain" in said

    async def test_shows_all_to_who_told_nothing(self, town: Town) -> None:
        """What is not known of somebody excludes them from nothing."""
        await town.training(kecamatan=["Brondong"])
        stranger = filling(town.bot, 103)

        (said,) = await stranger.writes("/pelatihan")

        assert "Kemasan" in said

    async def test_leaves_first_places_to_who_is_new(self, town: Town, sari: Filling) -> None:
        """Who was at a training that is over is shown none that is for newcomers, and told why by its link."""
        old = await town.training(days="2026-11-25 08:00")
        await town.fill(old, 1, first=sari.person.id)
        fresh = await town.training(title="Pemula", is_for_new=True)
        assert "Pemula" in (await sari.writes("/pelatihan"))[0]
        seat = await town.seat(sari, old)
        assert seat
        async with town.bot.database.transaction() as session:
            (day,) = await session.exec(select(TrainingDay.id).where(TrainingDay.training_id == old))
            session.add(Attendance(day_id=day, seat_id=seat.id, at=town.clock.now()))
        await town.change(old, state=TrainingState.DONE)

        assert "Pemula" not in (await sari.writes("/pelatihan"))[0]
        assert "belum pernah ikut pelatihan" in (await sari.writes(f"/start pelatihan_{fresh}"))[0]

    async def test_without_any(self, town: Town, sari: Filling) -> None:
        """Nothing ahead is said so, with somewhere to go on; one of others only, with the reason."""
        assert "belum ada pelatihan" in (await sari.writes("/pelatihan"))[0]
        assert sari.buttons == ["📚 Lihat topik"]
        assert "tidak ada pelatihan baru" in (await sari.writes("/daftar"))[0]

        await town.training(kecamatan=["Brondong"])
        assert "/profil" in (await sari.writes("/pelatihan"))[0]

    async def test_leaves_out_what_is_over(self, town: Town, sari: Filling) -> None:
        """Drafts, cancelled ones and those that have begun are not ahead."""
        for state in (TrainingState.DRAFT, TrainingState.CANCELLED, TrainingState.RUNNING):
            await town.change(await town.training(title=state.value), state=state)
        await town.training(title="Esok", days="2026-11-25 08:00")

        assert "Esok" in (await sari.writes("/pelatihan"))[0]
        await town.goes_on("2026-11-25 08:01")
        assert "belum ada pelatihan" in (await sari.writes("/pelatihan"))[0]

    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_speaks_each_language(self, town: Town, language: str) -> None:
        """List, card, and what is passed on come in the person's language, and labels fit on a phone."""
        await town.training(1, contact="Bu Rini", cancel_until=wib("2026-12-01 12:00"), kecamatan=["Babat"])
        sari = await town.someone(language=language)

        assert (await sari.writes("/pelatihan"))[0].startswith(text_of("trainings.list", language)[3:10])
        (card,) = await sari.taps("1. Kemasan")
        assert text_of("trainings.of_kecamatan", language).format(kecamatan="Babat") in card
        await sari.taps("button.text_for_wa")
        assert all(len(label) <= BUTTON_LABEL for label in sari.person.labels())


class TestCard:
    async def test_tells_everything(self, town: Town, sari: Filling) -> None:
        """Days, place, seats, for whom, until when to register and to cancel, whose it is, and whom to ask."""
        number = await town.training(
            3,
            ["2026-12-07 08:00", "2026-12-08 13:00"],
            address="Jl. Lamongrejo 1",
            closes_at=wib("2026-12-04 15:00"),
            cancel_until=wib("2026-12-05 15:00"),
            sectors=["tenun"],
            is_for_new=True,
        )
        await town.fill(number, 1)
        await sari.writes("/pelatihan")

        (card,) = await sari.taps("1. Kemasan")

        for words in (
            "Belajar mengemas.",
            "Senin, 7 Desember 2026, 08.00–12.00 WIB",
            "Selasa, 8 Desember 2026, 13.00–17.00 WIB",
            "MPP Lamongan, Jl. Lamongrejo 1",
            "2 dari 3 kursi",
            "– usaha Tenun ikat dan batik",
            "– yang belum pernah ikut",
            "Daftar paling lambat Jumat, 4 Desember pukul 15.00",
            "Bisa dibatalkan sendiri sampai Sabtu, 5 Desember pukul 15.00",
            "Diskopum",
            "0812-0000-0000",
        ):
            assert words in card, card
        assert sari.buttons[0] == "✅ Daftar"

    async def test_of_a_full_one_offers_the_line(self, town: Town, sari: Filling) -> None:
        """The button says how many wait before; without a line, or with a full one, it says so instead."""
        number = await town.training(1)
        await town.fill(number, 3)
        await sari.writes("/pelatihan")
        await sari.taps("1. Kemasan")
        assert sari.buttons[0] == "Daftar tunggu (2 menunggu)"

        await town.change(number, waiting_cap=2)
        assert "daftar tunggunya juga sudah penuh" in (await sari.writes(f"/start pelatihan_{number}"))[0]
        await town.change(number, has_waiting_list=False)
        assert "tidak memakai daftar tunggu" in (await sari.writes(f"/start pelatihan_{number}"))[0]
        assert "✅ Daftar" not in sari.buttons

    async def test_says_why_not(self, town: Town, sari: Filling) -> None:
        """Closed, cancelled, past, not open yet, not for them: the reason stands there, and no button to register."""
        for values, words in (
            ({"state": TrainingState.CLOSED}, "sudah ditutup"),
            ({"state": TrainingState.CANCELLED}, "dibatalkan"),
            ({"state": TrainingState.RUNNING}, "sedang berjalan"),
            ({"state": TrainingState.DONE}, "sudah lewat"),
            ({"closes_at": wib("2026-11-24 08:00")}, "sudah ditutup"),
            ({"opens_at": wib("2026-11-25 08:00")}, "dibuka besok pukul 08.00"),
            ({"kecamatan": ["Brondong"]}, "khusus untuk pelaku usaha di Brondong"),
        ):
            number = await town.training()
            await town.change(number, **values)

            (card,) = await sari.writes(f"/start pelatihan_{number}")

            assert words in card
            assert "✅ Daftar" not in sari.buttons

    async def test_that_is_off_calls_nobody(self, town: Town, sari: Filling) -> None:
        """It says plainly that it is called off and why: no seats, no picture, nothing to pass on."""
        picture = town.bot.telegram.files.store("photo").file_id
        number = await town.training(picture=picture)
        await town.fill(number, 1, first=sari.person.id)
        await sari.writes(f"/start pelatihan_{number}")
        old = sari.person.messages()[-1]["message_id"]
        async with town.bot.database.transaction() as session:
            await editing.cancel(session, number, "narasumber sakit <b>", audit.TERMINAL, town.clock.now())
        await town.bot.settled()

        (card,) = await sari.writes(f"/start pelatihan_{number}")
        assert "Kemasan dibatalkan." in card
        assert "Alasannya: narasumber sakit <b>" in card
        assert not {"kursi", "terdaftar"} & set(card.lower().split())
        assert sari.buttons == ["✅ Yang bisa didaftari", "🎓 Semua pelatihan", "🙋 Tanya petugas"]
        (said,) = await sari.does(lambda: sari.person.tap_data(old, f"wa:{number}"))
        assert "dibatalkan" in said
        assert "narasumber sakit" in said

    async def test_of_one_that_goes_on(self, town: Town, sari: Filling) -> None:
        """It goes on, so it is neither past nor are there seats to be had."""
        number = await town.training(2, ["2026-12-07 08:00", "2026-12-08 08:00"])
        for at, words in (
            ("07 08:00", "sedang berjalan"),
            ("08 07:00", "sedang berjalan"),
            ("08 12:01", "sudah lewat"),
        ):
            await town.goes_on(f"2026-12-{at}")
            (card,) = await sari.writes(f"/start pelatihan_{number}")
            assert words in card
            assert "kursi masih kosong" not in card

    async def test_shows_what_one_has(self, town: Town, sari: Filling) -> None:
        """Who has a seat sees so, with the way to it in the place of the button."""
        number = await town.training()
        await town.fill(number, 1, first=sari.person.id)

        (card,) = await sari.writes(f"/start pelatihan_{number}")

        assert "Anda terdaftar" in card
        assert sari.buttons[0] == "🎫 Kursi saya"

    async def test_with_its_picture(self, town: Town, sari: Filling) -> None:
        """The card stands under the picture; one too long for that follows it; and one that is gone is left out."""
        picture = town.bot.telegram.files.store("photo").file_id
        number = await town.training(picture=picture)
        await sari.writes("/pelatihan")
        await sari.taps("1. Kemasan")
        shown = sari.person.messages()[-1]
        assert "Belajar mengemas." in shown["caption"]
        assert shown["photo"]
        await sari.taps("button.trainings")
        assert "Pelatihan yang akan datang" in sari.person.messages()[-1]["text"]

        await town.change(number, description="Kata. " * 200)
        await sari.writes(f"/start pelatihan_{number}")
        photo, card = sari.person.messages()[-2:]
        assert photo["caption"] == "🎓 Kemasan"
        assert "MPP Lamongan" in card["text"]

        await town.change(number, description="Pendek.", picture="AgADgone")
        await sari.writes(f"/start pelatihan_{number}")
        assert "Pendek." in sari.person.messages()[-1]["text"]
        assert sari.buttons[0] == "✅ Daftar"

    async def test_with_a_pin(self, town: Town, sari: Filling) -> None:
        """Peta sends the place itself; a training without one has no such button."""
        number = await town.training(latitude=-7.1174, longitude=112.4142)
        await sari.writes(f"/start pelatihan_{number}")

        await sari.taps("button.map")

        assert sari.person.messages()[-1]["location"] == {"latitude": -7.1174, "longitude": 112.4142}
        await town.change(number, latitude=None)
        await sari.taps("button.map")
        assert STALE in sari.person.alerts()[-1]["text"]

    async def test_of_a_title_with_tags(self, town: Town, sari: Filling) -> None:
        """What looks like HTML is shown as it was written, also where a tap is answered."""
        number = await town.training(title="Kemasan <b>& Label", description="1 < 2 & 3")

        (card,) = await sari.writes(f"/start pelatihan_{number}")

        assert "Kemasan <b>& Label" in card
        assert "1 < 2 & 3" in card

    async def test_of_none_there_is(self, town: Town, sari: Filling) -> None:
        """A link that was cut, made up, or of a draft says so and leads on."""
        draft = await town.training()
        await town.change(draft, state=TrainingState.DRAFT)

        for link in ("999", "0", "x", "1" * 30, "٣", "", str(draft)):
            (said,) = await sari.writes(f"/start pelatihan_{link}")
            assert "tidak kami kenal" in said
            assert sari.buttons == ["🎓 Semua pelatihan"]

    async def test_forged_buttons(self, town: Town, sari: Filling) -> None:
        """Numbers of nothing and shapes of nothing do nothing."""
        await sari.writes("/pelatihan")
        at = sari.person.messages()[-1]["message_id"]

        for data in ("training:999", "training:x", "wa:999", "map:999", "trainings:-1", "register:999", "signup:x"):
            await sari.does(lambda data=data: sari.person.tap_data(at, data))
            assert STALE in sari.person.alerts()[-1]["text"], data


class TestPassedOn:
    async def test_by_telegram(self, town: Town, sari: Filling) -> None:
        """Bagikan opens Telegram's own dialogue with the link of the card, which opens it for anybody."""
        number = await town.training(title="Kemasan & Label")
        await sari.writes(f"/start pelatihan_{number}")

        shared = parse_qs(urlsplit(url_under(sari, "button.share")).query)

        username = town.bot.app.application.bot.username
        assert shared == {"url": [f"https://t.me/{username}?start=pelatihan_{number}"], "text": ["Kemasan & Label"]}

    async def test_by_words(self, town: Town, sari: Filling) -> None:
        """Teks untuk WA is plain, in one piece to copy, with day, place and link."""
        number = await town.training(description="Panjang. " * 100)
        await sari.writes(f"/start pelatihan_{number}")

        await sari.taps("button.text_for_wa")

        message = sari.person.messages()[-1]
        (piece,) = [entity for entity in message["entities"] if entity["type"] == "pre"]
        units = message["text"].encode("utf-16-le")
        copied = units[2 * piece["offset"] : 2 * (piece["offset"] + piece["length"])].decode("utf-16-le")
        assert copied.startswith("*Kemasan*")
        assert "Senin, 7 Desember 2026" in copied
        assert "MPP Lamongan" in copied
        assert copied.endswith(f"?start=pelatihan_{number}")
        assert len(copied) < 700

    @pytest.mark.parametrize(
        ("change", "at"),
        [
            ({"state": TrainingState.CLOSED}, "2026-11-24 09:00"),
            ({"closes_at": wib("2026-11-24 08:00")}, "2026-11-24 09:00"),
            ({"has_waiting_list": False}, "2026-11-24 09:00"),
            ({"state": TrainingState.RUNNING}, "2026-12-07 09:00"),
        ],
    )
    async def test_only_what_can_be_joined(self, town: Town, sari: Filling, change: dict[str, object], at: str) -> None:
        """Closed, full without a line, or running: no Bagikan, no WA, and no day until which to register."""
        number = await town.training(1)
        await town.fill(number, 1)
        before = await sari.writes(f"/start pelatihan_{number}")
        assert "📤 Bagikan" in sari.buttons
        await town.change(number, **change)
        town.clock.show(at)
        after = await sari.writes(f"/start pelatihan_{number}")

        assert "Daftar paling lambat" in before[0]
        assert "Daftar paling lambat" not in after[0]
        assert not {"📤 Bagikan", "💬 Teks untuk WA"} & set(sari.buttons)

    async def test_what_is_over_says_so_to_everybody(self, town: Town, sari: Filling) -> None:
        """To who had a seat, too; and who waited is not told that they wait on."""
        number = await town.training(1)
        await town.fill(number, 1, first=sari.person.id)
        budi = await town.someone(102)
        await town.fill(number, 1, first=102)
        await town.goes_on("2026-12-07 09:00")
        assert "Anda terdaftar" in (await sari.writes(f"/start pelatihan_{number}"))[0]
        assert "sedang berjalan" in (await budi.writes(f"/start pelatihan_{number}"))[0]
        await town.goes_on("2026-12-07 20:00")
        for who in (sari, budi):
            assert "sudah lewat" in (await who.writes(f"/start pelatihan_{number}"))[0]

    async def test_closed_and_full_is_closed_in_the_list(self, town: Town, sari: Filling) -> None:
        """Not "full, so many wait": nobody can join that line."""
        number = await town.training(1)
        await town.fill(number, 2)
        await town.change(number, state=TrainingState.CLOSED)
        (said,) = await sari.writes("/pelatihan")

        assert "Pendaftaran ditutup" in said
        assert "menunggu" not in said


class TestOpen:
    async def test_lists_what_can_be_joined_now(self, town: Town, sari: Filling) -> None:
        """Not what is closed, full to the last place in line, for others, or theirs already."""
        await town.training(title="Bisa")
        full = await town.training(1, title="Antre")
        await town.fill(full, 1)
        crowded = await town.training(1, title="Sesak", waiting_cap=0)
        await town.fill(crowded, 1)
        await town.change(await town.training(title="Tutup"), state=TrainingState.CLOSED)
        await town.change(await town.training(title="Nanti"), opens_at=wib("2026-11-25 08:00"))
        await town.training(title="Lain", kecamatan=["Brondong"])
        await town.fill(await town.training(title="Punya"), 1, first=sari.person.id)

        (said,) = await sari.writes("/daftar")

        assert sari.buttons == ["1. Bisa", "2. Antre", "🎓 Semua pelatihan"]
        assert "Penuh, tetapi bisa masuk daftar tunggu" in said
