"""An officer makes an opportunity of any post: it is read, corrected, checked, published now or later, and ended."""

from datetime import UTC, datetime, timedelta

import pytest

from db.models import OpportunityState, Role
from tests.support.composing import taps
from tests.support.offices import ON_SQLITE, Offices
from tests.support.opportunities import buttons, owner, told
from tests.support.posting import BUYER, CHECK, LATER, NEW, NOW, OF_POST, begins, made, newest, number
from tests.support.training_office import does


class TestPost:
    async def test_forwarded_becomes_a_draft(self, offices: Offices) -> None:
        """What it says is read and marked; the officer sees what is still missing; nobody is told yet."""
        one = await made(offices)
        sheet = offices.rini.texts()[-1]

        assert (one.office, one.state, one.kind.value, one.market) == (
            "diskopum",
            OpportunityState.DRAFT,
            "export",
            "JP",
        )
        assert (one.products, one.needs, one.capacity, one.place) == (["tenun"], ["nib"], 500, "Balai Contoh")
        assert one.deadline == datetime(2026, 12, 4, 9, 0, tzinfo=UTC)
        assert (one.source, one.link) == ("Toko Contoh Tokyo", "https://contoh.id/tenun")
        assert "🔎 Pasar: Jepang" in sheet
        assert "🔎 Batas waktu: Jumat, 4 Desember pukul 16.00" in sheet
        assert "❗" not in sheet.replace("bertanda ❗", "")
        assert offices.sari.texts() == []

    @ON_SQLITE
    async def test_forwarded_is_read_as_of_its_own_day(self, offices: Offices) -> None:
        """A day without a year is not moved on to the next one: that it is over is said."""
        await begins(offices)
        offices.bot.telegram.clock = datetime(2026, 2, 1, tzinfo=UTC).timestamp
        offices.rini.forward("Lomba kemasan UMKM Contoh\nPaling lambat tanggal 10\nInfo: https://contoh.id/lomba")
        await offices.settled()
        await does(offices, offices.rini, OF_POST)

        assert "10 Februari 2026" in offices.rini.texts()[-1]
        assert (await newest(offices)).deadline is None

    async def test_written_long_is_offered_too(self, offices: Offices) -> None:
        """So is a long text of the officer's own; a short one is a question like any other."""
        assert OF_POST not in (await does(offices, offices.rini, ">cara bikin nib gimana"), offices.rini.labels())[1]
        for post in ("Dear Sir, we look for batik scarves in Osaka, 300 pcs. Deadline 10 February 2026.", BUYER):
            await does(offices, offices.rini, f">{post}")
            assert OF_POST in offices.rini.labels()

    async def test_of_anybody_else_is_not(self, offices: Offices) -> None:
        """An entrepreneur and a reader are answered as always, and a forged button makes nothing."""
        await offices.make(offices.tono, Role.READER)
        for somebody in (offices.sari, offices.tono):
            somebody.write("/start")
            await offices.settled()
            somebody.forward(BUYER)
            await offices.settled()
            assert OF_POST not in somebody.labels()
            await taps(offices, "opp_of_post:0", somebody)

        assert await number(offices) == 0

    async def test_with_a_picture_keeps_it(self, offices: Offices) -> None:
        """A poster's caption is read, and the poster goes along."""
        await begins(offices)
        offices.rini.sends("photo", BUYER)
        await offices.settled()
        await does(offices, offices.rini, OF_POST)
        one = await newest(offices)

        assert one.file is not None
        assert one.file["kind"] == "photo"
        assert one.market == "JP"

    async def test_hides_its_link_under_a_word(self, offices: Offices) -> None:
        """The address is read all the same."""
        await begins(offices)
        offices.rini.forward('Bazar UMKM, daftar <a href="https://contoh.id/daftar">di sini</a>', html=True)
        await offices.settled()
        await does(offices, offices.rini, OF_POST)

        assert (await newest(offices)).link == "https://contoh.id/daftar"

    async def test_tapped_twice_makes_one(self, offices: Offices) -> None:
        """The second tap leads to the draft that is there."""
        await begins(offices)
        offices.rini.forward(BUYER)
        await offices.settled()
        message = offices.rini.messages()[-1]["message_id"]
        for _ in range(2):
            offices.rini.tap_data(message, "opp_of_post:0")
        await offices.settled()

        assert await number(offices) == 1
        assert "sudah dijadikan konsep tadi" in offices.rini.texts()[-1]

    async def test_out_of_reach_is_asked_for_again(self, offices: Offices) -> None:
        """A button that stands under no post any more says what to do."""
        await begins(offices)
        await taps(offices, "opp_of_post:0", offices.rini)

        said = [*offices.rini.texts()[-1:], *(str(one["text"]) for one in offices.rini.alerts()[-1:])]
        assert any("sudah tidak terjangkau" in one for one in said)

    async def test_past_its_deadline_says_so(self, offices: Offices) -> None:
        """A deadline that has passed is told and left empty: it is the officer's to say whether it holds."""
        await made(offices, "Dicari supplier kerupuk. Batas 12 November 2026")

        assert "12 November 2026, sudah lewat" in offices.rini.texts()[-1]
        assert (await newest(offices)).deadline is None

    async def test_of_an_admin_is_asked_for_its_office(self, offices: Offices) -> None:
        """Who serves several offices says for which it is."""
        await does(offices, offices.wati, ">/start")
        offices.wati.forward(BUYER)
        await offices.settled()
        await does(offices, offices.wati, OF_POST, "Disperindag")

        assert (await newest(offices)).office == "disperindag"

    @ON_SQLITE
    async def test_says_what_it_does_not_say(self, offices: Offices) -> None:
        """What was not read and stands there all the same is a guess, and looks like one; so does what to look at."""
        await made(
            offices, "Toko Contoh, hub 0812-0000-0000. Batas 9 Desember. Daftar http://contoh.id/a\nSumber: Toko"
        )
        sheet = offices.rini.texts()[-1]

        assert "❔ Jenis: Pembeli (belum disebut" in sheet
        assert "❔ Pasar: dalam negeri (belum disebut" in sheet
        assert "❔ Produk: semua produk (belum disebut" in sheet
        assert "Ada nomor HP di teks" in sheet
        assert "Tautan http belum bisa dipasang" in sheet
        await does(offices, offices.rini, "Pasar", "Jepang")
        assert "\nPasar: Jepang" in offices.rini.texts()[-1]
        await does(offices, offices.rini, CHECK)
        assert NOW not in buttons(offices.rini)
        await taps(offices, f"opp_publish:{(await newest(offices)).id}.00000000.7", offices.rini)
        said = await does(offices, offices.rini, CHECK, "✅ Ya, semua produk")
        assert "Begini orang melihatnya" in said
        await does(offices, offices.rini, NOW)
        assert (await newest(offices)).state is OpportunityState.OPEN

    @ON_SQLITE
    async def test_of_an_album_is_offered_once(self, offices: Offices) -> None:
        """Under the picture that has the words."""
        await begins(offices)
        offices.rini.sends_album(("photo", "photo", "photo"), BUYER)
        await offices.settled()
        assert offices.rini.labels().count(OF_POST) == 1
        await does(offices, offices.rini, OF_POST)

        one = await newest(offices)
        assert one.file is not None
        assert one.market == "JP"

    @ON_SQLITE
    async def test_is_checked_in_a_sentence(self, offices: Offices) -> None:
        """An officer who forwards one is offered the opportunity first; the check is one sentence, the whole a tap."""
        await begins(offices)
        offices.rini.forward(BUYER)
        await offices.settled()
        said = offices.rini.texts()[-1]

        assert said.startswith("Mau dijadikan peluang?")
        assert len(said.splitlines()) == 3
        assert buttons(offices.rini) == [OF_POST, "🔎 Cek pesan ini"]
        assert "Bukan pengumuman kami" in await does(offices, offices.rini, "🔎 Cek pesan ini")

    async def test_is_sent_after_new(self, offices: Offices) -> None:
        """Peluang baru takes any message; what holds nothing to read is refused, and the step waits."""
        await begins(offices)
        await taps(offices, "opp_desk:0", offices.rini)
        await does(offices, offices.rini, NEW)
        offices.rini.sends("sticker")
        await offices.settled()
        assert "tidak ada yang bisa saya baca" in offices.rini.texts()[-1]
        await does(offices, offices.rini, ">Lomba kemasan, deadline 10 Jan")

        one = await newest(offices)
        assert (one.kind.value, one.title) == ("contest", "Lomba kemasan, deadline 10 Jan")


