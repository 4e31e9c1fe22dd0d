"""An opportunity that is out, and the list of an office's: changed, closed, taken back, and found again."""

from bot.opportunities.table import import_file
from db.models import OpportunityState, Role
from tests.repo.tree import ROOT
from tests.support.composing import taps
from tests.support.offices import Offices
from tests.support.opportunities import buttons, owner, publish, told
from tests.support.posting import CHECK, NEW, NOW, begins, made, newest
from tests.support.training_office import does

EXAMPLE = ROOT / "docs" / "contoh-peluang.csv"


class TestAfterwards:
    async def out(self, offices: Offices) -> int:
        """One of Diskopum's that Sari was told of, on Rini's screen."""
        await owner(offices, offices.sari, sector="makanan")
        id = await publish(offices, office="diskopum")
        await begins(offices)
        await taps(offices, f"opp_sheet:{id}", offices.rini)
        return id

    async def test_can_be_changed(self, offices: Offices) -> None:
        """A changed place reaches the messages people have."""
        await self.out(offices)
        said = await does(offices, offices.rini, "✏️ Ubah isi", "Tempat", ">Pendopo Lamongan")
        await told(offices)

        assert "ikut diperbarui" in said
        assert "Pendopo Lamongan" in offices.sari.texts()[-1]

    async def test_cannot_lose_what_it_needs(self, offices: Offices) -> None:
        """A deadline in the past is refused for one that is out, too."""
        await self.out(offices)

        assert "sudah lewat" in await does(offices, offices.rini, "✏️ Ubah isi", "Batas waktu", ">1-11-2026")

    async def test_can_be_closed(self, offices: Offices) -> None:
        """With a reason that people read."""
        await self.out(offices)
        await does(offices, offices.rini, "🔒 Tutup", ">Kuota sudah penuh")
        await told(offices)

        assert (await newest(offices)).state is OpportunityState.CLOSED
        for somebody in (offices.rini, offices.sari):
            assert "Kuota sudah penuh" in somebody.texts()[-1]

    async def test_can_be_taken_back(self, offices: Offices) -> None:
        """Asked once, for the reason; what people have says so from then on."""
        await self.out(offices)
        asked = await does(offices, offices.rini, "❌ Tarik")
        assert "Tarik peluang ini?" in asked
        await does(offices, offices.rini, ">Pembelinya batal")
        await told(offices)

        assert (await newest(offices)).state is OpportunityState.WITHDRAWN
        assert "Pembelinya batal" in offices.sari.texts()[-1]

    async def test_ends_with_a_reason_in_words(self, offices: Offices) -> None:
        """Without one nothing is ended, and "deadline" is a word like any other."""
        await self.out(offices)
        assert "kata-kata" in await does(offices, offices.rini, "🔒 Tutup", ">🎉")
        await does(offices, offices.rini, ">deadline")
        await told(offices)

        assert (await newest(offices)).why_closed == "Deadline"
        assert "sudah ditutup" in offices.sari.texts()[-1]

    async def test_is_left_as_it_is(self, offices: Offices) -> None:
        """Tidak jadi ends the question: what is written next is no reason."""
        await self.out(offices)
        await does(offices, offices.rini, "❌ Tarik", "Tidak jadi", ">terima kasih")

        assert (await newest(offices)).state is OpportunityState.OPEN

    async def test_takes_no_field_typed_too_late(self, offices: Offices) -> None:
        """What a colleague closed meanwhile is told, and the step does not wait on."""
        id = await self.out(offices)
        await does(offices, offices.rini, "✏️ Ubah isi", "Tempat")
        await does(offices, offices.tono, ">/start")
        await taps(offices, f"opp_close:{id}", offices.tono)
        await does(offices, offices.tono, ">Sudah penuh")
        said = await does(offices, offices.rini, ">Pendopo")

        assert "sudah ditutup" in said
        assert (await newest(offices)).place == ""

    async def test_tells_those_interested_of_what_changed(self, offices: Offices) -> None:
        """Place and requirements, and how strict these are: once each, ticked off together; the sheet counts them."""
        id = await self.out(offices)
        await does(offices, offices.sari, "🙋 Berminat")
        seen = len(offices.sari.texts())
        await does(offices, offices.rini, "✏️ Ubah isi", "Sifat syarat", "✏️ Ubah isi", "Sifat syarat")
        assert "yang berminat dikabari" not in offices.rini.texts()[-1]
        await does(offices, offices.rini, "✏️ Ubah isi", "Tempat", ">Pendopo Lamongan")
        await does(offices, offices.rini, "✏️ Ubah isi", "Syarat", "NIB", "PIRT", "✅ Simpan")
        said = await does(offices, offices.rini, "✏️ Ubah isi", "Sifat syarat")
        await told(offices)

        news = [text for text in offices.sari.texts()[seen:] if text.startswith("🔔 Ada perubahan")]
        assert len(news) == 3
        assert "Tempat: Pendopo Lamongan (tadinya belum disebut)" in news[0]
        assert "NIB" in news[1]
        assert "PIRT" in news[1]
        assert "Sifat syarat: wajib sudah punya (tadinya boleh menyusul)" in news[2]
        assert "yang berminat dikabari" in said
        assert "🙋 Berminat: 1" in await taps(offices, f"opp_sheet:{id}", offices.rini)
        assert "Sari" in await taps(offices, f"opp_who:{id}.0", offices.rini)


