"""/langganan, the part about opportunities: what one hears of, how often and when not, in a sentence and by buttons."""

import pytest

from db.models import Wishes
from domain.opportunities import kinds, wishes
from tests.support.offices import ON_SQLITE, Offices
from tests.support.opportunities import DISTRICT, buttons, forge, mails_of, owner, publish, taps, told, wishes_of

OPEN = "📣 Atur kabar peluang"
LAST = "Harus ada satu yang dipilih"
STALE = "sudah tidak berlaku"


async def opened(offices: Offices, **profile: str) -> int:
    """Sari has that profile, and Atur kabar peluang before her; returns our id of her."""
    id = await owner(offices, offices.sari, **profile)
    await offices.bot.says(offices.sari, "/langganan")
    await taps(offices, offices.sari, OPEN)
    return id


async def kept(offices: Offices, id: int) -> Wishes:
    found = await wishes_of(offices.bot, id)
    assert found
    return found


class TestSummary:
    async def test_says_what_they_will_get(self, offices: Offices) -> None:
        """A line each: products, markets, kinds, kecamatan, how often, how many at most, and when not."""
        await opened(offices, sector="makanan")

        assert (
            "🧺 Produk: Makanan dan minuman (dari profil)\n🌏 Pasar: semua pasar\n🏷 Jenis: semua jenis\n"
            "🏘 Acara khusus kecamatan: belum ada; kecamatan Anda bisa diisi di /profil\n"
            "⏰ Kapan: langsung begitu ada\n📬 Paling banyak 3 pesan seminggu, di luar yang mendesak\n"
            "🌙 Jam tenang: pukul 21.00–06.00" in offices.sari.texts()[-1]
        )

    async def test_is_a_screen_of_its_own(self, offices: Offices) -> None:
        """/langganan has one button that leads to it, and it leads back there."""
        await owner(offices, offices.sari, sector="makanan")
        await offices.bot.says(offices.sari, "/langganan")
        topics = buttons(offices.sari)
        assert topics[-3:] == [OPEN, "🔕 Berhenti semua", "📚 Lihat topik"]

        await taps(offices, offices.sari, OPEN)
        lists = ["🧺 Produk", "🌏 Pasar", "🏷 Jenis", "🏘 Kecamatan", "⏰ Seberapa sering", "🌙 Jam tenang"]
        assert buttons(offices.sari) == [*lists, "⚙️ Atur langganan"]
        await taps(offices, offices.sari, "⚙️ Atur langganan")
        assert buttons(offices.sari) == topics

    @ON_SQLITE
    async def test_stands_beside_what_told_of_something(self, offices: Offices) -> None:
        """Opened below a notice, it and /langganan are new messages: the notice goes on saying what it says."""
        await owner(offices, offices.sari, sector="makanan")
        await publish(offices, title="Kafe cari kerupuk")
        notice = offices.sari.messages()[-1]["message_id"]

        for data in ("follow_list:0", "wish_menu:show"):
            offices.sari.tap_data(notice, data)
            await offices.settled()

        assert "Kafe cari kerupuk" in next(m["text"] for m in offices.sari.messages() if m["message_id"] == notice)
        assert "Atur kabar peluang" in offices.sari.texts()[-1]

    async def test_follows_each_choice(self, offices: Offices) -> None:
        """Two products, two markets, all kinds, weekly: it says just that."""
        await opened(offices, sector="tenun")
        for data in (
            "wish_on:products.0.konveksi",
            *(f"wish_off:markets.0.{code}" for code in (*DISTRICT.countries, "other")),
        ):
            await forge(offices, offices.sari, data)
        await forge(offices, offices.sari, "wish_on:markets.0.JP")
        await forge(offices, offices.sari, "wish_rhythm:weekly")
        await forge(offices, offices.sari, "wish_quiet:none")
        await forge(offices, offices.sari, "wish_menu:show")

        shown = offices.sari.texts()[-1]
        assert "Tenun ikat dan batik, Konveksi dan bordir\n🌏 Pasar: dalam negeri dan Jepang\n" in shown
        assert "⏰ Kapan: tiap Senin pukul 08.00\n" in shown
        assert "🌙 Jam tenang: tidak ada" in shown

    async def test_says_what_is_left_out_where_it_is_little(self, offices: Offices) -> None:
        """Of nearly all it names those that are not."""
        await opened(offices, sector="tenun")
        for data in ("wish_off:markets.0.AU", "wish_off:kinds.0.contest", "wish_menu:show"):
            await forge(offices, offices.sari, data)

        assert "semua pasar kecuali Australia\n🏷 Jenis: semua jenis kecuali Lomba" in offices.sari.texts()[-1]

    async def test_says_that_products_are_unknown(self, offices: Offices) -> None:
        """Without any product only what is for every product comes, and it says so."""
        await opened(offices)

        assert "Produk: belum diisi, jadi baru peluang untuk semua produk" in offices.sari.texts()[-1]

    async def test_says_that_it_is_off(self, offices: Offices) -> None:
        """With the topic of markets muted, or all, both screens say so; on again, the choices stand."""
        await opened(offices, sector="tenun")
        await forge(offices, offices.sari, "wish_rhythm:weekly")
        await offices.bot.says(offices.sari, "/langganan")

        off = await taps(offices, offices.sari, "✅ Pasar dan pameran")
        assert "Sedang mati" in off
        assert OPEN not in buttons(offices.sari)
        await forge(offices, offices.sari, "wish_menu:show")
        assert "Kabar peluang sedang mati" in offices.sari.texts()[-1]
        assert buttons(offices.sari) == ["⚙️ Atur langganan"]
        await taps(offices, offices.sari, "⚙️ Atur langganan", "🔕 Pasar dan pameran")
        assert "tiap Senin" in await taps(offices, offices.sari, OPEN)
        await taps(offices, offices.sari, "⚙️ Atur langganan", "🔕 Berhenti semua")
        assert "Sedang mati" in await taps(offices, offices.sari, "⚙️ Atur langganan")

    async def test_is_not_for_officers(self, offices: Offices) -> None:
        """Nobody tells officers of opportunities, so nothing is to be chosen."""
        shown = await offices.bot.says(offices.budi, "/langganan")

        assert "Kabar peluang" not in shown
        assert OPEN not in buttons(offices.budi)