class TestFields:
    @ON_SQLITE
    @pytest.mark.parametrize(
        ("label", "typed", "name", "kept"),
        [
            ("Judul", "Toko cari tenun", "title", "Toko cari tenun"),
            ("Yang dicari", "Kain 2 x 1 m", "sought", "Kain 2 x 1 m"),
            ("Kapasitas", "1.500 pcs", "capacity", 1500),
            ("Tempat", "Pendopo", "place", "Pendopo"),
            ("Batas waktu", "5 Desember", "deadline", datetime(2026, 12, 5, 16, 59, tzinfo=UTC)),
            ("Batas waktu", "besok jam 8", "deadline", datetime(2026, 11, 25, 1, 0, tzinfo=UTC)),
            ("Sumber", "Dinas Contoh", "source", "Dinas Contoh"),
            ("Tautan", "contoh.id/baru", "link", "https://contoh.id/baru"),
        ],
    )
    async def test_are_typed(self, offices: Offices, label: str, typed: str, name: str, kept: object) -> None:
        """Each is corrected by one message, and is no longer marked as read."""
        await made(offices)
        assert "Sudah disimpan" in await does(offices, offices.rini, label, f">{typed}")

        one = await newest(offices)
        assert getattr(one, name) == kept
        assert name not in one.read

    @ON_SQLITE
    @pytest.mark.parametrize(
        ("label", "typed", "told"),
        [
            ("Batas waktu", "1 November 2026", "sudah lewat"),
            ("Batas waktu", "kapan saja", "belum terbaca sebagai tanggal"),
            ("Tautan", "http://contoh.id", "diawali https"),
            ("Tautan", "di bio ya", "bukan tautan"),
            ("Tautan", f"contoh.id/{'a' * 500}", "518 huruf, paling banyak 500"),
            ("Kapasitas", "banyak", "angka"),
            ("Judul", "a" * 81, "81 huruf"),
            ("Sumber", "🎉", "kata-kata"),
        ],
    )
    async def test_that_cannot_be_are_refused(self, offices: Offices, label: str, typed: str, told: str) -> None:
        """In a sentence that says what would do; the way back is there, and nothing has changed."""
        before = await made(offices)
        said = await does(offices, offices.rini, label, f">{typed}")

        assert told in said
        assert "⬅️ Kembali" in offices.rini.labels()
        assert (await newest(offices)).changed_at == before.changed_at

    async def test_are_chosen(self, offices: Offices) -> None:
        """Kind and market by a tap, products, needs and kecamatan by ticks kept at once, switches by one tap."""
        await made(offices)
        await does(offices, offices.rini, "Jenis", "Pameran", "Pasar", "Malaysia", "Sifat syarat", "Mendesak")
        await does(offices, offices.rini, "Produk", "Konveksi dan bordir", "✅ Simpan")
        await does(offices, offices.rini, "Syarat", "✓ NIB", "sertifikat halal", "✅ Simpan")
        await does(offices, offices.rini, "Kecamatan", "Babat", "✅ Simpan")

        one = await newest(offices)
        assert (one.kind.value, one.market, one.is_strict, one.is_urgent) == ("fair", "MY", True, True)
        assert (one.products, one.needs, one.kecamatan) == (["tenun", "konveksi"], ["halal"], ["Babat"])
        await does(offices, offices.rini, "Produk", "Semua produk", "Kecamatan", "Semua kecamatan")
        assert ((await newest(offices)).products, (await newest(offices)).kecamatan) == (None, None)

    @ON_SQLITE
    async def test_are_ticked_by_typing_too(self, offices: Offices) -> None:
        """Names that there are get their tick, beside those that have one; others are asked for by the buttons."""
        await made(offices)
        await does(offices, offices.rini, "Kecamatan", "Brondong", ">babat dan Modo")
        assert {"✓ Babat", "✓ Brondong", "✓ Modo"} <= set(offices.rini.labels())
        await does(offices, offices.rini, ">Surabaya")
        assert "Surabaya" not in offices.rini.labels()
        await does(offices, offices.rini, ">paciran", "✅ Simpan")

        assert (await newest(offices)).kecamatan == ["Babat", "Brondong", "Modo", "Paciran"]

    async def test_hold_a_file(self, offices: Offices) -> None:
        """A document is taken, words are not; and it can be taken out again."""
        await made(offices)
        await does(offices, offices.rini, "Gambar atau berkas", ">ini gambarnya")
        assert (await newest(offices)).file is None
        offices.rini.sends("document")
        await offices.settled()
        assert ((await newest(offices)).file or {})["kind"] == "document"
        await does(offices, offices.rini, "Gambar atau berkas", "Kosongkan")
        assert (await newest(offices)).file is None

    async def test_of_another_office_stay(self, offices: Offices) -> None:
        """For an officer of another office it does not exist."""
        one = await made(offices)
        await does(offices, offices.budi, ">/start")
        for data in (f"opp_sheet:{one.id}", f"opp_set:{one.id}.market.MY", f"opp_dropped:{one.id}"):
            await taps(offices, data, offices.budi)

        assert (await newest(offices)).market == "JP"