class TestList:
    async def test_puts_what_has_no_deadline_last(self, offices: Offices) -> None:
        """Among drafts, whatever database it is."""
        await made(offices, "Dicari supplier kerupuk udang")
        await made(offices)
        said = await does(offices, offices.rini, ">/peluang", "🗂 Kelola peluang")

        assert said.index("tenun") < said.index("kerupuk")

    async def test_is_reached_from_peluang(self, offices: Offices) -> None:
        """Officers see their buttons there; entrepreneurs do not, and a reader makes nothing."""
        await does(offices, offices.rini, ">/peluang")
        assert {NEW, "🗂 Kelola peluang"} <= set(offices.rini.labels())
        await offices.make(offices.tono, Role.READER)
        await does(offices, offices.tono, ">/peluang")
        assert NEW not in offices.tono.labels()
        await does(offices, offices.tono, "🗂 Kelola peluang")
        assert NEW not in offices.tono.labels()
        await does(offices, offices.sari, ">/peluang")
        assert "🗂 Kelola peluang" not in offices.sari.labels()

    async def test_shows_where_each_stands(self, offices: Offices) -> None:
        """Drafts first, then what is out; another office's are not there."""
        await made(offices)
        await publish(offices, office="diskopum")
        await publish(offices, office="disperindag", title="Punya dinas lain")
        await taps(offices, "opp_desk:0", offices.rini)
        said = offices.rini.texts()[-1]

        assert "1. 📝" in said
        assert "2. 🟢 Toko oleh-oleh cari pemasok" in said
        assert "Punya dinas lain" not in said

    async def test_holds_what_a_table_brought(self, offices: Offices) -> None:
        """Imported while the bot runs, each line is a draft of its office; published from there it is in /peluang."""
        await owner(offices, offices.sari, sector="makanan")
        faults, _ = await import_file(offices.bot.app.settings, EXAMPLE.read_bytes(), offices.now())
        listed = await does(offices, offices.budi, ">/peluang", "🗂 Kelola peluang")
        assert faults == []
        assert "Contoh: pembeli di Jepang cari kain tenun" in listed
        assert "pameran di alun-alun" not in listed
        snacks = next(label for label in buttons(offices.budi) if "toko oleh" in label)
        await does(offices, offices.budi, snacks, CHECK, NOW)
        await told(offices)

        assert "Contoh: toko oleh-oleh cari camilan" in offices.sari.texts()[-1]
        assert "Contoh: toko oleh-oleh cari camilan" in await does(offices, offices.sari, ">/peluang")
