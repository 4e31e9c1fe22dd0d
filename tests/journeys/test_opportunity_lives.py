"""Two invented lives, from the first day on: a maker of kerupuk who sells at home, a weaver who exports to Japan."""

from datetime import timedelta

from db.models import InterestAnswer, MailState
from domain.opportunities.kinds import markets_of
from simulator import Person as Somebody
from tests.support.filling import NUMBER
from tests.support.interests import opens
from tests.support.offices import Offices
from tests.support.opportunities import (
    buttons,
    interest_of,
    mails_of,
    person_of,
    profile_of,
    publish,
    taps,
    told,
)
from tests.support.posting import CHECK, NOW, OF_POST, newest
from tests.support.training_office import does

SHOP = (
    "Toko oleh-oleh cari kerupuk\nDicari: kerupuk ikan dalam kemasan, kapasitas 100 pcs/bulan\n"
    "Syarat: halal, PIRT\nPaling lambat 9 Desember 2026\nSumber: Toko Contoh, Surabaya"
)


async def writes(offices: Offices, who: Somebody, *texts: str) -> None:
    for text in texts:
        who.write(text)
        await offices.settled()


async def fills_in(offices: Offices, who: Somebody, name: str, business: str, sector: str, products: str) -> None:
    """/profil from the agreement to the phone, as everybody does it."""
    await writes(offices, who, "/start", "/profil")
    await taps(offices, who, "✅ Setuju", "✍️ Isi semua")
    await writes(offices, who, name, business)
    await taps(offices, who, sector, "Babat")
    await writes(offices, who, products)
    who.shares_contact(NUMBER)
    await offices.settled()


async def hears_only_of(offices: Offices, who: Somebody, market: str) -> None:
    """/langganan: every other market is switched off, one by one."""
    await writes(offices, who, "/langganan")
    await taps(offices, who, "📣 Atur kabar peluang", "🌏 Pasar")
    others = [label for label in buttons(who) if label.startswith("✅ ") and label != f"✅ {market}"]
    assert len(others) == len(markets_of(offices.bot.app.house.district)) - 1
    await taps(offices, who, *others, "⬅️ Kembali")


class TestMakerOfKerupuk:
    async def test_lives(self, offices: Offices) -> None:
        """She hears of what is sought at home, declines what is too far, and takes what she can: halal is asked of her
        in one tap, and what she lacks is explained.
        """
        yanti = offices.telegram.person(101, first_name="Yanti")
        await fills_in(
            offices, yanti, "Bu Yanti", "Kerupuk Yanti", "Makanan dan minuman", "kerupuk ikan, kerupuk bawang"
        )
        id = (await person_of(offices.bot, yanti)).id

        # She sells at home only.
        await hears_only_of(offices, yanti, "dalam negeri")
        assert "Pasar: dalam negeri\n" in yanti.texts()[-1]
        before = len(yanti.texts())
        await publish(offices, title="Importir Seoul", market="KR", products=["makanan"])
        await publish(offices, title="Grosir kain", products=["konveksi"])
        assert len(yanti.texts()) == before

        # One is too far.
        await publish(offices, title="Bazar di Banyuwangi", kind="fair", place="Banyuwangi")
        await taps(offices, yanti, "👎 Tidak cocok")
        assert "Atur kabar peluang" in await taps(offices, yanti, "Tempatnya jauh")

        # The other one suits her.
        await does(offices, offices.budi, ">/start")
        offices.budi.forward(SHOP)
        await offices.settled()
        await does(offices, offices.budi, OF_POST, CHECK, NOW)
        await told(offices)
        number = (await newest(offices)).id
        assert {"🙋 Berminat", "👎 Tidak cocok", "💬 Tanya"} <= set(buttons(yanti))
        assert "Boleh dinas meneruskan" in await taps(offices, yanti, "🙋 Berminat")
        asked = yanti.texts()[-2]
        assert "sertifikat halal: belum diisi" in asked
        yanti.tap("✅ Halal: sudah")
        await offices.settled()
        yanti.tap("✖️ PIRT: belum")
        await offices.settled()
        card = yanti.texts()[-2]
        assert "✅ sertifikat halal: Anda punya" in card
        assert "⚠️ PIRT: belum Anda punya" in card
        assert "PIRT" in await taps(offices, yanti, "📖 Cara urus PIRT")

        # She would rather be asked first.
        await taps(offices, yanti, "🔒 Jangan dulu")
        assert any("bertanya dulu kalau perlu" in text for text in yanti.texts())
        theirs, profile = await interest_of(offices.bot, id, number), await profile_of(offices.bot, id)
        assert theirs
        assert profile
        assert (theirs.answer, theirs.may_share) == (InterestAnswer.INTERESTED, False)
        assert (profile.halal, profile.pirt) == ("yes", "no")
        shown = await offices.bot.says(yanti, "/peluang")
        assert shown.index("Toko oleh-oleh cari kerupuk") < shown.index("Bazar di Banyuwangi")