class TestPublishing:
    async def test_shows_what_people_see_and_how_many(self, offices: Offices) -> None:
        """The card, and the number of those it fits; then it is out, and they are told."""
        await owner(offices, offices.sari, sector="tenun")
        await made(offices)
        shown = await does(offices, offices.rini, CHECK)
        assert "Begini orang melihatnya" in shown
        assert "Cocok untuk 1 orang" in shown
        assert "sedang dikabarkan ke sekitar 1 orang" in await does(offices, offices.rini, NOW)
        await told(offices)

        assert "ain tenun ikat" in offices.sari.texts()[-1]
        assert "Dikabari: 1" in await does(offices, offices.rini, "🔄 Perbarui")
        assert "Sudah terbit" not in offices.rini.texts()[-1]

    async def test_with_a_file_shows_it(self, offices: Offices) -> None:
        """The picture comes with the card under it, and the question after."""
        await begins(offices)
        offices.rini.sends("photo", BUYER)
        await offices.settled()
        await does(offices, offices.rini, OF_POST, CHECK)

        assert "ain tenun ikat" in offices.rini.messages()[-2]["caption"]
        assert NOW in offices.rini.labels()

    async def test_waits_for_what_is_missing(self, offices: Offices) -> None:
        """Without deadline or source it does not go out, and both are named."""
        one = await made(offices, "Dicari supplier kerupuk udang, halal")
        await does(offices, offices.rini, CHECK)
        said = [*offices.rini.texts()[-1:], *(str(one["text"]) for one in offices.rini.alerts()[-1:])]

        assert any("Batas waktu" in text and "Sumber" in text and "belum bisa terbit" in text for text in said)
        assert (await newest(offices)).state is one.state

    async def test_later_waits_for_its_time(self, offices: Offices) -> None:
        """Scheduled it goes out by itself; until then it can be called off."""
        await owner(offices, offices.sari, sector="tenun")
        await made(offices)
        assert "sudah lewat" in await does(offices, offices.rini, CHECK, LATER, ">24-11-2026 08.00")
        assert "sesudah batas waktunya" in await does(offices, offices.rini, ">5-12-2026 08.00")
        assert "besok pukul 08.00" in await does(offices, offices.rini, ">besok jam 8")
        assert (await newest(offices)).state is OpportunityState.SCHEDULED
        await does(offices, offices.rini, "✏️ Batal terbit", CHECK, LATER, ">besok jam 8")
        offices.clock.at += timedelta(days=1)
        await told(offices)

        assert (await newest(offices)).state is OpportunityState.OPEN
        assert "ain tenun ikat" in offices.sari.texts()[-1]

    async def test_is_of_what_was_checked(self, offices: Offices) -> None:
        """What a colleague changed meanwhile is not published unseen."""
        one = await made(offices)
        await does(offices, offices.rini, CHECK)
        await does(offices, offices.tono, ">/start")
        await taps(offices, f"opp_set:{one.id}.market.MY", offices.tono)
        said = await does(offices, offices.rini, NOW)

        assert "baru saja diubah" in said
        assert (await newest(offices)).state is OpportunityState.DRAFT

    async def test_happens_once(self, offices: Offices) -> None:
        """Two officers who tap at the same moment publish it once, and drop nothing that is out."""
        one = await made(offices)
        await does(offices, offices.rini, CHECK)
        await does(offices, offices.tono, ">/start")
        await taps(offices, f"opp_check:{one.id}", offices.tono)
        offices.rini.tap(NOW)
        offices.tono.tap(NOW)
        await offices.settled()
        screens = sorted((offices.rini.texts()[-1], offices.tono.texts()[-1]))
        assert screens[0].startswith("Peluang ini sudah terbit")
        assert screens[1].startswith("✅ Sudah terbit")
        await taps(offices, f"opp_dropped:{one.id}", offices.tono)

        assert (await newest(offices)).state is OpportunityState.OPEN
        deeds = [deed for _, deed, _ in await offices.deeds()]
        assert deeds.count("opportunity.published") == 1

    async def test_can_be_dropped_instead(self, offices: Offices) -> None:
        """Asked once; then it is gone from the list."""
        await made(offices)
        await does(offices, offices.rini, "🗑 Buang", "🗑 Ya, buang", "⬅️ Kembali")

        assert (await newest(offices)).state is OpportunityState.DROPPED
        assert "Belum ada" in offices.rini.texts()[-1]