class TestLists:
    async def test_switch_one_by_one(self, offices: Offices) -> None:
        """A tap makes it the other, in the same message; the same tap twice changes nothing."""
        id = await opened(offices, sector="makanan")
        await taps(offices, offices.sari, "🌏 Pasar")
        shown = offices.sari.messages()[-1]["message_id"]

        for _ in range(2):
            offices.sari.tap_data(shown, "wish_off:markets.0.JP")
            await offices.settled()

        assert "⬜ Jepang" in buttons(offices.sari)
        assert (await kept(offices, id)).markets == [one for one in kinds.markets_of(DISTRICT) if one != "JP"]
        assert offices.sari.messages()[-1]["message_id"] == shown

    async def test_become_everything_again(self, offices: Offices) -> None:
        """Whoever chooses each again hears of all, of those that will be added too; the button does it at once."""
        id = await opened(offices, sector="makanan")
        await taps(offices, offices.sari, "🏷 Jenis", "✅ Lomba", "⬜ Lomba")
        assert (await kept(offices, id)).kinds is None

        await taps(offices, offices.sari, "✅ Lomba", "🏷 Semua jenis")
        assert (await kept(offices, id)).kinds is None

    @pytest.mark.parametrize("name", ["products", "markets", "kinds"])
    async def test_are_never_empty(self, offices: Offices, name: str) -> None:
        """The last one stays: it says what would happen, and where all of it is switched off."""
        id = await opened(offices, sector="makanan")
        *others, last = wishes.options(name, DISTRICT)
        for key in [last, *others]:
            await forge(offices, offices.sari, f"wish_on:{name}.0.{key}")
        for key in others:
            await forge(offices, offices.sari, f"wish_off:{name}.0.{key}")

        assert LAST in await forge(offices, offices.sari, f"wish_off:{name}.0.{last}")

        assert getattr(await kept(offices, id), name) == [last]

    async def test_of_products_follow_the_profile(self, offices: Offices) -> None:
        """Unless others were chosen the profile's is meant; the last of it stays, and a button leads back to it."""
        id = await opened(offices, sector="makanan")
        await taps(offices, offices.sari, "🧺 Produk")
        assert "✅ Makanan dan minuman" in buttons(offices.sari)

        await taps(offices, offices.sari, "⬜ Tenun ikat dan batik", "✅ Makanan dan minuman")
        assert (await kept(offices, id)).products == ["tenun"]
        assert "(dari profil)" in await taps(offices, offices.sari, "↩️ Seperti di profil")
        assert (await kept(offices, id)).products is None

    async def test_of_kecamatan_hold_their_own(self, offices: Offices) -> None:
        """Their own is always in; further ones are chosen over pages, and may all be let go again."""
        id = await opened(offices, sector="makanan", kecamatan="Babat")
        await taps(offices, offices.sari, "🏘 Kecamatan", "🏠 Babat")
        assert await wishes_of(offices.bot, id) is None
        shown = await taps(offices, offices.sari, "Berikutnya »", "⬜ Sukodadi")

        assert "Babat (kecamatan Anda), Sukodadi" in shown
        assert "✅ Sukodadi" in buttons(offices.sari)
        assert (await kept(offices, id)).kecamatan == ["Sukodadi"]
        assert "Acara khusus kecamatan: Babat (kecamatan Anda), Sukodadi" in await taps(
            offices, offices.sari, "⬅️ Kembali"
        )
        await taps(offices, offices.sari, "🏘 Kecamatan", "Berikutnya »", "✅ Sukodadi")
        assert (await kept(offices, id)).kecamatan is None

    async def test_decide_what_comes(self, offices: Offices) -> None:
        """What was chosen is what is told: another kecamatan's event once it is followed, a market left out never."""
        id = await opened(offices, sector="makanan", kecamatan="Babat")
        await forge(offices, offices.sari, "wish_off:markets.0.JP")
        await publish(offices, title="Osaka", market="JP")
        await publish(offices, title="Bazar Sukodadi", kecamatan=["Sukodadi"])
        assert await mails_of(offices.bot, id) == []

        await forge(offices, offices.sari, "wish_on:kecamatan.0.Sukodadi")
        await told(offices)
        # What was out before comes with the walk before the weekly digest; what is new at once.
        await publish(offices, title="Lomba Sukodadi", kecamatan=["Sukodadi"])

        assert any("Lomba Sukodadi" in text for text in offices.sari.texts())
        assert not any("Osaka" in text for text in offices.sari.texts())

    @ON_SQLITE
    async def test_take_nothing_forged(self, offices: Offices) -> None:
        """What there is not to choose is refused, and nothing is kept."""
        id = await opened(offices, sector="makanan")

        for data in (
            "wish_on:products.0.zzz",
            "wish_off:products.0.zzz",
            "wish_on:markets.0.XX",
            "wish_off:kinds.0.buyers",
            "wish_on:kecamatan.0.Jakarta",
            "wish_rhythm:hourly",
            "wish_quiet:never",
            "wish:everything.0",
        ):
            assert STALE in await forge(offices, offices.sari, data)
        await forge(offices, offices.sari, "wish:kecamatan.999")  # the last page

        assert await wishes_of(offices.bot, id) is None