class TestWeaver:
    async def test_lives(self, offices: Offices) -> None:
        """He hears on Mondays at eight of what Japan seeks, lets his number go on, sees that he was handed on, and at
        last that it is over.
        """
        karto = offices.telegram.person(102, first_name="Karto")
        await fills_in(offices, karto, "Pak Karto", "Tenun Karto", "Tenun ikat dan batik", "sarung, selendang")
        id = (await person_of(offices.bot, karto)).id
        await hears_only_of(offices, karto, "Jepang")
        await taps(offices, karto, "⏰ Seberapa sering", "⬜ Seminggu sekali")
        said = await taps(offices, karto, "⬅️ Kembali")
        assert "Pasar: Jepang\n" in said
        assert "Senin pukul 08.00" in said

        # What comes during the week waits for Monday.
        weavers = {"products": ["tenun"], "deadline": offices.now() + timedelta(days=14)}
        osaka = await publish(offices, title="Pembeli sarung dari Osaka", market="JP", **weavers)
        await publish(offices, title="Pameran Kyoto", market="JP", **weavers)
        await publish(offices, title="Toko Malang", **weavers)
        await told(offices)
        assert await mails_of(offices.bot, id) == []
        offices.clock.show("2026-11-30 08:00")
        await told(offices)
        assert [mail.state for mail in await mails_of(offices.bot, id)] == [MailState.SENT]
        assert "2 peluang" in karto.texts()[-1]
        assert "Toko Malang" not in karto.texts()[-1]

        # He takes one, and his number may go on.
        await taps(offices, karto, "1. Pembeli sarung dari Osaka", "🙋 Berminat")
        assert "Terima kasih" in await taps(offices, karto, "✅ Ya, boleh")
        theirs = await interest_of(offices.bot, id, osaka)
        assert theirs
        assert theirs.may_share is True

        # He is handed on, and sees it.
        await opens(offices, osaka, "1. 🆕 Pak Karto", "📨 Diteruskan")
        assert "Minat Anda sudah diteruskan" in karto.texts()[-1]
        await writes(offices, karto, "/peluang")
        assert "Sudah diteruskan ke yang mencari" in await taps(offices, karto, "🙋 Minat saya")

        # It is over; the digest that told of it says so, and nothing more can be said to it.
        await does(offices, offices.budi, "⬅️ Kembali", "⬅️ Kembali", "🔒 Tutup", ">pembelinya sudah memilih")
        await told(offices)
        assert any("🔒 sudah ditutup" in text and "Pameran Kyoto" in text for text in karto.texts())
        card = await offices.bot.says(karto, f"/start peluang_{osaka}")
        assert "Pembelinya sudah memilih" in card
        assert "Sudah diteruskan" in card
        assert "↩️ Batal minat" not in buttons(karto)