class TestRhythm:
    async def test_is_chosen_by_a_tap(self, offices: Offices) -> None:
        """At once, daily or weekly, with the hours of the house."""
        id = await opened(offices, sector="makanan")

        shown = await taps(offices, offices.sari, "⏰ Seberapa sering", "⬜ Sehari sekali")

        assert "Sekarang: sehari sekali pukul 08.00" in shown
        assert "Senin pukul 08.00" in shown
        assert (await kept(offices, id)).rhythm == "daily"
        assert "✅ Sehari sekali" in buttons(offices.sari)


class TestQuiet:
    async def test_is_typed(self, offices: Offices) -> None:
        """Hours of their own as people write them; what is none is refused; then none, then those of the house."""
        id = await opened(offices, sector="makanan")
        await taps(offices, offices.sari, "🌙 Jam tenang", "✍️ Jam saya sendiri")
        assert "Tulis jam tenang" in await offices.bot.says(offices.sari, "malam")
        assert buttons(offices.sari) == ["⬅️ Kembali"]

        assert "kurang dari 4 jam sehari" in await offices.bot.says(offices.sari, "06.00-05.30")
        assert await wishes_of(offices.bot, id) is None

        assert "20.00–07.30" in await offices.bot.says(offices.sari, "jam 8 malam sampai 7.30")
        assert (await kept(offices, id)).quiet == ["20.00", "07.30"]
        assert "Sekarang: tidak ada" in await taps(offices, offices.sari, "🔔 Tanpa jam tenang")
        assert (await kept(offices, id)).quiet == ["00.00", "00.00"]
        assert "21.00–06.00" in await taps(offices, offices.sari, "🏢 Jam dinas (21.00–06.00)")
        assert (await kept(offices, id)).quiet is None

    @ON_SQLITE
    async def test_that_hold_the_digest_say_so(self, offices: Offices) -> None:
        """Whose digest goes out at eight, and who is quiet until nine, reads on both screens that it comes at nine."""
        await opened(offices, sector="makanan")
        await forge(offices, offices.sari, "wish_quiet:own")
        assert "⚠️" not in await offices.bot.says(offices.sari, "22.00-09.00")

        warning = "Rangkuman pukul 08.00 jatuh di jam tenang Anda, jadi datangnya pukul 09.00"
        await forge(offices, offices.sari, "wish_rhythm:daily")
        assert warning in offices.sari.texts()[-1]
        await forge(offices, offices.sari, "wish_quiet:show")
        assert warning in offices.sari.texts()[-1]

    async def test_may_be_none_in_words(self, offices: Offices) -> None:
        """The words that the question names do it, too."""
        id = await opened(offices, sector="makanan")
        await taps(offices, offices.sari, "🌙 Jam tenang", "✍️ Jam saya sendiri")

        await offices.bot.says(offices.sari, "tanpa jam tenang")

        assert (await kept(offices, id)).quiet == ["00.00", "00.00"]

    async def test_is_left_by_tapping_on(self, offices: Offices) -> None:
        """Who goes elsewhere is not asked for hours any more: what they write next is a question."""
        await opened(offices, sector="makanan")
        await taps(offices, offices.sari, "🌙 Jam tenang", "✍️ Jam saya sendiri", "⬅️ Kembali")

        assert "Tulis jam tenang" not in await offices.bot.says(offices.sari, "cara bikin nib gimana")

    async def test_holds_back_what_falls_into_it(self, offices: Offices) -> None:
        """In their own quiet hours nothing comes; once they are over it does."""
        id = await opened(offices, sector="makanan")
        await forge(offices, offices.sari, "wish_quiet:own")
        await offices.bot.says(offices.sari, "08.00-12.00")
        await publish(offices)
        assert await mails_of(offices.bot, id) == []

        offices.clock.show("2026-11-24 12:01")
        await told(offices)

        assert len(await mails_of(offices.bot, id)) == 1
